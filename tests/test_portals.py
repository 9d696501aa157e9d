"""Markdown of law portals: metadata and leads as a person read them (golden/portals.json), nothing of content lost.

The golden file was made by reading the documents: where a task's words begin and who leads it, 40 rows in all.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from compare.frames import coverage
from compare.pipeline import read_plan
from compare.records import Plan
from tests.places import CORPUS

FOLDER = CORPUS / "portal-markdown"
READ: dict[str, Any] = json.loads((Path(__file__).parent / "golden" / "portals.json").read_text(encoding="utf-8"))


@lru_cache
def plan(name: str) -> Plan:
    if not (FOLDER / name).exists():
        pytest.skip(f"the real documents are not at hand ({name})")
    return read_plan(FOLDER / name)


@pytest.mark.parametrize("name", READ)
def test_metadata_is_right(name: str) -> None:
    meta = plan(name).metadata
    assert {k: getattr(meta, k) for k in ("number", "issued_on", "province", "signer")} == {
        k: READ[name][k] for k in ("number", "issued_on", "province", "signer")
    }


def test_leads_are_those_that_a_person_read() -> None:
    right = extra = missed = 0
    for name, read in READ.items():
        p = plan(name)
        for start, want in read["leads"]:
            task = next((t for t in p.tasks if t.start <= start < t.end), None)
            have = {a.agency_id for a in p.assignments if task and a.task_id == task.task_id and a.role == "lead"}
            right += len(have & set(want))
            extra += len(have - set(want))
            missed += len(set(want) - have)
    assert sum(len(r["leads"]) for r in READ.values()) == 40
    f1 = 2 * right / (2 * right + extra + missed)
    assert f1 >= 0.93, f"{right} right, {extra} extra, {missed} missed"


@pytest.mark.parametrize("name", READ)
def test_coverage(name: str) -> None:
    assert coverage(plan(name)) >= 0.97
