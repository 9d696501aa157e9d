"""Targets: one row per number that is aimed at, with indicator, comparator, value, unit, period.

None for results reached, for the threshold of a test ("các dự án có kết quả giải ngân dưới 50%") and for counts of
documents. The year is the nearest one stated before the number in its paragraph, else the plan's own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from compare.lexicon import indicators
from compare.normalise import Token, bounded, key, tokens
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
_PERIOD = bounded(
    r"(?P<years>(?:giai\s+đoạn|thời\s+kỳ|perioden|period)\s+(?P<a>20\d\d)\s*[-–]\s*(?P<b>20\d\d))|(?:đến|hết|cuối|trong|vào|năm|till|år|by|in)?\s*(?:cuối\s+)?năm\s+(?P<y>20\d\d)|(?:år|by|in)\s+(?P<y2>20\d\d)",
    re.IGNORECASE,
)
_CENTURY = re.compile("20")  # what every period holds
_YEARLY = bounded(
    r"bình\s+quân\s+(?:mỗi|hằng|hàng|1|01)?\s*năm|(?:hằng|hàng|mỗi)\s+năm|/\s*năm|bình\s+quân\s+giai\s+đoạn|trung\s+bình\s+(?:mỗi|hằng|hàng)?\s*năm|per\s+år|annually",
    re.IGNORECASE,
)
_BOUNDARY = bounded(r"[;:]\s+|,\s+(?=[^\d\s])|\s+và\s+(?=\d|$)|\.\s+|[–]\s+")
_TRIM = bounded(
    r"[\s\-–+•,;:(]*(?:(?:phấn\s+đấu|trong\s+đó|dự\s+kiến|tập\s+trung|hoàn\s+thành\s+mục\s+tiêu|mục\s+tiêu|đảm\s+bảo|bảo\s+đảm|đưa|nâng|riêng|ước|và|có|số)\s*,?\s+|(?:đến|hết|trong|giai\s+đoạn)?\s*(?:cuối\s+)?(?:năm\s+)?20\d\d(?:\s*[-–]\s*20\d\d)?\s*,?\s+)*",
    re.IGNORECASE,
)
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
_COMPARED = bounded(r"\s*(?:so\s+với|jämfört\s+med|compared)", re.IGNORECASE)


_CLAUSE_END = bounded(r"[;.:]|,\s")
_AGAINST = bounded(r"so\s+với[^;,.]*$", re.IGNORECASE)
_BASE = bounded(r"\s*so\s+với\s+([^,;.]{3,60})", re.IGNORECASE)


# Characters before a number in which what it counts is looked for; no clause of a plan is longer.
_REACH = 1_000


def targets(
    text: str, start: int, end: int, sentences: list[Span], year: int | None, period: str, warnings: list[Doubt]
) -> list[Target]:
    """The targets of one paragraph ``text[start:end]``; ``sentences`` are the parts of it that may state some.

    ``period`` is the plan's own, used where the paragraph names none. Ambiguous numerals become ``warnings``.
    """
    found: list[Target] = []
    horizons = _horizons(text, start, end)
    for sentence in sentences:
        last = sentence.start
        here = quantities(text, sentence.start, sentence.end)
        for i, q in enumerate(here):
            until = here[i + 1].start if i + 1 < len(here) else sentence.end
            one = _target(text, horizons, sentence, last, q, until, year, period)
            if one and last > sentence.start:
                one = _of_same(text, one, found[-1], last, q)
                one = _carried(one, found[-1])
            if one:
                found.append(one)
                if q.ambiguous:
                    warnings.append(Doubt("ambiguous_number", f"read as {q.value:g} {q.unit}", q.at, q.end))
                last = one.end
    return found


def _target(
    text: str,
    horizons: list[_Horizon],
    sentence: Span,
    last: int,
    q: Quantity,
    until: int,
    year: int | None,
    period: str,
) -> Target | None:
    near = max(last, sentence.start, q.start - _REACH)
    clause = _clause_start(text, near, q)
    before = text[clause : q.start]
    after = text[q.end : _clause_end(text, q.end, until)]
    wide = text[near : q.start]
    indicator = _indicator(before, f"{text[q.at : q.end] if q.noun else ''} {after}") or _indicator(
        re.split(r"[;.:]\s", wide)[-1], ""
    )
    value_first = not before.strip(" \n\t,;:-–+•") or len(_content(before)) < 2
    if _THRESHOLD.search(wide) or _is_done(text, sentence, q, year):
        return None
    goes_on = value_first and last > sentence.start  # "100% huyện ...; 80% xã ...": the first aim holds for the list
    if not goes_on and not _AIM.search(wide + " " + text[q.start : q.end] + " " + after[:60]):
        return None
    if q.noun and not _counts(indicator, before, after, q):
        return None
    if (
        q.unit in ("points", "years", "km", "km2", "x", "rank")
        and not indicator
        and not re.search(r"đạt|tăng|nhóm|tốp|top", wide, re.IGNORECASE)
    ):
        return None
    begin = clause + _trimmed(before)
    finish = q.end
    phrase = text[begin : q.start].strip(" \n\t,;:-–(")
    if value_first:
        begin, finish = q.start, q.end + len(after.rstrip())
        phrase = after.strip() or text[q.at : q.end].lstrip("0123456789., ")
    if indicator is None and not phrase and last == sentence.start:
        return None
    when = _period(text, horizons, sentence, q, after, year, period)
    if year is not None and when.isdigit() and int(when) < year:
        return None  # a result of a year that is over
    return Target(
        target_id="",
        section_id="",
        indicator_id=indicator or "",
        indicator_text=_label(phrase),
        comparator="<=" if q.unit == "rank" and _AMONG.search(wide) else q.comparator,
        value=q.value,
        value_max=q.value_max,
        unit=_unit(q, before, after),
        period=when,
        baseline=_baseline(text, q.end, until),
        text=text[begin:finish],
        start=begin,
        end=finish,
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
        indicator_id=_indicator(words, "") or "",
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
    return [t.key for t in tokens(before) if t.key not in filler and not t.key.isdigit()]


def _clause_start(text: str, begin: int, q: Quantity) -> int:
    """After the last boundary before the number that leaves words to name an indicator."""
    ends = [m.end() for m in _BOUNDARY.finditer(text, begin, q.start)]
    named = _named_from([begin, *ends], text, q.start)
    if named is not None:
        return named
    for end in reversed(ends):
        here = text[end : q.start]
        if "," in text[end - 3 : end] and not _complete(here):
            continue
        return end
    return begin


def _named_from(starts: list[int], text: str, end: int) -> int | None:
    """The start of the shortest clause that holds the longest known indicator: "nông, lâm, thủy sản chiếm"."""
    cut = max(text.rfind(";", starts[0], end), text.rfind(":", starts[0], end))
    starts = [start for start in starts if start > cut]  # a later boundary than a comma lies before these
    hits = _forms(tokens(text[starts[0] : end], starts[0])) if starts else []
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


def _trimmed(before: str) -> int:
    m = _TRIM.match(before)
    return m.end() if m else 0


_STATES = {"chiếm", "đạt", "là", "dạt"}


def _levelled(words: str) -> str:
    """The key of a phrase in which the verbs that only state a value are one: "dịch vụ chiếm", "dịch vụ là"."""
    return " ".join("đạt" if k in _STATES else k for k in key(words).split())


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    """Written forms of indicators as keys -> the indicator."""
    return {_levelled(v): i.indicator_id for i in indicators().values() for v in i.variants}


@lru_cache(maxsize=1)
def _by_opening() -> dict[str, list[list[str]]]:
    """The syllables of those forms by the first of them."""
    found: dict[str, list[list[str]]] = {}
    for form in _variants():
        syllables = form.split()
        found.setdefault(syllables[0], []).append(syllables)
    return found


def _forms(words: list[Token]) -> list[tuple[int, str]]:
    """Every written form of an indicator among ``words``, with where it begins."""
    keys = ["đạt" if t.key in _STATES else t.key for t in words]
    return [
        (words[i].start, " ".join(form))
        for i, first in enumerate(keys)
        for form in _by_opening().get(first, ())
        if keys[i : i + len(form)] == form
    ]


def _indicator(before: str, after: str) -> str | None:
    """The canonical indicator that the words before (else behind) a number name; the longest written form wins."""
    for part in (before, after):
        found = _longest_form(part)
        if found:
            return _variants()[found]
    return None


def _longest_form(words: str) -> str:
    """The longest written form of an indicator in ``words``, or empty."""
    return min((form for _, form in _forms(tokens(words))), key=lambda form: (-len(form), form), default="")


def _is_done(text: str, sentence: Span, q: Quantity, year: int | None) -> bool:
    """A result reached: "đã", "ước đạt", or a year before the plan's."""
    whole = text[max(sentence.start, q.start - _REACH) : q.start]
    clause = whole[max(whole.rfind(";"), whole.rfind("trong đó"), 0) :]
    if _DONE.search(clause):
        return True
    years = [int(y) for y in re.findall(r"năm\s+(20\d\d)", whole)]
    past = bool(years) and year is not None and max(years) < year
    return past and (bool(_DONE.search(whole)) or not re.search(r"so\s+với", whole))


