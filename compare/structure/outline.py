"""Paragraphs to an outline: parts, headings, sections, and what is letterhead, signature or portal noise.

Markers nest by rank (patterns.RANKS): a marker closes every open section of its own or a deeper rank. A heading is
a marked paragraph that says nothing by itself: it names a subject or bodies and leaves the saying to what follows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise

from compare.lexicon import cues
from compare.normalise import bounded, is_titled
from compare.patterns import ATTRIBUTE, LETTERHEAD, LOWER, MOTTO, NUMBER, RANKS, UPPER, words
from compare.records import Outline, Paragraph, Section, TableRow
from compare.structure.annex import flattened_rows
from compare.structure.lines import PAGE_NUMBER, head_of, is_capitals, is_type, paragraphs_of

_NOISE = bounded(r"[\s•·+\[(-]*" + words(*cues("noise")) + r"(?:\s*\(\d+\))?\s*(?::|$|\|)", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\([^()\s]{0,400}\)")
_MENU = re.compile(r"\s*[|·›»]\s*")
# "Ghi chú: ..." under a table
_REMARK = bounded(r"[\s(∗+-]*" + words(*cues("note")) + r"\s*:", re.IGNORECASE)
_BASIS = bounded(r"\s*" + words(*cues("basis")), re.IGNORECASE)
_CLOSING = bounded(r"[\s(]*(?:" + words(*cues("closing")) + r"|TM\.|KT\.|TUQ\.|TL\.)", re.IGNORECASE)
# "Kính gửi:" and the list of those whom a letter is sent to
_ADDRESSED = bounded(r"\s*Kính\s+gửi\s*:?", re.IGNORECASE)
# "MỤC ĐÍCH, YÊU CẦU", "NHIỆM VỤ": what a plan's first heading says
_OPENS_BODY = bounded(
    r"\s*"
    + words(
        *(
            c
            for z in ("viewpoint", "purpose", "objective", "task_group", "situation", "priority")
            for c in cues(f"heading_{z}")
        )
    ),
    re.IGNORECASE,
)
_NOTE = bounded(r"\s*\[[^\[\]]{20,}\]\s*$")
_SIGNER = bounded(rf"\s*(?:[{UPPER}][^\W\d_]*\s+){{1,4}}[{UPPER}][^\W\d_]*\s*$")
_OFFICE = bounded(r"\s*(?:(?:PHÓ\s+)?CHỦ\s+TỊCH|CHÁNH\s+VĂN\s+PHÒNG|GIÁM\s+ĐỐC|ỦY\s+BAN\s+NHÂN\s+DÂN|BÍ\s+THƯ)\s*$")
_DATELINE = bounded(r"\s*[^\d]{2,30},\s*ngày\s*(?:\d{1,2}|…|\.+)?\s*tháng", re.IGNORECASE)
_OWN_NUMBER = bounded(r"\s*Số\s*:")
_ATTACHED = bounded(r"\s*\(\s*(?:Ban\s+hành\s+)?kèm\s+theo", re.IGNORECASE)
_ENDS_SAYING = bounded(r"(?<![.!?…;])[.!?…;]++[\s\"”’)]*$")
# The end of a sentence inside a paragraph: what opens a list with a colon may still say something before it
_SEVERAL = bounded(rf"[{LOWER}]{{2}}[)\"”]*[.!?]\s+[{UPPER}]")
_ENDS_OPEN = bounded(r"[:,]\s*$")


def outline(text: str) -> Outline:
    """The structure of a document's working text."""
    spans = paragraphs_of(text)
    paragraphs = _kinds(text, spans)
    table_rows, paragraphs = flattened_rows(text, paragraphs)
    paragraphs = _headings(text, paragraphs)
    sections, paragraphs = _nest(text, paragraphs)
    starts = [p.start for p in paragraphs]
    rows = tuple(_placed(r, paragraphs[bisect_right(starts, r.cells[0].start) - 1]) for r in table_rows)
    return Outline(tuple(paragraphs), tuple(sections), rows)


def _placed(row: TableRow, p: Paragraph) -> TableRow:
    """A row in the section and the part of its first cell; what stands behind a signature is an annex."""
    return replace(row, section_id=p.section_id, part="body" if p.part == "body" else "annex")


