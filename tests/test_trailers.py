"""Who does a task and by when, told behind it: in an aside, a further sentence, a note on its section, "nt"."""

from __future__ import annotations

from pathlib import Path

import pytest

from compare.extract.agencies import mentions
from compare.extract.trailers import Trailer, aside, closing_time, group, trailer
from compare.pipeline import read_plan
from compare.records import Plan, Span


def _told(text: str, said: Trailer | None) -> tuple[str, str, str] | None:
    """Leads, coordinators and time of a trailer, as words."""
    if said is None:
        return None
    names = ["; ".join(text[m.start : m.end] for m in bodies) for bodies in (said.leads, said.coordinators)]
    return names[0], names[1], said.due.of(text) if said.due else ""


def _sentence(text: str) -> tuple[str, str, str] | None:
    return _told(text, trailer(text, Span(0, len(text)), tuple(mentions(text, 0, len(text)))))


def _aside(text: str) -> tuple[str, str, str] | None:
    return _told(text, aside(text, Span(0, len(text)), tuple(mentions(text, 0, len(text)))))


@pytest.mark.parametrize(
    ("text", "leads", "helpers", "due"),
    [
        ("Giao Sở Y tế chủ trì, phối hợp với Sở Nội vụ thực hiện.", "Sở Y tế", "Sở Nội vụ", ""),
        ("Giao Sở Y tế chủ trì, báo cáo UBND tỉnh trong quý I năm 2024.", "Sở Y tế", "", "báo cáo UBND tỉnh trong quý I năm 2024"),
        ("Đề nghị Tỉnh đoàn chủ trì, Sở Nội vụ phối hợp; thực hiện thường xuyên.", "Tỉnh đoàn", "Sở Nội vụ", "thường xuyên"),
        ("Trách nhiệm: Sở Y tế, Sở Nội vụ.", "Sở Y tế; Sở Nội vụ", "", ""),
        ("Thực hiện: UBND cấp huyện, xong trước 30/9/2024.", "UBND cấp huyện", "", "xong trước 30/9/2024"),
        ("(Chủ trì: Sở Y tế. Phối hợp: Sở Nội vụ. Hoàn thành: năm 2024)", "Sở Y tế", "Sở Nội vụ", "năm 2024"),
        ("(Sở Y tế; các hội quán phối hợp; quý III/2024)", "Sở Y tế", "các hội quán", "quý III/2024"),
        ("- Sở Y tế, UBND cấp huyện; quý IV/2025", "Sở Y tế; UBND cấp huyện", "", "quý IV/2025"),
        ("(Sở Y tế chủ trì; tháng 6 - 9/2024)", "Sở Y tế", "", "tháng 6 - 9/2024"),
        ("(Sở Y tế chủ trì; từ tháng 3 đến tháng 9/2024)", "Sở Y tế", "", "từ tháng 3 đến tháng 9/2024"),
        ("(Sở Y tế chủ trì; Q.II - Q.III)", "Sở Y tế", "", "Q.II - Q.III"),
        ("(Sở Y tế chủ trì; 2024-...)", "Sở Y tế", "", "2024-..."),
        ("(Sở Y tế chủ trì; từ 01/5/2024 đến 30/6/2024)", "Sở Y tế", "", "từ 01/5/2024 đến 30/6/2024"),
        ("— Sở Y tế chủ trì, Sở Nội vụ phối hợp.", "Sở Y tế", "Sở Nội vụ", ""),
        ("Hoàn thành trong quý II/2025.", "", "", "Hoàn thành trong quý II/2025"),
        ("Thường xuyên.", "", "", "Thường xuyên"),
        ("2024 – 2025.", "", "", "2024 – 2025"),
    ],
)  # fmt: skip
def test_a_sentence_that_only_charges(text: str, leads: str, helpers: str, due: str) -> None:
    assert _sentence(text) == (leads, helpers, due)


@pytest.mark.parametrize(
    "text",
    [
        "Giao Sở Y tế chủ trì, phối hợp với Sở Nội vụ rà soát biên chế.",
        "Giao Sở Y tế chủ trì, mở lớp trước ngày 30/6/2025.",
        "Sở Y tế phối hợp với các trường mở lớp dạy nghề.",
        "Các sở, ban, ngành thực hiện.",
        "Trên đây là Kế hoạch năm 2025, các cơ quan, đơn vị thực hiện.",
        "Sở Y tế thực hiện Kế hoạch này trong năm 2025.",
        "Sở Y tế.",
        "(Sở Y tế, Sở Nội vụ)",
        "Thực hiện: 95 %",
        "Thường xuyên theo dõi dịch bệnh.",
        "Năm 2025, mở 12 lớp.",
        "Mở 12 lớp trong năm 2025.",
    ],
)
def test_a_sentence_that_orders_or_tells_more(text: str) -> None:
    assert _sentence(text) is None


