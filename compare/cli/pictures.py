"""The commands figures and report: draws the figures of plans, with their data and one manifest."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare import figures, frames
from compare.cli.shared import (
    compared,
    decisions,
    embeddings,
    encoder,
    lang,
    listed,
    new_folder,
    plural,
    threshold,
    twice_read,
)
from compare.errors import PlanError
from compare.version import __version__
from compare.wording import number, word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from compare.comparison import Comparison
    from compare.matrix import Matrix
    from compare.records import Plan

Drawn = Iterable[tuple[str, "Figure"]]

FORMATS = ("svg", "png", "pdf")
# The figures of two plans in the order in which a reader meets them; those of more plans are some of these.
NAMES = (
    "themes", "theme-heatmap", "targets", "target-years", "gaps", "agencies", "deadlines", "alignment", "evidence",
    "reliability",
)  # fmt: skip
_NAMED = 8  # plans that a caption names one by one
_GROUPS = 40  # groups of equivalent tasks in the gap matrix of many plans


def drawn(found: Comparison, lang: str) -> Iterator[tuple[str, Figure]]:
    """Name and figure of two plans' comparison. Targets over the years only where a plan has them for two years."""
    left, right = found.left.plan_id, found.right.plan_id
    parsed = frames.parse_rows([found.left, found.right])
    verdicts = [m.accepted for m in found.pairs.decided()]
    note = caption([left, right], found.pairs.threshold, lang, _decided(verdicts, lang))
    common = {"lang": lang, "note": note}
    yield "themes", figures.theme_bars(found.rows["themes_diff"], left=left, right=right, lang=lang, note=note)
    yield "theme-heatmap", figures.theme_heatmap(parsed["tasks"], **common)
    yield "targets", figures.target_dumbbells(found.rows["targets_diff"], left=left, right=right, lang=lang, note=note)
    yield from _years(parsed, **common)
    yield "gaps", figures.gap_matrix(found.rows["gaps"], **common)
    yield "agencies", figures.agency_load(parsed["assignments"], **common)
    yield "deadlines", figures.deadline_calendar(parsed["tasks"], **common)
    yield "alignment", figures.alignment_matrix(found.rows["alignment"], parsed["tasks"], **common)


def drawn_of_many(groups: Matrix, lang: str, verdicts: Sequence[bool] = ()) -> Iterator[tuple[str, Figure]]:
    """Name and figure of more than two plans; ``verdicts``: what people said about pairs."""
    parsed = frames.parse_rows(groups.plans)
    note = caption([p.plan_id for p in groups.plans], groups.threshold, lang, _decided(verdicts, lang))
    common = {"lang": lang, "note": note}
    yield "theme-heatmap", figures.theme_heatmap(parsed["tasks"], **common)
    yield from _years(parsed, **common)
    labels = {g.group_id: f"{g.group_id} {g.label}" for g in groups.groups[:_GROUPS]}
    members = [
        {"group": labels[str(r["group_id"])], "plan_id": r["plan_id"]}
        for r in groups.members()
        if r["group_id"] in labels
    ]
    yield "gaps", figures.gap_matrix(groups.gaps(), members, **common)
    yield "agencies", figures.agency_load(parsed["assignments"], **common)
    yield "deadlines", figures.deadline_calendar(parsed["tasks"], **common)


def _years(parsed: dict[str, list[dict[str, object]]], lang: str, note: str) -> Drawn:
    figure = figures.target_slopes(parsed["targets"], lang=lang, note=note)
    return [("target-years", figure)] if getattr(figure, "data", ()) else []


def caption(plans: Sequence[str], threshold: float, lang: str, more: str = "") -> str:
    """Which plans, which version, which threshold, and what else there is to say."""
    named = " / ".join(plans) if len(plans) <= _NAMED else word("figure", "caption_plans", lang, n=len(plans))
    said = word(
        "figure", "caption", lang, plans=named, version=f"plandiff {__version__}", threshold=number(threshold, lang)
    )
    return f"{said}; {more}" if more else said


