"""Finds the glossary's policy terms in a text, in whatever language, the longest form first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from compare.lexicon import Term, terms
from compare.normalise import Ranges, syllables, tokens_within
from compare.records import Span
from compare.trie import Trie


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found in a text."""

    term: Term
    start: int
    end: int


@lru_cache(maxsize=1)
def _trie() -> Trie[Term]:
    trie: Trie[Term] = Trie()
    for term in terms():
        for _, form in term.forms:
            trie.add(tuple(syllables(form)), term)
    return trie


def find_nested_terms(text: str, start: int, end: int, skip: tuple[Span, ...] = ()) -> list[TermHit]:
    """Like ``find_terms``, with the shorter terms inside longer ones: "khoa học" in "khoa học công nghệ"."""
    here, trie, names = tokens_within(text, start, end), _trie(), Ranges(skip)
    return [
        TermHit(term, here[i].start, here[last].end)
        for i in trie.openings(here)
        if not names.meet(here[i].start, here[i].start + 1)
        for term, last in trie.all_at(text, here, i)
    ]


def find_terms(text: str, start: int, end: int, skip: tuple[Span, ...] = ()) -> list[TermHit]:
    """The glossary's terms in ``text[start:end]``, longest first, none inside ``skip`` (agencies' names)."""
    here = tokens_within(text, start, end)
    trie, names, found, done = _trie(), Ranges(skip), [], 0
    for i in trie.openings(here):
        if i < done or names.meet(here[i].start, here[i].start + 1):
            continue
        hit = trie.longest(text, here, i)
        if hit is not None:
            term, last = hit
            found.append(TermHit(term, here[i].start, here[last].end))
            done = last + 1
    return found
