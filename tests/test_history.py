"""Histories: made-up plans of a province with known changes, and the editions of Thanh Hóa."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import compare as pc
from compare import frames
from compare.alignment import align
from compare.chronicle import History, follow
from compare.diff.history import CHANGES, STATED, Chronicle, Pair
from compare.diff.tasks import SURE
from compare.errors import PlanError
from compare.pipeline import parse, read_plan
from compare.records import Document, Plan
from tests.places import EDITIONS
from tests.test_cli import rows, run

NAMES = ("thanh-hoa-2021-qd-2999", "thanh-hoa-2023-kh", "thanh-hoa-2025-ct-03", "thanh-hoa-2025-kh-63")
PATHS = [str(EDITIONS / f"{n}.txt") for n in NAMES]
SCHOOLS = "Sở Giáo dục và Đào tạo chủ trì xây dựng thêm phòng học cho các trường mầm non vùng cao{}."
ROADS = "Sở {} chủ trì sửa chữa các tuyến đường tỉnh bị hư hỏng sau mưa lũ."
WATER = "Sở Nông nghiệp và Phát triển nông thôn chủ trì nạo vét kênh mương trước mùa mưa."


def plan_of(year: int, *tasks: str, province: str = "THANH HÓA") -> Plan:
    lines = "\n\n".join(f"{n}. {t}" for n, t in enumerate(tasks, start=1))
    text = (
        f"ỦY BAN NHÂN DÂN TỈNH {province}\n\nSố: {year - 2000}/KH-UBND\n\n"
        f"KẾ HOẠCH\nPhát triển kinh tế - xã hội năm {year}\n\nI. NHIỆM VỤ\n\n{lines}\n"
    )
    return parse(Document(f"{province.lower()}-{year}.txt", text, "text", ""))


@pytest.fixture(scope="module")
def made() -> History:
    return follow(
        [
            plan_of(2021, SCHOOLS.format(" trước ngày 30/6/2021"), ROADS.format("Giao thông vận tải"), WATER),
            plan_of(2023, SCHOOLS.format(" trước ngày 30/9/2023"), ROADS.format("Công Thương")),
            plan_of(2025, SCHOOLS.format(" trước ngày 30/9/2025"), WATER),
        ]
    )


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    return [read_plan(p) for p in PATHS]


@pytest.fixture(scope="module")
def found(plans: list[Plan]) -> History:
    return follow(plans)


def test_what_happened_year_by_year(made: History) -> None:
    told = {str(r["last_text"]).split(" chủ trì ")[1][:7]: r for r in made.rows["history"]}
    assert {k: r["changes"] for k, r in told.items()} == {
        "xây dựn": "2021 stated;2023 rescheduled;2025 kept",
        "sửa chữ": "2021 stated;2023 reassigned;2025 dropped",
        "nạo vét": "2021 stated;2023 dropped;2025 resumed",
    }
    assert [told[k]["last_year"] for k in ("xây dựn", "sửa chữ", "nạo vét")] == [2025, 2023, 2025]
    assert told["sửa chữ"]["years"] == "2021;2023" and told["nạo vét"]["years"] == "2021;2025"


def test_the_steps_tell_the_bodies_the_dates_and_where_a_task_was_last_seen(made: History) -> None:
    steps = {(r["change"], r["to_year"]): r for r in made.rows["history_steps"]}
    moved = steps["reassigned", 2023]
    assert (moved["lead_left"], moved["lead_right"]) == ("so-giao-thong-van-tai", "so-cong-thuong")
    assert (moved["leads_added"], moved["leads_removed"]) == ("so-cong-thuong", "so-giao-thong-van-tai")
    assert steps["rescheduled", 2023]["due_change"] == "later"
    back = steps["resumed", 2025]
    assert (back["from_year"], back["last_seen"]) == (2023, 2021)
    assert str(back["left_text"])[3:] == str(back["right_text"])[3:]
    gone = steps["dropped", 2025]
    assert (gone["last_seen"], gone["right_id"], gone["n_right"]) == (2023, "", 0)


def test_the_sectors_count_every_step_once(made: History, found: History) -> None:
    for history in (made, found):
        steps, sectors = history.rows["history_steps"], history.rows["history_sectors"]
        for change in CHANGES:
            assert sum(int(str(r[change])) for r in sectors) == sum(s["change"] == change for s in steps)
        assert sum(int(str(r["n_doubtful"])) for r in sectors) == sum(s["doubtful"] == "true" for s in steps)


def test_every_task_of_the_editions_stands_in_one_history(plans: list[Plan], found: History) -> None:
    assert sum(int(str(r["n_tasks"])) for r in found.rows["history"]) == sum(len(p.tasks) for p in plans)
    ids = [r["group_id"] for r in found.rows["history"]]
    assert len(ids) == len(set(ids))
    for r in found.rows["history"]:
        years = [int(y) for y in str(r["years"]).split(";")]
        assert years == sorted(set(years)) and {r["first_year"], r["last_year"]} == {years[0], years[-1]}
        changes = [c.split(" ") for c in str(r["changes"]).split(";")]
        assert changes[-1][1] == r["latest"]
        assert {c for _, c in changes} <= {STATED, *CHANGES}
        stated = [int(y) for y, c in changes if c != "dropped"]
        assert stated == years


def test_a_step_is_of_an_accepted_pair_and_its_probability(plans: list[Plan], found: History) -> None:
    home = {t.task_id: p for p in plans for t in p.tasks}
    for a, b in ((plans[0], plans[1]), (plans[1], plans[2])):
        held = {(m.left_id, m.right_id): m.probability for m in align(a, b).accepted()}
        steps = [s for s in found.rows["history_steps"] if home.get(str(s["left_id"])) is a]
        steps = [s for s in steps if home.get(str(s["right_id"])) is b]
        assert steps
        for s in steps:
            p = held[str(s["left_id"]), str(s["right_id"])]
            assert s["probability"] == pytest.approx(p)
            assert s["doubtful"] == ("true" if p < SURE else "false")


def test_two_plans_of_one_year_count_together(found: History) -> None:
    assert {(s["from_year"], s["to_year"]) for s in found.rows["history_steps"]} == {(2021, 2023), (2023, 2025)}


def test_the_order_of_the_plans_does_not_matter(plans: list[Plan], found: History) -> None:
    assert follow(plans[::-1]).rows == found.rows


def test_each_province_has_its_own_history_and_one_with_a_single_year_is_left_out() -> None:
    here = [plan_of(y, WATER) for y in (2021, 2023)]
    there = [plan_of(y, WATER, province="SƠN LA") for y in (2021, 2023)]
    alone = plan_of(2025, WATER, province="NGHỆ AN")
    history = follow([*here, alone, *there])
    assert [(r["province"], r["changes"]) for r in history.rows["history"]] == [
        ("Sơn La", "2021 stated;2023 kept"),
        ("Thanh Hóa", "2021 stated;2023 kept"),
    ]
    assert history.left_out == (alone,)


def test_a_person_can_join_and_part_tasks() -> None:
    a, b = plan_of(2021, WATER), plan_of(2023, WATER)
    pair = (a.tasks[0].task_id, b.tasks[0].task_id)
    assert [r["changes"] for r in follow([a, b], verdicts={pair: False}).rows["history"]] == [
        "2021 stated;2023 dropped",
        "2023 added",
    ]
    c = plan_of(2025, ROADS.format("Công Thương"))
    joined = follow([a, c], verdicts={(a.tasks[0].task_id, c.tasks[0].task_id): True}).rows["history_steps"]
    assert [(s["change"], s["probability"], s["doubtful"]) for s in joined] == [("reassigned", 1, "false")]


def test_what_has_no_history_is_refused() -> None:
    with pytest.raises(PlanError, match="no province has plans of two years"):
        follow([plan_of(2021, WATER), plan_of(2023, WATER, province="SƠN LA")])
    bare = parse(Document("bare.txt", f"KẾ HOẠCH\n\nI. NHIỆM VỤ\n\n1. {WATER}\n", "text", ""))
    with pytest.raises(PlanError, match=r"^bare\.txt: states no year"):
        follow([plan_of(2021, WATER), bare])


def test_a_relation_turns_with_its_pair() -> None:
    plans = [plan_of(2021, WATER), plan_of(2023, WATER)]
    ids = [p.tasks[0].task_id for p in plans]
    chronicle = Chronicle.of("Thanh Hóa", plans, {(ids[0], ids[1]): Pair(0.9, "narrower")})
    assert chronicle.pair(*ids).relation == "narrower"
    assert chronicle.pair(*ids[::-1]).relation == "broader"


@pytest.mark.parametrize("by", ["task", "step", "sector"])
@pytest.mark.parametrize("kind", ["table", "csv", "json", "md", "latex", "html"])
def test_the_command_in_every_format(by: str, kind: str) -> None:
    result = run("history", *PATHS[:3], "--by", by, "--format", kind)
    assert result.exit_code == 0, result.output
    columns = frames.HISTORY_TABLES[{"task": "history", "step": "history_steps", "sector": "history_sectors"}[by]]
    if kind == "json":
        assert list(json.loads(result.stdout)[0]) == columns
    elif kind == "csv":
        assert result.stdout.splitlines()[0].split(",") == columns
    else:
        assert len(result.stdout) > 500


def test_the_command_writes_a_workbook_that_quotes(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "h.xlsx"
    command = ["history", *PATHS[:2], "--by", "step", "--lang", "vi", "--format", "xlsx"]
    assert run(*command).exit_code == 2
    assert run(*command, "-o", str(path)).exit_code == 0
    book = load_workbook(path)
    assert book.sheetnames[1] == "Từng bước diễn biến"
    assert len(list(book[book.sheetnames[-1]].iter_rows())) > 100


def test_the_command_says_which_plans_it_leaves_out(tmp_path: Path) -> None:
    out = tmp_path / "h.csv"
    result = run("history", *PATHS[:2], str(EDITIONS / "son-la-2025-qd-161.txt"), "--format", "csv", "-o", str(out))
    assert result.exit_code == 0 and rows(out)
    assert result.stderr == "plandiff: warning: son-la-2025-qd-161: no other year of its province, left out\n"
    alone = run("history", PATHS[0])
    assert alone.exit_code == 2
    assert alone.stderr.startswith("plandiff: thanh-hoa-2021-qd-2999 (2021): no province has plans of two years")


def test_in_a_notebook() -> None:
    read = pc.read_corpus(PATHS)
    history = pc.history(read, decisions=EDITIONS.parent.parent / "alignments")
    assert list(history.frame.columns) == frames.HISTORY
    assert list(history.steps.columns) == frames.HISTORY_STEPS
    assert list(history.sectors.columns) == frames.HISTORY_SECTORS
    assert history.frame["first_year"].dtype.kind == "i" and history.frame["doubtful"].dtype.kind == "b"
    assert "resumed" in history._repr_html_() and "4 plans" in repr(history)
    pairs = pc.align(read[0], read[1])
    left, right = (str(pairs.accepted[c].iloc[0]) for c in ("left_id", "right_id"))
    rejected = pc.history(read[:2], decisions=[pairs.decide(left, right, "rejected")])
    assert not ((rejected.steps["left_id"] == left) & (rejected.steps["right_id"] == right)).any()
