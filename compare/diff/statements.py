"""Themes, mottos, viewpoints, objectives, priorities and groups of tasks of two plans side by side."""

from __future__ import annotations

from itertools import zip_longest

from compare.diff.tasks import doubtful
from compare.diff.themes import log_odds_ratio
from compare.diff.words import same
from compare.records import Alignment, Match, Plan, Theme

KINDS = ("theme", "motto", "viewpoint", "objective", "priority", "task_group")
# Of these a plan has one, seldom two: what is left of them stands side by side though it does not say the same.
_ONE = ("theme", "motto")
CHANGES = ("same", "rephrased", "replaced", "dropped", "added")


def rows(pairs: Alignment) -> list[dict[str, object]]:
    """Rows of ``statements_diff``, kind by kind: accepted pairs of that kind in the left plan's order, then the others.

    Groups of tasks come with the number of tasks under them, its share of the plan's tasks and the log-odds ratio of
    ``themes.log_odds_ratio`` (0 of n on a side that lacks the group).
    """
    left, right = ({t.theme_id: t for t in p.themes} for p in (pairs.left, pairs.right))
    held = [m for m in pairs.accepted("theme") if left[m.left_id].kind == right[m.right_id].kind]
    taken = {m.left_id for m in held} | {m.right_id for m in held}
    order = {theme: n for n, theme in enumerate(left)}
    held.sort(key=lambda m: (order[m.left_id], -m.probability, m.right_id))
    counts = {p.plan_id: tasks_under(p) for p in (pairs.left, pairs.right)}
    n_groups = sum(t.kind == "task_group" for p in (pairs.left, pairs.right) for t in p.themes)
    found = []
    for kind in KINDS:
        both: list[tuple[Theme | None, Theme | None, Match | None]] = []
        both += [(left[m.left_id], right[m.right_id], m) for m in held if left[m.left_id].kind == kind]
        lone = [t for t in left.values() if t.kind == kind and t.theme_id not in taken]
        others = [t for t in right.values() if t.kind == kind and t.theme_id not in taken]
        if kind in _ONE:
            both += [(a, b, None) for a, b in zip_longest(lone, others)]
        else:
            both += [(a, None, None) for a in lone] + [(None, b, None) for b in others]
        for a, b, m in both:
            row = _row(kind, a, b, m)
            if kind == "task_group":
                row |= _weight(pairs, counts, a, b, n_groups)
            found.append(row)
    return found


def _row(kind: str, a: Theme | None, b: Theme | None, m: Match | None) -> dict[str, object]:
    if m is not None and a and b:
        change = "same" if same(a.text, b.text) else "rephrased"
    else:
        change = "replaced" if a and b else "dropped" if a else "added"
    weights = ("left_count", "left_share", "right_count", "right_share", "share_difference", "log_odds", "z")
    return {
        "kind": kind,
        "change": change,
        "left_text": a.text if a else "",
        "right_text": b.text if b else "",
        "probability": m.probability if m else "",
        "doubtful": doubtful(m.probability, m.decision) if m else "",
        **dict.fromkeys(weights, ""),
        "left_id": a.theme_id if a else "",
        "right_id": b.theme_id if b else "",
    }


def tasks_under(plan: Plan) -> dict[str, int]:
    """Theme -> the number of tasks in the innermost section that it heads; groups within groups count in both."""
    found = {}
    for theme in plan.themes:
        around = [s for s in plan.sections if s.start <= theme.start < s.end]
        section = max(around, key=lambda s: (s.start, -s.end), default=None)
        inside = [t for t in plan.tasks if section and section.start <= t.start < section.end]
        found[theme.theme_id] = len(inside)
    return found


def _weight(
    pairs: Alignment, counts: dict[str, dict[str, int]], a: Theme | None, b: Theme | None, n_groups: int
) -> dict[str, object]:
    """How many tasks stand under a group on either side, and how sure the difference of their shares is."""
    n = [counts[p.plan_id][t.theme_id] if t else 0 for p, t in ((pairs.left, a), (pairs.right, b))]
    of = [len(pairs.left.tasks), len(pairs.right.tasks)]
    share = [x / total if total else 0.0 for x, total in zip(n, of, strict=True)]
    log_odds, z = log_odds_ratio(n[1], of[1], n[0], of[0], n_groups)
    return {
        "left_count": n[0],
        "left_share": round(share[0], 4),
        "right_count": n[1],
        "right_share": round(share[1], 4),
        "share_difference": round(share[1] - share[0], 4),
        "log_odds": round(log_odds, 4),
        "z": round(z, 4),
    }
