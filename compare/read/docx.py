"""Word files (DOCX): paragraphs and tables in order, with the numbers, notes and text boxes that a reader sees.

Tracked changes are read as accepted: deletions and the places that text was moved from are left out. Footnotes and
endnotes stand at the end, each as "[1] ...". A text box stands after the paragraph that it hangs on. Runs in the
fonts of TCVN3 (".VnTime") and VNI ("VNI-Times") are converted. A page header is read only where it holds the
letterhead.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from compare.errors import ReadError
from compare.patterns import MOTTO
from compare.read.encodings import font_encoding, from_font, unfont
from compare.read.numbering import Numbering, W, _value
from compare.read.parts import Extract, broken, joined, library, one_line
from compare.read.tables import GridBuilder, flatten
from compare.records import Doubt

MAX_XML = 60_000_000  # bytes of one part, unpacked
MAX_UNPACKED = 400_000_000  # bytes of all parts
MAX_PARTS = 10_000
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_GONE = {f"{W}{t}" for t in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "sdtPr", "fldData")} | {
    f"{_MC}Fallback"
}
_CHANGES = tuple(f"{W}{t}" for t in ("ins", "del", "moveFrom", "moveTo"))
_OTHER_KINDS = (
    ("xl/", "an Excel workbook"),
    ("ppt/", "a PowerPoint file"),
    ("META-INF/container.xml", "an EPUB book"),
)


def read(source: str, raw: bytes) -> Extract:
    """The text of a DOCX file. Raises ReadError for what is no DOCX, is broken, or unpacks to too much."""
    _check(source, raw)
    docx = library(source, "docx", "Word files")
    try:
        package = docx.Document(io.BytesIO(raw)).part
        parts = {r.reltype.rsplit("/", 1)[-1]: r.target_part for r in package.rels.values() if not r.is_external}
    except Exception as error:  # python-docx raises whatever zipfile, lxml and its own parts raise
        reason = one_line(str(error))[:80] or type(error).__name__
        raise ReadError(
            source, f"a broken Word file ({reason})", "open it in Word or LibreOffice and save it"
        ) from None
    reader = _Reader(_xml(parts.get("numbering")), _xml(parts.get("styles")))
    paragraphs = reader.blocks(package.element.body)
    paragraphs = _letterhead(package, reader, paragraphs)
    paragraphs += reader.notes(_xml(parts.get("footnotes")), "footnote")
    paragraphs += reader.notes(_xml(parts.get("endnotes")), "endnote")
    text, font = unfont(joined(paragraphs))
    if not text.strip():
        raise ReadError(source, "a Word file without text", "if it holds pictures of pages, save it as PDF")
    return Extract(text, _warnings(package.element.body, text), (), font or reader.font or "utf-8")


def _check(source: str, raw: bytes) -> None:
    """Refuses what is no DOCX and what unpacks to too much, before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise ReadError(
            source, "a Word file that is cut short or no zip archive", "download or save it again"
        ) from None
    names = {e.filename for e in entries}
    if "word/document.xml" not in names and not any(n.startswith("word/document") for n in names):
        kind = next((kind for part, kind in _OTHER_KINDS if any(n.startswith(part) for n in names)), "a ZIP archive")
        if "content.xml" in names:
            kind = "an OpenDocument file"
        raise ReadError(source, f"{kind}, not a Word file", "save the plan as DOCX or text")
    large = next((e for e in entries if e.filename.endswith((".xml", ".rels")) and e.file_size > MAX_XML), None)
    if large is not None or sum(e.file_size for e in entries) > MAX_UNPACKED or len(entries) > MAX_PARTS:
        problem = f"unpacks to more than {MAX_XML // 1_000_000} MB of XML" if large else "unpacks to too much"
        raise ReadError(source, f"a Word file that {problem}", "this is no plan; save the text alone")
    if any(e.flag_bits & 1 for e in entries):
        raise ReadError(source, "an archive with a password", "save it without a password")


def _xml(part: Any | None) -> Any | None:
    """The root element of a part, parsed without entities."""
    if part is None:
        return None
    own = getattr(part, "element", None)
    if own is not None:
        return own
    etree = library("", "lxml.etree", "Word files")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(part.blob, parser)
    except etree.XMLSyntaxError:
        return None


