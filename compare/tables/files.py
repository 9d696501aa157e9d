"""Writes a result whole or not at all."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

from compare.errors import OutputError


def write(path: Path, content: str | bytes) -> None:
    """Writes text (UTF-8, line ends as they are) or bytes; makes the folder where it is missing.

    The content goes to a file beside ``path`` that then takes its name, so that nobody ever sees half of it.
    A device or pipe (/dev/null, /dev/stdout) is written to directly. Raises OutputError where that fails.
    """
    try:
        data = content.encode("utf-8") if isinstance(content, str) else content
        if path.is_dir():
            raise OutputError(f"{path}: this is a directory; name a file in it")
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)  # a link keeps pointing where it did
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{path}: cannot be written ({reason}); choose another place or free it") from None


def _replace(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.parent / f".plandiff-{os.getpid()}-{threading.get_ident()}.tmp"
    try:
        beside.write_bytes(data)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
