"""Commands: found by name, imported when asked for, with words for people and exit codes for programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Table

from config import load as config_load
from gateway.cli import COMMANDS, main
from gateway.store import schema
from gateway.store.accounts import account
from gateway.store.beside import transact
from gateway.store.sqlite import DataLock
from skills.ids import AgentId

DEMO = Path(config_load.__file__).parent / "demo"


def run(*words: object, given: str = "") -> tuple[int, str]:
    """Run a command in this process; its exit code and what it said."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_help_names_every_command() -> None:
    """Help lists every command, and each has help of its own."""
    code, said = run("--help")
    assert code == 0
    for name in COMMANDS:
        assert name in said
        assert run(name, "--help")[0] == 0


def test_a_command_that_is_none() -> None:
    """An unknown command is a usage error."""
    assert run("fly")[0] == 2


def test_check_does_not_import_the_server() -> None:
    """`check` starts fast: it imports neither the server nor the database."""
    words = "import sys; from gateway.cli import main; main.get_command(None, 'check'); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True).stdout
    assert {"aiohttp", "sqlalchemy", "uvloop", "gateway.app"} & set(said.split()) == set()


def test_every_option_has_its_variable() -> None:
    """Every option of `run` can be given as POINTSMAN_…"""
    command = main.get_command(None, "run")  # type: ignore[arg-type]  # the context is not used
    assert command is not None
    variables = {option.name: getattr(option, "envvar", None) for option in command.params if option.name != "help"}
    assert variables == {name: f"POINTSMAN_{str(name).upper()}" for name in variables}


def test_a_password_by_standard_input(tmp_path: Path) -> None:
    """A password is set from a line of standard input, and never shown."""
    given = ("--config", DEMO, "--data", tmp_path)
    code, said = run("agent", "password", "li.na", "--stdin", *given, given="correct horse\n")
    assert (code, "correct" in said) == (0, False)
    stored = transact("", tmp_path, lambda c: account(c, AgentId("li.na")))
    assert stored.password_hash.startswith("$argon2id$")
    assert run("agent", "password", "li.na", "--stdin", *given, given="short\n")[0] == 2
    listed = json.loads(run("agent", "list", "--json", *given)[1])
    assert {one["login"]: one["has_password"] for one in listed}["li.na"] is True


def test_somebody_who_is_not_in_the_file(tmp_path: Path) -> None:
    """A login that is not in agents.yaml is refused, with what was probably meant."""
    code, said = run("agent", "password", "li.nna", "--stdin", "--config", DEMO, "--data", tmp_path, given="x\n")
    assert code == 2
    assert 'did you mean "li.na"?' in said


def test_an_invitation(tmp_path: Path) -> None:
    """An invitation is a link whose token the store knows by its hash only."""
    code, said = run(
        "agent", "invite", "li.na", "--config", DEMO, "--data", tmp_path, "--public-url", "https://chat.example/"
    )
    assert code == 0
    address, _, token = said.strip().partition("#")
    assert address == "https://chat.example/invitation"
    stored = transact("", tmp_path, lambda c: account(c, AgentId("li.na")))
    assert stored.invitation_hash
    assert token not in stored.invitation_hash


def test_backup_without_a_database(tmp_path: Path) -> None:
    """There is nothing to copy, and a copy never overwrites."""
    assert run("backup", tmp_path / "copy.db", "--data", tmp_path / "none")[0] == 2
    transact("", tmp_path / "data", lambda _: None)
    assert run("backup", tmp_path / "copy.db", "--data", tmp_path / "data")[0] == 0
    assert run("backup", tmp_path / "copy.db", "--data", tmp_path / "data")[0] == 2


def test_doctor(tmp_path: Path) -> None:
    """The doctor finds what is missing and says what to do; then nothing."""
    (tmp_path / "data").mkdir()
    given = ("--config", DEMO, "--data", tmp_path / "data")
    assert run("doctor", "--offline", *given)[0] == 0
    transact("", tmp_path / "data", lambda _: None)
    code, said = run("doctor", "--offline", *given)
    assert code == 1
    assert "pointsman agent password" in said
    for login in ("li.na", "wang.fang", "chen.jie", "zhao.min", "admin"):
        run("agent", "password", login, "--stdin", *given, given="correct horse\n")
    assert run("doctor", "--offline", *given)[0] == 0


