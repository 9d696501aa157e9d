"""Cited documents: number, type, issuer, date.

The type comes from the word before the number or from its code (NQ, QĐ, KH ...), the issuer from the code after it
or from the words behind ("của Bộ Chính trị").
"""

from __future__ import annotations

import re

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
_BEFORE = re.compile(r"(?P<word>" + "|".join(w.replace(" ", r"\s+") for w in _WORDS) + r")[^.;]{0,40}$", re.IGNORECASE)
_ISSUERS = {
    "TTG": "Thủ tướng Chính phủ", "CP": "Chính phủ", "TW": "Trung ương", "TU": "Tỉnh ủy", "HĐND": "HĐND tỉnh",
    "UBND": "UBND tỉnh",
}  # fmt: skip
_OF = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:của|från|of)\s+(?P<issuer>[^,;.:()]{3,60}?)(?=\s+(?:về|ban\s+hành|phê\s+duyệt|quy\s+định|thực\s+hiện|khóa|sửa\s+đổi)|[,;.:()]|$)",
    re.IGNORECASE,
)
# "Nghị quyết số 327 của HĐND tỉnh", "Đề án 06": a number without a code
_BARE = re.compile(
    r"(?P<type>nghị\s+quyết|quyết\s+định|kế\s+hoạch|chỉ\s+thị|kết\s+luận)\s+số\s+(?P<number>\d{1,5})(?![\d/-])",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-ZĐa-zđ]+")


def references(text: str, start: int, end: int) -> list[Reference]:
    """The documents cited in ``text[start:end]``."""
    found = []
    for m in NUMBER.finditer(text, start, end):
        number = re.sub(r"\s+", "", m.group("number"))
        issued_on, after = _date(text, m.end(), end)
        found.append(
            Reference(
                number,
                _type(text, m, start),
                _issuer(text, number, after, end),
                issued_on,
                m.start(),
                max(m.end(), after),
            )
        )
    for m in _BARE.finditer(text, start, end):
        if any(r.start < m.end() and m.start() < r.end for r in found):
            continue
        issued_on, after = _date(text, m.end(), end)
        kind = _WORDS[" ".join(m.group("type").lower().split())]
        found.append(
            Reference(
                m.group("number"),
                kind,
                _issuer(text, "", after, end),
                issued_on,
                m.start("number"),
                max(m.end(), after),
            )
        )
    return sorted(found, key=lambda r: r.start)


def _date(text: str, at: int, end: int) -> tuple[str, int]:
    """The date right behind a number ("ngày 05/8/2020", "daterad den 5 augusti 2020"), and where it ends."""
    gap = re.compile(r"\s*,?\s*(?:daterat|daterad|dated)?\s*").match(text, at, end)
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
    codes = [c.upper() for c in _CODE.findall(m.group("number"))]
    if codes and codes[0] in _TYPES:
        return _TYPES[codes[0]]
    word = _BEFORE.search(text, max(start, m.start() - 60), m.start())
    return _WORDS[" ".join(word.group("word").lower().split())] if word else ""


def _issuer(text: str, number: str, at: int, end: int) -> str:
    m = _OF.match(text, at, end)
    if m:
        return " ".join(m.group("issuer").split())
    codes = [c.upper() for c in _CODE.findall(number)]
    return next((_ISSUERS[c] for c in reversed(codes) if c in _ISSUERS), "")
