"""Themes, targets, tasks and gaps: small cases by hand, and the editions."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from compare import diff, report
from compare.alignment import align, annex_pairs
from compare.cli.results import summary
from compare.comparison import COLUMNS, Comparison
from compare.diff.bodies import heirs
from compare.diff.gaps import plan_gaps
from compare.diff.statements import tasks_under
from compare.diff.targets import compare
from compare.diff.tasks import change_of, due_change, lead_change, leads_added, reassigned, years_between
from compare.diff.themes import log_odds_ratio
from compare.diff.words import pieces, same, word_diff
from compare.findings import findings
from compare.pipeline import parse, read_plan
from compare.records import Alignment, Assignment, Document, Plan, Target, Task
from compare.tables import FORMATS, render
from compare.wording import gap_kind
from tests.places import CORPUS, EDITIONS


@pytest.fixture(scope="module")
def years() -> Alignment:
    return align(read_plan(EDITIONS / "thanh-hoa-2021-qd-2999.txt"), read_plan(EDITIONS / "thanh-hoa-2025-kh-63.txt"))


@pytest.fixture(scope="module")
def provinces() -> Alignment:
    return align(read_plan(EDITIONS / "thanh-hoa-2023-kh.txt"), read_plan(EDITIONS / "son-la-2025-qd-161.txt"))


def target(
    value: float, unit: str = "%", period: str = "2025", high: float | None = None, comparator: str = "="
) -> Target:
    return Target("t", "s", "poverty-rate", "tỷ lệ hộ nghèo", comparator, value, high, unit, period, "", "", 0, 0)


@pytest.mark.parametrize(
    ("a", "b", "change", "difference"),
    [
        (target(5), target(3), "lowered", -2.0),
        (target(3), target(3), "same", 0.0),
        (target(3), target(3, comparator=">="), "rephrased", 0.0),
        (target(1, "VND bn"), target(1500, "VND m"), "raised", 0.5),
        (target(8, "USD bn"), target(9000, "USD m"), "raised", 1.0),
        (target(3), target(3, "VND bn"), "incomparable", None),
        (target(11, period="2021-2025"), target(11, period="2025"), "incomparable", None),
        (target(11, period="2021-2025/yr"), target(12, period="2025"), "incomparable", None),
        (target(11, period="2021-2025/yr"), target(12, period="2026-2030/yr"), "raised", 1.0),
        (target(13, high=13.5), target(14, high=15), "raised", 1.0),
        (target(13, high=13.5), target(12, high=15), "incomparable", None),
        (target(13, high=13.5), target(13), "rephrased", 0.0),
        (target(0), target(2), "raised", 2.0),
    ],
)
def test_target_changes(a: Target, b: Target, change: str, difference: float | None) -> None:
    found = compare(a, b)
    assert (found.change, found.difference) == (change, difference)
    assert found.ratio is None or math.isfinite(found.ratio)


def amount(value: float, period: str, said: str, unit: str = "VND bn") -> Target:
    return Target("t", "s", "investment-total", said, "=", value, None, unit, period, "", said, 0, 0)


@pytest.mark.parametrize(
    ("a", "b", "change", "difference", "ratio"),
    [
        (amount(150, "2021-2025/yr", "vốn"), amount(800, "2021-2025", "tổng vốn"), "raised", 10.0, 1.066667),
        (amount(800, "2021-2025", "Tổng vốn"), amount(150, "2021-2025/yr", "vốn"), "lowered", -50.0, 0.9375),
        (amount(800, "2021-2025", "tổng vốn"), amount(160_000, "2021-2025/yr", "vốn", "VND m"), "same", 0.0, 1.0),
        (amount(800, "2021-2025", "vốn"), amount(160, "2021-2025/yr", "vốn"), "incomparable", None, None),
        (amount(800, "2021-2025", "tổng vốn"), amount(160, "2026-2030/yr", "vốn"), "incomparable", None, None),
        (amount(60, "2021-2025", "tổng", "%"), amount(12, "2021-2025/yr", "tăng", "%"), "incomparable", None, None),
        (amount(800, "2025", "tổng vốn"), amount(160, "2025/yr", "vốn"), "incomparable", None, None),
    ],
)
def test_a_sum_over_years_meets_their_yearly_average_where_it_says_that_it_is_one(
    a: Target, b: Target, change: str, difference: float | None, ratio: float | None
) -> None:
    found = compare(a, b)
    assert (found.change, found.difference, found.ratio) == (change, difference, ratio)


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_raised_one_way_is_lowered_the_other(x: float, y: float) -> None:
    there, back = compare(target(x), target(y)), compare(target(y), target(x))
    assert {there.change, back.change} in ({"raised", "lowered"}, {"same"})


def lead(agency: str, now: str = "") -> Assignment:
    return Assignment("t", "lead", agency, now or agency, "", False, 0, 0)


@pytest.mark.parametrize(
    ("left", "right", "change"),
    [
        ([lead("so-y-te")], [lead("so-y-te")], "same"),
        ([lead("so-giao-thong-van-tai", "so-xay-dung")], [lead("so-xay-dung")], "successor"),
        ([lead("so-y-te")], [lead("so-noi-vu")], "moved"),
        ([lead("so-y-te"), lead("so-noi-vu")], [lead("so-noi-vu"), lead("so-y-te")], "same"),
        ([lead("so-y-te"), lead("so-noi-vu")], [lead("so-noi-vu")], "lost"),
        ([lead("so-y-te")], [lead("so-y-te"), lead("so-noi-vu")], "gained"),
        ([lead("so-giao-thong-van-tai", "so-xay-dung")], [lead("so-xay-dung"), lead("so-y-te")], "gained"),
        ([lead("so-y-te"), lead("so-noi-vu")], [lead("so-y-te"), lead("so-tu-phap")], "moved"),
        ([lead("so-y-te")], [], "lost"),
        ([], [lead("so-y-te")], "gained"),
        ([], [], ""),
    ],
)
def test_lead_changes(left: list[Assignment], right: list[Assignment], change: str) -> None:
    assert lead_change(left, right) == change


@pytest.mark.parametrize(
    ("left", "right", "added", "removed", "moved"),
    [
        ([lead("so-y-te")], [lead("so-noi-vu")], ("so-noi-vu",), ("so-y-te",), True),
        ([lead("so-y-te")], [lead("so-y-te"), lead("so-noi-vu")], ("so-noi-vu",), (), False),
        ([lead("so-giao-thong-van-tai", "so-xay-dung")], [lead("so-xay-dung")], (), (), False),
        ([lead("so-y-te"), lead("so-noi-vu")], [lead("so-noi-vu")], (), ("so-y-te",), False),
        ([lead("so-y-te")], [lead("so-ban-nganh-cap-tinh")], ("so-ban-nganh-cap-tinh",), ("so-y-te",), False),
        ([lead("cac-cap-cac-nganh")], [lead("so-y-te")], ("so-y-te",), ("cac-cap-cac-nganh",), False),
        ([lead("so-y-te")], [], (), ("so-y-te",), False),
        ([], [lead("so-y-te")], ("so-y-te",), (), False),
    ],
)
def test_a_task_is_reassigned_only_where_no_lead_is_left_and_nobody_stands_for_all(
    left: list[Assignment], right: list[Assignment], added: tuple[str, ...], removed: tuple[str, ...], moved: bool
) -> None:
    assert leads_added(left, right) == added
    assert leads_added(right, left) == removed
    assert reassigned(left, right) is moved
    assert (change_of("equivalent", task(), task(), left, right, 0)["change"] == "reassigned") is moved


def test_pairs_below_sure_are_doubtful_and_gaps_count_them_with_the_dropped_ones(provinces: Alignment) -> None:
    rows = diff.task_rows(provinces)
    pairs = [r for r in rows if r["left_id"] and r["right_id"]]
    assert all(r["doubtful"] is (float(str(r["probability"])) < diff.SURE) for r in pairs)
    assert {r["doubtful"] for r in pairs} == {True, False}
    alone = [r for r in diff.gap_rows(provinces) if r["gap"] == "task_without_counterpart"]
    ids = {r["left_id"] or r["right_id"] for r in rows if r["change"] in ("dropped", "added")}
    assert {r["task_id"] for r in alone if not r["counterpart_id"]} == ids
    sure = {r[side] for r in pairs for side in ("left_id", "right_id") if not r["doubtful"]}
    unsure = {r[side] for r in pairs for side in ("left_id", "right_id")} - sure
    named = [r for r in alone if r["counterpart_id"]]
    assert {r["task_id"] for r in named} == unsure
    assert all(float(str(r["probability"])) < diff.SURE and r["doubtful"] for r in named)


def test_that_a_task_has_no_counterpart_is_doubtful_where_its_candidates_come_near(provinces: Alignment) -> None:
    found = {
        str(r["left_id"] or r["right_id"]): r["doubtful"] for r in diff.task_rows(provinces) if not r["probability"]
    }
    none = dict.fromkeys(found, 1.0)
    for m in provinces.matches:
        for item in {m.left_id, m.right_id} & found.keys():
            if m.kind == "task" and m.left_id and m.right_id:
                none[item] *= 1 - m.probability
    assert found == {item: chance < diff.SURE for item, chance in none.items()}
    assert set(found.values()) == {True, False}
    alone = {r["task_id"]: r["doubtful"] for r in diff.gap_rows(provinces) if r["gap"] == "task_without_counterpart"}
    assert found.items() <= alone.items()


def test_deadlines_of_a_plan_for_several_years_are_compared_as_they_stand(provinces: Alignment) -> None:
    assert (provinces.left.metadata.year, provinces.right.metadata.year) == (2023, 2025)
    assert years_between(provinces.left, provinces.right) == 2
    assert years_between(provinces.right, provinces.left) == -2
    several = replace(provinces.left, metadata=replace(provinces.left.metadata, period_end="2025-12-31"))
    assert years_between(several, provinces.right) == years_between(provinces.right, several) == 0


def test_a_rejected_candidate_leaves_no_doubt(provinces: Alignment) -> None:
    unsure = next(r for r in diff.task_rows(provinces) if r["doubtful"] and not r["right_id"])
    decided = replace(
        provinces,
        matches=tuple(
            replace(m, decision="rejected") if m.left_id == unsure["left_id"] and m.right_id else m
            for m in provinces.matches
        ),
    )
    again = next(r for r in diff.task_rows(decided) if r["left_id"] == unsure["left_id"])
    assert again["doubtful"] is False


def test_every_gap_of_an_item_or_of_a_comparison_shows_words(provinces: Alignment, years: Alignment) -> None:
    for pairs in (provinces, years):
        texts = {t.task_id: t.text for p in (pairs.left, pairs.right) for t in p.tasks}
        texts |= {t.target_id: t.text for p in (pairs.left, pairs.right) for t in p.targets}
        for r in diff.gap_rows(pairs):
            assert r["words"] == texts[str(r["task_id"] or r["counterpart_id"])]


def test_a_conflict_on_a_doubtful_pair_of_annex_and_body_says_so(years: Alignment) -> None:
    conflicts = [r for r in diff.gap_rows(years) if r["gap"] == "conflict"]
    likeness = {(m.left_id, m.right_id): m.probability for m in years.within[years.left.plan_id]}
    for r in conflicts:
        held = likeness[str(r["task_id"]), str(r["counterpart_id"])]
        assert r["probability"] == round(held, 6)
        assert r["doubtful"] is (held < diff.SURE)


def test_a_target_that_the_other_plan_only_names(provinces: Alignment) -> None:
    left = plan_of("KẾ HOẠCH\nNĂM 2024\n\nI. MỤC TIÊU\n\n1. Tỷ lệ hộ nghèo đạt 3%.\n\n2. Sở Y tế xây dựng kế hoạch.\n")
    right = plan_of("KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Sở Nội vụ theo dõi tỷ lệ hộ nghèo ở các xã.\n")
    rows = diff.target_rows(align(left, right))
    assert [(r["change"], r["indicator_id"]) for r in rows] == [("dropped", "poverty-rate")]
    named = right.text[int(str(rows[0]["named_start"])) : int(str(rows[0]["named_end"]))]
    assert named == "tỷ lệ hộ nghèo" and rows[0]["named_id"] == right.tasks[0].task_id
    for r in diff.target_rows(provinces):
        assert (r["named_id"] == "") is (r["named_start"] == "")


def test_terms_count_the_tasks_that_use_them_and_mirror(provinces: Alignment) -> None:
    rows = diff.term_rows(provinces)
    sizes = [abs(float(str(r["z"]))) for r in rows]
    assert len(rows) > 100 and sizes == sorted(sizes, reverse=True)
    poverty = next(r for r in rows if r["concept_id"] == "giam-ngheo")
    said = [
        sum("giảm nghèo" in " ".join(t.text.split()).lower() for t in p.tasks)
        for p in (provinces.left, provinces.right)
    ]
    assert min(said) > 0 and (poverty["left_count"], poverty["right_count"]) <= tuple(said)
    back = {r["concept_id"]: r for r in diff.term_rows(align(provinces.right, provinces.left))}
    assert all(back[r["concept_id"]]["z"] == pytest.approx(-float(str(r["z"]))) for r in rows)
    assert all(back[r["concept_id"]]["left_count"] == r["right_count"] for r in rows)


def test_every_statement_stands_in_its_diff_and_mottos_stand_side_by_side(provinces: Alignment) -> None:
    rows = diff.statement_rows(provinces)
    for side, plan in (("left", provinces.left), ("right", provinces.right)):
        assert {r[f"{side}_id"] for r in rows} - {""} == {t.theme_id for t in plan.themes}
        kinds = {t.theme_id: t.kind for t in plan.themes}
        assert all(kinds[str(r[f"{side}_id"])] == r["kind"] for r in rows if r[f"{side}_id"])
        assert all(0 <= float(str(r[f"{side}_share"])) <= 1 for r in rows if r["kind"] == "task_group")
    theme = next(r for r in rows if r["kind"] == "theme")
    assert theme["left_id"] and theme["right_id"] and theme["change"] in ("rephrased", "replaced")
    own = diff.statement_rows(align(provinces.left, provinces.left))
    assert {r["change"] for r in own} == {"same"} and {r["z"] for r in own if r["kind"] == "task_group"} == {0.0}


def test_the_tasks_under_a_group_are_those_of_its_section(provinces: Alignment) -> None:
    counts = tasks_under(provinces.left)
    plan = provinces.left
    farming = next(t for t in plan.themes if "phát triển nông nghiệp" in t.text)
    assert counts[farming.theme_id] == sum("/E/II/1/" in t.task_id for t in plan.tasks)


def test_two_texts_side_by_side() -> None:
    told = word_diff(
        "Giao Sở Y tế chủ trì, báo cáo trước ngày 30/3.", "giao Sở Nội vụ chủ trì báo cáo trước ngày 15/4/2025."
    )
    assert told == "giao Sở [-Y tế-] {+Nội vụ+} chủ trì báo cáo trước ngày [-30/3.-] {+15/4/2025.+}"
    assert word_diff("", "mới") == "{+mới+}" and word_diff("hoà", "hòa") == "hòa" and word_diff("", "") == ""


words = st.lists(st.sampled_from(["Sở", "y", "tế,", "Tế", "-", "rà", "soát"]), max_size=12).map(" ".join)


@given(words, words)
def test_a_side_by_side_holds_both_texts(left: str, right: str) -> None:
    told = pieces(left, right)
    assert " ".join(a for a, _ in told if a) == left
    assert " ".join(b for _, b in told if b) == right
    assert all(same(a, b) or not (set(a.split()) & set(b.split())) for a, b in told)
    assert word_diff(left, left) == left


def test_each_pair_in_one_language_is_set_side_by_side(provinces: Alignment) -> None:
    pairs = [r for r in diff.task_rows(provinces) if r["left_id"] and r["right_id"]]
    assert pairs and all(r["word_diff"] for r in pairs)
    mixed = align(read_plan(EDITIONS / "thanh-hoa-2023-kh.txt"), read_plan(EDITIONS / "thanh-hoa-2025-ct-03.txt"))
    language = {t.task_id: t.language for t in mixed.right.tasks}
    told = {
        language[str(r["right_id"])]: r["word_diff"] for r in diff.task_rows(mixed) if r["left_id"] and r["right_id"]
    }
    assert told["sv"] == "" and told["vi"]


def test_bodies_charged_together_with_all_others_lack_no_coordinator() -> None:
    plan = plan_of(
        "KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Các sở, ban, ngành cấp tỉnh, UBND các huyện rà soát quy hoạch.\n\n"
        "2. Sở Y tế rà soát quy hoạch.\n"
    )
    assert len(plan.tasks) == 2
    lacking = [r["task_id"] for r in plan_gaps(plan) if r["gap"] == "no_coordinator"]
    assert lacking == [plan.tasks[1].task_id]


def task(due_end: str = "") -> Task:
    return Task("t", "s", "body", "task", "", "vi", 0, 0, due_end=due_end)


@pytest.mark.parametrize(
    ("old", "new", "shift", "change"),
    [
        ("2023-01-15", "2025-01-15", 2, "same"),
        ("2023-01-15", "2025-02-15", 2, "later"),
        ("2024-02-29", "2025-02-28", 1, "same"),
        ("2025-03-30", "2025-03-15", 0, "earlier"),
        ("2025-03-30", "", 0, "lost"),
        ("", "2025-03-30", 0, "gained"),
        ("", "", 0, ""),
    ],
)
def test_deadlines_are_compared_within_the_plans_year(old: str, new: str, shift: int, change: str) -> None:
    assert due_change(task(old), task(new), shift) == change


counts = st.integers(0, 500)


@given(counts, counts, counts, counts)
def test_log_odds_are_finite_and_antisymmetric(a: int, rest_a: int, b: int, rest_b: int) -> None:
    there, z = log_odds_ratio(a, a + rest_a, b, b + rest_b)
    back, z_back = log_odds_ratio(b, b + rest_b, a, a + rest_a)
    assert math.isfinite(there)
    assert there == pytest.approx(-back)
    assert z == pytest.approx(-z_back)


def test_themes_count_every_coded_task(provinces: Alignment) -> None:
    rows = diff.theme_rows(provinces)
    assert len(rows) == 27
    assert sum(r["left_count"] for r in rows) == sum(bool(t.sector) for t in provinces.left.tasks)  # type: ignore[misc]
    assert sum(r["right_share"] for r in rows) == pytest.approx(1, abs=0.01)  # type: ignore[misc]


def test_every_task_and_target_stands_in_its_diff(provinces: Alignment, years: Alignment) -> None:
    for pairs in (provinces, years):
        rows = diff.task_rows(pairs)
        assert {r["left_id"] for r in rows} - {""} == {t.task_id for t in pairs.left.tasks}
        assert {r["right_id"] for r in rows} - {""} == {t.task_id for t in pairs.right.tasks}
        rows = diff.target_rows(pairs)
        assert {r["left_id"] for r in rows} - {""} == {t.target_id for t in pairs.left.targets}
        assert {r["right_id"] for r in rows} - {""} == {t.target_id for t in pairs.right.targets}


def test_income_per_head_was_lowered_between_the_editions(years: Alignment) -> None:
    row = next(
        r for r in diff.target_rows(years) if r["indicator_id"] == "grdp-per-capita" and r["change"] != "dropped"
    )
    assert (row["change"], row["left_value"], row["right_value"], row["ambition"]) == (
        "lowered",
        5200.0,
        3750.0,
        "lower",
    )


def test_the_annex_contradicts_the_body_where_one_dates_and_the_other_does_not(years: Alignment) -> None:
    conflicts = [r for r in diff.gap_rows(years) if r["gap"] == "conflict"]
    assert {str(r["task_id"]).rsplit("/", 1)[1] for r in conflicts} >= {"2.6", "6.1", "9.2"}
    assert all(r["counterpart_id"] for r in conflicts)


def test_gaps_are_typed_and_sorted(provinces: Alignment) -> None:
    from compare.diff.gaps import ORDER

    kinds = [ORDER.index(str(r["gap"])) for r in diff.gap_rows(provinces)]
    assert kinds == sorted(kinds)


def test_a_task_for_a_body_dissolved_before_it_is_due_is_a_finding(provinces: Alignment) -> None:
    rows = [
        r
        for r in diff.gap_rows(provinces)
        if r["gap"] == "dissolved_agency" and r["agency_id"] == "so-ke-hoach-va-dau-tu"
    ]
    assert any("due 2025-11-15" in str(r["detail"]) and "so-tai-chinh" in str(r["detail"]) for r in rows)


def test_bodies_that_end_within_the_period_are_told_from_those_dissolved_before_a_deadline(
    provinces: Alignment,
) -> None:
    rows = [r for r in diff.gap_rows(provinces) if r["gap"] == "dissolved_agency"]
    kinds = {gap_kind(r) for r in rows}
    assert kinds == {"dissolved_agency", "ends_in_period"}
    assert all(("ends on" in str(r["detail"])) == (gap_kind(r) == "ends_in_period") for r in rows)


def test_single_functions_that_went_elsewhere_stand_beside_the_heir() -> None:
    said = heirs("so-thong-tin-va-truyen-thong", "Thanh Hóa", "2025-02-28")
    assert said.startswith("so-khoa-hoc-va-cong-nghe for the most part")
    assert "press and publishing: so-van-hoa-the-thao-va-du-lich" in said and "network security: cong-an-tinh" in said
    assert heirs("so-ke-hoach-va-dau-tu", "Thanh Hóa", "2025-02-28") == "so-tai-chinh"


def test_a_garbled_deadline_says_why_it_is_a_conflict(years: Alignment) -> None:
    rows = {
        str(r["task_id"]).rsplit("/", 1)[1]: str(r["detail"]) for r in diff.gap_rows(years) if r["gap"] == "conflict"
    }
    assert rows["3.2"].endswith("“trước trong” can be read in two ways: before that time, or within it")
    assert "two ways" not in rows["2.6"]


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ("nâng cấp đường giao thông nông thôn.", True),
        ("tổ chức giao ban hàng tháng với các xã.", False),
        ("Định kỳ rà soát các dự án chậm tiến độ.", False),
        ("hoàn thành đường giao thông nông thôn của năm 2025.", False),
        ("triển khai Nghị quyết số 58-NQ/TW ngày 05/8/2020 của Bộ Chính trị về đường giao thông.", True),
    ],
)
def test_a_rhythm_or_a_year_is_a_date(words: str, lacking: bool) -> None:
    plan = plan_of(f"KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Sở Giao thông vận tải {words}\n")
    assert plan.tasks
    assert any(r["gap"] == "no_deadline" for r in plan_gaps(plan)) == lacking


def test_a_target_looks_for_its_task_in_the_whole_plan() -> None:
    text = "KẾ HOẠCH\nNĂM 2025\n\nI. MỤC TIÊU\n\n1. Tỷ lệ hộ nghèo đạt 3%.\n\nII. NHIỆM VỤ\n\n"
    lacking = plan_of(f"{text}1. Sở Giao thông vận tải nâng cấp cầu treo.\n")
    met = plan_of(f"{text}1. Sở Lao động - Thương binh và Xã hội giảm tỷ lệ hộ nghèo ở miền núi.\n")
    assert [any(r["gap"] == "target_without_task" for r in plan_gaps(p)) for p in (lacking, met)] == [True, False]


def test_terms_inside_longer_ones_count() -> None:
    zone = plan_of("KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Sở Xây dựng đầu tư hạ tầng khu công nghiệp.\n")
    counts = {r["label"]: r["left_count"] for r in diff.term_rows(align(zone, zone))}
    assert counts["khu công nghiệp"] == counts["công nghiệp"] == 1


def test_two_identical_plans_differ_in_nothing() -> None:
    plan = read_plan(EDITIONS / "thanh-hoa-2023-kh.txt")
    pairs = align(plan, plan)
    own = [r for r in diff.task_rows(pairs) if r["left_id"] == r["right_id"]]
    assert len(own) == len(plan.tasks)
    assert {r["change"] for r in own} == {"kept"}
    assert {r["change"] for r in diff.target_rows(pairs)} == {"same"}
    assert all(r["log_odds"] == 0 for r in diff.theme_rows(pairs))
    assert not [r for r in diff.gap_rows(pairs) if "counterpart" in str(r["gap"])]


def test_plans_with_nothing_in_common_and_without_bodies() -> None:
    road = plan_of("KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Nâng cấp đường giao thông nông thôn.\n")
    school = plan_of("KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Bồi dưỡng giáo viên mầm non.\n")
    pairs = align(road, school)
    assert {r["change"] for r in diff.task_rows(pairs)} == {"dropped", "added"}
    assert {r["gap"] for r in diff.gap_rows(pairs)} >= {"no_lead", "task_without_counterpart"}


def plan_of(text: str) -> Plan:
    return parse(Document("plan.txt", text, "text", ""))


def test_frames_have_the_documented_columns(provinces: Alignment) -> None:
    from compare import frames

    assert list(diff.tasks(provinces).columns) == frames.TASKS_DIFF
    assert list(diff.gaps(provinces).columns) == frames.GAPS
    assert diff.targets(provinces)["right_value"].dtype.kind == "f"
    with pytest.raises(TypeError, match="align"):
        diff.themes("no pairs")


@pytest.mark.parametrize("what", ["themes", "terms", "statements", "targets", "tasks", "gaps"])
@pytest.mark.parametrize("edition", sorted(p.name for p in EDITIONS.glob("*.txt")))
def test_a_plan_does_not_differ_from_itself(edition: str, what: str) -> None:
    assert not itself(edition).differs(what)


@cache
def itself(edition: str) -> Comparison:
    return Comparison.of(str(EDITIONS / edition), str(EDITIONS / edition))


# Bad input: right answers, no division by zero, no misleading certainty ----------------------------------------------


ROAD = "KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Sở Giao thông vận tải nâng cấp đường giao thông nông thôn.\n"
SCHOOL = "KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Sở Giáo dục và Đào tạo bồi dưỡng giáo viên mầm non.\n"
NO_TASKS = "KẾ HOẠCH\nNĂM 2025\n\nI. MỤC TIÊU\n\n1. Tỷ lệ hộ nghèo đạt 3%.\n"


def compared(folder: Path, *texts: str) -> Comparison:
    for name, text in zip(("left", "right"), texts, strict=True):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return Comparison.of(folder / "left.txt", folder / "right.txt")


def assert_sound(found: Comparison) -> None:
    """Every table can be written in every format and both languages; numbers are finite, shares and chances from 0 to 1."""
    for name in COLUMNS:
        for row in found.rows[name]:
            numbers = {k: v for k, v in row.items() if isinstance(v, (int, float))}
            assert all(math.isfinite(v) for v in numbers.values()), row
            assert all(0 <= v <= 1 for k, v in numbers.items() if k in ("probability", "left_share", "right_share")), (
                row
            )
        for kind in FORMATS:
            assert all(render(found.table(name, lang), kind, lang) for lang in ("en", "vi"))
    for lang in ("en", "vi"):
        assert findings(found.left.plan_id, found.right.plan_id, found.rows, lang)
        page = report.render(found.left, found.right, found.rows, {}, lang)
        assert "nan" not in re.sub(r"<script.*?</script>|[a-z]nan|nan[a-z]", "", page, flags=re.S)
    for lang in ("en", "vi"):
        summary(found, Path("result"), Console(file=io.StringIO()), draw=False, lang=lang)


def test_plans_with_no_common_sector(tmp_path: Path) -> None:
    found = compared(tmp_path, ROAD, SCHOOL)
    assert_sound(found)
    assert {r["change"] for r in found.rows["tasks_diff"]} == {"dropped", "added"}
    lacking = {(r["plan_id"], r["sector"]) for r in found.rows["gaps"] if r["gap"] == "sector_without_task"}
    assert lacking == {("left", "education"), ("right", "transport")}
    assert all(abs(float(str(r["z"]))) < diff.SURE_Z for r in found.rows["themes_diff"])  # one task is no evidence
    assert all(found.differs(what) for what in ("themes", "terms", "tasks", "gaps"))


@pytest.mark.parametrize("turned", [False, True])
def test_a_plan_with_no_tasks(tmp_path: Path, turned: bool) -> None:
    found = compared(tmp_path, *((ROAD, NO_TASKS) if turned else (NO_TASKS, ROAD)))
    empty = found.right if turned else found.left
    assert not empty.tasks and empty.targets
    assert_sound(found)
    assert [r["change"] for r in found.rows["tasks_diff"]] == ["dropped" if turned else "added"]
    assert all(abs(float(str(r["z"]))) < diff.SURE_Z for r in found.rows["themes_diff"])


def test_two_plans_with_no_tasks(tmp_path: Path) -> None:
    found = compared(tmp_path, NO_TASKS, NO_TASKS)
    assert_sound(found)
    assert found.rows["tasks_diff"] == [] and found.rows["terms_diff"] == []
    assert {(r["log_odds"], r["z"]) for r in found.rows["themes_diff"]} == {(0, 0)}
    assert not any(found.differs(what) for what in ("themes", "terms", "targets", "tasks", "gaps"))


@pytest.mark.parametrize("edition", sorted(p.name for p in EDITIONS.glob("*.txt")))
def test_the_same_plan_twice_is_sure_of_itself(edition: str) -> None:
    found = itself(edition)
    assert_sound(found)
    assert found.left.plan_id != found.right.plan_id
    assert {r["change"] for r in found.rows["tasks_diff"]} == {"kept"}
    assert {r["doubtful"] for r in found.rows["tasks_diff"]} == {"false"}
    assert not [r for r in found.rows["gaps"] if r["gap"] in diff.AGAINST]


FULL = {
    "son-la-2025-quyet-dinh-161.txt": "son-la-2025-qd-161.txt",
    "thanh-hoa-2023-ke-hoach-hanh-dong.txt": "thanh-hoa-2023-kh.txt",
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the full texts are absent")
@pytest.mark.parametrize("full", FULL)
def test_a_plan_against_its_own_abridged_edition(full: str) -> None:
    """Nearly every task has its counterpart, hardly one changed hands or dates, and no sector weighs more."""
    found = Comparison.of(CORPUS / full, EDITIONS / FULL[full])
    assert_sound(found)
    rows = found.rows["tasks_diff"]
    paired = {r["right_id"] for r in rows if r["left_id"] and r["right_id"]}
    assert len(paired) > 0.95 * len(found.right.tasks)
    own = [r for r in rows if str(r["left_id"]).split("/")[1:] == str(r["right_id"]).split("/")[1:]]
    assert len(own) > 0.9 * len(found.right.tasks)
    assert not [r for r in own if r["change"] in ("reassigned", "rescheduled")]
    assert sum(r["change"] in ("reassigned", "rescheduled") for r in rows) <= 0.01 * len(rows)
    assert all(abs(float(str(r["z"]))) < diff.SURE_Z for r in found.rows["themes_diff"])
    assert {r["change"] for r in found.rows["targets_diff"]} <= {"same", "rephrased"}


@pytest.mark.parametrize(
    ("row", "body", "differ"),
    [
        ("Giai đoạn 2021 - 2025, riêng quy hoạch cảng trong Quý IV/2021", "trong quý IV năm 2021", True),
        ("Giai đoạn 2021 - 2025", "trong giai đoạn 2021 - 2025", False),
        ("Quý IV/2021", "trong quý IV năm 2021", False),
        ("Quý III/2021", "trong quý IV năm 2021", True),
        ("Quý III/2021, báo cáo tổng kết trong Quý IV/2021", "trong quý IV năm 2021", False),
        ("Tháng 5/2022", "trước trong tháng 5 năm 2022", True),
    ],
)
def test_an_annex_contradicts_the_body_in_its_deadline(row: str, body: str, differ: bool) -> None:
    text = f"""KẾ HOẠCH
