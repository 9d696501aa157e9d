"""Cited documents with number, type, issuer and date."""

from __future__ import annotations

import time

import pytest

from compare.extract.citations import citations
from compare.extract.references import references
from compare.records import Doubt, Reference


@pytest.mark.parametrize(
    ("text", "number", "kind", "issuer", "issued_on"),
    [
        ("Nghị quyết số 58-NQ/TW ngày 05/8/2020 của Bộ Chính trị về", "58-NQ/TW", "nghi-quyet", "Bộ Chính trị", "2020-08-05"),
        ("Quyết định số 339/QĐ-TTg ngày 11/3/2021", "339/QĐ-TTg", "quyet-dinh", "Thủ tướng Chính phủ", "2021-03-11"),
        ("Nghị định số 80/2025/NĐ-CP ngày 01 tháng 4 năm 2025 của Chính phủ", "80/2025/NĐ-CP", "nghi-dinh", "Chính phủ", "2025-04-01"),
        ("Kế hoạch 223/KH- UBND ngày 24/10/2025", "223/KH-UBND", "ke-hoach", "UBND tỉnh", "2025-10-24"),
        ("Luật số 41/2024/QH15", "41/2024/QH15", "luat", "", ""),
        ("Chỉ thị số 7 của UBND tỉnh", "7", "chi-thi", "UBND tỉnh", ""),
        ("Thông tư số 10/2022/TT-BLĐTBXH ngày 31/5/2022", "10/2022/TT-BLĐTBXH", "thong-tu", "", "2022-05-31"),
        ("direktiv nr 03/CT-TTg daterat 4 februari 2025", "03/CT-TTg", "chi-thi", "Thủ tướng Chính phủ", "2025-02-04"),
    ],
)  # fmt: skip
def test_forms(text: str, number: str, kind: str, issuer: str, issued_on: str) -> None:
    (r,) = references(text, 0, len(text))[0]
    assert (r.number, r.doc_type, r.issuer, r.issued_on) == (number, kind, issuer, issued_on)
    assert text[r.start : r.end].startswith(number[:2])


@pytest.mark.parametrize(
    "text", ["ngày 05/8/2020", "đạt 12/28 chỉ tiêu", "24/7", "QL 47B/QL 45", "2021 - 2025", "1/500"]
)
def test_other_numbers_are_none(text: str) -> None:
    assert references(text, 0, len(text))[0] == []


@pytest.mark.parametrize(
    "cited",
    [
        "Quyết định số [12/QĐ-TTg](https://noi.example/12) ngày 05/8/2020",
        "[Quyết định số 12/QĐ-TTg](https://noi.example/12), ngày 05/8/2020",
    ],
)
def test_a_number_that_is_a_link_keeps_its_date_and_issuer(cited: str) -> None:
    text = f"{cited} của Thủ tướng Chính phủ."
    ((r,), _) = references(text, 0, len(text))
    assert (r.number, r.issued_on, r.issuer) == ("12/QĐ-TTg", "2020-08-05", "Thủ tướng Chính phủ")


def test_several_in_order() -> None:
    text = "Quyết định số 9/QĐ-UBND ngày 1/2/2024, Kế hoạch số 10/KH-UBND và Nghị quyết số 11 của HĐND tỉnh"
    assert [r.number for r in references(text, 0, len(text))[0]] == ["9/QĐ-UBND", "10/KH-UBND", "11"]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    text = "Quyết định số 9/QĐ-UBND ngày 31/13/2024"
    assert references(text, 0, len(text))[0][0].issued_on == ""


def cited(text: str, issued_on: str = "2025-06-30", period_end: str = "") -> tuple[list[Reference], list[Doubt]]:
    return citations(text, [(0, len(text))], issued_on, period_end)


def documents(text: str) -> list[tuple[str, str, str, str]]:
    return [(r.number, r.doc_type, r.issuer, r.issued_on) for r in cited(text)[0]]


FULL = "Nghị quyết số 58-NQ/TW ngày 05/8/2020 của Bộ Chính trị"


@pytest.mark.parametrize(
    "again",
    [
        "Nghị quyết số 58-NQ/TW", "Nghị quyết số 58-NQ/Tw", "Nghị quyết số 58/NQ-TW", "Nghị quyết số 58 - NQ/ TW",
        "Nghị quyết số 58–NQ/TW", "Nghị quyết số 58", "Nghị quyết 58", "Nghị quyết số 58-NQ", "NGHỊ QUYẾT SỐ 58",
        "Nghị quyết số 58 của Bộ Chính trị", "Nghị quyết số 58 ngày 05/8/2020", "Nghị quyết 58 của Trung ương",
        "Nghị quyết số 058-NQ/TW của Ban Chấp hành Trung ương",
    ],
)  # fmt: skip
def test_one_document_cited_in_two_ways_is_one(again: str) -> None:
    for text in (f"{FULL}; {again}.", f"{again}; {FULL}."):
        assert documents(text) == [("58-NQ/TW", "nghi-quyet", "Bộ Chính trị", "2020-08-05")] * 2


