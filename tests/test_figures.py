"""Figures: every label readable at any number of rows, the same bytes every time, the numbers behind them right."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import subprocess
import sys
import warnings
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import figures, frames
from compare.alignment import align
from compare.diff import gap_rows, target_rows, theme_rows
from compare.errors import OutputError
from compare.figures import sheet
from compare.lexicon import provinces, read_lexicon, taxonomy
from compare.pipeline import read_plans
from compare.records import Evidence

EDITIONS = Path(__file__).parent.parent / "data" / "editions"
LEFT, RIGHT = "son-la-2025-qd-161", "thanh-hoa-2021-qd-2999"
LONG = "Nâng cao chất lượng nguồn nhân lực, đẩy mạnh ứng dụng khoa học - công nghệ và đổi mới sáng tạo ở vùng nông thôn"


# Named here, so that a lexicon that grows changes no picture.
INDICATORS = (
    "address-code-households", "agricultural-output-growth", "bad-debt-ratio", "beds-per-10000", "budget-expenditure",
    "budget-revenue", "budget-revenue-growth", "cashless-health-facilities", "cashless-payment", "child-malnutrition",
    "child-stunting", "clean-water",
)  # fmt: skip
BODIES = (
    "ban-an-toan-giao-thong-tinh", "ban-chap-hanh-trung-uong-dang", "ban-chi-dao-cac-chuong-trinh-muc-tieu-quoc-gia",
    "ban-chi-huy-bo-doi-bien-phong", "ban-chi-huy-phong-thu-dan-su-tinh", "ban-chi-huy-phong-thu-khu-vuc",
    "ban-chi-huy-quan-su-cap-huyen", "ban-dan-toc", "ban-dan-van-tinh-uy", "ban-noi-chinh-tinh-uy",
    "ban-quan-ly-du-an-dau-tu-xay-dung", "ban-quan-ly-khu-kinh-te-va-cac-khu-cong-nghiep", "ban-quan-ly-rung",
    "ban-thi-dua-khen-thuong-tinh", "ban-to-chuc-tinh-uy", "ban-ton-giao-tinh", "ban-tuyen-giao-tinh-uy",
    "ban-tuyen-giao-va-dan-van-tinh-uy", "bao-hiem-xa-hoi", "bao-hiem-xa-hoi-viet-nam", "bao-tinh",
    "bao-va-phat-thanh-truyen-hinh-tinh", "bo-chi-huy-bo-doi-bien-phong-tinh", "bo-chi-huy-quan-su-tinh",
    "bo-chinh-tri", "bo-cong-an", "bo-cong-thuong", "bo-dan-toc-va-ton-giao", "bo-giao-duc-va-dao-tao",
    "bo-giao-thong-van-tai", "bo-ke-hoach-va-dau-tu", "bo-khoa-hoc-va-cong-nghe", "bo-lao-dong-thuong-binh-va-xa-hoi",
    "bo-nganh-trung-uong", "bo-ngoai-giao", "bo-noi-vu", "bo-nong-nghiep-va-moi-truong",
    "bo-nong-nghiep-va-phat-trien-nong-thon", "bo-quoc-phong", "bo-tai-chinh", "bo-tai-nguyen-va-moi-truong",
    "bo-thong-tin-va-truyen-thong", "bo-tu-phap", "bo-van-hoa-the-thao-va-du-lich", "bo-xay-dung", "bo-y-te",
    "buu-dien-tinh", "cac-cap-cac-nganh", "canh-sat-phong-chay-va-chua-chay-tinh",
    "chi-cuc-an-toan-ve-sinh-thuc-pham", "chi-cuc-bao-ve-moi-truong", "chi-cuc-bien-va-hai-dao",
    "chi-cuc-chan-nuoi-va-thu-y", "chi-cuc-dan-so", "chi-cuc-hai-quan-khu-vuc", "chi-cuc-kiem-lam",
    "chi-cuc-phat-trien-nong-thon", "chi-cuc-phong-chong-te-nan-xa-hoi",
    "chi-cuc-quan-ly-chat-luong-nong-lam-san-va-thuy-san", "chi-cuc-quan-ly-dat-dai",
)  # fmt: skip


def plan(n: int) -> str:
    places = sorted({p.province_id for p in provinces() if not p.province_id.endswith("2025")})
    return f"{places[n % len(places)]}-{2020 + n // len(places)}-qd-{1000 + n}"


def tasks(plans: int) -> list[dict[str, object]]:
    sectors = list(taxonomy())
    rows = []
    for n in range(plans):
        for i in range(30 + n % 7):
            row = dict.fromkeys(frames.TASKS, "")
            month = 1 + (n * 5 + i) % 12
            due = f"{2021 + (n + i) % 3}-{month:02d}-28" if i % 2 else ""
            row |= {"plan_id": plan(n), "task_id": f"{plan(n)}/{'I' * (1 + i % 3)}/{i}#1", "text": LONG, "due_end": due}
            row |= {"sector": sectors[(n + i * i) % len(sectors)], "due_kind": "complete" if due else ""}
            rows.append(row)
    return rows


def themes_diff(n: int) -> list[dict[str, object]]:
    sectors = list(taxonomy())
    names = [sectors[i] if i < len(sectors) else f"{LONG} {i}" for i in range(n)]
    return [
        {
            "sector": s,
            "left_count": 3 + i % 5,
            "left_share": (3 + i % 5) / 200,
            "right_count": 2 + i % 7,
            "right_share": (2 + i % 7) / 200,
            "share_difference": 0.0,
            "log_odds": round(math.sin(i) * 2, 4),
            "z": round(math.sin(i) * 2 / 0.6, 4),
        }
        for i, s in enumerate(names)
    ]


def targets_diff(n: int) -> list[dict[str, object]]:
    units = ("%", "VND bn", "ha")
    rows = []
    for i in range(n):
        row = dict.fromkeys(frames.TARGETS_DIFF, "")
        change = ("raised", "lowered", "same", "dropped", "added", "incomparable")[i % 6]
        row |= {"indicator_text": f"{LONG} {i}", "change": change, "difference": 1.0 if i % 6 < 2 else 0.0}
        for side, skip in (("left", "added"), ("right", "dropped")):
            if change != skip:
                number = (10.0 + i) * (10 ** (i % 4)) + (side == "right") * float(row["difference"] or 0)
                row |= {f"{side}_value": number, f"{side}_unit": units[i % 3], f"{side}_period": "2021-2025/yr"}
        rows.append(row)
    return rows


def targets(n: int) -> list[dict[str, object]]:
    rows = []
    for i in range(n):
        row = dict.fromkeys(frames.TARGETS, "")
        row |= {
            "plan_id": plan(i % 6),
            "indicator_id": INDICATORS[i // 5 % len(INDICATORS)],
            "unit": "%",
            "value": 50 + (i * 7) % 11,
        }
        row["period"] = ("2021-2025/yr", "2023", "2025", "2026-2030/yr", "2030")[i % 5]
        rows.append(row)
    return rows


def assignments(n: int) -> list[dict[str, object]]:
    return [
        dict.fromkeys(frames.ASSIGNMENTS, "")
        | {
            "plan_id": plan(0),
            "task_id": f"t{i}-{j}",
            "role": "lead",
            "agency_id": BODIES[i],
            "agency_now": BODIES[i - i % 3],
        }
        for i in range(n)
        for j in range(1 + i % 4)
    ]


def gaps(n: int) -> list[dict[str, object]]:
    kinds = [r["key"] for r in read_lexicon("wording") if r["group"] == "gap"]
    return [
        dict.fromkeys(frames.GAPS, "") | {"gap": kinds[i % len(kinds)], "plan_id": plan(p), "task_id": f"t{i}"}
        for p in range(n)
        for i in range(5 + p % 40)
    ]


def groups(n: int) -> list[dict[str, object]]:
    return [{"group": f"{LONG} {i}", "plan_id": plan(i * j % 5)} for i in range(n) for j in (1, 2)]


def alignment(n: int) -> list[dict[str, object]]:
    row = dict.fromkeys(frames.ALIGNMENT, "") | {"left_plan": LEFT, "right_plan": RIGHT, "kind": "task"}
    return [
        row | {"left_id": f"{LEFT}/{i}#1", "right_id": f"{RIGHT}/{i * 7 % n}#1", "probability": i / n, "accepted": True}
        for i in range(n)
    ]


def sided_tasks(n: int) -> list[dict[str, object]]:
    sectors = list(taxonomy())
    return [{"task_id": f"{p}/{i}#1", "sector": sectors[i % len(sectors)]} for p in (LEFT, RIGHT) for i in range(n)]


def evidence(n: int) -> list[dict[str, object]]:
    return [{"name": f"{LONG} {i}", "log_odds": math.cos(i) * 3, "words": LONG} for i in range(n)]


MAKERS = {
    "theme_heatmap": lambda n, lang: figures.theme_heatmap(tasks(n), lang=lang, note=LONG),
    "theme_bars": lambda n, lang: figures.theme_bars(themes_diff(n), left=LEFT, right=RIGHT, lang=lang, note=LONG),
    "target_dumbbells": lambda n, lang: figures.target_dumbbells(targets_diff(n), left=LEFT, right=RIGHT, lang=lang),
    "target_slopes": lambda n, lang: figures.target_slopes(targets(n), lang=lang),
    "agency_load": lambda n, lang: figures.agency_load(assignments(n), lang=lang),
    "deadline_calendar": lambda n, lang: figures.deadline_calendar(tasks(n), lang=lang),
    "gap_matrix": lambda n, lang: figures.gap_matrix(gaps(n), groups(n), lang=lang),
    "alignment_matrix": lambda n, lang: figures.alignment_matrix(alignment(n), sided_tasks(n), lang=lang),
    "alignment_by_section": lambda n, lang: figures.alignment_matrix(alignment(n), by="section", lang=lang),
    "reliability_curve": lambda n, lang: figures.reliability_curve(
        [i / n for i in range(n)], [i % 3 for i in range(n)], lang=lang
    ),
    "evidence_waterfall": lambda n, lang: figures.evidence_waterfall(evidence(n), -8.9, lang=lang),
}
EMPTY = {
    "theme_heatmap": lambda: figures.theme_heatmap(frames.frame([], frames.TASKS)),
    "theme_heatmap_none": lambda: figures.theme_heatmap([]),
    "theme_bars": lambda: figures.theme_bars(frames.frame([], frames.THEMES_DIFF)),
    "target_dumbbells": lambda: figures.target_dumbbells(frames.frame([], frames.TARGETS_DIFF)),
    "target_slopes": lambda: figures.target_slopes(frames.frame([], frames.TARGETS)),
    "agency_load": lambda: figures.agency_load(frames.frame([], frames.ASSIGNMENTS)),
    "deadline_calendar": lambda: figures.deadline_calendar(frames.frame([], frames.TASKS)),
    "gap_matrix": lambda: figures.gap_matrix(frames.frame([], frames.GAPS)),
    "alignment_matrix": lambda: figures.alignment_matrix(frames.frame([], frames.ALIGNMENT), []),
    "reliability_curve": lambda: figures.reliability_curve([], []),
    "evidence_waterfall": lambda: figures.evidence_waterfall([], -8.9),
}


def texts(figure):
    """The visible texts with their extents in pixels, as the renderer that writes PNG lays them out."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    from compare.figures.drawing import style

    with style():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        beyond = {id(t) for ax in figure.axes for t in undrawn(ax)}
        found = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and id(t) not in beyond]
        return [(t.get_text(), t.get_window_extent(canvas.get_renderer())) for t in found]


