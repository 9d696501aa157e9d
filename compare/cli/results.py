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
from compare.diff import SURE_Z
from compare.lexicon import taxonomy
from compare.tables import Table, render, workbook

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


def summary(found: Comparison, output: Path, console: Console, draw: bool) -> None:
    """A screenful: what was read, what differs most, what is missing, which files to open."""
    left, right = found.left, found.right
    counts = [
        (name, len(getattr(left, name)), len(getattr(right, name)))
        for name in ("tasks", "targets", "themes", "warnings")
    ]
    _grid(console, "read", counts, left.plan_id, right.plan_id)
    console.print(f"\n[bold]Tasks[/bold]    {_changes(found.rows['tasks_diff'])}")
    if doubts := found.doubts("tasks_diff"):
        console.print(f"         {doubts}")
    console.print(f"[bold]Targets[/bold]  {_changes(found.rows['targets_diff']) or 'none on either side'}")
    for line in _target_lines(found):
        console.print(f"         {line}")
    console.print(f"[bold]Themes[/bold]   {_theme_line(found)}\n")
    gaps = [(gap, n[left.plan_id], n[right.plan_id]) for gap, n in _gap_counts(found).items()]
    _grid(console, "missing assignments", gaps, left.plan_id, right.plan_id)
    if doubts := found.doubts("gaps"):
        console.print(doubts)
    if found.decided or found.stale:
        stale = f"; {plural(len({s.decision for s in found.stale}), 'decision')} out of date" if found.stale else ""
        console.print(f"\n[bold]Review[/bold]   {found.decided or 'no pair decided by people'}{stale}")
    console.print(f"\nOpen {output / 'report.html' if draw else output / 'comparison.xlsx'}", soft_wrap=True)
    others = ["comparison.xlsx", "tables", "figures"] if draw else ["tables"]
    console.print(f"also {listed([str(output / name) for name in others])}", soft_wrap=True)


def _grid(console: Console, title: str, rows: list[tuple[str, int, int]], left: str, right: str) -> None:
    from rich.table import Table as Grid

    grid = Grid(box=None, pad_edge=False, header_style="bold")
    grid.add_column(title)
    for name in (left, right):
        grid.add_column(name, justify="right")
    for label, a, b in rows:
        grid.add_row(label, str(a), str(b))
    console.print(grid)


def _changes(rows: list[dict[str, object]]) -> str:
    counts = Counter(str(r["change"]) for r in rows)
    return ", ".join(f"{n} {change}" for change, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])))


def _target_lines(found: Comparison, most: int = 5) -> list[str]:
    lines = []
    for r in found.rows["targets_diff"]:
        if r["change"] in ("raised", "lowered"):
            lines.append(
                f"{r['change']}: {r['indicator_text']}, {r['left_value']} {r['left_unit']} ({r['left_period']}) "
                f"to {r['right_value']} {r['right_unit']} ({r['right_period']})"
            )
    return lines[:most]


def _theme_line(found: Comparison, most: int = 3) -> str:
    names = taxonomy()
    sure = [r for r in found.rows["themes_diff"] if abs(float(str(r["z"]))) >= SURE_Z]
    if not sure:
        return f"no sector's share of the tasks differs more than chance would explain (all |z| below {SURE_Z:g})"
    rows = sorted(sure, key=lambda r: (-abs(float(str(r["z"]))), str(r["sector"])))[:most]
    parts = []
    for r in rows:
        more = found.right if float(str(r["z"])) > 0 else found.left
        parts.append(
            f"{names[str(r['sector'])].name_en} weighs more in {more.plan_id} (z {abs(float(str(r['z']))):.1f})"
        )
    return "; ".join(parts)


def _gap_counts(found: Comparison, most: int = 8) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for r in found.rows["gaps"]:
        counts.setdefault(str(r["gap"]), Counter())[str(r["plan_id"])] += 1
    return dict(list(counts.items())[:most])
