"""How fast the commands are, the process start included; ratios where there is something to compare with.

python benchmarks/speed.py

Parses the five full texts where they are at hand, else the editions, and compares two of them. Each figure is the
median of five runs. Limits: parsing five documents 1.5 s, comparing two 3 s, all figures of two in three formats 6 s,
what a notebook adds to reading and aligning (imports, displays) 1 s, ``--help`` 1.5 times an import of click; reading text
with everything on, once the lexicons are there, 1 MB a second on one core.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import gold

PLANDIFF = Path(sys.executable).with_name("plandiff")


# What a notebook does besides reading and aligning: imports, and the displays of plans, pairs and tables.
NOTEBOOK = """
import sys, time
start = time.perf_counter()
import pandas, compare as pc
from compare import show
pc.read_plan, pc.align
added = time.perf_counter() - start
pairs = pc.align(*map(pc.read_plan, sys.argv[1:]))
pc.diff.themes, pc.figures.theme_bars
start = time.perf_counter()
shown = [pairs.left, pairs.right, pairs, *(show(getattr(pairs.left, t)) for t in ("tasks", "assignments", "targets"))]
shown += [show(pairs.accepted), show(pairs.frame), show(pairs.queue())]
assert all(thing._repr_html_() for thing in shown)
print(added + time.perf_counter() - start)
"""


def added(*plans: str) -> float:
    """The median seconds that a notebook on two plans adds, of five."""
    runs = [subprocess.run([sys.executable, "-c", NOTEBOOK, *plans], check=True, capture_output=True) for _ in range(5)]
    return statistics.median(float(r.stdout) for r in runs)


def seconds(*command: str) -> float:
    """The median wall-clock time of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def megabytes_a_second(plans: list[str]) -> float:
    """How fast texts are read in a process that has read some: the best of five rounds, in processor time."""
    from compare.pipeline import parse
    from compare.records import Document

    texts = [Path(p).read_text(encoding="utf-8") for p in plans]
    times = []
    for _ in range(6):
        start = time.process_time()
        for text in texts:
            parse(Document("plan.txt", text, "text", ""))
        times.append(time.process_time() - start)
    return sum(len(text.encode()) for text in texts) / 1e6 / min(times[1:])


def main() -> None:
    folder = gold.CORPUS if gold.CORPUS.is_dir() else gold.ROOT / "data" / "editions"
    plans = [str(p) for p in sorted(folder.glob("*.txt"))]
    two = (next(p for p in plans if "2025-c" in p), next(p for p in plans if "son-la" in p))
    with tempfile.TemporaryDirectory() as out:
        click = seconds(sys.executable, "-c", "import click")
        help_ = seconds(str(PLANDIFF), "--help")
        parse = seconds(str(PLANDIFF), "parse", *plans, "-o", f"{out}/tables")
        tables = seconds(str(PLANDIFF), "compare", *two, "--no-figures", "-o", f"{out}/tables-only")
        drawn = seconds(str(PLANDIFF), "figures", *two, "-o", f"{out}/figures")
        full = seconds(str(PLANDIFF), "compare", *two, "-o", f"{out}/full")
    size = sum(Path(p).stat().st_size for p in plans) / 1e6
    print(f"plandiff --help: {help_ / click:.2f} times `python -c 'import click'` (limit 1.5)")
    print(f"parse {len(plans)} documents ({size:.2f} MB): {parse:.2f} s (limit 1.5)")
    print(f"read text: {megabytes_a_second(plans):.2f} MB/s (limit 1)")
    print(f"compare two, tables and workbook: {tables:.2f} s (limit 3)")
    print(f"compare two, with figures and report: {full:.2f} s")
    print(f"all figures of two, as SVG, PNG and PDF: {drawn:.2f} s (limit 6)")
    print(f"what a notebook adds: {added(*two):.2f} s (limit 1)")


if __name__ == "__main__":
    main()
