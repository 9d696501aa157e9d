"""Targets: indicator, comparator, value, unit, period; no results, no thresholds, no counts of paper."""

from __future__ import annotations

import pytest

from compare.extract.targets import targets
from compare.normalise import working
from compare.records import Doubt, Span, Target

YEAR, PERIOD = 2025, "2025"


def read(text: str, warnings: list[Doubt] | None = None) -> list[Target]:
    return targets(text, 0, len(text), [Span(0, len(text))], YEAR, PERIOD, [] if warnings is None else warnings)


@pytest.mark.parametrize(
    ("text", "indicator", "comparator", "value", "top", "unit", "period"),
    [
        ("Tốc độ tăng trưởng GRDP đạt 11% trở lên.", "grdp-growth", ">=", 11, None, "%", "2025"),
        ("Phấn đấu tốc độ tăng trưởng GRDP đạt 8-8,5%.", "grdp-growth", "range", 8, 8.5, "%", "2025"),
        ("GRDP bình quân đầu người đạt 3.750 USD.", "grdp-per-capita", "=", 3750, None, "USD", "2025"),
        ("Kim ngạch xuất khẩu đạt 8 tỷ USD.", "exports", "=", 8, None, "USD bn", "2025"),
        ("Tỷ lệ đô thị hóa đạt khoảng 20,6%.", "urbanisation", "~", 20.6, None, "%", "2025"),
        ("Đến năm 2030, tỷ lệ đô thị hóa đạt trên 40%.", "urbanisation", ">=", 40, None, "%", "2030"),
        ("Giai đoạn 2026 - 2030, tốc độ tăng trưởng GRDP bình quân hằng năm đạt 9,2% trở lên.", "grdp-growth", ">=", 9.2, None, "%", "2026-2030/yr"),
        ("Tỷ lệ nợ xấu dưới 3%.", "bad-debt-ratio", "<=", 3, None, "%", "2025"),
    ],
)  # fmt: skip
def test_forms(
    text: str, indicator: str, comparator: str, value: float, top: float | None, unit: str, period: str
) -> None:
    (t,) = read(text)
    assert (t.comparator, t.value, t.value_max, t.unit, t.period) == (comparator, value, top, unit, period)
    assert text[t.start : t.end] == t.text
    assert t.indicator_id == indicator


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2024, tỷ lệ đô thị hóa đã đạt 18,5%.",
        "Kim ngạch xuất khẩu ước đạt 5 tỷ USD.",
        "Rà soát dự án có kết quả giải ngân dưới 50%.",
        "Hoàn thành và vượt 25 chỉ tiêu.",
        "Thực hiện 28 nhiệm vụ.",
        "Căn cứ Nghị quyết số 13/NQ-CP.",
        "Kiểm tra 2 đợt trong 6 tháng.",
    ],
)
def test_results_thresholds_and_counts_are_none(text: str) -> None:
    assert read(text) == []


def test_a_year_that_is_over_is_a_result_even_in_the_next_sentence() -> None:
    text = "Năm 2024 tỉnh vượt khó. GRDP tăng 6,3%."
    at = text.index("GRDP")
    assert targets(text, 0, len(text), [Span(0, at - 1), Span(at, len(text))], YEAR, PERIOD, []) == []


def test_several_targets_of_one_sentence_share_its_horizon() -> None:
    found = read("Mục tiêu đến năm 2030, tỷ lệ trường chuẩn quốc gia đạt 95%; tỷ lệ đô thị hóa đạt trên 50%.")
    assert [(t.value, t.comparator, t.period) for t in found] == [(95, "=", "2030"), (50, ">=", "2030")]


def test_a_count_with_its_noun_behind_the_number() -> None:
    (t,) = read("Đến năm 2030, có 90 doanh nghiệp công nghệ cao trở lên.")
    assert (t.value, t.comparator, t.unit, t.period) == (90, ">=", "count", "2030")
    assert "doanh nghiệp" in t.indicator_text


