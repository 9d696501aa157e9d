"""Aligns the tasks of two plans: candidates -> evidence -> probability -> accepted pairs; gaps included.

The probability is a logistic regression over the evidence (lexicons/weights.csv holds the coefficients and what they
were learned from; ``benchmarks/learn.py`` learns them again). A pair is accepted above the threshold if it is
nearly as good as the best pair of either of its items: many-to-many where several clauses find their own partners.
The result does not depend on the order of the inputs, and swapping the plans mirrors it; ties are broken by id.
Pairs that a person decided on are certain, whatever their probability, and the others are chosen around them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from compare import similarity
from compare.classify import classify
from compare.extract.agencies import mentions
from compare.lexicon import Term, agencies, read_lexicon, terms
from compare.normalise import bounded, key, tokens
from compare.records import Alignment, Evidence, Match, Plan, Span, Target, Task
from compare.similarity import Mask, Matrix, Profile
from compare.terms import TermHit, find_nested_terms, find_terms

# F1 is best near half its own value (Lipton, Elkan and Naryanaswamy 2014); pairs of plans reach 0.6 to 0.75.
THRESHOLD = 0.25
# A pair below this share of the better of its two items' best pairs is another pair's echo.
NEAR_BEST = 0.4
# A target's partner is the best one, at least at an even chance.
TARGET_THRESHOLD, TARGET_NEAR_BEST = 0.5, 0.999
# Pairs that the table keeps although they are not accepted.
LEAST = 0.005
MOST_PER_ITEM = 20

FEATURES = (
    "text", "clause", "terms", "term_clause", "rarest", "gloss", "sector", "agency", "references",
    "numbers", "places", "heading", "best_text", "best_terms", "languages",
)  # fmt: skip


# Not learned: the same words are the same task, which no reviewed pair of different plans could teach.
IDENTICAL = "identical"

# The features that make up each piece of evidence of the alignment table.
EVIDENCE = {
    "text": ("text", "clause", "best_text", IDENTICAL),
    "terms": ("terms", "term_clause", "rarest", "gloss", "best_terms"),
    "sector": ("sector",),
    "agency": ("agency",),
    "references": ("references",),
    "numbers": ("numbers",),
    "places": ("places",),
    "heading": ("heading",),
    "languages": ("languages",),
}


def profiles(plan: Plan) -> list[Profile]:
    """What each task of a plan is compared by, in the plan's order."""
    leads: dict[str, list[tuple[str, str]]] = {}
    for a in plan.assignments:
        if a.role == "lead":
            leads.setdefault(a.task_id, []).append((a.agency_id, a.agency_now))
    own = {t.key for t in tokens(plan.metadata.province)}
    return [_profile(plan, t, leads.get(t.task_id, []), own) for t in plan.tasks]


def _profile(plan: Plan, task: Task, leads: list[tuple[str, str]], own: set[str]) -> Profile:
    text = plan.text
    skip = tuple(Span(m.start, m.end) for m in mentions(text, task.start, task.end))
    here = text[task.start : task.end]
    hits = find_nested_terms(text, task.start, task.end, skip)
    parts = similarity.clauses(text, Span(task.start, task.end), skip)
    coding = classify(text, task.start, task.end, (), tuple(a for a, _ in leads), skip)
    return Profile(
        item_id=task.task_id,
        language=task.language,
        clauses=parts,
        concepts={c: " ".join(text[h.start : h.end].split()) for h in hits for c in _concepts(h.term)},
        clause_concepts=tuple(_by_clause(text, task, hits)),
        gloss=tuple(s for h in hits for s in _canonical(h.term)),
        sectors=dict(zip(coding.sectors, coding.scores, strict=True)),
        agencies=frozenset(now for a, now in leads if a in agencies() and agencies()[a].kind != "collective"),
        references=frozenset(task.cites),
        numbers=frozenset(_NUMERAL.findall(here)),
        places=frozenset(_names(here, skip, task.start, own)),
        heading=frozenset(c for h in find_terms(task.heading, 0, len(task.heading)) for c in _concepts(h.term)),
    )


def _concepts(term: Term) -> tuple[str, ...]:
    """A term's concept and the broader one: two that differ in detail still meet, with less weight."""
    return (term.concept_id, term.broader) if term.broader else (term.concept_id,)


