"""Cited documents: number, type, issuer, date.

The type comes from the word before the number or from its code (NQ, QĐ, KH ...), the issuer from the code after it
or from the words behind ("của Bộ Chính trị").
"""

from __future__ import annotations

import re
from bisect import bisect_left

from compare.normalise import around, bounded
from compare.patterns import DATE, DATE_EN, DATE_SV, MONTHS, NUMBER
from compare.records import Reference

_TYPES = {
    "NQ": "nghi-quyet", "QĐ": "quyet-dinh", "KH": "ke-hoach", "CT": "chi-thi", "CTR": "chuong-trinh", "KL": "ket-luan",
    "TB": "thong-bao", "BC": "bao-cao", "TTR": "to-trinh", "NĐ": "nghi-dinh", "TT": "thong-tu", "CV": "cong-van",
    "ĐA": "de-an", "HD": "huong-dan", "QC": "quy-che", "QH": "luat", "PA": "phuong-an",
}  # fmt: skip
_WORDS = {
    "nghị quyết": "nghi-quyet", "quyết định": "quyet-dinh", "kế hoạch": "ke-hoach", "chỉ thị": "chi-thi",
    "chương trình": "chuong-trinh", "kết luận": "ket-luan", "báo cáo": "bao-cao", "tờ trình": "to-trinh",
    "nghị định": "nghi-dinh", "thông tư": "thong-tu", "công văn": "cong-van", "thông báo": "thong-bao", "luật": "luat",
    "resolution": "nghi-quyet", "direktiv": "chi-thi", "beslut": "quyet-dinh", "rapport": "bao-cao", "plan": "ke-hoach",
}  # fmt: skip
_BEFORE = bounded(r"(?P<word>" + "|".join(w.replace(" ", r"\s+") for w in _WORDS) + r")[^.;]{0,40}$", re.IGNORECASE)
_ISSUERS = {
    "TTG": "Thủ tướng Chính phủ", "CP": "Chính phủ", "TW": "Trung ương", "TU": "Tỉnh ủy", "HĐND": "HĐND tỉnh",
    "UBND": "UBND tỉnh",
}  # fmt: skip
# "[749/QĐ-TTg](https://...) ngày 03/6/2020": what stands behind a number that is a link
_LINK = r"(?:\]\([^()\s]{0,400}\))?"
_OF = bounded(
    _LINK
    + r"\s*(?:\([^)]{0,200}\)\s*)?(?:của|från|of)\s+(?P<issuer>[^,;.:()“”]{3,60}?)(?=\s+(?:về|ban\s+hành|phê\s+duyệt|quy\s+định|thực\s+hiện|khóa|sửa\s+đổi|đến|tới|đã"
    r"|và\s+(?:tạo|nghị\s+quyết|quyết\s+định|kế\s+hoạch|chỉ\s+thị|kết\s+luận|chương\s+trình|nghị\s+định|thông\s+tư))(?!\w)|\s*[,;.:()“”]|$)",
    re.IGNORECASE,
)
# "Nghị quyết số 327 của HĐND tỉnh", "Nghị định 80/2025", "Kết luận 97": a number without a code
_BARE = bounded(
    r"""(?<!\w)(?P<type>nghị\s+quyết|quyết\s+định|kế\s+hoạch|chỉ\s+thị|kết\s+luận|chương\s+trình|nghị\s+định|thông\s+tư)\s+(?P<sure>số\s+)?
        (?P<number>\d{1,5}(?:/(?:19|20)\d{2})?)(?![\w/%‰]|[.,-]\d|\s?[-–/]\s?[\dA-ZĐ])""",
    re.IGNORECASE | re.VERBOSE,
)
_DIGIT = re.compile(r"\d+")
_REACH = (80, 40)  # around a number: the words before it, what may not stand behind it
# What stands behind the short form of a number, and not behind a quantity: "Kế hoạch 58 năm"
_BEHIND_SHORT = bounded(
    r"\s*(?:[,;.:()\"”]|$|\s(?:của|về|và|ngày\s+\d|do|trên\s+địa\s+bàn|theo|đã|đến|tại)(?!\w))", re.IGNORECASE
)
# "kỳ họp thứ 10 - HĐND tỉnh", "năm 2025 - UBND tỉnh": a dash between spaces before a body
_COUNCIL = bounded(r"\d+\s+[-–]\s+(?:HĐND|UBND|S[A-ZĐ&]{2,})\b.*")
_DATED = bounded(_LINK + r"\s*,?\s*(?:daterat|daterad|dated)?\s*")
# A part of a code; a type's and its issuer's may be run together: "592/NQHĐND"
_CODE = bounded(r"(?P<type>NQ|QĐ|KH|CTR|CT|KL|TB|BC|TTR|TT|NĐ)(?=(?:HĐND|UBND|TTG|CP|TW|TU)(?!\w))|[^\W\d_][\w&]*")


