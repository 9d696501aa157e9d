"""Match keys for Vietnamese text: NFC, one tone placement, one case, one kind of space.

Keys decide equality of names and terms; the text itself is never changed. ``fold`` also drops the diacritics (``đ``
by hand: it has no decomposition) and serves only to find candidates in text that lost them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from compare.records import Span

# Old style puts the tone on the first vowel of oa, oe, uy (hòa, khỏe, ủy), new style on the second (hoà, khoẻ, uỷ).
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
# White space in working text comes in runs of at most this many characters.
GAP = 16
# What an open repetition in a pattern comes to: of white space, of a set with white space, of letters, digits, groups.
_MOST = {r"\s": GAP, r"\w": 60, r"\d": 20, "[": 2 * GAP, ")": 20}
_REPEATED = re.compile(r"(?P<what>\\.|\[\^?\]?(?:\\.|[^\]\\]){0,400}+\]|.)(?P<times>[*+])?", re.DOTALL)


def bounded(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compiles a pattern whose ``*`` and ``+`` reach only so far that a search takes linear time on hostile text.

    Bounded are those behind white space (``GAP``, which is as much as working text holds), sets that include it,
    digits, letters and groups; those of other sets stay as they are written, and so does ``{0,}``.

    >>> bounded("Sở(?: [A-Z]+)*").pattern
    'Sở(?: [A-Z]+){0,20}'
    """

    def reach(m: re.Match[str]) -> str:
        what, times = m.group("what", "times")
        most = _MOST.get("[" if what.startswith(r"[\s") else r"\w" if what.startswith(r"[^\W") else what)
        return m.group() if not times or most is None else f"{what}{{{int(times == '+')},{most}}}"

    return re.compile(_REPEATED.sub(reach, pattern), flags)


def around(
    core: re.Pattern[str], pattern: re.Pattern[str], text: str, start: int, end: int, reach: tuple[int, int]
) -> Iterator[re.Match[str]]:
    """The matches of ``pattern`` in ``text[start:end]``, looked for only near what ``core`` finds.

    For a slow pattern whose every match holds one of a quick ``core``; ``reach`` is how many characters it takes at
    most before and behind one, look-aheads included.
    """
    before, behind = reach
    windows: list[list[int]] = []
    for m in core.finditer(text, start, end):
        if windows and m.start() - before <= windows[-1][1]:
            windows[-1][1] = min(end, m.end() + behind)
        else:
            windows.append([max(start, m.start() - before), min(end, m.end() + behind)])
    for window in windows:
        yield from pattern.finditer(text, *window)


_GLIDE = re.compile(r"(?<![qQ])([oO][aeAE]|[uU][yY])$")
_WORD = re.compile(r"[^\W_]+|&", re.UNICODE)


@lru_cache(maxsize=65536)
def syllable_key(word: str) -> str:
    """The match key of one written syllable: ``Hoà`` and ``HÒA`` give the same."""
    plain = unicodedata.normalize("NFD", word)
    tone = next((c for c in plain if c in _TONES), "")
    bare = unicodedata.normalize("NFC", "".join(c for c in plain if c not in _TONES)).lower()
    if not tone:
        return "và" if bare == "&" else bare
    if _GLIDE.search(bare):  # open syllables only: in "toàn" both styles agree
        return unicodedata.normalize("NFC", bare[:-1] + tone + bare[-1])
    return unicodedata.normalize("NFC", word).lower()


class Token(NamedTuple):
    """A syllable's key and where it stands."""

    key: str
    start: int
    end: int


def tokens(text: str, offset: int = 0) -> list[Token]:
    """The syllables of ``text`` as keys with spans (shifted by ``offset``); NFD text keeps its own offsets."""
    if unicodedata.is_normalized("NFC", text):
        return [Token(syllable_key(m[0]), m.start() + offset, m.end() + offset) for m in _WORD.finditer(text)]
    return [
        Token(syllable_key(text[s.start : s.end]), s.start + offset, s.end + offset) for s in _decomposed_words(text)
    ]


