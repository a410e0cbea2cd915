"""What both counts hold: that of a process, and that of Redis."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.signals.contract import BURST_EACH, PLENTY, Limits, Rates, Room, Send
from gateway.signals.local import LocalRates
from gateway.signals.redis import SharedRates
from router.ids import InboxId, ThreadId
from tests.gateway.redis_server import RedisServer, fresh_name
from tests.gateway.waiting import until

RED, BLUE = InboxId("red"), InboxId("blue")
SLOW = Limits(per_second=0.01)  # a burst of one, and nothing more while a test lasts
NONE = Limits()
PATIENT = 10.0
BRIEF = 0.3


def ada(inbox: InboxId = RED) -> Send:
    """A message to somebody."""
    return Send(inbox, ThreadId(f"{inbox}/ada"))


async def room(rates: Rates, limits: Limits, inbox: InboxId = RED, now: float = 100.0) -> Room:
    """What an inbox may begin."""
    return (await rates.rooms({inbox: limits}, now))[inbox]


async def shared(url: str, name: str) -> SharedRates:
    """A gateway's count in Redis; a busy machine is not taken for a Redis that is down."""
    rates = SharedRates(url, name, patience=PATIENT)
    await rates.open()
    return rates


@pytest.fixture(params=["local", "redis"])
async def rates(request: pytest.FixtureRequest) -> AsyncIterator[Rates]:
    """A fresh count, of either kind."""
    made: Rates
    if request.param == "local":
        made = LocalRates()
    else:
        made = await shared(request.getfixturevalue("redis_url"), fresh_name())
    yield made
    await made.close()


@pytest.fixture
async def both(redis_url: str) -> AsyncIterator[tuple[SharedRates, SharedRates]]:
    """Two gateways of one installation."""
    name = fresh_name()
    first, second = await shared(redis_url, name), await shared(redis_url, name)
    yield first, second
    await first.close()
    await second.close()


async def test_without_limits(rates: Rates) -> None:
    """An inbox without a rate has room for all."""
    assert await room(rates, NONE) == Room(count=PLENTY)
    assert await rates.take({RED: NONE}, [ada()] * 100, 100.0) == [0.0] * 100
    assert (await room(rates, NONE)).count == PLENTY


async def test_burst_then_wait(rates: Rates) -> None:
    """A second's worth goes at once, what is more has to wait, and the room says when."""
    limits = Limits(per_second=5)
    assert (await room(rates, limits)).count == 5
    waits = await rates.take({RED: limits}, [Send(RED, ThreadId(f"p{n}")) for n in range(7)], 100.0)
    assert waits[:5] == [0.0] * 5
    assert all(0 < wait < 0.201 for wait in waits[5:])
    assert (await rates.take({BLUE: limits}, [ada(BLUE)], 100.0)) == [0.0]


async def test_full_says_when(rates: Rates) -> None:
    """Without room an inbox says when there will be some."""
    await rates.take({RED: SLOW}, [ada()], 100.0)
    full = await room(rates, SLOW)
    assert full.count == 0
    assert full.free_at is not None
    assert 150.0 < full.free_at <= 200.0


async def test_each_contact_rests(rates: Rates) -> None:
    """A contact who got a burst rests, and is refused; others are not."""
    limits = Limits(per_second_each=0.01)
    for _ in range(BURST_EACH):
        assert await rates.take({RED: limits}, [ada()], 100.0) == [0.0]
    wait, none = await rates.take({RED: limits}, [ada(), Send(RED, ThreadId("bob"))], 100.0)
    assert 50 < wait <= 100
    assert none == 0
    assert list((await room(rates, limits)).resting) == [ada().thread]
    assert (await room(rates, limits)).count == PLENTY


async def test_pause(rates: Rates) -> None:
    """A paused inbox has no room and refuses until the pause is over; a shorter one does not end it."""
    await rates.pause(RED, 300.0, 100.0)
    await rates.pause(RED, 1.0, 100.0)
    paused = await room(rates, NONE)
    assert paused.count == 0
    assert paused.free_at is not None
    assert 350.0 < paused.free_at <= 400.5
    (wait,) = await rates.take({RED: NONE}, [ada()], 100.0)
    assert 250.0 < wait <= 300.5
    assert (await room(rates, NONE, BLUE)).count == PLENTY


