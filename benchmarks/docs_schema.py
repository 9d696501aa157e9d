"""Writes docs/tables/schema.json: a JSON Schema (2020-12) of the tables as ``--format json`` writes them.

Columns, and which of them hold numbers, come from compare/frames.py; what a column means from the lexicon of
headings; closed sets of values from the modules that produce them. Run it after a change to any of these:
python benchmarks/docs_schema.py
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compare import review, wording
from compare.comparison import COLUMNS
from compare.diff.gaps import ORDER as GAPS
from compare.diff.history import CHANGES, STATED
from compare.diff.statements import CHANGES as STATEMENT_CHANGES
from compare.diff.statements import KINDS
from compare.frames import EVIDENCE, HISTORY_TABLES, PARSE_TABLES, frame
from compare.lexicon import taxonomy
from compare.tables import write
from compare.tables.headings import TABLES, explanation

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "tables" / "schema.json"
CONTRACT = {**PARSE_TABLES, **COLUMNS, **HISTORY_TABLES}

# Numbers that are always whole; ``year`` is one although frames keeps it as it stands, for it may be unknown.
WHOLE = {"start", "end", "page", "level", "n_chars", "n_sections", "n_tasks", "left_count", "right_count", "year"}
WHOLE |= {
    "first_year",
    "last_year",
    "from_year",
    "to_year",
    "last_seen",
    "n_left",
    "n_right",
    "named_start",
    "named_end",
}
WHOLE |= {*CHANGES, "n_doubtful"}
SHARES = {"coverage", "score", "probability", "left_share", "right_share", *EVIDENCE}  # from 0 to 1
DATES = {"issued_on", "period_start", "period_end", "due_start", "due_end"}
PARTS = ("preamble", "body", "annex", "closing")
LANGUAGES = ("vi", "en", "sv")
COMPARATORS = (">=", "<=", "~", "=", "range")
SECTORS = tuple(taxonomy())
# What a column may hold: under its own name for all tables that have it, or under (table, column).
VALUES: dict[str | tuple[str, str], Sequence[str]] = {
    "language": LANGUAGES,
    "format": ("text", "markdown", "html", "docx", "pdf"),
    "part": PARTS,
    "sector": SECTORS,
    "role": ("lead", "coordinate"),
    "due_kind": ("report", "complete", "period", "recurring", "unspecified"),
    "comparator": COMPARATORS,
    "left_comparator": COMPARATORS,
    "right_comparator": COMPARATORS,
    "relation": [r for r in review.RELATIONS if r],
    "decision": review.DECISIONS,
    "gap": GAPS,
    "ambition": wording.values_of("ambition"),
    "lead_change": wording.values_of("lead_change"),
    "due_change": wording.values_of("due_change"),
    ("tasks", "kind"): ("task", "finding"),
    ("themes", "kind"): KINDS,
    ("alignment", "kind"): ("task", "target", "theme"),
    ("targets_diff", "change"): ("raised", "lowered", "same", "rephrased", "dropped", "added", "incomparable"),
    ("statements_diff", "kind"): KINDS,
    ("statements_diff", "change"): STATEMENT_CHANGES,
    ("history", "latest"): (STATED, *CHANGES),
    ("history_steps", "change"): CHANGES,
    ("tasks_diff", "change"): ("kept", "narrowed", "widened", "rescheduled", "reassigned", "dropped", "added"),
}
# Columns that are never empty; every other one is null where the plan says nothing.
FILLED = {
    "plans": ("plan_id", "doc_type", "source", "format", "sha256", "n_chars", "n_sections", "n_tasks", "coverage"),
    "sections": ("plan_id", "section_id", "level", "part", "start", "end"),
    "tasks": ("plan_id", "task_id", "part", "kind", "text", "start", "end"),
    "assignments": ("plan_id", "task_id", "role", "agency_id", "agency_now", "agency_text", "inherited", "start", "end"),
    "targets": ("plan_id", "target_id", "comparator", "value", "text", "start", "end"),
    "themes": ("plan_id", "theme_id", "kind", "text", "start", "end"),
    "references": ("plan_id", "number", "start", "end"),
    "warnings": ("plan_id", "code", "message", "start", "end"),
    "alignment": ("left_plan", "right_plan", "kind", "accepted"),
    "themes_diff": tuple(COLUMNS["themes_diff"]),
    "terms_diff": ("concept_id", "left_count", "left_share", "right_count", "right_share", "share_difference", "log_odds", "z"),
    "statements_diff": ("kind", "change"),
    "targets_diff": ("change",),
    "tasks_diff": ("change",),
    "gaps": ("gap", "plan_id", "detail", "words"),
    "history": ("group_id", "years", "first_year", "last_year", "changes", "latest", "n_tasks", "first_id", "last_id"),
    "history_steps": ("group_id", "from_year", "to_year", "change", "n_left", "n_right"),
    "history_sectors": ("from_year", "to_year", *CHANGES),
}  # fmt: skip


def schema() -> dict[str, Any]:
    """The schema: ``$defs`` holds one for each table (an array of rows); the whole is an object of tables by name."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The tables of plandiff",
        "description": "A file of one table is valid against #/$defs/<table>. Empty cells are null. Columns may be "
        "added in later versions, none goes; lists are strings joined with a semicolon.",
        "type": "object",
        "properties": {name: {"$ref": f"#/$defs/{name}"} for name in CONTRACT},
        "$defs": {name: table(name, columns) for name, columns in CONTRACT.items()},
    }


def table(name: str, columns: Sequence[str]) -> dict[str, Any]:
    """The schema of one table: an array of rows, each with all of its columns."""
    kinds = kinds_of(columns)
    return {
        "description": explanation(TABLES, name, "en"),
        "type": "array",
        "items": {
            "type": "object",
            "properties": {c: column(name, c, kinds[c]) for c in columns},
            "required": list(columns),
        },
    }


def kinds_of(columns: Sequence[str]) -> dict[str, str]:
    """number, truth or text for each column, by what frames makes of an empty row."""
    empty = frame([dict.fromkeys(columns, "")], columns)
    return {c: {"f": "number", "b": "truth"}.get(empty[c].dtype.kind, "text") for c in columns}


def column(name: str, c: str, kind: str) -> dict[str, Any]:
    """The schema of one cell. As in the JSON files; CSV writes the truth values as words."""
    allowed = VALUES.get((name, c)) or VALUES.get(c)
    basic = "integer" if c in WHOLE else {"number": "number", "truth": "boolean"}.get(kind, "string")
    filled = c in FILLED[name]
    result: dict[str, Any] = {"description": explanation(name, c, "en"), "type": basic if filled else [basic, "null"]}
    if allowed:
        result["enum"] = [*allowed] if filled else [*allowed, None]
    if c in DATES:
        result["pattern"] = r"^\d{4}-\d{2}-\d{2}$"
    if c in SHARES:
        result |= {"minimum": 0, "maximum": 1}
    return result


def content() -> str:
    """The file's text."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    write(TARGET, content())
    print(f"{len(CONTRACT)} tables in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
