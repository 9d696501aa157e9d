"""Readers: a path, or ``-`` for standard input, to a Document. What kind it is, its content tells before its suffix."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

from compare.errors import ReadError
from compare.read import docx, html, pdf
from compare.read.parts import Extract
from compare.read.text import decode
from compare.records import Document

MAX_BYTES = 200_000_000
_SUFFIXES = {".md": "markdown", ".markdown": "markdown"}
_BINARY = {".pdf", ".docx"}
_READERS = {"html": html.read, "docx": docx.read, "pdf": pdf.read}
_OTHER = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"{\\rtf": "an RTF file",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
}
_OLE = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|article|p[\s>]|h[1-6][\s>]|font[\s>]|center[\s>])",
    re.IGNORECASE,
)


def read_document(source: str) -> Document:
    """Reads a plan's text.

    Raises ReadError where the file is missing, a directory, empty, too large, broken, or of a kind not read.
    """
    raw = _bytes(source)
    if not raw.strip(b"\xef\xbb\xbf\x00 \t\r\n\xff\xfe"):
        raise ReadError(source, "the file is empty", "give a file with the plan's text")
    kind = kind_of(source, raw)
    if Path(source).suffix.lower() in _BINARY and kind not in _READERS and b"\x00" in raw[:4096]:
        name = Path(source).suffix[1:].upper()
        raise ReadError(source, f"named {name}, but its content is none: the file is broken", f"save it as {name} anew")
    if kind in _READERS:
        extract = _READERS[kind](source, raw)
    else:
        text, encoding = decode(source, raw)
        extract = Extract(text, encoding=encoding)
    checksum = hashlib.sha256(raw).hexdigest()
    return Document(source, extract.text, kind, checksum, extract.encoding, extract.warnings, extract.pages)


def kind_of(source: str, raw: bytes) -> str:
    """pdf, docx, html, markdown or text: by content, and by suffix where both are text. Raises ReadError for others."""
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if raw.startswith(_OLE):
        if b"E\x00n\x00c\x00r\x00y\x00p\x00t" in raw[:100_000]:
            raise ReadError(source, "a Word file with a password", "save it without a password")
        raise ReadError(source, "a Word 97-2003 file (.doc)", "save it as DOCX, e.g. soffice --convert-to docx")
    for magic, name in _OTHER.items():
        if raw.startswith(magic):
            said = (
                f"this is {name}, whatever its name says"
                if Path(source).suffix.lower() in _BINARY
                else f"this is {name}"
            )
            raise ReadError(source, f"{said}, not text", "give the plan as text, HTML, DOCX or PDF")
    suffix = Path(source).suffix.lower()
    head = raw[:4096].replace(b"\x00", b"")  # UTF-16 has a NUL in every second byte
    if (
        suffix not in _SUFFIXES
        and _MARKUP.search(head)
        and head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    ):
        return "html"
    return _SUFFIXES.get(suffix, "text")


def _bytes(source: str) -> bytes:
    if source == "-":
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise _too_large(source)
        return raw
    path = Path(source)
    try:
        if path.is_dir():
            raise ReadError(source, "this is a directory", "name the files in it one by one")
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(source)
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(source, "no such file", "check the path") from None
    except OSError as error:
        raise ReadError(source, f"cannot be read ({error.strerror})", "check the path and its permissions") from None


def _too_large(source: str) -> ReadError:
    return ReadError(source, f"larger than {MAX_BYTES // 1_000_000} MB", "a plan is a few hundred kB: cut the file")
