"""Our own judgements of pairs of tasks: spans that still hold, and labels that the coefficients are learned from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from compare.pipeline import parse, read_plan
from compare.records import Document
from tests.places import ROOT

PAIRS, PLANS = ROOT / "benchmarks" / "pairs.csv", ROOT / "benchmarks" / "plans"
MADE_UP = sorted(PLANS.glob("*.txt"))


def spans(name: str) -> Iterator[tuple[int, int]]:
    """Every span of a plan that was judged."""
    with PAIRS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for side in ("left", "right"):
                if row[side] == name and row[f"{side}_start"]:
                    yield int(row[f"{side}_start"]), int(row[f"{side}_end"])


@pytest.mark.parametrize("path", MADE_UP, ids=lambda p: p.stem)
def test_judged_spans_are_tasks(path: Path) -> None:
    tasks = read_plan(path).tasks
    for start, end in spans(path.stem):
        shared = max(min(end, t.end) - max(start, t.start) for t in tasks)
        assert shared >= 0.5 * (end - start), (start, end)


@pytest.mark.parametrize("path", MADE_UP, ids=lambda p: p.stem)
def test_a_made_up_plan_says_that_it_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("[Văn bản hư cấu")


def test_a_task_that_was_judged_without_a_partner_is_told_apart_from_one_not_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    judged = pytest.importorskip("judged")
    text = "KẾ HOẠCH\nNăm 2025\nI. NHIỆM VỤ\n1. Xây dựng cầu.\n2. Trồng rừng.\n3. Mở chợ.\n"
    plan = parse(Document("a.txt", text, "text", ""))
    bridge, forest, market = ((t.start, t.end) for t in plan.tasks)
    rows = [(bridge, bridge, 2), (bridge, market, 1), (forest, None, 0)]
    assert judged._own_labels(rows, plan, plan).tolist() == [[1, 0, -1], [0, 0, 0], [-1, -1, -1]]
