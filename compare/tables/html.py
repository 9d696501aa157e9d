"""Tables as HTML: a fragment that stands alone when wrapped, with caption and scopes for screen readers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from compare.tables.cells import clipped, is_number, is_numeric, one_line, shown
from compare.tables.headings import explanation, heading, table_heading, word
from compare.tables.table import Table

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLD = 160  # characters that a cell shows before it folds


class _Head(NamedTuple):
    column: str
    text: str
    explanation: str
    numeric: bool


class _Shown(NamedTuple):
    text: str
    rest: str
    numeric: bool
    names_row: bool


def as_html(table: Table, lang: str = "en") -> str:
    """A ``<figure>`` with the table, its caption and note; a text of more than 160 characters folds after its
    beginning. Headings carry their explanation as a tooltip and the contract name in ``data-column``."""
    heads = [
        _Head(c, heading(table.name, c, lang), explanation(table.name, c, lang), is_numeric(table, c))
        for c in table.columns
    ]
    namer = naming_column(table)
    return (
        _environment()
        .get_template("table.html.j2")
        .render(
            name=table.name,
            lang=lang,
            title=one_line(table.title) or table_heading(table.name, lang),
            note=one_line(table.note),
            heads=heads,
            rows=[_cells(table, row, namer, lang) for row in table.rows],
            empty=word("none", lang),
        )
    )


def naming_column(table: Table) -> str:
    """The column that names a row: the first id other than the plan's, else the first column."""
    ids = (c for c in table.columns if c.endswith("_id") and c != "plan_id")
    return next(ids, table.columns[0] if table.columns else "")


def _cells(table: Table, row: dict[str, Any], namer: str, lang: str) -> list[_Shown]:
    result = []
    for value, column in zip(table.cells(row), table.columns, strict=True):
        text, rest = clipped(shown(value, column, lang), _FOLD)
        result.append(_Shown(text, rest, is_number(value), column == namer and value != ""))
    return result


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("compare", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
