"""Commands on pairs: explain one, and evaluate an alignment."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compare.cli.shared import compared, embeddings, plural, threshold
from compare.cli.shared import decisions as decided_in
from compare.errors import PlanError

if TYPE_CHECKING:
    from compare.evaluate import Bin, Group, Quality
    from compare.records import Alignment, Match, Plan


class _Ids(click.Command):
    """A command among whose arguments are items' ids: "-17#2" (of a bullet's section) is one, and no option."""

    _MARK = "\0"
    _LIKE_ONE = re.compile(r"-\d")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Takes words that begin like "-1" for arguments, unless they are the value of the option before."""
        before = ["", *args]
        kept = [
            f"{self._MARK}{word}" if self._LIKE_ONE.match(word) and not last.startswith("--") else word
            for last, word in zip(before, args, strict=False)
        ]
        return super().parse_args(ctx, args if "--" in args else kept)

    def invoke(self, ctx: click.Context) -> Any:
        ctx.params = {k: v.removeprefix(self._MARK) if isinstance(v, str) else v for k, v in ctx.params.items()}
        return super().invoke(ctx)


@click.command(cls=_Ids)
@click.argument("left")
@click.argument("right")
@click.argument("left_id")
@click.argument("right_id")
@threshold
@decided_in
@embeddings
def explain(
    left: str, right: str, left_id: str, right_id: str, threshold: float | None, decisions: Path | None
) -> None:
    """Show why two items were paired, or not: each piece of evidence and its part of the log-odds.

    Below the evidence stand the words that both name, with their places in the texts (the characters from and to).

    Items are tasks, targets or themes; their ids may be given without the plan's id in front. A "~2" behind an id tells
    the second item (or section, or plan) of the same name from the first. An id may begin with "-" ("-17#2").

    \b
    Example: plandiff explain data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt E/V/7#1 Điều-1/II/7/7.4#1
    """
    from rich.console import Console

    from compare.alignment import coefficients
    from compare.explanation import shared, words_of
    from compare.tables import Table, print_table

    found = compared(left, right, threshold, decisions)
    match = match_of(found.pairs, left_id, right_id)
    console = Console()
    for plan, item_id in ((found.left, match.left_id), (found.right, match.right_id)):
        console.print(item_id, style="bold", highlight=False, markup=False)
        console.print(f"  {' '.join(words_of(plan, item_id).split())}\n", highlight=False, markup=False)
    start = {"name": "intercept", "value": "", "log_odds": round(coefficients()["intercept"], 3), "words": ""}
    rows: list[dict[str, object]] = [] if match.kind == "target" else [dict(start)]
    for e in match.evidence:
        log_odds = "" if match.kind == "target" else round(e.log_odds, 3)
        rows.append({"name": e.name, "value": e.value, "log_odds": log_odds, "words": "; ".join(e.words)})
    print_table(Table("explanation", ("name", "value", "log_odds", "words"), tuple(rows)), "en", console)
    for s in shared(found.pairs, match):
        sides = ((s.left, found.left), (s.right, found.right))
        left_words, right_words = (
            f"“{' '.join(span.of(p.text).split())}” {span.start}-{span.end}" for span, p in sides
        )
        console.print(f"{s.name}: {left_words} and {right_words}", highlight=False, markup=False, soft_wrap=True)
    console.print(_verdict(match, found.pairs.threshold), highlight=False, markup=False)
    if found.decided:
        console.print(f"of these plans: {found.decided}", highlight=False, markup=False)


def _verdict(match: Match, threshold: float) -> str:
    """What holds, and by whose word: a person's, or the probability's."""
    from compare.alignment import TARGET_THRESHOLD
    from compare.explanation import NO_CANDIDATE

    aims = match.kind == "target"
    least = max(threshold, TARGET_THRESHOLD) if aims else threshold
    score = f"{'likeness' if aims else 'probability'} {match.probability:.3f}"
    if match.decision:
        by = f" by {match.reviewer}" if match.reviewer else " by a person"
        note = f" ({match.note})" if match.note else ""
        kept = f": {match.relation}" if match.accepted else ""
        return f"{match.decision}{by}{note}, whatever the scores say ({score}, threshold {least:g}){kept}"
    if match.note.startswith(NO_CANDIDATE):
        return f"{score}, {match.note}"
    verdict = "accepted" if match.accepted else "not accepted"
    if not match.accepted and match.probability >= least:
        return f"{score}, {verdict} though it reaches the threshold {least:g}: other pairs of these items are better"
    return f"{score}, {verdict} at threshold {least:g}: {match.relation}"


