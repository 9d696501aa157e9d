"""The register of plans: a CSV with one row per plan, and the texts and editions that its rows name.

Layer 1: imports errors, records and download only, so that the pipeline, above it, can turn an id into a path. A
register has the columns of ``COLUMNS``; ``file`` and ``edition`` are paths relative to the register's folder. Further
columns and the order of rows are kept when it is written anew.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from compare.download import Fetcher, Progress
from compare.errors import OutputError, ReadError
from compare.records import Plan

COLUMNS = (
    "plan_id", "province", "number", "issued_on", "doc_type", "period", "about", "url", "file", "sha256", "edition",
)  # fmt: skip
DEFAULT = Path("data/sources.csv")
REGISTER, TEXTS = "PLANDIFF_REGISTER", "PLANDIFF_TEXTS"
_ID = re.compile(r"[a-z0-9~-]+")
_LONGEST = 100

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Register:
    """The rows of one register; ``texts`` is a folder that is searched for texts before the register's own."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    texts: Path | None = None
    bom: bool = False
    newline: str = "\n"

    def get(self, plan_id: str) -> Row | None:
        """The row of an id."""
        return next((r for r in self.rows if r["plan_id"] == plan_id), None)

    def row(self, plan_id: str) -> Row:
        """The row of an id. Raises ReadError for an unknown one, with the nearest that there are."""
        found = self.get(plan_id)
        if found is None:
            from difflib import get_close_matches

            near = get_close_matches(plan_id, [r["plan_id"] for r in self.rows], 3)
            remedy = f"did you mean {' or '.join(near)}?" if near else "see plandiff corpus list"
            raise ReadError(plan_id, f"not in the register {self.path}", remedy)
        return found

    def unknown(self, word: str) -> ReadError:
        """What is wrong with a word that is neither a file nor an id, with the nearest ids."""
        from difflib import get_close_matches

        near = get_close_matches(word, [r["plan_id"] for r in self.rows], 3)
        guess = f"did you mean {' or '.join(near)}? " if near else ""
        problem = f"no such file, and no id of a plan in {self.path}"
        return ReadError(word, problem, f"{guess}check the path; plandiff corpus list shows the ids")

    def text(self, row: Row) -> Path | None:
        """Where the full text is; None where it is not."""
        return next((p for p in self._places(row["file"]) if _is_file(p)), None) if row["file"] else None

    def _places(self, file: str) -> Iterator[Path]:
        if self.texts is not None:
            yield self.texts / file
            yield self.texts / Path(file).name
        yield self.path.parent / file

    def edition(self, row: Row) -> Path | None:
        """Where the abridged edition is; None where there is none."""
        path = self.path.parent / row["edition"]
        return path if row["edition"] and _is_file(path) else None

    def where(self, row: Row) -> str:
        """full, edition or missing: the best that is at hand of a plan's text."""
        return "full" if self.text(row) else "edition" if self.edition(row) else "missing"

    def state(self, row: Row) -> str:
        """unchanged, changed, missing, or new (a text without a registered checksum). Reads the text."""
        path = self.text(row)
        if path is None:
            return "missing"
        return "new" if not row["sha256"] else "unchanged" if checksum(path) == row["sha256"].lower() else "changed"

    def target(self, row: Row, suffix: str = ".txt") -> tuple[Path, str]:
        """Where a fetched text belongs, and its cell ``file``: never outside the folder of texts."""
        file = Path(row["file"] or Path(row["plan_id"]).name + suffix)
        if file.is_absolute() or ".." in file.parts:
            file = Path(file.name)
        return (self.texts or self.path.parent) / file, file.as_posix()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that may not be entered
        return False


