"""The way out and in through a real adapter, against a simulated platform that goes wrong on purpose."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import aiohttp
import pytest

from adapters.contract import Tools
from adapters.registry import channel
from adapters.secret import Secret
from adapters.telegram.plan import CAPABILITIES
from adapters.telegram.settings import Mode, TelegramSettings
from gateway.clock import SystemClock
from gateway.delivery import DEADLINE, Delivery
from gateway.identifiers import RandomIdentifiers
from gateway.inboxes import InboxPlan, connect
from gateway.outbox import Outbox
from gateway.store import Store
from router.ids import ChannelName, InboxId
from tests.fakes.platforms.telegram import Answer, Hang, Reset, ScriptedPlatform, Truly, error, throttle
from tests.gateway.outbox.bench import BLUE, RED, Bench, nobody
from tests.gateway.waiting import until

TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
ADA, BOB = 1001, 1002


@asynccontextmanager
async def sending(bench: Bench, platform: ScriptedPlatform, *, deadline: float = DEADLINE) -> AsyncIterator[None]:
    """A sender whose one inbox is on the platform. Only who waits for silence makes the ``deadline`` short."""
    base = await platform.start()
    async with aiohttp.ClientSession() as session:

        async def push(_inbox: InboxId, _address: str, _frame: object) -> bool:
            return False

        settings = TelegramSettings(token=Secret(TOKEN), mode=Mode.POLLING, api_base=base)
        plan = InboxPlan(id=RED, channel=ChannelName("telegram"), settings=settings)
        inboxes = connect([plan], Tools(session=session, push=push))
        delivery = Delivery(bench.shelf, nobody, deadline=deadline)
        outbox = Outbox(bench.store, inboxes, bench.ears, delivery, SystemClock(), RandomIdentifiers(), poll=0.05)
        work = asyncio.create_task(outbox.run())
        try:
            yield
        finally:
            await outbox.stop(within=0.2)
            await work
            await platform.stop()


@pytest.fixture
def platform() -> ScriptedPlatform:
    """The platform with two people who know our bot."""
    platform = ScriptedPlatform(TOKEN, SystemClock())
    platform.contact(ADA, "Ada")
    platform.contact(BOB, "Bob")
    return platform


def arrived(platform: ScriptedPlatform, chat: int) -> list[str]:
    """What a person has on the screen."""
    return [message["text"] for message in platform.sent(chat)]


async def test_faults(store: Store, platform: ScriptedPlatform) -> None:
    """429, 5xx, hang-ups and silence, taken or not: nothing arrives twice, nothing is lost without a word."""
    bench = Bench(store=store)
    platform.script("sendMessage", throttle(1), Truly(), Reset(is_taken=True), Hang(), error(500, "Internal"), Truly())
    await bench.owe("one", "two", "three", "four", "five", to=str(ADA))
    async with sending(bench, platform, deadline=2.0):
        states = await bench.until_ended()
    assert states == {"one": "sent", "two": "unverified", "three": "unverified", "four": "unverified", "five": "sent"}
    assert arrived(platform, ADA) == ["one", "two", "five"]
    assert max(Counter(arrived(platform, ADA)).values()) == 1


async def test_blocked(store: Store, platform: ScriptedPlatform) -> None:
    """A contact who blocked us gets nothing, the reason is in the thread, and others get theirs."""
    bench = Bench(store=store)
    await bench.owe("to ada", to=str(ADA))
    await bench.owe("to bob", to=str(BOB))
    await platform.block(ADA)
    async with sending(bench, platform):
        assert await bench.until_ended() == {"to ada": "rejected", "to bob": "sent"}
    assert (await bench.thread(f"{RED}/{ADA}")).left_because
    assert arrived(platform, BOB) == ["to bob"]


async def test_pace(store: Store, platform: ScriptedPlatform) -> None:
    """One contact gets a burst of three and then a message a second, in order; another is not held up."""
    bench = Bench(store=store)
    assert channel("telegram").name == "telegram"
    await bench.owe(*(f"a{n}" for n in range(5)), to=str(ADA))
    await bench.owe("b0", to=str(BOB))
    began = asyncio.get_running_loop().time()
    async with sending(bench, platform):
        states = await bench.until(lambda states: states["b0"] == "sent")
        assert states["a4"] == "queued"
        await bench.until_ended()
    assert arrived(platform, ADA) == [f"a{n}" for n in range(5)]
    assert asyncio.get_running_loop().time() - began > 1.5


AMBIGUITIES = 400
"""How many of a round's messages meet one; 10,000 under `make torture`."""


async def test_scripted_ambiguities(
    store: Store, platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch, effort: int
) -> None:
    """Of twice as many messages as ambiguities none arrives twice, none is lost silently, none falsely unsure."""
    unpaced = replace(CAPABILITIES, sends_per_second=0, sends_per_second_each=0)
    monkeypatch.setattr("adapters.telegram.adapter.CAPABILITIES", unpaced)
    bench, count = Bench(store=store), AMBIGUITIES * effort
    faults = (Reset(is_taken=True), error(500, "Internal"), Answer(200, b"<html>"), Reset())
    platform.script("sendMessage", *(fault for n in range(count) for fault in (faults[n % 4], Truly())))
    people = range(2001, 2101)
    for person in people:
        platform.contact(person, f"{person}")
        mine = range(person - 2001, count * 2, len(people))
        await bench.owe(*(f"m{number}" for number in mine), to=str(person))
    async with sending(bench, platform):
        states = await bench.until(lambda states: "queued" not in states.values(), within=600.0)
    there = Counter(text for person in people for text in arrived(platform, person))
    assert Counter(states.values()) == {"unverified": count, "sent": count}
    assert max(there.values()) == 1
    assert {text for text, state in states.items() if state == "sent"} <= set(there)
    assert len(there) == count + -(-count // 4)
    assert platform.unused() == {}


def has_taken(bench: Bench, count: int) -> bool:
    """Whether the living inbox has got that far."""
    return len(bench.channels[BLUE].taken) >= count


async def test_a_dead_platform_delays_nobody_else(store: Store) -> None:
    """While every call of one inbox hangs, another inbox's messages go out, in their order."""
    bench = Bench(store=store, deadline=60.0)
    bench.channels[RED].script = {f"dead{n}": ["hang"] for n in range(100)}
    for n in range(100):
        await bench.owe(f"dead{n}", to=f"p{n}")
    async with bench.sending() as outbox:
        await until(lambda: len(bench.channels[RED].attempts) == 64)
        for n in range(30):
            await bench.owe(f"live{n}", to="bob", inbox=BLUE)
            outbox.wake(BLUE)
            await until(partial(has_taken, bench, n + 1))
    assert [message.message for message in bench.channels[BLUE].taken] == [f"live{n}" for n in range(30)]
    assert len(bench.channels[RED].attempts) == 64
    assert len(bench.channels[RED].taken) == 0
