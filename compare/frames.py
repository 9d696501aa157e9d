"""Records to tables and back: the one place that knows the column names (a contract; see docs/tables).

pandas is imported when a frame is first asked for; writing CSV needs none of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from compare.coverage import coverage
from compare.records import Match, Plan

if TYPE_CHECKING:
    import pandas as pd

PLANS = [
    "plan_id",
    "title",
    "doc_type",
    "number",
    "issuer",
    "province",
    "issued_on",
    "period_start",
    "period_end",
    "year",
    "signer",
    "language",
    "source",
    "format",
    "sha256",
    "n_chars",
    "n_sections",
    "n_tasks",
    "coverage",
]
SECTIONS = ["plan_id", "section_id", "parent_id", "level", "marker", "heading", "part", "start", "end", "page"]
TASKS = [
    "plan_id",
    "task_id",
    "section_id",
    "part",
    "kind",
    "text",
    "language",
    "start",
    "end",
    "product",
    "due_text",
    "due_start",
    "due_end",
    "due_kind",
    "sector",
    "sector_evidence",
    "sectors",
    "action",
    "cites",
    "due_more",
    "page",
]
ASSIGNMENTS = [
    "plan_id",
    "task_id",
    "role",
    "agency_id",
    "agency_now",
    "agency_text",
    "inherited",
    "start",
    "end",
    "page",
]
TARGETS = [
    "plan_id",
    "target_id",
    "section_id",
    "indicator_id",
    "indicator_text",
    "comparator",
    "value",
    "value_max",
    "unit",
    "period",
    "baseline",
    "text",
    "start",
    "end",
    "page",
]
THEMES = ["plan_id", "theme_id", "kind", "text", "sector", "start", "end", "page"]
REFERENCES = ["plan_id", "section_id", "task_id", "number", "doc_type", "issuer", "issued_on", "start", "end", "page"]
WARNINGS = ["plan_id", "code", "message", "start", "end", "page"]
ALIGNMENT = [
    "left_plan",
    "left_id",
    "right_plan",
    "right_id",
    "kind",
    "relation",
    "score",
    "probability",
    "accepted",
    "evidence",
    "text_similarity",
    "term_similarity",
    "sector_match",
    "agency_match",
    "reference_match",
    "number_match",
    "place_match",
    "decision",
    "reviewer",
    "note",
]
# How much of each side something makes up, and whether the difference is more than chance
_WEIGHED = ["left_count", "left_share", "right_count", "right_share", "share_difference", "log_odds", "z"]
THEMES_DIFF = ["sector", *_WEIGHED]
TERMS_DIFF = [
    "concept_id",
    "label",
    "label_en",
    "sector",
    *_WEIGHED,
    "left_id",
    "right_id",
]
STATEMENTS_DIFF = [
    "kind",
    "change",
    "left_text",
    "right_text",
    "probability",
    "doubtful",
    *_WEIGHED,
    "left_id",
    "right_id",
]
TARGETS_DIFF = [
    "indicator_id",
    "indicator_text",
    "change",
    "left_value",
    "left_value_max",
    "left_comparator",
    "left_unit",
    "left_period",
    "right_value",
    "right_value_max",
    "right_comparator",
    "right_unit",
    "right_period",
    "difference",
    "ratio",
    "left_id",
    "right_id",
    "ambition",
    "decision",
    "named_id",
    "named_start",
    "named_end",
]
TASKS_DIFF = [
    "change",
    "sector",
    "left_id",
    "right_id",
    "left_text",
    "right_text",
    "probability",
    "lead_left",
    "lead_right",
    "lead_change",
    "due_left",
    "due_right",
    "due_change",
    "decision",
    "doubtful",
    "leads_added",
    "leads_removed",
    "word_diff",
]
GAPS = [
    "gap",
    "plan_id",
    "task_id",
    "sector",
    "agency_id",
    "detail",
    "counterpart_id",
    "start",
    "end",
    "doubtful",
    "probability",
    "words",
]

HISTORY = [
    "province",
    "group_id",
    "label",
    "sector",
    "years",
    "first_year",
    "last_year",
    "changes",
    "latest",
    "doubtful",
    "n_tasks",
    "first_id",
    "last_id",
    "last_text",
]
HISTORY_STEPS = [
    "province",
    "group_id",
    "label",
    "sector",
    "from_year",
    "to_year",
    "change",
    "last_seen",
    "left_id",
    "right_id",
    "left_text",
    "right_text",
    "n_left",
    "n_right",
    "probability",
    "doubtful",
    "lead_left",
    "lead_right",
    "lead_change",
    "leads_added",
    "leads_removed",
    "due_left",
    "due_right",
    "due_change",
]
HISTORY_SECTORS = [
    "province",
    "sector",
    "from_year",
    "to_year",
    "kept",
    "narrowed",
    "widened",
    "rescheduled",
    "reassigned",
    "resumed",
    "dropped",
    "added",
    "n_doubtful",
]

PARSE_TABLES = {
    "plans": PLANS,
    "sections": SECTIONS,
    "tasks": TASKS,
    "assignments": ASSIGNMENTS,
    "targets": TARGETS,
    "themes": THEMES,
    "references": REFERENCES,
    "warnings": WARNINGS,
}
# What becomes of tasks over the years of a province.
HISTORY_TABLES = {"history": HISTORY, "history_steps": HISTORY_STEPS, "history_sectors": HISTORY_SECTORS}
# Columns of the alignment that hold one piece of evidence each.
EVIDENCE = {
    "text_similarity": "text",
    "term_similarity": "terms",
    "sector_match": "sector",
    "agency_match": "agency",
    "reference_match": "references",
    "number_match": "numbers",
    "place_match": "places",
}

Row = dict[str, Any]


def cell(value: Any) -> Any:
    """A record's field as a table's cell: lists joined with ``;``, None and NaN empty, whole floats as integers."""
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return ";".join(str(v).replace(";", ",") for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value


def rows(plan_id: str, records: Iterable[Any], columns: Sequence[str], pages: Sequence[int] = ()) -> list[Row]:
    """One row a record, with the plan's id in front; ``pages`` are where the text's pages begin, if it has any."""
    given = {"plan_id", "page"}
    return [
        {c: cell(getattr(r, c)) for c in columns if c not in given}
        | {"plan_id": plan_id, "page": page_of(r.start, pages)}
        for r in records
    ]


def page_of(start: int, pages: Sequence[int]) -> int | str:
    """The page (from 1) on which a span begins; empty for a text without pages."""
    return bisect_right(pages, start) or 1 if pages else ""


def plan_row(plan: Plan) -> Row:
    """The row of ``plans``: ``coverage`` is the share of the text (white space aside) that a record accounts for."""
    meta = {c: cell(getattr(plan.metadata, c)) for c in PLANS if hasattr(plan.metadata, c)}
    return {
        **dict.fromkeys(PLANS, ""),
        "plan_id": plan.plan_id,
        **meta,
        "source": plan.document.source,
        "format": plan.document.format,
        "sha256": plan.document.sha256,
        "n_chars": len(plan.text),
        "n_sections": len(plan.sections),
        "n_tasks": len(plan.tasks),
        "coverage": round(coverage(plan), 4),
    }


def parse_rows(plans: Sequence[Plan]) -> dict[str, list[Row]]:
    """All tables of what plans say: name -> rows."""
    tables: dict[str, list[Row]] = {"plans": [plan_row(p) for p in plans]}
    for name, columns in PARSE_TABLES.items():
        if name != "plans":
            tables[name] = [row for p in plans for row in rows(p.plan_id, getattr(p, name), columns, p.document.pages)]
    return tables


def frame(table: Iterable[Row], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a DataFrame with exactly ``columns``; empty cells of numeric columns become NaN.

    A notebook shows it as ``compare.show`` does.
    """
    import pandas as pd

    from compare.display import readable

    result = pd.DataFrame(list(table), columns=list(columns))
    for c in result.columns:
        if c in _NUMERIC:
            result[c] = pd.to_numeric(result[c], errors="coerce")
        elif c in TRUTH:
            result[c] = result[c].map(lambda v: v in (True, "true"))
    return readable(result)


