"""The way out through a real adapter, against a simulated platform that goes wrong on purpose."""

import asyncio
from collections import Counter

import pytest

from gateway.store import Store
from tests.fakes.platforms.telegram import Hang, Reset, ScriptedPlatform, Truly, error, throttle
from tests.gateway.outbox.bench import Bench
from tests.gateway.outbox.platforms import FIRST, Stage, sending, telegram_stage

ADA, BOB = 0, 1


@pytest.fixture
def stage() -> Stage:
    """The platform with people who know our bot."""
    return telegram_stage()


async def owe(bench: Bench, stage: Stage, person: int, *texts: str) -> None:
    """Messages to somebody."""
    await bench.owe(*texts, to=stage.address(person), inbox=stage.inbox)


async def test_faults(store: Store, stage: Stage) -> None:
    """429, 5xx, hang-ups and silence, taken or not: nothing arrives twice, nothing is lost without a word."""
    bench = Bench(store=store)
    faults = (throttle(1), Truly(), Reset(is_taken=True), Hang(), error(500, "Internal"), Truly())
    stage.platform.script(stage.call, *faults)
    await owe(bench, stage, ADA, "one", "two", "three", "four", "five")
    async with sending(bench, stage, is_silence_skipped=True):
        states = await bench.until_ended()
    assert states == {"one": "sent", "two": "unverified", "three": "unverified", "four": "unverified", "five": "sent"}
    assert stage.read(ADA) == ["one", "two", "five"]
    assert max(Counter(stage.read(ADA)).values()) == 1


async def test_blocked(store: Store, stage: Stage) -> None:
    """A contact who blocked us gets nothing, the reason is in the thread, and others get theirs."""
    bench = Bench(store=store)
    await owe(bench, stage, ADA, "to ada")
    await owe(bench, stage, BOB, "to bob")
    assert isinstance(stage.platform, ScriptedPlatform)
    await stage.platform.block(FIRST + ADA)
    async with sending(bench, stage):
        assert await bench.until_ended() == {"to ada": "rejected", "to bob": "sent"}
    assert (await bench.thread(f"{stage.inbox}/{stage.address(ADA)}")).left_because
    assert stage.read(BOB) == ["to bob"]


async def test_pace(store: Store, stage: Stage) -> None:
    """One contact gets a burst of three and then a message a second, in order; another is not held up."""
    bench = Bench(store=store)
    await owe(bench, stage, ADA, *(f"a{n}" for n in range(5)))
    await owe(bench, stage, BOB, "b0")
    began = asyncio.get_running_loop().time()
    async with sending(bench, stage):
        await bench.until_ended()
    assert stage.read(ADA) == [f"a{n}" for n in range(5)]
    assert bench.ears.told.index("b0") < bench.ears.told.index("a3")
    assert asyncio.get_running_loop().time() - began > 1.5
