"""How fast the commands are, the process start included; ratios where there is something to compare with.

python benchmarks/speed.py

Parses the five full texts where they are at hand, else the editions, and compares two of them. Each figure is the
median of five runs. Limits: parsing five documents 1.5 s, comparing two 3 s, ``--help`` 1.5 times an import of click.
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


def seconds(*command: str) -> float:
    """The median wall-clock time of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    folder = gold.CORPUS if gold.CORPUS.is_dir() else gold.ROOT / "data" / "editions"
    plans = [str(p) for p in sorted(folder.glob("*.txt"))]
    two = (next(p for p in plans if "2025-c" in p), next(p for p in plans if "son-la" in p))
    with tempfile.TemporaryDirectory() as out:
        click = seconds(sys.executable, "-c", "import click")
        help_ = seconds(str(PLANDIFF), "--help")
        parse = seconds(str(PLANDIFF), "parse", *plans, "-o", f"{out}/tables")
        tables = seconds(str(PLANDIFF), "compare", *two, "--no-figures", "-o", f"{out}/tables-only")
        full = seconds(str(PLANDIFF), "compare", *two, "-o", f"{out}/full")
    size = sum(Path(p).stat().st_size for p in plans) / 1e6
    print(f"plandiff --help: {help_ / click:.2f} times `python -c 'import click'` (limit 1.5)")
    print(f"parse {len(plans)} documents ({size:.2f} MB): {parse:.2f} s (limit 1.5)")
    print(f"compare two, tables and workbook: {tables:.2f} s (limit 3)")
    print(f"compare two, with figures and report: {full:.2f} s")


if __name__ == "__main__":
    main()
