"""Stretches of words that only say of a task who does it and by when: asides, further sentences, notes on a group.

"(Sở A chủ trì; Sở B phối hợp; 2023 - 2025)", "Giao Sở A chủ trì, phối hợp với Sở B thực hiện.", "Hoàn thành trong
Quý II/2025.", "Các nhiệm vụ tại mục này do Sở A chủ trì." Such a stretch is read from its first word to its last; where
anything else is left it is none, and what it says belongs to the sentence itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from compare.extract.agencies import mentions
from compare.lexicon import cues
from compare.normalise import bounded, slug
from compare.patterns import LOWER, UPPER, words
from compare.records import Mention, Span

_LONGEST = 600  # characters: no such stretch is longer
_MARK = "\x01"  # stands for every letter of a known body


@dataclass(frozen=True, slots=True)
class Trailer:
    """Who leads, who helps and by when; ``span`` is where it is said."""

    span: Span
    leads: tuple[Mention, ...] = ()
    coordinators: tuple[Mention, ...] = ()
    due: Span | None = None


@dataclass(frozen=True, slots=True)
class GroupTrailer:
    """What holds for the tasks of a section: those with one of ``letters`` as their marker, or all."""

    said: Trailer
    letters: tuple[str, ...] = ()


_ROMAN = r"(?:IV|I{1,3}|0?[1-4])(?!\w)"
_YEARS = (
    r"20\d\d(?!\d)(?:\s*(?:[-–]|đến)\s*(?:năm\s+)?20\d\d(?!\d)|\s*[-–]\s*(?:…|\.{1,3}|$))?"
    r"(?:\s+trở\s+đi|\s+và\s+(?:các|những)\s+năm\s+(?:tiếp\s+theo|sau))?"
)
_WHEN = rf"""(?:
      \d{{1,2}}\s*[/-]\s*\d{{1,2}}(?!\d)(?:\s*[/-]\s*20\d\d)?
     |\d{{1,2}}\s*[/-]\s*20\d\d(?!\d)
     |tháng\s+\d{{1,2}}\s*[-–]\s*\d{{1,2}}(?!\d)(?:\s*(?:/|năm)\s*20\d\d)?
     |(?:ngày\s+\d{{1,2}}\s+)?tháng\s+\d{{1,2}}(?!\d)(?:\s*(?:[/-]|năm)\s*20\d\d)?
     |(?:qu[ýí]\s+|q\.\s*){_ROMAN}(?:\s*(?:[-–,]|và|đến)\s*(?:quý\s+|q\.\s*)?{_ROMAN})?(?:\s*(?:[/,-]|năm)\s*20\d\d)?
     |0?6\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+20\d\d)?
     |(?:kỳ\s+họp\s+(?:(?:thường\s+lệ|giữa|cuối|đầu)\s+)*)?năm\s+(?:học\s+)?{_YEARS}|{_YEARS}
     |(?:thường\s+xuyên|liên\s+tục|định\s+kỳ|(?:hằng|hàng)\s+(?:năm|quý|tháng|tuần))(?!\w)|cả\s+năm(?!\w)
    )"""
_BEFORE_WHEN = (
    r"(?:(?:trước|trong|từ|kể\s+từ|đến|hết|cuối|đầu|vào|chậm\s+nhất|muộn\s+nhất|là|ngày|giai\s+đoạn|thời\s+kỳ)\s+){0,4}"
)
_TIME = bounded(
    rf"(?<!\w)(?:(?:hoàn\s+thành|xong)\s+(?=trước|trong|chậm|đến|vào))?{_BEFORE_WHEN}{_WHEN}(?:\s*(?:[,;&–-]|và)?\s*{_BEFORE_WHEN}{_WHEN}){{0,4}}(?!\w)",
    re.IGNORECASE | re.VERBOSE,
)
# What may stand before a time, or behind bodies, and adds nothing: "hoàn thành", "triển khai thực hiện"
_FILLS = bounded(
    r"(?:(?:tổ\s+chức|triển\s+khai|thực\s+hiện|hoàn\s+thành|xong|bắt\s+đầu|áp\s+dụng|thời\s+gian|thời\s+hạn|nhiệm\s+vụ\s+này|nội\s+dung\s+này|và)(?!\w)[\s,:]*)+",
    re.IGNORECASE,
)
# "báo cáo UBND tỉnh", "báo cáo kết quả về Sở A": to whom is told, which is no task of its own
_REPORTS = bounded(
    rf"(?:tổng\s+hợp\s*,?\s+)?báo\s+cáo(?:\s+(?:kết\s+quả|tiến\s+độ|thực\s+hiện|về|cho|với|gửi))*\s+{_MARK}{{1,120}}\s*",
    re.IGNORECASE,
)
_ASKS = bounded(r"(?:giao(?:\s+cho)?|đề\s+nghị|yêu\s+cầu|phân\s+công|do)\s+", re.IGNORECASE)
_LABELS = bounded(
    r"""(?:(?P<lead>(?:(?:các\s+)?(?:cơ\s+quan|đơn\s+vị)\s+)?(?:chủ\s+trì|đầu\s+mối|thực\s+hiện|chịu\s+trách\s+nhiệm|trách\s+nhiệm)(?:\s+thực\s+hiện)?|phân\s+công)
       |(?P<coordinate>(?:(?:các\s+)?(?:cơ\s+quan|đơn\s+vị)\s+)?phối\s+hợp(?:\s+thực\s+hiện)?)
       |(?P<due>(?:thời\s+gian|thời\s+hạn|tiến\s+độ|hoàn\s+thành)(?:\s+(?:thực\s+hiện|hoàn\s+thành))?))\s*:\s*""",
    re.IGNORECASE | re.VERBOSE,
)
# A known body with what its name goes on with: "Viettel" Post, "Ban Quản lý KKT" Dung Quất và các KCN Quảng Ngãi
_KNOWN = rf"{_MARK}{{1,200}}(?:(?:\s+và\s+các|\s+[{LOWER}]\w{{0,6}}+)?(?:\s+[{UPPER}][\w&]{{0,20}}+){{1,4}}){{0,2}}(?:\s*\([^()]{{1,80}}\))?"
# No lexicon knows it, but it stands where a body should: "Tổ hợp tác Ánh Dương", "các trường trung cấp"
_OTHER = (
    rf"(?!(?i:{words(*cues('directive'), *cues('noun'))}))(?:[{UPPER}][^\W\d]{{0,20}}+|(?i:các|những)\s+[^\W\d]{{1,20}}+)"
    r"(?:\s+(?!(?i:chủ|phối|làm|thực|triển|theo|chịu|trong|trước|hoàn|xong|hằng|hàng|đến|thường)\s)[^\W\d]{1,20}+){0,8}"
)
_BODIES = bounded(
    rf"(?:{_KNOWN}|cấp\s+xã|{_OTHER})(?:\s*(?:,|,?\s+(?:và|cùng))\s*(?:{_KNOWN}|cấp\s+xã|{_OTHER})){{0,15}}"
)
# Before a body that no lexicon knows
_APART = bounded(r"(?:^|[,;:(.]|[–—-]|phối\s+hợp|với|cùng|giao|cho|nghị|cầu)\s*$", re.IGNORECASE)
_ONE = bounded(rf"{_MARK}{{1,200}}|{_OTHER}")
_LEADS = bounded(
    r"\s*(?:theo\s+chức\s+năng(?:\s*,\s*nhiệm\s+vụ)?(?:\s+được\s+giao)?\s*)?,?\s*"
    r"(?:(?:là\s+)?(?:cơ\s+quan|đơn\s+vị)\s+)?(?:chủ\s+trì|(?:làm\s+)?đầu\s+mối|chịu\s+trách\s+nhiệm)(?:\s*,?\s+(?:thực\s+hiện|triển\s+khai|tham\s+mưu))*(?!\w)",
    re.IGNORECASE,
)
_TOGETHER = bounded(r"[\s,]*(?:và\s+)?(?:cùng\s+)?phối\s+hợp(?:\s+(?:chặt\s+chẽ|với|cùng))*\s*", re.IGNORECASE)
_HELP = bounded(r"\s*(?:cùng\s+|tham\s+gia\s+)?phối\s+hợp(?!\w)(?!\s+(?:với|cùng)\s)", re.IGNORECASE)
_DO = bounded(r"\s*(?:tổ\s+chức\s+|triển\s+khai\s+)?(?:thực\s+hiện|triển\s+khai)(?!\w)", re.IGNORECASE)
_BREAKS = bounded(r"[\s,;.*_()\[\]]+|[-–—]\s+")
# What a stretch of the kind cannot do without
_TELLS = bounded(
    r"chủ\s+trì|phối\s+hợp|đầu\s+mối|trách\s+nhiệm|thực\s+hiện|20\d\d|qu[ýí]\s|tháng\s|thường\s+xuyên|liên\s+tục|định\s+kỳ|h[ằà]ng\s|\d/\d",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Reader:
    """A walk through a stretch: the bodies so far, and in which part the next ones stand."""

    said: str
    offset: int
    known: dict[int, Mention]
    apart: bool  # brackets, a dash or a label set the names off, so that unknown ones are names too
    roles: dict[str, list[Mention]] = field(default_factory=lambda: {"lead": [], "coordinate": []})
    due: list[int] = field(default_factory=list)
    next: str = "lead"
    asked: bool = False  # "Giao", "Đề nghị" stands before the bodies
    charged: bool = False  # a word, not the place alone, says what a body does

    def read(self) -> bool:
        """Whether the stretch holds nothing but bodies, what they do, and times."""
        at, end = 0, len(self.said)
        while at < end:
            onward = self._step(at)
            if onward <= at:
                return False
            at = onward
        return True

    def _step(self, at: int) -> int:
        m = _BREAKS.match(self.said, at)
        asks = _ASKS.match(self.said, at)
        if m or asks:
            self.asked = self.asked or asks is not None
            return m.end() if m else at if asks is None else asks.end()
        label = _LABELS.match(self.said, at)
        if label:
            if not label.group("due"):
                self.next, self.charged = ("lead" if label.group("lead") else "coordinate"), True
                self.apart = True
            return label.end()
        time = _TIME.match(self.said, at)
        if time:
            self.due += [at, time.end()]
            return time.end()
        report = _REPORTS.match(self.said, at) if self.roles["lead"] else None
        if report:
            reported = _TIME.match(self.said, report.end())
            self.due += [at, reported.end()] if reported else []
            return reported.end() if reported else report.end()
        fills = _FILLS.match(self.said, at)
        if fills:
            return fills.end()
        together = _TOGETHER.match(self.said, at)
        if together and _BODIES.match(self.said, together.end()):
            self.next, self.charged = "coordinate", True
            return self._bodies(together.end())
        return self._bodies(at)

    def _bodies(self, at: int) -> int:
        """A list of bodies and the word behind it that says what they do."""
        m = _BODIES.match(self.said, at)
        if m is None or (self.said[at] != _MARK and not _APART.search(self.said, 0, at)):
            return at
        role, after = self.next, m.end()
        lead, helps = _LEADS.match(self.said, after), _HELP.match(self.said, after)
        does = _DO.match(self.said, after)
        named = list(self._named(m.start(), m.end()))
        if not (self.apart or lead or helps) and any(x.how == "unknown" for x in named):
            return at
        if not self.apart and self.said[at] != _MARK and not self.roles["lead"]:
            return at
        if lead:
            role, self.next, self.charged, after = "lead", "coordinate", True, lead.end()
        elif helps:
            role, self.charged, after = "coordinate", True, helps.end()
        elif _TOGETHER.match(self.said, after) or (does and role == "lead" and (self.apart or self.asked)):
            self.charged = True
        self.roles[role] += named
        return after

    def _named(self, start: int, end: int) -> Iterator[Mention]:
        for m in _ONE.finditer(self.said, start, end):
            known = self.known.get(m.start())
            if known:
                yield known
            elif self.said[m.start()] != _MARK and " " in m.group() and self._is_apart(start, m.start()):
                yield Mention(slug(m.group()), self.offset + m.start(), self.offset + m.end(), "unknown")

    def _is_apart(self, start: int, at: int) -> bool:
        """Whether a name no lexicon knows begins a list or stands behind a comma or "và" in it."""
        return at == start or self.said[start:at].rstrip().endswith((",", "và", "cùng"))


def _masked(text: str, span: Span, found: tuple[Mention, ...]) -> tuple[str, dict[int, Mention]]:
    """The words with every letter of a known body as one mark, and the bodies by their places."""
    parts, at, known = [], span.start, {}
    for m in found:
        if span.start <= m.start and m.end <= span.end:
            parts += [text[at : m.start], _MARK * (m.end - m.start)]
            known[m.start - span.start] = m
            at = m.end
    return "".join((*parts, text[at : span.end])), known


def _opens(text: str, span: Span, found: tuple[Mention, ...]) -> bool:
    """Whether a known body, or a word that stands before one or before a time, begins a stretch."""
    gap = _BREAKS.match(text, *span)
    at = gap.end() if gap else span.start
    openings = (_ASKS, _LABELS, _FILLS, _TOGETHER, _TIME)
    return (bool(found) and any(m.start == at for m in found)) or any(p.match(text, at, span.end) for p in openings)


def _read(text: str, span: Span, found: tuple[Mention, ...], apart: bool = False) -> tuple[Trailer, bool] | None:
    """What the whole of a stretch says, and whether words charge the bodies in it."""
    if span.end - span.start > _LONGEST or not (apart or _opens(text, span, found)) or not _TELLS.search(text, *span):
        return None
    said, known = _masked(text, span, found)
    reader = _Reader(said, span.start, known, apart)
    if not reader.read() or not (reader.due or any(reader.roles.values())):
        return None
    due = Span(span.start + reader.due[0], span.start + reader.due[-1]) if reader.due else None
    leads, helpers = reader.roles["lead"], reader.roles["coordinate"]
    if (leads or helpers) and not any(m.how != "unknown" for m in (*leads, *helpers)):
        return None
    return Trailer(span, tuple(leads), tuple(helpers), due), reader.charged


_ASIDE = bounded(r"[\s*_]*[(\[–—-]")


def trailer(text: str, span: Span, found: tuple[Mention, ...]) -> Trailer | None:
    """What a sentence says that says nothing else: bodies that a word charges, or in brackets with a time; a time."""
    apart = _ASIDE.match(text, *span) is not None
    read = _read(text, span, found, apart)
    if read is None:
        return None
    said, charged = read
    bodies = said.leads or said.coordinators
    return said if charged or not bodies or (said.due and apart) else None


_CLOSED = bounded(r"[)\]][\s.;,*_]*$")
_DASH = bounded(rf"\s[–—-]\s+(?=[{UPPER}])")
_LAST = bounded(r";\s+(?=\S)")
_REACH = 450  # characters from an aside's beginning to the end of its sentence
# "báo cáo (Sở A)", "của (Sở A)": whom the words before are about
_TOLD = bounded(r"(?:báo\s+cáo|gửi(?:\s+về)?|trình|của|về|với|cho)\s*$", re.IGNORECASE)


# "(Bộ Y tế, 2021)": who wrote what is spoken of, and when
_CITES = bounded(r"\s*,\s*(?:năm\s+)?20\d\d\s*$", re.IGNORECASE)


def aside(text: str, span: Span, found: tuple[Mention, ...]) -> Trailer | None:
    """What the brackets, or the words behind a dash, say that close a sentence: bodies with a role or a time."""
    if not found or found[-1].end < span.end - _REACH:
        return None
    for start, end, apart in _asides(text, span, found):
        read = _read(text, Span(start, end), found, apart)
        if read is None or not (read[0].leads or read[0].coordinators):
            continue
        said, charged = read
        explains = any(not text[m.end : start].strip(" (\n") for m in found if m.end <= start)
        explains = explains or _CITES.fullmatch(text, said.leads[-1].end if said.leads else start, end) is not None
        told = explains or not apart or _TOLD.search(text, max(span.start, start - 40), start - 1)
        if charged or (said.due and not told):
            return said
    return None


def _asides(text: str, span: Span, found: tuple[Mention, ...]) -> Iterator[tuple[int, int, bool]]:
    """Where an aside may stand at a sentence's close: in brackets, behind a dash, or in its last clauses."""
    near = max(span.start, span.end - _REACH)
    closed = _CLOSED.search(text, max(near, span.end - 8), span.end)
    opening = _opening(text, near, closed.start()) if closed else -1
    if closed and opening > near:
        yield opening + 1, closed.start(), True
    first = {m.start for m in found}
    dashes = [m for m in _DASH.finditer(text, near + 1, span.end) if m.end() in first]
    clauses = list(_LAST.finditer(text, near + 1, span.end))
    yield from ((m.end(), span.end, True) for m in dashes[-3:])
    yield from ((m.end(), span.end, False) for m in clauses[-3:])


