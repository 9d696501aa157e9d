"""Which sectors a plan gives more of its tasks than the other, and how sure that is.

Log-odds ratio with an informative Dirichlet prior and its z-score, after Monroe, Colaresi and Quinn, "Fightin'
Words" (Political Analysis 16, 2008), equations 15 to 22, with sectors in the place of words. The prior is the two
plans' pooled distribution, worth PRIOR tasks; a |z| above 1.96 is unlikely to be chance.
"""

from __future__ import annotations

import math
from collections import Counter

from compare.lexicon import taxonomy
from compare.records import Alignment, Plan

PRIOR = 27.0
# Beyond this |z| a difference is unlikely to be chance.
SURE_Z = 1.96


def rows(pairs: Alignment) -> list[dict[str, object]]:
    """Rows of ``themes_diff``, one a sector of the taxonomy, in its order.

    Shares are of the plan's coded tasks, 0 where it has none; ``share_difference`` is right minus left;
    ``log_odds`` and ``z`` are positive where the right plan gives the sector more.
    """
    left, right = _counts(pairs.left), _counts(pairs.right)
    n_left, n_right = sum(left.values()), sum(right.values())
    result = []
    for sector in taxonomy():
        a, b = left[sector], right[sector]
        share_a, share_b = a / n_left if n_left else 0.0, b / n_right if n_right else 0.0
        log_odds, z = log_odds_ratio(b, n_right, a, n_left)
        result.append(
            {
                "sector": sector,
                "left_count": a,
                "left_share": round(share_a, 4),
                "right_count": b,
                "right_share": round(share_b, 4),
                "share_difference": round(share_b - share_a, 4),
                "log_odds": round(log_odds, 4),
                "z": round(z, 4),
            }
        )
    return result


def _counts(plan: Plan) -> Counter[str]:
    return Counter(t.sector for t in plan.tasks if t.sector)


def log_odds_ratio(y1: float, n1: float, y2: float, n2: float, kinds: int = 0) -> tuple[float, float]:
    """The smoothed log-odds ratio of a category (y1 of n1 against y2 of n2) and its z-score; (0, 0) without data.

    ``kinds``: how many categories there are, and then what the prior is worth; without it the sectors, and PRIOR.
    """
    total, worth = n1 + n2, float(kinds) or PRIOR
    if not total:
        return 0.0, 0.0
    prior = worth * (y1 + y2 + 1.0) / (total + (kinds or len(taxonomy())))
    first = (y1 + prior) / (n1 + worth - y1 - prior)
    second = (y2 + prior) / (n2 + worth - y2 - prior)
    delta = math.log(first) - math.log(second)
    return delta, delta / math.sqrt(1 / (y1 + prior) + 1 / (y2 + prior))
