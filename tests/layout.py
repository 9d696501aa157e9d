"""What a figure shows, as text: its size, its words and where they stand, its marks and theirs.

Independent of the version of matplotlib and of its renderers: places come from the figure, in inches to a hundredth.

After a change to a figure that is meant: python -m tests.layout writes tests/golden/figures.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent / "golden" / "figures.json"
ROWS = {"en": 5, "vi": 60}


def layout(figure: Any) -> list[str]:
    """One line per text and mark, in the order in which they were made."""
    wide, tall = figure.get_size_inches()
    return [f"page {wide:.2f} {tall:.2f}", *_texts(figure.texts, wide, tall), *_axes(figure, wide, tall)]


def _texts(texts: Any, wide: float, tall: float) -> Iterator[str]:
    for t in texts:
        x, y = t.get_position()
        look = (
            f"{t.get_fontsize():g} {t.get_fontweight()} {t.get_rotation():g} {t.get_ha()} {t.get_va()} {t.get_color()}"
        )
        yield f"text {x * wide:.2f} {y * tall:.2f} {look} {t.get_text()!r}"


def _axes(figure: Any, wide: float, tall: float) -> Iterator[str]:
    for ax in figure.axes:
        box = ax.get_position()
        yield f"axes {box.x0 * wide:.2f} {box.y0 * tall:.2f} {box.width * wide:.2f} {box.height * tall:.2f}"
        yield f"limits {_numbers([*ax.get_xlim(), *ax.get_ylim()])} {ax.get_xscale()}"
        yield from (f"line {_numbers(line.get_xydata().ravel())} {line.get_color()}" for line in ax.lines)
        yield from (f"patch {_numbers(_corners(p))} {_numbers(p.get_facecolor())}" for p in ax.patches)
        for c in ax.collections:
            at = _numbers(c.get_offsets().ravel()) if not hasattr(c, "get_segments") else _numbers(
                [v for segment in c.get_segments() for v in segment.ravel()]
            )  # fmt: skip
            yield f"{type(c).__name__} {at} {_numbers(c.get_edgecolor().ravel())} {_numbers(c.get_facecolor().ravel())}"
        yield from (f"note {_numbers(t.xy)} {t.get_color()} {t.get_text()!r}" for t in ax.texts if hasattr(t, "xy"))


def _corners(patch: Any) -> Any:
    return patch.get_patch_transform().transform(patch.get_path().vertices).ravel()


def _numbers(values: Any) -> str:
    return " ".join(f"{float(v) + 0.0:.3g}" for v in values)


def summary(figure: Any) -> dict[str, Any]:
    """How many texts and marks there are, and the checksums of the layout and of the data."""
    from compare import figures

    lines = layout(figure)
    return {
        "size": lines[0].removeprefix("page "),
        "texts": sum(line.startswith("text ") for line in lines),
        "marks": sum(line.startswith(("line ", "patch ", "PathCollection ", "LineCollection ")) for line in lines),
        "layout": _checksum("\n".join(lines)),
        "data": _checksum(figures.data_csv(figure)),
    }


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def summaries() -> dict[str, dict[str, Any]]:
    """Every kind of figure with few rows in English and many in Vietnamese."""
    from tests.test_figures import MAKERS

    return {f"{name} {lang} {n}": summary(make(n, lang)) for name, make in MAKERS.items() for lang, n in ROWS.items()}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(summaries(), indent=1) + "\n", encoding="utf-8")
