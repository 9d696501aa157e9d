"""The commands: through click's runner, and once as a real process; bad input gets one line and exit code 2."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from compare import frames
from compare.cli.main import main
from tests.places import EDITIONS, ROOT

TH23, SL25 = str(EDITIONS / "thanh-hoa-2023-kh.txt"), str(EDITIONS / "son-la-2025-qd-161.txt")
TH21, KH63 = str(EDITIONS / "thanh-hoa-2021-qd-2999.txt"), str(EDITIONS / "thanh-hoa-2025-kh-63.txt")


def run(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, args, input=text)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_parse_writes_every_table_and_the_text(tmp_path: Path) -> None:
    result = run("parse", TH23, SL25, "-o", str(tmp_path / "t"))
    assert result.exit_code == 0, result.output
    for name, columns in frames.PARSE_TABLES.items():
        with (tmp_path / "t" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert next(csv.reader(stream)) == columns
    text = (tmp_path / "t" / "text" / "thanh-hoa-2023-kh.txt").read_text(encoding="utf-8")
    for row in rows(tmp_path / "t" / "tasks.csv"):
        if row["plan_id"] == "thanh-hoa-2023-kh":
            assert text[int(row["start"]) : int(row["end"])] == row["text"]


def test_parse_strict_exits_1_when_there_are_warnings(tmp_path: Path) -> None:
    assert run("parse", TH23, "--strict", "-o", str(tmp_path / "t")).exit_code == 1


def test_parse_strict_exits_0_without_warnings(tmp_path: Path) -> None:
    sound = "1. Sở Y tế chủ trì tiêm chủng cho trẻ em, hoàn thành trước ngày 30/6/2025.\n"
    result = run("parse", "-", "--strict", "-o", str(tmp_path / "t"), text=sound)
    assert result.exit_code == 0, result.output
    doubtful = "1. Chi cục Hải Đăng Cửa Lò chủ trì tiêm chủng cho trẻ em.\n"
    result = run("parse", "-", "--strict", "-o", str(tmp_path / "u"), text=doubtful)
    assert result.exit_code == 1
    assert [r["code"] for r in rows(tmp_path / "u" / "warnings.csv")] == ["unknown_agency"]


def test_parse_lists_tasks_without_a_sector(tmp_path: Path) -> None:
    text = "I. Việc chung\n\n1. UBND các xã chủ trì làm ngay những việc đã giao.\n\n2. Sở Y tế chủ trì tiêm chủng.\n"
    told = run("parse", "-", "--uncoded", "-o", str(tmp_path / "t"), text=text).stdout.splitlines()
    at = text.index("1. UBND")
    assert told[1].startswith(f"  uncoded at {at}-{text.index('giao.') + 5} in ")
    assert told[1].split(" in ")[1].split(":")[0] == rows(tmp_path / "t" / "tasks.csv")[0]["section_id"]
    assert told[1].endswith("làm ngay những việc đã giao. [nearest: no term of the taxonomy]")
    assert told[2] == "1 of 2 tasks without a sector"
    assert "uncoded" not in run("parse", "-", "-o", str(tmp_path / "u"), text=text).stdout


def test_parse_reads_standard_input(tmp_path: Path) -> None:
    text = Path(TH23).read_text(encoding="utf-8")
    result = run("parse", "-", "-o", str(tmp_path / "t"), text=text)
    assert result.exit_code == 0, result.output
    assert rows(tmp_path / "t" / "plans.csv")[0]["source"] == "-"


def test_align_writes_pairs_and_gaps(tmp_path: Path) -> None:
    assert run("align", TH23, SL25, "-o", str(tmp_path / "a.csv")).exit_code == 0
    found = rows(tmp_path / "a.csv")
    assert list(found[0]) == frames.ALIGNMENT
    assert any(r["accepted"] == "true" and r["kind"] == "task" for r in found)
    assert any(not r["right_id"] for r in found)
    assert any(not r["left_id"] for r in found)
    assert run("align", TH23, SL25).stdout.splitlines()[0] == ",".join(frames.ALIGNMENT)


@pytest.mark.parametrize("what", ["themes", "terms", "statements", "targets", "tasks", "gaps"])
@pytest.mark.parametrize("kind", ["table", "csv", "json", "md", "latex", "html"])
def test_diff_in_every_format(what: str, kind: str) -> None:
    result = run("diff", what, TH21, KH63, "--format", kind)
    assert result.exit_code == 0, result.output
    if kind == "json":
        assert isinstance(json.loads(result.stdout), list)
    elif kind == "csv":
        assert len(list(csv.reader(result.stdout.splitlines()))) > 1
    else:
        assert len(result.stdout) > 200


def test_diff_workbook_and_vietnamese_headings(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "gaps.xlsx"
    assert run("diff", "gaps", TH21, KH63, "--format", "xlsx", "--lang", "vi", "-o", str(path)).exit_code == 0
    assert len(load_workbook(path).sheetnames) >= 2
    assert run("diff", "gaps", TH21, KH63, "--format", "xlsx").exit_code == 2


def test_exit_code_tells_differences() -> None:
    assert run("diff", "tasks", TH23, SL25, "--exit-code", "--format", "csv").exit_code == 1
    assert run("diff", "targets", TH23, TH23, "--exit-code", "--format", "csv").exit_code == 0
    assert run("diff", "themes", TH23, TH23, "--exit-code", "--format", "csv").exit_code == 0
    assert run("diff", "gaps", TH23, SL25, "--exit-code", "--format", "csv").exit_code == 1
    own = run("diff", "gaps", TH23, TH23, "--exit-code", "--format", "csv")
    assert own.exit_code == 0 and "no_deadline" in own.stdout  # what a plan leaves open by itself is no difference
    assert run("diff", "statements", TH23, TH23, "--exit-code", "--format", "csv").exit_code == 0
    assert run("diff", "gaps", TH23, "nowhere.txt", "--exit-code").exit_code == 2


def test_compare_leaves_tables_and_a_workbook(tmp_path: Path) -> None:
    result = run("compare", TH23, SL25, "--no-figures", "-o", str(tmp_path / "c"))
    assert result.exit_code == 0, result.output
    found = {str(p.relative_to(tmp_path / "c")) for p in (tmp_path / "c").rglob("*") if p.is_file()}
    assert {
        "comparison.xlsx",
        "tables/terms_diff.csv",
        "tables/statements_diff.md",
        "tables/tasks_diff.csv",
        "tables/gaps.json",
        "plans/tasks.csv",
    } <= found
    assert result.stdout.count("\n") < 45  # a screenful
    assert "comparison.xlsx" in result.stdout


def test_the_summary_tells_what_is_doubtful_and_no_insignificant_theme(tmp_path: Path) -> None:
    said = " ".join(run("compare", TH23, SL25, "--no-figures", "-o", str(tmp_path / "c")).stdout.split())
    tasks = rows(tmp_path / "c" / "tables" / "tasks_diff.csv")
    pairs = [r for r in tasks if r["left_id"] and r["right_id"]]
    doubtful = sum(r["doubtful"] == "true" for r in pairs)
    assert f"{len(pairs) - doubtful} sure pairs" in said
    assert f"{doubtful} doubtful pairs (probability below 0.7)" in said
    gaps = [r for r in rows(tmp_path / "c" / "tables" / "gaps.csv") if r["gap"] == "task_without_counterpart"]
    alone = sum(r["change"] in ("dropped", "added") for r in tasks)
    n = [sum(r["doubtful"] == "true" for r in gaps if r["plan_id"].startswith(p)) for p in ("thanh-hoa", "son-la")]
    perhaps = sum(r["change"] in ("dropped", "added") and r["doubtful"] == "true" for r in tasks)
    assert sum(n) == len(gaps) - alone + perhaps
    assert f"Task whose counterpart is in doubt {n[0]} {n[1]}" in said
    sizes = [abs(float(r["z"])) for r in rows(tmp_path / "c" / "tables" / "themes_diff.csv")]
    told = [float(z) for z in re.findall(r"\(z (\d+\.\d)\)", said)]
    assert len(told) == min(3, sum(z >= 1.96 for z in sizes)) and all(z >= 1.9 for z in told)
    assert bool(told) != ("more than chance would explain" in said)


def test_compare_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("compare", TH23, SL25, "--no-figures", "-o", str(tmp_path / name)).exit_code == 0
    for path in (tmp_path / "a").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes(), path.name


def bad_inputs(folder: Path) -> dict[str, str]:
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "blank.txt").write_text("\ufeff \n\n", encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "poem.txt").write_text("Trăm năm trong cõi người ta\nChữ tài chữ mệnh\n", encoding="utf-8")
    (folder / "folder").mkdir()
    return {
        name: str(folder / name)
        for name in ("missing.txt", "empty.txt", "blank.txt", "binary.txt", "poem.txt", "folder")
    }


@pytest.mark.parametrize("name", ["missing.txt", "empty.txt", "blank.txt", "binary.txt", "poem.txt", "folder"])
@pytest.mark.parametrize("command", ["parse", "align", "diff", "compare"])
def test_bad_input_gets_one_line_and_exit_code_2(tmp_path: Path, name: str, command: str) -> None:
    path = bad_inputs(tmp_path)[name]
    out = str(tmp_path / "out")
    args = {
        "parse": ["parse", path, "-o", out],
        "align": ["align", TH23, path, "-o", out],
        "diff": ["diff", "tasks", path, TH23],
        "compare": ["compare", TH23, path, "-o", out],
    }[command]
    result = run(*args)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert path in result.stderr
    assert ";" in result.stderr  # what to do about it
    assert not Path(out).exists()
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("align", TH23, SL25, "--threshold", "0,5"), "“0,5” is no number; write 0.5"),
        (("align", TH23, SL25, "--threshold", "much"), "“much” is no number; write one from 0 to 1"),
        (("diff", "target", TH23, SL25), "“target” is none of them; did you mean targets?"),
        (("diff", "tasks", "-", "-"), "standard input can be read only once"),
        (("matrix", "-", TH23, "-", "-o", "out"), "standard input can be read only once"),
        (("figures", TH23, SL25, "--embeddings", "./nowhere", "-o", "out"), "./nowhere: "),
        (("figures", TH23, SL25, TH21, "--embeddings", "m", "-o", "out"), "--embeddings is about two plans"),
    ],
)
def test_slips_on_the_command_line_say_what_to_write(words: tuple[str, ...], said: str) -> None:
    result = run(*words, text="1. Sở Y tế chủ trì tiêm chủng.\n")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert not Path("out").exists()


def test_the_folder_of_the_result_may_not_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    result = run("parse", TH23, "-o", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_the_same_plan_twice_is_told_apart(tmp_path: Path) -> None:
    assert run("parse", TH23, TH23, "-o", str(tmp_path / "t")).exit_code == 0
    assert [r["plan_id"] for r in rows(tmp_path / "t" / "plans.csv")] == ["thanh-hoa-2023-kh", "thanh-hoa-2023-kh~2"]


def test_a_plan_without_any_body_says_so(tmp_path: Path) -> None:
    plan = tmp_path / "p.txt"
    plan.write_text("KẾ HOẠCH\nNĂM 2025\n\nI. NHIỆM VỤ\n\n1. Nâng cấp đường giao thông nông thôn.\n", encoding="utf-8")
    assert run("parse", str(plan), "-o", str(tmp_path / "t")).exit_code == 0
    assert [r["code"] for r in rows(tmp_path / "t" / "warnings.csv")] == ["no_lead"]
    result = run("diff", "gaps", str(plan), TH23, "--format", "csv")
    assert result.exit_code == 0
    assert "no_lead" in result.stdout


@pytest.mark.parametrize(
    "command", [[], ["parse"], ["align"], ["diff"], ["compare"], ["history"], ["gaps"], ["matrix"]]
)
def test_help_has_an_example_that_runs(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    if command:
        example = result.stdout.split("Example: plandiff ")[1].splitlines()
        words = " ".join(line.strip() for line in example if line.strip()).split("Options:")[0].split()
        monkeypatch.chdir(EDITIONS.parent.parent)
        words = [str(tmp_path / w) if words[i - 1] == "-o" else w for i, w in enumerate(words)]
        assert run(*words).exit_code == 0


def test_as_a_real_process(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("plandiff")
    done = subprocess.run(
        [command, "diff", "targets", TH21, KH63, "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)[0]["indicator_id"]
    failed = subprocess.run(
        [command, "parse", "nowhere.txt", "-o", tmp_path / "t"], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 2
    assert failed.stderr == "plandiff: nowhere.txt: no such file; check the path\n"


def test_help_does_not_import_the_heavy_libraries() -> None:
    code = "import sys, compare.cli.main; print(sorted({'pandas', 'scipy', 'matplotlib', 'sklearn', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## Commands")[1].split("## What it draws")[0]
    context = click.Context(main)
    for name in main.list_commands(context):
        assert f"plandiff {name}" in text, name
        command = main.get_command(context, name)
        below = command.list_commands(context) if isinstance(command, click.Group) else []
        said = " ".join(line for line in text.splitlines() if f"plandiff {name}" in line)
        assert all(b in said for b in below), name
    assert all(what in text for what in ("targets", "tasks", "themes", "terms", "statements", "gaps"))
