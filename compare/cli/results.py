"""What ``plandiff compare`` leaves in its folder, and what it says in the terminal."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import TYPE_CHECKING

from compare import frames
from compare.cli.shared import listed, plural
from compare.comparison import Comparison
from compare.diff import SURE, SURE_Z
from compare.findings import counterparts, findings, unsure
from compare.tables import Table, render, workbook
from compare.wording import change_name, gap_kind, number, plan_name, sector_name, value_name, word

if TYPE_CHECKING:
    from rich.console import Console

_READ_FIRST = ("themes_diff", "terms_diff", "statements_diff", "targets_diff", "tasks_diff", "gaps", "alignment")


def fill(found: Comparison, folder: Path, lang: str, draw: bool) -> None:
    """Writes tables (CSV, JSON, Markdown), the workbook, the plans' tables and texts, figures and the report."""
    with _drawing(found, folder / "figures", lang, draw) as markup:
        _tables(found, folder, lang)
        if draw:
            from compare import report

            _write(folder / "report.html", report.render(found.left, found.right, found.rows, markup(), lang))


def _tables(found: Comparison, folder: Path, lang: str) -> None:
    tables = [found.table(name, lang) for name in _READ_FIRST]
    for table in tables:
        for kind in ("csv", "json"):
            _write(folder / "tables" / f"{table.name}.{kind}", render(table, kind, lang))
    tables[-1] = found.likely(lang)
    for table in tables:
        _write(folder / "tables" / f"{table.name}.md", render(table, "md", lang))
    (folder / "comparison.xlsx").write_bytes(workbook([*tables, *found.sources()], found.texts(), lang))
    parsed = frames.parse_rows([found.left, found.right])
    for name, columns in frames.PARSE_TABLES.items():
        _write(folder / "plans" / f"{name}.csv", render(Table(name, tuple(columns), tuple(parsed[name])), "csv"))
    for plan in (found.left, found.right):
        _write(folder / "plans" / "text" / f"{plan.plan_id}.txt", plan.text)


@contextmanager
def _drawing(found: Comparison, folder: Path, lang: str, draw: bool) -> Iterator[Callable[[], dict[str, str]]]:
    """Draws the figures (as SVG; ``plandiff figures`` makes the others) on a second core while the tables are written.

    Gives a call that waits for their markup. Where a process cannot be forked, or only one core is there, the call
    draws them itself.
    """
    from compare.cli.pictures import draw_all

    if not draw:
        yield dict
    elif "fork" not in get_all_start_methods() or (os.cpu_count() or 1) < 2:
        yield lambda: draw_all(found, folder, lang, ("svg",))
    else:
        found.rows  # noqa: B018 - made once, before the fork, for both
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as second:
            yield second.submit(draw_all, found, folder, lang, ("svg",)).result


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="")


def summary(found: Comparison, output: Path, console: Console, draw: bool, lang: str = "en") -> None:
    """A screenful: what was read, what differs most, what is missing, which files to open."""
    from rich.padding import Padding

    left, right = found.left, found.right
    counts = [
        (word("summary", name, lang), len(getattr(left, name)), len(getattr(right, name)))
        for name in ("tasks", "targets", "themes", "warnings")
    ]
    _grid(console, word("summary", "read", lang), counts, left.plan_id, right.plan_id)
    if left.text == right.text:
        console.print(f"\n{word('finding', 'same_text', lang)}", soft_wrap=True)
    console.print()
    nothing = word("report", "none", lang)
    targets = [_changes(found, "targets_diff", lang) or nothing, *_target_lines(found, lang)]
    for name, lines in (
        ("tasks_diff", _task_lines(found, lang)),
        ("targets_diff", targets),
        ("themes_diff", [_theme_line(found, lang)]),
    ):
        console.print(f"[bold]{word('report', f'table_{name}', lang)}[/bold]", highlight=False)
        for line in lines:
            console.print(Padding(line, (0, 0, 0, 2)), highlight=False)
    console.print()
    gaps = [(label, n[left.plan_id], n[right.plan_id]) for label, n in _gap_counts(found, lang).items()]
    _grid(console, word("report", "table_gaps", lang), gaps, left.plan_id, right.plan_id)
    if found.decided or found.stale:
        stale = f"; {plural(len({s.decision for s in found.stale}), 'decision')} out of date" if found.stale else ""
        console.print(f"\n[bold]Review[/bold]   {found.decided or 'no pair decided by people'}{stale}")
    first = output / "report.html" if draw else output / "comparison.xlsx"
    others = [str(output / n) for n in (["comparison.xlsx", "tables", "figures"] if draw else ["tables"])]
    console.print(f"\n{word('summary', 'open', lang, path=first)}", soft_wrap=True)
    console.print(
        word("summary", "also", lang, paths=listed(others) if lang == "en" else ", ".join(others)), soft_wrap=True
    )


