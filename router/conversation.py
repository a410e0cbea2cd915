"""A conversation: one service episode inside a thread, with its queue, owner, priority and clocks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from router.clocks import Clock
from router.copier import Copier
from router.ids import ChannelName, ContactId, ConversationId, InboxId, MessageId, PriorityTag, Tag, ThreadId
from router.keyed import Keyed
from skills.ids import AgentId, GroupId
from skills.skill import Requirement


class State(Keyed):
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


MOMENT = timedelta(microseconds=1)


def given_elsewhere(answer: LastAnswer | None, since: datetime) -> LastAnswer | None:
    """The same answer as a conversation since then has it that it was not given in: before it began.

    One person may have two conversations, so that an answer in one is no older than the other.
    """
    if answer is None or answer.at < since:
        return answer
    return LastAnswer(agent=answer.agent, group=answer.group, at=since - MOMENT)


class Wish(Enum):
    """What a waiting contact chose instead of waiting; ``stay`` and ``cancel`` leave no wish behind."""

    MESSAGE = "leave_message"
    CALL_BACK = "call_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How the contact waits: what was said, asked and wished meanwhile. All instants are aware UTC.

    ``told_position`` is the last that was announced. ``budget`` is how many announcements the channel still bears until
    the contact writes again; None is no limit. ``offered_menu_at`` is when the menu went out, ``asked_at`` when "still
    there?" did. A ``wish`` is due at ``wish_due_at``, whatever the priority. ``lost_at`` is when the contact's own
    connection broke; from ``pending_since`` on the conversation is not offered until the contact is back.
    """

    told_position: int | None = None
    budget: int | None = None
    offered_menu_at: datetime | None = None
    asked_at: datetime | None = None
    wish: Wish | None = None
    wish_due_at: datetime | None = None
    lost_at: datetime | None = None
    pending_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSide:
    """What bots know of a conversation, so that nobody is asked twice for the same thing.

    ``memory`` is the own form of the bot ``of``, which alone reads it. ``fields`` are what was learnt, for people too.
    ``asked`` are the messages that the bot still owes an answer, the oldest first; one without a name is the
    conversation itself, given to the bot. ``rounds`` counts them since a person last answered. ``awaits``: the bot has
    asked something, so that the next message is an answer to it. ``reason`` and ``summary`` are those of the last
    handoff, ``by`` who made it.
    """

    of: str = ""
    memory: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    asked: tuple[MessageId, ...] = ()
    rounds: int = 0
    awaits: bool = False
    by: str = ""
    reason: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything the core remembers of a conversation. All instants are aware UTC.

    ``requirement`` is the group's plus what triage added. ``entered_waiting_at`` survives transfer, requeue,
    overflow, a lost agent and a restart. ``unanswered_since`` is the first contact message that no person has
    answered yet. ``epoch`` rises with every change of owner. ``boost`` moves ``due_at`` earlier; a hand's has an author
    and a reason (``boosted_by``, ``boosted_because``). ``is_urgent`` puts it into the strict lane.
    ``acknowledged_window`` is the closed window in which the after-hours reply went out. ``preferred`` has a head
    start until ``preferred_until``; ``deputies`` are who is preferred after that.

    ``overflowed`` are groups that a condition has added for good. ``moves`` are the transfers between groups, as pairs.
    ``is_idle``: the contact has been silent for long, it weighs less. ``promised_at``: an agent said "I am on it".
    ``disposition`` is what an agent put it down as. ``code`` is the name of the direct code that the contact brought.

    Three more clocks of waiting: ``due_from`` is where ``due_at`` and the widening steps count from (the opening, when
    it came after hours); ``queued_at`` is when it last came into the queue, for what the contact is told;
    ``asked_bot_at`` runs while a bot owes an answer. ``bot`` is what bots know and have learnt. ``clocks`` are what
    people are held to, where the file has targets. ``taken_from`` is who had it before its owner, a supervisor, took it
    over.
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
    code: str = ""
    requirement: Requirement = Requirement()
    entered_waiting_at: datetime | None = None
    due_from: datetime | None = None
    queued_at: datetime | None = None
    due_at: datetime | None = None
    boost: timedelta = timedelta()
    boosted_by: str = ""
    boosted_because: str = ""
    is_urgent: bool = False
    held_until: datetime | None = None
    acknowledged_window: datetime | None = None
    preferred: AgentId | None = None
    preferred_until: datetime | None = None
    deputies: tuple[AgentId, ...] = ()
    overflowed: tuple[GroupId, ...] = ()
    moves: tuple[tuple[GroupId, GroupId], ...] = ()
    patience: Patience = Patience()
    excluded: tuple[Exclusion, ...] = ()
    hops: int = 0
    misses: int = 0
    assigned_at: datetime | None = None
    nudged: bool = False
    promised_at: datetime | None = None
    is_idle: bool = False
    last_answer: LastAnswer | None = None
    unanswered_since: datetime | None = None
    last_contact_at: datetime | None = None
    asked_bot_at: datetime | None = None
    last_told_at: datetime | None = None
    times_told: int = 0
    reminded: bool = False
    parked_until: datetime | None = None
    wrap_up_until: datetime | None = None
    wrap_up_extended: bool = False
    disposition: str = ""
    resolved_at: datetime | None = None
    resolved_because: str = ""
    bot: BotSide = BotSide()
    clocks: tuple[Clock, ...] = ()
    taken_from: Owner | None = None

    def but(self, **changes: object) -> "Conversation":
        """The same conversation with some fields changed; the state only by ``router/lifecycle.py``.

        Raises:
            TypeError: there is no such field.
        """
        return _copier.copy(self, changes)


_copier = Copier(Conversation)
