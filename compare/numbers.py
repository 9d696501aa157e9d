"""Quantities as Vietnamese plans write them: "12,5%", "1.200 tỷ đồng", "13-13,5%", "trên 95%", "11% trở lên".

In Vietnamese a full stop groups thousands and a comma opens decimals. "1.234" is read as 1234, and said to be
ambiguous where the unit makes a decimal as likely; "1.5" (no group of three) is read as a decimal, as slips are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from compare.lexicon import cues, read_lexicon
from compare.normalise import Ranges, bounded, key
from compare.patterns import words

_NUMERAL = r"\d+(?:[.,]\d+)*"
AT_LEAST = (
    "trên",
    "hơn",
    "từ",
    "tối thiểu",
    "ít nhất",
    "không dưới",
    "không thấp hơn",
    "không ít hơn",
    "lớn hơn",
    "cao hơn",
    "vượt",
    "minst",
    "over",
    "at least",
    "more than",
    "över",
)
AT_MOST = (
    "dưới",
    "không quá",
    "tối đa",
    "không vượt quá",
    "nhỏ hơn",
    "thấp hơn",
    "còn dưới",
    "xuống dưới",
    "ít hơn",
    "högst",
    "under",
    "at most",
    "less than",
)
_ABOUT = ("khoảng", "gần", "xấp xỉ", "ước", "chừng", "omkring", "cirka", "about", "around")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. ``value_max`` is set for a range; ``comparator`` is one of >=, <=, ~, =, range.

    ``start``/``end`` include the words that make the comparator; ``at`` is where the numeral stands. ``counted`` are
    the words between the unit and "trở lên": "80% số xã, phường, thị trấn trở lên".
    """

    value: float
    value_max: float | None
    comparator: str
    unit: str
    noun: str
    ambiguous: bool
    start: int
    end: int
    at: int
    counted: str = ""


def parse_number(numeral: str) -> tuple[float, bool]:
    """The value of a numeral and whether it could be read in another way.

    >>> parse_number("12,5"), parse_number("1.200.000"), parse_number("1.234")
    ((12.5, False), (1200000.0, False), (1234.0, True))
    """
    if "." in numeral and "," in numeral:
        decimal = max(numeral.rfind("."), numeral.rfind(","))
        whole = re.sub(r"[.,]", "", numeral[:decimal])
        return float(f"{whole}.{numeral[decimal + 1 :]}"), numeral[decimal] == "."
    if "." in numeral:
        groups = numeral.split(".")
        if all(len(g) == 3 for g in groups[1:]) and groups[0] != "0" and len(groups[0]) <= 3:
            return float("".join(groups)), len(groups) == 2
        return (float(numeral), True) if len(groups) == 2 else (float("".join(groups)), True)
    if "," in numeral:
        groups = numeral.split(",")
        if len(groups) > 2:  # 1,200,000: the English way
            return float("".join(groups)), True
        return float(f"{groups[0]}.{groups[1]}"), len(groups[1]) == 3 and groups[0] != "0"
    return float(numeral), False


@dataclass(frozen=True, slots=True)
class Unit:
    """How a unit is written, what the tables call it, and by what to multiply."""

    words: str
    unit: str
    factor: float
    counted: bool


@lru_cache(maxsize=1)
def _units() -> dict[str, Unit]:
    return {
        _unit_key(r["words"]): Unit(r["words"], r["unit"], float(r["factor"]), r["counted"] == "yes")
        for r in read_lexicon("units")
    }


def _unit_key(written: str) -> str:
    return key(written) or written.strip()


def unit_named(written: str) -> tuple[str, float]:
    """The unit of a table's cell and what a number in it is to be multiplied with; other units keep their words.

    >>> unit_named("Nghìn tỷ đồng"), unit_named("Doanh nghiệp"), unit_named("Triệu đồng/người")
    (('VND bn', 1000.0), ('count', 1.0), ('VND m', 1.0))
    """
    for words_ in (written, written.split("/")[0]):
        unit = _units().get(_unit_key(words_)) or _by_case().get(words_.strip().casefold())
        if unit:
            return unit.unit, unit.factor
    rank = key(written) in ("hạng", "thứ hạng", "xếp hạng", "thứ bậc")
    return "rank" if rank else " ".join(written.split()) or "count", 1.0


@lru_cache(maxsize=1)
def _by_case() -> dict[str, Unit]:
    """Units that have no syllable ("%") or are written in other cases."""
    return {unit.words.casefold(): unit for unit in _units().values()}


