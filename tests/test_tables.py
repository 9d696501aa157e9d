"""Tables as people and programs get them: golden small ones, hostile cells, round trips, the workbook's promises."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import shutil
import subprocess
import time
import unicodedata
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from compare import frames
from compare.errors import OutputError
from compare.lexicon import read_lexicon
from compare.tables import FORMATS, Table, print_table, render, workbook, write
from compare.tables.cells import number
from compare.tables.headings import documented, explanation, heading, table_heading, word
from compare.tables.latex import escape
from compare.tables.spreadsheet import MOST_CHARACTERS, sheet_names
from compare.tables.terminal import readable
from tests.places import ROOT

CONTRACT = {
    **frames.PARSE_TABLES,
    "alignment": frames.ALIGNMENT,
    "themes_diff": frames.THEMES_DIFF,
    "terms_diff": frames.TERMS_DIFF,
    "statements_diff": frames.STATEMENTS_DIFF,
    "targets_diff": frames.TARGETS_DIFF,
    "tasks_diff": frames.TASKS_DIFF,
    "gaps": frames.GAPS,
    **frames.HISTORY_TABLES,
}
TEXT = "Sở Tài chính\nchủ trì; thu ngân sách 1.234,5 tỷ đồng."
TARGETS = Table(
    "targets",
    ("target_id", "indicator_text", "value", "value_max", "start"),
    (
        {
            "target_id": "a/T1",
            "indicator_text": "thu ngân\nsách | nhà nước",
            "value": 1234.5,
            "value_max": "",
            "start": 12345,
        },
        {"target_id": "a/T2", "indicator_text": "tăng_trưởng *", "value": 7, "value_max": 8.25, "start": 3},
    ),
    title="Chỉ tiêu [A]",
    note="a; threshold 0.5",
)
HOSTILE = ("|", "a\nb", "<script>alert(1)</script>", "=1+1", "+1", "-1", "@SUM(A1)", "\\", "50 % & more", "🚀", "{}$#_^~`",
           '"quoted", and', "\x1b[31mred\x00", "[x] *y*", "a\rb", "_x0041_")  # fmt: skip


def hostile() -> Table:
    return Table("tasks", ("task_id", "text"), tuple({"task_id": f"a/{n}", "text": t} for n, t in enumerate(HOSTILE)))


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


# The lexicon of headings --------------------------------------------------------------------------------------------


def test_every_column_of_the_contract_has_a_heading_and_an_explanation_in_both_languages() -> None:
    assert {name: documented()[name] for name in CONTRACT} == {
        name: tuple(columns) for name, columns in CONTRACT.items()
    }
    for name, columns in CONTRACT.items():
        for lang in ("vi", "en"):
            assert table_heading(name, lang)
            assert all(heading(name, c, lang) and explanation(name, c, lang).endswith(".") for c in columns)


def test_headings_are_unique_within_a_table_and_composed() -> None:
    rows = read_lexicon("headings")
    for lang in ("vi", "en"):
        keys = [(r["table"], r[lang]) for r in rows]
        assert len(keys) == len(set(keys))
    assert len({(r["table"], r["column"]) for r in rows}) == len(rows)
    assert all(
        unicodedata.is_normalized("NFC", cell) and cell == cell.strip() != "" for r in rows for cell in r.values()
    )


def test_a_column_without_a_row_takes_another_tables_heading_or_its_own_name() -> None:
    assert heading("matrix", "sector", "vi") == "Lĩnh vực"
    assert heading("matrix", "group_size", "en") == "group size"
    assert explanation("matrix", "sector", "en") == ""


# CSV and JSON -------------------------------------------------------------------------------------------------------


def test_csv_keeps_names_and_values_whatever_the_language() -> None:
    assert render(TARGETS, "csv", "vi") == render(TARGETS, "csv", "en") == (
        "target_id,indicator_text,value,value_max,start\n"
        'a/T1,"thu ngân\nsách | nhà nước",1234.5,,12345\n'
        "a/T2,tăng_trưởng *,7,8.25,3\n"
    )  # fmt: skip


def test_json_has_null_for_empty_cells_and_numbers_as_numbers() -> None:
    table = Table(
        "alignment", ("left_id", "score", "accepted"), ({"left_id": "ă", "score": float("nan"), "accepted": True}, {})
    )
    assert render(table, "json", "vi") == (
        '[\n  {\n    "left_id": "ă",\n    "score": null,\n    "accepted": true\n  },\n'
        '  {\n    "left_id": null,\n    "score": null,\n    "accepted": null\n  }\n]\n'
    )
    assert render(Table("tasks", ("task_id",), ()), "json") == "[]\n"


plain_cells = st.one_of(
    st.text(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False), st.booleans()
)
tables = st.lists(
    st.fixed_dictionaries({"task_id": plain_cells, "text": plain_cells, "start": plain_cells}), max_size=6
).map(lambda rows: Table("tasks", ("task_id", "text", "start"), tuple(rows)))


def as_written(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


@given(tables)
def test_csv_round_trips(table: Table) -> None:
    read = list(csv.DictReader(io.StringIO(render(table, "csv"), newline="")))
    assert read == [{c: as_written(row[c]) for c in table.columns} for row in table.rows]


@given(tables)
def test_json_round_trips(table: Table) -> None:
    read = json.loads(render(table, "json"))
    assert [{c: "" if v is None else v for c, v in row.items()} for row in read] == list(table.rows)
    kinds = [{c: type(v) for c, v in row.items() if v is not None} for row in read]
    assert kinds == [{c: type(v) for c, v in row.items() if v != ""} for row in table.rows]


def test_half_of_a_surrogate_pair_can_be_written(tmp_path: Path) -> None:
    table = Table("tasks", ("text",), ({"text": "a\ud83d"},))
    for kind in FORMATS:
        write(tmp_path / kind, render(table, kind))
    assert (tmp_path / "csv").read_text(encoding="utf-8") == "text\na\ufffd\n"


# Numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "column", "en", "vi"),
    [
        (1234.5, "value", "1,234.5", "1.234,5"),
        (1234567, "n_chars", "1,234,567", "1.234.567"),
        (-1234.25, "difference", "-1,234.25", "-1.234,25"),
        (13.200000000000001, "value", "13.2", "13,2"),
        (2025, "year", "2025", "2025"),
        (12345, "start", "12345", "12345"),
        (0.8, "probability", "0.80", "0,80"),
        (-0.001, "log_odds", "0.00", "0,00"),
        (1e-9, "value", "1e-09", "1e-09"),
        (7.0, "value", "7", "7"),
        (12345678901234567890, "value", "12,345,678,901,234,567,890", "12.345.678.901.234.567.890"),
    ],
)
def test_numbers_are_written_as_the_language_does(value: float, column: str, en: str, vi: str) -> None:
    assert number(value, column, "en") == en
    assert number(value, column, "vi") == vi


@given(st.floats(-1e9, 1e9), st.sampled_from(["value", "start", "probability"]))
def test_a_number_reads_the_same_in_both_languages(value: float, column: str) -> None:
    swapped = number(value, column, "vi").translate(str.maketrans(",.", ".,"))
    assert swapped == number(value, column, "en")
    assert float(swapped.replace(",", "")) == pytest.approx(value, abs=0.5 if column != "value" else 1e-6)


# Markdown, LaTeX, HTML ----------------------------------------------------------------------------------------------


def test_markdown_golden() -> None:
    assert render(TARGETS, "md", "vi") == (
        "**Chỉ tiêu \\[A\\]**\n\n"
        "| Mã chỉ tiêu | Tên chỉ tiêu | Giá trị | Giá trị tối đa | Từ ký tự |\n"
        "| --- | --- | ---: | ---: | ---: |\n"
        "| a/T1 | thu ngân sách \\| nhà nước | 1.234,5 |  | 12345 |\n"
        "| a/T2 | tăng\\_trưởng \\* | 7 | 8,25 | 3 |\n"
        "\n*a; threshold 0.5*\n"
    )


def test_markdown_rows_stay_rows() -> None:
    lines = render(hostile(), "md").splitlines()
    assert len(lines) == 2 + len(HOSTILE)
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 3 for line in lines)
    assert "<" not in "".join(lines)


def test_latex_golden() -> None:
    written = render(TARGETS, "latex", "en").splitlines()
    assert written[5:9] == [
        r"\toprule",
        r"\textbf{Target} & \textbf{Indicator in the text} & \textbf{Value} & \textbf{Upper value} & \textbf{Start} \\",
        r"\midrule",
        r"\endfirsthead",
    ]
    assert written[4] == r"\caption{Chỉ tiêu {[}A{]}}\\"
    assert written[-5:-3] == [
        r"a/\allowbreak{}T1 & thu ngân sách \textbar{} nhà nước & 1,234.5 &  & 12345 \\",
        r"a/\allowbreak{}T2 & tăng\_\allowbreak{}trưởng {*} & 7 & 8.25 & 3 \\",
    ]
    assert written[-2:] == [r"\noindent a;\allowbreak{} threshold 0.5\par", r"\endgroup"]


@given(st.text())
def test_latex_escapes_everything(text: str) -> None:
    assert_safe_latex(escape(text))


def assert_safe_latex(written: str) -> None:
    """Braces balance; no special character, command or comment but those that the escapes make."""
    depth = 0
    for m in re.finditer(r"\\[{}]|[{}]", written):
        depth += {"{": 1, "}": -1}.get(m.group(), 0)
        assert depth >= 0
    assert depth == 0
    commands = set(re.findall(r"\\([A-Za-z]+)", written))
    assert commands <= {
        "textbackslash", "textasciicircum", "textasciitilde", "textasciigrave", "textless", "textgreater", "textbar",
        "allowbreak", "geq", "leq", "approx", "rightarrow", "times", "pm", "textsuperscript", "textperthousand",
        "textdegree", "textbullet", "ldots",
    }  # fmt: skip
    assert not re.search(r"(?<!\\)[%&#_~^]", written)
    assert written.count("$") % 2 == written.count(r"\$") % 2
    assert "\n" not in written


def test_latex_of_an_empty_table_has_a_row() -> None:
    assert r"\multicolumn{2}{@{}l@{}}{không có dòng nào} \\" in render(
        Table("tasks", ("task_id", "text"), ()), "latex", "vi"
    )


# What each engine needs besides itself to set Vietnamese
LATEX = {"xelatex": ("fontspec.sty",), "lualatex": ("fontspec.sty", "luaotfload.sty"), "pdflatex": ("t5enc.def",)}


def latex() -> str:
    """A LaTeX engine of this machine that can set Vietnamese, or an empty name."""
    found = shutil.which("kpsewhich")
    for engine, files in LATEX.items():
        if (
            found
            and shutil.which(engine)
            and all(not subprocess.run([found, f], capture_output=True).returncode for f in files)
        ):
            return engine
    return ""


@pytest.mark.skipif(not latex(), reason="no LaTeX here that can set Vietnamese")
def test_latex_compiles(tmp_path: Path) -> None:
    program = latex()
    fonts = r"\usepackage[T5]{fontenc}" if program == "pdflatex" else r"\usepackage{fontspec}"
    table = Table("tasks", ("task_id", "text"), tuple(r for r in hostile().rows if "🚀" not in r["text"]))
    body = "\n".join(render(t, "latex", "vi") for t in (TARGETS, table))
    document = rf"\documentclass{{article}}{fonts}\usepackage{{array,booktabs,longtable,pdflscape}}\begin{{document}}{body}\end{{document}}"
    (tmp_path / "t.tex").write_text(document, encoding="utf-8")
    done = subprocess.run(
        [program, "-interaction=nonstopmode", "-halt-on-error", "t.tex"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stdout[-2000:]


class Tree(HTMLParser):
    """Checks that elements close in order; keeps the tags with their attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(html: str) -> Tree:
    tree = Tree()
    tree.feed(html)
    tree.close()
    assert tree.open == []
    return tree


