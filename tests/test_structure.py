"""Lines to paragraphs, paragraphs to outline, cells to rows."""

from __future__ import annotations

import pytest

from compare.extract.segments import segments
from compare.normalise import working
from compare.records import Outline, TableRow
from compare.structure.lines import head_of, layout_of, lines_of, paragraphs_of
from compare.structure.outline import outline

LETTERHEAD = (
    "ỦY BAN NHÂN DÂN\nTỈNH HÀ GIANG\n-------\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
    "Số: 21/KH-UBND\n\nHà Giang, ngày 14 tháng 2 năm 2024\n\n"
)
TITLE = "KẾ HOẠCH\n\nPHÁT TRIỂN DU LỊCH NĂM 2024\n\n"
CLOSING = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nTrần Văn Núi\n"


def shape(text: str) -> Outline:
    return outline(working(text).text)


def said(text: str, part: str = "body") -> list[tuple[str, str]]:
    """Kind and words of the paragraphs of a part."""
    work = working(text).text
    return [(p.kind, " ".join(work[p.start : p.end].split())) for p in shape(text).paragraphs if p.part == part]


def cells(row: TableRow, text: str) -> dict[str, str]:
    return {c.column: " ".join(text[c.start : c.end].replace("*", " ").split()) for c in row.cells}


@pytest.mark.parametrize(
    ("line", "marker"),
    [
        ("I. Mục tiêu", "I"),
        ("XIV. Mục tiêu", "XIV"),
        ("A. Mục tiêu", "A"),
        ("1. Mục tiêu", "1"),
        ("1.2. Mục tiêu", "1.2"),
        ("1.2.3 Mục tiêu", "1.2.3"),
        ("a) Mục tiêu", "a"),
        ("đ) Mục tiêu", "đ"),
        ("(2) Mục tiêu", "(2)"),
        ("- mở rộng chợ", "-"),
        ("– mở rộng chợ", "–"),
        ("+ mở rộng chợ", "+"),
        ("Điều 3. Hiệu lực", "Điều 3"),
        ("Phần II. Nhiệm vụ", "Phần II"),
        ("PHỤ LỤC II", "PHỤ LỤC II"),
    ],
)
def test_markers(line: str, marker: str) -> None:
    assert head_of(line, 0, len(line)).marker == marker


@pytest.mark.parametrize(
    "line",
    ["Điều 59 Luật Đất đai quy định", "5. 2025", "1.200 tỷ đồng", "12,5% dân số", "Phụ lục kèm theo", "I tan", "c cao"],
)
def test_what_only_looks_like_a_marker(line: str) -> None:
    assert head_of(line, 0, len(line)).rank == -1


WRAPPED = (
    "I. NHIỆM VỤ\n"
    "1. Sở Y tế chủ trì mua sắm thiết bị\n"
    "cho các trạm y tế ở vùng sâu, vùng xa và\n"
    "báo cáo Ủy ban nhân dân tỉnh trong năm.\n"
    "2. Sở Xây dựng chủ trì sửa chữa những\n"
    "ngôi trường đã xuống cấp vì mưa bão, nhất\n"
    "là ở các xã biên giới.\n"
)


def test_wrapped_lines_are_joined_and_items_kept_apart() -> None:
    found = [WRAPPED[a:b].split("\n") for a, b in paragraphs_of(WRAPPED)]
    assert [len(p) for p in found] == [1, 3, 3]
    assert layout_of(WRAPPED, lines_of(WRAPPED)).wrapped


def test_unwrapped_lines_stay_paragraphs() -> None:
    text = "Sửa cầu.\nMở chợ.\nDọn rác.\n"
    assert len(paragraphs_of(text)) == 3


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_one(newline: str) -> None:
    text = WRAPPED.replace("\n", newline)
    assert len(paragraphs_of(text)) == 3


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("d) Sở Nội vụ trình đề án đầu tư trong Quý", "IV/2025."),
        ("d) Sở Nội vụ báo cáo kết quả vào trong quý", "III năm 2025 để chỉ đạo."),
        ("d) Sở Nội vụ làm những việc đã nêu ở Mục", "II"),
        ("d) Sở Nội vụ lo đường ở các xã thuộc khu vực", "IV."),
    ],
)
def test_a_numeral_that_the_line_before_asks_for_is_no_marker(left: str, right: str) -> None:
    text = f"{WRAPPED}\n{left}\n{right}\nII. MỤC TIÊU"
    found = [text[a:b] for a, b in paragraphs_of(text)]
    assert found[-2:] == [f"{left}\n{right}", "II. MỤC TIÊU"]


