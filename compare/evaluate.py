"""How good an alignment is against labelled pairs: precision, recall, F1, average precision, thresholds, calibration.

Labels have three grades: 2 the same commitment, 1 the same narrow topic, 0 neither. Strict counts grade 2 as right;
lax counts 1 as right too. Where strict scoring is asked for, grade-1 pairs are neither right nor wrong. A left item is
judged where a label names it, if only to say that it has no partner (right side empty): all its unlabelled pairs are
grade 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]
THRESHOLDS = tuple(n / 20 for n in range(1, 20))


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares from 0 to 1; ``tp``, ``fp``, ``fn`` are counts of pairs. Undefined shares (nothing to divide by) are 0."""

    precision: float
    recall: float
    f1: float
    tp: int
    fp: int
    fn: int


def quality(accepted: Iterable[Pair], grades: Mapping[Pair, int], lax: bool = False) -> Quality:
    """Precision, recall and F1 of accepted pairs whose left item was judged; lax counts grade 1 as right."""
    judged = _judged(grades)
    held = {p for p in accepted if p[0] in judged}
    want = {p for p, g in grades.items() if g >= (1 if lax else 2)}
    neutral = set() if lax else {p for p, g in grades.items() if g == 1}
    tp = len(held & want)
    return _quality(tp, len(held - want - neutral), len(want) - tp)


def _judged(grades: Mapping[Pair, int]) -> set[str]:
    return {a for a, _ in grades}


def _quality(tp: int, fp: int, fn: int) -> Quality:
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * precision * recall / (precision + recall) if tp else 0.0
    return Quality(round(precision, 4), round(recall, 4), round(f1, 4), tp, fp, fn)


def average_precision(scores: Mapping[Pair, float], grades: Mapping[Pair, int]) -> float:
    """Mean precision at each right pair when all are ranked by score (ties by id); missing right pairs count as 0."""
    judged = _judged(grades)
    want = {p for p, g in grades.items() if g == 2}
    ranked = sorted((p for p in scores if p[0] in judged and grades.get(p) != 1), key=lambda p: (-scores[p], p))
    hits, total = 0, 0.0
    for n, pair in enumerate(ranked, start=1):
        if pair in want:
            hits += 1
            total += hits / n
    return round(total / len(want), 4) if want else 0.0


def threshold_curve(
    scores: Mapping[Pair, float],
    grades: Mapping[Pair, int],
    thresholds: Sequence[float] = THRESHOLDS,
) -> list[tuple[float, Quality]]:
    """Strict quality at each threshold on the probability."""
    return [(t, quality((p for p, s in scores.items() if s >= t), grades)) for t in thresholds]


@dataclass(frozen=True, slots=True)
class Group:
    """The quality within one group of left items, and how many of them were judged."""

    name: str
    judged: int
    strict: Quality
    lax: Quality
    average_precision: float


def by_group(
    accepted: Collection[Pair], scores: Mapping[Pair, float], grades: Mapping[Pair, int], groups: Mapping[str, str]
) -> list[Group]:
    """The quality for each group of judged left items, by the group's name; ``groups`` maps an item to its group."""
    found = []
    for name in sorted({groups.get(a, "") for a in _judged(grades)}):
        own = {p: g for p, g in grades.items() if groups.get(p[0], "") == name}
        strict, lax = quality(accepted, own), quality(accepted, own, lax=True)
        found.append(Group(name, len(_judged(own)), strict, lax, average_precision(scores, own)))
    return found


def judged_pairs(scores: Mapping[Pair, float], grades: Mapping[Pair, int]) -> tuple[list[float], list[bool]]:
    """The probability of each scored pair of a judged left item, and whether it is right; pairs of grade 1 left out."""
    judged = _judged(grades)
    known = sorted(p for p in scores if p[0] in judged and grades.get(p) != 1)
    return [scores[p] for p in known], [grades.get(p) == 2 for p in known]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of similar probability: how many, their mean probability, the share that is right."""

    low: float
    high: float
    n: int
    mean: float
    right: float


def reliability(probabilities: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """The reliability curve over equally wide bins; empty bins are left out."""
    result = []
    for k in range(bins):
        low, high = k / bins, (k + 1) / bins
        inside = [
            (p, r) for p, r in zip(probabilities, right, strict=True) if low <= p < high or (k == bins - 1 and p == 1)
        ]
        if inside:
            n = len(inside)
            result.append(Bin(low, high, n, sum(p for p, _ in inside) / n, sum(r for _, r in inside) / n))
    return result


def calibration_error(curve: Sequence[Bin]) -> float:
    """Expected calibration error: the bins' distance from the diagonal, by their share of pairs (Naeini et al. 2015)."""
    total = sum(b.n for b in curve)
    return sum(abs(b.mean - b.right) * b.n for b in curve) / total if total else 0.0
