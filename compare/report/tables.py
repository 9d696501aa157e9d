"""The tables of the report's page: which columns they show, by what they are filtered, what each row quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from compare.findings import DOUBTFUL, SURE_Z
from compare.lexicon import split
from compare.records import Plan
from compare.wording import (
    agency_name,
    between,
    change_name,
    day,
    detail_name,
    gap_kind,
    indicator_name,
    number,
    percent,
    plan_name,
    sector_name,
    target_value,
    value_name,
    values_of,
    word,
)

Row = Mapping[str, Any]
# Candidates below this probability are many and nearly all wrong: the page counts them, the alignment file has them.
_WEAK = 0.1
_CLIP = 240  # characters of a text that a cell shows; the quotation shows all
# Controls and marks of writing direction let a text show other than it is.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

Named = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows; ``sort`` is the number that it sorts by, where its words would sort wrongly."""

    text: str
    kind: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: cells, values by which it is filtered, the items that its quotation shows.

    ``quotes``: ids of items, or "sector:" and a sector, whose tasks it shows. ``pair``: the kind of a pair that can be
    judged, whose two items are the quotes; else empty.
    """

    cells: tuple[Cell, ...]
    filters: Mapping[str, str] = field(default_factory=dict)
    quotes: tuple[str, ...] = ()
    pair: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A column filter with its values, each with its name and number of rows."""

    column: str
    name: str
    options: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the page. A cell of kind "judge" takes the buttons."""

    name: str
    title: str
    about: str
    heads: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    filters: tuple[Filter, ...]


def sheets(left: Plan, right: Plan, tables: Mapping[str, Sequence[Row]], lang: str) -> list[Sheet]:
    """All tables of the page in order; one that is not given stands empty."""
    return [build(_clean(tables.get(name, ())), left, right, lang) for name, build in _BUILDERS.items()]


def _clean(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows with NaN and None as empty cells."""
    return [{k: "" if v is None or v != v else v for k, v in r.items()} for r in rows]


def one_line(text: object) -> str:
    return " ".join(UNSEEN.sub(" ", str(text)).split())


def short(text: object, most: int = _CLIP) -> str:
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _sheet(
    name: str,
    heads: Sequence[tuple[str, str]],
    lines: Sequence[Line],
    filters: Sequence[tuple[str, Named]],
    lang: str,
) -> Sheet:
    """A table with its filters; ``filters``: columns and how their values are called. One value is no choice."""
    found = []
    for column, named in filters:
        counts = Counter(line.filters.get(column, "") for line in lines)
        counts.pop("", None)
        known = {v: n for n, v in enumerate(values_of(column))}
        ordered = sorted(counts, key=lambda v, known=known: (known.get(v, len(known)), named(v)))  # type: ignore[misc]
        if len(counts) > 1 or (counts and sum(counts.values()) < len(lines)):
            options = tuple((v, named(v), counts[v]) for v in ordered)
            found.append(Filter(column, word("column", column, lang), options))
    title, about = word("report", f"table_{name}", lang), word("report", f"about_{name}", lang)
    return Sheet(name, title, about, tuple(heads), tuple(lines), tuple(found))


def _numeric(value: Any, lang: str, decimals: int | None = None) -> Cell:
    if value == "":
        return Cell("", "number", "")
    return Cell(number(float(value), lang, decimals).replace("-", "−"), "number", f"{float(value):.6g}")


def _share(value: Any, lang: str) -> Cell:
    return Cell(percent(float(value), lang).replace("-", "−"), "number", f"{float(value):.6g}")


def _themes(rows: list[dict[str, Any]], left: Plan, right: Plan, lang: str) -> Sheet:
    names = {"left": plan_name(left.plan_id, lang), "right": plan_name(right.plan_id, lang)}
    lines = []
    for r in rows:
        z = float(r["z"] or 0)
        stress = "neither" if abs(z) < SURE_Z else "right" if z > 0 else "left"
        cells = (
            Cell(sector_name(str(r["sector"]), lang), "name"),
            _numeric(r["left_count"], lang),
            _share(r["left_share"] or 0, lang),
            _numeric(r["right_count"], lang),
            _share(r["right_share"] or 0, lang),
            _numeric(100 * float(r["share_difference"] or 0), lang, 1),
            _numeric(r["log_odds"], lang, 2),
            _numeric(r["z"], lang, 2),
        )
        lines.append(Line(cells, {"stress": stress}, (f"sector:{r['sector']}",)))
    heads = [(_head("sector", lang), "")]
    for name in names.values():
        heads += [(f"{_head('count', lang)}: {name}", "number"), (f"{_head('share', lang)}: {name}", "number")]
    heads += [(_head(c, lang), "number") for c in ("share_difference", "log_odds", "z")]
    named = {**names, "neither": word("report", "alike", lang)}
    return _sheet("themes_diff", heads, lines, [("stress", named.__getitem__)], lang)


