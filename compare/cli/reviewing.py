"""plandiff review: people's decisions on pairs."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare.cli.pairs import csv_rows
from compare.cli.shared import embeddings, encoder, plural, threshold, twice_read
from compare.errors import PlanError

if TYPE_CHECKING:
    from compare.records import Alignment
    from compare.review import Decision


@click.group()
def review() -> None:
    """People's decisions on pairs: what to look at, decisions in and out, agreement."""


def _file(folder: Path, pairs: Alignment) -> Path:
    return folder / f"{pairs.left.plan_id}__{pairs.right.plan_id}.csv"


def read_decisions(path: Path) -> list[Decision]:
    """The decisions of a file; none where it does not exist."""
    from compare import review as stage

    return stage.read_decisions(path) if path.exists() else []


def _decisions_on(folder: Path, pairs: Alignment) -> list[Decision]:
    """The decisions on a pair of plans in a folder, mirrored ones too; none where it does not exist."""
    from compare import review as stage

    return stage.load(folder, pairs.left.plan_id, pairs.right.plan_id) if folder.exists() else []


decisions_folder = click.option(
    "--decisions",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("alignments"),
    help="Folder of decisions, one CSV for each pair of plans.",
)


@review.command()
@click.argument("left")
@click.argument("right")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="CSV or XLSX to fill in."
)
@click.option("--most", default=50, show_default=True, type=click.IntRange(1), help="How many pairs.")
@click.option("--blind", is_flag=True, help="Without scores, in an order that tells nothing.")
@decisions_folder
@threshold
@embeddings
def queue(left: str, right: str, output: Path, most: int, blind: bool, folder: Path, threshold: float | None) -> None:
    """Write the pairs where a look helps most, to be filled in: decision, relation, reviewer, date, note.

    First come those whose verdict is likeliest to change what the tables tell: unsure pairs that hold, and likely ones
    that do not, above all where a task would gain or lose its only partner, or where the leads differ.

    \b
    Example: plandiff review queue data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt -o look.csv
    """
    from compare import review as stage
    from compare.comparison import Comparison
    from compare.tables import Table, render, write

    twice_read(left, right)
    found = Comparison.of(left, right, threshold, None, encoder())
    pairs, _ = stage.apply(found.pairs, _decisions_on(folder, found.pairs))
    words = {t.task_id: " ".join(t.text.split()) for p in (found.left, found.right) for t in p.tasks}
    rows = [
        {
            "left_id": m.left_id,
            "right_id": m.right_id,
            "left_text": words[m.left_id],
            "right_text": words[m.right_id],
            "probability": "" if blind else m.probability,
            **dict.fromkeys(("decision", "relation", "reviewer", "date", "note"), ""),
        }
        for m in stage.queue(pairs, most, blind)
    ]
    table = Table("review", QUEUE, tuple(rows), title=f"{found.left.plan_id} / {found.right.plan_id}")
    if output.suffix.lower() == ".xlsx":
        from compare.tables import workbook

        write(output, workbook([table], found.texts()))
    else:
        write(output, render(table, "csv"))
    click.echo(
        f"{plural(len(rows), 'pair')} in {output}: fill in decision (accepted or rejected), then plandiff review apply"
    )


QUEUE = (
    "left_id",
    "right_id",
    "left_text",
    "right_text",
    "probability",
    "decision",
    "relation",
    "reviewer",
    "date",
    "note",
)


@review.command("apply")
@click.argument("left")
@click.argument("right")
@click.argument("sheet", type=click.Path(path_type=Path))
@click.option("--reviewer", default="", help="Who decided, for rows whose cell reviewer is empty.")
@decisions_folder
def apply_sheet(left: str, right: str, sheet: Path, folder: Path, reviewer: str) -> None:
    """Take a filled-in sheet (CSV or XLSX) back into the decisions of a pair of plans.

    Each decision needs a reviewer. Dates are ISO (2026-01-31) or day first (31/1/2026). A sheet with a fault is not taken
    at all; every fault is named.

    \b
    Example: plandiff review apply data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt look.csv
    """
    from compare.comparison import Comparison
    from compare.tables import read_workbook

    twice_read(left, right)
    pairs = Comparison.of(left, right).pairs
    needed = ("left_id", "right_id", "decision")
    rows = read_workbook(sheet, QUEUE, needed) if sheet.suffix.lower() == ".xlsx" else csv_rows(sheet, needed)
    filled = [(line, r) for line, r in enumerate(rows, start=2) if (r.get("decision") or "").strip()]
    if not filled:
        raise PlanError(f"{sheet}: no row has a decision; write accepted or rejected into the column decision")
    made = _taken(pairs, sheet, filled, reviewer.strip())
    target = _file(folder, pairs)
    kept = {(d.left, d.right, d.reviewer): d for d in (*read_decisions(target), *made)}
    _write_decisions(target, list(kept.values()))
    click.echo(f"{plural(len(made), 'decision')} taken into {target} ({len(kept)} in all)")
    if undated := sum(not d.date for d in made):
        click.echo(
            f"{undated} without a date: of several decisions on one pair the latest counts, these before any other"
        )


