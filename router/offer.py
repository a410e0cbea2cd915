"""An offer: a timed proposal of one conversation to one agent."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from router.ids import ConversationId, OfferId
from skills.ids import AgentId, GroupId


class OfferState(Enum):
    """How an offer ended, or that it has not: `routing.md` §9."""

    OPEN = "open"
    ACCEPTED = "accepted"
    AUTO = "auto"
    DECLINED = "declined"
    EXPIRED = "expired"
    RESCINDED = "rescinded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One proposal.

    ``units`` are reserved on the agent while it is open. ``reason`` is why it was declined or rescinded.
    ``from_agent`` is set for a transfer to this agent: on failure the conversation returns there.
    """

    id: OfferId
    conversation: ConversationId
    agent: AgentId
    group: GroupId
    units: float
    offered_at: datetime
    expires_at: datetime | None
    state: OfferState = OfferState.OPEN
    reason: str = ""
    from_agent: AgentId | None = None
