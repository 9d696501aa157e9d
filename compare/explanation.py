"""Why two items were paired, or not: the evidence for any two items of one kind, whether they were a candidate or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from compare import alignment, similarity
from compare.profiles import profiles, theme_profiles
from compare.records import Alignment, Evidence, Match, Plan

NO_CANDIDATE = "no candidate"


def kind_of(plan: Plan, item_id: str) -> str:
    """Task, target or theme; raises KeyError for an unknown id."""
    for kind, ids in (
        ("task", (t.task_id for t in plan.tasks)),
        ("target", (t.target_id for t in plan.targets)),
        ("theme", (t.theme_id for t in plan.themes)),
    ):
        if item_id in ids:
            return kind
    raise KeyError(item_id)


def words_of(plan: Plan, item_id: str) -> str:
    """The words of an item; raises KeyError for an unknown id."""
    items = {
        **{t.task_id: t.text for t in plan.tasks},
        **{t.target_id: t.text for t in plan.targets},
        **{t.theme_id: t.text for t in plan.themes},
    }
    return items[item_id]


def pair(pairs: Alignment, left_id: str, right_id: str) -> Match:
    """The match of a left and a right item with its evidence; ``note`` says why a pair was no candidate.

    Raises KeyError for an unknown id, ValueError for items of two kinds.
    """
    kind, other = kind_of(pairs.left, left_id), kind_of(pairs.right, right_id)
    if kind != other:
        raise ValueError(f"{left_id} is a {kind} and {right_id} a {other}: only items of one kind are paired")
    for m in pairs.matches:
        if (m.left_id, m.right_id) == (left_id, right_id):
            return m
    if kind == "target":
        return _targets(pairs, left_id, right_id)
    make = profiles if kind == "task" else theme_profiles
    a, b = make(pairs.left), make(pairs.right)
    i, j = (next(n for n, p in enumerate(side) if p.item_id == name) for side, name in ((a, left_id), (b, right_id)))
    found = alignment.features(a, b, pairs.embeddings)
    p = alignment.probability(found)
    match = alignment.scored(kind, a[i], b[j], {n: float(m[i, j]) for n, m in found.items()}, float(p[i, j]), False)
    return replace(match, note=f"{NO_CANDIDATE}: {_why(p, i, j)}")


def _why(p: similarity.Matrix, i: int, j: int) -> str:
    if p[i, j] < alignment.LEAST:
        return f"the probability is below {alignment.LEAST:g}"
    ahead = [int(np.sum(line > p[i, j])) for line in (p[i], p[:, j])]
    side = "left" if ahead[0] >= alignment.MOST_PER_ITEM else "right"
    return f"{max(ahead)} pairs of the {side} item are likelier, and the best {alignment.MOST_PER_ITEM} are kept"


def _targets(pairs: Alignment, left_id: str, right_id: str) -> Match:
    a = next(t for t in pairs.left.targets if t.target_id == left_id)
    b = next(t for t in pairs.right.targets if t.target_id == right_id)
    fit = similarity.targets_alike(a, b)
    if a.indicator_id and b.indicator_id and a.indicator_id != b.indicator_id:
        why = f"the indicators differ ({a.indicator_id}, {b.indicator_id})"
    else:
        why = f"the likeness of the labels, units and periods is below {alignment.TARGET_THRESHOLD:g}"
    evidence = (Evidence("terms", fit, 0.0, (a.indicator_text, b.indicator_text)),)
    return Match(left_id, right_id, "target", "related", fit, fit, False, evidence, note=f"{NO_CANDIDATE}: {why}")
