"""One indicator over the years: what plans of a province aim at, plan after plan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from compare.figures.sheet import (
    MARGIN,
    SERIES,
    Row,
    Sheet,
    height,
    ink,
    measure,
    records,
    spread,
    styled,
    value,
    wrap,
)
from compare.wording import indicator_name, number, plan_place, value_name, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = (
    "indicator_id", "indicator", "unit", "place", "plan_id", "from_year", "to_year", "value", "value_max", "superseded",
)  # fmt: skip
_LABEL = 0.135  # inches: the height of a value's label
_GAP = 0.35  # inches between panels
# Shapes beside the colours, as characters of the legend and as matplotlib calls them.
_SHAPES = {"●": "o", "■": "s", "▲": "^", "◆": "D", "▼": "v"}
# Values that differ by less than this share of the largest one do not fill the height of a panel.
_FLATTEST = 0.2
Style = tuple[str, str]  # colour and shape


@styled
def target_slopes(targets: Any, *, lang: str = "en", note: str = "") -> Figure:
    """One panel per indicator and unit that has targets for two points in time or more; a colour per province.

    ``targets``: the targets frame of several plans, a sequence of such frames, or of plans that have ``.targets``.
    A yearly average or a total over a period is a bar over its years. Where plans of one province give different
    values for the same time, those of the earlier plans are drawn hollow.
    """
    rows = [d for r in records(targets, "targets") if (d := _point(r, lang)) is not None]
    sheet = Sheet(lang, word("figure", "slopes_title", lang), word("figure", "slopes_how", lang))
    panels: dict[tuple[str, str], list[Row]] = {}
    for r in _without_repeats(rows):
        panels.setdefault((r["indicator_id"], r["unit"]), []).append(r)
    moving = {k: panels[k] for k in sorted(panels) if len({(r["from_year"], r["to_year"]) for r in panels[k]}) > 1}
    alone = sum(len(rs) for k, rs in panels.items() if k not in moving)
    notes = [word("figure", "slopes_alone", lang, n=alone) if alone else "", note]
    if not moving:
        return sheet.empty(_COLUMNS, notes)
    data = [r for rs in moving.values() for r in rs]
    places = sorted({r["place"] for r in data})
    shapes = list(_SHAPES)
    styles = {p: (SERIES[i % len(SERIES)], shapes[i % len(shapes)]) for i, p in enumerate(places)}
    sheet.legend([(styles[p][1], styles[p][0], p) for p in places])
    _small_multiples(sheet, list(moving.values()), styles)
    return sheet.finish(data, _COLUMNS, notes)


def _point(r: Row, lang: str) -> Row | None:
    """A target as a point or bar in time; None without a canonical indicator, a value or a year."""
    years = re.match(r"(\d{4})(?:-(\d{4}))?", str(r["period"]))
    at, top = value(r, "value"), value(r, "value_max")
    if not r["indicator_id"] or years is None or at is None:
        return None
    return {
        "indicator_id": r["indicator_id"],
        "indicator": indicator_name(r["indicator_id"], r["indicator_text"], lang),
        "unit": r["unit"],
        "place": plan_place(r["plan_id"]),
        "plan_id": r["plan_id"],
        "from_year": int(years[1]),
        "to_year": int(years[2] or years[1]),
        "value": at,
        "value_max": "" if top is None else top,
        "superseded": False,
    }


def _without_repeats(rows: list[Row]) -> list[Row]:
    """By place and time; of plans that say the same the last, earlier ones that say otherwise marked superseded.

    A plan's id holds its province before its year, so that within a province ids ascend with the years.
    """
    held: dict[tuple[object, ...], Row] = {}
    newest: dict[tuple[object, ...], str] = {}
    for r in sorted(rows, key=lambda r: str(r["plan_id"])):
        time = tuple(r[c] for c in ("indicator_id", "unit", "place", "from_year", "to_year"))
        held[(*time, r["value"], r["value_max"])] = r
        newest[time] = r["plan_id"]
    marked = [{**r, "superseded": newest[key[:5]] != r["plan_id"]} for key, r in held.items()]
    return sorted(marked, key=lambda r: (r["place"], r["to_year"], r["from_year"], r["superseded"], r["value"]))


def _small_multiples(sheet: Sheet, panels: Sequence[list[Row]], styles: dict[str, Style]) -> None:
    """One to three panels a row; all share the years. Panels of several provinces are not narrowed to a third."""
    years = [y for rs in panels for r in rs for y in (r["from_year"], r["to_year"])]
    across = min(len(panels), 2 if len(panels) < 5 or len(styles) > 2 else 3)
    wide = (sheet.width - 2 * MARGIN - _GAP * (across - 1)) / across
    for i in range(0, len(panels), across):
        beside = panels[i : i + across]
        heads = [wrap(_head(rs[0], sheet.lang), wide, 8.5, 3, bold=True) for rs in beside]
        sheet.y += 0.08
        most = max(height(h, 8.5) for h in heads)
        for j, head in enumerate(heads):
            sheet.text(head, MARGIN + j * (wide + _GAP), sheet.y, 8.5, weight="bold", va="top", linespacing=1.2)
        sheet.y += most + 0.15
        tall = max(1.0, *(_LABEL * len(rs) * 0.6 for rs in beside))
        for j, rs in enumerate(beside):
            ax = sheet.axes(MARGIN + j * (wide + _GAP), wide, tall)
            _panel(ax, rs, styles, sheet.lang, _ticks(years, wide), (wide, tall))
        sheet.y += tall + 0.28


def _ticks(years: Sequence[int], wide: float) -> list[int]:
    """The first and the last year, and of the others those with most targets that have room for their label."""
    first, last = min(years), max(years)
    apart = 0.42 / wide * (last - first + 1.2)
    counts = Counter(years)
    shown = [first, last]
    for year in sorted(counts, key=lambda y: (-counts[y], y)):
        if all(abs(year - other) >= apart for other in shown):
            shown.append(year)
    return sorted(shown)


def _head(r: Row, lang: str) -> str:
    """The indicator and its unit, unless the name says it already."""
    unit = value_name("unit", r["unit"], lang)
    said, name = (re.sub(r"[\W_]", "", text).lower() for text in (unit, r["indicator"]))
    return str(r["indicator"]) if said and said in name else f"{r['indicator']} ({unit})"


def _panel(
    ax: Axes, rows: list[Row], styles: dict[str, Style], lang: str, ticks: Sequence[int], size: tuple[float, float]
) -> None:
    numbers = [float(r["value"]) for r in rows]
    reach = max(max(numbers) - min(numbers), _FLATTEST * max(map(abs, numbers))) or 1.0
    middle = (max(numbers) + min(numbers)) / 2
    ax.set_xlim(ticks[0] - 0.6, ticks[-1] + 0.6)
    ax.set_ylim(middle - 0.8 * reach, middle + 0.8 * reach)
    for place in dict.fromkeys(r["place"] for r in rows):
        own = [r for r in rows if r["place"] == place]
        _lines(ax, [r for r in own if not r["superseded"]], styles[place][0])
        for r in own:
            _mark(ax, r, *styles[place])
    _value_labels(ax, rows, styles, lang, size)
    ax.set_yticks([])
    ax.set_xticks(ticks, [str(y) for y in ticks])
    ax.spines["bottom"].set_visible(True)


def _lines(ax: Axes, rows: list[Row], colour: str) -> None:
    """From dot to dot and from bar to bar: a yearly average and a single year are different things."""
    for kind in (True, False):
        own = [r for r in rows if (r["from_year"] == r["to_year"]) is kind]
        for a, b in pairwise(own):
            ax.plot(
                [a["to_year"], b["from_year"]],
                [a["value"], b["value"]],
                color=colour,
                linewidth=1.1,
                alpha=0.5,
                zorder=2,
            )


def _mark(ax: Axes, r: Row, colour: str, shape: str) -> None:
    faded = 0.35 if r["superseded"] else 1.0
    if r["from_year"] == r["to_year"]:
        face = "white" if r["superseded"] else colour
        ax.scatter([r["from_year"]], [r["value"]], s=26, marker=_SHAPES[shape], facecolors=face, edgecolors=colour,
                   linewidths=1.2, zorder=4)  # fmt: skip
    else:
        ax.hlines(r["value"], r["from_year"], r["to_year"], color=colour, linewidth=3.2, alpha=faded, zorder=3)
        if shape != next(iter(_SHAPES)):  # the first province needs no mark on its bars
            middle = (r["from_year"] + r["to_year"]) / 2
            ax.scatter(
                [middle], [r["value"]], s=30, marker=_SHAPES[shape], color=colour, alpha=faded, linewidths=0, zorder=3
            )
    if r["value_max"] != "":
        ax.vlines(
            (r["from_year"] + r["to_year"]) / 2,
            r["value"],
            r["value_max"],
            color=colour,
            linewidth=4,
            alpha=0.3 * faded,
            zorder=2,
        )


def _meets(o: Row, r: Row) -> bool:
    """Whether a mark stands where another one's label does: at its (first) year."""
    return bool(o["from_year"] <= r["from_year"] <= o["to_year"])


