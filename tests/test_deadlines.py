"""Every form of deadline, as the interval in which it falls."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.extract.deadlines import deadlines
from compare.records import Deadline

YEAR = 2025


def read(text: str, cell: bool = False, year: int | None = YEAR) -> list[Deadline]:
    return deadlines(text, 0, len(text), year, cell=cell)


FORMS = [
    # words, start, end
    ("hoàn thành trước ngày 30/3/2025", "", "2025-03-30"),
    ("báo cáo trước 15/12/2026", "", "2026-12-15"),
    ("nộp trước ngày 05 tháng 9 năm 2021", "", "2021-09-05"),
    ("nộp trước ngày 20/6", "", "2025-06-20"),
    ("xong trước tháng 9 năm 2021", "", "2021-08-31"),
    ("xong trước tháng 3/2024", "", "2024-02-29"),
    ("xong trước tháng 1 năm 2022", "", "2021-12-31"),
    ("trình trong tháng 10/2021", "2021-10-01", "2021-10-31"),
    ("trình trong tháng 2/2024", "2024-02-01", "2024-02-29"),
    ("ban hành trong tháng 4", "2025-04-01", "2025-04-30"),
    ("ban hành trong Quý IV/2021", "2021-10-01", "2021-12-31"),
    ("ban hành trong quý II năm 2025", "2025-04-01", "2025-06-30"),
    ("ban hành trong quý I", "2025-01-01", "2025-03-31"),
    ("trình trước Quý IV năm 2022", "", "2022-09-30"),
    ("trình trước quý I năm 2023", "", "2022-12-31"),
    ("chậm nhất ngày 15/11/2025", "", "2025-11-15"),
    ("chậm nhất trong tháng 6 năm 2025", "", "2025-06-30"),
    ("xong đến hết tháng 6 năm 2025", "", "2025-06-30"),
    ("đến hết năm 2025 xong mọi việc", "", "2025-12-31"),
    ("hoàn thành trong năm 2025", "2025-01-01", "2025-12-31"),
    ("trong năm 2025 hoàn thành hồ sơ", "2025-01-01", "2025-12-31"),
    ("hoàn thành trước năm 2026", "", "2025-12-31"),
    ("làm trong giai đoạn 2021 - 2025", "2021-01-01", "2025-12-31"),
    ("xong trong 6 tháng đầu năm 2025", "2025-01-01", "2025-06-30"),
    ("xong trong 06 tháng cuối năm 2025", "2025-07-01", "2025-12-31"),
    ("từ ngày 01/7/2025 đến hết ngày 31/7/2025", "2025-07-01", "2025-07-31"),
    ("slutföra senast den 30 mars 2025", "", "2025-03-30"),
    ("klart före 5 augusti 2025", "", "2025-08-05"),
    ("under första kvartalet 2025", "2025-01-01", "2025-03-31"),
    ("no later than March 30, 2025", "", "2025-03-30"),
    ("before 30 March 2025", "", "2025-03-30"),
    ("in the second quarter of 2025", "2025-04-01", "2025-06-30"),
]


@pytest.mark.parametrize(("text", "start", "end"), FORMS)
def test_forms(text: str, start: str, end: str) -> None:
    (d,) = read(text)
    assert (d.due_start, d.due_end) == (start, end)


@pytest.mark.parametrize(("text", "start", "end"), FORMS)
def test_a_line_break_in_the_middle_changes_nothing(text: str, start: str, end: str) -> None:
    (d,) = read(text.replace(" ", "\n", 3))
    assert (d.due_start, d.due_end) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("Quý IV/2021", "2021-10-01", "2021-12-31", "complete"),
        ("Tháng 9/2021", "2021-09-01", "2021-09-30", "complete"),
        ("Năm 2022", "2022-01-01", "2022-12-31", "period"),
        ("Giai đoạn 2021-2025", "2021-01-01", "2025-12-31", "period"),
        ("Năm 2026 và các năm tiếp theo", "2026-01-01", "", "period"),
        ("30/6/2025", "2025-06-30", "2025-06-30", "complete"),
        ("Thường xuyên", "", "", "recurring"),
        ("Hằng năm", "", "", "recurring"),
        ("Theo tiến độ của dự án", "", "", "unspecified"),
    ],
)
def test_a_cell_is_a_deadline_whatever_it_says(text: str, start: str, end: str, kind: str) -> None:
    d = read(text, cell=True)[0]
    assert (d.due_start, d.due_end, d.kind) == (start, end, kind)


@pytest.mark.parametrize(
    "text",
    [
        "thực hiện kế hoạch đầu tư công năm 2025",
        "Chương trình giai đoạn 2021 - 2025",
        "mục tiêu đến năm 2030",
        "Nghị quyết số 12/NQ-CP ngày 03/02/2021",
        "so với cùng kỳ năm 2024",
        "phong trào “hoàn thành sớm trong năm 2025”",
        "tỷ lệ đạt 12,5%",
    ],
)
def test_years_and_dates_of_names_are_none(text: str) -> None:
    assert not [d for d in read(text) if d.due_start or d.due_end]


@pytest.mark.parametrize(
    "text",
    [
        "báo cáo định kỳ hằng tháng",
        "gửi trước ngày 15 của tháng cuối quý",
        "trước ngày 20 hằng tháng gửi số liệu",
        "định kỳ hằng quý rà soát",
        "rapportera månadsvis",
        "report quarterly",
    ],
)
def test_habits(text: str) -> None:
    (d,) = read(text)
    assert (d.kind, d.due_start, d.due_end) == ("recurring", "", "")


def test_by_the_rules_is_text_only() -> None:
    (d,) = read("tổng hợp, báo cáo UBND tỉnh theo quy định")
    assert (d.text, d.kind, d.due_end) == ("theo quy định", "unspecified", "")


def test_the_beginning_of_a_year_is_not_the_whole_year() -> None:
    d = read("phê duyệt đầu năm 2026")
    assert not [x for x in d if x.due_start or x.due_end]


def test_several_deadlines_come_in_order_and_dates_before_habits() -> None:
    text = "báo cáo hằng tháng; lần 01 trước ngày 20/6/2025, lần 02 trước ngày 20/11/2025"
    found = read(text)
    assert [d.due_end for d in found] == ["2025-06-20", "2025-11-20", ""]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("báo cáo trước ngày 15/6 và 15/12", ["2025-06-15", "2025-12-15"]),
        ("tổ chức vào tháng 5, tháng 11 năm 2025", ["2025-05-31", "2025-11-30"]),
        ("hoàn thành quý III/2025, trình UBND tỉnh tháng 10/2025", ["2025-09-30", "2025-10-31"]),
    ],
)
def test_lists_and_dates_right_behind_a_verb(text: str, ends: list[str]) -> None:
    assert [d.due_end for d in read(text)] == ends


def test_kinds() -> None:
    assert read("báo cáo UBND tỉnh trước ngày 10/12/2025")[0].kind == "report"
    assert read("hoàn thành trước ngày 10/12/2025")[0].kind == "complete"


def test_no_year_no_interval() -> None:
    assert not [d for d in read("xong trước ngày 20/6", year=None) if d.due_end]


@pytest.mark.parametrize("text", ["trước ngày 31/2/2025", "trước ngày 40/1/2025", "trong tháng 13/2025", "trước ngày 29/2/2025"])  # fmt: skip
def test_days_that_do_not_exist_are_none(text: str) -> None:
    assert not [d for d in read(text) if d.due_start or d.due_end]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back(day: date) -> None:
    (d,) = read(f"xong trước ngày {day.day}/{day.month}/{day.year}")
    assert d.due_end == day.isoformat()


@given(st.text(alphabet="0123456789/-. ngàytrướctháquýIVnămđếnhết", max_size=50), st.booleans())
def test_any_text_is_read_without_an_error(text: str, cell: bool) -> None:
    for d in read(text, cell=cell):
        assert text[d.start : d.end] == d.text
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", x) for x in (d.due_start, d.due_end) if x)
        assert not (d.due_start and d.due_end) or d.due_start <= d.due_end


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024 - 2025", "2024-01-01", "2025-12-31"),
        ("Từ 2023 đến 2025", "2023-01-01", "2025-12-31"),
        ("Từ năm 2023", "2023-01-01", ""),
        ("2023 và các năm tiếp theo", "2023-01-01", ""),
        ("Đến 2025", "", "2025-12-31"),
        ("Cả năm", "2025-01-01", "2025-12-31"),
        ("T6/2023", "2023-06-01", "2023-06-30"),
        ("12/2023.", "2023-12-01", "2023-12-31"),
        ("Quý I-II/2024", "2024-01-01", "2024-06-30"),
        ("Quý III, IV/2023", "2023-07-01", "2023-12-31"),
    ],
)
def test_years_months_and_quarters_alone_in_a_cell(words: str, start: str, end: str) -> None:
    (d,) = read(words, cell=True)
    assert (d.due_start, d.due_end) == (start, end)
    assert d.text == words.rstrip(".")


def test_quarters_at_a_stretch_are_one_deadline_and_those_apart_are_two() -> None:
    (d,) = read("hoàn thành trong quý II và quý III năm 2025")
    assert (d.due_start, d.due_end) == ("2025-04-01", "2025-09-30")
    assert len(read("hoàn thành trong quý I/2025 và quý III/2025")) == 2


@pytest.mark.parametrize(
    "words",
    ["trước ngày 31/3 hằng năm", "Định kỳ 6 tháng, hằng năm", "Định kỳ hằng tháng và hằng quý", "ngày 15/12 hàng năm"],
)
def test_what_comes_every_year_has_no_year(words: str) -> None:
    (d,) = read(f"{words}, báo cáo UBND tỉnh.")
    assert (d.text, d.due_start, d.due_end, d.kind) == (words, "", "", "recurring")


@pytest.mark.parametrize(
    "words",
    [
        "trước ngày 15/6 và 15/12 hằng năm",
        "trước ngày 15/6, 15/9, 15/12 hàng năm",
        "trong tháng 6 và tháng 12 hằng năm",
        "vào thứ Sáu hàng tuần",
        "trước quý IV hằng năm",
        "trước 15/11 hàng năm",
    ],
)
def test_what_comes_back_every_year_or_week_has_no_date(words: str) -> None:
    (d,) = read(f"Sở Y tế báo cáo {words}.")
    assert (d.text, d.due_start, d.due_end, d.kind) == (words, "", "", "recurring")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Trước ngày 30/3/2025, báo cáo UBND tỉnh.", "report"),
        ("före den 30 mars 2025 rapportera detta till folkkommittén", "report"),
        ("Trước ngày 30/3/2025, hoàn thành đề án.", "complete"),
    ],
)
def test_a_report_is_told_by_the_words_behind_the_date_too(words: str, kind: str) -> None:
    (d,) = read(words)
    assert d.kind == kind


def test_a_quarter_alone_in_the_brackets_that_close_a_sentence_is_a_deadline() -> None:
    assert [(d.due_start, d.due_end) for d in read("Mở chợ phiên (quý IV/2023).")] == [("2023-10-01", "2023-12-31")]
    assert read("Theo số liệu (quý IV/2023) của Sở Y tế.") == []


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("Tháng 2 - tháng 4/2024", "2024-02-01", "2024-04-30"),
        ("Tháng 2/2024 - tháng 1/2025", "2024-02-01", "2025-01-31"),
        ("theo vụ cá (tháng 5 - 8)", "2025-05-01", "2025-08-31"),
        ("Từ 10/4/2025 đến 20/5/2025", "2025-04-10", "2025-05-20"),
        ("từ tháng 2 đến tháng 8/2025", "2025-02-01", "2025-08-31"),
        ("tháng 11 - tháng 2/2026", "2025-11-01", "2026-02-28"),
        ("Q.I - Q.III", "2025-01-01", "2025-09-30"),
        ("Quý I - Quý III/2025", "2025-01-01", "2025-09-30"),
        ("Quý IV/2025 - Quý II/2026", "2025-10-01", "2026-06-30"),
        ("10 - 15/8/2025", "2025-08-10", "2025-08-15"),
        ("Từ 01/02/2026", "2026-02-01", ""),
        ("từ tháng 7/2024", "2024-07-01", ""),
        ("Từ quý III", "2025-07-01", ""),
        ("từ cuối năm 2024", "", ""),
        ("2024-...", "2024-01-01", ""),
        ("2024-", "2024-01-01", ""),
        ("2024 - …", "2024-01-01", ""),
    ],
)
def test_a_cell_says_from_when_until_when_or_from_when_alone(words: str, start: str, end: str) -> None:
    (d,) = read(words, cell=True)
    assert (d.due_start, d.due_end) == (start, end)


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("Dạy bơi từ tháng 5 đến tháng 8/2025.", [("2025-05-01", "2025-08-31")]),
        ("dùng mẫu thẻ mới, áp dụng từ ngày 01/9/2025", [("2025-09-01", "")]),
        ("Từ ngày 01/9/2025, Sở Y tế dùng mẫu thẻ mới.", [("2025-09-01", "")]),
        ("Luật Cây xanh có hiệu lực từ ngày 01/9/2025", []),
        ("rà soát việc đã làm từ năm 2021 đến năm 2025", []),
        ("tăng 5 - 10/2025 hồ sơ", []),
    ],
)
def test_in_a_sentence_only_what_begins_has_a_start(words: str, dates: list[tuple[str, str]]) -> None:
    assert [(d.due_start, d.due_end) for d in read(words)] == dates


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Thường xuyên, hoàn thành trước tháng 12/2024", [("2024-11-30", "complete"), ("", "recurring")]),
        ("Thường xuyên, liên tục", [("", "recurring")]),
        ("Hằng năm, cao điểm tháng 5/2025", [("2025-05-31", "complete"), ("", "recurring")]),
    ],
)
def test_a_habit_and_a_date_of_one_cell_are_two(words: str, kinds: list[tuple[str, str]]) -> None:
    assert [(d.due_end, d.kind) for d in read(words, cell=True)] == kinds


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Dọn bãi biển; thực hiện thường xuyên, ưu tiên nơi đông khách.", ["thường xuyên"]),
        ("Tưới cây, thường xuyên trong năm 2025.", ["thường xuyên trong năm 2025"]),
        ("Sở Y tế thường xuyên theo dõi, đôn đốc.", []),
        ("Tổ chức thực hiện thường xuyên, có hiệu quả việc tưới cây.", []),
        ("Việc tưới cây được thực hiện thường xuyên.", []),
        ("Bố trí kinh phí chi thường xuyên.", []),
    ],
)
def test_what_is_done_all_the_time_and_the_manner_of_doing_it(words: str, said: list[str]) -> None:
    assert [d.text for d in read(words)] == said


@pytest.mark.parametrize(
    ("words", "cell", "said", "end"),
    [
        ("trước 2030", True, "trước 2030", "2029-12-31"),
        ("Xây nhà ga, hoàn thành trước 2030.", False, "hoàn thành trước 2030", "2029-12-31"),
        ("Xong trước Lễ hội Hoa Ban năm 2024", True, "Xong trước Lễ hội Hoa Ban năm 2024", ""),
        ("Nạo vét mương, xong trước mùa mưa năm 2025.", False, "xong trước mùa mưa năm 2025", ""),
        ("Thay bàn ghế trước khi kết thúc năm học 2024 - 2025.", False, "trước khi kết thúc năm học 2024 - 2025", ""),
        ("trình HĐND tỉnh tại kỳ họp giữa năm 2024.", False, "tại kỳ họp giữa năm 2024", ""),
        ("Trình kỳ họp cuối năm 2024", True, "Trình kỳ họp cuối năm 2024", "2024-12-31"),
        ("Dùng sổ mới, áp dụng từ đầu năm học 2024 - 2025.", False, "từ đầu năm học 2024 - 2025", ""),
        ("chấm điểm hoàn thành việc, bắt đầu từ kỳ thi cuối năm 2024.", False, "bắt đầu từ kỳ thi cuối năm 2024", ""),
    ],
)
def test_an_occasion_is_a_deadline_by_its_words(words: str, cell: bool, said: str, end: str) -> None:
    (d,) = read(words, cell=cell)
    assert (d.text, d.due_start, d.due_end) == (said, "", end)


@pytest.mark.parametrize(
    "words",
    [
        "Nghị quyết đã thông qua tại kỳ họp cuối năm 2022",
        "lấy ý kiến trước khi trình UBND tỉnh",
        "chi tiền từ đợt hai",
        "kiểm tra hồ đập trước mùa mưa",
    ],
)
def test_an_occasion_in_passing_is_none(words: str) -> None:
    assert read(words) == []


def test_the_stops_behind_a_year_leave_its_end_open() -> None:
    (d,) = deadlines("Thời gian: 2024-...", 11, 15, YEAR, cell=True)
    assert (d.text, d.due_start, d.due_end) == ("2024-...", "2024-01-01", "")