def _kinds(text: str, spans: list[tuple[int, int]]) -> list[Paragraph]:
    """Tells letterhead, titles, legal bases, signature and noise from what the document says."""
    found: list[Paragraph] = []
    part = "preamble"
    letterhead = _letterhead_end(text, spans)
    back = _noise_start(text, spans)
    in_title = False
    signed = addressed = titled = remarks = False
    for i, (start, end) in enumerate(spans):
        head, here = head_of(text, start, end), text[start:end]
        kind = "item" if head.rank >= 0 else "prose"
        if _NOTE.match(here) and i < 3:
            kind = "note"
        elif i >= back or _NOISE.match(here) or PAGE_NUMBER.fullmatch(here) or _is_menu(here):
            kind = "noise"
        elif i < letterhead or (addressed and head.rank >= RANKS["star"]):
            kind = "admin"
        elif part == "preamble" and _ADDRESSED.match(here):
            kind, addressed = "admin", True
        elif part != "closing" and _CLOSING.match(here):
            part, kind = "closing", "admin"
        elif head.rank == RANKS["annex"] and (is_capitals(here) or len(here) < 40):
            part, kind, in_title = "annex", "title", True
        elif part == "closing" and is_type_line(here) and i + 1 < len(spans):
            part, kind, in_title, signed = "body", "title", True, False
        elif part == "closing":
            kind = "admin"
            if signed and not is_capitals(here) and len(here) > 120:
                part, kind = "body", "prose"  # the text goes on after a signature
            signed = signed or bool(_SIGNER.match(here))
        elif part == "preamble" and titled and not in_title and is_capitals(here) and _OPENS_BODY.match(here):
            part = "body"  # a heading without a number, after the title and what follows it
        elif is_capitals(here) and head.rank < 0 and (in_title or part == "preamble") and not _OWN_NUMBER.match(here):
            kind, in_title = "title", True
        elif _ATTACHED.match(here) or (remarks and head.rank >= RANKS["star"]):
            kind = "note"
        elif part != "preamble" and _REMARK.match(here):
            kind, remarks = "note", here.rstrip().endswith(":")
        elif part == "preamble" and _BASIS.match(here):
            kind, in_title = "basis", False
        elif head.rank >= 0:
            in_title = False
            part = "body" if part == "preamble" else part
        else:
            in_title = False
        remarks = remarks and kind == "note"
        titled = titled or kind == "title"
        addressed = addressed and kind == "admin"
        found.append(Paragraph(start, end, head.body, head.marker, head.rank, kind, part, ""))
    return found


def _is_menu(here: str) -> bool:
    """A portal's line of links: "[Tải về](...) | [Lược đồ](...)", "Trang chủ › Văn bản › Kế hoạch"."""
    if len(here) > 2_000 or not ("](" in here or "·" in here or "›" in here or "»" in here):
        return False
    words_, links = _LINK.subn(r"\1", here)
    entries = [x for x in _MENU.split(words_) if x.strip()]
    apart = "|" not in words_ and len(entries) > 2  # without links a "|" may be a table's
    return (apart or (links > 1 and len(entries) > 1)) and all(len(x.split()) <= 8 for x in entries)


def is_type_line(here: str) -> bool:
    """A line that opens an attached document: its type in capitals ("KẾ HOẠCH HÀNH ĐỘNG CỦA UBND TỈNH")."""
    return is_capitals(here) and (
        is_type(here)
        or bool(re.match(r"\s*(?:KẾ\s+HOẠCH|CHƯƠNG\s+TRÌNH|ĐỀ\s+ÁN|QUY\s+ĐỊNH|PHƯƠNG\s+ÁN|NHIỆM\s+VỤ)", here))
    )


def _letterhead_end(text: str, spans: list[tuple[int, int]]) -> int:
    """The index after the letterhead: the national motto, the number and the date line, within the first 30."""
    end = 0
    headed = any(b - a < 120 and MOTTO.search(text, a, b) for a, b in spans[:30])
    for i, (a, b) in enumerate(spans[:30]):
        here = text[a:b]
        if _NOTE.match(here):
            continue
        if i > 0 and is_type(here):
            break
        if (
            MOTTO.search(here)
            or _OWN_NUMBER.match(here)
            or _DATELINE.match(here)
            or (end and NUMBER.fullmatch(here.strip()))
        ):
            end = i + 1
        elif end == 0 and len(here) > 120 and not headed:
            break  # no letterhead, or it stands behind a portal's own lines
    if end == 0 and spans and LETTERHEAD.fullmatch(text[spans[0][0] : spans[0][1]].strip()):
        end = 1
    return end


