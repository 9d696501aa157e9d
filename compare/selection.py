"""Which of the scored pairs hold: one choice over all of them, whose sum of gains no other choice exceeds.

A pair goes through a clause of each of its items (``similarity.through``). Its gain is its probability less the price
of its clauses: the threshold, or a share of the best pair that either clause could have instead. A clause takes one
pair for nothing and each further one at a cost, so that an item has several partners where several of its clauses
find their own, and otherwise only where the evidence for the second one is strong. This is a flow of least cost from
left to right clauses. It is solved in whole numbers, so that the order of the inputs cannot matter: ties are broken
by the ids, and swapping the plans mirrors the choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from compare.similarity import Mask, Matrix

# A pair below this share of the best pair through one of its clauses is that pair's echo.
NEAR_BEST = 0.3
# What each further pair through one clause must have in probability beyond its price.
FURTHER = 0.1
# Edges of a component that are chosen exactly, ties and all; more go to a linear programme.
SMALL = 150
# Gains are compared to this many parts of 1.
_PARTS = 10**9

# Left id and right id -> whether a person accepted the pair.
Verdicts = Mapping[tuple[str, str], bool]


def accept(p: Matrix, threshold: float, near_best: float = NEAR_BEST) -> Mask:
    """Pairs at or above the threshold and near the better of their two items' best pairs, each judged for itself."""
    if not p.size:
        return np.zeros(p.shape, dtype=bool)
    best = np.maximum(p.max(axis=1, keepdims=True), p.max(axis=0, keepdims=True))
    return np.asarray((p >= threshold) & (p >= near_best * best))


def certain(p: Matrix, a: Sequence[str], b: Sequence[str], verdicts: Verdicts) -> tuple[Matrix, Mask, Mask]:
    """The probabilities with 1 for accepted and 0 for rejected pairs, and masks of the pairs decided and rejected."""
    decided, rejected = np.zeros(p.shape, dtype=bool), np.zeros(p.shape, dtype=bool)
    rows, columns = ({item: n for n, item in enumerate(side)} for side in (a, b))
    sure = p.copy() if verdicts else p
    for (x, y), yes in verdicts.items():
        if x in rows and y in columns:
            place = rows[x], columns[y]
            sure[place], decided[place], rejected[place] = float(yes), True, not yes
    return sure, decided, rejected


def unclaimed(same: Mask) -> Mask:
    """Where neither item has another one in its very words: those leave no room for likeness."""
    claimed = np.logical_or(same.any(axis=1, keepdims=True), same.any(axis=0, keepdims=True))
    return np.asarray(same | ~claimed)


