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


def change_name(change: str, lang: str, plans: tuple[str, ...] = (), column: str = "change") -> str:
    """What a change is called. Between plans (ids) of two provinces nothing was dropped or lowered: one only differs
    from the other, and the words name the provinces ("only in Sơn La", "lower in Thanh Hóa")."""
    row = _rows().get((f"{column}_between", change))
    places = [_place(p) for p in plans]
    if row is None or len(places) != 2 or not all(places) or places[0] == places[1]:
        return value_name(column, change, lang)
    return row[lang].format(left=places[0], right=places[1])


def between(plans: tuple[str, ...]) -> bool:
    """Whether two plans (ids) are of different provinces, so that their differences are no changes in time."""
    places = {_place(p) for p in plans}
    return len(places) == 2 and "" not in places


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


def _place(plan_id: str) -> str:
    """The province of a plan's id; empty where it names none."""
    m = _PLAN_ID.fullmatch(plan_id)
    return _province_names().get(m["province"], "") if m else ""


def day(iso: str, lang: str) -> str:
    """Days of ISO dates and intervals as the language writes them: 20/01/2025 in Vietnamese."""
    return re.sub(r"\b(\d{4})-(\d{2})-(\d{2})\b", r"\3/\2/\1", iso) if lang == "vi" else iso


def gap_kind(row: Mapping[str, Any]) -> str:
    """A gap's kind for readers: bodies that only end within the plan's period are told from those that were dissolved
    before the plan or before a task is due (``ends_in_period``)."""
    ends = row["gap"] == "dissolved_agency" and (_read(str(row.get("detail", ""))) or ("",))[0] == "ends"
    return "ends_in_period" if ends else str(row["gap"])


def detail(key: str, **values: object) -> str:
    """The detail of a gap in the words of the table ``gaps`` (English, with ids)."""
    return word("detail", key, "en", **values)


def detail_name(text: str, lang: str) -> str:
    """A gap's detail for readers: names for ids, and in ``lang``; one of another form as it stands."""
    found = _read(text)
    if found is None:
        return text
    key, fields = found
    return word("detail", key, lang, **{name: _field(name, value, lang) for name, value in fields.items()})


def _field(name: str, value: str, lang: str) -> str:
    if name == "functions":
        parts = (part.partition(": ")[::2] for part in value.split("; "))
        return "; ".join(f"{value_name('function', f, lang)}: {_bodies(body, lang)}" for f, body in parts)
    if name in ("plan", "here"):
        return plan_name(value, lang) if _read(value) is None else detail_name(value, lang)
    value = value.replace("” for a part", f"” {word('detail_part', 'part', lang)}")
    if name == "p":
        return value.translate(_SWAP) if lang == "vi" else value
    inner = detail_name(value, lang)
    return inner if inner != value else day(_bodies(value, lang), lang)


def _bodies(ids: str, lang: str) -> str:
    """Ids of bodies in a list as names; other words as they are."""
    return ", ".join(agency_name(a, lang, a) for a in ids.split(";")) if re.fullmatch(r"[a-z0-9;-]+", ids) else ids


def _read(text: str) -> tuple[str, dict[str, str]] | None:
    """Which detail a text is, and what fills it."""
    for key, form in _details():
        if m := form.fullmatch(text):
            return key, m.groupdict()
    return None


@lru_cache(maxsize=1)
def _details() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The details' English forms as patterns, in the lexicon's order: the fuller before the shorter."""
    found = []
    for (group, key), row in _rows().items():
        if group == "detail":
            parts = re.split(r"\{(\w+)\}", row["en"])
            form = "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
            found.append((key, re.compile(form, re.S)))
    return tuple(found)


def number(value: float, lang: str, decimals: int | None = None) -> str:
    """``1,234.5`` in English, ``1.234,5`` in Vietnamese; without ``decimals`` as many as needed, at most 4."""
    text = f"{value:,.{4 if decimals is None else decimals}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.translate(_SWAP) if lang == "vi" else text


def percent(share: float, lang: str, decimals: int | None = None) -> str:
    """A share (0 to 1) as percent: whole from 10 up, with one decimal below, or with as many as are asked for."""
    least = 0 if abs(share) >= 0.0995 else 1
    return f"{number(100 * share, lang, least if decimals is None else decimals)}%"


def amount(text: str, unit: str, lang: str) -> str:
    """A number with its unit: "8 billion USD", "8 tỷ USD", "rank 10"; what is merely counted has none."""
    if ("amount", unit) in _rows():
        return word("amount", unit, lang, n=text)
    return f"{text} {value_name('unit', unit, lang)}" if unit else text


_SIGNS = {">=": "≥ ", "<=": "≤ ", "~": "≈ "}


def sign(comparator: object) -> str:
    """ "≥ ", "≤ ", "≈ " before a value; nothing for equal and for a range."""
    return _SIGNS.get(str(comparator), "")


def target_value(row: Mapping[str, Any], side: str, lang: str) -> str:
    """A target of one side for readers: "≥ 11 % (2021–2025, a year on average)"; empty where it has none."""
    if row[f"{side}_value"] in ("", None):
        return ""
    text = number(float(row[f"{side}_value"]), lang)
    if row[f"{side}_value_max"] not in ("", None):
        text += f"–{number(float(row[f'{side}_value_max']), lang)}"
    unit, period = str(row[f"{side}_unit"]), str(row[f"{side}_period"])
    text = sign(row[f"{side}_comparator"]) + amount(text, unit, lang)
    years = period.removesuffix("/yr").replace("-", "–")
    if period.endswith("/yr"):
        years += f", {word('figure', 'per_year', lang)}"
    return f"{text} ({years})" if years else text
