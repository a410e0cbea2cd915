"""Timers are rows. This sleeps until the earliest and tells the core; those missed while we were down fire at once."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Connection, select

from gateway.clock import Clock, instant, micros
from gateway.crossing import Committed, Quarantined
from gateway.identifiers import Identifiers
from gateway.store import Store
from gateway.store.schema import timers
from router.effects import StartTimer
from router.errors import Refused
from router.events import AnyEvent, Swept, TimerFired, TimerKind
from router.ids import EventId

SWEEP = timedelta(seconds=5)
AT_ONCE = 200
"""How many due timers are taken in a round."""


class Submitter(Protocol):
    """What the engine offers to the schedule."""

    async def submit(self, event: AnyEvent) -> Committed:
        """Commit one event."""


class Schedule:
    """Turns due timers into `TimerFired`, and every five seconds into `Swept`. A listener of the engine."""

    def __init__(self, store: Store, engine: Submitter, clock: Clock, identifiers: Identifiers) -> None:
        self._store = store
        self._engine = engine
        self._clock = clock
        self._identifiers = identifiers
        self._wake = asyncio.Event()
        self._earliest: int | None = None

    def on_commit(self, committed: Committed) -> None:
        """Wake up when a timer was set that is earlier than what we sleep for."""
        for effect in committed.effects:
            if type(effect) is StartTimer:
                at = micros(effect.at)
                if self._earliest is None or at < self._earliest:
                    self._wake.set()
                    return

    async def run(self) -> None:
        """Go on until cancelled.

        Raises:
            ExceptionGroup: of `StoreUnavailable`, when timers cannot be read or fired; it can be run again.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fire())
            group.create_task(self._sweep())

    async def _fire(self) -> None:
        while True:
            self._wake.clear()
            self._earliest = None  # a timer that is set while we read wakes us, whenever it is for
            due = await self._store.read(_earliest)
            now = micros(self._clock.now())
            ripe = [(kind, subject) for kind, subject, at in due if at <= now]
            if ripe:
                await self._submit([self._fired(kind, subject) for kind, subject in ripe])
                continue
            self._earliest = due[0][2] if due else None
            wait = None if not due else (instant(due[0][2]) - self._clock.now()).total_seconds()
            try:
                async with asyncio.timeout(wait if wait is None else max(0.0, wait)):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP.total_seconds())
            await self._submit([Swept(id=EventId(self._identifiers.new("evt")), at=self._clock.now())])

    def _fired(self, kind: str, subject: str) -> TimerFired:
        return TimerFired(
            id=EventId(self._identifiers.new("evt")), at=self._clock.now(), kind=TimerKind(kind), subject=subject
        )

    async def _submit(self, events: Sequence[AnyEvent]) -> None:
        for result in await asyncio.gather(*map(self._engine.submit, events), return_exceptions=True):
            if isinstance(result, BaseException) and not isinstance(result, Refused | Quarantined):
                raise result


def _earliest(connection: Connection) -> list[tuple[str, str, int]]:
    rows = connection.execute(select(timers.c.kind, timers.c.subject, timers.c.at).order_by(timers.c.at).limit(AT_ONCE))
    return [(row.kind, row.subject, row.at) for row in rows]