def undrawn(ax):
    """Labels of ticks beyond the axes' limits: they exist and are never drawn."""
    for axes in (ax, *ax.child_axes):
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
            for tick in axis.get_major_ticks():
                if not low <= tick.get_loc() <= high:
                    yield from (tick.label1, tick.label2)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("rows", [1, 5, 60])
@pytest.mark.parametrize("name", MAKERS)
def test_no_label_meets_another_or_leaves_the_figure(name, rows, lang):
    check_readable(MAKERS[name](rows, lang))


def check_readable(figure):
    found = texts(figure)
    meeting = []
    for (a, box), (b, other) in combinations(found, 2):
        wide = min(box.x1, other.x1) - max(box.x0, other.x0)
        tall = min(box.y1, other.y1) - max(box.y0, other.y0)
        if wide > 1 and tall > 1.5:
            meeting.append((a, b, round(wide), round(tall)))
    assert not meeting
    assert [
        t for t, b in found if b.x0 < -1 or b.y0 < -1 or b.x1 > figure.bbox.x1 + 1 or b.y1 > figure.bbox.y1 + 1
    ] == []


@pytest.mark.parametrize("name", MAKERS)
def test_height_grows_with_the_rows(name):
    if name not in ("reliability_curve", "alignment_matrix"):  # these have a fixed number of bins and sectors
        assert MAKERS[name](60, "vi").get_size_inches().prod() > MAKERS[name](2, "vi").get_size_inches().prod()


