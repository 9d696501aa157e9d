"""Annex tables that a portal flattened to one cell a paragraph, and tables whose cells stand between "|".

The heading cells tell the columns by their words, in any order. A cell that is a number opens a row. A number with
one cell after it opens a group (its rows count from 1 again). Where "|" stand between the cells, their number tells
the column of each, empty ones included. Where not, a row with more cells than columns has a content cell that wraps;
one with fewer lacks a cell, and what the others hold tells which. A table of other things (samples, coordinates,
costs) holds no tasks: its cells are set apart and give no rows.
"""

from __future__ import annotations

import re

from compare.lexicon import cues
from compare.normalise import bounded
from compare.patterns import words
from compare.records import Cell, Paragraph, TableRow
from compare.structure.target_tables import columns_of, flattened
from compare.structure.walled_tables import COLUMNS, NUMBER, as_int, column_of, short, walled_rows, walled_table

_AGENCY_START = bounded(r"\s*" + words(*cues("agency_head")), re.IGNORECASE)
_DUE_START = bounded(
    r"\s*(?:(?:trước|trong|đến|hết|từ)\s+)?(?:ngày|tháng|quý|năm|giai\s+đoạn|thời\s+gian|quá\s+trình|thường\s+xuyên|hằng|hàng|báo\s+cáo)(?!\w)"
    r"|\s*(?:(?:trước|trong|đến|hết|từ)\s+)?(?:\d{1,2}[/.]){0,2}20\d\d(?![\w.,])",
    re.IGNORECASE,
)


def flattened_rows(text: str, paragraphs: list[Paragraph]) -> tuple[list[TableRow], list[Paragraph]]:
    """The rows of every table, and the paragraphs with the tables' own marked as cells."""
    rows: list[TableRow] = []
    result = list(paragraphs)
    i = 0
    while i < len(paragraphs):
        walled = walled_table(text, paragraphs, i)
        if walled:
            rows.extend(walled_rows(text, walled))
            end = i + sum(len(cell.parts) for row in walled for cell in row)
        else:
            found, end = _unnumbered(text, paragraphs, i)
            if found:
                rows.extend(found)
                for j in range(i, end):
                    result[j] = _cell(paragraphs[j])
                i = end
                continue
            columns, after = _header(text, paragraphs, i)
            aims = columns_of([text[p.start : p.end] for p in paragraphs[i + 1 : after]])
            if aims:
                found, end = flattened(text, paragraphs, after, _with_bodies(text, paragraphs[i + 1 : after], aims))
                rows.extend(found)
            elif _is_of_tasks(columns):
                end = _table_end(paragraphs, after)
                rows.extend(_rows(text, paragraphs, columns, after, end))
            else:
                i += 1
                continue
        for j in range(i, end):
            result[j] = _cell(paragraphs[j])
        i = end
    return rows, result


def _cell(p: Paragraph) -> Paragraph:
    return p._replace(kind="cell", rank=-1, marker="", body=p.start)


def _unnumbered(text: str, paragraphs: list[Paragraph], i: int) -> tuple[list[TableRow], int]:
    """The rows of a table of tasks with a cell a paragraph and no numbers, whose heading starts at ``i``, and its end.

    The heading names the task first, then who leads it; every row has all its cells, a body where the lead stands.
    """
    columns: list[str] = []
    for p in paragraphs[i : i + 8]:
        column = next(
            (c for c, pattern in COLUMNS.items() if p.end - p.start < 60 and pattern.match(text, p.start)), ""
        )
        if column in ("", "number", *columns) or (not columns and column != "content"):
            break
        columns.append(column)
    if "lead" not in columns or len(columns) < 3:
        return [], i
    rows: list[TableRow] = []
    at, lead = i + len(columns), columns.index("lead")
    while at + len(columns) <= len(paragraphs):
        cells = paragraphs[at : at + len(columns)]
        led = _AGENCY_START.match(text, cells[lead].start, cells[lead].end)
        if not led or _AGENCY_START.match(text, cells[0].start, cells[0].end) or any(c.rank >= 0 for c in cells):
            break
        found = tuple(Cell(c, p.start, p.end) for c, p in zip(columns, cells, strict=True))
        rows.append(TableRow(str(len(rows) + 1), "", "", found))
        at += len(columns)
    return rows, at