def syllables(text: str) -> list[str]:
    """The keys of the syllables of ``text``, as in ``tokens``, without their places."""
    if unicodedata.is_normalized("NFC", text):
        return list(map(syllable_key, _WORD.findall(text)))
    return [t.key for t in tokens(text)]


def _decomposed_words(text: str) -> list[Span]:
    """Words of text whose accents stand as combining marks, which no word class contains."""
    return [Span(m.start(), m.end()) for m in re.finditer(r"(?:[^\W_][\u0300-\u036f]*)+|&", text)]


@lru_cache(maxsize=32)
def _all_tokens(text: str) -> tuple[list[Token], list[int]]:
    found = tokens(text)
    return found, [t.start for t in found]


def tokens_within(text: str, start: int, end: int) -> list[Token]:
    """The syllables that begin in ``text[start:end]``; a text's syllables are made once, however often it is asked."""
    found, starts = _all_tokens(text)
    return found[bisect_left(starts, start) : bisect_left(starts, end)]


class Ranges:
    """Spans of a text, asked which of them meet or hold another: by bisection, however many there are."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))  # the furthest that any so far reaches

    def meet(self, start: int, end: int) -> bool:
        """Whether a span shares a character with ``start:end``."""
        n = bisect_left(self._starts, end)
        return n > 0 and self._ends[n - 1] > start

    def hold(self, start: int, end: int) -> bool:
        """Whether a single span reaches over all of ``start:end``."""
        n = bisect_right(self._starts, start)
        return n > 0 and self._ends[n - 1] >= end

    def begin_in(self, start: int, end: int) -> bool:
        """Whether a span begins in ``start:end``."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)


def key(text: str) -> str:
    """The match key of a phrase: its syllable keys joined by one space. Idempotent."""
    return " ".join(syllables(text))


def fold(text: str) -> str:
    """``key`` without diacritics, for candidates only: ``Sở Y tế`` gives ``so y te``."""
    plain = unicodedata.normalize("NFD", key(text)).replace("đ", "d")
    return "".join(c for c in plain if not unicodedata.combining(c))


def slug(text: str) -> str:
    """An ascii id: ``Sở Y tế`` gives ``so-y-te``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def squeeze(text: str) -> str:
    """One line of NFC text, for showing."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


# New-style tones on the second vowel of an open syllable: hoà, khoẻ, thuỷ. Old style puts them on the first.
# A pattern that begins with a set is looked for much faster than one that begins with a look behind or in any case.
_NEW_STYLE = re.compile(r"[oOuU](?:(?<=[oO])[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|(?<=[uU])[ỳýỷỹỵỲÝỶỸỴ])(?<![qQ]..)(?!\w)")
# Layout marks that carry no words: Markdown's asterisks, odd spaces, soft hyphens, byte order mark.
_BLANKS = "*\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u00ad\ufeff\t"


# Markdown's break of a line: in a table's row it parts words, elsewhere it ends a line
_BR = re.compile(r"<br[ \t]{0,4}/?>", re.IGNORECASE)
_BROKEN = re.compile(r"(?m)^[^\n]*?<[bB][rR][^\n]*")


def _unbroken(text: str) -> str:
    """White space of the same length for each "<br>"."""

    def blank(line: re.Match[str]) -> str:
        first = " " if line.group().lstrip().startswith("|") else "\n"
        return _BR.sub(lambda m: f"{first}{' ' * (len(m.group()) - 1)}", line.group())

    return _BROKEN.sub(blank, text) if "<br" in text or "<BR" in text else text


# White space that stands for the marks of a title in working text: Markdown's "#", or "**" around a whole line
TITLE = "\u205f"
_TITLED = re.compile(
    r"(?m)^[ \t]{0,16}(?:(?P<hashes>#{1,6})(?=[ \t])|(?P<open>\*{2,3})(?=[^\s*])[^*\n|]{2,300}(?P<close>\*{2,3})(?=[ \t]{0,16}$))"
)


