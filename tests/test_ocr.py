"""Scans: what is missing is named; with tesseract its words go through the machinery of pages with a text layer.

Where tesseract is not installed a stand-in takes its place: an executable that answers as tesseract does, so that
pytesseract and all that follows run as they are.
"""

from __future__ import annotations

import ctypes
import io
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from compare.errors import ReadError
from compare.pipeline import read_plan
from compare.read import ocr, read_document
from compare.read.ocr import Word, runs_of, tables_of, usual_size, words_of
from tests import render
from tests.test_formats import facts

EDITION = render.EDITIONS / "thanh-hoa-2025-kh-63.txt"
ANNEX = render.EDITIONS / "thanh-hoa-2021-qd-2999.txt"
HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
A4 = (595, 842)
_PROGRAM = """#!{python}
import pathlib, sys
here = pathlib.Path(__file__).parent
if "--list-langs" in sys.argv:
    print('List of available languages in "/usr/share/tessdata/" ({count}):', {languages!r}, sep="\\n")
elif "--version" in sys.argv:
    print("tesseract 5.3.4")
else:
    n = len(list(here.glob("*.asked")))
    (here / f"{{n}}.asked").write_text(" ".join(sys.argv[3:]) + "\\n" + pathlib.Path(sys.argv[1]).suffix)
    table = here / f"{{n}}.tsv"
    if not table.exists():
        sys.exit("Error in pixReadStream: the image is not to be read")
    pathlib.Path(sys.argv[2] + ".tsv").write_bytes(table.read_bytes())
"""


class Standin(NamedTuple):
    """The folder of the program; ``n.tsv`` is its answer when it is asked for the ``n``-th time."""

    folder: Path

    def answers(self, *tables: str) -> None:
        for n, table in enumerate(tables):
            (self.folder / f"{n}.tsv").write_text(table, encoding="utf-8")

    def asked(self) -> list[str]:
        return [p.read_text() for p in sorted(self.folder.glob("*.asked"), key=lambda p: int(p.stem))]


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch, languages: str = "eng\nosd\nvie") -> Standin:
    folder.mkdir()
    program = folder / "tesseract"
    count = languages.count("\n") + 1
    program.write_text(_PROGRAM.format(python=sys.executable, languages=languages, count=count))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return Standin(folder)


@pytest.fixture
def standin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Standin:
    if sys.platform == "win32":
        pytest.skip("a script is no program on Windows")
    return _install(tmp_path / "bin", monkeypatch)


def _table(*lines: tuple[float, float, str], size: float = 13, sure: float = 95) -> str:
    """Tesseract's table for lines that begin at x and stand on y (points from the lower left corner) of an A4 page."""
    rows = [HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t2479\t3508\t-1\t"]
    px = ocr._DPI / 72
    for n, (x, y, text) in enumerate(lines, 1):
        rows.append(f"4\t1\t1\t1\t{n}\t0\t0\t0\t9\t9\t-1\t")
        for k, word in enumerate(text.split(), 1):
            above, below = ocr._extent(word)
            width = 0.45 * size * len(word)
            box = (x * px, (A4[1] - y - above * size) * px, width * px, (above + below) * size * px)
            rows.append(f"5\t1\t1\t1\t{n}\t{k}\t" + "\t".join(f"{v:.0f}" for v in box) + f"\t{sure:.6f}\t{word}")
            x += width + 0.25 * size
    return "\n".join(rows) + "\n"


def _pictures(count: int = 1) -> bytes:
    """A PDF of grey pictures, each the size of an A4 page."""
    from PIL import Image

    pages = [Image.new("L", A4, 200 + n) for n in range(count)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=72, save_all=True, append_images=pages[1:])
    return out.getvalue()


def _saved(tmp_path: Path, raw: bytes) -> str:
    path = tmp_path / "scan.pdf"
    path.write_bytes(raw)
    return str(path)


# What is missing --------------------------------------------------------------------------------------------------


def test_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadError, match=r"a scan: 2 of 2 pages .*install the program tesseract .*tesseract-ocr-vie"):
        read_document(_saved(tmp_path, _pictures(2)))


