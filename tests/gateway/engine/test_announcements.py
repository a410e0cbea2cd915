"""How many automatic messages a waiting contact is sent follows from what the channel bears, and people keep theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from adapters.contract import Came, Grant, Profile
from adapters.wechat.parse import MESSAGE_GRANT
from gateway.clock import micros
from gateway.store import Store, schema
from gateway.store.windows import RESERVED, Window, announcements, renewed
from router.events import ConversationResolved, TimerFired, TimerKind
from router.settings import WaitingPolicy
from tests.fakes.clock import NOON, StandingClock
from tests.gateway.engine.workshop import WAIT, Bench, new_event, running, settings, wrote

PATIENT = "patient"
AHEAD = 20
CLICK = Grant(sends=3, lasts=timedelta(minutes=1))
RULES = settings(waiting=WaitingPolicy(reply=WAIT, after=timedelta(seconds=30), every=timedelta(minutes=2)))


async def passes(bench: Bench, clock: StandingClock, span: timedelta) -> None:
    """So much time passes, and what is due happens."""
    clock.move(span)

    def due(connection: Connection) -> list[tuple[str, str]]:
        found = select(schema.timers.c.kind, schema.timers.c.subject).where(schema.timers.c.at <= micros(clock.now()))
        return [(kind, subject) for kind, subject in connection.execute(found)]

    for kind, subject in await bench.store.read(due):
        await bench.engine.submit(TimerFired(id=new_event(), at=clock.now(), kind=TimerKind(kind), subject=subject))


async def budget(bench: Bench) -> int | None:
    """What is left of the announcements for the patient contact."""
    return (await bench.conversations())[PATIENT].patience.budget


async def told_while_waiting(store: Store, grant: Grant | None) -> int:
    """How many automatic messages somebody gets who waits while twenty others are served before."""
    clock = StandingClock()
    async with running(store, clock=clock, rules=RULES) as bench:
        await bench.receive(*(wrote(f"ahead-{number:02}") for number in range(AHEAD)))
        await bench.receive(wrote(PATIENT, grant=grant))
        await passes(bench, clock, timedelta(seconds=31))
        for number in range(AHEAD):
            ahead = (await bench.conversations())[f"ahead-{number:02}"]
            event = ConversationResolved(id=new_event(), at=clock.now(), conversation=ahead.id, by="")
            await bench.engine.submit(event)
            await passes(bench, clock, timedelta(minutes=2, seconds=1))
        patient = (await bench.conversations())[PATIENT]
        rows = await bench.rows(schema.messages, "conversation", "author_kind")
        return rows.count((patient.id, "system"))


async def test_long_wait_leaves_two_of_five_to_people(store: Store) -> None:
    """However long an Official Account's follower waits, software says three things at most."""
    assert await told_while_waiting(store, MESSAGE_GRANT) == MESSAGE_GRANT.sends - RESERVED == 3


async def test_control_without_a_window_more_is_said(store: Store) -> None:
    """The same wait on a channel that bears everything brings more: it is the budget that ends it."""
    assert await told_while_waiting(store, None) > MESSAGE_GRANT.sends


async def test_budget_follows_the_window(store: Store) -> None:
    """What was sent meanwhile counts, a lesser grant takes nothing away, the next message opens everything again."""
    async with running(store) as bench:
        await bench.receive(wrote(PATIENT, grant=MESSAGE_GRANT))
        assert await budget(bench) == 3
        spent = schema.threads.update().values(window_left=schema.threads.c.window_left - 1)
        await bench.store.write(lambda c: c.execute(spent))
        click = Came(delivery_key="k", address=PATIENT, profile=Profile(), entry="menu", grant=CLICK)
        await bench.receive(click)
        assert await budget(bench) == 2
        await bench.receive(wrote(PATIENT))
        assert await budget(bench) == 2
        await bench.receive(wrote(PATIENT, grant=MESSAGE_GRANT), wrote(PATIENT, grant=CLICK))
        assert await budget(bench) == 3


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (None, None),
        (Window(5, 5, NOON + timedelta(hours=1)), 3),
        (Window(5, 1, NOON + timedelta(hours=1)), 0),
        (Window(5, 5, NOON), 0),
        (Window(2, 2, NOON + timedelta(hours=1)), 2),
        (Window(1, 1, NOON + timedelta(hours=1)), 1),
        (Window(0, 0, NOON), 0),
    ],
)
def test_what_software_may_say(window: Window | None, expected: int | None) -> None:
    """As the outbox holds it: two of more than two are for people, and nothing goes once the time is over."""
    assert announcements(window, NOON) == expected


async def test_rule_and_row_agree(store: Store) -> None:
    """Whatever comes after whatever, the window that the budget is taken from is the one in the row."""
    spans = (timedelta(minutes=1), timedelta(days=2))
    kinds = [Grant(sends=sends, lasts=lasts) for sends in (1, 3, 5) for lasts in spans]
    clock = StandingClock()
    async with running(store, clock=clock) as bench:
        window = None
        for first in kinds:
            for second in kinds:
                for grant in (first, second):
                    clock.move(timedelta(seconds=40))
                    await bench.receive(wrote(PATIENT, grant=grant))
                    window = renewed(window, grant, clock.now(), clock.now())
                    row = await bench.rows(schema.threads, "window_of", "window_left", "window_until")
                    assert row == [(window.of, window.left, micros(window.until))]
