"""Tables as an XLSX workbook: every column explained, every row linked to the words that it was read from.

The same tables give the same bytes: nothing in the file tells when it was made.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from compare.errors import OutputError
from compare.tables.cells import decimals, grouped, is_number, number, one_line, shown
from compare.tables.headings import COLUMNS, QUOTATIONS, explanation, heading, table_heading, word
from compare.tables.quotations import Quotation, Quotations
from compare.tables.table import Cell, Table, check_language, plain

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.workbook import Workbook

# What a spreadsheet holds: UTF-16 units in a cell, rows in a sheet, links in a sheet, characters in a sheet's name.
MOST_CHARACTERS, MOST_ROWS, MOST_LINKS, MOST_NAME = 32_767, 1_048_576, 65_530, 31
_NARROW, _WIDE = 9, 60  # widths of columns, in characters
_LINE, _MOST_LINES = 15.0, 12  # a row's height: points a line, lines at most
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP entry can bear
_MADE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
# Characters that XML cannot hold; the line end and the tab stay.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a spreadsheet would read _x0041_ as A


def workbook(tables: Sequence[Table], texts: Mapping[str, str], lang: str = "en") -> bytes:
    """The bytes of an XLSX file: a sheet that explains the columns, one sheet a table, one with the quotations.

    ``texts`` are the plans' full texts by plan_id. Rows link to their quotation where the text is at hand: a row with
    plan_id, start and end to its own span; left_id, right_id, counterpart_id and the like to the span of that task, target
    or theme, which a table of the workbook holds or the row itself (left_start, left_end). Cells are cut, with a mark, at what a spreadsheet allows; links end
    after 65,530 in a sheet. Raises OutputError where a table has more rows than a sheet.
    """
    from openpyxl import Workbook

    check_language(lang)
    book = Workbook(write_only=True)
    book.properties.creator = "plandiff"
    headings = [word("columns", lang), *(table_heading(t.name, lang) for t in tables), word("quotations", lang)]
    names = sheet_names(headings)
    quotations = Quotations(tables, texts)
    _write_sheet(book, names[0], _columns(tables, names[1:-1], lang), lang)
    for name, table in zip(names[1:-1], tables, strict=True):
        _write_sheet(book, name, table, lang, _Links(names[-1], quotations))
    _write_sheet(book, names[-1], quotations.table(), lang)
    stream = io.BytesIO()
    book.save(stream)
    return _timeless(stream.getvalue())


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Valid names, unique without regard to case: at most 31 characters, none of ``[]:*?/\\``, no outer apostrophe."""
    names: list[str] = []
    taken = {"history"}  # Excel keeps this name for itself
    for name in wanted:
        base = _FORBIDDEN.sub(" ", one_line(name)).strip(" '") or "-"
        for n in count(1):
            tail = f" ({n})" if n > 1 else ""
            candidate = _units(base, MOST_NAME - len(tail)).rstrip(" '") + tail
            if candidate.lower() not in taken:
                break
        taken.add(candidate.lower())
        names.append(candidate)
    return names


def _columns(tables: Sequence[Table], names: Sequence[str], lang: str) -> Table:
    """The first sheet: what each column of each sheet holds."""
    rows = [
        {"sheet": name, "column": c, "heading": heading(t.name, c, lang), "explanation": explanation(t.name, c, lang)}
        for name, t in zip(names, tables, strict=True)
        for c in t.columns
    ]
    return Table(COLUMNS, ("sheet", "column", "heading", "explanation"), tuple(rows))


class _Links:
    """Places links to the quotations' sheet, until the sheet holds as many as it can."""

    def __init__(self, sheet: str, quotations: Quotations) -> None:
        self._sheet = sheet.replace("'", "''")
        self._quotations = quotations
        self._left = MOST_LINKS

    def of(self, table: Table, row: dict[str, Any]) -> dict[str, str]:
        """Column -> place of the quotation."""
        found = self._quotations.of(table, row)
        found = dict(list(found.items())[: self._left])
        self._left -= len(found)
        return {column: f"'{self._sheet}'!A{self._row(quotation)}" for column, quotation in found.items()}

    def _row(self, quotation: Quotation) -> int:
        return self._quotations.position(quotation) + 2  # below the header


def _write_sheet(book: Workbook, name: str, table: Table, lang: str, links: _Links | None = None) -> None:
    above = [text for text in (one_line(table.title), one_line(table.note)) if text]
    head = len(above) + 1
    if head + len(table.rows) > MOST_ROWS:
        raise OutputError(
            f"sheet {name}: {len(table.rows):,} rows, a spreadsheet holds {MOST_ROWS:,}; write CSV or fewer plans"
        )
    sheet = book.create_sheet(name)
    widths = [_width(table, column, lang) for column in table.columns]
    _arrange(sheet, head, len(table.rows), widths)
    make = _Maker(sheet, lang, verbatim=table.name == QUOTATIONS)
    for n, text in enumerate(above):
        sheet.append([make.title(text, bold=n == 0 and bool(one_line(table.title)))])
    sheet.append([make.head(heading(table.name, c, lang)) for c in table.columns])
    for n, row in enumerate(table.rows, head + 1):
        targets = links.of(table, row) if links else {}
        cells = table.cells(row)
        sheet.row_dimensions[n].height = make.height(cells, widths)
        sheet.append([
            make.cell(value, column, targets.get(column, ""))
            for value, column in zip(cells, table.columns, strict=True)
        ])  # fmt: skip
    sheet.close()