Label = tuple[float, float, float, str, str]


def _value_labels(ax: Axes, rows: list[Row], styles: dict[str, Style], lang: str, size: tuple[float, float]) -> None:
    """Values above their marks; those that would meet in width are spread in height."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    wide, tall = size
    labels = set()
    for r in rows:
        text = number(r["value"], lang) + (f"–{number(r['value_max'], lang)}" if r["value_max"] != "" else "")
        half = measure(text, 7.5) / 2 + 0.03
        # a bar's label stands at its beginning, clear of the dots of single years
        x = (r["from_year"] - x0) / (x1 - x0) * wide + (half if r["from_year"] != r["to_year"] else 0)
        y = (r["value"] - y0) / (y1 - y0) * tall
        above = [o["value"] for o in rows if _meets(o, r) and o["value"] > r["value"]]
        crowded = any((v - y0) / (y1 - y0) * tall - y < 0.27 for v in above)
        y += -0.12 if crowded else 0.12
        labels.add((min(max(x, half), wide - half), y, half, text, ink(styles[r["place"]][0])))
    for group in _columns(labels):
        places = spread([g[1] for g in group], [_LABEL] * len(group), 0.0, tall + 0.1)
        for (x, _, _, text, colour), y in zip(group, places, strict=True):
            ax.annotate(text, (x / wide, y / tall), xycoords="axes fraction", fontsize=7.5, color=colour, ha="center",
                        va="center", annotation_clip=False)  # fmt: skip


def _columns(labels: set[Label]) -> list[list[Label]]:
    """Groups of labels that overlap in width, directly or through others, each from the lowest to the highest."""
    groups: list[list[Label]] = []
    reach = float("-inf")
    for label in sorted(labels):
        if label[0] - label[2] < reach:
            groups[-1].append(label)
        else:
            groups.append([label])
        reach = max(reach, label[0] + label[2])
    return [sorted(g, key=lambda label: (label[1], label)) for g in groups]
