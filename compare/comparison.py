"""Two plans read, aligned and compared: the tables that commands and notebooks show.

Composes pipeline, align and diff; each table is made once, when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from compare import diff, frames, review
from compare.alignment import THRESHOLD
from compare.pipeline import read_plans
from compare.records import Alignment, Plan
from compare.tables import Table
from compare.version import __version__

# Candidates below this probability stand in the CSV and JSON only.
LIKELY = 0.1
COLUMNS = {
    "alignment": frames.ALIGNMENT,
    "themes_diff": frames.THEMES_DIFF,
    "terms_diff": frames.TERMS_DIFF,
    "statements_diff": frames.STATEMENTS_DIFF,
    "targets_diff": frames.TARGETS_DIFF,
    "tasks_diff": frames.TASKS_DIFF,
    "gaps": frames.GAPS,
}
_TITLES = {
    "alignment": ("Pairs of items", "Các cặp mục"),
    "themes_diff": ("Themes", "Lĩnh vực"),
    "terms_diff": ("Terms", "Thuật ngữ"),
    "statements_diff": ("Statements", "Chủ đề, phương châm, quan điểm"),
    "targets_diff": ("Targets", "Chỉ tiêu"),
    "tasks_diff": ("Tasks", "Nhiệm vụ"),
    "gaps": ("Missing assignments", "Khoảng trống phân công"),
}


class Comparison:
    """The comparison of a left and a right plan at one threshold."""

    def __init__(self, pairs: Alignment, stale: Sequence[review.Stale] = (), given: int = 0) -> None:
        self.pairs = pairs
        self.stale = tuple(stale)
        self.given = given

    @classmethod
    def of(
        cls,
        left: str | Path,
        right: str | Path,
        threshold: float | None = None,
        decisions: Path | None = None,
        embeddings: str = "",
    ) -> Comparison:
        """Reads and aligns two plans. Raises ReadError and NotAPlanError as ``read_plan`` does.

        ``decisions`` is a file or a folder of people's decisions, which then override the scores; see ``review.load``,
        also for what it raises. Without it no decision counts. ``embeddings`` names an encoder's model, see
        ``alignment.align``.
        """
        a, b = read_plans([left, right])
        made = review.load(decisions, a.plan_id, b.plan_id) if decisions else []
        least = THRESHOLD if threshold is None else threshold
        return cls(*review.align(a, b, least, made, embeddings), len(made))

    @property
    def left(self) -> Plan:
        return self.pairs.left

    @property
    def right(self) -> Plan:
        return self.pairs.right

    @cached_property
    def rows(self) -> Mapping[str, list[dict[str, object]]]:
        """The rows of every comparison table, cells as the tables hold them."""
        made = {
            "alignment": frames.match_rows(self.pairs.matches, self.left.plan_id, self.right.plan_id),
            "themes_diff": diff.theme_rows(self.pairs),
            "terms_diff": diff.term_rows(self.pairs),
            "statements_diff": diff.statement_rows(self.pairs),
            "targets_diff": diff.target_rows(self.pairs),
            "tasks_diff": diff.task_rows(self.pairs),
            "gaps": diff.gap_rows(self.pairs),
        }
        return {name: [{k: frames.cell(v) for k, v in r.items()} for r in rows] for name, rows in made.items()}

    def table(self, name: str, lang: str = "en") -> Table:
        """One of COLUMNS, ready to be written."""
        title = _TITLES[name][lang == "vi"]
        return Table(
            name,
            tuple(COLUMNS[name]),
            tuple(self.rows[name]),
            f"{title}: {self.left.plan_id} / {self.right.plan_id}",
            "; ".join(s for s in (self.note, self.doubts(name)) if s),
            (self.left.plan_id, self.right.plan_id),
        )

    def doubts(self, name: str) -> str:
        """What rests on doubtful pairs in ``tasks_diff`` or ``gaps``; empty for other tables, or where nothing does.

        Tells why the two count tasks without a counterpart differently.
        """
        if name == "tasks_diff":
            pairs = [r for r in self.rows[name] if r["left_id"] and r["right_id"]]
            n = sum(r["doubtful"] == "true" for r in pairs)
            return f"{n} of {len(pairs)} pairs are doubtful (probability below {diff.SURE:g})" if n else ""
        if name == "gaps":
            alone = [r for r in self.rows[name] if r["gap"] == "task_without_counterpart"]
            n = sum(r["doubtful"] == "true" for r in alone)
            return (
                f"{n} of {len(alone)} tasks without a counterpart have doubtful pairs only (probability below "
                f"{diff.SURE:g}), which tasks_diff shows as pairs; the others it calls dropped or added"
                if n
                else ""
            )
        return ""

    def likely(self, lang: str = "en") -> Table:
        """The alignment without the candidates that few would look at: accepted, decided on, from 0.1 up, and gaps."""
        table = self.table("alignment", lang)
        kept = [
            r
            for r in table.rows
            if r["accepted"] == "true"
            or r["decision"]
            or not (r["left_id"] and r["right_id"])
            or float(r["probability"]) >= LIKELY
        ]
        return replace(table, rows=tuple(kept), note=f"{table.note}; candidates below {LIKELY:g} left out")

    def sources(self) -> list[Table]:
        """What both plans say (tasks, targets, themes): where the ids of the comparison tables lead."""
        parsed = frames.parse_rows([self.left, self.right])
        return [Table(n, tuple(frames.PARSE_TABLES[n]), tuple(parsed[n])) for n in ("tasks", "targets", "themes")]

    @property
    def note(self) -> str:
        """Which plans, which version, which threshold, and how many pairs people decided, if they did."""
        said = f"{self.left.plan_id} / {self.right.plan_id}; plandiff {__version__}; threshold {self.pairs.threshold:g}"
        if self.left.text == self.right.text:
            said = f"{said}; both plans are the same text"
        if self.pairs.embeddings:
            said = f"{said}; embeddings {Path(self.pairs.embeddings).name}"
        return f"{said}; {self.decided}" if self.decided else said

    @property
    def decided(self) -> str:
        """How many pairs people decided on: "3 pairs decided by people (2 accepted, 1 rejected)"; empty for none."""
        pairs = self.pairs.decided()
        if not pairs:
            return ""
        yes = sum(m.accepted for m in pairs)
        return (
            f"{len(pairs)} pair{'s'[: len(pairs) > 1]} decided by people ({yes} accepted, {len(pairs) - yes} rejected)"
        )

    def texts(self) -> dict[str, str]:
        """The plans' texts by id, for quotations."""
        return {p.plan_id: p.text for p in (self.left, self.right)}

    def differs(self, what: str) -> bool:
        """Whether the two plans differ in themes, terms, statements, targets, tasks or gaps.

        Gaps differ where one plan lacks a sector, a lead or a task of the other; what a plan leaves open by itself
        is no difference.
        """
        if what in ("themes", "terms"):
            return any(r["left_count"] != r["right_count"] for r in self.rows[f"{what}_diff"])
        if what == "gaps":
            return any(r["gap"] in diff.AGAINST for r in self.rows["gaps"])
        same = {"targets": "same", "statements": "same", "tasks": "kept"}[what]
        return any(r["change"] != same for r in self.rows[f"{what}_diff"])
