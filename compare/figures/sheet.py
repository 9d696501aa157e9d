"""The page that every figure is drawn on: title, how to read it, axes placed in inches, caption; words that fit.

Heights follow from what there is to show, so that no label meets another however many rows there are. matplotlib is
imported when the first figure is made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from compare.wording import plan_name, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from compare.figures.drawing import Drawing

# Okabe and Ito's colours, told apart by colour-blind readers; the left plan is blue, the right one vermilion.
LEFT, RIGHT = "#0072b2", "#d55e00"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#1b1f24")
INK, MUTED, RULE, GROUND = "#1b1f24", "#59616b", "#d5d9de", "#f2f4f6"
RAMP = ("#f2f6fa", "#c9dcec", "#8bb5d6", "#4887b8", "#1c5d91", "#0b3558")

WIDTH = 7.2  # inches: the text width of an A4 page
MARGIN = 0.12
_LINE = 1.3  # line height, in font sizes
_SPACE = re.compile(r"[^\S\xa0]+")
_CONTRAST = 4.5  # of text to its ground, as WCAG 2 asks for

P = ParamSpec("P")
R = TypeVar("R")
Row = dict[str, Any]


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Runs a drawing function in plandiff's style, whatever the user's settings are."""

    @wraps(draw)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        from compare.figures.drawing import style

        with style():
            return draw(*args, **kwargs)

    return inside


def records(given: Any, name: str = "") -> list[Row]:
    """Rows of a DataFrame, of rows, or of a sequence of frames or of plans that hold one as ``name``; NaN is empty."""
    if hasattr(given, "to_dict"):
        return [_plain(r) for r in given.to_dict("records")]
    if name and hasattr(given, name):
        return records(getattr(given, name))
    if isinstance(given, Mapping):
        return [_plain(given)]
    return [row for part in given for row in records(part, name)]


def _plain(row: Mapping[Any, Any]) -> Row:
    # NaN alone differs from itself
    return {str(k): "" if v is None or (isinstance(v, float) and v != v) else v for k, v in row.items()}


def value(row: Row, column: str) -> float | None:
    """A number of a row; None where the cell is empty."""
    cell = row.get(column, "")
    return None if cell == "" else float(cell)


@lru_cache(maxsize=4)
def _face(bold: bool) -> tuple[Any, Any]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    face = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    return face, face.get_charmap()