def references(text: str, start: int, end: int) -> tuple[list[Reference], list[Reference]]:
    """The documents cited in ``text[start:end]``, and what may be a citation without a code ("Nghị quyết 58").

    Both in order and apart; what the second ones mean, if anything, only the rest of the plan can tell.
    """
    if not _DIGIT.search(text, start, end):
        return [], []
    found = []
    for m in NUMBER.finditer(text, start, end):
        number = re.sub(r"\s+", "", m.group("number")).replace("–", "-")
        if not _COUNCIL.fullmatch(m.group("number")):
            found.append(_reference(text, m, number, _type(text, m, start), end))
    bare = [m for m in around(_DIGIT, _BARE, text, start, end, _REACH) if _free(m, found)]
    found += [_bare(text, m, end) for m in bare if m.group("sure")]
    found.sort(key=lambda r: r.start)
    short = [_bare(text, m, end) for m in bare if _BEHIND_SHORT.match(text, m.end(), end) and _free(m, found)]
    return found, short


def _free(m: re.Match[str], found: list[Reference]) -> bool:
    """Whether a match lies outside all citations of a list in order."""
    at = bisect_left(found, m.end(), key=lambda r: r.start)
    return at == 0 or found[at - 1].end <= m.start()


def _bare(text: str, m: re.Match[str], end: int) -> Reference:
    return _reference(text, m, m.group("number"), _WORDS[" ".join(m.group("type").lower().split())], end)


def _reference(text: str, m: re.Match[str], number: str, kind: str, end: int) -> Reference:
    issued_on, after = _date(text, m.end(), end)
    issuer = _issuer(text, number, after, end)
    return Reference(number, kind, issuer, issued_on, m.start("number"), max(m.end(), after))


def symbol_codes(number: str) -> tuple[str, ...]:
    """The letters of a number in capitals, by parts: ``592/NQHĐND`` gives ``("NQ", "HĐND")``."""
    return tuple(m.group() for m in _CODE.finditer(number.upper()))


def issuer_of_codes(codes: tuple[str, ...], name: bool = False) -> str:
    """The last of a number's codes that tells its issuer, or that issuer's name; empty where none tells."""
    code = next((c for c in reversed(codes) if c in _ISSUERS), "")
    if not code and any(re.fullmatch(r"QH\d*", c) for c in codes):
        return "Quốc hội" if name else "QH"
    return _ISSUERS[code] if name and code else code


def _date(text: str, at: int, end: int) -> tuple[str, int]:
    """The date right behind a number ("ngày 05/8/2020", "daterad den 5 augusti 2020"), and where it ends."""
    gap = _DATED.match(text, at, end)
    here = gap.end() if gap else at
    m = DATE.match(text, here, end)
    if m:
        return _iso(int(m.group("y")), int(m.group("m")), int(m.group("d"))), m.end()
    for pattern in (DATE_SV, DATE_EN):
        m = pattern.match(text, here, end)
        if m:
            g = m.groupdict()
            name, day = g.get("name") or g.get("name2"), g.get("d") or g.get("d2")
            return _iso(int(g["y"]), MONTHS[(name or "").lower()], int(day or 0)), m.end()
    return "", at


def _iso(year: int, month: int, day: int) -> str:
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _type(text: str, m: re.Match[str], start: int) -> str:
    codes = symbol_codes(m.group("number"))
    if codes and (codes[0] in _TYPES or codes[0].startswith("QH")):
        return _TYPES.get(codes[0], "luat")
    word = _BEFORE.search(text, max(start, m.start() - 60), m.start())
    return _WORDS[" ".join(word.group("word").lower().split())] if word else ""


def _issuer(text: str, number: str, at: int, end: int) -> str:
    m = _OF.match(text, at, end)
    if m:
        return " ".join(m.group("issuer").split())
    code = issuer_of_codes(symbol_codes(number))
    return _ISSUERS.get(code, "")
