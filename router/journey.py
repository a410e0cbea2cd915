"""Journeys: what goes into a simulation, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from router.events import MessageReceived
from router.ids import ConversationId, EventId, InboxId
from skills.ids import AgentId, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that came in, how long its conversation would keep an agent, and how long the contact would wait.

    Both spans count only where the message begins a conversation. ``patience`` None never ends.
    """

    event: MessageReceived
    handling: timedelta
    patience: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How people and bots behave. ``drain`` is how long the run goes on after the last arrival, to empty the queues."""

    accepts_after: timedelta = timedelta(seconds=3)
    replies_after: timedelta = timedelta(seconds=15)
    bot_hands_over_after: timedelta = timedelta(seconds=15)
    drain: timedelta = timedelta(hours=36)


class Fate(Enum):
    """What became of a conversation: who is still waiting when the run ends has found nobody."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    ENDED = "ended"
    UNROUTED = "unrouted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One conversation's way.

    ``group`` is whose queue it was in last, ``rule`` what sent it there; ``waited`` counts from the opening when it
    came after hours; ``breached`` when no person had it by its due time. ``agent`` is the first who had it.
    """

    conversation: ConversationId
    event: EventId
    inbox: InboxId
    at: datetime
    group: GroupId
    rule: str
    fate: Fate
    reason: str
    agent: AgentId | None
    waited: timedelta
    breached: bool
