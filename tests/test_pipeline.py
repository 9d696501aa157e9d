"""From bytes to tables: spans slice to their text whatever the layout, and nothing but a PlanError is raised."""

from __future__ import annotations

import csv
import io
import random
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compare import notebook
from compare.coverage import coverage, left_out
from compare.errors import NotAPlanError, PlanError
from compare.frames import PARSE_TABLES, parse_rows
from compare.pipeline import parse, read_plan, read_plans, renamed, uncoded
from compare.records import Document, Plan
from tests.places import EDITIONS

SMALL = ("thanh-hoa-2025-kh-63", "thanh-hoa-2023-kh")
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@lru_cache
def edition(name: str) -> str:
    return (EDITIONS / f"{name}.txt").read_bytes().decode("utf-8")


def document(text: str) -> Document:
    return Document("plan.txt", text, "text", "0" * 64)


def tables(plan: Plan) -> str:
    out = io.StringIO()
    for name, rows in parse_rows([plan]).items():
        writer = csv.DictWriter(out, PARSE_TABLES[name])
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()


def assert_sound(plan: Plan) -> None:
    """What holds for every plan: spans slice to their text, ids are unique and lead somewhere."""
    text, sections = plan.text, {s.section_id for s in plan.sections}
    for records, words in ((plan.tasks, "text"), (plan.targets, "text"), (plan.themes, "text"), (plan.assignments, "agency_text")):  # fmt: skip
        for r in records:
            assert 0 <= r.start < r.end <= len(text)
            assert getattr(r, words) == text[r.start : r.end]
    for r in (*plan.sections, *plan.references, *plan.warnings, *plan.covered):
        assert 0 <= r.start <= r.end <= len(text)
    for ids in ([t.task_id for t in plan.tasks], [t.target_id for t in plan.targets], [s.section_id for s in plan.sections]):  # fmt: skip
        assert len(ids) == len(set(ids))
    assert all(i.startswith(f"{plan.plan_id}/") for i in sections)
    assert {s.parent_id for s in plan.sections} <= sections | {""}
    assert {t.section_id for t in plan.tasks} <= sections | {""}
    assert {a.task_id for a in plan.assignments} <= {t.task_id for t in plan.tasks}
    held, apart = {i for s in plan.covered for i in range(*s)}, left_out(plan)
    outside = {i for s in apart for i in range(*s)}
    assert outside.isdisjoint(i for i in held if text[i].isalnum())
    assert all(i in held or i in outside for i, c in enumerate(text) if c.isalnum())
    assert all(s.of(text)[0].isalnum() and s.of(text)[-1].isalnum() for s in apart)
    assert 0 <= coverage(plan) <= 1 and (coverage(plan) == 1) == (not apart)
    for t in plan.tasks:
        assert not (t.due_start and t.due_end) or t.due_start <= t.due_end
        assert t.sector == (t.sectors[0] if t.sectors else "")
    for x in plan.targets:
        assert (x.value_max is not None) == (x.comparator == "range")


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.txt")), ids=lambda p: p.stem)
def test_editions_are_sound(path: Path) -> None:
    plan = read_plan(path)
    assert_sound(plan)
    assert coverage(plan) > 0.9


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.txt")), ids=lambda p: p.stem)
def test_the_same_bytes_give_the_same_tables(path: Path) -> None:
    assert tables(read_plan(path)) == tables(read_plan(path))


