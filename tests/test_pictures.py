"""Figures as they are handed out: what they show does not change unnoticed, the command draws and checks them, and the
README's are those that the code makes today."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections import Counter
from pathlib import Path

import matplotlib as mpl
import pytest
from click.testing import CliRunner, Result

from compare import figures
from compare.alignment import THRESHOLD
from compare.cli.main import main
from compare.cli.pictures import NAMES, caption
from compare.comparison import Comparison
from compare.matrix import matrix
from compare.pipeline import read_plans
from compare.version import __version__
from tests import layout
from tests.places import EDITIONS, ROOT
from tests.test_figures import MAKERS

CT03, SL25 = str(EDITIONS / "thanh-hoa-2025-ct-03.txt"), str(EDITIONS / "son-la-2025-qd-161.txt")
TH21, TH23, KH63 = (
    str(EDITIONS / f"{name}.txt") for name in ("thanh-hoa-2021-qd-2999", "thanh-hoa-2023-kh", "thanh-hoa-2025-kh-63")
)
SHOWN = json.loads(layout.GOLDEN.read_text(encoding="utf-8"))


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["figures", *args])


# What figures show.


def test_every_figure_has_a_picture() -> None:
    assert set(SHOWN) == {f"{name} {lang} {n}" for name in MAKERS for lang, n in layout.ROWS.items()}


@pytest.mark.parametrize("which", SHOWN)
def test_a_figure_shows_what_it_showed(which: str) -> None:
    name, lang, n = which.split()
    found = layout.summary(MAKERS[name](int(n), lang))
    assert found == SHOWN[which], "look at the figure; if it is meant: python -m tests.layout"


def test_a_moved_label_and_another_colour_are_noticed() -> None:
    before = layout.layout(MAKERS["theme_bars"](3, "en"))
    moved = MAKERS["theme_bars"](3, "en")
    x, y = moved.texts[4].get_position()
    moved.texts[4].set_position((x + 0.02 / 7.2, y))
    assert sum(a != b for a, b in zip(before, layout.layout(moved), strict=True)) == 1
    painted = MAKERS["theme_bars"](3, "en")
    painted.axes[1].patches[0].set_facecolor("#123456")
    assert sum(a != b for a, b in zip(before, layout.layout(painted), strict=True)) == 1


# The command.


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return Comparison.of(CT03, SL25)


@pytest.fixture(scope="module")
def labels(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labels") / "labels.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["left_id", "right_id", "grade"])
        for n, m in enumerate(m for m in comparison.pairs.matches if m.kind == "task" and m.left_id and m.right_id):
            if n < 200:
                writer.writerow([m.left_id, m.right_id, 2 if m.accepted else n % 2])
    return path


@pytest.fixture(scope="module")
def two(comparison: Comparison, labels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two") / "figures"
    best = comparison.pairs.accepted("task")[0]
    result = run(
        CT03, SL25, "-o", str(folder), "--format", "svg", "--labels", str(labels), "--lang", "vi",
        "--pair", best.left_id, best.right_id,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder


def test_two_plans_have_every_figure_but_those_without_data(two: Path) -> None:
    drawn = {p.stem for p in two.glob("*.svg")}
    assert drawn == set(NAMES) - {"target-years"}  # neither has targets for two years
    assert {p.name for p in two.iterdir()} == {f"{n}.{s}" for n in drawn for s in ("svg", "csv")} | {figures.MANIFEST}
    told = json.loads((two / figures.MANIFEST).read_text(encoding="utf-8"))
    assert set(told["inputs"]) == {Path(CT03).stem, Path(SL25).stem, "labels.csv"}
    assert told["parameters"]["lang"] == "vi" and " / " in told["parameters"]["pair"]


def test_target_years_are_drawn_where_there_are_some(tmp_path: Path) -> None:
    assert run(TH21, KH63, "-o", str(tmp_path), "--format", "svg", "--only", "target-years").exit_code == 0
    with (tmp_path / "target-years.csv").open(encoding="utf-8", newline="") as stream:
        assert {r["plan_id"] for r in csv.DictReader(stream)} == {Path(TH21).stem, Path(KH63).stem}


def test_the_command_draws_what_the_labels_and_the_pair_say(two: Path, comparison: Comparison) -> None:
    with (two / "reliability.csv").open(encoding="utf-8", newline="") as stream:
        assert sum(int(r["pairs"]) for r in csv.DictReader(stream)) == 200
    best = comparison.pairs.accepted("task")[0]
    with (two / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {r["name"] for r in rows} == {"intercept", *(e.name for e in best.evidence)}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "figures"
    result = run(TH23, CT03, KH63, "-o", str(folder), "--format", "svg")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return folder


def test_more_plans_stand_side_by_side(many: Path) -> None:
    assert {p.stem for p in many.glob("*.svg")} == {"theme-heatmap", "target-years", "gaps", "agencies", "deadlines"}
    with (many / "gaps.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {r["panel"] for r in rows} == {"gap", "group"}
    assert {r["plan_id"] for r in rows} == {Path(p).stem for p in (TH23, CT03, KH63)}
    plans = read_plans([TH23, CT03, KH63])
    counted = {(r["gap"], p.plan_id): r[p.plan_id] for r in matrix(plans).gap_counts() for p in plans}
    drawn: Counter[tuple[str, str]] = Counter()
    for r in rows:
        if r["panel"] == "gap":  # bodies that end within the period have a row of their own in the figure
            drawn[r["row"].replace("ends_in_period", "dissolved_agency"), r["plan_id"]] += int(r["count"])
    assert drawn == counted


def test_check_passes_on_fresh_figures_and_tells_what_changed(many: Path) -> None:
    arguments = (TH23, CT03, KH63, "-o", str(many), "--check")
    assert run(*arguments).output == f"{many}: nothing would change\n"
    result = run(*arguments, "--threshold", "0.6")
    assert result.exit_code == 1
    assert (
        f"parameters: threshold: was {THRESHOLD}, is 0.6" in result.output and "files: gaps.svg: was" in result.output
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((TH23,), "one plan has nothing to be compared with; give two or more"),
        ((TH23, CT03, KH63, "--pair", "a", "b"), "--pair is about two plans, and here are 3; give two"),
        ((TH23, KH63, "--pair", "a", "b"), "of thanh-hoa-2023-kh has this id"),
        ((TH23, KH63, "--labels", "none.csv"), "none.csv: no such file; check the path"),
        ((TH23, KH63, "--labels", "{empty}"), "names no candidate pair of thanh-hoa-2023-kh and thanh-hoa-2025-kh-63"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_line(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("left_id,right_id,grade\n", encoding="utf-8")
    result = run(*(a.format(empty=tmp_path / "empty.csv") for a in arguments), "-o", str(tmp_path / "out"))
    assert result.exit_code == 2 and said in result.stderr and result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_pair_of_targets_has_no_evidence_to_draw(tmp_path: Path) -> None:
    pairs = Comparison.of(TH21, TH23).pairs
    match = next(m for m in pairs.matches if m.kind == "target" and m.left_id and m.right_id)
    result = run(TH21, TH23, "-o", str(tmp_path), "--pair", match.left_id, match.right_id)
    assert result.exit_code == 2 and result.stderr.count("\n") == 1


def test_captions_say_plans_version_threshold_and_decisions() -> None:
    said = f"a / b; plandiff {__version__}; threshold 0.25"
    assert caption(["a", "b"], 0.25, "en") == said
    assert caption(["a", "b"], 0.25, "vi") == f"a / b; plandiff {__version__}; ngưỡng 0,25"
    assert caption([f"p{n}" for n in range(60)], 0.25, "en").startswith("60 plans; ")


# The README's figures.

README = (ROOT / "README.md").read_text(encoding="utf-8")
RECIPES = [
    shlex.split(line)[1:]
    for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    if line.startswith("\t@$(BIN)/plandiff figures")
]


def test_the_readmes_figures_are_made_by_make_figures_and_described() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\((docs/figures/[^)]+)\)", README)
    assert len(shown) >= 3
    folders = {recipe[recipe.index("-o") + 1] for recipe in RECIPES}
    for words, path in shown:
        assert len(words) > 20 and (ROOT / path).is_file() and str(Path(path).parent) in folders
    assert sum(p.stat().st_size for p in (ROOT / "docs" / "figures").rglob("*")) < 1_500_000


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe[recipe.index("-o") + 1]))
def test_the_readmes_figures_are_current(recipe: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The data to the byte; the pictures too where matplotlib is the version that drew them."""
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, [a for a in recipe if a != "$(CHECK)"] + ["--check"])
    told = json.loads((Path(recipe[recipe.index("-o") + 1]) / figures.MANIFEST).read_text(encoding="utf-8"))
    if told["versions"]["matplotlib"] == mpl.__version__:
        assert result.exit_code == 0, f"run make figures\n{result.output}"
    else:
        changed = [line for line in result.output.splitlines() if not line.startswith("versions: ")]
        assert not [line for line in changed if ".svg" not in line], f"run make figures\n{result.output}"
