"""A paused queue: the pause outlives the process, ends by itself, and is gone when it is over."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from gateway.clock import instant
from gateway.store import Store, schema
from gateway.store.loading import Waking, board_rows
from gateway.store.statement import Cursor
from router.conversation import State
from router.events import AgentConnected, IntentChanged, QueuePaused, QueueResumed, TimerFired, TimerKind
from router.pause import Pause
from router.presence import Intent
from skills.ids import GroupId
from tests.fakes.clock import NOON, StandingClock
from tests.gateway.engine.workshop import FRONT, LI, Bench, new_event, running, wrote

UNTIL = NOON + timedelta(minutes=30)


async def li_is_ready(bench: Bench) -> None:
    """Somebody who could answer is at the desk."""
    at = bench.clock.now()
    await bench.engine.submit(AgentConnected(id=new_event(), at=at, agent=LI))
    await bench.engine.submit(IntentChanged(id=new_event(), at=at, agent=LI, intent=Intent.READY))


async def paused(bench: Bench, until: datetime | None = None) -> None:
    """Somebody pauses the front desk's queue."""
    event = QueuePaused(
        id=new_event(), at=bench.clock.now(), group=FRONT, by=LI, reason="prices are wrong", until=until
    )
    await bench.engine.submit(event)


async def pauses(bench: Bench) -> dict[GroupId, Pause]:
    """What is paused, as the board has it."""
    return await bench.engine.inspect(lambda board: dict(board.pauses))


async def state_of(bench: Bench, address: str = "ann") -> State:
    """Where the contact's conversation stands."""
    return (await bench.conversations())[address].state


async def test_it_ends_by_itself(store: Store) -> None:
    """The queue's own timer stands in the rows; when it fires the queue goes on, and no row is left."""
    clock = StandingClock()
    async with running(store, clock=clock) as bench:
        await li_is_ready(bench)
        await paused(bench, UNTIL)
        await bench.receive(wrote("ann"))
        assert await state_of(bench) is State.WAITING
        timers = {
            kind: (subject, instant(at))
            for kind, subject, at in await bench.rows(schema.timers, "kind", "subject", "at")
        }
        assert timers["queue"] == (FRONT, UNTIL)
        clock.at = UNTIL
        await bench.engine.submit(TimerFired(id=new_event(), at=UNTIL, kind=TimerKind.QUEUE, subject=FRONT))
        assert await state_of(bench) is not State.WAITING
        assert await bench.rows(schema.pauses, "group") == []


async def test_it_outlives_the_process(open_store: Callable[[], Store]) -> None:
    """After a restart the queue is still paused, by the same person for the same reason; resumed, it stays so."""
    store = open_store()
    async with running(store) as bench:
        await paused(bench)
        before = await pauses(bench)
    store.close()
    store = open_store()
    async with running(store) as bench:
        assert before
        assert await pauses(bench) == before
        await li_is_ready(bench)
        await bench.receive(wrote("ann"))
        assert await state_of(bench) is State.WAITING
        await bench.engine.submit(QueueResumed(id=new_event(), at=bench.clock.now(), group=FRONT, by=LI))
        assert await state_of(bench) is not State.WAITING
    store.close()
    async with running(open_store()) as bench:
        assert await pauses(bench) == {}


async def test_without_its_row_it_would_not(open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: a board that is rebuilt without these rows serves the contact."""
    store = open_store()
    async with running(store) as bench:
        await paused(bench)
    store.close()

    def forgetful(cursor: Cursor) -> Waking:
        return board_rows(cursor)._replace(pauses=[])

    monkeypatch.setattr("gateway.live.board_rows", forgetful)
    async with running(open_store()) as bench:
        await li_is_ready(bench)
        await bench.receive(wrote("ann"))
        assert await state_of(bench) is not State.WAITING
