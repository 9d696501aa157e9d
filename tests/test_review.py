"""Decisions of people: found again by their words, in force over the scores, stale where a text changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import review
from compare.alignment import align
from compare.errors import PlanError
from compare.frames import match_rows
from compare.pipeline import parse
from compare.records import Alignment, Document, Match, Plan
from compare.review import Decision, ItemKey

LEFT = """KẾ HOẠCH
NĂM 2023

I. NHIỆM VỤ

1. Sở Y tế chủ trì, phối hợp với các đơn vị liên quan nâng cao chất lượng khám, chữa bệnh.
2. Sở Xây dựng chủ trì, phối hợp với các đơn vị liên quan phát triển nhà ở xã hội.
"""
RIGHT = LEFT.replace("2023", "2025").replace("nâng cao chất lượng khám, chữa bệnh", "cải thiện dịch vụ khám chữa bệnh")


def plan(text: str) -> Plan:
    return parse(Document("plan.txt", text, "text", ""))


@pytest.fixture
def pairs() -> Alignment:
    return align(plan(LEFT), plan(RIGHT))


def ids(pairs: Alignment) -> tuple[str, str, str, str]:
    (a, b), (c, d) = ([t.task_id for t in p.tasks] for p in (pairs.left, pairs.right))
    return a, b, c, d


def test_a_rejected_pair_leaves_two_gaps_that_say_so(pairs: Alignment) -> None:
    _, house_left, _, house_right = ids(pairs)
    assert any((m.left_id, m.right_id) == (house_left, house_right) for m in pairs.accepted())
    no = review.decide(pairs, house_left, house_right, "rejected", reviewer="an", date="2026-01-02")
    after, stale = review.apply(pairs, [no])
    assert not stale
    assert (house_left, house_right) not in {(m.left_id, m.right_id) for m in after.accepted()}
    alone = {
        m.left_id or m.right_id: m.note for m in after.matches if not (m.left_id and m.right_id) and m.kind == "task"
    }
    assert "rejected" in alone[house_left]
    row = next(
        r for r in match_rows(after.matches, "l", "r") if r["left_id"] == house_left and r["right_id"] == house_right
    )
    assert (row["decision"], row["reviewer"], row["accepted"]) == ("rejected", "an", "false")


def test_an_accepted_pair_needs_no_score(pairs: Alignment) -> None:
    health, _, _, house = ids(pairs)
    yes = review.decide(pairs, health, house, "accepted", relation="broader")
    after, _ = review.apply(pairs, [yes])
    match = next(m for m in after.accepted() if (m.left_id, m.right_id) == (health, house))
    assert (match.relation, match.decision) == ("broader", "accepted")
    assert not [m for m in after.matches if not m.right_id and m.left_id == health]


def test_decisions_survive_another_layout_and_other_ids(pairs: Alignment) -> None:
    _, house_left, _, house_right = ids(pairs)
    no = review.decide(pairs, house_left, house_right, "rejected")
    moved = align(plan(LEFT.replace("phát triển nhà", "phát\ntriển nhà").replace("NĂM 2023", "NĂM 2022")), plan(RIGHT))
    after, stale = review.apply(moved, [no])
    assert not stale
    assert "rejected" in {m.decision for m in after.matches}


def test_a_changed_text_makes_a_decision_stale(pairs: Alignment) -> None:
    _, house_left, _, house_right = ids(pairs)
    no = review.decide(pairs, house_left, house_right, "rejected")
    changed = align(plan(LEFT.replace("nhà ở xã hội", "nhà ở công nhân")), plan(RIGHT))
    after, stale = review.apply(changed, [no])
    assert [(s.side, len(s.now)) for s in stale] == [("left", 1)]
    assert after.matches == changed.matches


def test_the_latest_decision_counts(pairs: Alignment) -> None:
    _, a, _, b = ids(pairs)
    verdicts = [
        review.decide(pairs, a, b, "accepted", reviewer="bình", date="2026-02-01"),
        review.decide(pairs, a, b, "rejected", reviewer="an", date="2026-01-01"),
    ]
    after, _ = review.apply(pairs, verdicts)
    assert next(m for m in after.matches if (m.left_id, m.right_id) == (a, b)).decision == "accepted"


def scored(pairs: Alignment, *scores: tuple[int, int, float, bool]) -> Alignment:
    """The same plans with these pairs only: number of the left and of the right task, probability, whether it holds."""
    a, b, c, d = ids(pairs)
    found = tuple(Match((a, b)[i], (c, d)[j], "task", "equivalent", p, p, held) for i, j, p, held in scores)
    return replace(pairs, matches=found)


def order(pairs: Alignment, most: int = 50) -> list[float]:
    return [m.probability for m in review.queue(pairs, most)]


def test_the_queue_starts_with_what_a_verdict_likely_changes(pairs: Alignment) -> None:
    one_each = scored(pairs, (0, 0, 0.9, True), (1, 1, 0.4, True))
    assert order(one_each) == [0.4, 0.9]  # the unsure one of those that hold
    missed = scored(pairs, (0, 0, 0.1, False), (1, 1, 0.19, False))
    assert order(missed) == [0.19, 0.1]  # the likelier one of those that do not
    near = scored(pairs, (0, 0, 0.55, True), (1, 1, 0.19, False))
    assert order(near) == [0.55, 0.19]  # not what is nearest the threshold


def test_the_queue_prefers_pairs_on_which_more_hangs(pairs: Alignment) -> None:
    health, _, other_health, other_house = ids(pairs)
    alone = scored(pairs, (0, 0, 0.5, False), (0, 1, 0.5, False))
    assert review.queue(alone)[0].right_id == other_house, "of equal probability, the one with another lead"
    crossed = scored(pairs, (0, 0, 0.5, True), (0, 1, 0.5, True), (1, 0, 0.5, True))
    last = review.queue(crossed)[-1]
    assert (last.left_id, last.right_id) == (health, other_health), "both have other partners, and the same lead"
    single = scored(pairs, (0, 0, 0.5, True), (0, 1, 0.7, False), (1, 1, 0.5, True))
    assert order(single) == [0.5, 0.5, 0.7], "both of its tasks have partners without it"


def test_a_blind_queue_holds_the_same_pairs(pairs: Alignment) -> None:
    open_ = review.queue(pairs, most=3)
    assert open_
    assert set(review.queue(pairs, most=3, blind=True)) == set(open_)
    assert len(open_) <= 3


def key(n: int) -> ItemKey:
    return ItemKey("I/1", f"{n:012d}")


verdicts = st.lists(
    st.tuples(st.sampled_from(review.DECISIONS), st.sampled_from(review.DECISIONS)), min_size=1, max_size=30
)


@given(verdicts)
def test_kappa_is_at_most_1_and_1_only_without_dispute(both: list[tuple[str, str]]) -> None:
    decisions = [
        Decision("task", key(i), key(i), verdict, reviewer=name)
        for i, pair in enumerate(both)
        for name, verdict in zip("ab", pair, strict=True)
    ]
    (found,) = review.agreement(decisions)
    disputed = sum(x != y for x, y in both)
    assert (found.pairs, found.agreed, len(found.disputed)) == (len(both), len(both) - disputed, disputed)
    if found.kappa is not None:
        assert found.kappa <= 1
        assert (found.kappa == 1) == (disputed == 0)


def test_kappa_of_a_known_table() -> None:
    """Cohen's textbook case: 20 both yes, 15 both no, 5 and 10 apart gives 0.4."""
    table = (
        [("accepted", "accepted")] * 20
        + [("rejected", "rejected")] * 15
        + [("accepted", "rejected")] * 5
        + [("rejected", "accepted")] * 10
    )
    decisions = [
        Decision("task", key(i), key(i), v, reviewer=n)
        for i, pair in enumerate(table)
        for n, v in zip("ab", pair, strict=True)
    ]
    assert review.agreement(decisions)[0].kappa == 0.4


def test_rows_round_trip_and_wrong_cells_are_named(pairs: Alignment) -> None:
    _, a, _, b = ids(pairs)
    d = review.decide(pairs, a, b, "accepted", relation="equivalent", reviewer="an", date="2026-01-01", note="x")
    assert review.from_row(review.to_row(d), "f.csv, line 2") == d
    with pytest.raises(PlanError, match=r"f\.csv, line 2: decision “maybe”"):
        review.from_row({**review.to_row(d), "decision": "maybe"}, "f.csv, line 2")
    with pytest.raises(PlanError, match="column kind is missing"):
        review.from_row({}, "f.csv, line 1")
    with pytest.raises(ValueError, match="accepted"):
        review.decide(pairs, a, b, "maybe")
