"""Deadlines as intervals. "trước tháng 9 năm 2021" ends 2021-08-31; "trước ngày 30/3/2025" ends on that day.

A year or a period alone is a deadline only after words that make it one ("trong giai đoạn 2021 - 2025", "hoàn thành
trong năm 2025"): elsewhere it belongs to a programme's name. In a table's deadline cell (``cell=True``) it always is.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import NamedTuple

from compare.extract.intervals import QUARTERS, day_before, intervals, iso, months
from compare.extract.occasions import occasions
from compare.normalise import Ranges, around, bounded
from compare.patterns import DATE_EN, DATE_SV, MONTHS
from compare.records import Deadline, Span

_NUMERALS = re.compile(r"IV|I{1,3}")
_SV_QUARTER = {"första": 1, "andra": 2, "tredje": 3, "fjärde": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}

# What makes a date a deadline, by the side of the interval that it closes
_BEFORE = (
    r"(?:xong\s+trước|hoàn\s+thành\s+trước|trước\s+hạn|trước|senast|före|innan|before|prior\s+to|no\s+later\s+than)"
)
_UNTIL = r"(?:chậm\s+nhất(?:\s+là)?(?:\s+(?:đến|trong|vào))?(?:\s+hết)?|muộn\s+nhất(?:\s+là)?(?:\s+(?:đến|trong))?|đến\s+hết|hết|đến|cuối|fram\s+till|until|by)"
_WITHIN = r"(?:ngay\s+trong|trong|vào|đầu|under|in|during)"
_LEAD = rf"(?:(?P<before>{_BEFORE})|(?P<until>{_UNTIL})|(?P<within>{_WITHIN}))"

# "ngày 30/3/2025", "30/3", "ngày 15 tháng 12 năm 2025", "30 mars 2025", "March 30, 2025"
_DAY = rf"""(?:(?:ngày\s*)?(?P<d>\d{{1,2}})\s*(?:[/.-]|\s+tháng\s+)\s*(?P<m>\d{{1,2}})(?:\s*(?:[/.-]|\s+năm\s+|,\s*năm\s+)\s*(?P<y>20\d{{2}}))?(?![\d/])
    |{DATE_SV.pattern.replace("P<d>", "P<sd>").replace("P<name>", "P<sm>").replace("P<y>", "P<sy>")}
    |{DATE_EN.pattern.replace("P<d>", "P<ed>").replace("P<name>", "P<em>").replace("P<y>", "P<ey>").replace("P<name2>", "P<em2>").replace("P<d2>", "P<ed2>")})"""
# "tháng 9 năm 2021", "tháng 10/2021", "tháng 12"
_MONTH = r"(?:tháng\s+(?P<mm>\d{1,2})(?:\s*(?:/|năm|-)\s*(?P<my>20\d{2}))?(?![\d/]))"
# "Quý IV/2021", "quý I năm 2022", "quý II", "första kvartalet 2025", "the second quarter of 2025"
# "Quý I-II/2024", "quý III, IV năm 2025": several at a stretch; those apart are deadlines of their own
_STRETCH = r"(?:I{1,3}|IV)\s*(?:[-–]|đến)\s*(?:quý\s+|q\.\s*)?(?:I{1,3}|IV)|" + "|".join(
    rf"{a}\s*(?:,|và|\+|&)\s*(?:quý\s+)?{b}" for a, b in (("I", "II"), ("II", "III"), ("III", "IV"))
)
_QUARTER = rf"""(?:(?:(?:quý|quí)\s+|q\.\s*)(?:(?P<qs>{_STRETCH})|(?P<q>IV|I{{1,3}}|0?[1-4]))(?!\w)(?:\s*(?:/|năm|-|,)\s*(?P<qy>20\d{{2}}))?
    |(?:det\s+|the\s+)?(?P<sq>första|andra|tredje|fjärde|first|second|third|fourth)\s+(?:kvartalet|quarter)(?:\s+of)?(?:\s+(?P<sqy>20\d{{2}}))?)"""
# "6 tháng đầu năm 2025", "06 tháng cuối năm"
_HALF = r"(?:0?6\s+tháng\s+(?P<half>đầu|cuối)\s+năm(?:\s+(?P<hy>20\d{2}))?)"
# "giai đoạn 2021 - 2025", "2021-2025"
_PERIOD = r"(?:(?:giai\s+đoạn|thời\s+kỳ|perioden|period|nhiệm\s+kỳ)\s*(?:từ\s+)?(?P<p1>20\d{2})\s*(?:[-–]|đến)\s*(?P<p2>20\d{2}))"
# "năm 2025", "Năm 2026 và các năm tiếp theo"
_YEAR = r"(?:(?:năm|år|year)\s+(?P<year>20\d{2})(?P<open>\s+và\s+(?:các|những)\s+năm\s+(?:tiếp\s+theo|sau))?)"

_DATED = bounded(
    rf"(?<!\w)(?P<lead>{_LEAD}(?P<twice>\s+trong)?\s+)?(?P<day>{_DAY})|(?<!\w)(?P<lead2>{_LEAD.replace('P<before>', 'P<before2>').replace('P<until>', 'P<until2>').replace('P<within>', 'P<within2>')}(?P<twice2>\s+trong)?\s+)?(?:{_QUARTER}|{_MONTH}|{_HALF}|{_PERIOD}|{_YEAR})(?!\w)",
    re.IGNORECASE | re.VERBOSE,
)
# Something of every date, and the most that may stand before and behind it
_CORE = re.compile(
    r"[\dqQkK](?:(?<=2)0\d\d|(?<=\d)\d?\s*[/.-]\s*\d|(?<=\d)\d?\s+[tT][hH]|(?<=[gG\s]\s\d)"
    r"|(?<=[qQ])\.|(?<=[qQ])[uU](?:[ýíÝÍ]|[aA][rR][tT])|(?<=[kK])[vV][aA][rR][tT])"
)
_REACH = (70, 60)
# Something of every habit, as a word in small letters and as a place to look around
_HABIT = re.compile(r"[hHmMkKqQsS](?:[ằàẰÀ][nN]|[ỗỖåÅ]|[oO][nN]|[ỳỲ]|[vV][aA]|[uU][ýÝaA]|[aA][uU])")
_HABIT_REACH = (200, 160)
_HABITS = ("hằng", "hàng", "mỗi", "kỳ", "quý", "sau", "månadsvis", "kvartalsvis", "monthly", "quarterly")
_OCCASIONS = ("trước", "họp", "từ")  # one of them stands in every occasion
# "định kỳ hằng quý", "hằng tháng", "trước ngày 15 của tháng cuối quý", "månadsvis och kvartalsvis"
_RECURRING = bounded(
    r"""(?<!\w)(?:
      (?:định\s+kỳ\s+)?(?:trước\s+)?ngày\s+\d{1,2}\s+(?:của\s+)?(?:tháng\s+(?:cuối\s+(?:của\s+)?(?:mỗi\s+)?quý|(?:cuối\s+)?(?:hằng|hàng|mỗi)\s+quý)|hằng\s+tháng|hàng\s+tháng|(?:tháng\s+)?(?:hằng|hàng|mỗi)\s+(?:tháng|quý)|(?:tháng\s+\d{1,2}\s+)?(?:hằng|hàng)\s+năm|tháng\s+sau)
     |(?:(?:xong\s+|chậm\s+nhất\s+)?(?:trước|vào|là)\s+(?:ngày\s+)?|ngày\s+)\d{1,2}/\d{1,2}(?:\s*(?:,|và)\s*(?:(?:trước\s+)?ngày\s+)?\d{1,2}/\d{1,2}){0,3}\s+(?:hằng|hàng|mỗi)\s+năm
     |(?:(?:trước|vào|trong|hết)\s+)?(?:tháng\s+\d{1,2}(?:\s*(?:,|và)\s*(?:tháng\s+)?\d{1,2}){0,3}|quý\s+(?:IV|I{1,3}))\s+(?:hằng|hàng|mỗi)\s+năm
     |(?:(?:trước|vào)\s+)?(?:\d{1,2}\s+giờ\s+)?thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])\s+(?:hằng|hàng|mỗi)\s+tuần
     |định\s+kỳ\s+(?:(?:hằng|hàng|mỗi)\s+)?(?:tuần|tháng|quý|năm|6\s+tháng|06\s+tháng)(?:(?:,|\s+và|\s+hoặc)\s*(?:(?:hằng|hàng|mỗi)\s+)?(?:6\s+tháng|06\s+tháng|quý|năm))*(?:\s+và\s+đột\s+xuất)?
     |báo\s+cáo\s+(?:định\s+kỳ|hằng\s+tháng|hàng\s+tháng|hằng\s+quý|hàng\s+quý)(?:\s+theo\s+quy\s+định)?
     |månadsvis(?:\s+och\s+kvartalsvis)?|kvartalsvis|monthly|quarterly
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# In a cell: any periodic phrase; "thường xuyên"
_RECURRING_CELL = bounded(
    r"(?<!\w)(?:thường\s+xuyên|định\s+kỳ|(?:hằng|hàng)\s+(?:tuần|tháng|quý|năm)|liên\s+tục)(?!\w)"
    r"(?:(?!,\s*(?:hoàn\s+thành|xong|trước|chậm\s+nhất|trong\s+(?:quý|tháng)|đến|hết|riêng|cao\s+điểm|trọng\s+tâm)\s)[^.;]){0,60}",
    re.IGNORECASE,
)
# In a sentence: "thực hiện thường xuyên", but no manner ("thực hiện thường xuyên, có hiệu quả"); "thường xuyên trong năm"
_OFTEN = bounded(
    r"""(?<!\w)(?:
      (?<!được\s)(?:thực\s+hiện|triển\s+khai|tổ\s+chức|duy\s+trì)\s+(?P<said>thường\s+xuyên(?:\s*,\s*liên\s+tục)?)
        (?=\s*(?:[.;)]|$|,\s*+(?!(?:có\s+(?:hiệu|chất|trọng|nền)|hiệu\s+quả|nghiêm|nền\s+nếp|đồng\s+bộ|kịp\s+thời|chặt\s+chẽ|quyết\s+liệt|sâu\s+rộng|đầy\s+đủ|toàn\s+diện|liên\s+tục|đúng)(?!\w))))
     |(?P<year>thường\s+xuyên\s+trong\s+(?:cả\s+)?năm(?:\s+20\d\d)?)(?!\w)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_OFTEN_CORE = re.compile(r"thường\s{1,16}xuyên", re.IGNORECASE)
# Without a date: "báo cáo ... theo quy định", "ngay sau khi được phê duyệt", "trong quá trình thực hiện Nghị quyết"
_UNDATED = bounded(
    r"(?<!\w)(?:ngay\s+sau\s+khi\s+(?:được\s+)?[^,;.]{4,60}|trong\s+(?:quá\s+trình|thời\s+gian)\s+thực\s+hiện\s+nghị\s+quyết)",
    re.IGNORECASE,
)
_BY_RULE = bounded(r"báo\s+cáo[^.;]{0,60}?(?P<rule>theo\s+(?:đúng\s+)?quy\s+định)(?!\s+(?:của|tại|về))", re.IGNORECASE)
_REPORT = bounded(r"(?:báo\s+cáo|gửi|rapportera|report|tổng\s+hợp)[^.;]{0,160}$", re.IGNORECASE)
_REPORTS = bounded(
    r"[\s,]*(?:báo\s+cáo|gửi\s+báo\s+cáo|tổng\s+hợp\s*,?\s+báo\s+cáo|rapporter\w*|report)(?!\w)", re.IGNORECASE
)
_COMPLETE = bounded(
    r"(?:hoàn\s+thành|xong|ban\s+hành|phê\s+duyệt|trình|đưa\s+vào|khởi\s+công|slutför|complete|quyết\s+định|cơ\s+bản)[^.;]{0,160}$",
    re.IGNORECASE,
)
# What is finished, issued or opened by the end of a year
_DONE = bounded(
    r"(?:cơ\s+bản\s+)?(?:hoàn\s+thành|xong|ban\s+hành|phê\s+duyệt|khởi\s+công|đưa\s+vào\s+(?:sử\s+dụng|hoạt\s+động|khai\s+thác)"
    r"|slutför\w*|färdigställ\w*|ta\w*\s+i\s+bruk|complet\w+|finish\w*)",
    re.IGNORECASE,
)
# Between the dates of a list: "trước ngày 15/6 và 15/12"
_AND = bounded(r"\s*+(?:,|;|(?:,\s*+)?(?:và|och|and))\s*+", re.IGNORECASE)
# "trình UBND tỉnh tháng 10/2025", "hoàn thành quý III/2025": no word between but the one who gets it
_DIRECT = bounded(
    r"(?:hoàn\s+thành|xong|ban\s+hành|trình|báo\s+cáo|phê\s+duyệt|khởi\s+công)(?:\s+(?:UBND|HĐND|Tỉnh\s+ủy|Chủ\s+tịch|Thủ\s+tướng|Chính\s+phủ|tỉnh|UBND\s+tỉnh))*\s*,?\s*$",
    re.IGNORECASE,
)
# All that a cell says: "2025", "2024 - 2025", "Từ năm 2023", "2023 và các năm tiếp theo", "Cả năm", "T6/2023", "12/2023"
_BARE = bounded(
    r"""\s*(?P<said>(?:tháng\s*|T)?(?P<month>0?[1-9]|1[0-2])\s*[/-]\s*(?P<of>20\d{2})
     |(?:(?:trong\s+)?cả\s+năm|trong\s+năm)
     |(?:giai\s+đoạn\s+)?(?:(?P<from>từ)\s+|(?P<until>đến(?:\s+(?:hết|cuối))?|hết)\s+)?(?:năm\s+)?(?P<a>20\d{2})
        (?:\s*(?:[-–]|đến)\s*(?:năm\s+)?(?P<b>20\d{2}))?(?P<open>\s+(?:trở\s+đi|và\s+(?:các|những)\s+năm\s+(?:tiếp\s+theo|sau))|\s*[-–]\s*(?:…|\.{2,3})?)?
    )\s*[.;]?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
# Behind a year that a label gives, whose words end before the last stops: "Thời gian: 2023-..."
_ONWARD = bounded(r"(?<=20\d\d)\s*[-–]\s*(?:…|\.{2,3})")
# The end of a sentence behind a bracket
_CLOSED = bounded(r"\)\s*(?:[.;]|$)")
_QUOTED = bounded(r"[“\"][^“”\"]*$")


def deadlines(text: str, start: int, end: int, year: int | None, cell: bool = False) -> list[Deadline]:
    """The deadlines stated in ``text[start:end]``, in order; ``year`` completes a day or month without one."""
    onward = _ONWARD.match(text, end) if cell else None
    end = onward.end() if onward else end
    bare = _BARE.fullmatch(text, start, end) if cell else None
    if bare:
        return [_years(bare, year)]
    said = text[start:end].lower()
    dated = _CORE.search(text, start, end) is not None
    found = list(intervals(text, start, end, year, cell)) if dated else []
    found += [
        Deadline(m.group(), "", "", "recurring", m.start(), m.end())
        for m in chain(
            _RECURRING_CELL.finditer(text, start, end) if cell else (),
            around(_HABIT, _RECURRING, text, start, end, _HABIT_REACH) if any(map(said.__contains__, _HABITS)) else (),
        )
    ]
    if "thường" in said and not cell:
        often = around(_OFTEN_CORE, _OFTEN, text, start, end, _REACH)
        found += [Deadline(m[m.lastgroup], "", "", "recurring", *m.span(m.lastgroup)) for m in often if m.lastgroup]
    if any(map(said.__contains__, _OCCASIONS)):
        found += occasions(text, start, end, cell)
    told = Ranges((d.start, d.end) for d in found)
    lead, done = _Lead(), start
    for m in around(_CORE, _DATED, text, start, end, _REACH) if dated else ():
        if told.meet(*m.span()):
            continue
        lead = _lead(text, m, start, lead if _AND.fullmatch(text, done, m.start()) else _Lead())
        one = _dated(text, m, Span(start, end), lead, year, cell)
        if one:
            found.append(one)
        lead, done = (lead, m.end()) if one else (_Lead(), start)
    if not found:
        found += _undated(text, start, end, cell, said)
    return _apart(sorted(found, key=lambda d: (d.start, -d.end)))


def _years(m: re.Match[str], year: int | None) -> Deadline:
    """A cell of nothing but years, or a month and a year."""
    g = m.groupdict()
    if g["month"]:
        first, last = months(int(g["of"]), int(g["month"]), int(g["month"]))
    else:
        a = g["a"] or (str(year) if year else "")
        b = "" if g["from"] or g["open"] else a
        first, last = f"{a}-01-01" if a else "", f"{g['b'] or b}-12-31" if g["b"] or b else ""
    first = "" if g["until"] else first
    kind = "complete" if g["month"] else "period" if first or last else "unspecified"
    return Deadline(m["said"], first, last, kind, *m.span("said"))


def _apart(found: list[Deadline]) -> list[Deadline]:
    result: list[Deadline] = []
    for d in found:
        if not result or d.start >= result[-1].end:
            result.append(d)
    # A dated deadline is worth more than a habit: it stands first.
    return sorted(result, key=lambda d: (not (d.due_start or d.due_end), d.start))


def _undated(text: str, start: int, end: int, cell: bool, said: str) -> list[Deadline]:
    m = _UNDATED.search(text, start, end) if "ngay" in said or "trong" in said else None
    if m:
        return [Deadline(m.group(), "", "", "unspecified", m.start(), m.end())]
    rule = _BY_RULE.search(text, start, end) if "theo" in said else None
    if rule:
        return [Deadline(rule.group("rule"), "", "", "unspecified", *rule.span("rule"))]
    if cell and text[start:end].strip():
        return [Deadline(text[start:end], "", "", "unspecified", start, end)]
    return []


class _Lead(NamedTuple):
    """The words that make a date a deadline, by the side of the interval that they close."""

    before: str = ""
    until: str = ""
    within: str = ""


def _lead(text: str, m: re.Match[str], start: int, previous: _Lead) -> _Lead:
    """A date's own words; else those of the date that it is listed with; else a verb of finishing right before it."""
    g = m.groupdict()
    own = _Lead(
        g["before"] or g["before2"] or "",
        g["until"] or g["until2"] or "",
        g["within"] or g["within2"] or g["twice"] or g["twice2"] or "",
    )
    if any(own) or any(previous):
        return own if any(own) else previous
    named = (g["mm"] and g["my"]) or g["q"] or g["qs"]
    if named and text[m.start() - 1 : m.start()] == "(" and _CLOSED.match(text, m.end()):
        return _Lead(within="trong")  # "... (quý IV/2023)."
    return _Lead(within="trong") if named and _DIRECT.search(text, max(start, m.start() - 60), m.start()) else own


def _dated(text: str, m: re.Match[str], span: Span, lead: _Lead, year: int | None, cell: bool) -> Deadline | None:
    g = m.groupdict()
    before, until, within = lead
    start, end = span
    interval = _interval(g, year) if any(lead) or cell else None
    if interval is None:
        return None
    first, last = interval
    if g["year"] and within.lower() == "đầu":
        first = last = ""  # "đầu năm 2026" is not the whole year; how much of it, nobody says
    sentence = text[max(start, m.start() - 160) : m.start()]
    if not cell and (g["year"] or g["p1"] or g["half"] or g["mm"] or g["q"] or g["qs"]) and _QUOTED.search(sentence):
        return None
    if (
        g["year"]
        and not cell
        and not _year_is_deadline(sentence + (g["lead2"] or ""), text[m.end() : min(end, m.end() + 120)], until)
    ):
        return None
    if g["p1"] and not cell and not (within and within.lower().endswith("trong") and not g["before2"]):
        return None
    if g["twice"] or g["twice2"]:
        before = until = ""  # "trước trong tháng 5": garbled, read as "trong"
    exclusive = bool(before) and not within and not g["day"]
    if exclusive:
        first, last = "", day_before(first)
    elif before or until:
        first = ""
    if g["open"]:
        last = ""
    kind = "period" if g["p1"] or g["year"] else _kind(sentence, text[m.end() : min(end, m.end() + 40)])
    if not (first or last):
        kind = "unspecified"
    return Deadline(m.group(), first, last, kind, m.start(), m.end())


def _year_is_deadline(sentence: str, behind: str, until: str) -> bool:
    """ "hoàn thành trong năm 2025", "trong năm 2025 hoàn thành"; not "đến năm 2030", the horizon of a name."""
    near = sentence[-70:]
    if until and until.lower().split()[0] in ("đến", "by"):
        return "hết" in until.lower()
    done = _DONE.search(near)
    if done:
        return not re.search(r"[;“\"]", near[done.end() :])
    return _DONE.match(behind.lstrip(" ,\n")) is not None


def _kind(before: str, behind: str) -> str:
    """What is due: a report where the words before the date, or right behind it, tell of one."""
    if _REPORT.search(before) or _REPORTS.match(behind):
        return "report"
    return "complete"


def _interval(g: dict[str, str | None], year: int | None) -> tuple[str, str] | None:
    """First and last day that the words name, or None where no year is known or the date does not exist."""
    try:
        if g["day"]:
            return _day(g, year)
        if g["mm"]:
            return months(int(g["my"] or year or 0), int(g["mm"]), int(g["mm"]))
        if g["qs"]:
            first, last = sorted(QUARTERS[n] for n in _NUMERALS.findall(g["qs"].upper()))
            return months(int(g["qy"] or year or 0), 3 * first - 2, 3 * last)
        if g["q"] or g["sq"]:
            n = QUARTERS[g["q"].upper()] if g["q"] else _SV_QUARTER[(g["sq"] or "").lower()]
            return months(int(g["qy"] or g["sqy"] or year or 0), 3 * n - 2, 3 * n)
        if g["half"]:
            first = 1 if g["half"].lower() == "đầu" else 7
            return months(int(g["hy"] or year or 0), first, first + 5)
        if g["p1"]:
            return f"{g['p1']}-01-01", f"{g['p2']}-12-31"
        return f"{g['year']}-01-01", f"{g['year']}-12-31"
    except (ValueError, KeyError):
        return None


def _day(g: dict[str, str | None], year: int | None) -> tuple[str, str]:
    if g["sd"]:
        when = iso(int(g["sy"] or 0), MONTHS[(g["sm"] or "").lower()], g["sd"])
    elif g["em"] or g["em2"]:
        when = iso(int(g["ey"] or 0), MONTHS[(g["em"] or g["em2"] or "").lower()], g["ed"] or g["ed2"] or "")
    else:
        when = iso(int(g["y"] or year or 0), g["m"] or "", g["d"] or "")
    return when, when
