"""The documentation says what the code does: pages that are written by a script are fresh, numbers and names are right."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from compare import alignment, frames, wording
from compare.chronicle import follow
from compare.comparison import COLUMNS, Comparison
from compare.diff.gaps import ORDER
from compare.pipeline import read_plans
from compare.tables import Table, render
from compare.version import __version__
from tests.places import EDITIONS, ROOT
from tests.test_cli import run

METHODS = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
CONTRACT = {**frames.PARSE_TABLES, **COLUMNS, **frames.HISTORY_TABLES}


@lru_cache
def script(name: str) -> ModuleType:
    """A script of benchmarks/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Commands -----------------------------------------------------------------------------------------------------------


def test_the_page_of_commands_is_up_to_date() -> None:
    committed = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert committed == script("docs_commands").page(), "run python benchmarks/docs_commands.py"


def test_the_page_of_commands_has_every_option() -> None:
    docs = script("docs_commands")
    found = dict(docs.commands(docs.plandiff, docs.NAME))
    assert {"plandiff diff", "plandiff corpus fetch", "plandiff review queue"} <= set(found)
    for name, command in found.items():
        section = docs.section(name, command)
        for param in command.params:
            if param.param_type_name == "option":
                assert all(o in section for o in param.opts), (name, param.opts)
                assert not param.required or "Required." in section


# Methods ------------------------------------------------------------------------------------------------------------


def named_values() -> list[tuple[str, str]]:
    """The constants that the page on methods tells, as rows of "`module.NAME` | value"."""
    return re.findall(r"(?m)^\| `([\w.]+\.[A-Z_]+)` \| ([\d.]+) \|", METHODS)


def test_the_methods_tell_the_constants() -> None:
    assert len(named_values()) >= 10


@pytest.mark.parametrize(("name", "value"), named_values())
def test_a_constant_in_the_methods_is_the_one_in_the_code(name: str, value: str) -> None:
    module, _, constant = name.rpartition(".")
    assert getattr(importlib.import_module(f"compare.{module}"), constant) == float(value)


def test_the_methods_tell_every_feature_and_gap() -> None:
    told = set(re.findall(r"(?m)^\| `(\w+)` \|", METHODS))
    assert {*alignment.FEATURES, alignment.IDENTICAL} <= told
    assert set(ORDER) <= set(re.findall(r"`(\w+)`", METHODS))
    assert set(alignment.coefficients()) - {"intercept"} <= told


def test_the_worked_example_of_the_methods_is_true() -> None:
    ids = re.search(r"plandiff explain (\S+) (\S+) (\S+) (\S+)", METHODS)
    assert ids is not None
    found = Comparison.of(ROOT / ids[1], ROOT / ids[2])
    left, right = f"{found.left.plan_id}/{ids[3]}", f"{found.right.plan_id}/{ids[4]}"
    match = next(m for m in found.pairs.matches if (m.left_id, m.right_id) == (left, right))
    assert match.accepted and match.relation == "equivalent"
    total = alignment.coefficients()["intercept"] + sum(e.log_odds for e in match.evidence)
    assert np.isclose(1 / (1 + np.exp(-total)), match.probability, atol=1e-3)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target
    for path in re.findall(r"(?<![\w/])(?:compare|benchmarks|data|docs)/[\w./-]*\w\.(?:py|csv|md|txt|json)", text):
        assert (ROOT / path).exists(), path


# Citation -----------------------------------------------------------------------------------------------------------

# What CFF 1.2.0 asks for, and those of its further keys that are of use here.
CFF_NEEDED = {"cff-version", "message", "title", "authors"}
CFF_KNOWN = CFF_NEEDED | {"abstract", "date-released", "keywords", "license", "type", "version", "repository-code"}


