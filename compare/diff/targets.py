"""What happened to each target: raised, lowered, same, rephrased, dropped, added, or not to be compared.

Values are compared in one unit where the conversion is exact (VND m and VND bn, USD m and USD bn, tonnes). Single
years compare with single years, yearly averages with yearly averages over periods of any length, sums over periods
only with sums over periods of the same length. An amount a year on average and an amount for the same years together are
converted where the words say that the latter is a sum; otherwise it may be the state at their end. What cannot be
compared is said, not computed. A target that the other plan has no number for may still be named there: ``named_id`` is
the first task or theme that names its indicator.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from compare.lexicon import cues, indicators
from compare.normalise import key, syllables, tokens_within
from compare.records import Alignment, Plan, Span, Target
from compare.trie import Trie

# How many of a basic unit each unit holds; units that stand in one row convert into each other.
_SCALES = (
    {"VND m": 1e6, "VND bn": 1e9},
    {"USD": 1.0, "USD m": 1e6, "USD bn": 1e9},
    {"tonnes": 1.0, "m tonnes": 1e6},
    {"m2": 1.0, "ha": 1e4, "km2": 1e6},
    {"‰": 1.0, "%": 10.0},
)
# Units of what can be added up over years.
_AMOUNTS = {"VND m", "VND bn", "USD m", "USD bn", "tonnes", "m tonnes"}


@dataclass(frozen=True, slots=True)
class Change:
    """The verdict on a pair of targets; difference and ratio (right against left) are in the left unit."""

    change: str
    difference: float | None = None
    ratio: float | None = None


def rows(pairs: Alignment) -> list[dict[str, object]]:
    """Rows of ``targets_diff``: pairs first, in the left plan's order, then dropped, then added.

    ``ambition`` says whether the right target asks for more or less, by the indicator's direction; empty where the
    direction is not known or nothing changed. ``decision`` is accepted where a person accepted the pair, else empty.
    """
    left = {t.target_id: t for t in pairs.left.targets}
    right = {t.target_id: t for t in pairs.right.targets}
    rows = []
    for m in pairs.accepted("target"):
        a, b = left[m.left_id], right[m.right_id]
        rows.append({**_row(a, b, compare(a, b)), "decision": m.decision})
    paired = {m.left_id for m in pairs.accepted("target")} | {m.right_id for m in pairs.accepted("target")}
    alone = [t for t in pairs.left.targets if t.target_id not in paired]
    rows += [_row(t, None, Change("dropped")) | _naming(t, pairs.right) for t in alone]
    alone = [t for t in pairs.right.targets if t.target_id not in paired]
    rows += [_row(None, t, Change("added")) | _naming(t, pairs.left) for t in alone]
    return rows


def _naming(target: Target, other: Plan) -> dict[str, object]:
    """Where the plan without the target names its indicator; empty where it does not, or the indicator is unknown."""
    item, span = _named(other).get(target.indicator_id, ("", None))
    return {"named_id": item, "named_start": span.start, "named_end": span.end} if span else {}


def named_in(plan: Plan, tasks: Collection[str]) -> set[str]:
    """The indicators that one of these tasks of a plan names."""
    found: set[str] = set()
    for t in plan.tasks:
        if t.task_id in tasks:
            here, i = tokens_within(plan.text, t.start, t.end), 0
            while i < len(here):
                hit = _names().longest(plan.text, here, i)
                found |= {hit[0]} if hit else set()
                i = hit[1] + 1 if hit else i + 1
    return found


@lru_cache(maxsize=2)
def _named(plan: Plan) -> dict[str, tuple[str, Span]]:
    """Indicator -> the first of a plan's tasks, then of its themes, that names it, and where."""
    found: dict[str, tuple[str, Span]] = {}
    places = [(t.task_id, t.start, t.end) for t in plan.tasks] + [(t.theme_id, t.start, t.end) for t in plan.themes]
    for item, start, end in places:
        here, i = tokens_within(plan.text, start, end), 0
        while i < len(here):
            hit = _names().longest(plan.text, here, i)
            if hit:
                found.setdefault(hit[0], (item, Span(here[i].start, here[hit[1]].end)))
            i = hit[1] + 1 if hit else i + 1
    return found


