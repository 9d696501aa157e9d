"""Tables in a terminal: the columns worth reading, as many as its width holds, long texts wrapped and then cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from compare.tables.cells import clipped, is_numeric, number, one_line, shown
from compare.tables.headings import heading, word
from compare.tables.readers import for_readers, short_ids
from compare.tables.table import Table, plain
from compare.wording import target_value

if TYPE_CHECKING:
    from rich.console import Console

# In the order in which they are shown, and in which they give way (the last first) where the terminal is narrow.
_WORTH_READING = {
    "plans": "plan_id title issuer issued_on n_tasks coverage n_sections language source",
    "sections": "section_id heading level part",
    "tasks": "task_id text sector due_text due_end product kind",
    "assignments": "task_id role agency_text agency_id agency_now inherited",
    "targets": "target_id indicator_text comparator value value_max unit period baseline",
    "themes": "theme_id kind text sector",
    "references": "number issuer doc_type issued_on task_id section_id plan_id",
    "warnings": "code message plan_id start end",
    "alignment": "left_id right_id relation probability accepted decision evidence kind",
    "themes_diff": "sector left_count left_share right_count right_share share_difference z log_odds",
    "terms_diff": "label left_count right_count left_share right_share z sector log_odds",
    "statements_diff": "kind change left_text right_text left_count right_count probability z",
    "targets_diff": "indicator_text change left_value right_value difference ambition left_id right_id ratio named_id",
    "tasks_diff": "change left_text right_text left_id right_id probability lead_change due_change sector",
    "gaps": "plan_id gap task_id detail agency_id sector words doubtful counterpart_id",
    "history": "label changes last_text last_year sector doubtful group_id last_id",
    "history_steps": "change label from_year to_year last_seen left_text right_text doubtful lead_change due_change",
    "history_sectors": "sector from_year to_year kept dropped added reassigned rescheduled narrowed widened resumed n_doubtful",
    "explanation": "name value log_odds words",
}
_POSITIONS = {"start", "end", "sha256"}
_MOST = 240  # characters of one cell
_WRAP = 20  # a text may be wrapped down to this width
# and these down to theirs, headings aside
_NARROW = {
    **dict.fromkeys(("left_value", "right_value"), 14),
    **dict.fromkeys(("change", "lead_change", "due_change", "kind", "left_id", "right_id", "task_id"), 9),
    **dict.fromkeys(("plan_id", "sector"), 10),
    **dict.fromkeys(("gap", "agency_id"), 12),
}
_BETWEEN = 2
_ANY_WIDTH = 1_000_000
_LONG_LINES = 200  # characters of a line in a file or a pipe, where no more are needed


def print_table(table: Table, lang: str, console: Console, limit: int | None = None) -> None:
    """Prints the table; with ``limit`` its first rows and how many are left out. Markup in cells has no effect.

    On a terminal the columns that its width cannot hold are named below; into a file or a pipe all are written, in
    lines as long as that takes.
    """
    rows = table.rows if limit is None else table.rows[: max(0, limit)]
    part = replace(table, rows=tuple(_whole_targets(row, lang) for row in rows) if _targets(table) else rows)
    part = short_ids(for_readers(part, lang))
    every = readable(part, lang, _ANY_WIDTH)
    width = console.width if console.is_terminal else max(console.width, *_comfortable(part, every, lang))
    before, console.width = console.width, width
    try:
        _print(table, part, every, lang, console)
    finally:
        console.width = before


def _print(table: Table, part: Table, every: Sequence[str], lang: str, console: Console) -> None:
    """Prints ``part`` of a table in the console's width; ``every``: the columns that would be shown with room enough."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    width = console.width
    columns = readable(part, lang, width)
    grid = RichTable(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, leading=1 if _wraps(part, lang) else 0)
    for column, wide in zip(columns, _widths(part, columns, lang, width), strict=True):
        grid.add_column(
            Text(heading(table.name, column, lang)),
            justify="right" if is_numeric(part, column) else "left",
            overflow="fold",
            width=wide,
        )
    for row in part.rows:
        grid.add_row(*(Text(text) for text in _texts(row, columns, lang)))
    if title := one_line(table.title):
        console.print(Text(title, style="bold"))
    console.print(grid if part.rows else Text(f"({word('none', lang)})"))
    if left_out := len(table.rows) - len(part.rows):
        console.print(Text(word("more", lang).format(n=number(left_out, "", lang))))
    if hidden := [heading(table.name, c, lang) for c in every if c not in columns]:
        console.print(Text(word("left_out", lang).format(columns=", ".join(hidden)), style="dim"))
    if note := one_line(table.note):
        console.print(Text(note, style="dim"))


