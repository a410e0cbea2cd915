"""Wrong use, and a machine that refuses: every command ends with one sentence and exit code 2, and breaks nothing."""

import errno
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import load as config_load
from gateway.cli import main
from gateway.cli.obstacle import words
from gateway.store.beside import transact
from gateway.store.errors import StoreUnavailable

DEMO = Path(config_load.__file__).parent / "demo"
FILES = ("--config", DEMO)

READING = {
    "versions": ("versions",),
    "agent list": ("agent", "list", *FILES),
    "rollback": ("rollback", 1, *FILES),
    "simulate": ("simulate", *FILES),
    "diff": ("diff", 1, DEMO),
}
WRITING = {
    "apply": ("apply", "-m", "why", *FILES),
    "agent invite": ("agent", "invite", "li.na", *FILES),
    "run": ("run", *FILES, "--listen", "127.0.0.1:0"),
}


def pointsman(*words: object, given: str = "") -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, [str(word) for word in words], input=given)


def refused(result: Result) -> str:
    """What a command that could not run said: one sentence, exit code 2, no traceback."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    return result.output.splitlines()[-1]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A data directory whose database is none."""
    (tmp_path / "pointsman.db").write_bytes(b"this is no database" * 500)
    return tmp_path


@pytest.mark.parametrize("command", [*READING.values(), *WRITING.values()], ids=[*READING, *WRITING])
def test_a_database_that_is_none(broken: Path, command: tuple[object, ...]) -> None:
    """A file that is no database is named as such, and stays as it is."""
    before = (broken / "pointsman.db").read_bytes()
    assert "file is not a database" in refused(pointsman(*command, "--data", broken))
    assert (broken / "pointsman.db").read_bytes() == before


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_a_newer_database(tmp_path: Path, command: tuple[object, ...]) -> None:
    """A newer version's database is refused with what to do."""
    transact("", tmp_path, lambda _: None)
    with closing(sqlite3.connect(tmp_path / "pointsman.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "install the newer version again" in refused(pointsman(*command, "--data", tmp_path))


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_a_data_directory_that_cannot_be(tmp_path: Path, command: tuple[object, ...]) -> None:
    """A data directory that cannot be made is the database's trouble, not the address's."""
    (tmp_path / "file").touch()
    said = refused(pointsman(*command, "--data", tmp_path / "file" / "data"))
    assert "cannot be written" in said
    assert "choose another directory" in said


@pytest.mark.parametrize("command", [*READING.values(), *WRITING.values()], ids=[*READING, *WRITING])
def test_a_database_of_another_kind(tmp_path: Path, command: tuple[object, ...]) -> None:
    """An address of another kind of database is a usage error."""
    said = refused(pointsman(*command, "--data", tmp_path, "--database-url", "mysql://127.0.0.1/x"))
    assert "postgresql://" in said


@pytest.mark.parametrize("command", [*READING.values(), *WRITING.values()], ids=[*READING, *WRITING])
def test_a_database_that_does_not_answer(tmp_path: Path, command: tuple[object, ...]) -> None:
    """A database server that is not there is named with its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    result = pointsman(*command, "--data", tmp_path, "--database-url", f"postgresql://127.0.0.1:{port}/x")
    refused(result)
    assert f"port {port} failed" in result.output


def test_the_doctor_looks_at_what_is_broken(broken: Path) -> None:
    """The doctor is for broken things: it says what they are, and changes none."""
    result = pointsman("doctor", *FILES, "--data", broken, "--offline")
    assert result.exit_code == 1
    assert "file is not a database" in result.output
    assert "restore a backup" in result.output


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """A list of agents leaves no database behind where there was none."""
    result = pointsman("agent", "list", *FILES, "--data", tmp_path)
    assert (result.exit_code, "no password yet" in result.output) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_cannot_be_written(tmp_path: Path, broken: Path) -> None:
    """A copy that cannot be made leaves no half of it."""
    assert "not a database" in refused(pointsman("backup", tmp_path / "copy.db", "--data", broken))
    assert not (tmp_path / "copy.db").exists()
    (broken / "pointsman.db").unlink()
    transact("", broken, lambda _: None)
    assert "no directory" in refused(pointsman("backup", tmp_path / "none" / "copy.db", "--data", broken))


def test_an_address_in_use(tmp_path: Path) -> None:
    """An address that somebody else has is named, with the option that changes it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = refused(pointsman("run", *FILES, "--data", tmp_path, "--listen", f"127.0.0.1:{port}"))
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in said
    assert "--listen" in said


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\0", b"a: [", b"x: &a [*a, *b]"])
def test_a_file_that_cannot_be_put_into_order(tmp_path: Path, content: bytes) -> None:
    """What is no YAML is a finding with its place, and stays as it is."""
    (tmp_path / "routing.yaml").write_bytes(content)
    result = pointsman("fmt", tmp_path)
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 1
    assert "routing.yaml:1:" in result.output
    assert (tmp_path / "routing.yaml").read_bytes() == content


_ON_A_FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from gateway.cli import main
main(sys.argv[2:])
"""


@pytest.mark.parametrize(
    "command",
    [
        ("apply", "-m", "why", "--config", "{config}", "--data", "{data}"),
        ("fmt", "{config}"),
        ("backup", "{data}/copy.db", "--data", "{data}"),
        ("run", "--config", "{config}", "--data", "{data}/new", "--listen", "127.0.0.1:0"),
    ],
    ids=lambda command: command[0],
)
def test_no_file_can_grow(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Where nothing more can be written, a command says so, and what was there is whole."""
    config, data = tmp_path / "config", tmp_path / "data"
    config.mkdir()
    for file in DEMO.glob("*.yaml"):
        untidy = "\ufeff" + file.read_text(encoding="utf-8") + f"# {'long ' * 2_000}\n"
        (config / file.name).write_text(untidy, encoding="utf-8")
    transact("", data, lambda _: None)
    before = {path: path.read_bytes() for path in config.iterdir()}
    given = [word.format(config=config, data=data) for word in command]
    code = [sys.executable, "-c", _ON_A_FULL_DISK, "8192", *given]
    ended = subprocess.run(code, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert {path: path.read_bytes() for path in config.iterdir()} == before
    assert transact("", data, lambda c: c.exec_driver_sql("PRAGMA quick_check").scalar()) == "ok"


def test_words() -> None:
    """Each obstacle has its sentence; a mistake of ours has none, and is seen whole."""
    assert words(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x.db")) == (
        "x.db: No space left on device; make room and try again"
    )
    assert words(StoreUnavailable("locked")) == "the database cannot be used: locked"
    assert "save it as UTF-8" in str(words(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")))
    assert words(BrokenPipeError()) is None
    assert words(KeyError("oops")) is None
