"""Two gateways on one database send for one account, and keep its rate and its pauses together."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.errors import Throttled, Whose
from gateway.signals.contract import Limits, Rates, Send
from gateway.signals.local import LocalRates
from gateway.signals.redis import SharedRates
from gateway.store import Store
from router.ids import InboxId
from tests.gateway.outbox.bench import BLUE, RED, Bench
from tests.gateway.redis_server import RedisServer, fresh_name
from tests.gateway.waiting import until

BURST = 10
"""What the red account bears at once, and a second later again."""

FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def bench(store: Store) -> Bench:
    """A store on either database; the red account bears ten messages a second."""
    made = Bench(store=store)
    red = made.channels[RED]
    red.can = replace(red.can, sends_per_second=BURST)
    return made


@asynccontextmanager
async def counted(url: str) -> AsyncIterator[list[SharedRates]]:
    """Two gateways' counts in Redis; a busy machine is not taken for a Redis that is down."""
    name = fresh_name()
    both = [SharedRates(url, name, patience=10.0) for _ in range(2)]
    for rates in both:
        await rates.open()
    yield both
    for rates in both:
        await rates.close()


async def seconds_for_all(bench: Bench, both: Sequence[Rates]) -> float:
    """How long two gateways need for twice the burst, to as many people."""
    for n in range(2 * BURST):
        await bench.owe(f"m{n}", to=f"p{n}")
    began = asyncio.get_running_loop().time()
    async with bench.sending(rates=both[0]), bench.sending(rates=both[1]):
        assert set((await bench.until_ended()).values()) == {"sent"}
    assert Counter(bench.channels[RED].attempts) == {f"m{n}": 1 for n in range(2 * BURST)}
    return asyncio.get_running_loop().time() - began


async def test_together_no_faster_than_one(bench: Bench, redis_url: str) -> None:
    """Twice the burst takes a second, however many send: nothing beyond the account's rate, and nothing twice."""
    async with counted(redis_url) as both:
        assert await seconds_for_all(bench, both) >= 1.0


async def test_control_without_sharing(bench: Bench) -> None:
    """The control: where each counts alone, an account that bears one message in 100 seconds is sent two at once."""
    red = bench.channels[RED]
    red.can = replace(red.can, sends_per_second=0.01)
    for person in ("ada", "bob"):
        await bench.owe(f"to {person}", to=person)
    async with bench.sending(rates=LocalRates()), bench.sending(rates=LocalRates()):
        assert await bench.until_ended() == {"to ada": "sent", "to bob": "sent"}


async def test_one_contacts_rate_is_shared(bench: Bench, redis_url: str) -> None:
    """A contact gets a burst of three and then has to wait, whichever gateway sends; the order stays."""
    red = bench.channels[RED]
    red.can = replace(red.can, sends_per_second=0, sends_per_second_each=4)
    await bench.owe(*(f"m{n}" for n in range(7)))
    began = asyncio.get_running_loop().time()
    async with counted(redis_url) as both, bench.sending(rates=both[0]), bench.sending(rates=both[1]):
        assert set((await bench.until_ended()).values()) == {"sent"}
    assert red.attempts == [f"m{n}" for n in range(7)]
    assert asyncio.get_running_loop().time() - began >= 1.0


async def stop_after_one(bench: Bench, both: Sequence[Rates]) -> list[str]:
    """What was tried of two gateways' messages when the first that was tried met "slow down" for the account."""
    red = bench.channels[RED]
    red.script = {"first": [Throttled("too_many", FIVE_MINUTES, whose=Whose.INBOX)]}
    await bench.owe("first", to="ada")
    async with bench.sending(rates=both[0]):
        await until(lambda: "again" in bench.counts)
    await bench.owe("second", to="bob")
    await bench.owe("elsewhere", inbox=BLUE)
    async with bench.sending(rates=both[1]):
        await bench.until(lambda states: states["elsewhere"] == "sent")
        await bench.owe("later", inbox=BLUE)
        await bench.until(lambda states: states["later"] == "sent")
    return red.attempts


async def test_slow_down_is_for_all(bench: Bench, redis_url: str) -> None:
    """A 429 of the account that one gateway met stops the other, whose other inboxes go on."""
    async with counted(redis_url) as both:
        assert await stop_after_one(bench, both) == ["first"]


