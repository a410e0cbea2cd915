"""A delivery that stopped goes on where it stopped, or ends when its time is over."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from adapters.errors import Ambiguous, ChannelBroken, ContactUnreachable, DeliveryError, Moved, Throttled
from adapters.progress import Progress
from gateway.clock import micros
from gateway.store.schema import messages
from tests.gateway.outbox.bench import BLUE, RED, Bench
from tests.gateway.waiting import until


def after(error: DeliveryError, *keys: str) -> DeliveryError:
    """The error, met after these pieces had been taken."""
    error.progress = Progress(keys=keys, lost=("sticker: refused",))
    return error


@pytest.mark.parametrize("is_moved", [False, True])
async def test_the_next_attempt_begins_behind_the_last_piece(bench: Bench, *, is_moved: bool) -> None:
    """A 429 or a move in the middle of a split message: what was sent is not sent again, and all ids are kept."""
    await bench.owe("long")
    first = Moved("moved", "new") if is_moved else Throttled("throttled", timedelta(milliseconds=20))
    second = Throttled("throttled", timedelta(milliseconds=20))
    bench.channels[RED].script = {"long": [after(first, "red:a", ""), after(second, "red:a", "", "red:b")]}
    async with bench.sending():
        assert await bench.until_ended() == {"long": "sent"}
    (taken,) = bench.channels[RED].taken
    assert taken.progress == Progress(keys=("red:a", "", "red:b"), lost=("sticker: refused",))
    assert await bench.keys("long") == ["red:a", "", "red:b", "red:1"]
    assert (await bench.message("long")).message_key == "red:a"
    assert (await bench.rows())["long"].progress == ""


async def test_what_is_known_of_an_unverified_message_is_kept(bench: Bench) -> None:
    """When nobody can say what became of the second piece, the first one's id is there all the same."""
    await bench.owe("long")
    bench.channels[RED].script = {"long": [after(Ambiguous("timeout"), "red:a")]}
    async with bench.sending():
        assert await bench.until_ended() == {"long": "unverified"}
    assert await bench.keys("long") == ["red:a"]
    assert (await bench.message("long")).delivery_reason == "half_sent: 1 arrived, then timeout"


async def test_a_contact_who_leaves_in_the_middle(bench: Bench) -> None:
    """The agent reads that some of it had been sent."""
    await bench.owe("long")
    bench.channels[RED].script = {"long": [after(ContactUnreachable("blocked"), "red:a", "red:b")]}
    async with bench.sending():
        assert await bench.until_ended() == {"long": "rejected"}
    assert (await bench.message("long")).delivery_reason == "half_sent: 2 arrived, then blocked"


async def test_what_was_refused_in_the_middle_goes_on_when_asked(bench: Bench) -> None:
    """A contact who left and came back gets the rest, not all of it again; the same for what waited too long."""
    await bench.owe("long")
    bench.channels[RED].script = {"long": [after(ContactUnreachable("blocked"), "red:a", "red:b")]}
    async with bench.sending() as outbox:
        assert await bench.until_ended() == {"long": "rejected"}
        await bench.ask_again("long")
        outbox.wake(RED)
        assert await bench.until_ended() == {"long": "sent"}
    assert await bench.keys("long") == ["red:a", "red:b", "red:1"]


async def test_half_of_what_waited_too_long(bench: Bench) -> None:
    """What is given up says how much of it had arrived."""
    await bench.owe("long")
    bench.give_up = {RED: timedelta(hours=1)}
    bench.channels[RED].script = {"long": [after(Throttled("throttled", timedelta(milliseconds=1)), "red:a")]}
    bench.channels[RED].script["long"] += [after(ChannelBroken("unauthorized"), "red:a")] * 9
    async with bench.sending():
        await until(lambda: bench.alarms)
        before = micros(bench.clock.now() - timedelta(hours=2))
        await bench.store.write(lambda connection: connection.execute(update(messages).values(at=before)))
        assert await bench.until_ended() == {"long": "rejected"}
    assert (await bench.message("long")).delivery_reason == "half_sent: 1 arrived, then gave_up"


async def test_an_inbox_has_its_own_patience(bench: Bench) -> None:
    """An inbox that gives up after an hour does; another keeps what is as old; longer patience keeps it longer."""
    await bench.owe("impatient", inbox=RED)
    await bench.owe("patient", inbox=BLUE)
    bench.give_up = {RED: timedelta(hours=1), BLUE: timedelta(days=3)}
    before = micros(bench.clock.now() - timedelta(days=2))
    await bench.store.write(lambda connection: connection.execute(update(messages).values(at=before)))
    bench.channels.clear()
    async with bench.sending():
        states = await bench.until(lambda states: states["impatient"] != "queued")
    assert states == {"impatient": "rejected", "patient": "queued"}
    assert (await bench.message("impatient")).delivery_reason == "gave_up"
