"""Aligns the tasks of two plans: candidates -> evidence -> probability -> accepted pairs; gaps included.

The probability is a logistic regression over the evidence (lexicons/weights.csv holds the coefficients and what they
were learned from; ``benchmarks/learn.py`` learns them again). Which of the pairs above the threshold hold is chosen
for all of them at once (``compare.selection``). The result does not depend on the order of the inputs, and swapping
the plans mirrors it; ties are broken by id. Pairs that a person decided on are certain, whatever their probability,
and the others are chosen around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from compare import embeddings as encoders
from compare import selection, similarity
from compare.extract.agencies import mentions
from compare.lexicon import agencies, read_lexicon, terms
from compare.normalise import key
from compare.profiles import profiles, theme_profiles
from compare.records import Alignment, Evidence, Match, Plan, Task
from compare.selection import Candidate, Verdicts, accept, certain, unclaimed
from compare.similarity import Mask, Matrix, Profile

__all__ = [
    "EMBEDDING", "EVIDENCE", "FEATURES", "IDENTICAL", "LEAST", "THRESHOLD", "Verdicts", "accept", "align", "annex_pairs", "certain",
    "coefficients", "features", "hold", "probability", "profiles",
]  # fmt: skip

# F1 is best near half its own value (Lipton, Elkan and Naryanaswamy 2014) for calibrated probabilities; with pairs of
# plans left out of the learning it is flat between 0.2 and 0.3.
THRESHOLD = 0.26
# A target's partner is the best one, at least at an even chance.
TARGET_THRESHOLD, TARGET_NEAR_BEST = 0.5, 0.999
# A pair below this is no candidate: the table keeps it only where a person decided on it.
LEAST = 0.005
MOST_PER_ITEM = 20

FEATURES = (
    "text", "clause", "opening", "clause_opening", "paraphrase", "terms", "term_clause", "rarest", "sector", "action", "agency", "references",
    "numbers", "places", "heading", "best_text", "best_terms", "best_term_clause", "languages",
)  # fmt: skip


# Not learned: the same words are the same task, which no reviewed pair of different plans could teach.
IDENTICAL = "identical"

# An item covers another on one side only where so much larger a share of its clauses finds its like.
ONE_SIDED = 0.3
# Only where somebody names a model; not among those that are learned by default.
EMBEDDING = "embedding"

# The features that make up each piece of evidence of the alignment table.
EVIDENCE = {
    "text": ("text", "clause", "opening", "clause_opening", "paraphrase", "best_text", IDENTICAL),
    "terms": ("terms", "term_clause", "rarest", "best_terms", "best_term_clause"),
    "sector": ("sector",),
    "action": ("action",),
    "agency": ("agency",),
    "references": ("references",),
    "numbers": ("numbers",),
    "places": ("places",),
    "heading": ("heading",),
    "languages": ("languages",),
    EMBEDDING: (EMBEDDING,),
}


def features(left: Sequence[Profile], right: Sequence[Profile], embeddings: str = "") -> dict[str, Matrix]:
    """Every piece of evidence for every pair, each a matrix from 0 to 1, keyed by FEATURES and IDENTICAL.

    ``embeddings`` names a model (``embeddings.load``), which adds EMBEDDING.
    """
    said = similarity.wording(left, right)
    whole = said.whole
    importance = {t.concept_id: 0.4 + 0.15 * min(4.0, t.weight) for t in terms()}
    shared = similarity.shared_concepts(left, right, importance)
    other = _differ([p.language for p in left], [p.language for p in right])
    # Foreign wording is glossed without its names: those have to agree as well.
    alike = np.array([[float(a.places == b.places) for b in right] for a in left]).reshape(whole.shape)
    more = (
        {EMBEDDING: encoders.evidence([p.text for p in left], [p.text for p in right], embeddings)}
        if embeddings
        else {}
    )
    return {
        "text": whole,
        "clause": said.clause,
        "opening": said.opening,
        "clause_opening": said.clause_opening,
        "paraphrase": similarity.paraphrases(left, right),
        IDENTICAL: (whole > 1 - 1e-9) * alike,
        "terms": shared.cosine,
        "term_clause": shared.clause,
        "rarest": shared.rarest,
        "sector": similarity.sectors(left, right),
        "action": _same([p.action for p in left], [p.action for p in right]),
        "agency": similarity.overlap([p.agencies for p in left], [p.agencies for p in right]),
        "references": similarity.overlap([p.references for p in left], [p.references for p in right]),
        "numbers": similarity.overlap([p.numbers for p in left], [p.numbers for p in right]),
        "places": similarity.overlap([p.places for p in left], [p.places for p in right]),
        "heading": similarity.overlap([p.heading for p in left], [p.heading for p in right]),
        "best_text": similarity.relative(whole),
        "best_terms": similarity.relative(shared.cosine + shared.clause),
        "best_term_clause": similarity.relative(shared.clause),
        "languages": other,
        **more,
    }


def _same(left: Sequence[str], right: Sequence[str]) -> Matrix:
    """1 where two facts are the same and not empty."""
    a, b = np.array(left, dtype=object)[:, None], np.array(right, dtype=object)[None, :]
    return np.asarray((a == b) & (a != ""), dtype=float)


def _differ(left: Sequence[str], right: Sequence[str]) -> Matrix:
    """1 where two facts are not the same."""
    return np.asarray(np.array(left, dtype=object)[:, None] != np.array(right, dtype=object)[None, :], dtype=float)


@lru_cache(maxsize=1)
def coefficients() -> dict[str, float]:
    """The logistic model: feature -> coefficient in log-odds per unit, and ``intercept``."""
    return {r["feature"]: float(r["coefficient"]) for r in read_lexicon("weights")}


def probability(found: dict[str, Matrix]) -> Matrix:
    """The probability of every pair to be the same commitment: logistic of the weighted features."""
    model = coefficients()
    logit = model["intercept"] + sum(model[n] * found[n] for n in (*FEATURES, IDENTICAL, EMBEDDING) if n in found)
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def align(
    left: Plan, right: Plan, threshold: float = THRESHOLD, verdicts: Verdicts | None = None, embeddings: str = ""
) -> Alignment:
    """Aligns two plans' tasks, targets and themes. ``threshold`` is the least probability of an accepted pair.

    Pairs in ``verdicts`` hold or do not hold as it says; ``review.align`` makes it of decisions, and marks the pairs.
    ``embeddings``: a model of sentence-transformers (a folder, or a name in the cache) as one more piece of evidence
    for tasks and themes. Raises PlanError where it or the package is not there.
    """
    known = verdicts or {}
    ours, theirs = profiles(left), profiles(right)
    found = [
        *_matches("task", ours, theirs, threshold, known, embeddings),
        *_targets(left, right, threshold, known),
        *_matches("theme", theme_profiles(left), theme_profiles(right), threshold, known, embeddings),
    ]
    within = {plan.plan_id: tuple(annex_pairs(plan, known, own)) for plan, own in ((left, ours), (right, theirs))}
    return Alignment(left, right, tuple(found), threshold, within, embeddings)


# Within one document the annex repeats the body's words: wording decides, and a body task may be split over rows.
ANNEX_THRESHOLD = 0.45


def annex_pairs(plan: Plan, verdicts: Verdicts | None = None, known: list[Profile] | None = None) -> list[Match]:
    """Each annex row with the body tasks that state it (left: annex, right: body), best first.

    Pairs that a person rejected stay in the list, not accepted. ``known`` are the profiles of the plan's tasks, if they
    were made already.
    """
    if not any(t.part == "annex" for t in plan.tasks):
        return []
    everything = profiles(plan) if known is None else known
    annex = [p for p, t in zip(everything, plan.tasks, strict=True) if t.part == "annex"]
    body = [p for p, t in zip(everything, plan.tasks, strict=True) if t.part != "annex"]
    if not annex or not body:
        return []
    said = similarity.wording(annex, body)
    score = 0.5 * said.whole + 0.5 * said.clause
    held = accept(score, ANNEX_THRESHOLD, 0.7)
    pairs = {(annex[i].item_id, body[j].item_id): float(score[i, j]) for i, j in zip(*np.nonzero(held), strict=True)}
    pairs |= dict.fromkeys(_whole_groups(plan), 1.0)
    decided = verdicts or {}
    for i, j in zip(*np.nonzero(certain(score, _ids(annex), _ids(body), decided)[1]), strict=True):
        pairs.setdefault((annex[i].item_id, body[j].item_id), float(score[i, j]))
    tasks = {t.task_id: t for t in plan.tasks}
    matches = [
        Match(a, b, "annex", "equivalent", s, s, decided.get((a, b), True), _partners(plan, tasks[a], tasks[b]))
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


def _ids(side: Sequence[Profile]) -> list[str]:
    return [p.item_id for p in side]


def _matches(
    kind: str, a: list[Profile], b: list[Profile], threshold: float, verdicts: Verdicts, embeddings: str
) -> list[Match]:
    """Pairs above LEAST (the best MOST_PER_ITEM of either item, and all that are accepted or decided), then the items
    without partner."""
    if not a or not b:
        return _alone(kind, a, b, np.zeros((len(a), len(b))), np.zeros((len(a), len(b)), dtype=bool), threshold)
    found = features(a, b, embeddings)
    p = probability(found)
    held, decided, rejected = hold(a, b, found, threshold, verdicts)
    listed = held | decided | ((p >= LEAST) & (_rank(p, 1) < MOST_PER_ITEM) & (_rank(p, 0) < MOST_PER_ITEM))
    rows, columns = np.nonzero(listed)
    cells = np.stack([m[rows, columns] for m in found.values()], axis=1).tolist()
    result = [
        scored(kind, a[i], b[j], dict(zip(found, values, strict=True)), float(p[i, j]), bool(held[i, j]))
        for i, j, values in zip(rows, columns, cells, strict=True)
    ]
    result.sort(key=lambda m: (m.left_id, -m.probability, m.right_id))
    return result + _alone(kind, a, b, p, held, threshold, rejected)


def hold(
    left: Sequence[Profile], right: Sequence[Profile], found: dict[str, Matrix], threshold: float, verdicts: Verdicts
) -> tuple[Mask, Mask, Mask]:
    """Which pairs hold, by ``selection.choose`` and people's verdicts; which people decided on, and which they rejected.

    ``found`` are the pairs' ``features``. Pairs below LEAST hold only where a person accepted them.
    """
    p, decided, rejected = certain(probability(found), _ids(left), _ids(right), verdicts)
    free = ~rejected & (unclaimed(found[IDENTICAL] > 0) | decided)
    places = [(int(i), int(j)) for i, j in zip(*np.nonzero(free & (p >= max(threshold, LEAST))), strict=True)]
    candidates = [
        Candidate((left[i].item_id, a), (right[j].item_id, b), float(p[i, j]))
        for (i, j), (a, b) in zip(places, similarity.through(left, right, places), strict=True)
    ]
    chosen = selection.choose(candidates, threshold)
    held = np.zeros(p.shape, dtype=bool)
    for i, j in places:
        held[i, j] = (left[i].item_id, right[j].item_id) in chosen
    return held | (decided & ~rejected), decided, rejected


def _rank(p: Matrix, axis: int) -> Matrix:
    """The place of each pair among those of its item, from 0; equal pairs share the better place."""
    ordered = np.sort(-p, axis=axis)
    if axis == 1:
        return np.array([np.searchsorted(row, -values) for row, values in zip(ordered, p, strict=True)]).reshape(
            p.shape
        )
    return _rank(p.T, 1).T


def scored(kind: str, a: Profile, b: Profile, values: dict[str, float], p: float, held: bool) -> Match:
    """A pair with its evidence; ``values`` are its features."""
    return Match(
        left_id=a.item_id,
        right_id=b.item_id,
        kind=kind,
        relation=relation(a, b) if held else "related",
        score=round(p, 6),
        probability=round(p, 6),
        accepted=held,
        evidence=_evidence(a, b, values),
    )


def relation(a: Profile, b: Profile) -> str:
    """Which side says more: narrower where the right item covers a part of the left one, broader the other way.

    By the clauses of each side that share a concept with the other side; where those tell nothing, by all concepts.
    """
    more = _covered(b, a) - _covered(a, b)
    if abs(more) >= ONE_SIDED:
        return "narrower" if more > 0 else "broader"
    shared = set(a.concepts) & set(b.concepts)
    left = len(shared) / len(a.concepts) if a.concepts else 0.0
    right = len(shared) / len(b.concepts) if b.concepts else 0.0
    longer = len(a.words) / max(1, len(b.words))
    if right - left > 0.25 and longer > 1.5:
        return "narrower"
    if left - right > 0.25 and longer < 1 / 1.5:
        return "broader"
    return "equivalent"


def _covered(a: Profile, b: Profile) -> float:
    """The share of an item's clauses with concepts that share one with the other item; 1 where it has none."""
    clauses = [c for c in a.clause_concepts if c]
    return sum(not c.isdisjoint(b.concepts) for c in clauses) / len(clauses) if clauses else 1.0


