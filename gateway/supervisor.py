"""Keeps the long-running parts running: each is started again when it fails, later and later.

A vital part that fails again and again is given up, and the process is not ready any more: better to be replaced than
to look well. Other parts (an inbox whose platform is away) are tried for ever.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from enum import Enum

from gateway.outcome import backoff

log = logging.getLogger(__name__)

PATIENCE = 8
"""Failures in a row after which a vital part is given up: about three minutes."""

STEADY = 60.0
"""Seconds after which a part counts as running well, and its failures are forgotten."""

Start = Callable[[], Coroutine[None, None, None]]
"""Makes the coroutine anew for each start."""


class State(Enum):
    """How a part is."""

    RUNNING = "running"
    RESTARTING = "restarting"
    GIVEN_UP = "given_up"
    ENDED = "ended"


@dataclass(slots=True)
class Part:
    """One part. ``failures`` counts them in a row, ``problem`` is the last one's words."""

    name: str
    start: Start
    is_vital: bool
    state: State = State.RUNNING
    failures: int = 0
    problem: str = ""
    task: "asyncio.Task[None] | None" = None


class Supervisor:
    """Runs named coroutines. ``pause`` says how many seconds to wait after so many failures of a part."""

    def __init__(self, pause: Callable[[str, int], float] | None = None, patience: int = PATIENCE) -> None:
        self._pause = pause or (lambda name, failures: backoff(name, failures).total_seconds())
        self._patience = patience
        self._parts: dict[str, Part] = {}

    def add(self, name: str, start: Start, *, is_vital: bool = True) -> None:
        """Run a part from now on.

        Raises:
            ValueError: a part of this name runs already.
        """
        if name in self._parts:
            raise ValueError(f"{name} runs already")
        part = self._parts[name] = Part(name=name, start=start, is_vital=is_vital)
        part.task = asyncio.create_task(self._keep(part), name=name)

    async def remove(self, name: str) -> None:
        """End a part and forget it; nothing happens when there is none of this name."""
        part = self._parts.pop(name, None)
        if part is not None:
            await _end([part])

    async def stop(self) -> None:
        """End all parts, the last one first."""
        parts = list(reversed(self._parts.values()))
        self._parts.clear()
        await _end(parts)

    def health(self) -> Mapping[str, State]:
        """How each part is."""
        return {name: part.state for name, part in self._parts.items()}

    def problems(self) -> Mapping[str, str]:
        """The last trouble of each part that is not running well, in words for the operator."""
        return {name: part.problem for name, part in self._parts.items() if part.failures}

    @property
    def is_ready(self) -> bool:
        """Whether no vital part was given up."""
        return all(part.state is not State.GIVEN_UP for part in self._parts.values())

    async def _keep(self, part: Part) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            part.state = State.RUNNING
            try:
                await part.start()
            except Exception as error:  # whatever it is, the others go on and this one is tried again
                part.failures = 1 if loop.time() - began >= STEADY else part.failures + 1
                part.problem = f"{type(error).__name__}: {error}"
                log.warning("part failed", extra={"part": part.name, "failures": part.failures}, exc_info=error)
            else:
                part.state = State.ENDED
                return
            if part.is_vital and part.failures >= self._patience:
                part.state = State.GIVEN_UP
                log.error("part given up", extra={"part": part.name, "problem": part.problem})
                return
            part.state = State.RESTARTING
            await asyncio.sleep(self._pause(part.name, part.failures - 1))


async def _end(parts: list[Part]) -> None:
    for part in parts:
        if part.task is not None:
            part.task.cancel()
            await asyncio.gather(part.task, return_exceptions=True)
