"""Annex tables of targets: an indicator in each row, its unit, and a column for each year that it is aimed at.

"STT | Chỉ tiêu | Đơn vị tính | Năm 2023 | Năm 2025": the heading tells them from tables of tasks. Columns of what was
reached ("Thực hiện 2022", "Ước 2023") give no targets. A column of values is called ``value`` and its years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from compare.lexicon import cues
from compare.normalise import bounded
from compare.patterns import any_of, words
from compare.records import VALUE, Cell, Paragraph, TableRow

_TARGET = bounded(r"\s*" + words(*cues("column_target")), re.IGNORECASE)
_UNIT = bounded(r"\s*" + words(*cues("column_unit")) + r"\s*(?:\(.*)?$", re.IGNORECASE)
_PLANNED = any_of(cues("column_planned"))
_REACHED = any_of(cues("column_reached"))
_YEARS = bounded(r"(?<!\d)(?P<a>20\d\d)(?:\s*[-–]\s*(?P<b>20\d\d))?(?!\d)")
_BARE_YEAR = bounded(
    r"\s*(?:(?:đến|hết|cuối|giai\s+đoạn)\s+)*(?:năm\s+)?20\d\d(?:\s*[-–]\s*20\d\d)?\s*$", re.IGNORECASE
)
# "12", "12,5%", "> 50", "13 - 14", "Trên 80", "60 trở lên", "Top 10", and cells that state nothing
_NUMERAL = r"\d[\d.,]{0,20}+\s*[%‰]?"
_VALUE_CELL = bounded(
    rf"\s*(?:[^\W\d]{{1,20}}+\s++){{0,3}}+[<>≥≤=~]{{0,2}}\s*{_NUMERAL}(?:\s*[-–]\s*{_NUMERAL})?(?:\s+[^\W\d]{{1,20}}+){{0,3}}\s*$"
    r"|\s*[-–x]?\s*$"
)
_ORDINAL = bounded(r"\s*(?P<number>\d{1,3}(?:\.\d{1,2})*|[IVX]{1,6}|[A-Z])\s*[.)]?\s*$")


def columns_of(titles: Sequence[str]) -> list[str]:
    """The columns behind the number column of a table of targets; empty where the titles are not those of one."""
    if not titles or not _TARGET.match(titles[0]):
        return []
    columns = ["content", *(_column(title) for title in titles[1:])]
    return columns if any(c.startswith(VALUE) for c in columns) else []


def _column(title: str) -> str:
    if _UNIT.match(title):
        return "unit"
    years = _YEARS.search(title)
    if _BARE_YEAR.match(title) or (_PLANNED.search(title) and not _REACHED.search(title)):
        return f"{VALUE} {'-'.join(filter(None, years.groups()))}" if years else VALUE
    return ""


def flattened(
    text: str, paragraphs: Sequence[Paragraph], start: int, columns: Sequence[str]
) -> tuple[list[TableRow], int]:
    """The rows of a table of targets with one cell a paragraph from ``start`` on, and where it ends.

    Every row has all its cells; a number and a title that no values follow open a group.
    """
    rows: list[TableRow] = []
    group, group_number, at = "", "", start
    while at + 1 < len(paragraphs):
        ordinal = _ORDINAL.fullmatch(text, paragraphs[at].start, paragraphs[at].end)
        cells = paragraphs[at + 1 : at + 1 + len(columns)]
        if ordinal is None:
            break
        if len(cells) == len(columns) and _fits(text, cells, columns):
            number = f"{group_number}.{ordinal['number']}" if group_number else ordinal["number"]
            found = tuple(Cell(c, p.start, p.end) for c, p in zip(columns, cells, strict=True) if c)
            rows.append(TableRow(number, group, "", found))
            at += 1 + len(columns)
        else:
            title = paragraphs[at + 1]
            group, group_number = text[title.start : title.end], ordinal["number"]
            at += 2
    return rows, at


def _fits(text: str, cells: Sequence[Paragraph], columns: Sequence[str]) -> bool:
    values = [c for c, column in zip(cells, columns, strict=True) if column.startswith(VALUE)]
    return all(_VALUE_CELL.fullmatch(text, c.start, c.end) for c in values)
