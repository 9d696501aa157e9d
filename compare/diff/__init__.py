"""Answers from an alignment: what differs in themes, targets and tasks, and what fell between two chairs.

Each function takes an Alignment, or anything that carries one as ``alignment`` (the notebook's pairs), and gives a
DataFrame with the columns of its table. The modules of this package give the same as plain rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compare import frames
from compare.diff.gaps import AGAINST, rows_of_many
from compare.diff.gaps import rows as gap_rows
from compare.diff.statements import rows as statement_rows
from compare.diff.targets import rows as target_rows
from compare.diff.tasks import SURE
from compare.diff.tasks import rows as task_rows
from compare.diff.themes import SURE_Z
from compare.diff.themes import rows as theme_rows
from compare.diff.wording import rows as term_rows
from compare.records import Alignment

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AGAINST",
    "SURE",
    "SURE_Z",
    "gap_rows",
    "gaps",
    "rows_of_many",
    "statement_rows",
    "statements",
    "target_rows",
    "targets",
    "task_rows",
    "tasks",
    "term_rows",
    "terms",
    "theme_rows",
    "themes",
]


def themes(pairs: Any) -> pd.DataFrame:
    """How many tasks each sector has on either side; see ``themes_diff``."""
    return frames.frame(theme_rows(_alignment(pairs)), frames.THEMES_DIFF)


def terms(pairs: Any) -> pd.DataFrame:
    """Which terms set the plans apart; see ``terms_diff``."""
    return frames.frame(term_rows(_alignment(pairs)), frames.TERMS_DIFF)


def statements(pairs: Any) -> pd.DataFrame:
    """Themes, mottos, viewpoints, objectives and groups of tasks side by side; see ``statements_diff``."""
    return frames.frame(statement_rows(_alignment(pairs)), frames.STATEMENTS_DIFF)


def targets(pairs: Any) -> pd.DataFrame:
    """What happened to each target; see ``targets_diff``."""
    return frames.frame(target_rows(_alignment(pairs)), frames.TARGETS_DIFF)


def tasks(pairs: Any) -> pd.DataFrame:
    """What happened to each task; see ``tasks_diff``."""
    return frames.frame(task_rows(_alignment(pairs)), frames.TASKS_DIFF)


def gaps(pairs: Any) -> pd.DataFrame:
    """Missing assignments of both plans; see ``gaps``."""
    return frames.frame(gap_rows(_alignment(pairs)), frames.GAPS)


def _alignment(pairs: Any) -> Alignment:
    found = getattr(pairs, "alignment", pairs)
    if not isinstance(found, Alignment):
        raise TypeError(f"expected the result of align(), not {type(pairs).__name__}")
    return found
