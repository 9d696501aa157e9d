"""Tables whose cells stand between "|": a row a line, as Markdown has them, or a cell a line, as portals break them.

On lines every wall is there: the column of each cell is counted, a heading of two rows is read as one, and a table
needs no column of numbers if its heading names tasks and who does them, or when. With a cell a line, one "|" stands
between neighbours and two where a row ends or a cell is empty; the columns of the heading tell which.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from compare.lexicon import cues
from compare.normalise import bounded
from compare.patterns import RANKS, words
from compare.records import Cell, Paragraph, TableRow
from compare.structure.lines import PAGE_NUMBER
from compare.structure.target_tables import columns_of

# "1", "2.1", "IV", "B", and "5a": a row put in between later
NUMBER = bounded(r"\s*(\d{1,3}(?:\.\d{1,2})*[a-zđ]?|[IVX]{1,6}|[A-Z])\s*[.)]?\s*$")
COLUMNS = {
    column: bounded(r"\s*" + words(*cues(f"column_{column}")), re.IGNORECASE)
    for column in ("number", "lead", "coordinate", "product", "due", "note", "content")
}
# The wall behind a table's last cell: a blank line follows it
_LAST_WALL = bounded(r"\|[ \t]*(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)[^|]*$")
# A blank line between walls: a further table may begin
_BLANK = bounded(r"\|[ \t]*(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)[ \t]*\|")
# Between the last cell of a line and the first of the next: no line without walls
_NEXT_LINE = bounded(r"[ |]*+(?:(?:\r\n|\n|\r)[ \t]*+\|[ |:=-]*+)++$")
# "I. Hạ tầng số", "2) Dữ liệu": the title of a group with its number in one cell
_NUMBERED = bounded(r"\s*(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,6}|[A-Z])\s*[.)/:]\s+(?=\S)")
# "Cơ quan thực hiện", "Phân công": a title over those of the lead and of the helpers
_BODIES = bounded(
    r"\s*(?:(?:các\s+)?cơ\s+quan|(?:các\s+)?đơn\s+vị|phân\s+công|trách\s+nhiệm|chủ\s+trì)(?!\w)", re.IGNORECASE
)
_COUNT = bounded(r"\s*\(?(?:\d{1,2}|[A-Za-z])\)?\s*$")
_WIDEST = 40  # columns
# The number of a page between a table's rows, and the column that it is said to be in
_PAGE_LINE = bounded(rf"{PAGE_NUMBER.pattern}|\s*\d{{1,3}}\s*$", re.IGNORECASE)
_PAGE = -1


class Walled(NamedTuple):
    """A cell between "|": the paragraphs in it and its column, counted from 0."""

    parts: list[Paragraph]
    column: int

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return self.parts[-1].end


Table = list[list[Walled]]


def walled_table(text: str, paragraphs: list[Paragraph], i: int) -> Table:
    """The rows of a table between "|" whose heading starts at paragraph ``i``; none where there is none."""
    return _on_lines(text, paragraphs, i) or _by_cells(text, paragraphs, i)


def _on_lines(text: str, paragraphs: list[Paragraph], i: int) -> Table:
    """A table with a row a line, if its first row is the heading of a table: with a number column, or of tasks."""
    before = text[paragraphs[i - 1].end if i else 0 : paragraphs[i].start]
    line = before.rpartition("\n")[2]
    if "|" not in line or line.strip(" |\t") or (i and "\n" not in before):
        return []
    table: Table = []
    place = line.count("|") - 1
    resumed = 0
    for n in range(i, len(paragraphs)):
        gap = text[paragraphs[n - 1].end : paragraphs[n].start] if n > i else ""
        if n == i or "\n" in gap or "\r" in gap:
            if n not in (i, resumed) and not _NEXT_LINE.fullmatch(gap):
                resumed = _resumes(text, paragraphs, n, table)
                if not resumed:
                    break
                if resumed > n:
                    table.append([Walled([paragraphs[n]], _PAGE)])
                    continue
            if len(table) == 1 and not _is_heading(text, table[0]):
                return []
            place = gap.rpartition("\n")[2].count("|") - 1 if n > i else place
            table.append([])
        else:
            place += gap.count("|")
        if not 0 <= place < _WIDEST:
            return []
        table[-1].append(Walled([paragraphs[n]], place))
    return table if len(table) > 1 else []


def _resumes(text: str, paragraphs: list[Paragraph], n: int, table: Table) -> int:
    """Where a table goes on that breaks off before paragraph ``n``, 0 where it does not.

    Behind a page's number a numbered row is enough; behind blank lines its heading stands again.
    """
    at = n
    if paragraphs[n].end - paragraphs[n].start < 20 and _PAGE_LINE.fullmatch(
        text, paragraphs[n].start, paragraphs[n].end
    ):
        at += 1
    cells = paragraphs[at : at + len(table[0])]
    if len(cells) < len(table[0]) or "|" not in text[paragraphs[at - 1].end : cells[0].start].rpartition("\n")[2]:
        return 0
    again = all(_same(text, cell, c) for cell, c in zip(table[0], cells, strict=True))
    numbered = at > n and NUMBER.fullmatch(text, cells[0].start, cells[0].end) is not None
    return at if again or numbered else 0


def _same(text: str, cell: Walled, other: Paragraph | Walled) -> bool:
    return text[cell.start : cell.end].split() == text[other.start : other.end].split()


def _is_heading(text: str, row: list[Walled]) -> bool:
    titles = [text[cell.start : min(cell.end, cell.start + 200)] for cell in row]
    if len(titles) < 3:
        return False
    content = any(COLUMNS["content"].match(t) for t in titles)
    tasks = any(COLUMNS[c].match(t) for t in titles for c in ("lead", "coordinate", "due"))
    return bool(COLUMNS["number"].fullmatch(titles[0])) or (content and tasks)


def _by_cells(text: str, paragraphs: list[Paragraph], i: int) -> Table:
    """A table with a cell a line, whose heading starts with a number column.

    One "|" stands between neighbours in a row. Two stand where a row ends or a cell is empty: the columns counted in
    the heading tell which.
    """
    if not COLUMNS["number"].fullmatch(short(text, paragraphs[i])):
        return []
    rows: Table = [[Walled([paragraphs[i]], 0)]]
    width, place, skip = 0, 0, 0
    for n in range(i + 1, len(paragraphs)):
        if n < skip:
            continue
        a, b = paragraphs[n - 1], paragraphs[n]
        gap = text[a.end : b.start]
        walls = gap.count("|")
        last = rows[-1][-1]
        if _BLANK.search(gap) and _is_title(text, b):
            break
        if _LAST_WALL.search(gap) or b.rank == RANKS["annex"] or (walls == 0 and last is rows[0][0]):
            break
        if walls == 0:
            last.parts.append(b)
            continue
        if not width and walls > 1:
            under = _subtitles(text, paragraphs, n)
            rows[0] = _divided(text, rows[0], under)
            width = rows[0][-1].column + 1
            if under:
                place, skip = width - 1, n + len(under)
                continue
        if width in (1, 2) or (not width and place > _WIDEST):
            return []
        place += walls
        opens = walls > 1 and "\n" in gap and bool(NUMBER.fullmatch(text, b.start, b.end))
        if width and (opens or place > width):
            place = 0 if opens else place % (width + 1)
            rows.append([])
        rows[-1].append(Walled([b], place))
    return rows if width > 2 else []


def _is_title(text: str, p: Paragraph) -> bool:
    """Whether a cell is the first of a heading: the number's or the task's column."""
    number = COLUMNS["number"].fullmatch(text, p.start, p.end) is not None
    return number or (p.end - p.start < 40 and COLUMNS["content"].match(text, p.start, p.end) is not None)


def _subtitles(text: str, paragraphs: list[Paragraph], n: int) -> list[Paragraph]:
    """The second row of a heading, if what begins at ``n`` is one: "Chủ trì | Phối hợp" and nothing else."""
    found: list[Paragraph] = []
    for p in paragraphs[n : n + 6]:
        if found and text.count("|", found[-1].end, p.start) > 1:
            return found if len(found) > 1 else []
        if p.end - p.start > 40 or not any(COLUMNS[c].match(text, p.start, p.end) for c in ("lead", "coordinate")):
            return []
        found.append(p)
    return []


def _divided(text: str, heading: list[Walled], under: list[Paragraph]) -> list[Walled]:
    """The heading with the titles under its wide one, which is the first that names bodies, in that one's place."""
    wide = next((c for c in heading if _BODIES.match(text, c.start, c.end)), None) if under else None
    if wide is None:
        return heading
    before = [c for c in heading if c.column <= wide.column]
    parts = [Walled([p], wide.column + k) for k, p in enumerate(under)]
    after = [Walled(c.parts, c.column + len(under) - 1) for c in heading if c.column > wide.column]
    return [*before, *parts, *after]


