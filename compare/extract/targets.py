"""Targets: one row per number that is aimed at, with indicator, comparator, value, unit, period.

None for results reached, for the threshold of a test ("các dự án có kết quả giải ngân dưới 50%") and for counts of
documents. The year is the nearest one stated before the number in its paragraph, else the plan's own.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace

from compare.extract.indicators import forms, indicator_of, longest_form, measured_in, newly_founded, variants
from compare.extract.periods import REACH, Horizon, horizons, period_of
from compare.normalise import bounded, key, syllables, tokens
from compare.numbers import Quantity, quantities
from compare.patterns import any_of
from compare.records import Doubt, Span, Target

_AIM = any_of(
    [
        "đạt", "chiếm", "tăng", "giảm", "phấn đấu", "duy trì", "còn", "hoàn thành", "trở lên", "trên", "tối thiểu", "ít nhất",
        "khoảng", "xuống", "nâng", "thu hút", "đón", "tạo việc làm", "giải quyết việc làm", "trồng", "cao hơn", "vượt", "dưới",
        "không quá", "là", "từ", "bảo đảm", "đảm bảo", "giữ", "đáp ứng", "lớn hơn", "dạt", "mục tiêu", "chỉ tiêu", "có", "nhóm", "tốp", "top",
        "sträva", "uppnå", "nå", "reach", "achieve", "thành lập mới", "phát triển", "công nhận", "huy động", "sản lượng", "đứng",
    ]
)  # fmt: skip
_DONE = bounded(
    r"(?<!\w)(?:đã|ước\s+đạt|ước\s+thực\s+hiện(?!\s+năm)|so\s+với\s+cùng\s+kỳ|kết\s+quả\s+năm|tính\s+đến|hiện\s+nay|hiện\s+có|uppnådde|uppnått)(?!\w)",
    re.IGNORECASE,
)
_THRESHOLD = bounded(
    r"(?:dự\s+án[^.;]{0,60}?giải\s+ngân\s*$)|(?:dự\s+án|trường\s+hợp|đơn\s+vị|doanh\s+nghiệp|hộ|cơ\s+sở|công\s+trình|vốn|địa\s+phương|diện\s+tích|quy\s+mô|công\s+suất)[^.;]{0,80}?(?:có|đạt)\s+(?:kết\s+quả|tỷ\s+lệ|quy\s+mô|diện\s+tích|công\s+suất|mức)[^.;]{0,40}$",
    re.IGNORECASE,
)
# "hộ kinh doanh có doanh thu từ 01 tỷ đồng trở lên": of whom, not how much
_SIZED = bounded(
    r"(?<!\w)(?:dự\s+án|doanh\s+nghiệp|hộ|cá\s+nhân|tổ\s+chức|cơ\s+sở|hợp\s+tác\s+xã|đơn\s+vị|người|trang\s+trại|công\s+trình|gói\s+thầu)(?!\w)[^.;:\d]{0,80}?"
    r"\scó\s+(?:tổng\s+)?(?:doanh\s+thu|doanh\s+số|thu\s+nhập|vốn|tổng\s+mức\s+đầu\s+tư|mức\s+đầu\s+tư|giá\s+trị|dư\s+nợ)"
    r"(?:\s+(?:bình\s+quân|hằng\s+năm|hàng\s+năm|một\s+năm|trong\s+năm|điều\s+lệ|đầu\s+tư|pháp\s+định|đăng\s+ký|ở\s+mức))*\s*$",
    re.IGNORECASE,
)
_BOUNDARY = bounded(r"[;:]\s+|\(\s*(?=phấn\s+đấu(?!\w))|,\s+(?=[^\d\s])|\s+và\s+(?=\d|$)|\.\s+|[–]\s+")
_TRIM = bounded(
    r"[\s\-–+•,;:(]*(?:(?:\d{1,2}|[a-zđ])\)\s+)?(?:(?:phấn\s+đấu|trong\s+đó|dự\s+kiến|tập\s+trung|hoàn\s+thành\s+mục\s+tiêu|mục\s+tiêu|đảm\s+bảo|bảo\s+đảm|đưa|nâng|riêng|ước|và|có|số)\s*,?\s+|(?:đến|hết|trong)?\s*(?:giai\s+đoạn\s+|cuối\s+)?(?:năm\s+)?20\d\d(?:\s*[-–]\s*20\d\d)?\s*,?\s+)*",
    re.IGNORECASE,
)
# "thu ngân sách tăng 10%", "cao hơn khoảng 5%": the number is how much more, not how much
_CHANGES = bounded(
    r"\s+(?:bình\s+quân\s+|lên\s+)*(?P<verb>tăng|giảm|cao\s+hơn|thấp\s+hơn)(?:\s+(?:thêm|bình\s+quân|hằng\s+năm|hàng\s+năm|mỗi\s+năm|khoảng|trên|từ|ít\s+nhất|tối\s+thiểu))*\s*$",
    re.IGNORECASE,
)
# The verbs that lead from an indicator to its number
_LEADING_ON = bounded(
    r"\s*(?:\b(?:đạt|dạt|chiếm|tăng|giảm|còn|là|có|trở(?:\s+lên)?|thêm|lên|xuống|cao\s+hơn|từ|dự\s+kiến|phấn\s+đấu|ước"
    r"|thuộc\s+(?:nhóm|tốp|top)|bình\s+quân\s+(?:hằng|hàng)\s+năm)\s*)+$",
    re.IGNORECASE,
)
# A verb that says of what is counted what is to become of it
_PREDICATE = any_of(
    [
        "có", "được", "đạt", "là", "tham gia", "sử dụng", "xử lý", "thực hiện", "hoàn thành", "đáp ứng", "ứng dụng", "cung cấp",
        "kết nối", "tiếp cận", "triển khai", "biết", "hài lòng", "giải quyết", "ký", "nộp", "thanh toán", "trở lên", "trở xuống",
    ]
)  # fmt: skip
_OPENER = bounded(
    r"(?:tỷ\s+lệ|tỉ\s+lệ|tỷ\s+trọng|tốc\s+độ|số\s+lượng|tổng|kim\s+ngạch|chỉ\s+số|thu\s+nhập|giá\s+trị|sản\s+lượng|diện\s+tích|năng\s+suất|doanh\s+thu|mật\s+độ|quy\s+mô|mức\s+độ)(?!\w)",
    re.IGNORECASE,
)
_AGE = bounded(r"tuổi", re.IGNORECASE)
_LIFE = bounded(r"tuổi\s+thọ|độ\s+tuổi\s+(?:trung|bình)", re.IGNORECASE)
_AND_END = bounded(r"(?:\s+và)?\s*$")
_COUNT_WORDS = any_of(
    [
        "chỉ tiêu",
        "quan điểm",
        "nhiệm vụ",
        "văn bản quy phạm",
        "vụ",
        "tháng",
        "ngày",
        "tuổi",
        "giờ",
        "đợt",
        "khóa",
        "tầng",
    ]
)
_GROWS = bounded(r"[\s,]*(?:và\s+)?(?P<verb>tăng|giảm|cao\s+hơn|vượt|bằng)\s+(?:khoảng\s+)?", re.IGNORECASE)
# "trong nhóm 10 tỉnh dẫn đầu": the tenth place or a better one
_AMONG = bounded(r"(?<!\w)(?:nhóm|tốp|top)\s*$", re.IGNORECASE)


# "Số trạm lắp mới trong năm 2025: 10 trạm"
_LISTED = bounded(r"(?<!\w)số\s[^;.:]{4,140}:\s*$", re.IGNORECASE)
# "Phê duyệt hồ sơ đối với 100% hệ thống": an order for so many; money is given, not reached
# "rà soát thiết bị, bảo đảm 100% giáo viên được cấp ...": what is aimed at stands behind the number
_STRIVES = bounded(r"(?<!\w)(?:phấn\s+đấu|bảo\s+đảm|đảm\s+bảo|mục\s+tiêu)(?!\w)", re.IGNORECASE)
_FOR = bounded(r"(?<!\w)(?:đối\s+với|tại|cho|ở)\s*$", re.IGNORECASE)
_MONEY = bounded(
    r"\s*(?:(?:tổng|mức)\s+)?(?:kinh\s+phí|chi\s+phí|vốn|mức|lệ\s+phí|học\s+phí|phí|lãi|giá)(?!\w)", re.IGNORECASE
)
_CLAUSE_END = bounded(r"[;:]|\.(?!\d)|,\s")
_BASE = bounded(r"\s*so\s+với\s+([^,;.]{3,60})", re.IGNORECASE)


def targets(
    text: str,
    start: int,
    end: int,
    sentences: list[Span],
    year: int | None,
    period: str,
    warnings: list[Doubt],
    objective: bool = False,
    orders: Container[int] = (),
) -> list[Target]:
    """The targets of one paragraph ``text[start:end]``; ``sentences`` are the parts of it that may state some.

    ``period`` is the plan's or its heading's, used where the paragraph names none. Under a heading that announces
    targets (``objective``) a number needs no verb of aiming, nor does a share of those whom an order is about;
    ``orders`` are the starts of the sentences that are orders. Ambiguous numerals become ``warnings``.
    """
    found: list[Target] = []
    named = horizons(text, start, end)
    for sentence in sentences:
        last = sentence.start
        here = quantities(text, sentence.start, sentence.end)
        for i, q in enumerate(here):
            until = here[i + 1].start if i + 1 < len(here) else sentence.end
            ordered = sentence.start in orders
            one = _target(text, named, sentence, last, q, until, year, period, objective, ordered)
            if one and last > sentence.start:
                one = _of_same(text, one, found[-1], last, q)
                one = _carried(one, found[-1])
            if one:
                found.append(one)
                if q.ambiguous:
                    warnings.append(Doubt("ambiguous_number", f"read as {q.value:g} {q.unit}", q.at, q.end))
                last = one.end
    return found


@dataclass(frozen=True, slots=True)
class _Words:
    """The words around a number: those of its clause, from ``clause`` on, before it; those behind it; what it counts;
    those of its sentence before it. ``listed``: it sums up a list."""

    clause: int
    before: str
    after: str
    counted: str
    wide: str
    listed: bool


def _words_around(text: str, near: int, q: Quantity, until: int) -> _Words:
    listed = _LISTED.search(text, near, q.start) if q.noun else None
    clause = listed.start() if listed else _clause_start(text, near, q)
    after = text[q.end : _clause_end(text, q.end, until)]
    counted = after if q.noun else _AND_END.sub("", text[q.end : _counted_end(text, q.end, until)])
    counted = counted if any(c.isalnum() for c in counted) else ""
    return _Words(clause, text[clause : q.start], after, counted, text[near : q.start], listed is not None)


@dataclass(frozen=True, slots=True)
class _Named:
    """What a number is of: a known indicator, if any; the words of a change; whether the value stands before its label."""

    indicator: str | None
    change: re.Match[str] | None
    value_first: bool


def _named(text: str, q: Quantity, until: int, w: _Words) -> _Named:
    behind = f"{text[q.at : q.end] if q.noun else q.counted} {w.counted}"
    # "cao hơn khoảng 5% so với năm 2024": there the words of comparing tell of a change
    led = text[w.clause : q.at] if _BASE.match(text, q.end, until) else w.before
    change = _CHANGES.search(led) if q.unit in ("%", "points") else None
    indicator = _changed(led, change) if change else None
    led_by, counts = indicator_of(w.before), indicator_of(behind)
    indicator = indicator or led_by or counts or indicator_of(re.split(r"[;.:]\s", w.wide)[-1])
    indicator = measured_in(indicator, q.unit)
    indicator = newly_founded(indicator, w.before + behind) if indicator and q.noun else indicator
    last_words = w.before[w.before.rfind(",") + 1 :]
    strives = not q.noun and _STRIVES.search(last_words) is not None and _PREDICATE.search(w.counted) is not None
    # "..., bảo đảm đạt 100% kế hoạch vốn": what is counted stands behind
    value_first = len(_content(last_words if strives or (counts and not led_by) else w.before)) < 2
    if strives and value_first and counts and not change:
        indicator = measured_in(counts, q.unit)
    return _Named(indicator, change, value_first)


def _phrase(text: str, q: Quantity, until: int, w: _Words, value_first: bool) -> tuple[str, Span]:
    """The words that name what a number is of, and the span that holds them and the number."""
    begin, finish = w.clause + _trimmed(w.before), q.end
    phrase = text[begin : q.start].strip(" \n\t,;:-–(")
    counts_more = q.noun and q.unit == "count" and key(q.noun) not in key(phrase)
    if value_first or counts_more:
        own = "" if value_first else _label(phrase)
        phrase = " ".join(part for part in (own, q.noun, q.counted, w.counted.strip()) if part)
        begin, finish = q.start if value_first else begin, q.end + len(w.counted)
    elif _FOR.search(w.before) and w.counted:
        finish = _named_end(text, q.end, until)  # "chuyển đổi IPv6 cho 100% cơ quan"
        phrase = " ".join(part for part in (phrase, q.noun, text[q.end : finish].strip()) if part)
    return phrase, Span(begin, finish)


def _target(
    text: str,
    named: list[Horizon],
    sentence: Span,
    last: int,
    q: Quantity,
    until: int,
    year: int | None,
    period: str,
    objective: bool,
    ordered: bool,
) -> Target | None:
    w = _words_around(text, max(last, sentence.start, q.start - REACH), q, until)
    is_of = _named(text, q, until, w)
    indicator, change, value_first = is_of.indicator, is_of.change, is_of.value_first
    if _is_done(text, sentence, q, year) or _is_no_aim(text, q, w.wide, indicator):
        return None
    goes_on = value_first and last > sentence.start  # "100% huyện ...; 80% xã ...": the first aim holds for the list
    told = objective or goes_on or (ordered and _is_order_for(q, w.before, w.after)) or w.listed
    if not told and not _AIM.search(w.wide + " " + text[q.start : q.end] + " " + w.after[:60]):
        return None
    if q.noun and not _counts(indicator, w.before, w.after, q, objective):
        return None
    phrase, span = _phrase(text, q, until, w, value_first)
    if indicator is None and not phrase and last == sentence.start:
        return None
    label = _label(phrase)
    if change and not value_first:
        label = f"{_label(text[span.start : w.clause + change.start()])} {' '.join(change['verb'].lower().split())}"
    when = period_of(text, named, sentence, q, w.after, year, period)
    if year is not None and when.isdigit() and int(when) < year:
        return None  # a result of a year that is over
    return Target(
        target_id="",
        section_id="",
        indicator_id=indicator or "",
        indicator_text=label,
        comparator="<=" if q.unit == "rank" and _AMONG.search(w.wide) else q.comparator,
        value=q.value,
        value_max=q.value_max,
        unit=_unit(q, w.before, w.after),
        period=when,
        baseline=_baseline(text, q.end, until),
        text=span.of(text),
        start=span.start,
        end=span.end,
    )


def _of_same(text: str, one: Target, previous: Target, last: int, q: Quantity) -> Target:
    """ "Thu ngân sách đạt 17.000 tỷ đồng, tăng 8%": the second number is the growth of what the first one counts."""
    m = _GROWS.fullmatch(text, last, q.start)
    if m is None:
        return one
    words = f"{previous.indicator_text} {' '.join(m.group('verb').split())}"
    begin = m.start("verb")
    return replace(
        one,
        indicator_id=indicator_of(words) or "",
        indicator_text=words,
        text=text[begin : q.end],
        start=begin,
        end=q.end,
    )


def _carried(one: Target, previous: Target) -> Target:
    """ "... giai đoạn 2021 - 2025 đạt 750 tỷ đồng, giai đoạn 2026 - 2030 đạt 900 tỷ đồng": one indicator, two years."""
    if one.indicator_text or one.indicator_id or one.unit != previous.unit:
        return one
    return replace(one, indicator_id=previous.indicator_id, indicator_text=previous.indicator_text)


def _content(before: str) -> list[str]:
    filler = {"có", "đạt", "trên", "khoảng", "và", "số", "hoàn", "thành", "mục", "tiêu", "phấn", "đấu", "đảm", "bảo", "tập", "trung", "hết", "đến", "năm", "hằng", "hàng", "nâng", "chiếm", "tăng", "giảm", "là", "từ", "còn"}  # fmt: skip
    return [s for s in syllables(before) if s not in filler and not s.isdigit()]


def _clause_start(text: str, begin: int, q: Quantity) -> int:
    """After the last boundary before the number that leaves words to name an indicator."""
    ends = [m.end() for m in _BOUNDARY.finditer(text, begin, q.start)]
    named, opened = _named_from([begin, *ends], text, q.start), _opened(text, begin, ends, q.start)
    if named is not None:
        return named if opened is None else min(named, opened)
    if opened is not None:
        return opened
    for end in reversed(ends):
        here = text[end : q.start]
        if "," in text[end - 3 : end] and not _complete(here):
            continue
        if text[max(begin, end - 18) : end].rstrip().endswith(":") and _leads_on(here, text[q.end : q.end + 3]):
            continue  # "Kinh tế số: chiếm 20%", "Tỷ lệ hộ có Internet: 80%"
        return end
    return begin


def _leads_on(here: str, behind: str) -> bool:
    """Whether a number goes with what stands before the colon: behind "chiếm", or where it counts nothing itself."""
    if _content(here) or (here.strip() and not _LEADING_ON.fullmatch(here)):
        return False
    return "chiếm" in here.lower() or behind.lstrip()[:1] in ("", ";", ".", ",", "(")


def _opened(text: str, begin: int, ends: list[int], end: int) -> int | None:
    """The last start of a clause with a word that opens an indicator: "Tỷ lệ các trường đại học, cao đẳng ..."."""
    cut = max(text.rfind(";", begin, end), text.rfind(":", begin, end), begin - 1)
    starts = [start for start in (begin, *ends) if start > cut]
    return next((s for s in reversed(starts) if _OPENER.match(text, s + _trimmed(text[s:end]), end)), None)


def _named_from(starts: list[int], text: str, end: int) -> int | None:
    """The start of the shortest clause that holds the longest known indicator: "nông, lâm, thủy sản chiếm"."""
    cut = max(text.rfind(";", starts[0], end), text.rfind(":", starts[0], end))
    starts = [start for start in starts if start > cut]  # a later boundary than a comma lies before these
    hits = forms(tokens(text[starts[0] : end], starts[0])) if starts else []
    best, longest = None, 0
    for start in reversed(starts):  # the longest form of a wider clause is as long or longer
        longest = max((len(form) for at, form in hits if at >= start), default=0)
        if longest and (best is None or longest > best[0]):
            best = (longest, start)
    return best[1] if best else None


def _complete(clause: str) -> bool:
    """Whether a clause after a comma names something of its own: three syllables and a verb of aiming."""
    return len(_content(clause)) >= 3 or (not clause.strip())


def _clause_end(text: str, at: int, until: int) -> int:
    m = _CLAUSE_END.search(text, at, until)
    return m.start() if m else until


def _counted_end(text: str, at: int, until: int) -> int:
    """The end of what a number counts: "80% thôn, bản miền núi có nhà văn hóa" goes on after a comma to its verb."""
    end = _clause_end(text, at, until)
    if not text[at:end].strip():
        return end  # "tài khoản trên 95%, chữ ký số trên 70%": nothing is counted
    while text[end : end + 1] == "," and end < until and not _PREDICATE.search(text, at, end):
        end = _clause_end(text, end + 1, until)
    return end


def _named_end(text: str, at: int, until: int) -> int:
    """The end of those whom a number is of: "100% thôn, tổ dân phố" goes on over short parts without a verb."""
    end = _clause_end(text, at, until)
    while text[end : end + 1] == "," and end < until:
        further = _clause_end(text, end + 1, until)
        if len(syllables(text[end:further])) > 4 or _PREDICATE.search(text, end, further):
            break
        end = further
    return end


def _trimmed(before: str) -> int:
    m = _TRIM.match(before)
    return m.end() if m else 0


def _is_done(text: str, sentence: Span, q: Quantity, year: int | None) -> bool:
    """A result reached: "đã", "ước đạt", or a year before the plan's."""
    whole = text[max(sentence.start, q.start - REACH) : q.start]
    clause = whole[max(whole.rfind(";"), whole.rfind("trong đó"), 0) :]
    if _DONE.search(clause):
        return True
    years = [int(y) for y in re.findall(r"năm\s+(20\d\d)", whole)]
    past = bool(years) and year is not None and max(years) < year
    return past and (bool(_DONE.search(whole)) or not re.search(r"so\s+với", whole))