def _grid(console: Console, title: str, rows: list[tuple[str, int, int]], left: str, right: str) -> None:
    from rich.table import Table as Grid

    grid = Grid(box=None, pad_edge=False, header_style="bold")
    grid.add_column(title)
    for name in (left, right):
        grid.add_column(name, justify="right")
    for label, a, b in rows:
        grid.add_row(label, str(a), str(b))
    console.print(grid)


def _changes(found: Comparison, table: str, lang: str, sure: bool = True) -> str:
    """How many rows changed in which way; of tasks only the pairs, either those that are sure or the doubtful ones."""
    rows = found.rows[table]
    if table == "tasks_diff":
        rows = [r for r in rows if r["left_id"] and r["right_id"] and unsure(r) != sure]
    counts = Counter(str(r["change"]) for r in rows)
    plans = (found.left.plan_id, found.right.plan_id)
    ordered = sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    return ", ".join(f"{number(n, lang)} {change_name(change, lang, plans)}" for change, n in ordered)


def _task_lines(found: Comparison, lang: str) -> list[str]:
    """For each plan how many of its tasks have a counterpart; then the pairs, those that are sure and the others."""
    rows = found.rows["tasks_diff"]
    lines = []
    for plan, side in ((found.left, "left"), (found.right, "right")):
        n = counterparts(rows, side)
        values = {"sure": n.sure, "perhaps": n.perhaps, "none": n.none, "total": n.total}
        lines.append(word("summary", "counterparts", lang, plan=plan_name(plan.plan_id, lang), **values))
    for sure, key in ((True, "sure"), (False, "doubtful")):
        if said := _changes(found, "tasks_diff", lang, sure):
            n_pairs = sum(bool(r["left_id"] and r["right_id"]) and unsure(r) != sure for r in rows)
            lines.append(word("summary", key, lang, n=n_pairs, changes=said, limit=number(SURE, lang)))
    return lines


def _target_lines(found: Comparison, lang: str, most: int = 5) -> list[str]:
    """The first targets that both plans put a different number on, as the findings say them."""
    said = findings(found.left.plan_id, found.right.plan_id, {"targets_diff": found.rows["targets_diff"]}, lang)
    return [f.text for f in said if f.filters.get("change") in ("raised", "lowered")][:most]


def _theme_line(found: Comparison, lang: str, most: int = 3) -> str:
    sure = [r for r in found.rows["themes_diff"] if abs(float(str(r["z"]))) >= SURE_Z]
    if not sure:
        return word("finding", "sectors_alike", lang)
    parts = []
    for r in sorted(sure, key=lambda r: (-abs(float(str(r["z"]))), str(r["sector"])))[:most]:
        z = float(str(r["z"]))
        plan = plan_name((found.right if z > 0 else found.left).plan_id, lang)
        name = sector_name(str(r["sector"]), lang)
        parts.append(word("summary", "weighs", lang, sector=name, plan=plan, z=number(abs(z), lang, 1)))
    return "; ".join(parts)


def _gap_counts(found: Comparison, lang: str) -> dict[str, Counter[str]]:
    """Kind of gap, in words -> plan -> cases; tasks whose counterpart is in doubt are counted apart."""
    counts: dict[str, Counter[str]] = {}
    for r in found.rows["gaps"]:
        label = value_name("gap", gap_kind(r), lang)
        if r["gap"] == "task_without_counterpart" and unsure(r):
            label = word("summary", "only_doubtful", lang)
        counts.setdefault(label, Counter())[str(r["plan_id"])] += 1
    return counts
