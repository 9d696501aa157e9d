"""What a notebook holds: plans, pairs and diffs as DataFrames with a rich display and a hint at the next call."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

from compare import chronicle, explanation, frames, pipeline, records, register, review
from compare.alignment import THRESHOLD, coefficients
from compare.display import QUEUE, folded, hinted, readable, table
from compare.errors import PlanError, ReadError
from compare.normalise import squeeze
from compare.version import __version__

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]

SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf")
_PREVIEW = 5  # rows of the table inside a plan's or an alignment's display


class Plan:
    """One plan; its tables are DataFrames with the documented columns, made when first asked for."""

    def __init__(self, record: records.Plan) -> None:
        self.record = record

    @property
    def plan_id(self) -> str:
        return self.record.plan_id

    @property
    def text(self) -> str:
        """The text that ``start`` and ``end`` point into."""
        return self.record.text

    @property
    def metadata(self) -> records.Metadata:
        return self.record.metadata

    @property
    def source(self) -> str:
        """The path that the text was read from."""
        return self.record.document.source

    @property
    def url(self) -> str:
        """Where the plan was published, as the register of plans has it; empty where that is not known."""
        try:
            known = register.load().get(self.plan_id) if register.find() else None
        except ReadError:  # a broken register is the business of those who read from it
            return ""
        address = known["url"] if known else ""
        return address if address.startswith(("https://", "http://")) else ""

    def _frame(self, name: str) -> pd.DataFrame:
        return frames.frame(frames.parse_rows([self.record])[name], frames.PARSE_TABLES[name])

    @cached_property
    def sections(self) -> pd.DataFrame:
        return self._frame("sections")

    @cached_property
    def tasks(self) -> pd.DataFrame:
        return self._frame("tasks")

    @cached_property
    def assignments(self) -> pd.DataFrame:
        return self._frame("assignments")

    @cached_property
    def targets(self) -> pd.DataFrame:
        return self._frame("targets")

    @cached_property
    def themes(self) -> pd.DataFrame:
        return self._frame("themes")

    @cached_property
    def references(self) -> pd.DataFrame:
        return self._frame("references")

    @cached_property
    def warnings(self) -> pd.DataFrame:
        return self._frame("warnings")

    @cached_property
    def uncoded(self) -> pd.DataFrame:
        """The tasks without a sector: task_id, section_id, nearest (what spoke for one, too little), text, start, end."""
        found = pipeline.uncoded(self.record)
        columns = ["task_id", "section_id", "nearest", "text", "start", "end"]
        return frames.frame(frames.rows(self.plan_id, found, columns), columns)

    def quote(self, item_id: str) -> str:
        """The words that a task, target or theme was read from. Raises KeyError for an unknown id."""
        start, end = self._span(item_id)
        return self.text[start:end]

    def context(self, item_id: str, around: int = 300) -> Passage:
        """An item's words where they stand, marked, with ``around`` characters on either side.

        Raises KeyError for an unknown id.
        """
        start, end = self._span(item_id)
        before, after = self.text[max(0, start - around) : start], self.text[end : end + around]
        return Passage(item_id, before, self.text[start:end], after)

    def _span(self, item_id: str) -> tuple[int, int]:
        if item_id in self._spans:
            return self._spans[item_id]
        raise KeyError(f"{item_id}: no task, target or theme of {self.plan_id}; see .tasks, .targets, .themes")

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        r = self.record
        return {
            **{t.task_id: (t.start, t.end) for t in r.tasks},
            **{t.target_id: (t.start, t.end) for t in r.targets},
            **{t.theme_id: (t.start, t.end) for t in r.themes},
        }

    def __repr__(self) -> str:
        r = self.record
        return f"<Plan {r.plan_id}: {len(r.tasks)} tasks, {len(r.targets)} targets, {len(r.themes)} themes, {len(r.warnings)} warnings>"

    def _repr_html_(self) -> str:
        r, m = self.record, self.metadata
        codes = Counter(w.code for w in r.warnings)
        warned = ", ".join(f"{code} {n}" for code, n in sorted(codes.items()))
        facts: list[tuple[object, ...]] = [
            ("title", m.title), ("number", m.number), ("issuer", m.issuer), ("issued on", m.issued_on), ("year", m.year or ""),
            ("read from", self.source), ("published at", self.url),
            ("tasks", len(r.tasks)), ("targets", len(r.targets)), ("themes", len(r.themes)),
            ("warnings", f"{len(r.warnings)} ({warned})" if warned else 0),
        ]  # fmt: skip
        told = [row for row in facts if row[1] != ""]
        leads: dict[str, list[str]] = {}
        for a in r.assignments:
            if a.role == "lead":
                leads.setdefault(a.task_id, []).append(a.agency_id)
        first = [(t.task_id, t.text, "; ".join(leads.get(t.task_id, ())), t.due_text) for t in r.tasks[:_PREVIEW]]
        return (
            table(r.plan_id, (), told)
            + folded("the first tasks", table("", ("task_id", "text", "lead", "due"), first) if first else "")
            + hinted("next: .tasks, .targets, .assignments, .context(task_id), align(this, other)")
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """An item's words between what stands before and after them in the text."""

    item_id: str
    before: str
    words: str
    after: str

    def __str__(self) -> str:
        return f"…{self.before}[{self.words}]{self.after}…"

    def _repr_html_(self) -> str:
        return (
            f'<figure style="margin:0"><figcaption><b>{escape(self.item_id)}</b></figcaption>'
            f'<blockquote style="white-space:pre-line">…{escape(self.before)}<mark>{escape(self.words)}</mark>{escape(self.after)}…'
            "</blockquote></figure>"
        )