def _terms(rows: list[dict[str, Any]], left: Plan, right: Plan, lang: str) -> Sheet:
    names = {"left": plan_name(left.plan_id, lang), "right": plan_name(right.plan_id, lang)}
    lines = []
    for r in rows:
        z = float(r["z"] or 0)
        label = str(r["label_en"] if lang == "en" and r["label_en"] else r["label"])
        cells = (
            Cell(label, "name"),
            Cell(sector_name(str(r["sector"]), lang), "label"),
            _numeric(r["left_count"], lang),
            _share(r["left_share"] or 0, lang),
            _numeric(r["right_count"], lang),
            _share(r["right_share"] or 0, lang),
            _numeric(r["log_odds"], lang, 2),
            _numeric(z, lang, 2),
        )
        stress = "neither" if abs(z) < SURE_Z else "right" if z > 0 else "left"
        lines.append(Line(cells, {"sector": str(r["sector"]), "stress": stress}, _ids(r)))
    heads = [(_head("term", lang), ""), (_head("sector", lang), "")]
    for name in names.values():
        heads += [(f"{_head('count', lang)}: {name}", "number"), (f"{_head('share', lang)}: {name}", "number")]
    heads += [(_head(c, lang), "number") for c in ("log_odds", "z")]
    named = {**names, "neither": word("report", "alike", lang)}
    return _sheet("terms_diff", heads, lines, [_sectors(lang), ("stress", named.__getitem__)], lang)


def _statements(rows: list[dict[str, Any]], left: Plan, right: Plan, lang: str) -> Sheet:
    lines, plans = [], (left.plan_id, right.plan_id)
    for r in rows:
        cells = (
            Cell(value_name("statement", str(r["kind"]), lang), "label"),
            _change(r, lang, plans),
            _text(r["left_text"], lang),
            _text(r["right_text"], lang),
            _numeric(r["left_count"], lang),
            _numeric(r["right_count"], lang),
            _numeric(r["z"], lang, 2),
        )
        filters = {"statement": str(r["kind"]), "change": str(r["change"]), "sure": _sure(r["probability"])}
        lines.append(Line(cells, filters, _ids(r)))
    names = (plan_name(left.plan_id, lang), plan_name(right.plan_id, lang))
    heads = [(_head("kind", lang), ""), (_head("change", lang), ""), (names[0], "wide"), (names[1], "wide")]
    heads += [(f"{_head('count', lang)}: {name}", "number") for name in names] + [(_head("z", lang), "number")]
    choices = [(c, _coded(c, lang, plans)) for c in ("statement", "change")]
    return _sheet("statements_diff", heads, lines, [*choices, _sureness(lang)], lang)


def _head(column: str, lang: str) -> str:
    return word("column", column, lang)


def _coded(column: str, lang: str, plans: tuple[str, ...] = ()) -> Named:
    """How a column's values are called; with ``plans`` as befits plans of one province or of two."""
    return lambda value: change_name(value, lang, plans, column)


def _change(r: Row, lang: str, plans: tuple[str, ...]) -> Cell:
    """What happened, and whether that rests on a doubtful pair."""
    name = change_name(str(r["change"]), lang, plans)
    if r.get("doubtful") in (True, "true"):
        name = word("report", "perhaps", lang, change=name)
    return Cell(name, f"tag {r['change']}")


def _between(sheet: Sheet, plans: tuple[str, ...], lang: str) -> Sheet:
    """The sheet with what it says about itself put for plans of two provinces, where they are."""
    return replace(sheet, about=word("report", f"about_{sheet.name}_between", lang)) if between(plans) else sheet


def _sectors(lang: str) -> tuple[str, Named]:
    return ("sector", lambda value: sector_name(value, lang))


