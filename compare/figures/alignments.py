"""Which task of one plan corresponds to which of the other: a dot per accepted pair, clusters of one sector shaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from compare.figures.sheet import (
    MARGIN,
    MUTED,
    RULE,
    Row,
    Sheet,
    height,
    measure,
    plan_head,
    ramp,
    records,
    spread,
    styled,
    value,
    wrap,
)
from compare.lexicon import taxonomy
from compare.wording import sector_name, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = ("left_id", "right_id", "left_place", "right_place", "left_group", "right_group", "probability", "relation")
_LABELS = 2.2  # inches for the names of groups
_CELL = 0.45  # inches: a task takes no more, however few there are
_NAME = 0.145  # inches: the height of a group's name
_SHADE = "#e4e9ee"


@styled
def alignment_matrix(
    alignment: Any, tasks: Any = None, *, by: str = "sector", lang: str = "en", note: str = ""
) -> Figure:
    """Left tasks (down) × right tasks (across); a dot per accepted pair of tasks, darker with its probability.

    ``tasks``: the tasks frames of both plans, for order and sectors; without them tasks stand in the order of their
    ids, by section. ``by``: "sector" orders tasks by the taxonomy and shades pairs within one sector, "section" keeps
    the plans' order and parts their sections. Raises ValueError for another ``by``.
    """
    if by not in ("sector", "section"):
        raise ValueError(f"by is {by!r}: use 'sector' or 'section'")
    rows = [r for r in records(alignment) if r["kind"] == "task"]
    known = {str(r["task_id"]): (n, r) for n, r in enumerate(records(tasks, "tasks"))} if tasks is not None else {}
    by = by if known else "section"
    sheet = Sheet(lang, word("figure", "matrix_title", lang), word("figure", f"matrix_how_{by}", lang))
    sides = [_items(rows, side, known, by) for side in ("left", "right")]
    held = [r for r in rows if r["left_id"] and r["right_id"] and r["accepted"] in (True, "true")]
    if not all(sides):
        return sheet.empty(_COLUMNS, [note])
    place = [{item: i for i, (item, _) in enumerate(side)} for side in sides]
    group = [dict(side) for side in sides]
    data = [_dot(r, place, group) for r in held]
    data.sort(key=lambda r: (r["left_place"], r["right_place"]))
    names = [[_group_name(g, by, lang) for g in dict.fromkeys(g for _, g in side)] for side in sides]
    plans = [next((str(r[f"{s}_plan"]) for r in rows if r[f"{s}_plan"]), "") for s in ("left", "right")]
    heads = [
        word("figure", "matrix_axis", lang, plan=plan_head(p, lang), n=len(side))
        for p, side in zip(plans, sides, strict=True)
    ]
    _draw(sheet, sides, names, heads, data, by)
    same = sum(r["left_group"] == r["right_group"] for r in data)
    counts = word("figure", "matrix_counts" if by == "sector" else "matrix_counts_plain", lang, n=len(data), same=same)
    return sheet.finish(data, _COLUMNS, [counts, note])


def _items(rows: Sequence[Row], side: str, known: dict[str, tuple[int, Row]], by: str) -> list[tuple[str, str]]:
    """The tasks of a side with their groups (sector or section), in the order in which they are drawn."""
    ids = list(dict.fromkeys(str(r[f"{side}_id"]) for r in rows if r[f"{side}_id"]))
    rank = {sector: n for n, sector in enumerate(taxonomy())}
    depth = _depth(ids)
    found = []
    for item in ids:
        n, row = known.get(item, (len(known), {}))
        sector = str(row.get("sector", ""))
        group = sector if by == "sector" else _section(item, depth)
        first = rank.get(sector, len(rank)) if by == "sector" else 0
        found.append(((first, n, _natural(item)), (item, group)))
    return [pair for _, pair in sorted(found)]


def _depth(ids: Sequence[str]) -> int:
    """How many markers of an id name its group: as many as make no more than 24 groups, at least one."""
    return next((d for d in (4, 3, 2) if len({_section(i, d) for i in ids}) <= 24), 1)


def _section(item: str, depth: int) -> str:
    """The outer parts of the outline that an id names: ``plan/Điều-1/II/5#1`` is in ``Điều-1/II`` at depth 2."""
    return "/".join(item.split("#")[0].split("/")[1 : 1 + depth])


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts #9 before #10."""
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", text) if p)


def _group_name(group: str, by: str, lang: str) -> str:
    if not group:
        return word("figure", "other", lang)
    return sector_name(group, lang) if by == "sector" else group.replace("-", " ")


def _dot(r: Row, place: Sequence[dict[str, int]], group: Sequence[dict[str, str]]) -> Row:
    a, b = str(r["left_id"]), str(r["right_id"])
    return {
        "left_id": a,
        "right_id": b,
        "left_place": place[0][a],
        "right_place": place[1][b],
        "left_group": group[0][a],
        "right_group": group[1][b],
        "probability": value(r, "probability") or 0.0,
        "relation": r["relation"],
    }


