"""Tables as CSV, JSON and Markdown. CSV and JSON keep the contract: raw names, raw values, whatever the language."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from compare.frames import TRUTH
from compare.tables.cells import is_numeric, one_line, shown
from compare.tables.headings import heading
from compare.tables.table import Cell, Table


def as_csv(table: Table, lang: str = "en") -> str:
    """Header and rows with ``\\n`` line ends; truth values are ``true`` and ``false``, floats as Python writes them.

    >>> as_csv(Table("themes", ("kind", "start"), ({"kind": "motto, or so", "start": 7},)))
    'kind,start\\n"motto, or so",7\\n'
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    # Python 3.11 leaves a lone carriage return unquoted, and readers then take it for the end of the row.
    quoted = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    lines: list[list[Cell]] = [[*table.columns], *(table.cells(row) for row in table.rows)]
    for line in lines:
        texts = [_raw(value) for value in line]
        (quoted if any("\r" in text for text in texts) else writer).writerow(texts)
    return stream.getvalue()


def _raw(value: Cell) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def _plain(column: str, value: Cell) -> Cell | None:
    if column in TRUTH and value in ("true", "false"):
        return value == "true"
    return None if value == "" else value


def as_json(table: Table, lang: str = "en") -> str:
    """A list of objects in the order of the columns; empty cells are null, truth values true and false."""
    objects = [
        {column: _plain(column, value) for column, value in zip(table.columns, table.cells(row), strict=True)}
        for row in table.rows
    ]
    return json.dumps(objects, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


# What Markdown (CommonMark, GitHub's tables, strikethrough and formulas) would take for markup.
_MARKUP = str.maketrans({c: f"\\{c}" for c in "\\`*_[]|~$"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def as_markdown(table: Table, lang: str = "en") -> str:
    """A pipe table under its title in bold; the note stands below in italics."""
    heads = [escaped(heading(table.name, c, lang)) for c in table.columns]
    rule = ["---:" if is_numeric(table, c) else "---" for c in table.columns]
    lines = [_line(heads), _line(rule)]
    for row in table.rows:
        cells = zip(table.cells(row), table.columns, strict=True)
        lines.append(_line(escaped(shown(value, column, lang)) for value, column in cells))
    above = [f"**{escaped(table.title)}**", ""] if table.title.strip() else []
    below = ["", f"*{escaped(table.note)}*"] if table.note.strip() else []
    return "\n".join([*above, *lines, *below]) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """The text on one line with all of Markdown's markup made literal."""
    return one_line(text).translate(_MARKUP)