def test_a_heading_in_capitals_is_not_asked_for() -> None:
    text = f"{WRAPPED}\nd) Sở Nội vụ giữ tiến độ việc của các khu vực\nII. MỤC TIÊU"
    assert text[slice(*paragraphs_of(text)[-1])] == "II. MỤC TIÊU"


def test_wrapped_paragraphs_between_blank_lines() -> None:
    """A line without a blank before it goes on, even after a colon or with a capital."""
    text = (
        "- Theo dõi nước nuôi tôm ở những vùng\nsau đây của tỉnh:\nCửa Hội, Cửa Lò và Cửa Sót; đo độ\nmặn, nhiệt độ và N-NO2-,\n"
        "N-NO3-, TSS.\n\n- Báo cáo kết quả đo cho các hộ nuôi\nbằng tin nhắn.\n"
    )
    assert [text[a:b].count("\n") for a, b in paragraphs_of(text)] == [4, 1]


def test_headings_nest_and_leave_the_saying_to_what_follows() -> None:
    text = f"{LETTERHEAD}{TITLE}I. MỤC TIÊU\n\n1. Mục tiêu chung\n\nĐón nhiều khách hơn.\n\nII. NHIỆM VỤ\n\n1. Sở Y tế\n\n- Mua thuốc.\n\n{CLOSING}"
    found = shape(text)
    assert [(s.section_id, s.parent_id, s.level) for s in found.sections] == [
        ("I", "", 1),
        ("I/1", "I", 2),
        ("II", "", 1),
        ("II/1", "II", 2),
        ("II/1/-1", "II/1", 3),
    ]
    assert [k for k, _ in said(text)] == ["heading", "heading", "prose", "heading", "heading", "item"]


def test_a_heading_that_runs_into_its_text_is_an_item() -> None:
    text = f"{LETTERHEAD}{TITLE}1. Về giao thông: Sở Xây dựng chủ trì sửa cầu Khe Tre.\n\n2. Về y tế: Sở Y tế mua thuốc.\n\n{CLOSING}"
    assert [k for k, _ in said(text)] == ["item", "item"]


def test_what_says_something_before_its_colon_is_no_heading() -> None:
    text = f"{LETTERHEAD}{TITLE}1. Sở Tài chính\n\nTheo dõi giải ngân từng dự án. Rà soát nguồn vốn theo hai đợt:\n\n- Đợt 1: thu hồi vốn.\n\n- Đợt 2: chuyển vốn.\n\n{CLOSING}"
    assert [k for k, _ in said(text)] == ["heading", "prose", "item", "item"]


def test_letterhead_bases_and_closing_are_no_content() -> None:
    text = f"{LETTERHEAD}{TITLE}Căn cứ Luật Du lịch năm 2017;\n\nI. NHIỆM VỤ\n\n1. Mở chợ phiên.\n\n{CLOSING}"
    assert [k for k, _ in said(text, "preamble")] == ["admin"] * 6 + ["title"] * 2 + ["basis"]
    assert {k for k, _ in said(text, "closing")} == {"admin"}


def test_a_note_and_a_portals_lines_before_the_letterhead() -> None:
    note = "[Bản lược thuật: mỗi nhiệm vụ được viết lại bằng một câu ngắn, đây không phải là văn bản gốc của cơ quan ban hành văn bản này.]\n\nTra cứu văn bản\n\n"
    kinds = said(note + LETTERHEAD + TITLE + "1. Mở chợ phiên.\n\n" + CLOSING, "preamble")
    assert kinds[0][0] == "note"
    assert kinds[1] == ("admin", "Tra cứu văn bản")
    assert ("title", "PHÁT TRIỂN DU LỊCH NĂM 2024") in kinds


def test_portal_noise_after_the_text_is_no_content() -> None:
    text = "1. Mở chợ phiên vùng cao.\n\n2. Sửa cầu treo ở bản Mù.\n\nTags\n\nNguồn: Báo tỉnh\n\nBình luận (3)\n"
    assert [w for k, w in said(text) if k not in ("admin", "noise")] == [
        "1. Mở chợ phiên vùng cao.",
        "2. Sửa cầu treo ở bản Mù.",
    ]


