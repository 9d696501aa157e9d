"""Where the gold labels and the real documents are, if they are at hand: beside the project, in ../shared."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
GOLD = SHARED / "gold"
CORPUS = SHARED / "corpus"
TOOLS = SHARED / "tools"
PAIRS = ("003_004", "000_004", "003_000")


def need() -> None:
    """Ends with one line where the labels are absent."""
    if not GOLD.is_dir():
        sys.exit("the gold labels are not here (../shared/gold): nothing to measure")


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated file; missing cells at a line's end are empty."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {k: v or "" for k, v in r.items() if k}
            for r in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def documents() -> dict[str, Path]:
    """Document number -> file."""
    return {r["doc"]: CORPUS / r["file"] for r in table(GOLD / "documents.tsv")}


def spans(doc: str) -> dict[str, tuple[int, int]]:
    """Item -> span in its document."""
    return {r["item"]: (int(r["start"]), int(r["end"])) for r in table(GOLD / f"items_{doc}.tsv")}
