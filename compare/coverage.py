"""How much of a plan's text its records account for, and what they leave out."""

from __future__ import annotations

import re

from compare.records import Plan, Span

_WORD = re.compile(r"[^\W_]+")


def left_out(plan: Plan) -> list[Span]:
    """The passages of a plan's text, from word to word, that no section, task, target, theme or heading holds."""
    result: list[Span] = []
    position = 0
    told = [s for s in sorted(plan.covered) if _WORD.search(plan.text, *s)]
    for span in (*told, Span(len(plan.text), len(plan.text))):
        words = list(_WORD.finditer(plan.text, position, span.start)) if span.start > position else []
        if words:
            result.append(Span(words[0].start(), words[-1].end()))
        position = max(position, span.end)
    return result


def coverage(plan: Plan) -> float:
    """Share of the text's characters, white space aside, that are layout or accounted for; 0 for an empty text."""
    outside = sum(sum(map(str.isalnum, span.of(plan.text))) for span in left_out(plan))
    total = sum(map(len, plan.text.split()))
    return 1 - outside / total if total else 0.0
