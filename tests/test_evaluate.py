"""Measures against cases worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.evaluate import average_precision, calibration_error, quality, reliability, threshold_curve

GRADES = {("a", "x"): 2, ("a", "y"): 1, ("b", "y"): 2, ("b", "z"): 0, ("c", "z"): 0}


def test_strict_leaves_related_pairs_out_and_lax_counts_them() -> None:
    accepted = [("a", "x"), ("a", "y"), ("b", "z")]
    strict, lax = quality(accepted, GRADES), quality(accepted, GRADES, lax=True)
    assert (strict.precision, strict.recall, strict.tp, strict.fp, strict.fn) == (0.5, 0.5, 1, 1, 1)
    assert (lax.precision, lax.recall) == (pytest.approx(2 / 3, abs=1e-4), pytest.approx(2 / 3, abs=1e-4))


def test_pairs_of_items_that_nobody_judged_do_not_count() -> None:
    assert quality([("unknown", "x")], GRADES).fp == 0


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
