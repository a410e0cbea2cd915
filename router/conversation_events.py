"""What is decided about a conversation: whose it is, whether it rests, how it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from router.conversation import Conversation
from router.happening import Event
from router.ids import ConversationId, MessageId, PriorityTag, Tag
from skills.ids import AgentId, GroupId


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
class ConversationBoosted(Event):
    """Somebody moved a waiting conversation forwards, and said why: by ``earlier``, or to the top without it."""

    conversation: ConversationId
    by: AgentId
    reason: str
    earlier: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsChanged(Event):
    """Somebody changed a conversation's tags, or its priority (when set)."""

    conversation: ConversationId
    by: AgentId
    add: tuple[Tag, ...] = ()
    remove: tuple[Tag, ...] = ()
    priority: PriorityTag | None = None
