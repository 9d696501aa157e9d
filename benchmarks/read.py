"""How fast each format is read, and three PDF libraries side by side.

python benchmarks/read.py

Renders the text editions to every format (tests/render.py), reads each file five times and takes the median. MB/s are
megabytes of the text that comes out, on one core, without parsing; memory is the peak of a fresh process over that of
one which only imports the readers, in times the text. Limits: text 2 MB/s, DOCX and HTML 0.5 MB/s, PDF 10 pages/s,
memory 20 times the text (of a long document: the editions' own 160 kB are less than what a library takes to load).
The PDF libraries are compared on their plain text: share of the edition's syllables that come out whole.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from compare.normalise import tokens  # noqa: E402
from compare.read import read_document  # noqa: E402
from tests import render  # noqa: E402

LIMITS = {"text": 2.0, "tcvn3": 2.0, "html": 0.5, "docx": 0.5}
LONG = 20  # copies of the editions in the document that memory is measured on


def median(run: Callable[[], object], times: int = 5) -> float:
    """The median wall-clock seconds of a call."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def speeds(folder: Path, editions: dict[str, Path], blocks: dict[str, list[render.Block]]) -> None:
    """Prints MB/s of the formats that hold text as such."""
    makers: dict[str, Callable[[str], tuple[str, bytes]]] = {
        "text": lambda s: (".txt", editions[s].read_bytes()),
        "tcvn3": lambda s: (".txt", render.to_font(editions[s].read_text(encoding="utf-8"), "tcvn3")),
        "html": lambda s: (".html", render.to_html(blocks[s])),
        "docx": lambda s: (".docx", render.to_docx(blocks[s])),
    }
    for form, make in makers.items():
        paths = []
        for stem in editions:
            suffix, raw = make(stem)
            paths.append(folder / f"{form}-{stem}{suffix}")
            paths[-1].write_bytes(raw)
        size = sum(len(read_document(str(p)).text.encode()) for p in paths)
        taken = median(lambda paths=paths: [read_document(str(p)) for p in paths])  # type: ignore[misc]
        print(f"{form}: {size / 1e6 / taken:.1f} MB/s (limit {LIMITS[form]})")


def memory(folder: Path, blocks: dict[str, list[render.Block]]) -> None:
    """Prints the peak of reading one long document, in times its text (on Linux, which tells it by process)."""
    if not Path("/proc/self/status").exists():
        return
    long = [b for _ in range(LONG) for own in blocks.values() for b in own]
    for suffix, raw in ((".html", render.to_html(long)), (".docx", render.to_docx(long, automatic=False))):
        path = folder / f"long{suffix}"
        path.write_bytes(raw)
        size = len(read_document(str(path)).text.encode())
        print(
            f"memory for {size / 1e6:.1f} MB of text from {suffix[1:]}: {(peak(str(path)) - peak('')) / size:.1f} times"
        )


def peak(path: str) -> int:
    """The peak memory in bytes of a process that reads ``path``, or that only imports the readers."""
    code = f"import compare.read, lxml.etree, docx\nif {path!r}: compare.read.read_document({path!r})\n"
    code += "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    return int(out.stdout) * 1024


def plain_text() -> dict[str, Callable[[str], str]]:
    """The libraries that are installed, each as a function from a path to plain text."""
    found: dict[str, Callable[[str], str]] = {}
    try:
        import pypdfium2

        def by_pdfium(path: str) -> str:
            document = pypdfium2.PdfDocument(path)
            return "\n".join(page.get_textpage().get_text_range() for page in document)

        found["pypdfium2"] = by_pdfium
    except ImportError:
        print("pypdfium2 is not installed")
    try:
        import pdfplumber

        def by_plumber(path: str) -> str:
            with pdfplumber.open(path) as document:
                return "\n".join(page.extract_text() or "" for page in document.pages)

        found["pdfplumber"] = by_plumber
    except ImportError:
        print("pdfplumber is not installed: pip install pdfplumber")
    try:
        from pdfminer.high_level import extract_text

        found["pdfminer.six"] = extract_text
    except ImportError:
        print("pdfminer.six is not installed: pip install pdfminer.six")
    return found


def whole(said: str, edition: str) -> float:
    """Share of the edition's syllables that ``said`` has, as often."""
    want, got = (Counter(t.key for t in tokens(text)) for text in (edition, said))
    return sum((want & got).values()) / sum(want.values())


def libraries(folder: Path, editions: dict[str, Path], blocks: dict[str, list[render.Block]]) -> None:
    """Prints pages per second and whole syllables of each library, and of the reader itself."""
    makers = {
        "Chromium": (render.browser(), render.to_pdf_by_browser),
        "LibreOffice": (render.office(), render.to_pdf_by_office),
    }
    for program, (there, make) in makers.items():
        if there is None:
            print(f"{program} is not installed: no PDF of it")
            continue
        paths = {}
        for stem in editions:
            paths[stem] = folder / f"{program}-{stem}.pdf"
            paths[stem].write_bytes(make(blocks[stem]))
        pages = sum(len(read_document(str(p)).pages) for p in paths.values())
        readers = plain_text() | {"this reader": lambda p: read_document(p).text}
        for name, to_text in readers.items():
            shares = [whole(to_text(str(p)), read_document(str(editions[s])).text) for s, p in paths.items()]
            taken = median(lambda t=to_text, ps=paths: [t(str(p)) for p in ps.values()], 3)  # type: ignore[misc]
            print(
                f"{program} PDF, {name}: {pages / taken:.0f} pages/s, {100 * statistics.mean(shares):.2f} % of syllables whole"
            )


def main() -> None:
    editions = {p.stem: p for p in sorted(render.EDITIONS.glob("*.txt"))}
    blocks = {stem: render.blocks_of(path) for stem, path in editions.items()}
    with tempfile.TemporaryDirectory() as name:
        speeds(Path(name), editions, blocks)
        memory(Path(name), blocks)
        libraries(Path(name), editions, blocks)


if __name__ == "__main__":
    main()