def test_missing_language_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path / "bin", monkeypatch, "eng\nosd")
    with pytest.raises(ReadError, match=r"install tesseract's language data vie \(apt install tesseract-ocr-vie\)$"):
        read_document(_saved(tmp_path, _pictures()))


def test_missing_package_is_named(standin: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pytesseract", None)
    with pytest.raises(ReadError, match=r"install the package pytesseract \(pip install 'plandiff\[ocr\]'\)$"):
        read_document(_saved(tmp_path, _pictures()))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "program tesseract" in ocr.missing() and "plandiff[ocr]" in ocr.missing()
    assert not standin.asked()


def test_nothing_is_missing(standin: Standin) -> None:
    pytest.importorskip("pytesseract")
    assert ocr.missing() == ""


# Pages ------------------------------------------------------------------------------------------------------------

FIRST = (
    (290, 800, "1"),
    (60, 780, "KẾ HOẠCH CỦA TỈNH"),
    (60, 700, "1. Sở Tài chính chủ trì, phối hợp với các sở, ban, ngành và Ủy ban nhân dân các xã rà soát"),
    (60, 680, "kế hoạch đầu tư công, trình Ủy ban nhân dân tỉnh trước ngày 30 tháng 6 năm 2025 và giao"),
)
SECOND = ((290, 800, "2"), (60, 760, "vốn cho các đơn vị."), (60, 740, "2. Sở Y tế chủ trì."))


def test_words_become_paragraphs_over_pages(standin: Standin, tmp_path: Path) -> None:
    """Page numbers are gone, lines are joined over the end of the page, and the pages are where they begin."""
    pytest.importorskip("pytesseract")
    standin.answers(_table(*FIRST), _table(*SECOND, sure=60))
    document = read_document(_saved(tmp_path, _pictures(2)))
    heading, first, second = document.text.rstrip("\n").split("\n\n")
    assert heading == "KẾ HOẠCH CỦA TỈNH"
    assert first == f"{FIRST[2][2]} {FIRST[3][2]} vốn cho các đơn vị."
    assert second == "2. Sở Y tế chủ trì."
    assert document.pages == (0, document.text.index("vốn cho"))
    [note] = document.warnings
    assert (note.code, note.start) == ("scanned_pages", 0)
    assert note.message.startswith("2 scanned pages read by tesseract") and "low on page 2 (60)" in note.message
    assert all("-l vie" in said and "--dpi 300" in said for said in standin.asked())


def test_only_bare_pages_are_read(standin: Standin, tmp_path: Path) -> None:
    pytest.importorskip("pytesseract")
    standin.answers(_table((290, 800, "2"), (60, 760, "1. Sở Nội vụ chủ trì."), (60, 740, "2. Sở Y tế chủ trì.")))
    document = read_document(_saved(tmp_path, _mixed()))
    assert len(standin.asked()) == 1
    assert document.text == "A page with a text layer of its own.\n\n1. Sở Nội vụ chủ trì.\n\n2. Sở Y tế chủ trì.\n"
    assert [document.text[at:].split()[0] for at in document.pages] == ["A", "1."]
    assert [(w.code, w.start) for w in document.warnings] == [("scanned_pages", document.pages[1])]


def test_mixed_without_tesseract_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    document = read_document(_saved(tmp_path, _mixed()))
    [note] = document.warnings
    assert note.code == "page_without_text" and "page 2" in note.message and "tesseract-ocr-vie" in note.message


def _mixed() -> bytes:
    """A page with a text layer, then a picture."""
    import matplotlib.figure
    import pypdfium2

    figure = matplotlib.figure.Figure(figsize=(A4[0] / 72, A4[1] / 72))
    figure.text(0.1, 0.5, "A page with a text layer of its own.", size=12)
    out = io.BytesIO()
    figure.savefig(out, format="pdf")
    document, scan = pypdfium2.PdfDocument(out.getvalue()), pypdfium2.PdfDocument(_pictures())
    document.import_pages(scan)
    whole = io.BytesIO()
    document.save(whole)
    scan.close()
    document.close()
    return whole.getvalue()


def test_scan_without_words_is_refused(standin: Standin, tmp_path: Path) -> None:
    pytest.importorskip("pytesseract")
    standin.answers(HEAD + "\n")
    with pytest.raises(ReadError, match="1 of 1 pages are pictures without text that tesseract can read; scan it"):
        read_document(_saved(tmp_path, _pictures()))


@pytest.mark.parametrize(
    "answers", [[], [HEAD + "\n5\t1\t1\t1\t1\t1\tx\t0\t9\t9\t90\tSở\n"]], ids=["breaks", "garbled"]
)
def test_tesseract_that_fails_is_named(standin: Standin, tmp_path: Path, answers: list[str]) -> None:
    pytest.importorskip("pytesseract")
    standin.answers(*answers)
    with pytest.raises(ReadError, match=r"scan\.pdf: tesseract broke off at page 1 \(.+\); try it by itself"):
        read_document(_saved(tmp_path, _pictures()))


# Words ------------------------------------------------------------------------------------------------------------


def _row(confidence: float, text: str, left: int = 0) -> str:
    return f"5\t1\t1\t1\t1\t1\t{left}\t10\t50\t40\t{confidence}\t{text}"


def test_specks_and_rules_are_no_words() -> None:
    rows = [_row(90, "Sở"), _row(95, " "), _row(80, "|"), _row(12, "~"), _row(88, "-"), _row(12, "Tài"), _row(-1, "x")]
    assert [w.text for w in words_of("\n".join([HEAD, *rows]))] == ["Sở", "-", "Tài"]


def test_words_are_composed() -> None:
    assert [w.text for w in words_of(_row(90, unicodedata.normalize("NFD", "Sở")))] == ["Sở"]


def test_wide_gap_parts_runs() -> None:
    words = [Word((1, 1, 1), x, 100, x + 40, 140, 90, text) for x, text in ((0, "Sở"), (50, "Y"), (400, "ký"))]
    assert [r.text for r in runs_of(words, 40, A4[1], 1)] == ["Sở Y", "ký"]


@pytest.mark.parametrize("text", ["ao", "chủ trì", "ĐIỀU KHOẢN", "Sở, ngành;", "(gọn)", "năm 2025."])
def test_size_and_base_line_from_boxes(text: str) -> None:
    """Whatever the letters and marks, a line of 13 points is one of 13 points that stands on its base line."""
    words = list(words_of(_table((60, 500, text))))
    [run] = runs_of(words, usual_size(words), A4[1], ocr._DPI / 72)
    assert run.text == text
    assert abs(run.size - 13) < 0.5 and abs(run.y - 500) < 0.5 and abs(run.x0 - 60) < 0.5


# An edition as pictures -------------------------------------------------------------------------------------------


def _printed(blocks: list[render.Block] | None = None) -> bytes:
    if render.browser() is None:
        pytest.skip("no Chromium on this machine to print a PDF with")
    return render.to_pdf_by_browser(blocks or render.blocks_of(EDITION))


def _photographed(raw: bytes, dpi: int) -> bytes:
    """Every page of a PDF as a picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(raw)
    pages = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return out.getvalue()


def _seen(page: Any) -> str:
    """The table of a reader without fault: a page's words with the edges of their ink, from its text layer."""
    import pypdfium2.raw as raw

    text_page, height, px = page.get_textpage(), page.get_height(), ocr._DPI / 72
    words: list[tuple[float, list[tuple[str, tuple[float, ...]]]]] = []
    x, y, open_ = ctypes.c_double(), ctypes.c_double(), False
    for i in range(raw.FPDFText_CountChars(text_page.raw)):
        c = chr(raw.FPDFText_GetUnicode(text_page.raw, i))
        if c.isspace() or c == "\x00":
            open_ = False
            continue
        raw.FPDFText_GetCharOrigin(text_page.raw, i, ctypes.byref(x), ctypes.byref(y))
        if not open_ or abs(words[-1][0] - y.value) > 1:
            words.append((y.value, []))
        words[-1][1].append(("-" if c in "\x02\ufffe" else c, text_page.get_charbox(i)))
        open_ = True
    rows, line = [HEAD], 0
    for n, (base, letters) in enumerate(words):
        line += not n or abs(base - words[n - 1][0]) > 1
        left, bottom = (min(box[k] for _, box in letters) for k in (0, 1))
        right, top = (max(box[k] for _, box in letters) for k in (2, 3))
        box = (left * px, (height - top) * px, (right - left) * px, (top - bottom) * px)
        numbers = "\t".join(f"{v:.0f}" for v in box)
        rows.append(f"5\t1\t1\t1\t{line}\t{n}\t{numbers}\t96.5\t{''.join(c for c, _ in letters)}")
    return "\n".join(rows)


def _answering(printed: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Standin:
    """A stand-in that sees every word of a PDF with a text layer."""
    import pypdfium2

    standin = _install(folder, monkeypatch)
    with pypdfium2.PdfDocument(printed) as document:
        standin.answers(*(_seen(page) for page in document))
    return standin


def test_pictures_of_an_edition_say_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given the right words with their places, the tables are those of the edition."""
    pytest.importorskip("pytesseract")
    printed = _printed()
    standin = _answering(printed, tmp_path / "bin", monkeypatch)
    path = _saved(tmp_path, _photographed(printed, 50))
    here, there = facts(read_plan(Path(path))), facts(read_plan(EDITION))
    assert list((there - here).elements()) == [] and list((here - there).elements()) == []
    assert len(standin.asked()) > 2


def test_ruled_table_in_a_picture_is_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are found in the picture: the text is that of the same pages with their text layer."""
    pytest.importorskip("pytesseract")
    annex = next(b for b in render.blocks_of(ANNEX) if isinstance(b, render.Table))
    printed = _printed([("prose", "Phụ lục kèm theo Kế hoạch."), render.Table(annex.columns, annex.rows[:8])])
    _answering(printed, tmp_path / "bin", monkeypatch)
    (tmp_path / "layer.pdf").write_bytes(printed)
    layer = read_document(str(tmp_path / "layer.pdf"))
    scan = read_document(_saved(tmp_path, _photographed(printed, 150)))
    assert layer.text.count("\n| ") >= 8
    assert (scan.text, scan.pages) == (layer.text, layer.pages)


@pytest.mark.parametrize("degrees", [-1.2, -0.4, 0.7])
def test_leaning_page_is_set_upright(degrees: float) -> None:
    import numpy as np
    from PIL import Image, ImageDraw

    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for y in (400, 600, 800):
        draw.line((100, y, 1140, y), 0, 3)
    for x in (100, 500, 1140):
        draw.line((x, 400, x, 800), 0, 3)
    assert ocr.upright(page) is page
    straight = ocr.upright(page.rotate(degrees, resample=3, fillcolor=255))
    [table] = tables_of(np.asarray(straight), 150 / 72)
    assert (table.rows, len(table.columns), len(table.boxes)) == (2, 3, 4)


def test_picture_smaller_than_a_rule_has_no_table() -> None:
    import numpy as np

    assert tables_of(np.zeros((9, 9), dtype="uint8"), 300 / 72) == []


def test_dark_area_is_no_table() -> None:
    import numpy as np

    picture = np.full((1754, 1240), 255, dtype="uint8")
    picture[:120] = picture[-200:] = picture[:, :90] = picture[:, -60:] = 0  # the scanner's lid around the page
    assert tables_of(picture, 150 / 72) == []


def test_real_tesseract_reads_an_edition(tmp_path: Path) -> None:
    if ocr.missing():
        pytest.skip(f"not on this machine: {ocr.missing()}")
    assert shutil.which("tesseract")
    scan = read_document(_saved(tmp_path, _photographed(_printed(), 300)))
    said, meant = set(scan.text.split()), set(EDITION.read_text(encoding="utf-8").split())
    assert len(said & meant) > 0.9 * len(meant)
    assert [w.code for w in scan.warnings].count("scanned_pages") == 1
    assert len(scan.pages) > 2 and list(scan.pages) == sorted(scan.pages)
