"""Missing assignments: what a plan leaves open, what it says in two ways, what only the other plan has.

Sorted by how much it matters: contradictions and tasks for bodies that no longer exist first, then tasks that nobody
leads, then sectors, bodies and targets without a task, then what lacks a counterpart, a deadline, a product. A row
that rests on a pair of items which may be wrong is ``doubtful``; ``words`` holds the words that show the gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from compare.diff.bodies import ended
from compare.diff.rhythms import dated
from compare.diff.targets import named_in
from compare.diff.tasks import SURE, chance_of_none, doubtful
from compare.lexicon import agencies, agency_now, joined
from compare.records import Alignment, Assignment, Match, Plan, Target, Task
from compare.terms import find_nested_terms
from compare.wording import detail as told

ORDER = (
    "conflict", "dissolved_agency", "no_lead", "annex_without_body", "body_without_annex", "sector_without_task",
    "agency_without_task", "target_without_task", "task_without_counterpart", "no_coordinator", "no_deadline", "no_product",
)  # fmt: skip
# What a comparison finds; the other gaps are a plan's own.
AGAINST = ("sector_without_task", "agency_without_task", "task_without_counterpart")

# The share of its rows that an annex finds in the body, if it is there to repeat it
REPEATING = 1 / 3


def rows(pairs: Alignment) -> list[dict[str, object]]:
    """Rows of ``gaps`` for both plans, sorted by ORDER, then by plan and place."""
    found: list[dict[str, object]] = []
    for plan, other in ((pairs.left, pairs.right), (pairs.right, pairs.left)):
        found += plan_gaps(plan, pairs.within.get(plan.plan_id, ()))
        found += _against(plan, other, pairs)
    return _ordered(found, [pairs.left, pairs.right])


def rows_of_many(
    plans: Sequence[Plan], annex: Mapping[str, Iterable[Match]], chances: Mapping[str, float]
) -> list[dict[str, object]]:
    """Rows of ``gaps`` for one plan or many, sorted like those of two.

    ``annex``: each plan's pairs of annex and body; ``chances``: for each task that another plan has, the probability of
    its best pair (1: a person said so). A sector, a body or a task is lacking where any other plan has it.
    """
    found: list[dict[str, object]] = []
    for plan in plans:
        found += plan_gaps(plan, annex.get(plan.plan_id, ()))
        others = [p for p in plans if p is not plan]
        if others:
            found += _sectors_lacking(plan, others) + _bodies_lacking(plan, others)
            found += [r for t in plan.tasks for r in _alone_of_many(plan, t, chances.get(t.task_id), len(others))]
    return _ordered(found, plans)


def _alone_of_many(plan: Plan, t: Task, chance: float | None, others: int) -> list[dict[str, object]]:
    if chance is None:
        detail = told("none_of_many", n=others)
        return [{**_row("task_without_counterpart", plan, t, detail), "doubtful": False}]
    if not doubtful(chance, ""):
        return []
    detail = told("best_of_many", p=f"{chance:.2f}")
    return [_paired(_row("task_without_counterpart", plan, t, detail), chance, "")]


def _ordered(found: list[dict[str, object]], of: Sequence[Plan]) -> list[dict[str, object]]:
    """By how much it matters, then by plan and place."""
    rank = {gap: n for n, gap in enumerate(ORDER)}
    plans = [p.plan_id for p in of]
    return sorted(
        found,
        key=lambda g: (
            rank[str(g["gap"])],
            plans.index(str(g["plan_id"])),
            int(str(g["start"] or 0)),
            str(g["agency_id"]),
        ),
    )


def plan_gaps(plan: Plan, annex: Iterable[Match] = ()) -> list[dict[str, object]]:
    """What one plan leaves open by itself."""
    by_task: dict[str, list[Assignment]] = {}
    for a in plan.assignments:
        by_task.setdefault(a.task_id, []).append(a)
    found = []
    for t in plan.tasks:
        found += _task_gaps(plan, t, by_task.get(t.task_id, []))
    found += [_row("dissolved_agency", plan, t, said, agency) for t, agency, said in ended(plan)]
    return [*found, *_annex(plan, tuple(annex), by_task), *_aims_without_task(plan)]


def _row(
    gap: str, plan: Plan, item: Task | Target | None, detail: str, agency: str = "", counterpart: str = ""
) -> dict[str, object]:
    sector = item.sector if isinstance(item, Task) else ""
    return {
        "gap": gap,
        "plan_id": plan.plan_id,
        "task_id": "" if item is None else item.task_id if isinstance(item, Task) else item.target_id,
        "sector": sector,
        "agency_id": agency,
        "detail": detail,
        "counterpart_id": counterpart,
        "start": "" if item is None else item.start,
        "end": "" if item is None else item.end,
        "doubtful": "",
        "probability": "",
        "words": "" if item is None else item.text,
    }


def _paired(row: dict[str, object], probability: float, decision: str) -> dict[str, object]:
    """A row that rests on a pair, with how likely (within one plan: how alike) that pair is."""
    return {**row, "doubtful": doubtful(probability, decision), "probability": round(probability, 6)}


def _task_gaps(plan: Plan, t: Task, bodies: list[Assignment]) -> list[dict[str, object]]:
    leads = [a for a in bodies if a.role == "lead"]
    found = []
    if not leads:
        found.append(_row("no_lead", plan, t, told("no_lead")))
    elif any(agencies()[a.agency_id].kind == "collective" for a in leads if a.agency_id in agencies()):
        pass  # "all departments", "the units concerned": whoever is to help is already among them
    elif len(bodies) == len(leads):
        found.append(_row("no_coordinator", plan, t, told("no_coordinator"), leads[0].agency_id))
    if not (t.due_start or t.due_end or t.due_text or dated(plan, t) or _dated_below(plan, t)):
        found.append(_row("no_deadline", plan, t, told("no_deadline"), leads[0].agency_id if leads else ""))
    if t.part == "annex" and not t.product:
        found.append(_row("no_product", plan, t, told("no_product"), leads[0].agency_id if leads else ""))
    return found


def _dated_below(plan: Plan, t: Task) -> bool:
    """Whether a task only opens a list ("by these dates:") one of whose items has a deadline."""
    return t.text.rstrip().endswith(":") and any(
        u.due_text and f"{u.section_id}/".startswith(f"{t.section_id}/") for u in plan.tasks if u.start > t.start
    )


def _annex(plan: Plan, pairs: tuple[Match, ...], by_task: dict[str, list[Assignment]]) -> list[dict[str, object]]:
    """Annex rows without a body task and the other way round; pairs that name other leads or dates."""
    annex = [t for t in plan.tasks if t.part == "annex"]
    if not annex:
        return []
    tasks = {t.task_id: t for t in plan.tasks}
    pairs = tuple(m for m in pairs if m.accepted)
    stated = {m.left_id for m in pairs}
    repeated = {m.right_id for m in pairs}
    found = []
    if sum(t.task_id in stated for t in annex) >= REPEATING * len(annex):  # else the annex adds tasks, it repeats none
        found += [_row("annex_without_body", plan, t, told("annex_alone")) for t in annex if t.task_id not in stated]
        charged = [t for t in plan.tasks if t.part == "body" and by_task.get(t.task_id)]
        found += [_row("body_without_annex", plan, t, told("body_alone")) for t in charged if t.task_id not in repeated]
    for m in pairs:
        found += _contradictions(plan, m, tasks, by_task)
    return found


def _contradictions(
    plan: Plan, m: Match, tasks: dict[str, Task], by_task: dict[str, list[Assignment]]
) -> list[dict[str, object]]:
    """Other leads, other partners, other dates in an annex row than in the body task that it repeats."""
    row, body = tasks[m.left_id], tasks[m.right_id]
    found = []
    here, there = (_leads(by_task.get(t.task_id, [])) for t in (row, body))
    if here and there and set(here) != set(there):
        detail = told("lead", annex=joined(here), body=joined(there))
        found.append(_row("conflict", plan, row, detail, here[0], body.task_id))
    partners = {e.name: e.words for e in m.evidence}
    ours, theirs = partners.get("annex_partners", ()), partners.get("body_partners", ())
    if ours != theirs and row.text.strip() not in {s.heading.strip() for s in plan.sections}:
        detail = told("scope", annex=joined(ours) or told("no_ministry"), body=joined(theirs) or told("no_ministry"))
        found.append(_row("conflict", plan, row, detail, here[0] if here else "", body.task_id))
    if _dates_differ(plan.text, row, body):
        detail = _dates_said(plan.text, row, body)
        found.append(_row("conflict", plan, row, detail, here[0] if here else "", body.task_id))
    return [_paired(r, m.probability, m.decision) for r in found]


def _dates_said(text: str, row: Task, body: Task) -> str:
    """Both deadlines; where the words of one garble "before" and "in", that they allow two readings."""
    both = {"annex": _said(text, row), "body": _said(text, body)}
    garbled = [m for t in (row, body) if (m := _GARBLED.search(t.due_text))]
    if len(garbled) == 1:
        return told("garbled", words=" ".join(garbled[0].group().split()), **both)
    return told("deadline", **both)


# Characters behind an annex row's content in which its other cells stand
_CELLS = 1_500
# "trước trong tháng 5": two prepositions, two readings
_GARBLED = re.compile(r"trước\s+trong(?!\w)", re.IGNORECASE)


# "Giai đoạn 2021 - 2025, riêng nội dung A trong quý IV năm 2021": what follows holds for a part only
_FOR_PART = re.compile(r"(?<!\w)riêng\s[^.;|]{0,200}\Z", re.IGNORECASE)


def _dates_differ(text: str, row: Task, body: Task) -> bool:
    """Both state a deadline, and not the same one; a garbled one agrees with none. A silent side contradicts nobody.

    Of several deadlines one has to agree. One that a side states for a part only contradicts the same for all of it.
    """
    if not (row.due_text and body.due_text):
        return False
    if bool(_GARBLED.search(row.due_text)) != bool(_GARBLED.search(body.due_text)):
        return True
    ours, theirs = _dates(text, row), _dates(text, body)
    if (ours.part & theirs.all) | (theirs.part & ours.all):
        return True
    first = {(t.due_start, t.due_end) for t in (row, body)}
    return len(first) == 2 and not ours.all & theirs.all


class _Dates(NamedTuple):
    """The deadlines of a task (start, end): those for all of it, those for a part only."""

    all: frozenset[tuple[str, str]]
    part: frozenset[tuple[str, str]]


def _dates(text: str, task: Task) -> _Dates:
    whole, part = {(task.due_start, task.due_end)}, set[tuple[str, str]]()
    for further in task.due_more:
        words, start, end = further.split("|")
        (part if _for_part(text, task, words) else whole).add((start, end))
    return _Dates(frozenset(whole), frozenset(part))


def _for_part(text: str, task: Task, words: str) -> bool:
    """Whether a further deadline of a task, in its ``words``, is said of a part of it only."""
    written = re.compile(r"\s+".join(map(re.escape, words.split())))
    said = written.search(text, task.start, min(len(text), task.end + _CELLS))
    return said is not None and _FOR_PART.search(text, max(task.start, said.start() - 220), said.start()) is not None


def _leads(bodies: list[Assignment]) -> list[str]:
    return [a.agency_id for a in bodies if a.role == "lead"]


def _said(text: str, task: Task) -> str:
    """The words of all deadlines of a task, and which of them hold for a part of it."""
    further = [d.split("|")[0] for d in task.due_more]
    parts = [f"“{words}”" + (" for a part" if _for_part(text, task, words) else "") for words in further]
    return "; ".join([f"“{' '.join(task.due_text.split())}”", *parts])


def _aims_without_task(plan: Plan) -> list[dict[str, object]]:
    """Targets in whose section nobody is charged with anything, and whose subject no charged task of the plan names:
    neither the indicator nor a term of the glossary in its label."""
    led = {a.task_id for a in plan.assignments if a.role == "lead"}
    places = [t.section_id for t in plan.tasks if t.task_id in led]
    spans = [(t.start, t.end) for t in plan.tasks if t.task_id in led]
    named = named_in(plan, led)
    concepts = {h.term.concept_id for a, b in spans for h in find_nested_terms(plan.text, a, b)}
    found = []
    for t in plan.targets:
        label = t.indicator_text
        about = t.indicator_id in named or any(
            h.term.concept_id in concepts for h in find_nested_terms(label, 0, len(label))
        )
        inside = any(a <= t.start < b for a, b in spans)
        parent = t.section_id.rsplit("/", 1)[0]
        near = any(p == t.section_id or p.startswith(f"{parent}/") for p in places) if parent != plan.plan_id else False
        if not inside and not near and not about:
            found.append(_row("target_without_task", plan, t, told("aim", indicator=label)))
    return found


def _against(plan: Plan, other: Plan, pairs: Alignment) -> list[dict[str, object]]:
    """What the other plan has and this one lacks: sectors, bodies, counterparts."""
    return [*_sectors_lacking(plan, [other]), *_bodies_lacking(plan, [other]), *_tasks_alone(plan, other, pairs)]


def _lacking(gap: str, plan: Plan, detail: str, shown: Task, agency: str = "") -> dict[str, object]:
    """A gap that a task of the other plan shows: that task is the counterpart, and the words are its own."""
    return {**_row(gap, plan, None, detail, agency, shown.task_id), "words": shown.text}


def _sectors_lacking(plan: Plan, others: Sequence[Plan]) -> list[dict[str, object]]:
    """Sectors of other plans' tasks that no task of this one touches."""
    here = {s for t in plan.tasks for s in (t.sector, *t.sectors)}
    theirs: dict[str, list[tuple[Plan, Task]]] = {}
    for other in others:
        for t in other.tasks:
            if t.sector and t.sector not in here:
                theirs.setdefault(t.sector, []).append((other, t))
    return [
        {
            **_lacking("sector_without_task", plan, _has(found, others), found[0][1]),
            "sector": sector,
        }
        for sector, found in theirs.items()
    ]


