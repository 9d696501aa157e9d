"""Composes the stages: read -> normalise -> structure -> extract -> classify. No logic of its own beyond the wiring."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from compare import register
from compare.classify import classify
from compare.errors import NotAPlanError
from compare.extract.agencies import own_words
from compare.extract.citations import citations
from compare.extract.deadlines import deadlines
from compare.extract.formulas import orders_each, states_directive
from compare.extract.item import Item
from compare.extract.items import items
from compare.extract.language import language
from compare.extract.metadata import metadata, plan_id
from compare.extract.periods import period_above
from compare.extract.spelling import grouped, readings
from compare.extract.target_rows import product_targets, row_targets
from compare.extract.targets import targets
from compare.extract.themes import themes
from compare.lexicon import agencies, agency_now
from compare.normalise import Ranges, Working, bounded, key, slug, squeeze, working
from compare.read import read_document
from compare.records import (
    Assignment,
    Deadline,
    Document,
    Doubt,
    Mention,
    Metadata,
    Outline,
    Paragraph,
    Plan,
    Reference,
    Section,
    Span,
    Target,
    Task,
    Theme,
)
from compare.structure.broken_rows import whole_rows
from compare.structure.lines import head_of
from compare.structure.outline import outline


def read_plan(source: str | Path) -> Plan:
    """Reads and parses one plan from a path (``-`` for standard input) or by the id of a registered plan.

    Raises ReadError where the file cannot be read, NotAPlanError where it holds no directive, target or theme.
    """
    return parse(read_document(register.resolve(str(source))))


def read_plans(sources: Iterable[str | Path]) -> list[Plan]:
    """Several plans; where two would share an id, the later ones get ``~2``, ``~3`` behind it."""
    plans: list[Plan] = []
    taken: Counter[str] = Counter()
    for source in sources:
        plan = read_plan(source)
        taken[plan.plan_id] += 1
        if taken[plan.plan_id] > 1:
            plan = renamed(plan, f"{plan.plan_id}~{taken[plan.plan_id]}")
        plans.append(plan)
    return plans


def parse(document: Document) -> Plan:
    """Everything that a document says, with spans into ``document.text``."""
    work = whole_rows(working(document.text))
    text = work.text
    shape = outline(text)
    meta = metadata(text, shape)
    found, warnings = items(text, shape)
    name = plan_id(meta, Path(document.source).stem)
    aims = _targets(text, shape, found, meta, warnings)
    aimed = Ranges((t.start, t.end) for t in aims)
    kept = [i for i in found if i.kind in ("task", "finding") and not _only_target(text, i, aimed)]
    read = [(p.start, p.end) for p in shape.paragraphs if p.kind not in ("admin", "noise", "note")]
    cited, odd = citations(text, read, meta.issued_on, meta.period_end)
    warnings.extend(odd)
    builder = _Builder(text, name, meta, warnings, cited)
    tasks = [builder.task(i) for i in kept]
    builder.settle()
    broad = themes(text, shape, found)
    if not tasks and not aims and not broad:
        raise NotAPlanError(document.source, "no task, target or theme found", "is this the text of a plan?")
    sections = tuple(_named(s, name) for s in shape.sections)
    section = _innermost([(s.start, s.end, (-s.level, -s.start), s.section_id) for s in sections])
    task = _innermost([(t.start, t.end, (n, 0), t.task_id) for n, t in enumerate(tasks)])
    cited = [replace(r, task_id=task(r.start), section_id=section(r.start)) for r in cited]
    plan = Plan(
        plan_id=name,
        document=document,
        metadata=meta,
        sections=sections,
        tasks=tuple(tasks),
        assignments=tuple(builder.assignments),
        targets=tuple(replace(t, target_id=f"{name}/T{n}", section_id=section(t.start)) for n, t in enumerate(aims, 1)),
        themes=tuple(_coded(text, t, f"{name}/H{n}") for n, t in enumerate(broad, 1)),
        references=tuple(cited),
        warnings=tuple(sorted(warnings, key=lambda w: (w.start, w.code))),
        covered=tuple(_covered(shape, found)),
    )
    moved = _at_source(plan, work)
    told = (*moved.warnings, *document.warnings, *_mixed_languages(moved))
    return replace(moved, warnings=tuple(sorted(told, key=lambda w: (w.start, w.code))))


# Below this share of its tasks a second language is a quotation, above it a translation.
_MIXED = 0.1


def _mixed_languages(plan: Plan) -> list[Doubt]:
    """A plan in several languages was probably translated by a machine: names and numbers deserve a look."""
    counts = Counter(t.language for t in plan.tasks if t.language)
    others = [(n, lang) for lang, n in counts.items() if lang != "vi" and n >= _MIXED * len(plan.tasks)]
    if not others or len(counts) < 2:
        return []
    first = next(t for t in plan.tasks if t.language == max(others)[1])
    share = max(others)[0] / len(plan.tasks)
    said = f"{share:.0%} of the tasks are in {max(others)[1]}, the rest is not: a machine translation is likely"
    return [Doubt("mixed_languages", said, first.start, first.end)]


_DIGIT = re.compile(r"\d")


def _targets(text: str, shape: Outline, found: list[Item], meta: Metadata, warnings: list[Doubt]) -> list[Target]:
    """Targets of the body's paragraphs: in sentences that are tasks, themes or statements, not in results."""
    starts: dict[int, list[Item]] = {}
    for item in found:
        if item.row is None and item.kind not in ("finding", "label") and item.zone != "situation":
            at = bisect_right(shape.paragraphs, item.start, key=lambda p: p.start)
            p = shape.paragraphs[at - 1] if at else None
            if p is not None and item.start < p.end and not (item.kind == "context" and _tells_of_past(text, p, meta)):
                starts.setdefault(p.start, []).append(item)
    result: list[Target] = []
    period = _own_period(meta)
    for p in shape.paragraphs:
        counts = p.start in starts and _DIGIT.search(text, p.start, p.end) is not None
        if counts and (p.part != "preamble" or p.section_id or not meta.signer):
            here = starts[p.start]
            spans = [Span(i.start, i.end) for i in here]
            own = period_above(text, here[0].headings) or period
            aims = here[0].zone == "objective"
            orders = {i.start for i in here if i.kind == "task"}
            result.extend(targets(text, p.start, p.end, spans, meta.year, own, warnings, aims, orders))
    tables = row_targets(text, shape.rows, period, warnings)
    products = product_targets(text, shape.rows, meta.year, period, warnings)
    return sorted((*result, *tables, *products), key=lambda t: t.start)  # a row's in the order of its columns