async def test_gateways_share_a_rate(both: tuple[SharedRates, SharedRates]) -> None:
    """What one took, the other has not, of the inbox and of the contact; another installation has its own."""
    first, second = both
    assert await first.take({RED: SLOW}, [ada()], 100.0) == [0.0]
    assert (await room(second, SLOW)).count == 0
    (wait,) = await second.take({RED: SLOW}, [ada()], 100.0)
    assert wait > 50
    each = Limits(per_second_each=0.01)
    for rates in (first, second, first):
        assert await rates.take({BLUE: each}, [ada(BLUE)], 100.0) == [0.0]
    assert await second.take({BLUE: each}, [ada(BLUE)], 100.0) != [0.0]


async def test_gateways_share_a_pause(both: tuple[SharedRates, SharedRates]) -> None:
    """A pause that one met is kept by the other."""
    first, second = both
    await first.pause(RED, 300.0, 100.0)
    assert (await room(second, NONE)).count == 0
    assert (await room(second, NONE, BLUE)).count == PLENTY


async def test_the_control_alone(redis_url: str) -> None:
    """The control: two that do not share a name, or no Redis, give twice as much."""
    strangers = [await shared(redis_url, fresh_name()), await shared(redis_url, fresh_name())]
    lone: list[Rates] = [LocalRates(), LocalRates(), *strangers]
    assert [await rates.take({RED: SLOW}, [ada()], 100.0) for rates in lone] == [[0.0]] * 4
    for rates in lone:
        await rates.close()


async def test_redis_dies(mortal_redis: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    """When Redis dies a gateway goes on with its own count, says so once, and shares again when Redis is back."""
    rates = await shared(mortal_redis.url, fresh_name())
    await rates.take({RED: SLOW}, [ada()], 100.0)
    await rates.pause(BLUE, 300.0, 100.0)
    mortal_redis.kill()
    for _ in range(3):
        assert (await room(rates, SLOW)).count == 0
        assert (await room(rates, NONE, BLUE)).count == 0
    assert await rates.take({RED: SLOW}, [ada()], 300.0) == [0.0]
    assert rates.is_down
    assert [record.message for record in caplog.records if "redis" in record.message] == [
        "redis is down: this gateway counts its sending alone"
    ]
    mortal_redis.start()
    await until(lambda: not rates.is_down)
    await rates.pause(RED, 300.0, 100.0)
    other = await shared(mortal_redis.url, rates.name)
    assert (await room(other, NONE)).count == 0
    await other.close()
    await rates.close()


async def test_redis_that_hangs(redis_url: str) -> None:
    """A Redis that accepts and never answers costs one wait, not one for each question."""
    never = asyncio.Event()

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await never.wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    rates = SharedRates(f"redis://127.0.0.1:{port}", fresh_name(), patience=BRIEF)
    began = asyncio.get_running_loop().time()
    for _ in range(100):
        assert (await room(rates, NONE)).count == PLENTY
    assert asyncio.get_running_loop().time() - began < 100 * BRIEF
    assert rates.is_down
    never.set()
    await rates.close()
    server.close()
    await server.wait_closed()


async def test_without_redis_at_start() -> None:
    """A gateway starts without its Redis."""
    rates = SharedRates("redis://127.0.0.1:1", fresh_name())
    await rates.open()
    assert rates.is_down
    assert (await room(rates, NONE)).count == PLENTY
    await rates.close()


async def test_cancelled_questions(both: tuple[SharedRates, SharedRates]) -> None:
    """Whoever is cancelled in the middle leaves no answer behind for the next who asks."""
    first, _ = both
    few, many = Limits(per_second=3), Limits(per_second=7)
    for turn in range(200):
        asking = asyncio.create_task(room(first, few, BLUE))
        for _ in range(turn % 12):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert (await room(first, many)).count == 7
    assert not first.is_down


def test_not_an_address() -> None:
    """What is no address of Redis is refused at once."""
    with pytest.raises(ValueError, match="scheme"):
        SharedRates("http://127.0.0.1", "x")
