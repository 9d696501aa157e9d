"""Longest-match search for many phrases at once, by syllable keys."""

from __future__ import annotations

from collections.abc import Callable
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

    def longest(
        self, text: str, tokens: list[Token], i: int, fits: Callable[[T], bool] = lambda _: True
    ) -> tuple[T, int] | None:
        """The longest phrase that starts at token ``i`` with a value that ``fits``, and the index of its last token."""
        found = self.all_at(text, tokens, i, fits)
        return found[-1] if found else None

    def all_at(
        self, text: str, tokens: list[Token], i: int, fits: Callable[[T], bool] = lambda _: True
    ) -> list[tuple[T, int]]:
        """Every phrase that starts at token ``i``, shortest first."""
        node, found = self._root, []
        for j in range(i, len(tokens)):
            following = node.onward.get(tokens[j].key)
            if following is None or (j > i and not _joined(text, tokens[j - 1].end, tokens[j].start)):
                break
            node = following
            if node.values:
                found += [(value, j) for value in node.values if fits(value)]
        return found