def test_repeated_markers_get_names_of_their_own() -> None:
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\n1. Sửa cầu.\n\n- Dọn rác.\n\n- Trồng cây.\n\n{CLOSING}"
    assert [s.section_id for s in shape(text).sections] == ["1", "1~2", "1~2/-1", "1~2/-2"]


def test_a_plan_attached_to_a_decision_has_a_root_of_its_own() -> None:
    text = f"{LETTERHEAD}QUYẾT ĐỊNH\n\nVỀ VIỆC BAN HÀNH KẾ HOẠCH\n\nĐiều 1. Ban hành kèm theo Quyết định này Kế hoạch.\n\n{CLOSING}\nKẾ HOẠCH DU LỊCH CỦA UBND TỈNH\n\nI. NHIỆM VỤ\n\n1. Mở chợ phiên.\n"
    ids = [s.section_id for s in shape(text).sections]
    assert ids == ["Điều-1", "KT", "KT/I", "KT/I/1"]


def test_an_aside_in_brackets_is_not_cut() -> None:
    text = "1. Mua sắm (thuốc cho trạm xá; Máy phát điện) trong năm. Dọn kho; Sửa mái nhà kho."
    (p,) = shape(text).paragraphs
    assert [text[s.start : s.end] for s in segments(text, p)] == [
        "1. Mua sắm (thuốc cho trạm xá; Máy phát điện) trong năm.", "Dọn kho;", "Sửa mái nhà kho.",
    ]  # fmt: skip


FLAT = (
    "PHỤ LỤC\n\nDANH MỤC NHIỆM VỤ\n\nTT\n\nNội dung\n\nĐơn vị chủ trì\n\nĐơn vị phối hợp\n\nThời gian\n\nSản phẩm\n\n"
    "I\n\nHạ tầng\n\n1\n\nSửa cầu treo\n\nSở Xây dựng\n\nSở Tài chính\n\nQuý I/2024\n\nBáo cáo\n\n"
    "2\n\nMở đường\n\nđến bản Mù\n\nSở Xây dựng\n\nUBND cấp xã\n\nNăm 2024\n\nKế hoạch\n\n"
    "3\n\nLắp đèn\n\nSở Công Thương\n\nQuý II/2024\n\n"
    "II\n\nVăn hóa\n\n1\n\nMở chợ phiên\n\nSở Văn hóa, Thể thao và Du lịch\n\nSở Công Thương\n\nTháng 6/2024\n\nĐề án\n"
)


def test_a_flattened_annex_gives_its_rows() -> None:
    text = LETTERHEAD + TITLE + "1. Mở chợ.\n\n" + CLOSING + "\n" + FLAT
    rows = shape(text).rows
    assert [(r.number, r.group) for r in rows] == [
        ("I.1", "Hạ tầng"), ("I.2", "Hạ tầng"), ("I.3", "Hạ tầng"), ("II.1", "Văn hóa"),
    ]  # fmt: skip
    assert cells(rows[0], text) == {
        "content": "Sửa cầu treo", "lead": "Sở Xây dựng", "coordinate": "Sở Tài chính", "due": "Quý I/2024", "product": "Báo cáo",
    }  # fmt: skip
    assert cells(rows[1], text)["content"] == "Mở đường đến bản Mù"
    assert cells(rows[2], text) == {"content": "Lắp đèn", "lead": "Sở Công Thương", "due": "Quý II/2024"}


def _walled(table: list[list[str]], style: str) -> str:
    """A table as Markdown writes it on one line a row, or as law portals break it, one cell a line."""
    if style == "lines":
        head, *rest = ["| " + " | ".join(row) + " |" for row in table]
        return "\n".join([head, "|" + "---|" * len(table[0]), *rest]) + "\n"
    return "".join("|\n" + "".join(f"{cell}\n|\n" if cell else "|\n" for cell in row) for row in table)


TABLE = [
    ["**TT**", "**Nhiệm vụ**", "**Cơ quan chủ trì**", "**Cơ quan phối hợp**", "**Thời hạn**"],
    ["**I**", "**HẠ TẦNG SỐ**", "", "", ""],
    ["1", "Lắp trạm phát sóng", "Sở Khoa học và Công nghệ", "", "Quý II/2024"],
    ["2", "Kéo cáp quang", "Sở Xây dựng", "UBND cấp xã", ""],
    ["**II**", "**NHÂN LỰC SỐ**", "", "", ""],
    ["1", "Dạy cán bộ xã", "Sở Nội vụ", "Sở Tài chính", "Năm 2024"],
]


