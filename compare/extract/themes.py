"""Themes: theme, motto, viewpoint, objective, priority and the task groups that headings make."""

from __future__ import annotations

import re

from compare.extract.formulas import zone_of
from compare.extract.item import Item
from compare.normalise import Ranges, around, bounded
from compare.patterns import RANKS
from compare.records import Outline, Span, Theme

_KINDS = {
    "theme": "theme",
    "motto": "motto",
    "viewpoint": "viewpoint",
    "objective": "objective",
    "purpose": "objective",
}
# 'theo chủ đề “...”', 'phương châm hành động “...”', 'handlingsmottot "..."', 'målet att "..."'
_QUOTED = bounded(
    r"(?P<word>chủ\s+đề|phương\s+châm|handlingsmotto\w*|motto\w*|målet|slogan|theme)[^“”\"]{0,60}[“\"](?P<words>[^“”\"]{8,300})[”\"]",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[“\"]")
_QUOTED_KINDS = {
    "chủ": "theme",
    "phương": "motto",
    "handlingsmotto": "motto",
    "motto": "motto",
    "målet": "objective",
    "slogan": "motto",
    "theme": "theme",
}


def themes(text: str, outline: Outline, items: list[Item]) -> list[Theme]:
    """The themes in order; ``theme_id`` and ``sector`` are left for the pipeline to fill."""
    found: list[Theme] = []
    for item in items:
        if item.kind == "theme":
            found.append(_theme(_kind(text, item), text, item.start, item.end))
    told = {kind: Ranges((t.start, t.end) for t in found if t.kind == kind) for kind in {t.kind for t in found}}
    for m in around(_QUOTE, _QUOTED, text, 0, len(text), (140, 320)):
        kind = next(k for word, k in _QUOTED_KINDS.items() if m.group("word").lower().startswith(word))
        span = Span(m.start("words"), m.end("words"))
        if kind == "theme" or kind not in told or not told[kind].hold(*span):
            found.append(_theme(kind, text, *span))
    for p in outline.paragraphs:
        if p.kind == "heading" and p.part == "body" and 0 <= p.rank <= RANKS["num1"]:
            words = text[p.body : p.end].strip(" .:\n")
            if len(words) > 20 and zone_of(words) in ("", "task_group") and not words.isupper():
                found.append(_theme("task_group", text, p.body, p.body + len(text[p.body : p.end].rstrip())))
    return sorted(found, key=lambda t: (t.start, t.end))


def _theme(kind: str, text: str, start: int, end: int) -> Theme:
    return Theme("", kind, text[start:end], "", start, end)


def _kind(text: str, item: Item) -> str:
    """A heading that announces several things ("CHỦ ĐỀ, QUAN ĐIỂM") leaves it to the item: numbered are viewpoints."""
    title = item.headings[-1].of(text).lower() if item.headings else ""
    if item.zone == "theme" and "quan điểm" in title:
        if re.search(r"mục\s+tiêu", text[item.start : item.end][:200], re.IGNORECASE):
            return "objective"
        return "viewpoint"
    return _KINDS.get(item.zone, "objective")
