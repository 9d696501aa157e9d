"""Scorers between the items of two plans, each from 0 (nothing shared) to 1 (the same).

All are computed for every pair at once as matrices of shape (left items, right items). Words are weighted by how
rare they are in the two plans at hand (inverse document frequency, Sparck Jones 1972), numbers are masked and bodies'
names left out of the wording, so that neither makes two texts alike; both are compared on their own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from compare.gloss import LANGUAGES, glossed
from compare.normalise import Ranges, bounded, key, tokens_within
from compare.records import Span, Target

Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Profile:
    """What an item is compared by. ``clauses`` are lists of Vietnamese syllables, whatever the item's
    language, ``paraphrase`` is all of it in the glossary's own words; ``concepts`` map an id to its words here;
    ``action`` are the words that a directive opens with; ``text`` is what an encoder reads."""

    item_id: str
    language: str
    clauses: tuple[tuple[str, ...], ...]
    concepts: dict[str, str]
    clause_concepts: tuple[frozenset[str], ...]
    paraphrase: tuple[str, ...]
    action: str
    sectors: dict[str, float]
    agencies: frozenset[str]
    references: frozenset[str]
    numbers: frozenset[str]
    places: frozenset[str]
    heading: frozenset[str]
    text: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(w for c in self.clauses for w in c)


_CLAUSE = bounded(
    r"[;:.]\s|,\s(?=(?:và\s)?(?:đẩy|nâng|tăng|thực|triển|xây|phát|hoàn|tập|quản|bảo|đảm|xử|giải|thu|hỗ|tháo|khắc|kiểm|rà|giám)\s)"
)
_NUMBER = bounded(r"\d")


def clauses(text: str, item: Span, skip: Sequence[Span] = (), language: str = "vi") -> tuple[tuple[str, ...], ...]:
    """The clauses of an item as syllables, without the names of bodies (``skip``) and with numbers masked away.

    Those in another ``language`` are glossed, so that items meet across languages.
    """
    cuts = [item.start, *(m.end() for m in _CLAUSE.finditer(text, *item)), item.end]
    names = Ranges(skip)
    found = []
    for a, b in pairwise(cuts):
        if language in LANGUAGES:
            here = glossed(text, a, b, skip)
        else:
            here = tuple(
                t.key
                for t in tokens_within(text, a, b)
                if not names.meet(t.start, t.start + 1) and not _NUMBER.search(t.key)
            )
        if here:
            found.append(here)
    return tuple(found)


def _grams(syllables: Sequence[str]) -> Counter[str]:
    """Syllables and pairs of them: Vietnamese words are mostly of two."""
    pairs = (f"{a} {b}" for a, b in pairwise(syllables))
    return Counter((*syllables, *pairs))


@dataclass(frozen=True, slots=True)
class Weights:
    """Inverse document frequencies over the items of both plans: log((1 + n) / (1 + df)) + 1, scaled to the largest."""

    idf: dict[str, float]
    highest: float

    @classmethod
    def learn(cls, documents: Sequence[set[str]]) -> Weights:
        df = Counter(k for d in documents for k in d)
        n = len(documents)
        return cls({k: math.log((1 + n) / (1 + c)) + 1 for k, c in df.items()}, math.log(1 + n) + 1)

    def of(self, key: str) -> float:
        return self.idf.get(key, self.highest)


def _counts(bags: Sequence[Iterable[str]], columns: Mapping[str, int]) -> sparse.csr_array:
    """How often each bag holds each name; one row a bag, one column a name."""
    counted = [bag if isinstance(bag, Counter) else Counter(bag) for bag in bags]
    ends = np.cumsum([0, *map(len, counted)])
    indices = [columns[k] for bag in counted for k in bag]
    data = np.array([c for bag in counted for c in bag.values()], dtype=float)
    return sparse.csr_array((data, indices, ends), shape=(len(counted), max(1, len(columns))))


def _columns(bags: Iterable[Iterable[str]]) -> dict[str, int]:
    """A column for each name."""
    return {k: n for n, k in enumerate(dict.fromkeys(k for bag in bags for k in bag))}


def _unit(counts: sparse.csr_array, idf: npt.NDArray[np.float64]) -> sparse.csr_array:
    """L2-normalised rows, term frequency damped by 1 + log tf."""
    data = (1 + np.log(counts.data)) * idf[counts.indices]
    lengths = np.sqrt(np.add.reduceat(np.append(data**2, 0.0), counts.indptr[:-1]))
    sizes = np.diff(counts.indptr)
    return sparse.csr_array((data / np.repeat(lengths, sizes), counts.indices, counts.indptr), shape=counts.shape)


def _cosine(left: Sequence[Counter[str]], right: Sequence[Counter[str]], weights: Weights) -> Matrix:
    columns = _columns((*left, *right))
    idf = np.array([weights.of(k) for k in columns] or [0.0])
    a, b = (_unit(_counts(side, columns), idf) for side in (left, right))
    return np.asarray((a @ b.T).todense())


# Syllables that an item, or a clause of it, opens with: the verb and what it is about
OPENING, CLAUSE_OPENING = 14, 8


@dataclass(frozen=True, slots=True)
class Wording:
    """Cosines of word weights: of whole items, of the best pair of clauses, of how items and clauses open."""

    whole: Matrix
    clause: Matrix
    opening: Matrix
    clause_opening: Matrix


def wording(left: Sequence[Profile], right: Sequence[Profile]) -> Wording:
    """Compares what is said, word by word; words weigh the same in whole items and in their parts."""
    lw, rw = [_grams(p.words) for p in left], [_grams(p.words) for p in right]
    weights = Weights.learn([set(b) for b in (*lw, *rw)])
    whole = _cosine(lw, rw, weights)
    lo, ro = ([_grams(p.words[:OPENING]) for p in side] for side in (left, right))
    lc, rc = (
        [(i, c) for i, p in enumerate(side) for c in p.clauses if len(c) > 3] or [(0, ())] for side in (left, right)
    )

    def best(most: int | None) -> Matrix:
        """Of the clauses of each pair, up to so many syllables."""
        a, b = ([_grams(c[:most]) for _, c in side] for side in (lc, rc))
        return _block_max(_cosine(a, b, weights), [i for i, _ in lc], [j for j, _ in rc], whole.shape)

    return Wording(whole, np.maximum(best(None), whole), _cosine(lo, ro, weights), best(CLAUSE_OPENING))


def paraphrases(left: Sequence[Profile], right: Sequence[Profile]) -> Matrix:
    """Cosine of word weights of whole items in the glossary's own words: synonyms count as the same."""
    lw, rw = [_grams(p.paraphrase) for p in left], [_grams(p.paraphrase) for p in right]
    return _cosine(lw, rw, Weights.learn([set(b) for b in (*lw, *rw)]))


