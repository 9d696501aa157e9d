"""PDF with a text layer, by pypdfium2; scanned pages are told apart and handed to ocr.

Why pypdfium2 and not pdfplumber or pdfminer.six: on Vietnamese pages that Chromium and LibreOffice made, all three
give the same syllables (99.7 % whole; benchmarks/read.py), but PDFium gives the plain text of 150 to 1,400 pages a
second where pdfplumber gives 7 to 19 and pdfminer.six 5 to 30: the reader has to do 10, tables included. What
pdfplumber adds, tables from rules, pdf_page does on PDFium's own objects.

Headers, footers and page numbers are removed, paragraphs go on over lines and pages, and a table that goes on over
pages is one table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from compare.errors import ReadError
from compare.normalise import bounded
from compare.read import ocr
from compare.read.encodings import from_font, unfont
from compare.read.parts import Extract, broken, is_row, library, one_line
from compare.read.pdf_lines import Margins, TextLine, in_columns, lines_of, margins, paragraphs_of
from compare.read.pdf_page import Box, Page, Ruled, Run, read_page
from compare.read.repair import doubts, mender
from compare.read.tables import Grid, GridBuilder, GridCell, flatten_rows, repeats
from compare.records import Doubt

MAX_PAGES = 2_000
MAX_TEXT = 20_000_000  # characters
_FEW = 25  # characters of a page below which it holds no text
_NUMBER_LINE = bounded(r"(?:(?:Trang|Page)\s+)?[\s–—-]*\d{1,4}(?:\s*(?:/|of|trên)\s*\d{1,4})?[\s–—-]*$", re.IGNORECASE)

_TORN = bounded(r"[^\W_]-$")  # a line that ends at a hyphen inside "SKHĐT-TH"

Piece = tuple[int, str]  # page, words
Paragraph = list[Piece]


class Part(NamedTuple):
    """What stands on one page without a table between: lines in reading order, or one table."""

    page: int
    lines: list[TextLine]
    table: Ruled | None
    column: bool  # one of two columns side by side


def read(source: str, raw: bytes) -> Extract:
    """The text of a PDF. Raises ReadError where it is encrypted, cut short, too long, or a scan that cannot be read."""
    pages, scans = _pages(source, raw)
    _refuse_scan(source, pages, scans)
    _drop_margins(pages)
    paragraphs = list(_paragraphs([part for n, page in enumerate(pages) for part in _parts(page, n)], pages))
    text, starts = _text(paragraphs, len(pages))
    font = unfont(text)[1]
    mend = mender(from_font(text, font))
    paragraphs = [[(page, mend(from_font(words, font))) for page, words in p] for p in paragraphs]
    text, starts = _text(paragraphs, len(pages))
    return Extract(text, tuple(_warnings(pages, scans, text, starts)), tuple(starts), font or "utf-8")


def _warnings(pages: list[Page], scans: ocr.Scans, text: str, starts: list[int]) -> Iterator[Doubt]:
    yield from doubts(text)
    if scans.confidence:
        first = starts[min(scans.confidence)]
        yield Doubt("scanned_pages", scans.note(), first, first)
    way_out = f"; install {scans.missing}" if scans.missing else ""
    for n in _scanned(pages):
        if n not in scans.confidence:
            message = f"page {n + 1} is a picture without text: nothing is read from it{way_out}"
            yield Doubt("page_without_text", message, starts[n], starts[n])


def _scanned(pages: list[Page]) -> list[int]:
    """The pages, from 0, that hold a picture and hardly any text."""
    return [n for n, page in enumerate(pages) if page.chars < _FEW and page.pictures]


def _pages(source: str, raw: bytes) -> tuple[list[Page], ocr.Scans]:
    pdfium = library(source, "pypdfium2", "PDF")
    if b"%%EOF" not in raw[-65536:]:
        raise ReadError(source, "a PDF that ends in the middle", "download or save it again")
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(source, "a PDF with a password", "save it without a password") from None
        raise ReadError(source, "a broken PDF", "open it in a viewer and print it to a new PDF") from None
    try:
        if len(document) > MAX_PAGES:
            raise ReadError(source, f"a PDF of {len(document):,} pages (at most {MAX_PAGES:,})", "cut out the plan")
        pages = _read_all(source, document)
        return pages, ocr.recognise(source, document, pages, _scanned(pages))
    except pdfium.PdfiumError as error:
        raise ReadError(source, f"a broken PDF ({one_line(str(error))[:60]})", "print it to a new PDF") from None
    finally:
        document.close()


def _read_all(source: str, document: Any) -> list[Page]:
    pages: list[Page] = []
    total = 0
    for n in range(len(document)):
        page = document[n]
        pages.append(read_page(page))
        page.close()
        total += pages[-1].chars
        if total > MAX_TEXT:
            raise ReadError(
                source, f"a PDF of more than {MAX_TEXT // 1_000_000} million characters", "cut out the plan"
            )
    return pages


def _refuse_scan(source: str, pages: list[Page], scans: ocr.Scans) -> None:
    bare = [p for p in pages if p.chars < _FEW]
    if len(bare) <= 0.8 * len(pages):
        return
    if not any(p.pictures for p in bare):
        raise ReadError(source, "a PDF without text", "give the text, HTML or Word file of the plan")
    problem = f"a scan: {len(bare)} of {len(pages)} pages are pictures without text"
    if scans.missing:
        raise ReadError(source, problem, f"to have it read, install {scans.missing}")
    raise ReadError(source, f"{problem} that tesseract can read", "scan it again, upright and at 300 dpi")


def _drop_margins(pages: list[Page]) -> None:
    """Takes away what stands at the top or bottom of page after page, and page numbers."""
    edges = [_edges(page) for page in pages]
    seen = Counter(key for page_edges in edges for key in {k for k, _ in page_edges})
    enough = max(2, 0.4 * len(pages)) if len(pages) < 5 else max(3, 0.3 * len(pages))
    for page, page_edges in zip(pages, edges, strict=True):
        gone: set[float] = set()
        for (side, words), y in page_edges:
            stray = len(words) <= 2 and not 0.065 * page.height < y < 0.935 * page.height  # half a glyph of a neighbour
            if (len(pages) > 1 and seen[side, words] >= enough) or _NUMBER_LINE.match(words.replace("#", "1")) or stray:
                gone.add(y)
        page.runs[:] = [r for r in page.runs if not any(abs(r.y - y) < 0.4 * r.size for y in gone)]


_Edge = tuple[tuple[str, str], float]  # (side, words with # for digits), y


def _edges(page: Page) -> list[_Edge]:
    """The two uppermost and the two lowest lines outside tables that stand near the edge of the page."""
    lines = lines_of(page.runs)
    top = [(("top", _key(ln)), ln.y) for ln in lines[:2] if ln.y > 0.86 * page.height]
    bottom = [(("bottom", _key(ln)), ln.y) for ln in lines[-2:] if ln.y < 0.11 * page.height]
    return top + bottom


def _key(line: TextLine) -> str:
    return re.sub(r"\d+", "#", one_line(line.text))


def _parts(page: Page, number: int) -> Iterator[Part]:
    """What is on a page from top to bottom: text above the first table, the table, text below ..."""
    rest = page.runs
    for table in page.tables:
        above = [r for r in rest if r.y > (table.top + table.bottom) / 2]
        rest = [r for r in rest if r.y <= (table.top + table.bottom) / 2]
        yield from _text_parts(above, number)
        yield Part(number, [], table, False)
    yield from _text_parts(rest, number)


def _text_parts(runs: list[Run], number: int) -> Iterator[Part]:
    blocks = in_columns(runs, number)
    for block in blocks:
        yield Part(number, block.lines, None, block.column)


def _paragraphs(parts: list[Part], pages: list[Page]) -> Iterator[Paragraph]:
    """Paragraphs of text and cells of tables, in order."""
    edges = _margins(parts, pages)
    i = 0
    while i < len(parts):
        part, j = parts[i], i + 1
        if part.table is not None:
            while j < len(parts) and _same_table(parts[j - 1], parts[j]):
                j += 1
            yield from _table([p for p in parts[i:j] if p.table is not None])
        elif part.column:
            yield from ([(part.page, line)] for line in broken([ln.text for ln in part.lines]))
        else:
            while j < len(parts) and parts[j].table is None and not parts[j].column:
                j += 1
            lines = [line for p in parts[i:j] for line in p.lines]
            yield from _pieces(paragraphs_of(lines, edges[round(pages[part.page].width)]))
        i = j


def _pieces(groups: list[list[TextLine]]) -> Iterator[Paragraph]:
    for group in groups:
        yield [(line.page, line.text) for line in group]


def _margins(parts: list[Part], pages: list[Page]) -> dict[int, Margins]:
    """The text's edges for every width of page: a few lines that stick out do not count."""
    found: dict[int, Margins] = {}
    for width in {round(p.width) for p in pages}:
        here = [ln for p in parts if not p.column and round(pages[p.page].width) == width for ln in p.lines]
        if here:
            starts, ends = sorted(ln.x0 for ln in here), sorted(ln.x1 for ln in here)
            last = len(here) - 1
            found[width] = Margins(starts[last // 50], ends[last - last // 50], margins(here).leading)
    return found


def _same_table(a: Part, b: Part) -> bool:
    """Whether ``b`` goes on with the table ``a`` on the next page: the same columns."""
    if a.table is None or b.table is None or b.page != a.page + 1:
        return False
    left, right = a.table.columns, b.table.columns
    return len(left) == len(right) and all(abs(x - y) < 8 for x, y in zip(left, right, strict=True))


def _table(parts: list[Part]) -> Iterator[Paragraph]:
    """One table from its parts on several pages."""
    grids = [_grid(p.table) for p in parts if p.table is not None]
    heading = grids[0][:3]
    grids[1:] = [[r for i, r in enumerate(g) if i >= 3 or not repeats(r, heading)] for g in grids[1:]]
    carried = _carried_columns([row for grid in grids for row in grid])
    rows: Grid = []
    page_of: list[int] = []
    for part, grid in zip(parts, grids, strict=True):
        body = list(grid)
        if rows and body:
            body = _sewn(rows, body, carried)
        rows.extend(body)
        page_of.extend([part.page] * len(body))
    for i, paragraphs in flatten_rows(rows):
        yield from ([(page_of[i], p)] for p in paragraphs)


def _carried_columns(rows: Grid) -> list[int]:
    """The columns after the first two in which a cell is seldom empty: an empty one is half of a merged cell."""
    own = [row for row in rows if not any(c.right for c in row)]
    width = len(rows[0]) if rows else 0
    return [k for k in range(2, width) if sum(bool(row[k].text) for row in own) > 0.5 * len(own)]


def _sewn(rows: Grid, body: Grid, carried: list[int]) -> Grid:
    """Joins the next page's rows to those above: a row in two halves, and merged cells that reach over the page."""
    split = _is_split(rows[-1], body[0])
    empty_above = {k for k in carried if not rows[-1][k].text}
    if split:
        rows[-1] = [_joined(a, b) for a, b in zip(rows[-1], body[0], strict=True)]
    elif any(c.right for c in (*rows[-1], *body[0])):
        return body
    for k in carried:
        if not body[0][k].text:
            _fill(body, k, rows[-1][k].text)
        elif k in empty_above:
            _fill_up(rows, k, body[0][k].text)
    return body[1:] if split else body


def _grid(table: Ruled) -> Grid:
    builder = GridBuilder()
    for row in range(table.rows):
        builder.row()
        for box in sorted((b for b in table.boxes if b.row == row), key=lambda b: b.column):
            builder.cell(_cell(box), box.rowspan, box.colspan)
    return builder.grid()


def _cell(box: Box) -> str:
    lines = lines_of(box.runs)
    if not lines:
        return ""
    own = margins(lines)
    edge = own._replace(right=max(own.right, box.right - max(own.left - box.left, 2)))
    return "\n".join(" ".join(ln.text for ln in group) for group in paragraphs_of(lines, edge))


def _is_split(above: list[GridCell], below: list[GridCell]) -> bool:
    """A row whose number stands on one page only: its two halves are one row."""
    if not above or len(above) != len(below) or any(c.right for c in (*above, *below)):
        return False
    numbers = bool(one_line(above[0].text)), bool(one_line(below[0].text))
    return not below[0].down and numbers in ((True, False), (False, True))


def _joined(a: GridCell, b: GridCell) -> GridCell:
    if not b.text or b.text == a.text:
        return a
    return GridCell(f"{a.text}\n{b.text}" if a.text else b.text, a.down, a.right)


def _fill(rows: Grid, k: int, text: str) -> None:
    """Fills the empty cell of the first row in column ``k`` and its copies below."""
    for i, row in enumerate(rows):
        if row[k].text or row[k].right or (i and not row[k].down):
            return
        row[k] = GridCell(text, row[k].down)


def _fill_up(rows: Grid, k: int, text: str) -> None:
    """Fills the empty cell of the last row in column ``k`` and the cell that it is a copy of, with all between."""
    for i in range(len(rows) - 1, -1, -1):
        below = rows[i + 1][k] if i + 1 < len(rows) else None
        if rows[i][k].right or (below is not None and (rows[i][k].text or not below.down)):
            return
        rows[i][k] = GridCell(text, rows[i][k].down)


def _text(paragraphs: list[Paragraph], pages: int) -> tuple[str, list[int]]:
    """The text and where in it each page begins."""
    parts: list[str] = []
    starts = [-1] * pages
    at = 0
    before = ""
    for paragraph in paragraphs:
        words = [(page, one_line(text)) for page, text in paragraph]
        words = [(page, text) for page, text in words if text]
        row = bool(words) and is_row(before) and is_row(words[0][1])
        before = words[0][1] if words else ""
        for n, (page, text) in enumerate(words):
            gap = ("\n" if row else "\n\n") if parts and not n else ""
            if n and not _TORN.search(parts[-1]):
                gap = " "
            parts.append(gap + text)
            at += len(gap)
            if starts[page] < 0:
                starts[page] = at
            at += len(text)
    text = "".join(parts) + ("\n" if parts else "")
    for page in range(pages - 1, -1, -1):
        if starts[page] < 0:
            starts[page] = starts[page + 1] if page + 1 < pages else len(text)
    return text, starts
