"""Longest-match search for many phrases at once, by syllable keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from compare.normalise import Token, bounded

T = TypeVar("T")
# What may stand between two syllables of a phrase: "jord-, skogs- och", "Council's", "index (PCI)"; no colon, no ";".
_GAP = bounded(r"\s*(?:[-–,./]|-[,/])?['’]?\s*\(?$")


class _Node(Generic[T]):
    __slots__ = ("onward", "values")

    def __init__(self) -> None:
        self.onward: dict[str, _Node[T]] = {}
        self.values: list[T] = []


class Trie(Generic[T]):
    """Phrases as paths of syllable keys; several values may share one phrase."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, keys: tuple[str, ...], value: T) -> None:
        node = self._root
        for k in keys:
            node = node.onward.setdefault(k, _Node())
        node.values.append(value)

    def longest(
        self, text: str, tokens: list[Token], i: int, fits: Callable[[T], bool] = lambda _: True
    ) -> tuple[T, int] | None:
        """The longest phrase that starts at token ``i`` with a value that ``fits``, and the index of its last token."""
        if tokens[i].key not in self._root.onward:
            return None
        best = None
        for best in self.all_at(text, tokens, i, fits):  # noqa: B007 - the last is the longest
            pass
        return best

    def all_at(
        self, text: str, tokens: list[Token], i: int, fits: Callable[[T], bool] = lambda _: True
    ) -> Iterator[tuple[T, int]]:
        """Every phrase that starts at token ``i``, shortest first."""
        node = self._root
        if tokens[i].key not in node.onward:
            return
        for j in range(i, len(tokens)):
            following = node.onward.get(tokens[j].key)
            if following is None or (j > i and not _GAP.fullmatch(text, tokens[j - 1].end, tokens[j].start)):
                break
            node = following
            for value in node.values:
                if fits(value):
                    yield value, j
