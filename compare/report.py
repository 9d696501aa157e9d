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
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from compare.findings import DOUBTFUL, SURE_Z, Finding, findings, target_value
from compare.lexicon import split
from compare.records import Plan
from compare.version import __version__
from compare.wording import (
    agency_name,
    indicator_name,
    number,
    percent,
    plan_name,
    sector_name,
    value_name,
    values_of,
    word,
)

if TYPE_CHECKING:
    from jinja2 import Environment

Row = Mapping[str, Any]
TABLES = ("themes_diff", "targets_diff", "tasks_diff", "gaps", "alignment")
# What the page's script says.
_SAID = (
    "shown", "rows", "open", "close", "no_quote", "place", "judged_n", "not_kept", "forget_sure", "more", "accept",
    "reject", "nothing",
)  # fmt: skip


def render(
    left: Plan, right: Plan, tables: Mapping[str, list[dict[str, Any]]], figures: Mapping[str, str], lang: str = "en"
) -> str:
    """The page as HTML text.

    ``tables``: rows of themes_diff, targets_diff, tasks_diff, gaps and alignment; ``figures``: SVG markup by name, as
    ``compare.figures.svg`` gives it, in the order in which they are shown. Raises ValueError for a language other
    than en and vi.
    """
    if lang not in ("en", "vi"):
        raise ValueError(f"unknown language {lang!r}: use en or vi")
    from markupsafe import Markup

    names = (plan_name(left.plan_id, lang), plan_name(right.plan_id, lang))
    script = _asset("report.js")
    page = _environment().get_template("report.html.j2").render(
        lang=lang,
        t=lambda key, **values: word("report", key, lang, **values),
        title=word("report", "title", lang, left=names[0], right=names[1]),
        cards=[_card(plan, side, lang) for plan, side in ((left, "left"), (right, "right"))],
        findings=[(f.text, _link(f)) for f in findings(left.plan_id, right.plan_id, tables, lang)],
        figures=[_figure(name, markup, n) for n, (name, markup) in enumerate(figures.items())],
        sheets=[_BUILDERS[name](_clean(tables.get(name, [])), left, right, lang) for name in TABLES],
        data=Markup(_data(left, right, lang)),
        style=Markup(_asset("report.css")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii"),
        version=__version__,
    )  # fmt: skip
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
    return (files("compare") / "templates" / name).read_text(encoding="utf-8")


def _link(finding: Finding) -> str:
    """A fragment that the page's script reads: which table, filtered by what."""
    return "#" + urlencode({"t": finding.table, **finding.filters}) if finding.table else ""


def _card(plan: Plan, side: str, lang: str) -> dict[str, Any]:
    """What the page's header says about a plan; what the text does not state stays out but for the title."""
    m = plan.metadata
    period = ""
    if m.period_start or m.period_end:
        period = word("report", "from_to", lang, start=m.period_start or "…", end=m.period_end or "…")
    counts = " / ".join(number(len(x), lang) for x in (plan.tasks, plan.targets, plan.warnings))
    facts = [
        ("doc_type", value_name("doc_type", m.doc_type, lang)),
        ("number", m.number),
        ("issuer", m.issuer),
        ("issued_on", m.issued_on),
        ("period", period),
        ("signer", m.signer),
        ("counts", counts),
        ("source", PurePath(plan.document.source).name),
        ("sha256", plan.document.sha256[:16]),
    ]
    shown = [(word("report", key, lang), one_line(value)) for key, value in facts if value]
    title = short(m.title) or word("report", "not_stated", lang)
    return {"side": side, "name": plan_name(plan.plan_id, lang), "title": title, "facts": shown, "lang": m.language}


def _figure(name: str, markup: str, n: int) -> dict[str, Any]:
    """A figure's SVG for the page: without prolog, comments and metadata, ids of its own, scaled by the page."""
    from markupsafe import Markup

    found = re.search(r"<title>(.*?)</title>", markup, re.S)
    title = Markup(found[1]).unescape() if found else name.replace("_", " ")
    body = re.sub(
        r"<!--.*?-->|<metadata>.*?</metadata>|<title>.*?</title>", "", markup[max(0, markup.find("<svg")) :], flags=re.S
    )
    body = re.sub(r'\b(id="|href="#|url\(#)', lambda m: f"{m[1]}f{n}-", body)
    size = re.search(r'<svg[^>]*?\bwidth="([\d.]+)pt"', body)
    body = re.sub(r'(<svg[^>]*?) (?:height="[^"]*" )?width="[^"]*"', r"\1", body, count=1)
    body = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", body, count=1)
    body = re.sub(r"\n+", "\n", body.replace("<svg", '<svg role="img" aria-label="{{label}}" class="plot"', 1))
    width = round(float(size[1]) * 4 / 3) if size else 690
    return {
        "name": name,
        "title": title,
        "width": width,
        "svg": Markup(body.replace("{{label}}", str(Markup.escape(title)), 1)),
    }


def _data(left: Plan, right: Plan, lang: str) -> str:
    """What the page's script needs, as JSON that cannot end the element that it stands in."""
    items: dict[str, tuple[int, int, int]] = {}
    sectors: dict[str, list[str]] = {}
    for n, plan in enumerate((left, right)):
        at = _utf16(plan.text)
        for kind in ("task", "target", "theme"):
            for item in getattr(plan, f"{kind}s"):
                items[getattr(item, f"{kind}_id")] = (n, at(item.start), at(item.end))
        for t in plan.tasks:
            sectors.setdefault(t.sector, []).append(t.task_id)
    found = {
        "plans": [{"id": p.plan_id, "name": plan_name(p.plan_id, lang), "text": p.text} for p in (left, right)],
        "store": f"plandiff:{left.document.sha256[:24]}:{right.document.sha256[:24]}",
        "items": items,
        "sectors": sectors,
        "words": {key: word("report", key, lang) for key in _SAID},
        "lang": lang,
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", text)


def _utf16(text: str) -> Callable[[int], int]:
    """Turns an index into ``text`` into one of JavaScript's, which counts characters beyond U+FFFF twice."""
    wide = [i for i, c in enumerate(text) if ord(c) > 0xFFFF] if text and max(text) > "\uffff" else []
    return (lambda at: at + bisect_left(wide, at)) if wide else (lambda at: at)


