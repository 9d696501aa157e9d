"""What people see in a notebook: tables with headings that have their scope, cells escaped, long texts folded and a hint
at the next call; how far a long job is, there and on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from compare import frames
from compare.normalise import squeeze

if TYPE_CHECKING:
    import pandas as pd

# What a reviewer needs to judge a pair, and the cells to fill in.
QUEUE = ["left_id", "right_id", "left_text", "right_text", "probability", "decision", "relation", "reviewer", "date", "note"]  # fmt: skip
_LONG = 90  # characters; a longer cell is folded
_BAR = 24  # characters of a bar on a terminal
_PAUSE = 0.1  # seconds between two drawings of a bar

T = TypeVar("T")

# What to do with a table, by its columns.
_NEXT = (
    (frames.TASKS, "next: plan.context(task_id), figures.theme_heatmap(plan), figures.deadline_calendar(plan)"),
    (frames.ASSIGNMENTS, "next: figures.agency_load(plan)"),
    (frames.TARGETS, "next: plan.context(target_id), figures.target_slopes(plan)"),
    (frames.ALIGNMENT, "next: pairs.explain(left_id, right_id), figures.alignment_matrix(pairs.frame)"),
    (frames.THEMES_DIFF, "next: figures.theme_bars(this)"),
    (frames.TARGETS_DIFF, "next: figures.target_dumbbells(this)"),
    (frames.TASKS_DIFF, "next: pairs.explain(left_id, right_id)"),
    (frames.GAPS, "next: plan.context(task_id), figures.gap_matrix(this)"),
    (QUEUE, "next: pairs.decide(left_id, right_id, 'accepted' or 'rejected', reviewer=...), pairs.apply(decisions)"),
    (["name", "value", "log_odds", "words"], "next: figures.evidence_waterfall(this)"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame as a table to read; what ``show`` gives."""

    frame: pd.DataFrame
    caption: str
    total: int
    hint: str

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.frame.to_string(index=False)}".lstrip()

    def _repr_html_(self) -> str:
        told = f"{len(self.frame)} of {self.total} rows" if len(self.frame) < self.total else ""
        caption = f"{self.caption} ({told})" if self.caption and told else self.caption or told
        if self.frame.empty:
            return f"<p>{escape(caption)}{': ' if caption else ''}no rows</p>{hinted(self.hint)}"
        rows = self.frame.itertuples(index=False, name=None)
        return table(caption, [str(c) for c in self.frame.columns], rows) + hinted(self.hint)


def show(frame: pd.DataFrame, columns: Sequence[str] = (), rows: int | None = 20, caption: str = "") -> Shown:
    """A frame as an accessible table: headings with their scope, cells escaped, long texts folded.

    ``columns``: which ones, in this order (default all); ``rows``: how many from the top, None for all. For the
    documented tables a line says what to call next. Raises KeyError for a column that the frame lacks.
    """
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise KeyError(f"no column {missing[0]}; there are {', '.join(map(str, frame.columns))}")
    hint = next((said for known, said in _NEXT if list(frame.columns) == known), "")
    part = frame if rows is None else frame.head(rows)
    return Shown(part[list(columns)] if columns else part, caption, len(frame), hint)


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame, which a notebook shows as ``show`` does; what is selected from it is a plain DataFrame."""
    return _frame_class()(frame)


@lru_cache(maxsize=1)
def _frame_class() -> type[pd.DataFrame]:
    """Made when the first frame is: the command line starts without pandas."""
    import pandas as pd

    class Frame(pd.DataFrame):
        """A documented table."""

        @property
        def _constructor(self) -> Any:
            return pd.DataFrame

        def _repr_html_(self) -> str:
            return show(self)._repr_html_()

    Frame.__qualname__ = "Frame"  # found by this name when it is unpickled
    return Frame


def __getattr__(name: str) -> Any:
    if name == "Frame":
        return _frame_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as an HTML table that scrolls by itself; each row's first cell is its heading."""
    left = 'style="text-align:left;vertical-align:top;padding:.2em .6em"'
    head = "".join(f'<th scope="col" {left}>{escape(h)}</th>' for h in heads)
    body = "".join(
        f'<tr><th scope="row" {left}>{_cell(row[0])}</th>'
        + "".join(f"<td {left}>{_cell(v)}</td>" for v in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div style="overflow-x:auto" tabindex="0" role="region" aria-label="{escape(caption or "table")}"><table>'
        + (f"<caption><b>{escape(caption)}</b></caption>" if caption else "")
        + (f"<thead><tr>{head}</tr></thead>" if heads else "")
        + f"<tbody>{body}</tbody></table></div>"
    )


def _cell(value: Any) -> str:
    """A cell's markup: empty for NaN, four digits after the point, a web address as a link, a long text folded."""
    if value is None or value != value:  # NaN alone differs from itself
        return ""
    if isinstance(value, float):
        return f"{round(value, 4):.10g}"
    text = squeeze(str(value))
    if text.startswith(("https://", "http://")) and " " not in text:
        return f'<a href="{escape(text)}" rel="noopener">{escape(text)}</a>'
    if len(text) <= _LONG:
        return escape(text)
    opening = text[:_LONG].rsplit(" ", 1)[0]
    return folded(f"{opening} …", escape(text))


def folded(summary: str, markup: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{markup}</details>" if markup else ""


def hinted(hint: str) -> str:
    return f"<small>{escape(hint)}</small>" if hint else ""


class Progress:
    """How far a long job is: a bar in a notebook or, on stderr, on a terminal; nothing where output goes elsewhere.

    Called with how many are done and how many there are, as ``read_corpus`` and ``matrix`` call their ``progress``;
    ``over`` counts what is taken out of a collection. The terminal's bar vanishes when all is done, or at the end of a
    ``with`` block.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self._shell: Any = _notebook()
        self._terminal = self._shell is None and sys.stderr is not None and sys.stderr.isatty()
        self._handle: Any = None
        self._drawn = float("-inf")

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._drawn < _PAUSE and done < total:
            return
        self._drawn = now
        if self._shell is not None:
            self._in_notebook(done, total)
        elif self._terminal and done < total:
            filled = "#" * (_BAR * done // total)
            sys.stderr.write(f"\r{self.label} [{filled:.<{_BAR}}] {done} of {total}\x1b[K")
            sys.stderr.flush()
        elif self._terminal:
            self._clear()

    def over(self, items: Collection[T]) -> Iterator[T]:
        """The items, each counted as done when the next one is asked for."""
        for done, item in enumerate(items):
            self(done, len(items))
            yield item
        self(len(items), len(items))

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *problem: object) -> None:
        if self._terminal:
            self._clear()

    def _clear(self) -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    def _in_notebook(self, done: int, total: int) -> None:
        said = escape(f"{done} of {total}")
        bar = f'<progress value="{done}" max="{max(total, 1)}">{said}</progress>'
        shown = self._shell.HTML(f"<label>{escape(self.label)} {bar} {said}</label>")
        if self._handle is None:
            self._handle = self._shell.display(shown, display_id=True)
        else:
            self._handle.update(shown)


def _notebook() -> Any:
    """IPython's ``display`` module in a notebook, else None; what does not run in IPython does not import it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython import display

    return display
