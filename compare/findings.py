"""What two plans' comparison comes to, in sentences made from its tables; each leads to the rows behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compare.diff import SURE
from compare.diff import SURE_Z as SURE_Z
from compare.wording import (
    indicator_name,
    number,
    percent,
    plan_name,
    sector_name,
    target_value,
    value_name,
    values_of,
    word,
)

Row = Mapping[str, Any]
# Below this probability a pair needs a look.
DOUBTFUL = SURE
_MOST = 5  # sectors, targets or kinds of gap that a sentence names


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, the table that it was made from, and the filters (column -> value) that show its rows."""

    text: str
    table: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)


def findings(left: str, right: str, tables: Mapping[str, Sequence[Row]], lang: str) -> list[Finding]:
    """The findings on two plans (ids ``left`` and ``right``), the most general first.

    ``tables``: rows of themes_diff, targets_diff, tasks_diff, gaps, alignment; a missing table counts as empty.
    """
    names = (plan_name(left, lang), plan_name(right, lang))
    return [
        *_tasks(names, tables.get("tasks_diff", ()), lang),
        *_sectors(names, tables.get("themes_diff", ()), lang),
        *_targets(tables.get("targets_diff", ()), lang),
        *_gaps((left, right), tables.get("gaps", ()), lang),
        *_doubtful(tables.get("alignment", ()), lang),
    ]


def _tasks(names: tuple[str, str], rows: Sequence[Row], lang: str) -> list[Finding]:
    if not rows:
        return [Finding(word("finding", "no_tasks", lang))]
    changes = Counter(r["change"] for r in rows)
    paired = len({r["left_id"] for r in rows if r["left_id"] and r["right_id"]})
    total = paired + changes["dropped"]
    counts = {"paired": paired, "total": total, "dropped": changes["dropped"], "added": changes["added"]}
    share = percent(paired / total, lang) if total else "0%"
    found = [
        Finding(word("finding", "paired", lang, left=names[0], right=names[1], share=share, **counts), "tasks_diff")
    ]
    leads, dues = Counter(r["lead_change"] for r in rows), Counter(r["due_change"] for r in rows)
    told = {"more": leads["gained"], "fewer": leads["lost"], "successor": leads["successor"]}
    if changes["reassigned"] or any(told.values()):
        text = word("finding", "reassigned", lang, n=changes["reassigned"], **told)
        first = next((value for value in ("successor", "gained", "lost") if leads[value]), "")
        shown = {"change": "reassigned"} if changes["reassigned"] else {"lead_change": first}
        found.append(Finding(text, "tasks_diff", shown))
    if dues["earlier"] or dues["later"]:
        counts = {"n": dues["earlier"] + dues["later"], "earlier": dues["earlier"], "later": dues["later"]}
        filters = {"due_change": "earlier" if dues["earlier"] else "later"}
        found.append(Finding(word("finding", "rescheduled", lang, **counts), "tasks_diff", filters))
    return found


def _sectors(names: tuple[str, str], rows: Sequence[Row], lang: str) -> list[Finding]:
    sure = sorted(
        (r for r in rows if abs(float(r["z"] or 0)) >= SURE_Z), key=lambda r: (-abs(float(r["z"])), r["sector"])
    )
    found = []
    for side, other, name in (("left", "right", names[0]), ("right", "left", names[1])):
        own = [r for r in sure if (float(r["z"]) > 0) == (side == "right")][:_MOST]
        if own:
            parts = [
                word("finding", "sector_share", lang, sector=sector_name(str(r["sector"]), lang),
                     here=percent(float(r[f"{side}_share"]), lang), there=percent(float(r[f"{other}_share"]), lang))
                for r in own
            ]  # fmt: skip
            text = word("finding", "sectors", lang, plan=name, sectors="; ".join(parts))
            found.append(Finding(text, "themes_diff", {"stress": side}))
    if not found and any(r["left_count"] or r["right_count"] for r in rows):
        found.append(Finding(word("finding", "sectors_alike", lang), "themes_diff"))
    return found


def _targets(rows: Sequence[Row], lang: str) -> list[Finding]:
    if not rows:
        return []
    changes = Counter(str(r["change"]) for r in rows)
    counted = [f"{value_name('change', c, lang)} {changes[c]}" for c in values_of("change") if changes[c]]
    found = [Finding(word("finding", "targets", lang, list=", ".join(counted)), "targets_diff")]
    moved = [r for r in rows if r["change"] in ("raised", "lowered")]
    for r in moved[:_MOST]:
        name = indicator_name(str(r["indicator_id"]), str(r["indicator_text"]), lang)
        values = {"old": target_value(r, "left", lang), "new": target_value(r, "right", lang)}
        text = word(
            "finding", "target", lang, indicator=name, change=value_name("change", str(r["change"]), lang), **values
        )
        found.append(Finding(text, "targets_diff", {"change": str(r["change"])}))
    if not moved and not changes["same"] + changes["rephrased"]:
        found.append(Finding(word("finding", "targets_none", lang), "targets_diff"))
    return found


def _gaps(plans: tuple[str, str], rows: Sequence[Row], lang: str) -> list[Finding]:
    if not rows:
        return [Finding(word("finding", "gaps_none", lang))]
    found = []
    for plan in plans:
        counts = Counter(str(r["gap"]) for r in rows if r["plan_id"] == plan)
        unsure = Counter(str(r["gap"]) for r in rows if r["plan_id"] == plan and r.get("doubtful") in (True, "true"))
        listed = [_gap_count(g, counts[g], unsure[g], lang) for g in values_of("gap") if counts[g]][:_MOST]
        if listed:
            text = word("finding", "gaps", lang, plan=plan_name(plan, lang), list="; ".join(listed))
            found.append(Finding(text, "gaps", {"plan": plan}))
    return found


def _gap_count(gap: str, n: int, doubtful: int, lang: str) -> str:
    """ "no lead agency: 3"; of tasks without a counterpart it says how many have one that is doubtful."""
    name = value_name("gap", gap, lang).lower()
    if gap == "task_without_counterpart" and doubtful:
        return word("finding", "gap_doubtful", lang, gap=name, n=n, doubtful=doubtful)
    return word("finding", "gap_count", lang, gap=name, n=n)


def _doubtful(rows: Sequence[Row], lang: str) -> list[Finding]:
    held = [r for r in rows if r["accepted"] in (True, "true") and r["left_id"] and r["right_id"] and not r["decision"]]
    n = sum(r["probability"] not in ("", None) and float(r["probability"]) < DOUBTFUL for r in held)
    if not n:
        return []
    text = word("finding", "doubtful", lang, n=n, limit=number(DOUBTFUL, lang))
    return [Finding(text, "alignment", {"accepted": "true", "sure": "below"})]
