"""What two plans' comparison comes to, in sentences made from its tables; each leads to the rows behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compare.diff import SURE
from compare.diff import SURE_Z as SURE_Z
from compare.wording import (
    between,
    change_name,
    gap_kind,
    indicator_name,
    number,
    percent,
    plan_name,
    plan_place,
    sector_name,
    target_value,
    value_name,
    values_of,
    word,
)

Row = Mapping[str, Any]
# Below this probability a pair needs a look.
DOUBTFUL = SURE
_MOST = 5  # sectors or targets that a sentence names


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
        *_targets((left, right), tables.get("targets_diff", ()), lang),
        *_gaps((left, right), tables.get("gaps", ()), lang),
        *_doubtful(tables.get("alignment", ()), lang),
    ]


def _tasks(names: tuple[str, str], rows: Sequence[Row], lang: str) -> list[Finding]:
    if not rows:
        return [Finding(word("finding", "no_tasks", lang))]
    left, right = counterparts(rows, "left"), counterparts(rows, "right")
    share = percent(left.sure / left.total, lang) if left.total else "0%"
    counts = {"sure": left.sure, "perhaps": left.perhaps, "dropped": left.none, "total": left.total}
    counts |= {"right_sure": right.sure, "right_perhaps": right.perhaps, "added": right.none, "others": right.total}
    found = [
        Finding(word("finding", "paired", lang, left=names[0], right=names[1], share=share, **counts), "tasks_diff")
    ]
    return [*found, *_leads(rows, lang), *_deadlines(rows, lang)]


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Of the tasks of one plan: how many have a sure pair, doubtful pairs only, and none."""

    sure: int
    perhaps: int
    none: int

    @property
    def total(self) -> int:
        return self.sure + self.perhaps + self.none


def counterparts(rows: Sequence[Row], side: str) -> Counterparts:
    """Counts the tasks of the ``left`` or the ``right`` plan in rows of tasks_diff, each once."""
    own, other = f"{side}_id", "right_id" if side == "left" else "left_id"
    sure = {r[own] for r in rows if r[own] and r[other] and not unsure(r)}
    every = {r[own] for r in rows if r[own] and r[other]}
    return Counterparts(len(sure), len(every - sure), sum(bool(r[own]) and not r[other] for r in rows))


def unsure(row: Row) -> bool:
    """Whether what a row says rests on a doubtful pair."""
    return row.get("doubtful") in (True, "true")


def _leads(rows: Sequence[Row], lang: str) -> list[Finding]:
    """Who leads in the pairs that are sure; other leads in doubtful ones are counted apart, as they may be no pairs."""
    sure = [r for r in rows if r["left_id"] and r["right_id"] and not unsure(r)]
    leads = Counter(r["lead_change"] for r in sure)
    told = {"moved": leads["moved"], "more": leads["gained"], "fewer": leads["lost"], "successor": leads["successor"]}
    doubtful = sum(r["lead_change"] == "moved" for r in rows if unsure(r))
    if not any(told.values()):
        return []
    own = sum(r["change"] == "reassigned" for r in sure)
    text = word("finding", "reassigned", lang, n=len(sure), reassigned=own, doubtful=doubtful, **told)
    first = next(value for value in ("moved", "gained", "lost", "successor") if leads[value])
    return [Finding(text, "tasks_diff", {"lead_change": first, "sure": "above"})]


def _deadlines(rows: Sequence[Row], lang: str) -> list[Finding]:
    dues = Counter(r["due_change"] for r in rows if not unsure(r))
    doubtful = sum(r["due_change"] in ("earlier", "later") for r in rows if unsure(r))
    if not (dues["earlier"] or dues["later"]):
        return []
    counts = {"n": dues["earlier"] + dues["later"], "earlier": dues["earlier"], "later": dues["later"]}
    filters = {"due_change": "earlier" if dues["earlier"] else "later", "sure": "above"}
    text = word("finding", "rescheduled", lang, doubtful=doubtful, **counts)
    return [Finding(text, "tasks_diff", filters)]


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
                     here=percent(float(r[f"{side}_share"]), lang, 1), there=percent(float(r[f"{other}_share"]), lang, 1))
                for r in own
            ]  # fmt: skip
            text = word("finding", "sectors", lang, plan=name, sectors="; ".join(parts))
            found.append(Finding(text, "themes_diff", {"stress": side}))
    if not found and any(r["left_count"] or r["right_count"] for r in rows):
        found.append(Finding(word("finding", "sectors_alike", lang), "themes_diff"))
    return found


def _targets(plans: tuple[str, str], rows: Sequence[Row], lang: str) -> list[Finding]:
    if not rows:
        return []
    changes = Counter(str(r["change"]) for r in rows)
    counted = [f"{change_name(c, lang, plans)} {changes[c]}" for c in values_of("change") if changes[c]]
    found = [Finding(word("finding", "targets", lang, list=", ".join(counted)), "targets_diff")]
    moved = [r for r in rows if r["change"] in ("raised", "lowered")]
    for r in moved[:_MOST]:
        name = indicator_name(str(r["indicator_id"]), str(r["indicator_text"]), lang)
        values = {"old": target_value(r, "left", lang), "new": target_value(r, "right", lang)}
        values |= {
            "indicator": name,
            "change": change_name(str(r["change"]), lang, plans),
            "left": plan_place(plans[0]),
        }
        text = word("finding", "target_between" if between(plans) else "target", lang, **values)
        found.append(Finding(text, "targets_diff", {"change": str(r["change"])}))
    if not moved and not changes["same"] + changes["rephrased"]:
        found.append(Finding(word("finding", "targets_none", lang), "targets_diff"))
    return found


def _gaps(plans: tuple[str, str], rows: Sequence[Row], lang: str) -> list[Finding]:
    if not rows:
        return [Finding(word("finding", "gaps_none", lang))]
    found = []
    for plan in plans:
        own = [r for r in rows if r["plan_id"] == plan]
        counts = Counter(gap_kind(r) for r in own)
        doubtful = Counter(gap_kind(r) for r in own if unsure(r))
        listed = [_gap_count(g, counts[g], doubtful[g], lang) for g in values_of("gap") if counts[g]]
        if listed:
            text = word("finding", "gaps", lang, plan=plan_name(plan, lang), list="; ".join(listed))
            found.append(Finding(text, "gaps", {"plan": plan}))
    return found


def _gap_count(gap: str, n: int, doubtful: int, lang: str) -> str:
    """ "no lead agency: 3"; of tasks without a counterpart it tells those apart that have doubtful ones."""
    name = value_name("gap", gap, lang).lower()
    if gap == "task_without_counterpart" and doubtful:
        return word("finding", "gap_doubtful", lang, gap=name, n=n - doubtful, doubtful=doubtful)
    return word("finding", "gap_count", lang, gap=name, n=n)


def _doubtful(rows: Sequence[Row], lang: str) -> list[Finding]:
    held = [r for r in rows if r["accepted"] in (True, "true") and r["left_id"] and r["right_id"] and not r["decision"]]
    n = sum(r["probability"] not in ("", None) and float(r["probability"]) < DOUBTFUL for r in held)
    if not n:
        return []
    text = word("finding", "doubtful", lang, n=n, limit=number(DOUBTFUL, lang))
    return [Finding(text, "alignment", {"accepted": "true", "sure": "below"})]
