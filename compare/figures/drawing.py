"""A matplotlib Figure that knows the data behind it and looks the same whatever the user's matplotlibrc says."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

INK, MUTED, RULE, GROUND = "#1b1f24", "#59616b", "#d5d9de", "#f2f4f6"

# text.parse_math: a price in a plan is no formula. svg.hashsalt: ids in SVG do not change from run to run.
_STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 8,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 8,
    "grid.color": "#e6e9ec",
    "grid.linewidth": 0.7,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 100,
    "svg.hashsalt": "plandiff",
    "svg.fonttype": "path",
    "pdf.fonttype": 3,
}


@contextmanager
def style() -> Iterator[None]:
    """matplotlib's own defaults with plandiff's on top, for as long as a figure is made or written."""
    settings: Any = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith("backend")} | _STYLE
    with mpl.rc_context(settings):
        yield


class Drawing(Figure):
    """A figure with ``data`` (rows, the numbers that are drawn), ``columns`` (their order) and ``title_text``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data: list[dict[str, Any]] = []
        self.columns: Sequence[str] = ()
        self.title_text = ""

    def savefig(self, fname: Any, **kwargs: Any) -> None:
        """As matplotlib does it, in plandiff's style."""
        with style():
            super().savefig(fname, **kwargs)

    def _repr_png_(self) -> bytes:
        """For notebooks, where a figure made without pyplot would otherwise show as a line of text."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
        return buffer.getvalue()
