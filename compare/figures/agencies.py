"""Who leads how much, before and after the reorganisation of 2025: bands from bodies to their successors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from compare.figures.sheet import LEFT, MARGIN, RIGHT, Row, Sheet, height, plan_head, records, styled, wrap
from compare.wording import agency_name, number, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABELS = 2.35  # inches for names on either side
_COUNT = 0.34  # of these, for the number of tasks
_SAME = "#b8c0c8"
_COLUMNS = ("plan_id", "agency_id", "agency", "agency_now", "agency_after", "tasks")


@styled
def agency_load(assignments: Any, *, lang: str = "en", note: str = "") -> Figure:
    """Tasks led by each body as named (left) and by the body that holds the duty now (right); a band per transfer; a
    panel for each plan.

    ``assignments``: the assignments frame of one or several plans, a sequence of such frames, or of plans that have
    ``.assignments``; only rows whose role is lead count.
    """
    rows = [r for r in records(assignments, "assignments") if r["role"] == "lead" and r["agency_id"]]
    sheet = Sheet(lang, word("figure", "load_title", lang), word("figure", "load_how", lang))
    if not rows:
        return sheet.empty(_COLUMNS, [note])
    plans = list(dict.fromkeys(str(r.get("plan_id") or "") for r in rows))
    data: list[Row] = []
    for plan in plans:
        own = [r for r in rows if str(r.get("plan_id") or "") == plan]
        if len(plans) > 1:
            sheet.y += 0.2 if data else 0
            sheet.paragraph(plan_head(plan, lang), 10, weight="bold")
            sheet.y += 0.08
        data += _panel(sheet, plan, own)
    return sheet.finish(data, _COLUMNS, [note])


def _panel(sheet: Sheet, plan: str, rows: Sequence[Row]) -> list[Row]:
    """Draws one plan's bodies; gives the rows of the figure's data."""
    flows = Counter((str(r["agency_id"]), str(r["agency_now"] or r["agency_id"])) for r in rows)
    said = {str(r["agency_id"]): str(r["agency_text"]) for r in reversed(rows)}
    names = {a: agency_name(a, sheet.lang, said.get(a, "")) for flow in flows for a in flow}
    before, after = _order(flows)
    _draw(sheet, flows, (before, after), names)
    return [
        {"plan_id": plan, "agency_id": a, "agency": names[a], "agency_now": b, "agency_after": names[b],
         "tasks": flows[a, b]}
        for a in before
        for b in after
        if flows[a, b]
    ]  # fmt: skip


def _order(flows: Mapping[tuple[str, str], int]) -> tuple[list[str], list[str]]:
    """Bodies of today by load, those of before beside their successor, so that few bands cross."""
    now: Counter[str] = Counter()
    for (_, b), n in flows.items():
        now[b] += n
    after = sorted(now, key=lambda b: (-now[b], b))
    place = {b: i for i, b in enumerate(after)}
    sources = defaultdict(list)
    for (a, b), n in flows.items():
        sources[a].append((-n, place[b]))
    before = sorted(sources, key=lambda a: (min(sources[a])[1], min(sources[a])[0], a))
    return before, after


def _draw(
    sheet: Sheet, flows: Counter[tuple[str, str]], sides: tuple[list[str], list[str]], names: Mapping[str, str]
) -> None:
    loads = [Counter[str](), Counter[str]()]
    for flow, n in flows.items():
        for side in (0, 1):
            loads[side][flow[side]] += n
    labels = [[wrap(names[a], _LABELS - _COUNT, 8, 2) for a in side] for side in sides]
    # a task's thickness is such that the heaviest side takes about six inches, thinner labels decide below that
    thick = min(0.12, 6.0 / sum(loads[0].values()))
    slots = [
        [max(height(label, 8) + 0.05, loads[i][a] * thick + 0.05) for a, label in zip(sides[i], labels[i], strict=True)]
        for i in (0, 1)
    ]
    tall = max(sum(slots[0]), sum(slots[1]))
    heads = [word("figure", f"load_{end}", sheet.lang) for end in ("before", "after")]
    left, right = MARGIN + _LABELS + 0.1, sheet.width - MARGIN - _LABELS - 0.1
    sheet.text(heads[0], left, sheet.y, 8.5, ha="right", va="top", weight="bold")
    sheet.text(heads[1], right, sheet.y, 8.5, ha="left", va="top", weight="bold")
    sheet.y += 0.26
    ax = sheet.axes(left + 0.04, right - left - 0.08, tall)
    ax.set_xlim(0, 1)
    ax.set_ylim(tall, 0)
    ax.set_axis_off()
    tops = []
    for i in (0, 1):
        extra = (tall - sum(slots[i])) / len(slots[i])
        y, place = 0.0, {}
        for a, label, slot in zip(sides[i], labels[i], slots[i], strict=True):
            middle = y + (slot + extra) / 2
            place[a] = middle - loads[i][a] * thick / 2
            ha, away = ("right", -_COUNT) if i == 0 else ("left", _COUNT)
            count, x = number(loads[i][a], sheet.lang), (left, right)[i]
            sheet.text(count, x, sheet.y + middle, 8, ha=ha, va="center", weight="bold")
            sheet.text(label, x + away, sheet.y + middle, 8, ha=ha, va="center", linespacing=1.2)
            y += slot + extra
        tops.append(place)
    _bands(ax, flows, sides, tops, thick)
    sheet.y += tall


def _bands(
    ax: Axes,
    flows: Counter[tuple[str, str]],
    sides: tuple[Sequence[str], Sequence[str]],
    tops: list[dict[str, float]],
    thick: float,
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    starts, ends = dict(tops[0]), dict(tops[1])
    for a in sides[0]:
        for b in sides[1]:
            wide = flows[a, b] * thick
            if not wide:
                continue
            y0, y1 = starts[a], ends[b]
            starts[a] += wide
            ends[b] += wide
            points = [
                (0, y0),
                (0.5, y0),
                (0.5, y1),
                (1, y1),
                (1, y1 + wide),
                (0.5, y1 + wide),
                (0.5, y0 + wide),
                (0, y0 + wide),
                (0, y0),
            ]
            codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
            colour = _SAME if a == b else RIGHT
            # a white seam parts broad bands; it would eat up narrow ones
            seam = {"edgecolor": "white", "linewidth": 0.7} if wide > 0.04 else {"edgecolor": colour, "linewidth": 0.3}
            ax.add_patch(PathPatch(Path(points, codes), facecolor=colour, alpha=0.6, **seam))
    for i, place in enumerate(tops):
        load: Counter[str] = Counter()
        for flow, n in flows.items():
            load[flow[i]] += n
        for a, y in place.items():
            passed = any(flow[i] == a and flow[0] != flow[1] for flow in flows)
            ax.vlines(i, y, y + load[a] * thick, color=(LEFT, RIGHT)[i] if passed else "#7b858f", linewidth=3)
