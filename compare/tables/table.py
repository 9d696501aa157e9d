"""The table that every presentation takes, and what may stand in its cells."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any

Cell = str | int | float | bool

LANGUAGES = ("vi", "en")

_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under contract column names. ``name`` is the key of lexicons/headings.csv: ``tasks``, ``targets_diff``, ...

    Cells are plain: str, int, float, bool; ``""`` is empty; lists are joined with ``;`` before. A row may lack a column
    (the cell is empty) and may hold more than ``columns`` names (those are not shown). ``title`` stands above the
    table, ``note`` below it: which plans, which version, which threshold. ``plans``: the ids of the left and the right
    plan, where the rows compare two.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    title: str = ""
    note: str = ""
    plans: tuple[str, ...] = ()

    def cells(self, row: dict[str, Any]) -> list[Cell]:
        """The row's cells in the order of the columns."""
        return [plain(row.get(column, "")) for column in self.columns]

    def where(self, column: str, value: str) -> Table:
        """The rows whose cell in a column is, or as a list holds, a value."""
        kept = [r for r in self.rows if value in (str(r.get(column, "")), *str(r.get(column, "")).split(";"))]
        return replace(self, rows=tuple(kept))


def plain(value: Any) -> Cell:
    """A cell's value as str, int, float or bool; None, NaN and infinite numbers are empty.

    numpy's scalars become Python's; half of a surrogate pair, which no file can hold, becomes U+FFFD.
    """
    if not isinstance(value, (str, int, float)) and hasattr(value, "item"):
        value = value.item()
    if value is None:
        return ""
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else ""
    return _SURROGATE.sub("\ufffd", str(value))


def check_language(lang: str) -> str:
    """``lang`` itself. Raises ValueError for a language without headings."""
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}: use one of {', '.join(LANGUAGES)}")
    return lang
