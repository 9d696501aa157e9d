"""A sentence, a clause or a table's row on its way to be a task."""

from __future__ import annotations

from dataclasses import dataclass, field

from compare.records import Mention, Span, TableRow


@dataclass(slots=True)
class Item:
    """A sentence or clause under consideration; bodies may still come from lines under it."""

    kind: str
    start: int
    end: int
    section_id: str
    part: str
    zone: str
    leads: list[Mention] = field(default_factory=list)
    coordinators: list[Mention] = field(default_factory=list)
    leads_inherited: bool = False
    coordinators_inherited: bool = False
    row: TableRow | None = None
    attributes: dict[str, Span] = field(default_factory=dict)
    headings: tuple[Span, ...] = ()
