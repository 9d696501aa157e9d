"""The turns of phrase by which a sentence is known: purposes, results, pointers, closing formulas, mere assignments.

Headings announce zones (theme, purpose, task_group, ...) by the words of the lexicon.
"""

from __future__ import annotations

import re

from compare.extract.assignments import Stated
from compare.lexicon import cues
from compare.normalise import bounded, slug
from compare.patterns import STARTS_DIRECTIVE, UPPER, any_of, words
from compare.records import Mention, Span

OPERATIVE = {"task_group", "priority", "execution", "funding"}
THEMATIC = {"theme", "motto", "viewpoint", "objective"}
ZONES = {
    zone: any_of(cues(f"heading_{zone}"))
    for zone in (
        "theme", "motto", "viewpoint", "purpose", "priority", "task_group", "execution", "objective", "situation", "scope", "funding",
    )
}  # fmt: skip
NARRATIVE = bounded(
    rf"[\s\-–+•]*(?:{words(*cues('narrative'))}|(?:ban\s+hành|phê\s+duyệt)\s[^.;]{{0,300}}kèm\s+theo\s*(?:quyết\s+định|nghị\s+quyết|chỉ\s+thị)\s+này"
    r"|năm\s+20\d\d(?:\s*,|\s+(?:là|có|tỉnh|thành\s+phố|kinh\s+tế|tiếp\s+tục\s+là|dự\s+báo))|år\s+20\d\d\s*,|quý\s+[IV]+)",
    re.IGNORECASE,
)
OBLIGES = any_of(
    [
        "phải",
        "cần",
        "yêu cầu",
        "có trách nhiệm",
        "chịu trách nhiệm",
        "tập trung",
        "đẩy mạnh",
        "ska",
        "måste",
        "nödvändigt",
        "shall",
        "must",
    ]
)
HORIZON = bounded(
    r"[\s\-–+•]*(?:phấn\s+đấu\s*,?\s*)?(?:(?:đến|hết|trong|giai\s+đoạn|năm|hằng\s+năm|hàng\s+năm|bình\s+quân)\s[^,:;]{0,40}[,:]\s*|(?:trong|đến|hết|trước)\s+(?:hết\s+|cuối\s+)?(?:(?:quý|tháng)\s+\w+\s+)?năm\s+20\d\d\s+)?",
    re.IGNORECASE,
)
# "Nhiệm vụ chung: ", "Về cải cách hành chính: "
TOPIC = bounded(r"[^:.;,]{3,120}:\s+(?=\S)")
CLAUSE = bounded(r"[;.]\s+")
# A result: "ước đạt 4.100 tỷ đồng", "tăng 6,3% so với năm 2023"
RESULT = bounded(
    r"(?<!\w)(?:ước\s+(?:đạt|thực\s+hiện)|đã\s+(?:đạt|hoàn\s+thành|vượt)|so\s+với\s+(?:cùng\s+kỳ|năm\s+(?:trước|20\d\d)))(?!\w)",
    re.IGNORECASE,
)
# "(chỉ tiêu)" in a heading explains a word and announces nothing
ASIDE = bounded(r"\([^()]*\)")
# The paragraph that closes a plan after its last numbered item and belongs to none: "Trên đây là ...", "Yêu cầu các sở ..."
CONCLUDES = bounded(
    r"[\s*]*(?:trên\s+đây\s+là|(?:ủy\s+ban\s+nhân\s+dân|ubnd)\s+(?:tỉnh|thành\s+phố)\s+(?:yêu\s+cầu|đề\s+nghị)|yêu\s+cầu\s+các|nhận\s+được"
    r"|(?:trong\s+)?quá\s+trình\s+(?:tổ\s+chức\s+|triển\s+khai\s+)*(?:thực\s+hiện|triển\s+khai)\s*,?\s+nếu)",
    re.IGNORECASE,
)
# "Chủ tịch UBND tỉnh yêu cầu:", "UBND tỉnh chỉ đạo như sau:": what is numbered under it is ordered
ORDERS = bounded(
    r"(?:yêu\s+cầu|đề\s+nghị|giao|chỉ\s+đạo|phân\s+công|quyết\s+định|có\s+ý\s+kiến)(?:\s+(?:thực\s+hiện|triển\s+khai|tập\s+trung|nhiệm\s+vụ|một\s+số|các|những|nội\s+dung|nhiệm\s+vụ|giải\s+pháp|công\s+việc|cụ\s+thể|trọng\s+tâm|sau|đây|như\s+sau|sau\s+đây)){0,8}\s*:\s*$",
    re.IGNORECASE,
)
# "Trên đây là Kế hoạch ..., yêu cầu các đơn vị nghiêm túc thực hiện": the formula that closes a plan
CLOSES_PLAN = bounded(r"\s*trên\s+đây\s+là\s", re.IGNORECASE)
# "Việc ban hành Kế hoạch nhằm ...": why there is a plan
PURPOSE = bounded(rf"\s*(?:việc\s[^.;:]{{3,160}}?\snhằm\s|{words(*cues('purpose'))})", re.IGNORECASE)
# "Các nhiệm vụ cụ thể theo Phụ lục II kèm theo Kế hoạch này": a sentence that says no more than where tasks stand
POINTS = bounded(
    r"\s*(?:(?:thực\s+hiện|triển\s+khai|hoàn\s+thành|nội\s+dung|chi\s+tiết|danh\s+mục|nhiệm\s+vụ|giải\s+pháp|mục\s+tiêu|chỉ\s+tiêu|phân\s+công|tiến\s+độ"
    r"|các|những|và|của|về|cụ\s+thể|chủ\s+yếu|trọng\s+tâm|đã|được|có|như|nêu|giao|quy\s+định|ban\s+hành|theo|tại|ở|trong|là)[\s,:;]*){1,14}"
    r"(?:phụ\s+lục|biểu|bảng)(?:\s+(?:số\s+)?(?:[IVX]+|\d+|[A-Z]))?(?:\s*(?:,|và)\s*(?:[IVX]+|\d+))*"
    r"(?:\s*\(?(?:kèm\s+theo|đính\s+kèm|ban\s+hành|dưới\s+đây|sau\s+đây|này|của|kế\s+hoạch|quyết\s+định|chương\s+trình|đề\s+án|chỉ\s+thị)){0,5}\s*[).;/]*\s*$",
    re.IGNORECASE,
)
# What describes an activity but tells nobody to act: "Số lượng: 5.000 cuốn", "Thành phần: đại diện ..."
DETAIL = bounded(
    r"[\s\-–+•*]*(?:\d+\.\s+|[a-zđ][.)]\s+)?(?:đối\s+tượng|thành\s+phần|số\s+lượng|địa\s+điểm|phạm\s+vi|quy\s+mô|thông\s+số|tần\s+suất|dự\s+toán)"
    r"(?:\s+[^\W\d]+){0,4}\s*:",
    re.IGNORECASE,
)
# An amount and nothing else: "- Thu và phân tích mẫu: 1.364.329.243 đồng/năm."
AMOUNT = bounded(r"(?<![\d.,])\d[\d.,]{0,30}\s*(?:nghìn|triệu|tỷ)?\s*đồng(?:/\w+)?\s*[.;]?\s*$", re.IGNORECASE)
TOWARDS = bounded(r"\s*đối\s+với\s+", re.IGNORECASE)
PREFIX = bounded(r"(?P<prefix>[^:.;]{2,300}):")


