"""Parts that fail are started again; a vital one that keeps failing makes the process not ready."""

import asyncio

import pytest

from gateway.supervisor import State, Supervisor


class Shaky:
    """A part that fails so many times, then runs until cancelled."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.starts = 0
        self.runs = asyncio.Event()
        self.was_cancelled = False

    async def run(self) -> None:
        """Fail, or run."""
        self.starts += 1
        if self.starts <= self.failures:
            raise ConnectionError("away")
        self.runs.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise


def at_once(_name: str, _failures: int) -> float:
    """No pause between starts."""
    return 0.0


async def test_started_again() -> None:
    """A part that fails is started again until it runs, and says what its trouble was."""
    part = Shaky(3)
    supervisor = Supervisor(at_once)
    supervisor.add("listener", part.run)
    await part.runs.wait()
    assert part.starts == 4
    assert supervisor.health() == {"listener": State.RUNNING}
    assert supervisor.problems() == {"listener": "ConnectionError: away"}
    assert supervisor.is_ready
    await supervisor.stop()
    assert part.was_cancelled


async def test_vital_part_given_up() -> None:
    """A vital part that fails in a row is given up, and the process is not ready; its neighbours run on."""
    bad, good = Shaky(1_000), Shaky(0)
    supervisor = Supervisor(at_once, patience=5)
    supervisor.add("outbox", bad.run)
    supervisor.add("schedule", good.run)
    await good.runs.wait()
    while supervisor.is_ready:
        await asyncio.sleep(0)
    assert bad.starts == 5
    assert supervisor.health() == {"outbox": State.GIVEN_UP, "schedule": State.RUNNING}
    await supervisor.stop()


async def test_inbox_never_given_up() -> None:
    """A part that is not vital is tried for as long as it takes."""
    part = Shaky(50)
    supervisor = Supervisor(at_once, patience=5)
    supervisor.add("inbox red", part.run, is_vital=False)
    await part.runs.wait()
    assert supervisor.is_ready
    await supervisor.stop()


async def test_pauses_grow() -> None:
    """Between starts there is a pause, told how many failures there were before."""
    asked: list[int] = []

    def pause(_name: str, failures: int) -> float:
        asked.append(failures)
        return 0.0

    part = Shaky(4)
    supervisor = Supervisor(pause)
    supervisor.add("part", part.run)
    await part.runs.wait()
    assert asked == [0, 1, 2, 3]
    await supervisor.stop()


async def test_removed_and_added_again() -> None:
    """A part can be ended and another put in its place; two of one name cannot run."""
    first, second = Shaky(0), Shaky(0)
    supervisor = Supervisor(at_once)
    supervisor.add("inbox red", first.run)
    await first.runs.wait()
    with pytest.raises(ValueError, match="inbox red"):
        supervisor.add("inbox red", second.run)
    await supervisor.remove("inbox red")
    assert first.was_cancelled
    supervisor.add("inbox red", second.run)
    await second.runs.wait()
    await supervisor.stop()
    assert supervisor.health() == {}


async def test_ended() -> None:
    """A part that returns has done its work and is not started again."""
    count = 0

    async def once() -> None:
        nonlocal count
        count += 1

    supervisor = Supervisor(at_once)
    supervisor.add("once", once)
    while supervisor.health()["once"] is not State.ENDED:
        await asyncio.sleep(0)
    assert count == 1
    assert supervisor.is_ready
    await supervisor.stop()