def _block_max(parts: Matrix, rows: Sequence[int], cols: Sequence[int], shape: tuple[int, ...]) -> Matrix:
    """The maximum over the clauses of each pair of items; ``rows`` and ``cols`` are their items, in rising order."""
    owners, starts = np.unique(np.asarray(rows, dtype=int), return_index=True)
    by_row = np.maximum.reduceat(parts, starts, axis=0)
    others, cuts = np.unique(np.asarray(cols, dtype=int), return_index=True)
    result = np.zeros(shape)
    result[np.ix_(owners, others)] = np.maximum.reduceat(by_row, cuts, axis=1)
    return result


@dataclass(frozen=True, slots=True)
class ConceptScores:
    """Shared concepts: their cosine, the weight of the rarest, the cosine of the best pair of clauses."""

    cosine: Matrix
    rarest: Matrix
    clause: Matrix


def shared_concepts(left: Sequence[Profile], right: Sequence[Profile], importance: dict[str, float]) -> ConceptScores:
    """Compares by the glossary's concepts, in whatever language; ``importance`` (0 to 1) scales each concept."""
    weights = Weights.learn([set(p.concepts) for p in (*left, *right)])
    names = sorted({k for p in (*left, *right) for k in p.concepts})
    index = {k: n for n, k in enumerate(names)}
    value = np.array([weights.of(k) * importance.get(k, 0.5) for k in names]) if names else np.zeros(1)

    def incidence(sets: Sequence[Sequence[str] | frozenset[str] | dict[str, str]]) -> sparse.csr_array:
        cells = [(i, index[k]) for i, s in enumerate(sets) for k in sorted(s)]
        rows, cols = ([c[0] for c in cells], [c[1] for c in cells]) if cells else ([], [])
        return sparse.csr_array((np.ones(len(cells)), (rows, cols)), shape=(len(sets), len(value)))

    a, b = incidence([p.concepts for p in left]), incidence([p.concepts for p in right])
    squared = np.asarray((a * value**2 @ b.T).todense())
    norm = np.sqrt(np.outer(a @ value**2, b @ value**2))
    lc = [(i, c) for i, p in enumerate(left) for c in p.clause_concepts if c] or [(0, frozenset())]
    rc = [(j, c) for j, p in enumerate(right) for c in p.clause_concepts if c] or [(0, frozenset())]
    ca, cb = incidence([c for _, c in lc]), incidence([c for _, c in rc])
    top = np.asarray((ca * value**2 @ cb.T).todense())
    parts = _ratio(top, np.sqrt(np.outer(ca @ value**2, cb @ value**2)))
    rarest = np.zeros(squared.shape)
    highest = weights.highest
    ac, bc = a.tocsc(), b.tocsc()
    for k in range(len(names)):
        rows = ac.indices[ac.indptr[k] : ac.indptr[k + 1]]
        cols = bc.indices[bc.indptr[k] : bc.indptr[k + 1]]
        if len(rows) and len(cols):
            block = np.ix_(rows, cols)
            rarest[block] = np.maximum(rarest[block], value[k] / highest)
    return ConceptScores(
        cosine=_ratio(squared, norm),
        rarest=rarest,
        clause=_block_max(parts, [i for i, _ in lc], [j for j, _ in rc], squared.shape),
    )


