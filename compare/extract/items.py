"""Walks the outline and tells what each sentence is: a task, a finding, a theme, a target, or narrative.

Bodies named in a heading, or at the head of an item, hold for all that stands under it: for deeper markers and
unmarked paragraphs, until a marker of the same or an outer rank. In documents without numbering (a directive with one
paragraph a department) a paragraph that names its own leads opens such a block.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise

from compare.extract.agencies import listed, mentions, own_words
from compare.extract.assignments import Stated, stated
from compare.extract.formulas import (
    AMOUNT,
    CLAUSE,
    CLOSES_PLAN,
    CONCLUDES,
    DETAIL,
    NARRATIVE,
    OBLIGES,
    OPERATIVE,
    ORDERS,
    POINTS,
    PREFIX,
    PURPOSE,
    RESULT,
    THEMATIC,
    TOPIC,
    TOWARDS,
    WHEN,
    only_assigns,
    unknown_body,
    zone_of,
)
from compare.extract.item import Item
from compare.extract.rows import row_items, without_lead
from compare.extract.segments import names_only, segments
from compare.extract.trailers import Trailer, aside, closing_time, group, trailer
from compare.normalise import is_titled
from compare.patterns import ATTRIBUTE, FURTHER, RANKS, STARTS_DIRECTIVE
from compare.records import Doubt, Mention, Outline, Paragraph, Span

_SECTION = 200  # tasks that a note on a section may reach back to
_BLOCK_RANK = RANKS["dash"] - 0.5  # a paragraph of its own holds for the bullets under it


@dataclass(frozen=True, slots=True)
class _Context:
    """Bodies that hold from a marker of ``rank`` on."""

    rank: float
    leads: tuple[Mention, ...]
    coordinators: tuple[Mention, ...]
    due: Span | None = None


def items(text: str, outline: Outline) -> tuple[list[Item], list[Doubt]]:
    """Every sentence of the document that is content, with what it is and whom it charges."""
    walk = _Walk(text, outline)
    for index in range(len(outline.paragraphs)):
        walk.take(index)
    rows = row_items(text, outline.rows)
    walk.warnings.extend(without_lead(rows))
    return sorted(walk.items + walk.labels + rows, key=lambda i: i.start), walk.warnings


def _with_aside(said: Stated, told: Trailer) -> Stated:
    """A sentence's bodies with those of the aside that closes it; bodies named before it stay its leads."""
    here = [m for m in said.leads if m.end <= told.span.start]
    if here and told.leads:
        return said
    helpers = [m for m in said.coordinators if m.end <= told.span.start]
    known = {m.agency_id for m in told.coordinators}
    return replace(
        said,
        leads=tuple(here) or told.leads,
        coordinators=(*(m for m in helpers if m.agency_id not in known), *told.coordinators),
        replaces=said.replaces or bool(told.leads),
    )


