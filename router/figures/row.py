"""Rows: what can be counted, one value for each time it happened. All instants are aware UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from router.clocks import ClockKind
from router.conversation import Conversation
from router.ids import ChannelName, ConversationId, PriorityTag, ThreadId
from router.offer import OfferState
from skills.ids import AgentId, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which conversation a row tells of, and where that was then."""

    conversation: ConversationId
    thread: ThreadId
    group: GroupId
    channel: ChannelName
    priority: PriorityTag


def place_of(conversation: Conversation) -> Place:
    """Where a conversation is now."""
    return Place(
        conversation=conversation.id,
        thread=conversation.thread,
        group=conversation.group,
        channel=conversation.channel,
        priority=conversation.priority,
    )


class VisitEnd(Enum):
    """How a visit ended: ``left`` is for another group, a bot, or an end without anybody; ``open`` is not at all."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    ABANDONED_SHORT = "abandoned_short"
    LEFT = "left"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A conversation in a group's queue, however often it came there.

    ``waited`` is until a person of any group took it from there, or until now; ``waited_again`` is what it waited after
    that, coming back. Waiting counts while the group is open: who came after hours waits from the opening.
    ``agent`` is the first who took it, at the widening ``step``.
    """

    place: Place
    at: datetime
    waited: timedelta
    waited_again: timedelta
    end: VisitEnd
    agent: AgentId | None
    step: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A person's message to a contact who waited for one since ``at``; ``is_first`` in its conversation.

    ``open_for`` is how much of ``waited`` the group was open, by its hours.
    """

    place: Place
    at: datetime
    waited: timedelta
    open_for: timedelta
    agent: AgentId
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """A conversation in an agent's hands, from ``at`` on.

    ``reacted_after`` is until the agent's first message; ``owned`` is without what was parked, ``wrapped`` is wrap-up.
    """

    place: Place
    at: datetime
    agent: AgentId
    reacted_after: timedelta | None
    owned: timedelta
    parked: timedelta
    wrapped: timedelta
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A conversation that began ``at`` and was closed, with what is known of it by then.

    ``lasted`` is the time in which it was open and not with a bot, ``parked`` the part of it in which it rested.
    ``hops`` are its transfers, ``has_bounced`` when one of them undid another. ``was_answered`` by a person. ``agent``
    ended it. ``came_again``: the contact came with the same topic within three days; None while that can still happen.
    """

    place: Place
    at: datetime
    agent: AgentId | None
    lasted: timedelta
    parked: timedelta
    hops: int
    has_bounced: bool
    was_answered: bool
    came_again: bool | None
    stars: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An offer that has ended, made ``at``."""

    place: Place
    at: datetime
    agent: AgentId
    end: OfferState


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A transfer: the agent who gave it away, and the group it was in."""

    place: Place
    at: datetime
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Some time in which an agent could receive and nothing changed: so many ``active``, ``load`` of ``units``."""

    at: datetime
    until: datetime
    agent: AgentId
    load: float
    units: float
    active: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Something that was owed under a target since ``at``; ``is_met`` None while it is neither met nor breached.

    ``agent`` had the conversation when it was decided.
    """

    place: Place
    at: datetime
    kind: ClockKind
    is_met: bool | None
    agent: AgentId | None


Row = Deadline | Visit | Response | Tenure | Closing | Proposal | Passing | Spell
"""Anything that can be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All that was counted, each kind by the order in which it came about."""

    visits: tuple[Visit, ...] = ()
    responses: tuple[Response, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    closings: tuple[Closing, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    passings: tuple[Passing, ...] = ()
    spells: tuple[Spell, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
