"""People's decisions in every output: they override the scores, the rest is chosen around them, and stale ones are told."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import compare as pc
from compare import review
from compare.alignment import align
from compare.diff import gap_rows, task_rows
from compare.errors import PlanError
from compare.pipeline import parse, read_plan
from compare.records import Alignment, Document, Match, Plan
from compare.review import Decision
from compare.selection import FURTHER, NEAR_BEST
from tests.places import EDITIONS, ROOT
from tests.test_cli import rows, run

TH23, SL25 = EDITIONS / "thanh-hoa-2023-kh.txt", EDITIONS / "son-la-2025-qd-161.txt"
TH21, KH63 = EDITIONS / "thanh-hoa-2021-qd-2999.txt", EDITIONS / "thanh-hoa-2025-kh-63.txt"
NAME = "thanh-hoa-2023-kh__son-la-2025-qd-161.csv"
SWAPPED = "son-la-2025-qd-161__thanh-hoa-2023-kh.csv"
Ids = tuple[str, str]


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, Plan]:
    return read_plan(TH23), read_plan(SL25)


@pytest.fixture(scope="module")
def pairs(plans: tuple[Plan, Plan]) -> Alignment:
    return align(*plans)


def candidates(pairs: Alignment, kind: str = "task") -> list[Match]:
    return [m for m in pairs.matches if m.kind == kind and m.left_id and m.right_id]


def ids(m: Match) -> Ids:
    return m.left_id, m.right_id


@pytest.fixture(scope="module")
def low(pairs: Alignment) -> Match:
    """A pair that the scores do not accept, of two items that have no partner."""
    held = {i for m in pairs.accepted() for i in ids(m)}
    return min((m for m in candidates(pairs) if not held & {*ids(m)}), key=lambda m: (m.probability, ids(m)))


@pytest.fixture(scope="module")
def top(pairs: Alignment) -> Match:
    """The surest pair whose left item has no other accepted partner, but another one above the threshold."""
    return max(
        (
            m
            for m in pairs.accepted()
            if second(pairs, m) and sum(x.left_id == m.left_id for x in pairs.accepted()) == 1
        ),
        key=lambda m: (m.probability, ids(m)),
    )


def second(pairs: Alignment, m: Match) -> list[Match]:
    """The left item's other candidates that are worth the price of their right items' clauses, best first."""
    taken = {x.right_id for x in pairs.accepted()}
    best = {x.right_id: x.probability for x in sorted(candidates(pairs), key=lambda x: x.probability)}
    others = [
        x
        for x in candidates(pairs)
        if x.left_id == m.left_id
        and x.right_id != m.right_id
        and x.probability
        >= max(pairs.threshold, NEAR_BEST * best.get(x.right_id, 0)) + (FURTHER if x.right_id in taken else 0)
    ]
    return sorted(others, key=lambda x: -x.probability)


@pytest.fixture(scope="module")
def made(pairs: Alignment, low: Match, top: Match) -> list[Decision]:
    return [
        review.decide(pairs, *ids(low), "accepted", relation="narrower", reviewer="an", date="2026-02-01"),
        review.decide(pairs, *ids(top), "rejected", reviewer="bình", date="2026-02-02", note="other duty"),
    ]


def stored(path: Path, decisions: list[Decision]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, review.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(review.to_row(d) for d in decisions)
    return path


def find(found: Alignment, pair: Ids) -> Match:
    (match,) = [m for m in found.matches if ids(m) == pair]
    return match


def test_a_low_pair_is_matched_and_keeps_its_score(
    plans: tuple[Plan, Plan], pairs: Alignment, low: Match, made: list[Decision]
) -> None:
    after, stale = review.align(*plans, decisions=made)
    assert not stale
    match = find(after, ids(low))
    assert not find(pairs, ids(low)).accepted
    assert (match.accepted, match.decision, match.relation, match.reviewer) == (True, "accepted", "narrower", "an")
    assert match.probability == low.probability < pairs.threshold
    assert match.evidence == low.evidence
    assert not [m for m in after.matches if ids(m) in ((low.left_id, ""), ("", low.right_id))]


def test_a_rejected_top_pair_makes_room_for_the_next(
    plans: tuple[Plan, Plan], pairs: Alignment, top: Match, made: list[Decision]
) -> None:
    after, _ = review.align(*plans, decisions=made)
    match = find(after, ids(top))
    assert (match.accepted, match.decision, match.note) == (False, "rejected", "other duty")
    assert match.probability == top.probability
    now = {m.right_id for m in after.accepted() if m.left_id == top.left_id}
    assert now
    assert now <= {m.right_id for m in second(pairs, top)}


def test_an_accepted_pair_is_certain_so_that_weaker_ones_of_its_items_fall(
    plans: tuple[Plan, Plan], pairs: Alignment
) -> None:
    weak = min((m for m in pairs.accepted() if m.probability < 0.39), key=ids)
    rival = next(m for m in candidates(pairs) if m.left_id == weak.left_id and not m.accepted)
    after, _ = review.align(*plans, decisions=[review.decide(pairs, *ids(rival), "accepted")])
    assert find(after, ids(rival)).accepted
    assert not find(after, ids(weak)).accepted


def test_pairs_that_share_no_item_with_a_decision_stay(
    plans: tuple[Plan, Plan], pairs: Alignment, low: Match, top: Match, made: list[Decision]
) -> None:
    after, _ = review.align(*plans, decisions=made)
    near = {i for m in candidates(pairs) if {*ids(m)} & {*ids(low), *ids(top)} for i in ids(m)}
    far = {m for m in pairs.matches if not near & {*ids(m)}}
    assert far
    assert far <= set(after.matches)


def test_every_item_still_stands_in_a_pair_or_as_a_gap(plans: tuple[Plan, Plan], made: list[Decision]) -> None:
    after, _ = review.align(*plans, decisions=made)
    for side, plan in (("left_id", after.left), ("right_id", after.right)):
        held = {getattr(m, side) for m in after.accepted("task")}
        alone = [
            getattr(m, side)
            for m in after.matches
            if m.kind == "task" and not (m.left_id and m.right_id) and getattr(m, side)
        ]
        assert len(alone) == len(set(alone))
        assert held.isdisjoint(alone)
        assert held | set(alone) == {t.task_id for t in plan.tasks}


def test_swapped_plans_give_the_mirrored_result(plans: tuple[Plan, Plan], made: list[Decision], low: Match) -> None:
    here, _ = review.align(*plans, decisions=made)
    there, stale = review.align(plans[1], plans[0], decisions=[review.mirrored(d) for d in made])
    assert not stale
    assert {ids(m) for m in there.accepted()} == {ids(m)[::-1] for m in here.accepted()}
    assert find(there, ids(low)[::-1]).relation == "broader"
    assert [review.mirrored(review.mirrored(d)) for d in made] == made


def test_decisions_on_top_of_decisions(pairs: Alignment, made: list[Decision], low: Match, top: Match) -> None:
    one, _ = review.apply(pairs, made[:1])
    both, _ = review.apply(one, made[1:])
    assert both.matches == review.apply(pairs, made)[0].matches
    assert {ids(m) for m in both.decided()} == {ids(low), ids(top)}


def test_targets_take_decisions_too() -> None:
    left, right = read_plan(TH21), read_plan(KH63)
    pairs = align(left, right)
    pair = min(ids(m) for m in pairs.accepted("target"))
    held = {i for m in pairs.accepted("target") for i in ids(m)}
    lone = next(t.target_id for t in left.targets if t.target_id not in held)
    other = pair[1]  # the partner of the rejected pair gets another
    decisions = [review.decide(pairs, *pair, "rejected"), review.decide(pairs, lone, other, "accepted")]
    after, _ = review.align(left, right, decisions=decisions)
    assert not find(after, pair).accepted
    assert find(after, (lone, other)).accepted
    told = {r["left_id"]: (r["change"], r["right_id"], r["decision"]) for r in pc.diff.target_rows(after)}
    assert told[lone][1:] == (other, "accepted")
    assert pair not in {(k, v[1]) for k, v in told.items()}


def test_themes_take_decisions_too(plans: tuple[Plan, Plan], pairs: Alignment) -> None:
    for accepted in (True, False):
        theme = min(ids(m) for m in candidates(pairs, "theme") if m.accepted == accepted)
        flipped = "rejected" if accepted else "accepted"
        after, _ = review.align(*plans, decisions=[review.decide(pairs, *theme, flipped)])
        assert find(after, theme).accepted != accepted


def test_an_annex_pair_is_decided_within_its_plan() -> None:
    left, right = read_plan(TH21), read_plan(KH63)
    pairs = align(left, right)
    pair = pairs.within[left.plan_id][0]
    keys = review.item_key(left, pair.left_id), review.item_key(left, pair.right_id)
    for sides in ((left, right), (right, left)):
        after, stale = review.align(*sides, decisions=[Decision("annex", *keys, "rejected")])
        assert not stale
        (match,) = [m for m in after.within[left.plan_id] if ids(m) == ids(pair)]
        assert (match.accepted, match.decision) == (False, "rejected")
        assert len(after.decided()) == 1
    partners = [m for m in pairs.within[left.plan_id] if m.left_id == pair.left_id]
    missing = [
        Decision("annex", review.item_key(left, m.left_id), review.item_key(left, m.right_id), "rejected")
        for m in partners
    ]
    after, _ = review.align(left, right, decisions=missing)
    gaps = {r["task_id"] for r in gap_rows(after) if r["gap"] == "annex_without_body"}
    assert pair.left_id in gaps
    lost = replace(missing[0], left=replace(missing[0].left, words="0" * 12))
    for sides in ((left, right), (right, left)):
        _, stale = review.align(*sides, decisions=[lost])
        assert [(s.side, s.plan_id) for s in stale] == [("left", left.plan_id)]


def test_diffs_and_gaps_follow(plans: tuple[Plan, Plan], made: list[Decision], low: Match, top: Match) -> None:
    after, _ = review.align(*plans, decisions=made)
    changes = {(r["left_id"], r["right_id"]): r for r in task_rows(after)}
    assert changes[ids(low)]["decision"] == "accepted"
    assert ids(top) not in changes
    missing = {r["task_id"] for r in gap_rows(after) if r["gap"] == "task_without_counterpart"}
    assert not missing & {*ids(low)}  # a person's word is not doubtful, however low the probability


@pytest.mark.parametrize("where", ["file", "folder", "swapped"])
def test_align_takes_a_file_or_a_folder(
    tmp_path: Path, where: str, made: list[Decision], low: Match, top: Match
) -> None:
    given = {
        "file": lambda: stored(tmp_path / "any.csv", made),
        "folder": lambda: stored(tmp_path / "d" / NAME, made).parent,
        "swapped": lambda: stored(tmp_path / "d" / SWAPPED, [review.mirrored(d) for d in made]).parent,
    }[where]()
    result = run("align", str(TH23), str(SL25), "--decisions", str(given), "-o", str(tmp_path / "a.csv"))
    assert result.exit_code == 0, result.output
    assert not result.stderr
    assert "2 pairs decided by people (1 accepted, 1 rejected)" in result.stdout
    table = {(r["left_id"], r["right_id"]): r for r in rows(tmp_path / "a.csv")}
    columns = ("accepted", "relation", "decision", "reviewer")
    assert tuple(table[ids(low)][c] for c in columns) == ("true", "narrower", "accepted", "an")
    assert tuple(table[ids(top)][c] for c in columns) == ("false", "related", "rejected", "bình")


def test_a_mirrored_file_named_by_its_path_is_mirrored(tmp_path: Path, made: list[Decision], low: Match) -> None:
    path = stored(tmp_path / NAME, made)
    result = run("align", str(SL25), str(TH23), "--decisions", str(path), "-o", str(tmp_path / "a.csv"))
    assert (result.exit_code, result.stderr) == (0, "")
    table = {(r["left_id"], r["right_id"]): r for r in rows(tmp_path / "a.csv")}
    assert table[ids(low)[::-1]]["relation"] == "broader"


def test_without_the_option_no_decision_counts(
    tmp_path: Path, made: list[Decision], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(tmp_path / "alignments" / NAME, made)
    monkeypatch.chdir(tmp_path)
    plain = run("align", str(TH23), str(SL25))
    assert plain.exit_code == 0
    assert not [r for r in csv.DictReader(plain.stdout.splitlines()) if r["decision"]]


def test_diff_changes(tmp_path: Path, made: list[Decision], low: Match, top: Match) -> None:
    path = stored(tmp_path / "d.csv", made)
    plain = json.loads(run("diff", "tasks", str(TH23), str(SL25), "--json").stdout)
    result = run("diff", "tasks", str(TH23), str(SL25), "--json", "--decisions", str(path))
    decided = json.loads(result.stdout)
    before, after = ({(r["left_id"], r["right_id"]) for r in table_rows(t)} for t in (plain, decided))
    assert ids(top) in before - after
    assert ids(low) in after - before
    gaps = run("diff", "gaps", str(TH23), str(SL25), "--format", "csv", "--decisions", str(path))
    assert gaps.exit_code == 0
    assert gaps.stdout != run("diff", "gaps", str(TH23), str(SL25), "--format", "csv").stdout


def table_rows(content: object) -> list[dict[str, str]]:
    found = content["rows"] if isinstance(content, dict) else content
    assert isinstance(found, list)
    return [{k: v or "" for k, v in r.items()} for r in found]


def test_compare_says_how_many_and_every_file_follows(tmp_path: Path, made: list[Decision], low: Match) -> None:
    path = stored(tmp_path / "d.csv", made)
    result = run("compare", str(TH23), str(SL25), "-o", str(tmp_path / "c"), "--decisions", str(path))
    assert result.exit_code == 0, result.output
    assert "2 pairs decided by people (1 accepted, 1 rejected)" in " ".join(result.stdout.split())
    changes = {(r["left_id"], r["right_id"]): r["decision"] for r in rows(tmp_path / "c" / "tables" / "tasks_diff.csv")}
    assert changes[ids(low)] == "accepted"
    assert "2 pairs decided by people" in (tmp_path / "c" / "tables" / "alignment.md").read_text(encoding="utf-8")
    page = (tmp_path / "c" / "report.html").read_text(encoding="utf-8")
    assert "Decided by people, whatever the probability: 1 accepted, 1 rejected." in page
    assert 'data-decided="rejected"' in page
    manifest = json.loads((tmp_path / "c" / "figures" / "manifest.json").read_text(encoding="utf-8"))
    assert '"decided": 2' in json.dumps(manifest)


def test_matrix_takes_a_folder(tmp_path: Path, made: list[Decision], low: Match, top: Match) -> None:
    folder = stored(tmp_path / "d" / SWAPPED, [review.mirrored(d) for d in made]).parent
    for out, extra in (("plain", ()), ("decided", ("--decisions", str(folder)))):
        result = run("matrix", str(TH23), str(SL25), "-o", str(tmp_path / out), *extra)
        assert (result.exit_code, result.stderr) == (0, "")
        groups: dict[str, str] = {r["task_id"]: r["group_id"] for r in rows(tmp_path / out / "members.csv")}
        together = [groups.get(a) == groups.get(b) != None for a, b in (ids(low), ids(top))]  # noqa: E711
        assert together[0] == bool(extra)
        assert ("2 pairs decided by people" in result.stdout) == bool(extra)
    assert not together[1]
    wrong = run("matrix", str(TH23), str(SL25), "-o", str(tmp_path / "x"), "--decisions", str(folder / SWAPPED))
    assert wrong.exit_code == 2
    assert "give the folder" in wrong.stderr


def test_explain_names_who_decided(tmp_path: Path, made: list[Decision], low: Match, top: Match) -> None:
    path = stored(tmp_path / "d.csv", made)
    for match, said in ((low, "accepted by an"), (top, "rejected by bình (other duty)")):
        result = run("explain", str(TH23), str(SL25), *ids(match), "--decisions", str(path))
        assert result.exit_code == 0, result.output
        text = " ".join(result.stdout.split())
        assert f"{said}, whatever the scores say (probability {match.probability:.3f}" in text
        assert "of these plans: 2 pairs decided by people (1 accepted, 1 rejected)" in text
    assert "people" not in run("explain", str(TH23), str(SL25), *ids(top)).stdout


def test_evaluate_goes_by_decisions_and_says_so(tmp_path: Path, made: list[Decision], low: Match, top: Match) -> None:
    path, gold = stored(tmp_path / "d.csv", made), tmp_path / "gold.csv"
    gold.write_text(
        f"left_id,right_id,grade\n{low.left_id},{low.right_id},2\n{top.left_id},{top.right_id},0\n", encoding="utf-8"
    )
    for name, extra in (("plain.csv", ()), ("decided.csv", ("--decisions", str(path)))):
        assert run("align", str(TH23), str(SL25), "-o", str(tmp_path / name), *extra).exit_code == 0
    plain, decided = (
        json.loads(run("evaluate", str(tmp_path / name), str(gold), "--json").stdout)
        for name in ("plain.csv", "decided.csv")
    )
    assert (plain["decided"], decided["decided"]) == (0, 2)
    assert (plain["strict"]["recall"], decided["strict"]["recall"]) == (0.0, 1.0)
    assert plain["average_precision"] == decided["average_precision"]
    assert "2 pairs decided by people" in run("evaluate", str(tmp_path / "decided.csv"), str(gold)).stdout


def test_stale_decisions_are_told_on_stderr_and_among_the_warnings(tmp_path: Path, made: list[Decision]) -> None:
    lost = replace(made[0], left=replace(made[0].left, words="0" * 12))
    path = stored(tmp_path / "d.csv", [lost, made[1]])
    result = run("compare", str(TH23), str(SL25), "-o", str(tmp_path / "c"), "--no-figures", "--decisions", str(path))
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert str(path) in line
    assert "2026-02-01 by an (accepted) does not count" in line
    assert lost.left.section in line
    (row,) = [r for r in rows(tmp_path / "c" / "plans" / "warnings.csv") if r["code"] == "stale_decision"]
    assert row["plan_id"] == "thanh-hoa-2023-kh"
    assert "1 pair decided by people (0 accepted, 1 rejected); 1 decision out of date" in " ".join(
        result.stdout.split()
    )


def test_many_stale_decisions_are_counted(tmp_path: Path, made: list[Decision]) -> None:
    lost = [replace(made[0], left=replace(made[0].left, words=f"{n:012d}")) for n in range(14)]
    held = [replace(made[1], reviewer=f"reader {n}") for n in range(14)]
    result = run("align", str(TH23), str(SL25), "--decisions", str(stored(tmp_path / "d.csv", [*lost, *held])))
    assert "4 more" in result.stderr.splitlines()[-1]
    assert len(result.stderr.splitlines()) == 11


def test_decisions_on_another_text_of_the_plans_are_told_once(tmp_path: Path) -> None:
    shipped = ROOT / "alignments"
    own = len(review.read_decisions(shipped / NAME))
    result = run(
        "compare", str(TH23), str(SL25), "-o", str(tmp_path / "c"), "--no-figures", "--decisions", str(shipped)
    )
    assert result.exit_code == 0, result.output
    (line,) = result.stderr.splitlines()
    assert re.search(rf"\d+ of {own} decisions do not count: .*an abridged edition has other words", line)
    told = [r for r in rows(tmp_path / "c" / "plans" / "warnings.csv") if r["code"] == "stale_decision"]
    assert len(told) == len({r["plan_id"] for r in told}) <= 2
    status = run("review", "status", str(TH23), str(SL25), "--decisions", str(shipped))
    assert "--all" in status.stdout and len(status.stdout.splitlines()) == 3
    every = run("review", "status", str(TH23), str(SL25), "--all", "--decisions", str(shipped))
    assert every.stdout.count("  stale: ") > own / 2
    left, right = pc.read_plan(TH23), pc.read_plan(SL25)
    with pytest.warns(UserWarning, match=r"of \d+ decisions do not count"):
        pc.align(left, right, decisions=shipped)


def test_a_folder_without_the_pair_is_told(tmp_path: Path) -> None:
    result = run("align", str(TH23), str(SL25), "--decisions", str(tmp_path))
    assert result.exit_code == 0
    assert "no decisions on thanh-hoa-2023-kh and son-la-2025-qd-161" in result.stderr


HEAD = ",".join(review.COLUMNS)
GOOD = "task,I/1,0,I/1,0,accepted,,an,2026-01-01,"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "column kind is missing"),
        ("left,right\na,b\n", "column kind is missing"),
        (f"{HEAD}\n{GOOD}\n{GOOD.replace('accepted', 'maybe')}\n", "line 3: decision “maybe”"),
        (f"{HEAD}\n{GOOD.replace('task', 'chapter')}\n", "line 2: kind “chapter”"),
        (f"{HEAD}\n{GOOD.replace('2026-01-01', '1/2/2026')}\n", "line 2: date “1/2/2026”"),
        (f"{HEAD}\n{GOOD.replace('accepted,', 'accepted,twin')}\n", "line 2: relation “twin”"),
        (f"{HEAD}\ntask,I/1\n", "line 2: has not as many cells"),
        (f"{HEAD}\n{GOOD},more,cells\n", "line 2: has not as many cells"),
        (f'{HEAD}\n"task,I/1\n', "cannot be read as CSV"),
        (b"\xff\xfe\x00\x01", "cannot be read as CSV"),
    ],
)
def test_a_malformed_file_is_one_line_and_exit_code_2(tmp_path: Path, content: str | bytes, said: str) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = run("compare", str(TH23), str(SL25), "-o", str(tmp_path / "c"), "--decisions", str(path))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert str(path) in line
    assert said in line
    assert not (tmp_path / "c").exists()


def test_a_missing_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    result = run("align", str(TH23), str(SL25), "--decisions", str(tmp_path / "none.csv"))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_a_theme_is_not_found_by_the_words_of_a_task() -> None:
    plan = parse(Document("p.txt", "KẾ HOẠCH\nNĂM 2023\n\nI. NHIỆM VỤ\n\n1. Sở Y tế chủ trì khám bệnh.\n", "text", ""))
    key = review.item_key(plan, plan.tasks[0].task_id)
    _, stale = review.align(plan, plan, decisions=[Decision("theme", key, key, "accepted")])
    assert {s.side for s in stale} == {"left", "right"}


FILES = sorted((ROOT / "alignments").glob("*.csv"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_shipped_file_loads(path: Path) -> None:
    left, _, right = path.stem.partition("__")
    found = review.load(path.parent, left, right)
    assert found
    own = review.read_decisions(path)
    assert len(own) == len({(d.left, d.right, d.reviewer) for d in own})
    assert {d.kind for d in own} == ({"annex"} if left == right else {"task"})
    assert all(len(k.words) == 12 and int(k.words, 16) >= 0 for d in own for k in (d.left, d.right))
    assert {d.note for d in own} == {"grade 2"}, "notes hold grades, no sentences"


def test_files_are_shipped_for_every_pair_that_was_read() -> None:
    assert len(FILES) == 4


def test_a_notebook_takes_decisions(tmp_path: Path, made: list[Decision], low: Match, top: Match) -> None:
    left, right = pc.read_plan(TH23), pc.read_plan(SL25)
    folder = stored(tmp_path / NAME, made).parent
    for given in (folder, str(folder / NAME), made):
        frame = pc.align(left, right, decisions=given).frame.set_index(["left_id", "right_id"])
        assert frame.loc[ids(low), "accepted"]
        assert frame.loc[ids(top), "decision"] == "rejected"
    assert not pc.align(left, right).frame["decision"].any()
    lost = replace(made[0], left=replace(made[0].left, words="0" * 12))
    with pytest.warns(UserWarning, match=r"1 decision.* no longer"):
        pairs = pc.align(left, right, decisions=[lost])
    assert [s.side for s in pairs.stale] == ["left"]
    with pytest.raises(PlanError, match="does not exist"):
        pc.align(left, right, decisions=tmp_path / "none")
