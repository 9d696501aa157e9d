"""explain, evaluate and review, from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from compare.alignment import align
from compare.explanation import pair, shared
from compare.pipeline import read_plan
from tests.places import EDITIONS
from tests.test_cli import rows, run

TH23, SL25 = str(EDITIONS / "thanh-hoa-2023-kh.txt"), str(EDITIONS / "son-la-2025-qd-161.txt")


def test_explain_adds_up_and_shows_the_words() -> None:
    result = run("explain", TH23, SL25, "E/V/7#1", "Điều-1/II/7/7.4#1")
    assert result.exit_code == 0, result.output
    assert "intercept" in result.stdout
    assert "ethnic-religion" in result.stdout
    assert "accepted at threshold" in result.stdout


def test_explain_tells_where_the_words_stand() -> None:
    left, right = read_plan(TH23), read_plan(SL25)
    pairs = align(left, right)
    match = max(pairs.accepted(), key=lambda m: sum(len(e.words) for e in m.evidence))
    found = shared(pairs, match)
    tasks = {t.task_id: t for t in (*left.tasks, *right.tasks)}
    for s in found:
        for span, item, plan in ((s.left, match.left_id, left), (s.right, match.right_id, right)):
            assert span.of(plan.text).strip()
            assert s.name == "agency" or tasks[item].start <= span.start < span.end <= tasks[item].end
    terms = next(e for e in match.evidence if e.name == "terms")
    assert {" ".join(s.right.of(right.text).split()) for s in found if s.name == "terms"} <= set(terms.words)
    told = run("explain", TH23, SL25, match.left_id, match.right_id).stdout.replace("\n", " ")
    assert all(f"{s.left.start}-{s.left.end}" in told for s in found)


def test_explain_takes_ids_that_begin_with_a_dash() -> None:
    th25 = str(EDITIONS / "thanh-hoa-2025-ct-03.txt")
    pairs = align(read_plan(th25), read_plan(SL25))
    match = next(m for m in pairs.accepted() if m.left_id.startswith("thanh-hoa-2025-ct-03/-"))
    short = match.left_id.split("/", 1)[1]
    for words in (
        (short, match.right_id),
        (short, match.right_id, "--threshold", "0.3"),
        ("--", short, match.right_id),
    ):
        result = run("explain", th25, SL25, *words)
        assert result.exit_code == 0, result.output
        assert match.left_id in result.stdout
    ids = (short, match.right_id)
    assert run("explain", th25, SL25, *ids, "--treshold", "0.3").stderr.startswith(
        "plandiff: No such option '--treshold'. Did you mean '--threshold'?"
    )
    assert "-1.0 is not in the range" in run("explain", th25, SL25, "--threshold", "-1", *ids).stderr
    assert run("explain", th25, SL25, "-x", *ids).stderr.startswith("plandiff: No such option '-x'")
    unknown = run("explain", th25, SL25, "-99#1", match.right_id).stderr
    assert unknown.startswith("plandiff: -99#1: no task, target or theme of thanh-hoa-2025-ct-03")


def test_explain_of_unknown_ids_says_where_to_look() -> None:
    result = run("explain", TH23, SL25, "nowhere#1", "Điều-1/II/7/7.4#1")
    assert result.exit_code == 2
    assert "task_id" in result.stderr
    near = run("explain", TH23, SL25, "thanh-hoa-2023-kh/E/V/7#11", "Điều-1/II/7/7.4#1").stderr
    assert near.startswith(
        "plandiff: E/V/7#11: no task, target or theme of thanh-hoa-2023-kh has this id; did you mean E/V/7#1?"
    )


def test_explain_of_swapped_ids_says_so() -> None:
    pair = ("son-la-2025-qd-161/Điều-1/II/7/7.4#1", "thanh-hoa-2023-kh/E/V/7#1")
    result = run("explain", TH23, SL25, *pair)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"plandiff: {pair[0]}: an item of son-la-2025-qd-161, which is not the left plan")


def test_explain_of_a_target_and_of_a_theme() -> None:
    th21, kh63 = str(EDITIONS / "thanh-hoa-2021-qd-2999.txt"), str(EDITIONS / "thanh-hoa-2025-kh-63.txt")
    pairs = align(read_plan(th21), read_plan(kh63))
    aim = pairs.accepted("target")[0]
    result = run("explain", th21, kh63, aim.left_id, aim.right_id)
    assert result.exit_code == 0, result.stderr
    assert "likeness" in result.stdout and "accepted at threshold 0.5" in result.stdout
    assert "intercept" not in result.stdout
    other = next(t for t in pairs.right.targets if t.indicator_id != pairs.left.targets[0].indicator_id)
    none = run("explain", th21, kh63, pairs.left.targets[0].target_id, other.target_id)
    assert none.exit_code == 0
    assert "no candidate: the indicators differ" in none.stdout
    mixed = run("explain", th21, kh63, aim.left_id, pairs.right.tasks[0].task_id)
    assert mixed.exit_code == 2
    assert "is a target and" in mixed.stderr
    left, right = read_plan(TH23), read_plan(SL25)
    theme = run("explain", TH23, SL25, left.themes[0].theme_id, right.themes[0].theme_id)
    assert theme.exit_code == 0
    assert "intercept" in theme.stdout


def test_explain_of_what_was_no_candidate_shows_the_evidence_and_why() -> None:
    left, right = read_plan(TH23), read_plan(SL25)
    known = {(m.left_id, m.right_id) for m in align(left, right).matches}
    a, b = next((a.task_id, b.task_id) for a in left.tasks for b in right.tasks if (a.task_id, b.task_id) not in known)
    result = run("explain", TH23, SL25, a, b)
    assert result.exit_code == 0, result.stderr
    assert "no candidate: " in result.stdout
    assert "intercept" in result.stdout
    assert pair(align(left, right), a, b).probability < 0.25


def test_evaluate_an_alignment(tmp_path: Path) -> None:
    assert run("align", TH23, SL25, "-o", str(tmp_path / "a.csv")).exit_code == 0
    held = [r for r in rows(tmp_path / "a.csv") if r["accepted"] == "true" and r["kind"] == "task"]
    gold = tmp_path / "gold.csv"
    gold.write_text(
        "left_id,right_id,grade\n"
        + "".join(f"{r['left_id']},{r['right_id']},{2 if n % 2 else 0}\n" for n, r in enumerate(held)),
        encoding="utf-8",
    )
    result = run("evaluate", str(tmp_path / "a.csv"), str(gold), "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["strict"]["recall"] == 1.0
    assert found["strict"]["precision"] == pytest.approx(0.5, abs=0.02)
    assert "average precision" in run("evaluate", str(tmp_path / "a.csv"), str(gold)).stdout
    gold.write_text("left_id,right_id,grade\na,b,5\n", encoding="utf-8")
    wrong = run("evaluate", str(tmp_path / "a.csv"), str(gold))
    assert wrong.exit_code == 2
    assert "line 2" in wrong.stderr


def test_evaluate_by_sector_and_language(tmp_path: Path) -> None:
    th25 = str(EDITIONS / "thanh-hoa-2025-ct-03.txt")
    assert run("align", th25, SL25, "-o", str(tmp_path / "a.csv")).exit_code == 0
    assert run("parse", th25, SL25, "-o", str(tmp_path / "t")).exit_code == 0
    tasks = {r["task_id"]: r for r in rows(tmp_path / "t" / "tasks.csv")}
    held = [r for r in rows(tmp_path / "a.csv") if r["accepted"] == "true" and r["kind"] == "task"]
    swedish = [r for r in held if tasks[r["left_id"]]["language"] == "sv"]
    right = [f"{r['left_id']},{r['right_id']},{2 if r in swedish else 0}" for r in held]
    gold = tmp_path / "gold.csv"
    gold.write_text("\n".join(["left_id,right_id,grade", *right, f"{swedish[0]['left_id']},,"]), encoding="utf-8")
    command = ("evaluate", str(tmp_path / "a.csv"), str(gold), "--tasks", str(tmp_path / "t" / "tasks.csv"))
    found = json.loads(run(*command, "--json").stdout)
    by_language = {g["name"]: g for g in found["by_language"]}
    assert by_language["sv"]["strict"]["f1"] == 1.0
    assert by_language["vi"]["strict"]["precision"] == 0.0
    assert {g["name"] for g in found["by_sector"]} == {tasks[r["left_id"]]["sector"] for r in held}
    assert sum(b["n"] for b in found["calibration"]) >= len(held)
    told = run(*command).stdout
    assert "by sector" in told and "by language" in told and "calibration" in told
    other = run("evaluate", str(tmp_path / "a.csv"), str(gold), "--tasks", str(gold))
    assert other.exit_code == 2
    assert "task_id" in other.stderr


def test_evaluate_names_what_is_no_number(tmp_path: Path) -> None:
    pairs, gold = tmp_path / "a.csv", tmp_path / "g.csv"
    pairs.write_text("left_id,right_id,accepted,probability\na,b,true,high\n", encoding="utf-8")
    gold.write_text("left_id,right_id,grade\na,b,2\n", encoding="utf-8")
    result = run("evaluate", str(pairs), str(gold))
    assert result.exit_code == 2
    assert "“high” of a / b" in result.stderr
    pairs.write_text("left_id,right_id,accepted,probability\na,b\n", encoding="utf-8")
    assert "row 2" in run("evaluate", str(pairs), str(gold)).stderr


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_sheet_goes_out_and_comes_back(tmp_path: Path, suffix: str) -> None:
    sheet, folder = tmp_path / f"look.{suffix}", tmp_path / "decisions"
    assert (
        run(
            "review", "queue", TH23, SL25, "-o", str(sheet), "--most", "5", "--blind", "--decisions", str(folder)
        ).exit_code
        == 0
    )
    fill(sheet)
    result = run("review", "apply", TH23, SL25, str(sheet), "--decisions", str(folder))
    assert result.exit_code == 0, result.output
    kept = rows(folder / "thanh-hoa-2023-kh__son-la-2025-qd-161.csv")
    assert [(r["decision"], r["reviewer"]) for r in kept] == [("accepted", "an")] * 5
    status = run("review", "status", TH23, SL25, "--decisions", str(folder))
    assert "5 decisions, 0 stale" in status.stdout
    left = run(
        "review", "queue", TH23, SL25, "-o", str(tmp_path / "next.csv"), "--most", "500", "--decisions", str(folder)
    )
    assert left.exit_code == 0
    decided = {(r["left_section"], r["left_hash"]) for r in kept}
    assert decided
    assert len(rows(tmp_path / "next.csv")) > 5


def fill(sheet: Path) -> None:
    """What a reviewer does: accept every pair and sign."""
    if sheet.suffix == ".csv":
        table = rows(sheet)
        with sheet.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(table[0]))
            writer.writeheader()
            writer.writerows({**r, "decision": "accepted", "reviewer": "an", "date": "2026-03-01"} for r in table)
        return
    book = load_workbook(sheet)
    for page in book.worksheets:
        for row in page.iter_rows(max_row=6):
            names = [str(c.value or "").lower().replace("_", " ") for c in row]
            if "decision" in names and "left id" in names:
                for line in page.iter_rows(min_row=row[0].row + 1):
                    for name, value in (("decision", "accepted"), ("reviewer", "an"), ("date", "2026-03-01")):
                        line[names.index(name)].value = value
                book.save(sheet)
                return
    raise AssertionError("no sheet to fill in")


def sheet_of(path: Path, *lines: str) -> Path:
    """A sheet on the pair of tasks that the plans' first ids name; {left} and {right} stand for them."""
    left, right = (read_plan(p).tasks[0].task_id for p in (TH23, SL25))
    cells = "\n".join(("left_id,right_id,decision,reviewer,date", *lines)).format(left=left, right=right)
    path.write_text(f"{cells}\n", encoding="utf-8")
    return path


