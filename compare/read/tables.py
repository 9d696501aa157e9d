"""Tables to text: a row a line, "|" around its cells, which is the form that the structure stage reads.

Merged cells are carried down, headings of two levels become one, a heading repeated on a new page is dropped, and a
row that was split over two is joined. Tables that only lay out a page (letterhead, signature) keep their paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from compare.lexicon import cues
from compare.normalise import bounded
from compare.read.parts import one_line

# Stands in for an empty cell of the heading, whose cells tell how many columns there are.
EMPTY = "…"
_MARKER = bounded(r"\(?(\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,5}|[A-ZĐ]|[a-zđ])\s*[.):/]*$")
_LEADING = bounded(r"([IVXLC]{1,5}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*)\s*[.)/]\s+(?=\S)")
_BLANK = bounded(r"(?<![\s.…_*–—-])[\s.…_*–—-]{0,}+$")
_ENDED = bounded(r"(?<![.;:!?…/])[.;:!?…/]++[\s\"”’)\]]*$")
_WIDEST = 64  # columns; more are a broken colspan
_LONG = 4000  # characters of a cell that no table of tasks has, but a page laid out by a table


class GridCell(NamedTuple):
    """A cell's paragraphs, one a line. ``down`` and ``right`` mark the copies of a merged cell."""

    text: str = ""
    down: bool = False
    right: bool = False


Grid = list[list[GridCell]]
Row = list[str]


class GridBuilder:
    """Lays out cells with row and column spans: ``row()``, then ``cell(...)`` from left to right."""

    def __init__(self) -> None:
        self._rows: Grid = []
        self._above: dict[int, tuple[int, GridCell]] = {}  # column -> rows that a cell from above still fills
        self._fresh: dict[int, tuple[int, GridCell]] = {}  # the same, for the rows below this one

    def row(self) -> None:
        self._finish()
        self._rows.append([])

    def cell(self, text: str, rowspan: int = 1, colspan: int = 1) -> None:
        if not self._rows:
            self._rows.append([])
        self._carry()
        row = self._rows[-1]
        if len(row) >= _WIDEST:
            row[-1] = row[-1]._replace(text=f"{row[-1].text}\n{text}"[:_LONG])
            return
        for k in range(min(max(colspan, 1), _WIDEST - len(row))):
            if rowspan > 1:
                self._fresh[len(row)] = (rowspan - 1, GridCell(text, True, k > 0))
            row.append(GridCell(text, False, k > 0))

    def grid(self) -> Grid:
        """The rows, filled up to the same width."""
        self._finish()
        width = max(map(len, self._rows), default=0)
        return [row + [GridCell()] * (width - len(row)) for row in self._rows if row]

    def _carry(self) -> None:
        row = self._rows[-1]
        while len(row) in self._above:
            rows, cell = self._above.pop(len(row))
            if rows > 1:
                self._fresh[len(row)] = (rows - 1, cell)
            row.append(cell)

    def _finish(self) -> None:
        if self._rows:
            while self._above:
                self._carry()
                if self._above:
                    self._rows[-1].append(GridCell())
        self._above, self._fresh = self._fresh, {}


def flatten(grid: Grid) -> list[str]:
    """The paragraphs of a table: its rows, and an empty one that ends it; or the paragraphs of a layout's cells."""
    return [paragraph for _, paragraphs in flatten_rows(grid) for paragraph in paragraphs]


def flatten_rows(grid: Grid) -> list[tuple[int, list[str]]]:
    """The paragraphs of a table by the row of the grid that they begin in."""
    kept, grid = _without_blanks(grid)
    if not grid:
        return []
    if is_data(grid):
        return [(kept[i], paragraphs) for i, paragraphs in _table(grid)]
    own = [(kept[i], [c for c in row if not (c.down or c.right)]) for i, row in enumerate(grid)]
    return [(i, [line for c in row for line in map(one_line, c.text.split("\n")) if line]) for i, row in own]


def _without_blanks(grid: Grid) -> tuple[list[int], Grid]:
    """The grid without rows and columns that hold nothing, and which rows these were."""
    kept = [i for i, row in enumerate(grid) if any(one_line(c.text) for c in row if not c.down)]
    rows = [grid[i] for i in kept]
    used = [k for k in range(len(rows[0]) if rows else 0) if any(one_line(r[k].text) and not r[k].right for r in rows)]
    return kept, [[row[k] for k in used] for row in rows]