class Pairs:
    """The alignment of two plans: ``frame`` holds every row, ``accepted`` the pairs that hold.

    ``stale`` are the decisions given to ``apply`` one of whose items is no longer found.
    """

    def __init__(self, alignment: records.Alignment, stale: Sequence[review.Stale] = ()) -> None:
        self.alignment = alignment
        self.stale = tuple(stale)

    @cached_property
    def left(self) -> Plan:
        return Plan(self.alignment.left)

    @cached_property
    def right(self) -> Plan:
        return Plan(self.alignment.right)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All rows of the alignment: candidates with their evidence, and items without a partner."""
        a = self.alignment
        return frames.frame(frames.match_rows(a.matches, a.left.plan_id, a.right.plan_id), frames.ALIGNMENT)

    @property
    def note(self) -> str:
        """A caption for figures: which plans, which version, which threshold, how many pairs people decided on."""
        a = self.alignment
        decided = sum(bool(m.decision) for m in a.matches)
        said = f"{a.left.plan_id} / {a.right.plan_id}; plandiff {__version__}; threshold {a.threshold:g}"
        return f"{said}; {decided} decided by people" if decided else said

    @property
    def accepted(self) -> pd.DataFrame:
        """The accepted pairs, best first."""
        held = self.frame[self.frame["accepted"]]
        best = held.sort_values(["probability", "left_id", "right_id"], ascending=[False, True, True])
        return readable(best.reset_index(drop=True))

    def explain(self, left_id: str, right_id: str) -> pd.DataFrame:
        """Each piece of evidence for a pair: name, value (0 to 1), log_odds, words.

        For tasks and themes the first row is the model's intercept, so that the log-odds add up to those of the
        pair's probability. Targets pair by their indicator, without log-odds. Pairs that were no candidate are
        explained as well. Ids may be given without the plan's id in front. Raises KeyError for an unknown id,
        ValueError for two kinds of items.
        """
        import pandas as pd

        m = explanation.pair(self.alignment, *self._ids(left_id, right_id))
        rows = [(e.name, e.value, e.log_odds, "; ".join(e.words)) for e in m.evidence]
        if rows and m.kind != "target":
            rows.insert(0, ("intercept", float("nan"), coefficients()["intercept"], ""))
        return readable(pd.DataFrame(rows, columns=["name", "value", "log_odds", "words"]))

    def queue(self, most: int = 50, blind: bool = False) -> pd.DataFrame:
        """The undecided pairs of tasks where a look helps most, those first, with cells to fill in.

        Columns: QUEUE. ``blind`` leaves the probability out and puts the pairs in an order that tells nothing.
        """
        rows = [
            dict.fromkeys(QUEUE, "")
            | {"left_id": m.left_id, "left_text": squeeze(self.left.quote(m.left_id))}
            | {"right_id": m.right_id, "right_text": squeeze(self.right.quote(m.right_id))}
            | {"probability": None if blind else m.probability}
            for m in review.queue(self.alignment, most, blind)
        ]
        return frames.frame(rows, QUEUE)

    def decide(
        self, left_id: str, right_id: str, decision: str, *,
        relation: str = "", reviewer: str = "", date: str = "", note: str = "",
    ) -> review.Decision:  # fmt: skip
        """A person's verdict on a pair, "accepted" or "rejected", to be handed to ``apply``; ``date`` is ISO.

        Ids may be given without the plan's id in front. Changes nothing by itself. Raises KeyError for unknown ids,
        ValueError for an unknown verdict or relation.
        """
        facts = {"relation": relation, "reviewer": reviewer, "date": date, "note": note}
        return review.decide(self.alignment, *self._ids(left_id, right_id), decision, **facts)

    def _ids(self, left_id: str, right_id: str) -> tuple[str, str]:
        """The full ids of a left and a right item; raises KeyError with one line for an unknown one."""
        a = self.alignment
        try:
            return explanation.full_id(a.left, left_id), explanation.full_id(a.right, right_id)
        except KeyError as error:
            plans = f"{a.left.plan_id} (left) or {a.right.plan_id} (right)"
            raise KeyError(f"{error.args[0]}: no task, target or theme of {plans}") from None

    def apply(self, decisions: Iterable[review.Decision]) -> Pairs:
        """These pairs with people's decisions in force; the scores stay, and so does this object."""
        return Pairs(*review.apply(self.alignment, tuple(decisions)))

    def __repr__(self) -> str:
        a = self.alignment
        return (
            f"<Pairs {a.left.plan_id} / {a.right.plan_id}: {len(a.accepted())} accepted task pairs at {a.threshold:g}>"
        )

    def _repr_html_(self) -> str:
        a = self.alignment
        counts = [_counts(kind, a.matches) for kind in ("task", "target", "theme")]
        decided = sum(bool(m.decision) for m in a.matches)
        said = f"threshold {a.threshold:g}" + (f", {decided} decided by people" if decided else "")
        best = sorted(a.accepted(), key=lambda m: (-m.probability, m.left_id, m.right_id))[:_PREVIEW]
        rows = [(m.probability, self.left.quote(m.left_id), self.right.quote(m.right_id), m.relation) for m in best]
        heads = ("kind", "accepted pairs", "other candidates", "left without partner", "right without partner")
        return (
            table(f"{a.left.plan_id} / {a.right.plan_id} ({said})", heads, counts)
            + folded("the best pairs", table("", ("probability", "left", "right", "relation"), rows) if rows else "")
            + hinted("next: .accepted, .explain(left_id, right_id), .queue(), diff.tasks(this), diff.gaps(this)")
        )


