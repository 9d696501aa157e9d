"""The frozen records that pass between the stages.

Every ``start``/``end`` pair is a Python string index into the plan's text, so ``text[start:end]`` always shows
what a record was read from. Tuples hold lists; an empty string means unknown or not stated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters of a plan's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Document:
    """A text as a reader hands it over, with what the reader says about it.

    ``pages[i]`` is the index where page ``i + 1`` begins, for formats that have pages; ``warnings`` are the reader's.
    """

    source: str
    text: str
    format: str
    sha256: str
    encoding: str = "utf-8"
    warnings: tuple[Doubt, ...] = ()
    pages: tuple[int, ...] = ()


class Paragraph(NamedTuple):
    """A run of lines that belong together, with the marker it opens with.

    ``kind`` is one of admin, noise, title, basis, heading, item, prose, attribute, cell, note; ``rank`` orders markers from the outermost (0) to the
    innermost, -1 without a marker. ``body`` is where the words begin, after the marker.
    """

    start: int
    end: int
    body: int
    marker: str
    rank: int
    kind: str
    part: str
    section_id: str


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the outline; its span reaches over all that it contains."""

    section_id: str
    parent_id: str
    level: int
    marker: str
    heading: str
    part: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; ``column`` is the role that the table's heading gives it."""

    column: str
    start: int
    end: int


# A table cell's role: a value to reach, followed by the years that it is for
VALUE = "value"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its number (``2.1``), the title of its group, its cells, the part of the plan it stands in."""

    number: str
    group: str
    section_id: str
    cells: tuple[Cell, ...]
    part: str = "annex"

    def cell(self, column: str) -> Cell | None:
        return next((c for c in self.cells if c.column == column), None)

    @property
    def values(self) -> dict[str, Cell]:
        """The cells that state values to reach, by the years that their column names (empty where it names none)."""
        return {c.column.removeprefix(VALUE).strip(): c for c in self.cells if c.column.startswith(VALUE)}


@dataclass(frozen=True, slots=True)
class Outline:
    """The structure of one document: paragraphs in order, the sections they make, the annex's rows."""

    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    rows: tuple[TableRow, ...]
    warnings: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a reader should check by eye."""

    code: str
    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """An agency named in the text. ``how`` is exact, typo, unknown or list (a bare name after ``Sở:``)."""

    agency_id: str
    start: int
    end: int
    how: str = "exact"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who leads (``lead``) or helps (``coordinate``) with a task, and the words that say so."""

    task_id: str
    role: str
    agency_id: str
    agency_now: str
    agency_text: str
    inherited: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """The interval in which a deadline falls, as ISO dates; an open side is empty."""

    text: str
    due_start: str
    due_end: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited document."""

    number: str
    doc_type: str
    issuer: str
    issued_on: str
    start: int
    end: int
    section_id: str = ""
    task_id: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """The smallest complete directive, or a finding with which somebody is charged.

    ``nearest`` says of a task without a sector what spoke for one, though too little: ``agriculture 0.7 (ao nuôi)``.
    """

    task_id: str
    section_id: str
    part: str
    kind: str
    text: str
    language: str
    start: int
    end: int
    product: str = ""
    due_text: str = ""
    due_start: str = ""
    due_end: str = ""
    due_kind: str = ""
    due_more: tuple[str, ...] = ()
    sector: str = ""
    sector_evidence: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    action: str = ""
    cites: tuple[str, ...] = ()
    heading: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A number that is aimed at. ``value`` and ``value_max`` are in ``unit``; a range fills both."""

    target_id: str
    section_id: str
    indicator_id: str
    indicator_text: str
    comparator: str
    value: float
    value_max: float | None
    unit: str
    period: str
    baseline: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Theme:
    """What a plan puts first: theme, motto, viewpoint, objective, priority, task_group."""

    theme_id: str
    kind: str
    text: str
    sector: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself; dates are ISO, years are integers or None."""

    title: str = ""
    doc_type: str = "unknown"
    number: str = ""
    issuer: str = ""
    province: str = ""
    issued_on: str = ""
    period_start: str = ""
    period_end: str = ""
    year: int | None = None
    signer: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that was read from one document. ``covered`` are the spans that some record accounts for."""

    plan_id: str
    document: Document
    metadata: Metadata
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    assignments: tuple[Assignment, ...]
    targets: tuple[Target, ...]
    themes: tuple[Theme, ...]
    references: tuple[Reference, ...]
    warnings: tuple[Doubt, ...]
    covered: tuple[Span, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        return self.document.text


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for (or against) a pair: its value from 0 to 1, its weight in log-odds, the words it rests on."""

    name: str
    value: float
    log_odds: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A pair of items of two plans, or an item without a partner (the other id is empty)."""

    left_id: str
    right_id: str
    kind: str
    relation: str
    score: float
    probability: float
    accepted: bool
    evidence: tuple[Evidence, ...] = ()
    decision: str = ""
    reviewer: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The matches of two plans: pairs with their evidence, and items without a partner.

    ``within`` holds, for each plan's id, the pairs of its annex rows (left) with its own body tasks (right).
    ``embeddings`` names the model that added its evidence, if one did.
    """

    left: Plan
    right: Plan
    matches: tuple[Match, ...]
    threshold: float
    within: dict[str, tuple[Match, ...]] = field(default_factory=dict)
    embeddings: str = ""

    def accepted(self, kind: str = "task") -> tuple[Match, ...]:
        """The pairs of a kind that hold."""
        return tuple(m for m in self.matches if m.accepted and m.kind == kind)

    def decided(self) -> tuple[Match, ...]:
        """The pairs that a person decided on, those within an annex's plan included."""
        within = (m for matches in self.within.values() for m in matches)
        return tuple(m for m in (*self.matches, *within) if m.decision)
