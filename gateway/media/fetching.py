"""Fetches the files that messages refer to, after the messages: nobody waits for a file, least of all a platform.

The message is visible at once, the file follows, or the words that say why it never will. What is due stands in the
table ``fetches`` and survives a restart.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from adapters.errors import ChannelBroken, DeliveryError
from gateway.clock import Clock
from gateway.crossing import Quarantined
from gateway.identifiers import Identifiers
from gateway.inboxes import Inbox
from gateway.media.admission import Admission, EmptyFile, TooLarge
from gateway.outcome import backoff
from gateway.store import Store, StoreUnavailable, fetches
from gateway.store.fetches import Due, Result
from router.effects import Effect, RecordMessage, ReviseMessage
from router.errors import Refused
from router.events import AnyEvent, MediaFetched
from router.ids import EventId, InboxId
from router.message import Media

log = logging.getLogger(__name__)

ATTEMPTS = 6
DEADLINE = 60.0
POLL = 1.0
_AT_A_TIME = 8
_EACH = 4
_MISSING_INBOX = timedelta(minutes=1)

TOO_LARGE = "the file is larger than 20 MB"
EMPTY = "the file is empty"
NOT_FETCHED = "the file could not be fetched"


class Submitter(Protocol):
    """What the engine offers to whoever has a file."""

    async def submit(self, event: AnyEvent) -> object:
        """Decide and commit an event.

        Raises:
            Refused, Quarantined: it is not accepted.
            StoreUnavailable: nothing could be committed.
        """


class CommittedWork(Protocol):
    """What this part reads of a commit."""

    @property
    def effects(self) -> tuple[Effect, ...]:
        """All effects that were committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Later:
    """Not yet: try again."""

    wait: timedelta


class Fetching:
    """Fetches what is due. `run` under a supervisor; cancelling it loses nothing."""

    def __init__(
        self,
        store: Store,
        inboxes: Mapping[InboxId, Inbox],
        engine: Submitter,
        admission: Admission,
        clock: Clock,
        identifiers: Identifiers,
        *,
        poll: float = POLL,
    ) -> None:
        self._store = store
        self._inboxes = inboxes
        self._engine = engine
        self._admission = admission
        self._clock = clock
        self._identifiers = identifiers
        self._poll = poll
        self._wake = asyncio.Event()
        self._running: dict[tuple[str, int], asyncio.Task[None]] = {}

    def on_commit(self, committed: CommittedWork) -> None:
        """Look at once after a commit that brought a file."""
        for effect in committed.effects:
            if isinstance(effect, RecordMessage | ReviseMessage) and any(
                isinstance(part, Media) and part.ref and not part.media for part in effect.parts
            ):
                self._wake.set()

    async def run(self) -> None:
        """Fetch, until cancelled.

        Raises:
            StoreUnavailable: what is due cannot be read.
        """
        try:
            while True:
                self._wake.clear()
                await self._begin()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await self._wake.wait()
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _begin(self) -> None:
        """Begin what is due, as far as there is room."""
        room = _AT_A_TIME - len(self._running)
        if room <= 0:
            return
        now = self._clock.now()
        running = set(self._running)
        for due in await self._store.read(lambda connection: fetches.due(connection, now, running, _EACH, room)):
            task = asyncio.create_task(self._fetch(due), name=f"fetch {due.message}/{due.index}")
            self._running[due.message, due.index] = task
            task.add_done_callback(partial(self._ended, (due.message, due.index)))

    def _ended(self, key: tuple[str, int], _task: "asyncio.Task[None]") -> None:
        self._running.pop(key, None)
        self._wake.set()

    async def _fetch(self, due: Due) -> None:
        """One attempt, whatever comes of it."""
        try:
            result = await self._result(due)
            if isinstance(result, _Later):
                not_before = self._clock.now() + result.wait
                await self._store.write(lambda connection: fetches.postpone(connection, due, not_before))
                return
            if await self._store.write(lambda connection: fetches.finish(connection, due, result)):
                await self._tell(due)
        except StoreUnavailable:
            log.warning("file not recorded", extra={"message_id": due.message})
        except Exception:  # one file's trouble must not end the fetching of others
            log.exception("fetch failed", extra={"message_id": due.message, "inbox": due.inbox})
            await self._give_up(due)

    async def _result(self, due: Due) -> Result | _Later:
        place, media = self._inboxes.get(due.inbox), due.media
        if media is None:
            return Result()
        if place is None:
            return _Later(wait=_MISSING_INBOX)
        try:
            async with asyncio.timeout(DEADLINE):
                fetched = await place.adapter.fetch(media)
        except DeliveryError as error:
            may_work_later = error.is_retryable or not error.is_certain or isinstance(error, ChannelBroken)
            return self._later(due) if may_work_later else Result(problem=error.detail or NOT_FETCHED)
        except TimeoutError:
            return self._later(due)
        try:
            admitted = await self._admission.admit(
                fetched.data,
                name=media.name or fetched.name,
                claimed=fetched.mime or media.mime,
                kind=media.kind,
            )
        except TooLarge:
            return Result(problem=TOO_LARGE)
        except EmptyFile:
            return Result(problem=EMPTY)
        except OSError:  # our disk, not their file
            log.exception("file not kept", extra={"message_id": due.message})
            return self._later(due)
        return Result(media=replace(admitted, ref=media.ref, duration=media.duration))

    def _later(self, due: Due) -> Result | _Later:
        if due.attempts + 1 >= ATTEMPTS:
            return Result(problem=NOT_FETCHED)
        return _Later(wait=backoff(f"{due.message}/{due.index}", due.attempts + 1))

    async def _give_up(self, due: Due) -> None:
        try:
            await self._store.write(lambda connection: fetches.finish(connection, due, Result(problem=NOT_FETCHED)))
        except StoreUnavailable:
            return
        await self._tell(due)

    async def _tell(self, due: Due) -> None:
        event = MediaFetched(
            id=EventId(self._identifiers.new("evt")),
            at=self._clock.now(),
            conversation=due.conversation,
            message=due.message,
        )
        try:
            await self._engine.submit(event)
        except (Refused, Quarantined, StoreUnavailable) as error:
            log.info("file not reported", extra={"message_id": due.message, "problem": str(error)})
