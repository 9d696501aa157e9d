"""plandiff: the commands. Stages are imported when a command runs, so that ``--help`` is quick."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare.cli.shared import (
    Group,
    Named,
    compared,
    decisions,
    embeddings,
    lang,
    needs_file,
    new_folder,
    plural,
    show,
    threshold,
    twice_read,
    written,
)
from compare.errors import PlanError
from compare.version import __version__

if TYPE_CHECKING:
    from compare.records import Task
    from compare.tables import Table

PLAN = click.argument("plans", nargs=-1, required=True, metavar="PLAN...")


# Where the other commands are, and what the list of commands says of them without importing them.
LATER = {
    "corpus": ("compare.cli.corpus:corpus", "The register of plans: what there is, and where the texts are."),
    "evaluate": ("compare.cli.pairs:evaluate", "Measure an alignment against labelled pairs."),
    "explain": ("compare.cli.pairs:explain", "Show why two items were paired, or not."),
    "figures": ("compare.cli.pictures:command", "Draw the figures of two plans, with the data behind each."),
    "gaps": ("compare.cli.many:gaps", "List missing assignments of one plan or of many."),
    "history": ("compare.cli.many:history", "Follow each task through the years of a province's plans."),
    "matrix": ("compare.cli.many:matrix", "Group equivalent tasks of many plans by province and year."),
    "report": ("compare.cli.pictures:report_command", "Write one page to read, search, filter and judge pairs on."),
    "review": ("compare.cli.reviewing:review", "People's decisions on pairs: out, in, and agreement."),
}


@click.group(cls=Group, later=LATER, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="plandiff")
def main() -> None:
    """Compares Vietnamese provincial plans: who leads what, by when, towards which target.

    PLAN is a path, the id of a registered plan, or - for standard input.
    """
    # A command makes many records and hardly a cycle: to look for cycles seldom saves a tenth of its time.
    gc.set_threshold(500_000, 50, 100)


@main.command()
@PLAN
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the tables.")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", help="Format of the tables.")
@click.option("--strict", is_flag=True, help="Exit with 1 when there are warnings.")
@click.option("--show-left-out", is_flag=True, help="List the passages that ended up in no table.")
@click.option("--uncoded", "show_uncoded", is_flag=True, help="List the tasks without a sector, and what came nearest.")
def parse(
    plans: tuple[str, ...], output: Path, kind: str, strict: bool, show_left_out: bool, show_uncoded: bool
) -> None:
    """Write the tables of what plans say, and the texts that their spans point into.

    \b
    Example: plandiff parse data/editions/son-la-2025-qd-161.txt -o tables
    """
    from compare.coverage import left_out
    from compare.display import Progress
    from compare.frames import PARSE_TABLES, parse_rows
    from compare.pipeline import read_plans, uncoded
    from compare.tables import Table, render

    twice_read(*plans)
    with Progress("plans read") as bar:
        read = read_plans(bar.over(plans))
    tables = parse_rows(read)
    with new_folder(output) as folder:
        for name, columns in PARSE_TABLES.items():
            content = render(Table(name, tuple(columns), tuple(tables[name])), kind)
            (folder / f"{name}.{kind}").write_text(content, encoding="utf-8", newline="")
        (folder / "text").mkdir()
        for plan in read:
            (folder / "text" / f"{plan.plan_id}.txt").write_text(plan.text, encoding="utf-8", newline="")
    for plan in read:
        click.echo(
            f"{plan.plan_id}: {plural(len(plan.tasks), 'task')}, {plural(len(plan.targets), 'target')}, "
            f"{plural(len(plan.themes), 'theme')}, {plural(len(plan.warnings), 'warning')}"
        )
        for span in left_out(plan) if show_left_out else ():
            click.echo(f"  left out at {span.start}: {' '.join(span.of(plan.text).split())[:200]}")
        for task in uncoded(plan) if show_uncoded else ():
            click.echo(f"  uncoded at {task.start}-{task.end} in {task.section_id or plan.plan_id}: {_uncoded(task)}")
    if show_uncoded:
        count = sum(len(uncoded(plan)) for plan in read)
        click.echo(f"{count} of {plural(sum(len(plan.tasks) for plan in read), 'task')} without a sector")
    click.echo(f"tables in {output}")
    if strict and any(p.warnings for p in read):
        sys.exit(1)


def _uncoded(task: Task) -> str:
    near = "; ".join(task.nearest) or "no term of the taxonomy"
    return f"{' '.join(task.text.split())[:200]} [nearest: {near}]"


@main.command()
@click.argument("left")
@click.argument("right")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="CSV or JSON file (default: stdout)."
)
@threshold
@decisions
@embeddings
def align(left: str, right: str, output: Path | None, threshold: float | None, decisions: Path | None) -> None:
    """Align two plans: every pair with probability and evidence, gaps included.

    \b
    Example: plandiff align data/editions/thanh-hoa-2023-kh.txt data/editions/son-la-2025-qd-161.txt -o pairs.csv
    """
    from compare.tables import render, write

    found = compared(left, right, threshold, decisions)
    table = found.table("alignment")
    kind = "json" if output and output.suffix.lower() == ".json" else "csv"
    if output:
        write(output, render(table, kind))
        held = sum(r["accepted"] == "true" for r in table.rows)
        click.echo(f"{plural(held, 'accepted pair')} of {len(table.rows)} rows in {output}")
        if found.decided:
            click.echo(found.decided)
    else:
        click.echo(render(table, kind), nl=False)


@main.command()
@click.argument("what", type=Named(["themes", "terms", "statements", "targets", "tasks", "gaps"]))
@click.argument("left")
@click.argument("right")
@written
@click.option(
    "--exit-code",
    is_flag=True,
    help="Exit with 1 when there are differences. For gaps: when one plan lacks a sector, a lead agency or a task that "
    "the other has; what a plan leaves open by itself does not count.",
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Only rows with this value in the column (change=reassigned, sector=health, lead_left=so-y-te); several must all hold.",
)
@click.option("--sure", is_flag=True, help="Only rows that do not rest on a doubtful pair (probability below 0.7).")
@click.option(
    "--all-columns", is_flag=True, help="Every column in md, latex and html too, which else have the readable ones."
)
@lang
@threshold
@decisions
@embeddings
def diff(
    what: str,
    left: str,
    right: str,
    kind: str,
    as_json: bool,
    output: Path | None,
    exit_code: bool,
    filters: tuple[str, ...],
    sure: bool,
    all_columns: bool,
    lang: str,
    threshold: float | None,
    decisions: Path | None,
) -> None:
    """Show one comparison table of two plans.

    \b
    Example: plandiff diff targets data/editions/thanh-hoa-2021-qd-2999.txt data/editions/thanh-hoa-2025-kh-63.txt
    """
    from compare.tables import for_reading

    kind = "json" if as_json else kind
    needs_file(kind, output)
    found = compared(left, right, threshold, decisions)
    table = found.table("gaps" if what == "gaps" else f"{what}_diff", lang)
    table = _selected(table, filters, sure)
    if kind in ("md", "latex", "html") and not all_columns:
        table = for_reading(table, lang)
    show(table, kind, output, lang, found.sources, found.texts())
    if exit_code and found.differs(what):
        sys.exit(1)


def _selected(table: Table, filters: tuple[str, ...], sure: bool) -> Table:
    """The rows that pass all filters; raises PlanError for one that names no column."""
    for given in filters:
        column, equals, value = given.partition("=")
        if not equals or column not in table.columns:
            raise PlanError(f"--filter {given}: give COLUMN=VALUE; the columns are {', '.join(table.columns)}")
        table = table.where(column, value)
    doubtful = "doubtful" in table.columns and sure
    return replace(table, rows=tuple(r for r in table.rows if r.get("doubtful") != "true")) if doubtful else table


@main.command()
@click.argument("left")
@click.argument("right")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the results.")
@click.option("--figures/--no-figures", "draw", default=True, help="Draw the figures (default) or leave them out.")
@lang
@threshold
@decisions
@embeddings
def compare(
    left: str, right: str, output: Path, draw: bool, lang: str, threshold: float | None, decisions: Path | None
) -> None:
    """Compare two plans: tables, workbook, figures and a report in one folder.

    \b
    Example: plandiff compare data/editions/thanh-hoa-2025-ct-03.txt data/editions/son-la-2025-qd-161.txt -o result
    """
    from rich.console import Console

    from compare.cli.results import fill, summary

    found = compared(left, right, threshold, decisions)
    with new_folder(output) as folder:
        fill(found, folder, lang, draw)
    summary(found, output, Console(), draw, lang)


if __name__ == "__main__":
    main()
