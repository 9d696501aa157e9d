"""Cells as people read them: one line, no control characters, numbers as the language writes them."""

from __future__ import annotations

import re
from typing import TypeGuard

from compare.tables.headings import word
from compare.tables.table import Cell, Table, plain

# Fixed decimals make a column of measures comparable at a glance; other numbers show the decimals that they have.
_DECIMALS = {
    **dict.fromkeys(("score", "probability", "log_odds", "z"), 2),
    **dict.fromkeys(("text_similarity", "term_similarity"), 2),
    **dict.fromkeys(("sector_match", "agency_match", "reference_match", "number_match", "place_match"), 2),
    **dict.fromkeys(("coverage", "left_share", "right_share", "share_difference", "ratio"), 3),
}
_MOST_DECIMALS = 6
# Whole numbers that name or place something and count nothing: no thousands separators.
_UNGROUPED = {"year", "start", "end", "level", "first_year", "last_year", "from_year", "to_year", "last_seen"}
# Controls break files and terminals; marks of writing direction let a text show in another order than it is read.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_SWAP = str.maketrans(",.", ".,")


def one_line(text: str) -> str:
    """The text on one line: the line ends of the source are layout, not words."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def is_number(value: Cell) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_numeric(table: Table, column: str) -> bool:
    """Whether the column holds numbers and nothing else (empty cells aside)."""
    found = [value for row in table.rows if (value := plain(row.get(column, ""))) != ""]
    return bool(found) and all(is_number(value) for value in found)


def grouped(column: str) -> bool:
    """Whether the column's whole numbers take thousands separators."""
    return column not in _UNGROUPED and not column.endswith(("_start", "_end"))


def decimals(value: float, column: str) -> int:
    """How many decimals a number shows: those of its column, else the fewest (at most 6) that give it back."""
    if column in _DECIMALS:
        return _DECIMALS[column]
    if isinstance(value, int):
        return 0
    digits = f"{value:.{_MOST_DECIMALS}f}".rstrip("0")
    return len(digits) - digits.index(".") - 1


def number(value: float, column: str, lang: str) -> str:
    """``1,234.5`` in English, ``1.234,5`` in Vietnamese.

    >>> number(1234.5, "value", "vi")
    '1.234,5'
    """
    places = decimals(value, column)
    if column not in _DECIMALS and value and abs(value) < 0.5 * 10**-_MOST_DECIMALS:
        text = f"{value:.3g}"  # too small for decimals: 1e-09 must not read as nothing
    else:
        text = f"{value:{',' if grouped(column) else ''}.{places}f}" if places else _whole(value, column)
    if not text.strip("-0.,"):
        text = text.lstrip("-")  # no minus zero
    return text.translate(_SWAP) if lang == "vi" else text


def _whole(value: float, column: str) -> str:
    """Exact for integers of any size; floats are rounded."""
    form = "," if grouped(column) else ""
    return f"{value:{form}}" if isinstance(value, int) else f"{value:{form}.0f}"


def shown(value: Cell, column: str, lang: str) -> str:
    """A cell as it is read: yes or no, a number in the language, or a text on one line."""
    if value is True or value == "true":
        return word("yes", lang)
    if value is False or value == "false":
        return word("no", lang)
    if isinstance(value, str):
        return one_line(value)
    return number(value, column, lang)


def clipped(text: str, most: int) -> tuple[str, str]:
    """The beginning of a text, cut at a space, and the rest (empty where the text fits)."""
    if len(text) <= most:
        return text, ""
    cut = text.rfind(" ", most // 2, most + 1)
    cut = cut if cut > 0 else most
    return text[:cut], text[cut:].lstrip(" ")
