"""What plans leave open, by kind; which plan has which group of equivalent tasks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from compare.figures.grid import grid, page_width
from compare.figures.sheet import MUTED, Row, Sheet, plan_head, records, styled
from compare.wording import gap_kind, number, value_name, values_of, word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = ("panel", "row", "plan_id", "count")


@styled
def gap_matrix(gaps: Any, groups: Any = None, *, lang: str = "en", note: str = "") -> Figure:
    """Kind of gap × plan: the number of cases. With ``groups`` a second panel, group × plan: its tasks in the plan.

    ``gaps``: the gaps frame of one or several comparisons. ``groups``: a frame with the columns group (a readable
    label) and plan_id, a row per task of a group; a plan that has none of a group's tasks stands blank.
    """
    rows = records(gaps)
    members = [] if groups is None else records(groups)
    plans = list(dict.fromkeys(str(r["plan_id"]) for r in [*rows, *members]))
    sheet = Sheet(lang, word("figure", "gaps_title", lang), word("figure", "gaps_how", lang), page_width(len(plans)))
    if not plans:
        return sheet.empty(_COLUMNS, [note])
    # a case that two comparisons report is one case
    same = ("plan_id", "task_id", "sector", "agency_id", "counterpart_id")
    cases = {(gap_kind(r), *(r[c] for c in same)) for r in rows}
    counts = Counter((str(c[0]), str(c[1])) for c in cases)
    found = {gap for gap, _ in counts}
    kinds = [g for g in values_of("gap") if g in found] + sorted(found - set(values_of("gap")))
    data = _panel(sheet, "gap", kinds, [value_name("gap", g, lang) for g in kinds], plans, counts) if kinds else []
    if members:
        counts = Counter((str(r["group"]), str(r["plan_id"])) for r in members)
        labels = list(dict.fromkeys(str(r["group"]) for r in members))
        sheet.y += 0.25
        sheet.paragraph(word("figure", "groups_title", lang), 10, weight="bold")
        sheet.paragraph(word("figure", "groups_how", lang), 8.5, color=MUTED)
        sheet.y += 0.1
        data += _panel(sheet, "group", labels, labels, plans, counts)
    return sheet.finish(data, _COLUMNS, [note])


def _panel(
    sheet: Sheet, panel: str, keys: list[str], labels: list[str], plans: list[str], counts: Counter[tuple[str, str]]
) -> list[Row]:
    cells = [[float(counts[k, p]) for p in plans] for k in keys]
    grid(sheet, labels, [plan_head(p, sheet.lang) for p in plans], cells, lambda v: number(v, sheet.lang, 0), root=True)
    return [{"panel": panel, "row": k, "plan_id": p, "count": counts[k, p]} for k in keys for p in plans]
