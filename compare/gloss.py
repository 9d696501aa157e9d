"""Says what a text says in the glossary's own words, as Vietnamese syllables, so that wordings can be compared.

English and Swedish are glossed word by word: the glossary's terms come first, the longest, each as its concept's first
Vietnamese form; what stands between them is looked up in a list of the words that plans are made of
(lexicons/words.csv). This is no translation: word order and grammar stay foreign, and words that neither list knows
are left out. Vietnamese text keeps its words but for the terms, which take their concept's first form.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from compare.lexicon import Term, read_lexicon, split, terms
from compare.normalise import Ranges, syllables, tokens_within
from compare.records import Span
from compare.terms import find_terms
from compare.trie import Trie

LANGUAGES = ("en", "sv")


def glossed(text: str, start: int, end: int, skip: Sequence[Span] = ()) -> tuple[str, ...]:
    """The Vietnamese syllables of ``text[start:end]``; nothing inside ``skip`` (agencies' names) is glossed."""
    here, names, words = tokens_within(text, start, end), Ranges(skip), _words()
    hits = {h.start: h for h in find_terms(text, start, end, tuple(skip))}
    found: list[str] = []
    done = start
    for i, token in enumerate(here):
        if token.start < done or names.meet(token.start, token.end):
            continue
        if hit := hits.get(token.start):
            found += canonical(hit.term)
            done = hit.end
        elif word := words.longest(text, here, i):
            found += word[0]
            done = here[word[1]].end
    return tuple(found)


def paraphrased(text: str, start: int, end: int, skip: Sequence[Span] = ()) -> tuple[str, ...]:
    """The syllables of Vietnamese ``text[start:end]`` without numerals, every term in its concept's first form.

    A term's broader concept is said as well. Nothing inside ``skip`` (agencies' names) is taken in.
    """
    names = Ranges(skip)
    hits = {h.start: h for h in find_terms(text, start, end, tuple(skip))}
    found: list[str] = []
    done = start
    for token in tokens_within(text, start, end):
        if token.start < done or names.meet(token.start, token.end):
            continue
        if hit := hits.get(token.start):
            found += canonical(hit.term)
            if hit.term.broader:
                found += canonical(_concepts()[hit.term.broader])
            done = hit.end
        elif not any(map(str.isdigit, token.key)):
            found.append(token.key)
    return tuple(found)


@lru_cache(maxsize=1)
def _concepts() -> dict[str, Term]:
    return {term.concept_id: term for term in terms()}


@lru_cache(maxsize=4096)
def canonical(term: Term) -> tuple[str, ...]:
    """The syllables of a concept's first Vietnamese form."""
    form = next((f for lang, f in term.forms if lang == "vi"), "")
    return tuple(syllables(form))


@lru_cache(maxsize=1)
def _words() -> Trie[tuple[str, ...]]:
    """English and Swedish words -> the syllables of the Vietnamese one."""
    trie: Trie[tuple[str, ...]] = Trie()
    for row in read_lexicon("words"):
        said = tuple(syllables(row["vi"]))
        for form in (f for lang in LANGUAGES for f in split(row[lang])):
            trie.add(tuple(syllables(form)), said)
    return trie
