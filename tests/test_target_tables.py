"""Annex tables of targets: a target for each cell that states a value to reach, whatever the table's layout."""

from __future__ import annotations

import pytest

from compare.numbers import unit_named
from compare.pipeline import parse
from compare.records import Document, Plan

HEAD = """KẾ HOẠCH
Phát triển kinh tế số giai đoạn 2023 - 2025

I. NHIỆM VỤ
1. Sở Y tế rà soát hồ sơ.

PHỤ LỤC I
CÁC CHỈ TIÊU

"""
ROWS = [
    ("STT", "Chỉ tiêu", "Đơn vị tính", "Thực hiện 2022", "Năm 2023", "Kế hoạch 2025", "Cơ quan chủ trì"),
    ("I", "Kinh tế số"),
    ("1", "Tỷ trọng kinh tế số trong GRDP", "%", "8", "12,5", "20", "Cục Thống kê"),
    ("2", "Kim ngạch xuất khẩu", "Triệu USD", "310", "350", "400 - 450", "Sở Công Thương"),
    ("II", "Xã hội số"),
    ("1", "Số doanh nghiệp công nghệ số", "Doanh nghiệp", "12", "> 30", "1.200", "Sở Thông tin và Truyền thông"),
    ("2", "Xếp hạng chuyển đổi số (DTI)", "Thứ hạng", "40", "Top 30", "x", "Sở Thông tin và Truyền thông"),
]
WANTED = [
    ("digital-economy-share", "=", 12.5, None, "%", "2023"),
    ("digital-economy-share", "=", 20, None, "%", "2025"),
    ("exports", "=", 350, None, "USD m", "2023"),
    ("exports", "range", 400, 450, "USD m", "2025"),
    ("digital-enterprises", ">=", 30, None, "count", "2023"),
    ("digital-enterprises", "=", 1200, None, "count", "2025"),
    ("dti-rank", "<=", 30, None, "rank", "2023"),
]


def walled(columns: int = 7) -> str:
    rows = [[*row[:columns], *[""] * (columns - len(row))] for row in ROWS]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * columns + "|", *lines[1:]]) + "\n"


def flattened(columns: int = 7) -> str:
    return "\n\n".join(cell for row in ROWS for cell in row[:columns]) + "\n"


def read(text: str) -> Plan:
    return parse(Document("plan.txt", text, "text", "0" * 64))


def stated(plan: Plan) -> list[tuple[str, str, float, float | None, str, str]]:
    return [(t.indicator_id, t.comparator, t.value, t.value_max, t.unit, t.period) for t in plan.targets]


@pytest.mark.parametrize("layout", [walled, flattened])
def test_each_value_to_reach_is_a_target(layout: object) -> None:
    plan = read(HEAD + layout())  # type: ignore[operator]
    assert stated(plan) == WANTED
    assert all(t.text == plan.text[t.start : t.end] and t.text.startswith(t.indicator_text) for t in plan.targets)


@pytest.mark.parametrize("layout", [walled, flattened])
def test_a_row_is_no_task_and_its_body_is_told(layout: object) -> None:
    plan = read(HEAD + layout())  # type: ignore[operator]
    assert [t.part for t in plan.tasks] == ["body"]
    told = [plan.text[w.start : w.end] for w in plan.warnings if w.code == "target_with_body"]
    assert told == [row[-1] for row in ROWS[1:] if len(row) > 2]


@pytest.mark.parametrize("layout", [walled, flattened])
def test_a_row_without_a_body_is_no_task(layout: object) -> None:
    plan = read(HEAD + layout(6))  # type: ignore[operator]
    assert stated(plan) == WANTED
    assert [t.part for t in plan.tasks] == ["body"]


def test_a_cell_that_is_not_understood_is_told() -> None:
    plan = read(HEAD + walled().replace("350", "350 (gồm 3 nhóm hàng)"))
    (doubt,) = [w for w in plan.warnings if w.code == "unread_value"]
    assert plan.text[doubt.start : doubt.end] == "350 (gồm 3 nhóm hàng)"
    assert len(plan.targets) == len(WANTED) - 1


def test_without_a_unit_column_the_unit_stands_in_brackets_or_in_the_cell() -> None:
    table = "| TT | Chỉ tiêu | Đến năm 2025 |\n|---|---|---|\n| 1 | Kim ngạch xuất khẩu (tỷ USD) | 8 |\n| 2 | Tỷ lệ đô thị hóa | 40% trở lên |\n"
    assert stated(read(HEAD + table)) == [
        ("exports", "=", 8, None, "USD bn", "2025"),
        ("urbanisation", ">=", 40, None, "%", "2025"),
    ]


def test_a_column_that_names_no_year_is_for_the_plans_own_time() -> None:
    table = "| TT | Chỉ tiêu | ĐVT | Mục tiêu |\n|---|---|---|---|\n| 1 | Tỷ lệ đô thị hóa | % | 40 |\n"
    assert stated(read(HEAD + table)) == [("urbanisation", "=", 40, None, "%", "2023-2025")]


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("%", ("%", 1)),
        ("Tỷ đồng", ("VND bn", 1)),
        ("nghìn tỷ đồng", ("VND bn", 1000)),
        ("Triệu đồng/người/năm", ("VND m", 1)),
        ("DOANH NGHIỆP", ("count", 1)),
        ("Thứ hạng", ("rank", 1)),
        ("Người/km", ("count", 1)),
        ("Cơ sở", ("Cơ sở", 1)),
    ],
)
def test_units_of_cells(written: str, unit: tuple[str, float]) -> None:
    assert unit_named(written) == unit


def test_a_part_of_a_whole_is_read_by_its_part() -> None:
    plan = read(
        HEAD
        + "| STT | Chỉ tiêu | Đơn vị tính | Năm 2025 |\n|---|---|---|---|\n| 1 | Xã có hạ tầng 5G | Xã | 25/41 |\n| 2 | Xã có chợ | Xã | 12/2025 |\n"
    )
    assert [(t.indicator_text, t.value) for t in plan.targets] == [("Xã có hạ tầng 5G", 25)]
    assert [w.code for w in plan.warnings].count("unread_value") == 1


def test_an_indicator_in_the_column_of_products_is_a_target() -> None:
    rows = ["Tỷ lệ hồ sơ nộp qua mạng đạt trên 90%", "03 mô hình", "Báo cáo"]
    lines = "".join(f"| {n} | Rà soát hồ sơ {n} | Sở Y tế | 2025 | {x} |\n" for n, x in enumerate(rows, 1))
    plan = read(HEAD + "| STT | Nhiệm vụ | Chủ trì | Thời gian | Sản phẩm |\n|---|---|---|---|---|\n" + lines)
    assert [(t.value, t.comparator, t.unit, t.text) for t in plan.targets] == [(90, ">=", "%", rows[0])]
    assert len([t for t in plan.tasks if t.part == "annex"]) == 3