def _noise_start(text: str, spans: list[tuple[int, int]]) -> int:
    """The index from which only a portal's own lines follow."""
    start, long, noisy = len(spans), 0, 0
    for i in range(len(spans) - 1, len(spans) // 2, -1):
        a, b = spans[i]
        if 0 <= head_of(text, a, b).rank <= RANKS["roman"]:
            break  # articles and chapters still follow
        long += b - a > 250
        if _NOISE.match(text[a:b]):
            noisy += 1
            start = i if not long or noisy >= 4 else start
    while start > 0 and start == len(spans) and _is_byline(text, spans, start - 1):
        start -= 1
    if start < len(spans):
        while start > len(spans) // 2 and _is_byline(text, spans, start - 1):
            start -= 1
    return start


def _is_byline(text: str, spans: list[tuple[int, int]], i: int) -> bool:
    """A journalist's name, a pair of initials or a link at the end of an article."""
    here = text[spans[i][0] : spans[i][1]].strip()
    before = text[spans[i - 1][0] : spans[i - 1][1]].strip() if i else ""
    if _OFFICE.match(before) or is_capitals(before):
        return False  # a signature
    name = rf"(?:[{UPPER}][^\W\d_]*\s+){{0,3}}[{UPPER}][^\W\d_]*"
    return bool(
        re.fullmatch(rf"{name}|(?:{name}\s*)?\((?:Theo|Nguồn|Source|Källa)\s*:?[^()]*\)|https?://\S+|\[\w+\]", here)
    )


def _headings(text: str, paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Turns marked paragraphs (and titles of groups in capitals) that leave the saying to others into headings."""
    result: list[Paragraph] = []
    for i, p in enumerate(paragraphs):
        if (p.kind == "item" or (p.kind == "prose" and p.end - p.start < 300)) and ATTRIBUTE.match(
            text, p.start, p.end
        ):
            p = p._replace(kind="attribute")
        elif p.kind in ("item", "prose") and _is_heading(text, paragraphs, i):
            p = p._replace(kind="heading")
        result.append(p)
    return result


def _is_heading(text: str, paragraphs: list[Paragraph], i: int) -> bool:
    p = paragraphs[i]
    here = text[p.body : p.end]
    following = next((q for q in paragraphs[i + 1 : i + 3] if q.kind not in ("note", "admin", "noise")), None)
    if p.rank < 0:
        named = following is not None and p.part != "preamble" and is_titled(text, p.start) and len(here) < 200
        if named and not _ENDS_SAYING.search(here) and not ATTRIBUTE.match(here):
            return True
        return (is_capitals(here) and len(here) > 3) or (_introduces(here, following))
    if not here.strip() or is_capitals(here):
        return True
    if is_titled(text, p.start) and text[p.start - 1] == " " and not _ENDS_SAYING.search(here):
        return True  # Markdown's "### 1. ..."
    if following is None or following.part != p.part:
        return False
    if ATTRIBUTE.match(text, following.start, following.end):
        return False  # a task told by a title and the lines under it
    deeper = (
        following.rank > p.rank
        or (following.rank < 0 and p.rank < RANKS["star"])
        or (following.rank < 0 and bool(_ENDS_OPEN.search(here)))
    )
    if not deeper:
        return False
    if here.rstrip().endswith(":"):
        return not _SEVERAL.search(here)
    if not _ENDS_SAYING.search(here):
        return True
    # A group's title that ends with a full stop: short, and numbered parts follow.
    numbered = RANKS["star"] > following.rank > p.rank and following.rank - p.rank <= 2
    return numbered and p.rank <= RANKS["num1"] and len(here) < 400 and here.rstrip().endswith(".")


def _introduces(here: str, following: Paragraph | None) -> bool:
    """An unmarked line that ends with a colon, short or right above a list of bullets."""
    bullets = following is not None and following.rank >= RANKS["letter"]
    return here.rstrip().endswith(":") and len(here) < (400 if bullets else 160) and not _SEVERAL.search(here)


def _nest(text: str, paragraphs: list[Paragraph]) -> tuple[list[Section], list[Paragraph]]:
    """Builds the tree of sections; every marked paragraph opens one, unmarked ones belong to the innermost."""
    open_: list[tuple[int, Section]] = []
    done: list[Section] = []
    seen: dict[str, int] = {}
    placed: list[Paragraph] = []
    root = ""

    def close(rank: int, end: int) -> None:
        while open_ and open_[-1][0] >= rank:
            _, section = open_.pop()
            done.append(section if section.end >= end else replace(section, end=end))

    last_end = 0
    attached = 0
    freed = _freed(text, paragraphs)
    for i, p in enumerate(paragraphs):
        opens_annex = p.kind == "title" and p.rank == RANKS["annex"]
        opens_attached = p.kind == "title" and p.part == "body" and (i == 0 or paragraphs[i - 1].part == "closing")
        if opens_annex or opens_attached or (p.part == "closing" and open_):
            close(-1, last_end)
        if opens_annex:
            root = _unique(_annex_name(p.marker), seen)
            open_.append((-1, Section(root, "", 0, p.marker, text[p.body : p.end].strip(), "annex", p.start, p.end)))
        elif opens_attached:
            attached += 1
            root = _unique(f"KT{attached}" if attached > 1 else "KT", seen)
            open_.append((-1, Section(root, "", 0, "", text[p.start : p.end].strip(), "body", p.start, p.end)))
        elif p.rank >= 0 and p.kind in ("item", "heading", "attribute"):
            close(RANKS["star"] if i in freed else p.rank, last_end)
            parent = open_[-1][1].section_id if open_ else ""
            name = _unique("/".join(x for x in (parent, _chain_name(p.marker)) if x), seen, p.rank >= RANKS["star"])
            heading = text[p.body : p.end].strip() if p.kind == "heading" else ""
            open_.append((p.rank, Section(name, parent, len(open_) + 1, p.marker, heading, p.part, p.start, p.end)))
        elif p.kind == "heading" and (is_titled(text, p.start) or is_capitals(text[p.start : p.end])):
            close(RANKS["letter"], last_end)  # no list goes on under a new title
        section_id = open_[-1][1].section_id if open_ else ""
        placed.append(p._replace(section_id=section_id) if section_id else p)
        if p.kind not in ("admin", "noise"):
            last_end = p.end
    close(-1, last_end)
    return sorted(done, key=lambda s: (s.start, s.level)), placed


def _freed(text: str, paragraphs: list[Paragraph]) -> set[int]:
    """The dashes that follow a list of stars which has ended: they stand beside its stars, not under the last one.

    It has ended where its stars, none with dashes of its own, go "...; ...; ... ." and the dash stands no further in,
    in a document whose dashes stand under headings elsewhere.
    """
    marked = [i for i, p in enumerate(paragraphs) if p.rank >= 0 and p.kind in ("item", "heading", "attribute")]
    ranks = [paragraphs[i].rank for i in marked]
    star, dash = RANKS["star"], RANKS["dash"]
    if star not in ranks or not any(a < star and b == dash for a, b in pairwise(ranks)):
        return set()
    found = set()
    for n in range(2, len(marked)):
        if ranks[n - 2 : n + 1] == [star, star, dash]:
            before, last, here = (paragraphs[i] for i in marked[n - 2 : n + 1])
            ends = text[before.end - 1 : before.end] + text[last.end - 1 : last.end]
            if ends == ";." and _indent(text, here) <= _indent(text, last):
                found.add(marked[n])
    return found


def _indent(text: str, p: Paragraph) -> int:
    """How many characters stand before a paragraph on its line."""
    return p.start - text.rfind("\n", 0, p.start) - 1


def _annex_name(marker: str) -> str:
    return "PL" + re.sub(r"(?i)phụ\s+(?:lục|biểu)|biểu\s+số|số|\W", "", marker)


def _chain_name(marker: str) -> str:
    return re.sub(r"\s+", "-", re.sub(r"[().]+$|^\(", "", marker).replace("∗", "*")) or marker


def _unique(name: str, seen: dict[str, int], count_first: bool = False) -> str:
    """Numbers bullets from 1 and repeated markers from 2."""
    seen[name] = seen.get(name, 0) + 1
    if count_first:
        return f"{name}{seen[name]}"
    return name if seen[name] == 1 else f"{name}~{seen[name]}"
