"""The register of plans: read and written back whole, ids for paths, texts fetched from a server on this machine."""

from __future__ import annotations

import hashlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare import download, register
from compare.download import Fetcher, agent, web_address
from compare.errors import OutputError, ReadError
from compare.pipeline import read_plan
from compare.register import COLUMNS, Register, added, fetch, load, resolve, save
from compare.version import __version__
from tests.places import EDITIONS, ROOT

SOURCES = ROOT / "data" / "sources.csv"
TEXT = "KẾ HOẠCH\n".encode() * 100


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In an empty folder, without the user's register, texts or proxy."""
    for name in (register.REGISTER, register.TEXTS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.chdir(tmp_path)


class Clock:
    """Time that passes only when somebody sleeps; ``tick`` s more at each look."""

    def __init__(self, tick: float = 0) -> None:
        self.time, self.tick, self.slept = 1000.0, tick, list[float]()

    def now(self) -> float:
        self.time += self.tick
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


Answer = Callable[["Handler"], None]


class Server(ThreadingHTTPServer):
    """Answers by path; ``asked`` holds path and time of every request, ``over`` is set when the test is done."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, clock: Clock) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.clock, self.over = clock, threading.Event()
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, float]] = []
        self.agents: set[str] = set()

    def url(self, path: str, *answers: Answer) -> str:
        """The address of a path that gives these answers in turn, the last one for ever."""
        self.answers[path] = list(answers)
        return f"http://127.0.0.1:{self.server_port}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.server.clock.time))
        self.server.agents.add(self.headers["User-Agent"])
        answers = self.server.answers[self.path]
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, format: str, *args: object) -> None:
        pass


def gives(body: bytes = TEXT, status: int = 200, length: object = None, **headers: str) -> Answer:
    def answer(h: Handler) -> None:
        h.send_response(status)
        for name, value in headers.items():
            h.send_header(name.replace("_", "-"), value)
        if length != "none":
            h.send_header("Content-Length", str(len(body) if length is None else length))
        h.end_headers()
        h.wfile.write(body)

    return answer


def moves(to: str) -> Answer:
    return gives(b"", 302, Location=to)


def silent(h: Handler) -> None:
    h.server.over.wait(5)


def drips_headers(h: Handler) -> None:
    h.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
    while not h.server.over.wait(0.02):
        h.wfile.write(b"x")


def drips_body(h: Handler) -> None:
    gives(b"", length=10_000)(h)
    while not h.server.over.wait(0.005):
        h.wfile.write(b"x")


def resets(h: Handler) -> None:
    h.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    h.connection.close()


def babbles(h: Handler) -> None:
    h.wfile.write(b"good day\r\n\r\n")


def broken_chunks(h: Handler) -> None:
    h.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc")


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(Clock())
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()


def fetcher(server: Server, timeout: float = 5) -> Fetcher:
    return Fetcher(agent(), timeout, now=server.clock.now, sleep=server.clock.sleep)


def a_register(folder: Path, **cells: str) -> Register:
    """A register of one plan, p-1, saved in ``folder``."""
    folder.mkdir(exist_ok=True)
    made = Register(folder / "r.csv", COLUMNS, ({**dict.fromkeys(COLUMNS, ""), "plan_id": "p-1", **cells},))
    save(made)
    return made


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# The file


def test_the_projects_own_register_holds() -> None:
    own = load(SOURCES)
    assert own.columns == COLUMNS
    assert {p.name for p in EDITIONS.glob("*.txt")} == {Path(r["edition"]).name for r in own.rows if r["edition"]}
    assert all(own.edition(r) for r in own.rows if r["edition"])


def test_a_further_row_leaves_all_other_bytes_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    path.write_bytes(SOURCES.read_bytes())
    save(added(load(path), {"plan_id": "x-2030-kh-1", "about": 'a, "b"'}))
    assert path.read_bytes() == SOURCES.read_bytes() + b'x-2030-kh-1,,,,,,"a, ""b""",,,,\n'


def test_columns_of_the_user_line_ends_and_bom_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes("\ufeffnote,plan_id,file\r\nmine,a,\r\n".encode())
    save(added(load(path), {"plan_id": "b", "province": "Sơn La"}))
    lines = path.read_bytes().decode().split("\r\n")
    assert lines[0].startswith("\ufeffnote,plan_id,file,province")
    assert lines[1].startswith("mine,a,,")
    assert lines[2].startswith(",b,,Sơn La")


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(cell.filter(bool), st.fixed_dictionaries(dict.fromkeys(("about", "own"), cell)), max_size=4))
def test_what_is_saved_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, dict[str, str]]
) -> None:
    columns = (*COLUMNS, "own")
    full = tuple({**dict.fromkeys(columns, ""), "plan_id": name, **more} for name, more in rows.items())
    path = tmp_path_factory.mktemp("r") / "r.csv"
    save(Register(path, columns, full))
    assert load(path).rows == full


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: no column plan_id"),
        (b"id;province\na;b\n", "line 1: no column plan_id"),
        (b"plan_id,plan_id\na,b\n", "one column twice"),
        (b"plan_id,about\na,b,c\n", "line 2: 3 cells under 2 columns"),
        (b"plan_id,about\n,b\n", "line 2: no plan_id"),
        (b"plan_id\na\nb\na\n", "line 4: a stands in line 2 too"),
        (b'plan_id,about\na,"b\n', "not a CSV"),
        (b"plan_id,about\na,\xff\n", "not UTF-8 at byte 16"),
        (b"plan_id,about\na,\0\n", "binary"),
    ],
)
def test_a_broken_register_is_told_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises(ReadError) as error:
        load(path)
    message = str(error.value)
    assert message.startswith(str(path))
    assert said in message
    assert ";" in message
    assert "\n" not in message