@lru_cache(maxsize=1)
def _names() -> Trie[str]:
    """The indicators by every way to write them."""
    trie: Trie[str] = Trie()
    for indicator in indicators().values():
        for variant in indicator.variants:
            trie.add(tuple(syllables(variant)), indicator.indicator_id)
    return trie


def compare(a: Target, b: Target) -> Change:
    """The change from target ``a`` to target ``b``, which are on the same indicator."""
    factor, spread = _factor(a.unit, b.unit), _spread(a, b)
    if factor is None or spread is None:
        return Change("incomparable")
    factor *= spread
    low = b.value * factor
    high = None if b.value_max is None else b.value_max * factor
    difference = round(low - a.value, 6)
    ratio = round(low / a.value, 6) if a.value else None
    if (a.value_max is None) != (high is None):
        return Change("rephrased" if difference == 0 else _direction(difference), difference, ratio)
    top = round((high or low) - (a.value_max or a.value), 6)
    if difference == 0 and top == 0:
        return Change("same" if a.comparator == b.comparator else "rephrased", 0.0, ratio)
    if difference * top < 0:
        return Change("incomparable")  # one end of the range went up, the other down
    return Change(_direction(difference or top), difference, ratio)


def _direction(difference: float) -> str:
    return "raised" if difference > 0 else "lowered"


def _factor(left: str, right: str) -> float | None:
    if left == right:
        return 1.0
    for scale in _SCALES:
        if left in scale and right in scale:
            return scale[right] / scale[left]
    return None


def _spread(a: Target, b: Target) -> float | None:
    """By what to multiply the right value for its period to fit the left one: 1 for periods of one kind, the number of
    years or its reciprocal for a sum against a yearly average over the same years; None where they do not fit."""
    yearly = [t.period.endswith("/yr") for t in (a, b)]
    if all(yearly):
        return 1.0
    if not any(yearly):
        return 1.0 if _years(a.period) == _years(b.period) else None
    mean, total = (a, b) if yearly[0] else (b, a)
    years = _years(total.period)
    if mean.period.removesuffix("/yr") != total.period or years < 2 or not _is_sum(total):
        return None
    return 1 / years if yearly[0] else float(years)


def _is_sum(t: Target) -> bool:
    """Whether an amount is said to be that of all its years together."""
    said = key(f"{t.indicator_text} {t.text}")
    return t.unit in _AMOUNTS and any(re.search(rf"(?<!\w){key(word)}(?!\w)", said) for word in cues("sum"))


def _years(period: str) -> int:
    """How many years a period spans; 0 where it is not stated."""
    m = re.match(r"(\d{4})(?:-(\d{4}))?", period)
    return 0 if m is None else 1 + int(m.group(2) or m.group(1)) - int(m.group(1))


def _row(a: Target | None, b: Target | None, change: Change) -> dict[str, object]:
    some = a or b
    assert some is not None
    row: dict[str, object] = {
        "indicator_id": some.indicator_id,
        "indicator_text": some.indicator_text,
        "change": change.change,
    }
    for side, t in (("left", a), ("right", b)):
        row |= {f"{side}_{c}": "" for c in ("value", "value_max", "comparator", "unit", "period", "id")}
        if t is not None:
            row |= {
                f"{side}_value": t.value,
                f"{side}_value_max": "" if t.value_max is None else t.value_max,
                f"{side}_comparator": t.comparator,
                f"{side}_unit": t.unit,
                f"{side}_period": t.period,
                f"{side}_id": t.target_id,
            }
    row["difference"] = "" if change.difference is None else change.difference
    row["ratio"] = "" if change.ratio is None else change.ratio
    row["ambition"] = _ambition(some.indicator_id, change.change)
    row |= dict.fromkeys(("decision", "named_id", "named_start", "named_end"), "")
    return row


def _ambition(indicator_id: str, change: str) -> str:
    known = indicators().get(indicator_id)
    if known is None or known.direction not in ("more", "less") or change not in ("raised", "lowered"):
        return ""
    return "higher" if (change == "raised") == (known.direction == "more") else "lower"
