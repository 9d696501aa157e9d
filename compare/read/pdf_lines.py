"""Runs to lines and lines to paragraphs, by where they stand.

A line break is the author's own where the next word would still have fitted; else the layout made it. Two columns
side by side (letterhead, signature) are told by a gap that no run crosses, and read left column first.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from compare.normalise import bounded
from compare.patterns import STARTS_DIRECTIVE
from compare.read.parts import goes_on
from compare.read.pdf_page import Run

_MARKED = bounded(
    r"(?:\d{1,2}(?:\.\d{1,2})*\s*[.)/]|[a-zđ]\)|\(\d{1,2}\)|[IVX]{1,6}\s*[./]|[A-E]\.|[-–+•*]|Điều\s+\d+\s*[.:]|PHỤ LỤC|Phụ lục)\s*\S"
)
# Words that a number or letter at the head of the next line belongs to.
_DANGLING = bounded(r"(?:,|khoản|điều|mục|số|năm|tháng|ngày|quý|điểm|và|từ|đến)\s*$", re.IGNORECASE)
_ENDED = bounded(r"[.;:!?…/][\"”’)\]]*$")


class TextLine(NamedTuple):
    """A line of words and its place; ``page`` counts from 0."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    page: int = 0


class Margins(NamedTuple):
    """Where lines can begin and end, and the usual distance between two of them."""

    left: float
    right: float
    leading: float


def lines_of(runs: list[Run], page: int = 0) -> list[TextLine]:
    """Runs on one base line as one line, from top to bottom."""
    return [_line(row, page) for row in _rows(runs)]


def _line(row: list[Run], page: int) -> TextLine:
    text = row[0].text
    for a, b in pairwise(row):
        text += b.text if b.x0 - a.x1 < 0.12 * b.size else " " + b.text
    return TextLine(text, row[0].x0, max(r.x1 for r in row), row[0].y, max(r.size for r in row), page)


class Lines(NamedTuple):
    """Lines in reading order; ``column`` where they are one of two columns side by side."""

    lines: list[TextLine]
    column: bool


def in_columns(runs: list[Run], page: int = 0) -> list[Lines]:
    """The lines of a page in reading order: a block of two columns gives the left one, then the right one."""
    rows = _rows(runs)
    blocks: list[Lines] = []
    plain: list[Run] = []
    i = 0
    while i < len(rows):
        end, gutter = _two_columns(rows, i)
        if end - i < 2:
            plain.extend(rows[i])
            i += 1
            continue
        inside = [r for row in rows[i:end] for r in row]
        blocks.append(Lines(lines_of(plain, page), False))
        blocks.append(Lines(lines_of([r for r in inside if r.x1 <= gutter], page), True))
        blocks.append(Lines(lines_of([r for r in inside if r.x1 > gutter], page), True))
        plain = []
        i = end
    blocks.append(Lines(lines_of(plain, page), False))
    return [b for b in blocks if b.lines]