def test_the_register_is_the_one_named_then_the_environments_then_the_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadError, match="no register here"):
        load()
    a_register(Path("data"), about="folder").path.rename("data/sources.csv")
    assert load().row("p-1")["about"] == "folder"
    monkeypatch.setenv(register.REGISTER, str(a_register(Path("b"), about="environment").path))
    assert load().row("p-1")["about"] == "environment"
    assert load(a_register(Path("c"), about="named").path).row("p-1")["about"] == "named"


def test_a_failing_disk_leaves_the_old_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_register(tmp_path)
    before = made.path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        save(added(made, {"plan_id": "b"}))
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]
    assert made.path.read_bytes() == before


def test_a_linked_register_stays_a_link(tmp_path: Path) -> None:
    made = a_register(tmp_path / "real")
    (tmp_path / "link.csv").symlink_to(made.path)
    save(added(load(tmp_path / "link.csv"), {"plan_id": "b"}))
    assert (tmp_path / "link.csv").is_symlink()
    assert load(made.path).get("b")


# A row more


def test_an_id_is_not_registered_twice(tmp_path: Path) -> None:
    made = a_register(tmp_path, about="mine", number="1/KH", sha256="aa")
    with pytest.raises(ReadError, match="p-1: registered already"):
        added(made, {"plan_id": "p-1", "sha256": "bb"})
    with pytest.raises(ReadError, match="registered already as p-1"):
        added(made, {"plan_id": "p-2", "sha256": "aa"})
    assert len(added(made, {"plan_id": "p-2", "sha256": ""}).rows) == 2


def test_a_renewed_row_keeps_what_the_new_one_does_not_tell(tmp_path: Path) -> None:
    made = a_register(tmp_path, about="mine", number="1/KH", sha256="aa", doc_type="ke-hoach")
    new = {"plan_id": "p-9", "sha256": "aa", "number": "2/KH", "about": "", "doc_type": "unknown"}
    (row,) = added(made, new, replaces=True).rows
    assert (row["plan_id"], row["about"], row["number"], row["doc_type"]) == ("p-1", "mine", "2/KH", "ke-hoach")


