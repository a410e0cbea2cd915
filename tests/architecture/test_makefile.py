"""`make` explains itself, and says what is missing instead of failing with a riddle."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import ROOT


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run make in a folder."""
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what `make setup` reads, and no environment yet."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_help_lists_every_target() -> None:
    """Plain `make` lists all that can be made, each with what it does."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    listed = re.findall(r"^  make (\S+) +\S", make().stdout, re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())


def test_ci_runs_make_test() -> None:
    """Continuous integration runs `make test` and nothing else."""
    commands = [
        line
        for line in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["make test"]


def test_port_can_be_chosen() -> None:
    """`make run PORT=9000` listens there."""
    assert "demo --listen 127.0.0.1:9000" in make("--dry-run", "run", "PORT=9000").stdout


def python_that(answers: str, folder: Path) -> Path:
    """A program that stands in for an unsuitable Python."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{answers}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("answers", "explanation"),
    [
        ("exit 1", "needs Python 3.11 or newer"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "apt-get install -y python3-venv"),
    ],
)
def test_setup_says_what_is_missing(clone: Path, answers: str, explanation: str) -> None:
    """An old Python, or one without its venv package, is named together with the remedy, and nothing is left behind."""
    report = make("setup", f"PYTHON={python_that(answers, clone)}", folder=clone)
    assert report.returncode != 0
    assert explanation in report.stderr
    assert not (clone / ".venv").exists()
