"""What a supervisor does (`routing.md` §18)."""

from dataclasses import dataclass
from datetime import datetime

from router.happening import Event
from router.ids import ConversationId, MessageId
from router.message import Part
from skills.ids import AgentId, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePaused(Event):
    """Somebody paused a group's queue, until an instant or until it is resumed, and said why."""

    group: GroupId
    by: AgentId
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueResumed(Event):
    """Somebody let a paused queue go on."""

    group: GroupId
    by: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationTakenOver(Event):
    """A supervisor made a conversation the own, wherever it was, and said why."""

    conversation: ConversationId
    by: AgentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationGivenBack(Event):
    """A supervisor gave back what was taken over."""

    conversation: ConversationId
    by: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRequeued(Event):
    """A supervisor put a conversation back into the queue, from the agent who has it, and said why."""

    conversation: ConversationId
    by: AgentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorReplied(Event):
    """A supervisor answered the contact beside the owner, who keeps the conversation."""

    conversation: ConversationId
    by: AgentId
    message: MessageId
    parts: tuple[Part, ...]
    client_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAddressed(Event):
    """A supervisor told a whole group something."""

    group: GroupId
    by: AgentId
    text: str