# Markdown's backslash before a mark that stands for itself: "1\\.", "\\- ", "QĐ\\-TTg"; "#" and "|" would become marks
_ESCAPES = re.compile(r"\\(?=[-.*+_()\[\]!&~>–])")
_STARS = re.compile(r"(?m)^([ \t]{0,16})\*(?=[ \t]+[^\s*])")  # a bullet, not "* * *"


class Working(NamedTuple):
    """Text as the patterns see it, and the way back: ``origin[i]`` is the source index of character ``i``.

    ``origin`` is None where both have the same length, which is so for NFC text without long runs of white space.
    """

    text: str
    origin: Sequence[int] | None

    def source(self, start: int, end: int) -> Span:
        """The span of the source that ``text[start:end]`` was made from."""
        if self.origin is None:
            return Span(start, end)
        return Span(self.origin[start], self.origin[end])


def working(text: str) -> Working:
    """Composes (NFC), moves tones to their old-style place, blanks layout marks, cuts white space to runs of ``GAP``.

    >>> working("Uỷ ban").text
    'Ủy ban'
    """
    origin: Sequence[int] | None = None
    if not unicodedata.is_normalized("NFC", text):
        text, origin = _composed(text)
    if "\\" in text:
        text = _ESCAPES.sub(" ", text)
    text = _with_titles(_unbroken(text))
    for mark in _BLANKS:  # a search for each: much faster than a translation of every letter
        text = text.replace(mark, " ")
    if _WIDE.search(text):
        text, origin = _narrowed(text, origin or range(len(text) + 1))
    return Working(_NEW_STYLE.sub(lambda m: _old_style(m.group()), text), origin)


def _with_titles(text: str) -> str:
    """The text with white space of its own in place of the marks that make a line a title."""
    text = text.replace(TITLE, " ")
    if "*" not in text and "#" not in text:
        return text
    parts: list[str] = []
    at = 0
    for m in _TITLED.finditer(text):
        for name in ("hashes", "open", "close"):
            if m[name]:
                parts += (text[at : m.start(name)], TITLE * len(m[name]))
                at = m.end(name)
    return _STARS.sub(r"\1∗", "".join((*parts, text[at:])))


def is_titled(text: str, start: int) -> bool:
    """Whether marks of a title stand right before: Markdown's "#", or "**" around the whole line."""
    return text[start - 1 : start] == TITLE or text[max(0, start - 2) : start] == f"{TITLE} "


def _composed(text: str) -> tuple[str, tuple[int, ...]]:
    """NFC by runs of a starter and its marks; one source index per character, and the length at the end."""
    parts: list[str] = []
    origin: list[int] = []
    for m in re.finditer(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", text, re.DOTALL):
        piece = unicodedata.normalize("NFC", m.group())
        parts.append(piece)
        origin.extend([m.start()] * len(piece))
    origin.append(len(text))
    return "".join(parts), tuple(origin)


_WIDE = re.compile(rf"\s{{{GAP + 1},}}")
_BREAK = re.compile(r"\r\n|\n|\r")


def _narrowed(text: str, origin: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Puts a space, a line break or a blank line for each run of white space longer than ``GAP``."""
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for m in _WIDE.finditer(text):
        gap = "\n\n"[: len(_BREAK.findall(m.group()))] or " "
        parts += (text[at : m.start()], gap)
        places.extend(origin[at : m.start() + len(gap)])
        at = m.end()
    places.extend(origin[at:])
    return "".join((*parts, text[at:])), places


def _old_style(glide: str) -> str:
    plain = unicodedata.normalize("NFD", glide)
    tone = next(c for c in plain if c in _TONES)
    bare = unicodedata.normalize("NFC", "".join(c for c in plain if c not in _TONES))
    return unicodedata.normalize("NFC", bare[0] + tone + bare[1])