def _evidence(a: Profile, b: Profile, values: dict[str, float]) -> tuple[Evidence, ...]:
    """Each piece of evidence with its value, its part of the log-odds and the words that both sides share."""
    model = coefficients()
    words = {
        "terms": tuple(dict.fromkeys(b.concepts[c] for c in sorted(set(a.concepts) & set(b.concepts)))),
        "sector": tuple(s for s in a.sectors if s in b.sectors),
        "action": (a.action,),
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
        if name in _COLUMNS or any(values.get(f) for f in parts)
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
    for side, items, others, scores, kept, barred in (("left", a, b, p, held, no), ("right", b, a, p.T, held.T, no.T)):
        names = _ids(others)
        for k, item in enumerate(items):
            if kept.size and kept[k].any():
                continue
            note = (
                _why(names, _ids(items), scores, kept, k, threshold, barred[k]) if names else "the other plan has none"
            )
            ids = (item.item_id, "") if side == "left" else ("", item.item_id)
            result.append(Match(*ids, kind, "", 0.0, 0.0, False, note=note))
    return result


def _why(others: list[str], own: list[str], p: Matrix, held: Mask, item: int, threshold: float, rejected: Mask) -> str:
    """Why an item has no partner: no candidate, the best one rejected, below the threshold, or taken by another item."""
    best = min(range(len(others)), key=lambda n: (-p[item, n], others[n]))
    score = float(p[item, best])
    if rejected[best]:
        return f"best candidate {others[best]} ({score:.2f}) was rejected by a reviewer"
    if score < LEAST:
        return "no candidate"
    if score < threshold:
        return f"best candidate {others[best]} is below the threshold ({score:.2f})"
    takers = [n for n in range(len(own)) if held[n, best]] or [n for n in range(len(own)) if n != item]
    taker = min(takers, key=lambda n: (-p[n, best], own[n]))
    return f"best candidate {others[best]} ({score:.2f}) is taken by {own[taker]} ({p[taker, best]:.2f})"


def _targets(left: Plan, right: Plan, threshold: float, verdicts: Verdicts) -> list[Match]:
    """Targets pair by indicator, or by the spelling of their label where no canonical indicator is known."""
    p = np.array([[similarity.targets_alike(a, b) for b in right.targets] for a in left.targets])
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
