"""What agents do about themselves and about what they are offered."""

from dataclasses import dataclass

from router.happening import Event
from router.ids import ChannelName, OfferId
from router.presence import Device, Intent
from skills.ids import AgentId


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
