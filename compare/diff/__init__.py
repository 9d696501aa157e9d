"""Answers from an alignment: what differs in themes, targets and tasks, and what fell between two chairs."""

from compare.diff.gaps import gaps
from compare.diff.targets import targets
from compare.diff.tasks import tasks
from compare.diff.themes import themes

__all__ = ["gaps", "targets", "tasks", "themes"]
