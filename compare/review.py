"""People's decisions about pairs: kept apart from the scores, found again after a new parse.

A decision names each item by its section's path and a hash of its normalised words, not by an id that a better parser
may change. An item is found by its words (the section settles which, where the same words stand twice). Where the
words are not found, the decision is stale: it is reported, with the items now in that section, and not applied.

Decisions on the plans A and B stand in ``A__B.csv``, with A's items on the left; they serve B and A as well, mirrored.
Those on a plan's annex rows (left) and body tasks (right) are of kind annex and stand in ``A__A.csv``.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from compare import alignment
from compare.errors import PlanError
from compare.lexicon import agencies
from compare.normalise import key
from compare.records import Alignment, Doubt, Match, Plan

COLUMNS = (
    "kind", "left_section", "left_hash", "right_section", "right_hash", "decision", "relation", "reviewer", "date", "note",
)  # fmt: skip
DECISIONS = ("accepted", "rejected")
RELATIONS = ("", "equivalent", "narrower", "broader", "related")
KINDS = ("task", "target", "theme", "annex")
_MIRRORED = {"narrower": "broader", "broader": "narrower"}
STALE = "stale_decision"


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
    """A decision one of whose items is no longer found in a plan, with the items that now stand in its section."""

    decision: Decision
    side: str
    now: tuple[str, ...]
    plan_id: str = ""

    def __str__(self) -> str:
        d = self.decision
        item = d.left if self.side == "left" else d.right
        when = f" of {d.date}" if d.date else ""
        by = f" by {d.reviewer}" if d.reviewer else ""
        now = f"; there now: {', '.join(self.now[:3])}{', …' if len(self.now) > 3 else ''}" if self.now else ""
        return (
            f"the decision{when}{by} ({d.decision}) does not count: "
            f"the {self.side} {_kind(d.kind)} in {item.section or 'the text'} ({item.words}) is not found{now}"
        )


# So many decisions or fewer are told one by one even where none finds its items.
_FEW = 3


def for_others(stale: Sequence[Stale], given: int) -> str:
    """What to say once where most of the ``given`` decisions find no item: they are on other texts; else empty."""
    lost = len({s.decision for s in stale})
    if lost <= _FEW or 2 * lost <= given:
        return ""
    return (
        f"{lost} of {given} decisions do not count: they were made on other texts of these plans (an abridged edition "
        "has other words than the full text); give the texts that they were made on, or make decisions on these"
    )


def item_key(plan: Plan, item_id: str) -> ItemKey:
    """The key of a task, target or theme. Raises KeyError for an unknown id."""
    return _index(plan).keys[item_id]


@dataclass(frozen=True, slots=True)
class _Index:
    """A plan's keys by id; ids by kind and words, and by kind and section."""

    plan_id: str
    keys: dict[str, ItemKey]
    by_words: dict[tuple[str, str], list[str]]
    by_section: dict[tuple[str, str], list[str]]


def _index(plan: Plan) -> _Index:
    found = _Index(plan.plan_id, {}, {}, {})
    for kind, item_id, section, text in _items(plan):
        k = ItemKey(section.removeprefix(plan.plan_id).strip("/"), words_hash(text))
        found.keys[item_id] = k
        found.by_words.setdefault((kind, k.words), []).append(item_id)
        found.by_section.setdefault((kind, k.section), []).append(item_id)
    return found