@pytest.mark.parametrize("row", [r for r in load(SOURCES).rows if r["edition"]], ids=lambda r: r["plan_id"])
def test_the_facts_of_an_edition_never_contradict_the_register(row: dict[str, str]) -> None:
    path = SOURCES.parent / row["edition"]
    found = register.facts(read_plan(path), "x.txt")
    told = ("plan_id", "province", "doc_type")
    assert [found[c] for c in told] == [row[c] for c in told]
    # The register may know a number or a date that stands nowhere in the text; then nothing is told, or the same.
    assert all(found[c] in ("", row[c]) for c in ("number", "issued_on"))
    assert row["period"] in (found["period"], found["period"].split("-")[0])
    assert (found["file"], found["sha256"]) == ("x.txt", sha(path.read_bytes()))


def test_a_text_is_named_from_the_folder_that_holds_it(tmp_path: Path) -> None:
    made = Register(tmp_path / "r" / "r.csv", COLUMNS, (), tmp_path / "texts")
    assert register.relative(tmp_path / "texts" / "in" / "a.txt", made) == "in/a.txt"
    assert register.relative(tmp_path / "r" / "a.txt", made) == "a.txt"
    assert register.relative(tmp_path / "a.txt", made) == "../a.txt"


# An id stands wherever a path can


def test_a_path_and_standard_input_stand_for_themselves(tmp_path: Path) -> None:
    made = a_register(tmp_path, file="full.txt")
    (tmp_path / "full.txt").write_bytes(TEXT)
    assert resolve("-", made) == "-"
    assert resolve("nowhere.txt", made) == "nowhere.txt"
    assert resolve("no/where", made) == "no/where"
    assert resolve("x" * 5000, made) == "x" * 5000
    assert resolve("p-1", made) == str(tmp_path / "full.txt")
    Path("p-1").write_bytes(TEXT)
    assert resolve("p-1", made) == "p-1"


def test_an_id_gives_the_full_text_before_the_edition(tmp_path: Path) -> None:
    made = a_register(tmp_path / "r", file="full.txt", edition="short.txt", url="http://x.vn/a")
    with pytest.raises(ReadError) as error:
        resolve("p-1", made)
    assert str(error.value) == "p-1: registered, but its text is not at hand; fetch it with: plandiff corpus fetch p-1"
    for name in ("r/short.txt", "r/full.txt"):
        Path(name).write_bytes(TEXT)
        assert resolve("p-1", made) == str(tmp_path / name)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "full.txt").write_bytes(TEXT)
    assert resolve("p-1", load(made.path, texts)) == str(texts / "full.txt")


def test_an_id_without_an_address_says_where_to_put_the_text(tmp_path: Path) -> None:
    made = a_register(tmp_path, file="full.txt")
    with pytest.raises(ReadError, match=f"p-1: .*no address is known: put the text at {tmp_path / 'full.txt'}"):
        resolve("p-1", made)


def test_a_word_that_is_neither_file_nor_id_is_told_of_both(tmp_path: Path) -> None:
    made = a_register(tmp_path, file="full.txt")
    with pytest.raises(ReadError, match=r"p-2: no such file, and no id .*did you mean p-1\? .*corpus list"):
        resolve("p-2", made)
    with pytest.raises(ReadError, match=r"no register of plans here; .*checkout.*PLANDIFF_REGISTER"):
        resolve("p-2")


def test_a_broken_register_matters_for_ids_only() -> None:
    Path("data").mkdir()
    Path("data/sources.csv").write_text("something else\n")
    assert resolve("nowhere.txt") == "nowhere.txt"
    with pytest.raises(ReadError, match=r"data/sources\.csv, line 1"):
        resolve("son-la-2025-qd-161")