@pytest.mark.parametrize("style", ["lines", "cells"])
def test_walls_tell_the_column_of_every_cell(style: str) -> None:
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\n{CLOSING}\n**PHỤ LỤC**\n\n{_walled(TABLE, style)}\nHết.\n"
    rows = shape(text).rows
    assert [(r.number, r.group.strip("* "), cells(r, text)) for r in rows] == [
        ("I.1", "HẠ TẦNG SỐ", {"content": TABLE[2][1], "lead": TABLE[2][2], "due": TABLE[2][4]}),
        ("I.2", "HẠ TẦNG SỐ", {"content": TABLE[3][1], "lead": TABLE[3][2], "coordinate": TABLE[3][3]}),
        ("II.1", "NHÂN LỰC SỐ", {"content": TABLE[5][1], "lead": TABLE[5][2], "coordinate": TABLE[5][3], "due": TABLE[5][4]}),
    ]  # fmt: skip
    assert said(text, "annex")[-1] == ("prose", "Hết.")


@pytest.mark.parametrize("style", ["lines", "cells"])
def test_a_table_of_other_things_gives_no_rows_and_no_prose(style: str) -> None:
    table = [["TT", "Điểm lấy mẫu", "Tọa độ X", "Số lượng"], ["1", "Cửa sông Cả", "2210567", "15"], ["2", "Cửa Lò", "2209277", "4"]]  # fmt: skip
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\n{CLOSING}\n**PHỤ LỤC**\n\n{_walled(table, style)}\nHết.\n"
    assert shape(text).rows == ()
    kinds = [k for k, _ in said(text, "annex")]
    assert kinds == ["title"] + ["cell"] * 12 + ["prose"]


def test_cells_that_a_portal_wraps_stay_one() -> None:
    text = "|\nTT\n|\nNội dung\n|\nĐơn vị\nchủ trì\n|\nThời gian\n|\n|\n1\n|\nKéo cáp\nquang\n|\n- Sở Xây dựng\n- Sở Nội vụ\n|\nQuý\nI/2024\n|\n"
    (row,) = shape(text).rows
    assert cells(row, text) == {
        "content": "Kéo cáp quang", "lead": "- Sở Xây dựng - Sở Nội vụ", "due": "Quý I/2024",
    }  # fmt: skip


TWO_ROWS = [
    ["Nhiệm vụ", "Cơ quan thực hiện", "", "Thời gian", "Sản phẩm"],
    ["", "Chủ trì", "Phối hợp", "", ""],
    ["**I. Hạ tầng**", "", "", "", ""],
    ["Lắp trạm phát sóng", "Sở Xây dựng", "", "Quý I/2024", ""],
    ["Kéo cáp quang", "", "UBND cấp xã", "2024 - 2025", "Tuyến cáp"],
    ["Nhân lực", "", "", "", ""],
    ["Dạy cán bộ xã", "Sở Nội vụ", "Sở Tài chính", "Hằng năm", "10 lớp"],
]


def test_a_table_on_lines_needs_no_numbers_and_may_have_two_rows_of_titles() -> None:
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\n{CLOSING}\n**PHỤ LỤC**\n\n{_walled(TWO_ROWS, 'lines')}\nHết.\n"
    rows = shape(text).rows
    assert [(r.number, r.group.strip("* "), cells(r, text)) for r in rows] == [
        ("I.1", "Hạ tầng", {"content": "Lắp trạm phát sóng", "lead": "Sở Xây dựng", "due": "Quý I/2024"}),
        ("I.2", "Hạ tầng", {"content": "Kéo cáp quang", "coordinate": "UBND cấp xã", "due": "2024 - 2025", "product": "Tuyến cáp"}),
        ("3", "Nhân lực", {"content": "Dạy cán bộ xã", "lead": "Sở Nội vụ", "coordinate": "Sở Tài chính", "due": "Hằng năm", "product": "10 lớp"}),
    ]  # fmt: skip
    assert said(text, "annex")[-1] == ("prose", "Hết.")


def test_a_row_of_one_cell_that_goes_on_counting_is_a_task() -> None:
    table = [["TT", "Nhiệm vụ", "Chủ trì", "Thời gian"], ["(1)", "(2)", "(3)", "(4)"], ["1", "Mở chợ", "Sở Công Thương", "2024"],
             ["2", "Sửa cầu", "", ""], ["3", "Lắp đèn", "Sở Xây dựng", "2025"]]  # fmt: skip
    rows = shape(f"{LETTERHEAD}{TITLE}PHỤ LỤC\n\n{_walled(table, 'lines')}").rows
    assert [r.number for r in rows] == ["1", "2", "3"]


