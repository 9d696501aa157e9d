"""The alignment: evidence, probability, acceptance, gaps; the same whatever the order, mirrored when swapped."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare import alignment, similarity
from compare.extract.agencies import mentions
from compare.pipeline import parse, read_plan
from compare.profiles import charged
from compare.records import Alignment, Assignment, Document, Match, Plan, Span
from tests.blank import profile
from tests.places import EDITIONS

EDITION = {
    "th23": EDITIONS / "thanh-hoa-2023-kh.txt",
    "th25": EDITIONS / "thanh-hoa-2025-ct-03.txt",
    "sl25": EDITIONS / "son-la-2025-qd-161.txt",
    "th21": EDITIONS / "thanh-hoa-2021-qd-2999.txt",
}


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    return {name: read_plan(path) for name, path in EDITION.items()}


@pytest.fixture(scope="module")
def pairs(plans: dict[str, Plan]) -> Alignment:
    return alignment.align(plans["th23"], plans["sl25"])


def ids(matches: tuple[Match, ...]) -> set[tuple[str, str]]:
    return {(m.left_id, m.right_id) for m in matches}


def test_every_item_stands_in_a_pair_or_as_a_gap(pairs: Alignment) -> None:
    for side, plan in (("left_id", pairs.left), ("right_id", pairs.right)):
        held = {getattr(m, side) for m in pairs.accepted("task")}
        other = "right_id" if side == "left_id" else "left_id"
        alone = [getattr(m, side) for m in pairs.matches if m.kind == "task" and not getattr(m, other)]
        assert len(alone) == len(set(alone))
        assert held.isdisjoint(alone)
        assert held | set(alone) == {t.task_id for t in plan.tasks}


def test_a_gap_says_why(pairs: Alignment) -> None:
    """No candidate, the best one below the threshold, or its partner taken by an item that it names."""
    alone = [m for m in pairs.matches if not (m.left_id and m.right_id) and m.kind == "task"]
    held = ids(pairs.accepted())
    taken = {m.left_id or m.right_id: re.search(r"candidate (\S+) .* is taken by (\S+) ", m.note) for m in alone}
    assert alone
    for m in alone:
        found = taken[m.left_id or m.right_id]
        assert found or re.search("^no candidate$|below the threshold", m.note), m.note
        if found:
            pair = (found[2], found[1]) if m.left_id else (found[1], found[2])
            assert pair in held
    assert any(taken.values())


def test_no_pair_twice(pairs: Alignment) -> None:
    both = [(m.kind, m.left_id, m.right_id) for m in pairs.matches if m.left_id and m.right_id]
    assert len(both) == len(set(both))


def test_swapping_the_plans_mirrors_the_result(plans: dict[str, Plan], pairs: Alignment) -> None:
    mirrored = alignment.align(plans["sl25"], plans["th23"])
    for kind in ("task", "target", "theme"):
        assert ids(mirrored.accepted(kind)) == {(b, a) for a, b in ids(pairs.accepted(kind))}
    here = {(m.left_id, m.right_id): m.probability for m in pairs.matches}
    there = {(m.right_id, m.left_id): m.probability for m in mirrored.matches}
    assert all(there[k] == pytest.approx(p, abs=1e-9) for k, p in here.items() if k in there)


def test_the_order_of_the_items_does_not_matter(plans: dict[str, Plan], pairs: Alignment) -> None:
    def turned(plan: Plan) -> Plan:
        return replace(plan, tasks=plan.tasks[::-1], targets=plan.targets[::-1], themes=plan.themes[::-1])

    again = alignment.align(turned(plans["th23"]), turned(plans["sl25"]))
    for kind in ("task", "target", "theme"):
        assert ids(again.accepted(kind)) == ids(pairs.accepted(kind))
    notes = {m.left_id or m.right_id: m.note for m in pairs.matches if not (m.left_id and m.right_id)}
    assert {m.left_id or m.right_id: m.note for m in again.matches if not (m.left_id and m.right_id)} == notes


def test_the_same_input_gives_the_same_matches(plans: dict[str, Plan], pairs: Alignment) -> None:
    assert alignment.align(plans["th23"], plans["sl25"]).matches == pairs.matches


def test_the_same_task_in_two_years_is_found(plans: dict[str, Plan]) -> None:
    """Both Thanh Hóa plans ask the transport department to act on Thọ Xuân airport and the ethnic committee on its programme."""
    pairs = alignment.align(plans["th23"], plans["sl25"])
    programme = next(t.task_id for t in plans["th23"].tasks if t.text.startswith("7. Ban Dân tộc"))
    partners = {t.task_id: t for t in plans["sl25"].tasks}
    found = [partners[m.right_id] for m in pairs.accepted() if m.left_id == programme]
    assert any(t.sector == "ethnic-religion" for t in found)


def test_swedish_meets_vietnamese(plans: dict[str, Plan]) -> None:
    pairs = alignment.align(plans["th25"], plans["sl25"])
    swedish = {t.task_id for t in plans["th25"].tasks if t.language == "sv"}
    held = [m for m in pairs.accepted() if m.left_id in swedish]
    assert len(held) >= 20
    assert all(next(e for e in m.evidence if e.name == "terms").value > 0 for m in held)


def test_evidence_adds_up_to_the_probability(pairs: Alignment) -> None:
    intercept = alignment.coefficients()["intercept"]
    for m in pairs.accepted("task"):
        logit = intercept + sum(e.log_odds for e in m.evidence)
        assert 1 / (1 + np.exp(-logit)) == pytest.approx(m.probability, abs=1e-3)


def test_a_plan_with_itself_pairs_every_task_with_itself(plans: dict[str, Plan]) -> None:
    plan = plans["th23"]
    found = ids(alignment.align(plan, plan).accepted())
    assert {(t.task_id, t.task_id) for t in plan.tasks} <= found


def test_annex_rows_find_their_body_tasks(plans: dict[str, Plan]) -> None:
    plan = plans["th21"]
    annex = {t.task_id for t in plan.tasks if t.part == "annex"}
    found = {m.left_id for m in alignment.annex_pairs(plan)}
    assert found <= annex
    assert len(found) >= 0.85 * len(annex)


def test_the_model_speaks_only_for_pairs() -> None:
    model = alignment.coefficients()
    assert set(model) == {"intercept", *alignment.FEATURES, alignment.IDENTICAL, alignment.EMBEDDING}
    assert all(model[f] >= 0 for f in alignment.FEATURES if f != "languages")


words = st.lists(st.sampled_from(["xây", "dựng", "nông", "thôn", "mới", "đường"]), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(words, min_size=1, max_size=4), st.lists(words, min_size=1, max_size=4))
def test_wording_is_between_0_and_1_and_1_with_itself(a: list[list[str]], b: list[list[str]]) -> None:
    left, right = ([profile(str(i), clauses=(tuple(w),)) for i, w in enumerate(side)] for side in (a, b))
    said = similarity.wording(left, right)
    for score in (said.whole, said.clause, said.opening, said.clause_opening):
        assert ((score >= 0) & (score <= 1 + 1e-9)).all()
    assert (said.clause >= said.whole - 1e-9).all()
    same = similarity.wording(left, left)
    assert np.diag(same.whole) == pytest.approx(np.ones(len(left)))
    assert np.diag(same.opening) == pytest.approx(np.ones(len(left)))


def test_how_two_items_open_is_compared_apart_from_how_they_go_on() -> None:
    task = "xây dựng kho dữ liệu dùng chung của tỉnh"
    same = f"{task} phục vụ người dân và doanh nghiệp trên địa bàn"
    late = f"nâng cao năng lực của cán bộ các cấp khi tham gia {task}"
    left, *right = (profile(said, clauses=(tuple(said.split()),)) for said in (task, same, late))
    said = similarity.wording([left], right)
    assert said.opening[0, 0] > 2 * said.opening[0, 1]
    assert said.clause_opening[0, 0] == pytest.approx(1) and said.clause_opening[0, 1] < 0.5


def test_a_body_that_is_acted_upon_counts_as_words_one_that_acts_does_not() -> None:
    text = "Tập huấn cho Tổ công nghệ số cộng đồng; Sở Nội vụ theo dõi."
    names = [span.of(text) for span in charged(text, 0, len(text))]
    assert names == ["Sở Nội vụ"]
    team = next(m for m in mentions(text, 0, len(text)) if m.agency_id == "to-cong-nghe-so-cong-dong")
    lead = Assignment("t", "lead", team.agency_id, team.agency_id, "", False, team.start, team.end)
    assert len(charged(text, 0, len(text), [lead])) == 2


def test_numbers_do_not_make_two_wordings_alike() -> None:
    said = "Phấn đấu 95% số xã năm 2025"
    left = similarity.clauses(said, Span(0, len(said)))
    assert "95" not in {w for c in left for w in c}


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ("Xây dựng nhà ở xã hội; xử lý nợ xấu; trồng rừng gỗ lớn.", "Xây dựng nhà ở xã hội.", "narrower"),
        ("Xử lý nợ xấu.", "Xây dựng nhà ở xã hội; xử lý nợ xấu; trồng rừng gỗ lớn.", "broader"),
        ("Xây dựng nhà ở xã hội; xử lý nợ xấu.", "Xử lý nợ xấu; phát triển nhà ở xã hội.", "equivalent"),
    ],
)
def test_the_side_whose_clauses_find_no_like_says_more(left: str, right: str, relation: str) -> None:
    head = "KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Sở Xây dựng chủ trì "
    plans = (parse(Document("plan.txt", f"{head}{text}\n", "text", "")) for text in (left, right))
    assert alignment.relation(*(alignment.profiles(plan)[0] for plan in plans)) == relation


def test_a_plan_against_itself_pairs_every_task_with_itself_alone(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        twin = replace(plan, plan_id="twin")
        held = ids(alignment.align(plan, twin).accepted("task"))
        texts = {t.task_id: re.sub(r"[\d\W]+", " ", t.text) for t in plan.tasks}
        assert all(texts[a] == texts[b] for a, b in held)
        assert {a for a, _ in held} == set(texts)