class _Reader:
    """Turns elements of WordprocessingML into paragraphs."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._numbering = Numbering(numbering, styles)
        self._style_fonts = _style_fonts(styles)
        self.font = ""  # the last legacy encoding met
        self._held = ""  # a paragraph whose mark was deleted goes on in the next

    def blocks(self, parent: Any) -> list[str]:
        """The paragraphs of a body, a cell, a note or a text box."""
        found: list[str] = []
        for element in _children(parent):
            if element.tag == f"{W}p":
                found.extend(self._paragraph(element))
            elif element.tag == f"{W}tbl":
                found.extend(flatten(self._grid(element).grid()))
        if self._held:
            found.append(self._held)
            self._held = ""
        return found

    def notes(self, root: Any | None, kind: str) -> list[str]:
        """Footnotes or endnotes with their numbers; separators are none."""
        if root is None:
            return []
        own = [n for n in root.iterfind(f"{W}{kind}") if n.get(f"{W}type") in (None, "normal")]
        said = [" ".join(self.blocks(n)) for n in own]
        return [f"[{number}] {text}" for number, text in enumerate(said, 1) if text]

    def _paragraph(self, paragraph: Any) -> list[str]:
        boxes: list[Any] = []
        text = self._held + self._text(paragraph, self._fonts_of(paragraph), boxes)
        self._held = ""
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and mark.find(f"{W}del") is not None:
            self._held = text
            return []
        lines = broken(text.split("\n"))
        if lines:
            lines[0] = self._numbering.label(paragraph) + lines[0]
        for box in boxes:
            lines.extend(self.blocks(box))
        return lines

    def _text(self, element: Any, font: str, boxes: list[Any]) -> str:
        """The words of a paragraph, deletions left out; text boxes are collected in ``boxes``."""
        parts: list[str] = []
        stack = [(child, font) for child in reversed(element)]
        while stack:
            here, font = stack.pop()
            tag = here.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag == f"{W}t":
                parts.append(from_font(here.text or "", font))
            elif tag in _BREAKS:
                parts.append("" if here.get(f"{W}type") in ("page", "column") else _BREAKS[tag])
            elif tag == f"{W}sym":
                parts.append(_symbol(here, font))
            elif tag == f"{W}txbxContent":
                boxes.append(here)
            else:
                font = self._run_font(here, font) if tag == f"{W}r" else font
                stack.extend((child, font) for child in reversed(here))
        return "".join(parts)

    def _run_font(self, run: Any, inherited: str) -> str:
        fonts = run.find(f"{W}rPr/{W}rFonts")
        style = _value(run.find(f"{W}rPr/{W}rStyle"))
        name = _ascii_font(fonts) or self._style_fonts.get(style, "")
        if not name:
            return inherited
        encoding = font_encoding(name)
        self.font = encoding.removesuffix("-capitals") or self.font
        return encoding

    def _fonts_of(self, paragraph: Any) -> str:
        style = _value(paragraph.find(f"{W}pPr/{W}pStyle"))
        encoding = font_encoding(self._style_fonts.get(style, "") or self._style_fonts.get("", ""))
        self.font = encoding.removesuffix("-capitals") or self.font
        return encoding

    def _grid(self, table: Any) -> GridBuilder:
        """The cells of a table with their spans; a cell merged downwards is the copy of the one above it."""
        rows = [_cells_of(row) for row in _children(table) if row.tag == f"{W}tr"]
        heights = _heights(rows)
        builder = GridBuilder()
        for r, row in enumerate(rows):
            builder.row()
            for column, width, cell, continues in row:
                if continues and (r, column) not in heights:
                    continue  # filled from above
                text = "\n".join(self.blocks(cell)) if cell is not None else ""
                builder.cell(text, heights.get((r, column), 1), width)
        return builder


_PlacedCell = tuple[int, int, Any, bool]  # column, width, element (None before the first cell), merged with above


def _cells_of(row: Any) -> list[_PlacedCell]:
    if row.find(f"{W}trPr/{W}del") is not None:
        return []  # a row deleted under tracked changes
    before = _value(row.find(f"{W}trPr/{W}gridBefore"))
    column = int(before) if before.isdigit() else 0
    found: list[_PlacedCell] = [(k, 1, None, False) for k in range(min(column, 64))]
    for cell in _children(row):
        if cell.tag != f"{W}tc":
            continue
        span, merge = _value(cell.find(f"{W}tcPr/{W}gridSpan")), cell.find(f"{W}tcPr/{W}vMerge")
        width = max(int(span), 1) if span.isdigit() else 1
        found.append((column, width, cell, merge is not None and _value(merge) != "restart"))
        column += width
    return found


def _heights(rows: list[list[_PlacedCell]]) -> dict[tuple[int, int], int]:
    """Rows that each merged cell spans: (row, column) -> rows. A continuation under nothing opens its own."""
    heights: dict[tuple[int, int], int] = {}
    top: dict[int, int] = {}  # column -> row of the cell that is open
    for r, row in enumerate(rows):
        open_now: dict[int, int] = {}
        for column, _, _, continues in row:
            if continues and column in top:
                heights[top[column], column] = heights.get((top[column], column), 1) + 1
                open_now[column] = top[column]
            else:
                heights.setdefault((r, column), 1)
                open_now[column] = r
        top = open_now
    return heights


def _children(parent: Any) -> list[Any]:
    """Children with content controls, insertions and custom XML opened; a choice's fallback left out."""
    found: list[Any] = []
    stack = list(reversed(parent))
    while stack:
        here = stack.pop()
        if here.tag in (
            f"{W}sdt",
            f"{W}sdtContent",
            f"{W}customXml",
            f"{W}ins",
            f"{W}moveTo",
            f"{_MC}AlternateContent",
            f"{_MC}Choice",
        ):
            stack.extend(reversed(here))
        elif here.tag not in _GONE:
            found.append(here)
    return found


