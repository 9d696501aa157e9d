"""The tables from each format equal those from the text edition, whatever the file is saved as."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from compare.normalise import key
from compare.pipeline import read_plan
from compare.read import read_document
from compare.records import Plan
from tests import render

EDITIONS = {p.stem: p for p in sorted(render.EDITIONS.glob("*.txt"))}
SWEDISH = "thanh-hoa-2025-ct-03"  # TCVN3 and VNI have no Swedish letters
ANNEX = "thanh-hoa-2021-qd-2999"

Fact = tuple[object, ...]


def _text(stem: str) -> str:
    return EDITIONS[stem].read_text(encoding="utf-8")


@functools.cache
def _blocks(stem: str) -> list[render.Block]:
    return render.blocks_of(EDITIONS[stem])


FORMATS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "html": (".html", lambda stem: render.to_html(_blocks(stem))),
    "html-utf-16": (".htm", lambda stem: render.to_html(_blocks(stem)).decode().encode("utf-16")),
    "docx": (".docx", lambda stem: render.to_docx(_blocks(stem))),
    "docx-typed": (".docx", lambda stem: render.to_docx(_blocks(stem), automatic=False)),
    "pdf-browser": (".pdf", lambda stem: render.to_pdf_by_browser(_blocks(stem))),
    "pdf-landscape": (".pdf", lambda stem: render.to_pdf_by_browser(_blocks(stem), landscape=True)),
    "pdf-office": (".pdf", lambda stem: render.to_pdf_by_office(_blocks(stem))),
    "tcvn3": (".txt", lambda stem: render.to_font(_text(stem), "tcvn3")),
    "tcvn3-as-utf8": (".txt", lambda stem: render.to_font(_text(stem), "tcvn3").decode("cp1252").encode()),
    "vni": (".txt", lambda stem: render.to_font(_text(stem), "vni")),
    "cp1258": (".txt", lambda stem: render.to_cp1258(_text(stem))),
    "utf-16": (".txt", lambda stem: _text(stem).encode("utf-16")),
    "utf-16-le": (".txt", lambda stem: _text(stem).encode("utf-16-le")),
    "nfd": (".txt", lambda stem: unicodedata.normalize("NFD", _text(stem)).encode()),
}
# Where a format's tables differ: (edition, format) -> why, and the facts that only the edition, only the format has.
_TORN = "syllables that stand torn apart in the edition, as in the original, are joined when read from a PDF"
_FULL_STOP = "a small letter after a full stop: TCVN3 has no capital for it, so that it is read as one"
DIFFERENCES: dict[tuple[str, str], tuple[str, int, int]] = {
    ("son-la-2025-qd-161", "pdf-browser"): (_TORN, 1, 1),
    ("son-la-2025-qd-161", "pdf-landscape"): (_TORN, 1, 1),
    ("son-la-2025-qd-161", "pdf-office"): (_TORN, 1, 1),
    (SWEDISH, "pdf-browser"): (_TORN, 1, 1),
    (SWEDISH, "pdf-landscape"): (_TORN, 1, 1),
    (SWEDISH, "pdf-office"): (_TORN, 1, 1),
    ("son-la-2025-qd-161", "tcvn3"): (_FULL_STOP, 1, 2),
    ("son-la-2025-qd-161", "tcvn3-as-utf8"): (_FULL_STOP, 1, 2),
}


def facts(plan: Plan) -> Counter[Fact]:
    """What the tables say, without offsets: tasks with who, when, what; targets; the annex's numbers."""
    said: dict[str, list[str]] = {}
    for a in plan.assignments:
        said.setdefault(a.task_id, []).append(f"{a.role} {a.agency_id}")
    found: list[Fact] = []
    for t in plan.tasks:
        row = t.task_id if t.part == "annex" else ""
        who = tuple(sorted(said.get(t.task_id, [])))
        found.append((t.kind, key(t.text), row, who, t.due_start, t.due_end, t.due_kind, key(t.product), t.sector))
    found += [("target", t.indicator_id, t.comparator, t.value, t.value_max, t.unit, t.period) for t in plan.targets]
    m = plan.metadata
    found.append(("plan", m.doc_type, m.number, m.issuer, m.province, m.issued_on, m.year, m.signer, key(m.title)))
    return Counter(found)


