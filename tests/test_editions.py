"""The editions stand for the full texts: what is read from them is the same, but for the differences listed here.

Two things are checked: the counts of what the editions alone give (golden/editions.json), and, where the full texts
are at hand, that sections, leads, coordinators, deadlines and targets of both are equal.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from compare.frames import coverage
from compare.pipeline import read_plan
from compare.records import Plan
from tests.places import CORPUS, EDITIONS

FULL = {
    "thanh-hoa-2025-ct-03": "thanh-hoa-2025-chi-thi-03",
    "thanh-hoa-2025-kh-63": "thanh-hoa-2025-ke-hoach-63",
    "thanh-hoa-2021-qd-2999": "thanh-hoa-2021-quyet-dinh-2999",
    "thanh-hoa-2023-kh": "thanh-hoa-2023-ke-hoach-hanh-dong",
    "son-la-2025-qd-161": "son-la-2025-quyet-dinh-161",
}
GOLDEN = Path(__file__).parent / "golden" / "editions.json"
# Known differences: edition -> what differs -> why. Everything else is equal.
DIFFER = {
    "thanh-hoa-2025-ct-03": {"title": "the first sentence is rewritten"},
    "thanh-hoa-2025-kh-63": {"title": "the first sentence is rewritten"},
    "thanh-hoa-2021-qd-2999": {"title": "the long title is shortened"},
    "thanh-hoa-2023-kh": {},
    "son-la-2025-qd-161": {},
}


@lru_cache
def edition(name: str) -> Plan:
    return read_plan(EDITIONS / f"{name}.txt")


@lru_cache
def full(name: str) -> Plan:
    path = CORPUS / f"{FULL[name]}.txt"
    if not path.exists():
        pytest.skip(f"the full text is not at hand ({path.name})")
    return read_plan(path)


def bodies(plan: Plan) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {t.task_id: {"lead": [], "coordinate": []} for t in plan.tasks}
    for a in plan.assignments:
        found[a.task_id][a.role].append(a.agency_id)
    return found


@pytest.mark.parametrize("name", FULL)
def test_id_and_metadata(name: str) -> None:
    mine, other = edition(name), full(name)
    assert mine.plan_id == other.plan_id == name
    fields = [f for f in mine.metadata.__slots__ if getattr(mine.metadata, f) != getattr(other.metadata, f)]
    assert fields == sorted(DIFFER[name])


@pytest.mark.parametrize("name", FULL)
def test_sections(name: str) -> None:
    mine, other = edition(name), full(name)
    assert [(s.section_id, s.level, s.part) for s in mine.sections] == [(s.section_id, s.level, s.part) for s in other.sections]  # fmt: skip


@pytest.mark.parametrize("name", FULL)
def test_tasks_stand_in_the_same_sections(name: str) -> None:
    mine, other = edition(name), full(name)
    assert [(t.task_id, t.kind, t.language) for t in mine.tasks] == [(t.task_id, t.kind, t.language) for t in other.tasks]  # fmt: skip


@pytest.mark.parametrize("role", ["lead", "coordinate"])
@pytest.mark.parametrize("name", FULL)
def test_bodies(name: str, role: str) -> None:
    mine, other = bodies(edition(name)), bodies(full(name))
    differ = {t: (mine[t][role], other.get(t, {}).get(role)) for t in mine if mine[t][role] != other.get(t, {}).get(role)}  # fmt: skip
    assert not differ


@pytest.mark.parametrize("name", FULL)
def test_deadlines(name: str) -> None:
    def due(plan: Plan) -> dict[str, tuple[str, str, int]]:
        return {t.task_id: (t.due_start, t.due_end, len(t.due_more)) for t in plan.tasks if t.due_start or t.due_end}

    assert due(edition(name)) == due(full(name))


@pytest.mark.parametrize("name", FULL)
def test_targets(name: str) -> None:
    def aims(plan: Plan) -> Counter[tuple[object, ...]]:
        return Counter((t.section_id, t.comparator, t.value, t.value_max, t.unit, t.period) for t in plan.targets)

    assert aims(edition(name)) == aims(full(name))


@pytest.mark.parametrize("name", FULL)
def test_indicators(name: str) -> None:
    known = {t.indicator_id for t in full(name).targets} - {""}
    assert {t.indicator_id for t in edition(name).targets} - {""} == known


def counts(plan: Plan) -> dict[str, object]:
    """What the golden file holds for one edition."""
    roles = Counter(a.role for a in plan.assignments)
    return {
        "sections": len(plan.sections),
        "tasks": dict(sorted(Counter(f"{t.part} {t.kind}" for t in plan.tasks).items())),
        "languages": dict(sorted(Counter(t.language for t in plan.tasks).items())),
        "leads": roles["lead"],
        "coordinators": roles["coordinate"],
        "inherited": sum(a.inherited for a in plan.assignments),
        "deadlines": sum(bool(t.due_start or t.due_end) for t in plan.tasks),
        "products": sum(bool(t.product) for t in plan.tasks),
        "targets": len(plan.targets),
        "themes": dict(sorted(Counter(t.kind for t in plan.themes).items())),
        "references": len(plan.references),
        "sectors": len({t.sector for t in plan.tasks} - {""}),
        "coverage": round(coverage(plan), 2),
    }


@pytest.mark.parametrize("name", FULL)
def test_counts_of_the_editions(name: str) -> None:
    assert counts(edition(name)) == json.loads(GOLDEN.read_text(encoding="utf-8"))[name]


@pytest.mark.parametrize("name", FULL)
def test_an_edition_says_that_it_is_one(name: str) -> None:
    assert " ".join(edition(name).text[:40].split()).startswith("[Bản lược thuật của plandiff")


@pytest.mark.parametrize("name", FULL)
def test_no_long_run_of_words_is_the_full_texts(name: str) -> None:
    """Names, formulas and citations may be the same; an edition as a whole is shorter and worded otherwise."""
    mine, other = edition(name), full(name)
    assert len(mine.text) < 0.75 * len(other.text)
    same = {" ".join(t.text.split()) for t in mine.tasks if t.part == "body"} & {" ".join(t.text.split()) for t in other.tasks}  # fmt: skip
    assert not [t for t in same if len(t) > 120]
