"""One self-contained HTML page on two plans: findings, figures, tables to search, filter and judge pairs on.

The page sends nothing and loads nothing (a content security policy in it says so to the browser); quotations are
cut out of the plans' texts, which it carries, by the spans of the rows.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import unescape
from importlib.resources import files
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from compare.findings import Finding, findings
from compare.records import Plan
from compare.report.tables import UNSEEN, Line, one_line, sheets, short
from compare.version import __version__
from compare.wording import day, number, plan_name, value_name, word

if TYPE_CHECKING:
    from jinja2 import Environment

# What the page's script says.
_SAID = (
    "shown", "rows", "open", "close", "no_quote", "place", "judged_n", "not_kept", "forget_sure", "more", "accept", "reject",
)  # fmt: skip

_DATA = '<script type="application/json" id="data">'


def render(
    left: Plan,
    right: Plan,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    figures: Mapping[str, str],
    lang: str = "en",
) -> str:
    """The page as HTML text.

    ``tables``: rows of themes_diff, terms_diff, statements_diff, targets_diff, tasks_diff, gaps and alignment; ``figures``: SVG markup by name, as
    ``compare.figures.svg`` gives it, in the order in which they are shown. Raises ValueError for a language other
    than en and vi.
    """
    if lang not in ("en", "vi"):
        raise ValueError(f"unknown language {lang!r}: use en or vi")
    from markupsafe import Markup

    names = (plan_name(left.plan_id, lang), plan_name(right.plan_id, lang))
    items = _items(left, right)
    places = {row[0]: n for n, row in enumerate(items)}
    script = _asset("report.js")
    page = _environment().get_template("report.html.j2").render(
        lang=lang,
        t=lambda key, **values: word("report", key, lang, **values),
        title=word("report", "title", lang, left=names[0], right=names[1]),
        cards=[_card(plan, side, lang) for plan, side in ((left, "left"), (right, "right"))],
        findings=[(f.text, _link(f)) for f in _findings(left, right, tables, lang)],
        figures=[_figure(name, markup, n) for n, (name, markup) in enumerate(figures.items())],
        sheets=sheets(left, right, tables, lang),
        quotes=lambda line: _quotes(line, places),
        style=Markup(_asset("report.css")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii"),
        version=__version__,
    )  # fmt: skip
    page = UNSEEN.sub("", page).replace(_DATA, _DATA + _data(left, right, items, lang), 1)
    return page.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("compare", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=2)
def _asset(name: str) -> str:
    """A part of the page as it stands between its tags; the policy's hash is of exactly these characters."""
    return (files("compare") / "templates" / name).read_text(encoding="utf-8")


def _findings(left: Plan, right: Plan, tables: Mapping[str, Sequence[Mapping[str, Any]]], lang: str) -> list[Finding]:
    """The findings; that both plans are one text comes before them."""
    same = [Finding(word("finding", "same_text", lang))] if left.text == right.text else []
    return [*same, *findings(left.plan_id, right.plan_id, tables, lang)]


def _link(finding: Finding) -> str:
    """A fragment that the page's script reads: which table, filtered by what."""
    return "#" + urlencode({"t": finding.table, **finding.filters}) if finding.table else ""


def _card(plan: Plan, side: str, lang: str) -> dict[str, Any]:
    """What the page's header says about a plan; what the text does not state is left out, but for the title."""
    m = plan.metadata
    period = ""
    if m.period_start or m.period_end:
        period = word(
            "report", "from_to", lang, start=day(m.period_start, lang) or "…", end=day(m.period_end, lang) or "…"
        )
    facts = [
        ("doc_type", value_name("doc_type", m.doc_type, lang)),
        ("number", m.number),
        ("issuer", m.issuer),
        ("issued_on", day(m.issued_on, lang)),
        ("period", period),
        ("signer", m.signer),
        ("counts", " / ".join(number(len(x), lang) for x in (plan.tasks, plan.targets, plan.warnings))),
        ("source", PurePath(plan.document.source).name),
        ("sha256", plan.document.sha256[:16]),
    ]
    shown = [(word("report", key, lang), one_line(value)) for key, value in facts if value]
    title = short(m.title) or word("report", "not_stated", lang)
    return {"side": side, "name": plan_name(plan.plan_id, lang), "title": title, "facts": shown, "lang": m.language}