def test_growth_behind_a_comma_is_that_of_the_same_thing() -> None:
    found = read("Thu ngân sách nhà nước đạt 17.000 tỷ đồng, tăng 8% so với năm trước.")
    assert [(t.indicator_id, t.value, t.text) for t in found] == [
        ("budget-revenue", 17000, "Thu ngân sách nhà nước đạt 17.000 tỷ đồng"),
        ("budget-revenue-growth", 8, "tăng 8%"),
    ]


def test_the_aim_of_a_list_holds_for_its_further_numbers() -> None:
    found = read("Phấn đấu có 100% huyện có nhà văn hóa; 80% thôn vùng thấp và 60% thôn vùng cao có sân bóng.")
    assert [t.value for t in found] == [100, 80, 60]


@pytest.mark.parametrize("verb", ["chiếm", "đạt", "là"])
def test_the_verb_that_states_a_value_does_not_matter(verb: str) -> None:
    (t,) = read(f"Phấn đấu cơ cấu kinh tế: dịch vụ {verb} 40%.")
    assert t.indicator_id == "share-services"


def test_per_ten_thousand_people() -> None:
    (t,) = read("Số bác sỹ/1 vạn dân đạt 13 bác sỹ.")
    assert (t.value, t.unit) == (13, "per 10k")


def test_what_it_is_compared_with_is_the_baseline() -> None:
    (t,) = read("Thu ngân sách nhà nước tăng 10% so với năm 2024.")
    assert (t.value, t.baseline) == (10, "năm 2024")


def test_a_numeral_that_reads_two_ways_is_told() -> None:
    warnings: list[Doubt] = []
    read("Tỷ lệ đô thị hóa đạt 1.234%.", warnings)
    assert [w.code for w in warnings] == ["ambiguous_number"]


def test_a_list_of_what_is_counted_goes_on_to_its_verb() -> None:
    first, second = read(
        "Phấn đấu đến năm 2025, 80% thôn đồng bằng, ven biển và 60% thôn, bản miền núi có nhà văn hóa, sân chơi."
    )
    assert first.indicator_text == "thôn đồng bằng, ven biển"
    assert second.indicator_text == "thôn, bản miền núi có nhà văn hóa"


def test_at_least_stands_behind_a_list() -> None:
    (t,) = read("Hằng năm, có 80% số xã, phường, thị trấn trở lên đạt chuẩn an toàn về an ninh trật tự.")
    assert (t.comparator, t.value, t.unit) == (">=", 80, "%")
    assert t.indicator_text == "số xã, phường, thị trấn đạt chuẩn an toàn về an ninh trật tự"


def test_a_period_alone_names_no_indicator() -> None:
    _, t = read("Vốn đầu tư toàn xã hội đạt 750.000 tỷ đồng trong giai đoạn 2021 - 2025, đạt 900.000 tỷ đồng sau đó.")
    assert (t.indicator_text, t.indicator_id) == ("Vốn đầu tư toàn xã hội", "social-investment")


def test_what_is_counted_behind_the_number_wins_over_a_list_before_it() -> None:
    (t,) = read(
        "Chuẩn bị sẵn mặt bằng, vật liệu, nhân công, bảo đảm đạt 100% kế hoạch giải ngân vốn đầu tư công năm 2025."
    )
    assert t.indicator_text == "kế hoạch giải ngân vốn đầu tư công năm 2025"


def test_words_of_aiming_are_no_part_of_a_label() -> None:
    (t,) = read("Năm 2025, tỷ lệ đô thị hóa phấn đấu đạt khoảng 20,6%.")
    assert t.indicator_text == "tỷ lệ đô thị hóa"


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("Tỷ lệ dân số từ 15 tuổi trở lên có tài khoản ngân hàng đạt 82%.", "Tỷ lệ dân số từ 15 tuổi trở lên có tài khoản ngân hàng", 82),
        ("(2) Tỷ lệ hộ dùng nước sạch đạt 60%.", "Tỷ lệ hộ dùng nước sạch", 60),
        ("Tỷ lệ hộ có Internet đạt: 80% (hộ nghèo);", "Tỷ lệ hộ có Internet", 80),
        ("a) Tỷ lệ quầy có mã đạt 60%.", "Tỷ lệ quầy có mã", 60),
        ("Kinh tế đêm đạt: 30%.", "Kinh tế đêm", 30),
        ("Chợ phiên đạt chuẩn: phấn đấu 100% quầy có mã.", "quầy có mã", 100),
        ("**Kinh tế đêm:** chiếm 22% GRDP.", "Kinh tế đêm", 22),
    ],
)  # fmt: skip
def test_labels_take_in_whom_it_is_about_and_no_marker(text: str, label: str, value: float) -> None:
    (t,) = read(working(text).text)
    assert (t.indicator_text, t.value) == (label, value)


