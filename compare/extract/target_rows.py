"""Targets of annex tables: one for each cell that states a value to reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from compare.extract.indicators import indicator_of
from compare.extract.targets import targets
from compare.normalise import bounded, key, squeeze
from compare.numbers import AT_LEAST, AT_MOST, parse_number, unit_named
from compare.patterns import words
from compare.records import Cell, Doubt, Span, TableRow, Target

_SIGNS = {">": ">=", "≥": ">=", ">=": ">=", "<": "<=", "≤": "<=", "<=": "<=", "~": "~", "=": "=", "": "="}
_NUMERAL = r"\d+(?:[.,]\d+)*"


@lru_cache(maxsize=1)
def _stated() -> re.Pattern[str]:
    return bounded(
        rf"""\s*(?:đạt\s+)?(?:(?P<least>{words(*AT_LEAST)})|(?P<most>{words(*AT_MOST)})|(?P<about>khoảng)|(?P<among>top|tốp|nhóm|thứ))?
        \s*(?P<sign>>=|<=|[<>≥≤~=])?\s*(?P<low>{_NUMERAL})(?:/\d{{1,3}}(?!\d))?\s*(?P<sort>[%‰])?
        (?:\s*(?:[-–]|đến)\s*(?P<high>{_NUMERAL})\s*[%‰]?)?
        (?:\s*(?P<unit>[^\W\d][^\d]{{0,40}}?))??(?P<up>\s+trở\s+lên)?(?P<down>\s+trở\s+xuống)?\s*$""",
        re.IGNORECASE | re.VERBOSE,
    )


def row_targets(text: str, rows: Iterable[TableRow], period: str, warnings: list[Doubt]) -> Iterator[Target]:
    """The targets of annex rows, in order. ``period`` is the plan's own, for columns that name no year.

    A cell with a number that cannot be read becomes a doubt in ``warnings``, and so does a body that answers for a
    target.
    """
    for row in rows:
        named = row.cell("content")
        if named is None:
            continue
        lead, unit_cell = row.cell("lead"), row.cell("unit")
        if lead and row.values:
            said = f"“{squeeze(text[lead.start : lead.end])}” answers for this target; the tables name bodies of tasks only"
            warnings.append(Doubt("target_with_body", said, lead.start, lead.end))
        unit = text[unit_cell.start : unit_cell.end] if unit_cell else ""
        for years, cell in row.values.items():
            m = _stated().fullmatch(text, cell.start, cell.end)
            if m:
                yield _target(text, named, cell, m, unit, years or period)
            elif any(c.isdigit() for c in text[cell.start : cell.end]):
                said = squeeze(text[cell.start : cell.end])
                warnings.append(
                    Doubt("unread_value", f"“{said}” of a table of targets was not read", cell.start, cell.end)
                )


# A product that is an indicator with its value: "Tỷ lệ hồ sơ nộp qua mạng đạt trên 90%"; "03 mô hình" is one to hand over
_INDICATOR = bounded(
    r"[\s\-–+•]*(?:tỷ\s+lệ|tỉ\s+lệ|tỷ\s+trọng|tỉ\s+trọng|tốc\s+độ|chỉ\s+số|doanh\s+thu|kim\s+ngạch|dư\s+nợ|số\s+lượng)\s[^.;\d]{3,150}?"
    r"(?<!\w)(?:đạt|chiếm|tăng|giảm|còn|tối\s+thiểu|ít\s+nhất|trên|không\s+dưới)(?!\w)",
    re.IGNORECASE,
)


def product_targets(
    text: str, rows: Iterable[TableRow], year: int | None, period: str, warnings: list[Doubt]
) -> Iterator[Target]:
    """The targets that rows of tasks name as what is to come of them: an indicator and the value to reach."""
    for row in rows:
        cell = row.cell("product")
        if cell and not row.values and _INDICATOR.match(text, cell.start, cell.end):
            here = [Span(cell.start, cell.end)]
            yield from targets(text, cell.start, cell.end, here, year, period, warnings)


def _target(text: str, named: Cell, cell: Cell, m: re.Match[str], unit_words: str, period: str) -> Target:
    label = squeeze(text[named.start : named.end])
    unit, factor = unit_named(m["sort"] or m["unit"] or unit_words or _in_brackets(label))
    low, high = parse_number(m["low"])[0], parse_number(m["high"])[0] if m["high"] else None
    return Target(
        target_id="",
        section_id="",
        indicator_id=indicator_of(label) or "",
        indicator_text=label,
        comparator="range" if high is not None and high > low else _comparator(m, unit),
        value=round(low * factor, 6),
        value_max=round(high * factor, 6) if high is not None and high > low else None,
        unit="per 10k" if re.search(r"(?:vạn|10\.000)\s+dân", f"{label} {unit_words}", re.IGNORECASE) else unit,
        period=period,
        baseline="",
        text=text[named.start : cell.end],
        start=named.start,
        end=cell.end,
    )


def _comparator(m: re.Match[str], unit: str) -> str:
    if m["up"] or (m["least"] and key(m["least"]) != "từ"):
        return ">="
    if m["down"] or m["most"] or (m["among"] and key(m["among"]) != "thứ"):
        return "<="
    return "~" if m["about"] else _SIGNS[m["sign"] or ""]


def _in_brackets(label: str) -> str:
    """The unit that stands behind an indicator: "Kim ngạch xuất khẩu (triệu USD)"."""
    m = re.search(r"\(([^()]{1,30})\)\s*$", label)
    return m.group(1) if m else ""
