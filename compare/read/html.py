"""HTML of law portals, provincial sites and newspapers: the document's own text, without what stands around it.

Where the document is, page.py finds; here it is written down: a paragraph a block, list items with their numbers,
tables in place. A line break inside a paragraph is kept where a new thought begins after it. What follows a heading
of comments or related news at the end is left out.
"""

from __future__ import annotations

import re
from typing import Any

from compare.errors import ReadError
from compare.lexicon import read_lexicon
from compare.normalise import bounded
from compare.patterns import words
from compare.read.encodings import decode_markup, font_encoding, from_font, unfont
from compare.read.lists import HTML_TYPES, numeral
from compare.read.page import BLOCKS, Main, main_content, opens_plan, walk
from compare.read.parts import Extract, broken, joined, library, one_line
from compare.read.tables import GridBuilder, flatten

MAX_BYTES = 60_000_000

_FONT = bounded(r"font-family\s*:\s*[\"']?([^;\"',]+)", re.IGNORECASE)
_AFTER = bounded(
    r"\s*" + words(*(r["words"] for r in read_lexicon("page_cues") if r["kind"] == "after")) + r"\W*\d*\W*$",
    re.IGNORECASE,
)


def read(source: str, raw: bytes) -> Extract:
    """The text of an HTML page. Raises ReadError where it is too large, nested too deep, or holds no text."""
    if len(raw) > MAX_BYTES:
        remedy = "save the page without images, or as text"
        raise ReadError(source, f"an HTML page of more than {MAX_BYTES // 1_000_000} MB", remedy)
    markup, encoding = decode_markup(source, raw)
    body = _body(source, markup)
    main = main_content(source, body)
    paragraphs = _Writer(main).paragraphs
    paragraphs = _without_comments(_titled(body, main, paragraphs))
    text, font = unfont(joined(paragraphs))
    if not text.strip():
        raise ReadError(source, "an HTML page without text", "save the page after it has loaded, or as text")
    return Extract(text, encoding=font or encoding)


def _body(source: str, markup: str) -> Any:
    etree = library(source, "lxml.etree", "HTML")
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        tree = None
    if tree is None:
        raise ReadError(source, "an HTML page without elements", "save the page again, or as text")
    body = tree.find("body")
    return tree if body is None else body


class _Writer:
    """Writes the paragraphs of an element down; cells of tables are written apart and laid out at the table's end."""

    def __init__(self, main: Main) -> None:
        self._sinks: list[_Sink] = [_Sink()]
        self._tables: list[GridBuilder] = []
        self._lists: list[tuple[str, int]] = []  # format, next number
        self._fonts: list[str] = [""]
        for event, element in walk(main.root, main.left_out):
            if event == "start":
                self._start(element)
                self._text(element.text)
                continue
            if event == "end":
                self._end(element)
            if element is not main.root:
                self._text(element.tail)
        self.paragraphs = self._sinks[0].done()

    def _text(self, text: str | None) -> None:
        if text:
            self._sinks[-1].add(from_font(text, self._fonts[-1]))

    def _start(self, element: Any) -> None:
        tag, sink = element.tag, self._sinks[-1]
        self._fonts.append(_font_of(element) or self._fonts[-1])
        if tag == "br":
            sink.line_break()
        if tag not in BLOCKS:
            return
        sink.close()
        if tag == "table":
            self._tables.append(GridBuilder())
        elif tag == "tr" and self._tables:
            self._tables[-1].row()
        elif tag in ("td", "th") and self._tables:
            self._sinks.append(_Sink())
        elif tag in ("ol", "ul"):
            style = HTML_TYPES.get(element.get("type") or "1", "decimal") if tag == "ol" else "bullet"
            self._lists.append((style, _number(element.get("start"), 1)))
        elif tag == "li" and self._lists:
            style, count = self._lists.pop()
            count = _number(element.get("value"), count)
            sink.prefix = "- " if style == "bullet" else f"{numeral(count, style)}{_list_stop(style)} "
            self._lists.append((style, count + 1))
        elif tag == "pre":
            sink.raw = True

    def _end(self, element: Any) -> None:
        tag = element.tag
        self._fonts.pop()
        if tag not in BLOCKS:
            return
        self._sinks[-1].close()
        if tag == "pre":
            self._sinks[-1].raw = False
        elif tag == "table" and self._tables:
            self._sinks[-1].done().extend(flatten(self._tables.pop().grid()))
        elif tag in ("td", "th") and self._tables:
            cell = "\n".join(self._sinks.pop().done())
            self._tables[-1].cell(cell, _number(element.get("rowspan"), 1), _number(element.get("colspan"), 1))
        elif tag in ("ol", "ul") and self._lists:
            self._lists.pop()


class _Sink:
    """Collects text into paragraphs."""

    def __init__(self) -> None:
        self.prefix = ""  # a list item's number
        self.raw = False  # inside <pre>: lines as they stand
        self._parts: list[str] = []
        self._done: list[str] = []

    def add(self, text: str) -> None:
        self._parts.append(text if self.raw else text.replace("\n", " ").replace("\r", " "))

    def line_break(self) -> None:
        self._parts.append("\n")

    def close(self) -> None:
        """Ends the paragraph."""
        text, self._parts = "".join(self._parts), []
        if self.raw:
            if text.strip():
                self._done.append(text.strip("\r\n"))
            return
        for line in broken(text.split("\n")):
            self._done.append(self.prefix + line)
            self.prefix = ""

    def done(self) -> list[str]:
        self.close()
        return self._done


def _font_of(element: Any) -> str:
    """The legacy encoding that an element's font stands for."""
    face = element.get("face") if element.tag == "font" else None
    style = element.get("style")
    if style and face is None:
        named = _FONT.search(style)
        face = named.group(1) if named else None
    return font_encoding(face) if face else ""


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else default


def _list_stop(style: str) -> str:
    return ")" if style == "lowerLetter" else "."


def _titled(body: Any, main: Main, paragraphs: list[str]) -> list[str]:
    """Puts the page's heading in front where it stands outside the document and the document has no letterhead."""
    if any(opens_plan(p) for p in paragraphs[:4]):
        return paragraphs
    heads = [one_line("".join(h.itertext())) for h in body.iter("h1")]
    start = " ".join(paragraphs[:6])
    return [h for h in heads[:1] if len(h) > 20 and h not in start] + paragraphs


def _without_comments(paragraphs: list[str]) -> list[str]:
    """Leaves out what follows a heading of comments or related news, if no part of a plan opens after it."""
    last = max((i for i, p in enumerate(paragraphs) if opens_plan(p)), default=len(paragraphs) // 2)
    for i in range(last + 1, len(paragraphs)):
        if _AFTER.match(paragraphs[i]):
            return paragraphs[:i]
    return paragraphs
