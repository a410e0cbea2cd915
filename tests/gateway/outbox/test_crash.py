"""A process that dies between the claim, the call and the last word leaves nothing that is sent twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from gateway.clock import SystemClock
from gateway.delivery import CLAIM_FOR
from gateway.store import endings, outgoing
from gateway.store.schema import outbox
from tests.gateway.outbox import dying
from tests.gateway.outbox.bench import RED, Bench, open_bench

ROOT = Path(__file__).parents[3]


class Later(SystemClock):
    """The clock after all claims of now have expired."""

    def now(self) -> datetime:
        """A while from now."""
        return datetime.now(UTC) + CLAIM_FOR + timedelta(seconds=1)


async def prepared(folder: Path) -> None:
    """Twenty messages to ten contacts."""
    bench = open_bench(folder)
    for person in range(10):
        await bench.owe(f"{person}-1", f"{person}-2", to=f"p{person}")
    bench.store.close()


def die(folder: Path, point: str) -> None:
    """Let a process send until it is killed at this point."""
    ended = subprocess.run(
        [sys.executable, dying.__file__, str(folder)],
        env={**os.environ, "POINTSMAN_CRASH_AT": point, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=180,
        capture_output=True,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def arrived(folder: Path) -> list[str]:
    """What reached the platform before the process died."""
    file = folder / dying.ARRIVED
    return file.read_text().split() if file.exists() else []


async def survive(folder: Path) -> tuple[Bench, dict[str, str]]:
    """A new process sends the rest."""
    bench = open_bench(folder, clock=Later())
    try:
        async with bench.sending():
            return bench, await bench.until_ended()
    finally:
        bench.store.close()


@pytest.mark.parametrize("point", ["outbox_claimed", "outbox_delivered", "outbox_delivered:7", "outbox_claimed:2"])
async def test_killed(tmp_path: Path, point: str) -> None:
    """Killed anywhere between claim and last word: all end, none arrives twice, what may have arrived is unverified."""
    await prepared(tmp_path)
    die(tmp_path, point)
    before = arrived(tmp_path)
    bench, states = await survive(tmp_path)
    after = [message.message for message in bench.channels[RED].taken]
    assert max(Counter([*before, *after]).values()) == 1
    assert Counter(states.values())["unverified"] > 0
    assert len(states) == 20
    for text, state in states.items():
        assert state in {"sent", "unverified"}
        if state == "sent":
            assert text in before + after


async def test_control_claims_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where an expired claim is simply queued again, messages arrive twice."""
    await prepared(tmp_path)
    die(tmp_path, "outbox_delivered:7")

    def requeue(connection: Connection, now: datetime, running: Collection[int], *_: object) -> list[outgoing.Fate]:
        connection.execute(update(outbox).where(outbox.c.state == "claimed").values(state="queued"))
        return []

    monkeypatch.setattr(endings, "settle", requeue)
    bench, _ = await survive(tmp_path)
    after = [message.message for message in bench.channels[RED].taken]
    assert max(Counter([*arrived(tmp_path), *after]).values()) == 2
