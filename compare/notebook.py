"""What a notebook holds: plans, pairs and diffs as DataFrames with a rich display and a hint at the next call."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from compare import frames, pipeline, records, review
from compare.alignment import THRESHOLD
from compare.errors import PlanError

if TYPE_CHECKING:
    import pandas as pd


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
        spans = {
            **{t.task_id: (t.start, t.end) for t in self.record.tasks},
            **{t.target_id: (t.start, t.end) for t in self.record.targets},
            **{t.theme_id: (t.start, t.end) for t in self.record.themes},
        }
        if item_id in spans:
            return self.text[slice(*spans[item_id])]
        raise KeyError(f"{item_id}: no task, target or theme of {self.plan_id}")

    def __repr__(self) -> str:
        r = self.record
        return f"<Plan {r.plan_id}: {len(r.tasks)} tasks, {len(r.targets)} targets, {len(r.themes)} themes, {len(r.warnings)} warnings>"

    def _repr_html_(self) -> str:
        r, m = self.record, self.metadata
        facts = [
            ("title", m.title), ("number", m.number), ("issuer", m.issuer), ("issued on", m.issued_on), ("year", m.year or ""),
            ("tasks", len(r.tasks)), ("targets", len(r.targets)), ("themes", len(r.themes)), ("warnings", len(r.warnings)),
        ]  # fmt: skip
        return _facts(r.plan_id, facts, "next: .tasks, .targets, .assignments, align(this, other)")


class Pairs:
    """The alignment of two plans: ``frame`` holds every row, ``accepted`` the pairs that hold.

    ``stale`` are the decisions given to ``align`` one of whose items is no longer found.
    """

    def __init__(self, alignment: records.Alignment, stale: Sequence[review.Stale] = ()) -> None:
        self.alignment = alignment
        self.stale = tuple(stale)

    @property
    def left(self) -> Plan:
        return Plan(self.alignment.left)

    @property
    def right(self) -> Plan:
        return Plan(self.alignment.right)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All rows of the alignment: candidates with their evidence, and items without a partner."""
        a = self.alignment
        return frames.frame(frames.match_rows(a.matches, a.left.plan_id, a.right.plan_id), frames.ALIGNMENT)

    @property
    def accepted(self) -> pd.DataFrame:
        """The accepted pairs, best first."""
        held = self.frame[self.frame["accepted"]]
        return held.sort_values(["probability", "left_id", "right_id"], ascending=[False, True, True]).reset_index(
            drop=True
        )

    def explain(self, left_id: str, right_id: str) -> pd.DataFrame:
        """Each piece of evidence for a pair: name, value (0 to 1), log_odds, words.

        Raises KeyError where the pair is not among the candidates.
        """
        import pandas as pd

        for m in self.alignment.matches:
            if (m.left_id, m.right_id) == (left_id, right_id):
                rows = [(e.name, e.value, e.log_odds, "; ".join(e.words)) for e in m.evidence]
                return pd.DataFrame(rows, columns=["name", "value", "log_odds", "words"])
        raise KeyError(f"{left_id} and {right_id} are no candidate pair; see .frame")

    def __repr__(self) -> str:
        a = self.alignment
        return (
            f"<Pairs {a.left.plan_id} / {a.right.plan_id}: {len(a.accepted())} accepted task pairs at {a.threshold:g}>"
        )

    def _repr_html_(self) -> str:
        a = self.alignment
        facts = [(kind, f"{len(a.accepted(kind))} accepted pairs") for kind in ("task", "target", "theme")]
        return _facts(
            f"{a.left.plan_id} / {a.right.plan_id}",
            facts,
            "next: .accepted, .explain(left_id, right_id), diff.tasks(this), diff.gaps(this)",
        )


def _facts(title: str, facts: Iterable[tuple[str, object]], hint: str) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(k)}</th><td style="text-align:left">{escape(str(v))}</td></tr>'
        for k, v in facts
    )
    return f"<table><caption><b>{escape(title)}</b></caption>{rows}</table><small>{escape(hint)}</small>"


def read_plan(source: str | Path) -> Plan:
    """Reads one plan from a path. Raises ReadError and NotAPlanError, each with the way out in its message."""
    return Plan(pipeline.read_plan(source))


def read_corpus(sources: str | Path | Iterable[str | Path]) -> list[Plan]:
    """Reads several plans: paths, or a folder (its .txt and .md files, by name). Raises as ``read_plan`` does."""
    if isinstance(sources, (str, Path)):
        folder = Path(sources)
        if not folder.is_dir():
            raise PlanError(f"{folder}: not a folder; give a folder or a list of files")
        sources = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".txt", ".md"))
    return [Plan(p) for p in pipeline.read_plans(sources)]


def align(
    left: Plan,
    right: Plan,
    threshold: float = THRESHOLD,
    decisions: str | Path | Iterable[review.Decision] | None = None,
) -> Pairs:
    """Aligns two plans; ``threshold`` (0 to 1) is the least probability of an accepted pair.

    ``decisions`` are people's verdicts, which override the scores: a file or a folder of them (see ``review.load``), or
    what ``Pairs.decide`` gave. Those that no longer find their items are in ``stale``, and a UserWarning counts them.
    Raises PlanError for a file that is missing or holds what is no decision.
    """
    if decisions is None:
        return Pairs(review.align(left.record, right.record, threshold)[0])
    if isinstance(decisions, (str, Path)):
        decisions = review.load(Path(decisions), left.plan_id, right.plan_id)
    pairs = Pairs(*review.align(left.record, right.record, threshold, tuple(decisions)))
    if pairs.stale:
        count = len({s.decision for s in pairs.stale})
        warnings.warn(
            f"{count} decisions no longer find their items; see .stale. First: {pairs.stale[0]}", stacklevel=2
        )
    return pairs
