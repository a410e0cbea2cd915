"""What somebody decided about a group's hours: it outlives the process, ends by itself, and all gateways know it."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.clock import instant
from gateway.live import Live
from gateway.store import Store, schema
from gateway.store.loading import Head, Waking, board_rows
from gateway.store.statement import Cursor
from router.conversation import Conversation
from router.events import HoursOverridden, TimerFired, TimerKind
from router.settings import Settings
from skills.hours import Hours, Interval
from skills.ids import HoursId
from tests.fakes.clock import NOON, StandingClock
from tests.gateway.databases import PostgresServer
from tests.gateway.engine.workshop import FRONT, LI, Bench, new_event, running, settings, wrote

UNTIL = NOON + timedelta(minutes=30)
MORNING = Hours(id=HoursId("morning"), zone=UTC, weekly=((Interval(9 * 3600, 11 * 3600),),) * 7)


async def decided(bench: Bench, *, is_open: bool | None, until: datetime = UNTIL) -> None:
    """Somebody opens or closes the front desk, or takes that back."""
    reason = "fire drill" if is_open is not None else ""
    event = HoursOverridden(
        id=new_event(), at=bench.clock.now(), group=FRONT, is_open=is_open, until=until, by=LI, reason=reason
    )
    await bench.engine.submit(event)


async def of(bench: Bench, address: str = "ann") -> Conversation:
    """The contact's open conversation."""
    return (await bench.conversations())[address]


def only_in_the_morning() -> Settings:
    """The front desk has hours, and at noon they are over."""
    small = settings()
    front = small.groups[FRONT]
    group = replace(front.group, hours=MORNING.id)
    return replace(small, hours={MORNING.id: MORNING}, groups={FRONT: replace(front, group=group)})


async def test_it_closes_and_is_over_by_itself(store: Store) -> None:
    """A contact of a closed group is held until the end; the timer for that stands in the rows, and lets them in."""
    clock = StandingClock()
    async with running(store, clock=clock) as bench:
        await decided(bench, is_open=False)
        await bench.receive(wrote("ann"))
        conversation = await of(bench)
        assert conversation.held_until == UNTIL
        ((kind, subject, at),) = await bench.rows(schema.timers, "kind", "subject", "at")
        assert (kind, subject, instant(at)) == ("conversation", conversation.id, UNTIL)
        clock.at = UNTIL
        timer = TimerFired(id=new_event(), at=UNTIL, kind=TimerKind.CONVERSATION, subject=conversation.id)
        await bench.engine.submit(timer)
        assert (await of(bench)).held_until is None


async def test_it_opens(store: Store) -> None:
    """A group whose hours are over serves contacts while somebody has opened it; without that, they are held."""
    async with running(store, rules=only_in_the_morning()) as bench:
        await bench.receive(wrote("early"))
        assert (await of(bench, "early")).held_until is not None
        await decided(bench, is_open=True)
        await bench.receive(wrote("ann"))
        assert (await of(bench, "early")).held_until is None
        assert (await of(bench)).held_until is None


async def test_it_outlives_the_process(open_store: Callable[[], Store]) -> None:
    """After a restart the group is still closed, by the same person until the same instant."""
    store = open_store()
    async with running(store) as bench:
        await decided(bench, is_open=False)
        before = await bench.engine.inspect(lambda board: dict(board.doors.overrides))
    store.close()
    async with running(open_store()) as bench:
        assert await bench.engine.inspect(lambda board: dict(board.doors.overrides)) == before
        await bench.receive(wrote("ann"))
        assert (await of(bench)).held_until == UNTIL


async def test_taken_back_it_stays_so(open_store: Callable[[], Store]) -> None:
    """What was taken back is not in force again after a restart, and needs no reason."""
    store = open_store()
    async with running(store) as bench:
        await decided(bench, is_open=False)
        await decided(bench, is_open=None)
    store.close()
    async with running(open_store()) as bench:
        await bench.receive(wrote("ann"))
        assert (await of(bench)).held_until is None


async def test_without_its_row_it_would_not(open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: a board that is rebuilt without these rows lets the contact in."""
    store = open_store()
    async with running(store) as bench:
        await decided(bench, is_open=False)
    store.close()

    def forgetful(cursor: Cursor) -> Waking:
        return board_rows(cursor)._replace(overrides=[])

    monkeypatch.setattr("gateway.live.board_rows", forgetful)
    async with running(open_store()) as bench:
        await bench.receive(wrote("ann"))
        assert (await of(bench)).held_until is None


async def test_two_gateways(postgresql_server: PostgresServer, tmp_path: Path) -> None:
    """What was decided through one gateway holds at the other, though that had its board already."""
    url = postgresql_server.fresh()
    stores = [Store.open(url, tmp_path) for _ in range(2)]
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(running(store)) for store in stores]
        await other.receive(wrote("bob"))
        await decided(one, is_open=False)
        await other.receive(wrote("ann"))
        assert (await of(other)).held_until == UNTIL
        await decided(other, is_open=None)
        assert (await of(one)).held_until is None
    for store in stores:
        store.close()


async def test_a_gateway_that_trusts_its_memory_does_not_know(
    postgresql_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: when the revision is not compared, the other gateway still believes in the hours."""
    url = postgresql_server.fresh()
    stores = [Store.open(url, tmp_path) for _ in range(2)]
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(running(store)) for store in stores]
        await other.receive(wrote("bob"))
        await decided(one, is_open=False)

        def trusting(live: Live, cursor: Cursor, head: Head, now: datetime) -> None:
            live.rev = head.rev

        monkeypatch.setattr(Live, "refresh", trusting)
        assert await other.engine.inspect(lambda board: dict(board.doors.overrides)) == {}
    for store in stores:
        store.close()