def _bodies_lacking(plan: Plan, others: Sequence[Plan]) -> list[dict[str, object]]:
    """Bodies that lead in other plans and in this one neither themselves nor by the body that holds their duties."""
    here = {agency_now(a.agency_id, plan.metadata.province) for a in plan.assignments if a.role == "lead"}
    theirs: dict[str, list[tuple[Plan, Task]]] = {}
    for other in others:
        tasks = {t.task_id: t for t in other.tasks}
        for a in other.assignments:
            body = agencies().get(a.agency_now)
            if a.role == "lead" and a.agency_now not in here and body is not None and body.kind != "collective":
                theirs.setdefault(a.agency_now, []).append((other, tasks[a.task_id]))
    return [
        _lacking("agency_without_task", plan, _led(plan, led, others), led[0][1], agency)
        for agency, led in sorted(theirs.items())
    ]


def _led(plan: Plan, led: Sequence[tuple[Plan, Task]], others: Sequence[Plan]) -> str:
    return told("body_lacking", n=len(led), plan=_whose(led, others), here=plan.plan_id)


def _has(found: Sequence[tuple[Plan, Task]], others: Sequence[Plan]) -> str:
    if len(others) == 1:
        return told("has", plan=others[0].plan_id, n=len(found))
    return told("count_in", n=len(found), plan=_whose(found, others))


