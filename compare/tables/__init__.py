"""Tables for people and programs: terminal, CSV, JSON, Markdown, LaTeX, HTML and a workbook."""

from __future__ import annotations

from collections.abc import Callable

from compare.tables.files import write
from compare.tables.html import as_html
from compare.tables.incoming import read_workbook
from compare.tables.latex import as_latex
from compare.tables.readers import for_readers
from compare.tables.spreadsheet import workbook
from compare.tables.table import Table, check_language
from compare.tables.terminal import for_reading, print_table
from compare.tables.text import as_csv, as_json, as_markdown

__all__ = ["FORMATS", "Table", "for_reading", "print_table", "read_workbook", "render", "workbook", "write"]

FORMATS: dict[str, Callable[[Table, str], str]] = {
    "csv": as_csv,
    "json": as_json,
    "md": as_markdown,
    "latex": as_latex,
    "html": as_html,
}

_RAW = ("csv", "json")


def render(table: Table, format: str, lang: str = "en") -> str:
    """The table as text: csv and json with raw names and values, md, latex and html with headings, names and
    numbers in ``lang`` (vi, en). Raises ValueError for another format or language.

    >>> print(render(Table("themes", ("kind", "start"), ({"kind": "motto", "start": 1511},)), "md", "vi"), end="")
    | Loại | Từ ký tự |
    | --- | ---: |
    | phương châm | 1511 |
    """
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}: use one of {', '.join(FORMATS)}")
    return FORMATS[format](table if format in _RAW else for_readers(table, check_language(lang)), check_language(lang))
