"""Renders the text editions to the formats that people have: HTML, DOCX, PDF, old encodings.

The edition itself says what is a heading, an item or a table: its paragraphs and annex rows are taken from the
structure stage, so that a table is rendered with the cells that its text edition is read with.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from compare.normalise import squeeze, working
from compare.read import read_document
from compare.records import TableRow
from compare.structure.outline import outline

EDITIONS = Path(__file__).parent.parent / "data" / "editions"
HEADINGS = {
    "number": "Số TT",
    "content": "Nội dung",
    "lead": "Đơn vị chủ trì",
    "coordinate": "Đơn vị phối hợp",
    "product": "Sản phẩm",
    "due": "Thời gian",
}


@dataclass
class Table:
    """Rows of an annex, each with its group's title; ``columns`` in the order of the edition's heading."""

    columns: list[str]
    rows: list[tuple[str, str, list[str]]] = field(default_factory=list)  # number, group, cells


Block = tuple[str, str] | Table  # (kind, words): kind is admin, heading, item, prose, title ...


def blocks_of(edition: Path) -> list[Block]:
    """The edition's paragraphs with its annex table as one block."""
    text = working(read_document(str(edition)).text).text
    shape = outline(text)
    by_content = {r.cell("content").start: r for r in shape.rows}  # type: ignore[union-attr]
    found: list[Block] = []
    table: Table | None = None
    for p in shape.paragraphs:
        words = squeeze(text[p.start : p.end])
        if p.kind != "cell":
            table = None
            found.append((p.kind, words))
            continue
        if table is None:
            table = Table(["content", *[c for c in HEADINGS if c not in ("number", "content")]])
            found.append(table)
        row = by_content.get(p.start)
        if row is not None:
            table.rows.append((row.number, row.group, _cells(text, row, table.columns)))
    return found


def _cells(text: str, row: TableRow, columns: list[str]) -> list[str]:
    return [squeeze(text[c.start : c.end]) if (c := row.cell(name)) else "" for name in columns]


def grouped(table: Table) -> list[tuple[str, str, list[str] | None]]:
    """The table's rows as written: a group's own row (number, title, None), then its rows numbered from 1."""
    found: list[tuple[str, str, list[str] | None]] = []
    open_group = ""
    for number, group, cells in table.rows:
        if "." in number and group != open_group:
            found.append((number.split(".")[0], group, None))
        open_group = group if "." in number else ""
        found.append((number.split(".")[-1], group, cells))
    return found


# HTML -----------------------------------------------------------------------------------------------------------

_PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="{charset}"><title>{title} - Cổng pháp luật</title>
<style>.x {{ color: red }}</style><script>var quangCao = "Sở Tài chính chủ trì";</script></head><body>
<header><a href="/">Trang chủ</a> <a href="/vb">Văn bản</a> <a href="/tin">Tin tức</a></header>
<div class="c1"><div class="c2"><ul>{menu}</ul></div>
<div class="c3"><div class="c4">{body}</div>
<div class="c5"><h3>Bình luận (2)</h3><div><p>Đề nghị UBND tỉnh sớm giải quyết việc này trước ngày 01/01/2030, xin cảm ơn.</p>
<p>Bài viết rất hữu ích cho người dân trong tỉnh.</p></div></div></div>
<div class="c6"><h3>Văn bản liên quan</h3><ul>{related}</ul></div></div>
<footer><p>Bản quyền thuộc Cổng pháp luật. Giấy phép số 12/GP-TTĐT. Điện thoại 0123.</p></footer></body></html>
"""


def to_html(blocks: list[Block], charset: str = "utf-8") -> bytes:
    """A page as of a law portal, with navigation, related documents and comments around the text."""
    body = "\n".join(_html_block(b) for b in _with_letterhead(blocks))
    links = "".join(f'<li><a href="/{n}">Quyết định số {n}/QĐ-UBND về nhiệm vụ năm 2024</a></li>' for n in range(1, 12))
    title = next((words for kind, words in (b for b in blocks if isinstance(b, tuple)) if kind == "title"), "Kế hoạch")
    page = _PAGE.format(charset=charset, title=html.escape(title), menu=links, body=body, related=links)
    return page.encode(charset, "xmlcharrefreplace")


def _html_block(block: Block | list[list[str]]) -> str:
    if isinstance(block, Table):
        return _html_table(block)
    if isinstance(block, list):
        cells = "".join(f'<td width="50%" valign="top">{_html_lines(cell)}</td>' for cell in block)
        return f'<table border="0"><tr>{cells}</tr></table>'
    kind, words = block
    said = html.escape(words)
    return f"<p><b>{said}</b></p>" if kind in ("heading", "title") else f"<p>{said}</p>"


def _html_lines(lines: list[str]) -> str:
    return '<p align="center"><b>' + "<br>\n".join(map(html.escape, lines)) + "</b></p>"


def _html_table(table: Table) -> str:
    """Rows with equal leads in a run are one merged cell, groups a cell over the whole width."""
    rows = grouped(table)
    spans = _runs([cells[1] if cells else "" for _, _, cells in rows])
    head = "".join(f"<th>{HEADINGS[c]}</th>" for c in ("number", *table.columns))
    out = [f"<thead><tr>{head}</tr></thead>"]
    for i, (number, group, cells) in enumerate(rows):
        if cells is None:
            out.append(
                f'<tr><td><b>{number}</b></td><td colspan="{len(table.columns)}"><b>{html.escape(group)}</b></td></tr>'
            )
            continue
        tds = [f"<td>{number}</td>"]
        for k, cell in enumerate(cells):
            span = spans[i] if k == 1 else 1
            if span:
                merged = f' rowspan="{span}"' if span > 1 else ""
                tds.append(f"<td{merged}><p>{html.escape(cell)}</p></td>")
        out.append(f"<tr>{''.join(tds)}</tr>")
    return f'<table border="1">{"".join(out)}</table>'


def _runs(values: list[str]) -> list[int]:
    """For each value the length of the run of equal ones that it opens, 0 inside a run; empty values stand alone."""
    found: list[int] = []
    for i, value in enumerate(values):
        if value and i and values[i - 1] == value:
            found.append(0)
            continue
        n = 1
        while value and i + n < len(values) and values[i + n] == value:
            n += 1
        found.append(n)
    return found


def _with_letterhead(blocks: list[Block]) -> list[Block | list[list[str]]]:
    """The first run of letterhead paragraphs as a table of two columns, as documents have it."""
    first = next((i for i, b in enumerate(blocks) if b[0] == "admin"), None) if _has_letterhead(blocks) else None
    if first is None:
        return list(blocks)
    end = first
    while end < len(blocks) and isinstance(blocks[end], tuple) and blocks[end][0] == "admin":  # type: ignore[index]
        end += 1
    lines = [words for _, words in blocks[first:end]]  # type: ignore[misc]
    right = [w for w in lines if re.search(r"(?i)cộng hòa|chủ nghĩa|độc lập|ngày \d", w)]
    return [*blocks[:first], [[w for w in lines if w not in right], right], *blocks[end:]]


def _has_letterhead(blocks: list[Block]) -> bool:
    return any(isinstance(b, tuple) and "độc lập" in b[1].lower() for b in blocks[:20])


# DOCX -----------------------------------------------------------------------------------------------------------

_AUTO = (
    (re.compile(r"([IVX]+)\.\s+"), "upperRoman", "%1."),
    (re.compile(r"(\d{1,2})\.\s+"), "decimal", "%2."),
    (re.compile(r"(\d{1,2}\.\d{1,2})\.?\s+"), "decimal", "%2.%3."),
    (re.compile(r"([a-zđ])\)\s+"), "lowerLetter", "%4)"),
    (re.compile(r"(-)\s+"), "bullet", "-"),
)


def to_docx(blocks: list[Block], automatic: bool = True) -> bytes:
    """A Word file: automatic numbering where counting from 1 gives the edition's numbers, merged cells in tables."""
    import docx

    document = docx.Document()
    counter = _Counter(document) if automatic else None
    for block in _with_letterhead(blocks):
        if isinstance(block, Table):
            _docx_table(document, block)
        elif isinstance(block, list):
            table = document.add_table(rows=1, cols=2)
            for cell, lines in zip(table.rows[0].cells, block, strict=True):
                cell.text = "\n".join(lines)
        elif counter is None or not counter.add(block[1]):
            document.add_paragraph(block[1])
    out = BytesIO()
    document.save(out)
    return out.getvalue()


class _Counter:
    """Adds paragraphs with Word's own numbers, as long as these are the ones that the text has."""

    def __init__(self, document) -> None:  # type: ignore[no-untyped-def]
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self.document = document
        self.counts = [0] * len(_AUTO)
        levels = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for i, (_, style, text) in enumerate(_AUTO)
        )
        numbering = document.part.numbering_part.element
        abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="900">{levels}</w:abstractNum>')
        numbering.insert(0, abstract)
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="900"><w:abstractNumId w:val="900"/></w:num>'))

    def add(self, words: str) -> bool:
        from compare.read.lists import numeral

        for depth, (pattern, _, text) in enumerate(_AUTO):
            m = pattern.match(words)
            if m is None:
                continue
            counts = self.counts[: depth + 1]
            counts[depth] += 1
            said = text
            for k, count in enumerate(counts):
                said = said.replace(f"%{k + 1}", numeral(max(count, 1), _AUTO[k][1]))
            if said.rstrip(".)") != words[: m.end()].strip().rstrip(".)"):
                return False
            self.counts = [max(c, 1) for c in counts] + [0] * (len(_AUTO) - depth - 1)
            self._paragraph(words[m.end() :], depth)
            return True
        return False

    def _paragraph(self, words: str, depth: int) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        properties = self.document.add_paragraph(words)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="900"/></w:numPr>')
        )


