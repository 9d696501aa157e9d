"""What a notebook holds: the documented columns, the words behind each row, explanations that add up, safe display."""

from __future__ import annotations

import io
import math
import pickle
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import compare as pc
from compare import frames, register, review
from compare.alignment import THRESHOLD
from compare.display import QUEUE, show
from compare.errors import NotAPlanError, PlanError, ReadError
from compare.notebook import Pairs, Plan
from compare.pipeline import parse
from compare.records import Document
from tests.places import EDITIONS, ROOT

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
TABLES = sorted(frames.PARSE_TABLES.keys() - {"plans"})


@pytest.fixture(scope="module")
def plan() -> Plan:
    return pc.read_plan(EDITIONS / "thanh-hoa-2021-qd-2999.txt")


@pytest.fixture(scope="module")
def pairs(plan: Plan) -> Pairs:
    return pc.align(plan, pc.read_plan(EDITIONS / "thanh-hoa-2023-kh.txt"))


def hostile() -> Plan:
    text = (
        f"KẾ HOẠCH\nPhát triển {HOSTILE} năm 2025\n\nI. NHIỆM VỤ\n\n"
        f"1. Sở Y tế chủ trì, phối hợp với các đơn vị liên quan nâng cao chất lượng khám, chữa bệnh {HOSTILE}.\n"
    )
    return Plan(parse(Document(f"{HOSTILE}.txt", text, "text", "")))


