"""One page of a PDF: its characters as runs of words, its ruled tables as grids of cells with the runs in them.

A run ends where the line, the cell or the column ends. Tables are found by their rules: lines and thin rectangles
that meet. The places that a page's text is on are points, from the lower left corner.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_SNAP = 2.5  # points within which two rules are one
_THIN = 2.5  # points up to which a rectangle is a rule
MAX_CHARS = 100_000  # characters of a page; more are a drawing, not a plan
MAX_RULES = 4_000  # rules of a page; more are a drawing


class Run(NamedTuple):
    """Words side by side on a line: ``y`` is the base line, ``size`` the font's height."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


class Rule(NamedTuple):
    """A horizontal (``at`` is y) or vertical (``at`` is x) line from ``low`` to ``high``."""

    at: float
    low: float
    high: float


@dataclass
class Box:
    """A cell: its place in the grid, its edges, the runs in it."""

    row: int
    column: int
    rowspan: int
    colspan: int
    left: float
    right: float
    top: float
    bottom: float
    runs: list[Run] = field(default_factory=list)


@dataclass
class Ruled:
    """A ruled table. ``columns`` are the x of its vertical rules, ``top`` and ``bottom`` its edges."""

    columns: list[float]
    rows: int
    top: float
    bottom: float
    boxes: list[Box]


@dataclass
class Page:
    """What stands on a page: runs outside tables, tables from top to bottom, whether it shows pictures."""

    width: float
    height: float
    runs: list[Run]
    tables: list[Ruled]
    pictures: bool
    chars: int


def read_page(page: Any) -> Page:
    """Reads a page of pypdfium2."""
    horizontal, vertical, pictures = _rules(page)
    tables = [t for t in _tables(horizontal, vertical) if len(t.boxes) > 1]
    free, chars = _place_runs(page, tables)
    tables = [t for t in tables if any(b.runs for b in t.boxes)]
    width, height = page.get_size()
    return Page(width, height, free, tables, pictures, chars)


def _place_runs(page: Any, tables: list[Ruled]) -> tuple[list[Run], int]:
    """The runs outside tables; those inside go to their cells. Also how many characters the page has."""
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    text_page = page.get_textpage()
    count = min(raw.FPDFText_CountChars(text_page.raw), MAX_CHARS)
    x, y, loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    free: list[Run] = []
    run = _OpenRun()
    for i in range(count):
        code = raw.FPDFText_GetUnicode(text_page.raw, i)
        if code in (0, 0x20, 0x0D, 0x0A, 0x09, 0xA0, 0xFFFE, 0xFFFF):
            run.space = True
            continue
        raw.FPDFText_GetCharOrigin(text_page.raw, i, ctypes.byref(x), ctypes.byref(y))
        raw.FPDFText_GetLooseCharBox(text_page.raw, i, ctypes.byref(loose))
        right = max(loose.right, x.value)
        box = _box_at(tables, (loose.left + loose.right) / 2, y.value + 0.2 * (run.size or 10.0))
        if not run.takes(box, x.value, y.value):
            run.close(free)
            run.open(box, x.value, y.value, _size(text_page, i))
        run.add("-" if code == 2 else chr(code), right)  # PDFium's sign for a hyphen at the end of a line
    run.close(free)
    text_page.close()
    return free, count


def _size(text_page: Any, i: int) -> float:
    """The height of a character's font on the page; the boxes of characters differ with their marks."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page.raw, i, ctypes.byref(matrix))
    size: float = raw.FPDFText_GetFontSize(text_page.raw, i) * (matrix.c**2 + matrix.d**2) ** 0.5
    return min(max(size, 1.0), 200.0)


class _OpenRun:
    """The run that characters are being added to."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.space = False
        self.box: Box | None = None
        self.x0 = self.x1 = self.y = self.size = 0.0

    def takes(self, box: Box | None, x: float, y: float) -> bool:
        near = -0.6 * self.size < x - self.x1 < 1.2 * self.size
        return bool(self.parts) and box is self.box and abs(y - self.y) < 0.3 * self.size and near

    def open(self, box: Box | None, x: float, y: float, size: float) -> None:
        self.box, self.x0, self.x1, self.y, self.size = box, x, x, y, size
        self.space = False

    def add(self, char: str, right: float) -> None:
        self.parts.append(" " + char if self.space and self.parts else char)
        self.space = False
        self.x1 = max(self.x1, right)

    def close(self, free: list[Run]) -> None:
        if self.parts:
            run = Run("".join(self.parts), self.x0, self.x1, self.y, self.size)
            (free if self.box is None else self.box.runs).append(run)
        self.parts = []


def _box_at(tables: list[Ruled], x: float, y: float) -> Box | None:
    for table in tables:
        if table.bottom <= y <= table.top and table.columns[0] <= x <= table.columns[-1]:
            return next((b for b in table.boxes if b.left <= x <= b.right and b.bottom <= y <= b.top), None)
    return None