async def test_control_slow_down_not_told(bench: Bench) -> None:
    """The control: where nobody tells the other gateway, it runs into the same limit."""
    assert await stop_after_one(bench, [LocalRates(), LocalRates()]) == ["first", "second"]


async def test_nothing_overtakes_a_pause(bench: Bench) -> None:
    """While others are still being told of a "slow down", nothing of the account is begun, nor is a stop through."""
    red, telling, may_be_told = bench.channels[RED], asyncio.Event(), asyncio.Event()

    class Slow(LocalRates):
        """It takes a while until everybody knows of a pause."""

        async def pause(self, inbox: InboxId, seconds: float, now: float) -> None:
            """Not before it may."""
            telling.set()
            await may_be_told.wait()
            await super().pause(inbox, seconds, now)

    red.script = {"first": [Throttled("too_many", FIVE_MINUTES, whose=Whose.INBOX)]}
    await bench.owe("first", to="ada")
    async with bench.sending(rates=Slow()) as sender:
        await telling.wait()
        await bench.owe("second", to="bob")
        await bench.owe("elsewhere", inbox=BLUE)
        sender.wake(RED, BLUE)
        await bench.until(lambda states: states["elsewhere"] == "sent")
        assert (await bench.rows())["first"].state == "claimed"
        stopping = asyncio.create_task(sender.stop())
        await bench.owe("later", inbox=BLUE)
        assert not stopping.done()
        may_be_told.set()
        await stopping
    assert red.attempts == ["first"]


async def test_redis_dies_on_the_way(bench: Bench, mortal_redis: RedisServer) -> None:
    """Redis is killed while messages go out: all arrive, once and in order, and each gateway goes on alone."""
    people = [f"p{n}" for n in range(BURST)]
    for person in people:
        await bench.owe(*(f"{person}-{n}" for n in range(3)), to=person)
    red = bench.channels[RED]
    async with counted(mortal_redis.url) as both:
        async with bench.sending(rates=both[0]), bench.sending(rates=both[1]):
            await until(lambda: len(red.taken) >= BURST)
            mortal_redis.kill()
            assert set((await bench.until_ended()).values()) == {"sent"}
        assert any(rates.is_down for rates in both)
    assert len(red.taken) == len(red.attempts) == 3 * BURST
    for person in people:
        assert [each.message for each in red.taken if each.address == person] == [f"{person}-{n}" for n in range(3)]


async def test_unsaid_limits_of_two_contacts(bench: Bench) -> None:
    """Two contacts' 429 in a row are taken for the account's; one contact's is not."""
    red = bench.channels[RED]
    red.script = {name: [Throttled("too_many", FIVE_MINUTES)] for name in ("a", "b")}
    rates = LocalRates()
    async with bench.sending(rates=rates):
        await bench.owe("a", to="ada")
        await until(lambda: bench.counts.count("again") == 1)
        await bench.owe("c", to="eve")
        await bench.until(lambda states: states["c"] == "sent")
        red.script["d"] = [Throttled("too_many", FIVE_MINUTES)]
        await bench.owe("b", to="bob")
        await until(lambda: bench.counts.count("again") == 2)
        await bench.owe("d", to="joe")
        await until(lambda: bench.counts.count("again") == 3)
        await bench.owe("e", to="kim")
        await bench.owe("elsewhere", inbox=BLUE)
        await bench.until(lambda states: states["elsewhere"] == "sent")
    assert red.attempts == ["a", "c", "b", "d"]


async def test_a_place_that_was_taken(bench: Bench) -> None:
    """What finds its place taken by another gateway is put back untried, and goes later."""

    class Quicker(LocalRates):
        """Another gateway is quicker the first time."""

        tries = 0

        async def take(self, limits: Mapping[InboxId, Limits], sends: Sequence[Send], now: float) -> Sequence[float]:
            """Nothing is left of it."""
            self.tries += 1
            return [0.05] * len(sends) if self.tries == 1 else await super().take(limits, sends, now)

    await bench.owe("first", "second")
    async with bench.sending(rates=Quicker()):
        assert await bench.until_ended() == {"first": "sent", "second": "sent"}
    assert bench.channels[RED].attempts == ["first", "second"]
    assert {row.attempts for row in (await bench.rows()).values()} == {0}
    assert bench.counts == ["sent", "sent"]