class Page(HTMLParser):
    """The tags of a piece of HTML; fails where they do not nest."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open = "", []
        self.feed(markup)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


# Plans


@pytest.mark.parametrize("name", TABLES)
def test_a_plans_frames_have_the_documented_columns_and_a_row_per_record(plan: Plan, name: str) -> None:
    frame = getattr(plan, name)
    assert list(frame.columns) == frames.PARSE_TABLES[name]
    assert len(frame) == len(getattr(plan.record, name)) > 0
    assert getattr(plan, name) is frame
    assert [plan.text[a:b] for a, b in zip(frame["start"].astype(int), frame["end"].astype(int), strict=True)] == [
        plan.text[r.start : r.end] for r in getattr(plan.record, name)
    ]


def test_frames_without_rows_have_their_columns_too() -> None:
    empty = pc.read_plan(EDITIONS / "thanh-hoa-2025-ct-03.txt").targets
    assert empty.empty and list(empty.columns) == frames.TARGETS


def test_quote_and_context_show_the_words_in_their_place(plan: Plan) -> None:
    for frame, column in ((plan.tasks, "task_id"), (plan.targets, "target_id"), (plan.themes, "theme_id")):
        row = frame.iloc[-1]
        assert plan.quote(row[column]) == row["text"]
        passage = plan.context(row[column], around=40)
        assert f"{passage.before}{passage.words}{passage.after}" in plan.text
        assert passage.words == row["text"] and len(passage.before) == 40
        assert str(passage).count(row["text"]) == 1
    start = plan.context(min(plan.record.tasks, key=lambda t: t.start).task_id, around=10**6)
    assert f"{start.before}{start.words}{start.after}" == plan.text


@pytest.mark.parametrize("call", ["quote", "context"])
def test_an_unknown_item_is_named_with_the_plan(plan: Plan, call: str) -> None:
    with pytest.raises(KeyError, match=r"nowhere/1: no task, target or theme of thanh-hoa-2021-qd-2999; see \.tasks"):
        getattr(plan, call)("nowhere/1")


def test_url_comes_from_the_register_and_only_a_web_address_counts(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sources.csv"
    monkeypatch.setenv(register.REGISTER, str(path))
    for cell, url in (("https://example.org/p", "https://example.org/p"), ("javascript:alert(1)", ""), ("", "")):
        path.write_text(f"plan_id,url\n{plan.plan_id},{cell}\n", encoding="utf-8")
        assert plan.url == url
        assert ({"href": url, "rel": "noopener"} in Page(plan._repr_html_()).named("a")) == bool(url)
    path.write_text("no register", encoding="utf-8")
    assert plan.url == ""
    monkeypatch.delenv(register.REGISTER)
    monkeypatch.chdir(tmp_path)
    assert plan.url == ""


def test_a_plans_display_says_what_there_is_and_what_to_call_next(plan: Plan) -> None:
    page = Page(plan._repr_html_())
    assert {a.get("scope") for a in page.named("th")} == {"row", "col"}
    assert page.named("caption") and page.named("details")
    for said in (
        plan.plan_id,
        plan.source,
        "2999/QĐ-UBND",
        f"warnings{len(plan.warnings)} (",
        f"no_lead {(plan.warnings['code'] == 'no_lead').sum()}",
        "next: .tasks",
    ):
        assert said in page.text
    counts = f"{len(plan.tasks)} tasks, {len(plan.targets)} targets, {len(plan.themes)} themes, "
    assert repr(plan).startswith(f"<Plan thanh-hoa-2021-qd-2999: {counts}")


def test_displays_are_escaped() -> None:
    plan = hostile()
    assert HOSTILE in plan.metadata.title or HOSTILE.upper() in plan.metadata.title
    pairs = pc.align(plan, plan)
    shown = show(plan.tasks, caption=HOSTILE)
    context = plan.context(plan.record.tasks[0].task_id)
    for thing in (plan, pairs, shown, context):
        page = Page(thing._repr_html_())
        assert not page.named("script") and not page.named("img")
        assert HOSTILE in page.text
    assert all("onerror" not in attrs for _, attrs in Page(shown._repr_html_()).tags)


# Tables


def test_show_gives_headings_their_scope_and_folds_long_texts(plan: Plan) -> None:
    page = Page(show(plan.tasks, ["task_id", "text"], rows=3)._repr_html_())
    assert [a["scope"] for a in page.named("th")] == ["col"] * 2 + ["row"] * 3
    long = [t for t in plan.tasks["text"][:3] if len(" ".join(t.split())) > 90]
    assert len(page.named("details")) == len(page.named("summary")) == len(long) > 0
    assert " ".join(long[0].split()) in page.text
    assert f"(3 of {len(plan.tasks)} rows)" in Page(show(plan.tasks, rows=3, caption="Tasks")._repr_html_()).text
    assert {"role": "region", "tabindex": "0"}.items() <= page.named("div")[0].items()


@pytest.mark.parametrize("name", ["tasks", "assignments", "targets"])
def test_show_says_what_to_call_next_for_documented_tables(plan: Plan, name: str) -> None:
    assert "next: " in show(getattr(plan, name), rows=1)._repr_html_()


def test_hints_name_functions_that_there_are(plan: Plan, pairs: Pairs) -> None:
    diffs = [getattr(pc.diff, d)(pairs) for d in ("themes", "targets", "tasks", "gaps")]
    task = pairs.accepted.query("kind == 'task'").iloc[0]
    known = [plan.tasks, plan.assignments, plan.targets, pairs.frame, *diffs, pairs.queue(3)]
    for frame in (*known, pairs.explain(task["left_id"], task["right_id"])):
        calls = re.findall(r"(\w+)\.(\w+)\(", show(frame).hint)
        assert calls
        for owner, name in calls:
            assert hasattr({"figures": pc.figures, "plan": plan, "pairs": pairs}[owner], name)


def test_show_writes_numbers_for_readers() -> None:
    frame = pd.DataFrame({"a": ["x"], "b": [0.123456], "c": [1250000.0], "d": [float("nan")], "e": [True]})
    assert Page(show(frame)._repr_html_()).text == "abcdex0.12351250000True"
    assert "no rows" in Page(show(frame.iloc[:0], caption="None")._repr_html_()).text
    assert repr(show(frame, ["a"], caption="Small")).startswith("Small\na")
    with pytest.raises(KeyError, match="no column z; there are a, b, c, d, e"):
        show(frame, ["a", "z"])


# Pairs


def test_pairs_have_the_documented_columns_and_accepted_is_best_first(pairs: Pairs) -> None:
    assert list(pairs.frame.columns) == list(pairs.accepted.columns) == frames.ALIGNMENT
    assert pairs.accepted["accepted"].all() and len(pairs.accepted) == pairs.frame["accepted"].sum() > 0
    assert pairs.accepted["probability"].is_monotonic_decreasing
    assert pairs.left.plan_id == "thanh-hoa-2021-qd-2999" and pairs.left is pairs.left


def test_explanations_add_up_to_the_probability(pairs: Pairs) -> None:
    checked = 0
    for m in pairs.alignment.matches:
        if m.kind == "target" or not (m.left_id and m.right_id):
            continue
        found = pairs.explain(m.left_id, m.right_id)
        assert found["name"].iloc[0] == "intercept" and found["value"].iloc[1:].between(0, 1).all()
        assert 1 / (1 + math.exp(-found["log_odds"].sum())) == pytest.approx(m.probability, abs=1e-3)
        checked += 1
    assert checked > 100


def test_a_pair_of_targets_is_explained_without_log_odds(pairs: Pairs) -> None:
    row = pairs.accepted.query("kind == 'target'").iloc[0]
    found = pairs.explain(row["left_id"], row["right_id"])
    assert list(found["name"]) == ["terms"] and found["words"].iloc[0]


def test_a_pair_that_was_no_candidate_is_explained(pairs: Pairs) -> None:
    kept = {(m.left_id, m.right_id) for m in pairs.alignment.matches}
    left, right = (side.tasks["task_id"] for side in (pairs.left, pairs.right))
    other = next((a, b) for a in left for b in right if (a, b) not in kept)
    found = pairs.explain(*other)
    assert found["name"].iloc[0] == "intercept"
    assert 1 / (1 + np.exp(-found["log_odds"].sum())) < 0.2


def test_ids_may_be_short(pairs: Pairs) -> None:
    best = pairs.accepted.query("kind == 'task'").iloc[0]
    full = (best["left_id"], best["right_id"])
    short = tuple(i.split("/", 1)[1] for i in full)
    pd.testing.assert_frame_equal(pairs.explain(*short), pairs.explain(*full))
    assert pairs.decide(*short, "rejected") == pairs.decide(*full, "rejected")


def test_an_unknown_id_is_said(pairs: Pairs) -> None:
    with pytest.raises(KeyError, match="a: no task, target or theme of"):
        pairs.explain("a", "b")


def test_a_display_of_pairs_counts_what_the_frame_holds(pairs: Pairs) -> None:
    page = Page(pairs._repr_html_())
    tasks = pairs.frame[pairs.frame["kind"] == "task"]
    both = (tasks["left_id"] != "") & (tasks["right_id"] != "")
    counts = [
        tasks["accepted"].sum(), (both & ~tasks["accepted"]).sum(), (tasks["right_id"] == "").sum(), (tasks["left_id"] == "").sum()
    ]  # fmt: skip
    assert "task" + "".join(map(str, counts)) in page.text
    assert {a.get("scope") for a in page.named("th")} == {"row", "col"}
    assert "next: .accepted" in page.text and f"threshold {THRESHOLD:g}" in page.text


def test_diffs_of_pairs_have_the_documented_columns(pairs: Pairs) -> None:
    for name in ("themes", "targets", "tasks", "gaps"):
        expected = getattr(frames, "GAPS" if name == "gaps" else f"{name.upper()}_DIFF")
        assert list(getattr(pc.diff, name)(pairs).columns) == expected


# Review


def test_the_queue_holds_words_and_cells_to_fill_in(pairs: Pairs) -> None:
    queue = pairs.queue(most=10)
    assert list(queue.columns) == QUEUE and len(queue) == 10
    surest = pairs.accepted.query("kind == 'task'").iloc[0]
    assert queue["probability"].max() < surest["probability"]
    assert (queue[["decision", "relation", "reviewer", "date", "note"]] == "").all(axis=None)
    assert " ".join(pairs.left.quote(queue["left_id"][0]).split()) == queue["left_text"][0]
    blind = pairs.queue(most=10, blind=True)
    assert blind["probability"].isna().all() and set(blind["left_id"]) == set(queue["left_id"])


def test_decisions_are_in_force_in_new_pairs_only(pairs: Pairs) -> None:
    best = pairs.accepted.query("kind == 'task'").iloc[0]
    before = pairs.frame.copy()
    no = pairs.decide(best["left_id"], best["right_id"], "rejected", reviewer="an", date="2026-01-02", note="x")
    after = pairs.apply([no])
    row = after.frame[(after.frame["left_id"] == best["left_id"]) & (after.frame["right_id"] == best["right_id"])].iloc[
        0
    ]
    assert (row["accepted"], row["decision"], row["reviewer"], row["note"]) == (False, "rejected", "an", "x")
    assert row["probability"] == best["probability"] and after.stale == ()
    pd.testing.assert_frame_equal(pairs.frame, before)
    assert "1 decided by people" in Page(after._repr_html_()).text
    gone = review.Decision("task", review.ItemKey("X", "0" * 12), no.right, "rejected")
    assert [s.side for s in pairs.apply([gone]).stale] == ["left"]


def test_a_decision_on_unknown_items_or_with_another_word_is_refused(pairs: Pairs) -> None:
    best = pairs.accepted.iloc[0]
    with pytest.raises(KeyError, match=r"nowhere: no task, target or theme of thanh-hoa-2021-qd-2999 \(left\)"):
        pairs.decide("nowhere", best["right_id"], "accepted")
    with pytest.raises(ValueError, match="accepted"):
        pairs.decide(best["left_id"], best["right_id"], "perhaps")


# Reading


def test_a_plan_reads_by_the_id_of_a_registered_plan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(register.REGISTER, str(ROOT / "data" / "sources.csv"))
    monkeypatch.delenv(register.TEXTS, raising=False)
    monkeypatch.chdir(tmp_path)
    plan = pc.read_plan("thanh-hoa-2025-kh-63")
    assert Path(plan.source).resolve() == EDITIONS / "thanh-hoa-2025-kh-63.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two plans under three names, and what is no plan."""
    for name, source in (
        ("b.txt", "thanh-hoa-2023-kh"),
        ("a.md", "thanh-hoa-2025-kh-63"),
        ("c.TXT", "thanh-hoa-2023-kh"),
    ):
        shutil.copyfile(EDITIONS / f"{source}.txt", tmp_path / name)
    for name in (".hidden.txt", "~$lock.docx", "notes.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    return tmp_path


def test_a_folder_is_read_by_name_with_ids_of_their_own(folder: Path) -> None:
    calls: list[tuple[int, int]] = []
    plans = pc.read_corpus(folder, progress=lambda done, total: calls.append((done, total)))
    assert [p.plan_id for p in plans] == ["thanh-hoa-2025-kh-63", "thanh-hoa-2023-kh", "thanh-hoa-2023-kh~2"]
    assert plans[2].tasks["task_id"].str.startswith("thanh-hoa-2023-kh~2/").all()
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert [p.plan_id for p in pc.read_corpus([folder / "b.txt", str(folder / "a.md")])] == [
        "thanh-hoa-2023-kh",
        "thanh-hoa-2025-kh-63",
    ]


def test_what_cannot_be_read_is_raised_or_told(folder: Path) -> None:
    (folder / "aa.txt").write_text("mua sữa, mua bánh mì", encoding="utf-8")
    (folder / "ab.txt").write_text("", encoding="utf-8")
    with pytest.raises(NotAPlanError, match=r"aa\.txt"):
        pc.read_corpus(folder)
    told: list[PlanError] = []
    calls: list[tuple[int, int]] = []
    plans = pc.read_corpus(folder, progress=lambda done, total: calls.append((done, total)), on_error=told.append)
    assert len(plans) == 3 and calls[-1] == (5, 5)
    assert [type(e) for e in told] == [NotAPlanError, ReadError] and "empty" in str(told[1])


def test_a_folder_that_is_none_or_empty_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="nowhere: not a folder; give a folder or a list of files"):
        pc.read_corpus(tmp_path / "nowhere")
    with pytest.raises(PlanError, match=r"no file ends in \.txt, .*put the plans there"):
        pc.read_corpus(tmp_path)