@lru_cache(maxsize=1)
def _quantity() -> re.Pattern[str]:
    written = sorted((u.words for u in _units().values()), key=lambda w: (-len(w), w))
    symbols = [re.escape(w) for w in written if not w[0].isalpha()]
    phrases = words(*(w for w in written if w[0].isalpha())).replace(r"(?<!\w)", "", 1)
    return bounded(
        rf"""(?:(?P<before>{words(*AT_LEAST, *AT_MOST, *_ABOUT)})\s+(?:khoảng\s+)?)?
        (?<![\w/.,-])(?P<low>{_NUMERAL})
        (?:\s*%?\s*(?:[-–]|đến|tới|till|to)\s*(?P<high>{_NUMERAL})(?![\d/]))?
        \s*(?P<unit>{"|".join(symbols)}|{phrases})
        (?:\s*(?P<per>/\s*năm|mỗi\s+năm|hằng\s+năm|hàng\s+năm))?
        (?P<inner>[^.;:,\d]{{0,40}}?(?:,\s*[^\W\d]+(?:\s+[^\W\d]+){{0,2}}?){{0,3}}?\s*(?P<after>(?<!\w)(?:trở\s+lên|trở\s+xuống|hoặc\s+hơn|eller\s+mer|or\s+more)))?""",
        re.IGNORECASE | re.VERBOSE,
    )


# "số doanh nghiệp khoa học công nghệ đạt 60 trở lên": a count whose noun stands before the number
_COUNTED = bounded(
    rf"(?<!\w)(?:tổng\s+)?số\s+(?P<noun>[^\d,;.:()]{{5,80}}?)(?<!\s)\s+(?:đạt|là|có|từ|trên|ít\s+nhất|tối\s+thiểu)\s+(?:(?P<before>trên|từ|ít\s+nhất|tối\s+thiểu)\s+)?(?P<low>{_NUMERAL})(?P<after>\s+trở\s+lên)?(?=\s*[;,.]\s|\s*[;,.]?$)",
    re.IGNORECASE,
)