@functools.cache
def _edition(stem: str) -> Plan:
    return read_plan(EDITIONS[stem])


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    folder = tmp_path_factory.mktemp("formats")

    def make(stem: str, form: str) -> Path:
        suffix, to = FORMATS[form]
        path = folder / form / f"{stem}{suffix}"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(to(stem))
        return path

    return make


def _needs(form: str) -> None:
    if form in ("pdf-browser", "pdf-landscape") and render.browser() is None:
        pytest.skip("no Chromium on this machine to print a PDF with")
    if form == "pdf-office" and render.office() is None:
        pytest.skip("no LibreOffice on this machine to make a PDF with")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("stem", EDITIONS)
def test_tables_equal_those_of_the_text_edition(stem: str, form: str, rendered: Callable[[str, str], Path]) -> None:
    if stem == SWEDISH and form in ("tcvn3", "tcvn3-as-utf8", "vni"):
        pytest.skip("the font encodings have no Swedish letters")
    _needs(form)
    here, there = facts(read_plan(rendered(stem, form))), facts(_edition(stem))
    missing, extra = list((there - here).elements()), list((here - there).elements())
    _, fewer, more = DIFFERENCES.get((stem, form), ("", 0, 0))
    assert (len(missing), len(extra)) == (fewer, more), f"missing {missing}\nextra {extra}"


@pytest.mark.parametrize("form", FORMATS)
def test_annex_rows_are_all_there(form: str, rendered: Callable[[str, str], Path]) -> None:
    _needs(form)
    numbers = {t.task_id: key(t.text) for t in _edition(ANNEX).tasks if t.part == "annex"}
    found = {t.task_id: key(t.text) for t in read_plan(rendered(ANNEX, form)).tasks if t.part == "annex"}
    assert len(numbers) >= 50 and found == numbers


@pytest.mark.parametrize("form", FORMATS)
def test_spans_slice_to_their_text(form: str, rendered: Callable[[str, str], Path]) -> None:
    _needs(form)
    plan = read_plan(rendered(ANNEX, form))
    assert all(plan.text[t.start : t.end] == t.text for t in (*plan.tasks, *plan.targets, *plan.themes))
    assert all(plan.text[a.start : a.end] == a.agency_text for a in plan.assignments)


def test_page_shows_nothing_but_the_document(rendered: Callable[[str, str], Path]) -> None:
    text = read_plan(rendered(ANNEX, "html")).text
    for stranger in ("Trang chủ", "Bản quyền", "Bình luận", "xin cảm ơn", "Văn bản liên quan", "quangCao"):
        assert stranger not in text
    assert text.index("TỈNH THANH HÓA") < text.index("Số: 2999/QĐ-UBND") < text.index("Độc lập - Tự do")


@pytest.mark.parametrize("form", ["pdf-browser", "pdf-landscape", "pdf-office"])
def test_pages_of_a_pdf(form: str, rendered: Callable[[str, str], Path]) -> None:
    """Every page begins in the text after the one before; headers, footers and page numbers are gone."""
    _needs(form)
    document = read_document(str(rendered(ANNEX, form)))
    assert len(document.pages) > 20 and list(document.pages) == sorted(document.pages)
    assert document.pages[0] == 0 and document.pages[-1] < len(document.text)
    assert not re.search(r"file://|^\d+/\d+$", document.text, re.MULTILINE)
    first_row, last_row = document.text.index("| 1 | Công tác quán triệt"), document.text.rindex("| 2 |")
    page = [sum(start <= at for start in document.pages) for at in (first_row, last_row)]
    assert page[0] > 8 and page[1] > page[0] + 8


def test_format_and_encoding_are_named(rendered: Callable[[str, str], Path]) -> None:
    said = {form: read_document(str(rendered(ANNEX, form))) for form in ("html", "docx", "tcvn3", "vni", "cp1258")}
    assert [d.format for d in said.values()] == ["html", "docx", "text", "text", "text"]
    assert [d.encoding for d in said.values()][2:] == ["tcvn3", "vni", "cp1258"]