def _arrange(sheet: Any, head: int, rows: int, widths: Sequence[float]) -> None:
    """Freezes and filters by the header, sets widths; on paper the sheet lies on its side, as wide as the page."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(max(1, len(widths)))}{head + rows}"
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.print_title_rows = f"{head}:{head}"


def _width(table: Table, column: str, lang: str) -> float:
    """As wide as the heading's words and the first thousand cells ask, between 9 and 60 characters."""
    cells = (shown(plain(row.get(column, "")), column, lang) for row in table.rows[:1000])
    longest_word = max(map(len, heading(table.name, column, lang).split()), default=0)
    return float(min(_WIDE, max(_NARROW, longest_word + 4, *(len(text) + 2 for text in cells), 0)))


class _Look(NamedTuple):
    """How a cell looks; ``quoted`` marks a text that begins like a formula."""

    bold: bool = False
    shaded: bool = False
    wrapped: bool = False
    linked: bool = False
    quoted: bool = False
    form: str = ""


class _Maker:
    """Makes a sheet's cells. ``verbatim`` keeps the lines of texts as they are."""

    def __init__(self, sheet: Any, lang: str, verbatim: bool) -> None:
        self._sheet, self._lang, self._verbatim = sheet, lang, verbatim
        self._models: dict[_Look, SheetCell] = {}

    def title(self, text: str, bold: bool) -> SheetCell:
        return self._text(text, _Look(bold=bold))

    def head(self, text: str) -> SheetCell:
        return self._text(text, _Look(bold=True, shaded=True, wrapped=True))

    def cell(self, value: Cell, column: str, target: str) -> SheetCell | None:
        """A number as a number, all else as text; None for an empty cell."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        if value == "":
            return None
        if is_number(value) and _holds(value):
            places = decimals(value, column)
            form = ("#,##0" if grouped(column) else "0") + ("." + "0" * places if places else "")
            cell = self._made(value, _Look(form=form, linked=bool(target)))
        else:
            text = str(value) if self._verbatim else shown(value, column, self._lang)
            cell = self._text(text, _Look(wrapped=True, linked=bool(target)))
        if target:
            cell.hyperlink = Hyperlink(ref="A1", location=target)  # the sheet puts in the cell's own place as it writes
        return cell

    def height(self, cells: Sequence[Cell], widths: Sequence[float]) -> float:
        """What a row's longest text asks, in points, up to 12 lines: not every program measures wrapped texts."""
        most = 1
        for cell, width in zip(cells, widths, strict=True):
            if isinstance(cell, str):
                lines = cell.split("\n") if self._verbatim else [cell]
                most = max(most, sum(-(-len(line) // int(width - 2)) or 1 for line in lines))
        return _LINE * min(_MOST_LINES, most)

    def _text(self, text: str, look: _Look) -> SheetCell:
        """Text that stays text, whatever it begins with."""
        clean = storable(text, self._lang)
        cell = self._made(clean, look._replace(quoted=clean.startswith(("=", "+", "-", "@"))))
        cell.data_type = "s"
        return cell

    def _made(self, value: str | float, look: _Look) -> SheetCell:
        """A cell with the style of the first that looked so: openpyxl compares styles field by field."""
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value)
        if look not in self._models:
            self._models[look] = self._model(look)
        cell._style = copy(self._models[look]._style)  # type: ignore[attr-defined]
        return cell

    def _model(self, look: _Look) -> SheetCell:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font, PatternFill

        cell = WriteOnlyCell(self._sheet, "")
        cell.alignment = Alignment(wrap_text=look.wrapped, vertical="top")
        if look.bold:
            cell.font = Font(name="Calibri", size=11, bold=True)
        if look.linked:
            cell.font = Font(name="Calibri", size=11, color="0563C1", underline="single")
        if look.shaded:
            cell.fill = PatternFill("solid", start_color="E7EDF3")
        if look.form:
            cell.number_format = look.form
        cell.quotePrefix = look.quoted
        return cell


def _holds(value: float) -> bool:
    """Whether a spreadsheet keeps the number: it has 15 digits and ends before 1e308; longer ones stand as text."""
    return abs(value) < (10**15 if isinstance(value, int) else 1e308)


def storable(text: str, lang: str) -> str:
    """The text without what XML cannot hold, cut (with a mark) to what one cell of a spreadsheet holds."""
    clean = _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    clean = _LOOKS_ESCAPED.sub("_x005F_", clean)
    if 2 * len(clean) <= MOST_CHARACTERS or len(clean.encode("utf-16-le")) // 2 <= MOST_CHARACTERS:
        return clean
    mark = word("cut", lang).format(n=number(len(text), "", lang))
    return _units(clean, MOST_CHARACTERS - len(mark)) + mark


def _units(text: str, most: int) -> str:
    """The longest beginning of at most ``most`` UTF-16 units, by which spreadsheets count; no character is split."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _timeless(data: bytes) -> bytes:
    """The same archive with one fixed time in all entries and in the properties, made alike on every system."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MADE.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            new.writestr(entry, content)
    return stream.getvalue()
