"""Whether a probability can be trusted, and what it is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    records,
    styled,
    value,
    wrap,
)
from compare.wording import agency_name, number, sector_name, value_name, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BINS = 10
_Z = 1.959964
# Evidence whose words are ids, and what turns them into names.
_IDS: dict[str, Callable[[str, str], str]] = {"sector": sector_name, "agency": agency_name}


@styled
def reliability_curve(
    probabilities: Iterable[float], outcomes: Iterable[Any], *, lang: str = "en", note: str = ""
) -> Figure:
    """Share of right pairs against stated probability in ten bins of equal width, with 95% Wilson intervals.

    ``probabilities`` from 0 to 1; ``outcomes`` true for right pairs, in the same order. Raises ValueError where their
    numbers differ or a probability lies outside 0 to 1.
    """
    columns = ("low", "high", "pairs", "mean_probability", "share_right", "wilson_low", "wilson_high")
    pairs = list(zip(map(float, probabilities), map(bool, outcomes), strict=True))
    if any(not 0 <= p <= 1 for p, _ in pairs):
        raise ValueError("probabilities must lie between 0 and 1")
    sheet = Sheet(lang, word("figure", "reliability_title", lang), word("figure", "reliability_how", lang), 5.2)
    if not pairs:
        return sheet.empty(columns, [note])
    data = _binned(pairs)
    error = sum(r["pairs"] * abs(r["mean_probability"] - r["share_right"]) for r in data) / len(pairs)
    brier = sum((p - right) ** 2 for p, right in pairs) / len(pairs)
    _curve(sheet, data)
    scores = {"ece": number(error, lang, 3), "brier": number(brier, lang, 3), "n": number(len(pairs), lang)}
    rounded = [{k: round(v, 4) for k, v in r.items()} for r in data]
    return sheet.finish(rounded, columns, [word("figure", "reliability_scores", lang, **scores), note])


def _binned(pairs: Sequence[tuple[float, bool]]) -> list[Row]:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, right in pairs:
        bins.setdefault(min(int(p * _BINS), _BINS - 1), []).append((p, right))
    data = []
    for i in sorted(bins):
        n, hits = len(bins[i]), sum(right for _, right in bins[i])
        low, high = wilson(hits, n)
        mean = sum(p for p, _ in bins[i]) / n
        data.append({"low": i / _BINS, "high": (i + 1) / _BINS, "pairs": n, "mean_probability": mean,
                     "share_right": hits / n, "wilson_low": low, "wilson_high": high})  # fmt: skip
    return data


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson 1927), each end from 0 to 1."""
    p, z = hits / n, _Z
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half if hits else 0.0, middle + half if hits < n else 1.0


def _curve(sheet: Sheet, data: list[Row]) -> None:
    from matplotlib.ticker import FuncFormatter

    lang, side = sheet.lang, 4.0
    left = MARGIN + 0.75
    sheet.y += 0.05
    ax = sheet.axes(left, side, side)
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    x = [r["mean_probability"] for r in data]
    ax.vlines(x, [r["wilson_low"] for r in data], [r["wilson_high"] for r in data], color=LEFT, linewidth=1.2)
    ax.plot(x, [r["share_right"] for r in data], color=LEFT, linewidth=1.2, marker="o", markersize=5, clip_on=False)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.grid()
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.set_xticks([])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number(v, lang)))
    sheet.text(
        word("figure", "reliability_y", lang),
        MARGIN + 0.05,
        sheet.y + side / 2,
        8,
        rotation=90,
        color=MUTED,
        va="center",
    )
    sheet.y += side + 0.12
    bars = sheet.axes(left, side, 0.75)
    bars.bar([(r["low"] + r["high"]) / 2 for r in data], [r["pairs"] for r in data], width=0.09, color=RULE)
    bars.set_xlim(0, 1)
    bars.set_ylim(0, max(r["pairs"] for r in data) * 1.3)
    bars.set_yticks([])
    for r in data:
        bars.annotate(number(r["pairs"], lang), ((r["low"] + r["high"]) / 2, r["pairs"]), (0, 2), textcoords="offset points",
                      ha="center", va="bottom", fontsize=7, color=MUTED)  # fmt: skip
    bars.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    bars.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number(v, lang)))
    sheet.text(
        word("figure", "reliability_n", lang), left - 0.1, sheet.y + 0.4, 8, color=MUTED, ha="right", va="center"
    )
    sheet.y += 0.75 + 0.25
    sheet.text(word("figure", "reliability_x", lang), left + side / 2, sheet.y, 8, color=MUTED, ha="center", va="top")
    sheet.y += 0.18


@styled
def evidence_waterfall(evidence: Any, intercept: float | None = None, *, lang: str = "en", note: str = "") -> Figure:
    """From the starting point (``intercept``, in log-odds) through each piece of evidence to the probability.

    ``evidence``: a frame, rows or Evidence records with name, log_odds and, where there are any, words. The intercept
    is that of the row named "intercept" when none is given, else 0. Largest contributions first.
    """
    columns = ("name", "log_odds", "from", "to", "words")
    rows = [_piece(r) for r in _given(evidence)]
    start = intercept if intercept is not None else sum(r["log_odds"] for r in rows if r["name"] == "intercept")
    pieces = sorted((r for r in rows if r["name"] != "intercept"), key=lambda r: (-abs(r["log_odds"]), r["name"]))
    sheet = Sheet(lang, word("figure", "waterfall_title", lang), word("figure", "waterfall_how", lang))
    if not pieces:
        return sheet.empty(columns, [note])
    data: list[Row] = [{"name": "intercept", "log_odds": start, "from": 0.0, "to": start, "words": ""}]
    at = start
    for r in pieces:
        data.append({**r, "from": round(at, 6), "to": round(at + r["log_odds"], 6)})
        at += r["log_odds"]
    _waterfall(sheet, data, at)
    return sheet.finish(data, columns, [note])


