"""A real store with messages in its outbox, and scripted inboxes to send them through."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gateway.clock import SystemClock, micros
from gateway.delivery import Delivery
from gateway.identifiers import RandomIdentifiers
from gateway.inboxes import Inbox
from gateway.outbox import Outbox
from gateway.signals.contract import Rates
from gateway.store import Store
from gateway.store.codec import encode_parts
from gateway.store.schema import contacts, message_keys, messages, outbox, threads
from router.events import AnyEvent, ContactLeft, DeliveryReported
from router.ids import InboxId, MediaId
from router.message import Author, DeliveryState, Part, Text
from router.reason import Reason
from skills.ids import GroupId
from tests.fakes.scripted_channel import CHANNEL, ScriptedChannel

RED = InboxId("red")
BLUE = InboxId("blue")


class Ears:
    """What the engine is told of deliveries."""

    def __init__(self) -> None:
        self.heard: dict[str, list[DeliveryState]] = {}
        self.told: list[str] = []
        self.left: list[str] = []

    async def submit(self, event: AnyEvent) -> object:
        """Remember it."""
        if isinstance(event, ContactLeft):
            self.left.append(event.thread)
            return None
        assert isinstance(event, DeliveryReported)
        self.heard.setdefault(event.message, []).append(event.state)
        self.told.append(event.message)
        return None


class Shelf:
    """Files in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def read(self, media: MediaId) -> bytes:
        """The bytes of a file."""
        try:
            return self.files[media]
        except KeyError as error:
            raise FileNotFoundError(media) from error


def nobody(_author: Author, _group: GroupId) -> str:
    """No name to show."""
    return ""


