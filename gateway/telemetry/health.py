"""Health: is the loop alive, and may traffic come? And how late the loop runs."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.supervisor import State
from gateway.telemetry.metrics import Metrics

PROBE_EVERY_SECONDS = 0.5
DEAD_AFTER_SECONDS = 5.0


@dataclass(slots=True)
class Health:
    """What ``/-/live`` and ``/-/ready`` ask. ``parts`` says of each supervised part whether it runs."""

    parts: Callable[[], Mapping[str, State]]
    is_started: bool = False
    is_stopping: bool = False
    lag: float = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether the loop turns; whoever can ask has half the answer."""
        return self.lag < DEAD_AFTER_SECONDS

    def obstacles(self) -> list[str]:
        """What keeps the service from taking traffic; empty when it is ready."""
        found = []
        if not self.is_started:
            found.append("starting")
        if self.is_stopping:
            found.append("stopping")
        found += [f"{name} was given up" for name, state in self.parts().items() if state is State.GIVEN_UP]
        return found


async def watch_lag(health: Health, metrics: Metrics) -> None:
    """Measure for ever how much later than asked the loop wakes us."""
    loop = asyncio.get_running_loop()
    while True:
        asked = loop.time() + PROBE_EVERY_SECONDS
        await asyncio.sleep(PROBE_EVERY_SECONDS)
        health.lag = max(0.0, loop.time() - asked)
        metrics.loop_lag.set(health.lag)
