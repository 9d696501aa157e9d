"""Named patterns over working text (NFC, old tone placement; see normalise). Each stands under what it matches.

Words are written with single spaces; ``words`` turns each into white space of any length, so that a line break in
the middle of a phrase does not hide it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from compare.lexicon import cues
from compare.normalise import bounded

UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐÅÄÖ"
LOWER = UPPER.lower()
_FLAGS = re.IGNORECASE | re.UNICODE
_Letters = dict[str, "_Letters"]  # a tree of phrases by their letters; an empty key ends one


def words(*phrases: str) -> str:
    """An alternation of phrases at word boundaries, the longest that fits; a space stands for any white space."""
    tree: _Letters = {}
    for phrase in sorted(phrases, key=lambda p: (-len(p), p)):
        here = tree
        for unit in re.findall(r"\s|\S", " ".join(phrase.split())):
            here = here.setdefault(r"\s+" if unit == " " else re.escape(unit), {})
        here[""] = {}
    return rf"(?<!\w)(?:{_alternation(tree)})(?!\w)"


def _alternation(tree: _Letters) -> str:
    """A tree of letters as a pattern: phrases that begin alike are tried together, longer ones before shorter."""
    branches = []
    for unit, onward in sorted(tree.items(), key=lambda branch: not branch[0]):
        rest = _alternation(onward) if onward else ""
        branches.append(unit + (f"(?:{rest})" if len(onward) > 1 else rest))
    return "|".join(branches)


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """``words`` compiled."""
    return bounded(words(*phrases), _FLAGS)


# "Phần II", "Chương 1", "Mục 2", "Điều 3."
_NAMED = (
    r"(?P<named>(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Điều|ĐIỀU)\s+(?:thứ\s+)?(?:[IVXLC]+|\d{1,3}|nhất|hai|ba|tư))\s*[.:]?"
)
# "PHỤ LỤC", "Phụ lục I", "Phụ lục số 02"
_ANNEX = r"(?P<annex>(?:PHỤ\s+LỤC|Phụ\s+lục|PHỤ\s+BIỂU|Phụ\s+biểu|Biểu\s+số|BIỂU\s+SỐ)(?:\s+(?:số\s+)?(?:\d{1,2}|[IVX]+|[A-Z])(?!\w))?)\s*[.:]?(?=\s|$)"
# "II.", "XIV -", "I/" before a capital
_ROMAN = r"(?P<roman>[IVX]{1,5})\s*[./)]\s*-?(?=\s|$)"
# "A.", "B/" before a capital
_ALPHA = r"(?P<alpha>[A-HK-UĐ])\s*[./]\s*-?(?=\s|$)"
# "1.1.2." and "1.1.1" with or without the last dot
_NUM3 = r"(?P<num3>\d{1,2}\.\d{1,2}\.\d{1,2})\.?(?=\s|$)"
# "1.1." and "10.3"
_NUM2 = r"(?P<num2>\d{1,2}\.\d{1,2})\.?(?=\s|$)"
# "1.", "12/", "3 -" at the head of a paragraph
_NUM1 = r"(?P<num1>\d{1,2})\s*[./](?=\s|$)"
# "1)" and "(1)"
_PAREN = r"(?P<paren>\(?\d{1,2}\))(?=\s|$)"
# "a)", "đ)", "a."
_LETTER = r"(?P<letter>[a-zđ])\s*[.)](?=\s|$)"
# "- ", "– ", "* ", "• "
_DASH = r"(?P<dash>[-–—•·▪●])(?=\s*\S|$)"
# Markdown's "* ", which stands above "- " where plans use both
_STAR = r"(?P<star>∗)(?=\s*\S|$)"
_PLUS = r"(?P<plus>\+)(?=\s*\S|$)"

MARKER = bounded(
    r"\s*(?:"
    + "|".join((_ANNEX, _NAMED, _NUM3, _NUM2, _NUM1, _ROMAN, _ALPHA, _PAREN, _LETTER, _STAR, _DASH, _PLUS))
    + ")\\s*"
)
# From the outermost to the innermost; a paragraph's rank is the place of its marker here.
RANKS = {
    name: rank
    for rank, name in enumerate(
        ("annex", "part", "chapter", "section", "alpha", "article", "roman", "num1", "num2", "num3", "letter", "paren")
    )
} | {"star": 12, "dash": 13, "plus": 14}

# "Cơ quan chủ trì:", "Phối hợp:", "Thời gian thực hiện:", "Sản phẩm:": what a task's bodies, time, product follow
_LABEL = r"""(?P<name>
        (?P<lead>(?:(?:các\s+)?(?:cơ\s+quan|đơn\s+vị)\s+)?(?:chủ\s+trì|đầu\s+mối)(?:\s*,?\s+(?:thực\s+hiện|tham\s+mưu|triển\s+khai))*
          |(?:các\s+)?(?:cơ\s+quan|đơn\s+vị)\s+(?:thực\s+hiện|chịu\s+trách\s+nhiệm)(?:\s+thực\s+hiện)?|phân\s+công(?:\s+thực\s+hiện)?)
      | (?P<coordinate>(?:(?:các\s+)?(?:cơ\s+quan|đơn\s+vị)\s+)?phối\s+hợp(?:\s+thực\s+hiện)?)
      | (?P<due>(?:thời\s+gian|thời\s+hạn|tiến\s+độ|lộ\s+trình|hoàn\s+thành)(?:\s+(?:thực\s+hiện|hoàn\s+thành|báo\s+cáo|trình))*)
      | (?P<product>(?:kết\s+quả\s*,\s*)?(?:sản\s+phẩm|kết\s+quả)(?:\s*,\s*kết\s+quả)?(?:\s+(?:đầu\s+ra|thực\s+hiện|dự\s+kiến|hoàn\s+thành))*)
    )"""
# "- Cơ quan chủ trì: ...": a line that belongs to the task above it
ATTRIBUTE = bounded(
    rf"[\s\-–+•∗*_(\[]*+(?:[a-zđ]\)\s*)?{_LABEL}(?:\s*:\s*|\s+(?=sau\s+khi\s))", re.IGNORECASE | re.VERBOSE
)
# "...; đơn vị phối hợp: ...; thời gian: ...", "(chủ trì: ...": further ones on the same line
FURTHER = bounded(rf"(?:(?<=[;.,(\[])|(?<=\s[-–]))\s*{_LABEL}\s*:\s*", re.IGNORECASE | re.VERBOSE)

# A table's cell that repeats the one above it
DITTO = bounded(r"\s*(?:-\s*)?(?:nt|n/t|như\s+trên)(?:\s*-)?\s*[.;]?\s*$", re.IGNORECASE)

# A line of layout: "|", "-------", "* * *", "___", "|:--|"
RULE_LINE = bounded(r"(?<![\s|*_=~.:·•–—-])[\s|*_=~.:·•–—-]{0,}+$")

# Ends of sentences: "." or "!" before a capital, and ";" before a capital.
SENTENCE_END = bounded(
    rf"""(?P<end>(?<![.!?…])[.!?…]++["”’)\]]*+|;)(?P<gap>\s+[-–+•]?\s*["“‘(]?)(?=[{UPPER}0-9])""",
    re.UNICODE,
)
# Abbreviations whose full stop ends nothing: "TP. Hà Nội", "TX. Nghi Sơn", "PGS. TS. Trần"
ABBREVIATION = bounded(
    r"(?:^|[\s(])(?:TP|Tp|TX|Tx|TT|Th|TS|ThS|PGS|GS|BS|KS|CN|Q|P|H|St|St\.|No|Nr|nr|vs|KT|TM|TL|TUQ|Ô|B|[A-ZĐ])$"
)
# A clause after ";" that goes on with a list of nouns, not with a new directive: "Kế hoạch ...", "Nghị quyết số ..."
NOUN_START = any_of(cues("noun"))

# "Tiếp tục đẩy mạnh ...", "- Rà soát ...", "Främja ..."
STARTS_DIRECTIVE = bounded(rf"[\s\-–+•\"“]*+(?:{words(*cues('adverb'))}[\s,]*+)*{words(*cues('directive'))}", _FLAGS)

# "Độc lập - Tự do - Hạnh phúc"
MOTTO = any_of(["độc lập - tự do - hạnh phúc", "cộng hòa xã hội chủ nghĩa việt nam"])
# The letterhead's issuer: "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN"
LETTERHEAD = bounded(
    r"\s*(?:ỦY\s+BAN\s+NHÂN\s+DÂN|HỘI\s+ĐỒNG\s+NHÂN\s+DÂN|TỈNH\s+ỦY|TỈNH\s+\w+|THÀNH\s+PHỐ\s+\w+)", re.UNICODE
)
# "Số: 161/QĐ-UBND", "số 03/CT-UBND", "592/NQHĐND", "158/2024/QH15", "58- NQ/TW", "306/BC-UBND"
NUMBER = bounded(
    r"""(?P<number>\d(?<![\w/]\d)\d{0,4}(?:/(?:19|20)\d{2})?[ ]?[-–/]\s?
        (?:(?:NQLT|NQ|QĐ|KH|CTHĐ|CTr|CT|KL|TB|BC|TTr|TTLT|TT|CV|NĐ|ĐA|HD|QC|QH|PA|BB|PL|SL|L)
             (?:HĐND|UBND|TTg|CP|TW|TU)?\d{0,2}(?![^\W\d])(?:[ ]?[-–/][ ]?[A-ZĐ][A-Za-zĐđ&]*\d{0,2})*
          |S[A-ZĐ&]{2,}(?:-[A-ZĐ]\w*)?|UBND(?:-[A-ZĐ]\w*)?|HĐND(?:-[A-ZĐ]\w*)?))(?![\w/])""",
    re.VERBOSE | re.UNICODE,
)
# "ngày 09 tháng 8 năm 2021", "ngày 20/01/2025", "den 5 augusti 2020" are read by dates below.
DATE = bounded(
    r"""(?:ngày\s*)?(?<![\d/.,])(?P<d>\d{1,2})\s*(?:[/.-]|\s+tháng\s+)\s*(?P<m>\d{1,2})\s*(?:[/.-]|\s+năm\s+)\s*(?P<y>(?:19|20)\d{2})(?![\d/])""",
    re.VERBOSE | _FLAGS,
)
_SV_MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
_EN_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
# "den 30 mars 2025", "5 augusti 2020"
DATE_SV = bounded(rf"(?:den\s+)?(?<!\d)(?P<d>\d{{1,2}})\s+(?P<name>{_SV_MONTHS})\s+(?P<y>20\d{{2}})(?!\d)", _FLAGS)
# "March 30, 2025", "30 March 2025"
DATE_EN = bounded(
    rf"(?:(?P<d>\d{{1,2}})\s+(?P<name>{_EN_MONTHS})|(?P<name2>{_EN_MONTHS})\s+(?P<d2>\d{{1,2}}),?)\s+(?P<y>20\d{{2}})(?!\d)",
    _FLAGS,
)
MONTHS = {name: n for names in (_SV_MONTHS, _EN_MONTHS) for n, name in enumerate(names.split("|"), start=1)}
