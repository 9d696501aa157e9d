"""The report: right in its words, safe with hostile text, and working in a real browser."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import json
import os
import re
import shutil
import subprocess
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from compare import figures, frames, report
from compare.alignment import align
from compare.diff import gap_rows, statement_rows, target_rows, task_rows, term_rows, theme_rows
from compare.findings import findings
from compare.pipeline import read_plans
from compare.report import page as page_parts
from compare.report.tables import _evidence, sheets
from compare.wording import detail_name, target_value

EDITIONS = Path(__file__).parent.parent / "data" / "editions"
LEFT, RIGHT = "thanh-hoa-2023-kh", "son-la-2025-qd-161"
BROWSER = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
in_browser = pytest.mark.skipif(
    BROWSER is None or os.environ.get("CHROMIUM") == "0", reason="needs Chromium: apt-get install chromium"
)
ATTACK = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>${7*7}{{7*7}}\u202egnp.exe\x00'


def tables_of(pairs):
    return {
        "alignment": frames.match_rows(pairs.matches, pairs.left.plan_id, pairs.right.plan_id),
        "themes_diff": theme_rows(pairs),
        "terms_diff": term_rows(pairs),
        "statements_diff": statement_rows(pairs),
        "targets_diff": target_rows(pairs),
        "tasks_diff": task_rows(pairs),
        "gaps": gap_rows(pairs),
    }


@pytest.fixture(scope="module")
def compared():
    left, right = read_plans([EDITIONS / f"{name}.txt" for name in (LEFT, RIGHT)])
    return left, right, tables_of(align(left, right))


@pytest.fixture(scope="module")
def page(compared):
    left, right, tables = compared
    drawn = {"theme_bars": figures.theme_bars(tables["themes_diff"]), "gap_matrix": figures.gap_matrix(tables["gaps"])}
    return report.render(left, right, tables, {name: figures.svg(f) for name, f in drawn.items()}, "en")


@pytest.fixture(scope="module")
def attacked(compared):
    """The same plans with hostile words wherever a text may stand."""
    left, right, tables = compared
    text = left.text[: left.tasks[0].start] + ATTACK + "😀" + left.text[left.tasks[0].start :]
    shift = len(ATTACK) + 1
    moved = tuple(dataclasses.replace(t, start=t.start + shift, end=t.end + shift, text=ATTACK) for t in left.tasks)
    meta = dataclasses.replace(left.metadata, title=ATTACK, issuer=ATTACK, signer=ATTACK, number=ATTACK)
    document = dataclasses.replace(left.document, text=text, source=f"/tmp/{ATTACK}")
    bad = dataclasses.replace(left, document=document, metadata=meta, tasks=moved)
    words = {
        "left_text",
        "right_text",
        "detail",
        "evidence",
        "indicator_text",
        "note",
        "lead_left",
        "sector",
        "change",
        "gap",
    }
    rows = {n: [{k: ATTACK if k in words else v for k, v in r.items()} for r in rs] for n, rs in tables.items()}
    drawn = figures.svg(figures.gap_matrix([{**r, "gap": ATTACK} for r in tables["gaps"]]))
    return bad, right, report.render(bad, right, rows, {ATTACK: drawn}, "vi")


class Tree(HTMLParser):
    """Collects tags with their attributes, and checks that they are closed in order."""

    VOID = frozenset(["meta", "input", "br", "link", "img"])

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


def embedded(text):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])


# What it says.


def test_page_has_every_row_of_every_table(compared, page):
    _, _, tables = compared
    for name, rows in tables.items():
        section = re.search(rf'<section id="{name}".*?</section>', page, re.S)[0]
        weak = [r for r in rows if name == "alignment" and r["accepted"] != "true" and r["right_id"] and r["left_id"]]
        weak = [r for r in weak if r["probability"] < 0.1]
        assert section.count("<tr") == len(rows) - len(weak) + 1
        assert not weak or f"Not shown: {len(weak)} candidates" in section


def test_quotations_point_to_the_words_that_rows_were_read_from(compared, page):
    left, right, _ = compared
    data = embedded(page)
    items = {item: (side, start, end) for item, side, start, end in data["items"]}
    for n, plan in enumerate((left, right)):
        assert data["plans"][n]["text"] == plan.text
        for t in plan.tasks:
            assert items[t.task_id] == (n, t.start, t.end)
    assert sum(map(len, data["sectors"].values())) == sum(bool(t.sector) for p in (left, right) for t in p.tasks)


def test_every_row_but_those_without_a_place_can_be_opened(compared):
    left, right, tables = compared
    for sheet in sheets(left, right, tables, "en"):
        closed = [line for line in sheet.lines if not line.quotes]
        if sheet.name == "gaps":
            assert all("out_task" in line.filters["gap"] for line in closed)
        else:
            assert closed == []


def test_findings_count_what_the_tables_hold(compared):
    left, right, tables = compared
    found = findings(left.plan_id, right.plan_id, tables, "en")
    pairs = [r for r in tables["tasks_diff"] if r["left_id"] and r["right_id"]]
    certain = [r for r in pairs if not r["doubtful"]]
    sure, perhaps = {r["left_id"] for r in certain}, {r["left_id"] for r in pairs} - {r["left_id"] for r in certain}
    first = found[0].text
    assert first.startswith(
        f"{len(sure)} of the {len(left.tasks)} tasks of Thanh Hóa 2023, KH surely have a counterpart"
    )
    assert (
        f"{len(perhaps)} perhaps (doubtful pairs only), {len(left.tasks) - len(sure) - len(perhaps)} have none" in first
    )
    moved = [r for r in pairs if r["lead_change"] == "moved"]
    (leads,) = (f.text for f in found if f.text.startswith("Who leads"))
    assert (
        f"in the {len(certain)} sure pairs: other bodies on the right in {sum(not r['doubtful'] for r in moved)}, "
        in leads
    )
    assert leads.endswith(f"Not counted: doubtful pairs with other bodies, {sum(r['doubtful'] for r in moved)}.")
    for f in found:
        sheet = next((s for s in sheets(left, right, tables, "en") if s.name == f.table), None)
        if sheet and f.filters:
            fits = [line for line in sheet.lines if all(line.filters.get(k) == v for k, v in f.filters.items())]
            assert fits, f


def test_doubtful_pairs_are_no_headline_and_all_kinds_of_gap_are_told():
    row = dict.fromkeys(frames.TASKS_DIFF, "") | {"left_id": "a/1", "right_id": "b/1", "probability": 0.3}
    row |= {"change": "reassigned", "lead_change": "moved", "due_change": "later", "doubtful": "true"}
    assert not [f for f in findings("a", "b", {"tasks_diff": [row]}, "en") if "lead" in f.filters or "bodies" in f.text]
    sure = row | {"left_id": "a/2", "right_id": "b/2", "probability": 0.9, "doubtful": "false"}
    said = [f.text for f in findings("a", "b", {"tasks_diff": [row, sure]}, "en")]
    assert any(
        "in the 1 sure pairs: other bodies on the right in 1, " in text and "together with all others: 1." in text
        for text in said
    )
    assert any(text.startswith("1 sure pairs have another deadline") for text in said)
    kinds = ("no_lead", "annex_without_body", "body_without_annex", "no_coordinator", "no_deadline", "no_product")
    gaps = [dict.fromkeys(frames.GAPS, "") | {"gap": gap, "plan_id": "a"} for gap in kinds]
    (told,) = (f.text for f in findings("a", "b", {"gaps": gaps}, "en") if f.table == "gaps")
    assert told.count(";") == len(kinds) - 1


def test_between_provinces_nothing_was_dropped_or_lowered(compared):
    left, right, tables = compared
    named = {s.name: {v: n for f in s.filters if f.column == "change" for v, n, _ in f.options}
             for s in sheets(left, right, tables, "en")}  # fmt: skip
    assert named["tasks_diff"]["dropped"] == "only in Thanh Hóa"
    assert named["tasks_diff"]["added"] == "only in Sơn La"
    said = " ".join(f.text for f in findings(left.plan_id, right.plan_id, tables, "en"))
    assert not re.search(r"\b(dropped|added|lowered|raised)\b", said)
    again = {
        v: n
        for s in sheets(left, left, tables, "vi")
        for f in s.filters
        if f.column == "change"
        for v, n, _ in f.options
    }
    assert again["dropped"] == "bỏ"  # of one province things do change in time


def test_a_plan_and_itself_get_a_notice(compared):
    left, _, _ = compared
    assert "Both plans are the same text." in report.render(left, left, {}, {}, "en")


def test_details_are_told_with_names_in_both_languages(compared):
    _, _, tables = compared
    rows = [r for r in tables["gaps"] if r["gap"] == "agency_without_task"]
    (row,) = [r for r in rows if "son-la" in str(r["detail"])][:1]
    n = int(re.search(r"leads (\d+) in", str(row["detail"]))[1])
    assert detail_name(row["detail"], "en").startswith(f"leads {n} in ")
    assert "Sơn La 2025, QĐ 161" in detail_name(row["detail"], "vi") and "chủ trì" in detail_name(row["detail"], "vi")
    assert not [r["detail"] for r in tables["gaps"] if r["gap"] != "task_without_counterpart"
                and detail_name(r["detail"], "vi") == r["detail"]]  # fmt: skip
    assert detail_name("words of another form", "vi") == "words of another form"


def test_units_stand_behind_their_numbers():
    row = {"left_value": 8.0, "left_value_max": "", "left_unit": "USD bn", "left_comparator": ">=", "left_period": ""}
    assert target_value(row, "left", "en") == "≥ 8 billion USD"
    assert target_value(row, "left", "vi") == "≥ 8 tỷ USD"
    assert target_value(row | {"left_unit": "rank", "left_comparator": "<="}, "left", "en") == "≤ rank 8"
    assert target_value(row | {"left_unit": "count"}, "left", "vi") == "≥ 8"


def test_evidence_is_named_in_the_page_s_language():
    cell = "terms: giá điện, health; hộ nghèo; sector: health, labour; agency: so-y-te"
    assert (
        _evidence(cell, "vi")
        == "Thuật ngữ: giá điện, health; hộ nghèo; Lĩnh vực: Y tế, Lao động và việc làm; Cơ quan: Sở Y tế"
    )
    assert _evidence("", "vi") == ""


def test_findings_on_nothing():
    assert [f.text for f in findings("a", "b", {}, "en")] == [
        "Neither plan has a task.",
        "No missing assignments were found.",
    ]


def test_findings_name_sectors_and_targets():
    sector = {"sector": "health", "left_count": 9, "left_share": 0.3, "right_count": 1, "right_share": 0.01, "z": -3.1}
    target = dict.fromkeys(frames.TARGETS_DIFF, "") | {
        "indicator_id": "grdp-growth",
        "change": "raised",
        "left_value": 9.5,
    }
    target |= {"left_unit": "%", "left_comparator": ">=", "left_period": "2021-2025/yr", "right_value": 11.0}
    target |= {"right_value_max": 12.0, "right_unit": "%", "right_comparator": "range", "right_period": "2025"}
    said = [f.text for f in findings("a", "b", {"themes_diff": [sector], "targets_diff": [target]}, "vi")]
    assert "a chú trọng hơn: Y tế (30,0% so với 1,0%)." in said
    assert any("≥ 9,5 % (2021–2025, bình quân/năm) thành 11–12 % (2025)" in text for text in said)
    assert target_value(dict.fromkeys(frames.TARGETS_DIFF, ""), "left", "en") == ""


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_both_languages_and_no_tables(compared, lang):
    left, right, _ = compared
    text = report.render(left, right, {}, {}, lang)
    assert f'<html lang="{lang}">' in text
    assert {"en": "Missing assignments", "vi": "Phân công còn thiếu"}[lang] in text
    Tree(text)


def test_unknown_language_is_refused(compared):
    left, right, _ = compared
    with pytest.raises(ValueError, match="sv"):
        report.render(left, right, {}, {}, "sv")


def test_same_input_same_bytes(compared):
    left, right, tables = compared
    assert report.render(left, right, tables, {}, "vi") == report.render(left, right, tables, {}, "vi")


# What it is made of.


def test_page_needs_no_network(page):
    tree = Tree(page)
    assert not [a for tag, a in tree.tags if "src" in a or tag in ("link", "iframe", "object", "embed", "base")]
    assert all(a["href"].startswith("#") for _, a in tree.tags if "href" in a)
    assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttpRequest|innerHTML|eval\(", page)
    policy = next(a["content"] for a in tree.all("meta") if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")


def test_page_is_accessible(page):
    tree = Tree(page)
    ids = [a["id"] for _, a in tree.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert all(a["aria-labelledby"] in ids for _, a in tree.tags if "aria-labelledby" in a)
    assert all(a["href"][1:] in ids for a in tree.all("a") if "=" not in a["href"])
    assert all(a.get("scope") == "col" for a in tree.all("th"))
    assert all(a.get("role") == "img" and a.get("aria-label") for a in tree.all("svg"))
    assert all(a.get("type") in ("button", "reset") for a in tree.all("button"))
    for field in ("input", "select"):
        assert page.count(f"<{field} ") == len(re.findall(rf"<label[^>]*>[^<]*<{field} ", page))
    assert page.count("<caption") == page.count("<table")


def test_figures_share_no_ids_and_lose_no_glyph(compared, page):
    used = set(re.findall(r'href="#(f\d[0-9a-f]+)"|url\(#(f\d[0-9a-f]+)\)', page))
    ids = set(re.findall(r' id="(f\d[0-9a-f]+)"', page))
    assert {a or b for a, b in used} == ids
    markup = figures.svg(figures.gap_matrix(compared[2]["gaps"]))
    shown = re.findall(r"<svg.*?</svg>", page, re.S)[1]
    assert shown.count("<use") == markup.count("<use") and shown.count("<path") == markup.count("<path")


def test_colours_of_text_have_contrast():
    css = page_parts._asset("report.css")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))

    def luminance(colour):
        linear = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in linear]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink in ("ink", "muted", "left", "right"):
        for ground in ("#ffffff", colours["ground"], colours["left-ground"], colours["right-ground"]):
            assert (luminance(ground) + 0.05) / (luminance(colours[ink]) + 0.05) >= 4.5, (ink, ground)


def test_hostile_text_stays_text(attacked):
    left, _, text = attacked
    assert "<script>alert" not in text and "<img" not in text and "49" not in re.findall(r"<h2>(.*?)</h2>", text)
    tree = Tree(text)
    assert len(tree.all("script")) == 2
    assert not [a for _, a in tree.tags for name in a if name.startswith("on")]
    visible = re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.S)
    assert "\u202e" not in visible and "\x00" not in visible
    assert embedded(text)["plans"][0]["text"] == left.text


def test_spans_count_as_javascript_counts(attacked):
    left, _, text = attacked
    data = embedded(text)
    units = left.text.encode("utf-16-le")
    items = {item: (start, end) for item, _, start, end in data["items"]}
    for t in left.tasks:
        start, end = items[t.task_id]
        assert units[2 * start : 2 * end].decode("utf-16-le") == left.text[t.start : t.end]


def test_pair_of_250_tasks_stays_under_3_mb(compared):
    """The larger edition against itself, with all figures of two plans."""
    _, right, _ = compared
    other = dataclasses.replace(right, plan_id="son-la-2026-qd-1")
    swap = {t.task_id: t.task_id.replace(RIGHT, "son-la-2026-qd-1") for t in right.tasks}
    other = dataclasses.replace(
        other,
        tasks=tuple(dataclasses.replace(t, task_id=swap[t.task_id]) for t in right.tasks),
        assignments=tuple(dataclasses.replace(a, task_id=swap[a.task_id]) for a in right.assignments),
        targets=(),
        themes=(),
    )
    tables = tables_of(align(right, other))
    said = frames.parse_rows([right, other])
    drawn = (
        figures.theme_bars(tables["themes_diff"]), figures.target_dumbbells(tables["targets_diff"]),
        figures.agency_load(said["assignments"]), figures.deadline_calendar(said["tasks"]),
        figures.gap_matrix(tables["gaps"]), figures.alignment_matrix(tables["alignment"], said["tasks"]),
    )  # fmt: skip
    text = report.render(right, other, tables, {str(n): figures.svg(f) for n, f in enumerate(drawn)}, "vi")
    assert len(right.tasks) > 200
    assert len(text.encode("utf-8")) * 250 / len(right.tasks) < 3_100_000


# In a browser.


def dump(path, fragment="", *options):
    """The page's elements after its script has run."""
    command = [
        BROWSER,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={path.parent / 'profile'}",
        *options,
    ]
    done = subprocess.run([*command, "--dump-dom", f"file://{path}{fragment}"], capture_output=True, timeout=120)
    return done.stdout.decode("utf-8")


