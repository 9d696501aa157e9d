"""Finds the agencies that a text names, in every written form of the lexicon, longest form first.

A name is matched by its syllables' keys: case, tone placement and line breaks do not matter, and punctuation inside
is optional where the written form has some. What no row knows but is built like a body's name ("Sở ...",
"Chi cục ...", "UBND huyện ...") becomes a slug and is reported as unknown, or as a typo of its nearest name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from compare.extract.spelling import continued, lengths, readings
from compare.lexicon import AgencyName, agencies, agency_names, cues, province_keys, provinces
from compare.normalise import Token, bounded, key, slug, squeeze, syllables, tokens_within
from compare.patterns import LOWER, UPPER, words
from compare.records import Mention
from compare.trie import Trie

_PLAIN_GAP = bounded(r"['’]?\s*$")  # "Veterans' Association", "Council's"
_PUNCTUATED_GAP = bounded(r"\s*(?:[-–,./]|-,)?\s*$")
# What may follow a name and belongs to it: "tỉnh Thanh Hóa", "khu vực VI", "khu vực 5", "trên địa bàn tỉnh", "(có) liên quan"
_TAIL = bounded(
    r"(?:\s+(?:cấp\s+)?tỉnh(?!\s*(?:lộ|ủy))(?!\w))?(?:\s+các\s+cấp(?!\w))?(?:(?:\s+(?:khu\s+vực|KV)|(?<=khu\svực))\s+(?:số\s+)?(?:[IVX]+|\d{1,2})(?!\w))?(?:\s+trong\s+(?:toàn\s+)?tỉnh(?!\w))?(?:\s+(?:trên\s+địa\s+bàn(?:\s+(?:toàn\s+)?(?:tỉnh|thành\s+phố))?))?"
    r"(?:\s+(?:có\s+)?liên\s+quan(?!\w))?(?:\s+ven\s+biển(?!\w))?(?:\s+(?:khác|còn\s+lại)(?!\w))?",
    re.IGNORECASE,
)
# Bodies of which there are many, told apart by a name of their own: "Trường Đại học Hồng Đức"
_NAMED = bounded(r"(?:truong|dai-hoc|benh-vien|vien-nghien-cuu|cong-ty|khu-bao-ton|vuon-quoc-gia)-")
# Ids that stand for many bodies: two names with words of their own are two of them
_MANY = bounded(
    r"(?:truong|dai-hoc|benh-vien|vien-nghien-cuu|vien-thong|cong-ty|doanh-nghiep-vien-thong|ban-quan-ly)(?:-|$)"
)
# The cities among a province's districts, by name: "UBND các huyện, thị xã, thành phố Tân An"
_CITIES = bounded(rf"(?<=thành\sphố)(?:\s+(?!(?:Sở|Ban|Công|Hội|Văn)\s)[{UPPER}]\w*){{1,4}}")
# Words of two syllables that names are made of, of which only the first has a capital: "Cộng đồng", "Cấp nước"
_PAIR = words(*(w[0].upper() + w[1:] for w in cues("name_word")))
_OWN_NAME = bounded(rf"(?:(?:\s+|\s*[-–]\s*){_PAIR}(?:(?:,|\s+và)\s+{_PAIR})*|\s+[{UPPER}]\w*)*")
# The head of a body stands for the body: "Giám đốc Sở X", "Chủ tịch UBND các huyện", "Chánh Văn phòng UBND tỉnh"
_HEAD = bounded(
    r"(?:(?:đồng\s+chí|các\s+đồng\s+chí)\s+)?(?:phó\s+)?(?:giám\s+đốc|chủ\s+tịch|trưởng|thủ\s+trưởng|chánh|người\s+đứng\s+đầu|lãnh\s+đạo|tổng\s+giám\s+đốc|chỉ\s+huy\s+trưởng|cục\s+trưởng|chi\s+cục\s+trưởng)\s+$",
    re.IGNORECASE,
)
# "UBND cấp huyện, cấp xã": one name for the bodies of two levels
_LEVEL = bounded(r"cấp\s+(?:huyện|xã)$", re.IGNORECASE)
_NEXT_LEVEL = bounded(r"\s*(?:,|/|và|,\s*và|-)\s*(?P<next>cấp\s+(?P<low>xã)(?!\w)|cấp\s+huyện(?!\w))", re.IGNORECASE)
_HEADS = ("đốc", "tịch", "trưởng", "chánh", "đầu", "đạo")  # what they end with
_HEADS_OF_NAMES = r"Tổng\s+công\s+ty|Công\s+ty|Hiệp\s+hội|Hội|Liên\s+minh|Liên\s+hiệp|Liên\s+đoàn|Ban|Quỹ|Trung\s+tâm|Trường|Bệnh\s+viện|Viện|Chi\s+cục|Chi\s+nhánh|Cục"
_OTHER_BODY = rf"(?:{_HEADS_OF_NAMES}|Sở|UBND|Ủy\s+ban|Công\s+an)(?!\w)"
_ORDERED = words(*cues("directive"))
# A body's name that no row knows: a generic head and capitalised words
_GENERIC = bounded(
    rf"""(?<!\w)(?P<head>Sở|Hội|Chi\s+cục|Cục|Ban\s+[Qq]uản\s+\w+|Trung\s+tâm|Công\s+ty|Tổng\s+công\s+ty|Điện\s+lực|Hiệp\s+hội|Liên\s+minh|Liên\s+đoàn|Quỹ
        |Trường\s+(?:Đại\s+học|Cao\s+đẳng|Chính\s+trị)|Đại\s+học|Bệnh\s+viện|Viện|Bộ)\s+
        (?P<rest>[{UPPER}]\w*(?:\s+[{LOWER}]\w*){{1,6}}?\s+(?:tỉnh|thành\s+phố)(?=\s*(?:[,;:.)]|$|\s(?:và|chủ\s+trì|phối\s+hợp|thực\s+hiện|{_ORDERED}))) |(?:{_PAIR}|[{UPPER}][\w&]*)(?:(?:\s+|\s*[-–]\s*)(?:{_PAIR}|[{UPPER}][\w&]*|(?:và|các)(?=\s+(?!{_OTHER_BODY})[{UPPER}])|&))*)""",
    re.VERBOSE,
)
# ... and, in a list of bodies, all words up to where the list goes on: "Hội Đoàn kết Sư sãi yêu nước tỉnh"
_IN_LIST = bounded(
    rf"""(?:{_HEADS_OF_NAMES})(?P<rest>\s+(?=[{UPPER}])[\w&]+(?:(?:\s+và)?\s+(?!(?:{_HEADS_OF_NAMES}|Sở|UBND|Ủy\s+ban|và|các|chủ\s+trì|phối\s+hợp|có|là|để|theo|trong|tại|do|với|cùng|được|đã)(?!\w))[\w&]+){{1,9}}?)
        (?=\s*(?:[,;:.)]|$)|\s+(?:chủ\s+trì|phối\s+hợp|thực\s+hiện|và\s+(?:{_HEADS_OF_NAMES}|Sở|UBND|các|Công\s+an))(?!\w))""",
    re.VERBOSE,
)
_ACTS, _PAIRS = bounded(_ORDERED), bounded(_PAIR)
_CALLS = bounded(r"(?:với|cùng|giao|cho|nghị|hợp|:)\s+$", re.IGNORECASE)
_BODY_WORDS = (
    "Sở", "Hội", "Ban", "Chi", "Cục", "Trung", "Công", "Tổng", "Điện", "Hiệp", "Liên", "Quỹ", "Trường", "Bộ", "UBND",
    "Ủy", "Viện", "Bệnh", "Đại",
)  # fmt: skip
_BODY = bounded(
    "|".join(
        rf"{word}(?<!\w{'.' * len(word)})(?=\s)"  # the look behind stands after the word: looked for faster so
        for name in _BODY_WORDS
        for word in dict.fromkeys((name, name.upper()))
    )
)
_LOCAL = bounded(
    rf"(?:(?i:UBND|Ủy\s+ban\s+nhân\s+dân))\s+(?P<level>(?i:huyện|thị\s+xã|thành\s+phố|xã|phường|thị\s+trấn|quận|đặc\s+khu))\s+(?P<name>[{UPPER}]\w*(?:\s+[{UPPER}]\w*){{0,3}})"
)
_DIRECTS = bounded(rf"\s+{words(*cues('directive'), *cues('adverb'))}", re.IGNORECASE)
_BETWEEN = bounded(rf"[\s,;:&/–-]*(?:{words(*cues('connective'))}[\s,;:]*)*", re.IGNORECASE)


def _trie(names: Iterable[AgencyName]) -> Trie[AgencyName]:
    trie: Trie[AgencyName] = Trie()
    for name in names:
        trie.add(name.keys, name)
    return trie


@lru_cache(maxsize=1)
def _full_names() -> Trie[AgencyName]:
    return _trie(agency_names())


@lru_cache(maxsize=1)
def _bare_names() -> Trie[AgencyName]:
    """Departments without their "Sở", for lists: "Sở: Xây dựng, Tài chính"."""
    bare = []
    for name in agency_names():
        if len(name.keys) > 1 and name.keys[0] == "sở" and agencies()[name.agency_id].kind == "department":
            bare.append(AgencyName(name.agency_id, name.keys[1:], name.breaks[1:], False))
    return _trie(bare)


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    """The syllables that a name, or a list of names, begins with."""
    local = {"ubnd", "ủy"}  # what ``_LOCAL`` begins with
    return frozenset({name.keys[0] for name in agency_names()} | {"các", "sở"} | local)


def mentions(text: str, start: int, end: int) -> list[Mention]:
    """Every agency named in ``text[start:end]``, in order, without overlaps."""
    here = tokens_within(text, start, end)
    found: list[Mention] = []
    in_list = False  # after a "Sở" name or "Sở:", where bare names may follow
    opener = -1  # where "Giám đốc các sở:" begins: the first of its names takes it in
    openings = _openings()
    i = 0
    while i < len(here):
        if not in_list and here[i].key not in openings:
            i += 1
            continue
        local = _local_body(text, here[i].start, end)
        if local is not None:
            found.append(local)
            i = next((k for k in range(i + 1, len(here)) if here[k].start >= local.end), len(here))
            continue
        behind = bool(found) and bool(_BETWEEN.fullmatch(text, found[-1].end, here[i].start))
        hit = _longest(text, here, i, _full_names(), behind)
        how = "exact"
        if hit is None and in_list and text[here[i].start].isupper():
            hit = _longest(text, here, i, _bare_names())
            how = "list"
            if hit and not _list_goes_on(text, here, i, hit[1], end):
                hit = None
        if _opens_list(text, here, i, hit):
            in_list = True
            opener = opener if opener >= 0 else _with_head(text, start, here[i].start)
            i += 1
            continue
        if hit is None:
            in_list = in_list and (here[i].key in _CONNECTING)
            opener = opener if in_list else -1
            i += 1
            continue
        name, last = hit
        stop = _with_tail(text, here[last].end, end)
        if _NAMED.match(name.agency_id):
            own = _OWN_NAME.match(text, stop, end)
            stop = own.end() if own else stop
        elif name.agency_id == "ubnd-cap-huyen":
            own = _CITIES.match(text, stop, end)
            stop = own.end() if own else stop
        begin = opener if how == "list" and opener >= 0 else _with_head(text, start, here[i].start)
        found.append(Mention(name.agency_id, begin, stop, how))
        other = _other_level(text, found[-1], end)
        if other:
            found.append(other)
            stop = other.end
        opener = -1
        in_list = name.agency_id.startswith("so-") and agencies()[name.agency_id].kind == "department"
        i = next((k for k in range(last + 1, len(here)) if here[k].start >= stop), len(here))
    return _with_unknown(text, start, end, found)


def _local_body(text: str, at: int, end: int) -> Mention | None:
    """ "UBND thành phố Sầm Sơn": one district or commune by name; its level gives the id, its words tell which."""
    m = _LOCAL.match(text, at, end)
    if m is None:
        return None
    named = " ".join(syllables(m.group("name")))
    if named in _cities():
        return None  # a city that is itself a province
    low = m.group("level").lower().split()[0] in ("xã", "phường", "đặc") or "trấn" in m.group("level").lower()
    return Mention("ubnd-cap-xa" if low else "ubnd-cap-huyen", _with_head(text, at, at), m.end(), "local")


def _other_level(text: str, m: Mention, end: int) -> Mention | None:
    """The "cấp xã" behind "UBND cấp huyện", or the other way round: its words are the level alone."""
    stem, _, level = m.agency_id.rpartition("-cap-")
    if level not in ("huyen", "xa") or not _LEVEL.search(text, max(m.start, m.end - 16), m.end):
        return None
    following = _NEXT_LEVEL.match(text, m.end, end)
    name = f"{stem}-cap-{'xa' if following and following['low'] else 'huyen'}"
    if following is None or name == m.agency_id or name not in agencies():
        return None
    return Mention(name, *following.span("next"), "exact")


@lru_cache(maxsize=1)
def _cities() -> frozenset[str]:
    """The names of the cities that are provinces, as keys."""
    return frozenset(key(name) for p in provinces() if p.kind == "thành phố" for name in p.names)


_CONNECTING = {"và", "các", "cùng", "với"}


def _opens_list(text: str, here: list[Token], i: int, hit: tuple[AgencyName, int] | None) -> bool:
    """ "Sở:", "các Sở:" and "các Sở" before a bare name ("các Sở Y tế, Tài chính")."""
    last = i + 1 if here[i].key == "các" and i + 1 < len(here) and here[i + 1].key == "sở" else i
    if hit is not None and here[hit[1]].key == "sở":
        last = hit[1]  # "Giám đốc các sở: ..."
    if here[last].key != "sở" or (hit is not None and hit[1] != last):
        return False
    after = text[here[last].end : here[last].end + 2]
    if after.lstrip()[:1] == ":":
        return True
    several = last > i or (i > 0 and here[i - 1].key == "các")
    return several and after[:1].isspace() and last + 1 < len(here) and _is_bare_name(text, here, last + 1)


def _is_bare_name(text: str, here: list[Token], i: int) -> bool:
    return text[here[i].start].isupper() and _longest(text, here, i, _bare_names()) is not None


def _list_goes_on(text: str, here: list[Token], first: int, last: int, end: int) -> bool:
    """A bare name counts between separators only, so that "Xây dựng cơ chế" is no department."""
    before = text[here[first - 1].end : here[first].start] if first else ""
    after = text[here[last].end : min(end, here[last].end + 40)]
    opened = any(c in before for c in ",:;") or (first and here[first - 1].key in _CONNECTING)
    return bool(opened) and bool(
        re.match(r"\s*(?:[,;.)]|$|và\s|cùng\s|chủ\s+trì|phối\s+hợp|theo\s|căn\s+cứ|tỉnh|\()", after, re.IGNORECASE)
        or _DIRECTS.match(after)
    )


def _longest(
    text: str, here: list[Token], i: int, names: Trie[AgencyName], listed: bool = False
) -> tuple[AgencyName, int] | None:
    if not names.opens(here, i):
        return None
    return names.longest(text, here, i, lambda name: (listed or not name.listed) and _gaps_fit(text, here, i, name))


def _gaps_fit(text: str, here: list[Token], i: int, name: AgencyName) -> bool:
    """Between a name's syllables stand spaces, or punctuation where the written form has some."""
    for k, broken in enumerate(name.breaks):
        gap = text[here[i + k].end : here[i + k + 1].start]
        if not (_PUNCTUATED_GAP if broken else _PLAIN_GAP).fullmatch(gap):
            return False
    return True


