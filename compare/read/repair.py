"""Syllables that a PDF tore apart: "ĐIỀ U KHO ẢN" is "ĐIỀU KHOẢN".

Two neighbours are joined where together they are a syllable that the lexicons or the same text know, and apart one
of them is no word. Where that is not sure they stay, and a warning says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from compare.lexicon import read_lexicon
from compare.normalise import tokens
from compare.read.encodings import is_syllable
from compare.records import Doubt

# Columns of the lexicons whose words are correctly spelt Vietnamese.
_SPELT = {
    "agencies": "name_vi",
    "terms": "vi",
    "cues": "words",
    "indicators": "name_vi",
    "provinces": "name_vi",
    "taxonomy": "name_vi",
}
_PAIR = re.compile(r"(?<![^\W_])(?=([^\W\d_]{1,6}) ([^\W\d_]{1,6})(?![^\W_]))")
_VOWEL = re.compile(r"[^bcdđghklmnpqrstvx]")


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The syllables that the lexicons' Vietnamese names and terms are made of."""
    return frozenset(
        t.key for name, column in _SPELT.items() for row in read_lexicon(name) for t in tokens(row[column])
    )


def _together(a: str, b: str) -> bool:
    """Whether two pieces can be one syllable: a capital never follows a small letter."""
    return (a.isupper() or b.islower()) and (not a.islower() or b.islower()) and is_syllable(a + b)


def _is_sure(a: str, b: str, words: Counter[str], pairs: Counter[tuple[str, str]]) -> bool:
    """Together known; apart, neither is a word, or one of two letters is none, or one with marks after a consonant."""
    whole, pieces = (a + b).lower(), (a.lower(), b.lower())
    if whole not in _known() and words[whole] < 2:
        return False
    torn = pairs[pieces]
    foreign = [p for p in pieces if p not in _known() and words[p] <= 2 * torn]
    torn_off = pieces[1] in foreign and not pieces[1].isascii() and not _VOWEL.search(pieces[0])
    return len(foreign) == 2 or torn_off or any(len(p) > 1 for p in foreign)


def mender(text: str) -> Callable[[str], str]:
    """A function that joins, in any part of ``text``, the syllables that were surely torn apart."""
    words = Counter(m.group().lower() for m in re.finditer(r"[^\W\d_]+", text))
    found = [(m.group(1), m.group(2)) for m in _PAIR.finditer(text)]
    candidates = {p for p in set(found) if _together(*p)}
    pairs = Counter((a.lower(), b.lower()) for a, b in found if (a, b) in candidates)
    sure = {p for p in candidates if _is_sure(*p, words, pairs)}
    if not sure:
        return lambda part: part
    spelt = sorted({f"{a} {b}" for a, b in sure}, key=lambda s: (-len(s), s))
    pattern = re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, spelt)) + r")(?![^\W_])")
    return lambda part: pattern.sub(lambda m: m.group().replace(" ", ""), part)


def doubts(text: str) -> list[Doubt]:
    """A warning for every pair that looks like one syllable torn apart: a piece with marks that is no syllable."""
    found: list[Doubt] = []
    for m in _PAIR.finditer(text):
        a, b = m.group(1), m.group(2)
        broken = any(not p.isascii() and not is_syllable(p) and p.upper() != p for p in (a, b))
        if broken and _together(a, b):
            message = f"“{a} {b}” may be one syllable: the PDF's spacing is broken here"
            found.append(Doubt("split_syllable", message, m.start(1), m.end(2)))
    return found