class _Heading(NamedTuple):
    """The column of each place, the place of the numbers (-1 without), how many rows the heading takes."""

    columns: dict[int, str]
    number: int
    depth: int


def walled_rows(text: str, table: Table) -> list[TableRow]:
    """The tasks of a walled table, if its heading names a column for who is to do them, or one for tasks and one for when."""
    heading = _heading(text, table)
    rows: list[TableRow] = []
    group, group_number, number, last, count = "", "", "", 0, 0
    body = (
        [row for row in table[heading.depth :] if _says(text, row, table[: heading.depth])] if heading.columns else []
    )
    for row, below in zip(body, [*body[1:], []], strict=False):
        own = next((_number(text, c) for c in row if c.column == heading.number), "")
        said = [c for c in row if c.column != heading.number or not own]
        cells = tuple(Cell(heading.columns[c.column], c.start, c.end) for c in said if c.column in heading.columns)
        number = own or number
        if _is_group(text, said, own, below, heading):
            title = _NUMBERED.match(text, said[0].start, said[0].end) if not own else None
            group, last = text[title.end() if title else said[0].start : said[0].end], 0
            group_number = own or (title.group(1) if title else "")
            count = 0 if group_number else count
        elif any(c.column == "content" for c in cells):
            count += 1
            number = number if heading.number >= 0 else str(count)
            value = as_int(number)
            if group_number and own.isdigit() and value == 1 + as_int(group_number) and value != last + 1:
                group, group_number = "", ""  # a row that stands at the level of the groups
            last = value
            rows.append(TableRow(_under(group_number, number), group, "", cells))
    return rows