@lru_cache(maxsize=8192)
def _advance(character: str, bold: bool) -> float:
    """The width of a character in font sizes."""
    from matplotlib.ft2font import LoadFlags

    face, _ = _face(bold)
    face.set_size(100, 72)
    return float(face.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


def measure(text: str, size: float, bold: bool = False) -> float:
    """The width of one line in inches, a little generous: renderers round each glyph up."""
    return sum(_advance(c, bold) for c in text) * size / 72 * 1.02 + 0.01


def clean(text: str) -> str:
    """Text that the font can draw: composed, on one line, unknown characters replaced."""
    _, charmap = _face(False)
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", str(text))).strip()
    return "".join(c if ord(c) in charmap and unicodedata.category(c)[0] != "C" else "\ufffd" for c in text)


def wrap(text: str, width: float, size: float, lines: int = 0, bold: bool = False) -> str:
    """Breaks text into lines of at most ``width`` inches; a no-break space holds.

    With ``lines`` the lines are about equally long, and the last one ends in an ellipsis if cut.
    """
    text = clean(text)
    result = _broken(text, width, size, bold)
    if not lines or len(result) == 1:
        return "\n".join(result)
    if len(result) > lines:
        return "\n".join([*result[: lines - 1], _cut(" ".join(result[lines - 1 :]), width, size, bold)])
    narrow, wide = max(measure(text, size, bold) / len(result), 0.1), width
    for _ in range(6):  # halves the doubt each time: to a sixty-fourth of the width
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if len(_broken(text, middle, size, bold)) <= len(result) else (middle, wide)
    return "\n".join(_broken(text, wide, size, bold))


def _broken(text: str, width: float, size: float, bold: bool) -> list[str]:
    """The lines of a text, each as full as it gets."""
    result: list[str] = []
    current = ""
    for piece in _pieces(text, width, size, bold):
        longer = f"{current} {piece}" if current else piece
        if current and measure(longer, size, bold) > width:
            result.append(current)
            current = piece
        else:
            current = longer
    result.append(current)
    return result


def _pieces(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    """Words; a word wider than a line is broken."""
    for piece in text.split(" "):
        while measure(piece, size, bold) > width and len(piece) > 1:
            n = max(1, next(i for i in range(1, len(piece) + 1) if measure(piece[:i], size, bold) > width) - 1)
            yield piece[:n]
            piece = piece[n:]
        yield piece


def _cut(text: str, width: float, size: float, bold: bool) -> str:
    while text and measure(f"{text}…", size, bold) > width:
        text = text[:-1]
    return f"{text.rstrip(' ,;.')}…"


def height(text: str, size: float) -> float:
    """The height of wrapped text in inches."""
    return (text.count("\n") + 1) * size * _LINE / 72


def spread(wanted: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Places for labels of the given heights: each near where it is wanted, none over another, order kept.

    Least squares by pooling neighbours. ``wanted`` ascends; where there is too little room from ``low`` to ``high``
    the labels reach beyond ``high``.
    """
    blocks: list[tuple[float, float, int]] = []  # sum of offsets, weight, members
    ahead, offsets = 0.0, []
    for at, gap in zip(wanted, gaps, strict=True):
        offset = ahead + gap / 2
        offsets.append(offset)
        blocks.append((at - offset, 1.0, 1))
        ahead += gap
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            (a, n, i), (b, m, j) = blocks[-2:]
            blocks[-2:] = [(a + b, n + m, i + j)]
    starts = [total / n for total, n, members in blocks for _ in range(members)]
    top = max(low, high - ahead)
    return [min(max(s, low), top) + offset for s, offset in zip(starts, offsets, strict=True)]


class Sheet:
    """A figure under construction. Places are in inches from the left and from the top; ``y`` is where the next
    part begins."""

    def __init__(self, lang: str, title: str, how: str = "", width: float = WIDTH) -> None:
        from compare.figures.drawing import Drawing

        self.lang, self.width = lang, width
        self.figure = Drawing(figsize=(width, 1.0))
        self.figure.title_text = clean(title)
        self._texts: list[tuple[Any, float, float]] = []
        self._axes: list[tuple[Axes, float, float, float, float]] = []
        self.y = MARGIN
        self.paragraph(title, 12, weight="bold")
        if how:
            self.y += 0.03
            self.paragraph(how, 8.5, color=MUTED)
        self.y += 0.14

    def paragraph(self, text: str, size: float, x: float = MARGIN, width: float = 0, **kwargs: Any) -> None:
        """Wrapped text at ``y``, which moves below it."""
        wide = width or self.width - x - MARGIN
        lines = wrap(text, wide, size, bold=kwargs.get("weight") == "bold")
        self.text(lines, x, self.y, size, va="top", linespacing=1.2, **kwargs)
        self.y += height(lines, size)

    def text(self, text: str, x: float, y: float, size: float, **kwargs: Any) -> None:
        """Text at a place; wrapped already."""
        self._texts.append((self.figure.text(0, 0, text, fontsize=size, **kwargs), x, y))

    def axes(self, left: float, width: float, tall: float, top: float | None = None, **kwargs: Any) -> Axes:
        """Axes at ``top`` (default: ``y``). Does not move ``y``."""
        ax = self.figure.add_axes((0.0, 0.0, 0.1, 0.1), label=str(len(self._axes)), **kwargs)
        for side in ax.spines.values():
            side.set_visible(False)
        ax.tick_params(length=0)
        self._axes.append((ax, left, self.y if top is None else top, width, tall))
        return ax

    def legend(self, entries: Iterable[tuple[str, str, str]], x: float = MARGIN) -> None:
        """Marks (a character in a colour) with names, in rows; ``y`` moves below them."""
        at = x
        for mark, colour, name in entries:
            name = wrap(name, self.width - x - MARGIN - 0.2, 8.5, lines=1)
            wide = 0.17 + measure(name, 8.5) + 0.22
            if at > x and at + wide > self.width - MARGIN:
                at, self.y = x, self.y + 0.19
            self.text(mark, at, self.y, 9, color=colour, va="center", weight="bold")
            self.text(name, at + 0.16, self.y, 8.5, va="center")
            at += wide
        self.y += 0.2

    def finish(self, data: Sequence[Row], columns: Sequence[str], notes: Iterable[str] = ()) -> Drawing:
        """Adds the caption, fixes the height, places everything."""
        caption = [n for n in notes if n]
        if caption:
            self.y += 0.1
            for n in caption:
                self.paragraph(n, 7.5, color=MUTED)
        tall = self.y + MARGIN
        self.figure.set_size_inches(self.width, tall)
        for text, x, y in self._texts:
            text.set_position((x / self.width, 1 - y / tall))
        for ax, left, top, wide, high in self._axes:
            ax.set_position((left / self.width, 1 - (top + high) / tall, wide / self.width, high / tall))
        self.figure.data, self.figure.columns = [dict(r) for r in data], list(columns)
        return self.figure

    def empty(self, columns: Sequence[str], notes: Iterable[str] = ()) -> Figure:
        """A figure that says that there is nothing to draw."""
        self.paragraph(word("figure", "empty", self.lang), 9, color=INK)
        return self.finish([], columns, notes)


def ramp() -> Any:
    """Light to dark blue; lightness alone tells the order."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("plandiff", RAMP)


def on(colour: Any) -> str:
    """Black or white, whichever reads better on a colour (relative luminance); at least 4.5 to 1."""
    return "white" if _light(colour) < 0.179 else "black"


def _light(colour: Any) -> float:
    """The relative luminance of a colour, 0 to 1."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=64)
def ink(colour: str) -> str:
    """A colour as dark as text on white has to be (4.5 to 1), of the same hue."""
    from matplotlib.colors import to_hex, to_rgb

    dark = to_rgb(colour)
    while 1.05 / (_light(dark) + 0.05) < _CONTRAST:
        dark = (dark[0] * 0.97, dark[1] * 0.97, dark[2] * 0.97)
    return str(to_hex(dark))


def plan_head(plan_id: str, lang: str) -> str:
    """A plan's name for a wrapped label: its kind and number ("QĐ 161") stay on one line."""
    place, comma, document = plan_name(plan_id, lang).rpartition(", ")
    return place + comma + document.replace(" ", "\xa0") if comma else document