@lru_cache(maxsize=4096)
def _canonical(term: Term) -> tuple[str, ...]:
    """The syllables of a concept's first Vietnamese form."""
    form = next((f for lang, f in term.forms if lang == "vi"), "")
    return tuple(t.key for t in tokens(form))


_NUMERAL = bounded(r"(?<![\w/.])\d+(?:[.,]\d+)*\s?(?:%|‰)|(?<![\w/.])\d{2,}(?:[.,]\d+)*(?![\w/])")
_PROPER = bounded(r"(?<![\w])(?:[A-ZĐ]{2,}[A-Z0-9]*|[A-ZĐÀ-Ỹ][^\W\d_]*(?:\s+[A-ZĐÀ-Ỹ][^\W\d_]*)+)")


def _names(here: str, skip: Sequence[Span], offset: int, own: set[str]) -> set[str]:
    """Proper names and acronyms outside bodies' names, but the plan's own province."""
    found = set()
    for m in _PROPER.finditer(here):
        if any(s.start < offset + m.end() and offset + m.start() < s.end for s in skip):
            continue
        name = key(m.group())
        if name and not set(name.split()) <= own:
            found.add(name)
    return found


def _by_clause(text: str, task: Task, hits: Sequence[TermHit]) -> list[frozenset[str]]:
    """The concepts of each sentence part between semicolons."""
    cuts = [task.start, *(task.start + m.end() for m in re.finditer(r"[;.]\s", task.text)), task.end]
    return [frozenset(c for h in hits if a <= h.start < b for c in _concepts(h.term)) for a, b in pairwise(cuts)]


def features(left: Sequence[Profile], right: Sequence[Profile]) -> dict[str, Matrix]:
    """Every piece of evidence for every pair, each a matrix from 0 to 1, keyed by FEATURES."""
    whole, clause = similarity.wording(left, right)
    importance = {t.concept_id: 0.4 + 0.15 * min(4.0, t.weight) for t in terms()}
    shared = similarity.shared_concepts(left, right, importance)
    other = np.array([[float(a.language != b.language) for b in right] for a in left]).reshape(whole.shape)
    return {
        "text": whole,
        "clause": clause,
        IDENTICAL: (whole > 1 - 1e-9).astype(float),
        "terms": shared.cosine,
        "term_clause": shared.clause,
        "rarest": shared.rarest,
        "gloss": similarity.glossed(left, right),
        "sector": similarity.sectors(left, right),
        "agency": similarity.overlap([p.agencies for p in left], [p.agencies for p in right]),
        "references": similarity.overlap([p.references for p in left], [p.references for p in right]),
        "numbers": similarity.overlap([p.numbers for p in left], [p.numbers for p in right]),
        "places": similarity.overlap([p.places for p in left], [p.places for p in right]),
        "heading": similarity.overlap([p.heading for p in left], [p.heading for p in right]),
        "best_text": similarity.relative(whole + clause),
        "best_terms": similarity.relative(shared.cosine + shared.clause),
        "languages": other,
    }


@lru_cache(maxsize=1)
def coefficients() -> dict[str, float]:
    """The logistic model: feature -> coefficient in log-odds per unit, and ``intercept``."""
    return {r["feature"]: float(r["coefficient"]) for r in read_lexicon("weights")}


def probability(found: dict[str, Matrix]) -> Matrix:
    """The probability of every pair to be the same commitment: logistic of the weighted features."""
    model = coefficients()
    logit = model["intercept"] + sum(model[name] * found[name] for name in (*FEATURES, IDENTICAL))
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def accept(p: Matrix, threshold: float = THRESHOLD, near_best: float = NEAR_BEST) -> Mask:
    """Which pairs hold: at or above the threshold, and near the better of their two items' best pairs."""
    if not p.size:
        return np.zeros(p.shape, dtype=bool)
    best = np.maximum(p.max(axis=1, keepdims=True), p.max(axis=0, keepdims=True))
    return np.asarray((p >= threshold) & (p >= near_best * best))


# Left id and right id -> whether a person accepted the pair.
Verdicts = Mapping[tuple[str, str], bool]


