"""People's decisions about pairs: kept apart from the scores, found again after a new parse.

A decision names each item by its section's path and a hash of its normalised words, not by an id that a better parser
may change. An item is found by its words (the section settles which, where the same words stand twice). Where the
words are not found, the decision is stale: it is reported, with the items now in that section, and not applied.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from compare.errors import PlanError
from compare.normalise import key
from compare.records import Alignment, Match, Plan

COLUMNS = (
    "kind", "left_section", "left_hash", "right_section", "right_hash", "decision", "relation", "reviewer", "date", "note",
)  # fmt: skip
DECISIONS = ("accepted", "rejected")
RELATIONS = ("", "equivalent", "narrower", "broader", "related")


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What identifies an item across parses: its section's path without the plan's id, and a hash of its words."""

    section: str
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's verdict on a pair. ``date`` is ISO; ``relation`` is how the right item stands to the left one."""

    kind: str
    left: ItemKey
    right: ItemKey
    decision: str
    relation: str = ""
    reviewer: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stale:
    """A decision one of whose items is no longer found, with the items that now stand in its section."""

    decision: Decision
    side: str
    now: tuple[str, ...]


def item_key(plan: Plan, item_id: str) -> ItemKey:
    """The key of a task, target or theme. Raises KeyError for an unknown id."""
    return _index(plan).keys[item_id]


@dataclass(frozen=True, slots=True)
class _Index:
    keys: dict[str, ItemKey]
    by_words: dict[str, list[str]]
    by_section: dict[str, list[str]]


def _index(plan: Plan) -> _Index:
    keys: dict[str, ItemKey] = {}
    by_words: dict[str, list[str]] = {}
    by_section: dict[str, list[str]] = {}
    for item_id, section, text in _items(plan):
        k = ItemKey(section.removeprefix(plan.plan_id).strip("/"), words_hash(text))
        keys[item_id] = k
        by_words.setdefault(k.words, []).append(item_id)
        by_section.setdefault(k.section, []).append(item_id)
    return _Index(keys, by_words, by_section)


def _items(plan: Plan) -> Iterable[tuple[str, str, str]]:
    yield from ((t.task_id, t.section_id, t.text) for t in plan.tasks)
    yield from ((t.target_id, t.section_id, t.text) for t in plan.targets)
    yield from ((t.theme_id, "", t.text) for t in plan.themes)


def words_hash(text: str) -> str:
    """Twelve hexadecimal digits of the SHA-256 of a text's match key: layout, case and tone placement do not count."""
    return hashlib.sha256(key(text).encode()).hexdigest()[:12]


def decide(pairs: Alignment, left_id: str, right_id: str, decision: str, **facts: str) -> Decision:
    """A decision on a pair of an alignment. Raises KeyError for unknown ids, ValueError for an unknown verdict."""
    if decision not in DECISIONS or facts.get("relation", "") not in RELATIONS:
        raise ValueError(
            f"decision is one of {', '.join(DECISIONS)}; relation one of {', '.join(RELATIONS[1:])} or empty"
        )
    kind = "task"
    for name in ("target", "theme"):
        if left_id in {getattr(x, f"{name}_id") for x in getattr(pairs.left, f"{name}s")}:
            kind = name
    return Decision(kind, item_key(pairs.left, left_id), item_key(pairs.right, right_id), decision, **facts)


def apply(pairs: Alignment, decisions: Sequence[Decision]) -> tuple[Alignment, tuple[Stale, ...]]:
    """The alignment with people's decisions in force, and the decisions that no longer find their items.

    An accepted pair is accepted whatever its score, a rejected one rejected; where several people decided on a pair,
    the latest date counts, then the last in the list. Items that lost or found a partner change accordingly.
    """
    left, right = _index(pairs.left), _index(pairs.right)
    verdicts: dict[tuple[str, str], Decision] = {}
    stale: list[Stale] = []
    for d in sorted(decisions, key=lambda d: d.date):
        a, b = _find(left, d.left), _find(right, d.right)
        stale += [
            Stale(d, side, tuple(index.by_section.get(k.section, ())))
            for side, found, index, k in (("left", a, left, d.left), ("right", b, right, d.right))
            if not found
        ]
        if a and b:
            verdicts[a, b] = d
    matches = [_decided(m, verdicts.get((m.left_id, m.right_id))) for m in pairs.matches if m.left_id and m.right_id]
    known = {(m.left_id, m.right_id) for m in matches}
    matches += [
        _decided(Match(a, b, d.kind, "", 0.0, 0.0, False), d) for (a, b), d in verdicts.items() if (a, b) not in known
    ]
    matches += _alone(pairs, matches)
    return replace(pairs, matches=tuple(matches)), tuple(stale)


def _find(index: _Index, k: ItemKey) -> str:
    here = index.by_words.get(k.words, [])
    return next((i for i in here if index.keys[i].section == k.section), here[0] if len(here) == 1 else "")