def _whose(found: Sequence[tuple[Plan, Task]], others: Sequence[Plan]) -> str:
    """The other plan, or how many of the other plans have something."""
    if len(others) == 1:
        return others[0].plan_id
    n = len({plan.plan_id for plan, _ in found})
    return told("some_of_many", n=n, total=len(others))


def _tasks_alone(plan: Plan, other: Plan, pairs: Alignment) -> list[dict[str, object]]:
    """Tasks without an accepted pair, and tasks whose every pair is doubtful."""
    own, partner = ("left_id", "right_id") if plan is pairs.left else ("right_id", "left_id")
    held: dict[str, list[Match]] = {}
    for m in pairs.accepted("task"):
        held.setdefault(getattr(m, own), []).append(m)
    notes = {getattr(m, own): m.note for m in pairs.matches if m.kind == "task" and not getattr(m, partner)}
    alone = chance_of_none(pairs)
    found = []
    for t in plan.tasks:
        mine = held.get(t.task_id, [])
        if not mine:
            detail = notes.get(t.task_id) or told("none_in", plan=other.plan_id)
            unsure = alone.get(t.task_id, 1.0) < SURE
            found.append({**_row("task_without_counterpart", plan, t, detail), "doubtful": unsure})
        elif all(doubtful(m.probability, m.decision) for m in mine):
            best = min(mine, key=lambda m: (-m.probability, getattr(m, partner)))
            kind = "only_doubtful" if len(mine) == 1 else "best_doubtful"
            detail = told(kind, p=f"{best.probability:.2f}", n=len(mine))
            row = _row("task_without_counterpart", plan, t, detail, "", getattr(best, partner))
            found.append(_paired(row, best.probability, best.decision))
    return found