def align(left: Plan, right: Plan, threshold: float = THRESHOLD, verdicts: Verdicts | None = None) -> Alignment:
    """Aligns two plans' tasks, targets and themes. ``threshold`` is the least probability of an accepted pair.

    Pairs in ``verdicts`` hold or do not hold as it says; ``review.align`` makes it of decisions, and marks the pairs.
    """
    known = verdicts or {}
    found = [
        *_tasks(left, right, threshold, known),
        *_targets(left, right, threshold, known),
        *_themes(left, right, threshold, known),
    ]
    within = {plan.plan_id: tuple(annex_pairs(plan, known)) for plan in (left, right)}
    return Alignment(left, right, tuple(found), threshold, within)


# Within one document the annex repeats the body's words: wording decides, and a body task may be split over rows.
ANNEX_THRESHOLD = 0.45


def annex_pairs(plan: Plan, verdicts: Verdicts | None = None) -> list[Match]:
    """Each annex row with the body tasks that state it (left: annex, right: body), best first.

    Pairs that a person rejected stay in the list, not accepted.
    """
    if not any(t.part == "annex" for t in plan.tasks):
        return []
    everything = profiles(plan)
    annex = [p for p, t in zip(everything, plan.tasks, strict=True) if t.part == "annex"]
    body = [p for p, t in zip(everything, plan.tasks, strict=True) if t.part != "annex"]
    if not annex or not body:
        return []
    whole, clause = similarity.wording(annex, body)
    score = 0.5 * whole + 0.5 * clause
    held = accept(score, ANNEX_THRESHOLD, 0.7)
    pairs = {(annex[i].item_id, body[j].item_id): float(score[i, j]) for i, j in zip(*np.nonzero(held), strict=True)}
    pairs |= dict.fromkeys(_whole_groups(plan), 1.0)
    known = verdicts or {}
    for i, j in zip(*np.nonzero(certain(score, _ids(annex), _ids(body), known)[1]), strict=True):
        pairs.setdefault((annex[i].item_id, body[j].item_id), float(score[i, j]))
    tasks = {t.task_id: t for t in plan.tasks}
    matches = [
        Match(a, b, "annex", "equivalent", s, s, known.get((a, b), True), _partners(plan, tasks[a], tasks[b]))
        for (a, b), s in pairs.items()
    ]
    return sorted(matches, key=lambda m: (m.left_id, -m.score, m.right_id))


def _partners(plan: Plan, row: Task, body: Task) -> tuple[Evidence, ...]:
    """The ministries that each side's own words name: in one plan they should be the same."""
    named = [
        tuple(sorted({m.agency_id for m in mentions(plan.text, t.start, t.end) if _is_ministry(m.agency_id)}))
        for t in (row, body)
    ]
    same = float(named[0] == named[1])
    return (Evidence("annex_partners", same, 0.0, named[0]), Evidence("body_partners", same, 0.0, named[1]))


def _is_ministry(agency_id: str) -> bool:
    return agency_id == "bo-nganh-trung-uong" or (agency_id in agencies() and agencies()[agency_id].kind == "ministry")


def _whole_groups(plan: Plan) -> list[tuple[str, str]]:
    """Annex rows that repeat a heading of the body stand for every task under it."""
    headings = {key(s.heading): s.section_id for s in plan.sections if s.heading and s.part == "body"}
    found = []
    for row in plan.tasks:
        section = headings.get(key(row.text)) if row.part == "annex" else None
        if section:
            found += [(row.task_id, t.task_id) for t in plan.tasks if f"{t.section_id}/".startswith(f"{section}/")]
    return found


def certain(p: Matrix, a: Sequence[str], b: Sequence[str], verdicts: Verdicts) -> tuple[Matrix, Mask, Mask]:
    """The probabilities with 1 for accepted and 0 for rejected pairs, and masks of the pairs decided and rejected."""
    decided, rejected = np.zeros(p.shape, dtype=bool), np.zeros(p.shape, dtype=bool)
    rows, columns = ({item: n for n, item in enumerate(side)} for side in (a, b))
    sure = p.copy() if verdicts else p
    for (x, y), yes in verdicts.items():
        if x in rows and y in columns:
            place = rows[x], columns[y]
            sure[place], decided[place], rejected[place] = float(yes), True, not yes
    return sure, decided, rejected


def _ids(side: Sequence[Profile]) -> list[str]:
    return [p.item_id for p in side]


def _tasks(left: Plan, right: Plan, threshold: float, verdicts: Verdicts) -> list[Match]:
    return _matches("task", profiles(left), profiles(right), threshold, verdicts)


