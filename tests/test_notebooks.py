"""The notebooks: committed without outputs, and each runs top to bottom in under a minute and says what it found."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from compare import register, show
from tests.places import CORPUS, EDITIONS, ROOT
from tests.test_docs import script

NOTEBOOKS = ROOT / "notebooks"
NAMES = ["01-read-a-plan", "02-compare-provinces", "03-compare-years", "04-missing-assignments", "05-review-an-alignment", "06-your-own-plans"]  # fmt: skip
SECONDS = 60


def raw(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    return found


class Run(NamedTuple):
    """The executed cells of a notebook, and how long they took."""

    cells: list[Any]
    seconds: float
    home: Path


def copied(home: Path) -> Path:
    """A copy of the notebooks and their data: nothing that they do lands in the project."""
    shutil.copytree(NOTEBOOKS, home / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "data", home / "data")
    return home


def run(home: Path, name: str, texts: Path | None = None) -> Run:
    """Executes a notebook of a copied project."""
    env = {k: v for k, v in os.environ.items() if k not in (register.REGISTER, register.TEXTS)}
    env |= {"IPYTHONDIR": str(home / "ipython"), "TMPDIR": str(home)}
    if texts:
        env[register.TEXTS] = str(texts)
    book = nbformat.read(home / "notebooks" / f"{name}.ipynb", as_version=4)
    place = {"metadata": {"path": str(home / "notebooks")}}
    start = time.perf_counter()
    NotebookClient(book, kernel_name="python3", timeout=SECONDS, resources=place).execute(env=env)
    return Run(list(book.cells), time.perf_counter() - start, home)


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Two notebooks at a time; those that no test asked for yet are not begun when the tests end."""
    found = ThreadPoolExecutor(2)
    yield found
    found.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def on_editions(pool: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Run]]:
    home = copied(tmp_path_factory.mktemp("editions"))
    return {name: pool.submit(run, home, name) for name in NAMES}


@pytest.fixture(scope="module")
def on_documents(pool: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Run]]:
    if not CORPUS.is_dir():
        pytest.skip("the real documents are not at hand")
    home = copied(tmp_path_factory.mktemp("documents"))
    return {name: pool.submit(run, home, name, CORPUS) for name in NAMES}


def outputs(cells: list[Any], kind: str) -> list[str]:
    return ["".join(o["data"][kind]) for c in cells for o in c.get("outputs", []) if kind in o.get("data", {})]


def findings(cells: list[Any]) -> list[str]:
    return [said for said in outputs(cells, "text/markdown") if said.startswith("**Finding")]


