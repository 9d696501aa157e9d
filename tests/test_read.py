"""Text files in whatever encoding, and files that are no plan: one line that names file and way out."""

from __future__ import annotations

import codecs
import io
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest

from compare.errors import PlanError, ReadError
from compare.read import read_document

TEXT = (
    "KẾ HOẠCH PHÁT TRIỂN DU LỊCH NĂM 2024\n\n1. Sở Y tế chủ trì, phối hợp với Sở Tài chính mua thuốc cho các trạm y tế ở xã biên giới.\n\n"
    "2. Ủy ban nhân dân các huyện mở chợ phiên, sửa đường đến những bản vùng cao và trồng thêm rừng đầu nguồn trong quý II năm 2024.\n"
) * 3  # fmt: skip


def written(folder: Path, raw: bytes, name: str = "plan.txt") -> str:
    path = folder / name
    path.write_bytes(raw)
    return str(path)


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with BOM", "utf-16", "utf-16 big endian"],
)
def test_unicode_is_decoded_without_its_mark(tmp_path: Path, raw: bytes) -> None:
    assert read_document(written(tmp_path, raw)).text == TEXT


def test_cp1258_is_recognised(tmp_path: Path) -> None:
    """The code page writes tones as marks of their own, and has some letters only so."""
    halves = "".join(_half_composed(c) for c in TEXT)
    document = read_document(written(tmp_path, halves.encode("cp1258")))
    assert unicodedata.normalize("NFC", document.text) == TEXT


def _half_composed(letter: str) -> str:
    """The letter as cp1258 writes it: base with circumflex, breve or horn in one, the tone behind it."""
    plain = unicodedata.normalize("NFD", letter)
    tones = "".join(c for c in plain if c in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(c for c in plain if c not in tones)) + tones


def test_nothing_is_translated_or_stripped(tmp_path: Path) -> None:
    text = "\r\n  1. Mở chợ.\r\n\t2. Sửa cầu. \r\n"
    document = read_document(written(tmp_path, text.encode()))
    assert (document.text, document.format) == (text, "text")


def test_the_suffix_tells_markdown(tmp_path: Path) -> None:
    assert read_document(written(tmp_path, TEXT.encode(), "plan.md")).format == "markdown"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    assert read_document("-").text == TEXT


def test_the_checksum_is_that_of_the_bytes(tmp_path: Path) -> None:
    a = read_document(written(tmp_path, TEXT.encode(), "a.txt"))
    b = read_document(written(tmp_path, codecs.BOM_UTF8 + TEXT.encode(), "b.txt"))
    assert a.text == b.text and a.sha256 != b.sha256


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "PNG"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, ".doc"),
        (bytes(range(256)) * 20, "not text"),
        (codecs.BOM_UTF16_LE + b"\x41", "broken"),
    ],
    ids=["empty", "blanks", "only a BOM", "picture", "old Word", "binary", "cut UTF-16"],
)
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    path = written(tmp_path, raw)
    with pytest.raises(ReadError) as caught:
        read_document(path)
    message = str(caught.value)
    assert message.startswith(path) and words in message and "\n" not in message
    assert isinstance(caught.value, PlanError) and caught.value.exit_code == 2


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_a_broken_file_is_called_by_its_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"plan.{suffix}"
    path.write_bytes(b"\x00\x01broken" * 50)
    with pytest.raises(ReadError, match=f"named {suffix.upper()}, but its content is none"):
        read_document(str(path))
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    with pytest.raises(ReadError, match="a PNG picture, whatever its name says"):
        read_document(str(path))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_document(str(tmp_path / "nowhere.txt"))


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="directory"):
        read_document(str(tmp_path))
