"""What a document says about itself, in letterheads, news copies and portals' blocks."""

from __future__ import annotations

import pytest

from compare.extract.metadata import metadata, plan_id
from compare.normalise import working
from compare.records import Metadata
from compare.structure.outline import outline

BODY = "I. NHIỆM VỤ\n\n1. Sở Y tế chủ trì mua thuốc cho trạm y tế ở các xã biên giới.\n\n"
CLOSING = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nĐặng Thị Suối\n"


def letter(place: str, number: str, day: str, title: str, kind: str = "KẾ HOẠCH", head: str = "TỈNH") -> str:
    return (
        f"ỦY BAN NHÂN DÂN\n{head} {place.upper()}\n-------\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
        f"Số: {number}\n\n{place}, {day}\n\n{kind}\n\n{title}\n\n{BODY}{CLOSING}"
    )


def read(text: str) -> Metadata:
    work = working(text).text
    return metadata(work, outline(work))


@pytest.mark.parametrize(
    ("text", "expected", "name"),
    [
        (
            letter("Hà Giang", "21/KH-UBND", "ngày 14 tháng 2 năm 2024", "PHÁT TRIỂN DU LỊCH NĂM 2024"),
            ("ke-hoach", "21/KH-UBND", "Hà Giang", "2024-02-14", 2024, "2024-01-01", "2024-12-31"),
            "ha-giang-2024-kh-21",
        ),
        (
            letter("Đắk Lắk", "0134/KH-UBND", "ngày 25 tháng 11 năm 2025", "BẢO VỆ RỪNG GIAI ĐOẠN 2026- 2030"),
            ("ke-hoach", "0134/KH-UBND", "Đắk Lắk", "2025-11-25", 2026, "2026-01-01", "2030-12-31"),
            "dak-lak-2026-kh-0134",
        ),
        (
            letter("Cần Thơ", "160/KH-UBND", "ngày 19 tháng 11 năm 2025", "GIẢM NGHÈO NĂM 2025", head="THÀNH PHỐ"),
            ("ke-hoach", "160/KH-UBND", "Cần Thơ", "2025-11-19", 2025, "2025-01-01", "2025-12-31"),
            "can-tho-2025-kh-160",
        ),
        (
            letter("Lai Châu", "5/QĐ-UBND", "ngày 09 tháng 8 năm 2021", "VỀ XÂY DỰNG TỈNH ĐẾN NĂM 2030", "QUYẾT ĐỊNH"),
            ("quyet-dinh", "5/QĐ-UBND", "Lai Châu", "2021-08-09", 2021, "2021-01-01", "2030-12-31"),
            "lai-chau-2021-qd-5",
        ),
    ],
)  # fmt: skip
def test_official_letterheads(text: str, expected: tuple[object, ...], name: str) -> None:
    m = read(text)
    assert (m.doc_type, m.number, m.province, m.issued_on, m.year, m.period_start, m.period_end) == expected
    assert m.signer == "Đặng Thị Suối"
    assert m.language == "vi"
    assert plan_id(m, "stem") == name


def test_the_title_joins_the_type_and_its_lines() -> None:
    m = read(letter("Sơn La", "3/KH-UBND", "ngày 2 tháng 1 năm 2025", "TRỒNG CÀ PHÊ\n\nNĂM 2025"))
    assert m.title.startswith("KẾ HOẠCH TRỒNG CÀ PHÊ")


def test_a_title_broken_over_lines_ends_at_the_issuer() -> None:
    text = letter(
        "Sơn La",
        "3/QĐ-UBND",
        "ngày 2 tháng 1 năm 2025",
        "VỀ TRỒNG CÀ PHÊ Ở CÁC XÃ VÙNG CAO\nVÀ VÙNG BIÊN, GIAI ĐOẠN 2025-2028\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SƠN LA",
        "QUYẾT ĐỊNH",
    )
    m = read(text)
    assert m.title == "QUYẾT ĐỊNH VỀ TRỒNG CÀ PHÊ Ở CÁC XÃ VÙNG CAO VÀ VÙNG BIÊN, GIAI ĐOẠN 2025-2028"
    assert (m.period_start, m.period_end) == ("2025-01-01", "2028-12-31")


def test_a_portals_markdown_letterhead() -> None:
    text = (
        "|\n**UỶ BAN NHÂN\nDÂN**\nTỈNH LAI CHÂU\n--------\n|\n**CỘNG HÒA XÃ\nHỘI CHỦ NGHĨA VIỆT NAM**\nĐộc lập - Tự do - Hạnh phúc\n---------------\n|\n|\n"
        "Số:\n7360/KH-UBND\n|\n*Lai Châu, ngày\n19 tháng 11 năm 2025*\n|\n\n\n**KẾ HOẠCH**\n\nTRIỂN KHAI THI HÀNH LUẬT ĐO LƯỜNG TRÊN ĐỊA BÀN TỈNH\n\n"
        f"{BODY}\n|\n*Nơi nhận:*\n- Như trên;\n|\n**TM. ỦY BAN\nNHÂN DÂN**\nKT. CHỦ TỊCH\n**PHÓ CHỦ TỊCH**\n**Lò Văn Mây**\n|"
    )
    m = read(text)
    assert (m.number, m.issued_on, m.province, m.signer) == ("7360/KH-UBND", "2025-11-19", "Lai Châu", "Lò Văn Mây")


def test_a_news_copy_that_announces_a_plan() -> None:
    text = "UBND tỉnh Hà Giang vừa ban hành Kế hoạch số 44/KH-UBND ngày 3/3/2024 về trồng cam sành.\n\n- Sở Y tế mua thuốc.\n\n- Sở Công Thương mở chợ phiên.\n"
    m = read(text)
    assert (m.doc_type, m.number, m.province, m.issued_on, m.year) == ("ke-hoach", "44/KH-UBND", "Hà Giang", "2024-03-03", 2024)  # fmt: skip


