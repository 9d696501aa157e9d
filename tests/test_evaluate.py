"""Measures against cases worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.evaluate import (
    average_precision,
    by_group,
    calibration_error,
    judged_pairs,
    quality,
    reliability,
    threshold_curve,
)

GRADES = {("a", "x"): 2, ("a", "y"): 1, ("b", "y"): 2, ("b", "z"): 0, ("c", "z"): 0}


def test_strict_leaves_related_pairs_out_and_lax_counts_them() -> None:
    accepted = [("a", "x"), ("a", "y"), ("b", "z")]
    strict, lax = quality(accepted, GRADES), quality(accepted, GRADES, lax=True)
    assert (strict.precision, strict.recall, strict.tp, strict.fp, strict.fn) == (0.5, 0.5, 1, 1, 1)
    assert (lax.precision, lax.recall) == (pytest.approx(2 / 3, abs=1e-4), pytest.approx(2 / 3, abs=1e-4))


def test_pairs_of_items_that_nobody_judged_do_not_count() -> None:
    assert quality([("unknown", "x")], GRADES).fp == 0


def test_an_item_without_a_partner_is_judged_too() -> None:
    alone = {**GRADES, ("d", ""): 0}
    accepted = [("a", "x"), ("d", "x")]
    assert (quality(accepted, GRADES).fp, quality(accepted, alone).fp) == (0, 1)
    assert average_precision({("d", "x"): 0.9, ("a", "x"): 0.8}, alone) == pytest.approx(0.5 / 2)


def test_the_groups_of_left_items_by_hand() -> None:
    scores = {("a", "x"): 0.9, ("b", "z"): 0.8, ("b", "y"): 0.7, ("c", "z"): 0.6}
    accepted = [("a", "x"), ("b", "z"), ("c", "z")]
    health, roads = by_group(accepted, scores, GRADES, {"a": "health", "b": "roads", "c": "roads", "e": "unseen"})
    assert (health.name, health.judged, health.strict.f1, health.average_precision) == ("health", 1, 1.0, 1.0)
    assert (roads.name, roads.judged, roads.strict.tp, roads.strict.fp, roads.strict.fn) == ("roads", 2, 0, 2, 1)
    assert roads.average_precision == 0.5
    assert [g.name for g in by_group(accepted, scores, GRADES, {})] == [""]


def test_calibration_counts_unlisted_pairs_of_judged_items_and_leaves_related_ones_out() -> None:
    scores = {("a", "x"): 0.9, ("a", "y"): 0.8, ("a", "z"): 0.3, ("unknown", "x"): 0.7}
    assert judged_pairs(scores, GRADES) == ([0.9, 0.3], [True, False])


def test_average_precision_by_hand() -> None:
    scores = {("a", "x"): 0.9, ("b", "z"): 0.8, ("b", "y"): 0.7, ("a", "y"): 0.95}
    assert average_precision(scores, GRADES) == pytest.approx((1 / 1 + 2 / 3) / 2, abs=1e-4)
    assert average_precision({}, GRADES) == 0.0


def test_the_threshold_curve_gives_up_recall_for_precision() -> None:
    scores = {("a", "x"): 0.9, ("b", "y"): 0.4, ("b", "z"): 0.3}
    curve = dict(threshold_curve(scores, GRADES, (0.2, 0.35, 0.5)))
    assert [curve[t].recall for t in (0.2, 0.35, 0.5)] == [1.0, 1.0, 0.5]
    assert curve[0.35].precision == 1.0


def test_reliability_and_calibration_error() -> None:
    curve = reliability([0.1, 0.1, 0.9, 0.9], [False, False, True, False])
    assert [(b.n, b.right) for b in curve] == [(2, 0.0), (2, 0.5)]
    assert calibration_error(curve) == pytest.approx(0.5 * 0.1 + 0.5 * 0.4)
    assert calibration_error([]) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50))
def test_every_probability_falls_into_one_bin(cases: list[tuple[float, bool]]) -> None:
    curve = reliability([p for p, _ in cases], [r for _, r in cases])
    assert sum(b.n for b in curve) == len(cases)
    assert 0 <= calibration_error(curve) <= 1