# Captions and bars


def test_a_caption_says_plans_version_threshold_and_decisions(pairs: Pairs) -> None:
    said = f"thanh-hoa-2021-qd-2999 / thanh-hoa-2023-kh; plandiff {pc.__version__}; threshold {THRESHOLD:g}"
    assert pairs.note == said
    best = pairs.accepted.query("kind == 'task'").iloc[0]
    assert (
        pairs.apply([pairs.decide(best["left_id"], best["right_id"], "rejected")]).note
        == f"{said}; 1 decided by people"
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_shows_on_a_terminal_and_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("compare.display._PAUSE", 0.0)
    with pc.Progress("plans") as bar:
        assert list(bar.over(["a", "b", "c"])) == ["a", "b", "c"]
    drawn = screen.getvalue().split("\r")
    assert [d.rstrip("\x1b[K") for d in drawn[1:4]] == [
        f"plans [{'#' * n:.<24}] {done} of 3" for n, done in ((0, 0), (8, 1), (16, 2))
    ]
    assert drawn[-1] == "\x1b[K"


def test_a_bar_vanishes_when_the_job_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with pytest.raises(PlanError), pc.Progress("plans") as bar:
        bar(1, 3)
        raise PlanError("no")
    assert screen.getvalue().endswith("\r\x1b[K")


def test_a_bar_leaves_piped_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pc.Progress("plans") as bar:
        assert list(bar.over([1, 2])) == [1, 2]
    assert capsys.readouterr() == ("", "")


def test_a_bar_in_a_notebook_is_one_output_that_is_kept_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, str]] = []

    class Handle:
        def update(self, markup: str) -> None:
            shown.append(("update", markup))

    def display(markup: str, display_id: bool) -> Handle:
        assert display_id
        shown.append(("display", markup))
        return Handle()

    ipython = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(HTML=str, display=display))
    ipython.display = sys.modules["IPython.display"]
    monkeypatch.setattr("compare.display._PAUSE", 0.0)
    bar = pc.Progress(HOSTILE)
    bar(1, 2)
    bar(2, 2)
    assert [how for how, _ in shown] == ["display", "update"]
    page = Page(shown[-1][1])
    assert {"value": "2", "max": "2"} in page.named("progress") and "2 of 2" in page.text
    assert page.named("label") and not page.named("script")


# Frames


def test_a_notebook_shows_documented_tables_as_show_does(plan: Plan, pairs: Pairs) -> None:
    best = pairs.accepted.query("kind == 'task'").iloc[0]
    diffs = [getattr(pc.diff, d)(pairs) for d in ("themes", "targets", "tasks", "gaps")]
    evidence = pairs.explain(best["left_id"], best["right_id"])
    for frame in (plan.tasks, plan.targets, pairs.frame, pairs.accepted, pairs.queue(3), evidence, *diffs):
        assert isinstance(frame, pd.DataFrame)
        assert frame._repr_html_() == show(frame)._repr_html_()
        page = Page(frame._repr_html_())
        assert {a["scope"] for a in page.named("th")} == {"row", "col"} and "next: " in page.text


def test_what_is_made_from_a_table_is_a_plain_frame(plan: Plan) -> None:
    assert type(plan.tasks[plan.tasks["sector"] != ""]) is type(plan.tasks.copy()) is pd.DataFrame
    assert type(pd.concat([plan.tasks, plan.tasks])) is pd.DataFrame
    again = pickle.loads(pickle.dumps(plan.targets))
    pd.testing.assert_frame_equal(again, plan.targets)
    assert again._repr_html_() == plan.targets._repr_html_()