def test_the_pipeline_reads_a_plan_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(register.REGISTER, str(SOURCES))
    monkeypatch.setenv(register.TEXTS, "nowhere")
    plan = read_plan("thanh-hoa-2023-kh")
    assert plan.document.source == str(EDITIONS / "thanh-hoa-2023-kh.txt")
    assert plan == read_plan(EDITIONS / "thanh-hoa-2023-kh.txt")


# Checksums


def test_states_of_texts(tmp_path: Path) -> None:
    for name, content in (("same.txt", TEXT), ("other.txt", b"other"), ("unknown.txt", TEXT), ("stray.md", TEXT)):
        (tmp_path / name).write_bytes(content)
    rows = [
        dict.fromkeys(COLUMNS, "") | {"plan_id": n, "file": f"{n}.txt", "sha256": s}
        for n, s in (("same", sha(TEXT).upper()), ("other", sha(TEXT)), ("unknown", ""), ("gone", sha(TEXT)))
    ]
    rows.append(dict.fromkeys(COLUMNS, "") | {"plan_id": "never"})
    made = Register(tmp_path / "r.csv", COLUMNS, tuple(rows), tmp_path)
    states = {r["plan_id"]: made.state(r) for r in made.rows}
    assert states == {"same": "unchanged", "other": "changed", "unknown": "new", "gone": "missing", "never": "missing"}
    assert register.unregistered(made) == [tmp_path / "stray.md"]


# Downloads


def test_a_fetched_text_lies_in_its_place_and_is_noted(server: Server, tmp_path: Path) -> None:
    url = server.url("/van%20b%E1%BA%A3n?p=1", gives())
    made = a_register(tmp_path, url=url.replace("%20", " ").replace("%E1%BA%A3", "ả"))
    seen: list[tuple[int, int | None]] = []
    got = fetch(made, "p-1", fetcher(server), progress=lambda done, total: seen.append((done, total)))
    assert got == ("fetched", tmp_path / "p-1.txt", len(TEXT))
    assert got.path.read_bytes() == TEXT
    row = load(made.path).row("p-1")
    assert (row["file"], row["sha256"]) == ("p-1.txt", sha(TEXT))
    assert seen[-1] == (len(TEXT), len(TEXT))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p-1.txt", "r.csv"]
    assert server.agents == {f"plandiff/{__version__}"}


@pytest.mark.parametrize(
    ("head", "suffix"),
    [(b"%PDF-1.7", ".pdf"), (b"PK\x03\x04", ".docx"), (b"\n<!DOCTYPE html>", ".html"), (b"x", ".txt")],
)
def test_a_text_without_a_name_gets_one_by_its_content(
    server: Server, tmp_path: Path, head: bytes, suffix: str
) -> None:
    made = a_register(tmp_path, url=server.url("/a", gives(head + TEXT)))
    assert fetch(made, "p-1", fetcher(server)).path == tmp_path / f"p-1{suffix}"


def test_a_text_that_is_here_is_not_asked_for(server: Server, tmp_path: Path) -> None:
    made = a_register(tmp_path, url=server.url("/a", gives()), file="a.txt", sha256=sha(TEXT))
    (tmp_path / "a.txt").write_bytes(TEXT)
    assert fetch(made, "p-1", fetcher(server)).outcome == "here"
    (tmp_path / "a.txt").write_bytes(b"my notes")
    assert fetch(made, "p-1", fetcher(server)).outcome == "changed"
    assert (tmp_path / "a.txt").read_bytes() == b"my notes"
    assert not server.asked
    assert fetch(made, "p-1", fetcher(server), replaces=True).outcome == "fetched"
    assert (tmp_path / "a.txt").read_bytes() == TEXT


def test_another_text_than_the_registered_one_is_kept_beside(server: Server, tmp_path: Path) -> None:
    made = a_register(tmp_path, url=server.url("/a", gives(b"another")), file="a.txt", sha256=sha(TEXT))
    (tmp_path / "a.txt").write_bytes(TEXT)
    before = made.path.read_bytes()
    got = fetch(made, "p-1", fetcher(server), replaces=True)
    assert got == ("differs", tmp_path / "a.txt.new", 7)
    assert (tmp_path / "a.txt.new").read_bytes() == b"another"
    assert (tmp_path / "a.txt").read_bytes() == TEXT
    assert made.path.read_bytes() == before


