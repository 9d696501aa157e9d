"""Writes the reviewed pairs of the gold labels as decisions: alignments/<left>__<right>.csv.

    python benchmarks/decisions.py [--write]

A gold item is a sentence or clause; the task that covers half of it (or half of which it covers) stands for it. Only
grade 2, the same commitment, is a decision. Grade 1 is neither right nor wrong, and "no partner" names no pair. The
file keeps section paths and hashes, no words. Benchmarks never read these files: they were made from what they
measure against. Without ``--write`` nothing is written, and files that would change end the run with 1.
"""

from __future__ import annotations

import sys

import gold
import numpy as np
from learn import items_of, labels

from compare import review
from compare.pipeline import read_plan
from compare.records import Plan
from compare.tables import Table, render, write

FOLDER = gold.ROOT / "alignments"
REVIEWER = "gold"
ANNEX = "002"


def decisions(pair: str, left: Plan, right: Plan) -> list[review.Decision]:
    """The pairs of two documents' tasks that were read as the same commitment."""
    same = np.argwhere(labels(pair, left, right) == 1)
    return [_accepted("task", left, left.tasks[i].task_id, right, right.tasks[j].task_id) for i, j in same]


def annex_decisions(plan: Plan) -> list[review.Decision]:
    """The annex rows of a document (left) and the body tasks (right) that were read as the same commitment."""
    rows = gold.table(gold.GOLD / f"align_{ANNEX}annex_{ANNEX}body.tsv")
    same = {(r["left"], r["right"]) for r in rows if r["grade"] == "2"}
    spans = gold.spans(ANNEX)
    items = {t.task_id: items_of(t, spans) for t in plan.tasks}
    annex = [t.task_id for t in plan.tasks if t.part == "annex"]
    body = [t.task_id for t in plan.tasks if t.part != "annex"]
    return [
        _accepted("annex", plan, a, plan, b)
        for a in annex
        for b in body
        if any((x, y) in same for x in items[a] for y in items[b])
    ]


def _accepted(kind: str, left: Plan, left_id: str, right: Plan, right_id: str) -> review.Decision:
    keys = review.item_key(left, left_id), review.item_key(right, right_id)
    return review.Decision(kind, *keys, "accepted", reviewer=REVIEWER, note="grade 2")


def files() -> dict[str, str]:
    """Name of the file -> its content, for every pair of documents with labels."""
    plans = {doc: read_plan(path) for doc, path in gold.documents().items()}
    found = {pair: decisions(pair, *(plans[doc] for doc in pair.split("_"))) for pair in gold.PAIRS}
    found[f"{ANNEX}_{ANNEX}"] = annex_decisions(plans[ANNEX])
    result = {}
    for pair, made in found.items():
        name = "__".join(plans[doc].plan_id for doc in pair.split("_"))
        rows = sorted({tuple(review.to_row(d).values()) for d in made})
        table = Table("decisions", review.COLUMNS, tuple(dict(zip(review.COLUMNS, r, strict=True)) for r in rows))
        result[f"{name}.csv"] = render(table, "csv")
    return result


def main() -> None:
    gold.need()
    changed = []
    for name, content in files().items():
        path = FOLDER / name
        print(f"{name}: {len(content.splitlines()) - 1} decisions")
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            changed.append(name)
            if "--write" in sys.argv:
                write(path, content)
    if changed and "--write" not in sys.argv:
        sys.exit(f"would change: {', '.join(changed)}; run with --write")


if __name__ == "__main__":
    main()