def is_data(grid: Grid) -> bool:
    """A table of at least two rows with a column of numbers, or with three columns; no cell as long as a page."""
    if len(grid) < 2 or any(len(c.text) > _LONG for row in grid for c in row):
        return False
    return len(grid[0]) >= 3 or _is_number_heading(grid[0][0].text)


def _is_number_heading(text: str) -> bool:
    return one_line(text).lower().rstrip(".") in cues("column_number")


def _table(grid: Grid) -> list[tuple[int, list[str]]]:
    depth = heading_depth(grid)
    heading = [_deepest([row[k].text for row in grid[:depth]]) for k in range(len(grid[0]))]
    numbered = _is_number_heading(heading[0])
    body = [(i, r) for i, r in enumerate(grid) if i >= depth and not repeats(r, grid[:depth])]
    rows = [(0, [h or EMPTY for h in heading])]
    rows += [(i, _cells(row, numbered)) for i, row in joined_rows(body, numbered)]
    lines = [(i, [f"| {' | '.join(cell.replace('|', ' ') for cell in row)} |"]) for i, row in rows]
    return [*lines, (rows[-1][0], [""])]


def heading_depth(grid: Grid) -> int:
    """How many rows the heading takes: the first, those that its merged cells reach into, and "(1) (2) (3)"."""
    depth = 1
    while depth < min(len(grid), 4) and any(c.down for c in grid[depth]) and _spans(grid[depth - 1]):
        depth += 1
    if depth < len(grid) and _counts([one_line(c.text) for c in grid[depth]]):
        depth += 1
    return depth


def _spans(row: Sequence[GridCell]) -> bool:
    return any(c.right for c in row)


def _counts(cells: list[str]) -> bool:
    """A row of column numbers: "1 2 3", "(1) (2) (3)", "A B 1 2"."""
    marks = [c.strip("()[] ") for c in cells if c]
    return len(marks) >= 3 and all(re.fullmatch(r"\d{1,2}|[A-Z]", m) for m in marks) and len(set(marks)) == len(marks)


def _deepest(texts: list[str]) -> str:
    """The lowest heading of a column; column numbers are none."""
    said = [one_line(t) for t in texts if one_line(t)]
    worded = [t for t in said if not re.fullmatch(r"\(?(?:\d{1,2}|[A-Z])\)?", t)]
    return (worded or said or [""])[-1]


def repeats(row: Sequence[GridCell], heading: Grid) -> bool:
    """A row that says what a row of the heading says: the heading again, on a new page."""
    here = [one_line(c.text).lower() for c in row]
    return any(here == [one_line(c.text).lower() for c in h] for h in heading) or _counts(here)


def joined_rows(rows: list[tuple[int, list[GridCell]]], numbered: bool) -> list[tuple[int, Row]]:
    """Texts of the rows; one that goes on with the row above (a page ended between them) is joined to it."""
    found: list[tuple[int, Row]] = []
    for i, row in rows:
        texts = ["" if c.right or _BLANK.fullmatch(c.text) else one_line(c.text) for c in row]
        own = ["" if c.down else t for c, t in zip(row, texts, strict=True)]
        above = found[-1][1] if found else []
        if found and numbered and _goes_on(above, row, own):
            above[:] = [" ".join(x for x in pair if x) for pair in zip(above, own, strict=True)]
        else:
            if numbered and not texts[0] and found and sum(bool(t) for t in own) > 1:
                texts[0] = above[0]  # a further row under the same number
            found.append((i, texts))
    return found


def _goes_on(above: Row, row: Sequence[GridCell], own: Row) -> bool:
    """A row without number of its own whose content is missing, carried down, or in the middle of a sentence."""
    if own[0] or len(own) < 2:
        return False
    words = [t for t in own[1:] if t]
    if not words or len([t for t in above if t]) < 2:
        return False
    if row[0].down and row[1].down:
        return True
    if not own[1]:
        return not row[1].down
    in_sentence = own[1][:1].islower() or not _ENDED.search(above[1])
    return not row[0].down and in_sentence and (len(words) > 1 or own[1][:1].islower())


def _cells(row: Row, numbered: bool) -> Row:
    """A row's cells: the number without its stop; a title over the whole width is no content of a task."""
    if not numbered:
        return row
    said = [t for t in row if t]
    marker = _MARKER.match(row[0])
    if marker:
        return [marker.group(1), *row[1:]]
    if len(said) != 1:
        return row
    lead = _LEADING.match(said[0])
    cells = [lead.group(1), said[0][lead.end() :]] if lead else [said[0], ""]
    return cells + [""] * (len(row) - 2)