def test_a_table_without_bodies_or_dates_is_no_table_of_tasks() -> None:
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\n| Nội dung | Số lượng | Giá |\n|---|---|---|\n| Đèn | 5 | 100 |\n"
    assert shape(text).rows == ()


def test_numbers_of_two_levels_on_lines_of_their_own_open_rows() -> None:
    text = LETTERHEAD + TITLE + "1. Mở chợ.\n\n" + CLOSING + "\n" + (
        "PHỤ LỤC\n\nTT\n\nNhiệm vụ\n\nCơ quan chủ trì\n\nCơ quan phối hợp\n\nThời gian\n\nGhi chú\n\n"
        "1\n\nKéo cáp\n\nCác doanh nghiệp viễn thông\n\nSở Xây dựng\n\n2023 - 2025\n\n"
        "1.1\n\nDạy cán bộ\n\nSở Nội vụ\n\nUBND cấp xã\n\nThường xuyên\n"
    )  # fmt: skip
    assert [(r.number, r.section_id, cells(r, text)) for r in shape(text).rows] == [
        ("1", "PL", {"content": "Kéo cáp", "lead": "Các doanh nghiệp viễn thông", "coordinate": "Sở Xây dựng", "due": "2023 - 2025"}),
        ("1.1", "PL", {"content": "Dạy cán bộ", "lead": "Sở Nội vụ", "coordinate": "UBND cấp xã", "due": "Thường xuyên"}),
    ]  # fmt: skip


BOLD = (
    f"{LETTERHEAD}{TITLE}Thực hiện Nghị quyết về chợ, UBND tỉnh ban hành Kế hoạch.\n\n**MỤC TIÊU**\n\nChợ nào cũng sạch.\n\n"
    "**NHIỆM VỤ**\n\n**Phát triển chợ phiên**\n\n- Mở chợ.\n\n- Dọn rác.\n\n**TỔ CHỨC THỰC HIỆN**\n\n**Sở Y tế**\n\nMua thuốc.\n\n"
    "**Sở Xây dựng**\n\nSửa cầu.\n\nLắp đèn.\n"
)


def test_lines_in_bold_are_headings_without_a_number() -> None:
    made = shape(BOLD)
    assert [
        k for k, w in said(BOLD) if w in ("MỤC TIÊU", "NHIỆM VỤ", "Phát triển chợ phiên", "Sở Y tế", "Sở Xây dựng")
    ] == ["heading"] * 5
    assert {
        p.section_id for p in made.paragraphs if BOLD[p.start : p.end] in ("Mua thuốc.", "Sửa cầu.", "Lắp đèn.")
    } == {""}


def test_an_annex_may_begin_with_its_table() -> None:
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\n{CLOSING}\nPHỤ LỤC\n\nTT\n\nNhiệm vụ\n\nChủ trì\n\nThời gian\n\n1\n\nMở chợ\n\nSở Công Thương\n\n2024\n"
    assert [r.number for r in shape(text).rows] == ["1"]


def test_a_body_with_an_order_of_its_own_takes_over() -> None:
    text = "1. Bố trí máy cho trạm: Sở Tài chính bố trí vốn; Sở Nội vụ hướng dẫn định mức; phối hợp với Sở Y tế; Sở Xây dựng tổ chức lắp đặt."
    (p,) = shape(text).paragraphs
    assert [text[s.start : s.end] for s in segments(text, p)] == [
        "1. Bố trí máy cho trạm: Sở Tài chính bố trí vốn;",
        "Sở Nội vụ hướng dẫn định mức; phối hợp với Sở Y tế; Sở Xây dựng tổ chức lắp đặt.",
    ]


def test_chapters_on_a_line_of_their_own_open_parts() -> None:
    text = f"{LETTERHEAD}{TITLE}Chương I\nQUY ĐỊNH CHUNG\n\nĐiều 1. Chợ\n\n1. Mở chợ.\n\nChương II\nTỔ CHỨC THỰC HIỆN\n\nĐiều 2. Cầu\n\n1. Sửa cầu.\n"
    assert [s.section_id for s in shape(text).sections] == [
        "Chương-I", "Chương-I/Điều-1", "Chương-I/Điều-1/1", "Chương-II", "Chương-II/Điều-2", "Chương-II/Điều-2/1",
    ]  # fmt: skip