def test_every_notebook_is_named_here_and_in_the_readme() -> None:
    assert sorted(p.stem for p in NOTEBOOKS.glob("*.ipynb")) == NAMES
    said = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    assert all(f"({name}.ipynb)" in said for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_committed_clean(name: str) -> None:
    book = raw(name)
    nbformat.validate(nbformat.from_dict(book))
    assert book["nbformat"] == 4 and book["metadata"]["kernelspec"]["name"] == "python3"
    code = [c for c in book["cells"] if c["cell_type"] == "code"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in code)
    assert all(c["metadata"] == {} for c in book["cells"])
    lines = [line for c in book["cells"] for line in c["source"]]
    assert all("\n" not in line[:-1] for line in lines), "one string per line"
    text = (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
    assert text == json.dumps(book, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_notebook_has_a_title_and_links_that_lead_somewhere(name: str) -> None:
    prose = ["".join(c["source"]) for c in raw(name)["cells"] if c["cell_type"] == "markdown"]
    assert re.match(r"# \w", prose[0]) and sum(p.startswith("# ") for p in prose) == 1
    assert "Finding" in prose[0] and "PLANDIFF_TEXTS" in prose[0]
    for link in re.findall(r"\]\(([^)]+)\)", "\n".join(prose)):
        assert (NOTEBOOKS / link).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_notebook_code_compiles_and_every_finding_is_checked_or_computed(name: str) -> None:
    code = ["".join(c["source"]) for c in raw(name)["cells"] if c["cell_type"] == "code"]
    for cell in code:
        compile(cell, name, "exec")
    said = [cell for cell in code if "**Finding" in cell]
    assert len(said) >= 4
    assert all("{" in cell or "join(" in cell for cell in said)
    assert sum("assert" in cell for cell in said) >= len(said) - 1


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs_on_the_editions(on_editions: dict[str, Future[Run]], name: str) -> None:
    cells, seconds, _ = on_editions[name].result()
    assert seconds < SECONDS
    told = findings(cells)
    assert [int(t.split()[1].rstrip(".*")) for t in told] == list(range(1, len(told) + 1))
    assert len(told) >= 4
    assert not [t for t in told if re.search(r"\bnan\b|\{|<", t)]
    assert "abridged editions" in outputs(cells, "text/markdown")[0]
    assert outputs(cells, "image/png")
    assert outputs(cells, "text/html")
    assert not [o for c in cells for o in c.get("outputs", []) if o["output_type"] in ("error", "stream")]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_notebook_is_current(on_editions: dict[str, Future[Run]], name: str) -> None:
    """Text and tables to the letter; of the figures that they are there."""
    home, pages = on_editions[name].result().home, ROOT / "docs" / "notebooks"
    page = script("docs_notebooks").page(name, on_editions[name].result().cells, home)
    assert (pages / f"{name}.md").read_text(encoding="utf-8") == page, "run make notebooks"
    shown = re.findall(r"\]\(([\w.-]+\.png)\)", page)
    assert shown and all((pages / p).read_bytes().startswith(b"\x89PNG") for p in shown)


def test_the_pages_are_listed_small_and_lead_to_each_other() -> None:
    pages = ROOT / "docs" / "notebooks"
    assert (pages / "README.md").read_text(encoding="utf-8") == script("docs_notebooks").index(), "run make notebooks"
    assert {p.stem for p in pages.glob("*.md")} == {"README", *NAMES}
    assert sum(p.stat().st_size for p in pages.iterdir()) < 1_000_000
    for page in pages.glob("*.md"):
        for link in re.findall(r"\]\(([\w./-]+)\)", page.read_text(encoding="utf-8")):
            assert (pages / link).is_file(), (page.name, link)


def test_a_page_holds_what_a_cell_shows_and_no_path_of_the_run() -> None:
    docs = script("docs_notebooks")
    table = show(pd.DataFrame({"a|b": ["<x> " + "y " * 60], "n": [0.5]}), caption="C")._repr_html_()
    shown = [
        {"data": {"text/html": table, "text/plain": "no"}},
        {"data": {"text/html": "<label>read <progress></progress> 1 of 1</label>"}},
        {"data": {"text/markdown": "in /home/x/plandiff-ab12_9zk and /home/x/data"}},
        {"data": {"image/png": "", "text/plain": "<Figure>"}},
    ]
    cells = [
        {"cell_type": "markdown", "source": "see [next](02-b.ipynb)"},
        {"cell_type": "code", "source": "f()", "outputs": shown},
    ]
    said = docs.page("01-a", cells, Path("/home/x"))
    heads = ["see [next](02-b.md)", "```python\nf()\n```", "**C**"]
    assert said.split("\n\n")[:3] == heads
    assert "| a\\|b | n |\n| --- | --- |\n| &lt;x&gt; y y" in said and "… | 0.5 |" in said
    assert said.endswith("in plandiff-… and data\n\n![What the code above draws](01-a-1.png)\n")


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs_on_the_real_documents(on_documents: dict[str, Future[Run]], name: str) -> None:
    cells, seconds, _ = on_documents[name].result()
    assert seconds < SECONDS
    assert len(findings(cells)) >= 4


def test_a_bar_stands_where_plans_are_read(on_editions: dict[str, Future[Run]]) -> None:
    shown = [html for html in outputs(on_editions[NAMES[5]].result().cells, "text/html") if "<progress" in html]
    assert [("plans read" in html, 'value="5" max="5"' in html) for html in shown[:1]] == [(True, True)]
    assert len(shown) == 2 and "pairs of plans" in shown[1] and 'value="10" max="10"' in shown[1]


def test_notebook_reads_full_texts_where_they_are_named(tmp_path: Path) -> None:
    """An edition under the name of the full text stands in for it."""
    home, texts = copied(tmp_path), tmp_path / "texts"
    row = register.load(ROOT / "data" / "sources.csv").row("son-la-2025-qd-161")
    texts.mkdir()
    shutil.copyfile(EDITIONS / "son-la-2025-qd-161.txt", texts / row["file"])
    cells = run(home, NAMES[0], texts).cells
    assert f"reading {texts}" in outputs(cells, "text/markdown")[0]
    assert row["file"] in outputs(cells, "text/html")[0]


def test_your_own_plans_names_what_it_could_not_read(tmp_path: Path) -> None:
    home, mine = copied(tmp_path), tmp_path / "mine"
    mine.mkdir()
    for name in ("thanh-hoa-2023-kh", "thanh-hoa-2025-kh-63"):
        shutil.copyfile(EDITIONS / f"{name}.txt", mine / f"{name}.txt")
    (mine / "shopping.md").write_text("mua sữa, mua bánh mì", encoding="utf-8")
    cells = run(home, NAMES[5], mine).cells
    assert "2 of 3 files are plans" in findings(cells)[0]
    assert any("shopping.md" in html and "no task, target or theme" in html for html in outputs(cells, "text/html"))
    assert sorted(p.name for p in (home / "notebooks").iterdir()) == sorted(p.name for p in NOTEBOOKS.glob("[!.]*"))
