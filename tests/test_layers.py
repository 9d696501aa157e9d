"""Imports point down only, and heavy libraries stay in their rooms: read from the syntax tree, nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "compare"

LEVELS = {
    0: {"records", "errors", "version"},
    1: {
        "lexicon",
        "patterns",
        "numbers",
        "coverage",
        "frames",
        "normalise",
        "trie",
        "terms",
        "gloss",
        "wording",
        "download",
        "register",
        "display",
    },
    2: {
        "read",
        "structure",
        "extract",
        "classify",
        "similarity",
        "profiles",
        "selection",
        "embeddings",
        "explanation",
        "alignment",
        "align",
        "review",
        "evaluate",
        "diff",
    },
    3: {"pipeline"},
    4: {"tables", "figures", "report", "notebook", "comparison", "findings", "matrix", "chronicle"},
    5: {"cli"},
}
LEVEL = {room: level for level, rooms in LEVELS.items() for room in rooms}
# The stages that may see another one: pairs are told by similarity, sectors and the agencies that an item names.
SEES = {
    ("alignment", "similarity"), ("alignment", "profiles"), ("alignment", "selection"), ("alignment", "extract"),
    ("profiles", "similarity"), ("profiles", "classify"), ("profiles", "extract"), ("selection", "similarity"),
    ("alignment", "embeddings"), ("embeddings", "similarity"),
    ("explanation", "alignment"), ("explanation", "profiles"), ("explanation", "similarity"),
    ("explanation", "extract"),
    ("align", "similarity"), ("align", "classify"), ("align", "extract"),
    ("review", "alignment"), ("review", "similarity"), ("evaluate", "alignment"),
}  # fmt: skip
# They draw and print what they are handed: no stage, no pipeline.
PRESENT = {"tables", "figures", "report"}
# Library -> the rooms that may import it.
ROOMS = {
    "click": {"cli"},
    "matplotlib": {"figures"},
    "mpl_toolkits": {"figures"},
    "openpyxl": {"tables"},
    "rich": {"cli", "tables"},
    "jinja2": {"report", "tables"},
    "pytesseract": {"read"},
    "sentence_transformers": {"embeddings"},
    "transformers": {"embeddings"},
}
# Imported when first needed, never at the head of a module.
LATE = {
    "pandas",
    "matplotlib",
    "openpyxl",
    "charset_normalizer",
    "rapidfuzz",
    "jinja2",
    "pytesseract",
    "sentence_transformers",
    "transformers",
}


class Import(NamedTuple):
    """One imported module: by whom, where, and whether it is only for types or inside a function."""

    room: str
    place: str
    target: str
    late: bool
    typed: bool = False


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def _imports() -> Iterator[Import]:
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from _walk(tree, path, late=False)


def _walk(node: ast.AST, path: Path, late: bool, typed: bool = False) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        only_typed = typed or _for_types(child)
        inside = late or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or only_typed
        names: list[str] = []
        if isinstance(child, ast.Import):
            names = [a.name for a in child.names]
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{path}:{child.lineno}: relative import"
            module = child.module or ""
            names = [f"compare.{a.name}" for a in child.names] if module == "compare" else [module]
        for name in names:
            yield Import(_room(path), f"{path.relative_to(PACKAGE)}:{getattr(child, 'lineno', 0)}", name, inside, typed)
        yield from _walk(child, path, inside, only_typed)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


IMPORTS = list(_imports())
OWN = [(i, i.target.split(".")[1]) for i in IMPORTS if i.target.startswith("compare.") and i.room != "__init__"]


def test_every_module_has_a_level() -> None:
    rooms = {_room(p) for p in PACKAGE.rglob("*.py")} - {"__init__"}
    assert not rooms - set(LEVEL), "give these a level in LEVELS"


def test_no_import_points_up() -> None:
    upward = [f"{i.place} imports {i.target}" for i, to in OWN if LEVEL.get(to, -1) > LEVEL.get(i.room, 9)]
    assert not upward


def test_stages_do_not_import_each_other() -> None:
    crossing = [
        f"{i.place} imports {i.target}"
        for i, to in OWN
        if LEVEL.get(i.room) == LEVEL.get(to) == 2 and i.room != to and (i.room, to) not in SEES
    ]
    assert not crossing


def test_presentation_takes_results_not_stages() -> None:
    taken = [f"{i.place} imports {i.target}" for i, to in OWN if i.room in PRESENT and LEVEL.get(to) in (2, 3)]
    assert not taken


@pytest.mark.parametrize("library", sorted(ROOMS))
def test_libraries_stay_in_their_rooms(library: str) -> None:
    here = [i for i in IMPORTS if i.target.split(".")[0] == library and not i.typed]
    strays = [i.place for i in here if i.room not in ROOMS[library]]
    assert not strays


@pytest.mark.parametrize("library", sorted(LATE))
def test_heavy_libraries_are_imported_when_needed(library: str) -> None:
    early = [i.place for i in IMPORTS if i.target.split(".")[0] == library and not i.late and i.room != "figures"]
    assert not early


def test_library_code_prints_nothing() -> None:
    printing = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if _room(path) == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                printing.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert not printing


def test_the_walk_finds_an_upward_import() -> None:
    """The check itself: a planted import in a function, and one behind TYPE_CHECKING, are seen."""
    source = "def f():\n    from compare.cli import main\n"
    typed = "if TYPE_CHECKING:\n    import click\n"
    found = list(_walk(ast.parse(source + typed), PACKAGE / "records.py", late=False))
    assert [(i.room, i.target, i.late, i.typed) for i in found] == [
        ("records", "compare.cli", True, False),
        ("records", "click", True, True),
    ]
    assert LEVEL["cli"] > LEVEL["records"]
