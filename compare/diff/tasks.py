"""What happened to each task: kept, narrowed, widened, rescheduled, reassigned, dropped, added.

A pair that changed in several ways gets the weightiest word: who does it before when, when before how much; the
other columns tell the rest. A task that a better pair shows with its lead or its deadline was not moved from there. A
duty that passed to the legal successor has not moved; one that a further body now shares, or one body fewer, has not been
reassigned, but ``lead_change`` says so. Deadlines are compared within the plan's year: 15 January 2023 and 15 January
2025 are the same in plans for 2023 and 2025; those of a plan for several years as they stand. What is said of a pair
whose probability is below SURE is ``doubtful``, unless a person accepted the pair; so is that a task has no counterpart,
where that has less than this probability.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from compare.diff.words import word_diff
from compare.lexicon import agencies, joined
from compare.records import Alignment, Assignment, Match, Plan, Task

# A pair below this probability is named as doubtful.
SURE = 0.7


def rows(pairs: Alignment) -> list[dict[str, object]]:
    """Rows of ``tasks_diff``: accepted pairs in the left plan's order, then dropped, then added."""
    left, right = {t.task_id: t for t in pairs.left.tasks}, {t.task_id: t for t in pairs.right.tasks}
    leads_left, leads_right = leads_of(pairs.left), leads_of(pairs.right)
    order = {t.task_id: n for n, t in enumerate((*pairs.left.tasks, *pairs.right.tasks))}
    held = sorted(pairs.accepted("task"), key=lambda m: (order[m.left_id], -m.probability, order[m.right_id]))
    shift = years_between(pairs.left, pairs.right)
    rows: dict[tuple[str, str], dict[str, object]] = {}
    kept: dict[str, set[str]] = {}  # what a better pair of the same task rules out
    for m in sorted(held, key=lambda m: -m.probability):
        a, b = left[m.left_id], right[m.right_id]
        leads = leads_left.get(a.task_id, []), leads_right.get(b.task_id, [])
        ruled_out = kept.setdefault(f"left {a.task_id}", set()) | kept.setdefault(f"right {b.task_id}", set())
        row = rows[m.left_id, m.right_id] = _pair(m, a, b, *leads, shift, ruled_out)
        told = {"reassigned"} if all(leads) and not reassigned(*leads) else set()
        told |= {"rescheduled"} if row["due_change"] == "same" else set()
        kept[f"left {a.task_id}"] |= told
        kept[f"right {b.task_id}"] |= told
    return _with_singles([rows[m.left_id, m.right_id] for m in held], pairs, leads_left, leads_right)


def _with_singles(
    rows: list[dict[str, object]],
    pairs: Alignment,
    leads_left: dict[str, list[Assignment]],
    leads_right: dict[str, list[Assignment]],
) -> list[dict[str, object]]:
    """The rows of pairs, then those of tasks that have none."""
    held, alone = pairs.accepted("task"), chance_of_none(pairs)
    paired = {m.left_id for m in held} | {m.right_id for m in held}
    rows += [_single("dropped", t, None, leads_left, alone) for t in pairs.left.tasks if t.task_id not in paired]
    rows += [_single("added", None, t, leads_right, alone) for t in pairs.right.tasks if t.task_id not in paired]
    return rows


def chance_of_none(pairs: Alignment) -> dict[str, float]:
    """The probability (0 to 1) that none of a task's candidates is its counterpart, each taken for itself.

    For tasks with a candidate that was not accepted; a pair that a person rejected is none.
    """
    chances: dict[str, float] = {}
    for m in pairs.matches:
        if m.kind == "task" and m.left_id and m.right_id and not m.accepted and not m.decision:
            for item in (m.left_id, m.right_id):
                chances[item] = chances.get(item, 1.0) * (1 - m.probability)
    return chances


def leads_of(plan: Plan) -> dict[str, list[Assignment]]:
    """The leading assignments of each task."""
    found: dict[str, list[Assignment]] = {}
    for a in plan.assignments:
        if a.role == "lead":
            found.setdefault(a.task_id, []).append(a)
    return found


def lead_change(left: list[Assignment], right: list[Assignment]) -> str:
    """same, successor, moved, lost, gained; empty where neither names a lead.

    same: the same bodies; successor: the same once legal successors stand for those that ended; gained: further
    bodies, and none gone; lost: fewer bodies, and none new; moved: some gone and others new.
    """
    if {a.agency_id for a in left} == {b.agency_id for b in right}:
        return "same" if left else ""
    new, gone = leads_added(left, right), leads_added(right, left)
    if new and gone:
        return "moved"
    return "gained" if new else "lost" if gone else "successor"


def leads_added(left: list[Assignment], right: list[Assignment]) -> tuple[str, ...]:
    """The right bodies that are on the left neither themselves nor by a legal successor, in the right plan's order."""
    before = {a.agency_now for a in left} | {a.agency_id for a in left}
    return tuple(dict.fromkeys(b.agency_id for b in right if not {b.agency_id, b.agency_now} & before))


