"""Why two items were paired, or not: the evidence for any two items of one kind, whether they were a candidate or not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from compare import alignment, similarity
from compare.profiles import charged, concepts, names, numerals, profiles, province, theme_profiles
from compare.records import Alignment, Evidence, Match, Plan, Span, Task, Theme

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


def ids_of(plan: Plan) -> set[str]:
    """The ids of a plan's tasks, targets and themes."""
    return {*(t.task_id for t in plan.tasks), *(t.target_id for t in plan.targets), *(t.theme_id for t in plan.themes)}


def full_id(plan: Plan, given: str) -> str:
    """An item's id from one with or without the plan's id in front; raises KeyError for an unknown one."""
    ids = ids_of(plan)
    for name in (given, f"{plan.plan_id}/{given}"):
        if name in ids:
            return name
    raise KeyError(given)


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


@dataclass(frozen=True, slots=True)
class Shared:
    """What both items of a pair name: the kind of evidence, and the words on either side as spans of the plans' texts."""

    name: str
    left: Span
    right: Span


def shared(pairs: Alignment, match: Match) -> list[Shared]:
    """The words of a pair of tasks or themes that its evidence rests on, by kind and place; none for targets.

    A concept that stands in an item in several words is shown once; words inside longer ones that are shared are left out.
    """
    if match.kind == "target":
        return []
    left, right = _places(pairs.left, match.left_id), _places(pairs.right, match.right_id)
    found = {
        Shared(kind, left[kind][k], right[kind][k]) for kind in left for k in left[kind].keys() & right[kind].keys()
    }
    order = list(left)
    return sorted(
        (s for s in found if not any(_inside(s, o) for o in found if o != s)),
        key=lambda s: (order.index(s.name), s.left, s.right),
    )


def _inside(one: Shared, other: Shared) -> bool:
    return one.name == other.name and all(
        b.start <= a.start and a.end <= b.end for a, b in ((one.left, other.left), (one.right, other.right))
    )


def _places(plan: Plan, item_id: str) -> dict[str, dict[str, Span]]:
    """What an item names, by kind of evidence and key, with its place in the text."""
    items: dict[str, Task | Theme] = {t.task_id: t for t in plan.tasks}
    items |= {t.theme_id: t for t in plan.themes}
    item = items[item_id]
    start, end = item.start, item.end
    given = [a for a in plan.assignments if a.task_id == item_id]
    here, skip = plan.text[start:end], charged(plan.text, start, end, given)
    leads = [a for a in given if a.role == "lead"]
    return {
        "terms": concepts(plan.text, start, end, skip),
        "agency": {a.agency_now: Span(a.start, a.end) for a in reversed(leads)},
        "references": {r.number: Span(r.start, r.end) for r in reversed(plan.references) if start <= r.start < end},
        "numbers": numerals(here, start),
        "places": names(here, skip, start, province(plan)),
    }
