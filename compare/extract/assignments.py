"""Who leads and who helps, in the ways that plans say it.

- A list of bodies at the head of a sentence leads: "Sở A, Sở B chủ trì ...", "Sở A: ...", "Sở A phối hợp với ...".
- "Giao A ...", "giao nhiệm vụ ... cho A", "yêu cầu A ...", "do A chủ trì" name leads anywhere.
- "phối hợp với B", "đơn vị phối hợp: B", "samordna med B" name coordinators. At the head of a sentence they stand
  instead of those inherited from a heading; further in they are added to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from compare.extract.agencies import listed, mentions
from compare.lexicon import cues
from compare.normalise import bounded
from compare.patterns import LOWER, UPPER, words
from compare.records import Mention


@dataclass(frozen=True, slots=True)
class Stated:
    """What one span says: leads, coordinators, whether the latter replace inherited ones, where the list ends."""

    leads: tuple[Mention, ...] = ()
    coordinators: tuple[Mention, ...] = ()
    replaces: bool = False
    finding: bool = False
    opening_end: int = -1
    passing: tuple[Mention, ...] = ()
    mentions: tuple[Mention, ...] = ()


_I = re.IGNORECASE
_ADVERBS = rf"(?:{words(*cues('adverb'))}\s*,?\s*)*"
# A topic before the bodies: "Về xúc tiến đầu tư: ", "Nhiệm vụ chung: "
_TOPIC = bounded(rf"[^:.;]{{2,400}}:\s+(?=[{UPPER}])")
# A clause before the bodies: "Căn cứ Quyết định này, ", "Trên cơ sở Kế hoạch này, ", "Trong quá trình thực hiện, ... "
_CIRCUMSTANCE = bounded(
    r"(?:căn\s+cứ|trên\s+cơ\s+sở|(?:trong\s+)?quá\s+trình|đối\s+với|theo|để|nhằm|hằng\s+năm|định\s+kỳ|khi|sau\s+khi|trường\s+hợp|nếu)\s",
    _I,
)
_COMMA = bounded(
    rf"(?:[,;]|(?:khó\s+khăn|vướng\s+mắc|phát\s+sinh))\s+(?:thì\s+|đề\s+nghị\s+|yêu\s+cầu\s+)?(?=(?i:các\s|thủ\s+trưởng|giám\s+đốc)|[{UPPER}])"
)
# "... của các sở, ban, ngành, UBND các huyện": the comma goes on with a list that belongs to a noun
_OF_LIST = bounded(r"(?:của|giữa|cho|tới|đến|từ)\s+(?:các\s+)?(?:sở|ban|bộ|ngành|cơ\s+quan)(?!\w)[^;:.()]{0,160}$", _I)
_SENTENCE = bounded(rf"[.:]\s+(?=[{UPPER}])")
_BEGINS = bounded(r"[\s\"“]*(?:(?:các|những|toàn\s+thể|đồng\s+chí)\s+)?$", _I)
_GIVES = bounded(
    r"(?:đồng\s+thời\s*,?\s*)?(?:giao(?:\s+cho)?|đề\s+nghị|yêu\s+cầu|phân\s+công|ủy\s+quyền(?:\s+cho)?)\s+", _I
)
_LEADS = bounded(
    r"[\s,]*+(?:được\s+(?:giao|phân\s+công)\s[^.;:]{0,100}?(?:có|chịu)\s+trách\s+nhiệm|(?:(?:có\s+trách\s+nhiệm|chịu\s+trách\s+nhiệm|tiếp\s+tục|chủ\s+động|được\s+(?:giao|phân\s+công)|là\s+(?:cơ\s+quan|đơn\s+vị))\s+)*(?:chủ\s+trì|đầu\s+mối|thường\s+trực|làm\s+đầu\s+mối|ska\s+leda|leder|shall\s+lead|to\s+lead|presides?))",
    _I,
)
# What may follow leading bodies: a colon, a comma, the end, "theo chức năng", a directive
_GOES_ON = bounded(
    rf"[\s,]*+(?:[:;]|$|{words(*cues('directive'), *cues('adverb'))}|theo\s|căn\s+cứ|phối\s+hợp|trong\s+phạm\s+vi|trên\s+địa\s+bàn|chịu\s+trách\s+nhiệm|có\s+trách\s+nhiệm|ska\s|att\s|shall\s|kommer\s+att|enligt|i\s+enlighet|đứng\s+đầu|cần\s|phải\s|tự\s|có\s|qua\s|tại\s|hằng\s|spelar|tar\s|\()",
    _I,
)
# At an item's head any verb makes the bodies before it the doers; these words tell of something else
_NO_VERB = bounded(
    r"[\s,]*+(?:đã|vừa|đang|sẽ|được|bị|là|của|về|và|trong|ở|trên|cho|để|do|bởi|từ|gồm|bao\s+gồm|với|giao|yêu\s+cầu|ban\s+hành|đề\s+nghị"
    r"|công\s+bố|đạt|tăng(?!\s+(?:thời|thêm|số|tần))|giảm|còn|như|theo|thuộc|nơi|hoặc|nhằm|bằng|dự|cấp|nêu|nhận|nghe|thống\s+nhất|cơ\s+bản|tại|sau|khi)(?!\w)",
    _I,
)
# "ban hành kế hoạch cụ thể trước ngày ...", no "ban hành Kế hoạch số 12/KH-SYT"
_ISSUES = bounded(
    rf"[\s,]*+(?:xây\s+dựng\s*,\s*)?ban\s+hành\s+(?:{words('kế hoạch', 'quy chế', 'quy định', 'chương trình', 'văn bản', 'hướng dẫn', 'danh mục', 'nội quy')})(?![^.;]{{0,120}}(?:\ssố\s+\d|\d/\w{{2,5}}-|\sđạt\s))",
    _I,
)
_BRACKET_END = bounded(r"\)\s*[.;,]?\s*$")
_VERB = bounded(rf"[\s,]*+[{LOWER}]{{2,40}}\s+\S")
_OPENING = bounded(rf"\s*{_ADVERBS}", _I)
_HELPERS = bounded(r"\s*(?:và|,|;)?\s*(?:-\s*)?(?:đơn\s+vị|cơ\s+quan)\s+phối\s+hợp", _I)
_LEADS_ON = bounded(r"\s*(?:là\s+(?:cơ\s+quan|đơn\s+vị)\s+)?(?:chủ\s+trì|làm\s+đầu\s+mối)", _I)
# Bodies above the departments, of which plans tell more often than they charge them
_ABOVE = bounded(r"(?:ubnd-tinh|hdnd-tinh|tinh-uy|bo-|chinh-phu|thu-tuong|quoc-hoi|trung-uong|ban-chap-hanh)")
_NO_LEAD = bounded(r"[\s,]*+(?:đã|vừa|giao|yêu\s+cầu|ban\s+hành|đề\s+nghị|har|công\s+bố)(?!\w)", _I)
_GIVEN = bounded(
    r"(?<!được\s)(?<!bàn\s)(?<!chuyển\s)(?<!\w)(?:đồng\s+thời\s+)?(?:giao(?:\s+(?:nhiệm\s+vụ|trách\s+nhiệm|chỉ\s+tiêu|\d+)[^.;:]{0,90}?)?(?:\s+cho)?|giao\s+cụ\s+thể\s+cho|yêu\s+cầu|uppmana(?:de|r)|do)\s+$",
    _I,
)
# "tham mưu UBND tỉnh giao chỉ tiêu cho các huyện": the province is to give it, and not here
_PROVINCE_GIVES = bounded(
    r"(?:tham\s+mưu|đề\s+xuất|trình|báo\s+cáo)(?:\s+(?:cho|với|và|trình|đề\s+xuất))*\s+(?:Chủ\s+tịch\s+)?(?:UBND|HĐND|Ủy\s+ban\s+nhân\s+dân)\s+(?:tỉnh|thành\s+phố)(?:\s+(?:xem\s+xét|quyết\s+định)\s*,?)*\s*$",
    _I,
)
_REMEDY = bounded(r"giao[^.;:]{0,60}(?:khắc\s+phục|hạn\s+chế|yếu\s+kém)|khắc\s+phục\s+hạn\s+chế", _I)
# A word of whatever says so, in small letters
_TOGETHER = ("hợp", "cùng", "samord", "samarb", "coordinat", "cooperate")
_COORDINATE = bounded(
    r"""(?<!\w)(?<!trong\s)(?<!sự\s)(?:
      (?:đơn\s+vị|cơ\s+quan)\s+phối\s+hợp(?:\s+thực\s+hiện)?\s*(?:là|:)?
     |(?:cùng\s+)?phối\s+hợp(?:\s+(?:chặt\s+chẽ|thường\s+xuyên|tốt|hiệu\s+quả|đồng\s+bộ|kịp\s+thời))?(?:\s*,\s*(?:kịp\s+thời|chặt\s+chẽ))?(?:\s+(?:với|cùng(?:\s+với)?))?
     |cùng(?:\s+với)?\s+(?=(?:các|bộ|sở|ubnd|ban|công\s+an)\s)
     |(?:noggrant\s+)?(?:samordnar?|samordning|samarbetar?|samarbete)(?:\s+nära)?\s+med
     |(?:coordinate|coordination|cooperate)\s+with
    )\s*:?\s*""",
    _I | re.VERBOSE,
)
# "(Sở A chủ trì; xong trước ...)": an aside that charges; "(các Bộ chủ trì dự án ...)" only tells
_CLOSES = bounded(r"\s*(?:là\s+(?:cơ\s+quan|đơn\s+vị)\s+)?chủ\s+trì\s*(?:[;,.)]|$|phối\s+hợp|thực\s+hiện)", _I)
_TOLD = bounded(r"(?:báo\s+cáo|gửi(?:\s+về)?|trình|của|về|với|cho|\()\s*(?:các\s+)?$", _I)
# "tham mưu cho UBND tỉnh phối hợp với Bộ ...": holds for this sentence only
_FOR_PROVINCE = bounded(r"(?:UBND|Ủy\s+ban\s+nhân\s+dân)\s+(?:tỉnh|thành\s+phố)\s*$", _I)
# "..., Sở B phối hợp)": helpers named before the word, which nobody follows
_HELPS = bounded(r"\s*(?:cùng\s+|tham\s+gia\s+)?phối\s+hợp(?:\s+(?:thực\s+hiện|triển\s+khai))?\s*(?=[;:,.)\]]|$)", _I)
# "...; Sở B phối hợp rà soát ...": a last clause of helpers with a verb of their own, which nobody follows either
_HELPS_TO = bounded(
    rf"\s*(?:cùng\s+|tham\s+gia\s+)?phối\s+hợp\s+(?=[{LOWER}])(?!(?:với|cùng|chặt\s+chẽ|thường\s+xuyên|tốt|hiệu\s+quả|đồng\s+bộ|kịp\s+thời)(?!\w))[^.;:]{{2,160}}?(?=[;.:]|$)",
    _I,
)
_WITH = bounded(r"(?<!\w)(?:với|cùng)\s+(?:các\s|sở\s|ubnd\s|công\s+an\s|ban\s)", _I)
_NEW_CLAUSE = bounded(r"[;,.)]\s*(?:(?:và\s+)?đề\s+nghị\s+)?(?:các\s+)?$", _I)
_HEAD_VERB = bounded(rf"[\s\-–+•\d.)]*+(?:[a-zđ]\))?\s*{_ADVERBS}$", _I)


def stated(text: str, start: int, end: int, body: int | None = None) -> Stated:
    """What ``text[start:end]`` says about who does it; ``body`` is where the words begin after a marker."""
    begin = start if body is None or body > end else max(start, body)
    found = mentions(text, begin, end)
    if not found:
        return Stated()
    leads, opening_end = _opening(text, begin, end, found, body is not None and body > start)
    given = _given(text, begin, found, end)
    finding = bool(given) and bool(_REMEDY.search(text, begin, end))
    if given and (finding or not leads):
        leads = given
        opening_end = max(opening_end, given[-1].end)
    elif not leads:
        leads = _called_leaders(text, begin, found, end) or _in_brackets(text, begin, found, end)
    coordinators, at_head, passing = _coordinators(text, begin, end, found)
    if not leads and len(coordinators) == 0:
        at_head = False
    lead_ids, lead_starts = {m.agency_id for m in leads}, {m.start for m in leads}
    coordinators = [m for m in coordinators if m.agency_id not in lead_ids or m.start not in lead_starts]
    return Stated(
        tuple(leads), tuple(coordinators), at_head or bool(leads), finding, opening_end, tuple(passing), tuple(found)
    )


def _opening(text: str, begin: int, end: int, found: list[Mention], marked: bool) -> tuple[list[Mention], int]:
    """The bodies at the head of a sentence, if they lead, and where their list ends."""
    for at in _starts(text, begin, end):
        lead = listed(text, found, at, end)
        if not lead or not _BEGINS.fullmatch(text, at, lead[0].start):
            continue
        stop = lead[-1].end
        if _LEADS.match(text, stop, end):
            return lead, stop
        head = _is_head(text, begin, at, marked)
        if head and _issues(text, stop, end, lead):
            return lead, stop
        if _NO_LEAD.match(text, stop, end):
            continue
        if _GOES_ON.match(text, stop, end) or stop >= end or (head and _acts(text, stop, end, lead)):
            return lead, stop
    return [], -1


def _is_head(text: str, begin: int, at: int, marked: bool) -> bool:
    """The head of a marked item, or right behind "Đề nghị", "Giao" there or in an unmarked paragraph."""
    return (marked and at == begin) or bool(_GIVES.fullmatch(text, begin, at))


def _issues(text: str, stop: int, end: int, lead: list[Mention]) -> bool:
    """Whether bodies of the province are to issue a plan or rules of their own; what has a number is issued already."""
    return not any(_ABOVE.match(m.agency_id) for m in lead) and _ISSUES.match(text, stop, end) is not None


def _acts(text: str, stop: int, end: int, lead: list[Mention]) -> bool:
    """Whether a verb of whatever kind follows bodies of the province at an item's head ("Sở A lo an sinh")."""
    if any(_ABOVE.match(m.agency_id) for m in lead):
        return False
    return bool(_VERB.match(text, stop, end)) and not _NO_VERB.match(text, stop, end)


