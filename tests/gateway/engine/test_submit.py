"""What agents, timers and administrators do is decided on the board as it is committed."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.clock import SystemClock
from gateway.schedule import Schedule
from gateway.store import Store, StoreUnavailable, schema
from gateway.store.codec import decode_parts
from router.board import Board
from router.conversation import State
from router.errors import NotOwner, Refused, UnknownConversation
from router.events import ConversationParked, Swept, TimerFired, TimerKind
from router.ids import ConversationId
from router.message import plain_text
from router.settings import WaitingPolicy
from skills.ids import GroupId
from tests.fakes.clock import StandingClock
from tests.gateway.engine.workshop import (
    INBOX,
    LI,
    WAIT,
    WANG,
    Bench,
    BrokenReplies,
    later,
    new_event,
    running,
    settings,
    wrote,
)
from tests.gateway.waiting import until_found


async def assigned(bench: Bench, address: str = "ann") -> str:
    """A conversation that Li has."""
    await bench.ready(LI)
    await bench.receive(wrote(address))
    conversation = (await bench.conversations())[address]
    assert conversation.owner.id == LI
    return conversation.id


async def test_an_answer_is_recorded_and_queued(store: Store) -> None:
    """An answer becomes a message, a row of the outbox, and the memory of who answered."""
    async with running(store) as bench:
        conversation = await assigned(bench)
        committed = await bench.answer(conversation, LI, "of course")
        [_, (message, seq, words, delivery)] = await bench.rows(schema.messages, "id", "seq", "text", "delivery")
        assert (message, seq, words, delivery) == (committed.message, 2, "of course", "queued")
        assert committed.sequences[message] == 2
        assert await bench.rows(schema.outbox, "message", "inbox", "state") == [(message, INBOX, "queued")]
        assert await bench.rows(schema.answers, "group", "agent") == [("front", LI)]


async def test_the_same_answer_twice_is_one_message(store: Store) -> None:
    """A repeated `client_id`, at once or later, changes nothing and names the message that is there."""
    async with running(store) as bench:
        conversation = await assigned(bench)
        first, second = await asyncio.gather(*(bench.answer(conversation, LI, client_id="k") for _ in range(2)))
        third = await bench.answer(conversation, LI, client_id="k")
        assert first.message == second.message == third.message
        assert await bench.count(schema.outbox) == 1
        assert (await bench.answer(conversation, LI, client_id="other")).message != first.message


async def test_a_refused_event_changes_nothing_and_costs_its_neighbours_nothing(store: Store) -> None:
    """In one batch a stale answer is refused with the present owner, kept as refused, and the others are committed."""
    async with running(store) as bench:
        conversation = await assigned(bench)
        results = await asyncio.gather(
            bench.receive(wrote("bob")),
            bench.answer(conversation, WANG, epoch=0),
            bench.answer("cnv_none", LI),
            bench.answer(conversation, LI),
            return_exceptions=True,
        )
        assert isinstance(results[1], NotOwner)
        assert results[1].owner.id == LI
        assert isinstance(results[2], UnknownConversation)
        assert not isinstance(results[3], BaseException)
        states = sorted(row[0] for row in await bench.rows(schema.events, "state"))
        assert states.count("refused") == 2
        assert await bench.count(schema.messages) == 3


async def test_a_contact_is_told_in_words(store: Store) -> None:
    """What the core wants a contact told is rendered, recorded, queued and shown to the desk."""
    clock = StandingClock()
    rules = settings(waiting=WaitingPolicy(reply=WAIT, after=timedelta(seconds=30)))
    async with running(store, clock=clock, rules=rules) as bench:
        await bench.receive(wrote("ann"))
        conversation = (await bench.conversations())["ann"].id
        await bench.engine.submit(
            TimerFired(id=new_event(), at=later(clock, 31), kind=TimerKind.CONVERSATION, subject=conversation)
        )
        [_, (parts, author, direction)] = await bench.rows(schema.messages, "parts", "author_kind", "direction")
        assert plain_text(decode_parts(parts)) == "please-wait Name of ann 1"
        assert (author, direction) == ("system", "out")
        assert await bench.count(schema.outbox) == 1


async def test_a_broken_reply_is_an_alarm_and_holds_nothing_up(store: Store) -> None:
    """When a reply cannot be rendered the desk is alarmed, and everything else is committed."""
    clock = StandingClock()
    rules = settings(waiting=WaitingPolicy(reply=WAIT, after=timedelta(seconds=30)))
    async with running(store, clock=clock, rules=rules, replies=BrokenReplies()) as bench:
        await bench.receive(wrote("ann"))
        conversation = (await bench.conversations())["ann"].id
        await bench.engine.submit(
            TimerFired(id=new_event(), at=later(clock, 31), kind=TimerKind.CONVERSATION, subject=conversation)
        )
        assert any("please-wait" in alarm for alarm in bench.notes.alarms)
        assert await bench.count(schema.messages) == 1
        assert (await bench.conversations())["ann"].times_told == 1


async def test_the_board_after_a_restart_is_the_board_before(store: Store) -> None:
    """Conversations, offers, loads, places in the queue and timers are the same after stop and start."""

    def remembered(board: Board) -> tuple[object, ...]:
        return board.remembered()

    async with running(store) as bench:
        conversation = await assigned(bench)
        await bench.answer(conversation, LI)
        for n in range(9):
            await bench.receive(wrote(f"a{n}"))
        open_one = (await bench.conversations())["ann"]
        await bench.engine.submit(
            ConversationParked(id=new_event(), at=bench.clock.now(), conversation=open_one.id, by=LI)
        )
        before = await bench.engine.inspect(remembered)
    async with running(store) as bench:
        assert await bench.engine.inspect(remembered) == before
        await bench.receive(wrote("ann"))
        assert (await bench.conversations())["ann"].state is State.ACTIVE


async def test_a_conversation_that_ended_is_remembered_in_the_same_batch(store: Store) -> None:
    """A message that is decided right behind the end of its conversation reopens it, as it would later."""
    async with running(store) as bench:
        conversation = await assigned(bench)
        await bench.answer(conversation, LI)
        await asyncio.gather(bench.resolve(conversation, LI), bench.receive(wrote("ann", "one more thing")))
        assert [row[0] for row in await bench.rows(schema.conversations, "id")] == [conversation]
        assert (await bench.conversations())["ann"].id == conversation


async def test_new_settings_are_in_force_for_the_next_message(store: Store) -> None:
    """`configure` puts settings on the board and their version into the routing row; they survive a failed batch."""
    async with running(store) as bench:
        await bench.ready(LI)
        await bench.engine.configure(settings(version=7, units=3.0))
        assert await bench.rows(schema.routing, "config_version") == [(7,)]
        assert await bench.engine.inspect(lambda board: board.settings.version) == 7
        for n in range(5):
            await bench.receive(wrote(f"a{n}"))
        owned = [c for c in (await bench.conversations()).values() if c.owner.id == LI]
        assert len(owned) == 3


async def test_what_waits_is_brought_under_the_settings_of_the_next_start(store: Store) -> None:
    """A conversation whose group is gone at the next start waits in the group that everything else goes to."""
    async with running(store) as bench:
        await bench.receive(wrote("ann"))
    other = GroupId("other")
    async with running(store, rules=settings(version=2, group=other)) as bench:
        assert (await bench.conversations())["ann"].group == other
        assert await bench.rows(schema.routing, "config_version") == [(2,)]
    async with running(store, rules=settings(version=2, group=other)) as bench:
        assert sum(row[0] == "ConfigApplied" for row in await bench.rows(schema.events, "kind")) == 1


async def test_a_tick_that_changes_nothing_writes_nothing(store: Store) -> None:
    """A sweep that finds nothing leaves no row, no revision and no commit behind."""
    async with running(store) as bench:
        before = await bench.rows(schema.routing, "rev")
        await bench.engine.submit(Swept(id=new_event(), at=bench.clock.now()))
        assert await bench.rows(schema.routing, "rev") == before
        assert await bench.count(schema.events) == 0


async def test_feeds_are_numbered_once_per_commit(store: Store) -> None:
    """Each commit that has something for the desk takes the next number; nothing is told twice or out of order."""
    async with running(store) as bench:
        await asyncio.gather(*(bench.receive(wrote(f"a{n}")) for n in range(50)))
        await bench.engine.submit(Swept(id=new_event(), at=bench.clock.now()))
        await bench.receive(wrote("z"))
        numbers = [committed.feed_seq for committed in bench.notes.told]
        assert numbers == list(range(1, len(numbers) + 1))
        assert await bench.rows(schema.routing, "feed_seq") == [(numbers[-1],)]


async def test_after_stopping_nothing_is_taken(store: Store) -> None:
    """What waited when the engine was stopped is committed; what comes later is refused, and stays with its sender."""
    async with running(store) as bench:
        waiting = asyncio.create_task(bench.receive(wrote("ann")))
        await asyncio.sleep(0)
        await bench.engine.stop()
        await waiting
        with pytest.raises(StoreUnavailable):
            await bench.receive(wrote("bob"))
        assert await bench.count(schema.messages) == 1


async def test_timers_fire_when_they_are_due(store: Store) -> None:
    """A timer that is set while the schedule sleeps fires at its time, without anybody asking."""
    rules = settings(waiting=WaitingPolicy(reply=WAIT, after=timedelta(milliseconds=80)))
    async with running(store, clock=SystemClock(), rules=rules) as bench:
        await fires(bench, receive_first=False)


async def test_timers_that_were_missed_fire_after_a_restart(store: Store) -> None:
    """A timer that came due while nobody was there fires as soon as somebody is."""
    clock = StandingClock()
    rules = settings(waiting=WaitingPolicy(reply=WAIT, after=timedelta(hours=1)))
    async with running(store, clock=clock, rules=rules) as bench:
        await bench.receive(wrote("ann"))
    later(clock, 2 * 3600)
    async with running(store, clock=clock, rules=rules) as bench:
        await fires(bench, receive_first=True)


async def fires(bench: Bench, *, receive_first: bool) -> None:
    """Run the schedule until a contact was told."""
    schedule = Schedule(bench.store, bench.engine, bench.clock, bench.engine._identifiers)  # noqa: SLF001  the same ones
    bench.engine._listeners = (*bench.engine._listeners, schedule)  # noqa: SLF001  as the composition root does at once
    running_schedule = asyncio.create_task(schedule.run())
    try:
        if not receive_first:
            await asyncio.sleep(0)
            await bench.receive(wrote("ann"))
        await until_found(lambda: bench.count(schema.outbox))
    finally:
        running_schedule.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running_schedule
    due = await bench.store.read(lambda connection: connection.execute(select(schema.timers.c.at)).scalars().all())
    assert all(at > 0 for at in due)


async def test_a_timer_for_nothing_is_forgotten(store: Store) -> None:
    """A due timer whose subject is gone fires once and never again."""
    async with running(store) as bench:
        await store.write(
            lambda connection: connection.execute(
                schema.timers.insert().values(kind="conversation", subject="cnv_gone", at=1)
            ).close()
        )
        event = TimerFired(
            id=new_event(), at=bench.clock.now(), kind=TimerKind.CONVERSATION, subject=ConversationId("cnv_gone")
        )
        with suppress(Refused):
            await bench.engine.submit(event)
        assert await bench.count(schema.timers) == 0
