"""Loads the lexicons: data, not code, read when first asked for and checked as they are read."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from compare.errors import LexiconError
from compare.normalise import key, slug, tokens


def read_lexicon(name: str) -> list[dict[str, str]]:
    """The rows of ``lexicons/<name>.csv``. Raises LexiconError where a row has the wrong number of cells."""
    path = files("compare") / "lexicons" / f"{name}.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise LexiconError(f"lexicons/{name}.csv, line {number}: wrong number of cells")
    return rows


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that plans name. Dates are ISO, empty where it has no known beginning or end."""

    agency_id: str
    name_vi: str
    name_en: str
    kind: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class AgencyName:
    """One written form of a body; ``keys`` are its syllables, ``breaks`` the places that may hold
    punctuation; a ``listed`` form ("địa phương") counts only behind another body of a list."""

    agency_id: str
    keys: tuple[str, ...]
    breaks: tuple[bool, ...]
    listed: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A change in a body's life: merged, renamed, function_moved, level_ended, regionalised."""

    agency_id: str
    event: str
    successor_id: str
    from_date: str
    province: str
    function: str
    confirmed: bool


@lru_cache(maxsize=1)
def agencies() -> dict[str, Agency]:
    """All bodies by id."""
    return {
        r["agency_id"]: Agency(*(r[c] for c in ("agency_id", "name_vi", "name_en", "kind", "valid_from", "valid_to")))
        for r in read_lexicon("agencies")
    }


@lru_cache(maxsize=1)
def agency_names() -> tuple[AgencyName, ...]:
    """Every written form of every body, in file order."""
    names = []
    for row in read_lexicon("agency_names"):
        found = tokens(row["name"])
        between = [row["name"][a.end : b.start] for a, b in itertools.pairwise(found)]
        breaks = tuple(any(c in "-–,." for c in gap) for gap in between)
        names.append(AgencyName(row["agency_id"], tuple(t.key for t in found), breaks, row["kind"] == "listed"))
    return tuple(names)


@lru_cache(maxsize=1)
def _events() -> dict[str, tuple[Event, ...]]:
    found: dict[str, list[Event]] = {}
    columns = ("agency_id", "event", "successor_id", "from_date", "province", "function")
    for row in read_lexicon("agency_history"):
        agency, event_, heir, since, province, function = (row[c] for c in columns)
        event = Event(agency, event_, heir, since, province, function, row["confirmed"] == "yes")
        found.setdefault(event.agency_id, []).append(event)
    return {agency: tuple(events) for agency, events in found.items()}


# Events by which a body as a whole becomes another; a single function that moves elsewhere is none.
_WHOLE = {"merged", "renamed", "level_ended", "regionalised"}


def successors(agency_id: str, province: str = "", on: str = "9999-12-31") -> tuple[str, ...]:
    """The bodies that hold the duties of ``agency_id`` on a date (ISO) in a province; itself where nothing changed.

    A rule for the province wins over the rule for all; changes that are not confirmed do not count. Chains are followed (a body merged twice), loops are cut.
    """
    place = slug(_province(province))
    current, seen = [agency_id], {agency_id}
    result: list[str] = []
    while current:
        here = current.pop(0)
        events = [e for e in _events().get(here, ()) if e.event in _WHOLE and e.confirmed and e.from_date <= on]
        local = [e for e in events if e.province and e.province == place]
        chosen = local or [e for e in events if not e.province]
        onward = [e.successor_id for e in chosen if e.successor_id and e.successor_id not in seen]
        if not onward:
            result.append(here)
        seen.update(onward)
        current.extend(onward)
    return tuple(dict.fromkeys(result))


def _province(name: str) -> str:
    """A province's usual name, however it is written: "Tỉnh Thanh Hoá", "TP.HCM"; an id as it is."""
    said = key(name)
    bare = said.removeprefix("tỉnh ").removeprefix("thành phố ").removeprefix("tp ")
    return province_keys().get(said) or province_keys().get(bare, name)