def _says(text: str, row: list[Walled], heading: Table) -> bool:
    """Whether a row is no page's number, no count of the columns and none of the heading's rows again."""
    if row[0].column == _PAGE or _counts(text, row):
        return False
    return not any(
        len(row) == len(titles) and all(_same(text, a, b) for a, b in zip(row, titles, strict=True))
        for titles in heading
    )


def _counts(text: str, row: list[Walled]) -> bool:
    """A row that numbers the columns: "(1) (2) (3)"."""
    return len(row) > 2 and all(_COUNT.fullmatch(text, c.start, c.end) for c in row)


def _is_group(text: str, said: list[Walled], own: str, below: list[Walled], heading: _Heading) -> bool:
    """Whether a row of one cell titles the rows below it, and is no task of which nothing else is said."""
    if len(said) != 1:
        return False
    cell = said[0]
    numbered = bool(_NUMBERED.match(text, cell.start, cell.end))
    if heading.columns.get(cell.column) != "content":
        return bool(own) or numbered or cell.column == heading.number
    if heading.number >= 0:
        after = next((_number(text, c) for c in below if c.column == heading.number), "")
        return (bool(own) or numbered) and not (own.isdigit() and after.isdigit() and int(after) == int(own) + 1)
    return numbered or len(below) > 1


def _number(text: str, cell: Walled) -> str:
    m = NUMBER.fullmatch(text, cell.start, cell.end)
    return m.group(1) if m else ""


def _under(group: str, number: str) -> str:
    """A row's number within its group; "1.2" says itself that it stands in group 1."""
    return f"{group}.{number}" if group and not number.startswith(f"{group}.") else number


def _heading(text: str, table: Table) -> _Heading:
    """What the heading says of the columns; no columns where the table is not one of tasks or targets."""
    titles = {cell.column: text[cell.start : cell.end] for cell in table[0]}
    depth = 1
    if len(table) > 2 and _goes_on_heading(text, table[1], titles):
        titles |= {cell.column: text[cell.start : cell.end] for cell in table[1]}
        depth = 2
    places = sorted(titles)
    number = places[0] if COLUMNS["number"].fullmatch(titles[places[0]]) else -1
    others = [p for p in places if p != number]
    aims = columns_of([titles[p] for p in others])
    columns: list[str] = ["number"]
    if aims:
        columns = [c or column_of(titles[p], ["content"]) for p, c in zip(others, aims, strict=True)]
        return _Heading(dict(zip(others, columns, strict=True)), number, depth)
    for p in others:
        columns.append(column_of(titles[p], columns))
    said = any(COLUMNS["content"].match(titles[p]) for p in others)
    if not {"lead", "coordinate"} & set(columns) and not (said and "due" in columns):
        return _Heading({}, number, depth)
    return _Heading(dict(zip(others, columns[1:], strict=True)), number, depth)


def _goes_on_heading(text: str, row: list[Walled], titles: dict[int, str]) -> bool:
    """The second row of a heading: titles of columns under a wider one, "(1) (2) (3)" aside."""
    said = [text[c.start : min(c.end, c.start + 200)] for c in row]
    named = [t for t in said if len(t) < 60 and any(p.match(t) for k, p in COLUMNS.items() if k != "content")]
    return len(named) == len(said) and len(said) < len(titles) + 2 and not all(c.column in titles for c in row)


def short(text: str, p: Paragraph) -> str:
    """The first words of a paragraph: a heading's cell is no longer."""
    return text[p.start : min(p.end, p.start + 200)]


def column_of(cell: str, taken: list[str]) -> str:
    """The role of a column by its title; what says nothing is the content, once, and then a note."""
    for column, pattern in COLUMNS.items():
        if column not in taken and pattern.match(cell):
            return column
    return "content" if "content" not in taken else "note"


def as_int(number: str) -> int:
    """The number of a row where it counts in digits, else 0; "5a" counts as 5."""
    digits = number[:-1] if number[-1:].islower() else number
    return int(digits) if digits.isdigit() else 0