def _given(evidence: Any) -> list[Row]:
    """Rows of a frame or of mappings, or the fields of Evidence records."""
    if hasattr(evidence, "to_dict") or isinstance(evidence, Mapping):
        return records(evidence)
    return [
        dict(e) if isinstance(e, Mapping) else {c: getattr(e, c) for c in ("name", "log_odds", "words")}
        for e in evidence
    ]


def _piece(r: Row) -> Row:
    words = r.get("words", "")
    return {
        "name": str(r["name"]),
        "log_odds": value(r, "log_odds") or 0.0,
        "words": words if isinstance(words, str) else "; ".join(words),
    }


def _waterfall(sheet: Sheet, data: list[Row], total: float) -> None:
    lang, left = sheet.lang, MARGIN + 2.5
    labels = [_named(r, lang) for r in data]
    tall = [max(0.3, height(label, 8) + 0.08) for label in labels] + [0.32]
    probability = 1 / (1 + math.exp(-max(-700.0, min(700.0, total))))
    ends = [v for r in data for v in (r["from"], r["to"])] + [total]
    low, high = min(*ends, 0), max(*ends, 0)
    reach = high - low or 1.0
    sheet.y += 0.3
    ax = sheet.axes(left, sheet.width - left - MARGIN - 0.1, sum(tall))
    ax.set_xlim(low - 0.17 * reach, high + 0.17 * reach)
    ax.set_ylim(sum(tall), 0)
    ax.set_yticks([])
    _scales(ax, lang)
    y = 0.0
    for n, (r, label, h) in enumerate(zip(data, labels, tall, strict=False)):
        colour = MUTED if n == 0 else LEFT if r["log_odds"] >= 0 else RIGHT
        ax.barh(y + h / 2, r["to"] - r["from"], left=r["from"], height=0.16, color=colour, linewidth=0)
        ax.vlines(r["to"], y + h / 2, y + h / 2 + (h + tall[n + 1]) / 2, color=MUTED, linewidth=0.7)
        outside = r["to"] >= r["from"]
        ax.annotate(_signed(r["log_odds"], lang) if n else _signed(r["log_odds"], lang).lstrip("+"), (r["to"], y + h / 2),
                    (4 if outside else -4, 0), textcoords="offset points", fontsize=7.5, color=ink(colour),
                    ha="left" if outside else "right", va="center_baseline")  # fmt: skip
        top = sheet.y + y + (h - height(label, 8)) / 2
        name, _, words = label.partition("\n")
        sheet.text(name, left - 0.12, top, 8, ha="right", va="top")
        sheet.text(words, left - 0.12, top + height("", 8), 7.5, ha="right", va="top", linespacing=1.2, color=MUTED)
        y += h
    ax.scatter([total], [y + tall[-1] / 2], s=38, color=INK, zorder=4, linewidths=0)
    text = f"{word('figure', 'waterfall_total', lang)} {_near(probability, lang)}"
    sheet.text(text, left - 0.12, sheet.y + y + tall[-1] / 2, 8.5, ha="right", va="center", weight="bold")
    sheet.y += sum(tall) + 0.25
    sheet.text(wrap(word("figure", "waterfall_axis", lang), 4.4, 7.5), left + (sheet.width - left - MARGIN) / 2, sheet.y, 7.5,
               color=MUTED, ha="center", va="top")  # fmt: skip
    sheet.y += 0.18


def _signed(odds: float, lang: str) -> str:
    """``+1.20`` or ``−1.20``; ``0`` for what changes nothing that two decimals would show."""
    text = number(odds, lang, 2).replace("-", "−")
    if not text.strip("0.,"):
        return "0"
    return text if text.startswith("−") else f"+{text}"


def _near(probability: float, lang: str) -> str:
    """Two decimals; what would round to 0 or 1 is neither, and says so."""
    if probability < 0.01:
        return f"< {number(0.01, lang)}"
    return f"> {number(0.99, lang)}" if probability > 0.99 else number(probability, lang, 2)


def _named(r: Row, lang: str) -> str:
    """The evidence's name and, under it, the words that it rests on."""
    name = value_name("evidence", r["name"], lang)
    words = r["words"]
    if r["name"] in _IDS and words:
        words = ", ".join(_IDS[r["name"]](w, lang) for w in words.split("; "))
    return f"{wrap(name, 2.4, 8, 1)}\n{wrap(words, 2.4, 7.5, 2)}" if words else wrap(name, 2.4, 8, 1)


def _scales(ax: Axes, lang: str) -> None:
    """Log-odds below, probabilities above."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.grid(axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number(v, lang).replace("-", "−")))
    low, high = ax.get_xlim()
    top = ax.secondary_xaxis("top")
    shown: list[float] = []
    for p in (0.5, 0.1, 0.9, 0.01, 0.99, 0.001, 0.999, 0.0001):
        x = math.log(p / (1 - p))
        if low < x < high and all(abs(x - math.log(q / (1 - q))) > 0.11 * (high - low) for q in shown):
            shown.append(p)
    top.set_xticks([math.log(p / (1 - p)) for p in shown], [number(p, lang) for p in shown])
    top.spines["top"].set_visible(False)
    top.tick_params(length=0)