@pytest.mark.parametrize(
    ("text", "leads", "helpers", "due"),
    [
        ("Mở lớp (Sở Y tế; 2023 - 2025).", "Sở Y tế", "", "2023 - 2025"),
        ("Mở lớp (Sở Y tế, Sở Nội vụ chủ trì; Sở Tài chính phối hợp; 2024)", "Sở Y tế; Sở Nội vụ", "Sở Tài chính", "2024"),
        ("Mở lớp (Sở Y tế chủ trì, phối hợp Sở Nội vụ; thực hiện hằng năm);", "Sở Y tế", "Sở Nội vụ", "hằng năm"),
        ("Mở lớp – Sở Y tế chủ trì; hoàn thành trước năm học 2024 - 2025.", "Sở Y tế", "", "hoàn thành trước năm học 2024 - 2025"),
        ("Mở lớp; Sở Y tế, Sở Nội vụ phối hợp thực hiện thường xuyên.", "", "Sở Y tế; Sở Nội vụ", "thường xuyên"),
    ],
)  # fmt: skip
def test_an_aside(text: str, leads: str, helpers: str, due: str) -> None:
    assert _aside(text) == (leads, helpers, due)


@pytest.mark.parametrize(
    "text",
    [
        "Mở lớp (Sở Y tế, Sở Nội vụ).",  # bodies alone are read elsewhere
        "Dùng sổ tay mới (Bộ Y tế, 2021).",
        "Họp với Trung tâm Kiểm soát bệnh tật (Sở Y tế; 2023).",
        "Gửi hồ sơ, báo cáo (Sở Y tế; 2023).",
        "Áp dụng quy định (Sở Y tế đã ban hành năm 2024).",
        "Thực hiện Đề án (2021 - 2025).",
        "Giao Sở Lao động - Thương binh và Xã hội rà soát; 2025",
    ],
)
def test_an_explanation_is_no_aside_that_charges(text: str) -> None:
    assert _aside(text) is None


def test_the_time_of_a_last_clause() -> None:
    text = "Rà soát sổ sách; thực hiện thường xuyên."
    found = closing_time(text, Span(0, len(text)))
    assert found is not None and found.of(text) == "thường xuyên"
    text = "Rà soát sổ sách - Quý II/2025."
    found = closing_time(text, Span(0, len(text)))
    assert found is not None and found.of(text) == "Quý II/2025"
    other = "Mở lớp, thường xuyên theo dõi dịch bệnh."
    assert closing_time(other, Span(0, len(other))) is None


def test_a_note_on_a_section_and_one_on_some_of_its_points() -> None:
    text = "(Các nhiệm vụ tại mục này do Sở Y tế chủ trì, phối hợp với Sở Nội vụ thực hiện trong giai đoạn 2023-2025)"
    whole = group(text, Span(0, len(text)))
    assert whole is not None and whole.letters == ()
    assert _told(text, whole.said) == ("Sở Y tế", "Sở Nội vụ", "trong giai đoạn 2023-2025")
    text = "Các nhiệm vụ tại điểm a, b và đ mục này: Đơn vị chủ trì: Sở Y tế. Thời gian: quý IV/2023."
    some = group(text, Span(0, len(text)))
    assert some is not None and some.letters == ("a", "b", "đ")
    assert _told(text, some.said) == ("Sở Y tế", "", "quý IV/2023")
    text = "Các nhiệm vụ tại mục này do Sở Y tế rà soát."
    assert group(text, Span(0, len(text))) is None


_HEAD = "KẾ HOẠCH\nVề y tế số năm 2023\n\nI. NHIỆM VỤ\n\n"


def _plan(tmp_path: Path, body: str) -> Plan:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(_HEAD + body, "utf-8")
    plan = read_plan(path)
    for a in plan.assignments:
        assert plan.document.text[a.start : a.end] == a.agency_text
    return plan


