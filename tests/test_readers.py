"""Readers on small files: numbers of lists, tables, tracked changes, pages, old fonts, and what is no plan at all."""

from __future__ import annotations

import io
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import ReadError
from compare.read import read_document
from compare.read.encodings import font_encoding, from_font, is_syllable, unfont
from compare.read.lists import numeral
from compare.read.parts import broken
from compare.read.pdf_lines import in_columns
from compare.read.pdf_page import Run
from compare.read.repair import doubts, mender
from compare.read.tables import GridBuilder, flatten
from tests import render

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _write(tmp_path: Path, name: str, raw: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(raw)
    return str(path)


def _html(tmp_path: Path, body: str, charset: str = "utf-8") -> list[str]:
    raw = f"<!DOCTYPE html><html><head><meta charset='{charset}'></head><body>{body}</body></html>".encode(charset)
    return read_document(_write(tmp_path, "page.html", raw)).text.split("\n\n")


# Lists and numbers ----------------------------------------------------------------------------------------------


@given(st.integers(1, 3999))
def test_roman_numbers_count(value: int) -> None:
    worth = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    digits = [worth[c] for c in numeral(value, "upperRoman")]
    after = [*digits[1:], 0]
    assert sum(-d if d < n else d for d, n in zip(digits, after, strict=True)) == value
    assert numeral(value, "lowerRoman") == numeral(value, "upperRoman").lower()


def test_letters_go_on_after_z() -> None:
    assert [numeral(n, "lowerLetter") for n in (1, 4, 26, 27)] == ["a", "d", "z", "aa"]


def test_html_lists_have_their_numbers(tmp_path: Path) -> None:
    body = "<ol type='I'><li>Mục tiêu<ol start='3'><li>Một<li>Hai</ol><li value='5'>Nhiệm vụ</ol><ul><li>Ba</ul>"
    assert _html(tmp_path, body)[:5] == ["I. Mục tiêu", "3. Một", "4. Hai", "V. Nhiệm vụ", "- Ba\n"]


# DOCX -----------------------------------------------------------------------------------------------------------


def _docx(tmp_path: Path, paragraphs: str, parts: dict[str, str] | None = None, levels: str = "") -> str:
    """A Word file whose body and parts are given as XML."""
    import docx

    out = io.BytesIO()
    docx.Document().save(out)
    source, path = zipfile.ZipFile(out), tmp_path / "plan.docx"
    with zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "word/document.xml":
                text = f"<w:document {W}><w:body>{paragraphs}</w:body></w:document>".encode()
            if name == "word/numbering.xml" and levels:
                text = f"<w:numbering {W}>{levels}</w:numbering>".encode()
            if name == "word/_rels/document.xml.rels" and parts:
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                extra = "".join(
                    f'<Relationship Id="x{n}" Type="{kind}{p}" Target="{p}.xml"/>' for n, p in enumerate(parts)
                )
                text = text.replace(b"</Relationships>", f"{extra}</Relationships>".encode())
            target.writestr(name, text)
        for part, content in (parts or {}).items():
            target.writestr(f"word/{part}.xml", content)
    return str(path)


def _p(words: str, level: int = -1, number: int = 1) -> str:
    numbered = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return f"<w:p>{numbered if level >= 0 else ''}<w:r><w:t>{words}</w:t></w:r></w:p>"


def _level(depth: int, style: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


LEVELS = (
    '<w:abstractNum w:abstractNumId="1">'
    + _level(0, "upperRoman", "%1.")
    + _level(1, "decimal", "%2.")
    + _level(2, "decimal", "%2.%3")
    + _level(3, "lowerLetter", "%4)")
    + _level(4, "bullet", "\uf02d")
    + "</w:abstractNum>"
    + '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="7"/>'
    + "</w:lvlOverride></w:num>"
)


def test_docx_numbers_are_those_that_a_reader_sees(tmp_path: Path) -> None:
    items = [
        ("A", 0),
        ("B", 1),
        ("C", 2),
        ("D", 2),
        ("E", 3),
        ("F", 3),
        ("G", 4),
        ("H", 1),
        ("K", 2),
        ("L", 0),
        ("M", 1),
    ]
    text = read_document(_docx(tmp_path, "".join(_p(w, n) for w, n in items), levels=LEVELS)).text
    assert text.split() == [
        "I.",
        "A",
        "1.",
        "B",
        "1.1",
        "C",
        "1.2",
        "D",
        "a)",
        "E",
        "b)",
        "F",
        "-",
        "G",
        "2.",
        "H",
        "2.1",
        "K",
        "II.",
        "L",
        "1.",
        "M",
    ]


def test_docx_start_of_a_list_can_be_overridden(tmp_path: Path) -> None:
    body = _p("A", 1) + _p("B", 1) + _p("C", 1, 2) + _p("D", 1, 2)
    assert read_document(_docx(tmp_path, body, levels=LEVELS)).text.split() == [
        "1.",
        "A",
        "2.",
        "B",
        "7.",
        "C",
        "8.",
        "D",
    ]


def test_docx_tracked_changes_are_accepted_with_a_warning(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t xml:space='preserve'>Sở Tài chính chủ trì </w:t></w:r>"
        "<w:del><w:r><w:delText>trước ngày 01/5/2025</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>trước ngày 30/6/2025</w:t></w:r></w:ins></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>Nối </w:t></w:r></w:p>" + _p("liền")
    )
    document = read_document(_docx(tmp_path, body))
    assert document.text == "Sở Tài chính chủ trì trước ngày 30/6/2025\n\nNối liền\n"
    assert [w.code for w in document.warnings] == ["tracked_changes"] and "3 tracked" in document.warnings[0].message


def test_docx_notes_and_text_boxes_are_not_lost(tmp_path: Path) -> None:
    box = f"<w:r><w:pict><w:txbxContent>{_p('Trong khung')}</w:txbxContent></w:pict></w:r>"
    body = f"<w:p><w:r><w:t>Thân bài</w:t><w:footnoteReference w:id='2'/></w:r>{box}</w:p>" + _p("Hết")
    notes = f"<w:footnotes {W}><w:footnote w:type='separator' w:id='0'>{_p('x')}</w:footnote><w:footnote w:id='2'>{_p('Chú thích')}</w:footnote></w:footnotes>"
    text = read_document(_docx(tmp_path, body, {"footnotes": notes})).text
    assert text.split("\n\n") == ["Thân bài", "Trong khung", "Hết", "[1] Chú thích\n"]


def test_docx_runs_in_old_fonts_are_converted(tmp_path: Path) -> None:
    def run(font: str, words: str) -> str:
        return f"<w:r><w:rPr><w:rFonts w:ascii='{font}'/></w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r>"

    vni = render.to_font("Thái Bình", "vni").decode("cp1252")
    tcvn = render.to_font("tỉnh Hải Phòng, ", "tcvn3").decode("cp1252")
    body = f"<w:p>{run('.VnTimeH', 'ñy ban ')}{run('.VnTime', tcvn)}{run('VNI-Times', vni)}{run('Arial', ' và Hà Nội')}</w:p>"
    assert read_document(_docx(tmp_path, body)).text == "ỦY BAN tỉnh Hải Phòng, Thái Bình và Hà Nội\n"


# Tables ---------------------------------------------------------------------------------------------------------


def _table(rows: list[list[tuple[str, int, int]]]) -> list[str]:
    builder = GridBuilder()
    for row in rows:
        builder.row()
        for words, rowspan, colspan in row:
            builder.cell(words, rowspan, colspan)
    return [line for line in flatten(builder.grid()) if line]


def _plain(*cells: str) -> list[tuple[str, int, int]]:
    return [(c, 1, 1) for c in cells]


def test_merged_cells_are_carried_down_and_empty_ones_kept() -> None:
    head = _plain("TT", "Nhiệm vụ", "Chủ trì", "Sản phẩm")
    body = [[("1.", 1, 1), ("Lập đề án", 1, 1), ("Sở Y tế", 2, 1), ("Đề án", 1, 1)], _plain("2.", "Xây trạm", "")]
    assert _table([head, *body]) == [
        "| TT | Nhiệm vụ | Chủ trì | Sản phẩm |",
        "| 1 | Lập đề án | Sở Y tế | Đề án |",
        "| 2 | Xây trạm | Sở Y tế |  |",
    ]


def test_heading_of_two_levels_becomes_one() -> None:
    top = [("TT", 2, 1), ("Nhiệm vụ", 2, 1), ("Cơ quan thực hiện", 1, 2)]
    rows = [top, _plain("Chủ trì", "Phối hợp"), _plain("(1)", "(2)", "(3)", "(4)"), _plain("1", "Việc", "Sở A", "Sở B")]
    assert _table(rows) == ["| TT | Nhiệm vụ | Chủ trì | Phối hợp |", "| 1 | Việc | Sở A | Sở B |"]


def test_row_split_over_two_is_joined_and_repeated_heading_dropped() -> None:
    head = _plain("TT", "Nhiệm vụ", "Chủ trì")
    rows = [
        head,
        _plain("1", "Xây dựng đề án phát triển", "Sở Nông nghiệp"),
        head,
        _plain("", "vùng nguyên liệu", "và Môi trường"),
    ]
    assert _table(rows)[1:] == ["| 1 | Xây dựng đề án phát triển vùng nguyên liệu | Sở Nông nghiệp và Môi trường |"]


def test_title_of_a_group_is_no_content() -> None:
    rows = [
        _plain("TT", "Nhiệm vụ", "Chủ trì"),
        [("II. Kinh tế", 1, 3)],
        [("Nhóm khác", 1, 3)],
        _plain("1", "Việc", "Sở A"),
    ]
    assert _table(rows)[1:] == ["| II | Kinh tế |  |", "| Nhóm khác |  |  |", "| 1 | Việc | Sở A |"]


def test_letterhead_is_read_cell_by_cell(tmp_path: Path) -> None:
    left = "<td><p>ỦY BAN NHÂN DÂN<br>TỈNH SƠN LA</p><p>Số: 1/KH-UBND</p></td>"
    right = "<td><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p>Sơn La, ngày 02 tháng 01 năm 2025</p></td>"
    said = _html(tmp_path, f"<table><tr>{left}{right}</tr></table><p>KẾ HOẠCH</p>")
    assert [s.split()[0] for s in said] == ["ỦY", "TỈNH", "Số:", "CỘNG", "Sơn", "KẾ"]


def test_broken_lines_go_on_in_lower_case() -> None:
    lines = ["Sở Tài chính,", "Sở Y tế chủ trì", "phối hợp", "- một việc", "Điều 1."]
    assert broken(lines) == ["Sở Tài chính, Sở Y tế chủ trì phối hợp", "- một việc", "Điều 1."]


# PDF ------------------------------------------------------------------------------------------------------------


def test_two_columns_are_read_left_first() -> None:
    rows = [
        ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI", 700),
        ("TỈNH SƠN LA", "Độc lập - Tự do", 685),
        ("Số: 1", "Sơn La, ngày", 670),
    ]
    runs = [Run(w, x, x + 6 * len(w), y, 12.0) for a, b, y in rows for w, x in ((a, 60), (b, 300))]
    blocks = in_columns([*runs, Run("KẾ HOẠCH PHÁT TRIỂN KINH TẾ XÃ HỘI NĂM", 120, 480, 640, 12.0)])
    assert [ln.text for b in blocks for ln in b.lines] == [r[0] for r in rows] + [r[1] for r in rows] + [
        "KẾ HOẠCH PHÁT TRIỂN KINH TẾ XÃ HỘI NĂM"
    ]


def test_torn_syllables_are_joined_where_that_is_safe() -> None:
    text = "ĐIỀ U KHO ẢN THI HÀNH theo khoản 1; quy hoạch B an toàn; Phụ lục B và Y tế"
    assert mender(text)(text) == "ĐIỀU KHOẢN THI HÀNH theo khoản 1; quy hoạch B an toàn; Phụ lục B và Y tế"


@pytest.mark.parametrize("path", sorted(render.EDITIONS.glob("*.txt")), ids=lambda p: p.stem)
def test_whole_text_is_left_alone(path: Path) -> None:
    """Only the pairs that stand torn apart in the edition itself are joined: at most a handful, all syllables."""
    text = path.read_text(encoding="utf-8")
    before, after = text.split(), mender(text)(text).split()
    joined = list(set(after) - set(before))
    assert len(before) - len(after) <= 5 and all(is_syllable(w.strip(".,;")) for w in joined)
    assert len(doubts(after and " ".join(after))) <= 5


def _picture(tmp_path: Path) -> str:
    import matplotlib.figure

    figure = matplotlib.figure.Figure()
    figure.figimage([[0.0, 1.0] * 50] * 100)
    path = tmp_path / "scan.pdf"
    figure.savefig(path)
    return str(path)


def test_scan_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # whatever is installed here, as on a machine without tesseract
    with pytest.raises(ReadError, match=r"a scan: 1 of 1 pages .*tesseract-ocr-vie"):
        read_document(_picture(tmp_path))


def test_pdf_with_password(tmp_path: Path) -> None:
    if render.office() is None:
        pytest.skip("no LibreOffice on this machine to make a PDF with a password")
    raw = render.to_pdf_by_office([("prose", "Sở Tài chính chủ trì.")], password="mật")
    with pytest.raises(ReadError, match="a PDF with a password; save it without"):
        read_document(_write(tmp_path, "secret.pdf", raw))


# Encodings ------------------------------------------------------------------------------------------------------


@given(
    st.lists(
        st.sampled_from(
            [
                "Ủy",
                "ban",
                "nhân",
                "dân",
                "tỉnh",
                "Thanh",
                "Hóa",
                "được",
                "quyết",
                "định",
                "trưởng",
                "giữ",
                "nguyễn",
                "ỵ",
            ]
        ),
        min_size=1,
    )
)
def test_vni_is_read_back(words: list[str]) -> None:
    text = " ".join(words)
    assert from_font(render.to_font(text, "vni").decode("cp1252"), "vni") == text
    small = text.lower()
    assert from_font(render.to_font(small, "tcvn3").decode("latin-1"), "tcvn3").lower() == small


def test_tcvn3_capitals_are_told_by_what_stands_beside_them() -> None:
    text = "QUYẾT ĐỊNH VỀ NHIỆM VỤ, Ở TỈNH\n\nSố 5 của Ủy ban. Ưu tiên Tổ chức."
    typed = render.to_font(text, "tcvn3").decode("latin-1")
    assert from_font(typed, "tcvn3") == text.replace("Ủy", "ủy")


def test_other_texts_are_left_alone() -> None:
    for text in (
        "Företagens åtgärder för hållbar utveckling är många",
        "Crème brûlée à la façon de Noël et d'été",
        "Sở Y tế",
    ):
        assert unfont(text) == (text, "")
    assert font_encoding("Times New Roman") == font_encoding("") == ""


def test_page_in_a_declared_and_an_undeclared_encoding(tmp_path: Path) -> None:
    words = "Sở Tài chính chủ trì, phối hợp với Sở Y tế thẩm định kế hoạch trước ngày 30/6/2025."
    body = "<html><head>{}</head><body><p>" + words + "</p></body></html>"
    for name, raw in (
        ("declared", render.to_cp1258(body.format('<meta charset="windows-1258">'))),
        ("undeclared", render.to_cp1258(body.format(""))),
        ("wrong", body.format('<meta charset="iso-8859-1">').encode()),
        ("font", render.to_font(body.format(""), "tcvn3")),
        ("vni", render.to_font(body.format('<meta charset="x-user-defined">'), "vni")),
        ("wide", body.format("").encode("utf-16")),
    ):
        text = read_document(_write(tmp_path, f"{name}.html", raw)).text
        assert unicodedata.normalize("NFC", text) == words + "\n", name


# Limits ---------------------------------------------------------------------------------------------------------


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def _pages(count: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(300, 300)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


BAD = {
    "bomb.docx": (lambda: _zip(**{"word/document.xml": b" " * 70_000_000}), "unpacks to more than 60 MB"),
    "none.docx": (lambda: b"PK\x03\x04" + b"x" * 500, "cut short or no zip"),
    "sheet.docx": (lambda: _zip(**{"xl/workbook.xml": b"<a/>"}), "an Excel workbook, not a Word file"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "Word 97-2003"),
    "locked.docx": (lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "with a password"),
    "deep.html": (lambda: b"<html><body>" + b"<div>" * 100_000 + b"x", "nested more than 2,000 deep"),
    "spans.html": (lambda: b"<html><body>" + b"<span>x" * 100_000, "nested more than 2,000 deep"),
    "large.html": (lambda: b"<html><body>" + b"<p>x</p>\n" * 7_000_000, "more than 60 MB"),
    "empty.html": (lambda: b"<html><body><script>x</script></body></html>", "without text"),
    "many.pdf": (lambda: _pages(2_001), "2,001 pages"),
    "blank.pdf": (lambda: _pages(2), "a PDF without text"),
    "cut.pdf": (lambda: _pages(5)[:300], "ends in the middle"),
    "broken.pdf": (lambda: b"%PDF-1.7\n" + b"x" * 99 + b"%%EOF", "a broken PDF"),
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a PNG picture"),
    "binary.txt": (lambda: bytes(range(256)) * 20, "binary data"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_plan_is_answered_in_one_line(name: str, tmp_path: Path) -> None:
    make, message = BAD[name]
    with pytest.raises(ReadError) as caught:
        read_document(_write(tmp_path, name, make()))
    said = str(caught.value)
    assert message in said and "\n" not in said and ";" in said and len(said) < 400


def test_suffix_that_lies(tmp_path: Path) -> None:
    blocks: list[render.Block] = [("prose", "Sở Tài chính chủ trì thẩm định.")]
    for name, raw, kind in (
        ("a.txt", render.to_docx(blocks), "docx"),
        ("b.docx", render.to_html(blocks), "html"),
        ("c.pdf", "Sở Tài chính chủ trì.".encode(), "text"),
        ("d.html", "Sở Tài chính chủ trì.".encode(), "text"),
    ):
        assert read_document(_write(tmp_path, name, raw)).format == kind


def test_spans_without_end_stay_small(tmp_path: Path) -> None:
    rows = "<tr><td colspan=9999 rowspan=9999>TT</td><td>x</td></tr>" * 500
    assert len(read_document(_write(tmp_path, "x.html", f"<html><table>{rows}</table></html>".encode())).text) < 200_000


def test_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml.etree", None)
    with pytest.raises(ReadError, match=r"reading HTML needs lxml; pip install plandiff"):
        read_document(_write(tmp_path, "x.html", b"<html><body><p>x</p></body></html>"))
