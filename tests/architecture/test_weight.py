"""What a start need not carry: libraries for rare work are imported by that work."""

import subprocess
import sys

import pytest

RARE = {
    "alembic": "a database of an earlier version",
    "concurrent.futures.process": "simulations and past decisions",
    "holidays": "timetables with public holidays",
    "joserfc": "sites that sign tokens for their visitors",
    "PIL": "a picture",
    "psycopg": "PostgreSQL",
    "puremagic": "a file without a common signature",
    "redis": "several gateways",
    "sqlalchemy.dialects.postgresql": "PostgreSQL",
    "wechatpy": "an account with encrypted messages",
}
"""What is not there after a start on SQLite with every channel, and who needs it."""

START = """
import sys
from pathlib import Path
import gateway.app, gateway.cli.serving
from adapters.registry import channel_names
from gateway.store import Store
import importlib
for name in channel_names():
    importlib.import_module(f"adapters.{name}.adapter")
Store.open("", Path(sys.argv[1])).close()
print("\\n".join(sys.modules))
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Every module of a process that has what a service is made of, and has opened its store."""
    folder = tmp_path_factory.mktemp("data")
    done = subprocess.run([sys.executable, "-c", START, folder], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("name", sorted(RARE))
def test_rare_work_brings_its_own_library(imported: frozenset[str], name: str) -> None:
    """A start carries no library that only rare work needs."""
    assert name not in imported, f"{name} is for {RARE[name]}"


def test_the_list_is_of_modules_that_are_there(imported: frozenset[str]) -> None:
    """Control: what the service is made of was imported, and each rare library could be."""
    assert {"gateway.app", "aiohttp", "sqlalchemy.dialects.sqlite", "telegram", "slack_sdk"} <= imported
    for name in RARE:
        __import__(name)