def test_the_doctor_asks_about_each_inbox(tmp_path: Path) -> None:
    """An inbox whose platform is not reached is named, with what to do; files that cannot be read end with 2."""
    code, said = run("doctor", "--config", DEMO, "--data", tmp_path, "--json")
    findings = {(each["what"], each["severity"]): each for each in json.loads(said)}
    assert code == 1
    assert "not reached" in findings["inbox messenger", "error"]["state"]
    assert findings["inbox messenger", "error"]["advice"]
    (tmp_path / "config").mkdir()
    assert run("doctor", "--config", tmp_path / "config", "--data", tmp_path)[0] == 2


@pytest.mark.parametrize("listen", ["8080", "host:", "host:99999", "host:x"])
def test_an_address_that_is_none(tmp_path: Path, listen: str) -> None:
    """An address that cannot be listened on is a usage error."""
    assert run("run", "--config", DEMO, "--data", tmp_path, "--listen", listen)[0] == 2


def test_a_first_start_with_a_broken_file(tmp_path: Path) -> None:
    """A first start with broken files is refused with every error and its place, exit code 2."""
    (tmp_path / "config").mkdir()
    for file in DEMO.glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("otherwise: reception", "otherwise: front-dusk")
        (tmp_path / "config" / file.name).write_text(text, encoding="utf-8")
    words = ["run", "--config", tmp_path / "config", "--data", tmp_path / "data", "--listen", "127.0.0.1:0"]
    command = [sys.executable, "-m", "gateway", *map(str, words)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert "routing.yaml:" in ended.stderr
    assert 'unknown group "front-dusk"' in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A data directory in which one contact was stored, rewritten once, with a file."""
    data, file = tmp_path / "data", "ab" * 32
    stored = data / "media" / "ab" / file
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"a passport")

    def write(connection: Connection) -> None:
        def add(table: Table, **values: object) -> None:
            connection.execute(table.insert().values(values))

        add(schema.contacts, id="ctc_1", name="canary-1", created_at=0, updated_at=0)
        connection.execute(schema.contacts.update().values(name="canary-2"))
        add(schema.threads, id="thr_1", inbox="shop", channel="paper", address="ada", contact="ctc_1", created_at=0)
        add(schema.media, id=file, mime="text/plain", size=10, created_at=0)
        parts = json.dumps([{"kind": "file", "media": file, "name": "canary-4"}])
        said = {"id": "msg_1", "thread": "thr_1", "conversation": "cnv_1", "seq": 1, "direction": "in", "at": 0}
        author = {"author_kind": "contact", "author": "ctc_1", "note": False}
        add(schema.messages, **said, **author, text="canary-3", parts=parts)

    transact("", data, write)
    return data


@pytest.mark.parametrize("name", ["ctc_1", "shop/ada"])
def test_a_contact_is_exported_and_erased(written: Path, name: str) -> None:
    """What is stored of a contact is printed; erased, no byte of it is left in the data directory."""
    code, said = run("export", name, "--data", written)
    assert (code, json.loads(said)["contact"]["name"]) == (0, "canary-2")
    (file,) = json.loads(said)["files"]
    assert (written / file["path"]).read_bytes() == b"a passport"
    code, said = run("erase", name, "--data", written)
    assert (code, "1 messages, 1 files" in said) == (0, True)
    left = b"".join(path.read_bytes() for path in written.rglob("*") if path.is_file())
    assert b"canary" not in left
    assert b"passport" not in left
    assert run("export", name, "--data", written)[0] == 2
    assert run("erase", name, "--data", written)[0] == 2


def test_erasing_beside_the_service(written: Path) -> None:
    """Erasing works while the service has the data, and says what is left to do."""
    lock = DataLock(written)
    try:
        code, said = run("erase", "ctc_1", "--data", written)
        assert (code, "the service has the file open" in said) == (0, True)
        assert run("export", "ctc_1", "--data", written)[0] == 2
    finally:
        lock.release()


@pytest.mark.parametrize("command", ["export", "erase"])
def test_nobody_to_erase(tmp_path: Path, command: str) -> None:
    """Without a database, or without the contact, there is nothing to do: 2, and nothing is made."""
    code, said = run(command, "ctc_1", "--data", tmp_path)
    assert (code, "no database" in said) == (2, True)
    assert list(tmp_path.iterdir()) == []
    transact("", tmp_path, lambda _: None)
    code, said = run(command, "ctc_1", "--data", tmp_path)
    assert (code, "no contact ctc_1" in said) == (2, True)
