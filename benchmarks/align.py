"""plandiff beside other tools on the same labels in one run: how well each tells the same commitments, and how fast.

    python benchmarks/align.py            print the table
    python benchmarks/align.py --write    also write benchmarks/peers.json, which benchmarks/quality.py puts into its page

Every tool gets the same tasks, cut by plandiff. The peers get their words and the threshold that suits each best on
each pair of plans (a favour to them); plandiff is given both at that favour and as it chooses by itself, with the pair of
plans left out of the learning. Times are without imports and without reading the plans; plandiff's hold all that ``align``
does, evidence and gaps included. Some peers ask for older libraries than plandiff does: install the extra ``bench``
into an environment of its own. A peer that is not there is said to be missing.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import gold
import learn
import numpy as np
import peers
import quality
from judged import items_of

from compare import alignment, evaluate
from compare.pipeline import read_plans
from compare.records import Plan

LIMIT = 0.5
OWN, CHOSEN = "plandiff", "plandiff, as it chooses"
Scores = dict[evaluate.Pair, float]


@dataclass(frozen=True)
class Labels:
    """The labels of two plans: grades of pairs of labelled items, and the items that each task stands for."""

    grades: dict[evaluate.Pair, int]
    left: list[list[str]]
    right: list[list[str]]

    @classmethod
    def of(cls, pair: str, left: Plan, right: Plan) -> Labels:
        rows = gold.table(gold.GOLD / f"align_{pair}.tsv")
        judged = {r["left"] for r in rows}
        grades = {(r["left"], "" if r["right"] == "-" else r["right"]): int(r["grade"].strip("-") or 0) for r in rows}
        spans = [gold.spans(doc) for doc in pair.split("_")]
        ours = [[i for i in items_of(t, spans[0]) if i in judged] for t in left.tasks]
        return cls(grades, ours, [items_of(t, spans[1]) for t in right.tasks])

    def scores(self, matrix: np.ndarray) -> Scores:
        """The best score of any two tasks that stand for two labelled items, where it is above 0."""
        found: Scores = {}
        for i, j in zip(*np.nonzero(matrix > 0), strict=True):
            for x in self.left[i]:
                for y in self.right[j]:
                    found[x, y] = max(found.get((x, y), 0.0), float(matrix[i, j]))
        return found


def best_f1(scores: Scores, grades: dict[evaluate.Pair, int]) -> float:
    """The highest F1 that any threshold reaches."""
    return max(
        (evaluate.quality([p for p, s in scores.items() if s >= t], grades).f1 for t in cuts(scores)), default=0.0
    )


def cuts(scores: Scores, most: int = 400) -> list[float]:
    """Thresholds to try: the scores themselves, or as many spread over their ranks."""
    ranked = sorted(set(scores.values()))
    return ranked if len(ranked) <= most else [ranked[int(k)] for k in np.linspace(0, len(ranked) - 1, most)]


def matrix_of(left: Plan, right: Plan, accepted: bool) -> np.ndarray:
    """plandiff's probabilities, or 1 for the pairs that it accepts."""
    rows = {t.task_id: n for n, t in enumerate(left.tasks)}
    columns = {t.task_id: n for n, t in enumerate(right.tasks)}
    result = np.zeros((len(rows), len(columns)))
    for m in alignment.align(left, right).matches:
        if m.kind == "task" and m.left_id and m.right_id and (m.accepted or not accepted):
            result[rows[m.left_id], columns[m.right_id]] = 1.0 if accepted else m.probability
    return result


def words(plan: Plan) -> list[str]:
    return [t.text for t in plan.tasks]


def large(first: Plan, second: Plan) -> Plan:
    """A plan of peers.TASKS tasks: those of two, on both texts."""
    offset = len(first.text)
    moved = [replace(t, start=t.start + offset, end=t.end + offset) for t in second.tasks]
    tasks = (*first.tasks, *moved)[: peers.TASKS]
    if len(tasks) < peers.TASKS:
        sys.exit(f"{first.plan_id} and {second.plan_id} have {len(tasks)} tasks together: fewer than {peers.TASKS}")
    document = replace(first.document, text=first.text + second.text)
    return replace(first, document=document, tasks=tasks, assignments=(*first.assignments, *second.assignments))