def _rows(plan: Plan) -> list[tuple[str, str, str, str]]:
    """First words, leads, coordinators, time of each task."""
    rows = []
    for t in plan.tasks:
        bodies = {
            role: "; ".join(a.agency_text for a in plan.assignments if (a.task_id, a.role) == (t.task_id, role))
            for role in ("lead", "coordinate")
        }
        rows.append((" ".join(t.text.split()[1:4]), bodies["lead"], bodies["coordinate"], t.due_text))
    return rows


def test_what_stands_behind_a_task_is_no_task(tmp_path: Path) -> None:
    plan = _plan(
        tmp_path,
        "1. Mở lớp học về sổ điện tử. (Chủ trì: Sở Y tế. Phối hợp: Sở Nội vụ. Hoàn thành: năm 2024)\n\n"
        "2. Mua sắm máy chủ cho trạm y tế.\nTrách nhiệm: Sở Tài chính.\n\n"
        "3. Xây dựng kho thuốc ở huyện. Hoàn thành trong quý II/2023.\n\n"
        "4. Rà soát sổ khám bệnh của dân (Sở Y tế; 2023 - 2025).\n\n"
        "5. Đào tạo bác sĩ tuyến xã; thực hiện thường xuyên.\n\n"
        "6. Khám bệnh cho dân ở xã.\nThời gian: Quý II/2023; trách nhiệm: Sở Y tế.\n\n"
        "7. Mở chợ thuốc ở huyện. Chủ trì: Sở Công Thương, xong trước 30/6/2023.\n",
    )
    assert _rows(plan) == [
        ("Mở lớp học", "Sở Y tế", "Sở Nội vụ", "năm 2024"),
        ("Mua sắm máy", "Sở Tài chính", "", ""),
        ("Xây dựng kho", "", "", "trong quý II/2023"),
        ("Rà soát sổ", "Sở Y tế", "", "2023 - 2025"),
        ("Đào tạo bác", "", "", "thường xuyên"),
        ("Khám bệnh cho", "Sở Y tế", "", "Quý II/2023"),
        ("Mở chợ thuốc", "Sở Công Thương", "", "xong trước 30/6/2023"),
    ]


def test_a_note_holds_for_the_tasks_of_its_section_that_say_nothing_else(tmp_path: Path) -> None:
    plan = _plan(
        tmp_path,
        "1. Dữ liệu\n\n(Các nhiệm vụ tại mục này do Sở Y tế chủ trì, phối hợp với Sở Nội vụ thực hiện trong năm 2024)\n\n"
        "a) Xây dựng kho dữ liệu bệnh nhân.\n\nb) Rà soát sổ khám bệnh. Giao Sở Tài chính chủ trì.\n\n"
        "2. Hạ tầng\n\na) Mua sắm máy chủ mới.\n\nb) Lắp đặt cáp quang tại xã.\n\nc) Nâng cấp mạng nội bộ.\n\n"
        "Các nhiệm vụ tại điểm a, b mục này: Đơn vị chủ trì: Sở Xây dựng. Thời gian: quý IV/2023.\n",
    )
    assert _rows(plan) == [
        ("Xây dựng kho", "Sở Y tế", "Sở Nội vụ", "trong năm 2024"),
        ("Rà soát sổ", "Sở Tài chính", "", "trong năm 2024"),
        ("Mua sắm máy", "Sở Xây dựng", "", "quý IV/2023"),
        ("Lắp đặt cáp", "Sở Xây dựng", "", "quý IV/2023"),
        ("Nâng cấp mạng", "", "", ""),
    ]


def test_a_cell_that_repeats_the_one_above(tmp_path: Path) -> None:
    plan = _plan(
        tmp_path,
        "1. Mở lớp học về sổ điện tử.\n\nPHỤ LỤC\n\n"
        "| TT | Nội dung nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian |\n|---|---|---|---|---|\n"
        "| 1 | Xây dựng kho dữ liệu | Sở Y tế | Sở Nội vụ, Sở Tài chính | Quý I/2023 |\n"
        "| 2 | Mua sắm máy chủ | nt | Như trên | nt |\n",
    )
    rows = [t for t in plan.tasks if t.part == "annex"]
    assert [t.due_text for t in rows] == ["Quý I/2023", "Quý I/2023"]
    told = [(a.role, a.agency_id, a.agency_text) for a in plan.assignments if a.task_id == rows[1].task_id]
    assert told == [
        ("lead", "so-y-te", "nt"),
        ("coordinate", "so-noi-vu", "Như trên"),
        ("coordinate", "so-tai-chinh", "Như trên"),
    ]