_PAST = bounded(r"\s*(?:trong\s+)?(?:năm|quý\s+[IV]+,?|6\s+tháng\s+đầu\s+năm|år)\s+(20\d\d)", re.IGNORECASE)


def _tells_of_past(text: str, p: Paragraph, meta: Metadata) -> bool:
    """A paragraph of narrative that opens with a year before the plan's."""
    m = _PAST.match(text, p.start, p.end)
    return m is not None and meta.year is not None and int(m.group(1)) < meta.year


def _own_period(meta: Metadata) -> str:
    if meta.period_start and meta.period_end and meta.period_start[:4] != meta.period_end[:4]:
        return f"{meta.period_start[:4]}-{meta.period_end[:4]}"
    return str(meta.year or "")


def _only_target(text: str, item: Item, aims: Ranges) -> bool:
    """A sentence that states a number to reach and directs nobody is a target, not a task."""
    if not aims.begin_in(item.start, item.end) or (not item.leads_inherited and item.leads):
        return False
    here = text[head_of(text, item.start, item.end).body : item.end]
    return not states_directive(here) and not orders_each(here)


# Records with a span and words that were read from it.
R = TypeVar("R", Section, Task, Assignment, Target, Theme, Reference, Doubt)


class _Builder:
    """Turns items into tasks with their assignments; numbers them within their sections."""

    def __init__(
        self, text: str, name: str, meta: Metadata, warnings: list[Doubt], cited: Sequence[Reference] = ()
    ) -> None:
        self.text, self.name, self.meta, self.warnings = text, name, meta, warnings
        self.cited, self._cited_at = cited, [r.start for r in cited]
        self.assignments: list[Assignment] = []
        self._unsure: dict[Span, Mention] = {}
        self._headings: dict[tuple[Span, ...], str] = {}
        self._count: Counter[str] = Counter()

    def task(self, item: Item) -> Task:
        task_id = self._id(item)
        for role, bodies, inherited in (
            ("lead", item.leads, item.leads_inherited),
            ("coordinate", item.coordinators, item.coordinators_inherited),
        ):
            self._assign(task_id, role, bodies, inherited, item)
        due = self._due(item)
        skip = tuple(Span(m.start, m.end) for m in (*item.leads, *item.coordinators))
        leads = tuple(m.agency_id for m in item.leads)
        coding = classify(self.text, item.start, item.end, item.headings, leads, skip)
        product = item.attributes.get("product")
        text = self.text[item.start : item.end]
        first = due[0] if due else None
        if not leads and item.kind == "task" and item.row is None and item.part != "annex":
            self.warnings.append(
                Doubt("no_lead", "no body is named here or in the headings above", item.start, item.end)
            )
        if not coding.sectors:
            near = f"; nearest: {'; '.join(coding.nearest)}" if coding.nearest else ""
            self.warnings.append(Doubt("no_sector", f"no term of the taxonomy fits{near}", item.start, item.end))
        return Task(
            task_id=task_id,
            section_id=_full(self.name, item.section_id),
            part=item.part,
            kind=item.kind,
            text=text,
            language=language(text) or self.meta.language,
            start=item.start,
            end=item.end,
            product=squeeze(product.of(self.text)).rstrip(".") if product else "",
            due_text=first.text if first else "",
            due_start=first.due_start if first else "",
            due_end=first.due_end if first else "",
            due_kind=first.kind if first else "",
            due_more=tuple(f"{squeeze(d.text)}|{d.due_start}|{d.due_end}" for d in due[1:]),
            sector=coding.sectors[0] if coding.sectors else "",
            sector_evidence=coding.evidence,
            sectors=coding.sectors,
            action=_action(text),
            cites=self._cites(item),
            heading=self._above(item.headings),
            nearest=coding.nearest,
        )

    def _above(self, headings: tuple[Span, ...]) -> str:
        """The headings over an item, the outermost first; the same ones stand over many items."""
        if headings not in self._headings:
            self._headings[headings] = " / ".join(squeeze(h.of(self.text)) for h in headings)
        return self._headings[headings]

    def _cites(self, item: Item) -> tuple[str, ...]:
        here = slice(bisect_left(self._cited_at, item.start), bisect_left(self._cited_at, item.end))
        return tuple(dict.fromkeys(r.number for r in self.cited[here]))

    def _id(self, item: Item) -> str:
        """The id of an item's task: its section, or its row's number there, and a number of its own."""
        if item.row is not None:
            base = "/".join(x for x in (item.section_id, item.row.number) if x)
            self._count[base] += 1
            return _full(self.name, base if self._count[base] == 1 else f"{base}~{self._count[base]}")
        self._count[item.section_id] += 1
        return _full(self.name, f"{item.section_id}#{self._count[item.section_id]}")

    def _assign(self, task_id: str, role: str, bodies: list[Mention], inherited: bool, item: Item) -> None:
        seen: set[tuple[str, str]] = set()
        for m in bodies:
            which = (m.agency_id, own_words(self.text, m))
            if which in seen:
                continue
            seen.add(which)
            own = item.start <= m.start < item.end
            now = agency_now(m.agency_id, self.meta.province)
            words = self.text[m.start : m.end]
            self.assignments.append(
                Assignment(
                    task_id, role, m.agency_id, now, words, inherited and not own and item.row is None, m.start, m.end
                )
            )
            if m.how in ("typo", "unknown"):
                self._unsure.setdefault(Span(m.start, m.end), m)

    def settle(self) -> None:
        """Gives near spellings of an unknown body one id, and tells every reading of a name, once a place."""
        unknown = {s: squeeze(s.of(self.text)) for s, m in sorted(self._unsure.items()) if m.how == "unknown"}
        read_as = grouped(unknown.values())
        for span, m in self._unsure.items():
            said = squeeze(span.of(self.text))
            if m.how == "typo":
                self.warnings.append(Doubt("agency_typo", f"“{said}” read as {agencies()[m.agency_id].name_vi}", *span))
            else:
                self.warnings.append(Doubt("unknown_agency", _unknown(said, read_as[said]), *span))
        settled = []
        for a in self.assignments:
            if (span := Span(a.start, a.end)) in unknown:
                name = slug(read_as[unknown[span]])
                a = replace(a, agency_id=name, agency_now=name)
            settled.append(a)
        self.assignments = _once(settled)

    def _due(self, item: Item) -> list[Deadline]:
        cell = item.attributes.get("due")
        found = deadlines(self.text, cell.start, cell.end, self.meta.year, cell=True) if cell else []
        if item.row is None and not found:
            found = deadlines(self.text, item.start, item.end, self.meta.year)
        other = item.attributes.get("due_else")
        if other and not found:
            found = deadlines(self.text, *other, self.meta.year, cell=True)
        return found


