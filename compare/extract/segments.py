"""Cuts a paragraph into its sentences and clauses: the units that tasks are made of.

A sentence ends at a full stop before a capital; a clause ends at a semicolon before a capital, unless what follows is
a noun that goes on with a list ("...; Đề án ...", "...; UBND các huyện ...").
"""

from __future__ import annotations

import re

from compare.extract.agencies import listed, mentions
from compare.normalise import bounded
from compare.patterns import ABBREVIATION, NOUN_START, SENTENCE_END, STARTS_DIRECTIVE
from compare.records import Paragraph, Span

# "...; Sở Giáo dục và Đào tạo chủ trì ...": a body that takes over, no list that goes on
_LEADS = bounded(r"[^.;:]{5,150}?\s(?:chủ\s+trì|ska\s+leda)(?!\w)", re.IGNORECASE)
# "..." in the middle of a sentence breaks off a list; it ends a sentence only before a new directive
_OPEN_LIST = bounded(r"…|\.{2,}")
_CONTINUES = bounded(r"[\s\-–+]*(?:và\s+)?(?:các\s+)?(?:đơn\s+vị|cơ\s+quan)\s+phối\s+hợp", re.IGNORECASE)

_HELPS = bounded(r"\s*(?:cùng\s+|tham\s+gia\s+)?phối\s+hợp(?!\w)", re.IGNORECASE)


_TWO_WORDS = re.compile(r"\w\W+\w")
_NAMES = 1_500  # characters: no list of bodies alone is longer


def segments(text: str, p: Paragraph) -> list[Span]:
    """The spans of a paragraph's sentences and clauses; the first takes in the paragraph's marker."""
    cuts: list[int] = []
    marks = _Marks(text, p.body)
    for m in SENTENCE_END.finditer(text, p.body, p.end):
        marks.advance(m.start())
        if not _is_end(text, p.body, m, marks):
            continue
        cuts.append(m.end("end"))
    result: list[Span] = []
    start = p.start
    for cut in [*cuts, p.end]:
        begin = start + len(text[start:cut]) - len(text[start:cut].lstrip())
        end = begin + len(text[begin:cut].rstrip())
        if cut < p.end and text[cut - 1] == ";" and end - begin < _NAMES and names_only(text, max(begin, p.body), end):
            continue  # "Chánh Văn phòng; Giám đốc các sở; Chủ tịch UBND ...": one list of bodies
        if result and not _TWO_WORDS.search(text, begin, end):
            result[-1] = Span(result[-1].start, end)  # ". ." or a single leftover word
        elif begin < end:
            result.append(Span(begin, end))
        start = cut
    return result


def names_only(text: str, start: int, end: int) -> bool:
    """Whether the words are a list of bodies and nothing else."""
    found = mentions(text, start, end)
    lead = listed(text, found, start, end)
    return bool(lead) and not text[lead[-1].end : end].strip(" .;,:\n\r\t")


def _is_end(text: str, start: int, m: re.Match[str], marks: _Marks) -> bool:
    ahead = text[m.end() : m.end() + 80]
    if _inside_brackets(text, m.start(), marks):
        return False
    if m.group("end").startswith(";"):
        return not ahead[:1].isdigit() and (
            not NOUN_START.match(ahead)
            or bool(_LEADS.match(text, m.end(), m.end() + 200))
            or _takes_over(text, start, m)
        )
    if _CONTINUES.match(text, m.start("gap"), m.end() + 40):
        return False
    before = text[max(start, m.start() - 8) : m.start()]
    if m.group("end") == "." and ABBREVIATION.search(before):
        return False
    if ahead[:1].isdigit() or (_OPEN_LIST.match(m.group("end")) and not STARTS_DIRECTIVE.match(ahead)):
        return False
    return not _inside_quotes(text, m.start(), marks)


def _takes_over(text: str, start: int, m: re.Match[str]) -> bool:
    """ "...; Sở Tài chính hướng dẫn ...": a body with an order of its own, where no list of bodies is open."""
    end = m.end() + 200
    lead = listed(text, mentions(text, m.end(), end), m.end(), end)
    if not lead or not STARTS_DIRECTIVE.match(text, lead[-1].end, end) or _HELPS.match(text, lead[-1].end):
        return False
    before = max(start, m.start() - 120)
    return not any(not text[x.end : m.start()].strip() for x in mentions(text, before, m.start()))


class _Marks:
    """Where the last of each bracket and quotation mark stands, on a walk through a text; -1 where none does."""

    def __init__(self, text: str, start: int) -> None:
        self._text, self._at = text, start
        self.last = dict.fromkeys("()[]“”", -1)

    def advance(self, to: int) -> None:
        for mark in self.last:
            found = self._text.rfind(mark, self._at, to)
            if found >= 0:
                self.last[mark] = found
        self._at = to


def _inside_quotes(text: str, at: int, marks: _Marks) -> bool:
    """Between an opening “ and its ”: a slogan of several sentences stays whole if it closes within 120 characters."""
    if marks.last["“"] <= marks.last["”"]:
        return False
    return text.find("”", at, at + 120) >= 0


def _inside_brackets(text: str, at: int, marks: _Marks) -> bool:
    """Between "(" and its ")", or "[" and "]", which closes within 300 characters: an aside stays whole."""
    for opening, closing in ("()", "[]"):
        if marks.last[opening] > marks.last[closing]:
            closed = text.find(closing, at, at + 300)
            return closed >= 0 and text.find(opening, at, closed) < 0
    return False
