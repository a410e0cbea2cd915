"""A delivery that stopped goes on where it stopped, or ends when its time is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from adapters.errors import Ambiguous, ContactUnreachable, DeliveryError, Moved, Throttled
from adapters.progress import Progress
from gateway.clock import micros
from gateway.store import Store
from gateway.store.schema import message_keys, messages
from tests.gateway.outbox.bench import BLUE, RED, Bench


@pytest.fixture
def bench(store: Store) -> Bench:
    """A store of its own on either database, with two inboxes."""
    return Bench(store=store)


def after(error: DeliveryError, *keys: str) -> DeliveryError:
    """The error, met after these pieces had been taken."""
    error.progress = Progress(keys=keys, lost=("sticker: refused",))
    return error


async def keys_of(bench: Bench, message: str) -> list[str]:
    """The platform's ids that are kept of a message."""
    query = select(message_keys.c.key).where(message_keys.c.message == message).order_by(message_keys.c.place)
    return [row.key for row in await bench.store.read(lambda connection: connection.execute(query).all())]


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
    assert await keys_of(bench, "long") == ["red:a", "", "red:b", "red:1"]
    assert (await bench.message("long")).message_key == "red:a"
    assert (await bench.rows())["long"].progress == ""


async def test_what_is_known_of_an_unverified_message_is_kept(bench: Bench) -> None:
    """When nobody can say what became of the second piece, the first one's id is there all the same."""
    await bench.owe("long")
    bench.channels[RED].script = {"long": [after(Ambiguous("timeout"), "red:a")]}
    async with bench.sending():
        assert await bench.until_ended() == {"long": "unverified"}
    assert await keys_of(bench, "long") == ["red:a"]
    assert (await bench.message("long")).delivery_reason == "timeout (after 1 pieces had been sent)"


async def test_a_contact_who_leaves_in_the_middle(bench: Bench) -> None:
    """The agent reads that some of it had been sent."""
    await bench.owe("long")
    bench.channels[RED].script = {"long": [after(ContactUnreachable("blocked"), "red:a", "red:b")]}
    async with bench.sending():
        assert await bench.until_ended() == {"long": "rejected"}
    assert "after 2 pieces" in (await bench.message("long")).delivery_reason


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