@pytest.mark.parametrize("file", ["../../escaped.txt", "/escaped.txt", "in/../../escaped.txt"])
def test_no_text_is_written_outside_the_folder_of_texts(server: Server, tmp_path: Path, file: str) -> None:
    made = a_register(tmp_path / "r", url=server.url("/a", gives()), file=file)
    assert fetch(made, "p-1", fetcher(server)).path == tmp_path / "r" / "escaped.txt"


@pytest.mark.parametrize("plan_id", ["../up", "..", "a/b"])
def test_no_id_leads_outside_either(server: Server, tmp_path: Path, plan_id: str) -> None:
    made = a_register(tmp_path / "r", url=server.url("/a", gives()), plan_id=plan_id)
    assert fetch(made, plan_id, fetcher(server)).path.parent == tmp_path / "r"


def test_what_others_write_during_a_download_is_kept(server: Server, tmp_path: Path) -> None:
    def meanwhile(h: Handler) -> None:
        save(added(load(tmp_path / "r.csv"), {"plan_id": "p-2"}))
        gives()(h)

    made = a_register(tmp_path, url=server.url("/a", meanwhile))
    fetch(made, "p-1", fetcher(server))
    assert [r["plan_id"] for r in load(made.path).rows] == ["p-1", "p-2"]


def get(server: Server, tmp_path: Path, *answers: Answer, timeout: float = 5) -> bytes:
    url = server.url("/a", *answers)
    fetcher(server, timeout).get(url, lambda: (tmp_path / "out").open("wb"))
    return (tmp_path / "out").read_bytes()


@pytest.mark.parametrize(
    "trouble",
    [gives(b"", 500), gives(b"", 503), gives(b"", 429), gives(b"half", length=5000), resets, babbles, broken_chunks],
)
def test_trouble_that_passes_is_tried_again(server: Server, tmp_path: Path, trouble: Answer) -> None:
    assert get(server, tmp_path, trouble, trouble, gives()) == TEXT
    assert len(server.asked) == 3
    assert server.clock.slept == [1, 2]


def test_silence_and_slow_headers_are_tried_again(server: Server, tmp_path: Path) -> None:
    start = time.monotonic()
    assert get(server, tmp_path, silent, drips_headers, gives(), timeout=0.15) == TEXT
    assert time.monotonic() - start < 4


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (gives(b"", 500), "the server answers 500"),
        (gives(b"half", length=5000), "broken off after 4 of 5,000 bytes"),
        (resets, "the connection broke"),
    ],
)
def test_trouble_that_stays_is_told_after_three_retries(
    server: Server, tmp_path: Path, trouble: Answer, said: str
) -> None:
    made = a_register(tmp_path, url=server.url("/a", trouble), file="a.txt")
    with pytest.raises(ReadError, match=rf"{said} \(4 tries\); try again later"):
        fetch(made, "p-1", fetcher(server))
    assert len(server.asked) == 4
    assert server.clock.slept == [1, 2, 4]
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


def test_a_server_may_ask_for_patience_up_to_a_minute(server: Server, tmp_path: Path) -> None:
    slow = gives(b"", 503, Retry_After="7"), gives(b"", 429, Retry_After="86400"), gives(b"", 503, Retry_After="Monday")
    assert get(server, tmp_path, *slow, gives()) == TEXT
    assert server.clock.slept == [7, 60, 4]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (gives(b"", 404), "the server answers 404"),
        (gives(b"", 204), "the server answers 204"),
        (gives(b""), "the answer is empty"),
        (gives(TEXT, Content_Encoding="gzip"), "sends gzip"),
        (gives(length=50_000_001), "larger than 50 MB"),
        (moves("file:///etc/passwd"), "file:///etc/passwd: no web address"),
        (moves("ftp://127.0.0.1/a"), "no web address"),
        (moves("http://[::1/a"), "redirects to no web address"),
    ],
)
def test_trouble_that_will_not_pass_is_not_tried_again(
    server: Server, tmp_path: Path, trouble: Answer, said: str
) -> None:
    with pytest.raises(ReadError) as error:
        get(server, tmp_path, trouble)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert len(server.asked) == 1


