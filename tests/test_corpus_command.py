"""plandiff corpus: what its commands print, write and return."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compare import download
from compare.cli import corpus
from compare.cli.main import main
from compare.register import REGISTER, TEXTS, load
from compare.version import __version__
from tests.places import EDITIONS, ROOT
from tests.test_register import TEXT, Server, a_register, gives, server

__all__ = ["server"]
SL25 = EDITIONS / "son-la-2025-qd-161.txt"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (REGISTER, TEXTS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def quick(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server, and commands that wait for it on its clock."""
    fetcher = partial(download.Fetcher, now=server.clock.now, sleep=server.clock.sleep)
    monkeypatch.setattr(download, "Fetcher", fetcher)
    return server


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["corpus", *map(str, args)])


def failed(result: Result, *said: str) -> None:
    """Exit code 2 and one line on stderr that says all this."""
    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    assert not result.stdout
    for words in said:
        assert words in result.stderr


def test_list_tells_where_each_text_is(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", "data")
    Path("data/thanh-hoa-2023-ke-hoach-hanh-dong.txt").write_bytes(TEXT)
    rows = list(csv.DictReader(io.StringIO(run("list", "--format", "csv").stdout)))
    where = {r["plan_id"]: r["text_at_hand"] for r in rows}
    assert (where["thanh-hoa-2023-kh"], where["son-la-2025-qd-161"]) == ("full", "edition")
    assert where["son-la-2024-qd-78"] == "missing"
    assert len(rows) == len(load().rows)
    assert json.loads(run("list", "--format", "json").stdout)[0] == {
        "plan_id": "thanh-hoa-2021-qd-2999",
        "province": "Thanh Hóa",
        "period": "2021-2030",
        "doc_type": "quyet-dinh",
        "text_at_hand": "edition",
    }
    table = run("list")
    assert table.exit_code == 0
    assert all(r["plan_id"] in table.stdout for r in rows)


def test_list_takes_the_year_of_the_date_where_no_period_is_known(tmp_path: Path) -> None:
    made = a_register(tmp_path, issued_on="2024-03-05")
    assert json.loads(run("list", "--register", made.path, "--format", "json").stdout)[0]["period"] == "2024"


def test_show_tells_all_facts_and_the_users_own(tmp_path: Path) -> None:
    Path("r.csv").write_text(
        "plan_id,own,about,edition\na,mine,two\\nlines,e.txt\n".replace("\\n", " "), encoding="utf-8"
    )
    Path("e.txt").write_bytes(TEXT)
    lines = run("show", "a", "--register", "r.csv").stdout.splitlines()
    facts = dict(line.split(":", 1) for line in lines)
    assert facts["own"].strip() == "mine"
    assert facts["text at hand"].strip() == "edition, e.txt"
    assert {"url", "sha256", "province"} <= set(facts)


def test_add_reads_the_facts_from_the_text() -> None:
    shutil.copy(SL25, "plan.txt")
    url = "https://sonla.gov.vn/161"
    result = run("add", "plan.txt", "--register", "mine.csv", "--url", url, "--about", "main\ntasks")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("son-la-2025-qd-161: Sơn La, 161/QĐ-UBND, 2025-01-20, quyet-dinh, 2025")
    (row,) = load(Path("mine.csv")).rows
    assert row == {
        "plan_id": "son-la-2025-qd-161",
        "province": "Sơn La",
        "number": "161/QĐ-UBND",
        "issued_on": "2025-01-20",
        "doc_type": "quyet-dinh",
        "period": "2025",
        "about": "main tasks",
        "url": url,
        "file": "plan.txt",
        "sha256": hashlib.sha256(SL25.read_bytes()).hexdigest(),
        "edition": "",
    }


def test_add_twice_needs_replace() -> None:
    shutil.copy(SL25, "plan.txt")
    assert run("add", "plan.txt", "--register", "mine.csv", "--about", "mine").exit_code == 0
    before = Path("mine.csv").read_bytes()
    failed(run("add", "plan.txt", "--register", "mine.csv"), "son-la-2025-qd-161", "--replace")
    assert Path("mine.csv").read_bytes() == before
    with Path("plan.txt").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert run("verify", "--register", "mine.csv").exit_code == 1
    assert run("add", "plan.txt", "--register", "mine.csv", "--replace").exit_code == 0
    assert run("verify", "--register", "mine.csv").exit_code == 0
    assert [r["about"] for r in load(Path("mine.csv")).rows] == ["mine"]


def test_a_text_under_another_id_keeps_that_id() -> None:
    shutil.copy(SL25, "plan.txt")
    Path("mine.csv").write_text(
        f"plan_id,sha256\nold,{hashlib.sha256(SL25.read_bytes()).hexdigest()}\n", encoding="utf-8"
    )
    failed(run("add", "plan.txt", "--register", "mine.csv"), "registered already as old")
    result = run("add", "plan.txt", "--register", "mine.csv", "--replace")
    assert result.stdout.startswith("old: Sơn La")
    assert [r["plan_id"] for r in load(Path("mine.csv")).rows] == ["old"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["add", "nowhere.txt"], "nowhere.txt: no such file"),
        (["add", "p-1"], "p-1: no such file"),
        (["add", "-"], "standard input"),
        (["add", "folder"], "this is a directory"),
        (["add", "poem.txt"], "poem.txt: no task, target or theme found"),
        (["add", "plan.txt", "--url", "file:///etc/passwd"], "no web address"),
        (["show", "p-2"], "p-2: not in the register r.csv; did you mean p-1?"),
        (["fetch", "p-1", "p-2"], "p-2: not in the register"),
        (["fetch", "p-1"], "p-1: no address is registered; look the document up on the province's portal, save it as"),
        (["fetch", "p-1", "--contact", "thư"], "--contact"),
        (["list", "--register", "nowhere.csv"], "nowhere.csv: no such register"),
        (["verify", "--register", "folder"], "folder: cannot be read (Is a directory)"),
        (["list", "--register", "poem.txt"], "poem.txt, line 1"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(
    args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_register(Path(), edition="plan.txt")
    shutil.copy(SL25, "plan.txt")
    Path("folder").mkdir()
    Path("poem.txt").write_text("Trăm năm trong cõi người ta\n", encoding="utf-8")
    monkeypatch.setenv(REGISTER, "r.csv")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    failed(run(*args), said, "; " if "did you" not in said else "?")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def test_fetching_without_an_address_says_what_is_read_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    a_register(Path(), edition="plan.txt")
    shutil.copy(SL25, "plan.txt")
    monkeypatch.setenv(REGISTER, "r.csv")
    told = run("fetch", "p-1").stderr
    assert (
        "or register its address: column url of r.csv (commands read its abridged edition, plan.txt, meanwhile)" in told
    )
    Path("plan.txt").unlink()
    assert "meanwhile" not in run("fetch", "p-1").stderr
    listed = run("list").stdout
    assert "no full text and no address of p-1: look them up by number" in " ".join(listed.split())
    assert "no address" not in run("list", "--format", "csv").stdout


def test_without_a_register_the_way_out_is_named() -> None:
    failed(run("list"), "no register here", "--register", "PLANDIFF_REGISTER")


def test_fetch_then_read_by_id(quick: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    a_register(Path(), url=quick.url("/a", gives(b"", 500), gives(SL25.read_bytes())))
    monkeypatch.setenv(REGISTER, "r.csv")
    result = CliRunner().invoke(main, ["parse", "p-1", "-o", "tables"])
    assert result.exit_code == 2
    assert result.stderr.endswith("fetch it with: plandiff corpus fetch p-1\n")
    result = run("fetch", "p-1", "p-1", "--texts", "texts", "--contact", "me@example.org")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"p-1: {SL25.stat().st_size:,} bytes, texts/p-1.txt\n"
    assert not result.stderr  # no bar where there is no terminal
    assert quick.agents == {f"plandiff/{__version__} (+me@example.org)"}
    monkeypatch.setenv(TEXTS, "texts")
    assert run("fetch", "p-1").stdout == "p-1: is here already, texts/p-1.txt\n"
    assert len(quick.asked) == 2
    result = CliRunner().invoke(main, ["parse", "p-1", "-o", "tables"])
    assert result.stdout.startswith("son-la-2025-qd-161: ")
    with Path("tables/plans.csv").open(encoding="utf-8") as stream:
        assert next(csv.DictReader(stream))["source"] == "texts/p-1.txt"


def test_fetch_goes_on_after_a_failure_and_keeps_a_wrong_text_beside(quick: Server) -> None:
    header = "plan_id,url,file,sha256\n"
    urls = quick.url("/gone", gives(b"", 404)), quick.url("/other", gives(b"other")), quick.url("/good", gives())
    rows = [f"gone,{urls[0]},,", f"other,{urls[1]},o.txt,{'0' * 64}", f"good,{urls[2]},,"]
    Path("r.csv").write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    result = run("fetch", "gone", "other", "good", "--register", "r.csv")
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"plandiff: gone: {urls[0]}: the server answers 404; ")
    assert lines[1] == "plandiff: other: the fetched text is not the registered one; kept as o.txt.new"
    assert result.stdout == f"good: {len(TEXT):,} bytes, good.txt\n"
    assert not Path("o.txt").exists()
    times = [at for _, at in quick.asked]
    assert times[2] - times[0] >= 2
    assert run("fetch", "other", "--register", "r.csv").exit_code == 1


def test_fetch_does_not_touch_a_text_that_was_changed_here(quick: Server) -> None:
    made = a_register(Path(), url=quick.url("/a", gives()), file="a.txt", sha256=hashlib.sha256(TEXT).hexdigest())
    Path("a.txt").write_bytes(b"mine")
    result = run("fetch", "p-1", "--register", made.path)
    assert result.exit_code == 1
    assert "--replace" in result.stderr
    assert Path("a.txt").read_bytes() == b"mine"
    assert run("fetch", "p-1", "--register", made.path, "--replace").exit_code == 0
    assert Path("a.txt").read_bytes() == TEXT


def test_a_bar_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with corpus._bar("p[red]-1") as nothing:
        assert nothing is None
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    with corpus._bar("p[red]-1") as progress:
        assert progress is not None
        progress(500, 1000)
    assert "p[red]-1" in shown.getvalue()


def test_verify_tells_changed_missing_and_new() -> None:
    Path("texts").mkdir()
    for name in ("same", "other", "unknown", "stray"):
        Path(f"texts/{name}.txt").write_bytes(TEXT)
    good = hashlib.sha256(TEXT).hexdigest()
    rows = [f"same,same.txt,{good}", f"other,other.txt,{'0' * 64}", "unknown,unknown.txt,", "gone,gone.txt,"]
    Path("r.csv").write_text("\n".join(["plan_id,file,sha256", *rows]) + "\n", encoding="utf-8")
    result = run("verify", "--register", "r.csv", "--texts", "texts", "--format", "csv")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "state,plan_id,file",
        "changed,other,texts/other.txt",
        "new,unknown,texts/unknown.txt",
        "missing,gone,gone.txt",
        "new,,texts/stray.txt",
    ]
    Path("texts/other.txt").unlink()
    result = run("verify", "--register", "r.csv", "--texts", "texts")
    assert result.exit_code == 0
    assert "1 text of 4 unchanged" in result.stdout


def test_verify_tells_editions_from_what_is_missing() -> None:
    shutil.copytree(ROOT / "data", "data")
    result = run("verify", "--format", "csv")
    rows = {r["plan_id"]: r for r in csv.DictReader(io.StringIO(result.stdout))}
    assert (rows["son-la-2025-qd-161"]["state"], rows["son-la-2024-qd-78"]["state"]) == ("edition", "missing")
    assert rows["son-la-2025-qd-161"]["file"] == "data/editions/son-la-2025-qd-161.txt"
    assert "5 editions in place of the full text" in run("verify").stdout


@pytest.mark.parametrize("command", ["list", "show", "add", "verify"])
def test_help_has_an_example_that_runs(command: str) -> None:
    shutil.copytree(ROOT / "data", "data")
    example = run(command, "--help").stdout.split("Example: plandiff corpus ")[1].splitlines()[0]
    assert run(*example.split()).exit_code == 0


def test_as_a_real_process() -> None:
    command = Path(sys.executable).with_name("plandiff")
    env = {**os.environ, REGISTER: str(ROOT / "data" / "sources.csv")}
    args = [str(command), "diff", "targets", "thanh-hoa-2021-qd-2999", "thanh-hoa-2025-kh-63", "--json"]
    done = subprocess.run(args, capture_output=True, text=True, check=True, env=env)
    assert json.loads(done.stdout)
    code = "import sys, compare.cli.main, compare.register; print('urllib.request' in sys.modules, 'http.client' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False False\n"
