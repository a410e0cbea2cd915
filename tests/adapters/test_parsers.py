"""What no platform sends is understood or refused on every channel, soon; nothing else can happen."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from random import Random

import pytest

from adapters.contract import Adapter, Parsed
from adapters.errors import MalformedPayload
from gateway.intake import MAX_BODY
from tests.adapters.bench import Bench, fixtures, unpaused, worked
from tests.adapters.forging import webhook
from tests.adapters.mangling import HOSTILE, Mangler
from tests.adapters.suite import NOW, assert_well_formed, quiet

ROUNDS, THOROUGH = 5_000, 1_000_000
"""Bodies on each channel, in the suite and under `make torture`."""

WITHIN = 0.1
"""Seconds of work for one body of any kind."""

REFUSED_WITHIN = 0.05


@pytest.fixture(autouse=True, scope="module")
def _unpaused() -> Iterator[None]:
    with unpaused():
        yield


class Stopwatch:
    """Parses, and remembers what took longest."""

    def __init__(self, adapter: Adapter, bench: Bench) -> None:
        self.adapter = adapter
        self.bench = bench
        self.slowest = 0.0
        self.slowest_body = b""
        self.understood = 0

    def parse(self, body: bytes, *, is_repeated: bool = False) -> None:
        """Understand a body, or not; what was understood keeps the contract's promises."""
        request = self.bench.authentic(body)
        parsed: Parsed | None = None
        began = time.thread_time()
        try:
            parsed = self.adapter.parse(request)
        except MalformedPayload:
            pass
        except Exception as error:
            error.add_note(f"body: {body!r}")
            raise
        took = time.thread_time() - began
        if took > REFUSED_WITHIN / 2 and not is_repeated:  # what is slow is slow each time; a pause is not
            self.parse(body, is_repeated=True)
            return
        if took > self.slowest:
            self.slowest, self.slowest_body = took, body
        if parsed is not None:
            self.understood += 1
            assert_well_formed(parsed)


def test_mangled_bodies_are_answered(bench: Bench, effort: int) -> None:
    """Whatever is changed in what a platform sends: a meaning, a reason or `MalformedPayload`, within 100 ms."""
    mangler = Mangler([fixture.body for fixture in fixtures(bench.channel.name)], Random(20261122))
    watch = Stopwatch(quiet(bench), bench)
    rounds = ROUNDS if effort == 1 else THOROUGH
    for _ in range(rounds):
        watch.parse(mangler.next()[:MAX_BODY])
    print(f"{rounds:,} bodies, {watch.understood:,} understood, slowest {watch.slowest * 1e3:.1f} ms")  # noqa: T201  shown by pytest -s
    assert watch.slowest < WITHIN, watch.slowest_body[:500]
    assert 0 < watch.understood < rounds, "neither all of it is nonsense, nor none"


@pytest.mark.parametrize("problem", HOSTILE)
async def test_hostile_bodies_are_answered(bench: Bench, problem: str) -> None:
    """What has broken parsers before is answered with 200 or 400 within 50 ms, whatever type it says it is of."""
    adapter, body = quiet(bench), HOSTILE[problem]
    watch = Stopwatch(adapter, bench)
    watch.parse(body)
    assert watch.slowest < REFUSED_WITHIN
    if not bench.is_webhook:
        return
    call = bench.authentic(body)
    door = webhook(adapter, [call], lambda _: True)
    for mime in ("application/json", "text/html; charset=utf-7", "multipart/form-data; boundary=", "", "\udcff"):
        typed = replace(call, headers={**call.headers, "content-type": mime})
        status, took = await worked(partial(door.knock, typed, NOW), REFUSED_WITHIN / 2)
        assert status in {200, 400, 401, 413}
        assert took < REFUSED_WITHIN
