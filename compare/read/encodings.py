"""Old Vietnamese encodings: Windows-1258, and the font encodings TCVN3 (".VnTime") and VNI ("VNI-Times").

No library that is kept up converts the font encodings, so one table does (lexicons/font_encodings.csv). TCVN3's rows
are the lower half of TCVN 5712:1993, VN3, and agree with glibc's TCVN5712-1; VNI's are those of VNI for Windows: a
letter, then a letter that stands for its marks. Which encoding a file is in is told by how many of its words with
marks become well-formed Vietnamese syllables (lexicons/syllables.csv).

What cannot be known: TCVN3 has no capitals with tones; its fonts for headings (".VnTimeH") draw small letters as
capitals. A letter with a mark becomes a capital where its word has another capital beside it ("CéNG" is "CỘNG") and
at the start of a sentence; elsewhere a name that begins with it stays small ("ủy ban").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from compare.errors import ReadError
from compare.lexicon import read_lexicon
from compare.normalise import bounded
from compare.patterns import UPPER

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_WORD = re.compile(r"[^\W\d_]+(?:[\u00a1-\u00ff\u0300-\u0323][^\W\d_]*)*|[\u00a1-\u00ff][\u00a1-\u00ff\w]*")
# A small letter where a capital must stand: at the start of the text, of a paragraph or item, after a full stop.
_ITEM = r"(?:[-–+•*]|\d{1,2}(?:\.\d{1,2})*\.|[a-zđ]\))[ \t]+"
_SENTENCE = bounded(rf"(?:(?:(?:^|\n\s*\n)\s*|[.!?][\"'”’)]*\s+)(?:{_ITEM})?|(?<=\n)[ \t]*{_ITEM})[\"“'(]*[^\W\dA-Z_]")
# Capitals with marks beside plain ones: a line without has no words in capitals, but for abbreviations.
_MARKED = UPPER.removeprefix("A-Z").replace("Đ", "")
_CAPITALS = re.compile(rf"[A-Z][{_MARKED}]|[{_MARKED}][A-Z]")
# A word of one or two letters whose case its first letter does not tell.
_SHORT = re.compile(r"(?<![^\W_])[A-ZĂÂĐÊÔƠƯ]?[^\W\dA-Za-z_](?![^\W_])")
_SAMPLE = 50_000  # characters
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)", re.I
)
_NAMES = {"x-viet-tcvn": "tcvn3", "tcvn": "tcvn3", "x-viet-tcvn5712": "tcvn3", "x-viet-vni": "vni", "vni": "vni"}


@lru_cache(maxsize=1)
def _syllable() -> re.Pattern[str]:
    rows = read_lexicon("syllables")
    onsets = sorted((r["spelling"] for r in rows if r["part"] == "onset"), key=lambda s: (-len(s), s))
    rhymes = sorted((r["spelling"] for r in rows if r["part"] == "rhyme"), key=lambda s: (-len(s), s))
    return re.compile(f"(?:{'|'.join(onsets)})?(?:{'|'.join(rhymes)})")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a word is a well-formed Vietnamese syllable, in any case: at most one tone, an onset and a rhyme.

    >>> is_syllable("KHOẢN"), is_syllable("khỏan"), is_syllable("ĐIỀ"), is_syllable("x· héi")
    (True, True, False, False)
    """
    plain = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in plain if c in _TONES]
    bare = unicodedata.normalize("NFC", "".join(c for c in plain if c not in _TONES))
    if len(tones) > 1 or not _syllable().fullmatch(bare):
        return False
    # A syllable closed by c, ch, p, t carries no other tones than acute and dot.
    return not (tones and re.search(r"(?:c|ch|p|t)$", bare) and tones[0] not in "\u0301\u0323")


# Bytes 80 to 9F are quotation marks and dashes, as in the Windows code page that the fonts extend.
_PUNCTUATION = {i: bytes([i]).decode("cp1252", "replace").replace("\ufffd", "") for i in range(0x80, 0xA0)}


def _windows(raw: bytes) -> str:
    return raw.decode("latin-1").translate(_PUNCTUATION)


@lru_cache(maxsize=2)
def _table(encoding: str) -> dict[str, str]:
    rows = [r for r in read_lexicon("font_encodings") if r["encoding"] == encoding]
    return {bytes.fromhex(r["bytes"]).decode("latin-1"): r["character"] for r in rows}


@lru_cache(maxsize=2)
def _pattern(encoding: str) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _table(encoding)), key=lambda s: (-len(s), s))))


def from_font(text: str, encoding: str) -> str:
    """Text in a font encoding (as Latin-1 characters) to Unicode; other text as it stands.

    ``encoding``: tcvn3, tcvn3-capitals (a font that draws capitals), vni, or empty.

    >>> from_font("CéNG HßA X· HéI", "tcvn3"), from_font("Kính gôûi UÛY BAN", "vni")
    ('CỘNG HÒA XÃ HỘI', 'Kính gởi ỦY BAN')
    """
    if not encoding:
        return text
    name = encoding.removesuffix("-capitals")
    text = re.sub(r"[\uf0a1-\uf0ff]", lambda m: chr(ord(m.group()) - 0xF000), text)  # Word's symbol fonts
    found = _converted(text, name)
    if encoding == "tcvn3-capitals":
        return found.upper()
    return _capitals(text, found) if name == "tcvn3" else found


def _converted(text: str, name: str) -> str:
    """Letter for letter; TCVN3 has one character for one."""
    if name == "tcvn3":
        return text.translate(_letters())
    return _pattern(name).sub(lambda m: _table(name)[m.group()], text)


