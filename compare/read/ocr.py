"""Scanned pages of a PDF, read by the program tesseract where it is installed (the extra ``ocr``).

A page is drawn by PDFium and its words come back with their places in the picture. These become the runs that a text
layer would have had, and long thin dark lines the rules of tables, so that headers, page numbers, columns, paragraphs
and tables are told as on any other page. A page that leans by up to two degrees is set upright first: rules that lean
make no table.
"""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean, median
from typing import Any, NamedTuple

from compare.errors import ReadError
from compare.read.parts import one_line
from compare.read.pdf_page import MAX_RULES, Box, Page, Rule, Ruled, Run, _box_at, _tables

_DPI = 300
_LONGEST = 5_000  # pixels of a page's longer side: A3 at 300 dpi; photographs saved as pages are often larger
_SECONDS = 300  # for one page
_UNSURE = 70.0  # confidence of a page, of 100, below which the warning names it
_NOISE = 30.0  # confidence below which marks without a letter or digit are specks
_LEAN = 20  # tenths of a degree up to which a page is set upright
_DARK = 150  # of 255: what is darker is ink
_ACROSS, _DOWN = 24, 18  # points from which a line is a rule: no letter is as wide or as high
_THICK = 3  # points up to which it is a rule and not a dark area
_RULES = frozenset("|¦_")  # what tesseract makes of the rules of a table
_NAMED = 10  # pages that a warning names at most

# The parts of a character above and below the base line, in heights of the font, as in Times, which plans are set in.
_TALL = frozenset("bdđfhijkl")
_ABOVE_SMALL, _ABOVE_T, _ABOVE_TALL, _ABOVE_CAPITAL = 0.47, 0.58, 0.69, 0.67
_MARKS = (0.0, 0.23, 0.39)  # none, one, two marks above a letter
_HORN, _HOOK = 0.06, 0.15  # ơ, ư; ả is higher than á
_UPRIGHT = frozenset("()[]/%&!?\"'“”‘’")  # marks as high as capitals
_BELOW = {**dict.fromkeys("gjpqy()", 0.21), **dict.fromkeys(",;", 0.15), "Q": 0.16}
_BELOW_DOT = 0.19
_SAME_SIZE = 0.2  # share by which the heights of lines in one font come out differently


class Word(NamedTuple):
    """A word in a picture: its line there, its edges in pixels from the upper left corner, 0 to 100 for how sure."""

    line: tuple[int, int, int]
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    text: str


class Scans(NamedTuple):
    """What became of a PDF's pictures: the confidence (0 to 100) of each page read, or what is missing to read them."""

    confidence: dict[int, float]
    missing: str

    def note(self) -> str:
        """How sure the words are, for a warning."""
        pages = self.confidence
        low = [f"{n + 1} ({c:.0f})" for n, c in sorted(pages.items()) if c < _UNSURE]
        more = f" and {len(low) - _NAMED} more" if len(low) > _NAMED else ""
        unsure = f", low on page{'s' * (len(low) > 1)} {', '.join(low[:_NAMED])}{more}" if low else ""
        said = f"{len(pages)} scanned page{'s' * (len(pages) > 1)} read by tesseract"
        return f"{said}: mean confidence {fmean(pages.values()):.0f} of 100{unsure}"


def missing() -> str:
    """What has to be installed before a scan can be read, empty where nothing is missing."""
    lacks: list[str] = []
    program = shutil.which("tesseract")
    if program is None:
        lacks.append("the program tesseract with Vietnamese (apt install tesseract-ocr tesseract-ocr-vie)")
    elif "vie" not in _languages(program):
        lacks.append("tesseract's language data vie (apt install tesseract-ocr-vie)")
    try:
        import pytesseract  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        lacks.append("the package pytesseract (pip install 'plandiff[ocr]')")
    return " and ".join(lacks)