def seconds(work: Callable[[], object], runs: int) -> float:
    """The shortest time of some runs: what disturbs a run only makes it longer."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return round(min(times), 3)


def own_rows(
    plans: dict[str, Plan], labels: dict[str, Labels], left: Plan, right: Plan
) -> tuple[dict[str, peers.Row], dict[str, list[peers.Group]]]:
    """plandiff at its best threshold, and as it chooses, by sector and language too; each pair of plans left out of the
    learning."""
    data, _, _ = learn.every_example()
    best: peers.Row = {}
    chosen: peers.Row = {}
    union: tuple[Scores, Scores, dict[evaluate.Pair, int]] = ({}, {}, {})
    for pair in gold.PAIRS:
        two = [plans[doc] for doc in pair.split("_")]
        with quality.coefficients(learn.fit_without(data, pair)):
            scores = labels[pair].scores(matrix_of(*two, accepted=False))
            held = labels[pair].scores(matrix_of(*two, accepted=True))
        grades = labels[pair].grades
        for whole, part in zip(union, (held, scores, grades), strict=True):
            whole |= part
        best |= {f"{pair} F1": best_f1(scores, grades), f"{pair} AP": evaluate.average_precision(scores, grades)}
        chosen |= {f"{pair} F1": evaluate.quality(held, grades).f1, f"{pair} AP": best[f"{pair} AP"]}
    took = seconds(lambda: alignment.align(left, right), 7)
    return {CHOSEN: chosen | {"seconds": took}, OWN: best | {"seconds": took}}, groups(plans, labels, *union)


def groups(
    plans: dict[str, Plan], labels: dict[str, Labels], held: Scores, scores: Scores, grades: dict[evaluate.Pair, int]
) -> dict[str, list[peers.Group]]:
    """plandiff as it chooses, over all pairs of plans, by the language and by the sector of the left item's task."""
    found = {}
    for column in ("language", "sector"):
        known: dict[str, str] = {}
        for pair in gold.PAIRS:
            for task, items in zip(plans[pair.split("_")[0]].tasks, labels[pair].left, strict=True):
                known |= dict.fromkeys(items, getattr(task, column) or "none")
        found[column] = [
            {
                "name": g.name or "no task",
                "judged": g.judged,
                "F1": g.strict.f1,
                "lax F1": g.lax.f1,
                "AP": g.average_precision,
            }
            for g in evaluate.by_group(held, scores, grades, known)
        ]
    return found


def peer_row(
    scorer: peers.Scorer, plans: dict[str, Plan], labels: dict[str, Labels], left: Plan, right: Plan
) -> peers.Row:
    """A peer at the threshold that suits it best on each pair of plans."""
    row: peers.Row = {}
    with peers.quiet():
        for pair in gold.PAIRS:
            a, b = (words(plans[doc]) for doc in pair.split("_"))
            scores, grades = labels[pair].scores(scorer(a, b)), labels[pair].grades
            row |= {f"{pair} F1": best_f1(scores, grades), f"{pair} AP": evaluate.average_precision(scores, grades)}
        row["seconds"] = seconds(lambda: scorer(words(left), words(right)), 2)
    return row


def measure() -> tuple[dict[str, peers.Row | str], dict[str, list[peers.Group]]]:
    """A row for each tool, or why there is none; and plandiff's quality by groups."""
    documents = gold.documents()
    plans = dict(zip(documents, read_plans(documents.values()), strict=True))
    labels = {pair: Labels.of(pair, *(plans[doc] for doc in pair.split("_"))) for pair in gold.PAIRS}
    two = large(plans["002"], plans["000"]), large(plans["004"], plans["003"])
    own, parts = own_rows(plans, labels, *two)
    found: dict[str, peers.Row | str] = {**own}
    for name, scorer in peers.PEERS.items():
        try:
            found[name] = peer_row(scorer, plans, labels, *two)
        except ImportError as error:
            found[name] = f"not installed here ({error.name or error})"
        except Exception as error:  # a peer that cannot cope with these texts must not end the run
            found[name] = f"fails here ({' '.join(str(error).split())[:80]})"
    return found, parts


def main() -> None:
    gold.need()
    found, parts = measure()
    print(*peers.lines(found), "", *peers.group_lines(parts), sep="\n")
    own = found[OWN]
    assert not isinstance(own, str)
    print(f"plandiff aligns two plans of {peers.TASKS} tasks each in {own['seconds']:.2f} s (limit {LIMIT})")
    if "--write" in sys.argv:
        peers.WRITTEN.write_text(json.dumps({"tools": found, "groups": parts}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
