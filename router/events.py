"""What can happen: a closed union, in the past tense. An event carries ``at`` (aware UTC): the core's only clock.

The gateway resolves what an event refers to before it is decided (contact, thread, the thread's last conversation), so
that `decide` never asks anybody anything, and a stored event can be replayed to the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from router.conversation import Conversation, LastAnswer
from router.ids import (
    ChannelName,
    ContactId,
    ConversationId,
    EventId,
    InboxId,
    MessageId,
    OfferId,
    PriorityTag,
    Tag,
    ThreadId,
)
from router.message import DeliveryState, Part
from router.presence import Device, Intent
from skills.ids import AgentId, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has."""

    id: EventId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What triage may know of the person who writes; ``is_returning`` when an earlier conversation exists."""

    id: ContactId
    name: str = ""
    language: str = ""
    tags: frozenset[Tag] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_returning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """A contact wrote, pressed a button, or came in by an entry (``parts`` may be empty then).

    ``new_conversation`` is the id to use if one must be created. ``previous`` is the thread's newest conversation
    when none is open on the board, for the reopen window; ``last_answer`` is for stickiness. ``language`` is what
    the channel or the widget said, empty when unknown. ``tags`` are those that a conversation begins with.
    ``announcements`` is how many automatic messages the channel bears until the contact writes again, without touching
    what is kept for people; None is no limit.
    """

    thread: ThreadId
    contact: ContactFacts
    inbox: InboxId
    channel: ChannelName
    message: MessageId
    parts: tuple[Part, ...]
    new_conversation: ConversationId
    entry: str = ""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()
    previous: Conversation | None = None
    last_answer: LastAnswer | None = None
    announcements: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    """A contact edited an earlier message."""

    conversation: ConversationId
    message: MessageId
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFetched(Event):
    """A file of a contact's message was fetched, or never will be; the message's row says so already."""

    conversation: ConversationId
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReported(Event):
    """The outbox or the platform said what became of an outbound message."""

    conversation: ConversationId
    message: MessageId
    state: DeliveryState
    reason: str = ""


class Verdict(Enum):
    """What somebody who asked the contact, or looked, says of a message of which we cannot know."""

    ARRIVED = "arrived"
    SEND_AGAIN = "send_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettled(Event):
    """An agent said what became of an unverified message, or wants a refused one sent again."""

    conversation: ConversationId
    agent: AgentId
    message: MessageId
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRevised(Event):
    """An agent put other words in the place of an answer that was given; ``epoch`` as in `AgentReplied`."""

    conversation: ConversationId
    agent: AgentId
    message: MessageId
    parts: tuple[Part, ...]
    epoch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReacted(Event):
    """A contact put a sign under a message; ``message`` is the id under which that is noted."""

    conversation: ConversationId
    contact: ContactId
    message: MessageId
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLeft(Event):
    """A contact blocked us, unfollowed, or closed the widget for good."""

    thread: ThreadId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLost(Event):
    """The contact's own connection broke (a closed page); told only while nobody has answered."""

    thread: ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReturned(Event):
    """The contact's connection is there again."""

    thread: ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAccepted(Event):
    """An agent accepted an offer."""

    offer: OfferId
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDeclined(Event):
    """An agent declined an offer, with a reason."""

    offer: OfferId
    agent: AgentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConnected(Event):
    """An agent's first feed of this kind of device opened."""

    agent: AgentId
    device: Device = Device.DESKTOP


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLost(Event):
    """An agent's last feed of this kind of device closed or fell silent; without ``device``, of every kind.

    The grace starts when no kind is left.
    """

    agent: AgentId
    device: Device | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentActive(Event):
    """An agent did something at the desk; clears ``missed``. Sent only while the agent is missed."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentChanged(Event):
    """Somebody set an agent's intent; ``by`` is the agent's own login or a supervisor's.

    ``channels`` are those whose conversations come even while the agent is away ("in a meeting" still takes mail).
    """

    agent: AgentId
    intent: Intent
    reason: str = ""
    by: str = ""
    channels: tuple[ChannelName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReplied(Event):
    """An agent answered, visibly for the contact. ``epoch`` is what the desk knew: a stale one is refused.

    ``epoch`` None skips the check (an answer typed on another surface takes ownership, `routing.md` §15).
    """

    conversation: ConversationId
    agent: AgentId
    message: MessageId
    parts: tuple[Part, ...]
    epoch: int | None = None
    client_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    """An agent left a note for agents only."""

    conversation: ConversationId
    agent: AgentId
    message: MessageId
    parts: tuple[Part, ...]
    client_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotReplied(Event):
    """A bot answered; dropped when the owner has changed since it was asked (``epoch``).

    ``to`` is the message that is answered (empty: the conversation was given to the bot; None: all that it was asked).
    Without ``parts`` the bot has nothing to say. ``memory`` is what the bot wants to find next time, ``fields`` what it
    has learnt; ``awaits`` when it asked something. ``missed``: it did not know an answer.
    """

    conversation: ConversationId
    bot: AgentId
    epoch: int
    message: MessageId
    parts: tuple[Part, ...]
    to: MessageId | None = None
    memory: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    awaits: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRequested(Event):
    """A bot gave up or was asked for a person: the start of the human clocks. ``group`` None keeps the current one.

    ``parts`` are a bot's last words, recorded as ``message``, before it hands over; ``summary`` is for the agent.
    """

    conversation: ConversationId
    by: str
    reason: str
    group: GroupId | None = None
    requires: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    epoch: int | None = None
    message: MessageId | None = None
    parts: tuple[Part, ...] = ()
    summary: str = ""
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequested(Event):
    """An agent gave a conversation on, with a note. Exactly one of ``to_agent`` and ``to_group`` is set.

    ``note`` is the id under which the note's text is recorded.
    """

    conversation: ConversationId
    by: AgentId
    note: MessageId
    note_text: str
    to_agent: AgentId | None = None
    to_group: GroupId | None = None
    epoch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAssigned(Event):
    """Somebody gave a conversation to an agent directly (own pull or a supervisor's hand).

    Beyond units only with ``may_exceed``.
    """

    conversation: ConversationId
    agent: AgentId
    by: AgentId
    may_exceed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationParked(Event):
    """The owner waits for the contact or for a date."""

    conversation: ConversationId
    by: AgentId
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationResumed(Event):
    """The owner took a parked conversation up again."""

    conversation: ConversationId
    by: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationResolved(Event):
    """Somebody ended a conversation; ``by`` is an agent's login, or empty when the contact ended it.

    ``disposition`` and the note (recorded under ``note``) are what the group may require.
    """

    conversation: ConversationId
    by: str
    reason: str = "resolved"
    disposition: str = ""
    note: MessageId | None = None
    note_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRated(Event):
    """A contact said how an ended conversation went: ``stars`` from 1 to 5, perhaps with words.

    ``message`` is the id of the line that tells the desk; ``is_again``: that line is there, and is changed.
    """

    conversation: ConversationId
    message: MessageId
    stars: int
    text: str = ""
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReopened(Event):
    """An agent took a resolved conversation up again.

    ``previous`` is it, loaded; refused when the thread has an open one.
    """

    conversation: ConversationId
    by: AgentId
    previous: Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpFinished(Event):
    """An agent ended wrap-up early; ``disposition`` and the note are what the group may require."""

    conversation: ConversationId
    agent: AgentId
    disposition: str = ""
    note: MessageId | None = None
    note_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpExtended(Event):
    """An agent needs the time for wrap-up once more."""

    conversation: ConversationId
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPromised(Event):
    """The owner said "I am on it": the first-reply guard stops, the contact may be told a holding line."""

    conversation: ConversationId
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationBoosted(Event):
    """Somebody moved a waiting conversation forwards, and said why: by ``earlier``, or to the top without it."""

    conversation: ConversationId
    by: AgentId
    reason: str
    earlier: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOverridden(Event):
    """Somebody opened or closed a group until an instant, and said why; ``is_open`` None takes that back."""

    group: GroupId
    is_open: bool | None
    until: datetime
    by: AgentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsChanged(Event):
    """Somebody changed a conversation's tags, or its priority (when set)."""

    conversation: ConversationId
    by: AgentId
    add: tuple[Tag, ...] = ()
    remove: tuple[Tag, ...] = ()
    priority: PriorityTag | None = None


class TimerKind(Enum):
    """What a timer belongs to. A conversation and an agent have one timer each: the earliest thing to come."""

    CONVERSATION = "conversation"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """A timer came due; ``at`` may be later than it was due for. ``subject`` is a conversation's or an agent's id."""

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
    | TagsChanged
    | TimerFired
    | ConfigApplied
    | Swept
)