def _opening(text: str, start: int, closing: int) -> int:
    """The bracket that ``closing`` closes, or -1."""
    depth = 0
    for at in range(closing, start - 1, -1):
        depth += (text[at] in ")]") - (text[at] in "([")
        if depth == 0:
            return at
    return -1


_DONE = r"thực\s+hiện|hoàn\s+thành|xong|triển\s+khai|áp\s+dụng|thường\s+xuyên"
_CLAUSE = bounded(
    rf"[;,]\s+(?=(?:{_DONE})(?!\w))|(?<=[^\d\s])\s[–—-]\s+(?=(?:{_DONE}|quý|tháng|trước)\s)", re.IGNORECASE
)


def closing_time(text: str, span: Span) -> Span | None:
    """The time of a last clause that holds nothing else: "...; thực hiện thường xuyên"."""
    for clause in _CLAUSE.finditer(text, max(span.start, span.end - 90), span.end):
        read = _read(text, Span(clause.end(), span.end), ())
        if read:
            return read[0].due
    return None


_GROUP = bounded(
    r"""[\s*_(\[\-–+]*(?:các|những|toàn\s+bộ)\s+(?:nhiệm\s+vụ|nội\s+dung|công\s+việc|hoạt\s+động|giải\s+pháp)(?:\s*,\s*giải\s+pháp)?
    (?:\s+(?:nêu|tại|ở|trong|thuộc|của|trên|dưới\s+đây|sau\s+đây|sau|này|mục|phần|nhóm|khoản|và|cụ\s+thể|(?:các\s+)?điểm\s+(?P<letters>[a-zđ](?:\s*(?:,|và)\s*[a-zđ](?!\w))*)(?!\w)))+
    \s*[:,]?\s*(?=do\s|giao\s|được\s+giao|đơn\s+vị|cơ\s+quan|chủ\s+trì)(?:được\s+giao(?:\s+cho)?\s+)?""",
    re.IGNORECASE | re.VERBOSE,
)
_LETTER = re.compile(r"[a-zđ]")


def group(text: str, span: Span) -> GroupTrailer | None:
    """ "(Các nhiệm vụ tại mục này do Sở A chủ trì ...)": what a sentence says of the tasks of its section."""
    m = _GROUP.match(text, *span)
    end = span.start + len(text[span.start : span.end].rstrip(" \n:"))
    read = _read(text, Span(m.end(), end), tuple(mentions(text, m.end(), end))) if m else None
    if m is None or read is None or not read[1]:
        return None
    letters = _LETTER.findall(re.sub(r"\w{2,}", " ", (m["letters"] or "").lower()))
    return GroupTrailer(read[0], tuple(letters))