def _targets(rows: list[dict[str, Any]], left: Plan, right: Plan, lang: str) -> Sheet:
    lines, plans = [], (left.plan_id, right.plan_id)
    for r in rows:
        name = indicator_name(str(r["indicator_id"]), str(r["indicator_text"]), lang)
        unit = str(r["left_unit"] or r["right_unit"])
        cells = (
            Cell(short(name), "name"),
            _change(r, lang, plans),
            Cell(target_value(r, "left", lang)),
            Cell(target_value(r, "right", lang)),
            _numeric(r["difference"], lang),
            _numeric(r["ratio"], lang, 2),
            Cell(value_name("ambition", str(r.get("ambition", "")), lang)),
        )
        filters = {"change": str(r["change"]), "unit": unit, "ambition": str(r.get("ambition", ""))}
        lines.append(Line(cells, filters, _ids(r)))
    names = (plan_name(left.plan_id, lang), plan_name(right.plan_id, lang))
    heads = [(_head("indicator", lang), ""), (_head("change", lang), ""), (names[0], ""), (names[1], "")]
    heads += [(_head("difference", lang), "number"), (_head("ratio", lang), "number"), (_head("ambition", lang), "")]
    choices = [(c, _coded(c, lang, plans)) for c in ("change", "unit", "ambition")]
    return _between(_sheet("targets_diff", heads, lines, choices, lang), plans, lang)


def _ids(r: Row) -> tuple[str, ...]:
    return tuple(str(r[c]) for c in ("left_id", "right_id") if r[c])


def _tasks(rows: list[dict[str, Any]], left: Plan, right: Plan, lang: str) -> Sheet:
    lines, plans = [], (left.plan_id, right.plan_id)
    for r in rows:
        sure = "" if r["probability"] == "" else "below" if r.get("doubtful") in (True, "true") else "above"
        cells = (
            _change(r, lang, plans),
            _text(r["left_text"], lang),
            _text(r["right_text"], lang),
            Cell(
                _moved(_agencies(r["lead_left"], lang), _agencies(r["lead_right"], lang), str(r["lead_change"]), lang),
                "small",
            ),
            Cell(day(_moved(str(r["due_left"]), str(r["due_right"]), str(r["due_change"]), lang), lang), "small"),
            _numeric(r["probability"], lang, 2),
            Cell("", "judge"),
        )
        filters = {c: str(r[c]) for c in ("change", "sector", "lead_change", "due_change")} | {"sure": sure}
        pair = "task" if r["left_id"] and r["right_id"] else ""
        lines.append(Line(cells, filters, _ids(r), pair, str(r.get("decision", ""))))
    heads = [
        (_head("change", lang), ""),
        (plan_name(left.plan_id, lang), "wide"),
        (plan_name(right.plan_id, lang), "wide"),
    ]
    heads += [
        (_head("lead", lang), ""),
        (_head("due", lang), ""),
        (_head("probability", lang), "number"),
        (_head("decision", lang), "judge"),
    ]
    choices = [("change", _coded("change", lang, plans)), _sectors(lang)]
    choices += [(c, _coded(c, lang, plans)) for c in ("lead_change", "due_change")]
    return _between(_sheet("tasks_diff", heads, lines, [*choices, _sureness(lang)], lang), plans, lang)


def _sure(probability: Any) -> str:
    """below or above what counts as doubtful; empty without a probability."""
    return "" if probability == "" else "below" if float(probability) < DOUBTFUL else "above"


def _sureness(lang: str) -> tuple[str, Named]:
    limit = number(DOUBTFUL, lang)
    return "sure", lambda value: word("report", value, lang, limit=limit)


def _text(text: object, lang: str, most: int = _CLIP) -> Cell:
    return Cell(short(text, most), "text") if text else Cell(word("report", "no_partner", lang), "absent")


def _agencies(cell: object, lang: str) -> str:
    return "; ".join(agency_name(a, lang) for a in split(str(cell)))


def _moved(old: str, new: str, change: str, lang: str) -> str:
    """One text where both sides say the same, else old and new with an arrow between; a successor is told."""
    if old == new or (change == "same" and not new):
        return old
    told = f" ({value_name('lead_change', change, lang)})" if change == "successor" else ""
    return f"{old or '–'} → {new or '–'}{told}"


def _gaps(rows: list[dict[str, Any]], left: Plan, right: Plan, lang: str) -> Sheet:
    texts = {t.task_id: t.text for p in (left, right) for t in p.tasks}
    texts |= {t.target_id: t.text for p in (left, right) for t in p.targets}
    lines = []
    for r in rows:
        cells = (
            Cell(value_name("gap", gap_kind(r), lang), f"tag {r['gap']}"),
            Cell(plan_name(str(r["plan_id"]), lang), "label"),
            Cell(short(texts.get(str(r["task_id"]), "")), "text"),
            Cell(sector_name(str(r["sector"]), lang), "label"),
            Cell(_agencies(r["agency_id"], lang), "label"),
            Cell(short(detail_name(str(r["detail"]), lang), 2 * _CLIP), "small"),
        )
        quotes: tuple[str, ...] = (str(r["task_id"]),) if str(r["task_id"]) in texts else ()
        quotes += (str(r["counterpart_id"]),) if r["counterpart_id"] else ()
        lines.append(Line(cells, {"gap": gap_kind(r), "plan": str(r["plan_id"]), "sector": str(r["sector"])}, quotes))
    heads = [
        (_head(c, lang), "wide" if c == "text" else "") for c in ("gap", "plan", "text", "sector", "agency", "detail")
    ]
    filters = [("gap", _coded("gap", lang)), ("plan", lambda v: plan_name(v, lang)), _sectors(lang)]
    return _sheet("gaps", heads, lines, filters, lang)