def _decided(verdicts: Sequence[bool], lang: str) -> str:
    """How many pairs people decided on; empty for none."""
    n, yes = len(verdicts), sum(verdicts)
    return word("figure", "caption_decided", lang, n=n, yes=yes, no=n - yes) if n else ""


def draw_all(found: Comparison, folder: Path, lang: str, formats: Sequence[str] = FORMATS) -> dict[str, str]:
    """Writes every figure, its data as CSV, and the manifest; returns the SVG markup by name."""
    names = write_all(
        drawn(found, lang), folder, formats, checksums((found.left, found.right)), parameters(found, lang)
    )
    return {name: (folder / f"{name}.svg").read_text(encoding="utf-8") for name in names if "svg" in formats}


def write_all(
    made: Drawn, folder: Path, formats: Sequence[str], inputs: dict[str, str], parameters: dict[str, object]
) -> list[str]:
    """Writes figures, their data as CSV, and the manifest; returns their names."""
    drawn = list(made)
    figures.manifest(folder, figures.save_all(drawn, folder, formats), inputs, parameters)
    return [name for name, _ in drawn]


def checksums(plans: Iterable[Plan]) -> dict[str, str]:
    """Plan id -> checksum of the file that it was read from."""
    return {p.plan_id: p.document.sha256 for p in plans}


def parameters(found: Comparison, lang: str) -> dict[str, object]:
    """What besides the plans decides how the figures look."""
    known = {"threshold": found.pairs.threshold, "lang": lang, "left": found.left.plan_id, "right": found.right.plan_id}
    if found.pairs.embeddings:
        known["embeddings"] = Path(found.pairs.embeddings).name
    return {**known, "decided": len(found.pairs.decided())} if found.decided else known


@click.command("figures")
@click.argument("plans", nargs=-1, required=True, metavar="PLAN PLAN...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the figures.")
@click.option("--check", is_flag=True, help="Draw nothing; exit with 1 and say what when a figure would change.")
@click.option(
    "--format", "formats", type=click.Choice(FORMATS), multiple=True, help="Only this format; may be repeated."
)
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Only this figure; may be repeated.")
@click.option(
    "--pair", nargs=2, metavar="LEFT_ID RIGHT_ID", help="Of two plans: draw also why these two were paired, or not."
)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="Of two plans: draw also how far the probabilities can be trusted, by a CSV with left_id, right_id, grade.",
)
@lang
@threshold
@decisions
@embeddings
def command(
    plans: tuple[str, ...],
    output: Path,
    check: bool,
    formats: tuple[str, ...],
    only: tuple[str, ...],
    pair: tuple[str, str] | None,
    labels: Path | None,
    lang: str,
    threshold: float | None,
    decisions: Path | None,
) -> None:
    """Draw the figures of plans, with the data behind each and a manifest of what they were made from.

    Two plans are compared; of more, the figures are those that show all of them side by side.

    \b
    Example: plandiff figures data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt -o figures
    """
    if len(plans) < 2:
        raise PlanError(f"{plans[0]}: one plan has nothing to be compared with; give two or more")
    if len(plans) > 2 and encoder():
        raise PlanError(f"--embeddings is about two plans, and here are {len(plans)}; give two, or leave it out")
    if len(plans) == 2:
        made, inputs, used = _of_two(compared(*plans, threshold, decisions), lang, pair, labels)
    elif pair or labels:
        raise PlanError(f"{'--pair' if pair else '--labels'} is about two plans, and here are {len(plans)}; give two")
    else:
        made, inputs, used = _of_many(plans, lang, threshold, decisions)
    if only:
        made = ((name, figure) for name, figure in made if name in only)
    if check:
        _check(output, made, _formats(output, formats), inputs, used)
        return
    with new_folder(output) as folder:
        names = write_all(made, folder, formats or FORMATS, inputs, used)
    click.echo(f"{plural(len(names), 'figure')} in {output}: {listed(names)}")


