"""Tasks for bodies that ended: before the plan, before the task is due, or within the plan's period; and their heirs."""

from __future__ import annotations

from compare.lexicon import agencies, joined, read_lexicon, successors
from compare.normalise import slug
from compare.records import Plan, Task
from compare.wording import detail


def ended(plan: Plan) -> list[tuple[Task, str, str]]:
    """Task, body and detail of leads that were dissolved before the plan was issued or before the task is due; and, one
    a body with its first task, of those that end within the plan's period."""
    tasks = {t.task_id: t for t in plan.tasks}
    issued = plan.metadata.issued_on or f"{plan.metadata.year or 9999}-01-01"
    found: list[tuple[Task, str, str]] = []
    within: dict[str, list[Task]] = {}
    for a in plan.assignments:
        body = agencies().get(a.agency_id)
        if a.role != "lead" or body is None or not body.valid_to:
            continue
        t, heir = tasks[a.task_id], heirs(a.agency_id, plan.metadata.province, body.valid_to)
        due = t.due_end or t.due_start
        if body.valid_to < issued:
            found.append((t, a.agency_id, detail("before_plan", ended=body.valid_to, heir=heir)))
        elif due and body.valid_to < due:
            found.append((t, a.agency_id, detail("before_due", ended=body.valid_to, due=due, heir=heir)))
        elif body.valid_to < plan.metadata.period_end:
            within.setdefault(a.agency_id, []).append(t)
    for agency, led in sorted(within.items()):
        last = agencies()[agency].valid_to
        heir = heirs(agency, plan.metadata.province, last)
        found.append((led[0], agency, detail("ends", ended=last, n=len(led), heir=heir)))
    return found


def heirs(agency_id: str, province: str, last: str) -> str:
    """The legal successors of a body that ended on ``last``; with them the single functions that went elsewhere.

    Functions that moved before, or whose move is not confirmed, do not count: a rule of the province before one of all.
    """
    whole = successors(agency_id, province)
    moved: dict[str, str] = {}
    own = [r for r in read_lexicon("agency_history") if r["agency_id"] == agency_id and r["event"] == "function_moved"]
    for r in sorted(own, key=lambda r: bool(r["province"])):
        here = r["province"] in ("", slug(province)) and r["confirmed"] == "yes"
        if here and r["from_date"] >= last and r["successor_id"] not in whole:
            moved[r["function"]] = r["successor_id"]
    if not moved:
        return joined(whole)
    return detail("heirs", heir=joined(whole), functions="; ".join(f"{f}: {body}" for f, body in moved.items()))