def _docx_table(document, table: Table) -> None:  # type: ignore[no-untyped-def]
    rows = grouped(table)
    spans = _runs([cells[1] if cells else "" for _, _, cells in rows])
    grid = document.add_table(rows=len(rows) + 1, cols=len(table.columns) + 1, style="Table Grid")
    lines = [list(row.cells) for row in grid.rows]
    for cell, column in zip(lines[0], ("number", *table.columns), strict=True):
        cell.text = HEADINGS[column]
    for i, (number, group, cells) in enumerate(rows):
        line = lines[i + 1]
        line[0].text = number
        if cells is None:
            line[1].merge(line[-1]).text = group
            continue
        for k, words in enumerate(cells):
            if k != 1 or spans[i] == 1:
                line[k + 1].text = words
            elif spans[i] > 1:
                line[2].merge(lines[i + spans[i]][2]).text = words


# PDF ------------------------------------------------------------------------------------------------------------


def browser() -> str | None:
    """A program that prints HTML to PDF."""
    return next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)


def office() -> str | None:
    """LibreOffice, which turns DOCX into PDF."""
    return next((p for n in ("soffice", "libreoffice") if (p := shutil.which(n))), None)


_PRINT = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><style>
@page {{ size: A4 {orientation}; margin: 20mm }} body {{ font: 13pt "Liberation Serif", "DejaVu Serif", serif }}
p {{ text-align: justify; margin: 0 0 6pt; text-indent: 1cm }} td p {{ text-indent: 0 }}
table {{ border-collapse: collapse; width: 100% }} table[border="1"] td, th {{ border: 1px solid black; padding: 3px }}
</style></head><body>{body}</body></html>"""


def to_pdf_by_browser(blocks: list[Block], landscape: bool = False) -> bytes:
    """Printed by headless Chromium, with its own header and footer (title, date, page numbers)."""
    body = "\n".join(_html_block(b) for b in _with_letterhead(blocks))
    page = _PRINT.format(orientation="landscape" if landscape else "portrait", body=body)

    def run(folder: Path) -> Path:
        (folder / "in.html").write_text(page, encoding="utf-8")
        command = [browser() or "", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += [f"--print-to-pdf={folder}/out.pdf", (folder / "in.html").as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return folder / "out.pdf"

    return _in_folder(run)


def to_pdf_by_office(blocks: list[Block], password: str = "") -> bytes:
    """Converted from DOCX by LibreOffice; with a password to open it where one is given."""
    secret = f'"DocumentOpenPassword":{{"type":"string","value":"{password}"}}'
    options = f':writer_pdf_Export:{{"EncryptFile":{{"type":"boolean","value":"true"}},{secret}}}' if password else ""

    def run(folder: Path) -> Path:
        (folder / "in.docx").write_bytes(to_docx(blocks))
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office() or "", profile, "--headless", "--convert-to", "pdf" + options, "--outdir", str(folder)]
        subprocess.run([*command, str(folder / "in.docx")], check=True, capture_output=True, timeout=180)
        return folder / "in.pdf"

    return _in_folder(run)


def _in_folder(run: Callable[[Path], Path]) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        return run(Path(name)).read_bytes()


# Encodings ------------------------------------------------------------------------------------------------------


def to_font(text: str, encoding: str) -> bytes:
    """Text in TCVN3 (capitals with tones become small letters, as typed with its fonts) or VNI."""
    from compare.lexicon import read_lexicon

    table = {
        r["character"]: bytes.fromhex(r["bytes"]) for r in read_lexicon("font_encodings") if r["encoding"] == encoding
    }
    out = bytearray()
    for c in unicodedata.normalize("NFC", text):
        out += table.get(c) or table.get(c.lower()) or c.encode("cp1252", "replace")
    return bytes(out)


def to_cp1258(text: str) -> bytes:
    """Windows-1258: tones as combining marks behind their letters."""
    out = bytearray()
    for c in unicodedata.normalize("NFC", text):
        try:
            out += c.encode("cp1258")
        except UnicodeEncodeError:
            out += _decomposed(c).encode("cp1258", "replace")
    return bytes(out)


def _decomposed(c: str) -> str:
    """A letter with its tone apart and its other mark on: "ấ" is "â" and an acute."""
    plain = unicodedata.normalize("NFD", c)
    tone = "".join(m for m in plain if m in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(m for m in plain if m not in tone)) + tone