def _starts(text: str, begin: int, end: int) -> list[int]:
    """Where a sentence's bodies may begin: at its head, behind "Giao", a topic, a circumstance, adverbs."""
    at = begin
    m = _OPENING.match(text, at, end)
    places = [begin, m.end() if m else begin]
    for pattern in (_GIVES, _TOPIC):
        for base in list(places):
            m = pattern.match(text, base, end)
            if m:
                places.append(m.end())
                again = _GIVES.match(text, m.end(), end)
                if again:
                    places.append(again.end())
    for base in list(places):
        if _CIRCUMSTANCE.match(text, base, end):
            stop = _SENTENCE.search(text, base, min(end, base + 600))
            limit = stop.start() if stop else min(end, base + 600)
            commas = list(_COMMA.finditer(text, base, limit))
            places.extend(c.end() for c in commas if not _OF_LIST.search(text, max(base, c.start() - 160), c.start()))
    return sorted(set(places))


def _given(text: str, begin: int, found: list[Mention], end: int) -> list[Mention]:
    """The bodies behind "giao ... cho", "yêu cầu", "do"; for "do" only with "chủ trì" behind them."""
    for m in found:
        said = text[max(begin, m.start - 120) : m.start].lower()
        if "giao" not in said and not said.rstrip().endswith(("cầu", "do", "uppmana", "uppmanade", "uppmanar")):
            continue
        hit = _GIVEN.search(text, max(begin, m.start - 120), m.start)
        if hit is None:
            continue
        word = hit.group().split()[0].lower()
        if word in ("giao", "yêu") and _PROVINCE_GIVES.search(text, max(begin, hit.start() - 60), hit.start()):
            continue
        lead = listed(text, found, m.start, end)
        if word.startswith("uppmana") and len(lead) == 1 and lead[0].agency_id == "ubnd-tinh":
            lead = listed(text, found, lead[0].end, end)  # "uppmanade ordföranden alla nivåer ...": the chairman calls
        if not lead or (word == "do" and not _LEADS.match(text, lead[-1].end, end)):
            continue
        if word == "yêu" and _COORDINATE.search(text, max(begin, m.start - 40), m.start):
            continue
        stop = _HELPERS.search(text, m.start, end)
        return [x for x in lead if stop is None or x.start < stop.start()]
    return []