@pytest.mark.parametrize("name", EMPTY)
def test_empty_input_says_so(name):
    figure = EMPTY[name]()
    assert any("nothing to draw" in text for text, _ in texts(figure))
    assert figures.data_csv(figure).count("\n") == 1


def test_no_vietnamese_glyph_is_missing():
    _, charmap = sheet._face(False)
    _, bold = sheet._face(True)
    needed = set("ăâđêôơưÿ")
    for name in ("wording", "taxonomy", "agencies", "indicators", "provinces", "headings"):
        needed |= {c for row in read_lexicon(name) for cell in row.values() for c in cell}
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY":
        needed |= {sheet.clean(vowel + tone) for tone in "\u0300\u0301\u0303\u0309\u0323"}
    assert all(len(c) == 1 for c in needed)
    missing = {c for c in needed if ord(c) >= 32 and (ord(c) not in charmap or ord(c) not in bold)}
    assert missing == set()


def test_characters_that_the_font_lacks_warn_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        row = {"group": "海 \ue000 \x00 a\u0323\u0302 $x_1$ {n}", "plan_id": "$\\frac{1}{2}$ <script>"}
        figure = figures.gap_matrix([], [row])
        markup = figures.svg(figure)
    drawn = {text for text, _ in texts(figure)}
    assert "� � � ậ $x_1$ {n}" in drawn
    assert "$\\frac{1}{2}$ <script>" in drawn
    assert "<script" not in markup


