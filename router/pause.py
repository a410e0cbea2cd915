"""Pause: somebody stopped a group's queue for a while; nothing that waits there is offered to anybody meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from router.reason import Code, Reason
from skills.ids import AgentId, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """One group's queue is paused from ``since``, until somebody resumes it or ``until``; ``by`` whom and why."""

    group: GroupId
    since: datetime
    until: datetime | None
    by: AgentId
    reason: str

    @property
    def why(self) -> Reason:
        """Why a conversation in this queue waits on."""
        return Reason(Code.PAUSED, (self.by, self.reason))
