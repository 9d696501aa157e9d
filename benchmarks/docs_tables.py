"""Writes docs/tables/*.md: every table's columns, their meaning in both languages, and an example row.

Headings and explanations come from compare/lexicons/headings.csv; examples from the editions, so that they change with
the parser. Run it after a change to the lexicon: python benchmarks/docs_tables.py
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

from compare import review
from compare.chronicle import follow
from compare.comparison import Comparison
from compare.frames import parse_rows
from compare.matrix import matrix
from compare.pipeline import read_plans
from compare.records import Alignment
from compare.tables import write
from compare.tables.cells import clipped, one_line
from compare.tables.headings import TABLES, documented, explanation, heading, table_heading
from compare.tables.text import escaped

ROOT = Path(__file__).resolve().parent.parent
EDITIONS = Path("data") / "editions"
# The two that share targets, so that the comparison's examples have both sides.
LEFT, RIGHT = EDITIONS / "thanh-hoa-2021-qd-2999.txt", EDITIONS / "thanh-hoa-2025-kh-63.txt"
WRITTEN_BY = {
    "alignment": "plandiff align LEFT RIGHT",
    "themes_diff": "plandiff diff themes LEFT RIGHT",
    "terms_diff": "plandiff diff terms LEFT RIGHT",
    "statements_diff": "plandiff diff statements LEFT RIGHT",
    "targets_diff": "plandiff diff targets LEFT RIGHT",
    "tasks_diff": "plandiff diff tasks LEFT RIGHT",
    "gaps": "plandiff diff gaps LEFT RIGHT, plandiff gaps PLAN...",
    "review": "plandiff review queue LEFT RIGHT -o FILE",
    "decisions": "plandiff review apply LEFT RIGHT FILE",
    "explanation": "plandiff explain LEFT RIGHT LEFT_ID RIGHT_ID",
    "history": "plandiff history PLAN...",
    "history_steps": "plandiff history PLAN... --by step",
    "history_sectors": "plandiff history PLAN... --by sector",
    "coverage": "plandiff matrix PLAN... -o DIR",
    "members": "plandiff matrix PLAN... -o DIR",
    "sector_counts": "plandiff matrix PLAN... -o DIR",
    "indicator_values": "plandiff matrix PLAN... -o DIR",
    "gap_counts": "plandiff matrix PLAN... -o DIR",
}
LONGEST = 80  # characters of an example
INTRODUCTION = """# The tables

Column names are a contract: more may be added, none goes. CSV and JSON files hold the names and values below whatever
the language; headings and numbers follow the language in Markdown, LaTeX, HTML, the workbook and the terminal.

- `start` and `end` are indices into the plan's text, so that `text[start:end]` shows what a row was read from.
- Ids are a plan's, its sections' (`/`) and the count of the item there (`#1`). A `~2` tells the second section of one
  name in a plan, or the second of two plans that would have one id, from the first.
- An empty cell (null in JSON) means unknown or not stated. Lists are joined with `;`. Dates are year-month-day.
- [`schema.json`](schema.json) is a JSON Schema of the tables that `parse`, `align`, `diff`, `gaps` and `history` write as JSON.

| table | holds | bảng |
| --- | --- | --- |
"""


def examples() -> dict[str, dict[str, Any]]:
    """For each table the row of the editions with most cells filled, the first of several."""
    with chdir(ROOT):  # the paths in the examples are relative to the project
        plans = read_plans(sorted(EDITIONS.glob("*.txt")))
        found = Comparison.of(LEFT, RIGHT)
        groups = matrix(plans)
        years = follow(plans).rows
        tables = {
            **parse_rows(plans),
            **found.rows,
            **years,
            "coverage": groups.coverage(),
            "sector_counts": groups.sector_counts(),
            "indicator_values": groups.indicator_values(),
            "gap_counts": groups.gap_counts(),
            "members": groups.members(),
        }
        tables |= reviewed(found.pairs)
    return {name: max(rows, key=filled, default={}) for name, rows in tables.items()}


def reviewed(pairs: Alignment) -> dict[str, list[dict[str, Any]]]:
    """The rows that explain a pair, ask a reviewer for a decision, and hold one."""
    best = max(pairs.accepted(), key=lambda m: (m.probability, m.left_id))
    words = {t.task_id: t.text for p in (pairs.left, pairs.right) for t in p.tasks}
    texts = {"left_text": words[best.left_id], "right_text": words[best.right_id]}
    asked = {"left_id": best.left_id, "right_id": best.right_id, **texts, "probability": best.probability}
    made = review.decide(pairs, best.left_id, best.right_id, "accepted", reviewer="an", date="2026-01-15")
    evidence = [
        {"name": e.name, "value": e.value, "log_odds": e.log_odds, "words": "; ".join(e.words)} for e in best.evidence
    ]
    return {"review": [asked], "decisions": [dict(review.to_row(made))], "explanation": evidence}


def filled(row: Mapping[str, Any]) -> int:
    return sum(value != "" for value in row.values())


def page(name: str, columns: tuple[str, ...], example: Mapping[str, Any]) -> str:
    """The page of one table."""
    english = [
        f"| `{c}` | {escaped(heading(name, c, 'en'))} | {escaped(explanation(name, c, 'en'))} | {shown(example.get(c, ''))} |"
        for c in columns
    ]
    vietnamese = [
        f"| `{c}` | {escaped(heading(name, c, 'vi'))} | {escaped(explanation(name, c, 'vi'))} |" for c in columns
    ]
    lines = [
        f"# {table_heading(name, 'en')} (`{name}`)",
        "",
        f"{escaped(explanation(TABLES, name, 'en'))} Written by `{WRITTEN_BY.get(name, 'plandiff parse PLAN... -o DIR')}`.",
        "",
        "| column | heading | meaning | example |",
        "| --- | --- | --- | --- |",
        *english,
        "",
        f"## {table_heading(name, 'vi')}",
        "",
        escaped(explanation(TABLES, name, "vi")),
        "",
        "| cột | tiêu đề | ý nghĩa |",
        "| --- | --- | --- |",
        *vietnamese,
    ]
    return "\n".join(lines) + "\n"


def shown(value: Any) -> str:
    """A raw value on one line, cut where it is long."""
    text, rest = clipped(one_line(str(value)), LONGEST)
    return escaped(text) + (" …" if rest else "")


def contents() -> str:
    """The page that lists the tables."""
    return INTRODUCTION + "".join(
        f"| [`{name}`]({name}.md) | {escaped(explanation(TABLES, name, 'en'))} | {table_heading(name, 'vi')} |\n"
        for name in documented()
    )


def main() -> None:
    found = examples()
    folder = ROOT / "docs" / "tables"
    write(folder / "README.md", contents())
    for name, columns in documented().items():
        write(folder / f"{name}.md", page(name, columns, found.get(name, {})))
    print(f"{len(documented()) + 1} pages in {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