def match_of(pairs: Alignment, left_id: str, right_id: str) -> Match:
    """The match of two items, by their ids with or without the plan's; raises PlanError for what is no pair of items."""
    from compare.explanation import pair

    left = _item(pairs.left, pairs.right, left_id, "left")
    right = _item(pairs.right, pairs.left, right_id, "right")
    try:
        return pair(pairs, left, right)
    except ValueError as error:
        raise PlanError(str(error)) from None


def _item(plan: Plan, other: Plan, given: str, side: str) -> str:
    """An item's full id; raises PlanError for one that the plan does not have, with the nearest that it has."""
    from difflib import get_close_matches

    from compare.explanation import full_id, ids_of

    try:
        return full_id(plan, given)
    except KeyError:
        ids = ids_of(plan)
    if given in ids_of(other):
        raise PlanError(
            f"{given}: an item of {other.plan_id}, which is not the {side} plan; give the ids in the order of the plans"
        )
    own = given.removeprefix(f"{plan.plan_id}/")
    near = get_close_matches(own, [i.removeprefix(f"{plan.plan_id}/") for i in sorted(ids)], 1)
    guess = f"did you mean {near[0]}? " if near else ""
    raise PlanError(
        f"{own}: no task, target or theme of {plan.plan_id} has this id; {guess}"
        "see the columns task_id, target_id and theme_id of plandiff parse"
    )


