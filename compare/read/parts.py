"""What every reader of a marked-up format hands over, and how its paragraphs become one text."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from compare.errors import ReadError
from compare.normalise import bounded
from compare.records import Doubt

INSTALL = "pip install plandiff"
# White space of any kind, and the marks that take no room: soft hyphen, zero-width space and joiners, byte order mark.
_SPACE = bounded(r"[\s\u00a0\u2000-\u200a\u202f\u3000]+")
_NOTHING = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))

_OPENING = bounded(r"[\s\"“‘(]*")
_MARKED = bounded(r"(?:\d{1,2}(?:\.\d{1,2})*[.)/]|[a-zđ]\)|[IVX]{1,6}[./]|[-–+•*])\s*\S")


class Extract(NamedTuple):
    """A document's text; ``warnings`` point into it; ``pages[i]`` is where page ``i + 1`` begins (PDF only)."""

    text: str
    warnings: tuple[Doubt, ...] = ()
    pages: tuple[int, ...] = ()
    encoding: str = "utf-8"


def one_line(text: str) -> str:
    """A paragraph's words with single spaces between them."""
    return _SPACE.sub(" ", text.translate(_NOTHING)).strip()


def goes_on(line: str) -> bool:
    """Whether a line begins in the middle of a sentence: with a small letter, or a comma."""
    first = line[_OPENING.match(line).end() :][:1]  # type: ignore[union-attr]
    return first.islower() or first in {",", ";"}


def broken(lines: list[str]) -> list[str]:
    """Paragraphs from lines between line breaks: one that goes on in lower case belongs to the line above."""
    found: list[list[str]] = []
    open_ = False
    for line in map(one_line, lines):
        if not line:
            open_ = False
        elif open_ and not _MARKED.match(line) and (goes_on(line) or found[-1][-1].endswith(",")):
            found[-1].append(line)
        else:
            found.append([line])
            open_ = True
    return [" ".join(group) for group in found]


def is_row(paragraph: str) -> bool:
    """Whether a paragraph is a row of a table."""
    return paragraph.startswith("| ")


def joined(paragraphs: Iterable[str]) -> str:
    """One paragraph a line, a blank line between, none between the rows of a table; a line break at the end."""
    parts: list[str] = []
    before = ""
    for paragraph in paragraphs:
        if paragraph:
            parts.append(("\n" if is_row(before) and is_row(paragraph) else "\n\n") + paragraph)
        before = paragraph
    return "".join(parts).lstrip("\n") + "\n" if parts else ""


def library(source: str, name: str, kind: str) -> ModuleType:
    """Imports what a format needs. Raises ReadError that says what to install."""
    try:
        return import_module(name)
    except ImportError:
        raise ReadError(source, f"reading {kind} needs {name.split('.')[0]}", INSTALL) from None
