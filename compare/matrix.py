"""N plans at once: groups of equivalent tasks over provinces and years, and who has what.

Groups grow by complete linkage (Defays 1977): two groups become one only if every task of the one is an accepted
partner of every task of the other that comes from another plan, so that no chain of near pairs joins what has
nothing in common. The best pairs are tried first; ties are broken by id, and the order of the plans does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from compare.alignment import THRESHOLD, Verdicts, annex_pairs, features, hold, probability, profiles, relation
from compare.diff import rows_of_many
from compare.diff.gaps import ORDER
from compare.diff.history import Pair
from compare.frames import cell
from compare.lexicon import joined, taxonomy, terms
from compare.records import Plan, Target, Task
from compare.similarity import Profile

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that say the same, at most a few from each plan. ``weakest`` is the least probability inside, 1 for one task."""

    group_id: str
    label: str
    sector: str
    items: tuple[str, ...]
    weakest: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """The groups of N plans, those over most plans first; tasks without any partner stand in none, unless asked for.

    ``pairs``: the accepted pairs inside the groups, smaller id first. ``apart``: the probability of those that complete
    linkage left between two groups or outside all of them.
    """

    plans: tuple[Plan, ...]
    groups: tuple[Group, ...]
    threshold: float
    pairs: Mapping[tuple[str, str], Pair] = field(default_factory=dict)
    apart: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def coverage(self) -> list[dict[str, object]]:
        """One row a group, one column a plan: the number of its tasks.

        0: the plan lacks it, unless ``partly`` (ids, ";" between them) names it: then a task of the plan is a partner of
        some of the group's tasks, but not of all, and stands elsewhere.
        """
        where = {t.task_id: p.plan_id for p in self.plans for t in p.tasks}
        near: dict[str, set[str]] = {}
        for a, b in self.apart:
            near.setdefault(a, set()).add(where[b])
            near.setdefault(b, set()).add(where[a])
        rows = []
        for g in self.groups:
            counts = Counter(where[i] for i in g.items)
            row: dict[str, object] = {
                "group_id": g.group_id,
                "label": g.label,
                "sector": g.sector,
                "n_plans": len(counts),
                "partly": joined(sorted({p for i in g.items for p in near.get(i, ())} - set(counts))),
            }
            rows.append({**row, **{p.plan_id: counts[p.plan_id] for p in self.plans}})
        return rows

    def sector_counts(self) -> list[dict[str, object]]:
        """One row a sector, one column a plan: the number of its tasks in the sector."""
        counts = {p.plan_id: Counter(t.sector for t in p.tasks) for p in self.plans}
        return [_counted("sector", sector, counts) for sector in taxonomy()]

    def indicator_values(self) -> list[dict[str, object]]:
        """One row a known indicator, one column a plan: its targets, ";" between them (">= 11 % 2021-2025/yr")."""
        found: dict[str, dict[str, list[str]]] = {}
        for p in self.plans:
            for t in p.targets:
                if t.indicator_id:
                    found.setdefault(t.indicator_id, {}).setdefault(p.plan_id, []).append(_value(t))
        rows = []
        for indicator, values in sorted(found.items(), key=lambda f: (-len(f[1]), f[0])):
            row = {"indicator_id": indicator, "n_plans": len(values)}
            rows.append({**row, **{p.plan_id: joined(values.get(p.plan_id, ())) for p in self.plans}})
        return rows

    def gaps(self) -> list[dict[str, object]]:
        """Rows of ``gaps`` over all plans: what each leaves open, and what any other has and it lacks."""
        best: dict[str, float] = {}
        known = {**{k: pair.probability for k, pair in self.pairs.items()}, **self.apart}
        for two, chance in known.items():
            for item in two:
                best[item] = max(best.get(item, 0.0), chance)
        annex = {p.plan_id: annex_pairs(p) for p in self.plans}
        return [{k: cell(v) for k, v in r.items()} for r in rows_of_many(self.plans, annex, best)]

    def gap_counts(self) -> list[dict[str, object]]:
        """One row a kind of gap, one column a plan: the number of cases."""
        found = self.gaps()
        counts = {p.plan_id: Counter(str(r["gap"]) for r in found if r["plan_id"] == p.plan_id) for p in self.plans}
        return [_counted("gap", gap, counts) for gap in ORDER if any(c[gap] for c in counts.values())]

    def members(self) -> list[dict[str, object]]:
        """One row for each task of a group, with its words."""
        tasks = {t.task_id: (p, t) for p in self.plans for t in p.tasks}
        return [
            {
                "group_id": g.group_id,
                "plan_id": tasks[i][0].plan_id,
                "province": tasks[i][0].metadata.province,
                "year": tasks[i][0].metadata.year or "",
                "task_id": i,
                "sector": tasks[i][1].sector,
                "text": tasks[i][1].text,
                "start": tasks[i][1].start,
                "end": tasks[i][1].end,
            }
            for g in self.groups
            for i in g.items
        ]


