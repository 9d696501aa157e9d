"""The commands figures and report: draws the figures of a comparison, with their data and one manifest."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare import figures, frames
from compare.cli.shared import compared, decisions, lang, listed, new_folder, plural, threshold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from compare.comparison import Comparison


def drawn(found: Comparison, lang: str) -> Iterator[tuple[str, Figure]]:
    """Name and figure, in the order in which a reader meets them."""
    left, right = found.left.plan_id, found.right.plan_id
    parsed = frames.parse_rows([found.left, found.right])
    common = {"lang": lang, "note": found.note}
    yield "themes", figures.theme_bars(found.rows["themes_diff"], left=left, right=right, lang=lang, note=found.note)
    yield "theme-heatmap", figures.theme_heatmap(parsed["tasks"], **common)
    yield (
        "targets",
        figures.target_dumbbells(found.rows["targets_diff"], left=left, right=right, lang=lang, note=found.note),
    )
    yield "gaps", figures.gap_matrix(found.rows["gaps"], **common)
    yield "agencies", figures.agency_load(parsed["assignments"], **common)
    yield "deadlines", figures.deadline_calendar(parsed["tasks"], **common)
    yield "alignment", figures.alignment_matrix(found.rows["alignment"], parsed["tasks"], **common)


FORMATS = ("svg", "png", "pdf")


def draw_all(found: Comparison, folder: Path, lang: str, formats: Sequence[str] = FORMATS) -> dict[str, str]:
    """Writes every figure, its data as CSV, and the manifest; returns the SVG markup by name."""
    markup: dict[str, str] = {}
    files: list[Path] = []
    for name, figure in drawn(found, lang):
        files += figures.save(figure, folder / name, formats)
        markup[name] = (folder / f"{name}.svg").read_text(encoding="utf-8")
    figures.manifest(folder, files, checksums(found), parameters(found, lang))
    return markup


def checksums(found: Comparison) -> dict[str, str]:
    """Plan id -> checksum of the file that it was read from."""
    return {p.plan_id: p.document.sha256 for p in (found.left, found.right)}


def parameters(found: Comparison, lang: str) -> dict[str, object]:
    """What besides the plans decides how the figures look."""
    known = {"threshold": found.pairs.threshold, "lang": lang, "left": found.left.plan_id, "right": found.right.plan_id}
    return {**known, "decided": len(found.pairs.decided())} if found.decided else known


@click.command("figures")
@click.argument("left")
@click.argument("right")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the figures.")
@click.option("--check", is_flag=True, help="Draw nothing; exit with 1 and say what when a figure would change.")
@lang
@threshold
@decisions
def command(
    left: str, right: str, output: Path, check: bool, lang: str, threshold: float | None, decisions: Path | None
) -> None:
    """Draw the figures of two plans, with the data behind each and a manifest of what they were made from.

    \b
    Example: plandiff figures data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt -o figures
    """
    found = compared(left, right, threshold, decisions)
    if check:
        with tempfile.TemporaryDirectory() as fresh:
            draw_all(found, Path(fresh), lang)
            now = json.loads((Path(fresh) / figures.MANIFEST).read_text(encoding="utf-8"))
        changed = figures.changes(output, now)
        for line in changed:
            click.echo(line)
        if changed:
            sys.exit(1)
        click.echo(f"{output}: nothing would change")
        return
    with new_folder(output) as folder:
        drawn_names = draw_all(found, folder, lang)
    click.echo(f"{plural(len(drawn_names), 'figure')} in {output}: {listed(list(drawn_names))}")


@click.command("report")
@click.argument("left")
@click.argument("right")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="HTML file.")
@lang
@threshold
@decisions
def report_command(
    left: str, right: str, output: Path, lang: str, threshold: float | None, decisions: Path | None
) -> None:
    """Write one page on two plans to read, search, filter, and judge pairs on.

    \b
    Example: plandiff report data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt -o report.html
    """
    from compare import report
    from compare.tables import write

    found = compared(left, right, threshold, decisions)
    markup = {name: figures.svg(figure) for name, figure in drawn(found, lang)}
    write(output, report.render(found.left, found.right, found.rows, markup, lang))
    click.echo(f"open {output}")