# An item and its clause, on one side.
Clause = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may hold: the clause of either item that it goes through, and its probability (0 to 1)."""

    left: Clause
    right: Clause
    probability: float

    @property
    def ids(self) -> tuple[str, str]:
        """What ties are broken by: the same from either side."""
        return min(self.left[0], self.right[0]), max(self.left[0], self.right[0])


def choose(candidates: Sequence[Candidate], threshold: float) -> set[tuple[str, str]]:
    """The ids (left, right) of the pairs that hold: those whose gains, less the costs, have the greatest sum.

    Of choices with the same sum the one with more pairs holds, then the one with the smaller ids.
    """
    edges = _edges(candidates, threshold)
    cost = round(FURTHER * _PARTS)
    held = {e for e in edges if e.gain >= 2 * cost}  # more than it can cost: in every best choice
    taken = {("left", e.left) for e in held} | {("right", e.right) for e in held}
    open_ = [e for e in edges if e not in held and e.gain >= cost * sum(c in taken for c in e.ends)]
    for component in _components(open_):
        held |= (_best if len(component) <= SMALL else _best_of_many)(component, taken, cost)
    return {(e.left[0], e.right[0]) for e in held}


@dataclass(frozen=True, slots=True)
class _Edge:
    """A candidate with its gain in parts of 1; never below 0."""

    left: Clause
    right: Clause
    gain: int
    ids: tuple[str, str]

    @property
    def ends(self) -> tuple[tuple[str, Clause], tuple[str, Clause]]:
        return ("left", self.left), ("right", self.right)


def _edges(candidates: Sequence[Candidate], threshold: float) -> list[_Edge]:
    """The candidates that are worth the price of both their clauses, by id."""
    value = [round(c.probability * _PARTS) for c in candidates]
    best: dict[tuple[str, Clause], int] = {}
    for c, v in zip(candidates, value, strict=True):
        for end in (("left", c.left), ("right", c.right)):
            best[end] = max(best.get(end, 0), v)
    least = round(threshold * _PARTS)
    found = []
    for c, v in zip(candidates, value, strict=True):
        rival = max(best["left", c.left], best["right", c.right])
        gain = v - max(least, round(NEAR_BEST * rival))
        if gain >= 0:
            found.append(_Edge(c.left, c.right, gain, c.ids))
    return sorted(found, key=lambda e: (e.ids, e.left, e.right))


def _components(edges: Sequence[_Edge]) -> list[list[_Edge]]:
    """The edges in groups that share no clause, each in the order of ``edges``."""
    first: dict[tuple[str, Clause], tuple[str, Clause]] = {}

    def root(end: tuple[str, Clause]) -> tuple[str, Clause]:
        while first.setdefault(end, end) != end:
            first[end] = first[first[end]]
            end = first[end]
        return end

    for left, right in (e.ends for e in edges):
        first[root(left)] = root(right)
    groups: dict[tuple[str, Clause], list[_Edge]] = {}
    for e in edges:
        groups.setdefault(root(e.ends[0]), []).append(e)
    return list(groups.values())


def _best(edges: Sequence[_Edge], taken: set[tuple[str, Clause]], cost: int) -> set[_Edge]:
    """The best choice among a component's edges: flow of least cost by successive shortest paths.

    Below the gains stands a further whole number for each edge, a power of two that falls with its id: no two choices
    are worth the same.
    """
    source, sink = ("source", ("", 0)), ("sink", ("", 0))
    shift = len(edges)
    flow = _Flow()
    arcs = {}
    for n, e in enumerate(edges):
        left, right = e.ends
        arcs[flow.add(left, right, 1, -((e.gain << shift) + (1 << (shift - 1 - n))))] = e
    for left, right in (e.ends for e in edges):
        flow.slots(source, left, left in taken, cost << shift, outwards=True)
        flow.slots(sink, right, right in taken, cost << shift, outwards=False)
    while flow.augment(source, sink):
        pass
    return {e for arc, e in arcs.items() if not flow.room[arc]}


def _best_of_many(edges: Sequence[_Edge], taken: set[tuple[str, Clause]], cost: int) -> set[_Edge]:
    """The same as ``_best`` for many edges, as a linear programme, whose vertices are whole.

    The programme is written in the order of the ids whichever side is the left one, so that it is the same for the
    mirror and for any order of the inputs, and so is the solver's answer. Of equal gains the smaller ids count for more,
    by less than any two gains differ that are told apart in the tables.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, csr_array, eye_array, hstack

    ends = sorted({end for e in edges for end in e.ends}, key=lambda end: (end[1], end[0]))
    place = {end: n for n, end in enumerate(ends)}
    rows = [place[end] for e in edges for end in sorted(e.ends, key=lambda end: (end[1], end[0]))]
    columns = np.repeat(np.arange(len(edges)), 2)
    uses = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(ends), len(edges)))
    gain = np.array([e.gain for e in edges]) / cost + 1e-6 * (1 - np.arange(len(edges)) / len(edges))
    found = linprog(  # type: ignore[call-overload]  # the stubs do not know that it takes sparse tables
        np.concatenate([-gain, np.ones(len(ends))]),
        A_ub=csr_array(hstack([uses, -eye_array(len(ends))])),
        b_ub=np.array([0.0 if end in taken else 1.0 for end in ends]),
        bounds=[(0, 1)] * len(edges) + [(0, None)] * len(ends),
        method="highs-ds",
    )
    return {e for e, x in zip(edges, found.x, strict=False) if x > 0.5}


_Node = tuple[str, Clause]


class _Flow:
    """A network with whole costs; arc 2n + 1 is the way back of arc 2n."""

    def __init__(self) -> None:
        self.head: list[_Node] = []
        self.room: list[int] = []
        self.cost: list[int] = []
        self.out: dict[_Node, list[int]] = {}
        self.linked: set[_Node] = set()

    def add(self, a: _Node, b: _Node, room: int, cost: int) -> int:
        arc = len(self.head)
        self.head += [b, a]
        self.room += [room, 0]
        self.cost += [cost, -cost]
        self.out.setdefault(a, []).append(arc)
        self.out.setdefault(b, []).append(arc + 1)
        return arc

    def slots(self, end: _Node, clause: _Node, taken: bool, cost: int, outwards: bool) -> None:
        """Links a clause with the source or the sink, once: one pair for nothing, if none is there, more at a cost."""
        if clause in self.linked:
            return
        self.linked.add(clause)
        a, b = (end, clause) if outwards else (clause, end)
        if not taken:
            self.add(a, b, 1, 0)
        self.add(a, b, len(self.head), cost)

    def augment(self, source: _Node, sink: _Node) -> bool:
        """Sends one unit along the cheapest path, if that gains anything."""
        price: dict[_Node, int] = {source: 0}
        came: dict[_Node, int] = {}
        queue = [source]
        for node in queue:  # grows while it is read: nodes whose price fell are looked at again
            for arc in self.out[node]:
                to, p = self.head[arc], price[node] + self.cost[arc]
                if self.room[arc] and (to not in price or p < price[to]):
                    price[to], came[to] = p, arc
                    queue.append(to)
        if price.get(sink, 0) >= 0:
            return False
        node = sink
        while node != source:
            arc = came[node]
            self.room[arc] -= 1
            self.room[arc ^ 1] += 1
            node = self.head[arc ^ 1]
        return True