@pytest.mark.parametrize("name", MAKERS)
def test_draws_without_warnings_in_every_format(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = MAKERS[name](5, "vi")
        assert figures.render(figure, "svg").startswith(b"<?xml")
        assert figures.render(figure, "png").startswith(b"\x89PNG")
        assert figures.render(figure, "pdf").startswith(b"%PDF")


def test_unknown_format_and_order_are_refused():
    with pytest.raises(ValueError, match="bmp"):
        figures.render(EMPTY["theme_bars"](), "bmp")
    with pytest.raises(ValueError, match="colour"):
        figures.alignment_matrix([], by="colour")
    with pytest.raises(ValueError, match="between 0 and 1"):
        figures.reliability_curve([1.2], [True])


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
import matplotlib
matplotlib.rcParams.update({{"font.size": 20, "axes.grid": True, "lines.linewidth": {width}, "font.family": "serif"}})
import test_figures as t
from compare import figures
files = [f for name, make in t.MAKERS.items() for f in figures.save(make(7, "vi"), {out!r} + "/" + name)]
figures.manifest({out!r}, files, {{"a": "1"}}, {{"threshold": 0.25}})
"""


def test_two_processes_give_the_same_bytes_whatever_the_settings(tmp_path):
    for seed in ("1", "2"):
        out = tmp_path / seed
        code = SCRIPT.format(tests=str(Path(__file__).parent), width=int(seed) * 3, out=str(out))
        subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / s).iterdir()} for s in ("1", "2"))
    assert len(first) == 4 * len(MAKERS) + 1
    assert first == second


def test_drawing_leaves_settings_alone_and_needs_no_pyplot():
    code = (
        "import sys, matplotlib; before = matplotlib.rcParams.copy()\n"
        "from compare import figures; figures.svg(figures.theme_bars([]))\n"
        "assert all(dict.__getitem__(matplotlib.rcParams, k) == dict.__getitem__(before, k) for k in before)\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_figures_imports_no_matplotlib():
    code = "import sys, compare.figures; assert 'matplotlib' not in sys.modules and 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_figure_shows_in_a_notebook():
    assert figures.theme_bars(themes_diff(3))._repr_png_().startswith(b"\x89PNG")


def test_save_writes_data_and_manifest_and_check_tells_what_changed(tmp_path):
    files = figures.save(figures.theme_bars(themes_diff(4)), tmp_path / "sub" / "theme.bars", ("svg",))
    assert [f.name for f in files] == ["theme.bars.svg", "theme.bars.csv"]
    rows = list(csv.DictReader(io.StringIO(files[1].read_text(encoding="utf-8"))))
    assert len(rows) == 4 and set(rows[0]) >= {"sector", "log_odds", "low", "high"}
    folder = tmp_path / "sub"
    path = figures.manifest(folder, files, {"p": "aa"}, {"threshold": 0.25, "lang": "en"})
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["inputs"] == {"p": "aa"} and written["parameters"]["threshold"] == 0.25
    same = figures.manifest_of(files, {"p": "aa"}, {"threshold": 0.25, "lang": "en"})
    assert figures.changes(folder, same) == []
    other = figures.manifest_of(files[:1], {"p": "bb"}, {"threshold": 0.5, "lang": "en"})
    assert figures.changes(folder, other) == [
        "inputs: p: was aa, is bb",
        "parameters: threshold: was 0.25, is 0.5",
        "files: theme.bars.csv: is no longer made",
    ]
    files[0].write_text("edited", encoding="utf-8")
    assert figures.changes(folder, same) == ["files: theme.bars.svg: was edited after it was drawn"]
    assert sorted(p.name for p in folder.iterdir()) == ["manifest.json", "theme.bars.csv", "theme.bars.svg"]


@pytest.mark.parametrize("cores", [1, 2])
def test_two_cores_write_what_one_writes(tmp_path, monkeypatch, cores):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    drawn = [("bars", figures.theme_bars(themes_diff(3))), ("deadlines", figures.deadline_calendar(tasks(2)))]
    files = figures.save_all(drawn, tmp_path / "all")
    alone = [file for name, figure in drawn for file in figures.save(figure, tmp_path / "alone" / name)]
    assert {f.name: f.read_bytes() for f in files} == {f.name: f.read_bytes() for f in alone}
    assert len(files) == 8
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="file"):
        figures.save_all(drawn, tmp_path / "file")


def test_what_cannot_be_written_or_checked_is_said(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="file"):
        figures.save(figures.theme_bars([]), tmp_path / "file" / "bars")
    with pytest.raises(OutputError, match="draw the figures first"):
        figures.changes(tmp_path, {})
    (tmp_path / "manifest.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(OutputError, match="not a manifest"):
        figures.changes(tmp_path, {})


# The numbers.


def test_heatmap_holds_each_sectors_share_of_coded_tasks():
    rows = [dict.fromkeys(frames.TASKS, "") | {"plan_id": "p", "sector": s} for s in ("health", "health", "labour", "")]
    data = figures.theme_heatmap(frames.frame(rows, frames.TASKS)).data
    assert [(r["sector"], r["count"], r["share"]) for r in data] == [("health", 2, 0.6667), ("labour", 1, 0.3333)]


def test_bars_interval_comes_from_log_odds_and_z():
    row = themes_diff(1)[0] | {"log_odds": -1.2, "z": -2.0}
    (r,) = figures.theme_bars([row]).data
    assert (r["low"], r["high"]) == (round(-1.2 - 1.96 * 0.6, 4), round(-1.2 + 1.96 * 0.6, 4))
    (r,) = figures.theme_bars([row | {"log_odds": 0.0, "z": 0.0}]).data
    assert (r["low"], r["high"]) == ("", "")


def test_dumbbells_draw_the_right_value_in_the_left_unit():
    row = targets_diff(1)[0] | {
        "left_value": 500.0,
        "left_unit": "VND bn",
        "right_value": 700000.0,
        "right_unit": "VND m",
    }
    (r,) = figures.target_dumbbells([row | {"difference": 200.0, "right_value_max": 800000.0}]).data
    assert (r["unit"], r["left"], r["right"], r["right_max"]) == ("VND bn", 500.0, 700.0, 800.0)


def test_dumbbells_join_two_years_of_one_plans_target():
    base = dict.fromkeys(frames.TARGETS_DIFF, "") | {
        "indicator_id": "health-insurance",
        "left_unit": "%",
        "change": "dropped",
    }
    rows = [
        base | {"left_value": v, "left_period": p} for v, p in ((98.0, "2030"), (95.0, "2025"), (90.0, "2021-2025"))
    ]
    figure = figures.target_dumbbells([*rows, base | {"left_value": 7.0, "left_period": "2025", "left_unit": "ha"}])
    said = [text.replace("\n", " ") for text, _ in texts(figure)]
    assert sum("2025 → 2030" in text for text in said) == 1
    assert sum("2021–2025" in text for text in said) == 1 and len(figure.data) == 4
    sizes = [c.get_sizes()[0] for ax in figure.axes[:1] for c in ax.collections if hasattr(c, "get_sizes")]
    assert sizes == [12.0, 30.0, 30.0]


def test_provinces_differ_in_shape_too():
    figure = figures.target_slopes(targets(60))
    marks = [t.get_text() for t in figure.texts if t.get_text() in "●■▲◆▼"]
    assert len(marks) == 6 and len(set(marks[:5])) == 5
    shapes = {len(c.get_paths()[0].vertices) for ax in figure.axes for c in ax.collections if c.get_offsets().size == 2}
    assert len(shapes) > 2


def test_small_changes_look_small():
    base = {
        "plan_id": "son-la-2025-kh-1",
        "indicator_id": "grdp-growth",
        "unit": "%",
        "indicator_text": "",
        "value_max": "",
    }
    (ax,) = figures.target_slopes(
        [base | {"period": "2025", "value": 9.8}, base | {"period": "2030", "value": 9.9}]
    ).axes
    low, high = ax.get_ylim()
    assert 0.1 / (high - low) < 0.05


def test_narrow_cells_hold_whole_percents_and_no_false_zero():
    rows = [
        dict.fromkeys(frames.TASKS, "") | {"plan_id": plan(p), "sector": "health" if i else "labour"}
        for p in range(40)
        for i in range(300)
    ]
    figure = figures.theme_heatmap(rows)
    shown = {t.get_text() for ax in figure.axes for t in ax.texts}
    assert shown == set()  # 100 has no room, and 0.3 is no 0
    assert {r["share"] for r in figure.data} == {0.0033, 0.9967}
    assert figure.get_size_inches()[0] < 12


def test_long_calendars_repeat_the_months():
    months = [t.get_text() for t in figures.deadline_calendar(tasks(30)).texts].count("Feb")
    assert months == math.ceil(30 * 3 / 36)


def test_dumbbells_leave_out_what_cannot_be_compared_and_say_so():
    figure = figures.target_dumbbells(targets_diff(6))
    assert "incomparable" not in {r["change"] for r in figure.data}
    assert any("not drawn because their units or periods differ: 1" in text for text, _ in texts(figure))


def test_slopes_mark_what_a_later_plan_replaced():
    base = {"indicator_id": "grdp-growth", "unit": "%", "indicator_text": "", "value_max": ""}
    rows = [
        base | {"plan_id": "son-la-2021-kh-1", "period": "2025", "value": 9.0},
        base | {"plan_id": "son-la-2023-kh-1", "period": "2023", "value": 7.0},
        base | {"plan_id": "son-la-2024-kh-1", "period": "2023", "value": 7.0},
        base | {"plan_id": "son-la-2025-kh-1", "period": "2025", "value": 8.0},
    ]
    data = figures.target_slopes(rows).data
    assert [(r["plan_id"][7:11], r["value"], r["superseded"]) for r in data] == [
        ("2024", 7.0, False), ("2025", 8.0, False), ("2021", 9.0, True),
    ]  # fmt: skip


def test_agency_load_loses_no_task():
    rows = assignments(40)
    data = figures.agency_load(rows).data
    assert sum(r["tasks"] for r in data) == len(rows)
    assert figures.agency_load([r | {"role": "coordinate"} for r in rows]).data == []


def test_agency_load_does_not_add_plans_up():
    rows = [r | {"plan_id": p} for p in ("a", "b") for r in assignments(5)]
    data = figures.agency_load(rows).data
    assert [sum(r["tasks"] for r in data if r["plan_id"] == p) for p in ("a", "b")] == 2 * [len(rows) // 2]


def test_calendar_counts_further_deadlines():
    row = dict.fromkeys(frames.TASKS, "") | {"plan_id": "p", "due_end": "2025-03-30", "due_kind": "report"}
    figure = figures.deadline_calendar([row | {"due_more": "trước ngày 30/8||2025-08-30;31/8||2025-08-31"}])
    assert [(r["month"], r["tasks"]) for r in figure.data] == [(3, 1), (8, 1)]
    assert any("1 of 1 tasks are dated" in " ".join(t.get_text().split()) for t in figure.texts)


def test_calendar_counts_an_interval_in_its_last_month():
    base = dict.fromkeys(frames.TASKS, "") | {"plan_id": "p"}
    rows = [
        base | {"due_start": "2021-10-01", "due_end": "2021-12-31", "due_kind": "complete"},
        base | {"due_start": "2022-03-01", "due_kind": "complete"},
        base | {"due_end": "2021-12-15", "due_kind": "recurring"},
        base,
    ]
    data = figures.deadline_calendar(rows).data
    assert [(r["year"], r["month"], r["tasks"]) for r in data] == [(2021, 12, 1), (2022, 3, 1)]


def test_gap_matrix_counts_a_case_once():
    rows = [dict.fromkeys(frames.GAPS, "") | {"gap": "no_lead", "plan_id": "p", "task_id": t} for t in ("a", "a", "b")]
    assert figures.gap_matrix(rows).data == [{"panel": "gap", "row": "no_lead", "plan_id": "p", "count": 2}]


def test_alignment_matrix_draws_accepted_pairs_of_tasks_in_order():
    rows = alignment(12)
    rows[3]["accepted"] = False
    rows[4]["kind"] = "target"
    data = figures.alignment_matrix(rows, by="section").data
    assert len(data) == 10
    assert [r["left_id"].split("/")[1] for r in data] == [f"{i}#1" for i in range(12) if i not in (3, 4)]


def test_wilson_interval():
    from compare.figures.evidence import wilson

    assert [round(v, 4) for v in wilson(8, 10)] == [0.4902, 0.9433]
    assert wilson(0, 5)[0] == 0 and wilson(5, 5)[1] == 1


def test_reliability_counts_every_pair_once():
    data = figures.reliability_curve([0.0, 0.05, 0.1, 0.95, 1.0], [0, 1, 0, 1, 1]).data
    assert [(r["low"], r["pairs"], r["share_right"]) for r in data] == [(0.0, 2, 0.5), (0.1, 1, 0.0), (0.9, 2, 1.0)]


def test_waterfall_ends_at_the_probability():
    pieces = [Evidence("text", 0.5, 1.5, ("a",)), Evidence("terms", 0.5, -0.5)]
    figure = figures.evidence_waterfall(pieces, -1.0)
    assert [(r["name"], r["from"], r["to"]) for r in figure.data] == [
        ("intercept", 0.0, -1.0), ("text", -1.0, 0.5), ("terms", 0.5, 0.0),
    ]  # fmt: skip
    assert any("Probability 0.5" in text for text, _ in texts(figure))
    rows = [{"name": "intercept", "log_odds": -1.0}, {"name": "text", "log_odds": 2.0}]
    assert figures.evidence_waterfall(rows).data[-1]["to"] == 1.0


# The means.


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 3)), min_size=1, max_size=30))
def test_spread_keeps_order_and_distance(pairs):
    wanted = sorted(w for w, _ in pairs)
    gap = [g for _, g in pairs]
    placed = sheet.spread(wanted, gap, 0, 100)
    for (a, b), (g, h) in zip(pairwise(placed), pairwise(gap), strict=True):
        assert b - a >= (g + h) / 2 - 1e-6
    assert placed[0] >= gap[0] / 2 - 1e-6
    if sum(gap) <= 100:
        assert placed[-1] <= 100 - gap[-1] / 2 + 1e-6


def test_wrapped_lines_are_even_and_a_documents_number_holds():
    assert sheet.wrap("Chi cục Phòng, chống tệ nạn xã hội", 2, 8, 2) == "Chi cục Phòng,\nchống tệ nạn xã hội"
    name = sheet.plan_head("thanh-hoa-2021-qd-2999", "vi")
    assert sheet.wrap(name, 1.2, 7.5, 3).split("\n")[-1].endswith("QĐ\xa02999")
    assert sheet.plan_head("my plan", "vi") == "my plan"


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.floats(0.5, 4))
def test_wrapped_lines_fit(text, width):
    lines = sheet.wrap(text, width, 8).split("\n")
    assert all(sheet.measure(line, 8) <= width or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(sheet.clean(text).split())
    assert sheet.wrap(text, width, 8, 2).count("\n") <= 1


def luminance(colour):
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_reads_on_every_colour():
    shades = sheet.ramp()
    assert min(contrast(sheet.on(shades(i / 50)), shades(i / 50)) for i in range(51)) >= 4.5
    assert contrast(sheet.MUTED, "white") >= 4.5
    assert min(contrast(sheet.ink(colour), "white") for colour in sheet.SERIES) >= 4.5
    lightness = [luminance(shades(i / 50)) for i in range(51)]
    assert lightness == sorted(lightness, reverse=True)


@pytest.mark.parametrize(
    "seen",
    [
        (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),  # protanopia
        (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),  # deuteranopia
        (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),  # tritanopia
    ],
)
def test_left_and_right_differ_for_colour_blind_readers(seen):
    """Machado, Oliveira and Fernandes 2009, severity 1."""
    from matplotlib.colors import to_rgb

    a, b = (
        [sum(m * c for m, c in zip(row, to_rgb(colour), strict=True)) for row in seen]
        for colour in (sheet.LEFT, sheet.RIGHT)
    )
    assert math.dist(a, b) > 0.35


@pytest.fixture(scope="module")
def compared():
    plans = read_plans([EDITIONS / f"{name}.txt" for name in (LEFT, RIGHT)])
    return plans, align(*plans)


def test_real_plans(compared):
    plans, pairs = compared
    said = frames.parse_rows(plans)
    made = [
        figures.theme_heatmap(frames.frame(said["tasks"], frames.TASKS)),
        figures.theme_bars(frames.frame(theme_rows(pairs), frames.THEMES_DIFF), left=LEFT, right=RIGHT),
        figures.target_dumbbells(frames.frame(target_rows(pairs), frames.TARGETS_DIFF)),
        figures.target_slopes([frames.frame(said["targets"], frames.TARGETS)]),
        figures.agency_load(frames.frame(said["assignments"], frames.ASSIGNMENTS)),
        figures.deadline_calendar(frames.frame(said["tasks"], frames.TASKS)),
        figures.gap_matrix(frames.frame(gap_rows(pairs), frames.GAPS)),
        figures.alignment_matrix(
            frames.frame(frames.match_rows(pairs.matches, LEFT, RIGHT), frames.ALIGNMENT), said["tasks"]
        ),
    ]
    for figure in made:
        assert figure.data
        check_readable(figure)
    assert len(made[-1].data) == len(pairs.accepted("task"))
    assert sum(r["count"] for r in made[0].data) == sum(bool(t.sector) for p in plans for t in p.tasks)


def test_frames_of_plans_and_rows_give_the_same():
    rows = tasks(3)

    class Held:
        tasks = frames.frame(rows, frames.TASKS)

    assert figures.theme_heatmap([Held()]).data == figures.theme_heatmap(rows).data