NĂM 2021

I. NHIỆM VỤ

1. Sở Y tế chủ trì nâng cấp cảng tổng hợp Lạch Sung và đường vào bệnh viện huyện, hoàn thành {body}.

PHỤ LỤC
DANH MỤC NHIỆM VỤ

| STT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian |
|---|---|---|---|---|
| 1 | Nâng cấp cảng tổng hợp Lạch Sung và đường vào bệnh viện huyện | Sở Y tế | Sở Tài chính | {row} |
"""
    plan = plan_of(text)
    conflicts = [r for r in plan_gaps(plan, annex_pairs(plan)) if r["gap"] == "conflict"]
    assert [str(r["detail"]).startswith("deadline") for r in conflicts] == [True] * differ
    assert all(("for a part" in str(r["detail"])) == ("riêng" in row) for r in conflicts)


HEADED = """ỦY BAN NHÂN DÂN TỈNH THANH HÓA
Số: 7/KH-UBND
Thanh Hóa, ngày 02 tháng 01 năm 2021

KẾ HOẠCH
NĂM 2021

I. NHIỆM VỤ

"""
ROWS = """| STT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian |
|---|---|---|---|---|
| 1 | Nâng cấp cảng tổng hợp Lạch Sung và đường vào bệnh viện huyện | Sở Y tế | Sở Tài chính | Quý I |
| 2 | Số hóa hồ sơ người có công | Sở Nội vụ | Sở Tài chính | Quý II |
| 3 | Trồng rừng ven biển | Sở Công Thương | Sở Tài chính | Quý III |
| 4 | Mở lớp dạy nghề mộc cho thanh niên | Sở Nội vụ | Sở Tài chính | Quý III |
"""
ALONE = ("annex_without_body", "body_without_annex")


def test_a_table_in_the_body_is_no_annex() -> None:
    plan = plan_of(f"{HEADED}1. Sở Y tế chủ trì khám sức khỏe cho học sinh.\n\n2. Danh mục nhiệm vụ:\n\n{ROWS}")
    assert [(t.part, t.section_id.rpartition("/")[2]) for t in plan.tasks] == [("body", "1"), *[("body", "2")] * 4]
    assert not {r["gap"] for r in plan_gaps(plan, annex_pairs(plan))} & set(ALONE)


@pytest.mark.parametrize("repeats", [0, 1, 2])
def test_an_annex_that_adds_tasks_need_not_repeat_the_body(repeats: int) -> None:
    said = ("nâng cấp cảng tổng hợp Lạch Sung và đường vào bệnh viện huyện", "số hóa hồ sơ người có công")
    tasks = ["khám sức khỏe cho học sinh", *said[:repeats]]
    body = "\n\n".join(f"{n}. Sở Y tế chủ trì {task}." for n, task in enumerate(tasks, 1))
    plan = plan_of(f"{HEADED}{body}\n\nPHỤ LỤC\nDANH MỤC NHIỆM VỤ\n\n{ROWS}")
    assert [t.part for t in plan.tasks].count("annex") == 4
    told = [r["gap"] for r in plan_gaps(plan, annex_pairs(plan)) if r["gap"] in ALONE]
    assert told == (["annex_without_body"] * 2 + ["body_without_annex"] if repeats == 2 else [])
