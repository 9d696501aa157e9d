"""One indicator over the years: what plans of a province aim at, plan after plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from compare.figures.sheet import MARGIN, SERIES, Row, Sheet, height, measure, records, spread, styled, value, wrap
from compare.wording import indicator_name, number, plan_place, value_name, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = (
    "indicator_id", "indicator", "unit", "place", "plan_id", "from_year", "to_year", "value", "value_max", "superseded",
)  # fmt: skip
_LABEL = 0.135  # inches: the height of a value's label


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
    colours = {p: SERIES[i % len(SERIES)] for i, p in enumerate(places)}
    sheet.legend([(colours[p], p) for p in places])
    _small_multiples(sheet, list(moving.values()), colours)
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


def _small_multiples(sheet: Sheet, panels: Sequence[list[Row]], colours: dict[str, str]) -> None:
    """Two panels a row; all share the years."""
    years = [y for rs in panels for r in rs for y in (r["from_year"], r["to_year"])]
    gap = 0.45
    wide = (sheet.width - 2 * MARGIN - gap) / 2
    for i in range(0, len(panels), 2):
        pair = panels[i : i + 2]
        heads = [f"{rs[0]['indicator']} ({value_name('unit', rs[0]['unit'], sheet.lang)})" for rs in pair]
        heads = [wrap(head, wide, 8.5, 2, bold=True) for head in heads]
        sheet.y += 0.08
        for j, head in enumerate(heads):
            sheet.text(head, MARGIN + j * (wide + gap), sheet.y, 8.5, weight="bold", va="top", linespacing=1.2)
        sheet.y += max(height(h, 8.5) for h in heads) + 0.15
        tall = max(1.15, *(_LABEL * len(rs) * 0.6 for rs in pair))
        for j, rs in enumerate(pair):
            ax = sheet.axes(MARGIN + j * (wide + gap), wide, tall)
            _panel(ax, rs, colours, sheet.lang, (min(years), max(years)), (wide, tall))
        sheet.y += tall + 0.28


def _panel(
    ax: Axes, rows: list[Row], colours: dict[str, str], lang: str, span: tuple[int, int], size: tuple[float, float]
) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    numbers = [float(r["value"]) for r in rows]
    margin = (max(numbers) - min(numbers) or abs(max(numbers)) or 1) * 0.3
    ax.set_xlim(span[0] - 0.6, span[1] + 0.6)
    ax.set_ylim(min(numbers) - margin, max(numbers) + margin)
    for place in dict.fromkeys(r["place"] for r in rows):
        own = [r for r in rows if r["place"] == place]
        _lines(ax, [r for r in own if not r["superseded"]], colours[place])
        for r in own:
            _mark(ax, r, colours[place])
    _value_labels(ax, rows, colours, lang, size)
    ax.set_yticks([])
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: str(int(v))))
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


def _mark(ax: Axes, r: Row, colour: str) -> None:
    faded = 0.35 if r["superseded"] else 1.0
    if r["from_year"] == r["to_year"]:
        face = "white" if r["superseded"] else colour
        ax.scatter([r["from_year"]], [r["value"]], s=26, facecolors=face, edgecolors=colour, linewidths=1.2, zorder=4)
    else:
        ax.hlines(r["value"], r["from_year"], r["to_year"], color=colour, linewidth=3.2, alpha=faded, zorder=3)
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


Label = tuple[float, float, float, str, str]


def _value_labels(ax: Axes, rows: list[Row], colours: dict[str, str], lang: str, size: tuple[float, float]) -> None:
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
        above = [o["value"] for o in rows if o["from_year"] == r["from_year"] and o["value"] > r["value"]]
        crowded = any((v - y0) / (y1 - y0) * tall - y < 0.27 for v in above)
        y += -0.12 if crowded else 0.12
        labels.add((min(max(x, half), wide - half), y, half, text, colours[r["place"]]))
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
