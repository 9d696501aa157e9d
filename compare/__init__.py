"""plandiff: compares Vietnamese provincial plans. Import it as ``compare``.

>>> import compare as pc
>>> th = pc.read_plan("data/editions/thanh-hoa-2023-kh.txt")  # doctest: +SKIP
>>> pairs = pc.align(th, pc.read_plan("data/editions/son-la-2025-qd-161.txt"))  # doctest: +SKIP
>>> pc.diff.gaps(pairs)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from compare.version import __version__

if TYPE_CHECKING:
    import compare.diff as diff
    import compare.figures as figures
    from compare.display import Progress, show
    from compare.notebook import Pairs, Plan, align, history, read_corpus, read_plan

__all__ = [
    "Pairs",
    "Plan",
    "Progress",
    "__version__",
    "align",
    "diff",
    "figures",
    "history",
    "read_corpus",
    "read_plan",
    "show",
]

_FROM_NOTEBOOK = {"Pairs", "Plan", "align", "history", "read_corpus", "read_plan"}


def __getattr__(name: str) -> Any:
    """Imports what is asked for when it is asked for: the command line starts without pandas and scipy."""
    if name in ("Progress", "show"):
        return getattr(import_module("compare.display"), name)
    if name in _FROM_NOTEBOOK:
        return getattr(import_module("compare.notebook"), name)
    if name in ("diff", "figures"):
        return import_module(f"compare.{name}")
    raise AttributeError(f"module 'compare' has no attribute {name!r}")