class _Walk:
    """The state of a walk: open contexts, the zone that the headings make, the items so far."""

    def __init__(self, text: str, outline: Outline) -> None:
        self.text, self.outline = text, outline
        self.items: list[Item] = []
        self.labels: list[Item] = []
        self.warnings: list[Doubt] = []
        self.contexts: list[_Context] = []
        self.zones: list[tuple[float, str, Span]] = []
        self.starts = [p.start for p in outline.paragraphs]
        self.parents = {s.section_id: s.parent_id for s in outline.sections}

    def take(self, index: int) -> None:
        p = self.outline.paragraphs[index]
        if p.kind in ("admin", "noise", "note", "basis", "cell"):
            return
        if p.kind == "title":
            self.contexts.clear()
            self.zones.clear()
        elif p.kind == "attribute" and not self._is_open_label(p):
            self._attribute(p)
        else:
            if p.rank >= 0:
                self._leave(p.rank)
            elif CONCLUDES.match(self.text, p.start, p.end):
                self._leave(0)
            if self._group(p):
                return
            if p.kind in ("heading", "attribute"):
                self._heading(p)
            else:
                self._paragraph(p, self._is_titled(index))

    def _is_open_label(self, p: Paragraph) -> bool:
        """ "b) Chủ trì:" with nothing behind it: it introduces what stands under it, and says nothing of what is above."""
        return 0 <= p.rank <= RANKS["paren"] and self.text[p.body : p.end].rstrip().endswith(":")

    def _is_titled(self, index: int) -> bool:
        """Whether lines like "Cơ quan chủ trì: ..." stand right under this paragraph."""
        following = self.outline.paragraphs[index + 1 : index + 2]
        return bool(following) and following[0].kind == "attribute"

    def _leave(self, rank: float) -> None:
        self.contexts = [c for c in self.contexts if c.rank < rank]
        self.zones = [z for z in self.zones if z[0] < rank]

    def _zone(self) -> str:
        return self.zones[-1][1] if self.zones else ""

    def _heading(self, p: Paragraph) -> None:
        said = stated(self.text, p.start, p.end, p.body)
        title = Span(p.body, p.end)
        rank = self._rank(p)
        if p.rank < 0 and (title.of(self.text).isupper() or is_titled(self.text, p.start)):
            rank = self._rank_above(p, title.of(self.text).isupper())
            self._leave(rank)
        elif p.rank < 0 and ORDERS.search(title.of(self.text)) and not said.leads:
            rank = self._rank_above(p, True)
            self.zones.append((rank, "execution", title))
            return
        self._open_zone(rank, title)
        self._introduce(rank, said)

    def _introduce(self, rank: float, said: Stated) -> None:
        """The bodies of a heading hold for what stands under it; where it only names helpers, the leads are those above."""
        if said.leads or said.coordinators:
            above = next((c.leads for c in reversed(self.contexts) if c.rank < rank), ())
            self.contexts.append(_Context(rank, said.leads or above, said.coordinators))

    def _rank(self, p: Paragraph) -> float:
        return p.rank if p.rank >= 0 else _BLOCK_RANK

    def _rank_above(self, p: Paragraph, wide: bool) -> float:
        """The rank of a heading without a number: right above the next marker, a title in capitals above others."""
        at = bisect_right(self.starts, p.start)
        near = self.outline.paragraphs[at : at + 12]
        following = next((q.rank for q in near if q.rank >= 0 and q.kind in ("item", "heading")), RANKS["dash"])
        return following - (0.75 if wide else 0.5)

    def _open_zone(self, rank: float, title: Span) -> None:
        zone = zone_of(title.of(self.text))
        inherited = self._zone()
        if zone in ("", "task_group") and inherited not in ("", "task_group", "objective", "purpose"):
            zone = inherited
        self.zones.append((rank, zone or inherited, title))

    def _paragraph(self, p: Paragraph, titled: bool) -> None:
        spans = segments(self.text, p)
        if not spans:
            return
        if p.rank >= 0 and p.rank <= RANKS["num1"]:
            prefix = PREFIX.match(self.text, p.body, spans[0].end)
            if prefix and zone_of(prefix.group("prefix")) and prefix.group("prefix").isupper():
                self._open_zone(p.rank, Span(p.body, prefix.end("prefix")))
        spans = self._split_bodies(p, spans)
        said = [stated(self.text, s.start, s.end, p.body if i == 0 else None) for i, s in enumerate(spans)]
        asides = [None if x.finding else aside(self.text, s, x.mentions) for s, x in zip(spans, said, strict=True)]
        said = [_with_aside(x, told) if told else x for x, told in zip(said, asides, strict=True)]
        first = next((i for i, s in enumerate(said) if s.leads), None)
        if p.rank < 0 and len(spans) == 1 and names_only(self.text, *spans[0]):
            self._leave_unmarked(self._rank(p))
            self.labels.append(Item("label", p.start, p.end, p.section_id, p.part, self._zone()))
            self._heading(p)  # a line of bodies by itself: a heading without a marker
            return
        whole_finding = any(s.finding for s in said)
        made: list[Item] = []
        for i, (span, one, told) in enumerate(zip(spans, said, asides, strict=True)):
            if self._goes_on(p, made, span, one, i):
                continue
            if one.leads and not whole_finding:
                self._enter(p, one, i == 0)
            made.append(self._item(p, span, one, titled and i == 0))
            self._due(made[-1], told)
            self._labels(made[-1:], span)
        if whole_finding and first is not None:
            self._share(made, said[first])
        self._second_lead(spans, said)
        self.items.extend(made)

    def _goes_on(self, p: Paragraph, made: list[Item], span: Span, said: Stated, place: int) -> bool:
        """Whether a sentence only says of the task before it who does it, by when, with what; then it is applied."""
        scope = self._above(p, made)
        told = trailer(self.text, span, said.mentions) if scope and not said.finding else None
        if scope and self._is_label(span, place):
            self._labels(scope, span)
            self._charge(scope, told or Trailer(span))  # what no label says: "Chủ trì: Sở A, xong trước 30/6"
        elif told:
            self._charge(scope, told)
        elif scope and said.leads and only_assigns(self.text, span, said):
            when = WHEN.search(self.text, max(m.end for m in (*said.leads, *said.coordinators)), span.end)
            self._charge(scope, Trailer(span, said.leads, said.coordinators, Span(*when.span()) if when else None))
        else:
            return False
        self.labels.append(Item("label", span.start, span.end, p.section_id, p.part, self._zone()))
        return True

    def _above(self, p: Paragraph, made: list[Item]) -> list[Item]:
        """The task that a sentence may go on about: the one before it here, or the last before this unmarked paragraph."""
        last = made[-1:] or (self.items[-1:] if p.rank < 0 else [])
        return [i for i in last if i.kind == "task" and i.row is None and i.section_id == p.section_id]

    def _is_label(self, span: Span, place: int) -> bool:
        """A sentence that only names bodies, time or product behind a label: "Thời gian: Tháng 10/2023." """
        return place > 0 and self.text.find(":", *span) >= 0 and ATTRIBUTE.match(self.text, *span) is not None

    def _labels(self, scope: list[Item], span: Span) -> None:
        """What labels within a sentence say of its task: "... (chủ trì: Sở A; thời gian: Quý I)"."""
        first = ATTRIBUTE.match(self.text, *span)
        if first is None and self.text.find(":", *span) < 0:
            return
        labels = [
            *([first] if first else []),
            *FURTHER.finditer(self.text, first.end() if first else span.start, span.end),
        ]
        for label, end in zip(labels, [*(x.start() for x in labels[1:]), span.end], strict=False):
            role = next(r for r in ("lead", "coordinate", "due", "product") if label.group(r))
            said = Span(label.end(), label.end() + len(self.text[label.end() : end].rstrip(" \n.;,)]–-")))
            if said.start < said.end:  # else the line breaks off
                self._apply(scope, role, said)

    def _charge(self, scope: list[Item], told: Trailer) -> None:
        """ "Giao Sở A chủ trì, hoàn thành trước ngày ...": a sentence that charges with the task before it."""
        for item in scope:
            if told.leads and (item.leads_inherited or not item.leads):
                item.leads, item.leads_inherited = list(told.leads), False
                item.coordinators = [] if item.coordinators_inherited else item.coordinators
            if told.coordinators:
                item.coordinators, item.coordinators_inherited = list(told.coordinators), False
            if told.due:
                item.attributes.setdefault("due", told.due)

    def _due(self, item: Item, told: Trailer | None) -> None:
        """The time in an aside; else, where nothing dated is said, that of a last clause or of the whole section."""
        if told and told.due:
            item.attributes["due"] = told.due
        above = next((c.due for c in reversed(self.contexts) if c.due), None)
        other = closing_time(self.text, Span(item.start, item.end)) or above
        if other:
            item.attributes["due_else"] = other

    def _group(self, p: Paragraph) -> bool:
        """ "Các nhiệm vụ tại mục này do Sở A chủ trì": holds for all of its section that says nothing else."""
        whole = Span(p.body, p.end)
        told = group(self.text, whole)
        if told is None:
            return False
        headings = tuple(z[2] for z in self.zones)
        scope = [i for i in self.items[-_SECTION:] if i.kind == "task" and i.headings == headings]
        if told.letters:
            scope = [i for i in scope if i.section_id.rpartition("/")[2].partition("~")[0] in told.letters]
        else:
            rank = self.zones[-1][0] if self.zones else self._rank(p)
            self.contexts = [c for c in self.contexts if c.rank != rank]
            self.contexts.append(_Context(rank, told.said.leads, told.said.coordinators, told.said.due))
            self.contexts.sort(key=lambda c: c.rank)
        self._charge([i for i in scope if i.leads_inherited or not i.leads], replace(told.said, due=None))
        if told.said.due:
            for item in scope:
                item.attributes.setdefault("due_else", told.said.due)
        self.labels.append(Item("label", p.start, p.end, p.section_id, p.part, self._zone()))
        return True

    def _split_bodies(self, p: Paragraph, spans: list[Span]) -> list[Span]:
        """ "1.4. Công an tỉnh, Tòa án tỉnh: Tăng cường ...": the list of bodies is a heading, the rest the task."""
        prefix = PREFIX.match(self.text, p.body, spans[0].end)
        if not prefix or prefix.end() >= spans[0].end - 3:
            return spans
        towards = TOWARDS.match(self.text, p.body, prefix.end())
        begin = towards.end() if towards else p.body
        found = mentions(self.text, begin, prefix.end())
        lead = listed(self.text, found, begin, prefix.end())
        if not lead or self.text[lead[-1].end : prefix.end("prefix")].strip():
            return spans
        self.contexts.append(_Context(self._rank(p), tuple(lead), ()))
        self.items.append(Item("context", p.body, prefix.end(), p.section_id, p.part, self._zone()))
        rest = self.text[prefix.end() : spans[0].end]
        begin = prefix.end() + len(rest) - len(rest.lstrip())
        return [Span(begin, spans[0].end), *spans[1:]]

    def _enter(self, p: Paragraph, said: Stated, opens: bool) -> None:
        """A sentence with leads of its own sets them for what follows under its paragraph's rank."""
        rank = self._rank(p)
        if opens and p.rank < 0:
            self._leave_unmarked(rank)
        self.contexts = [c for c in self.contexts if c.rank < rank]
        lasting = tuple(m for m in said.coordinators if m not in said.passing)
        self.contexts.append(_Context(rank, said.leads, lasting))

    def _leave_unmarked(self, rank: float) -> None:
        self.contexts = [c for c in self.contexts if c.rank < rank]

    def _item(self, p: Paragraph, span: Span, said: Stated, forced: bool) -> Item:
        context = self.contexts[-1] if self.contexts else None
        item = Item(
            "", span.start, span.end, p.section_id, p.part, self._zone(), headings=tuple(z[2] for z in self.zones)
        )
        if said.leads:
            item.leads, item.coordinators = list(said.leads), list(said.coordinators)
        elif context:
            item.leads, item.leads_inherited = list(context.leads), True
            if said.coordinators and said.replaces:
                item.coordinators = list(said.coordinators)
            else:
                known = {m.agency_id for m in context.coordinators}
                item.coordinators = [*context.coordinators, *(m for m in said.coordinators if m.agency_id not in known)]
                item.coordinators_inherited = True
        else:
            item.coordinators = list(said.coordinators)
        item.kind = self._kind(p, item, said, forced)
        return item

    def _kind(self, p: Paragraph, item: Item, said: Stated, forced: bool) -> str:
        here = self.text[max(item.start, p.body) : item.end]
        topic = TOPIC.match(here)
        here = here[topic.end() :] if topic else here
        directive = bool(STARTS_DIRECTIVE.match(here))
        zone = item.zone
        if said.finding:
            return "finding"
        if self._says_nothing(p, item, said, directive):
            return "context"
        if zone in THEMATIC:
            return "theme"
        if forced:
            return "task"
        if CLOSES_PLAN.match(here) or (not said.leads and POINTS.fullmatch(here)):
            return "context"
        if zone == "purpose":
            asks = (directive or OBLIGES.search(here)) and not self._states_purpose(item, topic, here)
            return "task" if said.leads or asks else "theme"
        if said.leads:
            return "task"
        if zone == "situation" or NARRATIVE.match(here):
            return "context"
        if not item.leads and not directive and RESULT.search(here):
            return "context"
        if item.leads or (zone in OPERATIVE and p.part != "preamble" and (p.rank >= 0 or p.section_id)):
            return "task"
        ordered = (directive and (p.rank >= 0 or self.zones)) or (p.rank >= 0 and OBLIGES.search(here))
        return "task" if p.part != "preamble" and ordered else "context"

    def _states_purpose(self, item: Item, topic: re.Match[str] | None, here: str) -> bool:
        """Under "Mục đích" alone, or said as one: "Việc ban hành Kế hoạch nhằm ..."; under "Yêu cầu" stands what is asked."""
        title = (topic.group() if topic else item.headings[-1].of(self.text) if item.headings else "").lower()
        alone = "mục đích" in title and "yêu cầu" not in title
        return alone or bool(PURPOSE.match(here))

    def _says_nothing(self, p: Paragraph, item: Item, said: Stated, directive: bool) -> bool:
        """A detail of an activity, an amount of money, whom and what a plan is about."""
        here = self.text[max(item.start, p.body) : item.end]
        if item.start <= p.body and DETAIL.match(here) and not directive and not said.leads:
            return True
        amount = AMOUNT.search(here) if item.zone == "funding" and not directive else None
        if amount and ":" not in here[: amount.start()].rstrip(": \n"):
            return True
        told = item.zone == "funding" and not item.leads and not OBLIGES.search(here)
        return not directive and (item.zone == "scope" or told)

    def _share(self, made: list[Item], said: Stated) -> None:
        """A finding's bodies hold for all sentences of its paragraph."""
        for item in made:
            item.kind = "finding"
            item.leads_inherited = not (item.start <= said.leads[0].start < item.end)
            item.leads, item.coordinators = list(said.leads), item.coordinators or list(said.coordinators)

    def _second_lead(self, spans: list[Span], said: list[Stated]) -> None:
        named = [(s, x) for s, x in zip(spans, said, strict=True) if x.leads and not x.finding]
        for (_, a), (span, b) in pairwise(named):
            if {m.agency_id for m in a.leads} != {m.agency_id for m in b.leads}:
                names = ", ".join(m.agency_id for m in b.leads)
                self.warnings.append(Doubt("second_lead", f"the paragraph names further leads: {names}", *span))

    def _attribute(self, p: Paragraph) -> None:
        """A line under a task that names its bodies, its time or its product."""
        m = ATTRIBUTE.match(self.text, p.start, p.end)
        if m is None:
            return
        parent = self.parents.get(p.section_id, "") if p.rank >= 0 else p.section_id
        scope = self._under(parent) if parent else []
        scope = [i for i in scope if i.kind == "task"] or [i for i in self.items[-1:] if i.kind == "task"]
        span = Span(p.start, p.end)
        self._labels(scope, span)
        self._charge(scope, trailer(self.text, span, tuple(mentions(self.text, *span))) or Trailer(span))

    def _under(self, section_id: str) -> list[Item]:
        """The items of a section that is still open and of those inside it: the last ones."""
        found: list[Item] = []
        for item in reversed(self.items):
            if item.section_id != section_id and not item.section_id.startswith(f"{section_id}/"):
                break
            found.append(item)
        return found[::-1]

    def _apply(self, scope: list[Item], role: str, span: Span) -> None:
        """What a label says, for the tasks above it; its leads stand instead of theirs."""
        bodies = self._named(span) if role in ("lead", "coordinate") else []
        helpers = stated(self.text, *span).coordinators if role == "lead" else ()
        bodies = [m for m in bodies if m not in helpers]
        for item in scope:
            item.attributes[role] = span
            if role == "lead" and bodies:
                item.leads, item.leads_inherited = list(bodies), False
                item.coordinators = [m for m in item.coordinators if m not in bodies]
                if helpers:
                    item.coordinators, item.coordinators_inherited = list(helpers), False
            elif role == "coordinate" and (item.coordinators_inherited or not item.coordinators):
                item.coordinators, item.coordinators_inherited = list(bodies), False

    def _named(self, span: Span) -> list[Mention]:
        """The bodies of "Cơ quan thực hiện: ...": a list, or one at the head of each of several clauses."""
        found: list[Mention] = []
        for begin, end in pairwise([span.start, *(c.end() for c in CLAUSE.finditer(self.text, *span)), span.end]):
            here = mentions(self.text, begin, end)
            found += listed(self.text, here, begin, end) or ([] if found else here[:1])
        found = found or unknown_body(self.text, span)
        return list({(m.agency_id, own_words(self.text, m)): m for m in reversed(found)}.values())[::-1]