def mangled(text: str, how: tuple[str, ...], seed: int) -> str:
    """The text with lines broken or dropped, in another normal form, with other line ends."""
    chance = random.Random(seed)
    if "break" in how:
        text = "".join("\n" if c == " " and chance.random() < 0.05 else c for c in text)
    if "drop" in how:
        text = "\n".join(line for line in text.split("\n") if chance.random() > 0.1)
    if "join" in how:
        text = "".join(" " if c == "\n" and chance.random() < 0.1 else c for c in text)
    if "cut" in how:
        start = chance.randrange(len(text) // 2)
        text = text[start : start + len(text) // 3]
    if "bold" in how:
        text = "\n".join(f"**{line}**" if line.isupper() else line for line in text.split("\n"))
    if "nfd" in how:
        text = unicodedata.normalize("NFD", text)
    if "crlf" in how:
        text = text.replace("\n", "\r\n")
    return text


WAYS = st.lists(st.sampled_from(["break", "drop", "join", "cut", "bold", "nfd", "crlf"]), unique=True, max_size=4)


@SLOW
@given(st.sampled_from(SMALL), WAYS, st.integers(0, 10**6))
def test_spans_slice_to_their_text_in_mangled_editions(name: str, how: list[str], seed: int) -> None:
    try:
        plan = parse(document(mangled(edition(name), tuple(how), seed)))
    except NotAPlanError:
        return
    assert_sound(plan)


WORDS = (
    "I. II. 1. 1.1. a) - + | ** Điều Phụ lục TT Nội_dung Đơn_vị_chủ_trì Thời_gian Sở Y tế , ; . : ( ) “ ” chủ trì phối hợp với giao "
    "cho trước ngày 30/3/2025 31/2/2025 quý IV năm 2025 2021-2025 đạt 12,5% 1.234 tỷ đồng trở lên Số: 9/KH-UBND Nơi_nhận: CHỦ_TỊCH "
    "KẾ_HOẠCH TỈNH_HÀ_GIANG Tăng cường Rà soát năm 99 0 – … \u0301 \ufeff"
)
PIECES = st.lists(
    st.sampled_from(WORDS.split(" ")) | st.sampled_from(["\n", "\n\n", " ", "\r\n", "\t"]) | st.text(max_size=4),
    max_size=80,
)


@SLOW
@given(PIECES)
def test_any_text_gives_a_plan_or_says_why_not(pieces: list[str]) -> None:
    text = " ".join(pieces).replace("_", " ")
    try:
        plan = parse(document(text))
    except PlanError as error:
        assert "\n" not in str(error).removeprefix("plan.txt")
        return
    assert_sound(plan)


@pytest.mark.parametrize("name", SMALL)
def test_decomposed_text_says_the_same(name: str) -> None:
    plain = parse(document(edition(name)))
    apart = parse(document(unicodedata.normalize("NFD", edition(name))))
    assert [t.task_id for t in apart.tasks] == [t.task_id for t in plain.tasks]
    assert [(a.task_id, a.role, a.agency_id) for a in apart.assignments] == [
        (a.task_id, a.role, a.agency_id) for a in plain.assignments
    ]
    assert [unicodedata.normalize("NFC", t.text) for t in apart.tasks] == [t.text for t in plain.tasks]
    assert [(t.due_start, t.due_end, t.sectors) for t in apart.tasks] == [
        (t.due_start, t.due_end, t.sectors) for t in plain.tasks
    ]


@pytest.mark.parametrize("name", SMALL)
def test_line_ends_change_nothing(name: str) -> None:
    plain = parse(document(edition(name)))
    windows = parse(document(edition(name).replace("\n", "\r\n")))
    assert [(t.task_id, t.due_end, t.sectors) for t in windows.tasks] == [
        (t.task_id, t.due_end, t.sectors) for t in plain.tasks
    ]


@pytest.mark.parametrize("text", ["Hôm nay trời đẹp.", "x", "…", "|\n|\n", "12345"])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(NotAPlanError, match="is this the text of a plan"):
        parse(document(text))


def test_plans_of_one_name_get_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(edition(SMALL[0]), encoding="utf-8")
    first, second = read_plans([path, path])
    assert second.plan_id == f"{first.plan_id}~2"
    assert_sound(second)


def test_a_renamed_plan_keeps_all_but_the_name() -> None:
    plan = parse(document(edition(SMALL[0])))
    other = renamed(plan, "x")
    assert_sound(other)
    assert renamed(other, plan.plan_id) == plan


def test_citations_after_the_plan_are_told() -> None:
    text = (
        "ỦY BAN NHÂN DÂN\nTỈNH HÀ GIANG\n\nSố: 9/KH-UBND\n\nHà Giang, ngày 5 tháng 1 năm 2020\n\nKẾ HOẠCH\n\nTRỒNG RỪNG NĂM 2020\n\n"
        "1. Sở Y tế thực hiện Quyết định số 3/QĐ-UBND ngày 1/2/2024 và Quyết định số 4/QĐ-UBND ngày 1/2/2019.\n"
    )
    plan = parse(document(text))
    assert [w.message.split()[0] for w in plan.warnings if w.code == "citation_after_plan"] == ["3/QĐ-UBND"]


def test_warnings_tell_what_to_check_by_eye() -> None:
    text = "1. Ban Quản ký Khu Kinh tế và các Khu công nghiệp chủ trì mở đường.\n\n2. Chi cục Hải Đăng Cửa Lò chủ trì thắp đèn.\n\n- Tăng cường kiểm tra.\n"
    codes = {w.code for w in parse(document(text)).warnings}
    assert {"agency_typo", "unknown_agency"} <= codes


def test_a_task_cites_the_document_however_it_is_written() -> None:
    text = (
        "Căn cứ Nghị quyết số 58-NQ/TW ngày 05/8/2020 của Bộ Chính trị;\n\n"
        "1. Sở Y tế chủ trì thực hiện Nghị quyết số 58/NQ-TW và Nghị quyết 58 của Bộ Chính trị.\n"
    )
    plan = parse(document(text))
    assert [t.cites for t in plan.tasks] == [("58-NQ/TW",)]
    assert [(r.number, r.issued_on, bool(r.task_id)) for r in plan.references] == [
        ("58-NQ/TW", "2020-08-05", False), ("58-NQ/TW", "2020-08-05", True), ("58-NQ/TW", "2020-08-05", True),
    ]  # fmt: skip


def test_near_spellings_of_an_unknown_body_are_one() -> None:
    text = (
        "1. Chi cục Hải Đang Cửa Lò chủ trì thắp đèn ở cảng.\n\n2. Chi cục Hải Đăng Cửa Lò chủ trì sơn cột đèn.\n\n"
        "3. Chi cục Hải Đăng Cửa Lò chủ trì; Chi cục Hải Đang Cửa Lò phối hợp thay kính.\n\n"
        "4. Chi cục Hải Đăng Sầm Sơn chủ trì mở đường.\n\n5. Chi cục Hải Đăng Cửa Lò chủ trì xây kè.\n"
    )
    plan = parse(document(text))
    assert [a.agency_id for a in plan.assignments if a.role == "lead"] == [
        "chi-cuc-hai-dang-cua-lo", "chi-cuc-hai-dang-cua-lo", "chi-cuc-hai-dang-cua-lo", "chi-cuc-hai-dang-sam-son",
        "chi-cuc-hai-dang-cua-lo",
    ]  # fmt: skip
    told = [(w.message, text[w.start : w.end]) for w in plan.warnings if w.code == "unknown_agency"]
    assert told[0] == (
        "“Chi cục Hải Đang Cửa Lò” is in no lexicon; read as “Chi cục Hải Đăng Cửa Lò” named elsewhere",
        "Chi cục Hải Đang Cửa Lò",
    )
    assert told[1][0] == "“Chi cục Hải Đăng Cửa Lò” is in no lexicon; its id is a slug"


def test_an_unknown_or_misspelled_body_of_a_heading_is_told_once() -> None:
    text = (
        "I. BAN QUẢN KÝ KHU KINH TẾ VÀ CÁC KHU CÔNG NGHIỆP\n\n1. Chủ trì mở đường vào cảng.\n\n2. Chủ trì trồng cây xanh.\n\n"
        "II. Chi cục Hải Đăng Cửa Lò\n\n1. Chủ trì thắp đèn ở cảng.\n\n2. Chủ trì sơn cột đèn.\n"
    )
    plan = parse(document(text))
    told = [w.code for w in plan.warnings if w.code in ("agency_typo", "unknown_agency")]
    assert told == ["agency_typo", "unknown_agency"]


def test_two_readings_of_a_name_are_both_told() -> None:
    plan = parse(document("1. Trung tâm Khuyến Bông chủ trì trồng bông.\n"))
    (told,) = [w.message for w in plan.warnings if w.code == "unknown_agency"]
    assert "Trung tâm Khuyến nông" in told and "Trung tâm Khuyến công" in told


def test_a_task_without_a_sector_tells_what_came_nearest() -> None:
    plan = parse(document(edition("thanh-hoa-2021-qd-2999")))
    found = uncoded(plan)
    assert found and all(not t.sector and not t.sectors for t in found)
    assert all(t.nearest == () for t in plan.tasks if t.sector)
    near = [n for t in found for n in t.nearest]
    assert near and all(re.fullmatch(r"[a-z-]+ 0\.\d+ \(.+\)", n) for n in near)
    told = {w.start: w.message for w in plan.warnings if w.code == "no_sector"}
    assert all("; ".join(t.nearest) in told[t.start] for t in found)


def test_a_notebook_holds_the_tasks_without_a_sector() -> None:
    plan = notebook.Plan(parse(document(edition("thanh-hoa-2021-qd-2999"))))
    assert list(plan.uncoded.columns) == ["task_id", "section_id", "nearest", "text", "start", "end"]
    assert list(plan.uncoded["task_id"]) == list(plan.tasks[plan.tasks["sector"] == ""]["task_id"])
    for row in plan.uncoded.itertuples():
        assert plan.text[row.start : row.end] == row.text


def test_what_no_record_holds_is_told_with_its_place() -> None:
    noise = "Chia sẻ bài viết này lên mạng xã hội"
    plan = parse(document(f"{edition(SMALL[0])}\n\n{noise}\n"))
    assert left_out(plan)[-1].of(plan.text).endswith(noise)
    assert coverage(plan) < coverage(parse(document(edition(SMALL[0]))))


def test_a_heading_sets_the_year_of_the_targets_under_it_and_needs_no_verb() -> None:
    text = """KẾ HOẠCH
Phát triển kinh tế số năm 2023
I. MỤC TIÊU
1. Mục tiêu cụ thể đến năm 2025
- Tỷ trọng kinh tế số đạt 20% GRDP;
- 100% cơ sở khám chữa bệnh nhận thanh toán không dùng tiền mặt, 95% người dân có hồ sơ sức khỏe điện tử.
2. Mục tiêu năm 2023
- Xếp hạng chuyển đổi số (DTI) trong tốp 20 cả nước.
II. NHIỆM VỤ
1. Sở Y tế rà soát 100% hồ sơ.
"""
    found = parse(document(text)).targets
    assert [(t.value, t.unit, t.comparator, t.period) for t in found] == [
        (20, "%", "=", "2025"),
        (100, "%", "=", "2025"),
        (95, "%", "=", "2025"),
        (20, "rank", "<=", "2023"),
    ]


def test_an_order_to_reach_a_number_behind_a_marker_is_a_task_too() -> None:
    text = (
        "KẾ HOẠCH\nNăm 2025\n\nI. NHIỆM VỤ\n\n1. Sở Y tế\n\na) Hoàn thành 100% việc mua thuốc trước ngày 30/6/2025.\n"
    )
    assert [t.due_end for t in parse(document(text)).tasks] == ["2025-06-30"]


def test_an_order_to_each_is_a_task_with_a_target() -> None:
    text = "KẾ HOẠCH\n\nI. NHIỆM VỤ\n\n1. Mỗi xã, phường xây dựng ít nhất 01 mô hình.\n\n2. Mỗi xã, phường có ít nhất 01 mô hình.\n"
    plan = parse(Document("plan.txt", text, "text", "0" * 64))
    assert [t.text for t in plan.tasks] == ["1. Mỗi xã, phường xây dựng ít nhất 01 mô hình."]
    assert [t.value for t in plan.targets] == [1, 1]
