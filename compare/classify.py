"""Puts items into the task taxonomy by weighted terms, headings and the lead agency's home sectors.

score(sector) = sum of the weights of the item's terms (each concept once, those of the first clause once more at
half) + HEADING x the headings' terms (at most HEADING_MOST a sector) + AGENCY x the lead agencies' home sectors. The primary sector is the best;
further ones reach SHARE of it. An item whose best is below LEAST has no sector; what came nearest is told. Ties go to the taxonomy's order.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from compare.lexicon import Term, agency_sectors, taxonomy
from compare.records import Span
from compare.terms import find_terms

FIRST = 0.5
HEADING = 0.35
HEADING_MOST = 1.2
AGENCY = 0.8
SHARE = 0.5
LEAST = 1.0


@dataclass(frozen=True, slots=True)
class Coding:
    """The sectors of an item, best first, and the words that decided for the best.

    Without a sector: ``nearest``, the best of those below LEAST with their scores and words, best first, at most 3.
    """

    sectors: tuple[str, ...]
    evidence: tuple[str, ...]
    scores: tuple[float, ...]
    nearest: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def _heading_terms(heading: str) -> tuple[tuple[Term, str], ...]:
    """A heading's terms and their words; cached, for a heading stands above many items."""
    return tuple((h.term, " ".join(heading[h.start : h.end].split())) for h in find_terms(heading, 0, len(heading)))


def classify(
    text: str, start: int, end: int, headings: tuple[Span, ...], leads: tuple[str, ...], skip: tuple[Span, ...] = ()
) -> Coding:
    """Codes ``text[start:end]`` into sectors of the taxonomy."""
    scores: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    first_clause = start + max(40, (end - start) // 3)
    for hit in find_terms(text, start, end, skip):
        term = hit.term
        if not term.sector_id or term.concept_id in seen:
            continue
        seen.add(term.concept_id)
        scores[term.sector_id] += term.weight * (1 + (FIRST if hit.start < first_clause else 0))
        words[term.sector_id].append(" ".join(text[hit.start : hit.end].split()))
    above: dict[str, float] = defaultdict(float)
    for span in headings:
        for term, said in _heading_terms(text[span.start : span.end]):
            if term.sector_id and term.concept_id not in seen:
                seen.add(term.concept_id)
                above[term.sector_id] += HEADING * term.weight
                words[term.sector_id].append(said)
    for sector, weight in above.items():
        scores[sector] += min(weight, HEADING_MOST)
    for lead in dict.fromkeys(leads):
        for sector, weight in agency_sectors().get(lead, {}).items():
            scores[sector] += AGENCY * weight / max(1, len(set(leads)))
            words[sector].append(lead)
    order = _order()
    ranked = sorted((s for s in scores if scores[s] >= LEAST), key=lambda s: (-scores[s], order[s]))
    kept = [s for s in ranked if scores[s] >= SHARE * scores[ranked[0]]][:4]
    evidence = tuple(dict.fromkeys(words[kept[0]])) if kept else ()
    nearest = () if kept else tuple(_below(s, scores[s], words[s]) for s in _best(scores)[:3])
    return Coding(tuple(kept), evidence, tuple(round(scores[s], 3) for s in kept), nearest)


@lru_cache(maxsize=1)
def _order() -> dict[str, int]:
    """The place of each sector in the taxonomy."""
    return {sector: n for n, sector in enumerate(taxonomy())}


def _best(scores: dict[str, float]) -> list[str]:
    order = _order()
    return sorted((s for s in scores if scores[s] > 0), key=lambda s: (-scores[s], order[s]))


def _below(sector: str, score: float, words: list[str]) -> str:
    return f"{sector} {score:.2g} ({', '.join(dict.fromkeys(words))})"
