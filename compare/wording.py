"""The words on figures and in the report, in both languages, from lexicons/wording.csv; names of ids for readers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from compare.lexicon import agencies, indicators, provinces, read_lexicon, taxonomy
from compare.normalise import slug

_PLAN_ID = re.compile(
    r"(?P<province>[a-z0-9-]{1,40}?)-(?P<year>\d{4})-(?P<type>[a-z]{1,20})(?:-(?P<number>\d{1,9}))?(?P<copy>~\d{1,9})?"
)
_SWAP = str.maketrans(",.", ".,")


@lru_cache(maxsize=1)
def _rows() -> dict[tuple[str, str], dict[str, str]]:
    return {(r["group"], r["key"]): r for r in read_lexicon("wording")}


def word(group: str, key: str, lang: str, **values: object) -> str:
    """A phrase in ``lang`` (en, vi) with ``{names}`` filled in. Raises KeyError for an unknown phrase or language."""
    text = _rows()[group, key][lang]
    return text.format(**values) if values else text


def value_name(column: str, value: str, lang: str) -> str:
    """What a coded value of a column (change, gap, relation, unit, ...) is called; the value itself where unknown."""
    row = _rows().get((column, value))
    return row[lang] if row else value.replace("_", " ")


def values_of(column: str) -> list[str]:
    """The known values of a column in the order of the lexicon, which is that of their weight."""
    return [key for group, key in _rows() if group == column]


def sector_name(sector_id: str, lang: str) -> str:
    """The taxonomy's heading for a sector; the id itself where the taxonomy lacks it."""
    sector = taxonomy().get(sector_id)
    return sector_id if sector is None else sector.name_vi if lang == "vi" else sector.name_en


def agency_name(agency_id: str, lang: str, text: str = "") -> str:
    """A body's name; for an unknown body the words of the plan, else its id."""
    body = agencies().get(agency_id)
    if body is None:
        return " ".join(text.split()) or agency_id
    return body.name_vi if lang == "vi" else body.name_en or body.name_vi


def indicator_name(indicator_id: str, text: str, lang: str) -> str:
    """A canonical indicator's name, else the words of the plan."""
    known = indicators().get(indicator_id)
    if known is None:
        return " ".join(text.split()) or indicator_id
    return known.name_vi if lang == "vi" else known.name_en or known.name_vi


@lru_cache(maxsize=1)
def _province_names() -> dict[str, str]:
    return {slug(p.name_vi): p.name_vi for p in provinces()}


def plan_name(plan_id: str, lang: str) -> str:
    """A plan's id for readers: ``son-la-2025-qd-161`` is "Sơn La 2025, QĐ 161"; other ids stay as they are."""
    m = _PLAN_ID.fullmatch(plan_id)
    if m is None or m["province"] not in _province_names():
        return plan_id
    number = f" {m['number']}" if m["number"] else ""
    return (
        f"{_province_names()[m['province']]} {m['year']}, {value_name('doc', m['type'], lang)}{number}{m['copy'] or ''}"
    )


def plan_place(plan_id: str) -> str:
    """The province of a plan's id; the whole id where it names none."""
    m = _PLAN_ID.fullmatch(plan_id)
    return _province_names().get(m["province"], plan_id) if m else plan_id


def number(value: float, lang: str, decimals: int | None = None) -> str:
    """``1,234.5`` in English, ``1.234,5`` in Vietnamese; without ``decimals`` as many as needed, at most 4."""
    text = f"{value:,.{4 if decimals is None else decimals}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.translate(_SWAP) if lang == "vi" else text


def percent(share: float, lang: str) -> str:
    """A share (0 to 1) as whole percent; one decimal below 10."""
    return f"{number(100 * share, lang, 0 if abs(share) >= 0.0995 else 1)}%"


_SIGNS = {">=": "≥ ", "<=": "≤ ", "~": "≈ "}


def target_value(row: Mapping[str, Any], side: str, lang: str) -> str:
    """A target of one side for readers: "≥ 11 % (2021–2025, a year on average)"; empty where it has none."""
    if row[f"{side}_value"] in ("", None):
        return ""
    text = number(float(row[f"{side}_value"]), lang)
    if row[f"{side}_value_max"] not in ("", None):
        text += f"–{number(float(row[f'{side}_value_max']), lang)}"
    unit, period = str(row[f"{side}_unit"]), str(row[f"{side}_period"])
    text = _SIGNS.get(str(row[f"{side}_comparator"]), "") + text
    text += f" {value_name('unit', unit, lang)}" if unit else ""
    years = period.removesuffix("/yr").replace("-", "–")
    if period.endswith("/yr"):
        years += f", {word('figure', 'per_year', lang)}"
    return f"{text} ({years})" if years else text
