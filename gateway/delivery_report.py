"""Telling the core, and by it the desk, how messages ended; the rows say it already."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

from gateway.clock import Clock
from gateway.crossing import Quarantined
from gateway.identifiers import Identifiers
from gateway.store import StoreUnavailable
from gateway.store.outgoing import Fate
from router.errors import Refused
from router.events import AnyEvent, ContactLeft, DeliveryReported
from router.ids import EventId

log = logging.getLogger(__name__)


class Submitter(Protocol):
    """What the engine offers to whoever knows what became of a message."""

    async def submit(self, event: AnyEvent) -> object:
        """Decide and commit an event.

        Raises:
            Refused, Quarantined: it is not accepted.
            StoreUnavailable: nothing could be committed.
        """


class DeliveryReports:
    """Reports on their way to the core; `settled` waits for them."""

    def __init__(self, engine: Submitter, clock: Clock, identifiers: Identifiers) -> None:
        self._engine = engine
        self._clock = clock
        self._identifiers = identifiers
        self._under_way: set[asyncio.Task[None]] = set()

    def tell(self, fates: Iterable[Fate]) -> None:
        """Let the core know; nobody waits for it."""
        for fate in fates:
            task = asyncio.create_task(self._report(fate))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Until nothing is under way."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _report(self, fate: Fate) -> None:
        at = self._clock.now()
        events: list[AnyEvent] = [
            DeliveryReported(
                id=EventId(self._identifiers.new("evt")),
                at=at,
                conversation=fate.conversation,
                message=fate.message,
                state=fate.state,
                reason=fate.reason,
            )
        ]
        if fate.left is not None:
            left = EventId(self._identifiers.new("evt"))
            events.append(ContactLeft(id=left, at=at, thread=fate.left, reason=fate.reason))
        for event in events:
            try:
                await self._engine.submit(event)
            except (Refused, Quarantined, StoreUnavailable) as error:
                log.info("delivery not reported", extra={"message_id": fate.message, "problem": str(error)})
