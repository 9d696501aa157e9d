"""What a document says about itself: number, type, issuer, province, date, title, period, signer.

Official texts say it in the letterhead, the title and the signature block; news copies in their first sentences; law
portals in a block of their own. What none of them tells stays empty.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from compare.extract.language import language
from compare.lexicon import province_keys, provinces
from compare.normalise import bounded, slug, squeeze, tokens_within
from compare.patterns import DATE, DATE_EN, DATE_SV, MONTHS, NUMBER
from compare.records import Metadata, Outline, Paragraph
from compare.trie import Trie

_I = re.IGNORECASE
_CODES = {"NQ": "nghi-quyet", "QĐ": "quyet-dinh", "KH": "ke-hoach", "CT": "chi-thi", "CTR": "chuong-trinh"}
_SHORT = {
    "nghi-quyet": "nq",
    "quyet-dinh": "qd",
    "ke-hoach": "kh",
    "chi-thi": "ct",
    "chuong-trinh": "ctr",
    "article": "bai",
}
_TYPE_WORDS = {
    "quyết định": "quyet-dinh", "kế hoạch": "ke-hoach", "chỉ thị": "chi-thi", "nghị quyết": "nghi-quyet",
    "chương trình": "chuong-trinh", "direktiv": "chi-thi", "directive": "chi-thi", "decision": "quyet-dinh", "beslut": "quyet-dinh",
}  # fmt: skip
_TYPE = bounded(r"(?<!\w)(?:" + "|".join(w.replace(" ", r"\s+") for w in _TYPE_WORDS) + r")(?!\w)", _I)
_OWN_NUMBER = bounded(r"^\s*Số\s*:\s*", re.MULTILINE)
# "đã ban hành Kế hoạch số 63/KH-UBND", "har just utfärdat direktiv nr 03/CT-UBND"
_ISSUES = bounded(rf"(?<!\w)(?P<type>{_TYPE.pattern})\s*(?:(?:số|nr|no)\.?\s*)?(?=\d)", _I)
# Words before a citation that make it another document's: "thực hiện Nghị quyết số ...", "theo Kế hoạch số ..."
_OTHERS = bounded(r"(?:thực\s+hiện|theo|căn\s+cứ|tại|của|enligt|genomför\w*)\s+$", _I)
_SIGNED = bounded(r"người\s+ký\s*:\s*(?P<name>[^\n|•]{4,40})", _I)
_PORTAL = {
    # portals run the next label into the value: "5/KH-UBNDNgày ban hành"
    "number": bounded(r"số\s+hiệu\s*:\s*(?P<x>\S+?)(?=(?-i:[A-ZĐ][a-zà-ỹ]{2,})|\s|$)", _I),
    "issued_on": bounded(r"ngày\s+ban\s+hành\s*:\s*(?P<x>\d{1,2}/\d{1,2}/\d{4})", _I),
}
_DATED = bounded(r"\s*(?:daterat|daterad|dated|,)?\s*")
_OFFICE = bounded(r"(?:CHỦ\s+TỊCH|TM\.|KT\.|BÍ\s+THƯ|GIÁM\s+ĐỐC|CHÁNH\s+VĂN\s+PHÒNG)", re.UNICODE)
_NAME = bounded(r"\s*[^\W\d_]+(?:\s+[^\W\d_]+){1,4}\s*$")
_YEARS = bounded(r"(?P<a>20\d\d)\s*[-–]\s*(?P<b>20\d\d)")
_TO = bounded(r"(?:đến\s+năm|đến)\s+(?P<b>20\d\d)", _I)
# "..., định hướng đến năm 2030": how far a plan looks, not what it is for
_OUTLOOK = bounded(
    r"(?:định\s+hướng|tầm\s+nhìn)(?:\s+(?:đến|cho|tới))?\s+(?:năm|giai\s+đoạn)\s+20\d\d(?:\s*[-–]\s*20\d\d)?", _I
)
_YEAR = bounded(r"(?<![\d/])(?:năm\s+)?(?P<y>20\d\d)(?!\d)", _I)


def metadata(text: str, outline: Outline) -> Metadata:
    """What ``text`` says about itself."""
    said = [p for p in outline.paragraphs if p.kind != "note" or p.part != "preamble"]
    opening = _opening(text, said)
    official = bool(_OWN_NUMBER.search(opening)) or any(p.kind == "title" for p in said[:12])
    number, announced = _number(text, opening, official)
    title = _title(text, said)
    doc_type = _doc_type(title, number, announced, official, opening)
    if doc_type == "unknown":
        doc_type = _titled_type(text, said)
    issued_on = _issued_on(text, opening, announced, official)
    year, start, end = _period(text, title, issued_on, opening)
    province = _province(text, opening, official)
    return Metadata(
        title=title,
        doc_type=doc_type,
        number=number,
        issuer=_issuer(opening, number, province),
        province=province,
        issued_on=issued_on,
        period_start=f"{start}-01-01" if start else "",
        period_end=f"{end}-12-31" if end else "",
        year=year,
        signer=_signer(text, said),
        language=_main_language(text, said),
    )


def plan_id(meta: Metadata, stem: str) -> str:
    """``<province>-<year>-<type>-<number>`` as ascii; the file's stem where the text does not tell."""
    code = _number_type(meta.number) or meta.doc_type
    parts = [slug(meta.province), str(meta.year or ""), _SHORT.get(code, "")]
    if not all(parts):
        return slug(stem) or "plan"
    digits = re.match(r"\d+", meta.number)
    return "-".join([*parts, digits.group()] if digits else parts)


