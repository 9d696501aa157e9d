"""Word's automatic numbering, resolved to the numbers that a reader sees.

A paragraph belongs to a list by itself or by its style (or one that the style is based on). Counters run by abstract
list, as in Word: two lists of one abstract list go on counting unless the second overrides its start.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from compare.read.lists import numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLETS = {"-": "-", "–": "-", "—": "-", "+": "+", "*": "*", "•": "•"}


class Level(NamedTuple):
    """A level of a list: number format, text with %1 to %9, first number, the level that restarts it, suffix."""

    style: str
    text: str
    start: int
    restart: int | None
    legal: bool
    suffix: str


class Numbering:
    """Counts the numbered paragraphs of one document, in order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}  # abstract list -> numbering style that it takes its levels from
        self._styles_of: dict[str, str] = {}  # numbering style -> abstract list
        self._lists: dict[str, str] = {}  # list -> abstract list
        self._overrides: dict[str, dict[int, Level | int]] = {}
        self._style_numbers: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label(self, paragraph: Any) -> str:
        """What stands before the words: "II. ", "1.2. ", "a) ", "- "; empty without automatic numbering."""
        number = self._number_of(paragraph)
        if number is None or number[0] == "0":
            return ""
        num_id, depth = number
        levels = self._levels(num_id)
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._count(num_id, depth, levels)
        if level.style == "bullet":
            return _BULLETS.get(level.text.strip()[:1], "-") + " "

        def figure(m: re.Match[str]) -> str:
            at = int(m.group(1)) - 1
            own = levels.get(at)
            style = "decimal" if own is None or (level.legal and own.style != "none") else own.style
            return numeral(counts.get(at, own.start if own else 1), style)

        said = re.sub(r"%([1-9])", figure, level.text).strip()
        return said + ("" if level.suffix == "nothing" else " ") if said else ""

    def _count(self, num_id: str, depth: int, levels: dict[int, Level]) -> dict[int, int]:
        abstract = self._lists[num_id]
        counts = self._counts.setdefault(abstract, {})
        for above in range(depth):  # a list that begins at a deeper level counts the levels above it as begun
            if above in levels:
                counts.setdefault(above, levels[above].start)
        override = self._overrides.get(num_id, {}).get(depth)
        first = (num_id, depth) not in self._started
        if depth not in counts or (first and override is not None):
            counts[depth] = levels[depth].start
        else:
            counts[depth] += 1
        self._started.add((num_id, depth))
        for below in [d for d in counts if d > depth]:
            restart = levels[below].restart if below in levels else None
            if restart != 0 and (restart is None or depth < restart):
                del counts[below]
        return counts

    def _levels(self, num_id: str) -> dict[int, Level]:
        abstract = self._lists.get(num_id, "")
        levels = self._abstract.get(abstract, {})
        if not levels and abstract in self._links:
            levels = self._abstract.get(self._styles_of.get(self._links[abstract], ""), {})
        changed = dict(levels)
        for depth, own in self._overrides.get(num_id, {}).items():
            if isinstance(own, Level):
                changed[depth] = own
            elif depth in changed:
                changed[depth] = changed[depth]._replace(start=own)
        return changed

    def _number_of(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return self._style_numbers.get("")
        style = _value(properties.find(f"{W}pStyle"))
        inherited = self._style_numbers.get(style)
        own = properties.find(f"{W}numPr")
        if own is None:
            return inherited
        num_id, depth = _value(own.find(f"{W}numId")), _value(own.find(f"{W}ilvl"))
        if not num_id:
            return (inherited[0], int(depth or 0)) if inherited else None
        return num_id, int(depth) if depth.isdigit() else (inherited[1] if inherited else 0)

    def _read(self, numbering: Any) -> None:
        for abstract in numbering.iterfind(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId")
            self._abstract[name] = {int(v.get(f"{W}ilvl")): _level(v) for v in abstract.iterfind(f"{W}lvl")}
            link = _value(abstract.find(f"{W}numStyleLink"))
            if link:
                self._links[name] = link
            style = _value(abstract.find(f"{W}styleLink"))
            if style:
                self._styles_of[style] = name
        for number in numbering.iterfind(f"{W}num"):
            name = number.get(f"{W}numId")
            self._lists[name] = _value(number.find(f"{W}abstractNumId"))
            changes: dict[int, Level | int] = {}
            for change in number.iterfind(f"{W}lvlOverride"):
                depth, level = int(change.get(f"{W}ilvl")), change.find(f"{W}lvl")
                start = _value(change.find(f"{W}startOverride"))
                if level is not None:
                    changes[depth] = _level(level)
                elif start.isdigit():
                    changes[depth] = int(start)
            self._overrides[name] = changes

    def _read_styles(self, styles: Any) -> None:
        by_id = {s.get(f"{W}styleId"): s for s in styles.iterfind(f"{W}style") if s.get(f"{W}type") == "paragraph"}
        for name in by_id:
            found = self._style_number(name, by_id)
            if found is not None:
                self._style_numbers[name] = found
        default = next((n for n, s in by_id.items() if s.get(f"{W}default") == "1"), None)
        if default in self._style_numbers:
            self._style_numbers[""] = self._style_numbers[default]

    def _style_number(self, name: str, by_id: dict[str, Any]) -> tuple[str, int] | None:
        """The list and level of a style: its own, or that of the style it is based on."""
        depth, style, seen = "", name, set()
        while style in by_id and style not in seen:
            seen.add(style)
            own = by_id[style].find(f"{W}pPr/{W}numPr")
            if own is not None:
                depth = depth or _value(own.find(f"{W}ilvl"))
                num_id = _value(own.find(f"{W}numId"))
                if num_id:
                    return num_id, int(depth) if depth else 0
            style = _value(by_id[style].find(f"{W}basedOn"))
        return None


def _level(element: Any) -> Level:
    start, restart = _value(element.find(f"{W}start")), _value(element.find(f"{W}lvlRestart"))
    legal = element.find(f"{W}isLgl")
    return Level(
        _value(element.find(f"{W}numFmt")) or "decimal",
        _value(element.find(f"{W}lvlText")),
        int(start) if start.isdigit() else 1,
        int(restart) if restart.isdigit() else None,
        legal is not None and legal.get(f"{W}val") not in ("0", "false"),
        _value(element.find(f"{W}suff")) or "tab",
    )


def _value(element: Any | None) -> str:
    return "" if element is None else element.get(f"{W}val") or ""