def test_a_body_without_a_length_is_cut_at_the_limit(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_BYTES", 100_000)
    made = a_register(tmp_path, url=server.url("/a", gives(b"x" * 3_000_000, length="none")))
    with pytest.raises(ReadError, match="larger than"):
        fetch(made, "p-1", fetcher(server))
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


@pytest.mark.parametrize("length", ["none", "-5", "many"])
def test_a_body_with_no_or_a_senseless_length_is_read_to_its_end(server: Server, tmp_path: Path, length: str) -> None:
    assert get(server, tmp_path, gives(length=length)) == TEXT


def test_a_body_that_drips_is_given_up(server: Server, tmp_path: Path) -> None:
    server.clock.tick = 100
    with pytest.raises(ReadError, match="not done after 600 s"):
        get(server, tmp_path, drips_body)


def test_redirects_are_followed_five_times(server: Server, tmp_path: Path) -> None:
    steps = ["/b?x=á", "c", server.url("/d", moves("/e")), "/f"]
    server.url("/b?x=%C3%A1", moves(steps[1]))
    server.url("/c", moves(steps[2]))
    server.url("/e", moves(steps[3]))
    server.url("/f", gives())

    def first(h: Handler) -> None:
        h.wfile.write("HTTP/1.0 302 Found\r\nLocation: /b?x=á\r\n\r\n".encode())

    assert get(server, tmp_path, first) == TEXT
    assert [path for path, _ in server.asked] == ["/a", "/b?x=%C3%A1", "/c", "/d", "/e", "/f"]


def test_a_loop_of_redirects_ends(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="more than 5 redirects"):
        get(server, tmp_path, moves("/a"))
    assert len(server.asked) == 6


def test_a_host_is_asked_once_a_second_over_ids_retries_and_redirects(server: Server, tmp_path: Path) -> None:
    one = fetcher(server)
    urls = server.url("/a", moves("/b")), server.url("/b", gives(b"", 500), gives())
    for url in urls:
        one.get(url, lambda: (tmp_path / "out").open("wb"))
    times = [at for _, at in server.asked]
    assert len(times) == 5
    assert min(b - a for a, b in pairwise(times)) >= 1


def test_a_closed_port_is_told_at_once(server: Server, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ReadError, match=r"cannot be reached \(Connection refused\)"):
        fetcher(server).get(f"http://127.0.0.1:{port}/", lambda: (tmp_path / "out").open("wb"))
    assert not server.clock.slept


@pytest.mark.parametrize(
    "url", ["", "x", "file:///etc/passwd", "ftp://x.vn/a", "http://", "http://x:y/", "http://[1/", "http:///a"]
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(ReadError, match="no web address"):
        web_address(url)


def test_addresses_are_encoded_and_what_is_encoded_stays() -> None:
    assert web_address(" https://x.vn/kế hoạch%20a?b=c&d ") == "https://x.vn/k%E1%BA%BF%20ho%E1%BA%A1ch%20a?b=c&d"
    assert web_address("http://sơnla.vn:80/a") == "http://xn--snla-4eb.vn:80/a".replace(
        "xn--snla-4eb", "sơnla".encode("idna").decode()
    )


def test_the_agent_is_honest() -> None:
    assert agent("me@example.org") == f"plandiff/{__version__} (+me@example.org)"
    for bad in ("a\r\nX-Evil: 1", "thư@x.vn"):
        with pytest.raises(ReadError, match="--contact"):
            agent(bad)
