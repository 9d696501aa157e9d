"""Which citations of a plan mean one document, and what is odd about their dates.

"58-NQ/TW", "58/NQ-TW" and, where no other document fits, "Nghị quyết số 58" are one document: all its rows get the
same number (the fullest form, the most frequent of those), type, issuer and, where the plan gives just one, date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from compare.extract.references import issuer_of_codes, references, symbol_codes
from compare.normalise import bounded, key
from compare.records import Doubt, Reference

_LONGEST = 4  # parts of a code
_MOST = 9  # documents that a short form is tried on; with more it is ambiguous
_SYMBOL = bounded(r"(?P<digits>\d+)(?:/(?P<year>(?:19|20)\d{2})(?!\d))?")
# Words of an issuer's name -> the code that its documents carry.
_NAMED = {
    "TW": bounded(r"bộ chính trị|trung ương|ban bí thư"),
    "TTG": bounded(r"thủ tướng"),
    "CP": bounded(r"chính phủ"),
    "QH": bounded(r"quốc hội"),
    "HĐND": bounded(r"hđnd|hội đồng nhân dân"),
    "UBND": bounded(r"ubnd|ủy ban nhân dân"),
    "TU": bounded(r"tỉnh ủy|thành ủy|đảng bộ"),
}


@dataclass(frozen=True, slots=True)
class _Symbol:
    """What a number says, whatever marks stand between its parts: 58, "", (NQ, TW), nghi-quyet."""

    digits: int
    year: str
    codes: tuple[str, ...]
    doc_type: str

    def shortened(self) -> Iterator[_Symbol]:
        """All ways to write this without its year or without the end of its code."""
        for n in range(min(len(self.codes), _LONGEST) + 1):
            for year in {"", self.year}:
                if n < len(self.codes) or year != self.year:
                    yield _Symbol(self.digits, year, self.codes[:n], self.doc_type)


def citations(
    text: str, spans: Iterable[tuple[int, int]], issued_on: str = "", period_end: str = ""
) -> tuple[list[Reference], list[Doubt]]:
    """The documents cited in ``spans`` of ``text``, in order, and doubts about their dates.

    ``issued_on`` is the plan's date (ISO); without one, ``period_end`` is what no citation may be younger than.
    """
    sure: list[Reference] = []
    short: list[Reference] = []
    for start, end in spans:
        coded, uncoded = references(text, start, end)
        sure.extend(coded)
        short.extend(uncoded)
    found, symbols = _resolved(sure, short)
    named = _numbered(found, symbols)
    return _filled(named, symbols), _doubts(named, symbols, issued_on, period_end)


def _symbol(r: Reference) -> _Symbol:
    m = _SYMBOL.match(r.number)
    digits, year = (int(m.group("digits")), m.group("year") or "") if m else (0, "")
    return _Symbol(digits, year, symbol_codes(r.number), r.doc_type)


def _resolved(sure: list[Reference], short: list[Reference]) -> tuple[list[Reference], list[_Symbol]]:
    """All citations in order with the symbol of the document that each means; short forms of none are left out."""
    full: dict[_Symbol, list[Reference]] = {}
    for r in sure:
        full.setdefault(_symbol(r), []).append(r)
    told = {symbol: _told(symbol, named) for symbol, named in full.items()}
    fuller: dict[_Symbol, list[_Symbol]] = {}
    for symbol in full:
        for form in symbol.shortened():
            fuller.setdefault(form, []).append(symbol)
    result: list[tuple[Reference, _Symbol]] = []
    for r in (*sure, *short):
        own = _symbol(r)
        heirs = fuller.get(own, [])
        fitting = [s for s in heirs if _agrees(r, told[s])] if len(heirs) <= _MOST else []
        widest = [s for s in fitting if not set(fuller.get(s, ())) & set(fitting)]
        if len(widest) == 1:
            result.append((r, widest[0]))
        elif own in full:
            result.append((r, own))
    result.sort(key=lambda pair: pair[0].start)
    return [r for r, _ in result], [s for _, s in result]


def _told(symbol: _Symbol, citations: list[Reference]) -> tuple[str, frozenset[str]]:
    """The code of a document's issuer and the dates that its full citations give."""
    named = (code for r in citations if (code := _issuer_code(r.issuer)))
    dates = frozenset(r.issued_on for r in citations if r.issued_on)
    return issuer_of_codes(symbol.codes) or next(named, ""), dates