def _counted(column: str, value: str, counts: Mapping[str, Counter[str]]) -> dict[str, object]:
    return {
        column: value,
        "n_plans": sum(bool(c[value]) for c in counts.values()),
        **{p: c[value] for p, c in counts.items()},
    }


def _value(t: Target) -> str:
    """A target in a few characters: ">= 11 % 2021-2025/yr", "13-13.5 % 2025"."""
    number = f"{t.value:g}" if t.value_max is None else f"{t.value:g}-{t.value_max:g}"
    sign = "" if t.comparator in ("=", "range", "") else t.comparator
    return " ".join(part for part in (sign, number, t.unit, t.period) if part)


def matrix(
    plans: Sequence[Plan],
    threshold: float = THRESHOLD,
    progress: Progress | None = None,
    verdicts: Verdicts | None = None,
    singles: bool = False,
) -> Matrix:
    """Groups the tasks of two or more plans. ``progress`` is called with the pairs of plans done and in all.

    ``verdicts``: pairs of tasks that a person accepted or rejected; an accepted pair is the first to be grouped.
    ``singles``: whether tasks without any partner are groups of their own, after the others.
    """
    known_pairs = {**(verdicts or {}), **{(b, a): yes for (a, b), yes in (verdicts or {}).items()}}
    ordered = sorted(plans, key=lambda p: p.plan_id)
    known = [profiles(p) for p in ordered]
    edges: dict[tuple[str, str], float] = {}
    twos = list(combinations(range(len(ordered)), 2))
    for n, (i, j) in enumerate(twos, start=1):
        edges |= _edges(known[i], known[j], threshold, known_pairs)
        if progress:
            progress(n, len(twos))
    home = {p.item_id: n for n, plan in enumerate(known) for p in plan}
    clusters = _linked(edges, home)
    if singles:
        taken = {i for c in clusters for i in c}
        clusters += [[i] for i in home if i not in taken]
    by_id = {p.item_id: p for plan in known for p in plan}
    tasks = {t.task_id: t for p in ordered for t in p.tasks}
    ranked = sorted(clusters, key=lambda c: (-len({home[i] for i in c}), -len(c), min(c)))
    groups = tuple(_group(f"G{n:03d}", c, by_id, tasks, edges) for n, c in enumerate(ranked, start=1))
    pairs = {
        (a, b): Pair(edges[a, b], relation(by_id[a], by_id[b]))
        for g in groups
        for a, b in combinations(sorted(g.items), 2)
        if (a, b) in edges
    }
    apart = {two: p for two, p in edges.items() if two not in pairs}
    return Matrix(tuple(ordered), groups, threshold, pairs, apart)


def _edges(
    left: list[Profile], right: list[Profile], threshold: float, verdicts: Verdicts
) -> dict[tuple[str, str], float]:
    """The accepted pairs of two plans, smaller id first, with their probability: 1 where a person accepted the pair."""
    if not left or not right:
        return {}
    found = features(left, right)
    held, decided, _ = hold(left, right, found, threshold, verdicts)
    p = np.where(decided, 1.0, probability(found))
    return {
        (min(left[i].item_id, right[j].item_id), max(left[i].item_id, right[j].item_id)): float(p[i, j])
        for i, j in zip(*np.nonzero(held), strict=True)
    }


def _linked(edges: dict[tuple[str, str], float], home: dict[str, int]) -> list[list[str]]:
    group: dict[str, list[str]] = {}
    for a, b in sorted(edges, key=lambda e: (-edges[e], e)):
        first, second = group.setdefault(a, [a]), group.setdefault(b, [b])
        if first is second:
            continue
        if all(home[x] == home[y] or (min(x, y), max(x, y)) in edges for x in first for y in second):
            first.extend(second)
            for item in second:
                group[item] = first
    unique = {id(g): g for g in group.values()}
    return [sorted(g) for g in unique.values() if len({home[i] for i in g}) > 1]


def _group(
    name: str, items: list[str], known: dict[str, Profile], tasks: dict[str, Task], edges: dict[tuple[str, str], float]
) -> Group:
    inside = [edges[a, b] for a, b in combinations(items, 2) if (a, b) in edges]
    sectors = Counter(tasks[i].sector for i in items if tasks[i].sector)
    sector = min(sectors, key=lambda s: (-sectors[s], s)) if sectors else ""
    return Group(
        name, _label([known[i] for i in items], sector), sector, tuple(items), round(min(inside, default=1.0), 4)
    )


def _label(members: list[Profile], sector: str) -> str:
    """The concepts that most members share, the weightiest of the group's sector first, in Vietnamese."""
    named = {t.concept_id: t for t in terms()}
    counts = Counter(c for p in members for c in p.concepts)
    shared = [c for c in counts if counts[c] * 2 > len(members)]
    shared.sort(key=lambda c: (-counts[c], named[c].sector_id != sector, -named[c].weight, c))
    forms = [next((f for lang, f in named[c].forms if lang == "vi"), c) for c in shared[:3]]
    return ", ".join(forms)