def _counts(kind: str, matches: Iterable[records.Match]) -> tuple[object, ...]:
    own = [m for m in matches if m.kind == kind]
    pairs = [m for m in own if m.left_id and m.right_id]
    held = sum(m.accepted for m in pairs)
    return kind, held, len(pairs) - held, sum(not m.right_id for m in own), sum(not m.left_id for m in own)


def read_plan(source: str | Path) -> Plan:
    """Reads one plan from a path, or by the id of a registered plan.

    Raises ReadError and NotAPlanError, each with the way out in its message.
    """
    return Plan(pipeline.read_plan(source))


def read_corpus(
    sources: str | Path | Iterable[str | Path],
    progress: Progress | None = None,
    on_error: Callable[[PlanError], None] | None = None,
) -> list[Plan]:
    """Reads several plans: paths or ids, or a folder (its files with one of SUFFIXES, by name).

    Where two would share an id, the later ones get ``~2``, ``~3`` behind it. ``progress`` is called with the number of
    sources done and of all. What cannot be read is told to ``on_error``; without it, raises as ``read_plan`` does.
    Raises PlanError for a folder that is none or holds no such file.
    """
    wanted = _files(Path(sources)) if isinstance(sources, (str, Path)) else list(sources)
    plans: list[Plan] = []
    taken: Counter[str] = Counter()
    for done, source in enumerate(wanted, start=1):
        try:
            plan = pipeline.read_plan(source)
        except PlanError as error:
            if on_error is None:
                raise
            on_error(error)
        else:
            taken[plan.plan_id] += 1
            again = taken[plan.plan_id]
            plans.append(Plan(pipeline.renamed(plan, f"{plan.plan_id}~{again}") if again > 1 else plan))
        if progress:
            progress(done, len(wanted))
    return plans