def _alignment(rows: list[dict[str, Any]], left: Plan, right: Plan, lang: str) -> Sheet:
    texts = {
        getattr(item, f"{kind}_id"): item.text
        for p in (left, right)
        for kind in ("task", "target", "theme")
        for item in getattr(p, f"{kind}s")
    }
    lines = []
    kept = [r for r in rows if not _weak(r)]
    for r in kept:
        paired = bool(r["left_id"] and r["right_id"])
        p, held = r["probability"], "true" if r["accepted"] in (True, "true") else "false"
        most = _CLIP if held == "true" else _CLIP // 2  # candidates are many, and seldom read
        cells = (
            Cell(value_name("kind", str(r["kind"]), lang)),
            _text(texts.get(str(r["left_id"]), ""), lang, most),
            _text(texts.get(str(r["right_id"]), ""), lang, most),
            Cell(value_name("relation", str(r["relation"]), lang) if paired else ""),
            _numeric(p, lang, 2),
            Cell(value_name("accepted", held, lang) if paired else ""),
            Cell(short(_evidence(str(r["evidence"]), lang) or r["note"], most), "small"),
            Cell("", "judge"),
        )
        filters = {
            "kind": str(r["kind"]),
            "accepted": held if paired else "",
            "relation": str(r["relation"]) if paired else "",
        }
        filters["sure"] = _sure(p) if paired else ""
        pair = str(r["kind"]) if paired else ""
        lines.append(Line(cells, filters, _ids(r), pair, str(r["decision"])))
    heads = [
        (_head("kind", lang), ""),
        (plan_name(left.plan_id, lang), "wide"),
        (plan_name(right.plan_id, lang), "wide"),
    ]
    heads += [(_head("relation", lang), ""), (_head("probability", lang), "number")]
    heads += [(_head(c, lang), "judge" if c == "decision" else "") for c in ("accepted", "evidence", "decision")]
    choices = [(c, _coded(c, lang)) for c in ("kind", "accepted", "relation")]
    sheet = _sheet("alignment", heads, lines, [*choices, _sureness(lang)], lang)
    decided = Counter(str(r["decision"]) for r in rows if r["decision"])
    if decided:
        said = {v: number(float(decided[v]), lang) for v in ("accepted", "rejected")}
        sheet = replace(sheet, about=f"{sheet.about} {word('report', 'decided', lang, **said)}")
    if len(kept) == len(rows):
        return sheet
    left_out = word("report", "weak", lang, n=number(len(rows) - len(kept), lang), limit=number(_WEAK, lang))
    return replace(sheet, about=f"{sheet.about} {left_out}")


def _evidence(cell: str, lang: str) -> str:
    """The alignment's evidence ("terms: a, b; sector: health") with the names of its kinds, sectors and bodies."""
    names = "|".join(values_of("evidence"))

    def named(m: re.Match[str]) -> str:
        words = m["words"]
        if m["kind"] in ("sector", "agency"):
            call = sector_name if m["kind"] == "sector" else agency_name
            words = ", ".join(call(word.strip(), lang) for word in words.split(","))
        return f"{value_name('evidence', m['kind'], lang)}: {words}"

    return re.sub(rf"(?P<kind>\b(?:{names})\b): (?P<words>.*?)(?=; (?:{names}): |$)", named, cell)


def _weak(r: Row) -> bool:
    """Whether a row is a candidate that neither the alignment nor a person holds likely."""
    undecided = r["left_id"] and r["right_id"] and not r["decision"] and r["accepted"] not in (True, "true")
    return bool(undecided) and r["probability"] != "" and float(r["probability"]) < _WEAK


_BUILDERS: dict[str, Callable[[list[dict[str, Any]], Plan, Plan, str], Sheet]] = {
    "themes_diff": _themes,
    "terms_diff": _terms,
    "statements_diff": _statements,
    "targets_diff": _targets,
    "tasks_diff": _tasks,
    "gaps": _gaps,
    "alignment": _alignment,
}
