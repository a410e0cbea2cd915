"""Nobody is let in by a proof that somebody changed: one suite for every proof of every channel."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import cast

import pytest

from adapters.contract import Adapter, Parsed
from adapters.errors import Forged
from adapters.registry import channel_names
from adapters.wire import WebhookRequest
from tests.adapters.bench import bench_of, pure_tools, unpaused, worked
from tests.adapters.forging import (
    INBOX,
    REFUSED,
    Attempt,
    Door,
    MakeDoor,
    attempted,
    doors_of,
    each_single_change,
    webhook,
)
from tests.fakes.clock import NOON

ROUNDS = 4_000
"""Changed proofs on each channel, shared by its doors; under `make torture` 25 times as many: 10⁵."""

WITHIN = 0.05
"""Seconds of work until a call is refused."""

DOORS = [
    pytest.param(make, -(-ROUNDS // len(doors)), id=f"{channel}-{name}")
    for channel in channel_names()
    for doors in (doors_of(channel),)
    for name, make in doors.items()
]


@pytest.fixture
def door(make: MakeDoor, tmp_path: Path) -> Iterator[Door]:
    """One door."""
    one = make(tmp_path)
    yield one
    one.close()


@pytest.fixture(autouse=True, scope="module")
def _unpaused() -> Iterator[None]:
    with unpaused():
        yield


class Forger:
    """Knocks, and keeps what should not have happened."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.refused = self.kept = 0
        self.slowest = 0.0
        self.let_in: list[Attempt] = []
        self.meanings: set[str] = set()

    async def knock(self, attempt: Attempt) -> int:
        """The answer's status; it comes in time, and what is refused reaches no store."""
        self.door.received.clear()
        status, took = await worked(partial(self.door.knock, attempt.call, attempt.now), WITHIN / 2)
        self.slowest = max(self.slowest, took)
        assert status < 500, attempt
        assert status == 200 or not self.door.received, attempt
        return status

    async def present(self) -> None:
        """All that is authentic is let in; what it means is remembered."""
        for call in self.door.calls:
            assert await self.knock(Attempt(call, NOON)) not in REFUSED, call
            self.meanings.update(map(repr, self.door.received))

    async def forge(self, attempt: Attempt) -> None:
        """Try a changed call."""
        status = await self.knock(attempt)
        if attempt.now == NOON and self.door.is_proven(attempt.call):
            self.kept += 1
            assert not self.door.is_sealed or self.meanings.issuperset(map(repr, self.door.received)), attempt
        elif status in REFUSED:
            self.refused += 1
        else:
            self.let_in.append(attempt)


@pytest.mark.parametrize(("make", "rounds"), DOORS)
async def test_no_changed_proof_is_let_in(door: Door, rounds: int, effort: int) -> None:
    """Bytes, headers, parameters, instants, another's words: what is no proof any more is refused, soon and unread."""
    chance, forger = Random(20261122), Forger(door)
    await forger.present()
    while forger.refused + len(forger.let_in) < rounds * effort:
        await forger.forge(attempted(door, chance))
    print(f"{forger.refused:,} refused, {forger.kept:,} still proven, slowest {forger.slowest * 1e3:.1f} ms")  # noqa: T201  shown by pytest -s
    assert forger.let_in == []
    assert forger.slowest < WITHIN


@pytest.mark.parametrize(("make", "rounds"), DOORS)
async def test_no_single_change_is_let_in(door: Door, rounds: int) -> None:
    """Every byte, bit and sign of one call is changed in its turn."""
    forger = Forger(door)
    await forger.present()
    for call in each_single_change(min(door.calls, key=lambda one: len(one.body))):
        await forger.forge(Attempt(call, NOON))
    assert forger.let_in == []
    assert forger.refused > 0


@pytest.mark.parametrize(("make", "rounds"), DOORS)
async def test_no_proof_lasts_for_ever(door: Door, rounds: int) -> None:
    """What was proven once is refused too early and too late, where the platform says when; whatever is in it."""
    forger = Forger(door)
    for call in door.calls:
        for span in door.stale:
            await forger.forge(Attempt(call, NOON + span))
    assert forger.let_in == []
    assert forger.refused == len(door.calls) * len(door.stale)


class Trusting:
    """An adapter that believes everybody who brings a header of the right length."""

    def __init__(self, adapter: Adapter, lengths: set[int]) -> None:
        self.adapter = adapter
        self.lengths = lengths

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Measure, and believe."""
        if not any(len(value) in self.lengths for value in request.headers.values()):
            raise Forged("of another length")

    def parse(self, request: WebhookRequest) -> Parsed:
        """As it should be."""
        return self.adapter.parse(request)


async def test_what_is_let_in_is_noticed(tmp_path: Path) -> None:
    """Control: an adapter that takes the length of a secret for the secret lets forgers in, and this suite says so."""
    honest = doors_of("telegram")["updates"](tmp_path)
    lengths = {len(value) for call in honest.calls for value in call.headers.values()}
    adapter = bench_of("telegram").channel.build(INBOX, bench_of("telegram").settings(), pure_tools())
    trusting = cast("Adapter", Trusting(adapter, lengths))
    forger, chance = Forger(webhook(trusting, honest.calls, honest.is_proven)), Random(1)
    for _ in range(500):
        await forger.forge(attempted(forger.door, chance))
    assert forger.let_in
