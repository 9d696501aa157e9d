"""Several years of plans: the history of each task in each province, by ``matrix``'s groups and ``tasks_diff``'s changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compare import frames
from compare.alignment import THRESHOLD
from compare.diff import history as told
from compare.display import folded, hinted, table
from compare.errors import PlanError
from compare.matrix import Progress, matrix
from compare.records import Plan
from compare.selection import Verdicts
from compare.tables import Table
from compare.tables.headings import table_heading
from compare.version import __version__

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]


@dataclass(frozen=True)
class History:
    """The rows of ``history``, ``history_steps`` and ``history_sectors``, and as DataFrames ``frame``, ``steps`` and
    ``sectors``. ``left_out``: plans whose province has no other year.
    """

    plans: tuple[Plan, ...]
    threshold: float
    rows: Mapping[str, list[Row]]
    left_out: tuple[Plan, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """One row a task or group of equivalent tasks; see ``history``."""
        return self._frame("history")

    @property
    def steps(self) -> pd.DataFrame:
        """One row a task and step between two years; see ``history_steps``."""
        return self._frame("history_steps")

    @property
    def sectors(self) -> pd.DataFrame:
        """How many were kept, dropped, ... by sector and step; see ``history_sectors``."""
        return self._frame("history_sectors")

    def _frame(self, name: str) -> pd.DataFrame:
        return frames.frame(self.rows[name], frames.HISTORY_TABLES[name])

    def __repr__(self) -> str:
        return f"<History of {len(self.plans)} plans: {len(self.rows['history'])} tasks or groups of equivalent tasks>"

    def _repr_html_(self) -> str:
        counts = Counter((str(s["to_year"]), str(s["change"])) for s in self.rows["history_steps"])
        changes = [(year, change, n) for (year, change), n in sorted(counts.items())]
        first = [(r["label"], r["changes"], r["last_year"]) for r in self.rows["history"][:5]]
        return (
            table(", ".join(p.plan_id for p in self.plans), ("year", "change", "tasks or groups"), changes)
            + folded("over most years", table("", ("label", "changes", "last seen"), first))
            + hinted("next: .frame, .steps, .sectors")
        )

    def table(self, name: str, lang: str = "en") -> Table:
        """One of history, history_steps, history_sectors, ready to be written."""
        years: dict[str, list[int]] = {}
        for p in self.plans:
            years.setdefault(p.metadata.province or "?", []).append(p.metadata.year or 0)
        spans = "; ".join(f"{name} {', '.join(map(str, sorted(set(of))))}" for name, of in years.items())
        note = f"{', '.join(p.plan_id for p in self.plans)}; plandiff {__version__}; threshold {self.threshold:g}"
        columns = tuple(frames.HISTORY_TABLES[name])
        return Table(name, columns, tuple(self.rows[name]), f"{table_heading(name, lang)}: {spans}", note)

    def sources(self) -> list[Table]:
        """The plans' tasks: where the ids of the tables lead."""
        return [Table("tasks", tuple(frames.TASKS), tuple(frames.parse_rows(self.plans)["tasks"]))]

    def texts(self) -> dict[str, str]:
        """The plans' texts by id, for quotations."""
        return {p.plan_id: p.text for p in self.plans}


def follow(
    plans: Sequence[Plan],
    threshold: float = THRESHOLD,
    progress: Progress | None = None,
    verdicts: Verdicts | None = None,
) -> History:
    """Follows the tasks of each province through the years of its plans; the order of the plans does not matter.

    ``progress`` and ``verdicts`` are those of ``matrix``. Raises PlanError for a plan that states no year, and where no
    province has plans of two years.
    """
    provinces: dict[str, list[Plan]] = {}
    for p in sorted(plans, key=lambda p: p.plan_id):
        if not p.metadata.year:
            raise PlanError(f"{p.document.source}: states no year, so it has no place in a history; leave it out")
        provinces.setdefault(p.metadata.province, []).append(p)
    followed = {name: own for name, own in sorted(provinces.items()) if len({p.metadata.year for p in own}) > 1}
    if not followed:
        names = ", ".join(f"{p.plan_id} ({p.metadata.year})" for p in plans)
        raise PlanError(f"{names}: no province has plans of two years; give plans of different years of one province")
    used = tuple(p for own in followed.values() for p in own)
    rows: dict[str, list[Row]] = {name: [] for name in frames.HISTORY_TABLES}
    for name, own in followed.items():
        groups = matrix(own, threshold, progress, verdicts, singles=True)
        chronicle = told.Chronicle.of(name, own, groups.pairs)
        for table_name, tell in (
            ("history", told.rows),
            ("history_steps", told.steps),
            ("history_sectors", told.sectors),
        ):
            made = tell(chronicle, groups.groups)
            rows[table_name] += [{k: frames.cell(v) for k, v in r.items()} for r in made]
    left_out = tuple(p for p in plans if p.plan_id not in {u.plan_id for u in used})
    return History(used, threshold, rows, left_out)
