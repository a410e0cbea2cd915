"""check, explain, schema and fmt: what they print, and how they exit."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.json_schema import schema_path
from gateway.cli import main

CONFIG = Path(__file__).parents[3] / "config"
DEMO, SHOP = CONFIG / "demo", CONFIG / "visa-shop"


def pointsman(*arguments: str | Path) -> Result:
    """What the command prints and exits with."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The demo with a group that nobody knows, and a test that fails for it."""
    shutil.copytree(DEMO, tmp_path, dirs_exist_ok=True)
    routing = tmp_path / "routing.yaml"
    text = routing.read_text(encoding="utf-8")
    routing.write_text(text.replace("{tags: [korea]}, to: japan-korea", "{tags: [korea]}, to: japan-kora"))
    return tmp_path


@pytest.mark.parametrize("directory", [DEMO, SHOP], ids=lambda path: path.name)
def test_check_of_shipped_files(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clean configuration exits with 0, says how many tests passed, and shows the coming days of its hours."""
    for name in ("TG_TOKEN", "TG_SECRET"):
        monkeypatch.setenv(name, "x")
    result = pointsman("check", directory)
    assert result.exit_code == 0, result.output
    assert "0 errors" in result.output
    assert " tests passed" in result.output
    assert "00:00-24:00" in result.output or "09:00-23:00" in result.output


def test_check_shows_place_code_suggestion_and_caret(broken: Path) -> None:
    """An error is one line with its place, the source line, and a caret below the word."""
    result = pointsman("check", broken)
    assert result.exit_code == 1
    lines = result.output.split("\n")
    place = next(n for n, line in enumerate(lines) if " E104 " in line)
    head, source, caret = lines[place : place + 3]
    assert head.endswith('E104 unknown group "japan-kora"; did you mean "japan-korea"?')
    assert head.startswith("routing.yaml:")
    column = int(head.split()[0].split(":")[2])
    assert source[4 + column - 1 :].startswith("japan-kora,")
    assert caret == " " * (4 + column - 1) + "^"
    assert lines[-2].endswith("1 error, 0 warnings, tests not run")


def test_check_for_programs(broken: Path) -> None:
    """With --json the problems and the tests have the keys of the interface."""
    found = json.loads(pointsman("check", broken, "--json").output)
    (problem,) = found["problems"]
    assert problem.keys() == {"file", "line", "column", "code", "severity", "message", "suggestion"}
    assert (problem["code"], problem["severity"]) == ("E104", "error")
    found = json.loads(pointsman("check", DEMO, "--json").output)
    assert found["problems"] == []
    written = (DEMO / "routing.yaml").read_text(encoding="utf-8").partition("\ntests:\n")[2]
    assert len(found["tests"]) == written.count("{say:") > 0
    assert all(test.keys() == {"line", "passed", "got"} and test["passed"] for test in found["tests"])


def test_check_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is not set is a warning, and an error when asked strictly, as `run` does."""
    monkeypatch.delenv("TG_TOKEN", raising=False)
    monkeypatch.delenv("TG_SECRET", raising=False)
    result = pointsman("check", SHOP)
    assert result.exit_code == 0
    assert "W205" in result.output
    assert pointsman("check", SHOP, "--strict").exit_code == 1


def test_check_of_nothing(tmp_path: Path) -> None:
    """A directory that does not exist cannot be checked: 2. One without files has three errors: 1."""
    assert pointsman("check", tmp_path / "nowhere").exit_code == 2
    result = pointsman("check", tmp_path)
    assert result.exit_code == 1
    assert result.output.count("E001") == 3


def test_explain() -> None:
    """The way of a message is printed with rules and lines, group, hours, candidates and replies."""
    result = pointsman(
        "explain", "我想办日本签证", "--config", DEMO, "--inbox", "website", "--at", "2026-11-23T10:00+08:00"
    )
    assert result.exit_code == 0, result.output
    assert "✓ routing.yaml:" in result.output
    assert "→ group japan-korea, priority normal (answer within 5m)" in result.output
    assert "the text has none of 韩国" in result.output
    assert "open by the hours always" in result.output
    assert "✓ li.na 李娜" in result.output
    assert "chen.jie 陈杰: not_in_group" in result.output
    assert "position en  You are number 1" in result.output


def test_explain_for_programs() -> None:
    """With --json the explanation has the keys of the interface; tags of the contact come by commas or repetition."""
    result = pointsman(
        "explain",
        "hello",
        "--config",
        DEMO,
        "--json",
        "--contact-tags",
        "new,vip",
        "--language",
        "en",
        "--entry",
        "qr-usa",
    )
    found = json.loads(result.output)
    assert (found["group"], found["priority"], found["language"]) == ("usa-canada-australia", "vip", "en")
    assert found["hours"]["open"] is True


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--inbox", "nowhere"], 2),
        (["--channel", "telegramm"], 2),
        (["--at", "tomorrow"], 2),
        (["--config", "/nowhere"], 2),
    ],
)
def test_explain_of_what_is_not_there(arguments: list[str], code: int) -> None:
    """An inbox, a channel, an instant or a directory that does not exist is said, and nothing is explained."""
    result = pointsman("explain", "hello", "--config", DEMO, *arguments)
    assert result.exit_code == code
    assert "Error" in result.output


def test_explain_of_a_broken_configuration(broken: Path) -> None:
    """Files with errors are not explained: the errors are printed instead."""
    result = pointsman("explain", "hello", "--config", broken)
    assert result.exit_code == 1
    assert "E104" in result.output


@pytest.mark.parametrize("file", ["inboxes", "agents", "routing"])
def test_schema(file: str) -> None:
    """The schema is printed as it is committed."""
    assert pointsman("schema", file).output == schema_path(f"{file}.yaml").read_text(encoding="utf-8")


def test_fmt(tmp_path: Path) -> None:
    """Files are put into the house style once; a file that is no YAML is left alone and said."""
    shutil.copytree(DEMO, tmp_path, dirs_exist_ok=True)
    assert pointsman("fmt", tmp_path).output == ""
    routing = tmp_path / "routing.yaml"
    tidy = routing.read_text(encoding="utf-8")
    routing.write_text(tidy.replace("  always: {weekly", "      always:   {weekly"), encoding="utf-8")
    assert pointsman("fmt", tmp_path, "--check").exit_code == 1
    assert "changed" in pointsman("fmt", tmp_path).output
    assert routing.read_text(encoding="utf-8") == tidy
    (tmp_path / "agents.yaml").write_text("agents: [", encoding="utf-8")
    result = pointsman("fmt", tmp_path)
    assert result.exit_code == 1
    assert "E002" in result.output
    assert (tmp_path / "agents.yaml").read_text(encoding="utf-8") == "agents: ["
