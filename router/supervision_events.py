"""What a supervisor does (`routing.md` §18)."""

from dataclasses import dataclass
from datetime import datetime

from router.happening import Event
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