def _targets(table: Table) -> bool:
    return table.name == "targets_diff" and {"left_value", "left_unit", "left_period"} <= set(table.columns)


def _whole_targets(row: dict[str, Any], lang: str) -> dict[str, Any]:
    """A row of ``targets_diff`` whose two values stand with their comparator, unit and period: "≥ 11 % (2021–2025)"."""
    full = {**dict.fromkeys((f"{s}_{c}" for s in ("left", "right") for c in _PARTS), ""), **row}
    return {**row, **{f"{side}_value": target_value(full, side, lang) for side in ("left", "right")}}


_PARTS = ("value", "value_max", "comparator", "unit", "period")


def readable(table: Table, lang: str, width: int) -> list[str]:
    """The columns to show: those worth reading that hold anything, as many as fit (at least one).

    Columns of a table that the lexicon of headings does not know are shown in their order, positions aside.
    """
    known = _WORTH_READING.get(table.name, "").split()
    worth = known or [c for c in table.columns if c not in _POSITIONS]
    chosen: list[str] = []
    used = 0
    for column in worth:
        if column not in table.columns or not any(plain(row.get(column, "")) != "" for row in table.rows):
            continue
        used += _BETWEEN + _narrowest(table, column, lang)
        if chosen and used > width:
            break
        chosen.append(column)
    return chosen or list(table.columns[:1])


def for_reading(table: Table, lang: str) -> Table:
    """The table with the columns that a reader wants, in that order; a target's value with its sign, unit and period."""
    rows = tuple(_whole_targets(row, lang) for row in table.rows) if _targets(table) else table.rows
    part = replace(table, rows=rows)
    return replace(part, columns=tuple(readable(part, lang, _ANY_WIDTH)))


def _comfortable(table: Table, columns: Sequence[str], lang: str) -> tuple[int, int]:
    """The width that all columns need at least, and the one that they would fill, up to that of long lines."""
    needed = sum(_BETWEEN + _narrowest(table, c, lang) for c in columns)
    wanted = sum(_BETWEEN + max(_longest(table, c, lang), len(heading(table.name, c, lang))) for c in columns)
    return needed, min(_LONG_LINES, wanted)


def _narrowest(table: Table, column: str, lang: str) -> int:
    """The least width of a column: its longest text up to where texts wrap, and no word of the heading broken."""
    words = max(map(len, heading(table.name, column, lang).split()), default=1)
    return max(words, min(_NARROW.get(column, _WRAP), _longest(table, column, lang)))


def _longest(table: Table, column: str, lang: str) -> int:
    return max((len(_texts(row, [column], lang)[0]) for row in table.rows), default=0)


def _widths(table: Table, columns: Sequence[str], lang: str, width: int) -> list[int]:
    """At least the narrowest of each; the rest of the terminal's width evenly to those that could use more."""
    room = max(1, width - _BETWEEN * len(columns))
    widths = [min(room, _narrowest(table, c, lang)) for c in columns]
    wanted = [max(_longest(table, c, lang), len(heading(table.name, c, lang))) for c in columns]
    while open_ := [n for n, want in enumerate(wanted) if widths[n] < want]:
        if sum(widths) + len(open_) > room:
            break
        for n in open_:
            widths[n] += 1
    return widths


def _wraps(table: Table, lang: str) -> bool:
    return any(len(text) > _WRAP for row in table.rows for text in _texts(row, table.columns, lang))


def _texts(row: dict[str, Any], columns: Sequence[str], lang: str) -> list[str]:
    texts = []
    for column in columns:
        text, rest = clipped(shown(plain(row.get(column, "")), column, lang), _MOST)
        texts.append(f"{text} …" if rest else text)
    return texts