def _called_leaders(text: str, begin: int, found: list[Mention], end: int) -> list[Mention]:
    """ "..., Sở A chủ trì ...": a body further in that is said to lead, with the list it closes."""
    for i, m in enumerate(found):
        if _LEADS_ON.match(text, m.end, end):
            first = _first_of_list(text, found, i, end)
            told = _TOLD.search(text, max(begin, found[first].start - 60), found[first].start)
            if told and not (told.group().startswith("(") and _CLOSES.match(text, m.end, end)):
                continue  # "báo cáo Sở A và các sở chủ trì dự án": a clause about them, no order to them
            return found[first : i + 1]
    return []


def _first_of_list(text: str, found: list[Mention], i: int, end: int) -> int:
    """Where the list begins that the mention ``i`` closes."""
    first = i
    if listed(text, found[i : i + 2], found[i].start, end)[-1] == found[i]:
        while first and len(listed(text, found[first - 1 : first + 1], found[first - 1].start, end)) == 2:
            first -= 1
    return first


def _in_brackets(text: str, begin: int, found: list[Mention], end: int) -> list[Mention]:
    """ "... (Sở A, Sở B)": bodies alone in brackets at a sentence's end, unless they explain a body before them."""
    closing = _BRACKET_END.search(text, max(begin, end - 8), end)
    opening = text.rfind("(", begin, closing.start()) if closing else -1
    lead = listed(text, found, opening + 1, closing.start()) if closing and opening >= 0 else []
    if closing is None or not lead or text[opening + 1 : lead[0].start].strip():
        return []
    rest = text[lead[-1].end : closing.start()].strip()
    explains = any(not text[m.end : opening].strip() for m in found if m.end <= opening)
    told = _TOLD.search(text, max(begin, opening - 60), opening)
    return [] if explains or told or rest[:1] not in ("", ";") else lead