def _agrees(r: Reference, told: tuple[str, frozenset[str]]) -> bool:
    """Whether a short citation's issuer and date do not speak against what is told of a document."""
    issuer, dates = told
    own = _issuer_code(r.issuer)
    return (not own or not issuer or own == issuer) and (not r.issued_on or not dates or r.issued_on in dates)


def _issuer_code(issuer: str) -> str:
    said = key(issuer)
    return next((code for code, words in _NAMED.items() if words.search(said)), "")


def _numbered(found: list[Reference], symbols: list[_Symbol]) -> list[Reference]:
    """One number, type and issuer for all citations of a document."""
    numbers: dict[_Symbol, Counter[str]] = {}
    issuers: dict[_Symbol, Counter[str]] = {}
    for r, s in zip(found, symbols, strict=True):
        weight = 2 if r.issued_on else 1  # who gives the date too cites in full
        if _symbol(r) == s:
            numbers.setdefault(s, Counter())[r.number] += weight
        if r.issuer:
            issuers.setdefault(s, Counter())[r.issuer] += weight
    number = {s: _most(seen) for s, seen in numbers.items()}
    issuer = {s: _issuer(s, issuers[s]) if s in issuers else "" for s in set(symbols)}
    return [
        replace(r, number=number[s], doc_type=s.doc_type, issuer=issuer[s]) for r, s in zip(found, symbols, strict=True)
    ]


def _most(seen: Counter[str]) -> str:
    """The heaviest, the first of those."""
    return max(seen, key=lambda x: seen[x])


def _issuer(symbol: _Symbol, seen: Counter[str]) -> str:
    """The name most often given in words; what the code alone says only where no words tell more."""
    usual = issuer_of_codes(symbol.codes, name=True)
    said: Counter[str] = Counter()
    for name, times in seen.items():
        said[key(name)] += times
    told = [k for k in said if k != key(usual)] or list(said)
    best = max(told, key=lambda k: said[k])
    return next(
        (name for name in seen if key(name) == best and not name.isupper()), next(n for n in seen if key(n) == best)
    )


def _filled(named: list[Reference], symbols: list[_Symbol]) -> list[Reference]:
    """The date that a plan gives a document once, at every place where the document is cited."""
    dates: dict[_Symbol, set[str]] = {}
    for r, s in zip(named, symbols, strict=True):
        if r.issued_on:
            dates.setdefault(s, set()).add(r.issued_on)
    return [
        replace(r, issued_on=min(dates[s])) if not r.issued_on and len(dates.get(s, ())) == 1 else r
        for r, s in zip(named, symbols, strict=True)
    ]


def _doubts(named: list[Reference], symbols: list[_Symbol], issued_on: str, period_end: str) -> list[Doubt]:
    """Citations dated after the plan (or its period, for a plan without a date), and each further date of a number."""
    result: list[Doubt] = []
    dates: dict[_Symbol, list[str]] = {}
    latest, what = (issued_on, "the plan") if issued_on else (period_end, "the plan's period")
    for r, s in zip(named, symbols, strict=True):
        if not r.issued_on:
            continue
        if latest and r.issued_on > latest:
            said = f"{r.number} is dated {r.issued_on}, after {what}"
            result.append(Doubt("citation_after_plan", said, r.start, r.end))
        known = dates.setdefault(s, [])
        if known and r.issued_on not in known:
            said = f"{r.number} is dated {known[0]} and {r.issued_on}"
            result.append(Doubt("citation_two_dates", said, r.start, r.end))
        known.append(r.issued_on)
    return result