def _with_tail(text: str, at: int, end: int) -> int:
    """Takes in "tỉnh <province>", a bare province name, "khu vực VI", "có liên quan"."""
    m = _TAIL.match(text, at, end)
    stop = m.end() if m else at
    ahead = tokens_within(text, stop, min(end, stop + 30))
    if not ahead or not text[ahead[0].start].isupper() or not text[stop : ahead[0].start].isspace():
        return stop
    for n in (4, 3, 2, 1):
        if len(ahead) >= n and " ".join(t.key for t in ahead[:n]) in province_keys():
            again = _TAIL.match(text, ahead[n - 1].end, end)
            return again.end() if again else ahead[n - 1].end
    return stop


def _with_head(text: str, start: int, at: int) -> int:
    if not text[max(start, at - 40) : at].rstrip().lower().endswith(_HEADS):
        return at
    m = _HEAD.search(text, max(start, at - 40), at)
    return m.start() if m else at


def _with_unknown(text: str, start: int, end: int, found: list[Mention]) -> list[Mention]:
    """Adds bodies that only their build gives away; a near spelling of a known name counts as its typo."""
    found = [_misspelled(text, m, end) or m for m in found]
    extra: list[Mention] = []
    for m in _BODY.finditer(text, start, end):
        before = bisect_right(found, m.start(), key=lambda x: x.start)
        if before and m.start() < found[before - 1].end:
            continue
        generic = _GENERIC.match(text, m.start(), end)
        near = _near(text, m.start(), end)
        whole = None if near else _whole(text, start, m.start(), end, found, before)
        if near or whole:
            extra.extend(x for x in (near, whole) if x)
        elif generic and len(generic.group("rest").split()) > 1:
            name = slug(generic.group())
            extra.append(Mention(name, *generic.span(), "typo" if name in agencies() else "unknown"))
    return _disjoint(sorted(found + extra, key=lambda m: (m.start, -m.end)))


