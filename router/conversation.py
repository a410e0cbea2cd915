"""A conversation: one service episode inside a thread, with its queue, owner, priority and clocks."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from operator import attrgetter

from router.ids import ChannelName, ContactId, ConversationId, InboxId, PriorityTag, Tag, ThreadId
from skills.ids import AgentId, GroupId
from skills.skill import Requirement


class State(Enum):
    """Where a conversation stands; it changes only through the table in ``router/lifecycle.py``."""

    BOT = "bot"
    WAITING = "waiting"
    OFFERED = "offered"
    ACTIVE = "active"
    PARKED = "parked"
    WRAPPING = "wrapping"
    RESOLVED = "resolved"


class OwnerKind(Enum):
    """Who must answer now: nobody yet (the queue), a bot, or a person."""

    QUEUE = "queue"
    BOT = "bot"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who must answer now; ``id`` is a group's for a queue, else an agent's."""

    kind: OwnerKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A cool-down: this agent is not offered this conversation until then, unless nobody else is eligible.

    A strict one holds even then: whoever gave a conversation away does not get it back at once.
    """

    agent: AgentId
    until: datetime
    is_strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAnswer:
    """Who last answered this contact in a group: stickiness is earned by a human reply (`routing.md` §8)."""

    agent: AgentId
    group: GroupId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything the core remembers of a conversation. All instants are aware UTC.

    ``requirement`` is the group's plus what triage added. ``entered_waiting_at`` survives transfer, requeue,
    overflow, a lost agent and a restart. ``unanswered_since`` is the first contact message that no person has
    answered yet. ``epoch`` rises with every change of owner. ``boost`` moves ``due_at`` earlier.
    ``acknowledged_window`` is the closed window in which the after-hours reply went out. ``preferred`` has a head
    start until ``preferred_until``.

    Three more clocks of waiting: ``due_from`` is where ``due_at`` and the widening steps count from (the opening, when
    it came after hours); ``queued_at`` is when it last came into the queue, for what the contact is told;
    ``asked_bot_at`` runs while a bot owes an answer.
    """

    id: ConversationId
    thread: ThreadId
    contact: ContactId
    inbox: InboxId
    channel: ChannelName
    group: GroupId
    state: State
    owner: Owner
    epoch: int
    priority: PriorityTag
    created_at: datetime
    language: str = ""
    tags: tuple[Tag, ...] = ()
    entry: str = ""
    requirement: Requirement = Requirement()
    entered_waiting_at: datetime | None = None
    due_from: datetime | None = None
    queued_at: datetime | None = None
    due_at: datetime | None = None
    boost: timedelta = timedelta()
    held_until: datetime | None = None
    acknowledged_window: datetime | None = None
    preferred: AgentId | None = None
    preferred_until: datetime | None = None
    excluded: tuple[Exclusion, ...] = ()
    hops: int = 0
    misses: int = 0
    assigned_at: datetime | None = None
    nudged: bool = False
    last_answer: LastAnswer | None = None
    unanswered_since: datetime | None = None
    last_contact_at: datetime | None = None
    asked_bot_at: datetime | None = None
    last_told_at: datetime | None = None
    times_told: int = 0
    reminded: bool = False
    parked_until: datetime | None = None
    wrap_up_until: datetime | None = None
    resolved_at: datetime | None = None
    resolved_because: str = ""

    def but(self, **changes: object) -> "Conversation":
        """The same conversation with some fields changed; the state only by ``router/lifecycle.py``.

        As `dataclasses.replace`, at half its cost: every decision makes two or three of these.

        Raises:
            TypeError: there is no such field.
        """
        changed: Conversation = object.__new__(Conversation)
        for write, value in zip(_WRITERS, _READ(self), strict=True):
            write(changed, value)
        for name, value in changes.items():
            if name not in _WRITER:
                raise TypeError(f"a conversation has no {name}")
            _WRITER[name](changed, value)
        return changed


_NAMES = tuple(field.name for field in fields(Conversation))
_READ = attrgetter(*_NAMES)
_WRITER = {name: getattr(Conversation, name).__set__ for name in _NAMES}
_WRITERS = tuple(_WRITER.values())
