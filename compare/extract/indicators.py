"""Indicators by the words that name them: the longest written form wins."""

from __future__ import annotations

import re
from functools import lru_cache

from compare.lexicon import indicators
from compare.normalise import Token, bounded, key, tokens

# "thành lập mới ít nhất 08 doanh nghiệp": so many new ones, not so many at work
_NEW = bounded(r"(?<!\w)(?:thành\s+lập\s+mới|mới\s+thành\s+lập|phát\s+triển\s+mới)(?!\w)", re.IGNORECASE)

_STATES = {"chiếm", "đạt", "là", "dạt"}


def _levelled(words: str) -> str:
    """The key of a phrase in which the verbs that only state a value are one: "dịch vụ chiếm", "dịch vụ là"."""
    return " ".join("đạt" if k in _STATES else k for k in key(words).split())


@lru_cache(maxsize=1)
def variants() -> dict[str, str]:
    """Written forms of indicators as keys -> the indicator."""
    return {_levelled(v): i.indicator_id for i in indicators().values() for v in i.variants}


@lru_cache(maxsize=1)
def _by_opening() -> dict[str, list[list[str]]]:
    """The syllables of those forms by the first of them."""
    found: dict[str, list[list[str]]] = {}
    for form in variants():
        syllables = form.split()
        found.setdefault(syllables[0], []).append(syllables)
    return found


def forms(words: list[Token]) -> list[tuple[int, str]]:
    """Every written form of an indicator among ``words``, with where it begins."""
    keys = ["đạt" if t.key in _STATES else t.key for t in words]
    return [
        (words[i].start, " ".join(form))
        for i, first in enumerate(keys)
        for form in _by_opening().get(first, ())
        if keys[i : i + len(form)] == form
    ]


def indicator_of(words: str) -> str | None:
    """The canonical indicator that words name, if any; the longest written form wins."""
    return variants().get(longest_form(words))


def longest_form(words: str) -> str:
    """The longest written form of an indicator in ``words``, or empty."""
    return min((form for _, form in forms(tokens(words))), key=lambda form: (-len(form), form), default="")


def newly_founded(indicator: str, words: str) -> str:
    """The indicator of the new ones of what ``indicator`` counts, if there is one and ``words`` say that they are new."""
    new = f"{indicator}-new"
    return new if new in indicators() and _NEW.search(words) else indicator


_SHARES = ("%", "‰", "pp", "points")


def measured_in(indicator: str | None, unit: str) -> str | None:
    """The indicator, if numbers in ``unit`` can be its values: a share of things is not how many there are."""
    fits = indicator is None or (indicators()[indicator].unit in _SHARES) == (unit in _SHARES)
    return indicator if fits else None