def _matches(kind: str, a: list[Profile], b: list[Profile], threshold: float, verdicts: Verdicts) -> list[Match]:
    """Pairs above LEAST (the best MOST_PER_ITEM of either item, and all that are accepted or decided), then the items
    without partner."""
    if not a or not b:
        return _alone(kind, a, b, np.zeros((len(a), len(b))), np.zeros((len(a), len(b)), dtype=bool), threshold)
    found = features(a, b)
    p = probability(found)
    sure, decided, rejected = certain(p, _ids(a), _ids(b), verdicts)
    held = accept(sure, threshold) & ~rejected & (_unclaimed(found[IDENTICAL] > 0) | decided)
    listed = held | decided | ((p >= LEAST) & (_rank(p, 1) < MOST_PER_ITEM) & (_rank(p, 0) < MOST_PER_ITEM))
    result = [
        _match(kind, a[i], b[j], {n: float(m[i, j]) for n, m in found.items()}, float(p[i, j]), bool(held[i, j]))
        for i, j in zip(*np.nonzero(listed), strict=True)
    ]
    result.sort(key=lambda m: (m.left_id, -m.probability, m.right_id))
    return result + _alone(kind, a, b, p, held, threshold, rejected)


def _unclaimed(same: Mask) -> Mask:
    """Where neither item has another one in its very words: those leave no room for likeness."""
    claimed = np.logical_or(same.any(axis=1, keepdims=True), same.any(axis=0, keepdims=True))
    return np.asarray(same | ~claimed)


def _rank(p: Matrix, axis: int) -> Matrix:
    """The place of each pair among those of its item, from 0; equal pairs share the better place."""
    ordered = np.sort(-p, axis=axis)
    if axis == 1:
        return np.array([np.searchsorted(row, -values) for row, values in zip(ordered, p, strict=True)]).reshape(
            p.shape
        )
    return _rank(p.T, 1).T


def _match(kind: str, a: Profile, b: Profile, values: dict[str, float], p: float, held: bool) -> Match:
    return Match(
        left_id=a.item_id,
        right_id=b.item_id,
        kind=kind,
        relation=_relation(a, b) if held else "related",
        score=round(p, 6),
        probability=round(p, 6),
        accepted=held,
        evidence=_evidence(a, b, values),
    )


def _relation(a: Profile, b: Profile) -> str:
    """Which side says more: narrower where the right item covers a part of the left one, broader the other way."""
    shared = set(a.concepts) & set(b.concepts)
    left = len(shared) / len(a.concepts) if a.concepts else 0.0
    right = len(shared) / len(b.concepts) if b.concepts else 0.0
    longer = len(a.words) / max(1, len(b.words))
    if right - left > 0.25 and longer > 1.5:
        return "narrower"
    if left - right > 0.25 and longer < 1 / 1.5:
        return "broader"
    return "equivalent"


def _evidence(a: Profile, b: Profile, values: dict[str, float]) -> tuple[Evidence, ...]:
    """Each piece of evidence with its value, its part of the log-odds and the words that both sides share."""
    model = coefficients()
    words = {
        "terms": tuple(dict.fromkeys(b.concepts[c] for c in sorted(set(a.concepts) & set(b.concepts)))),
        "sector": tuple(s for s in a.sectors if s in b.sectors),
        "agency": tuple(sorted(a.agencies & b.agencies)),
        "references": tuple(sorted(a.references & b.references)),
        "numbers": tuple(sorted(a.numbers & b.numbers)),
        "places": tuple(sorted(a.places & b.places)),
    }
    return tuple(
        Evidence(
            name,
            round(values[parts[0]], 4),
            round(sum(model[f] * values[f] for f in parts), 4),
            words.get(name, ()),
        )
        for name, parts in EVIDENCE.items()
        if name in _COLUMNS or any(values[f] for f in parts)
    )


_COLUMNS = {"text", "terms", "sector"}


def _alone(
    kind: str,
    a: list[Profile],
    b: list[Profile],
    p: Matrix,
    held: Mask,
    threshold: float,
    rejected: Mask | None = None,
) -> list[Match]:
    """Items without an accepted partner, and why."""
    result = []
    no = np.zeros(p.shape, dtype=bool) if rejected is None else rejected
    for side, items, scores, kept, barred in (("left", a, p, held, no), ("right", b, p.T, held.T, no.T)):
        others = b if side == "left" else a
        for k, item in enumerate(items):
            if kept.size and kept[k].any():
                continue
            best = int(np.argmax(scores[k])) if scores.size else -1
            note = (
                _why(others[best].item_id, float(scores[k, best]), threshold, bool(barred[k, best]))
                if best >= 0
                else "the other plan has none"
            )
            ids = (item.item_id, "") if side == "left" else ("", item.item_id)
            result.append(Match(*ids, kind, "", 0.0, 0.0, False, note=note))
    return result


