"""Where plans put their weight: shares of sectors over many plans, and the difference between two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from compare.figures.grid import grid, page_width, roomy
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
)
from compare.lexicon import taxonomy
from compare.wording import number, sector_name, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SURE = 1.96
_ODDS = 7.2 - MARGIN - 4.75 - 0.05  # inches for the panel of log-odds


@styled
def theme_heatmap(tasks: Any, *, lang: str = "en", note: str = "") -> Figure:
    """Sector × plan: the share (0 to 1) of a plan's coded tasks that each sector has.

    ``tasks``: the tasks frame of one or several plans, a sequence of such frames, or of plans that have ``.tasks``.
    """
    columns = ("plan_id", "sector", "count", "share")
    rows = [r for r in records(tasks, "tasks") if r["sector"]]
    plans = list(dict.fromkeys(str(r["plan_id"]) for r in rows))
    sheet = Sheet(
        lang, word("figure", "heatmap_title", lang), word("figure", "heatmap_how", lang), page_width(len(plans))
    )
    if not rows:
        return sheet.empty(columns, [note])
    counts = Counter((str(r["plan_id"]), str(r["sector"])) for r in rows)
    totals = Counter(str(r["plan_id"]) for r in rows)
    used = {sector for _, sector in counts}
    sectors = [s for s in taxonomy() if s in used] + sorted(used - set(taxonomy()))
    data = [
        {"plan_id": p, "sector": s, "count": counts[p, s], "share": round(counts[p, s] / totals[p], 4)}
        for s in sectors
        for p in plans
    ]
    shares = {(s, p): counts[p, s] / totals[p] for s in sectors for p in plans}
    heads = [f"{plan_head(p, lang)}\n{word('figure', 'heatmap_tasks', lang, n=totals[p])}" for p in plans]
    cells = [[100 * shares[s, p] for p in plans] for s in sectors]
    decimals = int(roomy(sheet, len(plans)))
    shown = {v: number(v, lang, 0 if v >= 9.95 else decimals) for row in cells for v in row}
    # less than half a percent is no zero
    grid(sheet, [sector_name(s, lang) for s in sectors], heads, cells, lambda v: "" if shown[v] == "0" else shown[v])
    return sheet.finish(data, columns, [note])


@styled
def theme_bars(themes_diff: Any, *, left: str = "", right: str = "", lang: str = "en", note: str = "") -> Figure:
    """Shares of each sector in two plans and the log-odds ratio with its 95% interval (log_odds ± 1.96 log_odds / z).

    ``left``/``right``: the plans' ids. Sectors that neither plan has are left out; sorted by the log-odds ratio.
    """
    columns = ("sector", "left_count", "left_share", "right_count", "right_share", "log_odds", "low", "high", "z")
    names = [plan_head(p, lang) if p else word("figure", side, lang) for p, side in ((left, "left"), (right, "right"))]
    sheet = Sheet(lang, word("figure", "bars_title", lang), word("figure", "bars_how", lang))
    data = sorted(
        (_with_interval(r, columns) for r in records(themes_diff) if r["left_count"] or r["right_count"]),
        key=lambda r: (r["log_odds"], r["sector"]),
    )
    if not data:
        return sheet.empty(columns, [note])
    sheet.legend(zip("●○", (LEFT, RIGHT), names, strict=True))
    labels = [wrap(sector_name(r["sector"], lang), 2.05, 8, 2) for r in data]
    tall = [max(0.2, height(label, 8) + 0.05) for label in labels]
    middles = [sum(tall[:i]) + tall[i] / 2 for i in range(len(tall))]
    sheet.y += 0.04
    shares = sheet.axes(2.3, 2.0, sum(tall))
    odds = sheet.axes(4.75, _ODDS, sum(tall))
    _draw_shares(shares, data, middles, lang)
    _draw_odds(odds, data, middles, tall, lang)
    for ax in (shares, odds):
        ax.set_ylim(sum(tall), 0)
        ax.set_yticks([])
    for label, y in zip(labels, middles, strict=True):
        sheet.text(label, 2.2, sheet.y + y, 8, ha="right", va="center", linespacing=1.2)
    sheet.y += sum(tall) + 0.26
    sheet.text(word("figure", "share_of_tasks", lang), 3.3, sheet.y, 7.5, color=MUTED, ha="center", va="top")
    # the left one may reach under the gap between the panels
    ends = [
        wrap(word("figure", f"bars_{s}", lang, plan=n), _ODDS / 2 + 0.1, 7.5, 3)
        for s, n in zip(("left", "right"), names, strict=True)
    ]
    sheet.text(ends[0], 4.45, sheet.y, 7.5, color=ink(LEFT), va="top", linespacing=1.2)
    sheet.text(ends[1], 4.75 + _ODDS, sheet.y, 7.5, color=ink(RIGHT), va="top", ha="right", linespacing=1.2)
    sheet.y += max(height(end, 7.5) for end in ends)
    return sheet.finish(data, columns, [note])


def _with_interval(row: Row, columns: Sequence[str]) -> Row:
    """The row with ``low`` and ``high``, empty where z is 0 and the standard error cannot be told."""
    odds, z = value(row, "log_odds") or 0.0, value(row, "z") or 0.0
    margin = abs(_SURE * odds / z) if z else None
    bounds = {} if margin is None else {"low": round(odds - margin, 4), "high": round(odds + margin, 4)}
    return {c: {**row, "log_odds": odds, "low": "", "high": "", **bounds}.get(c, "") for c in columns}


def _draw_shares(ax: Axes, data: list[Row], middles: list[float], lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    a, b = ([100 * float(r[f"{side}_share"] or 0) for r in data] for side in ("left", "right"))
    ax.hlines(middles, a, b, color=RULE, linewidth=2, zorder=1)
    ax.scatter(a, middles, s=26, color=LEFT, zorder=2, linewidths=0)
    # a ring lets an equal left dot show through
    ax.scatter(b, middles, s=26, facecolors="none", edgecolors=RIGHT, linewidths=1.6, zorder=3)
    ax.set_xlim(-0.6, max(*a, *b, 5) * 1.08)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{number(v, lang, 0)}%"))
    ax.grid(axis="x")


def _draw_odds(ax: Axes, data: list[Row], middles: list[float], tall: list[float], lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for r, y, h in zip(data, middles, tall, strict=True):
        odds = r["log_odds"]
        sure = abs(r["z"] or 0) >= _SURE
        ax.barh(
            y,
            odds,
            height=min(0.14, h * 0.62),
            color=RIGHT if odds > 0 else LEFT,
            alpha=1 if sure else 0.38,
            linewidth=0,
        )
        if r["low"] != "":
            ax.hlines(y, r["low"], r["high"], color=INK, linewidth=0.9)
    reach = 1.05 * max([abs(v) for r in data for v in (r["low"], r["high"], r["log_odds"]) if v != ""] + [0.5])
    ax.set_xlim(-reach, reach)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(5, symmetric=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number(v, lang).replace("-", "−")))
    ax.grid(axis="x")