def test_html_is_an_accessible_table() -> None:
    html = render(TARGETS, "html", "vi")
    tree = parsed(html)
    assert "<caption>Chỉ tiêu [A]</caption>" in html
    assert "<figcaption>a; threshold 0.5</figcaption>" in html
    columns = [a for tag, a in tree.tags if tag == "th" and a.get("scope") == "col"]
    assert [a["data-column"] for a in columns] == list(TARGETS.columns)
    assert columns[2]["title"] == explanation("targets", "value", "vi")
    assert sum(tag == "th" and a.get("scope") == "row" for tag, a in tree.tags) == 2
    assert '<td class="number">1.234,5</td>' in html
    assert ("figure", {"class": "plandiff-table", "lang": "vi"}) in tree.tags


def test_html_escapes_titles_and_cells() -> None:
    table = hostile()
    html = render(Table("tasks", table.columns, table.rows, title='"><script>', note="<img onerror=x>"), "html")
    tags = {tag for tag, _ in parsed(html).tags}
    assert tags == {"figure", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "figcaption"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\x1b" not in html and "\x00" not in html


def test_html_folds_long_texts_without_losing_a_word() -> None:
    text = " ".join(f"từ{n}" for n in range(100))
    html = render(Table("tasks", ("task_id", "text"), ({"task_id": "a/1", "text": text},)), "html")
    folded = re.search(r"<td><details><summary>(.*?) …</summary> (.*?)</details></td>", html)
    assert folded is not None
    assert f"{folded[1]} {folded[2]}" == text
    assert len(folded[1]) <= 160


def test_html_of_an_empty_table_says_so() -> None:
    assert '<td colspan="2">no rows</td>' in render(Table("tasks", ("task_id", "text"), ()), "html")


@pytest.mark.parametrize("kind", FORMATS)
@given(table=tables)
@settings(max_examples=30)
def test_every_format_takes_every_table(kind: str, table: Table) -> None:
    written = render(table, kind, "vi")
    assert written == render(table, kind, "vi")
    written.encode("utf-8")
    if kind == "html":
        assert sum(tag == "tr" for tag, _ in parsed(written).tags) == 1 + max(1, len(table.rows))


def test_an_unknown_format_or_language_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format 'pdf'"):
        render(TARGETS, "pdf")
    with pytest.raises(ValueError, match="unknown language 'sv'"):
        render(TARGETS, "csv", "sv")
    with pytest.raises(ValueError, match="unknown language"):
        workbook([TARGETS], {}, "fr")


# The terminal -------------------------------------------------------------------------------------------------------


def printed(table: Table, lang: str = "en", width: int = 80, limit: int | None = None, terminal: bool = True) -> str:
    """As on a terminal without colours, or as in a pipe."""
    console = Console(
        file=io.StringIO(), width=width, force_terminal=terminal, color_system=None, no_color=True, legacy_windows=False
    )
    print_table(table, lang, console, limit)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_terminal_shows_what_is_worth_reading() -> None:
    shown = printed(TARGETS, "vi")
    assert shown.splitlines()[0] == "Chỉ tiêu [A]"
    assert "1.234,5" in shown and "12345" not in shown
    assert shown.splitlines()[-1] == "a; threshold 0.5"


def test_the_terminal_says_how_many_rows_it_leaves_out() -> None:
    shown = printed(TARGETS, limit=1)
    assert "a/T1" in shown and "a/T2" not in shown
    assert "… and 1 more rows" in shown
    assert "(no rows)" in printed(Table("tasks", ("task_id",), ()))


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_line_is_wider_than_the_terminal(width: int, lang: str) -> None:
    long = {"task_id": "a-2025-qd-1/Điều-1/II/2#1", "text": "lời " * 200, "sector": "health", "due_text": "30/6/2025"}
    table = Table("tasks", tuple(frames.TASKS), (long, {"task_id": "b", "text": "ngắn", "kind": "finding"}))
    assert max(map(len, printed(table, lang, width).splitlines())) <= width


TASKS_DIFF = Table(
    "tasks_diff",
    tuple(frames.TASKS_DIFF),
    (
        {
            "change": "dropped", "left_text": "x" * 40, "right_text": "y" * 40, "sector": "health", "lead_change": "same",
            "left_id": "son-la-2025-qd-161/I#1", "right_id": "b/1", "probability": 0.31, "doubtful": "true",
        },
    ),
    plans=("son-la-2025-qd-161", "thanh-hoa-2025-kh-63"),
)  # fmt: skip


def test_columns_give_way_from_the_last_and_empty_ones_are_left_out() -> None:
    every = ["change", "left_text", "right_text", "left_id", "right_id", "probability", "lead_change", "sector"]
    assert readable(TASKS_DIFF, "en", 200) == every
    assert readable(TASKS_DIFF, "en", 60) == every[:3]
    assert readable(TASKS_DIFF, "en", 5) == ["change"]


def test_a_narrow_terminal_names_the_columns_that_it_leaves_out() -> None:
    shown = " ".join(printed(TASKS_DIFF, width=60).split())
    assert "Columns left out for want of width: Left task, Right task, Probability, Change of lead, Sector" in shown
    assert "Columns left out" not in printed(TASKS_DIFF, width=200)


def test_in_a_pipe_no_column_vanishes() -> None:
    shown = printed(TASKS_DIFF, width=40, terminal=False)
    assert "Columns left out" not in shown
    for said in ("I#1", "0.31", "Health", "Change of lead", "y" * 40):
        assert said in shown


def test_readers_get_names_and_programs_get_codes() -> None:
    shown = " ".join(printed(TASKS_DIFF, width=200).split())
    assert "only in Sơn La" in shown and "(doubtful)" in shown and "son-la-2025-qd-161/I#1" not in shown
    row = {"gap": "no_lead", "plan_id": "son-la-2025-qd-161", "agency_id": "so-y-te", "detail": "no coordinating body"}
    table = Table("gaps", tuple(frames.GAPS), (row,))
    for kind in ("md", "latex", "html"):
        assert "Sở Y tế" in render(table, kind, "vi") and "không có cơ quan phối hợp" in render(table, kind, "vi")
    assert "so-y-te" in render(table, "csv", "vi") and "no_lead" in render(table, "json", "vi")


def test_offsets_take_no_thousands_separators() -> None:
    row = {"indicator_text": "x", "change": "dropped", "named_start": 9004, "named_end": 12345}
    assert "| 9004 | 12345 |" in render(Table("targets_diff", ("change", "named_start", "named_end"), (row,)), "md")


def test_rows_are_chosen_by_a_cell_or_by_a_part_of_a_list() -> None:
    rows = ({"lead_left": "so-y-te;ubnd-cap-xa"}, {"lead_left": "so-y-te-cu"}, {})
    assert Table("tasks_diff", ("lead_left",), rows).where("lead_left", "so-y-te").rows == rows[:1]


def test_a_target_s_values_stand_whole_in_80_columns() -> None:
    row = {"indicator_text": "thu ngân sách nhà nước trên địa bàn tỉnh", "change": "incomparable", "difference": 2.5}
    row |= {"left_value": 45000, "left_comparator": ">=", "left_unit": "VND bn", "left_period": "2021-2025/yr"}
    row |= {"right_value": 50000.5, "right_comparator": "=", "right_unit": "VND bn", "right_period": "2025"}
    shown = " ".join(printed(Table("targets_diff", tuple(frames.TARGETS_DIFF), (row,))).split())
    for said in ("≥ 45,000", "2021–2025", "50,000.5", "(2025)"):
        assert said in shown


def test_cells_cannot_command_the_terminal() -> None:
    shown = printed(Table("tasks", ("task_id", "text"), ({"task_id": "[bold]a", "text": "\x1b[31mred\x07"},)))
    assert "[bold]a" in shown and "[31mred" in shown
    assert "\x1b" not in shown and "\x07" not in shown


# The workbook -------------------------------------------------------------------------------------------------------

ROWS = (
    {"plan_id": "a", "task_id": "a/1#1", "text": "Sở Tài chính\nchủ trì;", "start": 0, "end": 21},
    {"plan_id": "a", "task_id": "a/1#2", "text": "thu ngân sách", "start": 22, "end": 35},
    {"plan_id": "b", "task_id": "b/1#1", "text": "no text at hand", "start": 0, "end": 5},
    {"plan_id": "a", "task_id": "a/1#3", "text": "beyond the text", "start": 10, "end": 5000},
)
TASKS = Table("tasks", ("plan_id", "task_id", "text", "start", "end"), ROWS, title="Nhiệm vụ", note="a")
DIFF = Table(
    "tasks_diff",
    ("change", "left_id", "right_id", "probability"),
    (
        {"change": "kept", "left_id": "a/1#2", "right_id": "b/1#1", "probability": 0.8125},
        {"change": "added", "left_id": "", "right_id": "a/9#9", "probability": "", "right_start": 13, "right_end": 20},
    ),
)


def test_the_workbook_explains_links_and_quotes() -> None:
    book = opened(workbook([DIFF, TASKS], {"a": TEXT}, "vi"))
    assert book.sheetnames == ["Cột", "So sánh nhiệm vụ", "Nhiệm vụ", "Trích dẫn"]
    explained = [tuple(c.value for c in row) for row in book["Cột"].iter_rows(min_row=2)]
    assert explained[3] == (
        "So sánh nhiệm vụ",
        "probability",
        "Xác suất",
        explanation("tasks_diff", "probability", "vi"),
    )
    assert len(explained) == len(DIFF.columns) + len(TASKS.columns)
    tasks = book["Nhiệm vụ"]
    assert [tasks["A1"].value, tasks["A2"].value, tasks["B3"].value] == ["Nhiệm vụ", "a", "Mã nhiệm vụ"]
    assert tasks["C4"].value == "Sở Tài chính chủ trì;"
    assert (tasks.freeze_panes, tasks.auto_filter.ref) == ("A4", "A3:E7")
    quotations = [tuple(c.value for c in row) for row in book["Trích dẫn"].iter_rows(min_row=2)]
    assert quotations == [("a", 0, 21, TEXT[:21]), ("a", 13, 20, TEXT[13:20]), ("a", 22, 35, "thu ngân sách")]
    links = [link.location if (link := tasks.cell(n, 2).hyperlink) else None for n in range(4, 8)]
    assert links == ["'Trích dẫn'!A2", "'Trích dẫn'!A4", None, None]
    diff = book["So sánh nhiệm vụ"]
    assert diff["B2"].hyperlink is not None and diff["C3"].hyperlink is not None
    assert diff["B2"].hyperlink.location == "'Trích dẫn'!A4"
    assert diff["C2"].hyperlink is None
    assert diff["C3"].hyperlink.location == "'Trích dẫn'!A3"
    assert diff["B3"].value is None
    assert (diff["D2"].value, diff["D2"].number_format, diff["D2"].data_type) == (0.8125, "#,##0.00", "n")
    assert diff.freeze_panes == "A2"


def test_a_row_is_as_high_as_its_longest_text_asks() -> None:
    rows = tuple({"task_id": "a", "text": "x" * n} for n in (10, 100, 10_000))
    sheet = opened(workbook([Table("tasks", ("task_id", "text"), rows)], {}))["Tasks"]
    assert [sheet.row_dimensions[n].height for n in (2, 3, 4)] == [15, 30, 180]
    assert sheet.column_dimensions["B"].width == 60
    assert sheet.cell(3, 2).alignment.wrap_text


def test_hostile_cells_stay_text() -> None:
    sheet = opened(workbook([hostile()], {}))["Tasks"]
    cells = [sheet.cell(n, 2) for n in range(2, 2 + len(HOSTILE))]
    assert {c.data_type for c in cells} == {"s"}
    values = [c.value for c in cells]
    assert values[:1] + values[2:9] == list(HOSTILE[:1] + HOSTILE[2:9])
    assert values[1] == "a b"
    assert values[12] == "[31mred"
    assert values[15] == "_x005F_x0041_"
    assert [bool(c.quotePrefix) for c in cells[3:8]] == [True, True, True, True, False]


@pytest.mark.parametrize("letter", ["x", "🚀"])
def test_a_cell_is_cut_at_what_a_spreadsheet_holds(letter: str) -> None:
    table = Table("tasks", ("task_id", "text"), ({"task_id": "a/1", "text": letter * 40_000},))
    value = opened(workbook([table], {}, "vi"))["Nhiệm vụ"]["B2"].value
    assert value.endswith("… [đã cắt: nguyên văn dài 40.000 ký tự]")
    assert MOST_CHARACTERS - 1 <= len(value.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


@given(tables)
@settings(max_examples=20, deadline=None)
def test_the_workbook_takes_every_table(table: Table) -> None:
    sheet = opened(workbook([table], {}))["Tasks"]
    for n, row in enumerate(table.rows, start=2):
        for cell, column in zip(sheet[n], table.columns, strict=False):
            assert cell.data_type != "f"
            if cell.data_type == "n" and cell.value is not None:
                assert cell.value == pytest.approx(row[column], rel=1e-12)


def test_the_same_input_gives_the_same_bytes() -> None:
    first = workbook([DIFF, TASKS], {"a": TEXT})
    time.sleep(2.1)  # ZIP counts time in steps of two seconds
    assert workbook([DIFF, TASKS], {"a": TEXT}) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b">1980-01-01T00:00:00Z<") == 2


def test_sheet_names_are_valid_and_unique() -> None:
    names = sheet_names(["Tasks", "tasks", "a/b:c", "x" * 40, "x" * 40, "", "'quoted'", "History", "🚀" * 20])
    assert names == [
        "Tasks", "tasks (2)", "a b c", "x" * 31, "x" * 27 + " (2)", "-", "quoted", "History (2)", "🚀" * 15,
    ]  # fmt: skip


def test_two_tables_of_one_kind_have_a_sheet_each() -> None:
    assert opened(workbook([TASKS, TASKS], {})).sheetnames == ["Columns", "Tasks", "Tasks (2)", "Quotations"]


def test_a_table_longer_than_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compare.tables.spreadsheet.MOST_ROWS", 6)
    with pytest.raises(OutputError, match="sheet Tasks: 4 rows, a spreadsheet holds 6; write CSV"):
        workbook([TASKS], {})


def test_links_end_where_a_sheet_holds_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compare.tables.spreadsheet.MOST_LINKS", 1)
    sheet = opened(workbook([TASKS], {"a": TEXT}))["Tasks"]
    assert [sheet.cell(r, 2).hyperlink is not None for r in range(4, 8)] == [True, False, False, False]


def sheets_as_csv(folder: Path, name: str, data: bytes) -> dict[str, list[list[str]]]:
    """What LibreOffice reads in a workbook: sheet -> rows; empty where it cannot open workbooks (it has no Calc)."""
    (folder / f"{name}.xlsx").write_bytes(data)
    # 44 comma, 34 quotation mark, 76 UTF-8, from the first line, cells as they are, every sheet
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), f"{folder}/{name}.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    read = {}
    for path in folder.glob(f"{name}-*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            read[path.stem.removeprefix(f"{name}-")] = list(csv.reader(stream))
    return read


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice (soffice) here: its reading is not tested")
def test_libreoffice_reads_the_workbook(tmp_path: Path) -> None:
    probe, stream = openpyxl.Workbook(), io.BytesIO()
    probe.save(stream)
    if not sheets_as_csv(tmp_path, "probe", stream.getvalue()):
        pytest.skip("this LibreOffice has no Calc: its reading is not tested")
    read = sheets_as_csv(tmp_path, "book", workbook([hostile(), DIFF], {"a": TEXT}))
    assert sorted(read) == ["Columns", "Quotations", "Tasks", "Tasks compared"]
    texts = [row[1] for row in read["Tasks"][1:]]
    expected = list(HOSTILE)
    expected[1], expected[12], expected[14] = "a b", "[31mred", "a b"
    assert texts == expected
    assert read["Tasks compared"][1] == ["kept", "a/1#2", "b/1#1", "0.8125"]
    assert read["Quotations"][1:] == [["a", "13", "20", "chủ trì"]]


# The pages in docs/tables ----------------------------------------------------------------------------------------------


def docs_tables() -> ModuleType:
    """The script that writes the pages; benchmarks/ is no package."""
    spec = importlib.util.spec_from_file_location("docs_tables", ROOT / "benchmarks" / "docs_tables.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_examples(page: str) -> list[str]:
    """The page's lines; rows of four cells lose the last, which changes with the parser."""
    return [re.sub(r"^(\| `\w+` \|(?:.*?(?<!\\) \|){2}).*$", r"\1", line) for line in page.splitlines()]


@pytest.mark.parametrize("name", CONTRACT)
def test_the_page_of_a_table_is_up_to_date(name: str) -> None:
    committed = (ROOT / "docs" / "tables" / f"{name}.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \|", committed) == [*CONTRACT[name], *CONTRACT[name]]
    fresh = docs_tables().page(name, tuple(CONTRACT[name]), {})
    advice = "run python benchmarks/docs_tables.py"
    assert without_examples(committed) == without_examples(fresh), advice


def test_there_is_a_page_for_each_table_and_no_other() -> None:
    folder = ROOT / "docs" / "tables"
    assert {p.stem for p in folder.glob("*.md")} == {*documented(), "README"}
    assert set(CONTRACT) <= set(documented())
    assert (folder / "README.md").read_text(encoding="utf-8") == docs_tables().contents()


# Writing ------------------------------------------------------------------------------------------------------------


def test_write_replaces_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    place = tmp_path / "new" / "t.csv"
    write(place, "một\n")
    write(place, b"two")
    assert place.read_bytes() == b"two"
    assert list(place.parent.iterdir()) == [place]


def test_write_keeps_line_ends_mode_and_links(tmp_path: Path) -> None:
    place, link = tmp_path / "t.csv", tmp_path / "link.csv"
    place.write_text("old")
    place.chmod(0o640)
    link.symlink_to(place)
    write(link, "a\r\nb\n")
    assert link.is_symlink()
    assert place.read_bytes() == b"a\r\nb\n"
    assert place.stat().st_mode & 0o777 == 0o640


def test_write_tells_where_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path, tmp_path / "file" / "t.csv", tmp_path / ("n" * 300), Path("/proc/nowhere/t.csv")):
        with pytest.raises(OutputError, match=re.escape(str(place))) as caught:
            write(place, "x")
        assert "\n" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "t.csv"
    write(place, "old")

    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write(place, "new")
    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_words_around_tables_are_in_both_languages() -> None:
    for key in ("yes", "no", "none", "more", "cut", "columns", "quotations"):
        assert word(key, "vi") != word(key, "en")
