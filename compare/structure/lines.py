"""Lines to paragraphs: joins what a layout broke, keeps apart what its author set apart.

Three layouts occur: one line a paragraph; paragraphs between blank lines, hard-wrapped inside; hard-wrapped with
nothing between paragraphs. The last is told by its lines going on in lower case; there a break is an author's own
where the next word would still have fitted.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from compare.lexicon import cues
from compare.normalise import TITLE, bounded, is_titled
from compare.patterns import DITTO, MARKER, RANKS, RULE_LINE, UPPER, words

_RECIPIENTS = bounded(r"\s*Nơi\s+nhận", re.IGNORECASE)
_TERMINAL = bounded(r"(?<![.;:!?…])[.;:!?…]++[\s\"”’)\]]*$")
_CAPITAL = bounded(rf"[\s\"“‘(]*[{UPPER}]")
_LOWER = bounded(rf"[\s\"“‘(]*(?![{UPPER}\d])\w")
_FIRST_WORD = bounded(r"\s*(\S+)")
# A number at a line's end or start that belongs to a phrase: "theo khoản\n2. Điều"
_DANGLING = bounded(
    r"(?:khoản|điều|mục|số|năm|tháng|ngày|quý|điểm|lần|tầng|cấp|loại|hạng|từ|đến|và)\s*$", re.IGNORECASE
)
# A Roman numeral that the line before asks for: "trong quý\nIV/2025", "khu vực\nIV."
_NUMERAL = bounded(r"[IVX]{1,5}(?!\w)")
_NUMBERED = bounded(
    r"(?<!\w)(?:qu[ýí]|khu\s+vực|vùng|mục|phần|chương|phụ\s+lục|biểu|bảng|nhóm|cấp|loại|hạng|bậc|tuyến|học\s+kỳ|giai\s+đoạn|đợt|khóa|lần\s+thứ)\s*$",
    re.IGNORECASE,
)

# "- 6 -", "Trang 6/12": what a printer puts on a page
PAGE_NUMBER = bounded(r"\s*(?:[-–—]\s*\d{1,3}\s*[-–—]|trang\s+\d{1,3}(?:\s*/\s*\d{1,3})?)\s*$", re.IGNORECASE)
# The first title of a table: no title of the annex that it stands in
_OPENS_TABLE = bounded(r"\s*" + words(*cues("column_number")) + r"\s*$", re.IGNORECASE)

# A table's row on one line, "| 1 | Sở A | quý I |", and its cells: each with the "|" that opens it, the last with both
_ROW = bounded(r"\s*\|.*\|", re.DOTALL)
_CELLS = bounded(r"\|?[^|]+(?:\|\s*$)?|\|")
_MARGIN = f" |{TITLE}"
# Share of the marked lines with a blank before them from which on paragraphs count as set apart by blanks
_SPACED = 0.8


class Head(NamedTuple):
    """What a paragraph opens with: the marker as written, its rank (-1 without), where the words begin."""

    marker: str
    rank: int
    body: int


class Line(NamedTuple):
    """A line's words; ``apart``: a blank or a rule stands before it; ``walled``: the wall of a table's cell, a "|"."""

    start: int
    end: int
    head: Head
    apart: bool
    walled: bool = False


_GROUP_RANKS = {
    "annex": RANKS["annex"],
    "roman": RANKS["roman"],
    "alpha": RANKS["alpha"],
    "num1": RANKS["num1"],
    "num2": RANKS["num2"],
    "num3": RANKS["num3"],
    "letter": RANKS["letter"],
    "paren": RANKS["paren"],
    "star": RANKS["star"],
    "dash": RANKS["dash"],
    "plus": RANKS["plus"],
}
_NAMED_RANKS = {"phần": "part", "chương": "chapter", "mục": "section", "điều": "article"}


_BEGINS = bounded(rf"[\s\"“‘(*]*[{UPPER}\"“‘(\d]")
_FOUR_DIGITS = bounded(r"\s*\d{4}")


def head_of(text: str, start: int, end: int) -> Head:
    """The marker at ``start``; a marker needs words that look like a beginning after it, or nothing at all."""
    m = MARKER.match(text, start, end)
    if m is None:
        return Head("", -1, start)
    group = m.lastgroup or ""
    rest = text[m.end() : end]
    if group == "named":
        word, ended = m.group("named").split()[0].lower(), m.group().rstrip().endswith((".", ":"))
        titled = word != "điều" and "\n" in text[m.end("named") : m.end()]  # "Chương I" on a line of its own
        if not titled and not ended and rest and not m.group("named").isupper() and m.end() < end:
            return Head("", -1, start)  # "Điều 59 Luật ..." goes on with a sentence
        return Head(m.group("named").rstrip(" .:"), RANKS[_NAMED_RANKS[word]], m.end())
    if group == "annex" and rest and not m.group("annex").isupper() and _LOWER.match(rest):
        return Head("", -1, start)
    if group in {"num1", "num2", "num3", "roman", "alpha", "letter"} and rest and not _BEGINS.match(rest):
        return Head("", -1, start)
    if group == "num1" and _FOUR_DIGITS.match(rest):  # "5. 2025" is a broken date
        return Head("", -1, start)
    return Head(" ".join(m.group(group).split()), _GROUP_RANKS[group], m.end())


def lines_of(text: str) -> list[Line]:
    """The lines with words, rules and blanks left out but remembered in ``apart``; a table's row gives its cells."""
    found: list[Line] = []
    apart, walled = True, False
    for m in re.finditer(r"[^\r\n]+|\r\n|\n|\r", text):
        if m.group() in ("\n", "\r\n", "\r"):
            following = text[m.end() : m.end() + 1]
            apart = apart or following in "\r\n" or not following
            continue
        for cell in _CELLS.finditer(text, *m.span()) if _ROW.match(m.group()) else (m,):
            raw = cell.group()
            if RULE_LINE.fullmatch(raw):
                apart, walled = True, walled or "|" in raw
                continue
            start, end = cell.start() + len(raw) - len(raw.lstrip(_MARGIN)), cell.start() + len(raw.rstrip(_MARGIN))
            walled = walled or raw.startswith("|")
            found.append(Line(start, end, head_of(text, start, end), apart or walled, walled))
            apart, walled = False, raw.endswith("|")
    return found


