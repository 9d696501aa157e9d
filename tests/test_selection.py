"""The choice of pairs: the best of all choices, the same in any order, mirrored from the other side."""

from __future__ import annotations

import time
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare import selection, similarity
from compare.selection import FURTHER, NEAR_BEST, Candidate, choose
from compare.similarity import Profile
from tests.blank import profile

THRESHOLD = 0.25
Ids = tuple[str, str]


def candidates(most: int, places: int) -> st.SearchStrategy[list[Candidate]]:
    """Pairs among a few items of up to two clauses; many probabilities are equal or just at a limit."""
    near = st.sampled_from([0.25, 0.26, 0.3, 0.3 + FURTHER, 0.35, 0.5, 0.65, 0.9])
    one = st.tuples(
        st.integers(0, places), st.integers(0, 1), st.integers(0, places), st.integers(0, 1), near | st.floats(0, 1)
    )
    return st.lists(one, max_size=most, unique_by=lambda c: (c[0], c[2])).map(
        lambda rows: [Candidate((f"L{a}", x), (f"R{b}", y), p) for a, x, b, y, p in rows]
    )


def gains(all_: list[Candidate]) -> dict[Candidate, float]:
    """The definition, once more: probability less the price of the pair's clauses, where that is not negative."""
    found = {}
    for c in all_:
        best = max(o.probability for o in all_ if o.left == c.left or o.right == c.right)
        gain = round(c.probability, 9) - max(THRESHOLD, round(NEAR_BEST * round(best, 9), 9))
        if gain >= -1e-12:
            found[c] = gain
    return found


def worth(chosen: list[Candidate], gain: dict[Candidate, float]) -> float:
    further = sum(len(chosen) - len({getattr(c, side) for c in chosen}) for side in ("left", "right"))
    return sum(gain[c] for c in chosen) - FURTHER * further


@settings(max_examples=150, deadline=None)
@given(candidates(9, 3))
def test_no_other_choice_is_worth_more(all_: list[Candidate]) -> None:
    gain = gains(all_)
    held = choose(all_, THRESHOLD)
    chosen = [c for c in gain if (c.left[0], c.right[0]) in held]
    assert len(chosen) == len(held)
    best = max(worth(list(some), gain) for n in range(len(gain) + 1) for some in combinations(gain, n))
    assert abs(worth(chosen, gain) - best) < 1e-7


@settings(max_examples=150, deadline=None)
@given(candidates(40, 9), st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_the_other_side_sees_the_mirror(all_: list[Candidate], random: Random) -> None:
    held = choose(all_, THRESHOLD)
    mixed = random.sample(all_, len(all_))
    assert choose(mixed, THRESHOLD) == held
    mirrored = [Candidate(c.right, c.left, c.probability) for c in mixed]
    assert choose(mirrored, THRESHOLD) == {(b, a) for a, b in held}


@given(candidates(20, 5), st.floats(0, 1))
def test_what_holds_reaches_the_threshold_and_the_best_of_all_holds(all_: list[Candidate], threshold: float) -> None:
    held = choose(all_, threshold)
    found = {(c.left[0], c.right[0]): c.probability for c in all_}
    assert all(round(found[pair], 9) >= round(threshold, 9) for pair in held)
    top = max(found.values(), default=0.0)
    if found and top >= threshold:
        assert any(found[pair] == top for pair in held)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=64, max_size=64))
def test_many_pairs_at_once_are_chosen_as_well_as_few(steps: list[int]) -> None:
    """The linear programme for many pairs finds a choice of the same worth as the exact search, and the mirror's mirror."""
    near = [
        Candidate((f"L{n // 8}", 0), (f"R{n % 8}", 0), THRESHOLD + FURTHER * step / 8) for n, step in enumerate(steps)
    ]
    gain = gains(near)
    exact = choose(near, THRESHOLD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selection, "SMALL", 0)
        held = choose(near, THRESHOLD)
        mirrored = choose([Candidate(c.right, c.left, c.probability) for c in reversed(near)], THRESHOLD)
    worths = [worth([c for c in near if (c.left[0], c.right[0]) in found], gain) for found in (exact, held)]
    assert worths[0] == pytest.approx(worths[1], abs=1e-5)
    assert mirrored == {(b, a) for a, b in held}


def test_a_thousand_times_the_same_choice_takes_no_longer_than_it_must() -> None:
    """Forty items on either side, every pair of them as likely as every other."""
    alike = [Candidate((f"L{a}", 0), (f"R{b}", 0), 0.27) for a in range(40) for b in range(40)]
    begun = time.perf_counter()
    assert len(choose(alike, THRESHOLD)) == 40
    assert time.perf_counter() - begun < 5


def test_a_second_partner_through_the_same_clause_needs_more() -> None:
    first = Candidate(("L1", 0), ("R1", 0), 0.6)
    weak, elsewhere = Candidate(("L1", 0), ("R2", 0), 0.28), Candidate(("L1", 1), ("R2", 0), 0.28)
    strong = Candidate(("L1", 0), ("R2", 0), 0.28 + FURTHER)
    assert choose([first, weak], THRESHOLD) == {("L1", "R1")}
    assert choose([first, elsewhere], THRESHOLD) == {("L1", "R1"), ("L1", "R2")}
    assert choose([first, strong], THRESHOLD) == {("L1", "R1"), ("L1", "R2")}


def test_an_item_without_a_partner_comes_before_a_second_partner() -> None:
    """Best first would give L1 both, and R2 to L1 though L2 has nothing else; the sum says otherwise."""
    both = [
        Candidate(("L1", 0), ("R1", 0), 0.31),
        Candidate(("L1", 0), ("R2", 0), 0.30),
        Candidate(("L2", 0), ("R2", 0), 0.29),
    ]
    assert choose(both, THRESHOLD) == {("L1", "R1"), ("L2", "R2")}


def test_ties_go_to_the_smaller_ids() -> None:
    weak = [Candidate((f"L{n}", 0), ("R1", 0), 0.27) for n in (3, 1, 2)]
    assert choose(weak, THRESHOLD) == {("L1", "R1")}


def item(name: str, *clauses: set[str]) -> Profile:
    concepts = {k: k for c in clauses for k in c}
    return profile(name, concepts=concepts, clause_concepts=tuple(frozenset(c) for c in clauses))


def test_a_pair_goes_through_the_clauses_that_are_most_alike() -> None:
    left = [item("a", {"roads", "bridges"}, {"schools"}, {"schools"}), item("b")]
    right = [item("x", {"water"}, {"schools", "roofs"}), item("y", {"roads"})]
    places = [(0, 0), (0, 1), (1, 0)]
    assert similarity.through(left, right, places) == [(1, 1), (0, 0), (0, 0)]
    mirrored = similarity.through(right, left, [(j, i) for i, j in places])
    assert mirrored == [(b, a) for a, b in similarity.through(left, right, places)]
