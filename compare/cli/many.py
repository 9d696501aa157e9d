"""N plans at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare.cli.shared import decisions as decided_in
from compare.cli.shared import new_folder, plural, tell_stale, threshold
from compare.errors import PlanError

if TYPE_CHECKING:
    from compare.records import Plan


@click.command()
@click.argument("plans", nargs=-1, required=True, metavar="PLAN...")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the tables.")
@threshold
@decided_in
def matrix(plans: tuple[str, ...], output: Path, threshold: float | None, decisions: Path | None) -> None:
    """Group equivalent tasks of many plans by province and year: who has what, who lacks what.

    \b
    Example: plandiff matrix data/editions/thanh-hoa-2023-kh.txt data/editions/thanh-hoa-2025-ct-03.txt data/editions/son-la-2025-qd-161.txt -o groups
    """
    from rich.console import Console
    from rich.progress import Progress

    from compare import matrix as stage
    from compare.alignment import THRESHOLD
    from compare.pipeline import read_plans
    from compare.tables import Table, render

    if len(plans) < 2:
        raise PlanError(f"{plans[0]}: one plan has nothing to be grouped with; give two or more")
    read = read_plans(plans)
    verdicts = _verdicts(read, decisions) if decisions else {}
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        job = bar.add_task("pairs of plans", total=None)
        found = stage.matrix(
            read,
            THRESHOLD if threshold is None else threshold,
            lambda n, total: bar.update(job, completed=n, total=total),
            verdicts,
        )
    names = [p.plan_id for p in found.plans]
    tables = [
        Table("coverage", ("group_id", "label", "sector", "n_plans", *names), tuple(found.coverage())),
        Table(
            "members",
            ("group_id", "plan_id", "province", "year", "task_id", "sector", "text", "start", "end"),
            tuple(found.members()),
        ),
    ]
    with new_folder(output) as folder:
        for table in tables:
            for kind in ("csv", "json", "md"):
                (folder / f"{table.name}.{kind}").write_text(render(table, kind), encoding="utf-8", newline="")
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


def _verdicts(plans: Sequence[Plan], folder: Path) -> dict[tuple[str, str], bool]:
    """The pairs of tasks that people accepted or rejected; says on stderr which decisions do not count."""
    from compare import review

    if folder.is_file():
        raise PlanError(f"{folder}: is a file; give the folder with the decisions on every two plans")
    found: dict[tuple[str, str], bool] = {}
    stale: list[review.Stale] = []
    for a, b in combinations(plans, 2):
        made = [d for d in review.load(folder, a.plan_id, b.plan_id) if d.kind == "task"]
        if made:
            verdicts, lost = review.counting(a, b, made)
            found |= {pair: d.decision == "accepted" for pair, d in verdicts.items()}
            stale += lost
    tell_stale(folder, stale)
    return found