@pytest.mark.parametrize(
    ("text", "indicator", "label"),
    [
        (
            "Phấn đấu thu ngân sách nhà nước cao hơn khoảng 5% so với năm 2024.",
            "budget-revenue-growth",
            "thu ngân sách nhà nước cao hơn",
        ),
        ("Phấn đấu tỷ lệ hộ nghèo giảm 4%.", "poverty-reduction", "tỷ lệ hộ nghèo giảm"),
        ("Phấn đấu tỷ lệ hộ nghèo còn 4%.", "poverty-rate", "tỷ lệ hộ nghèo"),
        ("Phấn đấu kim ngạch xuất khẩu tăng bình quân trên 12%.", "export-growth", "kim ngạch xuất khẩu tăng"),
    ],
)
def test_a_change_is_no_level(text: str, indicator: str, label: str) -> None:
    (t,) = read(text)
    assert (t.indicator_id, t.indicator_text) == (indicator, label)


@pytest.mark.parametrize(
    ("text", "value", "comparator"),
    [
        ("Mở ít nhất 12 lớp bồi dưỡng cho nông dân.", 12, ">="),
        ("Công bố tối thiểu 80 bộ dữ liệu mở.", 80, ">="),
        ("Kích hoạt tài khoản cho trên 5.000 công dân.", 5000, ">="),
        ("Lắp đặt mới tối thiểu 45 điểm.", 45, ">="),
        ("Mỗi xã có ít nhất 01 mô hình.", 1, ">="),
        ("Đo mực nước, số trạm lắp mới trong năm 2025: 10 trạm.", 10, "="),
        ("Đo mực nước; số xã lắp trạm: 11/12 xã đến năm 2025.", 11, "="),
    ],
)
def test_counts_that_are_asked_for(text: str, value: float, comparator: str) -> None:
    (t,) = read(text)
    assert (t.value, t.comparator, t.unit) == (value, comparator, "count")
    assert text[t.start : t.end] == t.text


@pytest.mark.parametrize(
    "text",
    [
        "Xây dựng 02 mô hình nhà máy.",
        "Hỗ trợ các xã có ít nhất 02 mô hình được khen.",
        "Họp ít nhất 01 cuộc họp.",
        "Số điểm quan trắc: 08 điểm.",
        "Số điện thoại liên hệ: 0912 điện.",
        "Bồi dưỡng kiến thức trong tối thiểu 3 ngày.",
    ],
)
def test_sizes_and_conditions_are_none(text: str) -> None:
    assert read(text) == []


def test_what_a_share_is_to_have_is_no_target_of_its_own() -> None:
    assert [t.value for t in read("Phấn đấu 80% xã có ít nhất 01 mô hình.")] == [80]


def test_a_share_of_those_whom_an_order_is_about() -> None:
    text = "Phê duyệt hồ sơ đối với 100% hệ thống thông tin."
    span = [Span(0, len(text))]
    assert [t.value for t in targets(text, 0, len(text), span, YEAR, PERIOD, [], orders={0})] == [100]
    assert targets(text, 0, len(text), span, YEAR, PERIOD, []) == []
    paid = "Hỗ trợ người học nghề cho 50% chi phí đi lại."
    assert targets(paid, 0, len(paid), [Span(0, len(paid))], YEAR, PERIOD, [], orders={0}) == []


