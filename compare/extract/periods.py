"""The years that a target is for: those of its own clause, of its sentence's opening, of the headings above."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from compare.normalise import bounded
from compare.numbers import Quantity
from compare.records import Span

_PERIOD = bounded(
    r"(?P<years>(?:giai\s+đoạn|thời\s+kỳ|perioden|period)\s+(?P<a>20\d\d)\s*[-–]\s*(?P<b>20\d\d))|(?:đến|hết|cuối|trong|vào|năm|till|år|by|in)?\s*(?:cuối\s+)?năm\s+(?P<y>20\d\d)|(?:år|by|in)\s+(?P<y2>20\d\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"20\d\d")
# Characters before a year in which the words of its period stand
_BEFORE = 70
_BEHIND = 45  # and after it: the second year
_YEARLY = bounded(
    r"bình\s+quân\s+(?:mỗi|hằng|hàng|1|01)?\s*năm|(?:hằng|hàng|mỗi)\s+năm|/\s*năm|bình\s+quân\s+giai\s+đoạn|trung\s+bình\s+(?:mỗi|hằng|hàng)?\s*năm|per\s+år|annually",
    re.IGNORECASE,
)
_AGAINST = bounded(r"so\s+với[^;,.]*$", re.IGNORECASE)
_COMPARED = bounded(r"\s*(?:so\s+với|jämfört\s+med|compared)", re.IGNORECASE)
# When a task is finished: "hoàn thành trong năm 2025", "xong trước ngày 30/9/2025"; "trước năm 2026" is no year's
_FINISHED = bounded(
    r"[;,(]\s*(?:thực\s+hiện\s+)?(?:hoàn\s+thành|xong)\s+(?!trước\s+(?:năm\s+)?20\d\d)(?:trong|vào|trước|đến)\s+[^,;.()]{0,30}?"
    r"(?<!\d)(?P<year>20\d\d)(?!\d|\s*[-–]\s*20)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_ASIDE = 120  # characters: no longer are the brackets that say a number for another year
# "Mục tiêu cụ thể đến năm 2025", "Các chỉ tiêu giai đoạn 2021 - 2025": what a heading sets for all under it
_SETS = bounded(r"mục\s+tiêu|chỉ\s+tiêu|đến\s+(?:hết\s+|cuối\s+)?năm|phấn\s+đấu", re.IGNORECASE)


# Characters before a number in which its clause is looked for; no clause of a plan is longer.
REACH = 1_000


class Horizon(NamedTuple):
    """A period named in a paragraph; ``opening`` is the last so far that opened a sentence."""

    said: re.Match[str]
    opening: re.Match[str] | None


def horizons(text: str, start: int, end: int) -> list[Horizon]:
    """The periods of a paragraph in order, but those that something is compared with ("so với năm 2020")."""
    found: list[Horizon] = []
    opening: re.Match[str] | None = None
    for m in _periods(text, start, end):
        if not _AGAINST.search(text[max(start, m.start() - 60) : m.start() + 1]):
            opening = m if _opens(text, start, m.start()) else opening
            found.append(Horizon(m, opening))
    return found


def _periods(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every period, looked for around the years only."""
    done = start
    for year in _YEAR.finditer(text, start, end):
        for m in _PERIOD.finditer(text, max(done, year.start() - _BEFORE), min(end, year.end() + _BEHIND)):
            if m.end() >= year.end():
                yield m
                done = m.end()
                break


def period_of(
    text: str, named: list[Horizon], sentence: Span, q: Quantity, after: str, year: int | None, period: str
) -> str:
    """The years of the number's own clause, else of the last horizon that opened a sentence ("Đến năm 2025, ...").

    ``named`` are the paragraph's horizons, ``after`` the words behind the number; where neither tells, ``period``.
    """
    clause = max(sentence.start, text.rfind(";", max(sentence.start, q.start - REACH), q.start) + 1)
    before = bisect_right(named, q.start, key=lambda h: h.said.end())
    if before and _in_another_bracket(text, named[before - 1].said, q):
        before -= 1
    last = named[before - 1] if before else None
    stated_ = last and (last.said if last.said.start() >= clause else last.opening)
    behind = _PERIOD.search(after)
    if behind and _of_another(after, behind):
        behind = None
    near = behind is not None and behind.start() < 12
    if behind and (near or stated_ is None or stated_.start() < clause) and not _COMPARED.match(after):
        stated_ = behind
    years = _years(stated_) if stated_ else _due(text, q, sentence) or period or (str(year) if year else "")
    yearly = _YEARLY.search(text[max(clause, q.start - REACH) : q.end] + after[:30])
    return f"{years}/yr" if "-" in years and yearly else years


def _of_another(after: str, said: re.Match[str]) -> bool:
    """Whether a year behind the number stands in brackets with a number of its own: "8% (đến năm 2025 đạt 12%)"."""
    opening = after.rfind("(", 0, said.start())
    if opening < 0 or ")" in after[opening : said.start()]:
        return False
    closing = after.find(")", said.end())  # none: the words behind the number end before the next number
    return closing < 0 or _DIGIT.search(after[said.end() : closing]) is not None


def _in_another_bracket(text: str, said: re.Match[str], q: Quantity) -> bool:
    """Whether a year before the number stands in brackets, closed by now, with a number of its own."""
    opening = text.rfind("(", max(0, said.start() - _ASIDE), said.start())
    if opening < 0 or text.find(")", opening, said.start()) >= 0:
        return False
    closing = text.find(")", said.end(), min(q.start, said.end() + _ASIDE))
    return closing >= 0 and _DIGIT.search(text, said.end(), closing) is not None


def _due(text: str, q: Quantity, sentence: Span) -> str:
    """The year by which the task that the number stands in is finished: "...; hoàn thành trong năm 2025)"."""
    due = _FINISHED.search(text, q.end, min(sentence.end, q.end + REACH))
    return due["year"] if due else ""


def _opens(text: str, paragraph: int, at: int) -> bool:
    """Whether the words at ``at`` stand at a sentence's head, after at most "Phấn đấu"."""
    head = text[max(paragraph, at - 40) : at]
    cut = max(head.rfind("."), head.rfind(":"))
    if cut < 0 and at - paragraph > 40:
        return False
    return len(head[cut + 1 :].split()) <= 4


def period_above(text: str, headings: Iterable[Span]) -> str:
    """The years that the innermost heading sets for the targets under it; empty where none does."""
    for heading in reversed(tuple(headings)):
        if years := _set_by(text[slice(*heading)]):
            return years
    return ""


@lru_cache(maxsize=1024)  # a heading stands above many targets
def _set_by(heading: str) -> str:
    said = next(_periods(heading, 0, len(heading)), None)
    return _years(said) if said and _SETS.search(heading) else ""


def _years(said: re.Match[str]) -> str:
    return f"{said['a']}-{said['b']}" if said["a"] else (said["y"] or said["y2"])
