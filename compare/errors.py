"""What can go wrong for a reason that the user can mend.

Every error names the file, the place and the way out in one line; the command line prints that line and
returns ``exit_code``.
"""

from __future__ import annotations


class PlanError(Exception):
    """Bad input. ``exit_code`` is what the command returns."""

    exit_code = 2


class ReadError(PlanError):
    """A file that cannot be read as a plan: missing, a directory, empty, binary, not text."""

    def __init__(self, source: str, problem: str, remedy: str = "") -> None:
        self.source, self.problem, self.remedy = source, problem, remedy
        super().__init__(f"{source}: {problem}" + (f"; {remedy}" if remedy else ""))


class NotAPlanError(ReadError):
    """A text without a single directive, target or theme."""


class LexiconError(PlanError):
    """A lexicon file that contradicts itself; names the file and the row."""


class OutputError(PlanError):
    """A result that cannot be written where the user asked."""
