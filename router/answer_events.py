"""What is answered, by people and by bots, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from router.happening import Event
from router.ids import ConversationId, MessageId
from router.message import DeliveryState, Part
from skills.ids import AgentId, GroupId


class Verdict(Enum):
    """What somebody who asked the contact, or looked, says of a message of which we cannot know."""

    ARRIVED = "arrived"
    SEND_AGAIN = "send_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReported(Event):
    """The outbox or the platform said what became of an outbound message."""

    conversation: ConversationId
    message: MessageId
    state: DeliveryState
    reason: str = ""


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
    """An agent left a note for agents only; ``mentions`` are colleagues who should look at it.

    A ``whisper`` is a supervisor's, for the owner.
    """

    conversation: ConversationId
    agent: AgentId
    message: MessageId
    parts: tuple[Part, ...]
    client_id: str = ""
    mentions: tuple[AgentId, ...] = ()
    whisper: bool = False


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
    ``to`` is the message that made it give up; ``missed``: it did not know an answer.
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
    to: MessageId | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPromised(Event):
    """The owner said "I am on it": the first-reply guard stops, the contact may be told a holding line."""

    conversation: ConversationId
    agent: AgentId
