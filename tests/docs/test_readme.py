"""What the README says is true: its files and commands exist, its routing file is valid and routes as it says."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli import main
from tests.docs.pages import ROOT

README = (ROOT / "README.md").read_text()
INBOXES = "inboxes: {website: {channel: web, name: Website}}\n"
AGENTS = """
agents:
  li.na: {name: 李娜, groups: [japan], skills: {visa-jp: 3}}
  chen.jie: {name: 陈杰, groups: [usa], skills: {visa-us: 3}}
"""


def blocks(language: str) -> list[str]:
    """The code blocks of this language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The README's routing file with the two others that it needs."""
    (routing,) = blocks("yaml")
    (tmp_path / "routing.yaml").write_text(routing)
    (tmp_path / "inboxes.yaml").write_text(INBOXES)
    (tmp_path / "agents.yaml").write_text(AGENTS)
    return tmp_path


def test_routing_file_is_valid_and_its_tests_pass(directory: Path) -> None:
    """The twenty lines are a whole routing file: no error, and the test inside it passes."""
    result = CliRunner().invoke(main, ["check", str(directory), "--json"])
    assert result.exit_code == 0, result.output
    assert '"passed": true' in result.output
    assert '"passed": false' not in result.output


def test_routing_file_is_about_twenty_lines() -> None:
    """It is as short as the heading says."""
    (routing,) = blocks("yaml")
    assert len(routing.strip().splitlines()) <= 22


def test_explanation_names_the_group(directory: Path) -> None:
    """`explain` on the README's file and question gives the group that the README says."""
    at = datetime(2026, 11, 23, 2, tzinfo=UTC).isoformat()
    command = ["explain", "我想办日本签证", "--config", str(directory), "--at", at, "--json"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert '"group": "japan"' in result.output


def test_links_lead_somewhere() -> None:
    """Every relative link and picture is a file of this repository."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert links
    missing = [link for link in links if not (ROOT / link).exists()]
    assert not missing


def test_commands_exist() -> None:
    """Every `make` target and `pointsman` command that the README names is there."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    assert named >= {"run", "test", "help", "bench"}
    assert named <= targets
    commands = set(re.findall(r"`pointsman ([a-z]+)", README))
    assert commands
    for command in commands:
        assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0, command


def test_make_help_works() -> None:
    """`make help` lists the targets."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "make run" in listed
    assert "make test" in listed