def _counts(indicator: str | None, before: str, after: str, q: Quantity) -> bool:
    """A count is a target if an indicator is known, or if its words say that it is aimed at."""
    if _COUNT_WORDS.search(q.noun):
        return False
    if indicator:
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


def _label(phrase: str) -> str:
    """The indicator's words without the verb that leads to the number."""
    return re.sub(
        r"\s*(?:\b(?:đạt|dạt|chiếm|tăng|giảm|còn|là|có|trở(?:\s+lên)?|thêm|lên|xuống|cao\s+hơn|từ|đạt\s+từ|bình\s+quân\s+(?:hằng|hàng)\s+năm)\s*)+$",
        "",
        " ".join(phrase.split()),
        flags=re.IGNORECASE,
    ).strip(" ,:;-–")


class _Horizon(NamedTuple):
    """A period named in a paragraph; ``opening`` is the last so far that opened a sentence."""

    said: re.Match[str]
    opening: re.Match[str] | None


def _horizons(text: str, start: int, end: int) -> list[_Horizon]:
    """The periods of a paragraph in order, but those that something is compared with ("so với năm 2020")."""
    found: list[_Horizon] = []
    opening: re.Match[str] | None = None
    for m in _PERIOD.finditer(text, start, end) if _CENTURY.search(text, start, end) else ():
        if not _AGAINST.search(text[max(start, m.start() - 60) : m.start() + 1]):
            opening = m if _opens(text, start, m.start()) else opening
            found.append(_Horizon(m, opening))
    return found


