"""Writes docs/notebooks/: each notebook as a page with its results, run on the editions; figures beside it as PNG.

Run it after a change to a notebook or to what it shows: make notebooks
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from compare.register import REGISTER, TEXTS
from compare.tables import write
from compare.tables.text import escaped

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
TARGET = ROOT / "docs" / "notebooks"
INTRODUCTION = """# The notebooks, with their results

Run on the abridged editions; [`notebooks/`](../../notebooks/README.md) has them to work with. `make notebooks` writes
these pages.

"""
_SECONDS = 120
# Names of temporary folders differ from run to run.
_PASSING = re.compile(r"(?:/[\w./-]*/)?\b(plandiff-)[a-z0-9_]{8}\b")


class Reader(HTMLParser):
    """What the notebooks' HTML says, as Markdown: tables with their captions, quotations, lines."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._rows: list[list[str]] = []
        self._text: list[str] = []
        self._hidden = 0  # deep in what a reader unfolds

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag == "mark":
            self._text.append("**")
        if tag in ("table", "caption", "th", "td", "p", "small", "blockquote", "figcaption", "label"):
            self._take()

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary":
            self._hidden += 1
        elif tag == "details":
            self._hidden -= 1
        elif tag == "mark":
            self._text.append("**")
        elif tag in ("th", "td"):
            self._rows[-1].append(self._take())
        elif tag == "table":
            self._table()
        elif tag in ("caption", "figcaption"):
            self._say(f"**{self._take()}**")
        elif tag == "small":
            self._say(f"*{self._take()}*")
        elif tag == "blockquote":
            self._say("\n".join(f"> {line}".rstrip() for line in self._take(lines=True).splitlines()))
        elif tag == "p":
            self._say(self._take())
        elif tag == "label":
            self._take()  # a bar is about the run, not about the plans

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(escaped(data))

    def _take(self, lines: bool = False) -> str:
        text, self._text = "".join(self._text), []
        return text.strip() if lines else " ".join(text.split())

    def _say(self, part: str) -> None:
        if part.strip("*> ") and not self._hidden:
            self.parts.append(part)

    def _table(self) -> None:
        rows = [r for r in self._rows if r]
        if not rows or self._hidden:
            return
        if len(rows[0]) == 2 and rows[0][0] == "title":  # a plan's facts have no heads
            rows.insert(0, ["", ""])
        lines = ["| " + " | ".join(r) + " |" for r in rows]
        self._say("\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]))


def page(name: str, cells: list[Any], home: Path) -> str:
    """The page of a notebook whose cells have run in ``home``: text, code, and what it showed."""
    parts: list[str] = []
    pictures = 0
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(re.sub(r"\]\(([\w-]+)\.ipynb\)", r"](\1.md)", source))
            continue
        parts.append(f"```python\n{source}\n```")
        for kind, data in outputs(cell):
            if kind == "image/png":
                pictures += 1
                parts.append(f"![What the code above draws]({picture(name, pictures)})")
            else:
                parts += said(kind, data.replace(f"{home}/", ""))
    return "\n\n".join(parts) + "\n"


def outputs(cell: Any) -> Iterator[tuple[str, str]]:
    """The richest form of each thing that a cell shows: its kind and what it holds."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        for kind in ("image/png", "text/markdown", "text/html", "text/plain"):
            if kind in data:
                yield kind, "".join(data[kind])
                break


def said(kind: str, data: str) -> list[str]:
    """An output as paragraphs of Markdown."""
    data = _PASSING.sub(r"\1…", data)
    if kind == "text/markdown":
        return [data]
    if kind == "text/html":
        reader = Reader()
        reader.feed(data)
        return reader.parts
    return [f"```\n{data}\n```"]


def picture(name: str, n: int) -> str:
    return f"{name}-{n}.png"


def small(png: bytes) -> bytes:
    """The picture with a palette of 128 colours: a third of the size, and the eye sees no difference."""
    from PIL import Image

    stream = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128, Image.Quantize.MAXCOVERAGE).save(
        stream, "png", optimize=True
    )
    return stream.getvalue()


def run(name: str, home: Path) -> list[Any]:
    """The cells of a notebook of a copied project after they have run."""
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(home / "notebooks" / f"{name}.ipynb", as_version=4)
    place = {"metadata": {"path": str(home / "notebooks")}}
    env = {k: v for k, v in os.environ.items() if k not in (REGISTER, TEXTS)} | {"TMPDIR": str(home)}
    NotebookClient(book, kernel_name="python3", timeout=_SECONDS, resources=place).execute(env=env)
    return list(book.cells)


def names() -> list[str]:
    return sorted(p.stem for p in NOTEBOOKS.glob("*.ipynb"))


def index() -> str:
    """The list of pages, from the table in notebooks/README.md."""
    rows = [r for r in (NOTEBOOKS / "README.md").read_text(encoding="utf-8").splitlines() if r.startswith("|")]
    return INTRODUCTION + "\n".join(rows).replace(".ipynb)", ".md)") + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        for part in ("notebooks", "data"):
            shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        done = {name: run(name, home) for name in names()}
        files: dict[str, str | bytes] = {"README.md": index()}
        for name, cells in done.items():
            files[f"{name}.md"] = page(name, cells, home)
            drawn = [data for c in cells for kind, data in outputs(c) if kind == "image/png"]
            files |= {picture(name, n): small(base64.b64decode(data)) for n, data in enumerate(drawn, 1)}
    for file, content in files.items():
        write(TARGET / file, content)
    for old in {p.name for p in TARGET.iterdir()} - set(files):
        (TARGET / old).unlink()
    print(f"{TARGET.relative_to(ROOT)}: {len(done)} notebooks, {sum(f.endswith('.png') for f in files)} figures")


if __name__ == "__main__":
    main()