def through(
    left: Sequence[Profile], right: Sequence[Profile], places: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The clauses that pairs of items (by place, left and right) go through: those whose concepts are most alike.

    Clauses count from 0, of those with the same concepts the first; ties go to the earlier clauses, then to the smaller
    concepts, the same from either side.
    """
    weights = Weights.learn([set(p.concepts) for p in (*left, *right)])
    ours, theirs = {i for i, _ in places}, {j for _, j in places}
    a = {i: _weighed_clauses(left[i], weights) for i in ours}
    b = {j: _weighed_clauses(right[j], weights) for j in theirs}
    return [_closest(a[i], b[j], weights) for i, j in places]


_Clauses = list[tuple[int, frozenset[str], float]]


def _weighed_clauses(item: Profile, weights: Weights) -> _Clauses:
    """Place, concepts and length (of the vector of weights) of an item's clauses, each set of concepts once."""
    first: dict[frozenset[str], int] = {}
    for n, concepts in enumerate(item.clause_concepts):
        first.setdefault(concepts, n)
    return [(n, c, math.sqrt(math.fsum(weights.of(k) ** 2 for k in c))) for c, n in first.items()] or [
        (0, frozenset(), 0.0)
    ]


def _closest(left: _Clauses, right: _Clauses, weights: Weights) -> tuple[int, int]:
    if len(left) == len(right) == 1:
        return left[0][0], right[0][0]
    ranked = []
    for n, a, length_a in left:
        for m, b, length_b in right:
            shared = math.fsum(weights.of(k) ** 2 for k in a & b)
            likeness = round(shared / (length_a * length_b), 9) if shared else 0.0
            ranked.append((-likeness, n + m, sorted((sorted(a), sorted(b))), (n, m)))
    return min(ranked)[3]


def _ratio(top: Matrix, bottom: Matrix) -> Matrix:
    result: Matrix = np.zeros(top.shape)
    np.divide(top, bottom, out=result, where=bottom > 0)
    return result


def sectors(left: Sequence[Profile], right: Sequence[Profile]) -> Matrix:
    """Cosine of the sectors' scores."""
    return _cosine_of([p.sectors for p in left], [p.sectors for p in right])


def _cosine_of(left: Sequence[dict[str, float]], right: Sequence[dict[str, float]]) -> Matrix:
    names = sorted({k for d in (*left, *right) for k in d})
    a = np.array([[d.get(k, 0.0) for k in names] for d in left]).reshape(len(left), len(names))
    b = np.array([[d.get(k, 0.0) for k in names] for d in right]).reshape(len(right), len(names))
    bottom = np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1))
    return _ratio(a @ b.T, bottom)


def overlap(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Matrix:
    """Shared members by the smaller set: |A and B| / min(|A|, |B|); 0 where a side has none."""
    columns = _columns((*left, *right))
    a, b = (_counts(side, columns) for side in (left, right))
    smaller = np.minimum(a.sum(axis=1)[:, None], b.sum(axis=1)[None, :])
    return _ratio(np.asarray((a @ b.T).todense()), smaller)


def relative(score: Matrix) -> Matrix:
    """A score by the better of its row's and its column's best: 1 for the best partner that both sides have."""
    if not score.size:
        return score
    best = np.maximum(score.max(axis=1, keepdims=True), score.max(axis=0, keepdims=True))
    return _ratio(score, best)


def targets_alike(a: Target, b: Target) -> float:
    """From 0 to 1: the same indicator counts fully, less where units or periods differ; else the labels' spelling.

    Labels and periods also tell apart several targets on one indicator: that of a city from that of the province,
    that for 2025 from that for 2030.
    """
    from rapidfuzz import fuzz

    spelling = fuzz.token_sort_ratio(key(a.indicator_text), key(b.indicator_text)) / 100
    if a.indicator_id and b.indicator_id:
        if a.indicator_id != b.indicator_id:
            return 0.0
        base = 0.859 + 0.04 * spelling
    else:
        base = 0.85 * spelling
        if base < 0.68:
            return 0.0
    same_length = ("-" in a.period) == ("-" in b.period) and a.period.endswith("/yr") == b.period.endswith("/yr")
    fit = round(
        base * (1.0 if a.unit == b.unit else 0.8)
        + (0.06 if same_length else 0.0)
        + (0.001 if a.value == b.value else 0.0)  # of two with one label and period, the one with the same number
        + (0.04 if a.period == b.period else 0.02 if set(_years(a.period)) & set(_years(b.period)) else 0.0),
        4,
    )
    return min(1.0, fit)


def _years(period: str) -> range:
    years = [int(y) for y in re.findall(r"\d{4}", period)[:2]]
    return range(min(years), max(years) + 1) if years else range(0)
