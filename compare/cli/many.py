"""N plans at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare.cli.shared import decisions as decided_in
from compare.cli.shared import (
    lang,
    needs_file,
    new_folder,
    plural,
    show,
    tell_stale,
    threshold,
    twice_read,
    written,
)
from compare.errors import OutputError, PlanError

if TYPE_CHECKING:
    from compare.records import Plan


# Endings that name a file: no folder is made under such a name.
_FILES = (".csv", ".json", ".md", ".xlsx", ".html", ".tex")


@click.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the tables.")
@lang
@threshold
@decided_in
def matrix(plans: tuple[str, ...], output: Path, lang: str, threshold: float | None, decisions: Path | None) -> None:
    """Group equivalent tasks of many plans by province and year: who has what, who lacks what.

    Also sectors, targets and missing assignments by plan, and a workbook of all these tables.

    \b
    Example: plandiff matrix data/editions/thanh-hoa-2023-kh.txt data/editions/thanh-hoa-2025-ct-03.txt data/editions/son-la-2025-qd-161.txt -o groups
    """
    from compare import matrix as stage
    from compare.alignment import THRESHOLD
    from compare.display import Progress
    from compare.frames import GAPS, TASKS, parse_rows
    from compare.tables import Table, render, workbook

    if len(plans) < 2:
        raise PlanError(f"{plans[0]}: one plan has nothing to be grouped with; give two or more")
    if output.suffix.lower() in _FILES and not output.is_dir():
        raise OutputError(f"{output}: matrix writes several tables; name a folder (-o {output.with_suffix('')})")
    twice_read(*plans)
    read, verdicts = read_many(plans, decisions)
    with Progress("pairs of plans") as bar:
        found = stage.matrix(read, THRESHOLD if threshold is None else threshold, bar, verdicts)
    names = [p.plan_id for p in found.plans]
    members = ("group_id", "plan_id", "province", "year", "task_id", "sector", "text", "start", "end")
    tables = [
        Table("coverage", ("group_id", "label", "sector", "n_plans", "partly", *names), tuple(found.coverage())),
        Table("members", members, tuple(found.members())),
        Table("sector_counts", ("sector", "n_plans", *names), tuple(found.sector_counts())),
        Table("indicator_values", ("indicator_id", "n_plans", *names), tuple(found.indicator_values())),
        Table("gap_counts", ("gap", "n_plans", *names), tuple(found.gap_counts())),
        Table("gaps", tuple(GAPS), tuple(found.gaps())),
    ]
    with new_folder(output) as folder:
        for table in tables:
            for kind in ("csv", "json", "md"):
                (folder / f"{table.name}.{kind}").write_text(render(table, kind, lang), encoding="utf-8", newline="")
        sources = Table("tasks", tuple(TASKS), tuple(parse_rows(read)["tasks"]))
        book = workbook([*tables, sources], {p.plan_id: p.text for p in read}, lang)
        (folder / "matrix.xlsx").write_bytes(book)
    grouped = sum(len(g.items) for g in found.groups)
    click.echo(
        f"{plural(len(found.groups), 'group')} over {plural(len(read), 'plan')}; {grouped} of {sum(len(p.tasks) for p in read)} tasks have a partner"
    )
    if verdicts:
        yes = sum(verdicts.values())
        click.echo(
            f"{plural(len(verdicts), 'pair')} decided by people ({yes} accepted, {len(verdicts) - yes} rejected)"
        )
    for row in found.coverage()[:8]:
        click.echo(f"  {row['group_id']}  {row['n_plans']} of {len(read)} plans  {row['label']}")
    click.echo(f"tables in {output}")


@click.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@click.option(
    "--by",
    type=click.Choice(["task", "step", "sector"]),
    default="task",
    help="One row a task with all its years (default), one a task and step, or counts by sector and step.",
)
@written
@lang
@threshold
@decided_in
def history(
    plans: tuple[str, ...],
    by: str,
    kind: str,
    as_json: bool,
    output: Path | None,
    lang: str,
    threshold: float | None,
    decisions: Path | None,
) -> None:
    """Follow each task through the years of a province's plans: added, kept, changed, dropped, and where last seen.

    \b
    Example: plandiff history data/editions/thanh-hoa-2021-qd-2999.txt data/editions/thanh-hoa-2023-kh.txt data/editions/thanh-hoa-2025-ct-03.txt
    """
    from compare import chronicle
    from compare.alignment import THRESHOLD
    from compare.display import Progress

    kind = "json" if as_json else kind
    needs_file(kind, output)
    twice_read(*plans)
    read, verdicts = read_many(plans, decisions)
    with Progress("pairs of plans") as bar:
        found = chronicle.follow(read, THRESHOLD if threshold is None else threshold, bar, verdicts)
    for p in found.left_out:
        click.echo(f"plandiff: warning: {p.plan_id}: no other year of its province, left out", err=True)
    show(found.table(_BY[by], lang), kind, output, lang, found.sources, found.texts())


@click.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@written
@lang
@threshold
@decided_in
def gaps(
    plans: tuple[str, ...],
    kind: str,
    as_json: bool,
    output: Path | None,
    lang: str,
    threshold: float | None,
    decisions: Path | None,
) -> None:
    """List missing assignments of one plan or of many: what each leaves open, and what any other has and it lacks.

    For two plans, plandiff diff gaps also tells the counterparts.

    \b
    Example: plandiff gaps data/editions/thanh-hoa-2021-qd-2999.txt
    """
    from compare import matrix as stage
    from compare.alignment import THRESHOLD
    from compare.display import Progress
    from compare.frames import GAPS, TASKS, parse_rows
    from compare.tables import Table
    from compare.tables.headings import table_heading

    kind = "json" if as_json else kind
    needs_file(kind, output)
    twice_read(*plans)
    read, verdicts = read_many(plans, decisions)
    with Progress("pairs of plans") as bar:
        found = stage.matrix(read, THRESHOLD if threshold is None else threshold, bar, verdicts)
    names = ", ".join(p.plan_id for p in found.plans)
    table = Table("gaps", tuple(GAPS), tuple(found.gaps()), f"{table_heading('gaps', lang)}: {names}")
    sources = [Table("tasks", tuple(TASKS), tuple(parse_rows(read)["tasks"]))]
    show(table, kind, output, lang, lambda: sources, {p.plan_id: p.text for p in read})


_BY = {"task": "history", "step": "history_steps", "sector": "history_sectors"}


def read_many(plans: Sequence[str], decisions: Path | None) -> tuple[list[Plan], dict[tuple[str, str], bool]]:
    """The plans, and what people decided on the pairs of their tasks in a folder, if one is given."""
    from compare.display import Progress
    from compare.pipeline import read_plans

    with Progress("plans read") as bar:
        read = read_plans(bar.over(plans))
    return read, people(read, decisions) if decisions else {}


def people(plans: Sequence[Plan], folder: Path) -> dict[tuple[str, str], bool]:
    """The pairs of tasks that people accepted or rejected; says on stderr which decisions do not count."""
    from compare import review

    if folder.is_file():
        raise PlanError(f"{folder}: is a file; give the folder with the decisions on every two plans")
    found: dict[tuple[str, str], bool] = {}
    stale: list[review.Stale] = []
    given = 0
    for a, b in combinations(plans, 2):
        made = [d for d in review.load(folder, a.plan_id, b.plan_id) if d.kind == "task"]
        if made:
            given += len(made)
            verdicts, lost = review.counting(a, b, made)
            found |= {pair: d.decision == "accepted" for pair, d in verdicts.items()}
            stale += lost
    tell_stale(folder, stale, given)
    return found
