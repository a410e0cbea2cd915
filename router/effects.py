"""What the shell must do: a closed union, in the imperative.

All of an event's effects are committed in one transaction. Order matters: the shell writes them in the order given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from router.conversation import Conversation
from router.door import Override
from router.events import Keep, TimerKind
from router.ids import ContactId, ConversationId, EventId, MessageId, ReplyId, ThreadId
from router.message import Author, DeliveryState, Part
from router.offer import Offer
from router.pause import Pause
from router.presence import Presence
from router.reason import Reason
from router.trace import Trace
from skills.ids import AgentId, GroupId, SkillId


class Direction(Enum):
    """Whether the contact said it to us, or we to the contact (or among ourselves, a note)."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConversation:
    """Write the conversation's row; the shell refuses when the stored epoch is newer."""

    conversation: Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessage:
    """Write a message into the thread under the next ``seq``. ``note`` is for agents only and never delivered.

    ``mentions`` are the agents whom a note asks to look. A note that is a ``whisper`` is for the owner and kept
    in view.
    """

    id: MessageId
    conversation: ConversationId
    direction: Direction
    author: Author
    parts: tuple[Part, ...]
    at: datetime
    note: bool = False
    client_id: str = ""
    mentions: tuple[AgentId, ...] = ()
    whisper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseMessage:
    """Replace a message's parts (an edit); the shell keeps the earlier text."""

    id: MessageId
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelivery:
    """Write what became of an outbound message."""

    id: MessageId
    conversation: ConversationId
    state: DeliveryState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Put a recorded message into the outbox, behind the conversation's earlier ones."""

    message: MessageId
    conversation: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverAgain:
    """Put a message that is unverified or was rejected into the outbox once more: somebody answers for that."""

    message: MessageId
    conversation: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverEdit:
    """Let the contact have the present words of a message that was sent with others."""

    message: MessageId
    conversation: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellContact:
    """Render a prepared reply, record it as a message of the system (or bot) and deliver it.

    The shell renders ``reply`` in the language that fits the conversation; ``message`` is the id to record it under.
    ``position`` counts from 1. ``wait`` is how long it will probably take, ``wait_most`` how long at most in four cases
    of five; None when too little was measured: then ``usually`` says what the priority promises. ``choices`` are the
    values of buttons that go with it; their labels are the shell's.
    """

    conversation: ConversationId
    reply: ReplyId
    message: MessageId
    at: datetime
    language: str
    group: GroupId
    next_open_at: datetime | None = None
    position: int | None = None
    wait: timedelta | None = None
    wait_most: timedelta | None = None
    usually: timedelta | None = None
    choices: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOffer:
    """Write an offer's row: a new open one, or how an open one ended."""

    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPresence:
    """Write an agent's presence and load; the store holds load within units by a check."""

    presence: Presence
    units: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOverride:
    """Write what somebody decided about a group's hours, in place of what was decided before."""

    override: Override


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPause:
    """Write that a group's queue is paused, in place of what was written before; ``pause`` None: that it is not."""

    group: GroupId
    pause: Pause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMerge:
    """Make everything of the ``other``'s the ``survivor``'s, and remember how it was; ``merge`` names it."""

    merge: EventId
    survivor: ContactId
    other: ContactId
    by: str
    because: str
    keep: Keep
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSplit:
    """Undo a merge: profiles as they were but for later changes, the ``threads`` the ``other``'s again."""

    merge: EventId
    survivor: ContactId
    other: ContactId
    threads: tuple[ThreadId, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBot:
    """Give a message to a bot; its answer comes back as `BotReplied` or `HandoffRequested` with this epoch.

    ``message`` is empty when the conversation itself is given to the bot: by a person whose part has ended, or by
    another bot. ``elsewhere`` is where triage would send a message that may be the answer to the bot's question, and
    ``requires`` what it would ask for. ``is_aside``: people have the conversation, the bot may help while they wait.
    """

    conversation: ConversationId
    bot: AgentId
    epoch: int
    message: MessageId
    elsewhere: GroupId | None = None
    requires: Mapping[SkillId, int] = field(default_factory=dict)
    is_aside: bool = False


class DeskWord(Enum):
    """What the desk is told; the shell turns each into a feed frame with the current row."""

    CONVERSATION = "conversation"
    MESSAGE = "message"
    OFFER = "offer"
    OFFER_ENDED = "offer_ended"
    PRESENCE = "presence"
    NUDGE = "nudge"
    ALARM = "alarm"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDesk:
    """Tell the desk about a change. ``agent`` narrows it to one agent; else everyone who may see ``conversation``.

    ``subject`` is the id of what changed: a conversation's, a message's, an offer's, an agent's. ``why`` is that of a
    nudge or an alarm. An announcement is for the agents of the group ``subject``, and ``why`` is what it says.
    """

    word: DeskWord
    subject: str
    conversation: ConversationId | None = None
    agent: AgentId | None = None
    text: str = ""
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Let `TimerFired` happen at ``at``, in place of the subject's earlier timer."""

    kind: TimerKind
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer:
    """Forget the subject's timer."""

    kind: TimerKind
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTrace:
    """Store the reasons of a decision."""

    trace: Trace


class Measurement(Enum):
    """What is measured: see ``interfaces.md`` §5."""

    FIRST_RESPONSE_SECONDS = "first_response_seconds"
    QUEUE_WAIT_SECONDS = "queue_wait_seconds"
    OFFERS = "offers"
    INVARIANT_BREACHES = "invariant_breaches"
    ABANDONED = "abandoned"
    ABANDONED_SHORT = "abandoned_short"
    SLA = "sla"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Add to a metric. ``label`` is the group, the offer's outcome, or the invariant's name.

    ``further`` are the labels that a metric has beside it: of an SLA the clock and the outcome.
    """

    what: Measurement
    label: str
    value: float = 1.0
    further: tuple[str, ...] = ()


Effect = (
    RecordConversation
    | RecordMessage
    | ReviseMessage
    | RecordDelivery
    | Deliver
    | DeliverAgain
    | DeliverEdit
    | TellContact
    | RecordOffer
    | RecordPresence
    | RecordOverride
    | RecordPause
    | RecordMerge
    | RecordSplit
    | AskBot
    | TellDesk
    | StartTimer
    | CancelTimer
    | RecordTrace
    | Measure
)
