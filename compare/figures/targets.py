"""Targets of two plans side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from compare.figures.sheet import (
    INK,
    LEFT,
    MARGIN,
    MUTED,
    RIGHT,
    RULE,
    Row,
    Sheet,
    height,
    ink,
    plan_head,
    records,
    styled,
    value,
    wrap,
)  # fmt: skip
from compare.wording import indicator_name, number, sign, value_name, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PAIRED = ("raised", "lowered", "same", "rephrased")
_LABELS = 2.75  # inches for the names of indicators
_FADED = 0.45
_YEARS = re.compile(r"(\d{4}(?:–\d{4})?)(.*)")
# Beyond this ratio of the largest to the smallest value a linear axis would crush the small ones.
_CRUSHED = 40


@styled
def target_dumbbells(targets_diff: Any, *, left: str = "", right: str = "", lang: str = "en", note: str = "") -> Figure:
    """One panel per unit; a row per target: pairs that can be compared are joined, one-sided targets faded.

    Where one plan alone has an indicator, and for two years or periods of a kind, these share a row, the earlier one as
    the smaller dot. ``left``/``right``: the plans' ids (by default those that the targets' ids begin with). A right value in another
    unit of the same kind is drawn in the left one's.
    """
    columns = ("unit", "indicator_id", "indicator", "period", "change", "left", "left_max", "right", "right_max",
               "left_comparator", "right_comparator")  # fmt: skip
    rows = records(targets_diff)
    names = [_side(rows, side, given, lang) for side, given in (("left", left), ("right", right))]
    sheet = Sheet(lang, word("figure", "dumbbells_title", lang), word("figure", "dumbbells_how", lang))
    data = [_dumbbell(r, lang) for r in rows if r["change"] in (*_PAIRED, "dropped", "added")]
    unlike = sum(r["change"] == "incomparable" for r in rows)
    notes = [word("figure", "dumbbells_left_out", lang, n=unlike) if unlike else "", note]
    if not data:
        return sheet.empty(columns, notes)
    sheet.legend(zip("●○", (LEFT, RIGHT), names, strict=True))
    sizes = Counter(r["unit"] for r in data)
    ordered = [r for unit in sorted(sizes, key=lambda u: (-sizes[u], u)) for r in data if r["unit"] == unit]
    for unit in dict.fromkeys(r["unit"] for r in ordered):
        _panel(sheet, unit, [r for r in ordered if r["unit"] == unit])
    return sheet.finish(ordered, columns, notes)


def _side(rows: Iterable[Row], side: str, given: str, lang: str) -> str:
    """The plan's name: as given, else from the ids of its targets, else "left plan"."""
    ids = (str(r[f"{side}_id"]) for r in rows if r[f"{side}_id"])
    plan = given or next((i.split("/")[0] for i in ids if "/" in i), "")
    return plan_head(plan, lang) if plan else word("figure", side, lang)


def _dumbbell(r: Row, lang: str) -> Row:
    """One row of the figure's data; values in the left unit where there is one."""
    old, new = value(r, "left_value"), value(r, "right_value")
    difference = value(r, "difference")
    factor = 1.0
    if old is not None and new and difference is not None:
        factor = (old + difference) / new
    periods = dict.fromkeys(p for p in (r["left_period"], r["right_period"]) if p)
    top, peak = value(r, "left_value_max"), value(r, "right_value_max")
    return {
        "unit": r["left_unit"] if old is not None else r["right_unit"],
        "indicator_id": r["indicator_id"],
        "indicator": indicator_name(r["indicator_id"], r["indicator_text"], lang),
        "period": " → ".join(_period(p, lang) for p in periods),
        "change": r["change"],
        "left": "" if old is None else old,
        "left_max": "" if top is None else top,
        "right": "" if new is None else round(new * factor, 6),
        "right_max": "" if peak is None else round(peak * factor, 6),
        "left_comparator": str(r.get("left_comparator") or ""),
        "right_comparator": str(r.get("right_comparator") or ""),
    }


def _period(period: str, lang: str) -> str:
    """``2021-2025/yr`` for readers."""
    years = period.removesuffix("/yr").replace("-", "–")
    return f"{years} {word('figure', 'per_year', lang)}" if period.endswith("/yr") else years


