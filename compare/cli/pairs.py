"""Commands on pairs: explain one, evaluate an alignment, and review."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare.cli.shared import compared, plural, threshold
from compare.cli.shared import decisions as decided_in
from compare.errors import PlanError

if TYPE_CHECKING:
    from compare.records import Alignment, Match
    from compare.review import Decision


@click.command()
@click.argument("left")
@click.argument("right")
@click.argument("left_id")
@click.argument("right_id")
@threshold
@decided_in
def explain(
    left: str, right: str, left_id: str, right_id: str, threshold: float | None, decisions: Path | None
) -> None:
    """Show why two items were paired, or not: each piece of evidence and its part of the log-odds.

    Item ids may be given without the plan's id in front.

    \b
    Example: plandiff explain data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt E/V/7#1 Điều-1/II/7/7.4#1
    """
    from rich.console import Console

    from compare.alignment import coefficients
    from compare.tables import Table, print_table

    found = compared(left, right, threshold, decisions)
    match = _find(found.pairs, left_id, right_id)
    console = Console()
    for plan, item_id in ((found.left, match.left_id), (found.right, match.right_id)):
        words = next(t.text for t in (*plan.tasks,) if t.task_id == item_id)
        console.print(f"[bold]{item_id}[/bold]\n  {' '.join(words.split())}\n", markup=True, highlight=False)
    rows: list[dict[str, object]] = [
        {"name": "intercept", "value": "", "log_odds": round(coefficients()["intercept"], 3), "words": ""}
    ]
    rows += [
        {"name": e.name, "value": e.value, "log_odds": round(e.log_odds, 3), "words": "; ".join(e.words)}
        for e in match.evidence
    ]
    print_table(Table("explanation", ("name", "value", "log_odds", "words"), tuple(rows)), "en", console)
    console.print(_verdict(match, found.pairs.threshold), highlight=False, markup=False)
    if found.decided:
        console.print(f"of these plans: {found.decided}", highlight=False, markup=False)


def _verdict(match: Match, threshold: float) -> str:
    """What holds, and by whose word: a person's, or the probability's."""
    score = f"probability {match.probability:.3f}"
    if match.decision:
        by = f" by {match.reviewer}" if match.reviewer else " by a person"
        note = f" ({match.note})" if match.note else ""
        return (
            f"{match.decision}{by}{note}, whatever the scores say ({score}, threshold {threshold:g}): {match.relation}"
        )
    verdict = "accepted" if match.accepted else "not accepted"
    return f"{score}, {verdict} at threshold {threshold:g}: {match.relation}"


def _find(pairs: Alignment, left_id: str, right_id: str) -> Match:
    left = left_id if left_id.startswith(pairs.left.plan_id) else f"{pairs.left.plan_id}/{left_id}"
    right = right_id if right_id.startswith(pairs.right.plan_id) else f"{pairs.right.plan_id}/{right_id}"
    for plan, item in ((pairs.left, left), (pairs.right, right)):
        if item not in {t.task_id for t in plan.tasks}:
            raise PlanError(f"{item}: no task of {plan.plan_id} has this id; see the task_id column of plandiff parse")
    for m in pairs.matches:
        if (m.left_id, m.right_id) == (left, right):
            return m
    raise PlanError(f"{left} and {right}: nothing speaks for this pair; it is not among the candidates")


@click.command()
@click.argument("alignment", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def evaluate(alignment: Path, gold: Path, as_json: bool) -> None:
    """Measure an alignment against labelled pairs: precision, recall, F1, average precision, calibration.

    GOLD is a CSV with the columns left_id, right_id, grade (2 the same commitment, 1 the same topic, 0 neither); only the
    left items that stand in it are judged. Where people decided on pairs (plandiff align --decisions), precision,
    recall and F1 go by their decisions, and the other measures by the probabilities; how many is said.
    """
    import json

    from compare import evaluate as measure

    rows = [
        r
        for r in _rows(alignment, ("left_id", "right_id", "accepted", "probability"))
        if r["left_id"] and r["right_id"]
    ]
    labels = _rows(gold, ("left_id", "right_id", "grade"))
    grades = {(r["left_id"], r["right_id"]): _grade(gold, n, r) for n, r in enumerate(labels, start=2) if r["right_id"]}
    scores = {(r["left_id"], r["right_id"]): float(r["probability"] or 0) for r in rows}
    held = [(r["left_id"], r["right_id"]) for r in rows if r["accepted"] == "true"]
    strict, lax = measure.quality(held, grades), measure.quality(held, grades, lax=True)
    judged = [p for p in scores if p in grades]
    curve = measure.reliability([scores[p] for p in judged], [grades[p] == 2 for p in judged])
    decided = sum(bool(r.get("decision")) for r in rows)
    result = {
        "decided": decided,
        "strict": {k: getattr(strict, k) for k in ("precision", "recall", "f1", "tp", "fp", "fn")},
        "lax": {k: getattr(lax, k) for k in ("precision", "recall", "f1", "tp", "fp", "fn")},
        "average_precision": measure.average_precision(scores, grades),
        "calibration_error": round(measure.calibration_error(curve), 4),
        "thresholds": [
            {"threshold": t, "precision": q.precision, "recall": q.recall, "f1": q.f1}
            for t, q in measure.threshold_curve(scores, grades)
        ],
    }
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for name, q in (("strict", strict), ("lax", lax)):
        click.echo(
            f"{name:7} precision {q.precision:.3f}  recall {q.recall:.3f}  F1 {q.f1:.3f}  ({q.tp} right, {q.fp} wrong, {q.fn} missed)"
        )
    click.echo(
        f"average precision {result['average_precision']:.3f}, calibration error {result['calibration_error']:.3f} over judged pairs"
    )
    for t, q in measure.threshold_curve(scores, grades)[::2]:
        click.echo(f"  at {t:.2f}: precision {q.precision:.3f}  recall {q.recall:.3f}  F1 {q.f1:.3f}")
    if decided:
        click.echo(
            f"{plural(decided, 'pair')} decided by people: strict and lax count them as decided, the rest does not"
        )


def _grade(path: Path, line: int, row: dict[str, str]) -> int:
    if row["grade"] not in ("0", "1", "2"):
        raise PlanError(f"{path}, line {line}: grade “{row['grade']}” is none of 0, 1, 2; correct the cell")
    return int(row["grade"])


def _rows(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """A CSV's rows; raises PlanError where the file or a column is missing."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: cannot be read as CSV ({error}); give a UTF-8 CSV file") from None
    for c in columns:
        if c not in (reader.fieldnames or ()):
            raise PlanError(
                f"{path}: column {c} is missing; the columns are {', '.join(reader.fieldnames or ['none'])}"
            )
    return rows


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
    """Take a filled-in sheet (CSV or XLSX) back into the decisions of a pair of plans."""
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
    """Say how many decisions a pair of plans has, and which no longer find their items."""
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
    """Cohen's kappa of every two reviewers, and the pairs they dispute; exits with 1 when nobody shares a pair."""
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