def _unknown(said: str, read_as: str) -> str:
    if key(said) != key(read_as):
        return f"“{said}” is in no lexicon; read as “{read_as}” named elsewhere"
    near = " or ".join(agencies()[a].name_vi for a in readings(key(said)))
    return f"“{said}” is in no lexicon; its id is a slug" + (f"; it may be {near}" if near else "")


def _once(assignments: list[Assignment]) -> list[Assignment]:
    """Without a body's second mention in one role of a task; named districts share an id and stay."""
    seen: set[tuple[str, str, str]] = set()
    result = []
    for a in assignments:
        which = (a.task_id, a.role, a.agency_id)
        if which not in seen or a.agency_id in agencies():
            result.append(a)
        seen.add(which)
    return result


_WORDS_OF_ACTION = bounded(r"[\s\-–+•]*(?:(?:\d+[.)]|[a-zđ]\))\s*)?(?P<words>\w+(?:\s+\w+)?)")


def _action(text: str) -> str:
    """The first two words of a directive, for showing."""
    m = _WORDS_OF_ACTION.match(text)
    return squeeze(m.group("words")) if m else ""


def _innermost(spans: list[tuple[int, int, tuple[int, int], str]]) -> Callable[[int], str]:
    """The name of the span that holds a position, empty where none does; of several the one that sorts first.

    ``spans`` are (start, end, place in the order, name).
    """
    opening = sorted(spans)
    open_: list[tuple[tuple[int, int], int, str]] = []
    borders = sorted({border for start, end, _, _ in spans for border in (start, end)})
    names: list[str] = []
    n = 0
    for at in borders:
        open_ = [span for span in open_ if span[1] > at]
        while n < len(opening) and opening[n][0] == at:
            open_.append((opening[n][2], opening[n][1], opening[n][3]))
            n += 1
        names.append(min(open_)[2] if open_ else "")

    def name(at: int) -> str:
        here = bisect_right(borders, at)
        return names[here - 1] if here else ""

    return name


