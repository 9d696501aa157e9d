"""plandiff review: people's decisions on pairs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare.cli.pairs import _rows
from compare.cli.shared import plural, threshold
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
def queue(left: str, right: str, output: Path, most: int, blind: bool, folder: Path, threshold: float | None) -> None:
    """Write the pairs where a look helps most, to be filled in: decision, relation, reviewer, date, note.

    \b
    Example: plandiff review queue data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt -o look.csv
    """
    from compare import review as stage
    from compare.comparison import Comparison
    from compare.tables import Table, render, write

    found = Comparison.of(left, right, threshold)
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
@decisions_folder
def apply_sheet(left: str, right: str, sheet: Path, folder: Path) -> None:
    """Take a filled-in sheet (CSV or XLSX) back into the decisions of a pair of plans.

    \b
    Example: plandiff review apply data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt look.csv
    """
    from compare import review as stage
    from compare.comparison import Comparison
    from compare.tables import read_workbook

    pairs = Comparison.of(left, right).pairs
    needed = ("left_id", "right_id", "decision")
    rows = read_workbook(sheet, QUEUE, needed) if sheet.suffix.lower() == ".xlsx" else _rows(sheet, needed)
    made = []
    for line, r in enumerate(rows, start=2):
        if not (r.get("decision") or "").strip():
            continue
        try:
            facts = {c: (r.get(c) or "").strip() for c in ("relation", "reviewer", "date", "note")}
            made.append(stage.decide(pairs, r["left_id"], r["right_id"], r["decision"].strip().lower(), **facts))
        except KeyError as error:
            raise PlanError(
                f"{sheet}, line {line}: {error.args[0]} is no item of these plans; were they parsed anew?"
            ) from None
        except ValueError as error:
            raise PlanError(f"{sheet}, line {line}: {error}; correct the cell") from None
    target = _file(folder, pairs)
    kept = {(d.left, d.right, d.reviewer): d for d in (*read_decisions(target), *made)}
    _write_decisions(target, list(kept.values()))
    click.echo(f"{plural(len(made), 'decision')} taken into {target} ({len(kept)} in all)")


def _write_decisions(path: Path, decisions: Sequence[Decision]) -> None:
    from compare.review import COLUMNS, to_row
    from compare.tables import Table, render, write

    path.parent.mkdir(parents=True, exist_ok=True)
    rows = sorted((to_row(d) for d in decisions), key=lambda r: tuple(r.values()))
    write(path, render(Table("decisions", COLUMNS, tuple(dict(r) for r in rows)), "csv"))


@review.command()
@click.argument("left")
@click.argument("right")
@decisions_folder
def status(left: str, right: str, folder: Path) -> None:
    """Say how many decisions a pair of plans has, and which no longer find their items.

    \b
    Example: plandiff review status data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt
    """
    from compare import review as stage
    from compare.comparison import Comparison

    pairs = Comparison.of(left, right).pairs
    decisions = _decisions_on(folder, pairs)
    _, stale = stage.apply(pairs, decisions)
    out_of_date = len({s.decision for s in stale})
    click.echo(f"{_file(folder, pairs)}: {plural(len(decisions), 'decision')}, {out_of_date} stale")
    for s in stale:
        click.echo(f"  stale: {s}")


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
