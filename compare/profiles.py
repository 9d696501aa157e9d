"""What the tasks and themes of a plan are compared by: clauses, concepts, sectors, agencies, citations, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from compare import similarity
from compare.classify import classify
from compare.extract.agencies import mentions
from compare.gloss import LANGUAGES, paraphrased
from compare.lexicon import Term, agencies
from compare.normalise import bounded, key, syllables
from compare.records import Assignment, Plan, Span, Task
from compare.similarity import Profile
from compare.terms import TermHit, find_nested_terms, find_terms


def profiles(plan: Plan) -> list[Profile]:
    """What each task of a plan is compared by, in the plan's order."""
    given: dict[str, list[Assignment]] = {}
    for a in plan.assignments:
        given.setdefault(a.task_id, []).append(a)
    own = province(plan)
    return [_profile(plan, t, given.get(t.task_id, []), own) for t in plan.tasks]


def province(plan: Plan) -> set[str]:
    """The syllables of the plan's own province, which tell nothing apart in it."""
    return set(syllables(plan.metadata.province))


def theme_profiles(plan: Plan) -> list[Profile]:
    """What each theme of a plan is compared by, in the plan's order."""
    own = province(plan)
    return [
        _profile(plan, Task(t.theme_id, "", "", t.kind, t.text, plan.metadata.language, t.start, t.end), [], own)
        for t in plan.themes
    ]


# Kinds of bodies that plans act upon as well as charge: "tập huấn cho thành viên Tổ công nghệ số cộng đồng"
_SUBJECTS = frozenset(("collective", "centre", "state company", "association"))


def charged(text: str, start: int, end: int, given: Sequence[Assignment] = ()) -> tuple[Span, ...]:
    """The names in ``text[start:end]`` that tell who acts, not what is done: charged bodies (``given``) and authorities."""
    own = {(a.start, a.end) for a in given}
    known = agencies()
    return tuple(
        Span(m.start, m.end)
        for m in mentions(text, start, end)
        if (m.start, m.end) in own or m.agency_id not in known or known[m.agency_id].kind not in _SUBJECTS
    )


def _profile(plan: Plan, task: Task, given: Sequence[Assignment], own: set[str]) -> Profile:
    text = plan.text
    skip = charged(text, task.start, task.end, given)
    leads = [(a.agency_id, a.agency_now) for a in given if a.role == "lead"]
    here = text[task.start : task.end]
    hits = find_nested_terms(text, task.start, task.end, skip)
    coding = classify(text, task.start, task.end, (), tuple(a for a, _ in leads), skip)
    clauses = similarity.clauses(text, Span(task.start, task.end), skip, task.language)
    foreign = task.language in LANGUAGES
    return Profile(
        item_id=task.task_id,
        language=task.language,
        clauses=clauses,
        concepts={c: " ".join(text[h.start : h.end].split()) for h in hits for c in _concepts(h.term)},
        clause_concepts=tuple(_by_clause(text, task, hits)),
        paraphrase=sum(clauses, ()) if foreign else paraphrased(text, task.start, task.end, skip),
        action=key(task.action),
        sectors=dict(zip(coding.sectors, coding.scores, strict=True)),
        agencies=frozenset(now for a, now in leads if a in agencies() and agencies()[a].kind != "collective"),
        references=frozenset(task.cites),
        numbers=frozenset(numerals(here, task.start)),
        places=frozenset(names(here, skip, task.start, own)),
        heading=_heading_concepts(task.heading),
        text=" ".join(here.split()),
    )


@lru_cache(maxsize=4096)
def _heading_concepts(heading: str) -> frozenset[str]:
    """The concepts of a heading; cached, for a heading stands above many items."""
    return frozenset(c for h in find_terms(heading, 0, len(heading)) for c in _concepts(h.term))


def _concepts(term: Term) -> tuple[str, ...]:
    """A term's concept and the broader one: two that differ in detail still meet, with less weight."""
    return (term.concept_id, term.broader) if term.broader else (term.concept_id,)


_NUMERAL = bounded(r"(?<![\w/.])\d+(?:[.,]\d+)*\s?(?:%|‰)|(?<![\w/.])\d{2,}(?:[.,]\d+)*(?![\w/])")
# Acronyms, but not the codes of documents ("06-NQ/TU"), and names of two capitalised words and more
_PROPER = bounded(r"(?<![\w])(?:(?<![-/])[A-ZĐ]{2,}[A-Z0-9]*(?![-/]\w)|[A-ZĐÀ-Ỹ][^\W\d_]*(?:\s+[A-ZĐÀ-Ỹ][^\W\d_]*)+)")


def names(here: str, skip: Sequence[Span], offset: int, own: set[str]) -> dict[str, Span]:
    """Proper names and acronyms outside bodies' names, but the plan's own province, by key; the place of the first."""
    found: dict[str, Span] = {}
    for m in _PROPER.finditer(here):
        place = Span(offset + m.start(), offset + m.end())
        if any(s.start < place.end and place.start < s.end for s in skip):
            continue
        name = _name_key(m.group())
        if name and not set(name.split()) <= own:
            found.setdefault(name, place)
    return found


def numerals(here: str, offset: int) -> dict[str, Span]:
    """Percentages and numerals of two digits and more; the place of the first."""
    return {m.group(): Span(offset + m.start(), offset + m.end()) for m in reversed([*_NUMERAL.finditer(here)])}


def concepts(text: str, start: int, end: int, skip: Sequence[Span]) -> dict[str, Span]:
    """The glossary's concepts, and the broader ones, in ``text[start:end]``; the place of the last, as the words shown."""
    hits = find_nested_terms(text, start, end, tuple(skip))
    return {c: Span(h.start, h.end) for h in hits for c in _concepts(h.term)}


@lru_cache(maxsize=4096)
def _name_key(name: str) -> str:
    return key(name)


def _by_clause(text: str, task: Task, hits: Sequence[TermHit]) -> list[frozenset[str]]:
    """The concepts of each sentence part between semicolons."""
    cuts = [task.start, *(task.start + m.end() for m in re.finditer(r"[;.]\s", task.text)), task.end]
    return [frozenset(c for h in hits if a <= h.start < b for c in _concepts(h.term)) for a, b in pairwise(cuts)]
