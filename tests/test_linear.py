"""Reading takes linear time, whatever the text: every named pattern on its near-matches, and whole documents."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import pytest

import compare
from compare.errors import PlanError
from compare.pipeline import parse
from compare.records import Document
from tests.places import EDITIONS

# Characters of each near-match; what backtracks over one of them needs some 10 ** 9 steps, over a minute.
STRETCH = 32_000
SIZE = 1_000_000  # characters of all of a pattern's near-matches
SECONDS = 10.0  # for those; the slowest pattern takes a fifth of it

# What opens without closing, counts without a unit, lists without an end: near-matches of most patterns at once
OPENINGS = (
    "giao nhiệm vụ ", "Sở ", "từ ngày 1/1 đến ", "1.234.567,", "phối hợp ", "số ", " \n", "(", "A. ", "“", "|", "a", "A",
    "1", "ngày 1 tháng ", "A b ", "Sở Y tế, ", "- ", "1.", "/", "\u0301", "1 - ", "(a", "các ", "và ", "[A", "&",
)  # fmt: skip


@lru_cache(maxsize=1)
def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern that a module of the package holds under a name, or in a table under a name."""
    found: dict[str, re.Pattern[str]] = {}
    seen: set[tuple[str, int]] = set()
    for module in pkgutil.walk_packages(compare.__path__, "compare."):
        if ".cli" in module.name:
            continue  # importing the command line's modules is fine, but they read no plans
        for name, value in vars(importlib.import_module(module.name)).items():
            of_name = value.items() if isinstance(value, dict) else [("", value)]
            for kind, pattern in of_name:
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    if (pattern.pattern, pattern.flags) not in seen:
                        found[f"{module.name.removeprefix('compare.')}.{name}{kind and f'[{kind}]'}"] = pattern
                    seen.add((pattern.pattern, pattern.flags))
    return found


@lru_cache(maxsize=1)
def editions() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(EDITIONS.glob("*.txt")))


def near_matches(pattern: re.Pattern[str]) -> str:
    """What the pattern finds in the editions without its last characters, again and again; then the openings."""
    own = sorted({m.group() for m in pattern.finditer(editions())}, key=lambda words: (-len(words), words))
    cut = [words[:-n] for words in [*own[:2], *own[-1:]] for n in (1, 3) if words[:-n]]
    stretches = [(words * (STRETCH // len(words) + 1))[:STRETCH] for words in [*cut, *OPENINGS]]
    return "\0".join(stretches)[:SIZE].ljust(SIZE, "x")


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Breaks off after so many seconds of this process's own time."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_many_patterns_are_found() -> None:
    assert len(patterns()) > 100


@pytest.mark.parametrize("name", patterns())
def test_a_pattern_takes_linear_time_on_a_megabyte_of_near_matches(name: str) -> None:
    text = near_matches(patterns()[name])
    with limit(SECONDS):
        for _ in patterns()[name].finditer(text):
            pass


def test_the_limit_breaks_off_a_pattern_that_is_not_linear() -> None:
    with pytest.raises(TimeoutError), limit(0.2):
        re.compile(r"(a+)+b").search("a" * 100)


_TASK = "Sở Y tế chủ trì, phối hợp với Sở Tài chính rà soát, xây dựng kế hoạch trước ngày 30/6/2025. "
# What a document is filled with, once and then again and again
DOCUMENTS = {
    "one line": ("KẾ HOẠCH\n", _TASK),
    "one clause": ("KẾ HOẠCH\n1. ", "rà soát các nhiệm vụ "),
    "lines of one capital": ("", "A\n"),
    "markers in markers": ("", "I. 1. a) - "),
    "bodies in a row": ("1. Các đơn vị: ", "Sở Y tế, Sở Tài chính, "),
    "unknown bodies": ("1. Các đơn vị: ", "Sở Ma Tuý Xa, Chi cục Abc Def, "),
    "a list of departments": ("1. Các Sở: ", "Y tế, Tài chính, "),
    "districts in a row": ("1. ", "UBND huyện Thọ Xuân, "),
    "helpers in a row": ("1. Sở Y tế ", "phối hợp với Sở Tài chính "),
    "labels on one line": ("1. Rà soát\nCơ quan chủ trì: Sở Y tế", "; phối hợp: Sở Y tế"),
    "asides in a row": ("1. Mở lớp ", "; Sở Y tế phối hợp"),
    "notes on a section": (
        "I. NHIỆM VỤ\n",
        "- Mở lớp học.\n\nCác nhiệm vụ tại mục này do Sở Y tế chủ trì, năm 2024.\n\n",
    ),
    "targets in a row": ("1. Phấn đấu năm 2025 ", "tỷ lệ hộ nghèo đạt 12,5%, "),
    "numbers in a row": ("1. Phấn đấu năm 2025 tỷ lệ hộ nghèo đạt ", "12,5%; "),
    "headings of tables": ("", "| STT |\n"),
    "citations": ("1. Thực hiện ", "Nghị quyết số 18-NQ/TU ngày 05/12/2024 của Tỉnh ủy, "),
    "open quotations": ("", "1. Chủ đề “"),
    "marks without letters": ("1. Rà soát ", "\u0301"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_takes_linear_time(name: str) -> None:
    once, again = DOCUMENTS[name]
    text = once + again * (150_000 // len(again))
    with limit(2 * SECONDS):
        try:
            plan = parse(Document("hostile.txt", text, "text", ""))
        except PlanError:
            return  # it says so at once where it finds nothing to read
    assert all(text[task.start : task.end].strip() for task in plan.tasks)
