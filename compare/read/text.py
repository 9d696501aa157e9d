"""Text in whatever encoding: UTF-8, UTF-16, old Vietnamese ones, else what charset-normalizer finds.

Nothing is translated or stripped: spans are indices into the decoded file as it stands. A byte order mark is no part
of the text.
"""

from __future__ import annotations

import codecs

from compare.errors import ReadError
from compare.read.encodings import legacy, unfont, wide


def decode(source: str, raw: bytes) -> tuple[str, str]:
    """The text of ``raw`` and the encoding it was in. Raises ReadError for what is no text."""
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(bom):
            return _strict(source, raw, encoding), encoding
    if b"\x00" in raw[:4096]:
        found = wide(source, raw)
        if found is not None:
            return found
        raise ReadError(source, "binary data, not text", "give a text file (UTF-8)")
    try:
        text, font = unfont(raw.decode("utf-8"))
        return text, font or "utf-8"
    except UnicodeDecodeError as error:
        place = error.start
    found = legacy(raw)
    if found is not None:
        return found
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    text = str(best) if best is not None else ""
    if best is None or sum(not c.isprintable() and c not in "\r\n\t" for c in text) > 0.01 * len(text):
        raise ReadError(source, f"not text in a known encoding (byte {place})", "save it as UTF-8")
    return text, best.encoding


def _strict(source: str, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(source, f"broken {encoding} at byte {error.start}", "save it as UTF-8") from None