def _header(text: str, paragraphs: list[Paragraph], i: int) -> tuple[list[str], int]:
    """The columns of a table whose heading starts at paragraph ``i`` with a number column, and where its rows begin."""
    here = paragraphs[i]
    if here.kind not in ("prose", "item", "title", "heading") or not COLUMNS["number"].fullmatch(short(text, here)):
        return [], i
    columns: list[str] = ["number"]
    for j in range(i + 1, min(i + 10, len(paragraphs))):
        cell = short(text, paragraphs[j])
        if NUMBER.fullmatch(cell) or len(cell) > 120:
            break
        columns.append(column_of(cell, columns))
    return columns, i + len(columns)


def _is_of_tasks(columns: list[str]) -> bool:
    return len({"lead", "coordinate", "content", "due", "product"} & set(columns)) >= 2


def _with_bodies(text: str, titles: list[Paragraph], aims: list[str]) -> list[str]:
    """The columns of a table of targets, with those for bodies and notes under their own names."""
    return [column or column_of(short(text, p), ["content"]) for p, column in zip(titles, aims, strict=True)]


def _table_end(paragraphs: list[Paragraph], start: int) -> int:
    """The table goes on to the next title, annex or the end of what the document says."""
    for j in range(start, len(paragraphs)):
        if paragraphs[j].kind in ("admin", "noise", "title", "note", "basis"):
            return j
    return len(paragraphs)


def _rows(text: str, paragraphs: list[Paragraph], columns: list[str], start: int, end: int) -> list[TableRow]:
    rows: list[TableRow] = []
    group, group_number, last = "", "", 0
    for number, cells in _chunks(text, paragraphs, start, end):
        if len(cells) == 1 or (len(cells) > 1 and not _is_row(text, cells)):
            group, group_number, last = text[cells[0].start : cells[-1].end], number, 0
            continue
        if not cells:
            continue
        value = as_int(number)
        if group_number and value == 1 + as_int(group_number) and value != last + 1:
            group, group_number = "", ""  # a row that stands at the level of the groups
        last = value
        name = f"{group_number}.{number}" if group_number else number
        rows.append(TableRow(name, group, "", tuple(_assign(text, cells, columns[1:]))))
    return rows


def _chunks(text: str, paragraphs: list[Paragraph], start: int, end: int) -> list[tuple[str, list[Paragraph]]]:
    """Number cells with the cells up to the next one."""
    found: list[tuple[str, list[Paragraph]]] = []
    for p in paragraphs[start:end]:
        m = NUMBER.fullmatch(text, p.start, p.end)
        if m:
            found.append((m.group(1), []))
        elif p.marker and "\n" in text[p.start : p.body] and NUMBER.fullmatch(p.marker):
            found.append((p.marker, [p._replace(start=p.body)]))  # "2.1" alone on the line above its task
        elif found:
            found[-1][1].append(p)
    return found


def _is_row(text: str, cells: list[Paragraph]) -> bool:
    return any(_AGENCY_START.match(text, c.start, c.end) for c in cells[1:])


def _assign(text: str, cells: list[Paragraph], columns: list[str]) -> list[Cell]:
    """Cells to columns: one to one where the counts agree, else by what each holds."""
    if len(cells) == len(columns):
        return [Cell(col, c.start, c.end) for col, c in zip(columns, cells, strict=True)]
    lead = next((k for k, c in enumerate(cells) if k and _AGENCY_START.match(text, c.start, c.end)), len(cells))
    content = [Cell("content", cells[0].start, cells[lead - 1].end)]
    rest, open_columns = cells[lead:], [c for c in columns if c != "content"]
    if len(rest) == len(open_columns):
        return content + [Cell(col, c.start, c.end) for col, c in zip(open_columns, rest, strict=True)]
    for c in rest:
        column = _by_content(text, c, open_columns)
        if column:
            open_columns.remove(column)
            content.append(Cell(column, c.start, c.end))
    return content


def _by_content(text: str, cell: Paragraph, open_columns: list[str]) -> str:
    wanted: tuple[str, ...] = ("product", "note")
    if _AGENCY_START.match(text, cell.start, cell.end):
        wanted = ("lead", "coordinate")
    elif _DUE_START.match(text, cell.start, cell.end):
        wanted = ("due",)
    return next((c for c in wanted if c in open_columns), "")
