"""Headings, explanations and the few words around tables, in both languages, from lexicons/headings.csv."""

from __future__ import annotations

from functools import lru_cache

from compare.lexicon import read_lexicon
from compare.tables.table import check_language

# Rows of headings.csv that are no table of the contract: names of tables, words around them, the workbook's own sheets.
TABLES, WORDS, COLUMNS, QUOTATIONS = "tables", "words", "columns", "quotations"


@lru_cache(maxsize=1)
def _rows() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["table"], row["column"]): row for row in read_lexicon("headings")}


@lru_cache(maxsize=1)
def _anywhere() -> dict[str, dict[str, str]]:
    """The first row of each column name, whichever table it is of."""
    found: dict[str, dict[str, str]] = {}
    for (table, column), row in _rows().items():
        if table not in (TABLES, WORDS):
            found.setdefault(column, row)
    return found


def documented() -> dict[str, tuple[str, ...]]:
    """The tables of the contract and their columns, in the lexicon's order."""
    names = [column for table, column in _rows() if table == TABLES]
    return {name: tuple(column for table, column in _rows() if table == name) for name in names}


def heading(table: str, column: str, lang: str) -> str:
    """What stands over a column.

    A column that the table's rows in the lexicon lack takes the heading that it has in another table, or its own
    name with spaces.
    """
    row = _rows().get((table, column)) or _anywhere().get(column)
    return row[check_language(lang)] if row else column.replace("_", " ")


def explanation(table: str, column: str, lang: str) -> str:
    """What a column holds, in one sentence; empty for a column that the lexicon does not explain for this table."""
    row = _rows().get((table, column))
    return row[f"explanation_{check_language(lang)}"] if row else ""


def table_heading(name: str, lang: str) -> str:
    """What a table is called: ``targets_diff`` is "Targets compared"; its name with spaces where it has no row."""
    row = _rows().get((TABLES, name))
    return row[check_language(lang)] if row else name.replace("_", " ")


def word(key: str, lang: str) -> str:
    """One of the words around tables: yes, no, none, more, cut, columns, quotations."""
    return _rows()[WORDS, key][check_language(lang)]