def _coded(text: str, theme: Theme, theme_id: str) -> Theme:
    coding = classify(text, theme.start, theme.end, (), ())
    return replace(theme, theme_id=theme_id, sector=coding.sectors[0] if coding.sectors else "")


def _covered(shape: Outline, found: list[Item]) -> list[Span]:
    """Headings, titles, legal bases, cells, notes, letterheads and every sentence; a portal's noise is none."""
    known = [Span(p.start, p.end) for p in shape.paragraphs if p.kind not in ("prose", "item", "noise")]
    told = [Span(i.start, i.end) for i in found]
    return sorted({*known, *told, *(Span(p.start, p.body) for p in shape.paragraphs if p.kind != "noise")})


def uncoded(plan: Plan) -> list[Task]:
    """The tasks of a plan that fit no sector; ``nearest`` tells what came nearest."""
    return [t for t in plan.tasks if not t.sector]


def _full(name: str, part: str) -> str:
    """The id of a part of the plan ``name``; none for no part."""
    return f"{name}/{part}" if part else ""


def _named(section: Section, name: str) -> Section:
    return replace(section, section_id=_full(name, section.section_id), parent_id=_full(name, section.parent_id))


def renamed(plan: Plan, name: str) -> Plan:
    """The plan under an id: ids of its parts start with ``name`` and a slash."""

    def full(part: str) -> str:
        return _full(name, part.removeprefix(f"{plan.plan_id}/"))

    return replace(
        plan,
        plan_id=name,
        sections=tuple(replace(s, section_id=full(s.section_id), parent_id=full(s.parent_id)) for s in plan.sections),
        tasks=tuple(replace(t, task_id=full(t.task_id), section_id=full(t.section_id)) for t in plan.tasks),
        assignments=tuple(replace(a, task_id=full(a.task_id)) for a in plan.assignments),
        targets=tuple(replace(t, target_id=full(t.target_id), section_id=full(t.section_id)) for t in plan.targets),
        themes=tuple(replace(t, theme_id=full(t.theme_id)) for t in plan.themes),
        references=tuple(replace(r, section_id=full(r.section_id), task_id=full(r.task_id)) for r in plan.references),
    )


def _at_source(plan: Plan, work: Working) -> Plan:
    """Moves every span from the working text to the source, and every quotation with it."""
    source = plan.document.text
    if source == work.text:
        return plan  # nothing moved

    def moved(record: R, said: str = "") -> R:
        """The record at its place in the source; ``said`` is the field that quotes it."""
        start, end = work.source(record.start, record.end)
        if said == "agency_text" and (wall := source.find("|", start, end)) > 0:  # a name on two lines of a row
            end = start + len(source[start:wall].rstrip())
        new: dict[str, Any] = {} if (start, end) == (record.start, record.end) else {"start": start, "end": end}
        if said and getattr(record, said) != source[start:end]:
            new[said] = source[start:end]
        return replace(record, **new) if new else record

    return replace(
        plan,
        sections=tuple(moved(s) for s in plan.sections),
        tasks=tuple(moved(t, "text") for t in plan.tasks),
        assignments=tuple(moved(a, "agency_text") for a in plan.assignments),
        targets=tuple(moved(t, "text") for t in plan.targets),
        themes=tuple(moved(t, "text") for t in plan.themes),
        references=tuple(moved(r) for r in plan.references),
        warnings=tuple(moved(w) for w in plan.warnings),
        covered=tuple(work.source(*s) for s in plan.covered) if work.origin else plan.covered,
    )
