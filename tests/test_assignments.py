"""Who leads and who helps, in every formula that plans use."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest

from compare.coverage import left_out
from compare.extract.agencies import mentions
from compare.extract.assignments import stated
from compare.extract.spelling import grouped, one_slip, readings
from compare.pipeline import read_plan
from compare.records import Plan

TC, YT, XD, NN = "so-tai-chinh", "so-y-te", "so-xay-dung", "so-nong-nghiep-va-moi-truong"
KHDT, GTVT, TP, NV = "so-ke-hoach-va-dau-tu", "so-giao-thong-van-tai", "so-tu-phap", "so-noi-vu"
SBN, DVLQ, HUYEN, XA, TINH = "so-ban-nganh-cap-tinh", "don-vi-lien-quan", "ubnd-cap-huyen", "ubnd-cap-xa", "ubnd-tinh"


def leads_and_helpers(text: str, marker: int = 0) -> tuple[list[str], list[str]]:
    said = stated(text, 0, len(text), marker)
    return [m.agency_id for m in said.leads], [m.agency_id for m in said.coordinators]


@pytest.mark.parametrize(
    ("text", "leads", "helpers"),
    [
        ("Sở Y tế chủ trì, phối hợp với Sở Tài chính mua thuốc.", [YT], [TC]),
        ("Sở Y tế chủ trì, phối hợp chặt chẽ với Sở Tài chính, Sở Tư pháp mua thuốc.", [YT], [TC, TP]),
        ("Sở Y tế, Sở Tài chính chủ trì mua thuốc.", [YT, TC], []),
        ("Sở Y tế phối hợp với Sở Tài chính mua thuốc.", [YT], [TC]),
        ("Sở: Xây dựng, Tài chính rà soát quỹ đất.", [XD, TC], []),
        ("Các Sở: Kế hoạch và Đầu tư, Tài chính, Xây dựng theo dõi giá vật liệu.", [KHDT, TC, XD], []),
        ("Các Sở Xây dựng, Tài chính, Y tế chủ trì rà soát quỹ đất.", [XD, TC, YT], []),
        ("Giao Sở Tài chính cân đối vốn.", [TC], []),
        ("Giao cho Sở Tài chính cân đối vốn.", [TC], []),
        ("Đề nghị Sở Nội vụ khơi thông thủ tục.", [NV], []),
        ("Yêu cầu Sở Xây dựng, Sở Tài chính giải trình.", [XD, TC], []),
        ("Về nhà ở xã hội: Sở Xây dựng chủ trì lập đề án.", [XD], []),
        ("Căn cứ Kế hoạch này, Sở Y tế lập dự toán.", [YT], []),
        ("Trong quá trình thực hiện, nếu có vướng mắc, các sở, ban, ngành báo cáo.", [SBN], []),
        ("Đồng thời, Sở Y tế chủ trì mua thuốc.", [YT], []),
        ("Giám đốc Sở Y tế chịu trách nhiệm về tiến độ.", [YT], []),
        ("Các sở, ban, ngành, UBND các huyện, thị xã, thành phố tiết kiệm điện.", [SBN, HUYEN], []),
        ("Rà soát quy hoạch, do Sở Xây dựng chủ trì.", [XD], []),
        ("Rà soát quy hoạch; Sở Xây dựng chủ trì.", [XD], []),
        ("Lập bộ chỉ tiêu (Sở Xây dựng chủ trì, Sở Tài chính phối hợp; xong trong quý II).", [XD], [TC]),
        ("Dạy cán bộ xã (Sở Nội vụ chủ trì; Sở Tài chính, Sở Y tế phối hợp).", [NV], [TC, YT]),
        ("UBND các huyện chủ trì, Sở Tài chính phối hợp: bố trí vốn.", [HUYEN], [TC]),
        ("Mở chợ phiên (Sở Xây dựng chủ trì; xong trước ngày 30/6/2025).", [XD], []),
        ("Phủ sóng 5G tại trung tâm các xã (Sở Xây dựng, Sở Tài chính).", [XD, TC], []),
        ("Triển khai địa chỉ số (Sở Xây dựng; các hội quán).", [XD], []),
        ("Tổng hợp, báo cáo UBND tỉnh (Sở Tài chính).", [], []),
        ("Rà soát quy định (Sở Tài chính đã ban hành năm 2024).", [], []),
        ("Sở Y tế chủ trì phối hợp Sở Tài chính mua thuốc.", [YT], [TC]),
        (
            "Chánh Văn phòng UBND tỉnh; Giám đốc các sở: Tài chính, Xây dựng; Chủ tịch UBND các xã, phường chịu trách nhiệm thi hành.",
            ["van-phong-ubnd-tinh", TC, XD, XA],
            [],
        ),
        ("Hoàn thiện hồ sơ; đơn vị phối hợp: Sở Tài chính.", [], [TC]),
        ("UBND tỉnh giao nhiệm vụ khắc phục hạn chế này cho Sở Y tế; đơn vị phối hợp: Sở Tài chính.", [YT], [TC]),
        ("Sở Y tế và Sở Tài chính được phân công chủ trì chịu trách nhiệm về kết quả.", [YT, TC], []),
        (
            "Các cơ quan, đơn vị được phân công chủ trì nhiệm vụ tại Kế hoạch này có trách nhiệm lập dự toán.",
            [DVLQ],
            [],
        ),
        ("Các sở, ngành được giao nhiệm vụ tại Mục II chịu trách nhiệm về tiến độ.", [SBN], []),
        ("Tham mưu UBND tỉnh giao chỉ tiêu cho UBND các huyện.", [], []),
        ("Sở Y tế tham mưu UBND tỉnh quyết định giao chỉ tiêu cho UBND các huyện.", [YT], []),
        ("Đề nghị VNPT Huế, Viettel Huế bố trí người.", ["vien-thong-tinh", "doanh-nghiep-vien-thong"], []),
        ("Byggdepartementet leder och samordnar med relevanta enheter.", [XD], [DVLQ]),
        ("Byggdepartementet ska leda och samordna med finansdepartementet.", [XD], [TC]),
    ],
)
def test_formulas(text: str, leads: list[str], helpers: list[str]) -> None:
    assert leads_and_helpers(text) == (leads, helpers)


@pytest.mark.parametrize(
    "text",
    [
        "Rà soát các dự án của Sở Y tế.",
        "Tổng hợp, gửi Sở Tài chính thẩm định.",
        "Báo cáo UBND tỉnh và các sở chủ trì dự án.",
        "Báo cáo cấp trên (UBND tỉnh, Sở Tài chính chủ trì dự án ở huyện).",
        "Sở Y tế đã hoàn thành kế hoạch.",
        "Theo đề nghị của Sở Tài chính tại Tờ trình số 5/TTr-STC.",
        "Làm rõ trách nhiệm của các sở, ban, ngành, UBND các huyện; công khai kết quả.",
    ],
)
def test_a_body_that_is_only_named_leads_nothing(text: str) -> None:
    assert leads_and_helpers(text)[0] == []


@pytest.mark.parametrize("verb", ["lo kinh phí", "dựng phương án", "nắm tình hình", "mở thêm lớp học"])
def test_any_verb_at_the_head_of_a_marked_item_charges(verb: str) -> None:
    text = f"- Sở Nội vụ, Sở Y tế {verb}."
    said = stated(text, 0, len(text), 2)
    assert [m.agency_id for m in said.leads] == [NV, YT]


def test_decomposed_text_names_the_same_bodies() -> None:
    text = "Sở Y tế chủ trì, phối hợp với UBND các huyện mua thuốc."
    nfd = unicodedata.normalize("NFD", text)
    assert [m.agency_id for m in mentions(nfd, 0, len(nfd))] == [YT, HUYEN]


@pytest.mark.parametrize("text", ["SỞ Y TẾ", "Sở Y tế", "sở y tế", "Sở\nY\ntế", "Sở Y tế tỉnh Hà Giang"])
def test_case_and_line_breaks_do_not_hide_a_body(text: str) -> None:
    (m,) = mentions(text, 0, len(text))
    assert (m.agency_id, m.start, m.end) == (YT, 0, len(text))


def test_named_districts_keep_their_words() -> None:
    text = "UBND thành phố Sầm Sơn, UBND thị xã Bỉm Sơn chủ trì giải phóng mặt bằng."
    said = stated(text, 0, len(text))
    assert [(m.agency_id, text[m.start : m.end]) for m in said.leads] == [
        (HUYEN, "UBND thành phố Sầm Sơn"),
        (HUYEN, "UBND thị xã Bỉm Sơn"),
    ]


def test_a_city_that_is_a_province_is_no_district() -> None:
    text = "UBND thành phố Cần Thơ"
    assert [m.agency_id for m in mentions(text, 0, len(text))] == [TINH]


@pytest.mark.parametrize(
    "text", ["Trường Đại học Vinh", "Bảo hiểm xã hội khu vực VI", "UBND các cấp", "Trường Đại học Hồng Đức"]
)
def test_a_name_takes_in_what_tells_it_apart(text: str) -> None:
    (m,) = mentions(f"{text} mở lớp.", 0, len(text) + 8)
    assert (m.start, m.end) == (0, len(text))


def test_a_slip_of_the_pen_is_read_and_told() -> None:
    text = "Ban Quản ký Khu Kinh tế và các Khu công nghiệp chủ trì."
    (m, *_) = mentions(text, 0, len(text))
    assert m.how == "typo"


def test_an_unknown_body_becomes_a_slug_and_is_told() -> None:
    text = "Chi cục Hải Đăng Cửa Lò chủ trì."
    (m,) = mentions(text, 0, len(text))
    assert (m.how, m.agency_id) == ("unknown", "chi-cuc-hai-dang-cua-lo")


HEAD = "ỦY BAN NHÂN DÂN\nTỈNH NGHỆ AN\n\nSố: 9/KH-UBND\n\nNghệ An, ngày 5 tháng 1 năm 2025\n\nKẾ HOẠCH\n\nPHÁT TRIỂN KINH TẾ NĂM 2025\n\n"


def parsed(tmp_path: Path, body: str) -> Plan:
    path = tmp_path / "plan.txt"
    path.write_text(HEAD + body, encoding="utf-8")
    return read_plan(path)


def bodies(plan: Plan) -> list[tuple[list[str], list[str], bool]]:
    result = []
    for t in plan.tasks:
        own = [a for a in plan.assignments if a.task_id == t.task_id]
        result.append(
            (
                [a.agency_id for a in own if a.role == "lead"],
                [a.agency_id for a in own if a.role == "coordinate"],
                any(a.inherited for a in own if a.role == "lead"),
            )
        )
    return result


def test_a_heading_charges_what_stands_under_it(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế\n\n- Mua thuốc.\n\n- Phối hợp với Sở Tài chính trả nợ.\n\n2. Sở Xây dựng\n\n- Sửa cầu.\n",
    )
    assert bodies(plan) == [([YT], [], True), ([YT], [TC], True), ([XD], [], True)]


def test_helpers_of_the_heading_hold_with_those_of_the_sentence(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. NHIỆM VỤ\n\n1. Sở Y tế chủ trì, phối hợp với Sở Tài chính\n\nMua thuốc và phối hợp với Sở Nội vụ tuyển bác sĩ.\n",
    )
    assert bodies(plan) == [([YT], [TC, NV], True)]


def test_a_second_lead_in_mid_paragraph_takes_over_and_is_told(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. NHIỆM VỤ\n\n1. Sở Y tế chủ trì mua thuốc. Rà soát kho. Sở Tài chính chủ trì cấp vốn. Kiểm tra sổ sách.\n",
    )
    assert [b[0] for b in bodies(plan)] == [[YT], [YT], [TC], [TC]]
    assert "second_lead" in {w.code for w in plan.warnings}


def test_lines_under_a_task_name_its_bodies_time_and_product(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. NHIỆM VỤ\n\n1. Các cơ quan, đơn vị tổ chức tập huấn pháp luật.\n\n- Cơ quan thực hiện: Sở Tư pháp; Sở Nội vụ.\n\n"
        "- Cơ quan phối hợp: UBND cấp xã.\n\n- Thời gian thực hiện: Quý II năm 2025.\n\n- Sản phẩm: Báo cáo kết quả.\n",
    )
    (task,) = plan.tasks
    assert bodies(plan) == [([TP, NV], [XA], False)]
    assert (task.due_start, task.due_end, task.product) == ("2025-04-01", "2025-06-30", "Báo cáo kết quả")


def test_short_labels_and_several_on_one_line(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. NHIỆM VỤ\n\n1. Mở rộng bệnh viện.\n\n- Chủ trì: Sở Y tế.\n\n- Phối hợp: Sở Tài chính.\n\n- Kết quả, sản phẩm: Báo cáo.\n\n"
        "2. Nâng cấp đường.\n\n- Đơn vị chủ trì, tham mưu: Sở Xây dựng; đơn vị phối hợp: Sở Nội vụ; thời gian: Quý II/2025.\n",
    )
    assert bodies(plan) == [([YT], [TC], False), ([XD], [NV], False)]
    assert [(t.product, t.due_end) for t in plan.tasks] == [("Báo cáo", ""), ("", "2025-06-30")]


def test_a_line_of_bodies_alone_is_a_heading(tmp_path: Path) -> None:
    plan = parsed(tmp_path, "I. NHIỆM VỤ\n\n* Sở Y tế\n\n- Mua thuốc.\n\n* Sở Xây dựng\n\n- Sửa cầu.\n")
    assert [(t.text, b[0]) for t, b in zip(plan.tasks, bodies(plan), strict=True)] == [
        ("- Mua thuốc.", [YT]),
        ("- Sửa cầu.", [XD]),
    ]


def test_clauses_of_such_a_line_each_name_a_body(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. NHIỆM VỤ\n\n1. Rà soát văn bản của tỉnh.\n\n- Cơ quan thực hiện: Sở Tư pháp rà soát văn bản chung; Sở Nội vụ rà soát văn bản của ngành.\n",
    )
    assert bodies(plan) == [([TP, NV], [], False)]


def test_the_closing_paragraph_inherits_nobody(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế\n\n- Mua thuốc.\n\nTrên đây là Kế hoạch năm 2025. Quá trình thực hiện nếu có khó khăn, "
        "vướng mắc, các cơ quan, đơn vị kịp thời báo cáo.\n",
    )
    assert [b[0] for b in bodies(plan)] == [[YT], [DVLQ]]


def test_a_finding_charges_who_is_to_mend_it(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. HẠN CHẾ\n\n- Cấp giấy phép còn chậm, UBND tỉnh giao nhiệm vụ khắc phục hạn chế này cho Sở Xây dựng. Đơn vị phối hợp là Sở Tài chính.\n",
    )
    assert plan.tasks[0].kind == "finding"
    assert bodies(plan)[0][:2] == ([XD], [TC])


def test_the_body_of_today_stands_beside_the_one_named(tmp_path: Path) -> None:
    plan = parsed(tmp_path, "I. NHIỆM VỤ\n\n1. Sở Giao thông vận tải chủ trì sửa đường.\n")
    (a,) = plan.assignments
    assert (a.agency_id, a.agency_now, a.agency_text) == (GTVT, XD, "Sở Giao thông vận tải")


def slips(text: str) -> list[tuple[str, str, str]]:
    return [(m.agency_id, m.how, text[m.start : m.end]) for m in mentions(text, 0, len(text))]


@pytest.mark.parametrize(
    ("spelled", "agency"),
    [
        ("Ban Quản ký Khu kinh tế và các khu công nghiệp", "ban-quan-ly-khu-kinh-te-va-cac-khu-cong-nghiep"),
        ("Sở Nông nghiêp và Môi trường", "so-nong-nghiep-va-moi-truong"),
        ("Sở Giáo dục và Đào tao", "so-giao-duc-va-dao-tao"),
        ("Sở Kế hoạch và Đầu ưt", "so-ke-hoach-va-dau-tu"),
        ("Trung tâm Khuyến nôngg", "trung-tam-khuyen-nong"),
        ("SỞ NÔNG NGHIÊP VÀ MÔI TRƯỜNG", "so-nong-nghiep-va-moi-truong"),
        ("Sở Nông nghiệp và Môi trương", "so-nong-nghiep-va-moi-truong"),
        ("Sở Văn hóa, Thể thao và Du lich", "so-van-hoa-the-thao-va-du-lich"),
        ("Sở Nội Vũ", "so-noi-vu"),
    ],
)
def test_one_slip_in_a_long_name_is_read_and_marked(spelled: str, agency: str) -> None:
    assert slips(f"{spelled} chủ trì.") == [(agency, "typo", spelled)]


@pytest.mark.parametrize(
    "spelled",
    [
        "Trung tâm Khuyến Bông",  # as near to Khuyến nông as to Khuyến công
        "Ban Quản ký Khu kinh té",  # two slips
        "Sở Nông nghiep và Moi trường",
        "Chi cục Hải Đăng Cửa Lò",
    ],
)
def test_more_than_one_slip_or_two_readings_give_no_reading(spelled: str) -> None:
    assert not [how for _, how, _ in slips(f"{spelled} chủ trì.") if how == "typo"]


def test_a_name_with_two_readings_keeps_a_slug() -> None:
    assert slips("Trung tâm Khuyến Bông chủ trì.") == [("trung-tam-khuyen-bong", "unknown", "Trung tâm Khuyến Bông")]
    assert readings("trung tâm khuyến bông") == (
        "trung-tam-khuyen-cong-va-tiet-kiem-nang-luong", "trung-tam-khuyen-nong",
    )  # fmt: skip


def test_numerals_are_no_slip() -> None:
    assert one_slip("chi cục hải đăng cửa lò", "chi cục hải đăng cửa ló")
    assert not one_slip("chi cục hải đăng khu vực v", "chi cục hải đăng khu vực vi")
    assert not one_slip("chi cục 1 hải đăng", "chi cục 2 hải đăng")
    assert not one_slip("cục hải đăng", "cục hái đăng")


def test_near_spellings_of_one_name_go_to_the_most_frequent() -> None:
    lo, la, ten = "Chi cục Hải Đăng Cửa Lò", "Chi cục Hải Đăng Cửa Là", "Chi cục Hải Đăng Sầm Sơn"
    assert grouped([la, lo, ten, lo]) == {la: lo, lo: lo, ten: ten}
    assert grouped([la, lo]) == {la: la, lo: la}
    assert grouped([]) == {}


def test_a_name_between_two_others_stays_alone() -> None:
    a, between, b = "Chi cục Hải Đăng Cửa Lan", "Chi cục Hải Đăng Cửa Lam", "Chi cục Hải Đăng Cửa Tam"
    assert grouped([a, a, b, b, between])[between] == between


@pytest.mark.parametrize(
    "text", ["Sở Nông nghiệp và Sở Tài chính", "Sở Y tế, Công an tỉnh", "Sở Tài chính và các ngành chủ trì"]
)
def test_what_goes_on_behind_a_name_is_no_slip(text: str) -> None:
    assert {how for _, how, _ in slips(text)} == {"exact"}


@pytest.mark.parametrize(
    "near",
    [
        "Sở Nông nghiệp và Môi trương, ", "Ban Quản ký Khu kinh té ", "Sở Tài chính và ", "SỞ XÂY DỤNG VÀ ",
        "".join(f"Chi cục Hải Đăng Số{n} Bờ, " for n in range(3000)),
    ],
)  # fmt: skip
def test_near_matches_of_names_take_linear_time(near: str) -> None:
    text = near * (150_000 // len(near) or 1)
    started = time.process_time()
    found = mentions(text, 0, len(text))
    grouped(text[m.start : m.end] for m in found if m.how == "unknown")
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "behind",
    [
        " (Chủ trì: Sở Y tế; phối hợp: Sở Tài chính, Sở Nội vụ; thời gian: Quý I/2025).",
        " [Chủ trì: Sở Y tế. Phối hợp: Sở Tài chính, Sở Nội vụ. Hoàn thành: Quý I/2025]",
        ". Phân công: Sở Y tế chủ trì, phối hợp với Sở Tài chính, Sở Nội vụ. Thời gian: Quý I/2025.",
        ". Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính, Sở Nội vụ, hoàn thành trong quý I/2025.",
        ".\n\nGiao Sở Y tế chủ trì, phối hợp với Sở Tài chính, Sở Nội vụ thực hiện, xong trong quý I/2025.",
        ".\n\n**Chủ trì:** Sở Y tế; **Phối hợp:** Sở Tài chính, Sở Nội vụ; **Thời gian:** Quý I/2025.",
    ],
)
def test_bodies_behind_a_task_are_its_own_and_no_task(tmp_path: Path, behind: str) -> None:
    plan = parsed(tmp_path, f"I. NHIỆM VỤ\n\n1. Mua thuốc cho trạm xá{behind}\n\n2. Sửa mái nhà kho.\n")
    assert bodies(plan) == [([YT], [TC, NV], False), ([], [], False)]
    assert (plan.tasks[0].due_start, plan.tasks[0].due_end) == ("2025-01-01", "2025-03-31")
    assert not left_out(plan)


def test_a_sentence_that_charges_and_says_what_to_do_is_a_task(tmp_path: Path) -> None:
    plan = parsed(tmp_path, "I. NHIỆM VỤ\n\n1. Mua thuốc cho trạm xá. Giao Sở Tài chính bố trí vốn.\n")
    assert [b[0] for b in bodies(plan)] == [[], [TC]]


def test_a_body_that_no_lexicon_knows_is_kept_and_told(tmp_path: Path) -> None:
    table = "| TT | Nhiệm vụ | Chủ trì | Thời gian |\n|---|---|---|---|\n| 1 | Mở chợ | Tổ giúp việc kinh tế đêm | 2025 |\n| 2 | Sửa cầu | | 2025 |\n"
    plan = parsed(
        tmp_path, f"I. NHIỆM VỤ\n\n1. Dọn rác.\n\n- Cơ quan chủ trì: Tổ dọn rác bờ sông.\n\nPHỤ LỤC\n\n{table}"
    )
    assert [b[0] for b in bodies(plan)] == [["to-don-rac-bo-song"], ["to-giup-viec-kinh-te-dem"], []]
    assert [(w.code, plan.text[w.start : w.end]) for w in plan.warnings if w.code in ("unknown_agency", "no_lead")] == [
        ("unknown_agency", "Tổ dọn rác bờ sông"), ("unknown_agency", "Tổ giúp việc kinh tế đêm"), ("no_lead", "Sửa cầu"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "tasks"),
    [
        ("1. Mục đích\n\n- Nâng cao năng lực của cán bộ xã.\n\n2. Yêu cầu\n\n- Triển khai phải tiết kiệm.\n", ["- Triển khai phải tiết kiệm."]),
        ("1. Mục đích: Nâng cao năng lực của cán bộ xã.\n", []),
        ("1. Cụ thể hóa Đề án chợ phiên.\n\n2. Tổ chức phổ biến Đề án chợ phiên.\n", ["2. Tổ chức phổ biến Đề án chợ phiên."]),
        ("1. Việc lập Kế hoạch nhằm tập trung nguồn lực.\n", []),
        ("1. Mục đích\n\n- Sở Y tế chủ trì mua thuốc.\n", ["- Sở Y tế chủ trì mua thuốc."]),
    ],
)  # fmt: skip
def test_a_purpose_is_no_task(tmp_path: Path, body: str, tasks: list[str]) -> None:
    plan = parsed(tmp_path, f"I. MỤC ĐÍCH, YÊU CẦU\n\n{body}\nII. NHIỆM VỤ\n\n1. Dọn rác.\n")
    assert [t.text for t in plan.tasks] == [*tasks, "1. Dọn rác."]


@pytest.mark.parametrize(
    "formula",
    [
        "Trên đây là Kế hoạch chợ phiên, yêu cầu các cơ quan, đơn vị thực hiện nghiêm túc./.",
        "Thực hiện các nhiệm vụ tại Phụ lục II kèm theo Kế hoạch này.",
        "Các nhiệm vụ cụ thể theo Phụ lục đính kèm.",
        "Chi tiết nhiệm vụ tại Phụ lục kèm theo.",
        "3. Danh mục nhiệm vụ cụ thể: Tại Phụ lục II kèm theo Kế hoạch.",
    ],
)
def test_formulas_and_pointers_to_an_annex_are_no_tasks(tmp_path: Path, formula: str) -> None:
    plan = parsed(tmp_path, f"I. NHIỆM VỤ\n\n1. Dọn rác.\n\n{formula}\n")
    assert [t.text for t in plan.tasks] == ["1. Dọn rác."]


def test_where_money_comes_from_is_no_task_but_what_is_to_be_done_with_it_is(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. NHIỆM VỤ\n\n1. Dọn rác.\n\nII. KINH PHÍ\n\nKinh phí được lấy từ ngân sách tỉnh. Sở Tài chính cân đối vốn.\n",
    )
    assert [t.text for t in plan.tasks] == ["1. Dọn rác.", "Sở Tài chính cân đối vốn."]


def test_those_whom_a_letter_is_sent_to_have_no_tasks(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(
        "UBND TỈNH NGHỆ AN\nSố: 9/UBND-KT\nNghệ An, ngày 5 tháng 1 năm 2025\n\nKính gửi:\n- Các sở, ban, ngành;\n- UBND các xã, phường.\n\n"
        "UBND tỉnh có ý kiến như sau:\n1. Giao Sở Y tế mua thuốc.\n",
        encoding="utf-8",
    )
    assert [t.text for t in read_plan(path).tasks] == ["1. Giao Sở Y tế mua thuốc."]


def test_titles_in_bold_charge_what_stands_under_them(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "**TỔ CHỨC THỰC HIỆN**\n\n**Sở Y tế**\n\nMua thuốc.\n\n**Sở Xây dựng**\n\n- Sửa cầu.\n\n- Lắp đèn.\n\n**Đề nghị Tỉnh đoàn**\n\nTrồng cây.\n",
    )
    assert [b[0] for b in bodies(plan)] == [[YT], [XD], [XD], ["tinh-doan"]]
    assert [t.heading for t in plan.tasks][-1].endswith("Tỉnh đoàn") and "Xây dựng" not in plan.tasks[-1].heading


def test_what_an_order_introduces_is_a_task_whatever_its_verb(tmp_path: Path) -> None:
    plan = parsed(tmp_path, "Chủ tịch UBND tỉnh yêu cầu:\n\n1. Dựng chợ ở bản Mù.\n\n2. Sở Y tế tăng thời gian trực.\n")
    assert [b[0] for b in bodies(plan)] == [[], [YT]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UBND các huyện, thị xã, thành phố Tân An chủ trì.", [HUYEN]),
        ("Hội Tin học tỉnh, Sở Y tế: vận động hội viên.", ["hoi-tin-hoc-tinh", YT]),
        ("Các sở, ngành khác: rà soát.", [SBN]),
    ],
)
def test_names_go_on_to_their_end(text: str, found: list[str]) -> None:
    assert leads_and_helpers(text)[0] == found


def test_labels_with_letters_hold_for_the_list_before_them(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. NHIỆM VỤ\n\n1. Chợ phiên\n\n*a) Nhiệm vụ:*\n\n- Mở chợ.\n\n- Dọn rác.\n\n*b) Cơ quan chủ trì:* Sở Y tế.\n\n*c) Cơ quan phối hợp:* Sở Tài chính.\n\n"
        "2. Sửa cầu - Chủ trì: Sở Xây dựng - Phối hợp: Sở Tài chính - Hoàn thành: tháng 12/2025.\n",
    )
    assert bodies(plan) == [([YT], [TC], False), ([YT], [TC], False), ([XD], [TC], False)]
    assert plan.tasks[-1].due_end == "2025-12-31"


def test_an_unmarked_order_under_a_heading_is_a_task_without_a_body_too(tmp_path: Path) -> None:
    plan = parsed(tmp_path, "Điều 1. Hạ tầng\n\nPhủ sóng 5G ở các bản.\n\nĐiều 2. Chợ\n\nDựng chợ ở bản Mù.\n")
    assert [t.text for t in plan.tasks] == ["Phủ sóng 5G ở các bản."]


def test_towards_bodies_before_a_colon_charges_them(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. TỔ CHỨC THỰC HIỆN\n\n1. Đối với các sở, ngành: Chủ động số hóa hồ sơ.\n\n2. Đối với hồ sơ cũ: Số hóa dần.\n",
    )
    assert [b[0] for b in bodies(plan)] == [[SBN], []]


def test_the_lead_of_a_heading_holds_under_a_point_that_only_names_helpers(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path,
        "I. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế\na) Chủ trì, phối hợp với Sở Tài chính, Sở Xây dựng:\n- Sửa trạm xá.\n- Mua giường.\n"
        "b) Chủ trì:\n- Dạy hộ lý.\nc) Phối hợp với Sở Nội vụ thực hiện các việc sau:\n- Tuyển bác sĩ.\n"
        "d) Mở nhà thuốc.\n2. Sở Tư pháp\n- Rà soát quy chế.\n",
    )
    assert bodies(plan) == [
        ([YT], [TC, XD], True),
        ([YT], [TC, XD], True),
        ([YT], [], True),
        ([YT], [NV], True),
        ([YT], [], True),
        ([TP], [], True),
    ]
    assert "no_lead" not in {w.code for w in plan.warnings}


@pytest.mark.parametrize(
    "text",
    [
        "Ngân hàng Nhà nước Chi nhánh Khu vực 5",
        "Kho bạc Nhà nước khu vực 12",
        "Chi cục Hải quan khu vực số 3",
        "Bảo hiểm xã hội KV XVI",
    ],
)
def test_the_number_of_a_region_belongs_to_its_body(tmp_path: Path, text: str) -> None:
    (m,) = mentions(text, 0, len(text))
    assert (m.start, m.end) == (0, len(text))
    plan = parsed(
        tmp_path, f"I. NHIỆM VỤ\n1. {text}\n- Mở quầy thu.\n2. Sở Y tế\n- Phối hợp với {text}, Sở Nội vụ thu phí.\n"
    )
    assert [(a.role, a.agency_text) for a in plan.assignments] == [
        ("lead", text),
        ("lead", "Sở Y tế"),
        ("coordinate", text),
        ("coordinate", "Sở Nội vụ"),
    ]


def test_a_number_behind_a_body_without_a_region_is_none_of_its_name() -> None:
    text = "Kho bạc Nhà nước 12 lần chi tiền."
    assert [text[m.start : m.end] for m in mentions(text, 0, len(text))] == ["Kho bạc Nhà nước"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UBND cấp huyện, cấp xã", [("ubnd-cap-huyen", "UBND cấp huyện"), ("ubnd-cap-xa", "cấp xã")]),
        ("UBND cấp huyện và cấp xã", [("ubnd-cap-huyen", "UBND cấp huyện"), ("ubnd-cap-xa", "cấp xã")]),
        (
            "Ủy ban nhân dân cấp xã, cấp huyện",
            [("ubnd-cap-xa", "Ủy ban nhân dân cấp xã"), ("ubnd-cap-huyen", "cấp huyện")],
        ),
        ("Công an cấp huyện, cấp xã", [("cong-an-cap-huyen", "Công an cấp huyện"), ("cong-an-cap-xa", "cấp xã")]),
        ("Công an tỉnh, cấp xã", [("cong-an-tinh", "Công an tỉnh")]),
    ],
)
def test_two_levels_behind_one_name_are_two_bodies(text: str, found: list[tuple[str, str]]) -> None:
    assert [(m.agency_id, text[m.start : m.end]) for m in mentions(text, 0, len(text))] == found
    said = stated(f"{text} chủ trì mua xe.", 0, len(text) + 16)
    assert [m.agency_id for m in said.leads][: len(found)] == ([a for a, _ in found] if len(found) > 1 else [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("VNPT, Viettel, MobiFone", ["VNPT", "Viettel", "MobiFone"]),
        ("VNPT - Viettel", ["VNPT", "Viettel"]),
        ("Viettel, Viettel, MobiFone", ["Viettel", "MobiFone"]),
        ("Trường Đại học Hồng Đức, Trường Đại học Lam Sơn", ["Trường Đại học Hồng Đức", "Trường Đại học Lam Sơn"]),
        ("các trường đại học, các trường cao đẳng", ["các trường đại học"]),
        ("Sở Y tế, Sở Y tế tỉnh Nghệ An", ["Sở Y tế"]),
    ],
)
def test_named_bodies_of_one_kind_are_told_each(tmp_path: Path, text: str, words: list[str]) -> None:
    plan = parsed(
        tmp_path,
        f"I. NHIỆM VỤ\n1. Sở Xây dựng\n- Mở đường.\nCơ quan phối hợp: {text}.\n- Phối hợp với {text} mở lớp.\n",
    )
    first, second = plan.tasks
    for t in (first, second):
        told = [a.agency_text for a in plan.assignments if a.task_id == t.task_id and a.role == "coordinate"]
        assert told == words


@pytest.mark.parametrize(
    ("clause", "helpers"),
    [
        ("; Sở Nội vụ phối hợp rà soát đối tượng", [NV]),
        (", Hội Nông dân tỉnh, UBND cấp huyện phối hợp tuyên truyền", ["hoi-nong-dan-tinh", HUYEN]),
        ("; đề nghị Sở Nội vụ và Sở Xây dựng phối hợp mở lớp; xong trong quý III", [NV, XD]),
        (" theo hướng dẫn của Sở Tư pháp; Sở Nội vụ, Sở Xây dựng phối hợp mở lớp", [NV, XD]),
        ("; hướng dẫn Sở Nội vụ, Sở Xây dựng phối hợp mở lớp", []),
        ("; chỉ đạo UBND các huyện phối hợp mở lớp", []),
        ("; Sở Nội vụ phối hợp chặt chẽ với Sở Xây dựng mở lớp", [XD]),
    ],
)
def test_bodies_of_a_last_clause_help_whatever_verb_follows(clause: str, helpers: list[str]) -> None:
    assert leads_and_helpers(f"Sở Y tế chủ trì phát thuốc{clause}.") == ([YT], helpers)
    assert leads_and_helpers(f"- Phát thuốc tại trạm xá{clause}.", 2)[1] == helpers


@pytest.mark.parametrize("what", ["kế hoạch cụ thể trước ngày 15/3/2025", "quy chế làm việc và gửi Sở Nội vụ"])
def test_bodies_at_the_head_of_an_item_that_are_to_issue_something_lead(what: str) -> None:
    assert leads_and_helpers(f"4. Các sở, ban, ngành, UBND các xã, phường ban hành {what}.", 3)[0] == [SBN, XA]


@pytest.mark.parametrize(
    "text",
    [
        "1. UBND tỉnh ban hành Kế hoạch phát triển chợ.",
        "1. Sở Y tế ban hành Công văn số 12/SYT-VP ngày 3/2/2025 về phòng dịch.",
        "1. Các sở, ban, ngành ban hành nhiều văn bản, đạt kết quả khá.",
        "Các sở, ban, ngành ban hành kế hoạch.",
    ],
)
def test_what_a_body_has_issued_charges_nobody(text: str) -> None:
    assert leads_and_helpers(text, 3 if text[0] == "1" else 0)[0] == []


@pytest.mark.parametrize(
    "name",
    [
        "Công ty Cổ phần Cấp nước Hồng Lam",
        "Công ty Cổ phần Môi trường và Công trình đô thị Hồng Lam",
        "Hội Đoàn kết Sư sãi yêu nước tỉnh",
        "Ban Quản lý Công viên địa chất Núi Đôi",
        "Ban Trị sự Giáo hội Phật giáo tỉnh",
        "Trường Cao đẳng Cộng đồng",
        "Trường Cao đẳng Kỹ nghệ Hồng Lam",
        "Trường ĐH Tài chính - Kế toán",
        "các trường THPT trực thuộc",
    ],
)
def test_a_name_in_a_list_of_bodies_is_taken_whole(name: str) -> None:
    for text in (f"Phối hợp với Sở Y tế, {name}, Sở Nội vụ mở lớp.", f"Phối hợp với {name}, Sở Nội vụ mở lớp."):
        helpers = stated(text, 0, len(text)).coordinators
        assert name in [text[m.start : m.end] for m in helpers]
        assert helpers[-1].agency_id == NV


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Phối hợp với Trường Cao đẳng Cộng đồng đào tạo thợ.", ["Trường Cao đẳng Cộng đồng"]),
        ("Phối hợp với Trường Đại học Hồng Lam đào tạo thợ.", ["Trường Đại học Hồng Lam"]),
        ("Phối hợp với Trường Đại học Hồng Lam, Công an tỉnh dạy lái xe.", ["Trường Đại học Hồng Lam", "Công an tỉnh"]),
        ("Phối hợp với Sở Y tế, Hội Tin học tỉnh vận động hội viên, sinh viên.", ["Sở Y tế", "Hội Tin học tỉnh"]),
        ("Phối hợp với Sở Y tế và Công ty Cổ phần Sông Con và Hội Nông dân tỉnh mở chợ.",
         ["Sở Y tế", "Công ty Cổ phần Sông Con", "Hội Nông dân tỉnh"]),
    ],
)  # fmt: skip
def test_a_name_ends_where_what_is_done_begins(text: str, names: list[str]) -> None:
    assert [text[m.start : m.end] for m in stated(text, 0, len(text)).coordinators] == names
