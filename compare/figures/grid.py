"""A table of coloured cells with wrapped row labels and column heads that never meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compare.figures.sheet import GROUND, MARGIN, WIDTH, Sheet, height, measure, on, ramp, wrap

_LABELS = 2.3  # inches for row labels
_FLAT = 0.85  # a column this wide has its head written level
_WIDEST = 2.25  # inches for a column where there are few
_NARROWEST = 0.18  # inches for a column where there are many: an upright head, two digits
_DECIMAL = 0.3  # inches: narrower columns have no room for decimals


def grid(
    sheet: Sheet,
    rows: Sequence[str],
    heads: Sequence[str],
    cells: Sequence[Sequence[float]],
    shown: Callable[[float], str],
    level: bool = False,
    root: bool = False,
    top: float = 0.0,
) -> None:
    """Draws ``cells`` (rows × heads); a zero cell is left blank. ``level``: short heads that need no turning. ``root``:
    colours by the square root, for counts that differ by orders of magnitude. ``top``: the darkest value, where other cells than these share the scale."""
    from matplotlib.colors import PowerNorm
    from matplotlib.patches import Rectangle

    left = MARGIN + _LABELS + 0.1
    wide = column_width(sheet, len(heads))
    _heads(sheet, heads, left, wide, level)
    labels = ["\n".join(wrap(part, _LABELS, 8, 2) for part in r.split("\n")) for r in rows]
    tall = [max(0.23, height(label, 8) + 0.06) for label in labels]
    ax = sheet.axes(left, wide * len(heads), sum(tall))
    ax.set_xlim(0, wide * len(heads))
    ax.set_ylim(sum(tall), 0)
    ax.set_xticks([])
    ax.set_yticks([])
    most = top or max((v for row in cells for v in row), default=1) or 1
    colours, scale = ramp(), PowerNorm(0.5 if root else 1.0, 0, most)
    y = 0.0
    for label, h, row in zip(labels, tall, cells, strict=True):
        sheet.text(label, left - 0.1, sheet.y + y + h / 2, 8, ha="right", va="center", linespacing=1.2)
        for j, v in enumerate(row):
            colour = colours(scale(v)) if v else GROUND
            ax.add_patch(
                Rectangle((j * wide + 0.012, y + 0.012), wide - 0.024, h - 0.024, facecolor=colour, linewidth=0)
            )
            text = shown(v) if v else ""
            if text and measure(text, 7.5) < wide - 0.03:
                ax.text(
                    (j + 0.5) * wide, y + h / 2, text, fontsize=7.5, color=on(colour), ha="center", va="center_baseline"
                )
        y += h
    sheet.y += y


def page_width(columns: int) -> float:
    """The page's width in inches: wider than a page only where that many columns need it."""
    return max(WIDTH, 2 * MARGIN + _LABELS + 0.1 + _NARROWEST * columns)


def column_width(sheet: Sheet, columns: int) -> float:
    """Inches for each of that many columns."""
    return min(_WIDEST, (sheet.width - 2 * MARGIN - _LABELS - 0.1) / columns)


def roomy(sheet: Sheet, columns: int) -> bool:
    """Whether columns have room for decimals."""
    return column_width(sheet, columns) >= _DECIMAL


def _heads(sheet: Sheet, heads: Sequence[str], left: float, wide: float, level: bool) -> None:
    """Column heads: level and wrapped where columns are wide, else upright."""
    if level or wide >= _FLAT:
        wrapped = ["\n".join(wrap(part, wide - 0.06, 7.5, 3) for part in h.split("\n")) for h in heads]
        sheet.y += max(height(w, 7.5) for w in wrapped)
        for j, w in enumerate(wrapped):
            # the last lines share their baseline, whether letters reach below it or not
            for up, line in enumerate(reversed(w.split("\n"))):
                y = sheet.y - 0.03 - up * height("", 7.5)
                sheet.text(line, left + (j + 0.5) * wide, y, 7.5, ha="center", va="baseline")
    else:
        room = max(1, min(2, int(wide / 0.145)))  # lines that a column has room for
        wrapped = ["\n".join(wrap(part, 1.9, 7.5, 1) for part in h.split("\n")[:room]) for h in heads]
        sheet.y += max(measure(line, 7.5) for w in wrapped for line in w.split("\n"))
        for j, w in enumerate(wrapped):
            x = left + (j + 0.5) * wide
            sheet.text(
                w, x, sheet.y, 7.5, ha="center", va="bottom", rotation=90, rotation_mode="default", linespacing=1.2
            )
    sheet.y += 0.06