def citation() -> dict[str, Any]:
    """CITATION.cff, which keeps to a part of YAML: quoted strings, lists of them, lists of one-line mappings."""
    found: dict[str, Any] = {}
    key = ""
    for line in (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        top = re.fullmatch(r'([a-z-]+):(?: (".*"))?', line)
        item = re.fullmatch(r'  - (?:([a-z-]+): )?(".*")', line)
        assert top or (item and isinstance(found.get(key), list)), line
        if top:
            key = top[1]
            assert key not in found
            found[key] = json.loads(top[2]) if top[2] else []
        elif item:
            value = json.loads(item[2])
            found[key].append({item[1]: value} if item[1] else value)
    return found


def test_the_quality_page_holds_the_readings_and_no_more_rows_than_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    readings = script("readings")
    page = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    assert "\n".join(readings.section()) in page, "run python benchmarks/quality.py --readings"
    rows = readings.load()
    assert {r["verdict"] for r in rows} <= {"right", "wrong", "mended", "outside"}
    assert all(bool(r["reason"]) == (r["verdict"] != "right") for r in rows)
    for pair in {(r["left_plan"], r["right_plan"]) for r in rows}:
        for table in ("tasks_diff", "gaps"):
            own = [r for r in rows if (r["left_plan"], r["right_plan"], r["table"]) == (*pair, table)]
            assert sum(r["verdict"] in ("right", "wrong") for r in own) == 40


def test_the_citation_is_cff_and_of_this_version() -> None:
    cff = citation()
    assert set(cff) >= CFF_NEEDED and set(cff) <= CFF_KNOWN
    assert cff["cff-version"] == "1.2.0"
    assert cff["type"] == "software"
    assert cff["version"] == __version__
    assert cff["authors"] == [{"name": "The plandiff founders"}]
    assert len(set(cff["keywords"])) == len(cff["keywords"]) > 0


# Schema -------------------------------------------------------------------------------------------------------------


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs" / "tables" / "schema.json").read_text(encoding="utf-8"))
    return found


def test_the_schema_is_up_to_date_and_valid() -> None:
    committed = (ROOT / "docs" / "tables" / "schema.json").read_text(encoding="utf-8")
    assert committed == script("docs_schema").content(), "run python benchmarks/docs_schema.py"
    Draft202012Validator.check_schema(schema())


def validator(table: str) -> Draft202012Validator:
    """Checks the rows of one table, as a user would: by the table's own definition."""
    return Draft202012Validator({**schema(), "properties": {}, "type": "array", "$ref": f"#/$defs/{table}"})


@lru_cache
def tables() -> dict[str, list[dict[str, Any]]]:
    """All tables as JSON: what all editions say, and two of them compared."""
    made = dict(frames.parse_rows(read_plans(sorted(EDITIONS.glob("*.txt")))))
    left, right = EDITIONS / "thanh-hoa-2021-qd-2999.txt", EDITIONS / "thanh-hoa-2025-kh-63.txt"
    made |= Comparison.of(left, right).rows
    made |= follow(read_plans(sorted(EDITIONS.glob("*.txt")))).rows
    return {n: json.loads(render(Table(n, tuple(CONTRACT[n]), tuple(rows)), "json")) for n, rows in made.items()}


@pytest.mark.parametrize("name", CONTRACT)
def test_the_tables_of_the_editions_are_valid(name: str) -> None:
    rows = tables()[name]
    assert rows
    errors = [f"{list(e.path)}: {e.message}" for e in validator(name).iter_errors(rows)]
    assert not errors, errors[:5]


def test_what_the_commands_on_many_plans_write_is_valid() -> None:
    paths = [str(p) for p in sorted(EDITIONS.glob("thanh-hoa-*.txt"))[:3]]
    for name, command in (("gaps", ["gaps", *paths]), ("gaps", ["gaps", paths[0]]), ("history", ["history", *paths])):
        rows = json.loads(run(*command, "--json").stdout)
        assert rows and not list(validator(name).iter_errors(rows))


@pytest.mark.parametrize(
    ("name", "column", "wrong"),
    [
        ("tasks", "start", "7"),
        ("tasks", "start", None),
        ("tasks", "kind", "wish"),
        ("tasks", "due_end", "30/3/2025"),
        ("assignments", "inherited", "true"),
        ("targets", "value", "many"),
        ("alignment", "probability", 1.2),
        ("gaps", "gap", "no_money"),
        ("plans", "year", 2023.5),
    ],
)
def test_a_wrong_cell_is_found(name: str, column: str, wrong: object) -> None:
    row = {**tables()[name][0], column: wrong}
    assert {tuple(e.path) for e in validator(name).iter_errors([row])} == {(0, column)}


def test_a_missing_column_is_found_and_a_further_one_allowed() -> None:
    row = dict(tables()["themes"][0])
    assert not list(validator("themes").iter_errors([{**row, "mood": "hopeful"}]))
    del row["text"]
    assert [e.validator for e in validator("themes").iter_errors([row])] == ["required"]


def test_the_changes_of_the_schema_are_those_that_have_a_name() -> None:
    values = script("docs_schema").VALUES
    told = {v for key, found in values.items() if key[1] in ("change", "latest") for v in found}
    assert told == set(wording.values_of("change"))
    assert {*values["gap"], "ends_in_period"} == set(wording.values_of("gap"))  # what readers see told apart
    assert set(values["relation"]) == set(wording.values_of("relation"))
