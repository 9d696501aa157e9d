"""What the commands share: options, reading plans, writing results, the one way to fail."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from compare.errors import OutputError, PlanError

if TYPE_CHECKING:
    from compare.comparison import Comparison
    from compare.review import Stale
    from compare.tables import Table

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("table", "csv", "json", "md", "latex", "html", "xlsx")


class Probability(click.FloatRange):
    """A number from 0 to 1; says what to write where a comma stands in the point's place."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            float(value)
        except ValueError:
            written = str(value).replace(",", ".", 1)
            like = f"write {written}" if re.fullmatch(r"[01]?\.\d+", written) else "write one from 0 to 1, such as 0.5"
            self.fail(f"“{value}” is no number; {like}", param, ctx)
        return super().convert(value, param, ctx)


class Named(click.Choice[str]):
    """One of some words; for a near miss says which was meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        from difflib import get_close_matches

        near = get_close_matches(str(value), [str(c) for c in self.choices], 1)
        guess = f"did you mean {near[0]}? " if near else ""
        return f"“{value}” is none of them; {guess}there are {listed([str(c) for c in self.choices])}"


lang = click.option("--lang", type=click.Choice(["en", "vi"]), default="en", help="Language of headings and numbers.")


def written(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that writes one table: ``kind`` and ``as_json``, and ``output``, a file."""
    path = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("-o", "--output", type=path, help="File (default: stdout)."),
        click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
        click.option("--format", "kind", type=click.Choice(FORMATS), default="table", help="How to write the table."),
    ):  # the last one applied is the first one listed
        command = option(command)
    return command


threshold = click.option(
    "--threshold",
    type=Probability(),
    default=None,
    help="Least probability of an accepted pair (default: 0.26, see docs/methods.md).",
)


decisions = click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    default=None,
    help="People's decisions on pairs, which then override the scores: a CSV file, or a folder with LEFT__RIGHT.csv.",
)
_EMBEDDINGS = "plandiff.embeddings"


def _keep_embeddings(context: click.Context, _: click.Parameter, value: str) -> None:
    context.meta[_EMBEDDINGS] = value


# Read by ``compared``, so that it is no parameter of each command.
embeddings = click.option(
    "--embeddings",
    metavar="MODEL",
    default="",
    expose_value=False,
    callback=_keep_embeddings,
    help="An encoder's evidence too: a folder with a sentence-transformers model, or the name of one on this machine.",
)
# How many stale decisions are listed one by one.
_MOST_STALE = 10


def compared(left: str, right: str, threshold: float | None, decisions: Path | None) -> Comparison:
    """Two plans read and aligned, with the command's ``embeddings``; says on stderr which decisions do not count."""
    from compare.comparison import Comparison

    twice_read(left, right)
    found = Comparison.of(left, right, threshold, decisions, encoder())
    if decisions and not found.given:
        click.echo(
            f"plandiff: warning: {decisions}: no decisions on {found.left.plan_id} and {found.right.plan_id}", err=True
        )
    tell_stale(decisions, found.stale, found.given)
    return found


def encoder() -> str:
    """The model that the command's ``embeddings`` names; empty for none."""
    return str(click.get_current_context().meta.get(_EMBEDDINGS, ""))


def twice_read(*plans: str) -> None:
    """Raises PlanError where standard input is to be read more than once."""
    if plans.count("-") > 1:
        raise PlanError("-: standard input can be read only once; give all plans but one as files")


def tell_stale(decisions: Path | None, stale: Sequence[Stale], given: int) -> None:
    """Says on stderr which of the ``given`` decisions no longer find their items.

    One line where hardly one does; else the first one by one, then how many more.
    """
    from compare.review import for_others

    if others := for_others(stale, given):
        click.echo(f"plandiff: warning: {decisions}: {others}", err=True)
        return
    for s in stale[:_MOST_STALE]:
        click.echo(f"plandiff: warning: {decisions}: {s}", err=True)
    if len(stale) > _MOST_STALE:
        more = len(stale) - _MOST_STALE
        click.echo(f"plandiff: warning: {decisions}: {more} more; plandiff review status lists them all", err=True)


def needs_file(kind: str, output: Path | None) -> None:
    """A workbook cannot go to a terminal: ends with one line and exit code 2 where no file was named."""
    if kind == "xlsx" and output is None:
        raise click.UsageError("a workbook needs a file: add -o FILE.xlsx")


def show(
    table: Table, kind: str, output: Path | None, lang: str, sources: Callable[[], list[Table]], texts: dict[str, str]
) -> None:
    """Writes a table in one of FORMATS to a file or to stdout; ``sources`` and ``texts`` are what a workbook quotes."""
    from compare.tables import print_table, render, workbook, write

    if kind == "xlsx" and output is not None:
        write(output, workbook([table, *sources()], texts, lang))
    elif kind == "table" and output is None:
        from rich.console import Console

        print_table(table, lang, Console())
    else:
        content = render(table, "md" if kind == "table" else kind, lang)
        if output:
            write(output, content)
        else:
            click.echo(content, nl=not content.endswith("\n"))


class Group(click.Group):
    """A group whose commands answer bad input with one line on stderr and exit code 2, never a traceback.

    ``later`` maps the names of further commands to where they are (module:attribute) and a line about them; they
    are imported when they are called, not when they are listed.
    """

    def __init__(self, *args: Any, later: dict[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later = later or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.later:
            module, _, attribute = self.later[cmd_name][0].partition(":")
            found: click.Command = getattr(import_module(module), attribute)
            return found
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = {name: c.get_short_help_str(200) for name, c in self.commands.items()}
        rows = sorted({**own, **{name: said for name, (_, said) in self.later.items()}}.items())
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PlanError as error:
            fail(error)
        except click.UsageError as error:
            place = error.ctx.command_path if error.ctx else ctx.command_path
            click.echo(f"plandiff: {error.format_message().rstrip('.')}; see {place} --help", err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            sys.exit(0)


def fail(error: PlanError) -> NoReturn:
    """Ends the command with the error's line and exit code."""
    click.echo(f"plandiff: {error}", err=True)
    sys.exit(error.exit_code)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to fill that takes ``target``'s place only when all went well; files already there are kept."""
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target}: there is a file of this name; choose another folder with -o")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror}); choose another folder with -o") from None
    try:
        yield made
        for source in sorted(made.rglob("*")):
            place = target / source.relative_to(made)
            if source.is_dir():
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                source.replace(place)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror}); choose another folder with -o") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


def plural(n: int, one: str, many: str = "") -> str:
    """ "1 task", "2 tasks"."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """ "a, b and c"."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
