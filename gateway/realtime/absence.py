"""Absence: whose last page is gone while nobody has answered is told to the core, and so is that a page is back.

Only what changes something becomes an event: a reload, a second tab or a tunnel costs a look at a dictionary, and all
who are gone are asked of the board in one go. What is noted here may be lost with the process: at the start everybody
who waits in an inbox whose contacts hold the connection is noted anew, and has time to come back.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from gateway.clock import Clock
from gateway.crossing import Committed, Quarantined
from gateway.engine import Engine
from gateway.identifiers import Identifiers
from gateway.inboxes import Inbox
from gateway.realtime.visits import Visits
from gateway.store import StoreUnavailable
from router.board import Board
from router.errors import Refused
from router.events import ContactLost, ContactReturned
from router.ids import EventId, InboxId, ThreadId
from router.rules.returning import may_be_lost

GRACE = timedelta(seconds=15)
"""A page that is loaded again, or a line that breaks, is back within this."""

GRACE_AT_START = timedelta(seconds=60)
"""After a restart pages come back one by one, the last after some twenty seconds."""

log = logging.getLogger(__name__)


class Absences:
    """Who is gone, since when. A listener of the engine; asked now and then to `look`."""

    def __init__(
        self,
        *,
        visits: Visits,
        inboxes: Mapping[InboxId, Inbox],
        engine: Engine,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self._visits = visits
        self._inboxes = frozenset(id_ for id_, each in inboxes.items() if each.adapter.capabilities().is_pushed)
        self._engine = engine
        self._clock = clock
        self._identifiers = identifiers
        self._due: dict[ThreadId, datetime] = {}

    async def start(self) -> None:
        """Note all who wait: whoever is still there will have a page open soon.

        Raises:
            StoreUnavailable: the board cannot be read.
        """
        inboxes, until = self._inboxes, self._clock.now() + GRACE_AT_START

        def waiting(board: Board) -> list[ThreadId]:
            return [each.thread for each in board.conversations.values() if each.inbox in inboxes and may_be_lost(each)]

        if inboxes:
            self._due.update(dict.fromkeys(await self._engine.inspect(waiting), until))

    def on_commit(self, committed: Committed) -> None:
        """Note who comes into a queue without a page: a bot hands over, an agent gives back."""
        for conversation in committed.conversations.values():
            if conversation.inbox not in self._inboxes or conversation.thread in self._due:
                continue
            if may_be_lost(conversation) and not self._visits.is_here(conversation.thread):
                self._due[conversation.thread] = self._clock.now() + GRACE

    async def look(self) -> None:
        """Tell the core who has been gone for long enough and would be waited for.

        Raises:
            StoreUnavailable: it could not be told; they stay noted.
        """
        now = self._clock.now()
        self._due.update(dict.fromkeys(self._visits.take_left(), now + GRACE))
        due = [thread for thread, at in self._due.items() if at <= now]
        for thread in due:  # before anything else happens: who comes into the line meanwhile is noted anew
            del self._due[thread]
        gone = [thread for thread in due if not self._visits.is_here(thread)]

        def waited_for(board: Board) -> list[ThreadId]:
            found = ((thread, board.in_thread(thread)) for thread in gone)
            return [thread for thread, conversation in found if conversation is not None and may_be_lost(conversation)]

        if gone:
            try:
                lost = await self._engine.inspect(waited_for)
                await self._tell(ContactLost, (thread for thread in lost if not self._visits.is_here(thread)))
            except StoreUnavailable:
                self._due.update(dict.fromkeys(gone, now))
                raise

    async def returned(self, threads: Iterable[ThreadId]) -> None:
        """Contacts whom the core holds for gone have a page open.

        Raises:
            StoreUnavailable: it could not be told; it will be found with the next look at where they stand.
        """
        await self._tell(ContactReturned, threads)

    async def _tell(self, kind: type[ContactLost | ContactReturned], threads: Iterable[ThreadId]) -> None:
        now = self._clock.now()
        events = [kind(id=EventId(self._identifiers.new("evt")), at=now, thread=thread) for thread in threads]
        for result in await asyncio.gather(*map(self._engine.submit, events), return_exceptions=True):
            if isinstance(result, Refused | Quarantined):
                log.warning("an absence was refused", extra={"problem": str(result)})
            elif isinstance(result, BaseException):
                raise result