def test_a_decision_needs_a_reviewer(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path / "s.csv", "{left},{right},accepted,,")
    command = ("review", "apply", TH23, SL25, str(sheet), "--decisions", str(tmp_path / "d"))
    refused = run(*command)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "line 2: no reviewer" in refused.stderr and "--reviewer" in refused.stderr
    assert not (tmp_path / "d").exists()
    taken = run(*command, "--reviewer", "an")
    assert taken.exit_code == 0, taken.output
    assert "1 without a date" in taken.stdout
    (row,) = rows(tmp_path / "d" / "thanh-hoa-2023-kh__son-la-2025-qd-161.csv")
    assert (row["reviewer"], row["date"]) == ("an", "")


def test_a_date_may_stand_day_first(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path / "s.csv", "{left},{right},accepted,an,2/11/2025")
    assert run("review", "apply", TH23, SL25, str(sheet), "--decisions", str(tmp_path / "d")).exit_code == 0
    (row,) = rows(tmp_path / "d" / "thanh-hoa-2023-kh__son-la-2025-qd-161.csv")
    assert row["date"] == "2025-11-02"


def test_every_fault_of_a_sheet_is_told_at_once(tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path / "s.csv",
        "{left},{right},accepted,an,31/31/2025",
        "{left},{right},maybe,an,",
        "x,{right},rejected,an,",
    )
    result = run("review", "apply", TH23, SL25, str(sheet), "--decisions", str(tmp_path / "d"))
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 2
    assert all(said in line for said in ("line 2: date", "line 3: decision", "line 4: x is no item"))