def _why(other: str, p: float, threshold: float, rejected: bool = False) -> str:
    if rejected:
        return f"best candidate {other} ({p:.2f}) was rejected by a reviewer"
    if p < LEAST:
        return "no candidate"
    if p < threshold:
        return f"best candidate {other} is below the threshold ({p:.2f})"
    return f"best candidate {other} ({p:.2f}) has a much better partner"


def _themes(left: Plan, right: Plan, threshold: float, verdicts: Verdicts) -> list[Match]:
    return _matches("theme", _theme_profiles(left), _theme_profiles(right), threshold, verdicts)


def _theme_profiles(plan: Plan) -> list[Profile]:
    own = {t.key for t in tokens(plan.metadata.province)}
    return [
        _profile(plan, Task(t.theme_id, "", "", t.kind, t.text, plan.metadata.language, t.start, t.end), [], own)
        for t in plan.themes
    ]


def _targets(left: Plan, right: Plan, threshold: float, verdicts: Verdicts) -> list[Match]:
    """Targets pair by indicator, or by the spelling of their label where no canonical indicator is known."""
    p = np.array([[_same_target(a, b) for b in right.targets] for a in left.targets])
    p = p.reshape(len(left.targets), len(right.targets))
    ids = [t.target_id for t in left.targets], [t.target_id for t in right.targets]
    sure, decided, rejected = certain(p, *ids, verdicts)
    held = accept(sure, max(threshold, TARGET_THRESHOLD), TARGET_NEAR_BEST) & ~rejected
    result = []
    for i, j in zip(*np.nonzero((p >= TARGET_THRESHOLD) | decided), strict=True):
        a, b = left.targets[i], right.targets[j]
        shared = (
            (a.indicator_id,)
            if a.indicator_id and a.indicator_id == b.indicator_id
            else (a.indicator_text, b.indicator_text)
        )
        evidence = (Evidence("terms", float(p[i, j]), 0.0, shared),)
        result.append(
            Match(
                a.target_id,
                b.target_id,
                "target",
                "equivalent" if held[i, j] else "related",
                float(p[i, j]),
                float(p[i, j]),
                bool(held[i, j]),
                evidence,
            )
        )
    for side, own, kept, barred in ((0, ids[0], held, rejected), (1, ids[1], held.T, rejected.T)):
        for k, item in enumerate(own):
            if not (kept.size and kept[k].any()):
                no = kept.size and barred[k].any()
                note = "its pair was rejected by a reviewer" if no else "no target on the same indicator"
                result.append(Match(*(("", item) if side else (item, "")), "target", "", 0.0, 0.0, False, note=note))
    return result


def _same_target(a: Target, b: Target) -> float:
    """From 0 to 1: the same indicator counts fully, less where units or periods differ; else the labels' spelling.

    Labels and periods also tell apart several targets on one indicator: that of a city from that of the province,
    that for 2025 from that for 2030.
    """
    from rapidfuzz import fuzz

    spelling = fuzz.token_sort_ratio(key(a.indicator_text), key(b.indicator_text)) / 100
    if a.indicator_id and b.indicator_id:
        if a.indicator_id != b.indicator_id:
            return 0.0
        base = 0.859 + 0.04 * spelling
    else:
        base = 0.85 * spelling
        if base < 0.68:
            return 0.0
    same_length = ("-" in a.period) == ("-" in b.period) and a.period.endswith("/yr") == b.period.endswith("/yr")
    fit = round(
        base * (1.0 if a.unit == b.unit else 0.8)
        + (0.06 if same_length else 0.0)
        + (0.001 if a.value == b.value else 0.0)  # of two with one label and period, the one with the same number
        + (0.04 if a.period == b.period else 0.02 if set(_years(a.period)) & set(_years(b.period)) else 0.0),
        4,
    )
    return min(1.0, fit)


def _years(period: str) -> range:
    years = [int(y) for y in re.findall(r"\d{4}", period)[:2]]
    return range(min(years), max(years) + 1) if years else range(0)
