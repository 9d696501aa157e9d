"""Two texts side by side, word for word: what both say in this order, what only one says."""

from __future__ import annotations

from difflib import SequenceMatcher

from compare.normalise import key

# What stands around words that only the left or only the right text has, as the program wdiff writes them.
LEFT, RIGHT = ("[-", "-]"), ("{+", "+}")


def pieces(left: str, right: str) -> list[tuple[str, str]]:
    """The texts in runs of words (left, right): both filled where they agree, else one or both differ.

    Words are what stands between white space; case, punctuation at their edges and the place of tones do not count.
    """
    a, b = left.split(), right.split()
    match = SequenceMatcher(None, [_key(w) for w in a], [_key(w) for w in b], autojunk=False)
    return [(" ".join(a[i:j]), " ".join(b[m:n])) for _, i, j, m, n in match.get_opcodes()]


def _key(word: str) -> str:
    return key(word.strip(".,;:!?()[]\"'“”‘’-–…")) or word


def same(left: str, right: str) -> bool:
    """Whether two runs of words agree."""
    return [_key(w) for w in left.split()] == [_key(w) for w in right.split()]


def word_diff(left: str, right: str) -> str:
    """Both texts in one: ``giao Sở [-Y tế-] {+Nội vụ+} chủ trì``. Where they agree, the right text's words stand."""
    told = []
    for a, b in pieces(left, right):
        if same(a, b):
            told.append(b)
            continue
        told += [f"{LEFT[0]}{a}{LEFT[1]}"] if a else []
        told += [f"{RIGHT[0]}{b}{RIGHT[1]}"] if b else []
    return " ".join(told)