def _whole(text: str, start: int, at: int, end: int, found: list[Mention], before: int) -> Mention | None:
    """The name that stands between two bodies, or behind "phối hợp với", up to where the list goes on."""
    m = _IN_LIST.match(text, at, end)
    if m is None or _ACTS.search(_PAIRS.sub(" ", m["rest"])):
        return None
    following = found[before] if before < len(found) else None
    if following and following.start < m.end():
        return None
    listed_on = (before > 0 and _BETWEEN.fullmatch(text, found[before - 1].end, at)) or (
        following and _BETWEEN.fullmatch(text, m.end(), following.start)
    )
    if not listed_on and not _CALLS.search(text, max(start, at - 12), at):
        return None
    return Mention(slug(m.group()), at, m.end(), "unknown")


# What goes on with a name that may end here: "Sở Nông nghiệp và ...", "Sở Văn hóa, Thể thao ..."
_GOES_ON = bounded(r"\s+và\s|\s*[-–,]\s", re.IGNORECASE)


def _misspelled(text: str, m: Mention, end: int) -> Mention | None:
    """The longer name, with a slip of the pen, of which a mention has only the beginning."""
    body = _BODY.search(text, m.start, m.end)
    if m.how != "exact" or body is None or not _GOES_ON.match(text, m.end, end):
        return None
    ahead = tokens_within(text, body.start(), min(end, body.start() + 90))
    known = sum(t.end <= m.end for t in ahead)
    hit = continued([t.key for t in ahead], known)
    if hit is None or "\n\n" in text[m.end : ahead[hit[1] - 1].end]:
        return None
    return Mention(hit[0], m.start, _with_tail(text, ahead[hit[1] - 1].end, end), "typo")


