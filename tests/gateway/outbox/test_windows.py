"""Where the platform lets us send only what the contact's actions allow, we count, hold, and let go."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from adapters.errors import Throttled, WindowClosed
from adapters.progress import Progress
from gateway.clock import micros
from gateway.store import Store, windows
from gateway.store.schema import messages, outbox, threads
from tests.gateway.outbox.bench import RED, Bench

DAY = timedelta(days=1)
ADA = f"{RED}/ada"


@pytest.fixture
def bench(store: Store) -> Bench:
    """A store of its own on either database; the red inbox has windows."""
    made = Bench(store=store)
    red = made.channels[RED]
    red.can = replace(red.can, has_window=True)
    return made


async def opened(bench: Bench, left: int, lasts: timedelta = 2 * DAY, thread: str = ADA) -> None:
    """The contact did something that allows so many messages."""
    until = micros(bench.clock.now() + lasts)
    values = {"window_of": 5, "window_left": left, "window_until": until}
    await bench.store.write(lambda c: c.execute(update(threads).where(threads.c.id == thread).values(values)))


async def said_by(bench: Bench, kind: str, *ids: str) -> None:
    """These messages are not an agent's."""
    await bench.store.write(
        lambda c: c.execute(update(messages).where(messages.c.id.in_(ids)).values(author_kind=kind))
    )


async def held(bench: Bench) -> set[str]:
    """The messages that wait for the contact."""
    return {id for id, row in (await bench.rows()).items() if row.held}


def taken(bench: Bench) -> list[str]:
    """What the platform took, in order."""
    return [message.message for message in bench.channels[RED].taken]


async def until_held(bench: Bench, *ids: str) -> None:
    """Wait until exactly these are held and everything else has ended."""
    await bench.until(lambda states: {id for id, state in states.items() if state == "queued"} == set(ids))
    while await held(bench) != set(ids):
        await bench.until(lambda _: True)


async def test_each_message_counts(bench: Bench) -> None:
    """Three of five went: two are left."""
    await bench.owe("a", "b", "c")
    await opened(bench, 5)
    async with bench.sending():
        await bench.until_ended()
    assert taken(bench) == ["a", "b", "c"]
    assert (await bench.thread(ADA)).window_left == 2


async def test_what_nothing_allows_waits(bench: Bench) -> None:
    """The sixth message is not tried: it stays queued, says why, and the engine is told."""
    await bench.owe("a", "b", "c")
    await opened(bench, 2)
    async with bench.sending():
        await until_held(bench, "c")
    message = await bench.message("c")
    assert (message.delivery, message.delivery_reason) == ("queued", windows.WINDOW)
    assert taken(bench) == ["a", "b"]
    assert bench.channels[RED].attempts.count("c") == 0
    assert [state.value for state in bench.ears.heard["c"]] == ["queued"]


async def test_control_without_a_counter_nothing_is_held(bench: Bench) -> None:
    """The same messages go out where nobody counts: it is the counter that holds them."""
    await bench.owe("a", "b", "c")
    async with bench.sending():
        await bench.until_ended()
    assert taken(bench) == ["a", "b", "c"]
    assert (await bench.thread(ADA)).window_left is None


async def test_the_next_grant_lets_go_in_order(bench: Bench) -> None:
    """When the contact writes again, what waited goes, the oldest first, and says no longer why it waited."""
    await bench.owe("a", "b", "c")
    await opened(bench, 0)
    async with bench.sending():
        await until_held(bench, "a", "b", "c")
        await opened(bench, 5)
        await bench.until_ended()
    assert taken(bench) == ["a", "b", "c"]
    assert (await bench.message("a")).delivery_reason == ""
    assert (await bench.thread(ADA)).window_left == 2


async def test_a_window_that_is_over_holds(bench: Bench) -> None:
    """What is left is worth nothing when its time is over."""
    await bench.owe("a")
    await opened(bench, 5, -timedelta(seconds=1))
    async with bench.sending():
        await until_held(bench, "a")
    assert taken(bench) == []


