"""Near spellings of bodies' names: one slip of the pen in a long name, never more.

Vietnamese names differ by a letter or a tone and mean different bodies, so a name with two readings gets none, and
every reading is told in a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from compare.lexicon import agency_names
from compare.normalise import bounded, key

# Fewer letters are too few: a slip away from a short name there is usually another body.
_LETTERS = 15
_SYLLABLES = 4
_MOST = 40  # names that differ in the same syllable and are compared
_NUMERAL = bounded(r"[ivxlc]+|\d+")


@lru_cache(maxsize=1)
def lengths() -> tuple[int, ...]:
    """The numbers of syllables of the names that have readings, the longest first."""
    return tuple(sorted(_names(), reverse=True))


@lru_cache(maxsize=1)
def _names() -> dict[int, tuple[list[str], list[str]]]:
    """The long names by their number of syllables, with their ids."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    for n in agency_names():
        spelled = " ".join(n.keys)
        if len(n.keys) >= _SYLLABLES and len(spelled) >= _LETTERS:
            names, ids = found.setdefault(len(n.keys), ([], []))
            names.append(spelled)
            ids.append(n.agency_id)
    return found


@lru_cache(maxsize=8192)
def readings(spelled: str) -> tuple[str, ...]:
    """The ids of the known bodies from whose names the key ``spelled`` is at most one slip away."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    names, ids = _names().get(spelled.count(" ") + 1, ([], []))
    hits = process.extract(spelled, names, scorer=OSA.distance, score_cutoff=1, limit=None)
    near = [(distance, ids[i]) for name, distance, i in hits if _one_word(spelled, name)]
    least = min((distance for distance, _ in near), default=0)
    return tuple(dict.fromkeys(agency for distance, agency in near if distance == least))


@lru_cache(maxsize=1)
def _by_opening() -> dict[str, list[tuple[str, str]]]:
    """The long names and their ids by their first syllables."""
    found: dict[str, list[tuple[str, str]]] = {}
    for names, ids in _names().values():
        for name, agency in zip(names, ids, strict=True):
            found.setdefault(_opening(name.split(" ")), []).append((name, agency))
    return found


def _opening(syllables: Sequence[str]) -> str:
    return " ".join(syllables[:3])


def continued(ahead: Sequence[str], known: int) -> tuple[str, int] | None:
    """The body whose longer name a misspelled ``ahead`` (keys) has, and its length in syllables.

    The first ``known`` keys are a known name themselves: "Sở Nông nghiệp và Môi trương" is not "Sở Nông nghiệp".
    """
    for name, agency in sorted(_by_opening().get(_opening(ahead), []), key=lambda pair: -len(pair[0])):
        length = name.count(" ") + 1
        if known < length <= len(ahead) and one_slip(name, " ".join(ahead[:length])):
            return agency, length
    return None


def one_slip(a: str, b: str) -> bool:
    """Whether two keys of long names differ by one letter, mark or tone: left out, added, changed or swapped."""
    from rapidfuzz.distance import OSA

    return min(len(a), len(b)) >= _LETTERS and OSA.distance(a, b, score_cutoff=1) <= 1 and _one_word(a, b)


def _one_word(a: str, b: str) -> bool:
    """Whether the words that differ are words: "khu vực V" and "khu vực VI" are two bodies."""
    if a.count(" ") != b.count(" "):
        return False
    unlike = [w for pair in zip(a.split(" "), b.split(" "), strict=True) if pair[0] != pair[1] for w in pair]
    return not any(_NUMERAL.fullmatch(w) for w in unlike)


def grouped(names: Iterable[str]) -> dict[str, str]:
    """Each name -> the form of it that ``names`` hold most often (the first of those), itself where it has no other.

    A name that is one slip away from two forms stays alone.
    """
    seen = list(names)
    times = Counter(map(key, seen))
    written = {key(name): name for name in reversed(seen)}
    heads: dict[tuple[str, ...], list[str]] = {}
    found: dict[str, str] = {}
    for spelled in sorted(times, key=lambda k: -times[k]):
        near = _alike(spelled, heads)
        if len(near) == 1:
            found[spelled] = near[0]
        else:
            found[spelled] = spelled
            for opened in _opened(spelled):
                heads.setdefault(opened, []).append(spelled)
    return {name: written[found[key(name)]] for name in seen}


def _opened(spelled: str) -> Iterator[tuple[str, ...]]:
    """A name with each of its syllables left open in turn: names one slip apart have one of these in common."""
    parts = spelled.split(" ")
    for i in range(len(parts)):
        yield (*parts[:i], "", *parts[i + 1 :])


def _alike(spelled: str, heads: dict[tuple[str, ...], list[str]]) -> list[str]:
    near = [h for opened in _opened(spelled) for h in heads.get(opened, [])[:_MOST]]
    return [h for h in dict.fromkeys(near) if one_slip(spelled, h)]