@lru_cache(maxsize=1)
def _letters() -> dict[int, str]:
    return {ord(c): letter for c, letter in _table("tcvn3").items()}


def _capitals(typed: str, text: str) -> str:
    """Capitals that TCVN3 could not write: beside a capital in its word ("CộNG"), at the start of a sentence ("ủy").

    ``typed`` is the text before conversion, of the same length: only a letter that it has with its mark is in doubt.
    """

    def whole(m: re.Match[str]) -> str:
        plain = [c for c in m.group()[1:] if c.isascii()]
        return m.group().upper() if plain and all(c.isupper() for c in plain) else m.group()

    def heading(m: re.Match[str]) -> str:
        line = m.group()
        if not _CAPITALS.search(line):
            return line
        shorts = {s.start() for s in _SHORT.finditer(line)}
        told = [(w.start(), w.group().isupper()) for w in re.finditer(r"[^\W\d_]{2,}", line) if is_syllable(w.group())]
        told = [(at, capital) for at, capital in told if at not in shorts]

        def beside(s: re.Match[str]) -> str:
            before = [capital for at, capital in told if at < s.start()][-1:]
            after = [capital for at, capital in told if at > s.start()][:1]
            return s.group().upper() if (before or after) and all(before + after) else s.group()

        return _SHORT.sub(beside, line) if any(capital for _, capital in told) else line

    text = re.sub(r"(?=\w*[^\W\d_A-Z])(?=\w*[A-ZĂÂĐÊÔƠƯ])[^\W\d_]{2,}", whole, text)
    text = re.sub(r"[^\n]+", heading, text)
    return _SENTENCE.sub(
        lambda m: m.group() if typed[m.end() - 1].isascii() else m.group()[:-1] + m.group()[-1].upper(), text
    )


def font_encoding(font: str) -> str:
    """The encoding that a font's name stands for; empty for a Unicode font.

    >>> font_encoding(".VnTimeH"), font_encoding("VNI-Times"), font_encoding("Times New Roman")
    ('tcvn3-capitals', 'vni', '')
    """
    name = font.strip().strip("'\"").lower()
    if name.startswith(".vn"):
        return "tcvn3-capitals" if name.split(" ")[0].endswith("h") and len(name) > 5 else "tcvn3"
    return "vni" if re.match(r"vni[-\s]", name) else ""


def share(text: str, limit: int = _SAMPLE) -> tuple[float, int]:
    """How many of the words with marks are well-formed syllables (0 to 1), and how many such words there are."""
    said = [w for w in _WORD.findall(unicodedata.normalize("NFC", text[:limit])) if not w.isascii()]
    return (sum(map(is_syllable, said)) / len(said) if said else 0.0), len(said)


def unfont(text: str) -> tuple[str, str]:
    """Unicode text that is font-encoded text in disguise ("x· héi"), converted; and the encoding's name or ""."""
    if not re.search(r"[\u00a1-\u00ff]", text[:_SAMPLE]):
        return text, ""
    own, count = share(text)
    if own > 0.5 or count < 5:
        return text, ""
    scores = {e: share(_converted(text[:_SAMPLE], e))[0] for e in ("tcvn3", "vni")}
    best = max(scores, key=lambda e: scores[e])
    return (from_font(text, best), best) if scores[best] > max(0.8, own + 0.3) else (text, "")


def legacy(raw: bytes) -> tuple[str, str] | None:
    """The text of bytes that are no UTF, if one of the old Vietnamese encodings makes syllables of it."""
    head = raw[:_SAMPLE]
    scores = {name: share(_converted(_windows(head), name)) for name in ("tcvn3", "vni")}
    scores["cp1258"] = share(head.decode("cp1258", "replace"))
    best = max(scores, key=lambda name: (scores[name][0], name))
    if scores[best][0] < 0.6 or (scores[best][1] < 5 and scores[best][0] < 0.95):
        return None
    return raw.decode("cp1258", "replace") if best == "cp1258" else from_font(_windows(raw), best), best


def decode_markup(source: str, raw: bytes) -> tuple[str, str]:
    """HTML or XML: a byte order mark decides, then valid UTF-8, then what is declared, then what makes syllables."""
    from compare.read.text import decode

    declared = next(
        (g.decode("ascii") for m in [_DECLARED.search(raw[:4096])] if m for g in m.groups() if g), ""
    ).lower()
    if raw[:3] == b"\xef\xbb\xbf" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return decode(source, raw)
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        cut = error.start > len(raw) - 4  # a download that ended inside a character
    if cut:
        return raw.decode("utf-8", "ignore"), "utf-8"
    if declared in _NAMES:
        return from_font(_windows(raw), _NAMES[declared]), _NAMES[declared]
    if declared in ("utf-8", "utf8"):
        text = raw.decode("utf-8", "replace")
        if text.count("\ufffd") < 0.001 * len(text):
            return text, "utf-8"
    found = legacy(raw)
    if found is not None:
        return found
    try:
        return raw.decode(declared), declared
    except (LookupError, UnicodeDecodeError):
        return decode(source, raw)


def wide(source: str, raw: bytes) -> tuple[str, str] | None:
    """UTF-16 without a byte order mark, told by the NUL in every second byte of Latin letters."""
    head = raw[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < 0.3 * len(head) / 2 or min(even, odd) > 0.1 * max(even, odd):
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise ReadError(source, f"broken {encoding} at byte {error.start}", "save it as UTF-8") from None
