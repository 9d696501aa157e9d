"""The words that rows of tables were read from, each once, in the order of the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from compare.tables.headings import QUOTATIONS
from compare.tables.table import Table

# The tables whose spans other tables refer to by id.
_OWN_ID = {"tasks": "task_id", "targets": "target_id", "themes": "theme_id", "sections": "section_id"}
_REFERRING = ("left_id", "right_id", "counterpart_id", "named_id", "first_id", "last_id")


class Quotation(NamedTuple):
    """A span of a plan's text."""

    plan_id: str
    start: int
    end: int


class Quotations:
    """All spans that the tables' rows lead to and that lie within a text at hand."""

    def __init__(self, tables: Sequence[Table], texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._by_id: dict[str, Quotation] = {}
        for table in tables:
            if own := _OWN_ID.get(table.name):
                for row in table.rows:
                    if found := self._own(row):
                        self._by_id.setdefault(str(row.get(own, "")), found)
        self._by_id.pop("", None)
        order = {plan_id: n for n, plan_id in enumerate(texts)}
        used = {found for table in tables for row in table.rows for found in self.of(table, row).values()}
        self._all = sorted(used, key=lambda q: (order[q.plan_id], q.start, q.end))
        self._positions = {quotation: n for n, quotation in enumerate(self._all)}

    def of(self, table: Table, row: Mapping[str, Any]) -> dict[str, Quotation]:
        """The columns of a row that lead to a quotation."""
        result: dict[str, Quotation] = {}
        own = self._own(row)
        if own:
            ids = [
                c for c in (_OWN_ID.get(table.name), "task_id", "plan_id") if c and row.get(c) and c in table.columns
            ]
            if ids:
                result[ids[0]] = own
        for column in _REFERRING:
            other = self._beside(row, column) or self._by_id.get(str(row.get(column, "")))
            if column in table.columns and other:
                result[column] = other
        return result

    def _beside(self, row: Mapping[str, Any], column: str) -> Quotation | None:
        """The span that a row itself gives for an item: left_start and left_end for left_id."""
        side = column.removesuffix("_id")
        plan_id = str(row.get(column, "")).split("/")[0]  # ids begin with the plan's
        return self._span(plan_id, row.get(f"{side}_start", ""), row.get(f"{side}_end", ""))

    def position(self, quotation: Quotation) -> int:
        """Where it stands in ``table``, counted from 0."""
        return self._positions[quotation]

    def table(self) -> Table:
        """plan_id, start, end and words: ``text[start:end]``."""
        rows = [{**q._asdict(), "words": self._texts[q.plan_id][q.start : q.end]} for q in self._all]
        return Table(QUOTATIONS, ("plan_id", "start", "end", "words"), tuple(rows))

    def _own(self, row: Mapping[str, Any]) -> Quotation | None:
        """The row's own span, where it has one inside its plan's text."""
        return self._span(str(row.get("plan_id", "")), row.get("start", ""), row.get("end", ""))

    def _span(self, plan_id: str, start: Any, end: Any) -> Quotation | None:
        """The span as a quotation; None where a position is empty or outside the text, or the text is not at hand."""
        text = self._texts.get(plan_id)
        if text is None or not isinstance(start, (int, float)) or not isinstance(end, (int, float)):
            return None
        return Quotation(plan_id, int(start), int(end)) if 0 <= start < end <= len(text) else None
