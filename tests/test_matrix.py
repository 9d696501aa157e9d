"""Groups over many plans: complete linkage, every pair inside accepted, the same for any order."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from compare import matrix
from compare.alignment import align, annex_pairs
from compare.diff.gaps import AGAINST, ORDER, plan_gaps
from compare.frames import GAPS, cell
from compare.matrix import Matrix
from compare.pipeline import read_plan
from compare.records import Plan
from tests.places import EDITIONS
from tests.test_cli import rows, run

NAMES = ("thanh-hoa-2023-kh", "thanh-hoa-2025-ct-03", "son-la-2025-qd-161")
PATHS = [str(EDITIONS / f"{n}.txt") for n in NAMES]


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    return [read_plan(p) for p in PATHS]


@pytest.fixture(scope="module")
def found(plans: list[Plan]) -> Matrix:
    return matrix.matrix(plans)


def test_every_two_tasks_of_a_group_from_two_plans_are_an_accepted_pair(plans: list[Plan], found: Matrix) -> None:
    held = set()
    for a, b in combinations(plans, 2):
        held |= {frozenset((m.left_id, m.right_id)) for m in align(a, b).accepted()}
    home = {t.task_id: p.plan_id for p in plans for t in p.tasks}
    assert found.groups
    for g in found.groups:
        for x, y in combinations(g.items, 2):
            assert home[x] == home[y] or frozenset((x, y)) in held


def test_no_task_stands_in_two_groups_and_each_group_spans_plans(found: Matrix) -> None:
    items = [i for g in found.groups for i in g.items]
    assert len(items) == len(set(items))
    assert all(row["n_plans"] >= 2 for row in found.coverage())  # type: ignore[operator]
    assert any(row["n_plans"] == 3 for row in found.coverage())
    assert all(g.label for g in found.groups[:10])


def test_a_plan_whose_task_is_a_partner_of_some_of_a_group_has_it_partly(plans: list[Plan], found: Matrix) -> None:
    home = {t.task_id: p.plan_id for p in plans for t in p.tasks}
    group = {i: g.group_id for g in found.groups for i in g.items}
    assert found.apart and all(group.get(a) != group.get(b) or a not in group for a, b in found.apart)
    partly = {(str(row["group_id"]), p) for row in found.coverage() for p in str(row["partly"]).split(";") if p}
    assert partly
    for row in found.coverage():
        for plan in (p.plan_id for p in plans):
            near = any(
                {group.get(a), group.get(b)} >= {row["group_id"]} and plan in (home[a], home[b]) for a, b in found.apart
            )
            assert ((row["group_id"], plan) in partly) == (near and row[plan] == 0)


def test_a_task_with_a_sure_partner_outside_its_group_has_a_counterpart(found: Matrix) -> None:
    sure = {i for two, p in found.apart.items() if p >= 0.7 for i in two}
    assert sure
    assert not sure & {str(g["task_id"]) for g in found.gaps() if g["gap"] == "task_without_counterpart"}


def test_the_order_of_the_plans_does_not_matter(plans: list[Plan], found: Matrix) -> None:
    assert matrix.matrix(plans[::-1]).groups == found.groups


edges = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(6, 11)).map(lambda e: (f"{e[0]:02d}", f"{e[1]:02d}")), st.floats(0, 1)
)


@given(edges)
def test_complete_linkage_never_chains(pairs: dict[tuple[str, str], float]) -> None:
    home = {f"{n:02d}": int(n > 5) for n in range(12)}
    groups = matrix._linked(pairs, home)
    for g in groups:
        assert all((a, b) in pairs for a in g for b in g if home[a] < home[b])
    assert sorted(i for g in groups for i in g) == sorted({i for g in groups for i in g})


def test_the_command(tmp_path) -> None:  # type: ignore[no-untyped-def]
    result = run("matrix", *PATHS, "-o", str(tmp_path / "m"))
    assert result.exit_code == 0, result.output
    assert list(rows(tmp_path / "m" / "coverage.csv")[0])[:4] == ["group_id", "label", "sector", "n_plans"]
    assert rows(tmp_path / "m" / "members.csv") and list(rows(tmp_path / "m" / "gaps.csv")[0]) == GAPS
    assert "Sectors by plan" in load_workbook(tmp_path / "m" / "matrix.xlsx").sheetnames
    one = run("matrix", PATHS[0], "-o", str(tmp_path / "n"))
    assert one.exit_code == 2
    assert "two or more" in one.stderr


def test_sectors_targets_and_gaps_by_plan(plans: list[Plan], found: Matrix) -> None:
    for p in plans:
        coded = sum(bool(t.sector) for t in p.tasks)
        assert sum(int(str(r[p.plan_id])) for r in found.sector_counts()) == coded
        listed = [v for r in found.indicator_values() for v in str(r[p.plan_id]).split(";") if v]
        assert len(listed) == sum(bool(t.indicator_id) for t in p.targets)
        own = [r for r in found.gaps() if r["plan_id"] == p.plan_id]
        assert sum(int(str(r[p.plan_id])) for r in found.gap_counts()) == len(own)
    assert any(">= 11 % 2023" in str(r["thanh-hoa-2023-kh"]) for r in found.indicator_values())


def test_gaps_of_many_are_what_the_others_have_and_what_each_leaves_open(plans: list[Plan], found: Matrix) -> None:
    paired = {i for g in found.groups for i in g.items} | {i for two in found.apart for i in two}
    for p in plans:
        others = [o for o in plans if o is not p]
        own = [r for r in found.gaps() if r["plan_id"] == p.plan_id]
        lonely = {r["task_id"] for r in own if r["gap"] == "task_without_counterpart" and r["doubtful"] != "true"}
        assert lonely == {t.task_id for t in p.tasks} - paired
        here = {s for t in p.tasks for s in (t.sector, *t.sectors)}
        lacking = {r["sector"] for r in own if r["gap"] == "sector_without_task"}
        assert lacking == {t.sector for o in others for t in o.tasks} - here - {""}
        assert [r for r in own if r["gap"] not in AGAINST] == [
            {k: cell(v) for k, v in r.items()}
            for r in sorted(plan_gaps(p, annex_pairs(p)), key=lambda r: (ORDER.index(str(r["gap"])), r["start"] or 0, r["agency_id"]))
        ]  # fmt: skip


def test_one_plan_has_gaps_of_its_own_only(plans: list[Plan]) -> None:
    rows = matrix.matrix(plans[:1]).gaps()
    assert rows and not [r for r in rows if r["gap"] in AGAINST]


@pytest.mark.parametrize("kind", ["table", "csv", "json", "md", "latex", "html"])
def test_the_command_gaps_in_every_format(kind: str) -> None:
    for paths in (PATHS[:1], PATHS):
        result = run("gaps", *paths, "--format", kind)
        assert result.exit_code == 0, result.output
        assert ("no_deadline" if kind in ("csv", "json") else "No deadline") in " ".join(result.stdout.split())


@pytest.mark.parametrize("name", ["m.csv", "m.XLSX", "deep/m.json"])
def test_a_name_of_a_file_is_no_folder(tmp_path, name: str) -> None:  # type: ignore[no-untyped-def]
    refused = run("matrix", *PATHS[:2], "-o", str(tmp_path / name))
    assert refused.exit_code == 2 and not list(tmp_path.iterdir())
    assert refused.stderr.startswith(f"plandiff: {tmp_path / name}: matrix writes several tables; name a folder")
