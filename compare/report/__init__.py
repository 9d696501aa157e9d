"""The report: one self-contained HTML page on two plans."""

from compare.report.page import render

__all__ = ["render"]
