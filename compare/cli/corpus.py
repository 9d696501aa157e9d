"""plandiff corpus: the register of plans, its texts and where they come from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compare.cli.shared import F, listed, plural
from compare.errors import PlanError, ReadError

if TYPE_CHECKING:
    from compare.download import Fetcher
    from compare.register import Register

_REGISTER = click.option(
    "--register",
    "named",
    type=click.Path(path_type=Path),
    help="CSV file of plans (default: $PLANDIFF_REGISTER, else data/sources.csv).",
)
_TEXTS = click.option(
    "--texts",
    type=click.Path(path_type=Path),
    help="Folder of the full texts (default: $PLANDIFF_TEXTS, else the register's folder).",
)


def _places(command: F) -> F:
    return _REGISTER(_TEXTS(command))


_FORMAT = click.option(
    "--format", "kind", type=click.Choice(["table", "csv", "json"]), default="table", help="How to write the table."
)


@click.group()
def corpus() -> None:
    """The register of plans: number, date, province, source, checksum, where the text is.

    The id of a registered plan stands wherever a command takes the path of a plan.
    """


@corpus.command("list")
@_FORMAT
@_places
def list_(kind: str, named: Path | None, texts: Path | None) -> None:
    """List the registered plans, and whether the full text, an edition or nothing is at hand.

    \b
    Example: plandiff corpus list --format csv
    """
    from compare.register import load

    register = load(named, texts)
    rows = [
        {**r, "period": r["period"] or r["issued_on"][:4], "text_at_hand": register.where(r)} for r in register.rows
    ]
    _show("corpus", ("plan_id", "province", "period", "doc_type", "text_at_hand"), rows, kind)
    if kind == "table" and (unknown := [r["plan_id"] for r in register.rows if not r["url"] and not register.text(r)]):
        click.echo(
            f"no full text and no address of {listed(unknown)}: look them up by number, save each where "
            "plandiff corpus fetch ID says"
        )


def _show(name: str, columns: tuple[str, ...], rows: list[dict[str, str]], kind: str) -> None:
    from compare.tables import Table, print_table, render

    table = Table(name, columns, tuple(rows))
    if kind == "table":
        from rich.console import Console

        print_table(table, "en", Console())
    else:
        click.echo(render(table, kind), nl=False)


@corpus.command()
@click.argument("plan_id", metavar="ID")
@_places
def show(plan_id: str, named: Path | None, texts: Path | None) -> None:
    """Show all that the register knows of one plan.

    \b
    Example: plandiff corpus show son-la-2025-qd-161
    """
    from compare.register import load

    register = load(named, texts)
    row = register.row(plan_id)
    path = register.text(row) or register.edition(row)
    facts = {**row, "text at hand": register.where(row) + (f", {path}" if path else "")}
    for name, value in facts.items():
        click.echo(f"{name + ':':14}{' '.join(value.split())}".rstrip())


@corpus.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--url", default="", help="Where the text comes from.")
@click.option("--about", default="", help="What the plan is about, in a few words.")
@click.option("--replace", is_flag=True, help="Renew the row of a plan that is registered already.")
@_places
def add(file: Path, url: str, about: str, replace: bool, named: Path | None, texts: Path | None) -> None:
    """Register a text: reads number, date, province, type and period from it, and takes its checksum.

    \b
    Example: plandiff corpus add data/editions/son-la-2025-qd-161.txt --register mine.csv
    """
    from compare import register as registers
    from compare.download import web_address
    from compare.pipeline import parse
    from compare.read import read_document

    if str(file) == "-":
        raise ReadError("-", "standard input has no place to register", "give a file")
    if url:
        web_address(url)
    registers.load(named, texts, create=True)  # a broken register is told of before the text is read
    plan = parse(read_document(str(file)))
    register = registers.load(named, texts, create=True)
    facts = registers.facts(plan, registers.relative(file, register))
    more = {"url": " ".join(url.split()), "about": " ".join(about.split())}
    renewed = registers.added(register, {**facts, **more}, replaces=replace)
    registers.save(renewed)
    row = renewed.get(facts["plan_id"]) or next(r for r in renewed.rows if r["sha256"] == facts["sha256"])
    told = ", ".join(row[c] for c in ("province", "number", "issued_on", "doc_type", "period") if row[c])
    click.echo(f"{row['plan_id']}: {told}; in {register.path}")


@corpus.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--contact", default="", help="Your e-mail address or web page, told to the server with our name.")
@click.option("--timeout", type=click.FloatRange(0.1, 600), default=30, help="Seconds that a server may stay silent.")
@click.option("--replace", is_flag=True, help="Fetch a text anew that is here already.")
@_places
def fetch(
    ids: tuple[str, ...], contact: str, timeout: float, replace: bool, named: Path | None, texts: Path | None
) -> None:
    """Download texts from where the register says; at most one request a second to a host.

    Exit code 1: a text differs from its registered checksum (the fetched one is kept as .new).

    \b
    Example: plandiff corpus fetch son-la-2025-qd-1369 --texts texts --contact me@example.org
    """
    from compare.download import Fetcher, agent
    from compare.register import load

    register = load(named, texts)
    for plan_id in ids:
        register.row(plan_id)  # an unknown id is told of before anything is asked for
    fetcher = Fetcher(agent(contact), timeout)
    code = 0
    for plan_id in dict.fromkeys(ids):
        try:
            code = max(code, _fetch(plan_id, register, fetcher, replace))
        except PlanError as error:
            said = str(error)
            click.echo(f"plandiff: {said if said.startswith(plan_id) else f'{plan_id}: {said}'}", err=True)
            code = max(code, error.exit_code)
    if code:
        sys.exit(code)


def _fetch(plan_id: str, register: Register, fetcher: Fetcher, replace: bool) -> int:
    from compare.register import fetch

    with _bar(plan_id) as progress:
        got = fetch(register, plan_id, fetcher, replaces=replace, progress=progress)
    if got.outcome == "differs":
        click.echo(f"plandiff: {plan_id}: the fetched text is not the registered one; kept as {got.path}", err=True)
    elif got.outcome == "changed":
        said = "was changed since it was registered; --replace fetches it anew"
        click.echo(f"plandiff: {plan_id}: the text here, {got.path}, {said}", err=True)
    else:
        said = "is here already" if got.outcome == "here" else f"{got.size:,} bytes"
        click.echo(f"{plan_id}: {said}, {got.path}")
    return int(got.outcome in ("differs", "changed"))


@contextmanager
def _bar(name: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """A bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@corpus.command()
@_FORMAT
@_places
def verify(kind: str, named: Path | None, texts: Path | None) -> None:
    """Say which texts changed, are missing or new; exit code 1 where any changed.

    New is a text without a checksum, or one in the folder --texts that no row names. Edition: the full text is not here,
    but its abridged edition is, which commands then read.

    \b
    Example: plandiff corpus verify --format csv
    """
    from compare.register import load, unregistered

    register = load(named, texts)
    states = {r["plan_id"]: register.state(r) for r in register.rows}
    short = {r["plan_id"]: register.edition(r) for r in register.rows if states[r["plan_id"]] == "missing"}
    states |= {name: "edition" for name, path in short.items() if path}
    rows = [
        {
            "plan_id": r["plan_id"],
            "state": states[r["plan_id"]],
            "file": str(register.text(r) or short.get(r["plan_id"]) or r["file"]),
        }
        for r in register.rows
        if states[r["plan_id"]] != "unchanged"
    ]
    rows += [{"plan_id": "", "state": "new", "file": str(p)} for p in unregistered(register)]
    _show("verify", ("state", "plan_id", "file"), rows, kind)
    if kind == "table":
        held, editions = (sum(s == state for s in states.values()) for state in ("unchanged", "edition"))
        also = f", {plural(editions, 'edition')} in place of the full text" if editions else ""
        click.echo(f"{plural(held, 'text')} of {len(states)} unchanged{also}")
    if "changed" in states.values():
        sys.exit(1)