@pytest.mark.parametrize("kind", ["bot", "system"])
async def test_software_leaves_the_last_two_to_people(bench: Bench, kind: str) -> None:
    """With two left a prepared answer waits, and a person's words behind it go out at once."""
    await bench.owe("automatic", "human")
    await said_by(bench, kind, "automatic")
    await opened(bench, windows.RESERVED)
    async with bench.sending():
        await until_held(bench, "automatic")
    assert taken(bench) == ["human"]


async def test_control_with_three_left_software_may_speak(bench: Bench) -> None:
    """One more than is reserved, and the prepared answer goes first, as it was said first."""
    await bench.owe("automatic", "human")
    await said_by(bench, "bot", "automatic")
    await opened(bench, windows.RESERVED + 1)
    async with bench.sending():
        await bench.until_ended()
    assert taken(bench) == ["automatic", "human"]


async def test_the_platform_is_believed(bench: Bench) -> None:
    """When the platform says that the window is closed, the message waits, whatever we had counted."""
    bench.channels[RED].script["a"] = [WindowClosed("wechat_45047")]
    await bench.owe("a", "b")
    await opened(bench, 5)
    async with bench.sending():
        await until_held(bench, "a", "b")
        assert (await bench.thread(ADA)).window_left == 0
        await opened(bench, 5)
        await bench.until_ended()
    assert taken(bench) == ["a", "b"]


async def test_what_was_certainly_not_delivered_is_given_back(bench: Bench) -> None:
    """A message that the platform refused used up nothing."""
    from tests.fakes.scripted_channel import TROUBLES  # noqa: PLC0415  beside its only use

    bench.channels[RED].script["a"] = [TROUBLES["rejected"]()]
    bench.channels[RED].script["b"] = [TROUBLES["ambiguous"]()]
    await bench.owe("a", "b")
    await opened(bench, 5)
    async with bench.sending():
        await bench.until_ended()
    assert (await bench.thread(ADA)).window_left == 4  # the second may have arrived


async def test_each_piece_counts_once(bench: Bench) -> None:
    """A message that became three in two attempts used up three; a piece that was refused, and a pause, nothing."""
    pause = Throttled("throttled", timedelta(milliseconds=20))
    pause.progress = Progress(keys=("one", "", "two"))
    bench.channels[RED].script["a"] = [Throttled("throttled", timedelta(milliseconds=20)), pause]
    await bench.owe("a")
    await opened(bench, 5)
    async with bench.sending():
        await bench.until_ended()
    assert (await bench.thread(ADA)).window_left == 2


async def test_held_for_too_long_is_refused(bench: Bench) -> None:
    """A message that waited a week is refused; one that waited a day is not."""
    await bench.owe("old", "young")
    await opened(bench, 0)
    async with bench.sending():
        await until_held(bench, "old", "young")

    def age(connection: Connection) -> None:
        for id, span in (("old", windows.HELD_FOR + DAY), ("young", DAY * 2)):
            at = micros(bench.clock.now() - span)
            connection.execute(update(messages).where(messages.c.id == id).values(at=at))

    await bench.store.write(age)
    other: dict[str, Any] = {"next_at": 0, "held": ""}
    await bench.owe("elsewhere", to="eve")
    await bench.store.write(lambda c: c.execute(update(outbox).where(outbox.c.message == "elsewhere").values(other)))
    async with bench.sending():
        states = await bench.until(lambda states: states["old"] == "rejected")
    assert states["young"] == "queued"


async def test_only_contacts_with_windows_pay(bench: Bench) -> None:
    """One contact's closed window delays nobody else."""
    await bench.owe("a")
    await bench.owe("b", to="eve")
    await opened(bench, 0)
    async with bench.sending():
        await until_held(bench, "a")
    assert taken(bench) == ["b"]