def shown(dom, name):
    """The rows of a table that are neither filtered out nor beyond the first ones."""
    section = re.search(rf'<section id="{name}".*?</section>', dom, re.S)[0]
    found = re.findall(r"<tr([^>]*)>(.*?)</tr>", section.split("<tbody>")[1], re.S)
    return [(attrs, body) for attrs, body in found if "hidden" not in attrs and "over" not in attrs]


@pytest.fixture
def written(tmp_path, page):
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def with_script(tmp_path, page, script):
    """The page with a second script that uses it; its policy lets the second one run too."""
    open_policy = re.sub(r"script-src '[^']*'", "script-src 'unsafe-inline'", page, count=1)
    path = tmp_path / "used.html"
    path.write_text(open_policy.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    return path


@in_browser
def test_browser_shows_the_first_rows_and_counts_all(written, compared):
    dom = dump(written)
    total = len(compared[2]["gaps"])
    assert len(shown(dom, "gaps")) == 60
    assert f">{total} rows</output>" in dom and f">Show all {total} rows</button>" in dom


@in_browser
def test_address_searches_every_table_with_and_without_marks(written, compared):
    for asked in ("?q=du%20lich", "?q=du%20l%E1%BB%8Bch"):
        rows = shown(dump(written, asked), "tasks_diff")
        assert 0 < len(rows) < len(compared[2]["tasks_diff"])
        for _, body in rows:
            plain = unicodedata.normalize("NFD", html.unescape(body)).lower()
            plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")
            assert "du" in plain and "lich" in plain


@in_browser
def test_fragment_filters_a_column_and_opens_the_quotation(written, compared):
    left, _, tables = compared
    dropped = [r for r in tables["tasks_diff"] if r["change"] == "dropped"]
    dom = dump(written, "#t=tasks_diff&change=dropped&open=1")
    rows = [row for row in shown(dom, "tasks_diff") if 'class="quote"' not in row[0]]
    assert len(rows) == min(60, len(dropped))
    assert all('data-change="dropped"' in attrs for attrs, _ in rows)
    task = next(t for t in left.tasks if t.task_id == dropped[0]["left_id"])
    assert f"<mark>{html.escape(left.text[task.start : task.end], quote=False)}</mark>" in dom
    assert f"characters {task.start} to {task.end}" in dom
    assert dom.count('<button type="button" aria-expanded="true"') == 1


@in_browser
def test_an_opened_pair_underlines_the_words_that_only_one_side_has(written, compared):
    """What is not underlined is the same on both sides, in the same order; a row with one side has nothing underlined."""
    dom = dump(written, "#t=tasks_diff&change=kept&open=1")
    marks = re.findall(r"<mark>(.*?)</mark>", dom, re.S)
    assert len(marks) == 2 and all("<b>" in mark for mark in marks)
    common = [re.sub(r"<b>.*?</b>", " ", mark, flags=re.S) for mark in marks]
    words = [[w.strip(".,;:!?()\"'“”-").lower() for w in html.unescape(c).split()] for c in common]
    plain = [[w for w in side if w] for side in words]
    assert plain[0] and plain[0] == plain[1]
    assert "<mark><b>" not in dump(written, "#t=tasks_diff&change=dropped&open=1")


@in_browser
def test_nothing_found_is_said(written):
    dom = dump(written, "#t=gaps&q=xyzzyx")
    assert shown(dom, "gaps") == []
    section = re.search(r'<section id="gaps".*?</section>', dom, re.S)[0]
    assert '<p class="nothing">No row matches' in section


@in_browser
def test_judging_is_kept_and_exported(tmp_path, page, compared):
    script = """
      const row = document.querySelector('#alignment tr[data-pair="task"]');
      document.getElementById('reviewer').value = '=cmd|"x"';
      row.querySelector('td.judge button[value="accepted"]').click();
      const twin = [...document.querySelectorAll('#tasks_diff tr')].filter((r) => r.pair === row.pair);
      document.body.dataset.twins = twin.every((r) => r.className.includes('accepted'));
      document.body.dataset.store = Object.keys(localStorage).filter((k) => k.startsWith('plandiff:')).length;
      URL.createObjectURL = (blob) => { blob.text().then((t) => { document.body.dataset.csv = t; }); return '#'; };
      document.getElementById('export').click();
    """
    dom = dump(with_script(tmp_path, page, script), "", "--virtual-time-budget=3000")
    body = dict(Tree.all(_Body(dom), "body")[0])
    assert body["data-twins"] == "true" and body["data-store"] == "2"
    (row,) = csv.DictReader(io.StringIO(body["data-csv"].lstrip("\ufeff")))
    assert row["decision"] == "accepted" and row["left_plan"] == LEFT and row["right_plan"] == RIGHT
    assert row["reviewer"] == '\'=cmd|"x"'
    text = next(t.text for t in compared[0].tasks if t.task_id == row["left_id"])
    assert row["left_text"].lstrip("'").split() == text.split()
    assert "1 pairs judged" in dom


class _Body(Tree):
    """Only the start tags, of a page whose scripts were changed by a browser."""

    def __init__(self, text):
        HTMLParser.__init__(self)
        self.tags, self.open = [], []
        self.feed(text)

    def handle_endtag(self, tag):
        pass


@in_browser
def test_keyboard_opens_and_sorting_orders(tmp_path, page):
    script = """
      const heads = document.querySelectorAll('#themes_diff thead [role=button]');
      for (const key of ['Enter', ' ']) heads[7].dispatchEvent(new KeyboardEvent('keydown', { key }));
      const first = document.querySelector('#themes_diff .opener button');
      first.focus();
      document.body.dataset.focus = document.activeElement === first;
      document.activeElement.click();
    """
    dom = dump(with_script(tmp_path, page, script))
    section = re.search(r'<section id="themes_diff".*?</section>', dom, re.S)[0]
    values = [float(row.split('data-sort="')[-1].split('"')[0]) for row in section.split("<tr data-")[1:]]
    assert values == sorted(values, reverse=True)
    assert 'aria-sort="descending"' in section and 'data-focus="true"' in dom and "<mark>" in section


@in_browser
def test_hostile_text_runs_nothing(tmp_path, attacked):
    path = tmp_path / "attacked.html"
    path.write_text(attacked[2].replace("alert(", "document.title=String("), encoding="utf-8")
    dom = dump(path, "#t=tasks_diff&open=1")
    title = re.search(r"<title>(.*?)</title>", dom, re.S)[1]
    assert title.startswith("So sánh") and "<mark>" in dom


@in_browser
@pytest.mark.parametrize("width", [360, 1280])
def test_page_is_no_wider_than_the_window(tmp_path, page, width):
    """Measured in a frame, as a window has a least width."""
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<!doctype html><iframe id="f" src="report.html" style="width:{width}px;height:800px;border:0"></iframe><script>'
        "f.onload = () => { const d = f.contentDocument; document.title = d.documentElement.scrollWidth - d.documentElement.clientWidth; }</script>",
        encoding="utf-8",
    )
    dom = dump(frame, "", "--allow-file-access-from-files", "--virtual-time-budget=3000")
    assert re.search(r"<title>(-?\d+)</title>", dom)[1] == "0"


@in_browser
def test_page_prints(written, tmp_path):
    out = tmp_path / "out.pdf"
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    subprocess.run([*command, f"--print-to-pdf={out}", f"file://{written}"], capture_output=True, timeout=120)
    assert out.read_bytes().startswith(b"%PDF")