def _decided(m: Match, d: Decision | None) -> Match:
    if d is None:
        return m
    held = d.decision == "accepted"
    relation = d.relation or (
        m.relation if held and m.relation not in ("", "related") else "equivalent" if held else "related"
    )
    return replace(m, accepted=held, relation=relation, decision=d.decision, reviewer=d.reviewer, note=d.note)


def _alone(pairs: Alignment, matches: Sequence[Match]) -> list[Match]:
    """Gap rows after the decisions: kept, dropped where a partner was found, new where the last was rejected."""
    held = {i for m in matches if m.accepted for i in (m.left_id, m.right_id)}
    kept = [m for m in pairs.matches if not (m.left_id and m.right_id) and (m.left_id or m.right_id) not in held]
    known = {m.left_id or m.right_id for m in kept} | held
    lost = dict.fromkeys((m.kind, side, getattr(m, side)) for m in matches for side in ("left_id", "right_id"))
    for kind, side, item in lost:
        if item not in known:
            left, right = (item, "") if side == "left_id" else ("", item)
            kept.append(Match(left, right, kind, "", 0.0, 0.0, False, note="its pairs were rejected by a reviewer"))
    return kept


def queue(pairs: Alignment, most: int = 50, blind: bool = False) -> list[Match]:
    """The undecided pairs where a look helps most: those nearest the threshold, in log-odds.

    ``blind`` orders them by a hash of their ids, so that the order tells nothing about the score.
    """
    open_ = [m for m in pairs.matches if m.left_id and m.right_id and not m.decision and m.kind == "task"]
    nearest = sorted(
        open_, key=lambda m: (abs(_logit(m.probability) - _logit(pairs.threshold)), m.left_id, m.right_id)
    )[:most]
    if blind:
        nearest.sort(key=lambda m: words_hash(f"{m.left_id} {m.right_id}"))
    return nearest


def _logit(p: float) -> float:
    from math import log

    p = min(max(p, 1e-6), 1 - 1e-6)
    return log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree on the pairs that both judged. ``kappa`` is None where chance alone decides."""

    first: str
    second: str
    pairs: int
    agreed: int
    kappa: float | None
    disputed: tuple[tuple[Decision, Decision], ...]


def agreement(decisions: Iterable[Decision]) -> list[Agreement]:
    """Cohen's kappa (1960) for every two reviewers with pairs in common, and the pairs they dispute."""
    by_reviewer: dict[str, dict[tuple[ItemKey, ItemKey], Decision]] = {}
    for d in decisions:
        by_reviewer.setdefault(d.reviewer, {})[d.left, d.right] = d
    names = sorted(by_reviewer)
    return [
        _agree(a, b, by_reviewer[a], by_reviewer[b])
        for n, a in enumerate(names)
        for b in names[n + 1 :]
        if by_reviewer[a].keys() & by_reviewer[b].keys()
    ]


def _agree(
    a: str, b: str, first: dict[tuple[ItemKey, ItemKey], Decision], second: dict[tuple[ItemKey, ItemKey], Decision]
) -> Agreement:
    common = [(first[k], second[k]) for k in first if k in second]
    agreed = sum(x.decision == y.decision for x, y in common)
    n = len(common)
    left, right = Counter(x.decision for x, _ in common), Counter(y.decision for _, y in common)
    chance = sum(left[v] * right[v] for v in DECISIONS) / n**2
    kappa = None if chance == 1 else round((agreed / n - chance) / (1 - chance), 4)
    return Agreement(a, b, n, agreed, kappa, tuple((x, y) for x, y in common if x.decision != y.decision))


def to_row(d: Decision) -> dict[str, str]:
    """A decision as a row of ``alignments/<left>__<right>.csv``."""
    return dict(
        zip(
            COLUMNS,
            (
                d.kind,
                d.left.section,
                d.left.words,
                d.right.section,
                d.right.words,
                d.decision,
                d.relation,
                d.reviewer,
                d.date,
                d.note,
            ),
            strict=True,
        )
    )


def from_row(row: dict[str, str], place: str) -> Decision:
    """A row as a decision; ``place`` (file and line) is named where the row is wrong. Raises PlanError."""
    missing = [c for c in COLUMNS if c not in row]
    if missing:
        raise PlanError(f"{place}: column {missing[0]} is missing; the columns are {', '.join(COLUMNS)}")
    if row["decision"] not in DECISIONS:
        raise PlanError(f"{place}: decision “{row['decision']}” is none of {', '.join(DECISIONS)}; correct the cell")
    if row["relation"] not in RELATIONS:
        raise PlanError(
            f"{place}: relation “{row['relation']}” is none of {', '.join(RELATIONS[1:])}; correct the cell"
        )
    left, right = ItemKey(row["left_section"], row["left_hash"]), ItemKey(row["right_section"], row["right_hash"])
    return Decision(
        row["kind"], left, right, row["decision"], row["relation"], row["reviewer"], row["date"], row["note"]
    )