# "tối thiểu 12 lớp", "cho trên 5.000 công dân": things of any sort, if so many are the least that is asked for
_THINGS = bounded(
    rf"(?P<low>\d(?<![\d.,/]\d)[\d.,]{{0,12}}(?<=\d))\s+[“\"]?(?P<noun>{words(*cues('counted'))}|điểm(?!\s*(?:%|phần)))(?!\w)",
    re.IGNORECASE,
)
_LEAST = bounded(r"(?<!\w)(?:tối\s+thiểu|ít\s+nhất|không\s+dưới|không\s+ít\s+hơn|trên|hơn)\s+$", re.IGNORECASE)
# "các xã có ít nhất 01 lớp" tells which ones, "mỗi xã có ít nhất 01 lớp" what each is to have
_HAVING = bounded(r"(?<!\w)có\s*$", re.IGNORECASE)
_EACH = bounded(r"(?<!\w)(?:phấn\s+đấu|mỗi|từng|mục\s+tiêu|bảo\s+đảm|đảm\s+bảo)(?!\w)", re.IGNORECASE)
# Points of a network, not of a score
_BUILT = bounded(r"(?<!\w)(?:lắp\s+đặt|xây\s+dựng|thiết\s+lập|bố\s+trí|hình\s+thành|mở)(?!\w)", re.IGNORECASE)
_MEETING = bounded(r"\s+họp", re.IGNORECASE)
# "số trạm lắp mới trong năm 2025: 10 trạm", "số xã hoàn thành: 12/12 xã đến năm 2026": without a year, only a size
_LISTED = bounded(
    rf"(?<!\w)(?:tổng\s+)?số\s+(?P<noun>[^\d,;.:()]{{3,120}}(?:năm\s+20\d\d)?)\s*:\s*(?P<low>{_NUMERAL})(?P<of>/\d{{1,4}})?\s+(?P<again>[^\W\d]+(?:\s+[^\W\d]+)?)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"20\d\d$")
_BY = bounded(r"\s+(?:trong|đến|vào|tới|hết|năm)\s[^.;,\d]{0,20}20\d\d", re.IGNORECASE)
# "thuộc nhóm 30 tỉnh dẫn đầu, đến năm 2030 thuộc nhóm 20"
_PLACE = bounded(r"(?<!\w)(?:nhóm|tốp|top)\s+(?P<low>\d{1,2})(?=\s*(?:[.;,)]|$))", re.IGNORECASE)

_DIGIT = re.compile(r"\d")


def quantities(text: str, start: int, end: int) -> list[Quantity]:
    """Every number with a known unit in ``text[start:end]``, and counts whose noun stands before them."""
    if not _DIGIT.search(text, start, end):
        return []
    found = list(_with_unit(text, start, end))
    told = Ranges((q.start, q.end) for q in found)
    for m in _COUNTED.finditer(text, start, end):
        if not told.meet(m.start("low"), m.start("low") + 1):
            low, doubt = parse_number(m.group("low"))
            comparator = ">=" if m.group("after") or (m.group("before") or "").lower() not in ("", "từ") else "="
            found.append(Quantity(low, None, comparator, "count", "", doubt, m.start("low"), m.end(), m.start("low")))
    found += [q for q in _without_unit(text, start, end, found) if not told.meet(q.at, q.at + 1) or q.noun == "điểm"]
    return sorted({q.at: q for q in found}.values(), key=lambda q: q.at)


def _without_unit(text: str, start: int, end: int, found: list[Quantity]) -> Iterator[Quantity]:
    """Counts of things that are no unit: what is asked for at least, what a list sums up, a further place."""
    for m in _THINGS.finditer(text, start, end):
        least = _LEAST.search(text, max(start, m.start() - 30), m.start())
        if least and _asked(text, start, least.start(), m, found):
            yield _count(m, ">=", m["noun"].lower(), least.start(), m.end("noun"))
    for m in _LISTED.finditer(text, start, end) if text.find(":", start, end) >= 0 else ():
        again = m["again"].split()
        n = next((n for n in (2, 1) if key(" ".join(again[:n])) in key(m["noun"])), 0)
        if n and (_YEAR.search(m["noun"]) or _BY.match(text, m.start("again") + len(" ".join(again[:n])))):
            noun = m["again"] if n == len(again) else again[0]
            yield _count(m, "=", noun, m.start("low"), m.start("again") + len(noun))
    if any(q.unit == "rank" for q in found):
        for m in _PLACE.finditer(text, start, end):
            yield replace(_count(m, "=", "", m.start("low"), m.end()), unit="rank")


def _count(m: re.Match[str], comparator: str, noun: str, start: int, end: int) -> Quantity:
    low, _ = parse_number(m["low"])
    return Quantity(low, None, comparator, "count", noun, False, start, end, m.start("low"))


def _asked(text: str, start: int, at: int, m: re.Match[str], found: list[Quantity]) -> bool:
    """Whether "at least so many" is asked for, and does not tell which ones or what a share of them has."""
    clause = text[max(start, at - 150) : at]
    wide = clause[max(map(clause.rfind, ";.:")) + 1 :]
    clause = wide[wide.rfind(",") + 1 :]
    if any(q.unit == "%" and at - len(clause) <= q.at < at for q in found):
        return False
    if (_HAVING.search(clause) and not _EACH.search(wide)) or _MEETING.match(text, m.end()):
        return False
    return m["noun"].lower() != "điểm" or _BUILT.search(clause) is not None


def _with_unit(text: str, start: int, end: int) -> Iterator[Quantity]:
    for m in _quantity().finditer(text, start, end):
        unit = _units()[_unit_key(re.sub(r"\s+", " ", m.group("unit")))]
        low, doubt = parse_number(m.group("low"))
        high = parse_number(m.group("high"))[0] if m.group("high") else None
        if high is not None and high <= low:
            high = None
        yield Quantity(
            value=round(low * unit.factor, 6),
            value_max=None if high is None else round(high * unit.factor, 6),
            comparator=_comparator(m, high),
            unit=unit.unit,
            noun=m.group("unit") if unit.counted else "",
            ambiguous=doubt and unit.unit in ("%", "‰", "x"),
            start=m.start(),
            end=m.end("after") if m.group("after") else m.end("per") if m.group("per") else m.end("unit"),
            at=m.start("low"),
            counted=text[m.end("unit") : m.start("after")].strip() if m.group("after") else "",
        )


def _comparator(m: re.Match[str], high: float | None) -> str:
    before = " ".join((m.group("before") or "").lower().split())
    after = " ".join((m.group("after") or "").lower().split())
    if high is not None:
        return "range"
    if after in ("trở lên", "hoặc hơn", "eller mer", "or more"):
        return ">="
    if after == "trở xuống":
        return "<="
    if before == "từ":
        return "="
    if before in AT_LEAST:
        return ">=" if "khoảng" not in m.group().lower() else "~"
    if before in AT_MOST:
        return "<="
    return "~" if before in _ABOUT else "="
