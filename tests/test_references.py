"""Cited documents with number, type, issuer and date."""

from __future__ import annotations

import pytest

from compare.extract.references import references


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
    (r,) = references(text, 0, len(text))
    assert (r.number, r.doc_type, r.issuer, r.issued_on) == (number, kind, issuer, issued_on)
    assert text[r.start : r.end].startswith(number[:2])


@pytest.mark.parametrize(
    "text", ["ngày 05/8/2020", "đạt 12/28 chỉ tiêu", "24/7", "QL 47B/QL 45", "2021 - 2025", "1/500"]
)
def test_other_numbers_are_none(text: str) -> None:
    assert references(text, 0, len(text)) == []


def test_several_in_order() -> None:
    text = "Quyết định số 9/QĐ-UBND ngày 1/2/2024, Kế hoạch số 10/KH-UBND và Nghị quyết số 11 của HĐND tỉnh"
    assert [r.number for r in references(text, 0, len(text))] == ["9/QĐ-UBND", "10/KH-UBND", "11"]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    text = "Quyết định số 9/QĐ-UBND ngày 31/13/2024"
    assert references(text, 0, len(text))[0].issued_on == ""
