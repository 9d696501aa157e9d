"""When tasks fall due: a row per plan and year, a column per month."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from compare.figures.grid import grid
from compare.figures.sheet import Row, Sheet, plan_head, records, styled
from compare.wording import number, plan_name, word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS = 36  # a page full; then the months stand again


@styled
def deadline_calendar(tasks: Any, *, lang: str = "en", note: str = "") -> Figure:
    """Number of tasks due in each month, a row per plan and year; an interval counts in its last month, and a task
    with further deadlines in the month of each.

    ``tasks``: the tasks frame of one or several plans, a sequence of such frames, or of plans that have ``.tasks``.
    Recurring and unspecified deadlines have no month and are not counted.
    """
    columns = ("plan_id", "year", "month", "tasks")
    rows = records(tasks, "tasks")
    sheet = Sheet(lang, word("figure", "calendar_title", lang), word("figure", "calendar_how", lang))
    due = Counter(found for r in rows for found in _months(r))
    plans = list(dict.fromkeys(str(r["plan_id"]) for r in rows))
    years = [(p, y) for p in plans for y in sorted({year for plan, year, _ in due if plan == p})]
    undated = [plan_name(p, lang) for p in plans if not _dated(p, rows)]
    notes = [word("figure", "calendar_undated", lang, plans="; ".join(undated)) if undated else "", note]
    if not due:
        return sheet.empty(columns, notes)
    labels = [_label(p, y, years, rows, due, lang) for p, y in years]
    cells = [[float(due[p, y, m]) for m in range(1, 13)] for p, y in years]
    months, top = word("figure", "months", lang).split(";"), max(map(max, cells))
    for n in range(0, len(labels), _ROWS):
        sheet.y += 0.1 if n else 0
        rows_here = slice(n, n + _ROWS)
        grid(sheet, labels[rows_here], months, cells[rows_here], lambda v: number(v, lang, 0), level=True, top=top)
    data: list[Row] = [
        {"plan_id": p, "year": y, "month": m, "tasks": due[p, y, m]}
        for p, y in years
        for m in range(1, 13)
        if due[p, y, m]
    ]
    return sheet.finish(data, columns, notes)


def _months(r: Row) -> list[tuple[str, int, int]]:
    """The plan, year and month of each deadline of a task, each month once."""
    first = "" if r["due_kind"] == "recurring" else str(r["due_end"] or r["due_start"])
    further = [part.split("|") for part in str(r.get("due_more") or "").split(";") if part.count("|") == 2]
    days = [first, *(end or start for _, start, end in further)]
    return list(dict.fromkeys((str(r["plan_id"]), int(day[:4]), int(day[5:7])) for day in days if day))


def _dated(plan: str, rows: list[Row]) -> int:
    """How many tasks of a plan have a month."""
    return sum(r["plan_id"] == plan and bool(_months(r)) for r in rows)


def _label(
    plan: str, year: int, years: list[tuple[str, int]], rows: list[Row], due: Counter[tuple[str, int, int]], lang: str
) -> str:
    """Plan and year; in the plan's first row also how many of its tasks have a date."""
    label = f"{plan_head(plan, lang)}: {year}"
    if next(y for p, y in years if p == plan) != year:
        return label
    total = sum(r["plan_id"] == plan for r in rows)
    return f"{label}\n{word('figure', 'calendar_dated', lang, n=_dated(plan, rows), total=total)}"
