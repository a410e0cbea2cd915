"""What crosses the engine's mailbox: what came in, who waits for it, and what became of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from adapters.contract import AnyInbound, Edited, Wrote
from router.board import Board
from router.conversation import Conversation
from router.effects import Effect
from router.errors import Refused
from router.events import AnyEvent, ConfigApplied
from router.ids import ChannelName, ConversationId, InboxId, MessageId
from router.settings import Settings

Decide = Callable[[Board, AnyEvent], tuple[Effect, ...]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A happening that an adapter understood, before anybody knows whose it is.

    ``delivery_key`` is what the store remembers for ever, so that a second delivery is dropped. ``message_key`` and
    ``album`` are the platform's names of the message that it brings, and of the album that this belongs to.
    """

    inbox: InboxId
    channel: ChannelName
    inbound: AnyInbound
    delivery_key: str = field(init=False)
    message_key: str | None = field(init=False, default=None)
    album: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Note the names once: a batch asks for them many times."""
        inbound = self.inbound
        object.__setattr__(self, "delivery_key", f"{self.inbox}/{inbound.delivery_key}")
        if isinstance(inbound, (Wrote, Edited)):
            object.__setattr__(self, "message_key", inbound.message_key or None)
            if type(inbound) is Wrote:
                object.__setattr__(self, "album", inbound.album or None)


@dataclass(frozen=True, slots=True)
class Reconfiguration:
    """Other settings, to be put in force by the event."""

    event: ConfigApplied
    settings: Settings


Work = AnyEvent | Arrival | Reconfiguration


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What was committed: the revision, and the effects in their order.

    ``feed_seq`` is the number under which the desk is told (the last one, when there is nothing to tell).
    ``conversations`` are the rows as they are now. ``sequences`` are the numbers that messages got in their threads.
    ``message`` is the stored message of an answer or a note: an earlier one when its ``client_id`` came before.
    """

    rev: int
    feed_seq: int
    effects: tuple[Effect, ...] = ()
    conversations: Mapping[ConversationId, Conversation] = field(default_factory=dict)
    sequences: Mapping[MessageId, int] = field(default_factory=dict)
    message: MessageId | None = None


class Quarantined(Exception):
    """An event failed again and again by itself: it is kept, set aside and alarmed about, and changed nothing."""


@dataclass(slots=True, eq=False)
class Item:
    """One piece of work and who waits for it.

    ``id`` is an arrival's event, once it has one. ``attempts`` counts how often the work failed alone.
    """

    work: Work
    waiter: "asyncio.Future[Committed]"
    id: str = ""
    attempts: int = 0

    @property
    def event_id(self) -> str:
        """The event's id; empty for an arrival that has none yet, or that came before."""
        work = self.work
        if isinstance(work, Arrival):
            return self.id
        return work.event.id if isinstance(work, Reconfiguration) else work.id

    @property
    def delivery_key(self) -> str | None:
        """The key of a delivery by a platform; None for everything else."""
        return self.work.delivery_key if type(self.work) is Arrival else None


@dataclass(slots=True)
class Outcome:
    """What one transaction did: ``results`` in the order of its items, and the whole for the listeners."""

    results: list[Committed | Refused]
    whole: Committed | None
    settings: Settings | None = None