class Layout(NamedTuple):
    """``wrapped``: lines were broken by width. ``width``: that width. ``short_first``: a paragraph's first line is
    short. ``spaced``: blank lines stand between paragraphs, so that a line without one before it goes on."""

    wrapped: bool
    width: int
    short_first: bool
    spaced: bool = False


def layout_of(text: str, lines: list[Line]) -> Layout:
    """Tells the layout by how often a line goes on in lower case (at least one in five in wrapped text)."""
    pairs = [(a, b) for a, b in pairwise(lines) if not b.apart]
    goes_on = [(a, b) for a, b in pairs if b.head.rank < 0 and _LOWER.match(text, b.start, b.end)]
    if not pairs or len(goes_on) < 0.2 * len(pairs) or len(goes_on) < 3:
        return Layout(False, 0, False)
    lengths = sorted(a.end - a.start for a, _ in goes_on)
    width = lengths[int(0.98 * (len(lengths) - 1))]
    firsts = [a.end - a.start for a, _ in goes_on if a.apart or a.head.rank >= 0]
    short = bool(firsts) and sorted(firsts)[len(firsts) // 2] < 0.6 * width
    marked = [b for b in lines if b.head.rank >= 0 and not b.walled]
    spaced = sum(b.apart for b in marked) >= _SPACED * max(len(marked), 1)
    return Layout(True, width, short, spaced)


def paragraphs_of(text: str) -> list[tuple[int, int]]:
    """The spans of the paragraphs, in order."""
    lines = lines_of(text)
    layout = layout_of(text, lines)
    found: list[tuple[int, int]] = []
    first: Line | None = None  # the current paragraph's first line
    previous: Line | None = None
    for line in lines:
        if first is not None and previous is not None and _joins(text, first, previous, line, layout):
            found[-1] = (found[-1][0], line.end)
        else:
            found.append((line.start, line.end))
            first = line
        previous = line
    return found


def _joins(text: str, first: Line, a: Line, b: Line, layout: Layout) -> bool:
    """Whether line ``b`` goes on with the paragraph that ``first`` opened and ``a`` is the last line of."""
    left = text[a.start : a.end]
    if _repeats(text, a) or _repeats(text, b):
        return False
    if is_titled(text, a.start) != is_titled(text, b.start) and not b.walled:
        return False
    if b.walled or left.endswith("./.") or _RECIPIENTS.match(text, b.start, b.end):
        return False
    head, own = b.head, a.head
    if layout.wrapped and not b.apart and _is_asked_for(text, a, b):
        return True
    if own.rank >= 0 and own.body >= a.end:  # a marker alone on its line
        return head.rank < 0 and not _OPENS_TABLE.fullmatch(text, b.start, b.end)
    if head.rank >= 0:
        in_phrase = not _TERMINAL.search(left) and layout.wrapped and not b.apart
        dash = head.rank >= RANKS["star"]
        goes_on = dash and bool(_LOWER.match(text, head.body, b.end))
        numbered = head.rank in (RANKS["num1"], RANKS["roman"], RANKS["alpha"])
        return in_phrase and (goes_on or (numbered and bool(_DANGLING.search(left))))
    lower = bool(_LOWER.match(text, b.start, b.end))
    if b.apart:
        return lower and left.endswith(",")
    if not layout.wrapped:
        return lower and not _TERMINAL.search(left) and len(left) < 200
    if lower:
        return True
    caps, caps_next = is_capitals(left), is_capitals(text[b.start : b.end])
    if left.endswith(",") and not caps:
        return True  # formulas and abbreviations in a list: "N-NO2-,\nN-NO3-, TSS"
    if caps != caps_next or is_type(left):
        return False
    if layout.spaced and not caps:
        return True
    word = _FIRST_WORD.match(text, b.start, b.end)
    forced = len(left) + 1 + len(word.group(1) if word else "") > layout.width - 2
    opening = first.head
    if forced or left.endswith(",") or (left.endswith(";") and a == first and opening.rank >= 0):
        return True
    if _TERMINAL.search(left):
        return False
    if not _CAPITAL.match(text, b.start, b.end) or (a == first and layout.short_first):
        return True  # a digit or a quotation mark in the middle of a phrase; a first line that is always short
    numbered = 0 <= opening.rank < RANKS["star"]
    return not (caps or numbered)  # prose ends with a full stop, a heading need not


def _is_asked_for(text: str, a: Line, b: Line) -> bool:
    """Whether line ``b`` begins with the numeral that the last word of ``a`` is numbered by; no heading in capitals."""
    if not _NUMERAL.match(text, b.start, b.end) or not _NUMBERED.search(text, max(a.start, a.end - 20), a.end):
        return False
    return b.head.rank < 0 or not is_capitals(text[b.head.body : b.end])


def _repeats(text: str, line: Line) -> bool:
    """A line that is a cell by itself: "nt", "như trên"."""
    return line.end - line.start < 16 and DITTO.fullmatch(text, line.start, line.end) is not None


def is_capitals(words: str) -> bool:
    """Four letters in five are capitals; the first 400 characters tell."""
    head = words[:400]
    if sum(map(str.islower, head[: 2 * len(head) // 5 + 1])) > 0.2 * len(head):
        return False  # too many others already
    letters = sum(map(str.isalpha, head))
    return letters > 0 and sum(map(str.isupper, head)) > 0.8 * letters


_TYPES = bounded(
    r"\s*(?:QUYẾT\s+ĐỊNH|KẾ\s+HOẠCH|CHỈ\s+THỊ|NGHỊ\s+QUYẾT|CHƯƠNG\s+TRÌNH(?:\s+HÀNH\s+ĐỘNG)?|THÔNG\s+BÁO|BÁO\s+CÁO|ĐỀ\s+ÁN|PHƯƠNG\s+ÁN)\s*:?\s*$"
)


def is_type(words: str) -> bool:
    """The line that names a document's type: "QUYẾT ĐỊNH", "KẾ HOẠCH"."""
    return bool(_TYPES.match(words))
