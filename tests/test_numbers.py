"""Vietnamese numerals, units, ranges and comparators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.numbers import Quantity, parse_number, quantities


def one(text: str) -> Quantity:
    found = quantities(text, 0, len(text))
    assert len(found) == 1, [text[q.start : q.end] for q in found]
    return found[0]


@pytest.mark.parametrize(
    ("numeral", "value", "doubtful"),
    [
        ("7", 7, False),
        ("07", 7, False),
        ("12,5", 12.5, False),
        ("0,05", 0.05, False),
        ("1.200", 1200, True),
        ("1.200.000", 1_200_000, False),
        ("1.234,5", 1234.5, False),
        ("1,234.5", 1234.5, True),
        ("1,200,000", 1_200_000, True),
        ("1.5", 1.5, True),
        ("0.125", 0.125, True),
        ("12,345", 12.345, True),
        ("4.100", 4100, True),
    ],
)
def test_separators(numeral: str, value: float, doubtful: bool) -> None:
    assert parse_number(numeral) == (value, doubtful)


@given(st.integers(0, 10**9))
def test_grouped_thousands_read_back(n: int) -> None:
    grouped = f"{n:,}".replace(",", ".")
    assert parse_number(grouped)[0] == n


@given(st.integers(0, 9999), st.integers(0, 99))
def test_decimal_comma_reads_back(whole: int, part: int) -> None:
    assert parse_number(f"{whole},{part:02d}")[0] == pytest.approx(float(f"{whole}.{part:02d}"))


@pytest.mark.parametrize(
    ("text", "value", "top", "comparator", "unit"),
    [
        ("tăng 8,5%", 8.5, None, "=", "%"),
        ("đạt trên 95%", 95, None, ">=", "%"),
        ("tối thiểu 30 %", 30, None, ">=", "%"),
        ("ít nhất 12%", 12, None, ">=", "%"),
        ("từ 11% trở lên", 11, None, ">=", "%"),
        ("11% trở lên", 11, None, ">=", "%"),
        ("dưới 3%", 3, None, "<=", "%"),
        ("không quá 5%", 5, None, "<=", "%"),
        ("2% trở xuống", 2, None, "<=", "%"),
        ("khoảng 20,6%", 20.6, None, "~", "%"),
        ("trên khoảng 20%", 20, None, "~", "%"),
        ("13-13,5%", 13, 13.5, "range", "%"),
        ("13% - 13,5%", 13, 13.5, "range", "%"),
        ("từ 7 đến 8%", 7, 8, "range", "%"),
        ("9,5 phần nghìn", 9.5, None, "=", "‰"),
        ("1.200 tỷ đồng", 1200, None, "=", "VND bn"),
        ("2 nghìn tỷ đồng", 2000, None, "=", "VND bn"),
        ("85 triệu đồng", 85, None, "=", "VND m"),
        ("3.750 USD", 3750, None, "=", "USD"),
        ("3.750USD trở lên", 3750, None, ">=", "USD"),
        ("8 tỷ USD", 8, None, "=", "USD bn"),
        ("over 45 procent", 45, None, ">=", "%"),
        ("högst 4 %", 4, None, "<=", "%"),
    ],
)
def test_quantities(text: str, value: float, top: float | None, comparator: str, unit: str) -> None:
    q = one(text)
    assert (q.value, q.value_max, q.comparator, q.unit) == (value, top, comparator, unit)


def test_a_range_is_never_averaged_and_never_falls() -> None:
    assert one("5-3%").value_max is None
    assert one("3-5%").value_max == 5


def test_the_span_holds_the_words_of_comparison() -> None:
    text = "Tỷ lệ đạt trên 95% dân số"
    q = one(text)
    assert text[q.start : q.end] == "trên 95%"
    assert text[q.at :].startswith("95")


def test_a_count_behind_its_noun() -> None:
    q = one("số hợp tác xã mới đạt 60 trở lên.")
    assert (q.value, q.comparator, q.unit) == (60, ">=", "count")


def test_a_counted_noun_is_told() -> None:
    q = one("có 90 doanh nghiệp công nghệ trở lên")
    assert (q.value, q.comparator, q.unit, q.noun) == (90, ">=", "count", "doanh nghiệp")


@pytest.mark.parametrize("text", ["số 13/NQ-CP", "ngày 05/8/2020", "Điều 12", "giai đoạn 2021 - 2025", "Quốc lộ 47B"])
def test_numbers_without_unit_are_none(text: str) -> None:
    assert quantities(text, 0, len(text)) == []


def test_doubt_is_told_where_a_decimal_is_as_likely() -> None:
    assert one("đạt 1.234%").ambiguous
    assert not one("đạt 1.234 tỷ đồng").ambiguous
    assert not one("đạt 12,5%").ambiguous


@given(st.text(alphabet="0123456789.,-–%/ tỷđồngtriệuUSDtrêndướikhoảng", max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for q in quantities(text, 0, len(text)):
        assert 0 <= q.start <= q.at < q.end <= len(text)
        assert q.value_max is None or q.value_max > q.value
