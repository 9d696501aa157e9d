"""Writes docs/commands.md: every command with its arguments, options and example, from the commands' own help.

Run it after a change to a command: python benchmarks/docs_commands.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from compare.cli.main import main as plandiff
from compare.tables import write
from compare.tables.text import escaped

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "commands.md"
NAME = "plandiff"
INTRODUCTION = """# The commands

Every command tells the same with `--help`. Paths in the examples are relative to the project.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | done, with something to report; the help of the command or option says what |
| 2 | bad input: a message on stderr says what is wrong and what to do |
"""
# Names for what click calls by the type of a value.
_METAVARS = {"float range": "NUMBER", "integer range": "NUMBER", "float": "NUMBER", "integer": "NUMBER"}


def commands(
    command: click.Command, name: str, context: click.Context | None = None
) -> Iterator[tuple[str, click.Command]]:
    """The command under its full name, and all those below it in the order in which the help lists them."""
    yield name, command
    if isinstance(command, click.Group):
        here = click.Context(command, info_name=name, parent=context)
        for below in command.list_commands(here):
            found = command.get_command(here, below)
            assert found is not None
            yield from commands(found, f"{name} {below}", here)


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(section(name, command) for name, command in commands(plandiff, NAME))])


def section(name: str, command: click.Command) -> str:
    """One command: what it does, how it is called, what its options mean."""
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option)]
    words = [name, "[OPTIONS]" if options else "", *map(_argument, arguments)]
    if isinstance(command, click.Group):
        words.append("COMMAND ...")
    lines = [f"## {name}", "", *_described(command.help or ""), f"    {' '.join(filter(None, words))}", ""]
    if options:
        lines += ["| option | meaning |", "| --- | --- |", *map(_option, options), ""]
    return "\n".join(lines)


def _described(text: str) -> list[str]:
    """The paragraphs of a help text; an example becomes code."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        words = " ".join(paragraph.replace("\b", " ").split())
        example = words.removeprefix("Example: ")
        lines += [f"Example: `{example}`", ""] if example != words else [escaped(words), ""]
    return lines


def _argument(p: click.Argument) -> str:
    return p.metavar or (_choices(p) or str(p.name).upper()) + ("..." if p.nargs == -1 else "")


def _choices(p: click.Parameter) -> str:
    return f"{{{'|'.join(map(str, p.type.choices))}}}" if isinstance(p.type, click.Choice) else ""


def _option(p: click.Option) -> str:
    value = "" if p.is_flag else f" {p.metavar or _choices(p) or _METAVARS.get(p.type.name, p.type.name.upper())}"
    names = f"{', '.join([*p.opts, *p.secondary_opts])}{value}".replace("|", "\\|")
    return f"| `{names}` | {' '.join([escaped(p.help or ''), *_conditions(p)])} |"


def _conditions(p: click.Option) -> Iterator[str]:
    """Whether an option must be given, what numbers it takes, what holds without it (where the help does not say)."""
    if p.required:
        yield "Required."
    low, high = getattr(p.type, "min", None), getattr(p.type, "max", None)
    if low is not None:
        yield f"From {low:g} to {high:g}." if high is not None else f"From {low:g}."
    given = isinstance(p.default, (str, int, float, Path)) and not isinstance(p.default, bool) and p.default != ""
    if given and not p.is_flag and "default" not in (p.help or ""):
        yield f"Default: `{p.default}`."


def main() -> None:
    write(TARGET, page())
    print(f"{TARGET.relative_to(ROOT)}: {sum(1 for _ in commands(plandiff, NAME))} commands")


if __name__ == "__main__":
    main()