def _panel(sheet: Sheet, unit: str, rows: list[Row]) -> None:
    """The rows of one unit: pairs first, then the left plan's own, then the right plan's; large values first."""
    lang = sheet.lang
    rows.sort(key=lambda r: ("dropped", "added").index(r["change"]) + 1 if r["change"] in ("dropped", "added") else 0)
    lines = _lines(rows)
    labels = [_label(line) for line in lines]
    tall = [max(0.22, height(label, 8) + 0.06) for label in labels]
    numbers = [float(r[c]) for r in rows for c in ("left", "left_max", "right", "right_max") if r[c] != ""]
    log = min(numbers) > 0 and max(numbers) / min(numbers) > _CRUSHED
    head = value_name("unit", unit, lang) + (f" ({word('figure', 'log_axis', lang)})" if log else "")
    sheet.y += 0.08
    sheet.paragraph(head, 8.5, weight="bold")
    sheet.y += 0.04
    left = MARGIN + _LABELS + 0.1
    ax = sheet.axes(left, sheet.width - left - MARGIN, sum(tall))
    _scale(ax, numbers, log, sheet.width - left - MARGIN)
    y = 0.0
    for line, label, h in zip(lines, labels, tall, strict=True):
        faded = line[0]["change"] in ("dropped", "added")
        sheet.text(
            label,
            left - 0.1,
            sheet.y + y + h / 2,
            8,
            ha="right",
            va="center",
            linespacing=1.2,
            color=MUTED if faded else INK,
        )
        _draw(ax, _dots(line), y + h / 2, lang, _FADED if faded else 1.0)
        y += h
    ax.set_ylim(y, 0)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.hlines(
        [sum(tall[:i]) for i in range(len(tall) + 1)],
        0,
        1,
        color="#eceff1",
        linewidth=0.7,
        transform=ax.get_yaxis_transform(),
        zorder=0,
    )
    sheet.y += y + 0.08


def _lines(rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    """What stands on one line: a target or pair; of one plan's own, the two that differ in their years alone."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for r in rows:
        years = _YEARS.fullmatch(r["period"])
        own = years and r["change"] in ("dropped", "added")
        kind = ("–" in years[1], years[2]) if own and years else id(r)
        found.setdefault((r["change"], r["indicator_id"], r["indicator"], kind), []).append(r)
    lines: list[tuple[Row, ...]] = []
    for group in found.values():
        group.sort(key=lambda r: r["period"])
        two = len(group) == 2 and group[0]["period"] != group[1]["period"]
        lines += [tuple(group)] if two else [(r,) for r in group]
    return lines


def _label(line: tuple[Row, ...]) -> str:
    """The indicator in two lines at most, and its period, which is never cut."""
    r, period = line[0], line[0]["period"]
    if len(line) == 2:
        years = _YEARS.fullmatch(line[0]["period"])
        assert years is not None  # else the two were not joined
        period = f"{years[1]} → {line[1]['period']}"
    name = r["indicator"]
    # what would take a third line: the name in two, and the period below
    whole = wrap(f"{name}, {period}" if period else name, _LABELS, 8, 3)
    if whole.count("\n") < 2:
        return whole
    return wrap(name, _LABELS, 8, 2) + (f"\n{wrap(period, _LABELS, 8, 1)}" if period else "")


# A dot: its side, its value and greatest value, its size in points squared, the sign before its value.
Dot = tuple[str, float, float, float, str]


def _dots(line: tuple[Row, ...]) -> list[Dot]:
    """One for each value; the earlier of two years is the smaller one."""
    found: list[Dot] = []
    for n, r in enumerate(line):
        size = 12.0 if len(line) == 2 and n == 0 else 30.0
        for side in ("left", "right"):
            if r[side] != "":
                at = float(r[side])
                found.append(
                    (
                        side,
                        at,
                        float(r[f"{side}_max"]) if r[f"{side}_max"] != "" else at,
                        size,
                        sign(r[f"{side}_comparator"]).strip(),
                    )
                )
    return found


def _scale(ax: Axes, numbers: list[float], log: bool, wide: float) -> None:
    """Limits with room for the value labels at both ends."""
    low, high = min(numbers), max(numbers)
    room = 0.7 / wide
    if log:
        ax.set_xscale("log")
        ratio = (high / low) ** (room / (1 - 2 * room))
        ax.set_xlim(low / ratio, high * ratio)
        ax.minorticks_off()
        return
    low = min(low, 0.0)
    reach = (high - low or abs(high) or 1.0) / (1 - 2 * room)
    ax.set_xlim(low - reach * room, low + reach * (1 - room))


def _draw(ax: Axes, dots: Sequence[Dot], y: float, lang: str, alpha: float) -> None:
    colours = {"left": LEFT, "right": RIGHT}
    if len(dots) == 2:
        ax.hlines(y, dots[0][1], dots[1][1], color=RULE, linewidth=2.4, zorder=1)
    for side, at, top, size, _ in dots:
        if top != at:
            ax.hlines(y, at, top, color=colours[side], linewidth=5, alpha=0.35 * alpha, zorder=2)
        ring = side == "right"
        ax.scatter([at], [y], s=size, zorder=3 + ring, alpha=alpha, linewidths=1.7 if ring else 0,
                   facecolors="none" if ring else colours[side], edgecolors=colours[side])  # fmt: skip
    # the smaller value's label stands on the left of its dot, the larger one's on the right
    order = sorted(dots, key=lambda dot: dot[1])
    words = [
        before + number(at, lang) + (f"–{number(top, lang)}" if top != at else "") for _, at, top, _, before in order
    ]
    if len(order) == 2 and words[0] == words[1]:
        order, words = order[1:], words[1:]
    for n, ((side, at, top, _, _), text) in enumerate(zip(order, words, strict=True)):
        before = len(order) == 2 and n == 0
        x = at if before else max(top, at)
        ax.annotate(text, (x, y), (-6 if before else 6, 0), textcoords="offset points", fontsize=7.5,
                    color=ink(colours[side]), ha="right" if before else "left", va="center_baseline")  # fmt: skip