def test_a_further_place_is_that_of_the_same_list() -> None:
    text = "Phấn đấu đến năm 2026 thuộc nhóm 30 tỉnh dẫn đầu về chuyển đổi số, đến năm 2030 thuộc nhóm 20."
    assert [(t.value, t.comparator, t.unit, t.period) for t in read(text)] == [
        (30, "<=", "rank", "2026"),
        (20, "<=", "rank", "2030"),
    ]


@pytest.mark.parametrize(
    ("words", "indicator"),
    [
        ("tỷ trọng kinh tế số trong từng ngành, lĩnh vực", "digital-economy-share-sectors"),
        ("tỷ trọng kinh tế số", "digital-economy-share"),
        ("tỷ trọng giá trị tăng thêm kinh tế số trong GRDP", "digital-economy-share"),
        ("tỷ trọng thương mại điện tử trong tổng mức bán lẻ", "e-commerce-share"),
        ("tỷ lệ doanh nghiệp sử dụng hợp đồng điện tử", "e-contract-enterprises"),
        ("tỷ lệ doanh nghiệp nhỏ và vừa sử dụng nền tảng số", "sme-digital-platforms"),
        ("tỷ lệ nhân lực lao động kinh tế số trong lực lượng lao động", "digital-workforce-share"),
        ("tỷ lệ dân số trưởng thành có điện thoại thông minh", "smartphone-share"),
        ("tỷ lệ dân số trưởng thành có tài khoản giao dịch thanh toán", "cashless-payment"),
        ("tỷ lệ dân số trưởng thành có chữ ký số hoặc chữ ký điện tử cá nhân", "digital-signatures"),
        ("tỷ lệ người dân có danh tính số", "electronic-identity"),
        ("tỷ lệ dân số trưởng thành có hồ sơ số về sức khỏe cá nhân", "electronic-health-records"),
        ("tỷ lệ người dân có hồ sơ sức khỏe điện tử", "electronic-health-records"),
        ("tỷ lệ hộ gia đình được phủ mạng Internet băng rộng cáp quang", "fibre-households"),
        ("tỷ lệ hộ gia đình có địa chỉ số", "address-code-households"),
        ("tỷ lệ dân số ở độ tuổi lao động được đào tạo kỹ năng số cơ bản", "digital-skills"),
        ("tỷ lệ dịch vụ công trực tuyến toàn trình", "online-public-services"),
        ("tỷ lệ dân số trưởng thành có sử dụng dịch vụ công trực tuyến", "online-services-adults"),
        ("tỷ lệ người dân kết nối mạng được bảo vệ ở mức cơ bản", "protected-network-users"),
    ],
)
def test_indicators_of_the_digital_economy_and_society(words: str, indicator: str) -> None:
    (t,) = read(f"{words[0].upper()}{words[1:]} đạt trên 30%.")
    assert (t.indicator_id, t.indicator_text.lower()) == (indicator, words.lower())


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("Tài khoản tiết kiệm trên 95%, chữ ký số cá nhân trên 70%.", ["", "digital-signatures"]),
        ("Dân số có tài khoản thanh toán trên 95%, có chữ ký số cá nhân trên 70%.", ["cashless-payment", "digital-signatures"]),
        ("Phát triển doanh nghiệp công nghệ số, phấn đấu thành lập mới ít nhất 08 doanh nghiệp.", ["digital-enterprises-new"]),
        ("Phấn đấu có ít nhất 60 doanh nghiệp công nghệ số thành lập mới.", ["digital-enterprises-new"]),
        ("Phấn đấu có ít nhất 60 doanh nghiệp công nghệ số đang hoạt động.", ["digital-enterprises"]),
        ("Phấn đấu 80% doanh nghiệp công nghệ số có gian hàng trên mạng.", [""]),
        ("Bố trí ít nhất 2% tổng chi ngân sách địa phương cho chuyển đổi số.", [""]),
    ],
)  # fmt: skip
def test_an_indicator_comes_from_the_words_of_its_number(text: str, indicators: list[str]) -> None:
    assert [t.indicator_id for t in read(text)] == indicators


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            "Rà soát máy tính, đường truyền tại điểm trường, bảo đảm 100% giáo viên, cán bộ quản lý được cấp chữ ký số.",
            "giáo viên, cán bộ quản lý được cấp chữ ký số",
        ),
        (
            "Chi trả trợ cấp cho người có công, người cao tuổi, phấn đấu trên 80% đối tượng được nhận qua tài khoản.",
            "đối tượng được nhận qua tài khoản",
        ),
        ("Nâng cấp mã QR, quầy tự phục vụ, phấn đấu 60% lượt khám được trả qua mạng.", "lượt khám được trả qua mạng"),
        ("Tỷ lệ hộ dùng nước máy, nước giếng, phấn đấu đạt 60%.", "Tỷ lệ hộ dùng nước máy, nước giếng"),
    ],
)
def test_what_is_striven_for_stands_behind_the_number(text: str, label: str) -> None:
    (t,) = read(text)
    assert t.indicator_text == label
    assert text[t.start : t.end] == t.text