def test_stars_stand_above_dashes() -> None:
    text = working(
        f"{LETTERHEAD}{TITLE}1. Chợ phiên.\n\n* Thương mại:\n\n- Mở chợ.\n\n- Dọn rác.\n\n* Du lịch:\n\n- Dựng biển.\n\n* * *\n"
    ).text
    assert [s.section_id for s in outline(text).sections][1:] == ["1/*1", "1/*1/-1", "1/*1/-2", "1/*2", "1/*2/-1"]


STARS = (
    f"{LETTERHEAD}{TITLE}1. Chợ phiên.\n\n- Mở chợ.\n\n- Dọn rác.\n\n2. Du lịch.\n\nThị trấn lo các việc sau:\n\n"
    "* Dựng biển;\n* Sửa cầu{0}\n\n- Trồng hoa.\n\n- Thắp đèn.\n"
)


@pytest.mark.parametrize(
    ("end", "names"),
    [(".", ["2/*1", "2/*2", "2/-1", "2/-2"]), (":", ["2/*1", "2/*2", "2/*2/-1", "2/*2/-2"])],
)
def test_a_dash_behind_a_list_of_stars_that_ended_is_no_part_of_its_last(end: str, names: list[str]) -> None:
    text = working(STARS.format(end)).text
    assert [s.section_id for s in outline(text).sections if s.section_id.startswith("2/")] == names


def test_a_heading_of_two_rows_with_a_cell_a_line() -> None:
    rows = [["TT", "Nội dung", "Cơ quan thực hiện", "Thời gian"], ["Chủ trì", "Phối hợp"], ["1", "Thể chế", "", "", ""],
            ["1.1", "Lập quy chế", "Sở Nội vụ", "", "Quý I/2024"], ["1.2", "Sửa quy trình", "Sở Y tế", "Sở Tài chính", ""]]  # fmt: skip
    other = [["TT", "Điểm đo", "Tọa độ", "Số lượng"], ["1", "Cửa Lò", "2210567", "15"]]
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\nPHỤ LỤC\n\n{_walled(rows, 'cells')}\n{_walled(other, 'cells')}\nHết.\n"
    assert [(r.number, r.group, cells(r, text)) for r in shape(text).rows] == [
        ("1.1", "Thể chế", {"content": "Lập quy chế", "lead": "Sở Nội vụ", "due": "Quý I/2024"}),
        ("1.2", "Thể chế", {"content": "Sửa quy trình", "lead": "Sở Y tế", "coordinate": "Sở Tài chính"}),
    ]
    assert said(text, "annex")[-1] == ("prose", "Hết.")


def test_a_flattened_table_without_numbers_gives_its_rows() -> None:
    table = "Nhiệm vụ\n\nCơ quan chủ trì\n\nCơ quan phối hợp\n\nThời gian\n\nLập kho dữ liệu\n\nSở Nội vụ\n\nCác sở, ngành\n\nQuý IV/2024\n\nDạy nghề\n\nSở Y tế\n\nUBND cấp xã\n\n2024\n\nHết.\n"
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\n{CLOSING}\nPHỤ LỤC\n\nDANH MỤC\n\n{table}"
    assert [(r.number, cells(r, text)) for r in shape(text).rows] == [
        ("1", {"content": "Lập kho dữ liệu", "lead": "Sở Nội vụ", "coordinate": "Các sở, ngành", "due": "Quý IV/2024"}),
        ("2", {"content": "Dạy nghề", "lead": "Sở Y tế", "coordinate": "UBND cấp xã", "due": "2024"}),
    ]
    assert said(text, "annex")[-1] == ("prose", "Hết.")


@pytest.mark.parametrize(
    "menu",
    [
        "[Tải bản Word](https://example.vn/a.doc) | [Sơ đồ](#) | In",
        "Lưu lại** · **Ý kiến · Email",
        "Trang đầu › Văn bản › Kế hoạch",
    ],
)
def test_a_portals_menu_is_noise(menu: str) -> None:
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\nCác xã thực hiện.\n\n{menu}\n"
    assert said(text)[-1][0] == "noise"


def test_a_citation_that_is_a_link_is_none() -> None:
    text = f"{LETTERHEAD}{TITLE}1. Mở chợ.\n\nTheo [Quyết định 5](https://example.vn/5) và [Luật Chợ](https://example.vn/6).\n"
    assert said(text)[-1][0] == "prose"