def _rows(runs: list[Run]) -> list[list[Run]]:
    """Runs by base line, from top to bottom, each from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (-r.y, r.x0)):
        if rows and rows[-1][0].y - run.y < 0.4 * max(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.x0) for row in rows]


def _two_columns(rows: list[list[Run]], start: int) -> tuple[int, float]:
    """The end of the block of two columns that begins at row ``start``, and the x between them.

    At least two rows have words on both sides of one gap. Rows with words on one side are part of the block between
    such rows, and after the last one as long as they stand under the words of that side at the same distance.
    """
    gap = _gap(rows[start])
    if gap is None:
        return start, 0.0
    low, high = gap
    last, i, paired = start, start + 1, 1
    while i < len(rows) and rows[i - 1][0].y - rows[i][0].y < 3.5 * rows[i][0].size:
        own = _gap(rows[i])
        if own is not None and min(high, own[1]) - max(low, own[0]) > 4:
            low, high = max(low, own[0]), min(high, own[1])
            paired, last = paired + 1, i
        elif not _beside(rows[i], low, high):
            break
        i += 1
    left = sum(len(r.text) for row in rows[start : last + 1] for r in row if r.x1 <= low + 1)
    if paired < 2 or left < 12:
        return start, 0.0
    end = last + 1
    while end < len(rows) and _beside(rows[end], low, high) and _is_under(rows, start, end, (low + high) / 2):
        end += 1
    return end, (low + high) / 2


def _is_under(rows: list[list[Run]], start: int, at: int, gutter: float) -> bool:
    """Whether row ``at`` goes on with its side of the block: the same distance, the same edge or centre."""
    steps = sorted(a[0].y - b[0].y for a, b in zip(rows[start:at], rows[start + 1 : at], strict=False))
    if not steps or rows[at - 1][0].y - rows[at][0].y > 1.3 * steps[len(steps) // 2]:
        return False
    here = rows[at][0]
    side = [r for row in rows[start:at] for r in row if (r.x1 <= gutter) == (here.x1 <= gutter)]
    centre = (rows[at][0].x0 + rows[at][-1].x1) / 2
    return any(abs(r.x0 - here.x0) < 3 or abs((r.x0 + r.x1) / 2 - centre) < 12 for r in side)


def _gap(row: list[Run]) -> tuple[float, float] | None:
    """The one wide gap of a row."""
    if len(row) < 2:
        return None
    gaps = [(a.x1, b.x0) for a, b in pairwise(row)]
    widest = max(gaps, key=lambda g: g[1] - g[0])
    return widest if widest[1] - widest[0] > 1.2 * row[0].size else None


def _beside(row: list[Run], low: float, high: float) -> bool:
    """Whether all of a row stands on one side of the gap."""
    return all(r.x1 < high for r in row) or all(r.x0 > low for r in row)


def margins(lines: list[TextLine]) -> Margins:
    """Left and right edge of the text, and the leading that most lines have."""
    steps = sorted(a.y - b.y for a, b in pairwise(lines) if a.page == b.page and a.y > b.y)
    leading = steps[len(steps) // 3] if steps else 0.0
    return Margins(min(ln.x0 for ln in lines), max(ln.x1 for ln in lines), leading)


def continues(first: TextLine, a: TextLine, b: TextLine, edge: Margins) -> bool:
    """Whether line ``b`` goes on with the paragraph that ``first`` opened and ``a`` is the last line of."""
    if a.page == b.page and edge.leading and a.y - b.y > 1.6 * max(edge.leading, 0.9 * b.size):
        return False
    if abs(a.size - b.size) > 0.2 * a.size or _is_capitals(a.text) != _is_capitals(b.text):
        return False
    word = b.text.split(" ", 1)[0]
    per_char = (b.x1 - b.x0) / max(len(b.text), 1)
    centred = a.x0 > edge.left + 20 and abs((a.x0 - edge.left) - (edge.right - a.x1)) < 12
    room = (edge.right - edge.left) - (a.x1 - a.x0) if centred else edge.right - a.x1
    fitted = room > (len(word) + 1) * per_char + 0.8 * a.size
    if fitted and not (goes_on(b.text) and not _ENDED.search(a.text) and not centred):
        return False
    if centred:
        return True
    turned = a.page != b.page and not _DANGLING.search(a.text)
    if turned and b.text[:1].isupper() and STARTS_DIRECTIVE.match(b.text):
        return False  # no gap between paragraphs shows where a page ends
    indented = b.x0 > edge.left + 0.8 * b.size
    ended = bool(_ENDED.search(a.text))
    if _MARKED.match(b.text) and (ended or indented or turned):
        return False
    if indented and abs(b.x0 - first.x0) < 3 and not goes_on(b.text):
        return False  # first lines are indented, and this is one
    hanging = indented and abs(b.x0 - a.x0) < 3 and first.x0 < b.x0 - 3
    return hanging or not (indented and ended and not goes_on(b.text))


def _is_capitals(words: str) -> bool:
    letters = [c for c in words if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def paragraphs_of(lines: list[TextLine], edge: Margins) -> list[list[TextLine]]:
    """Lines grouped to paragraphs."""
    found: list[list[TextLine]] = []
    for line in lines:
        if found and continues(found[-1][0], found[-1][-1], line, edge):
            found[-1].append(line)
        else:
            found.append([line])
    return found
