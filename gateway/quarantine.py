"""Events that fail: counted in transactions of their own, so that no crash forgets, and set aside in the end."""

import asyncio

import msgspec
from sqlalchemy import Connection

from gateway.batch import Tools
from gateway.clock import Clock, micros
from gateway.crossing import Arrival, Committed, Item, Reconfiguration
from gateway.store import Store
from gateway.store.codec import decode, decode_event, decode_inbound, encode, encode_event, encode_inbound, is_inbound
from gateway.store.errors import StoreUnavailable
from gateway.store.loading import PendingEvent, pending
from gateway.store.writing import Diverged
from router.effects import DeskWord, TellDesk
from router.events import TimerFired
from router.ids import ChannelName, InboxId
from router.reason import Code, Reason


class _KeptArrival(msgspec.Struct):
    inbox: InboxId
    channel: ChannelName
    inbound: msgspec.Raw


class Quarantine:
    """Keeps the score of events that failed. An event that is counted is durable, in state ``pending``."""

    def __init__(self, store: Store, tools: Tools, clock: Clock) -> None:
        self._store = store
        self._tools = tools
        self._clock = clock

    async def count(self, item: Item, error: Exception | None) -> None:
        """Record that this event is about to be tried alone.

        Raises:
            StoreUnavailable: it could not be recorded.
        """
        self._name(item)
        row = self._row(item, "pending", item.attempts + 1, error)

        def write(connection: Connection) -> None:
            cursor = connection.connection.cursor()
            self._tools.writing.attempts.run(cursor, [row])

        await self._store.write(write)

    async def close(self, item: Item, error: Exception | None) -> Committed:
        """Set the event aside for good and say so; a timer that caused it is stopped.

        Raises:
            StoreUnavailable: it could not be written.
        """
        self._name(item)
        row = self._row(item, "quarantined", item.attempts, error)
        work = item.work

        def write(connection: Connection) -> Committed:
            cursor = connection.connection.cursor()
            head = self._tools.loading.lock(cursor)
            writing = self._tools.writing
            writing.attempts.run(cursor, [row])
            if isinstance(work, TimerFired):
                writing.fired.run(cursor, [(work.kind.value, work.subject, micros(work.at))])
            rev, feed_seq = head.rev + 1, head.feed_seq + 1
            if writing.routing.run(cursor, [(rev, feed_seq, head.config_version, head.rev)]) != 1:
                raise Diverged("another gateway routed at the same time")
            return Committed(rev=rev, feed_seq=feed_seq, effects=(alarm,))

        alarm = TellDesk(word=DeskWord.ALARM, subject=item.id, why=(Reason(Code.SET_ASIDE, (item.id,)),))
        return await self._store.write(write)

    async def pending(self) -> list[Item]:
        """What was counted and not decided when the process ended.

        Raises:
            StoreUnavailable: the rows cannot be read.
        """
        rows = await self._store.read(lambda connection: pending(connection.connection.cursor()))
        return [_item(row) for row in rows]

    async def has_happened(self, items: list[Item]) -> bool:
        """Whether these events are in the store: asked when a commit's answer was lost."""
        ids = [id for item in items if (id := item.event_id)]

        def look(connection: Connection) -> bool:
            cursor = connection.connection.cursor()
            return bool(ids) and bool(self._tools.loading.decided(cursor, ids))

        try:
            return await self._store.read(look)
        except StoreUnavailable:
            return False

    def _name(self, item: Item) -> None:
        item.id = item.event_id or self._tools.identifiers.new("evt")

    def _row(self, item: Item, state: str, attempts: int, error: Exception | None) -> tuple[object, ...]:
        kind, body = _written(item)
        at = micros(self._clock.now())
        problem = "" if error is None else str(error)[:2_000].replace("\x00", "")
        return (item.id, item.delivery_key, kind, at, body, state, attempts, problem)


def _written(item: Item) -> tuple[str, str]:
    """What the event was, whole, words included: there is no message that holds them."""
    work = item.work
    try:
        if isinstance(work, Arrival):
            return type(work.inbound).__name__, _encode_arrival(work)
        event = work.event if isinstance(work, Reconfiguration) else work
        return type(event).__name__, encode_event(event)
    except (ValueError, TypeError):  # half a character, for one: what has no JSON form is kept as Python shows it
        return type(work).__name__, encode({"unreadable": ascii(work)})


def _encode_arrival(arrival: Arrival) -> str:
    inbound = msgspec.Raw(encode_inbound(arrival.inbound).encode())
    return encode({"inbox": arrival.inbox, "channel": arrival.channel, "inbound": inbound})


def _decode_arrival(kind: str, body: str) -> Arrival:
    kept = decode(_KeptArrival, body)
    return Arrival(kept.inbox, kept.channel, decode_inbound(kind, bytes(kept.inbound).decode()))


def _item(row: PendingEvent) -> Item:
    """A kept event as work again, with nobody waiting for it."""
    waiter: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
    waiter.add_done_callback(lambda done: done.exception())  # nobody waits: what went wrong is in the log
    if is_inbound(row.kind):
        return Item(_decode_arrival(row.kind, row.body), waiter, row.id, row.attempts)
    return Item(decode_event(row.kind, row.id, row.at, row.body), waiter, row.id, row.attempts)
