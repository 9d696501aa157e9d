"""Tables for readers: names in the place of codes and ids of bodies, in either language; values, and columns, stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from compare.tables.table import Table
from compare.wording import (
    agency_name,
    change_name,
    day,
    detail_name,
    gap_kind,
    plan_name,
    sector_name,
    value_name,
    word,
)

Row = Mapping[str, Any]
Named = Callable[[Table, Row, str, str], str]


def for_readers(table: Table, lang: str) -> Table:
    """The table with its codes put in words."""
    columns = [c for c in table.columns if c in _NAMED]
    return replace(table, rows=tuple({**row, **_row(table, row, columns, lang)} for row in table.rows))


def short_ids(table: Table) -> Table:
    """The table whose ids lack the ids of its plans in front, as commands take them too."""
    columns = [c for c in table.columns if c.endswith("_id") and c != "plan_id"]
    rows = ({**row, **{c: _short(row[c], table.plans) for c in columns if row.get(c)}} for row in table.rows)
    return replace(table, rows=tuple(rows)) if table.plans else table


def _short(item: object, plans: tuple[str, ...]) -> str:
    plan, _, rest = str(item).partition("/")
    return rest if rest and plan in plans else str(item)


def _row(table: Table, row: Row, columns: list[str], lang: str) -> dict[str, str]:
    return {c: _NAMED[c](table, row, c, lang) for c in columns if isinstance(row.get(c), str) and row[c]}


def _change(table: Table, row: Row, column: str, lang: str) -> str:
    name = change_name(row[column], lang, table.plans, column)
    doubtful = column == "change" and row.get("doubtful") in (True, "true")
    return word("report", "perhaps", lang, change=name) if doubtful else name


def _changes(table: Table, row: Row, column: str, lang: str) -> str:
    """ "2021 stated;2023 kept" in words."""
    steps = (step.partition(" ") for step in row[column].split(";"))
    return "; ".join(f"{year} {value_name('change', change, lang)}" for year, _, change in steps)


def _listed(call: Callable[[str, str], str]) -> Named:
    return lambda table, row, column, lang: "; ".join(call(part, lang) for part in row[column].split(";"))


def _coded(group: str) -> Named:
    return lambda table, row, column, lang: value_name(group, row[column], lang)


def _kind(table: Table, row: Row, column: str, lang: str) -> str:
    group = "statement" if table.name in ("themes", "statements_diff") else column
    return value_name(group, row[column], lang)


def _plan(table: Table, row: Row, column: str, lang: str) -> str:
    return plan_name(row[column], lang) if table.name == "gaps" else str(row[column])


_NAMED: dict[str, Named] = {
    **dict.fromkeys(("change", "lead_change", "due_change"), _change),
    **dict.fromkeys(("sector", "sectors"), _listed(sector_name)),
    **dict.fromkeys(
        ("agency_id", "agency_now", "lead_left", "lead_right", "leads_added", "leads_removed"), _listed(agency_name)
    ),
    **dict.fromkeys(("unit", "left_unit", "right_unit"), _coded("unit")),
    **{c: _coded(c) for c in ("relation", "ambition", "doc_type", "decision")},
    **dict.fromkeys(
        ("issued_on", "due_start", "due_end", "due_left", "due_right"),
        lambda table, row, column, lang: day(row[column], lang),
    ),
    "latest": _coded("change"),
    "changes": _changes,
    "kind": _kind,
    "plan_id": _plan,
    "gap": lambda table, row, column, lang: value_name("gap", gap_kind(row), lang),
    "detail": lambda table, row, column, lang: detail_name(row[column], lang),
}