def test_a_news_copy_without_the_word_for_number() -> None:
    text = "Chủ tịch UBND tỉnh Hà Giang vừa ban hành Chỉ thị 02/ CT-UBND về trồng cam sành năm 2024.\n\n- Sở Y tế mua thuốc.\n\n- Sở Công Thương mở chợ.\n"
    m = read(text)
    assert (m.doc_type, m.number) == ("chi-thi", "02/CT-UBND")


def test_a_title_without_a_type_takes_it_from_the_number() -> None:
    m = read(
        letter("Sơn La", "3/KH-UBND", "ngày 2 tháng 1 năm 2025", "THỰC HIỆN NGHỊ QUYẾT SỐ 5/NQ-CP VỀ CÀ PHÊ").replace(
            "KẾ HOẠCH\n\n", ""
        )
    )
    assert m.doc_type == "ke-hoach"


def test_the_cited_plan_of_somebody_else_is_not_its_own_number() -> None:
    text = "Tỉnh Hà Giang thực hiện Kế hoạch số 44/KH-UBND về trồng cam sành.\n\n- Sở Y tế mua thuốc cho trạm.\n"
    assert read(text).number == ""


def test_a_portals_block_tells_number_date_and_signer() -> None:
    text = f"Số hiệu: 77/KH-UBND\nNgày ban hành: 05/01/2024\nNgười ký: Đặng Thị Suối\n\nKế hoạch của tỉnh Hà Giang năm 2024.\n\n{BODY}"
    m = read(text)
    assert (m.number, m.issued_on, m.signer) == ("77/KH-UBND", "2024-01-05", "Đặng Thị Suối")


def test_a_portals_block_that_runs_labels_together() -> None:
    text = f"Số hiệu:77/CTr-UBNDNgày đăng: Đang cập nhật\nLoại văn bản:Chương trìnhNgười ký:Đặng Thị Suối\nNgày ban hành:05/01/2024Ngày hết hiệu lực:\n\n{BODY}"
    m = read(text)
    assert (m.number, m.issued_on, m.signer) == ("77/CTr-UBND", "2024-01-05", "Đặng Thị Suối")


def test_what_nothing_tells_stays_empty() -> None:
    m = read("- Sở Y tế mua thuốc.\n\n- Sở Công Thương mở chợ phiên.\n")
    assert (m.number, m.province, m.issued_on, m.year, m.signer, m.issuer) == ("", "", "", None, "", "")
    assert plan_id(m, "Ghi chép 7") == "ghi-chep-7"


@pytest.mark.parametrize("outlook", ["ĐỊNH HƯỚNG NĂM 2026", "ĐỊNH HƯỚNG ĐẾN NĂM 2030", "TẦM NHÌN ĐẾN NĂM 2045"])
def test_the_outlook_of_a_title_is_not_its_year(outlook: str) -> None:
    said = read(letter("Hà Giang", "21/KH-UBND", "ngày 14 tháng 2 năm 2025", f"PHÁT TRIỂN DU LỊCH NĂM 2025, {outlook}"))
    assert (said.year, said.period_end) == (2025, "2025-12-31")


def test_a_title_in_markdown_is_read_as_one() -> None:
    text = "# UBND TỈNH HÀ GIANG\nSố: 21/KH-UBND\n\nHà Giang, ngày 14 tháng 12 năm 2024\n\n# KẾ HOẠCH\n## Phát triển du lịch năm 2025\n\n## I. NHIỆM VỤ\n1. Mở chợ.\n"
    assert (read(text).title, read(text).year) == ("Phát triển du lịch năm 2025", 2025)


def test_the_type_above_a_title_in_small_letters_tells_where_a_draft_has_no_number() -> None:
    text = letter(
        "Sơn La",
        "   /KH-UBND",
        "ngày 2 tháng 1 năm 2025",
        "Trồng cà phê trên địa bàn tỉnh năm 2025",
        "KẾ HOẠCH HÀNH ĐỘNG",
    )
    m = read(text)
    assert (m.doc_type, m.number) == ("ke-hoach", "")
    assert plan_id(m, "stem") == "son-la-2025-kh"


def test_a_portals_path_before_the_letterhead_hides_nothing() -> None:
    path = "[Trang chủ](https://example.vn/) › [Nông nghiệp và phát triển nông thôn](https://example.vn/nn) › Quyết định 3/QĐ-UBND năm 2025"
    head = "| | |\n| --- | --- |\n| **UỶ BAN NHÂN DÂN <br>TỈNH SƠN LA <br>-------** | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM <br>Độc lập** |\n"
    dated = (
        "| Số: 3/QĐ-UBND | *Sơn La, ngày 2 tháng 1 năm 2025* |\n\n**QUYẾT ĐỊNH**\n\n**VỀ TRỒNG CÀ PHÊ NĂM 2025**\n\n"
    )
    signed = "| | |\n| --- | --- |\n| ***Nơi nhận:***<br>- Lưu: VT. | **KT. CHỦ TỊCH <br>PHÓ CHỦ TỊCH**<br><br><br>**Lò Văn Mây** |\n"
    m = read(f"{path}\n\n{head}{dated}{BODY}{signed}")
    assert m.title == "QUYẾT ĐỊNH VỀ TRỒNG CÀ PHÊ NĂM 2025"
    assert (m.number, m.province, m.issued_on, m.signer) == ("3/QĐ-UBND", "Sơn La", "2025-01-02", "Lò Văn Mây")
