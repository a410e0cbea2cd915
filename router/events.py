"""What can happen: a closed union, in the past tense. An event carries ``at`` (aware UTC): the core's only clock.

The gateway resolves what an event refers to before it is decided (contact, thread, the thread's last conversation), so
that `decide` never asks anybody anything, and a stored event can be replayed to the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime

from router.agent_events import AgentActive, AgentConnected, AgentLost, IntentChanged, OfferAccepted, OfferDeclined
from router.answer_events import (
    AgentReplied,
    BotReplied,
    DeliveryReported,
    DeliverySettled,
    HandoffRequested,
    NoteAdded,
    ReplyPromised,
    ReplyRevised,
    Verdict,
)
from router.contact_events import (
    ContactFacts,
    ContactLeft,
    ContactLost,
    ContactReacted,
    ContactReturned,
    ConversationRated,
    MediaFetched,
    MessageEdited,
    MessageReceived,
)
from router.conversation_events import (
    ConversationAssigned,
    ConversationBoosted,
    ConversationParked,
    ConversationReopened,
    ConversationResolved,
    ConversationResumed,
    TagsChanged,
    TransferRequested,
    WrapUpExtended,
    WrapUpFinished,
)
from router.happening import Event
from router.identity_events import ContactsMerged, ContactsSplit, Keep, Side
from router.keyed import Keyed
from router.supervision_events import (
    ConversationGivenBack,
    ConversationRequeued,
    ConversationTakenOver,
    GroupAddressed,
    QueuePaused,
    QueueResumed,
    SupervisorReplied,
)
from skills.ids import AgentId, GroupId


class TimerKind(Keyed):
    """What a timer belongs to. A conversation and an agent have one timer each: the earliest thing to come.

    A queue has one while it is paused until an instant.
    """

    CONVERSATION = "conversation"
    AGENT = "agent"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """A timer came due; ``at`` may be later than it was due for. ``subject`` is the id of what it belongs to."""

    kind: TimerKind
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigApplied(Event):
    """A new routing version is in force.

    The settings themselves are put on the board beside this event (`Board.configure`).
    """

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept(Event):
    """The safety sweep (every 5 s): must find nothing; what it finds is an alarm and is repaired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOverridden(Event):
    """Somebody opened or closed a group until an instant, and said why; ``is_open`` None takes that back."""

    group: GroupId
    is_open: bool | None
    until: datetime
    by: AgentId
    reason: str


AnyEvent = (
    MessageReceived
    | MessageEdited
    | MediaFetched
    | DeliveryReported
    | DeliverySettled
    | ReplyRevised
    | ContactReacted
    | ContactLeft
    | ContactLost
    | ContactReturned
    | OfferAccepted
    | OfferDeclined
    | AgentConnected
    | AgentLost
    | AgentActive
    | IntentChanged
    | AgentReplied
    | NoteAdded
    | BotReplied
    | HandoffRequested
    | TransferRequested
    | ConversationAssigned
    | ConversationParked
    | ConversationResumed
    | ConversationResolved
    | ConversationRated
    | ConversationReopened
    | WrapUpFinished
    | WrapUpExtended
    | ReplyPromised
    | ConversationBoosted
    | HoursOverridden
    | QueuePaused
    | QueueResumed
    | ConversationTakenOver
    | ConversationGivenBack
    | ConversationRequeued
    | SupervisorReplied
    | GroupAddressed
    | ContactsMerged
    | ContactsSplit
    | TagsChanged
    | TimerFired
    | ConfigApplied
    | Swept
)


__all__ = [
    "AgentActive",
    "AgentConnected",
    "AgentLost",
    "AgentReplied",
    "AnyEvent",
    "BotReplied",
    "ConfigApplied",
    "ContactFacts",
    "ContactLeft",
    "ContactLost",
    "ContactReacted",
    "ContactReturned",
    "ContactsMerged",
    "ContactsSplit",
    "ConversationAssigned",
    "ConversationBoosted",
    "ConversationGivenBack",
    "ConversationParked",
    "ConversationRated",
    "ConversationReopened",
    "ConversationRequeued",
    "ConversationResolved",
    "ConversationResumed",
    "ConversationTakenOver",
    "DeliveryReported",
    "DeliverySettled",
    "Event",
    "GroupAddressed",
    "HandoffRequested",
    "HoursOverridden",
    "IntentChanged",
    "Keep",
    "MediaFetched",
    "MessageEdited",
    "MessageReceived",
    "NoteAdded",
    "OfferAccepted",
    "OfferDeclined",
    "QueuePaused",
    "QueueResumed",
    "ReplyPromised",
    "ReplyRevised",
    "Side",
    "SupervisorReplied",
    "Swept",
    "TagsChanged",
    "TimerFired",
    "TimerKind",
    "TransferRequested",
    "Verdict",
    "WrapUpExtended",
    "WrapUpFinished",
]