def checksum(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises ReadError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(str(path), f"cannot be read ({error.strerror})", "check its permissions") from None


def find(named: Path | None = None) -> Path | None:
    """The register's path: as named, else ``PLANDIFF_REGISTER``, else data/sources.csv where that is there."""
    if named is not None:
        return named
    if os.environ.get(REGISTER):
        return Path(os.environ[REGISTER])
    return DEFAULT if _is_file(DEFAULT) else None


def load(named: Path | None = None, texts: Path | None = None, *, create: bool = False) -> Register:
    """Reads a register; with ``create``, one that is not there yet is empty.

    Raises ReadError where none is named or there, where it is no CSV, lacks the column plan_id, has a row with too
    many cells or without an id, or one id twice.
    """
    path = find(named)
    if path is None:
        way = f"go to a checkout of plandiff, which has one, or name one with --register FILE or {REGISTER}"
        raise ReadError(str(DEFAULT), "no register here", way)
    if texts is None and os.environ.get(TEXTS):
        texts = Path(os.environ[TEXTS])
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        if create:
            return Register(path, COLUMNS, (), texts)
        raise ReadError(str(path), "no such register", f"check --register or {REGISTER}") from None
    except OSError as error:
        raise ReadError(str(path), f"cannot be read ({error.strerror})", "check the path and its permissions") from None
    except UnicodeDecodeError as error:
        raise ReadError(str(path), f"not UTF-8 at byte {error.start}", "save the register as UTF-8") from None
    if "\0" in text:
        raise ReadError(str(path), "no text but binary data", "save the register as CSV in UTF-8")
    heads, rows = _table(path, text)
    columns = heads + tuple(c for c in COLUMNS if c not in heads)
    full = tuple({c: row.get(c, "") for c in columns} for row in rows)
    return Register(path, columns, full, texts, raw.startswith(b"\xef\xbb\xbf"), "\r\n" if "\r\n" in text else "\n")


def _table(path: Path, text: str) -> tuple[tuple[str, ...], list[Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    lines: dict[str, int] = {}
    try:
        heads = tuple(next(reader, ()))
        if "plan_id" not in heads or len(set(heads)) < len(heads):
            remedy = f"the first line names the columns, apart by commas: {','.join(COLUMNS)}"
            raise ReadError(f"{path}, line 1", "no column plan_id, or one column twice", remedy)
        for cells in filter(None, reader):
            place = f"{path}, line {reader.line_num}"
            row = dict(zip(heads, cells, strict=False))
            if len(cells) > len(heads):
                raise ReadError(place, f"{len(cells)} cells under {len(heads)} columns", "quote cells that hold commas")
            if not row.get("plan_id"):
                raise ReadError(place, "no plan_id", "give the row an id")
            if row["plan_id"] in lines:
                raise ReadError(
                    place, f"{row['plan_id']} stands in line {lines[row['plan_id']]} too", "delete one of the rows"
                )
            lines[row["plan_id"]] = reader.line_num
            rows.append(row)
    except csv.Error as error:
        raise ReadError(f"{path}, line {reader.line_num}", f"not a CSV ({error})", "check the quotes there") from None
    return heads, rows


def resolve(source: str, register: Register | None = None) -> str:
    """The path of a plan's text: an existing path and ``-`` stand for themselves, then a registered id for its text.

    An id gives its full text where that is at hand, else its edition; a word that cannot be an id comes back as it is.
    Without ``register`` the default one is read, only when it is needed. Raises ReadError for an id without a text, and
    for what could be an id but is none.
    """
    if source == "-" or "/" in source or _exists(source):
        return source
    if register is None:
        try:
            register = load() if find() else None
        except ReadError:
            # A broken register matters only for what could be an id; of a path, the reader tells what is wrong.
            if _ID.fullmatch(source):
                raise
    row = register.get(source) if register else None
    if row is None and len(source) <= _LONGEST and _ID.fullmatch(source):
        if register is not None:
            raise register.unknown(source)
        way = f"check the path; ids of plans work where {DEFAULT} is (a checkout of plandiff), or with {REGISTER}=FILE"
        raise ReadError(source, "no such file, and no register of plans here", way)
    if register is None or row is None:
        return source
    path = register.text(row) or register.edition(row)
    if path is None:
        raise ReadError(source, "registered, but its text is not at hand", _way(row, register))
    return str(path)


def _exists(source: str) -> bool:
    try:
        return Path(source).exists()
    except OSError:  # the reader says what is wrong with it
        return True


def _way(row: Row, register: Register) -> str:
    if row["url"]:
        return f"fetch it with: plandiff corpus fetch {row['plan_id']}"
    return (
        f"no address is known: put the text at {register.target(row)[0]}, name its folder with {TEXTS}, or write where "
        "it is into the register's column url"
    )


def facts(plan: Plan, file: str) -> Row:
    """The cells of a row that a parsed plan tells; ``file`` is the path as the register is to name it."""
    m = plan.metadata
    years = [d[:4] for d in (m.period_start, m.period_end) if d] or [str(m.year or "")]
    return {
        "plan_id": plan.plan_id, "province": m.province, "number": m.number, "issued_on": m.issued_on,
        "doc_type": m.doc_type, "period": "-".join(dict.fromkeys(years)), "file": file, "sha256": plan.document.sha256,
    }  # fmt: skip


def relative(path: Path, register: Register) -> str:
    """A text's path as ``file`` names it: from the folder of texts where it lies in there, else from the register's."""
    whole = path.resolve()
    if register.texts is not None and whole.is_relative_to(register.texts.resolve()):
        return whole.relative_to(register.texts.resolve()).as_posix()
    return Path(os.path.relpath(whole, register.path.parent.resolve())).as_posix()


def added(register: Register, new: Row, *, replaces: bool = False) -> Register:
    """The register with a row more; with ``replaces``, with the row of the same id or checksum renewed.

    A renewed row keeps its id and every cell for which ``new`` has nothing. Raises ReadError where the id or the text
    is registered already and ``replaces`` is not set.
    """
    known = new.get("sha256", "")
    same = (r for r in register.rows if known and r["sha256"].lower() == known)
    old = register.get(new["plan_id"]) or next(same, None)
    if old is None:
        row = {c: new.get(c, "") for c in register.columns}
        return replace(register, rows=(*register.rows, row))
    if not replaces:
        said = "" if old["plan_id"] == new["plan_id"] else f" as {old['plan_id']}"
        raise ReadError(new["plan_id"], f"registered already{said} in {register.path}", "renew the row with --replace")
    told = {k: v for k, v in new.items() if v and v != "unknown" and k != "plan_id"}
    return replace(register, rows=tuple({**r, **told} if r is old else r for r in register.rows))


def save(register: Register) -> None:
    """Writes the register whole or not at all. Raises OutputError where that fails."""
    stream = io.StringIO(newline="")
    plain = csv.writer(stream, lineterminator=register.newline)
    # Python 3.11 leaves a lone carriage return unquoted, and readers then take it for the end of the row.
    quoted = csv.writer(stream, lineterminator=register.newline, quoting=csv.QUOTE_ALL)
    for cells in (register.columns, *([row[c] for c in register.columns] for row in register.rows)):
        (quoted if any("\r" in cell for cell in cells) else plain).writerow(cells)
    path = register.path.resolve()  # a link keeps pointing where it did
    with part(path) as beside:
        beside.write_bytes(stream.getvalue().encode("utf-8-sig" if register.bom else "utf-8"))
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)


@contextmanager
def part(target: Path) -> Iterator[Path]:
    """A file beside ``target`` to fill and move; gone afterwards. Raises OutputError where the disk says no."""
    beside = target.parent / f".{target.name}.{os.getpid()}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield beside
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{target}: cannot be written ({reason}); choose another folder or free it") from None
    finally:
        beside.unlink(missing_ok=True)


class Got(NamedTuple):
    """What became of one text: fetched; here (nothing to do); changed (the text here differs from the register's
    checksum, nothing was asked); differs (the fetched text does, and lies at ``path`` beside the other)."""

    outcome: str
    path: Path
    size: int


def fetch(
    register: Register, plan_id: str, fetcher: Fetcher, *, replaces: bool = False, progress: Progress | None = None
) -> Got:
    """Downloads a text to its place and notes its file and checksum in the register where they were not known.

    A text that is there already is asked for again only with ``replaces``. Raises ReadError for an unknown id, one
    without an address, and as ``Fetcher.get`` does; OutputError where the text cannot be written.
    """
    row = register.row(plan_id)
    if not row["url"]:
        short = register.edition(row)
        instead = f" (commands read its abridged edition, {short}, meanwhile)" if short else ""
        named = f" {row['number']}" if row["number"] else ""
        way = (
            f"look the document{named} up on the province's portal, save it as {register.target(row)[0]}, or register its "
            f"address: column url of {register.path}"
        )
        raise ReadError(plan_id, "no address is registered", f"{way}{instead}")
    here = register.text(row)
    if here and not replaces:
        return Got("changed" if register.state(row) == "changed" else "here", here, here.stat().st_size)
    with part(register.target(row)[0]) as beside:
        got = fetcher.get(row["url"], lambda: beside.open("wb"), progress)
        path, file = register.target(row, _suffix(got.head))
        if row["sha256"] and got.sha256 != row["sha256"].lower():
            path = path.with_name(f"{path.name}.new")
            beside.replace(path)
            return Got("differs", path, got.size)
        beside.replace(path)
    _note(register, {"plan_id": plan_id, "file": file, "sha256": got.sha256})
    return Got("fetched", path, got.size)


def _note(register: Register, told: Row) -> None:
    """Puts cells into the register as it stands now: a download is slow, and others may have written meanwhile."""
    now = load(register.path, register.texts)
    row = now.row(told["plan_id"])
    if {**row, **told} != row:
        save(replace(now, rows=tuple({**r, **told} if r is row else r for r in now.rows)))


_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|meta|\?xml|div|p|table)\b", re.IGNORECASE)


def _suffix(head: bytes) -> str:
    """What a file is, by its first bytes."""
    if b"%PDF-" in head:
        return ".pdf"
    if head.startswith(b"PK\x03\x04"):
        return ".docx"
    return ".html" if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) else ".txt"


def unregistered(register: Register) -> list[Path]:
    """The texts in the folder of texts that no row names, by name; none where no such folder was given."""
    if register.texts is None or not register.texts.is_dir():
        return []
    named = {p.resolve() for r in register.rows for p in (register.text(r), register.edition(r)) if p}
    kinds = {".txt", ".md", ".html", ".htm", ".docx", ".pdf"}
    found = sorted(p for p in register.texts.rglob("*") if p.suffix.lower() in kinds and _is_file(p))
    return [p for p in found if p.resolve() not in named]