def _files(folder: Path) -> list[Path]:
    """The plans of a folder, by name; hidden files and an open editor's lock files are none."""
    if not folder.is_dir():
        raise PlanError(f"{folder}: not a folder; give a folder or a list of files")
    found = (p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.name[0] not in ".~" and p.is_file())
    if files := sorted(found):
        return files
    raise PlanError(f"{folder}: no file ends in {', '.join(SUFFIXES)}; put the plans there")


def history(
    plans: Iterable[Plan],
    threshold: float = THRESHOLD,
    progress: Progress | None = None,
    decisions: str | Path | Iterable[review.Decision] | None = None,
) -> chronicle.History:
    """Follows each task through the years of its province's plans: ``.frame``, ``.steps``, ``.sectors``.

    ``progress`` is called with the pairs of plans done and of all; ``decisions`` are people's verdicts, a folder of
    them or what ``Pairs.decide`` gave. Raises PlanError where a plan states no year, and where no province has two.
    """
    own = [p.record for p in plans]
    verdicts: dict[tuple[str, str], bool] = {}
    folder = Path(decisions) if isinstance(decisions, (str, Path)) else None
    given = () if decisions is None or isinstance(decisions, (str, Path)) else tuple(decisions)
    for a, b in permutations(own, 2) if folder or given else ():
        made: Sequence[review.Decision] = review.load(folder, a.plan_id, b.plan_id) if folder else given
        held, _ = review.counting(a, b, [d for d in made if d.kind == "task"])
        verdicts |= {pair: d.decision == "accepted" for pair, d in held.items()}
    return chronicle.follow(own, threshold, progress, verdicts)


def align(
    left: Plan,
    right: Plan,
    threshold: float = THRESHOLD,
    decisions: str | Path | Iterable[review.Decision] | None = None,
    embeddings: str | Path = "",
) -> Pairs:
    """Aligns two plans; ``threshold`` (0 to 1) is the least probability of an accepted pair.

    ``decisions`` are people's verdicts, which override the scores: a file or a folder of them (see ``review.load``), or
    what ``Pairs.decide`` gave. Those that no longer find their items are in ``stale``, and a UserWarning counts them.
    ``embeddings`` is a folder with a model of sentence-transformers, or the name of one on this machine: its evidence
    counts too. Raises PlanError for a file that is missing or holds what is no decision, and for a model that is not there.
    """
    if decisions is None:
        return Pairs(review.align(left.record, right.record, threshold, (), str(embeddings))[0])
    if isinstance(decisions, (str, Path)):
        decisions = review.load(Path(decisions), left.plan_id, right.plan_id)
    decisions = tuple(decisions)
    pairs = Pairs(*review.align(left.record, right.record, threshold, decisions, str(embeddings)))
    if pairs.stale:
        others = review.for_others(pairs.stale, len(decisions))
        count = len({s.decision for s in pairs.stale})
        said = others or f"{count} decisions no longer find their items; see .stale. First: {pairs.stale[0]}"
        warnings.warn(said, stacklevel=2)
    return pairs
