"""Whose page is gone while nobody has answered: not offered until back, and nobody is lost by a restart."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from gateway.clock import micros
from gateway.realtime.absence import GRACE, GRACE_AT_START
from gateway.store.schema import events, timers
from router.agenda import LOST_FOR
from router.conversation import Conversation, State
from router.events import AgentConnected, IntentChanged, TimerFired, TimerKind, TransferRequested
from router.ids import MessageId
from router.presence import Intent
from skills.ids import GroupId
from tests.fakes.clock import StandingClock
from tests.gateway.realtime.reception import AGENT, Page, Reception, open_reception
from tests.gateway.waiting import until, until_found

SOON = timedelta(seconds=1)
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def clock() -> StandingClock:
    """A Monday morning."""
    return StandingClock(MONDAY)


@pytest.fixture(autouse=True)
def only_tests_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is gone is looked for when a test says so: it is the test that moves the clock."""
    monkeypatch.setattr("gateway.realtime.widget_socket.ABSENCE_SECONDS", 3600.0)


@pytest.fixture
async def reception(tmp_path: Path, clock: StandingClock) -> AsyncIterator[Reception]:
    """A widget that stands."""
    async with open_reception(tmp_path, clock=clock) as opened:
        yield opened


async def passes(reception: Reception, clock: StandingClock, span: timedelta) -> None:
    """So much time passes, and what is due happens."""
    clock.move(span)
    await reception.sockets.absences.look()

    def due(connection: Connection) -> list[tuple[str, str]]:
        rows = select(timers.c.kind, timers.c.subject).where(timers.c.at <= micros(clock.now()))
        return [(kind, subject) for kind, subject in connection.execute(rows)]

    for kind, subject in await reception.store.read(due):
        await reception.submit(TimerFired, kind=TimerKind(kind), subject=subject)


async def conversation_of(reception: Reception, entry: str) -> Conversation:
    """The conversation that began so."""
    everyone = await reception.engine.inspect(lambda board: list(board.conversations.values()))
    (found,) = (each for each in everyone if each.entry == entry)
    return found


async def told(reception: Reception) -> dict[str, int]:
    """How many absences and returns became events."""
    counted = select(events.c.kind, func.count()).where(events.c.kind.like("Contact%")).group_by(events.c.kind)
    return dict(await reception.store.read(lambda c: c.execute(counted).all()))


async def nobody_is_left(reception: Reception) -> None:
    """The server has noticed that the pages are closed."""
    await until(lambda: len(reception.visits) == 0)


async def write(page: Page) -> str:
    """Something for the desk for Japan; the secret to come back with."""
    await page.write("日本")
    return page.token


async def comes(reception: Reception) -> None:
    """An agent who could answer is ready."""
    await reception.submit(AgentConnected, agent=AGENT)
    await reception.submit(IntentChanged, agent=AGENT, intent=Intent.READY)


async def test_who_is_gone_is_not_offered_until_back(reception: Reception, clock: StandingClock) -> None:
    """Of two who wait, the one whose page is open is offered; the other once the page is back, as old as before."""
    async with reception.page(context={"entry": "stays"}) as (stays, _):
        await write(stays)
        async with reception.page(context={"entry": "goes"}) as (goes, _):
            token = await write(goes)
        await until(lambda: len(reception.visits) == 1)
        await passes(reception, clock, SOON)
        assert (await conversation_of(reception, "goes")).patience.lost_at is None
        await passes(reception, clock, GRACE)
        await passes(reception, clock, LOST_FOR)
        await comes(reception)
        assert (await conversation_of(reception, "stays")).state is State.OFFERED
        gone = await conversation_of(reception, "goes")
        assert (gone.state, gone.patience.pending_since is None) == (State.WAITING, False)

        async with reception.page(token):

            async def is_offered() -> bool:
                return (await conversation_of(reception, "goes")).state is State.OFFERED

            await until_found(is_offered)
        assert (await conversation_of(reception, "goes")).entered_waiting_at == gone.entered_waiting_at
    assert await told(reception) == {"ContactLost": 1, "ContactReturned": 1}


async def test_reload_and_second_tab_are_nothing(reception: Reception, clock: StandingClock) -> None:
    """A page that is loaded again in time, and one of two that is closed, make no event at all."""
    async with reception.page(context={"entry": "goes"}) as (page, _):
        token = await write(page)
    await nobody_is_left(reception)
    await passes(reception, clock, SOON)
    async with reception.page(token) as (page, _):
        async with reception.page(token):
            pass
        (visit,) = reception.visits
        await until(lambda: len(visit.lines) == 1)
        await passes(reception, clock, 2 * GRACE)
    assert await told(reception) == {}


async def test_restart_loses_nobody(tmp_path: Path, clock: StandingClock) -> None:
    """Pages have time to come back to the next process; whose page does not is gone, and found again later."""
    async with (
        open_reception(tmp_path, clock=clock) as first,
        first.page(context={"entry": "patient"}) as (one, _),
        first.page(context={"entry": "gone"}) as (other, _),
    ):
        patient, gone = await write(one), await write(other)
        await first.sockets.stop()
    async with open_reception(tmp_path, clock=clock) as second:
        await passes(second, clock, GRACE)
        assert await told(second) == {}
        async with second.page(patient):
            await passes(second, clock, GRACE_AT_START)
            assert (await conversation_of(second, "patient")).patience.lost_at is None
            assert (await conversation_of(second, "gone")).patience.lost_at is not None
        async with second.page(gone):

            async def is_found() -> bool:
                return (await conversation_of(second, "gone")).patience.lost_at is None

            await until_found(is_found)
        assert await told(second) == {"ContactLost": 1, "ContactReturned": 1}


async def test_control_without_time_to_come_back_the_patient_are_lost(
    tmp_path: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the time after a start that keeps those whose pages are on their way."""
    monkeypatch.setattr("gateway.realtime.absence.GRACE_AT_START", timedelta(0))
    async with open_reception(tmp_path, clock=clock) as first, first.page(context={"entry": "patient"}) as (page, _):
        await write(page)
        await first.sockets.stop()
    async with open_reception(tmp_path, clock=clock) as second:
        await passes(second, clock, SOON)
        assert await told(second) == {"ContactLost": 1}


async def test_who_comes_into_the_line_without_a_page_is_gone(reception: Reception, clock: StandingClock) -> None:
    """Given back by an agent who has not answered, with nobody at the page: that is told too."""
    async with reception.page(context={"entry": "goes"}) as (page, _):
        await write(page)
        conversation = await reception.take()
    await nobody_is_left(reception)
    await passes(reception, clock, GRACE)
    assert await told(reception) == {}
    await transfer(reception, conversation)
    await passes(reception, clock, GRACE)
    assert await told(reception) == {"ContactLost": 1}


async def test_who_was_answered_is_not_given_up(reception: Reception, clock: StandingClock) -> None:
    """Once a person has answered, a closed page is told to nobody, wherever the conversation goes."""
    async with reception.page(context={"entry": "goes"}) as (page, _):
        await write(page)
        conversation = await reception.take()
        await reception.answer("您好")
    await nobody_is_left(reception)
    await transfer(reception, conversation)
    await passes(reception, clock, 2 * GRACE)
    assert (await conversation_of(reception, "goes")).state is State.WAITING
    assert await told(reception) == {}


async def transfer(reception: Reception, conversation: object) -> None:
    """The agent gives it to another group, where nobody is."""
    await reception.submit(
        TransferRequested,
        conversation=conversation,
        by=AGENT,
        note=MessageId(reception.identifiers.new("msg")),
        note_text="for others",
        to_group=GroupId("south-east-asia"),
    )
