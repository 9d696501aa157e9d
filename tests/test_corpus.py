"""Real documents, where they are at hand: ids, spans, numbers and names of bodies, no sentences.

golden/corpus.json tells that something changed, not that it is right: it was taken from the parser and looked over;
rightness is measured against labels made by reading. A difference is an error, or is entered there by hand.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from compare.coverage import left_out
from compare.pipeline import read_plan
from compare.records import Plan
from tests.places import CORPUS

GOLDEN = json.loads((Path(__file__).parent / "golden" / "corpus.json").read_text(encoding="utf-8"))
NAMES = sorted(GOLDEN)


@lru_cache
def plan(name: str) -> Plan:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the real documents are not at hand ({path.name})")
    return read_plan(path)


def by_role(p: Plan, task_id: str, role: str) -> list[str]:
    return [a.agency_id for a in p.assignments if a.task_id == task_id and a.role == role]


def short(p: Plan, task_id: str) -> str:
    return task_id.removeprefix(f"{p.plan_id}/")


def summary(p: Plan) -> dict[str, Any]:
    """What the golden file holds of one document."""
    m = p.metadata
    dated = [t for t in p.tasks if t.due_start or t.due_end]
    return {
        "plan": [p.plan_id, m.number, m.doc_type, m.province, m.issued_on, m.period_start, m.period_end, m.signer, m.language],
        "counts": {"sections": len(p.sections), "tasks": len(p.tasks), "assignments": len(p.assignments), "targets": len(p.targets),
                   "themes": len(p.themes), "references": len(p.references)},
        "parts": [[s.section_id.removeprefix(f"{p.plan_id}/"), s.start, s.end] for s in p.sections if s.level <= 1],
        "deadlines": [[short(p, t.task_id), t.due_start, t.due_end] for t in dated if t.part != "annex"],
        "targets": [f"{t.indicator_id or '?'} {t.comparator} {t.value:g}{f'..{t.value_max:g}' if t.value_max else ''} {t.unit} {t.period}"
                    for t in p.targets],
        "annex": [[short(p, t.task_id), ";".join(by_role(p, t.task_id, "lead")), t.due_start, t.due_end] for t in p.tasks if t.part == "annex"],
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["plan", "counts", "parts", "deadlines", "targets", "annex"])
def test_golden(name: str, what: str) -> None:
    assert summary(plan(name))[what] == GOLDEN[name][what]


@pytest.mark.parametrize("name", [n for n in NAMES if "leads" in GOLDEN[n]])
def test_leads_of_every_task(name: str) -> None:
    p = plan(name)
    found = {short(p, t.task_id): ";".join(by_role(p, t.task_id, "lead")) for t in p.tasks}
    assert {k: v for k, v in found.items() if v} == GOLDEN[name]["leads"]


# Where only the portal speaks: before the letterhead, and after the last line of the document.
PORTAL = {
    "thanh-hoa-2021-quyet-dinh-2999.txt": [(0, 18), (58662, 59218)],
    "thanh-hoa-2023-ke-hoach-hanh-dong.txt": [(19150, 19160)],
    "thanh-hoa-2025-chi-thi-03.txt": [(48694, 48878)],
    "thanh-hoa-2025-ke-hoach-63.txt": [(8133, 8180)],
}


@pytest.mark.parametrize("name", NAMES)
def test_only_the_portals_own_lines_are_left_out(name: str) -> None:
    p = plan(name)
    for span in left_out(p):
        assert any(a <= span.start and span.end <= b for a, b in PORTAL.get(name, [])), span.of(p.text)


@pytest.mark.parametrize("name", NAMES)
def test_spans_slice_to_their_text(name: str) -> None:
    p = plan(name)
    assert all(t.text == p.text[t.start : t.end] for t in (*p.tasks, *p.targets, *p.themes))
    assert all(a.agency_text == p.text[a.start : a.end] for a in p.assignments)


@pytest.mark.parametrize("name", NAMES)
def test_no_known_body_is_left_unknown(name: str) -> None:
    p = plan(name)
    unknown = [w.message for w in p.warnings if w.code == "unknown_agency"]
    assert unknown == GOLDEN[name].get("unknown", [])