# What stands where a body should and may be the name of one: "Tổ giúp việc Ban Chỉ đạo"; not "Như trên", "Sở ..., ban ..."
NAME_ALONE = bounded(
    rf"[\s\-–+•]*(?P<name>(?!(?i:như|theo|các|tất|toàn|cả|nt)(?!\w))(?<!\w)[{UPPER}][\w&]{{0,30}}+(?:[ \n\r]{{1,3}}[\w&]{{1,30}}+){{1,9}}+)[\s.;,)\]]*$"
)


def unknown_body(text: str, span: Span) -> list[Mention]:
    """A name that stands alone in a body's place and is in no lexicon: its id is a slug, and it is told."""
    m = NAME_ALONE.fullmatch(text, *span) if span.end - span.start < 120 else None
    return [Mention(slug(m["name"]), *m.span("name"), "unknown")] if m else []


# ", hoàn thành trước ngày 31/12/2025": the time in a sentence that says who does it
WHEN = bounded(
    r"(?<!\w)(?:hoàn\s+thành|xong|trước|trong|thời\s+gian|chậm\s+nhất|đến)\s[^.;]{0,60}?\d[^.;]{0,30}", re.IGNORECASE
)
ASSIGNING = any_of(cues("assigning"))


def only_assigns(text: str, span: Span, said: Stated) -> bool:
    """Whether a sentence that begins with "Giao" names who does it and by when, and nothing to be done."""
    bodies = sorted((*said.leads, *said.coordinators), key=lambda m: m.start)
    if not text[span.start : bodies[0].start].strip():
        return False
    outside, at = [], span.start
    for m in bodies:
        outside.append(text[at : m.start])
        at = m.end
    when = WHEN.search(text, at, span.end)
    outside += [text[at : when.start()], text[when.end() : span.end]] if when else [text[at : span.end]]
    return not any(re.search(r"\w", ASSIGNING.sub(" ", words)) for words in outside)


def zone_of(heading: str) -> str:
    """What a heading announces: theme, motto, viewpoint, purpose, ... or nothing. The first to fit wins."""
    if len(heading) > 160:
        return ""
    bare = ASIDE.sub(" ", heading)
    return next((zone for zone, pattern in ZONES.items() if pattern.search(bare)), "")


def states_directive(here: str) -> bool:
    """Whether the words begin with a directive, after a horizon such as "Đến năm 2025,"."""
    m = HORIZON.match(here)
    return bool(STARTS_DIRECTIVE.match(here)) or bool(m and STARTS_DIRECTIVE.match(here, m.end()))


# "Mỗi xã xây dựng ít nhất 01 mô hình": tells each one what to do, "Mỗi xã có ít nhất 01 mô hình" what is to be reached
_EACH = bounded(r"[\s\-–+•]*(?:mỗi|từng)\s(?P<whom>[^.;:\d]{3,100})", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def orders_each(here: str) -> bool:
    """Whether a sentence tells each one of a kind what to do."""
    m = _EACH.match(here)
    if m is None:
        return False
    return any(STARTS_DIRECTIVE.match(here, w.start(), m.end()) for w in _WORD.finditer(here, m.start("whom"), m.end()))
