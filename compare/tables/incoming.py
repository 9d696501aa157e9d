"""Reads a filled-in workbook back: the rows under its headings, whatever their language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compare.errors import PlanError
from compare.tables.headings import heading

# A title may stand above the headings.
_FIRST_ROWS = 6


def read_workbook(
    path: Path, columns: Sequence[str], needed: Sequence[str], name: str = "review"
) -> list[dict[str, str]]:
    """The rows of the first sheet that has the ``needed`` columns of table ``name``; cells as text, empty ones "".

    Raises PlanError where the file is no workbook or no sheet has those columns.
    """
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True)
    except (OSError, InvalidFileException, BadZipFile, KeyError) as error:
        raise PlanError(f"{path}: cannot be read as a workbook ({error}); give an .xlsx file") from None
    known = {heading(name, c, lang).lower(): c for lang in ("vi", "en") for c in columns} | {c: c for c in columns}
    for sheet in book.worksheets:
        grid = [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]
        for n, head in enumerate(grid[:_FIRST_ROWS]):
            names = [known.get(h.strip().lower(), "") for h in head]
            if set(needed) <= set(names):
                return [{k: v for k, v in zip(names, row, strict=False) if k} for row in grid[n + 1 :]]
    raise PlanError(f"{path}: no sheet has the columns {', '.join(needed)}; give the workbook of plandiff review queue")