def _period(
    text: str, horizons: list[_Horizon], sentence: Span, q: Quantity, after: str, year: int | None, period: str
) -> str:
    """The years of the number's own clause, else of the last horizon that opened a sentence ("Đến năm 2025, ...")."""
    clause = max(sentence.start, text.rfind(";", max(sentence.start, q.start - _REACH), q.start) + 1)
    before = bisect_right(horizons, q.start, key=lambda h: h.said.end())
    last = horizons[before - 1] if before else None
    stated_ = last and (last.said if last.said.start() >= clause else last.opening)
    behind = _PERIOD.search(after)
    near = behind is not None and behind.start() < 12
    if behind and (near or stated_ is None or stated_.start() < clause) and not _COMPARED.match(after):
        stated_ = behind
    if stated_ is None:
        return period or (str(year) if year else "")
    years = (
        f"{stated_.group('a')}-{stated_.group('b')}"
        if stated_.group("a")
        else (stated_.group("y") or stated_.group("y2"))
    )
    yearly = _YEARLY.search(text[max(clause, q.start - _REACH) : q.end] + after[:30])
    return f"{years}/yr" if "-" in years and yearly else years


def _opens(text: str, paragraph: int, at: int) -> bool:
    """Whether the words at ``at`` stand at a sentence's head, after at most "Phấn đấu"."""
    head = text[max(paragraph, at - 40) : at]
    cut = max(head.rfind("."), head.rfind(":"))
    if cut < 0 and at - paragraph > 40:
        return False
    return len(head[cut + 1 :].split()) <= 4


def _baseline(text: str, at: int, until: int) -> str:
    m = _BASE.match(text, at, until)
    return " ".join(m.group(1).split()) if m else ""
