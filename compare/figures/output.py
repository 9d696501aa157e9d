"""Figures as files: the same input gives the same bytes; beside each its data, and one manifest for all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compare.errors import OutputError
from compare.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Nothing that changes from run to run or with the version of matplotlib goes into a file.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": "plandiff"},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": "plandiff", "Producer": "plandiff"},
}
_DPI = 200
MANIFEST = "manifest.json"


def render(figure: Figure, format: str) -> bytes:
    """The figure as svg, png or pdf. Raises ValueError for another format."""
    if format not in _METADATA:
        raise ValueError(f"unknown format {format!r}: use one of {', '.join(_METADATA)}")
    metadata = dict(_METADATA[format])
    if format != "png":
        metadata["Title"] = getattr(figure, "title_text", "")
    buffer = io.BytesIO()
    figure.savefig(buffer, format=format, dpi=_DPI, metadata=metadata)
    return buffer.getvalue()


def svg(figure: Figure) -> str:
    """The figure as SVG markup, for a page."""
    return render(figure, "svg").decode("utf-8")


def data_csv(figure: Figure) -> str:
    """The numbers behind a figure as CSV with a header; empty for a figure that holds none."""
    columns: Sequence[str] = getattr(figure, "columns", ())
    stream = io.StringIO()
    if columns:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(getattr(figure, "data", ()))
    return stream.getvalue()


def save(figure: Figure, path: str | Path, formats: Sequence[str] = ("svg", "png", "pdf")) -> list[Path]:
    """Writes ``path``.svg, .png and .pdf and, beside them, ``path``.csv with the figure's data; returns the files.

    All are drawn before the first is written. Raises OutputError where the folder cannot be written to.
    """
    contents = {f: render(figure, f) for f in formats}
    contents["csv"] = data_csv(figure).encode("utf-8")
    base = Path(path)
    return [_write(base.with_name(f"{base.name}.{suffix}"), content) for suffix, content in contents.items()]


def save_all(
    drawn: Sequence[tuple[str, Figure]], folder: str | Path, formats: Sequence[str] = ("svg", "png", "pdf")
) -> list[Path]:
    """Saves every (name, figure) in ``folder``, as ``save`` does; a second core, where there is one, makes the PNG."""
    base = Path(folder)
    if "png" not in formats or len(formats) < 2 or "fork" not in get_all_start_methods() or (os.cpu_count() or 1) < 2:
        return [file for name, figure in drawn for file in save(figure, base / name, formats)]
    second = get_context("fork").Process(target=_second, args=(drawn, base))
    second.start()
    try:
        others = [f for f in formats if f != "png"]
        files = [file for name, figure in drawn for file in save(figure, base / name, others)]
    finally:
        second.join()
    if second.exitcode:
        _pngs(drawn, base)  # fails here as it did there, with its reason
    return [*files, *(base / f"{name}.png" for name, _ in drawn)]


def _second(drawn: Sequence[tuple[str, Figure]], folder: Path) -> None:
    """What the second core does; that it failed is all that it tells."""
    try:
        _pngs(drawn, folder)
    except OutputError:
        sys.exit(1)


def _pngs(drawn: Sequence[tuple[str, Figure]], folder: Path) -> None:
    for name, figure in drawn:
        _write(folder / f"{name}.png", render(figure, "png"))


def manifest_of(
    files: Iterable[str | Path], inputs: Mapping[str, str], parameters: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """What figures were made from: ``inputs`` (plan id -> sha256), versions, ``parameters``, and each file's sha256."""
    import matplotlib as mpl

    return {
        "inputs": dict(sorted(inputs.items())),
        "versions": {"plandiff": __version__, "matplotlib": mpl.__version__},
        "parameters": dict(sorted(parameters.items())),
        "files": {p.name: _checksum(p) for p in sorted(map(Path, files))},
    }


def manifest(
    folder: str | Path, files: Iterable[str | Path], inputs: Mapping[str, str], parameters: Mapping[str, Any]
) -> Path:
    """Writes ``folder``/manifest.json; the arguments are those of ``manifest_of``. Raises OutputError."""
    found = manifest_of(files, inputs, parameters)
    text = json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n"
    return _write(Path(folder) / MANIFEST, text.encode("utf-8"))


def changes(folder: str | Path, new: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """How a manifest made now differs from the one in ``folder`` and from the files beside it, one line each.

    Raises OutputError where the folder holds no manifest that can be read.
    """
    path = Path(folder) / MANIFEST
    try:
        old = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise OutputError(f"{path}: no manifest to check against ({problem}); draw the figures first") from problem
    if not isinstance(old, dict) or not all(isinstance(part, dict) for part in old.values()):
        raise OutputError(f"{path}: not a manifest of figures; draw the figures again")
    found = []
    fresh = json.loads(json.dumps(new, ensure_ascii=False, default=str))
    for part in ("inputs", "versions", "parameters", "files"):
        was, now = old.get(part, {}), fresh.get(part, {})
        found += [
            f"{part}: {k}: {_how(was.get(k), now.get(k))}" for k in sorted({*was, *now}) if was.get(k) != now.get(k)
        ]
    for name, checksum in sorted(old.get("files", {}).items()):
        file = Path(folder) / name
        if not file.is_file():
            found.append(f"files: {name}: is missing from {folder}")
        elif _checksum(file) != checksum:
            found.append(f"files: {name}: was edited after it was drawn")
    return found


def _how(was: Any, now: Any) -> str:
    if was is None:
        return "is new"
    if now is None:
        return "is no longer made"
    short = [str(v)[:12] for v in (was, now)]
    return f"was {short[0]}, is {short[1]}"


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, content: bytes) -> Path:
    """Through a temporary file in the same folder, so that nothing half-written is left behind."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written: {problem.strerror or problem}") from problem
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as problem:
        Path(name).unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {problem.strerror or problem}") from problem
    return path