def _opening(text: str, said: list[Paragraph]) -> str:
    """The document's first words, up to its first section, at most 2,500 characters; editorial notes left out."""
    result = ""
    for p in said:
        if p.kind == "note" or len(result) > 2500:
            continue
        result += text[p.start : p.end] + "\n"
    return result[:2500]


def _number(text: str, opening: str, official: bool) -> tuple[str, str]:
    """The document's number, and the words that announce it in a news copy."""
    own = _OWN_NUMBER.search(opening)
    if own:
        m = NUMBER.match(opening, own.end())
        if m:
            return re.sub(r"\s+", "", m.group("number")), ""
    portal = _PORTAL["number"].search(text)
    if portal:
        return portal.group("x").strip(), ""
    if not official:
        for m in _ISSUES.finditer(opening):
            n = NUMBER.match(opening, m.end())
            if n and "UBND" in n.group() and not _OTHERS.search(opening, max(0, m.start() - 60), m.start()):
                return re.sub(r"\s+", "", n.group("number")), m.group("type")
    return "", ""


def _number_type(number: str) -> str:
    m = re.match(r"\d+(?:/\d{4})?[/-]([A-ZĐa-z]+)", number)
    return _CODES.get(m.group(1).upper(), "") if m else ""


def _title(text: str, said: list[Paragraph]) -> str:
    """The capitals after the letterhead; of an article its first paragraph up to the first full stop."""
    lines: list[str] = []
    own = 0  # lines that say more than who issues it
    for p in said:
        if p.kind == "title" and p.part == "preamble":
            here = squeeze(text[p.start : p.end])
            if own > 1 and _only_issuer(here):
                break
            lines.append(here)
            own += not _only_issuer(here)
        elif lines and p.kind in ("basis", "item", "heading"):
            break
    lines = [x for x in lines if not _only_issuer(x)]
    if lines and (len(lines) > 1 or len(lines[0]) > 25):
        return " ".join(lines)
    first = next((p for p in said if p.kind in ("prose", "heading", "item") and p.end - p.start > 20), None)
    if first is None:
        return ""
    here = squeeze(text[first.start : first.end])
    return re.split(r"(?<=[.!?])\s", here)[0][:300]


def _only_issuer(line: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:(?:CHỦ TỊCH )?ỦY BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN)[^,.;]{0,40}|QUYẾT ĐỊNH ?:|QUYẾT NGHỊ ?:", line
        )
    )


def _doc_type(title: str, number: str, announced: str, official: bool, opening: str) -> str:
    """By the title of an official text or a summary, by the announcement that opens a copy; else a report on one."""
    if official:
        m = _TYPE.match(title) or (None if _number_type(number) else _TYPE.search(title[:60]))
        return _type_of(m.group()) if m else _number_type(number) or "unknown"
    if announced:
        at = opening.find(announced)
        return _type_of(announced) if 0 <= at < 300 else "article"
    m = _TYPE.search(title[:60])
    if m and not re.match(r"\s*(?:số|nr)", title[m.end() :]):
        return _type_of(m.group())
    return "article" if len(opening) > 1500 else "unknown"


def _titled_type(text: str, said: list[Paragraph]) -> str:
    """The type on a line of its own above a title in small letters, where a draft has no number that tells it."""
    named = (_TYPE.match(squeeze(text[p.start : p.end])) for p in said if p.kind == "title" and p.part == "preamble")
    first = next(filter(None, named), None)
    return _type_of(first.group()) if first else "unknown"


def _type_of(word: str) -> str:
    return _TYPE_WORDS[" ".join(word.lower().split())]