_NUMERIC = {
    "start", "end", "value", "value_max", "score", "probability", "left_count", "left_share", "right_count", "right_share",
    "share_difference", "log_odds", "z", "left_value", "left_value_max", "right_value", "right_value_max", "difference", "ratio",
    "text_similarity", "term_similarity", "sector_match", "agency_match", "reference_match", "number_match", "place_match",
    "named_start", "named_end", "first_year", "last_year", "from_year", "to_year", "last_seen", "n_left", "n_right",
    "kept", "narrowed", "widened", "rescheduled", "reassigned", "resumed", "dropped", "added", "n_doubtful",
    "page", "year", "n_chars", "n_sections", "n_tasks", "coverage", "level",
}  # fmt: skip
# Columns of true and false.
TRUTH = frozenset({"accepted", "inherited", "doubtful"})


def match_rows(matches: Iterable[Match], left_plan: str, right_plan: str) -> list[Row]:
    """The alignment's rows. A pair's evidence columns are values from 0 to 1, empty where neither side has any."""
    table = []
    for m in matches:
        row: Row = {c: cell(getattr(m, c, "")) for c in ALIGNMENT}
        values = {e.name: e.value for e in m.evidence}
        row |= {"left_plan": left_plan, "right_plan": right_plan, "accepted": cell(m.accepted)}
        row["evidence"] = "; ".join(f"{e.name}: {', '.join(e.words)}" for e in m.evidence if e.words)
        row |= {column: round(values[name], 4) if name in values else "" for column, name in EVIDENCE.items()}
        if not (m.left_id and m.right_id):
            row |= {"score": "", "probability": ""}
        table.append(row)
    return table
