"""Which of the glossary's terms set two plans apart: in how many tasks each plan uses them, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping

from compare.diff.themes import log_odds_ratio
from compare.lexicon import Term, terms
from compare.records import Alignment, Plan
from compare.terms import find_nested_terms


def rows(pairs: Alignment) -> list[dict[str, object]]:
    """Rows of ``terms_diff``: one a concept that a task of either plan uses, the surest difference first.

    Shares are of the plan's tasks. ``log_odds`` and ``z`` (``themes.log_odds_ratio``, concepts in the place of sectors)
    are positive where the right plan uses the concept more; ties go by concept.
    """
    known = {t.concept_id: t for t in terms()}
    left, right = used(pairs.left), used(pairs.right)
    concepts = sorted({*left, *right})
    n_left, n_right = (sum(len(found) for found in side.values()) for side in (left, right))
    result = []
    for c in concepts:
        here, there = left.get(c, []), right.get(c, [])
        share = [len(x) / len(p.tasks) if p.tasks else 0.0 for x, p in ((here, pairs.left), (there, pairs.right))]
        log_odds, z = log_odds_ratio(len(there), n_right, len(here), n_left, len(concepts))
        result.append(
            {
                "concept_id": c,
                "label": form(known[c], "vi"),
                "label_en": form(known[c], "en"),
                "sector": known[c].sector_id,
                "left_count": len(here),
                "left_share": round(share[0], 4),
                "right_count": len(there),
                "right_share": round(share[1], 4),
                "share_difference": round(share[1] - share[0], 4),
                "log_odds": round(log_odds, 4),
                "z": round(z, 4),
                "left_id": here[0] if here else "",
                "right_id": there[0] if there else "",
            }
        )
    return sorted(result, key=lambda r: (-abs(float(str(r["z"]))), str(r["concept_id"])))


def used(plan: Plan) -> Mapping[str, list[str]]:
    """Concept -> the tasks that use it, each once, in the plan's order; a term inside a longer one counts too."""
    found: dict[str, list[str]] = {}
    for t in plan.tasks:
        for c in dict.fromkeys(h.term.concept_id for h in find_nested_terms(plan.text, t.start, t.end)):
            found.setdefault(c, []).append(t.task_id)
    return found


def form(term: Term, language: str) -> str:
    """A concept's first form in a language; empty where the glossary has none."""
    return next((text for lang, text in term.forms if lang == language), "")
