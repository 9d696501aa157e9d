"""Tables between "|" whose rows a page broke over lines: each row is one task, whatever its lines."""

from __future__ import annotations

import pytest

from compare.normalise import working
from compare.pipeline import parse
from compare.records import Document, Plan
from compare.structure.broken_rows import whole_rows

HEAD = """KẾ HOẠCH
Chuyển đổi số năm 2026

I. NHIỆM VỤ

| STT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời gian | Sản phẩm |
|---|---|---|---|---|---|
"""
WHOLE = "| 1 | Rà soát hồ sơ, giấy tờ của người dân | Sở Khoa học và Công nghệ | Sở Nội vụ | Quý II năm 2026 | Báo cáo tổng hợp |\n"
# Every printed line a row
LINES = """| 1 | Rà soát hồ sơ, | Sở Khoa học | Sở Nội vụ | Quý II | Báo cáo |
|   | giấy tờ của | và Công nghệ | | năm 2026 | tổng |
|   | người dân | | | | hợp |
"""
# Line breaks inside the cells
BREAKS = """| 1 | Rà soát hồ sơ,
giấy tờ của người dân | Sở Khoa học
và Công nghệ | Sở Nội vụ | Quý II năm 2026 | Báo cáo tổng hợp |
"""
NEXT = "| 2 | Tổ chức tập huấn cho cán bộ | Sở Nội vụ | Sở Tài chính | Tháng 6/2026 | Lớp học |\n"


def read(text: str) -> Plan:
    return parse(Document("plan.txt", text, "text", "0" * 64))


@pytest.mark.parametrize("broken", [LINES, BREAKS, LINES.replace("\n", "\r\n"), BREAKS.replace("\n", "\r\n")])
def test_a_broken_row_says_what_a_whole_one_says(broken: str) -> None:
    plan, whole = read(HEAD + broken + NEXT), read(HEAD + WHOLE + NEXT)
    assert [t.task_id for t in plan.tasks] == [t.task_id for t in whole.tasks]
    assert [(t.due_start, t.due_end, t.product, t.sector) for t in plan.tasks] == [
        (t.due_start, t.due_end, t.product, t.sector) for t in whole.tasks
    ]
    assert [(a.task_id, a.role, a.agency_id) for a in plan.assignments] == [
        (a.task_id, a.role, a.agency_id) for a in whole.assignments
    ]


def test_spans_reach_over_all_lines_and_bodies_over_one() -> None:
    plan = read(HEAD + LINES + NEXT)
    first = plan.tasks[0]
    assert plan.text[first.start : first.end] == first.text
    assert first.text.startswith("Rà soát hồ sơ,") and first.text.endswith("người dân")
    assert [a.agency_text for a in plan.assignments][:2] == ["Sở Khoa học", "Sở Nội vụ"]
    assert all(plan.text[a.start : a.end] == a.agency_text for a in plan.assignments)


def test_a_task_of_its_own_without_a_number_stays_one() -> None:
    plan = read(HEAD + WHOLE + "|   | Số hóa sổ gốc | Sở Tư pháp | Sở Nội vụ | Quý III | Sổ số |\n" + NEXT)
    assert [t.text for t in plan.tasks][1:] == ["Số hóa sổ gốc", "Tổ chức tập huấn cho cán bộ"]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + WHOLE + NEXT,
        "| | |\n|---|---|\n| **ỦY BAN** | **CỘNG HÒA** |\n| | *ngày 1* |\n",
        "| a | b |\nvăn xuôi đi tiếp\n\n| | |",
        "|\n" * 50,
        "| 1 | a | b |\n" + "| | b |\n" * 3,
    ],
)
def test_other_tables_stay_as_they_are(text: str) -> None:
    work = working(text)
    assert whole_rows(work).text == work.text


def test_places_lead_back_to_the_source() -> None:
    text = "Uỷ ban\u0301\n| a | b | c |\n|---|---|---|\n| 1 | Làm\u0309 sạch | Sở |\n| | dữ liệu | Y tế |\nhết"
    work = whole_rows(working(text))
    assert work.origin is not None and len(work.origin) == len(work.text) + 1
    at = work.text.index("dữ liệu")
    assert text[slice(*work.source(at, at + 7))] == "dữ liệu"
    assert text[slice(*work.source(work.text.index("hết"), len(work.text)))] == "hết"


HEADING = "| STT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời gian | Sản phẩm |\n|---|---|---|---|---|---|\n"
GROUP = "| **I** | **Hạ tầng số** | | | | |\n"


@pytest.mark.parametrize(
    "gap",
    [
        f"\n- 6 -\n\n{HEADING}",
        f"\nTrang 6/12\n\n{HEADING}",
        f"\n6\n\n{HEADING}",
        f"\n{HEADING}",
        HEADING,
        "\n- 6 -\n\n",
    ],
)
def test_a_table_goes_on_behind_the_end_of_a_page(gap: str) -> None:
    plan = read(HEAD + GROUP + WHOLE + gap + NEXT)
    assert [t.task_id.removeprefix(f"{plan.plan_id}/") for t in plan.tasks] == ["I/I.1", "I/I.2"]


def test_a_table_with_another_heading_is_another_one() -> None:
    other = "\n| STT | Nội dung | Cơ quan chủ trì | Thời hạn |\n|---|---|---|---|\n| 2 | Mở chợ phiên | Sở Nội vụ | Quý I |\n"
    plan = read(HEAD + GROUP + WHOLE + other)
    assert [t.task_id.removeprefix(f"{plan.plan_id}/") for t in plan.tasks] == ["I/I.1", "I/2"]


def test_a_row_put_in_between_has_a_number_of_its_own() -> None:
    plan = read(HEAD + GROUP + WHOLE + NEXT.replace("| 2 ", "| 1a ") + NEXT)
    assert [t.task_id.rpartition("/")[2] for t in plan.tasks] == ["I.1", "I.1a", "I.2"]


@pytest.mark.parametrize(
    "note", ["Ghi chú: Tổ chức tập huấn theo quý.", "* Ghi chú:\n- Tổ chức tập huấn theo quý.\n- Gửi báo cáo."]
)
def test_notes_under_a_table_and_pages_are_no_tasks(note: str) -> None:
    plan = read(f"{HEAD}{WHOLE}{NEXT}\n{note}\n\n- 7 -\n\n2. Tổ chức hội nghị sơ kết.\n")
    assert [t.text for t in plan.tasks][2:] == ["2. Tổ chức hội nghị sơ kết."]


def test_breaks_in_cells_part_words() -> None:
    plan = read(
        HEAD + "| 1 | Rà soát hồ sơ | Sở Tư pháp<br>Sở Nội vụ | - Sở Y tế;<br/>- Sở Tài chính | Quý I | Sổ<br>Thẻ |\n"
    )
    assert [a.agency_id for a in plan.assignments] == ["so-tu-phap", "so-noi-vu", "so-y-te", "so-tai-chinh"]
    assert plan.tasks[0].product == "Sổ Thẻ"
