"""The process is killed at each labelled point: what it acknowledged is there, and what is sent again counts once."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.clock import SystemClock
from gateway.store import Store, schema
from tests.gateway.engine.invariants import breaches
from tests.gateway.engine.workshop import UNITS, running, wrote

COUNT = 60
ROOT = Path(__file__).parents[3]
POINTS = (
    "before_lock",
    "after_load",
    "after_decide",
    "after_events",
    "after_messages",
    "after_rows",
    "before_commit",
    "after_commit",
    "after_acknowledge",
)


def killed(url: str, data: Path, point: str, manner: str = "honest", times: int = 5) -> set[str]:
    """Let a process receive until it dies at this point; the keys of what it acknowledged."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.gateway.engine.dying", url, str(data), str(COUNT), manner],
        cwd=ROOT,
        env=os.environ | {"POINTSMAN_CRASH_AT": f"{point}:{times}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return {f"m-{key}" for key in done.stdout.split()}


async def stored(store: Store) -> Counter[str]:
    """How often each message is there."""
    keys = select(schema.messages.c.message_key)
    return await store.read(lambda connection: Counter(connection.execute(keys).scalars()))


@pytest.mark.parametrize("point", POINTS)
async def test_nothing_acknowledged_is_lost_or_doubled(store_url: str, tmp_path: Path, point: str) -> None:
    """Killed at any point, every acknowledged message is stored once; sent again afterwards, all are stored once."""
    acknowledged = killed(store_url, tmp_path, point)
    store = Store.open(store_url, tmp_path)
    try:
        assert acknowledged, "it was killed before it could acknowledge anything"
        assert acknowledged <= set(await stored(store))
        async with running(store, clock=SystemClock()) as bench:
            for key in range(COUNT):
                await bench.receive(wrote(f"a{key % 10}", f"text {key}", key=str(key)))
            assert await stored(store) == Counter(f"m-{key}" for key in range(COUNT))
            assert await bench.count(schema.conversations) == 10
        assert await breaches(store, UNITS) == []
    finally:
        store.close()


async def test_an_early_acknowledgement_loses_messages(store_url: str, tmp_path: Path) -> None:
    """Control: a process that acknowledges before it commits loses what it acknowledged."""
    acknowledged = killed(store_url, tmp_path, "before_commit", "hasty", times=2)
    store = Store.open(store_url, tmp_path)
    try:
        assert acknowledged - set(await stored(store))
    finally:
        store.close()


def test_every_crash_point_is_tried() -> None:
    """The labels on the way in are those that are tried here; the outbox has its own test."""
    source = "".join(path.read_text() for path in (ROOT / "gateway").rglob("*.py"))
    labels = set(re.findall(r'crash_point\("(\w+)"\)', source))
    assert {label for label in labels if not label.startswith("outbox_")} == set(POINTS)
