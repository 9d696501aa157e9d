"""Deadlines that name an occasion, no day: "trước mùa mưa năm 2025", "tại kỳ họp giữa năm 2023", "từ đầu năm học".

When that is nobody can tell from the words, so that both ends stay empty; but "trước 2030" and a session at the end of
a year have the year's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from compare.normalise import around, bounded
from compare.records import Deadline

_SCHOOL_YEAR = r"20\d\d(?!\d)(?:\s*[-–]\s*20\d\d(?!\d))?"
_OCCASION = bounded(
    rf"""(?<!\w)(?:
      (?P<done>(?:hoàn\s+thành|xong)\s+)?trước\s+(?P<before>20\d\d)(?![\d/.,-]*\d)(?!\s*[-–]\s*\d)
     |(?P<finished>(?:hoàn\s+thành|xong)\s+)?trước\s+
        (?:khi\s+(?:kết\s+thúc|bắt\s+đầu|bước\s+vào|vào|khai\s+giảng|khai\s+mạc)|mùa|lễ|ngày\s+hội|tết|kỳ\s+họp|kỳ\s+thi|năm\s+học|khai\s+giảng|đại\s+hội|dịp|vụ)
        (?!\w)[^,;.():|]{{0,100}}?(?:(?P<dated>{_SCHOOL_YEAR})|(?=\s*(?:[,;.():|]|$)))
     |(?:(?P<laid>trình|thông\s+qua)\s+)?(?P<at>(?:tại|vào)\s+)?kỳ\s+họp\s+(?:(?:thường\s+lệ|chuyên\s+đề)\s+)?(?:giữa\s+năm(?:\s+20\d\d)?|đầu\s+năm(?:\s+20\d\d)?|cuối\s+năm(?:\s+(?P<closes>20\d\d))?)
     |(?P<begins>(?P<applied>áp\s+dụng\s+)|(?:bắt\s+đầu|kể)\s+)?từ\s+(?:(?:đầu|giữa|cuối)\s+)?(?:học\s+kỳ|kỳ|đợt|năm\s+học|vụ|mùa)(?!\w)[^,;.():|]{{0,60}}
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# Something of every occasion, and the most that may stand before and behind it
_CORE = bounded(
    r"(?<!\w)(?:trước\s+(?:20|(?:khi|mùa|lễ|ngày|tết|kỳ|năm|khai|đại|dịp|vụ)\s)|kỳ\s+họp\s"
    r"|từ\s+(?:đầu|giữa|cuối|học|kỳ|đợt|năm\s+học|vụ|mùa)\s)",
    re.IGNORECASE,
)
_REACH = (30, 160)
# Who is asked to decide stands between: "trình HĐND tỉnh tại kỳ họp cuối năm"
_SUBMITTED = bounded(r"trình(?!\w)[^.;]{0,60}$", re.IGNORECASE)


def occasions(text: str, start: int, end: int, cell: bool) -> Iterator[Deadline]:
    """The occasions in ``text[start:end]``; in a sentence only those that something is finished, laid or begun by."""
    for m in around(_CORE, _OCCASION, text, start, end, _REACH):
        if cell or _is_deadline(text, start, m):
            year = int(m["before"]) - 1 if m["before"] else int(m["closes"] or 0)
            until, kind = (f"{year}-12-31", "period") if year else ("", "unspecified")
            at = m.end("applied") if m["applied"] else m.start()
            said = text[at : m.end()].rstrip()
            yield Deadline(said, "", until, kind, at, at + len(said))


def _is_deadline(text: str, start: int, m: re.Match[str]) -> bool:
    if m["done"] or m["finished"] or m["dated"] or m["begins"]:
        return True
    return bool(m["at"] and _SUBMITTED.search(text, max(start, m.start() - 80), m.start()))
