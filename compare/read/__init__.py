"""Readers: a path, or ``-`` for standard input, to a Document. What kind it is, its content tells before its suffix."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from compare.errors import ReadError
from compare.read.text import decode
from compare.records import Document

MAX_BYTES = 200_000_000
_SUFFIXES = {".md": "markdown", ".markdown": "markdown"}
_MAGIC = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Word or ZIP",
    b"\xd0\xcf\x11\xe0": "Word 97",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}


def read_document(source: str) -> Document:
    """Reads a plan's text.

    Raises ReadError where the file is missing, a directory, empty, too large, binary, or of a kind not yet read.
    """
    raw = _bytes(source)
    if not raw.strip(b"\xef\xbb\xbf\x00 \t\r\n\xff\xfe"):
        raise ReadError(source, "the file is empty", "give a file with the plan's text")
    for magic, kind in _MAGIC.items():
        if raw.startswith(magic):
            raise ReadError(source, f"this is a {kind} file, not text", "save it as text (UTF-8) and give that file")
    text, encoding = decode(source, raw)
    kind = _SUFFIXES.get(Path(source).suffix.lower(), "text")
    return Document(source, text, kind, hashlib.sha256(raw).hexdigest(), encoding)


def _bytes(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES)
    path = Path(source)
    try:
        if path.is_dir():
            raise ReadError(source, "this is a directory", "name the files in it one by one")
        if path.stat().st_size > MAX_BYTES:
            raise ReadError(
                source, f"larger than {MAX_BYTES // 1_000_000} MB", "a plan is a few hundred kB: cut the file"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(source, "no such file", "check the path") from None
    except OSError as error:
        raise ReadError(source, f"cannot be read ({error.strerror})", "check the path and its permissions") from None
