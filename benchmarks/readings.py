"""What readers made of single rows of the comparison tables: a section of docs/quality.md from readings.csv.

Each row of readings.csv is one row of a table that a reader compared with the words it came from. ``verdict``: right;
wrong; mended (wrong at an earlier reading, and since then right or no longer made); outside (wrong at an earlier reading
and now, but not among the rows of the latest one). ``cause``: diff, alignment,
extraction, where the mistake arises. ``row``: ids of the row; ``doubtful``: true where the row itself says so. No corpus
sentence stands in the file.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

FILE = Path(__file__).with_name("readings.csv")
HEADING = "## Rows read one by one"
TABLES = ("targets_diff", "tasks_diff", "gaps")
ABOUT = """Every row of `targets_diff`, and of `tasks_diff` and `gaps` 40 each (of n rows those numbered i x n / 40, rounded down, for
i from 0 to 39), against the words of both plans. A row is right where the pair, or that there is none, the kind of
change and the numbers are; a pair is right where both ask for the same, be it in part. Rows that an earlier reading of
as many rows found wrong, and that are right since then or no longer made, are counted apart; what it found wrong and
still is stands at the end of the list.
"""

Reading = dict[str, str]


def load() -> list[Reading]:
    """The readings in the file's order."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def section() -> list[str]:
    """The lines of the section: counts by pair of plans and table, then the wrong rows with the reason."""
    rows = load()
    dates = sorted({r["date"] for r in rows})
    lines = [HEADING, "", ABOUT, f"Read on {' and '.join(dates)}.", ""]
    lines += ["| plans | table | read | right | wrong | wrong ones marked doubtful | wrong before, mended |"]
    lines += ["|---" * 7 + "|", *(_counted(rows, pair, table) for pair in _pairs(rows) for table in TABLES), ""]
    lines += ["Wrong, by where the mistake arises:", ""]
    wrong = [r for verdict in ("wrong", "outside") for r in rows if r["verdict"] == verdict]
    lines += [f"- {cause} {n}" for cause, n in sorted(Counter(r["cause"] for r in wrong).items())]
    lines += ["", "| table | row | cause | why it is wrong | marked doubtful |", "|---|---|---|---|---|"]
    for r in wrong:
        said = "yes" if r["doubtful"] == "true" else ""
        lines.append(f"| {r['table']} | {_ids(r['row'])} | {r['cause']} | {r['reason']} | {said} |")
    return [*lines, ""]


def _pairs(rows: list[Reading]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((r["left_plan"], r["right_plan"]) for r in rows))


def _counted(rows: list[Reading], pair: tuple[str, str], table: str) -> str:
    own = [r for r in rows if (r["left_plan"], r["right_plan"]) == pair and r["table"] == table]
    n = Counter(r["verdict"] for r in own)
    doubtful = sum(r["verdict"] == "wrong" and r["doubtful"] == "true" for r in own)
    cells = [" / ".join(pair), table, n["right"] + n["wrong"], n["right"], n["wrong"], doubtful, n["mended"]]
    return "| " + " | ".join(map(str, cells)) + " |"


def _ids(row: str) -> str:
    return ", ".join(f"`{part}`" for part in row.split("|") if part)


def into(page: Path) -> None:
    """Puts the section into a written page, in the place of its last version or before the page's last section."""
    text = page.read_text(encoding="utf-8")
    parts = text.split("\n## ")
    own = HEADING.removeprefix("## ")
    kept = [p for p in parts if not p.startswith(own)]
    made = "\n".join(section()).removeprefix("## ")
    page.write_text("\n## ".join([*kept[:-1], made, kept[-1]]), encoding="utf-8")