def _runs(side: Sequence[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """Neighbours of one group: (group, from, to)."""
    runs: list[tuple[str, int, int]] = []
    for i, (_, group) in enumerate(side):
        if runs and runs[-1][0] == group:
            runs[-1] = (group, runs[-1][1], i + 1)
        else:
            runs.append((group, i, i + 1))
    return runs


def _draw(
    sheet: Sheet,
    sides: Sequence[list[tuple[str, str]]],
    names: Sequence[list[str]],
    heads: Sequence[str],
    data: list[Row],
    by: str,
) -> None:
    runs = [_runs(side) for side in sides]
    label = {g: _group_name(g, by, sheet.lang) for side in sides for _, g in side}
    down = [wrap(label[g], _LABELS, 7.5, 1) for g, _, _ in runs[0]]
    across = [wrap(label[g], _LABELS, 7.5, 1) for g, _, _ in runs[1]]
    left = MARGIN + max(measure(name, 7.5) for name in down) + 0.45
    room = sheet.width - left - MARGIN - 0.1
    wide = min(room, max(_CELL * len(sides[1]), 2 * _NAME * len(across), 1.5))
    # names may need more room than their groups have; with some to spare they stand nearer to them
    tall = min(wide * min(1.3, max(0.5, len(sides[0]) / len(sides[1]))), _CELL * len(sides[0]))
    tall = max(tall, 1.3 * _NAME * len(down), 1.4)
    if _NAME * len(across) > wide:
        across = [""] * len(across)
    sheet.text(wrap(heads[1], room, 8.5, 1, bold=True), left, sheet.y, 8.5, weight="bold", va="top")
    sheet.y += 0.24 + max(measure(a, 7.5) for a in across) + 0.16
    ax = sheet.axes(left, wide, tall)
    _cells(ax, runs, sides, by)
    shades = ramp()
    ax.scatter([r["right_place"] + 0.5 for r in data], [r["left_place"] + 0.5 for r in data], s=_dot_size(sides, wide, tall),
               color=[shades(0.3 + 0.7 * r["probability"]) for r in data], linewidths=0, zorder=3)  # fmt: skip
    _names(sheet, ax, (down, across), runs, (len(sides[0]), len(sides[1])), (left, wide, tall))
    head = wrap(heads[0], tall, 8.5, 2, bold=True)
    sheet.text(head, MARGIN + 0.02, sheet.y + tall / 2, 8.5, weight="bold", rotation=90, ha="left", va="center")
    sheet.y += tall + 0.08
    _key(sheet, shades, left)


def _dot_size(sides: Sequence[list[Any]], wide: float, tall: float) -> float:
    """Points squared: as large as a task's cell, from 4 to 40."""
    cell = 72 * min(wide / len(sides[1]), tall / len(sides[0]))
    return max(4.0, min(40.0, (1.3 * cell) ** 2))


def _cells(ax: Axes, runs: Sequence[list[tuple[str, int, int]]], sides: Sequence[list[Any]], by: str) -> None:
    from matplotlib.patches import Rectangle

    ax.set_xlim(0, len(sides[1]))
    ax.set_ylim(len(sides[0]), 0)
    ax.set_xticks([])
    ax.set_yticks([])
    if by == "sector":
        for g, a, b in runs[0]:
            for other, c, d in runs[1]:
                if g == other:
                    ax.add_patch(Rectangle((c, a), d - c, b - a, facecolor=_SHADE, linewidth=0, zorder=0))
    for drawn, side in ((ax.axhline, runs[0]), (ax.axvline, runs[1])):
        for _, start, _ in side[1:]:
            drawn(start, color="#edf0f2", linewidth=0.6, zorder=1)
    for spine in ax.spines.values():
        spine.set_visible(True)


def _names(
    sheet: Sheet,
    ax: Axes,
    labels: tuple[list[str], list[str]],
    runs: Sequence[list[tuple[str, int, int]]],
    counts: tuple[int, int],
    box: tuple[float, float, float],
) -> None:
    """Names of groups beside and above the axes, each joined to the middle of its group by a hairline."""
    from matplotlib.lines import Line2D

    left, wide, tall = box
    for axis, size in ((0, tall), (1, wide)):
        middles = [(a + b) / 2 / counts[axis] * size for _, a, b in runs[axis]]
        places = spread(middles, [_NAME] * len(middles), 0.0, size)
        for text, at, middle in zip(labels[axis], places, middles, strict=True):
            if not text:
                continue
            if axis == 0:
                sheet.text(text, left - 0.16, sheet.y + at, 7.5, ha="right", va="center_baseline", color=MUTED)
                xs, ys = [-0.13 / wide, -0.02 / wide], [1 - at / tall, 1 - middle / tall]
            else:
                sheet.text(text, left + at, sheet.y - 0.16, 7.5, ha="center", va="bottom", rotation=90, color=MUTED)
                xs, ys = [at / wide, middle / wide], [1 + 0.13 / tall, 1 + 0.02 / tall]
            ax.add_line(Line2D(xs, ys, transform=ax.transAxes, color=RULE, linewidth=0.7, clip_on=False))


def _key(sheet: Sheet, shades: Any, left: float) -> None:
    """What the dots' colours mean."""
    x = left
    for p in (0.25, 0.5, 0.75, 1.0):
        sheet.text("●", x, sheet.y + 0.08, 8, color=shades(0.3 + 0.7 * p), va="center")
        text = f"{word('figure', 'probability', sheet.lang)} {p:g}" if x == left else f"{p:g}"
        text = text.replace(".", ",") if sheet.lang == "vi" else text
        sheet.text(text, x + 0.14, sheet.y + 0.08, 7.5, va="center", color=MUTED)
        x += 0.14 + measure(text, 7.5) + 0.16
    sheet.y += 0.08 + height("", 7.5)