def test_for_whom_a_share_is_belongs_to_its_label() -> None:
    text = "Phấn đấu hoàn thành đổi biển số nhà cho 90% hộ, cơ quan vùng cao, sửa lại bản đồ của các thôn."
    (t,) = read(text)
    assert t.indicator_text == "hoàn thành đổi biển số nhà cho hộ, cơ quan vùng cao"
    assert text[t.start : t.end] == t.text == "hoàn thành đổi biển số nhà cho 90% hộ, cơ quan vùng cao"


def test_a_further_year_in_brackets_is_of_the_same_thing() -> None:
    found = read("Tỷ trọng kinh tế số đạt tối thiểu 8% GRDP của tỉnh (phấn đấu đến năm 2027 đạt 12%).")
    assert [(t.indicator_id, t.indicator_text, t.value) for t in found] == [
        ("digital-economy-share", "Tỷ trọng kinh tế số", 8),
        ("digital-economy-share", "Tỷ trọng kinh tế số", 12),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Vận động hộ, cá nhân kinh doanh có doanh thu từ 01 tỷ đồng/năm trở lên dùng hóa đơn điện tử.",
        "Hỗ trợ doanh nghiệp có vốn đầu tư trên 50 tỷ đồng tiếp cận đất đai.",
        "Bảo đảm dự án có tổng mức đầu tư từ 20 tỷ đồng trở lên được giám sát.",
    ],
)
def test_whom_a_rule_is_for_is_no_target(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("Tỷ lệ đô thị hóa đạt tối thiểu 30% (phấn đấu đến năm 2030 đạt 40%).", ["2025-2027", "2030"]),
        (
            "Tỷ lệ đô thị hóa đạt 30% (phấn đấu đến năm 2030 đạt 40%), tỷ lệ nợ xấu dưới 3%.",
            ["2025-2027", "2030", "2025-2027"],
        ),
        ("Tỷ lệ đô thị hóa đạt tối thiểu 30% (đến năm 2030).", ["2030"]),
        ("Trong năm 2026, phấn đấu tỷ lệ đô thị hóa đạt 30%.", ["2026"]),
        ("Phấn đấu tỷ lệ đô thị hóa đạt 30% (Sở Xây dựng chủ trì; hoàn thành trong năm 2026).", ["2026"]),
        ("Phấn đấu tỷ lệ đô thị hóa đạt 30%; xong trước ngày 30/9/2026.", ["2026"]),
        ("Phấn đấu tỷ lệ đô thị hóa đạt 30%; hoàn thành trước năm 2027.", ["2025-2027"]),
        ("Phấn đấu mỗi năm tối thiểu 1.200 lượt người được dạy bơi.", ["2025-2027/yr"]),
    ],
)
def test_the_years_of_a_bracket_of_a_task_and_of_every_year(text: str, periods: list[str]) -> None:
    found = targets(text, 0, len(text), [Span(0, len(text))], YEAR, "2025-2027", [])
    assert [t.period for t in found] == periods
