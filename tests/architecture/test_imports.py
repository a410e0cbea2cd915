"""The walls between the rooms stand, and the contracts that say so notice when one falls."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOMS, ROOT

CLEAN = {
    "skills/text.py": "import unicodedata",
    "router/ids.py": "from skills import text",
    "router/message.py": "from router import ids",
    "router/board.py": "from router import message",
    "adapters/contract.py": "import asyncio\nfrom router import message",
    "adapters/red/adapter.py": "from adapters import contract\nfrom router.ids import text",
    "adapters/blue/adapter.py": "from adapters import contract",
    "adapters/registry.py": "from adapters.red import adapter as red\nfrom adapters.blue import adapter as blue",
    "config/load.py": "from adapters import registry",
    "gateway/app.py": "import sqlite3\nfrom config import load\nfrom router import board",
}
VIOLATIONS = {
    "Imports run one way: gateway, config, adapters, router, skills": ("router/board.py", "from config import load"),
    "The core is pure: no I/O, no clock, no chance, no loop": ("skills/text.py", "import time"),
    "Adapters know messages and ids, not the board": ("adapters/contract.py", "from router import board"),
    "Adapters see no store": ("adapters/red/adapter.py", "import sqlite3"),
    "Channels are independent of each other": ("adapters/contract.py", "from adapters.blue import adapter"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the rooms in a folder, with our contracts."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A small house with the same rooms, in which every wall stands."""
    for name, text in CLEAN.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    for folder in [*ROOMS, "adapters/red", "adapters/blue"]:
        (tmp_path / folder / "__init__.py").touch()
    return tmp_path


def test_house_keeps_its_contracts() -> None:
    """No import in the house goes through a wall."""
    report = lint_imports(ROOT)
    assert report.returncode == 0, report.stdout + report.stderr


def test_contracts_allow_what_is_meant(toy: Path) -> None:
    """A house with every permitted kind of import keeps all contracts."""
    report = lint_imports(toy)
    assert report.returncode == 0, report.stdout + report.stderr


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_contract_notices_a_violation(toy: Path, contract: str) -> None:
    """One wrong import breaks the contract that forbids it."""
    file, line = VIOLATIONS[contract]
    with (toy / file).open("a", encoding="utf-8") as module:
        module.write(line + "\n")
    report = lint_imports(toy)
    assert report.returncode == 1, report.stdout + report.stderr
    assert f"{contract} BROKEN" in report.stdout


def test_every_contract_has_a_violation() -> None:
    """No contract is only believed to work."""
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert declared.count("[[tool.importlinter.contracts]]") == len(VIOLATIONS)
    assert shutil.which("lint-imports", path=str(Path(sys.executable).parent))
