"""Rows between "|" that a page broke over several lines: in working text each stands on one line, cell by cell.

Two ways occur. A cell holds line breaks of its own: its row ends where the walls of the table's first row are
complete. Or every printed line became a row, and those that go on have no number: their cells go on with those above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from compare.normalise import TITLE, Working
from compare.patterns import LOWER

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\n|\r|$)")
# What a text needs for either way: a wall with nothing but a break behind the last word, or an empty first cell
_BROKEN = re.compile(rf"(?m)^[ \t]*+\|(?:[ \t{TITLE}]*+\||[^\r\n]*[^|\s{TITLE}][ \t{TITLE}]*(?:\r|$))")
_RULE = re.compile(rf"[ \t{TITLE}|:=+-]*+$")
_GOES_ON = re.compile(rf"[\"“(]?[{LOWER}]")
# The words above break off: "Sở Tài chính và", "cho các"
_OPEN = re.compile(r"(?:,|(?<!\w)(?:và|của|cho|tại|về|với|trong|theo|các))$", re.IGNORECASE)
_NUMBER = re.compile(r"[\w.]{0,6}[.)]?")
_MARGIN = f" \t{TITLE}"
_LINES = 40  # of one row at most


class _Cell(NamedTuple):
    start: int
    end: int


class _Row(NamedTuple):
    """A line between walls: its cells, and where it ends, the break behind it included."""

    start: int
    end: int
    cells: list[_Cell]


def whole_rows(work: Working) -> Working:
    """The text with every broken row on one line; the way back to the source leads through all its lines."""
    if not _BROKEN.search(work.text):
        return work
    text = _closed(work.text)
    parts: list[str] = []
    places: list[int] = []
    origin = work.origin if work.origin is not None else range(len(text) + 1)
    at = 0
    for rows in _broken(text):
        parts.append(text[at : rows[0].start])
        places.extend(origin[at : rows[0].start])
        _join(text, rows, origin, parts, places)
        at = rows[-1].end
    if not at:
        return Working(text, work.origin)
    places.extend(origin[at:])
    return Working("".join((*parts, text[at:])), places)


def _closed(text: str) -> str:
    """The text with blanks for the line breaks inside cells; nothing else moves."""
    breaks: list[int] = []
    width = 0  # the walls of the table's rows
    row: list[re.Match[str]] = []  # the lines of a row that is still open
    walls = 0  # those of these lines
    for m in _LINE.finditer(text):
        line = m.group().strip()
        if row and (not line or line.startswith("|") or len(row) >= _LINES):
            row = []
        if row or line.startswith("|"):
            row.append(m)
            walls = line.count("|") + (walls if len(row) > 1 else 0)
            if line.endswith("|") and (walls == width or (not width and len(row) == 1)):
                breaks += (k for x in row[:-1] for k in range(x.start() + len(x.group().rstrip("\r\n")), x.end()))
                width, row = walls, []
            elif not width or walls >= width:
                row = []
        if not row and not line.endswith("|"):
            width = 0
    if not breaks:
        return text
    characters = list(text)
    for k in breaks:
        characters[k] = " "
    return "".join(characters)


def _broken(text: str) -> Iterator[list[_Row]]:
    """The rows that stand on several lines of a table's body, each with its lines."""
    body = False  # whether a row of the table's body may stand here
    rows: list[_Row] = []
    for m in _LINE.finditer(text):
        row = _row(text, m)
        if row is not None and body and 0 < len(rows) < _LINES and _continues(text, rows, row):
            rows.append(row)
            continue
        if len(rows) > 1:
            yield rows
        ruled = row is None and "|" in m.group() and _RULE.fullmatch(m.group().rstrip()) is not None
        body = ruled or (row is not None and (body or bool(rows)))
        rows = [row] if row is not None else []
    if len(rows) > 1:
        yield rows


def _row(text: str, line: re.Match[str]) -> _Row | None:
    words = line.group().strip()
    if len(words) < 3 or words[0] != "|" or words[-1] != "|" or _RULE.fullmatch(words):
        return None
    start = line.start() + line.group().index("|") + 1
    cells: list[_Cell] = []
    for cell in text[start : line.start() + line.group().rindex("|")].split("|"):
        begin = start + len(cell) - len(cell.lstrip(_MARGIN))
        cells.append(_Cell(begin, max(begin, start + len(cell.rstrip(_MARGIN)))))
        start += len(cell) + 1
    return _Row(line.start(), line.end(), cells)


def _continues(text: str, above: list[_Row], row: _Row) -> bool:
    """Whether a row without a number only goes on with the one above it: its task begins in the middle of a phrase."""
    if len(row.cells) < 3 or len(row.cells) != len(above[0].cells) or row.cells[0].end > row.cells[0].start:
        return False
    first, task = above[0].cells[:2]
    if task.start == task.end or not _NUMBER.fullmatch(text, first.start, first.end):
        return False
    content, last = row.cells[1], above[-1].cells[1]
    if content.start == content.end or _GOES_ON.match(text, content.start, content.end):
        return True
    return _OPEN.search(text, last.start, last.end) is not None


def _join(text: str, rows: list[_Row], origin: Sequence[int], parts: list[str], places: list[int]) -> None:
    """Adds the rows as one line: the words of each cell with where they stand, walls between."""
    last = max(k for row in rows for k, cell in enumerate(row.cells) if cell.end > cell.start)
    ends = origin[max(cell.end for row in rows for cell in row.cells if cell.end > cell.start)]
    at = origin[rows[0].start]
    parts.append("|")
    places.append(at)
    for k in range(len(rows[0].cells)):
        for cell in (row.cells[k] for row in rows if row.cells[k].end > row.cells[k].start):
            parts += (" ", text[cell.start : cell.end])
            places.append(at)
            places.extend(origin[cell.start : cell.end])
            at = origin[cell.end]
        at = max(at, ends) if k == last else at
        parts.append(" |")
        places += (at, at)
    parts.append(text[rows[-1].end - 1 : rows[-1].end] if text[rows[-1].end - 1] in "\r\n" else "")
    places.extend([ends] * len(parts[-1]))