def _is_no_aim(text: str, q: Quantity, wide: str, indicator: str | None) -> bool:
    """The threshold of a test, an age, or a size that no indicator and no verb of reaching names."""
    if _THRESHOLD.search(wide) or (q.unit not in ("%", "count") and _SIZED.search(wide)):
        return True
    if q.unit == "years" and _AGE.search(text, q.at, q.end) and not _LIFE.search(wide):
        return True  # "dân số từ 15 tuổi trở lên": of whom, not how much
    sized = q.unit in ("points", "years", "km", "km2", "x", "rank") and not indicator
    return sized and not re.search(r"đạt|tăng|nhóm|tốp|top", wide, re.IGNORECASE)


def _is_order_for(q: Quantity, before: str, after: str) -> bool:
    return q.unit == "%" and _FOR.search(before) is not None and not _MONEY.match(after)


def _counts(indicator: str | None, before: str, after: str, q: Quantity, objective: bool) -> bool:
    """A count is a target if an indicator is known, or if its words say that it is aimed at."""
    if _COUNT_WORDS.search(q.noun):
        return False
    if indicator or objective or _LISTED.search(before):
        return True
    aimed = re.search(
        r"(?:phấn\s+đấu|đạt|trở\s+lên|tối\s+thiểu|ít\s+nhất|có\s+trên|có\s+thêm|nhóm|thành\s+lập\s+mới|tốp|top)",
        before + after[:20] + (">=" if q.comparator == ">=" else ""),
        re.IGNORECASE,
    )
    return bool(aimed) or q.comparator == ">="


def _unit(q: Quantity, before: str, after: str) -> str:
    if re.search(r"(?:vạn|10\.000|10 000)\s+dân", before + after[:20], re.IGNORECASE):
        return "per 10k"
    return q.unit


def _changed(before: str, change: re.Match[str]) -> str | None:
    """The indicator of a change: "tỷ lệ hộ nghèo giảm" is none of the rate, "thu ngân sách cao hơn" is its growth."""
    verb = "giảm" if change["verb"].lower().startswith(("giảm", "thấp")) else "tăng"
    named = f"{before[: change.start()].strip()} {verb}"
    form = longest_form(named)
    return variants()[form] if form.endswith(verb) or form.startswith((verb, f"tốc độ {verb}")) else None


def _label(phrase: str) -> str:
    """The indicator's words without the verb that leads to the number."""
    return _LEADING_ON.sub("", " ".join(phrase.split())).strip(" ,:;-–")


def _baseline(text: str, at: int, until: int) -> str:
    m = _BASE.match(text, at, until)
    return " ".join(m.group(1).split()) if m else ""
