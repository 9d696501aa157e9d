"""Whether a task's words say a rhythm or a year anywhere, though no deadline could be read from them."""

from __future__ import annotations

import re
from functools import lru_cache

from compare.lexicon import cues
from compare.records import Plan, Task

_YEAR = re.compile(r"(?<![\w/.-])(?:19|20)\d{2}(?![\w/]|\.\d)")


def dated(plan: Plan, task: Task) -> bool:
    """Whether a rhythm ("hằng tháng", "varje kvartal") or a year stands in a task's words, cited documents aside."""
    words = plan.text[task.start : task.end]
    if _rhythms().search(words):
        return True
    cited = [(r.start, r.end) for r in plan.references]
    years = (task.start + m.start() for m in _YEAR.finditer(words))
    return any(not any(a <= at < b for a, b in cited) for at in years)


@lru_cache(maxsize=1)
def _rhythms() -> re.Pattern[str]:
    words = "|".join(r"\s+".join(map(re.escape, said.split())) for said in cues("rhythm"))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
