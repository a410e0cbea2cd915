"""The engine: whatever happens goes through here, is decided by the core, and is committed before anybody is told.

Work waits in a mailbox. While one batch is being committed the next one gathers, so that a batch is as large as the
load asks for, and one commit serves all who wait in it. The loop never decides and never touches SQL: a batch is one
closure on the store's thread.

When a batch fails, the board is dropped and rebuilt from rows, and the batch is tried in parts until the event at
fault stands alone. What fails three times alone is quarantined, with an alarm; its neighbours go on. A store that
cannot commit is nobody's fault: those who wait are told `StoreUnavailable`, and the next batch tries again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from adapters.contract import AnyInbound
from gateway.batch import Batch, Failed, Tools
from gateway.clock import Clock
from gateway.crash import crash_point
from gateway.crossing import Arrival, Committed, Decide, Item, Outcome, Quarantined, Reconfiguration, Work
from gateway.identifiers import Identifiers
from gateway.live import Live
from gateway.quarantine import Quarantine
from gateway.store import Store
from gateway.store.errors import StoreUnavailable
from gateway.store.loading import Loading
from gateway.store.writing import Writing
from gateway.telling import Renderer
from gateway.witness import Listener, Nobody, Observer
from router.board import Board
from router.decide import decide as core
from router.errors import Refused
from router.events import AnyEvent, ConfigApplied
from router.ids import ChannelName, EventId, InboxId
from router.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")

LARGEST_BATCH = 500
TRIES = 3
"""How often a batch is tried when the store fails, and how often an event may fail alone."""

PAUSE_SECONDS = 0.05
"""Before the second try of a batch that the store could not commit; twice that before the third."""

PATIENCE_SECONDS = 2.5
"""After this long no further try is made: platforms wait for three to five seconds, and then send again."""


class Engine:
    """Receives what adapters understood and what agents, bots and timers did; one instance per process."""

    def __init__(  # noqa: PLR0913  the composition root gives it everything it uses
        self,
        store: Store,
        board: Board,
        clock: Clock,
        identifiers: Identifiers,
        replies: Renderer,
        listeners: Sequence[Listener],
        *,
        decide: Decide = core,
        observer: Observer | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._identifiers = identifiers
        self._listeners = tuple(listeners)
        self._observer: Observer = observer or Nobody()
        self._live = Live(board)
        self._tools = Tools(
            loading=Loading(store.dialect),
            writing=Writing(store.dialect),
            clock=clock,
            identifiers=identifiers,
            replies=replies,
            decide=decide,
        )
        self._quarantine = Quarantine(store, self._tools, clock)
        self._mailbox: list[Item] = []
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._runner: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._is_refusing = False

    async def start(self) -> None:
        """Restore the board from rows, take up what was left pending, and begin.

        What is open and was decided under other settings is brought under these.

        Raises:
            StoreUnavailable: the rows cannot be read.
        """
        is_outdated = await self.inspect(lambda board: bool(board.conversations))
        is_outdated = is_outdated and self._live.version != self._live.settings.version
        for item in await self._quarantine.pending():
            await self._alone(item)
        if is_outdated:
            waiter: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
            await self._process([Item(self._reconfiguration(self._live.settings), waiter)])
            await waiter
        self._is_stopping = False
        self._runner = asyncio.create_task(self._run(), name="engine")

    async def stop(self) -> None:
        """Commit what waits in the mailbox, then end; later work is refused with `StoreUnavailable`."""
        self._is_stopping = True
        self._wake.set()
        if self._runner is not None:
            await self._runner
            self._runner = None

    async def receive(self, inbox: InboxId, channel: ChannelName, inbound: Sequence[AnyInbound]) -> None:
        """Commit what happened in an inbox; returns after the commit, for what came before too.

        Raises:
            StoreUnavailable: it is not durable; the platform must keep it.
        """
        if len(inbound) == 1:
            await self._post(Arrival(inbox, channel, inbound[0]))
            return
        waiters = [self._post(Arrival(inbox, channel, happening)) for happening in inbound]
        for result in await asyncio.gather(*waiters, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result

    async def submit(self, event: AnyEvent) -> Committed:
        """Commit one event; returns after the commit.

        An answer or a note whose ``client_id`` came before changes nothing: `Committed.message` is the earlier one.

        Raises:
            Refused: the core refused it, and nothing changed.
            Quarantined: it made the core fail; nothing changed.
            StoreUnavailable: it was not committed, or we were not told.
        """
        return await self._post(event)

    async def configure(self, settings: Settings) -> None:
        """Put other settings in force.

        Raises:
            Quarantined, StoreUnavailable: the former settings stay in force.
        """
        await self._post(self._reconfiguration(settings))

    async def inspect(self, fn: Callable[[Board], T]) -> T:
        """Ask the board something, between two batches and as it is committed. ``fn`` must change nothing.

        Raises:
            StoreUnavailable: the rows cannot be read.
        """

        def look(connection: Connection) -> T:
            cursor = connection.connection.cursor()
            try:
                self._live.refresh(cursor, self._tools.loading.lock(cursor), self._clock.now())
            finally:
                cursor.close()
            return fn(self._live.board)

        async def take_turn() -> T:
            async with self._turn:
                for tried in range(1, TRIES):
                    try:
                        return await self._store.write(look)
                    except StoreUnavailable:
                        await asyncio.sleep(PAUSE_SECONDS * tried)
                return await self._store.write(look)

        # A cancelled caller must not give the turn back while the closure still looks at the board.
        return await asyncio.shield(asyncio.create_task(take_turn()))

    def _reconfiguration(self, settings: Settings) -> Reconfiguration:
        event = ConfigApplied(id=EventId(self._identifiers.new("evt")), at=self._clock.now(), version=settings.version)
        return Reconfiguration(event, settings)

    # --- The mailbox ------------------------------------------------------------------------------------------------

    def _post(self, work: Work) -> "asyncio.Future[Committed]":
        waiter: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
        if self._is_stopping:
            waiter.set_exception(StoreUnavailable("the engine has stopped"))
            return waiter
        self._mailbox.append(Item(work, waiter))
        self._wake.set()
        return waiter

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._mailbox or not self._is_stopping:
            if not self._mailbox:
                self._wake.clear()
                await self._wake.wait()
                continue
            items = self._mailbox[:LARGEST_BATCH]
            del self._mailbox[:LARGEST_BATCH]
            async with self._turn:
                began = loop.time()
                await self._process(items)
                self._observer.batch(len(items), loop.time() - began)

    # --- Failure ----------------------------------------------------------------------------------------------------

    async def _process(self, items: list[Item]) -> None:
        """Commit these, in order, whatever one of them does."""
        try:
            outcome = await self._commit(items)
        except StoreUnavailable as error:
            self._refuse(items, error)
        except Exception as error:  # noqa: BLE001  an event's own fault, which its neighbours must not pay for
            log.warning("a batch of %d failed: %r", len(items), error)
            await self._apart(items, error)
        else:
            self._settle(items, outcome)

    async def _apart(self, items: list[Item], error: Exception) -> None:
        """Find the event at fault, keeping the order of all others."""
        if len(items) == 1:
            items[0].attempts += 1
            await self._alone(items[0], error)
            return
        if isinstance(error, Failed):
            before, after = items[: error.place], items[error.place + 1 :]
            if before:
                await self._process(before)
            await self._alone(items[error.place], error)
            if after:
                await self._process(after)
            return
        middle = len(items) // 2
        await self._process(items[:middle])
        await self._process(items[middle:])

    async def _alone(self, item: Item, error: Exception | None = None) -> None:
        """Try one event by itself, each try counted before it is made; quarantine it when it fails too often."""
        try:
            while item.attempts < TRIES:
                await self._quarantine.count(item, error)
                try:
                    outcome = await self._commit([item])
                except StoreUnavailable:
                    raise
                except Exception as failure:  # noqa: BLE001  counted, and tried again
                    error = failure
                    item.attempts += 1
                else:
                    self._settle([item], outcome)
                    return
            committed = await self._quarantine.close(item, error)
        except StoreUnavailable as unavailable:
            self._refuse([item], unavailable)
            return
        except Exception as failure:  # not even its row can be written: it stays with whoever sent it
            log.exception("an event failed and could not be set aside")
            _fail(item, Quarantined(f"this failed and could not be set aside: {failure}"))
            return
        log.error("event %s is quarantined: %r", item.id, error)
        self._observer.set_aside()
        self._tell(committed)
        if isinstance(item.work, Arrival):
            _resolve(item, committed)  # it is durable, set aside and alarmed about: the platform need not keep it
        else:
            _fail(item, Quarantined(f"this failed {TRIES} times and was set aside as {item.id}: {error}"))

    def _refuse(self, items: list[Item], error: StoreUnavailable) -> None:
        if not self._is_refusing:  # once: what does not work now is asked for again and again
            log.error("the store cannot be written, and nothing is acknowledged until it can: %s", error)
            self._is_refusing = True
        for item in items:
            _fail(item, error)

    async def _commit(self, items: list[Item]) -> Outcome:
        """One transaction, tried again while it is the store that fails.

        Raises:
            StoreUnavailable: it could not be committed.
            Exception: an event's own fault.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_SECONDS
        for tried in range(1, TRIES + 1):
            batch = Batch(items, self._live, self._tools, is_retry=tried > 1)
            try:
                outcome = await self._store.write(batch.run)
            except StoreUnavailable:
                self._live.drop()
                if batch.outcome is not None and await self._quarantine.has_happened(items):
                    outcome = batch.outcome  # the commit went through, only its answer was lost
                elif tried == TRIES or loop.time() > until:
                    raise
                else:
                    await asyncio.sleep(PAUSE_SECONDS * tried)
                    continue
            except BaseException:
                self._live.drop()
                raise
            crash_point("after_commit")
            if outcome.settings is not None:
                self._live.settings = outcome.settings
            return outcome
        raise AssertionError("unreachable")

    # --- After the commit -------------------------------------------------------------------------------------------

    def _settle(self, items: list[Item], outcome: Outcome) -> None:
        for item, result in zip(items, outcome.results, strict=True):
            if isinstance(result, Refused):
                _fail(item, result)
            else:
                _resolve(item, result)
        crash_point("after_acknowledge")
        if outcome.whole is not None:
            if self._is_refusing:
                log.warning("the store can be written again")
                self._is_refusing = False
            self._tell(outcome.whole)

    def _tell(self, committed: Committed) -> None:
        for listener in self._listeners:
            try:
                listener.on_commit(committed)
            except Exception:  # one deaf listener must not silence the others, nor stop the engine
                log.exception("a listener failed")


def _resolve(item: Item, committed: Committed) -> None:
    if not item.waiter.done():  # a cancelled waiter has gone; its work is committed all the same
        item.waiter.set_result(committed)


def _fail(item: Item, error: Exception) -> None:
    if not item.waiter.done():
        item.waiter.set_exception(error)