@click.command()
@click.argument("alignment", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@click.option(
    "--tasks",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Table of tasks as parse writes it: adds the figures by sector and by language. May be given more than once.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def evaluate(alignment: Path, gold: Path, tasks: tuple[Path, ...], as_json: bool) -> None:
    """Measure an alignment against labelled pairs: precision, recall, F1, average precision, calibration.

    GOLD is a CSV with the columns left_id, right_id, grade (2 the same commitment, 1 the same topic, 0 neither). Only the
    left items that stand in it are judged; an empty right_id says that an item has no partner, and pairs that it does not
    list are grade 0. Strict leaves grade 1 out, lax counts it as right. Average precision and calibration are strict.
    Where people decided on pairs (plandiff align --decisions), precision, recall and F1 go by their decisions, and the
    other measures by the probabilities; how many is said.

    \b
    Example: plandiff evaluate pairs.csv labels.csv --tasks tables/tasks.csv
    """
    import json
    from dataclasses import asdict

    from compare import evaluate as measure

    rows = [
        r
        for r in csv_rows(alignment, ("left_id", "right_id", "accepted", "probability"))
        if r["left_id"] and r["right_id"]
    ]
    labels = csv_rows(gold, ("left_id", "right_id", "grade"))
    grades = {(r["left_id"], r["right_id"]): grade_of(gold, n, r) for n, r in enumerate(labels, start=2)}
    scores = {(r["left_id"], r["right_id"]): _probability(alignment, r) for r in rows}
    held = [(r["left_id"], r["right_id"]) for r in rows if r["accepted"] == "true"]
    strict, lax = measure.quality(held, grades), measure.quality(held, grades, lax=True)
    bins = measure.reliability(*measure.judged_pairs(scores, grades))
    groups = {
        f"by_{what}": measure.by_group(held, scores, grades, _groups(tasks, what)) for what in ("sector", "language")
    }
    curve = measure.threshold_curve(scores, grades)
    decided = sum(bool(r.get("decision")) for r in rows)
    average, error = measure.average_precision(scores, grades), round(measure.calibration_error(bins), 4)
    if as_json:
        result: dict[str, object] = {
            "decided": decided,
            "strict": asdict(strict),
            "lax": asdict(lax),
            "average_precision": average,
            "calibration_error": error,
            "calibration": [asdict(b) for b in bins],
            "thresholds": [
                {"threshold": t, "precision": q.precision, "recall": q.recall, "f1": q.f1} for t, q in curve
            ],
        }
        if tasks:
            result |= {name: [asdict(g) for g in found] for name, found in groups.items()}
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    _show_quality(strict, lax, average, error)
    for t, q in curve[::2]:
        click.echo(f"  at {t:.2f}: precision {q.precision:.3f}  recall {q.recall:.3f}  F1 {q.f1:.3f}")
    _show_calibration(bins)
    for name, found in groups.items() if tasks else ():
        _show_groups(name.replace("_", " "), found)
    if decided:
        click.echo(
            f"{plural(decided, 'pair')} decided by people: strict and lax count them as decided, the rest does not"
        )


def _show_quality(strict: Quality, lax: Quality, average: float, error: float) -> None:
    for name, q in (("strict", strict), ("lax", lax)):
        click.echo(
            f"{name:7} precision {q.precision:.3f}  recall {q.recall:.3f}  F1 {q.f1:.3f}  ({q.tp} right, {q.fp} wrong, {q.fn} missed)"
        )
    click.echo(f"average precision {average:.3f}, calibration error {error:.3f} over the pairs of judged items")


def _show_calibration(bins: Sequence[Bin]) -> None:
    click.echo("calibration")
    for b in bins:
        click.echo(
            f"  {b.low:.1f} to {b.high:.1f}: {plural(b.n, 'pair')}, mean probability {b.mean:.3f}, right {b.right:.3f}"
        )


def _show_groups(title: str, groups: Sequence[Group]) -> None:
    click.echo(title)
    width = max((len(g.name) for g in groups), default=0)
    for g in groups:
        click.echo(
            f"  {g.name or '-':{max(width, 1)}}  {plural(g.judged, 'item')}: precision {g.strict.precision:.3f}  "
            f"recall {g.strict.recall:.3f}  F1 {g.strict.f1:.3f}  lax F1 {g.lax.f1:.3f}  "
            f"average precision {g.average_precision:.3f}"
        )


def _groups(tables: Sequence[Path], column: str) -> dict[str, str]:
    """Task -> its sector or language, of all the tables of tasks."""
    return {r["task_id"]: r[column] for path in tables for r in csv_rows(path, ("task_id", "sector", "language"))}


def _probability(path: Path, row: dict[str, str]) -> float:
    """A cell of an alignment as a number; raises PlanError for one that is none."""
    try:
        return float(row["probability"] or 0)
    except ValueError:
        pair = f"{row['left_id']} / {row['right_id']}"
        raise PlanError(
            f"{path}: probability “{row['probability']}” of {pair} is no number; correct the cell"
        ) from None


def grade_of(path: Path, line: int, row: dict[str, str]) -> int:
    if row["grade"] not in ("0", "1", "2") and (row["right_id"] or row["grade"]):
        raise PlanError(f"{path}, line {line}: grade “{row['grade']}” is none of 0, 1, 2; correct the cell")
    return int(row["grade"]) if row["right_id"] else 0


def csv_rows(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """A CSV's rows; raises PlanError where the file or a column is missing."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = list(reader)
    except FileNotFoundError:
        raise PlanError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise PlanError(f"{path}: cannot be read ({error.strerror}); give a CSV file") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise PlanError(f"{path}: cannot be read as CSV ({error}); give a UTF-8 CSV file") from None
    for c in columns:
        if c not in (reader.fieldnames or ()):
            raise PlanError(
                f"{path}: column {c} is missing; the columns are {', '.join(reader.fieldnames or ['none'])}"
            )
    short = next((n for n, r in enumerate(rows, start=2) if any(r[c] is None for c in columns)), None)
    if short:
        raise PlanError(f"{path}, row {short}: has fewer cells than the heading; correct the row")
    return rows
