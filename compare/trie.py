"""Longest-match search for many phrases at once, by syllable keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from compare.normalise import Token, bounded

T = TypeVar("T")
# What may stand between two syllables of a phrase: "jord-, skogs- och", "Council's", "index (PCI)"; no colon, no ";".
_GAP = bounded(r"\s*(?:[-–,./]|-[,/])?['’]?\s*\(?$")


def _joined(text: str, start: int, end: int) -> bool:
    return text[start:end] == " " or _GAP.fullmatch(text, start, end) is not None


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

    def opens(self, tokens: list[Token], i: int) -> bool:
        """Whether a phrase may start at token ``i``, by the keys of it and the next one."""
        node = self._root.onward.get(tokens[i].key)
        return node is not None and (bool(node.values) or (i + 1 < len(tokens) and tokens[i + 1].key in node.onward))

    def openings(self, tokens: Sequence[Token]) -> Iterator[int]:
        """Where a phrase may start, by the keys of three tokens."""
        keys = [t.key for t in tokens]
        for i, node in enumerate(map(self._root.onward.get, keys)):
            if node is None:
                continue
            if not node.values:
                node = node.onward.get(keys[i + 1]) if i + 1 < len(keys) else None
                if node is None or not (node.values or (i + 2 < len(keys) and keys[i + 2] in node.onward)):
                    continue
            yield i

    def longest(
        self, text: str, tokens: list[Token], i: int, fits: Callable[[T], bool] | None = None
    ) -> tuple[T, int] | None:
        """The longest phrase that starts at token ``i`` with a value that ``fits``, and the index of its last token."""
        found = None
        for node, j in self._nodes(text, tokens, i):
            for value in node.values:
                if fits is None or fits(value):
                    found = value, j
        return found

    def all_at(
        self, text: str, tokens: list[Token], i: int, fits: Callable[[T], bool] | None = None
    ) -> list[tuple[T, int]]:
        """Every phrase that starts at token ``i``, shortest first."""
        return [
            (value, j)
            for node, j in self._nodes(text, tokens, i)
            for value in node.values
            if fits is None or fits(value)
        ]

    def _nodes(self, text: str, tokens: list[Token], i: int) -> list[tuple[_Node[T], int]]:
        """The nodes with values on the way from token ``i``, and the token that each is reached with."""
        node, found, end = self._root, [], -1
        for j in range(i, len(tokens)):
            key, start, after = tokens[j]
            following = node.onward.get(key)
            if following is None or (end >= 0 and not _joined(text, end, start)):
                break
            node, end = following, after
            if node.values:
                found.append((node, j))
        return found