Made = tuple[Drawn, dict[str, str], dict[str, object]]


def _of_two(found: Comparison, lang: str, pair: tuple[str, str] | None, labels: Path | None) -> Made:
    """The figures of two plans, the checksums of what they are made from, the parameters."""
    made, inputs, used = drawn(found, lang), checksums((found.left, found.right)), parameters(found, lang)
    more: list[Drawn] = []
    if pair:
        more.append(_evidence(found, *pair, lang))
        used["pair"] = " / ".join(pair)
    if labels:
        more.append(_reliability(found, labels, lang))
        inputs[labels.name] = hashlib.sha256(labels.read_bytes()).hexdigest()
    return chain(made, *more), inputs, used


def _evidence(found: Comparison, left_id: str, right_id: str, lang: str) -> Drawn:
    from compare.alignment import coefficients
    from compare.cli.pairs import match_of

    match = match_of(found.pairs, left_id, right_id)
    if match.kind == "target":
        raise PlanError(
            f"{match.left_id} and {match.right_id}: targets pair by their indicator; name two tasks or themes"
        )
    note = caption([match.left_id, match.right_id], found.pairs.threshold, lang)
    return [("evidence", figures.evidence_waterfall(match.evidence, coefficients()["intercept"], lang=lang, note=note))]


def _reliability(found: Comparison, labels: Path, lang: str) -> Drawn:
    from compare.cli.pairs import csv_rows, grade_of

    rows = csv_rows(labels, ("left_id", "right_id", "grade"))
    grades = {
        (r["left_id"], r["right_id"]): grade_of(labels, n, r) for n, r in enumerate(rows, start=2) if r["right_id"]
    }
    judged = [m for m in found.pairs.matches if m.kind == "task" and (m.left_id, m.right_id) in grades]
    if not judged:
        raise PlanError(
            f"{labels}: names no candidate pair of {found.left.plan_id} and {found.right.plan_id}; see plandiff align"
        )
    right = [grades[m.left_id, m.right_id] == 2 for m in judged]
    note = caption([found.left.plan_id, found.right.plan_id], found.pairs.threshold, lang, labels.name)
    return [("reliability", figures.reliability_curve([m.probability for m in judged], right, lang=lang, note=note))]


def _of_many(paths: Sequence[str], lang: str, threshold: float | None, decisions: Path | None) -> Made:
    """The figures of more than two plans, the checksums of what they are made from, the parameters."""
    from compare.alignment import THRESHOLD
    from compare.cli.many import read_many
    from compare.display import Progress
    from compare.matrix import matrix

    twice_read(*paths)
    plans, verdicts = read_many(paths, decisions)
    least = THRESHOLD if threshold is None else threshold
    with Progress("pairs of plans") as bar:
        groups = matrix(plans, least, bar, verdicts)
    used = {"threshold": least, "lang": lang, "plans": len(plans), **({"decided": len(verdicts)} if verdicts else {})}
    return drawn_of_many(groups, lang, list(verdicts.values())), checksums(plans), used


def _formats(output: Path, formats: tuple[str, ...]) -> Sequence[str]:
    """Those asked for, else those that the folder holds."""
    return formats or [f for f in FORMATS if next(output.glob(f"*.{f}"), None)] or FORMATS


def _check(output: Path, made: Drawn, formats: Sequence[str], inputs: dict[str, str], used: dict[str, object]) -> None:
    """Draws into a folder that is thrown away; says what differs, and exits with 1 where anything does."""
    with tempfile.TemporaryDirectory() as fresh:
        write_all(made, Path(fresh), formats, inputs, used)
        now = json.loads((Path(fresh) / figures.MANIFEST).read_text(encoding="utf-8"))
    changed = figures.changes(output, now)
    for line in changed:
        click.echo(line)
    if changed:
        sys.exit(1)
    click.echo(f"{output}: nothing would change")


@click.command("report")
@click.argument("left")
@click.argument("right")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="HTML file.")
@lang
@threshold
@decisions
@embeddings
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
