"""What ships scores no worse against the labels of careful readers than the figures that docs/quality.md gives.

Skipped where the labels are absent: they lie beside the project, not in it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.places import ROOT, SHARED

SLACK = 0.01

pytestmark = pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the gold labels are absent")


def test_no_figure_falls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import quality

    written = json.loads((ROOT / "benchmarks" / "quality.json").read_text(encoding="utf-8"))
    _, now = quality.as_shipped(tmp_path)
    assert set(now) <= set(written)
    # A smaller share of false conflicts is better: the one figure that must not rise.
    lower_is_better = {"conflicts that are none"}
    worse = {
        name: (written[name], value)
        for name, value in now.items()
        if (value - written[name] if name in lower_is_better else written[name] - value) > SLACK
    }
    assert not worse, (
        "figures fell by more than 0.01 (was, is); where that is meant, python benchmarks/quality.py --write"
    )
