"""Draws the figures of a comparison and writes them with their data and one manifest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from compare import figures, frames

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from compare.comparison import Comparison


def drawn(found: Comparison, lang: str) -> Iterator[tuple[str, Figure]]:
    """Name and figure, in the order in which a reader meets them."""
    left, right = found.left.plan_id, found.right.plan_id
    parsed = frames.parse_rows([found.left, found.right])
    common = {"lang": lang, "note": found.note}
    yield "themes", figures.theme_bars(found.rows["themes_diff"], left=left, right=right, lang=lang, note=found.note)
    yield "theme-heatmap", figures.theme_heatmap(parsed["tasks"], **common)
    yield "targets", figures.target_dumbbells(found.rows["targets_diff"], left=left, right=right, lang=lang, note=found.note)
    yield "gaps", figures.gap_matrix(found.rows["gaps"], **common)
    yield "agencies", figures.agency_load(parsed["assignments"], **common)
    yield "deadlines", figures.deadline_calendar(parsed["tasks"], **common)
    yield "alignment", figures.alignment_matrix(found.rows["alignment"], parsed["tasks"], **common)


def draw_all(found: Comparison, folder: Path, lang: str) -> dict[str, str]:
    """Writes every figure (SVG, PNG, PDF, its data as CSV) and the manifest; returns the SVG markup by name."""
    markup: dict[str, str] = {}
    files: list[Path] = []
    for name, figure in drawn(found, lang):
        files += figures.save(figure, folder / name)
        markup[name] = (folder / f"{name}.svg").read_text(encoding="utf-8")
    figures.manifest(folder, files, checksums(found), parameters(found, lang))
    return markup


def checksums(found: Comparison) -> dict[str, str]:
    """Plan id -> checksum of the file that it was read from."""
    return {p.plan_id: p.document.sha256 for p in (found.left, found.right)}


def parameters(found: Comparison, lang: str) -> dict[str, object]:
    """What besides the plans decides how the figures look."""
    return {"threshold": found.pairs.threshold, "lang": lang, "left": found.left.plan_id, "right": found.right.plan_id}