def _rules(page: Any) -> tuple[list[Rule], list[Rule], bool]:
    """Horizontal and vertical rules of a page, and whether it holds pictures."""
    import pypdfium2.raw as raw

    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    pictures = False
    for item in page.get_objects(max_depth=2):
        pictures = pictures or item.type == raw.FPDF_PAGEOBJ_IMAGE
        if item.type != raw.FPDF_PAGEOBJ_PATH or len(horizontal) + len(vertical) > MAX_RULES:
            continue
        left, bottom, right, top = item.get_bounds()
        if top - bottom <= _THIN and right - left > _THIN:
            horizontal.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= _THIN and top - bottom > _THIN:
            vertical.append(Rule((left + right) / 2, bottom, top))
        elif right - left > _THIN:
            _segments(item, horizontal, vertical)
    return horizontal, vertical, pictures


def _segments(item: Any, horizontal: list[Rule], vertical: list[Rule]) -> None:
    """The straight edges of a path that is more than one line, if it is drawn and not only filled."""
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke))
    count = raw.FPDFPath_CountSegments(item.raw)
    if (fill.value and not stroke.value and count <= 5) or count > MAX_RULES:
        return  # shading behind a cell
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    before = first = (0.0, 0.0)
    for i in range(count):
        segment = raw.FPDFPath_GetPathSegment(item.raw, i)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = here
        elif kind == raw.FPDF_SEGMENT_LINETO:
            _edge(before, here, horizontal, vertical)
        if raw.FPDFPathSegment_GetClose(segment):
            _edge(here, first, horizontal, vertical)
        before = here


def _edge(a: tuple[float, float], b: tuple[float, float], horizontal: list[Rule], vertical: list[Rule]) -> None:
    if abs(a[1] - b[1]) < 1 and abs(a[0] - b[0]) > _THIN:
        horizontal.append(Rule((a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0])))
    elif abs(a[0] - b[0]) < 1 and abs(a[1] - b[1]) > _THIN:
        vertical.append(Rule((a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1])))


def _merged(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch or overlap become one."""
    found: list[Rule] = []
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule.at - lines[-1][0].at <= _SNAP:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    for line in lines:
        at = sum(r.at for r in line) / len(line)
        low, high = line[0].low, line[0].high
        for rule in sorted(line, key=lambda r: r.low):
            if rule.low > high + 2 * _SNAP:
                found.append(Rule(at, low, high))
                low = rule.low
                high = rule.high
            low, high = min(low, rule.low), max(high, rule.high)
        found.append(Rule(at, low, high))
    return found


def _tables(horizontal: list[Rule], vertical: list[Rule]) -> list[Ruled]:
    """Grids from rules that meet, from the top of the page down."""
    across, down = _merged(horizontal), _merged(vertical)
    groups: list[tuple[list[Rule], list[Rule]]] = []
    for rule in down:
        touching = [h for h in across if h.low - 2 * _SNAP <= rule.at <= h.high + 2 * _SNAP and _meets(rule, h.at)]
        if not touching:
            continue
        same = [g for g in groups if any(h in g[0] for h in touching)]
        rest = [g for g in groups if g not in same]
        merged_across = list(dict.fromkeys(h for g in (*same, (touching, [])) for h in g[0]))
        groups = [*rest, (merged_across, [v for g in same for v in g[1]] + [rule])]
    found = [_grid(_closed(a, d), d) for a, d in groups if len(a) >= 2 and len(d) >= 2]
    return sorted(found, key=lambda t: -t.top)


def _closed(across: list[Rule], down: list[Rule]) -> list[Rule]:
    """Adds the edge that is missing where a table goes on over a page: vertical rules that stick out say where."""
    left, right = min(v.at for v in down), max(v.at for v in down)
    found = list(across)
    for outermost, ends in ((min, [v.low for v in down]), (max, [v.high for v in down])):
        edge, own = outermost(ends), outermost(h.at for h in across)
        if abs(edge - own) > 4 and sum(abs(e - edge) <= _SNAP for e in ends) >= 2:
            found.append(Rule(edge, left, right))
    return found


def _meets(rule: Rule, at: float) -> bool:
    return rule.low - 2 * _SNAP <= at <= rule.high + 2 * _SNAP


def _grid(across: list[Rule], down: list[Rule]) -> Ruled:
    """Cells between rules; where a rule is missing between two, they are one merged cell."""
    xs = _distinct([v.at for v in down])
    ys = _distinct([h.at for h in across])[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    taken: set[tuple[int, int]] = set()
    boxes: list[Box] = []
    for i in range(rows):
        for j in range(columns):
            if (i, j) in taken:
                continue
            wide = 1
            while j + wide < columns and not _covers(down, xs[j + wide], (ys[i] + ys[i + 1]) / 2):
                wide += 1
            high = 1
            while i + high < rows and not _covers(across, ys[i + high], (xs[j] + xs[j + 1]) / 2):
                high += 1
            taken.update((i + a, j + b) for a in range(high) for b in range(wide))
            boxes.append(Box(i, j, high, wide, xs[j], xs[j + wide], ys[i], ys[i + high]))
    return Ruled(xs, rows, ys[0], ys[-1], boxes)


def _covers(rules: list[Rule], at: float, through: float) -> bool:
    return any(abs(r.at - at) <= _SNAP and r.low <= through <= r.high for r in rules)


def _distinct(values: list[float]) -> list[float]:
    found: list[float] = []
    for v in sorted(values):
        if not found or v - found[-1] > _SNAP:
            found.append(v)
    return found
