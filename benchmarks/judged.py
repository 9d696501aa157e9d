"""Pairs of tasks that were judged by reading: the gold labels, and our own in pairs.csv.

Our own stand on pairs of plans that the gold leaves out, graded as there: 2 the same commitment, 1 the same narrow
topic, 0 (without a right span) no partner. Two of the plans are made up (plans/), the others are the real documents;
nothing is learned from pairs with a plan that is made up, they only show how the rest carries over to one subject.
Spans are string indices into the files, so that labels hold whatever cuts a text into tasks. Sixteen items of the gold
were judged once more without sight of its grades: 24 of its 28 pairs were found again, and 7 others named, 5 of which
it calls the same narrow topic.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import gold
import numpy as np

from compare.pipeline import read_plan
from compare.records import Plan, Task

OWN = Path(__file__).with_name("pairs.csv")
MADE_UP = Path(__file__).with_name("plans")
# Left and right span, the latter None for "no partner", and the grade
Judgement = tuple[tuple[int, int], tuple[int, int] | None, int]


@lru_cache(maxsize=1)
def own() -> dict[str, list[Judgement]]:
    """Our own judgements by pair of plans, "002_004": documents by their number in the gold, others by their file."""
    number = {path.stem: doc for doc, path in gold.documents().items()}
    found: dict[str, list[Judgement]] = defaultdict(list)
    with OWN.open(encoding="utf-8", newline="") as stream:
        for r in csv.DictReader(stream):
            right = (int(r["right_start"]), int(r["right_end"])) if r["right_start"] else None
            pair = "_".join(number.get(r[side], r[side]) for side in ("left", "right"))
            found[pair].append(((int(r["left_start"]), int(r["left_end"])), right, int(r["grade"])))
    return dict(found)


def pairs() -> tuple[str, ...]:
    """Every judged pair of plans, the gold's first."""
    return (*gold.PAIRS, *own())


def real(pair: str) -> bool:
    """Whether both plans of a pair are real documents, from which something may be learned."""
    return all(doc in gold.documents() for doc in pair.split("_"))


def plans() -> dict[str, Plan]:
    """The plans of all pairs."""
    files = gold.documents() | {path.stem: path for path in sorted(MADE_UP.glob("*.txt"))}
    return {name: read_plan(path) for name, path in files.items()}


def items_of(task: Task, spans: dict[str, tuple[int, int]]) -> list[str]:
    """The gold items of which a task covers half, or which cover half of it."""
    return [item for item, span in spans.items() if _same(task, span)]


def _same(task: Task, span: tuple[int, int]) -> bool:
    start, end = span
    shared = min(end, task.end) - max(task.start, start)
    return shared > 0 and (shared >= 0.5 * (end - start) or shared >= 0.5 * (task.end - task.start))


def labels(pair: str, left: Plan, right: Plan) -> np.ndarray:
    """1 the same commitment, 0 not, -1 not judged or merely related; shape (left tasks, right tasks)."""
    return _gold_labels(pair, left, right) if pair in gold.PAIRS else _own_labels(own()[pair], left, right)


def _gold_labels(pair: str, left: Plan, right: Plan) -> np.ndarray:
    a, b = pair.split("_")
    rows = gold.table(gold.GOLD / f"align_{pair}.tsv")
    judged = {r["left"] for r in rows}
    grade = {(r["left"], r["right"]): r["grade"] for r in rows}
    spans_a, spans_b = gold.spans(a), gold.spans(b)
    ours = [[i for i in items_of(t, spans_a) if i in judged] for t in left.tasks]
    theirs = [items_of(t, spans_b) for t in right.tasks]
    result = np.full((len(ours), len(theirs)), -1)
    for i, xs in enumerate(ours):
        for j, ys in enumerate(theirs):
            grades = {grade.get((x, y), "0") for x in xs for y in ys}
            if "2" in grades:
                result[i, j] = 1
            elif grades == {"0"}:
                result[i, j] = 0
    return result


def _own_labels(judgements: list[Judgement], left: Plan, right: Plan) -> np.ndarray:
    """An annex row on the right counts only where it was named: readers took most of them for their body tasks."""
    result = np.full((len(left.tasks), len(right.tasks)), -1)
    body = [j for j, t in enumerate(right.tasks) if t.part != "annex"]
    ours = {span: [i for i, t in enumerate(left.tasks) if _same(t, span)] for span, _, _ in judgements}
    for rows in ours.values():
        result[np.ix_(rows, body)] = 0
    for grade, value in ((1, -1), (2, 1)):
        for span, other, given in judgements:
            if given == grade and other is not None:
                theirs = [j for j, t in enumerate(right.tasks) if _same(t, other)]
                result[np.ix_(ours[span], theirs)] = value
    return result
