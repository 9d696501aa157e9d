"""From when until when: "tháng 5 - tháng 10/2023", "từ 01/5/2025 đến 30/6/2025", and the start alone, "từ quý II".

Only in a deadline cell (``cell=True``) is every such stretch a deadline. In a sentence it has to open with "từ" or
"trong", and a start has to stand behind what begins ("áp dụng từ ngày 01/6/2025") or at the sentence's head; years alone
belong to the name of a programme there.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from compare.normalise import around, bounded
from compare.records import Deadline

QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4} | {f"{zero}{n}": n for zero in ("", "0") for n in range(1, 5)}


def iso(year: int, month: int | str, day: int | str) -> str:
    """The day as it stands in a table; ValueError where there is none."""
    return date(year, int(month), int(day)).isoformat()


def months(year: int, first: int, last: int) -> tuple[str, str]:
    """The first and the last day of some months of a year."""
    return iso(year, first, 1), iso(year, last, calendar.monthrange(year, last)[1])


def day_before(day: str) -> str:
    """The day before."""
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()


_OF = r"(?:\s*(?:[/-]|,?\s+năm\s)\s*(?P<{}>20\d\d)(?!\d))?"
_PLACE = rf"""(?:
      (?:ngày\s+)?(?P<d>\d{{1,2}})(?:\s*/\s*|\s+tháng\s+)(?P<m>\d{{1,2}})(?!\d){_OF.format("y")}
     |(?:tháng\s+|T)(?P<mm>\d{{1,2}})(?![\d/.]){_OF.format("_my")}
     |(?:tháng\s+|T)?(?P<nm>0?[1-9]|1[0-2])\s*/\s*(?P<ny>20\d\d)(?!\d)
     |(?:qu[ýí]\s+|q\.\s*)(?P<q>IV|I{{1,3}}|[1-4])(?!\w){_OF.format("qy")}
     |(?:năm\s+)?(?P<year>20\d\d)(?![\d/])
     |(?:ngày\s+)?(?P<n>\d{{1,2}}|IV|I{{1,3}})(?![\w/.%])
    )""".replace("_my", "my")


def _named(side: str) -> str:
    return re.sub(r"\(\?P<(\w+)>", rf"(?P<{side}_\1>", _PLACE)


_RANGE = bounded(
    rf"(?<![\w/.,-])(?P<opens>(?:(?:bắt\s+đầu|giai\s+đoạn|trong(?:\s+thời\s+gian)?)\s+)?(?P<from>(?:kể\s+)?từ\s+)|trong\s+)?{_named('a')}"
    rf"(?:\s*[-–]\s*|\s+đến\s+)(?:(?:hết|cuối)\s+)?{_named('b')}(?!\w)",
    re.IGNORECASE | re.VERBOSE,
)
_START = bounded(
    rf"(?<!\w)(?:bắt\s+đầu\s+)?(?:kể\s+)?từ\s+(?P<late>giữa\s+|cuối\s+)?(?:đầu\s+)?{_named('a')}(?!\w)(?!\s*(?:[-–/]|đến\s|năm\s))"
    r"(?:\s+trở\s+đi|\s+và\s+(?:các|những)\s+năm\s+(?:tiếp\s+theo|sau))?",
    re.IGNORECASE | re.VERBOSE,
)
# What begins on the day: "áp dụng từ ngày 01/6/2025"
_BEGINS = bounded(
    r"(?:áp\s+dụng|thực\s+hiện|triển\s+khai|vận\s+hành|hoạt\s+động|tổ\s+chức|khởi\s+công|tiếp\s+nhận|sử\s+dụng)(?:\s+(?:chính\s+thức|thống\s+nhất))?\s*,?\s*$",
    re.IGNORECASE,
)
_REACH = 50
# Something of every stretch but of years alone, and of every start
_AT = r"(?i:\d|ngày\s|tháng\s|t\d|qu[ýí]|q\.|năm\s|(?:đầu|giữa|cuối|hết)\s)"
_JOINT = bounded(rf"[\dIV]\s*+(?:[-–](?!\s*20\d\d)|[đĐ][ếẾ][nN]\s)\s*+(?:{_AT}|[IV])")
_FROM = bounded(rf"[tT][ừỪ]\s+{_AT}")


class _Place(NamedTuple):
    """A day, month, quarter or year; ``unit`` is empty for a number alone, 0 is not said."""

    unit: str
    number: int
    month: int
    year: int


def intervals(text: str, start: int, end: int, year: int | None, cell: bool) -> Iterator[Deadline]:
    """The stretches and the starts alone in ``text[start:end]``; ``year`` completes those without one."""
    for m in around(_JOINT, _RANGE, text, start, end, (_REACH, _REACH)):
        stretch = _range(m, year, cell)
        if stretch:
            yield stretch
    for m in around(_FROM, _START, text, start, end, (_REACH, _REACH)):
        begun = _start(text, start, m, year, cell)
        if begun:
            yield begun


def _place(g: dict[str, str | None], side: str) -> _Place:
    said = {name[2:]: value for name, value in g.items() if name.startswith(f"{side}_") and value}
    if "d" in said:
        return _Place("day", int(said["d"]), int(said["m"]), int(said.get("y", 0)))
    if "mm" in said:
        return _Place("month", int(said["mm"]), 0, int(said.get("my", 0)))
    if "nm" in said:
        return _Place("month", int(said["nm"]), 0, int(said["ny"]))
    if "q" in said:
        return _Place("quarter", QUARTERS[said["q"].upper()], 0, int(said.get("qy", 0)))
    if "year" in said:
        return _Place("year", int(said["year"]), 0, int(said["year"]))
    number = said["n"].upper()
    return _Place("" if number.isdigit() else "numeral", int(QUARTERS.get(number, 0) or number), 0, 0)


def _whole(p: _Place, year: int) -> tuple[str, str]:
    """The first and the last day of a place in a year."""
    if p.unit == "day":
        return iso(year, p.month, p.number), iso(year, p.month, p.number)
    if p.unit == "month":
        return months(year, p.number, p.number)
    if p.unit == "quarter":
        return months(year, 3 * p.number - 2, 3 * p.number)
    return months(year, 1, 12)


def _range(m: re.Match[str], year: int | None, cell: bool) -> Deadline | None:
    a, b = _place(m.groupdict(), "a"), _place(m.groupdict(), "b")
    if a.unit in ("", "numeral"):
        a = _like(a, b)
    elif b.unit in ("", "numeral"):
        b = _like(b, a)
    if not a.unit or a.unit != b.unit or (a.unit == "year" and not (cell and m["from"])):
        return None  # "năm học 2025 - 2026" is no two years
    if not cell and not (m["opens"] and (a.year or b.year)):
        return None  # "từ ngày 01/5 đến 30/6" of a sentence may be any year's
    late = b.year or a.year or year or 0
    try:
        first, last = _whole(a, a.year or late)[0], _whole(b, late)[1]
        if first > last and b.year and not a.year:
            first = _whole(a, late - 1)[0]  # "tháng 11 - tháng 3/2026"
    except ValueError:
        return None
    return Deadline(m.group(), first, last, "period", *m.span()) if first <= last else None


def _like(p: _Place, other: _Place) -> _Place:
    """A number alone is of the other's kind: "tháng 6 - 9", "20 - 25/6/2025", "quý II - III"."""
    if (p.unit == "numeral") != (other.unit == "quarter") or other.unit == "year":
        return p._replace(unit="")
    return _Place(other.unit, p.number, other.month, 0)


def _start(text: str, start: int, m: re.Match[str], year: int | None, cell: bool) -> Deadline | None:
    a = _place(m.groupdict(), "a")
    if a.unit in ("", "numeral") or not (cell or (a.year and a.unit != "year" and _is_begun(text, start, m))):
        return None
    try:
        first = "" if m["late"] else _whole(a, a.year or year or 0)[0]
    except ValueError:
        return None
    return Deadline(m.group(), first, "", "period" if first else "unspecified", *m.span())


def _is_begun(text: str, start: int, m: re.Match[str]) -> bool:
    """Whether what begins stands before the words, or they open the sentence: "Từ ngày 01/6/2025, ..."."""
    head = text[max(start, m.start() - _REACH) : m.start()]
    if m.start() - start < 8 and not any(map(str.isalnum, head)):
        return text[m.end() : m.end() + 1] == ","
    return _BEGINS.search(head) is not None
