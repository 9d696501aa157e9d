"""What ``plandiff compare`` leaves in its folder, and what it says in the terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from compare import frames
from compare.cli.shared import plural
from compare.comparison import Comparison
from compare.lexicon import taxonomy
from compare.tables import Table, render, workbook

if TYPE_CHECKING:
    from rich.console import Console

_READ_FIRST = ("themes_diff", "targets_diff", "tasks_diff", "gaps", "alignment")


def fill(found: Comparison, folder: Path, lang: str, draw: bool) -> None:
    """Writes tables (CSV, JSON, Markdown), the workbook, the plans' tables and texts, figures and the report."""
    tables = [found.table(name, lang) for name in _READ_FIRST]
    for table in tables:
        for kind in ("csv", "json", "md"):
            _write(folder / "tables" / f"{table.name}.{kind}", render(table, kind, lang))
    (folder / "comparison.xlsx").write_bytes(workbook([*tables, *found.sources()], found.texts(), lang))
    parsed = frames.parse_rows([found.left, found.right])
    for name, columns in frames.PARSE_TABLES.items():
        _write(folder / "plans" / f"{name}.csv", render(Table(name, tuple(columns), tuple(parsed[name])), "csv"))
    for plan in (found.left, found.right):
        _write(folder / "plans" / "text" / f"{plan.plan_id}.txt", plan.text)
    if draw:
        from compare.cli.pictures import draw_all

        markup = draw_all(found, folder / "figures", lang)
        from compare import report

        _write(folder / "report.html", report.render(found.left, found.right, found.rows, markup, lang))


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="")


def summary(found: Comparison, output: Path, console: Console, draw: bool) -> None:
    """A screenful: what was read, what differs most, what is missing, which files to open."""
    from rich.table import Table as Grid

    left, right = found.left, found.right
    grid = Grid(title=f"{left.plan_id}  /  {right.plan_id}", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("", left.plan_id, right.plan_id):
        grid.add_column(name, justify="left" if not name else "right")
    for label, count in (("tasks", "tasks"), ("targets", "targets"), ("themes", "themes"), ("warnings", "warnings")):
        grid.add_row(label, str(len(getattr(left, count))), str(len(getattr(right, count))))
    console.print(grid)
    console.print(f"\n[bold]Tasks[/bold]    {_changes(found.rows['tasks_diff'])}")
    console.print(f"[bold]Targets[/bold]  {_changes(found.rows['targets_diff']) or 'none on either side'}")
    for line in _target_lines(found):
        console.print(f"         {line}")
    console.print(f"[bold]Themes[/bold]   {_theme_line(found)}")
    console.print("[bold]Missing assignments[/bold]")
    for gap, counts in _gap_counts(found).items():
        console.print(
            f"         {gap:26} {counts[left.plan_id]:>4} in {left.plan_id}, {counts[right.plan_id]:>4} in {right.plan_id}"
        )
    console.print(f"\nOpen {output / 'report.html' if draw else output / 'comparison.xlsx'}")
    console.print(
        f"     {output / 'comparison.xlsx'} (workbook), {output / 'tables'} (CSV, JSON, Markdown)"
        + (f", {output / 'figures'}" if draw else "")
    )


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
    rows = sorted(found.rows["themes_diff"], key=lambda r: (-abs(float(str(r["z"]))), str(r["sector"])))[:most]
    parts = []
    for r in rows:
        more = found.right if float(str(r["z"])) > 0 else found.left
        parts.append(
            f"{names[str(r['sector'])].name_en} weighs more in {more.plan_id} (z {abs(float(str(r['z']))):.1f})"
        )
    return "; ".join(parts)


def _gap_counts(found: Comparison, most: int = 7) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for r in found.rows["gaps"]:
        counts.setdefault(str(r["gap"]), Counter())[str(r["plan_id"])] += 1
    return dict(list(counts.items())[:most])


__all__ = ["fill", "plural", "summary"]