@pytest.mark.parametrize(
    "other",
    [
        "Quyết định số 58", "Nghị quyết số 58 của HĐND tỉnh", "Nghị quyết số 58 ngày 01/02/2021", "Nghị quyết số 58-NQ/TU",
        "Nghị quyết số 58/NQ-CP", "Nghị quyết số 57", "Nghị quyết số 58/2021/NQ-HĐND",
    ],
)  # fmt: skip
def test_another_document_stays_another(other: str) -> None:
    first, second = documents(f"{FULL}; {other}.")
    assert first[0] == "58-NQ/TW"
    assert second[0] != "58-NQ/TW" or second[1] != "nghi-quyet"


def test_a_short_form_of_two_documents_is_neither() -> None:
    text = "Nghị quyết số 12-NQ/TU, Nghị quyết số 12/NQ-CP, triển khai Nghị quyết 12."
    assert [d[0] for d in documents(text)] == ["12-NQ/TU", "12/NQ-CP"]
    assert [d[0] for d in documents(f"{text} Theo Nghị quyết số 12.")][3:] == ["12"]


@pytest.mark.parametrize(
    "text", ["kế hoạch 58 năm", "Kế hoạch 58.000 ha", "chương trình 58%", "nghị quyết 58/63 phiếu"]
)
def test_numbers_behind_the_word_are_no_short_form(text: str) -> None:
    full = "Kế hoạch số 58/KH-UBND, Chương trình số 58-CTr/TU, Nghị quyết số 58-NQ/TU; "
    assert len(documents(full + text)) == 3


def test_a_short_form_keeps_the_year() -> None:
    text = (
        "Nghị định số 80/2025/NĐ-CP ngày 01/4/2025, Nghị định số 80/2024/NĐ-CP; theo Nghị định 80/2025, Nghị định số 80"
    )
    assert [(d[0], d[3]) for d in documents(text)] == [
        ("80/2025/NĐ-CP", "2025-04-01"), ("80/2024/NĐ-CP", ""), ("80/2025/NĐ-CP", "2025-04-01"), ("80", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("behind", "issuer"),
    [
        (" của Chính phủ đến các cấp", "Chính phủ"),
        (" của Chính phủ tới mọi ngành", "Chính phủ"),
        (" của Tỉnh ủy và Nghị quyết số 327 của HĐND tỉnh", "Tỉnh ủy"),
        (" của HĐND tỉnh đã quyết nghị 25 chỉ tiêu", "HĐND tỉnh"),
        (" của Bộ Chính trị và tạo đồng thuận", "Bộ Chính trị"),
        (" của Bộ Lao động - Thương binh và Xã hội", "Bộ Lao động - Thương binh và Xã hội"),
        (" của Tỉnh ủy “Về chuyển đổi số đến năm 2025”", "Tỉnh ủy"),
        (" của Bộ Tài nguyên và môi trường", "Bộ Tài nguyên và môi trường"),
    ],
)
def test_an_issuer_ends_with_its_name(behind: str, issuer: str) -> None:
    text = "Nghị quyết số 12" + behind
    assert references(text, 0, len(text))[0][0].issuer == issuer


def test_a_session_of_the_council_is_no_document() -> None:
    text = "Nghị quyết kỳ họp thứ 10 - HĐND tỉnh khóa XV"
    assert references(text, 0, len(text))[0] == []


def told(text: str, issued_on: str = "2025-06-30", period_end: str = "") -> list[tuple[str, str]]:
    return [(d.code, d.message) for d in cited(text, issued_on, period_end)[1]]


def test_one_number_with_two_dates_is_told_once_for_each_further_date() -> None:
    text = f"Nghị quyết số 58-NQ/TW. {FULL}. Nghị quyết số 58/NQ-TW ngày 06/8/2020. Nghị quyết 58-NQ/TW ngày 06/8/2020."
    assert told(text) == [("citation_two_dates", "58-NQ/TW is dated 2020-08-05 and 2020-08-06")]
    (doubt,) = cited(text)[1]
    assert text[doubt.start : doubt.end] == "58/NQ-TW ngày 06/8/2020"
    assert [d[3] for d in documents(text)] == ["", "2020-08-05", "2020-08-06", "2020-08-06"]


def test_a_date_after_the_plan_is_told() -> None:
    assert told(FULL, "2020-08-04") == [("citation_after_plan", "58-NQ/TW is dated 2020-08-05, after the plan")]
    assert told(FULL, "2020-08-05") == []
    assert told(FULL, "", "2019-12-31") == [
        ("citation_after_plan", "58-NQ/TW is dated 2020-08-05, after the plan's period")
    ]
    assert told(FULL, "", "2020-12-31") == []
    assert told(FULL, "", "") == []


@pytest.mark.parametrize(
    "near",
    [
        "nghị quyết số 12 ", "12/NQ-", "12-NQ/TU ", "Kế hoạch số 7 của ", "12 - NQ - A - A", "Nghị quyết số 5-NQ/TW, Nghị quyết 5; ",
        *("".join(f"{form.format(n)}, " for n in range(500)) for form in ("{0}/NQ-A{0}B", "9/NQ-X{0}", "nghị quyết {0}")),
    ],
)  # fmt: skip
def test_near_matches_take_linear_time(near: str) -> None:
    text = near * (250_000 // len(near))
    started = time.process_time()
    citations(text, [(0, len(text))])
    assert time.process_time() - started < 5