def reassigned(left: list[Assignment], right: list[Assignment]) -> bool:
    """Whether both plans name who leads, no left body nor a successor of one still does, and single bodies stand first.

    "All departments" as the first lead is everybody: who came to it, or was singled out from it, was there before.
    """
    if not left or not right or set(leads_added(right, left)) != {a.agency_id for a in left}:
        return False
    return not _collective(left[0]) and not _collective(right[0])


def _collective(a: Assignment) -> bool:
    body = agencies().get(a.agency_id)
    return body is not None and body.kind == "collective"


def years_between(left: Plan, right: Plan) -> int:
    """By how many years the right plan's deadlines are to be later: 0 where a plan runs over several years."""
    for plan in (left, right):
        if plan.metadata.period_start[:4] != plan.metadata.period_end[:4]:
            return 0
    return (right.metadata.year or 0) - (left.metadata.year or 0)


def due_change(a: Task, b: Task, shift: int) -> str:
    """same, earlier, later, lost, gained; empty where neither has a date. ``shift``: years from left to right plan."""
    old, new = a.due_end or a.due_start, b.due_end or b.due_start
    if not old or not new:
        return "lost" if old else "gained" if new else ""
    moved = _shifted(old, shift)
    return "same" if new == moved else "earlier" if new < moved else "later"


def _shifted(iso: str, years: int) -> str:
    year, month, day = map(int, iso.split("-"))
    try:
        return date(year + years, month, day).isoformat()
    except ValueError:  # 29 February
        return date(year + years, month, 28).isoformat()


def change_of(
    relation: str,
    a: Task,
    b: Task,
    left: list[Assignment],
    right: list[Assignment],
    shift: int,
    ruled_out: Collection[str] = (),
) -> dict[str, str]:
    """What happened to a task between two plans: change, lead_change, leads_added, leads_removed, due_change.

    ``relation`` is the pair's: narrower, broader or equivalent; ``left`` and ``right`` are the leads on either side;
    ``shift`` is the number of years from the left plan to the right one. ``ruled_out``: reassigned or rescheduled,
    where a better pair of one of the tasks shows that it is not.
    """
    when = due_change(a, b, shift)
    if reassigned(left, right) and "reassigned" not in ruled_out:
        change = "reassigned"
    elif when in ("earlier", "later") and "rescheduled" not in ruled_out:
        change = "rescheduled"
    else:
        change = {"narrower": "narrowed", "broader": "widened"}.get(relation, "kept")
    return {
        "change": change,
        "lead_change": lead_change(left, right),
        "leads_added": joined(leads_added(left, right)),
        "leads_removed": joined(leads_added(right, left)),
        "due_change": when,
    }


def doubtful(probability: float, decision: str) -> bool:
    """Whether what is said of a pair rests on a probability below SURE that no person confirmed."""
    return probability < SURE and not decision


def _pair(
    m: Match,
    a: Task,
    b: Task,
    left: list[Assignment],
    right: list[Assignment],
    shift: int,
    ruled_out: Collection[str],
) -> dict[str, object]:
    return {
        "sector": a.sector or b.sector,
        "left_id": a.task_id,
        "right_id": b.task_id,
        "left_text": a.text,
        "right_text": b.text,
        "probability": m.probability,
        "doubtful": doubtful(m.probability, m.decision),
        "lead_left": joined(x.agency_id for x in left),
        "lead_right": joined(x.agency_id for x in right),
        "due_left": due(a),
        "due_right": due(b),
        "decision": m.decision,
        "word_diff": word_diff(a.text, b.text) if a.language == b.language else "",
        **change_of(m.relation, a, b, left, right, shift, ruled_out),
    }


def _single(
    change: str, a: Task | None, b: Task | None, leads: dict[str, list[Assignment]], alone: dict[str, float]
) -> dict[str, object]:
    some = a or b
    assert some is not None
    side, other = ("left", "right") if a else ("right", "left")
    return {
        "change": change,
        "sector": some.sector,
        f"{side}_id": some.task_id,
        f"{other}_id": "",
        f"{side}_text": some.text,
        f"{other}_text": "",
        "probability": "",
        f"lead_{side}": joined(x.agency_id for x in leads.get(some.task_id, [])),
        f"lead_{other}": "",
        "lead_change": "",
        f"due_{side}": due(some),
        f"due_{other}": "",
        "due_change": "",
        "doubtful": alone.get(some.task_id, 1.0) < SURE,
        **dict.fromkeys(("leads_added", "leads_removed", "decision", "word_diff"), ""),
    }


def due(t: Task) -> str:
    """The deadline as an interval: "2025-03-30", "2021-10-01/2021-12-31", "/2021-08-31"; else its words."""
    if t.due_start and t.due_end and t.due_start != t.due_end:
        return f"{t.due_start}/{t.due_end}"
    if t.due_end:
        return t.due_end
    return f"{t.due_start}/" if t.due_start else " ".join(t.due_text.split())
