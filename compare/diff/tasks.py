"""What happened to each task: kept, narrowed, widened, rescheduled, reassigned, dropped, added.

A pair that changed in several ways gets the weightiest word: who does it before when, when before how much; the
other columns tell the rest. A duty that passed to the legal successor has not moved. Deadlines are compared within
the plan's year: 15 January 2023 and 15 January 2025 are the same in plans for 2023 and 2025.
"""

from __future__ import annotations

from datetime import date

from compare.lexicon import joined
from compare.records import Alignment, Assignment, Match, Plan, Task


def rows(pairs: Alignment) -> list[dict[str, object]]:
    """Rows of ``tasks_diff``: accepted pairs in the left plan's order, then dropped, then added."""
    left, right = {t.task_id: t for t in pairs.left.tasks}, {t.task_id: t for t in pairs.right.tasks}
    leads_left, leads_right = leads_of(pairs.left), leads_of(pairs.right)
    order = {t.task_id: n for n, t in enumerate((*pairs.left.tasks, *pairs.right.tasks))}
    held = sorted(pairs.accepted("task"), key=lambda m: (order[m.left_id], -m.probability, order[m.right_id]))
    shift = (pairs.right.metadata.year or 0) - (pairs.left.metadata.year or 0)
    rows = []
    for m in held:
        a, b = left[m.left_id], right[m.right_id]
        rows.append(_pair(m, a, b, leads_left.get(a.task_id, []), leads_right.get(b.task_id, []), shift))
    paired = {m.left_id for m in held} | {m.right_id for m in held}
    rows += [_single("dropped", t, None, leads_left) for t in pairs.left.tasks if t.task_id not in paired]
    rows += [_single("added", None, t, leads_right) for t in pairs.right.tasks if t.task_id not in paired]
    return rows


def leads_of(plan: Plan) -> dict[str, list[Assignment]]:
    """The leading assignments of each task."""
    found: dict[str, list[Assignment]] = {}
    for a in plan.assignments:
        if a.role == "lead":
            found.setdefault(a.task_id, []).append(a)
    return found


def lead_change(left: list[Assignment], right: list[Assignment]) -> str:
    """same, successor, moved, lost, gained; empty where neither names a lead. One body in common is the same."""
    if not left or not right:
        return "lost" if left else "gained" if right else ""
    if {a.agency_id for a in left} & {b.agency_id for b in right}:
        return "same"
    if {a.agency_now for a in left} & {b.agency_now for b in right}:
        return "successor"
    return "moved"


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


def _pair(m: Match, a: Task, b: Task, left: list[Assignment], right: list[Assignment], shift: int) -> dict[str, object]:
    who, when = lead_change(left, right), due_change(a, b, shift)
    if who in ("moved", "lost"):
        change = "reassigned"
    elif when in ("earlier", "later"):
        change = "rescheduled"
    else:
        change = {"narrower": "narrowed", "broader": "widened"}.get(m.relation, "kept")
    return {
        "change": change,
        "sector": a.sector or b.sector,
        "left_id": a.task_id,
        "right_id": b.task_id,
        "left_text": a.text,
        "right_text": b.text,
        "probability": m.probability,
        "lead_left": joined(x.agency_id for x in left),
        "lead_right": joined(x.agency_id for x in right),
        "lead_change": who,
        "due_left": _due(a),
        "due_right": _due(b),
        "due_change": when,
        "decision": m.decision,
    }


def _single(change: str, a: Task | None, b: Task | None, leads: dict[str, list[Assignment]]) -> dict[str, object]:
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
        f"due_{side}": _due(some),
        f"due_{other}": "",
        "due_change": "",
        "decision": "",
    }


def _due(t: Task) -> str:
    """The deadline as an interval: "2025-03-30", "2021-10-01/2021-12-31", "/2021-08-31"; else its words."""
    if t.due_start and t.due_end and t.due_start != t.due_end:
        return f"{t.due_start}/{t.due_end}"
    if t.due_end:
        return t.due_end
    return f"{t.due_start}/" if t.due_start else " ".join(t.due_text.split())
