"""Where on a web page the document is: by where its words are, and by how plans open.

Every block of text weighs the characters that it says outside links, and more where it opens as parts of plans do
("Căn cứ", "Điều 1.", "II."). From the body down, the walk goes into a child as long as that child holds nearly all
of the weight and none of the plan's own openings stand outside it. No site's class names are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from compare.errors import ReadError
from compare.lexicon import read_lexicon
from compare.normalise import bounded
from compare.patterns import words
from compare.read.parts import one_line

MAX_DEPTH = 2_000  # libxml2 drops without a word what is nested deeper than 2,048 elements

# Elements that hold no part of a document, and elements that end a paragraph.
_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "aside",
        "footer",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "video",
        "audio",
        "button",
        "select",
        "option",
        "textarea",
        "input",
        "map",
        "dialog",
        "head",
        "menu",
    ]
)
BLOCKS = frozenset(
    [
        "html",
        "body",
        "div",
        "p",
        "section",
        "article",
        "main",
        "header",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "blockquote",
        "pre",
        "center",
        "address",
        "figure",
        "figcaption",
        "hr",
        "form",
        "fieldset",
        "legend",
        "details",
        "summary",
    ]
)
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "dialog", "alert"}
_HIDDEN = bounded(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OWN = bounded(
    r"(?:Điều\s+\d{1,3}\s*[.:]|[IVX]{1,4}[./]\s|[A-E]\.\s|Số\s*:\s*\d|Chương\s+[IVX]+|Phần\s+(?:[IVX]+|thứ)|"
    + words(*(r["words"] for r in read_lexicon("page_cues") if r["kind"] == "own"))
    + ")",
    re.IGNORECASE,
)
_CUE_WEIGHT = 400  # characters of prose that an opening of a plan is worth
_NEARLY_ALL = 0.75
_HOLDERS = frozenset(["div", "section", "article", "main", "center", "form", "fieldset", "td"])
_PAGE_CELL = 2_000  # characters of a cell that holds a document, on pages that a table lays out


class Main(NamedTuple):
    """The element that holds the document, and what inside it is none of it."""

    root: Any
    left_out: frozenset[Any]


def opens_plan(paragraph: str) -> bool:
    """Whether a paragraph opens as plans and their parts do."""
    return bool(_OWN.match(paragraph))


def walk(root: Any, left_out: frozenset[Any] = frozenset()) -> Iterator[tuple[str, Any]]:
    """``start`` and ``end`` of every element from ``root`` down, ``skip`` for those left out; without recursion."""
    stack = [iter((root,))]
    opened: list[Any] = []
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            if opened:
                yield "end", opened.pop()
        elif element in left_out or (element is not root and _is_furniture(element)):
            yield "skip", element
        else:
            yield "start", element
            opened.append(element)
            stack.append(iter(element))


def _is_furniture(element: Any) -> bool:
    """What is no part of any document: scripts, navigation, fields of forms, what is hidden."""
    get = element.get
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        return True
    return (
        get("role") in _ROLES
        or get("hidden") is not None
        or get("aria-hidden") == "true"
        or bool(_HIDDEN.search(get("style") or ""))
    )


def main_content(source: str, body: Any) -> Main:
    """Finds the document on a page. Raises ReadError where elements are nested more than MAX_DEPTH deep."""
    weigh = _Weights(source, body)
    root = body
    while True:
        inside = [c for c in _holders_below(root) if c in weigh.prose]
        best = max(inside, key=lambda c: weigh.prose[c], default=None)
        if best is None or weigh.prose[best] < _NEARLY_ALL * weigh.prose[root]:
            break
        if best.tag == "td" and weigh.letters[best] < _PAGE_CELL:
            break
        if weigh.own[root] > weigh.own[best]:
            break
        root = best
    return Main(root, frozenset(e for e in weigh.prose if e is not root and weigh.is_links(e)))


def _holders_below(element: Any) -> list[Any]:
    """The nearest elements inside ``element`` that can hold a document."""
    found: list[Any] = []
    stack = list(element)
    while stack:
        here = stack.pop()
        if here.tag in _HOLDERS:
            found.append(here)
        else:
            stack.extend(here)
    return found


class _Weights:
    """For every block element, with all that is inside it: weight of prose, characters, characters in links, openings."""

    def __init__(self, source: str, body: Any) -> None:
        self.prose: dict[Any, int] = {}
        self.letters: dict[Any, int] = {}
        self.linked: dict[Any, int] = {}
        self.links: dict[Any, int] = {}
        self.own: dict[Any, int] = {}
        self._open: list[_OpenBlock] = []
        depth = in_link = 0
        for event, element in walk(body):
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise ReadError(source, f"elements nested more than {MAX_DEPTH:,} deep", "save the page as text")
                if element.tag in BLOCKS or not self._open:
                    self._open.append(_OpenBlock(element))
                if element.tag == "a":
                    in_link += 1
                    self._open[-1].links += 1
                self._open[-1].add(element.text, in_link > 0)
                continue
            if event == "end":
                depth -= 1
                in_link -= element.tag == "a"
                if self._open[-1].element is element:
                    self._close()
            if self._open:
                self._open[-1].add(element.tail, in_link > 0)

    def _close(self) -> None:
        block = self._open.pop()
        text = one_line("".join(block.parts))
        prose = block.linked < 0.5 * len(text)
        own = int(prose and opens_plan(text))
        sums = (
            (self.prose, len(text) * prose + _CUE_WEIGHT * own),
            (self.letters, len(text)),
            (self.linked, block.linked),
            (self.links, block.links),
            (self.own, own),
        )
        for table, value in sums:
            table[block.element] = table.get(block.element, 0) + value
            if self._open:
                above = self._open[-1].element
                table[above] = table.get(above, 0) + table[block.element]

    def is_links(self, element: Any) -> bool:
        """A list of links: three or more that make up most of its characters, and no opening of a plan."""
        mostly = self.linked[element] > 0.6 * self.letters[element]
        return mostly and self.links[element] >= 3 and not self.own[element]


class _OpenBlock:
    """A block element whose end has not come yet, with the text that stands directly in it."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.parts: list[str] = []
        self.linked = 0
        self.links = 0

    def add(self, text: str | None, in_link: bool) -> None:
        if text:
            self.parts.append(text)
            self.linked += len(text.strip()) if in_link else 0