_IDS = re.compile(r'\sid="([^"]*)"')
_LINKS = re.compile(r'(?:xlink:)?href="#([^"]*)"|url\(#([^)]*)\)')
_UNUSED = re.compile(
    r"""<!--.*?-->|<metadata>.*?</metadata>|<title>.*?</title>|<style[^>]*>.*?</style>
    |\s(?:xmlns:xlink|version)="[^"]*"|(?<=\d)pt(?=")""",
    re.S | re.X,
)


def _figure(name: str, markup: str, n: int) -> dict[str, Any]:
    """A figure's SVG for the page: without what only a file needs, ids short and its own, its size left to the page."""
    from markupsafe import Markup, escape

    found = re.search(r"<title>(.*?)</title>", markup, re.S)
    title = unescape(found[1]) if found else name.replace("_", " ")
    head, _, body = _UNUSED.sub("", markup[max(0, markup.find("<svg")) :]).partition(">")
    box = re.search(r'viewBox="[-\d. ]+"', head)
    used = dict.fromkeys(m[1] or m[2] for m in _LINKS.finditer(body))
    short_id = {old: f"f{n}{i:x}" for i, old in enumerate(used, start=16)}
    body = _IDS.sub(lambda m: f' id="{short_id[m[1]]}"' if m[1] in short_id else "", body)
    body = _LINKS.sub(lambda m: f'href="#{short_id[m[1]]}"' if m[1] else f"url(#{short_id[m[2]]})", body)
    # a hundredth of a point is finer than any screen; factors below 1 keep their digits
    body = re.sub(r"([1-9]\d*\.\d\d)\d+", r"\1", re.sub(r"\s*\n\s*", "\n", body))
    body = re.sub(r'(<use [^>]*)transform="translate\(([\d.]+) 0\)"', r'\1x="\2"', body)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" {box[0] if box else ""}'
    style = 'stroke-linejoin="round" stroke-linecap="butt"'
    return {"name": name, "title": title, "svg": Markup(f"{opening} {style}>{body}")}


Place = tuple[str, int, int, int]


def _items(left: Plan, right: Plan) -> list[Place]:
    """All items: id, side (0, 1), start and end as JavaScript counts them. Of equal ids the first counts."""
    found: dict[str, Place] = {}
    for side, plan in enumerate((left, right)):
        at = _utf16(plan.text)
        for kind in ("task", "target", "theme"):
            for item in getattr(plan, f"{kind}s"):
                name = getattr(item, f"{kind}_id")
                found.setdefault(name, (name, side, at(item.start), at(item.end)))
    return list(found.values())


def _utf16(text: str) -> Callable[[int], int]:
    """Turns an index into ``text`` into one of JavaScript's, which counts characters beyond U+FFFF twice."""
    wide = [i for i, c in enumerate(text) if ord(c) > 0xFFFF] if text and max(text) > "\uffff" else []
    return (lambda at: at + bisect_left(wide, at)) if wide else (lambda at: at)


def _quotes(line: Line, places: Mapping[str, int]) -> str:
    """The items that a row quotes, by their numbers; "sector:" and a sector as it is."""
    return " ".join(
        q if q.startswith("sector:") else str(places[q]) for q in line.quotes if q in places or "sector:" in q
    )


def _data(left: Plan, right: Plan, items: Sequence[Place], lang: str) -> str:
    """What the page's script needs, as JSON that cannot end the element that it stands in."""
    places = {row[0]: n for n, row in enumerate(items)}
    sectors: dict[str, list[int]] = {}
    for plan in (left, right):
        for t in plan.tasks:
            if t.sector:
                sectors.setdefault(t.sector, []).append(places[t.task_id])
    found = {
        "plans": [{"id": p.plan_id, "name": plan_name(p.plan_id, lang), "text": p.text} for p in (left, right)],
        "store": f"plandiff:{left.document.sha256[:24]}:{right.document.sha256[:24]}",
        "items": items,
        "sectors": sectors,
        "words": {key: word("report", key, lang) for key in _SAID},
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", text)