def test_an_untouched_sheet_is_refused(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path / "s.csv", "{left},{right},,,")
    result = run("review", "apply", TH23, SL25, str(sheet), "--decisions", str(tmp_path / "d"))
    assert result.exit_code == 2
    assert "no row has a decision" in result.stderr
    assert not (tmp_path / "d").exists()


def test_a_missing_file_to_evaluate_is_named(tmp_path: Path) -> None:
    result = run("evaluate", str(tmp_path / "nope.csv"), str(tmp_path / "nope.csv"))
    assert (result.exit_code, result.stderr) == (
        2,
        f"plandiff: {tmp_path / 'nope.csv'}: no such file; check the path\n",
    )


def test_wrong_cells_are_named(tmp_path: Path) -> None:
    sheet = tmp_path / "s.csv"
    sheet.write_text("left_id,right_id,decision\nx,y,maybe\n", encoding="utf-8")
    result = run("review", "apply", TH23, SL25, str(sheet), "--decisions", str(tmp_path / "d"))
    assert result.exit_code == 2
    assert "line 2" in result.stderr
    assert not (tmp_path / "d").exists()


def test_agreement_of_two_reviewers(tmp_path: Path) -> None:
    head = "kind,left_section,left_hash,right_section,right_hash,decision,relation,reviewer,date,note\n"
    lines = [
        f"task,I/{i},{i},I/{i},{i},{v},,{n},2026-01-01,\n"
        for i in range(4)
        for n, v in (("an", "accepted"), ("bình", "accepted" if i else "rejected"))
    ]
    path = tmp_path / "d.csv"
    path.write_text(head + "".join(lines), encoding="utf-8")
    result = run("review", "agreement", str(path))
    assert result.exit_code == 0
    assert "3 of 4 pairs agreed" in result.stdout
    assert "disputed: I/0" in result.stdout