@lru_cache(maxsize=4096)
def agency_now(agency_id: str, province: str = "") -> str:
    """The body that holds the duty after the reorganisations of 2025 (the first where there are several)."""
    return successors(agency_id, province)[0]


@dataclass(frozen=True, slots=True)
class Province:
    """A province as it was (63) or is (34)."""

    province_id: str
    name_vi: str
    kind: str
    valid_from: str
    valid_to: str
    successor_id: str
    names: tuple[str, ...]


@lru_cache(maxsize=1)
def provinces() -> tuple[Province, ...]:
    """All provinces, those before and those after the merger of July 2025."""
    return tuple(
        Province(
            r["province_id"],
            r["name_vi"],
            r["kind"],
            r["valid_from"],
            r["valid_to"],
            r["successor_id"],
            (r["name_vi"], *split(r["aliases"])),
        )
        for r in read_lexicon("provinces")
    )


@lru_cache(maxsize=1)
def province_keys() -> dict[str, str]:
    """The match key of every name of a province -> its usual name."""
    return {key(name): p.name_vi for p in reversed(provinces()) for name in p.names}


@dataclass(frozen=True, slots=True)
class Term:
    """A policy concept with its written forms in three languages; weight 0 to 4 says how strongly it decides.

    ``broader`` is the concept that a reader would count it towards ("rural roads" towards "roads"), or empty.
    """

    concept_id: str
    sector_id: str
    weight: float
    broader: str
    forms: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """The glossary of policy terms."""
    return tuple(
        Term(
            r["concept_id"],
            r["sector_id"],
            float(r["weight"] or 0),
            r["broader"],
            tuple((lang, form) for lang in ("vi", "en", "sv") for form in split(r[lang])),
        )
        for r in read_lexicon("terms")
    )


@dataclass(frozen=True, slots=True)
class Sector:
    """A row of the task taxonomy."""

    sector_id: str
    name_vi: str
    name_en: str


@lru_cache(maxsize=1)
def taxonomy() -> dict[str, Sector]:
    """The sectors by id, in the order of the taxonomy."""
    return {r["sector_id"]: Sector(r["sector_id"], r["name_vi"], r["name_en"]) for r in read_lexicon("taxonomy")}


@lru_cache(maxsize=1)
def agency_sectors() -> dict[str, dict[str, float]]:
    """The sectors into which a body's tasks usually fall: agency -> sector -> weight (1 to 3)."""
    found: dict[str, dict[str, float]] = {}
    for row in read_lexicon("agency_sectors"):
        found.setdefault(row["agency_id"], {})[row["sector_id"]] = float(row["weight"])
    return found


@dataclass(frozen=True, slots=True)
class Indicator:
    """A canonical indicator; ``direction`` is more, less or none: where a higher value is better, worse, neither."""

    indicator_id: str
    name_vi: str
    name_en: str
    unit: str
    direction: str
    variants: tuple[str, ...]


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """The canonical indicators by id."""
    return {
        r["indicator_id"]: Indicator(
            r["indicator_id"],
            r["name_vi"],
            r["name_en"],
            r["unit"],
            r["direction"],
            (r["name_vi"], *split(r["variants"])),
        )
        for r in read_lexicon("indicators")
    }


def cues(kind: str) -> tuple[str, ...]:
    """The words of ``lexicons/cues.csv`` that signal ``kind`` (directive, adverb, narrative, ...), longest first."""
    return tuple(sorted((r["words"] for r in _cue_rows() if r["kind"] == kind), key=lambda w: (-len(w), w)))


@lru_cache(maxsize=1)
def _cue_rows() -> tuple[dict[str, str], ...]:
    return tuple(read_lexicon("cues"))


def split(cell: str) -> tuple[str, ...]:
    """The parts of a list in a cell."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def joined(parts: Iterable[str]) -> str:
    """A list as a cell."""
    return ";".join(parts)