def _symbol(element: Any, font: str) -> str:
    """A character given by its code in a font: a bullet or arrow of a symbol font says nothing."""
    code = element.get(f"{W}char") or ""
    encoding = font_encoding(element.get(f"{W}font") or "") or font
    return from_font(chr(int(code, 16)), encoding) if encoding and re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else " "


def _ascii_font(fonts: Any | None) -> str:
    if fonts is None:
        return ""
    return fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""


def _style_fonts(styles: Any | None) -> dict[str, str]:
    """Style id -> font, through the styles that it is based on; "" is the document's default."""
    if styles is None:
        return {}
    by_id = {s.get(f"{W}styleId"): s for s in styles.iterfind(f"{W}style")}
    default = _ascii_font(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts"))
    normal = next((n for n, s in by_id.items() if s.get(f"{W}default") == "1" and s.get(f"{W}type") == "paragraph"), "")
    fonts: dict[str, str] = {}
    for name in by_id:
        style, seen = name, set()
        while style in by_id and style not in seen and name not in fonts:
            seen.add(style)
            own = _ascii_font(by_id[style].find(f"{W}rPr/{W}rFonts"))
            if own:
                fonts[name] = own
            style = _value(by_id[style].find(f"{W}basedOn"))
    return fonts | {"": fonts.get(normal, default)}


def _letterhead(package: Any, reader: _Reader, paragraphs: list[str]) -> list[str]:
    """Puts a page header that holds the national motto in front, where the text has none."""
    if any(MOTTO.search(p) for p in paragraphs[:30]):
        return paragraphs
    for relation in package.rels.values():
        if relation.reltype.endswith("/header") and not relation.is_external:
            header = reader.blocks(_xml(relation.target_part))
            if any(MOTTO.search(p) for p in header):
                return header + paragraphs
    return paragraphs


def _warnings(body: Any, text: str) -> tuple[Doubt, ...]:
    changes = sum(1 for _ in body.iter(*_CHANGES))
    if not changes:
        return ()
    message = f"{changes} tracked changes are read as accepted: deletions left out, insertions kept"
    return (Doubt("tracked_changes", message, 0, min(len(text), text.find("\n") % (len(text) + 1))),)