def _that_help(text: str, begin: int, bodies: list[Mention], end: int) -> list[Mention]:
    """The bodies, of a list, that open a clause which says what they help with, and with nobody."""
    m = _HELPS_TO.match(text, bodies[-1].end, end)
    if m is None or _WITH.search(text, *m.span()):
        return []
    if _NEW_CLAUSE.search(text, max(begin, bodies[0].start - 30), bodies[0].start):
        return bodies
    breaks = [n for n in range(1, len(bodies)) if ";" in text[bodies[n - 1].end : bodies[n].start]]
    return bodies[breaks[-1] :] if breaks else []  # "... với cơ quan thuế; Sở B phối hợp rà soát"


def _coordinators(text: str, begin: int, end: int, found: list[Mention]) -> tuple[list[Mention], bool, list[Mention]]:
    """The coordinators, whether they stand at the head, and those that the province, not the lead, works with."""
    result: list[Mention] = []
    passing: list[Mention] = []
    seen: set[Mention] = set()
    at_head = False
    for i, helper in enumerate(found):
        alone = _HELPS.match(text, helper.end, end) is not None
        if alone or _HELPS_TO.match(text, helper.end, end):
            bodies = found[_first_of_list(text, found, i, end) : i + 1]
            if not alone:
                bodies = _that_help(text, begin, bodies, end)
            result.extend(b for b in bodies if b not in seen)
            seen.update(bodies)
    said = text[begin:end].lower()
    for m in _COORDINATE.finditer(text, begin, end) if any(map(said.__contains__, _TOGETHER)) else ():
        bodies = listed(text, found, m.end(), end)
        if not bodies:
            continue
        at_head = at_head or bool(_HEAD_VERB.fullmatch(text, begin, m.start()))
        result.extend(b for b in bodies if b not in seen)
        seen.update(bodies)
        if _FOR_PROVINCE.search(text, max(begin, m.start() - 130), m.start()):
            passing.extend(bodies)
    return result, at_head, passing
