"""What became of each task over several years of one province: where it was first and last stated, what changed between.

A task's years are those of the plans that state it or an equivalent one; plans of one year count together. A step leads
from one year that has plans to the next. Where several tasks of a group stand on both sides of a step, its most
probable pair tells what changed, in the words of ``tasks_diff``. A task that is missing in between is ``resumed`` where
it comes back, and then compared with the last year that stated it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple, Protocol

from compare.diff.tasks import change_of, doubtful, due, leads_of, years_between
from compare.lexicon import joined
from compare.records import Assignment, Plan, Task

# What can happen between two years, in the order in which they are counted.
CHANGES = ("kept", "narrowed", "widened", "rescheduled", "reassigned", "resumed", "dropped", "added")
# What the year with which a province begins says of its tasks: nothing is known of the years before.
STATED = "stated"
_TURNED = {"narrower": "broader", "broader": "narrower"}

Row = dict[str, object]


class Pair(NamedTuple):
    """How likely two tasks are the same (1: a person said so), and the relation of the first to the second."""

    probability: float
    relation: str


class Grouped(Protocol):
    """Equivalent tasks, as ``matrix`` groups them; a task without a partner is a group of its own."""

    @property
    def group_id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def sector(self) -> str: ...
    @property
    def items(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Chronicle:
    """One province's plans by year, with what is looked up of their tasks. ``pairs``: ids (smaller first) to Pair."""

    province: str
    years: Mapping[int, Sequence[Plan]]
    pairs: Mapping[tuple[str, str], Pair]
    tasks: Mapping[str, Task]
    leads: Mapping[str, Sequence[Assignment]]
    home: Mapping[str, Plan]

    @classmethod
    def of(cls, province: str, plans: Sequence[Plan], pairs: Mapping[tuple[str, str], Pair]) -> Chronicle:
        """The plans, each of which must state a year, put in order."""
        ordered = sorted(plans, key=lambda p: (p.metadata.year or 0, p.metadata.issued_on, p.plan_id))
        years: dict[int, list[Plan]] = {}
        for p in ordered:
            years.setdefault(p.metadata.year or 0, []).append(p)
        tasks = {t.task_id: t for p in ordered for t in p.tasks}
        leads = {task: found for p in ordered for task, found in leads_of(p).items()}
        return cls(province, years, pairs, tasks, leads, {t.task_id: p for p in ordered for t in p.tasks})

    def stated(self, group: Grouped) -> dict[int, list[str]]:
        """The group's tasks by year, in the order of the plans' texts."""
        order = {task: n for n, task in enumerate(self.tasks)}
        found: dict[int, list[str]] = {}
        for item in sorted(group.items, key=order.__getitem__):
            found.setdefault(self.home[item].metadata.year or 0, []).append(item)
        return dict(sorted(found.items()))

    def pair(self, a: str, b: str) -> Pair:
        """The pair of an earlier task ``a`` and a later one ``b``; probability 0 where they were not accepted."""
        first, second = min(a, b), max(a, b)
        found = self.pairs.get((first, second), Pair(0.0, "equivalent"))
        return found if first == a else Pair(found.probability, _TURNED.get(found.relation, found.relation))


def steps(chronicle: Chronicle, groups: Sequence[Grouped]) -> list[Row]:
    """Rows of ``history_steps``: one a group and step in which it was stated on a side, in the order of the groups."""
    return [row for g in groups for row in _steps(chronicle, g)]


def _steps(chronicle: Chronicle, group: Grouped) -> list[Row]:
    stated, rows = chronicle.stated(group), []
    for before, after in pairwise(chronicle.years):
        last = max((y for y in stated if y <= before), default=None)
        old = stated[last] if last is not None else []
        new = stated.get(after, [])
        if not new and before not in stated:
            continue
        place = {"province": chronicle.province, "group_id": group.group_id, "label": group.label}
        found = _between(chronicle, old, new)
        if found["change"] not in ("dropped", "added") and last != before:
            found["change"] = "resumed"
        span = {"from_year": before, "to_year": after, "last_seen": "" if last is None else last}
        rows.append({**place, "sector": group.sector, **span, **found})
    return rows


