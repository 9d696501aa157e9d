"""Figures: each function takes frames (or their rows) and gives a matplotlib Figure that holds its data.

``lang`` (en, vi) chooses the language of headings; ``note`` is the caption: which plans, which version, which
threshold. Empty input gives a figure that says so. No pyplot, no global state: figures work without a display.
"""

from compare.figures.agencies import agency_load
from compare.figures.alignments import alignment_matrix
from compare.figures.calendar import deadline_calendar
from compare.figures.evidence import evidence_waterfall, reliability_curve
from compare.figures.gaps import gap_matrix
from compare.figures.output import MANIFEST, changes, data_csv, manifest, manifest_of, render, save, save_all, svg
from compare.figures.slopes import target_slopes
from compare.figures.targets import target_dumbbells
from compare.figures.themes import theme_bars, theme_heatmap

__all__ = [
    "MANIFEST",
    "agency_load",
    "alignment_matrix",
    "changes",
    "data_csv",
    "deadline_calendar",
    "evidence_waterfall",
    "gap_matrix",
    "manifest",
    "manifest_of",
    "reliability_curve",
    "render",
    "save",
    "save_all",
    "svg",
    "target_dumbbells",
    "target_slopes",
    "theme_bars",
    "theme_heatmap",
]