def _items(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    yield from (("task", t.task_id, t.section_id, t.text) for t in plan.tasks)
    yield from (("target", t.target_id, t.section_id, t.text) for t in plan.targets)
    yield from (("theme", t.theme_id, "", t.text) for t in plan.themes)


def words_hash(text: str) -> str:
    """Twelve hexadecimal digits of the SHA-256 of a text's match key: layout, case and tone placement do not count."""
    return hashlib.sha256(key(text).encode()).hexdigest()[:12]


def decide(pairs: Alignment, left_id: str, right_id: str, decision: str, **facts: str) -> Decision:
    """A decision on a pair of an alignment.

    Raises KeyError for unknown ids, ValueError for an unknown verdict or relation and for a date that is not ISO.
    """
    if decision not in DECISIONS or facts.get("relation", "") not in RELATIONS:
        raise ValueError(
            f"decision is one of {', '.join(DECISIONS)}; relation one of {', '.join(RELATIONS[1:])} or empty"
        )
    if not _is_date(facts.get("date", "")):
        raise ValueError(f"date “{facts['date']}” is no ISO date (2026-01-31)")
    kind = "task"
    for name in ("target", "theme"):
        if left_id in {getattr(x, f"{name}_id") for x in getattr(pairs.left, f"{name}s")}:
            kind = name
    return Decision(kind, item_key(pairs.left, left_id), item_key(pairs.right, right_id), decision, **facts)


def _is_date(cell: str) -> bool:
    """Whether a cell is empty or begins with an ISO date (a spreadsheet may add the time)."""
    try:
        return not cell or bool(date.fromisoformat(cell[:10]))
    except ValueError:
        return False


def mirrored(d: Decision) -> Decision:
    """The same decision with the plans' sides swapped: what is narrower from the left is broader from the right."""
    return replace(d, left=d.right, right=d.left, relation=_MIRRORED.get(d.relation, d.relation))


def align(
    left: Plan,
    right: Plan,
    threshold: float = alignment.THRESHOLD,
    decisions: Sequence[Decision] = (),
    embeddings: str = "",
) -> tuple[Alignment, tuple[Stale, ...]]:
    """Aligns two plans with people's decisions in force; gives the decisions that no longer find their items, too.

    An accepted pair is accepted whatever its probability, a rejected one never is, and the others are chosen around
    them: an item whose best pair was rejected may get the next best, and beside an accepted pair, which counts as
    certain, only good ones hold. Where several people decided on a pair, the latest date counts, then the last in the
    list. Stale decisions also stand among the warnings of the plan whose item is not found (code stale_decision): one
    each, or one for all where most are stale.
    ``embeddings``: see ``alignment.align``.
    """
    verdicts, stale = counting(left, right, decisions)
    others = for_others(stale, len(decisions))
    left, right = (_warned(p, [s for s in stale if s.plan_id == p.plan_id], others) for p in (left, right))
    known = {ids: d.decision == "accepted" for ids, d in verdicts.items()}
    pairs = alignment.align(left, right, threshold, known, embeddings)
    matches = tuple(_decided(m, verdicts.get((m.left_id, m.right_id))) for m in pairs.matches)
    within = {
        name: tuple(_decided(m, verdicts.get((m.left_id, m.right_id))) for m in pairs.within[name])
        for name in pairs.within
    }
    return replace(pairs, matches=matches, within=within), stale


def apply(pairs: Alignment, decisions: Sequence[Decision]) -> tuple[Alignment, tuple[Stale, ...]]:
    """As ``align``, for plans that are aligned already; the decisions that their pairs carry stay in force."""
    earlier = [
        Decision(
            m.kind, item_key(a, m.left_id), item_key(b, m.right_id), m.decision, m.relation, m.reviewer, "", m.note
        )
        for a, b, matches in (
            (pairs.left, pairs.right, pairs.matches),
            *((p, p, pairs.within.get(p.plan_id, ())) for p in (pairs.left, pairs.right)),
        )
        for m in matches
        if m.decision
    ]
    return align(pairs.left, pairs.right, pairs.threshold, (*earlier, *decisions), pairs.embeddings)


def counting(
    left: Plan, right: Plan, decisions: Sequence[Decision]
) -> tuple[dict[tuple[str, str], Decision], tuple[Stale, ...]]:
    """The decision on each pair of ids that counts, and those whose items are not found."""
    here, there = _index(left), _index(right)
    verdicts: dict[tuple[str, str], Decision] = {}
    stale: list[Stale] = []
    for d in sorted(decisions, key=lambda d: d.date):
        # an annex row and a body task stand in one plan, either of the two
        sides = [(here, here), (there, there)] if d.kind == "annex" else [(here, there)]
        ids = [(_find(a, d.kind, d.left), _find(b, d.kind, d.right)) for a, b in sides]
        known = [(a, b) for a, b in ids if a and b]
        verdicts |= dict.fromkeys(known, d)
        if not known:
            missing = [_stale(d, *side, *pair) for side, pair in zip(sides, ids, strict=True)]
            missing.sort(key=_likely)
            stale += missing[-1]
    return verdicts, tuple(stale)


def _likely(stale: list[Stale]) -> tuple[int, int]:
    """Of two plans, an annex's decision is rather on the one that has one of its items, or its sections."""
    return -len(stale), sum(bool(s.now) for s in stale)


def _stale(d: Decision, left: _Index, right: _Index, left_id: str, right_id: str) -> list[Stale]:
    kind = _kind(d.kind)
    sides = (("left", left_id, left, d.left), ("right", right_id, right, d.right))
    return [
        Stale(d, side, tuple(i.by_section.get((kind, k.section), ())), i.plan_id)
        for side, found, i, k in sides
        if not found
    ]


def _kind(kind: str) -> str:
    """The kind of the items that a decision is on: those of an annex are tasks."""
    return "task" if kind == "annex" else kind


def _find(index: _Index, kind: str, k: ItemKey) -> str:
    here = index.by_words.get((_kind(kind), k.words), [])
    return next((i for i in here if index.keys[i].section == k.section), here[0] if len(here) == 1 else "")


def _warned(plan: Plan, stale: Sequence[Stale], others: str) -> Plan:
    """The plan with a warning for each stale decision, at the section where its item stood, if there is one.

    Where most are stale, ``others`` says so in one warning.
    """
    if not stale:
        return plan
    if others:
        return replace(plan, warnings=tuple(dict.fromkeys((*plan.warnings, Doubt(STALE, others, 0, 0)))))
    places = {x.section_id.removeprefix(plan.plan_id).strip("/"): x for x in plan.sections}
    doubts = []
    for s in stale:
        at = places.get(s.decision.left.section if s.side == "left" else s.decision.right.section)
        doubts.append(Doubt(STALE, str(s), at.start if at else 0, at.end if at else 0))
    return replace(plan, warnings=tuple(dict.fromkeys((*plan.warnings, *doubts))))


def _decided(m: Match, d: Decision | None) -> Match:
    if d is None:
        return m
    relation = d.relation or (m.relation if d.decision == "accepted" else "related")
    return replace(m, relation=relation, decision=d.decision, reviewer=d.reviewer, note=d.note)


def queue(pairs: Alignment, most: int = 50, blind: bool = False) -> list[Match]:
    """The undecided pairs of tasks where a look helps most: those whose verdict is likeliest to change what is told.

    That is how likely the tool is wrong about the pair (1 - p where it holds, p where it does not), times what hangs on
    it: 1, and 1 more for each of the two tasks that has no other partner (it would become a gap, or cease to be one)
    and where the leads on both sides differ (a task that went to another body, or no such thing).
    ``blind`` orders them by a hash of their ids, so that the order tells nothing about the score.
    """
    open_ = [m for m in pairs.matches if m.left_id and m.right_id and not m.decision and m.kind == "task"]
    held = pairs.accepted()
    partners = Counter(m.left_id for m in held), Counter(m.right_id for m in held)
    leads = _leads(pairs.left), _leads(pairs.right)

    def worth(m: Match) -> float:
        wrong = 1 - m.probability if m.accepted else m.probability
        hang = sum(n == int(m.accepted) for n in (partners[0][m.left_id], partners[1][m.right_id]))
        a, b = leads[0].get(m.left_id, set()), leads[1].get(m.right_id, set())
        return wrong * (1 + hang + bool(a and b and not a & b))

    first = sorted(open_, key=lambda m: (-round(worth(m), 9), m.left_id, m.right_id))[:most]
    if blind:
        first.sort(key=lambda m: words_hash(f"{m.left_id} {m.right_id}"))
    return first


def _leads(plan: Plan) -> dict[str, set[str]]:
    """Task -> the bodies that lead it, as they are now; without the tasks that a collective name leads."""
    found: dict[str, set[str]] = {}
    for a in plan.assignments:
        if a.role == "lead":
            found.setdefault(a.task_id, set()).add(a.agency_now or a.agency_id)
    known = agencies()
    return {t: b for t, b in found.items() if not any(i in known and known[i].kind == "collective" for i in b)}


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
    for name, known in (("kind", KINDS), ("decision", DECISIONS), ("relation", RELATIONS)):
        if row[name] not in known:
            choice = ", ".join(k for k in known if k)
            raise PlanError(f"{place}: {name} “{row[name]}” is none of {choice}; correct the cell")
    if not _is_date(row["date"]):
        raise PlanError(f"{place}: date “{row['date']}” is no ISO date (2026-01-31); correct the cell")
    left, right = ItemKey(row["left_section"], row["left_hash"]), ItemKey(row["right_section"], row["right_hash"])
    return Decision(
        row["kind"], left, right, row["decision"], row["relation"], row["reviewer"], row["date"], row["note"]
    )


def read_decisions(path: Path) -> list[Decision]:
    """The decisions of a CSV file. Raises PlanError, naming file and line, for what is not one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            heads = reader.fieldnames or ()
            rows = [(reader.line_num, r) for r in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PlanError(f"{path}: cannot be read as CSV ({error}); give a UTF-8 CSV file of decisions") from None
    missing = [c for c in COLUMNS if c not in heads]
    if missing:
        raise PlanError(f"{path}: column {missing[0]} is missing; the columns are {', '.join(COLUMNS)}")
    for line, row in rows:
        if None in row or None in row.values():
            raise PlanError(f"{path}, line {line}: has not as many cells as the heading; correct the line")
    return [from_row(r, f"{path}, line {line}") for line, r in rows]


def load(where: Path, left: str, right: str) -> list[Decision]:
    """The decisions on the plans with the ids ``left`` and ``right``, as seen from there.

    ``where`` is a file, or a folder with ``<left>__<right>.csv`` or ``<right>__<left>.csv`` (whose decisions are
    mirrored; both are read where both are there), and with ``<left>__<left>.csv`` and ``<right>__<right>.csv`` for the
    annexes. Raises PlanError where ``where`` does not exist, or a file holds what is no decision.
    """
    if not where.exists():
        raise PlanError(f"{where}: does not exist; give a file of decisions or a folder with {left}__{right}.csv")
    names = dict.fromkeys(f"{a}__{b}.csv" for a, b in ((left, right), (right, left), (left, left), (right, right)))
    files = [p for p in (where / n for n in names) if p.exists()] if where.is_dir() else [where]
    swapped = f"{right}__{left}.csv" if left != right else ""
    return [mirrored(d) if f.name == swapped and d.kind != "annex" else d for f in files for d in read_decisions(f)]