def _between(chronicle: Chronicle, old: Sequence[str], new: Sequence[str]) -> Row:
    """What happened from the tasks ``old`` to the tasks ``new``; one of the two may be empty."""
    a, b = _best(chronicle, old, new)
    left, right = chronicle.tasks.get(a), chronicle.tasks.get(b)
    leads = [list(chronicle.leads.get(item, ())) for item in (a, b)]
    row: Row = {"n_left": len(old), "n_right": len(new), "left_id": a, "right_id": b}
    row |= {"left_text": left.text if left else "", "right_text": right.text if right else ""}
    row |= {"lead_left": joined(x.agency_id for x in leads[0]), "lead_right": joined(x.agency_id for x in leads[1])}
    row |= {"due_left": due(left) if left else "", "due_right": due(right) if right else ""}
    if left is None or right is None:
        blank = ("probability", "doubtful", "lead_change", "leads_added", "leads_removed", "due_change")
        return {**row, **dict.fromkeys(blank, ""), "change": "dropped" if left else "added"}
    pair = chronicle.pair(a, b)
    row |= {"probability": round(pair.probability, 6), "doubtful": doubtful(pair.probability, "")}
    shift = years_between(chronicle.home[a], chronicle.home[b])
    return row | change_of(pair.relation, left, right, leads[0], leads[1], shift)


def _best(chronicle: Chronicle, old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """The most probable pair, ties by id; with one side empty the first task of the other."""
    if not old or not new:
        return (old[0] if old else ""), (new[0] if new else "")
    return min(product(old, new), key=lambda ab: (-chronicle.pair(*ab).probability, ab))


def rows(chronicle: Chronicle, groups: Sequence[Grouped]) -> list[Row]:
    """Rows of ``history``: one a group, those over most years first, then by first year and by their order."""
    found = [_row(chronicle, g) for g in groups]
    return sorted(found, key=lambda r: (-str(r["years"]).count(";"), int(str(r["first_year"]))))


def _row(chronicle: Chronicle, group: Grouped) -> Row:
    stated, told = chronicle.stated(group), _steps(chronicle, group)
    years = list(stated)
    first, last = stated[years[0]][0], stated[years[-1]][-1]
    start = [f"{years[0]} {STATED}"] if years[0] == next(iter(chronicle.years)) else []
    changes = [*start, *(f"{s['to_year']} {s['change']}" for s in told)]
    return {
        "province": chronicle.province,
        "group_id": group.group_id,
        "label": group.label,
        "sector": group.sector,
        "years": joined(map(str, years)),
        "first_year": years[0],
        "last_year": years[-1],
        "changes": joined(changes),
        "latest": changes[-1].split(" ", 1)[1],
        "doubtful": any(s["doubtful"] is True for s in told),
        "n_tasks": len(group.items),
        "first_id": first,
        "last_id": last,
        "last_text": chronicle.tasks[last].text,
    }


def sectors(chronicle: Chronicle, groups: Sequence[Grouped]) -> list[Row]:
    """Rows of ``history_sectors``: per sector and step how many groups were kept, narrowed, ..., by the sector's id.

    Groups without a sector come last, with an empty ``sector``. ``n_doubtful`` counts the groups whose pair is doubtful.
    """
    counts: dict[tuple[str, int, int], Counter[str]] = {}
    for s in steps(chronicle, groups):
        key = (str(s["sector"]), int(str(s["from_year"])), int(str(s["to_year"])))
        counts.setdefault(key, Counter()).update([str(s["change"]), *(["n_doubtful"] if s["doubtful"] is True else [])])
    return [
        {
            "province": chronicle.province,
            "sector": sector,
            "from_year": before,
            "to_year": after,
            **{c: n[c] for c in (*CHANGES, "n_doubtful")},
        }
        for (sector, before, after), n in sorted(counts.items(), key=lambda c: (not c[0][0], c[0]))
    ]
