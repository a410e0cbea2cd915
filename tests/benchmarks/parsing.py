"""What it costs to understand a webhook: proof and meaning, against only reading the JSON, in the same run.

The bodies are the suite's fixtures of each channel that is called by webhook; a body that means nothing counts as well.
"""

import json
import statistics
import timeit
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from adapters.contract import Adapter
from adapters.registry import channel_names
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import Bench, bench_of, fixtures, pure_tools

ROUNDS = 500
REPEATS = 3
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The suite's instant: signatures are as fresh as the platforms want them."""

MICRO = 1e6


def measure() -> dict[str, float]:
    """Microseconds per webhook, and their ratio to ``json.loads``, for each channel with webhooks."""
    figures: dict[str, float] = {}
    for name in channel_names():
        bench = bench_of(name)
        if bench.is_webhook:
            figures |= _figures(name, bench)
    return figures


def _figures(name: str, bench: Bench) -> dict[str, float]:
    adapter = bench.channel.build(InboxId("bench"), bench.settings(), pure_tools())
    readable = [fixture for fixture in fixtures(name) if not fixture.situation.startswith("malformed_")]
    figures: dict[str, float] = {}
    for kind, prefix in (("texts", "text_"), ("all kinds", "")):
        bodies = [fixture.body for fixture in readable if fixture.situation.startswith(prefix)]
        if not bodies:
            continue
        ours = _median(_understanding(adapter, bench.authentic(body)) for body in bodies)
        reading = _median(_reading(body) for body in bodies)
        figures[f"{name}, {kind}: proven and understood, µs"] = ours
        figures[f"{name}, {kind}: json.loads alone, µs"] = reading
        figures[f"{name}, {kind}: ratio"] = ours / reading
    return figures


def _understanding(adapter: Adapter, request: WebhookRequest) -> Callable[[], object]:
    def understand() -> None:
        adapter.authenticate(request, NOW)
        adapter.parse(request)

    return understand


def _reading(body: bytes) -> Callable[[], object]:
    """The yardstick; what is no JSON (a form, XML) is read as one JSON string of the same length."""
    try:
        json.loads(body)
    except ValueError:
        quoted = json.dumps(body.decode("utf-8", "replace"), ensure_ascii=False)
        return lambda: json.loads(quoted)
    return lambda: json.loads(body)


def _median(calls: Iterable[Callable[[], object]]) -> float:
    """Microseconds; of each call the best of a few rounds, since what disturbs a measurement only ever adds."""
    return statistics.median(min(timeit.repeat(call, number=ROUNDS, repeat=REPEATS)) / ROUNDS * MICRO for call in calls)
