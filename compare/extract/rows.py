"""The rows of tables of tasks as items: the content cell is the task, the others say who, by when, with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compare.extract.agencies import mentions
from compare.extract.formulas import unknown_body
from compare.extract.item import Item
from compare.patterns import DITTO
from compare.records import Cell, Doubt, Mention, Span, TableRow


def row_items(text: str, rows: Iterable[TableRow]) -> list[Item]:
    """One item for each row of tasks, in order; a cell like "nt" says what the one above it in its table says."""
    found: list[Item] = []
    for row in rows:
        content = row.cell("content")
        if content and not row.values:
            above = found[-1] if found and found[-1].section_id == row.section_id else None
            found.append(_item(text, row, content, above))
    return found


def _item(text: str, row: TableRow, content: Cell, above: Item | None) -> Item:
    item = Item("task", content.start, content.end, row.section_id, row.part, "", row=row)
    item.leads = _bodies(text, row.cell("lead"), above.leads if above else [])
    item.coordinators = _bodies(text, row.cell("coordinate"), above.coordinators if above else [])
    for role in ("due", "product"):
        cell = row.cell(role)
        if cell and DITTO.fullmatch(text, cell.start, cell.end) and above and role in above.attributes:
            item.attributes[role] = above.attributes[role]
        elif cell:
            item.attributes[role] = Span(cell.start, cell.end)
    return item


def _bodies(text: str, cell: Cell | None, above: list[Mention]) -> list[Mention]:
    """The bodies that a cell names; those of the cell above, in this one's words, where it says "nt"."""
    if cell is None:
        return []
    if DITTO.fullmatch(text, cell.start, cell.end):
        return [Mention(m.agency_id, cell.start, cell.end) for m in above]
    span = Span(cell.start, cell.end)
    return mentions(text, *span) or unknown_body(text, span)


def without_lead(rows: list[Item]) -> Iterator[Doubt]:
    """The rows whose cell for the lead is empty where other rows of the table fill it: a merged cell, or none."""
    filled = {i.section_id for i in rows if i.leads}
    above: dict[str, str] = {}
    for item in rows:
        if item.leads:
            above[item.section_id] = "; ".join(m.agency_id for m in item.leads)
        elif item.section_id in filled:
            told = f"; the row above names {above[item.section_id]}" if item.section_id in above else ""
            yield Doubt("no_lead", f"the cell for the lead is empty{told}", item.start, item.end)