def _languages(program: str) -> set[str]:
    try:
        said = subprocess.run([program, "--list-langs"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return set()
    return {line.strip() for line in (said.stdout + said.stderr).decode("utf-8", "replace").splitlines()}


def recognise(source: str, document: Any, pages: list[Page], scanned: list[int]) -> Scans:
    """Reads the pages ``scanned`` of a document of pypdfium2 and puts their words into ``pages``.

    A page without a word stays as it is. Raises ReadError where tesseract breaks off.
    """
    lacks = missing() if scanned else ""
    if lacks or not scanned:
        return Scans({}, lacks)
    confidence: dict[int, float] = {}
    for n in scanned:
        page = pages[n]
        scale = min(_DPI / 72, _LONGEST / max(page.width, page.height))
        found, ruled = _page_words(source, document, n, scale)
        if found:
            page.runs[:], page.tables[:] = _placed(found, ruled, page.height, scale)
            page.chars = sum(len(w.text) for w in found)
            confidence[n] = fmean(w.confidence for w in found)
    return Scans(confidence, "")


def _page_words(source: str, document: Any, n: int, scale: float) -> tuple[list[Word], list[Ruled]]:
    """The words on a page, and its ruled tables without words in them."""
    import numpy as np
    import pytesseract

    page = document[n]
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        # The resolution keeps tesseract from guessing it; as text, because its own tables shift where a field is empty.
        picture = upright(bitmap.to_pil())
        told: str = pytesseract.image_to_data(picture, lang="vie", config=f"--dpi {_DPI}", timeout=_SECONDS)
        return list(words_of(told)), tables_of(np.asarray(picture), scale)
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError, SystemExit) as error:
        # SystemExit: pytesseract's answer to a version that it cannot read. TesseractError: (status, message).
        said = one_line(str(error.args[-1] if error.args else error))[:120]
        problem = f"tesseract broke off at page {n + 1} ({said})"
        raise ReadError(source, problem, "try it by itself: tesseract --version; or give the plan's text") from None
    finally:
        bitmap.close()
        page.close()


def words_of(tsv: str) -> Iterator[Word]:
    """The words of tesseract's table (level, page, block, paragraph, line, word, box, confidence, text).

    Raises ValueError where a field is not the number that it should be.
    """
    for row in tsv.split("\n"):
        cells = row.rstrip("\r").split("\t", 11)
        if len(cells) < 12 or cells[0] != "5":
            continue
        text, sure = unicodedata.normalize("NFC", cells[11].strip()), float(cells[10])
        speck = sure < _NOISE and not any(c.isalnum() for c in text)
        if not text or sure < 0 or speck or _RULES.issuperset(text):
            continue
        block, paragraph, line, _, left, top, width, height = map(int, cells[2:10])
        yield Word((block, paragraph, line), left, top, left + width, top + height, sure, text)


def upright(picture: Any) -> Any:
    """A grey picture (of Pillow) turned so that its lines are level: there the rows' darkness changes most sharply."""
    import numpy as np

    small = picture.resize((max(picture.width // 3, 1), max(picture.height // 3, 1)))

    def sharpness(tenths: int) -> float:
        rows = np.asarray(small.rotate(tenths / 10, fillcolor=255), dtype="float64").mean(axis=1)
        return float((np.diff(rows) ** 2).sum())

    angle = max(sorted(range(-_LEAN, _LEAN + 1), key=abs), key=sharpness)
    return picture.rotate(angle / 10, resample=2, fillcolor=255) if angle else picture  # 2: bilinear


def tables_of(picture: Any, scale: float) -> list[Ruled]:
    """The ruled tables of a grey picture (an array of 0 to 255, row by row), ``scale`` pixels in a point."""
    dark = (picture < _DARK).astype("int8")
    height = dark.shape[0] / scale
    thick = round(_THICK * scale)
    across = [
        Rule(height - y / scale, low / scale, high / scale)
        for y, low, high in _thin(dark, round(_ACROSS * scale), thick)
    ]
    down = [
        Rule(x / scale, height - high / scale, height - low / scale)
        for x, low, high in _thin(dark.T, round(_DOWN * scale), thick)
    ]
    if len(across) + len(down) > 8 * MAX_RULES:  # every row of pixels counts
        return []
    return [t for t in _tables(across, down) if len(t.boxes) > 1]


def _thin(dark: Any, length: int, thick: int) -> list[tuple[float, int, int]]:
    """Dark lines along the rows of an array: (the row's middle, begin, end), at least ``length`` long, not thicker."""
    import numpy as np

    lines = _opened(dark, length)
    lines = lines & ~_opened(lines.T.astype("int8"), thick + 1).T
    edges = np.diff(lines.astype("int8"), axis=1, prepend=0, append=0)
    begins, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    return [(y + 0.5, int(low), int(high)) for (y, low), (_, high) in zip(begins.tolist(), ends.tolist(), strict=True)]


def _opened(mask: Any, length: int) -> Any:
    """Where an array of 0 and 1 has runs of at least ``length`` ones along its rows."""
    import numpy as np

    if mask.shape[1] < length:
        return np.zeros(mask.shape, dtype=bool)
    total = np.cumsum(mask, axis=1, dtype="int32")
    total = np.concatenate([np.zeros((len(mask), 1), dtype="int32"), total], axis=1)
    whole = (total[:, length:] - total[:, :-length] == length).astype("int8")  # a run begins here
    # A place is in a run where one begins at most length - 1 before it.
    found = np.cumsum(np.pad(whole, ((0, 0), (0, length - 1))), axis=1, dtype="int32")
    found[:, length:] -= found[:, :-length].copy()
    return found > 0


def _placed(words: list[Word], tables: list[Ruled], height: float, scale: float) -> tuple[list[Run], list[Ruled]]:
    """The runs outside tables, and the tables with those inside in their cells."""
    cells: dict[int, tuple[Box | None, list[Word]]] = {}
    for word in words:
        x, y = (word.left + word.right) / 2 / scale, height - (word.top + word.bottom) / 2 / scale
        box = _box_at(tables, x, y)
        cells.setdefault(id(box), (box, []))[1].append(word)
    usual = usual_size(words) or 10 * scale
    free: list[Run] = []
    for box, inside in cells.values():
        (free if box is None else box.runs).extend(runs_of(inside, usual, height, scale))
    return free, [t for t in tables if any(b.runs for b in t.boxes)]


def usual_size(words: list[Word]) -> float:
    """The font's height, in pixels, that most words of a page have; 0 where none has a letter."""
    sizes = [_size([w]) for w in words]
    return median([s for s in sizes if s] or [0.0])


def runs_of(words: list[Word], usual: float, height: float, scale: float) -> list[Run]:
    """The words as runs on a page ``height`` points high; ``scale`` is pixels in a point, ``usual`` the usual size."""
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    found: list[Run] = []
    for line in lines.values():
        own = _size(line)
        size = own if own and abs(own - usual) > _SAME_SIZE * usual else usual
        base = _base(line, size)
        for part in _parts(sorted(line, key=lambda w: (w.left, w.right)), size):
            text = " ".join(w.text for w in part)
            edges = part[0].left / scale, max(w.right for w in part) / scale
            found.append(Run(text, *edges, height - base / scale, size / scale))
    return found


def _parts(line: list[Word], size: float) -> Iterator[list[Word]]:
    """The words of a line between the gaps that only columns have."""
    part = line[:1]
    for a, b in pairwise(line):
        if b.left - a.right > 1.2 * size:
            yield part
            part = []
        part.append(b)
    yield part


def _size(line: list[Word]) -> float:
    """The font's height in pixels, by the height of every word and the letters it is made of; 0 without letters."""
    heights = [(w.bottom - w.top) / sum(_extent(w.text)) for w in line if any(c.isalnum() for c in w.text)]
    return median(heights) if heights else 0.0


def _base(line: list[Word], size: float) -> float:
    """The base line: a word's box ends there, or lower by what its letters have below."""
    letters = [w for w in line if any(c.isalnum() for c in w.text)]
    return median(w.bottom - size * _extent(w.text)[1] for w in letters or line)


def _extent(text: str) -> tuple[float, float]:
    """How far a word reaches above and below the base line, in heights of its font."""
    both = [_reach(c) for c in text]
    return max(above for above, _ in both), max(below for _, below in both)


def _reach(c: str) -> tuple[float, float]:
    spelt = unicodedata.normalize("NFD", c)
    letter, marks = spelt[0], spelt[1:]
    over = [m for m in marks if m not in "\u0323\u031b"]
    if letter.islower():
        above = _ABOVE_TALL if letter in _TALL else _ABOVE_T if letter == "t" else _ABOVE_SMALL
        above = _ABOVE_SMALL if letter == "i" and over else above  # the mark takes the place of the dot
    else:
        above = _ABOVE_CAPITAL if letter.isalnum() or letter in _UPRIGHT else 0.0
    above += _MARKS[min(len(over), 2)] + (_HOOK if over == ["\u0309"] else 0.0) + (_HORN if "\u031b" in marks else 0.0)
    return above, max(_BELOW.get(letter, 0.0), _BELOW_DOT if "\u0323" in marks else 0.0)