def _taken(pairs: Alignment, sheet: Path, rows: Sequence[tuple[int, dict[str, str]]], reviewer: str) -> list[Decision]:
    """The decisions of a sheet's rows with their lines; raises PlanError that names every fault."""
    from compare import review as stage

    made, faults = [], []
    for line, r in rows:
        facts = {c: (r.get(c) or "").strip() for c in ("relation", "reviewer", "date", "note")}
        facts |= {"reviewer": facts["reviewer"] or reviewer, "date": _iso(facts["date"])}
        if not facts["reviewer"]:
            faults.append(f"line {line}: no reviewer (fill in the cell, or name one with --reviewer)")
        try:
            made.append(stage.decide(pairs, r["left_id"], r["right_id"], r["decision"].strip().lower(), **facts))
        except KeyError as error:
            faults.append(f"line {line}: {error.args[0]} is no item of these plans (were they parsed anew?)")
        except ValueError as error:
            faults.append(f"line {line}: {error}")
    if faults:
        more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
        raise PlanError(f"{sheet}, {'; '.join(faults[:_MOST_FAULTS])}{more}; nothing was taken, correct the sheet")
    return made


# Faults of a sheet that are told one by one.
_MOST_FAULTS = 10
_DAY_FIRST = re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4})")


def _iso(cell: str) -> str:
    """A date written day first, as Vietnamese readers do, in ISO order; any other cell as it is."""
    m = _DAY_FIRST.fullmatch(cell)
    return f"{m[3]}-{int(m[2]):02}-{int(m[1]):02}" if m else cell


def _write_decisions(path: Path, decisions: Sequence[Decision]) -> None:
    from compare.review import COLUMNS, to_row
    from compare.tables import Table, render, write

    path.parent.mkdir(parents=True, exist_ok=True)
    rows = sorted((to_row(d) for d in decisions), key=lambda r: tuple(r.values()))
    write(path, render(Table("decisions", COLUMNS, tuple(dict(r) for r in rows)), "csv"))


@review.command()
@click.argument("left")
@click.argument("right")
@click.option("--all", "every", is_flag=True, help="List the stale ones one by one also where most are.")
@decisions_folder
def status(left: str, right: str, every: bool, folder: Path) -> None:
    """Say how many decisions a pair of plans has, and which no longer find their items.

    \b
    Example: plandiff review status data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt
    """
    from compare import review as stage
    from compare.comparison import Comparison

    twice_read(left, right)
    pairs = Comparison.of(left, right).pairs
    decisions = _decisions_on(folder, pairs)
    _, stale = stage.apply(pairs, decisions)
    out_of_date = len({s.decision for s in stale})
    click.echo(f"{_file(folder, pairs)}: {plural(len(decisions), 'decision')}, {out_of_date} stale")
    others = stage.for_others(stale, len(decisions))
    if others:
        click.echo(f"  {others}")
    for s in stale if every or not others else ():
        click.echo(f"  stale: {s}")
    if others and not every:
        click.echo("  --all lists them one by one")


@review.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def agreement(files: tuple[Path, ...]) -> None:
    """Cohen's kappa of every two reviewers, and the pairs they dispute; exits with 1 when nobody shares a pair.

    \b
    Example: plandiff review agreement alignments/thanh-hoa-2023-kh__son-la-2025-qd-161.csv
    """
    from compare import review as stage

    found = stage.agreement([d for f in files for d in read_decisions(f)])
    for a in found:
        kappa = "undefined" if a.kappa is None else f"{a.kappa:.3f}"
        click.echo(
            f"{a.first or '(unnamed)'} and {a.second or '(unnamed)'}: kappa {kappa}, {a.agreed} of {plural(a.pairs, 'pair')} agreed"
        )
        for x, y in a.disputed:
            click.echo(f"  disputed: {x.left.section} / {x.right.section}: {x.decision} against {y.decision}")
    if not found:
        click.echo("no two reviewers judged the same pair")
        sys.exit(1)