@dataclass
class Bench:
    """One store, two inboxes."""

    store: Store
    channels: dict[InboxId, ScriptedChannel] = field(
        default_factory=lambda: {RED: ScriptedChannel(RED), BLUE: ScriptedChannel(BLUE)}
    )
    ears: Ears = field(default_factory=Ears)
    shelf: Shelf = field(default_factory=Shelf)
    alarms: list[Reason] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    deadline: float = 5.0
    give_up: dict[InboxId, timedelta] = field(default_factory=dict)
    clock: SystemClock = field(default_factory=SystemClock)
    _seq: "itertools.count[int]" = field(default_factory=itertools.count)

    def inboxes(self) -> dict[InboxId, Inbox]:
        """The channels as the gateway knows them."""
        return {name: channel.as_inbox() for name, channel in self.channels.items()}

    def outbox(self, poll: float = 0.05, rates: Rates | None = None) -> Outbox:
        """A sender for all inboxes."""
        return Outbox(
            self.store,
            self.inboxes(),
            self.ears,
            Delivery(self.shelf, nobody, self.deadline),
            self.clock,
            RandomIdentifiers(),
            rates=rates,
            count=lambda _channel, outcome: self.counts.append(outcome),
            alarm=self.alarms.append,
            poll=poll,
            give_up=self.give_up,
        )

    @asynccontextmanager
    async def sending(self, poll: float = 0.05, rates: Rates | None = None) -> AsyncIterator[Outbox]:
        """A sender at work."""
        sender = self.outbox(poll, rates)
        work = asyncio.create_task(sender.run())
        try:
            yield sender
        finally:
            await sender.stop(within=0.2)
            await work

    async def owe(self, *texts: str, to: str = "ada", inbox: InboxId = RED, parts: tuple[Part, ...] = ()) -> None:
        """Put messages to a contact into the outbox; each one's id is its text."""
        await self.owe_all([(text, to) for text in texts], inbox, parts)

    async def owe_all(
        self, owed: Sequence[tuple[str, str]], inbox: InboxId = RED, parts: tuple[Part, ...] = ()
    ) -> None:
        """Put messages into the outbox, each to its own contact, in one transaction."""
        now = micros(self.clock.now())

        def put(connection: Connection) -> None:
            known = set(connection.execute(select(threads.c.id)).scalars())
            for to in dict.fromkeys(to for _, to in owed):
                thread = f"{inbox}/{to}"
                if thread not in known:
                    connection.execute(insert(contacts).values(id=f"c-{thread}", created_at=now, updated_at=now))
                    connection.execute(
                        insert(threads).values(
                            id=thread, inbox=inbox, channel=CHANNEL, address=to, contact=f"c-{thread}", created_at=now
                        )
                    )
            connection.execute(
                insert(messages), [self._message(text, f"{inbox}/{to}", now, parts) for text, to in owed]
            )
            connection.execute(insert(outbox), [_row(text, inbox, f"{inbox}/{to}", now) for text, to in owed])

        if owed:
            await self.store.write(put)

    def _message(self, text: str, thread: str, now: int, parts: tuple[Part, ...]) -> dict[str, Any]:
        return {
            "id": text,
            "thread": thread,
            "conversation": f"cnv-{thread}",
            "seq": next(self._seq),
            "direction": "out",
            "author_kind": "agent",
            "author": "li.na",
            "at": now,
            "note": False,
            "text": text,
            "parts": encode_parts((Text(text=text), *parts)),
            "delivery": "queued",
        }

    async def rows(self) -> dict[str, Any]:
        """Each message's row of the outbox, by id."""
        found = await self.store.read(lambda connection: connection.execute(select(outbox)).all())
        return {row.message: row for row in found}

    async def states(self) -> dict[str, str]:
        """Each message's delivery state, by id."""
        query = select(messages.c.id, messages.c.delivery)
        return {
            row.id: row.delivery for row in await self.store.read(lambda connection: connection.execute(query).all())
        }

    async def message(self, id: str) -> Any:
        """One message's row."""
        query = select(messages).where(messages.c.id == id)
        return await self.store.read(lambda connection: connection.execute(query).one())

    async def keys(self, id: str) -> list[str]:
        """The platform's ids that are kept of a message."""
        query = select(message_keys.c.key).where(message_keys.c.message == id).order_by(message_keys.c.place)
        return [row.key for row in await self.store.read(lambda connection: connection.execute(query).all())]

    async def ask_again(self, id: str) -> None:
        """Somebody wants a message sent again."""

        def ask(connection: Connection) -> None:
            connection.execute(update(outbox).where(outbox.c.message == id).values(state="queued", next_at=0))
            connection.execute(update(messages).where(messages.c.id == id).values(delivery="queued"))

        await self.store.write(ask)

    async def thread(self, id: str) -> Any:
        """One thread's row."""
        query = select(threads).where(threads.c.id == id)
        return await self.store.read(lambda connection: connection.execute(query).one())

    async def until(self, condition: Callable[[dict[str, str]], bool], within: float = 120.0) -> dict[str, str]:
        """Wait for the messages to be so."""
        async with asyncio.timeout(within):
            while not condition(states := await self.states()):
                await asyncio.sleep(0.01)
        return states

    async def until_none_waits(self, within: float) -> dict[str, str]:
        """As `until_ended`, where there are so many that looking at all of them would be most of the work."""
        one = select(messages.c.id).where(messages.c.delivery == "queued").limit(1)
        async with asyncio.timeout(within):
            while await self.store.read(lambda connection: connection.execute(one).first()):
                await asyncio.sleep(0.05)
        return await self.states()

    async def until_ended(self) -> dict[str, str]:
        """Wait for every message's end."""
        return await self.until(lambda states: "queued" not in states.values())


def _row(text: str, inbox: InboxId, thread: str, now: int) -> dict[str, Any]:
    return {
        "message": text,
        "conversation": f"cnv-{thread}",
        "thread": thread,
        "inbox": inbox,
        "state": "queued",
        "next_at": now,
    }


def open_bench(folder: Path, **more: Any) -> Bench:
    """A bench on a new SQLite file."""
    return Bench(store=Store.open("", folder), **more)