def _disjoint(found: list[Mention]) -> list[Mention]:
    result: list[Mention] = []
    for m in found:
        if not result or m.start >= result[-1].end:
            result.append(m)
    return result


def _near(text: str, start: int, end: int) -> Mention | None:
    """The one known name that the words at ``start`` differ from by a slip of the pen."""
    ahead = tokens_within(text, start, min(end, start + 90))
    for length in lengths():
        if length > len(ahead):
            continue
        found = readings(" ".join(t.key for t in ahead[:length]))
        if len(found) == 1 and "\n\n" not in text[start : ahead[length - 1].end]:
            return Mention(found[0], start, _with_tail(text, ahead[length - 1].end, end), "typo")
    return None


def own_words(text: str, m: Mention) -> str:
    """What tells a body from others with its id: "UBND huyện Cửa Sông", "Viettel"; nothing for "các trường đại học"."""
    named = _MANY.match(m.agency_id) and text[m.start].isupper() and not text.startswith(("Các ", "CÁC "), m.start)
    return key(squeeze(text[m.start : m.end])) if named or m.how == "local" else ""


def listed(text: str, found: list[Mention], at: int, end: int) -> list[Mention]:
    """The mentions that stand as one list from ``at`` on: nothing but separators and connectives between them."""
    result: list[Mention] = []
    position = at
    for n in range(bisect_right(found, at, key=lambda m: m.end), len(found)):
        m = found[n]
        if m.start >= end:
            break
        gap = _BETWEEN.match(text, position, m.start)
        if gap is None or gap.end() < m.start:
            break
        result.append(m)
        position = m.end
    return result