def _issued_on(text: str, opening: str, announced: str, official: bool) -> str:
    line = re.search(r"[^\d\n]{2,30},\s*(?=ngày\s*\d)", opening, _I)
    if line and official:
        m = DATE.match(opening, line.end())
        if m:
            return _iso(m)
    portal = _PORTAL["issued_on"].search(text)
    if portal:
        day, month, year = portal.group("x").split("/")
        return f"{year}-{int(month):02d}-{int(day):02d}"
    if announced:
        at = opening.find(announced)
        for m in DATE.finditer(opening, max(0, at - 120), at):
            if not re.search(r"[.;]", opening[m.end() : at]):
                return _iso(m)
        n = NUMBER.search(opening, at)
        if n:
            m = _DATED.match(opening, n.end())
            for pattern in (DATE, DATE_SV, DATE_EN):
                hit = pattern.match(opening, m.end() if m else n.end())
                if hit:
                    return _iso(hit)
    return ""


def _iso(m: re.Match[str]) -> str:
    g = m.groupdict()
    month = int(g["m"]) if g.get("m") else MONTHS[(g.get("name") or g.get("name2") or "").lower()]
    return f"{int(g['y']):04d}-{month:02d}-{int(g.get('d') or g.get('d2') or 0):02d}"


def _period(text: str, title: str, issued_on: str, opening: str) -> tuple[int | None, int | None, int | None]:
    """The plan's first year and its period, from the title, else the date, else the year most often named."""
    bare = _OUTLOOK.sub(" ", DATE.sub(" ", re.sub(NUMBER.pattern, " ", title, flags=re.VERBOSE)))
    years = _YEARS.search(bare)
    if years:
        return int(years.group("a")), int(years.group("a")), int(years.group("b"))
    issued = int(issued_on[:4]) if issued_on else None
    until = _TO.search(bare)
    if until and issued and int(until.group("b")) >= issued:
        return issued, issued, int(until.group("b"))
    single = [int(m.group("y")) for m in _YEAR.finditer(bare)]
    if single:
        return single[-1], single[-1], single[-1]
    if issued:
        return issued, issued, issued
    named = Counter(m.group("y") for m in _YEAR.finditer(text))
    if not named:
        return None, None, None
    year = int(min(named, key=lambda y: (-named[y], y)))
    return year, year, year


@lru_cache(maxsize=1)
def _province_names() -> Trie[str]:
    trie: Trie[str] = Trie()
    for spelled, name in province_keys().items():
        trie.add(tuple(spelled.split()), name)
    return trie


def _province(text: str, opening: str, official: bool) -> str:
    """The province of the letterhead, else the one most often named."""
    limit = opening[:700] if official else text
    seen: Counter[str] = Counter()
    here, names = tokens_within(limit, 0, len(limit)), _province_names()
    for i, token in enumerate(here):
        hit = names.longest(limit, here, i) if names.opens(here, i) and limit[token.start].isupper() else None
        if hit:
            seen[hit[0]] += 1
    if not seen:
        return ""
    order = [p.name_vi for p in provinces()]
    return min(seen, key=lambda name: (-seen[name], order.index(name)))


def _issuer(opening: str, number: str, province: str) -> str:
    body = "HĐND" if "HĐND" in number or re.search(r"^\s*HỘI\s+ĐỒNG\s+NHÂN\s+DÂN", opening, re.MULTILINE) else "UBND"
    city = next((p.kind for p in provinces() if p.name_vi == province), "tỉnh")
    return (
        f"{body} {city} {province}"
        if province and (number or re.search(r"UBND|ỦY\s+BAN\s+NHÂN\s+DÂN|HĐND|folkkommitt", opening, _I))
        else ""
    )


def _signer(text: str, said: list[Paragraph]) -> str:
    closing = [squeeze(text[p.start : p.end]) for p in said if p.part == "closing"]
    seen_office = False
    for line in closing:
        if _OFFICE.search(line):
            seen_office = True
            tail = re.split(r"CHỦ TỊCH|VĂN PHÒNG|GIÁM ĐỐC", line)[-1].strip()
            if tail and not tail.isupper() and _NAME.fullmatch(tail):
                return tail
        elif seen_office and _NAME.fullmatch(line) and not line.isupper():
            return line
    m = _SIGNED.search(text)
    return squeeze(m.group("name")) if m else ""


def _main_language(text: str, said: list[Paragraph]) -> str:
    sizes: Counter[str] = Counter()
    for p in said:
        if p.kind not in ("admin", "noise", "note"):
            sizes[language(text[p.start : p.end])] += p.end - p.start
    sizes.pop("", None)
    return min(sizes, key=lambda x: (-sizes[x], x)) if sizes else ""
