"""An agent's presence.

May this agent receive now? From intent, reachability and shift, kept apart (`routing.md` §2).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from router.copier import Copier
from router.ids import ChannelName
from skills.ids import AgentId


class Intent(Enum):
    """What the agent chose."""

    READY = "ready"
    AWAY = "away"
    DRAINING = "draining"
    OFF = "off"


class Device(Enum):
    """What an agent is connected with; each kind has a grace of its own."""

    DESKTOP = "desktop"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One kind of device of an agent: connected, or lost since ``lost_at``."""

    device: Device
    lost_at: datetime | None = None


class Reachability(Enum):
    """What was measured: a feed is open; the grace runs; gone."""

    CONNECTED = "connected"
    LOST = "lost"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One agent's live state; ``load`` is in units and derived from the agent's conversations and open offers.

    ``channels`` are those whose conversations still come while the agent is away. ``connections`` has each kind of
    device that is connected or in its grace; any connected one counts. ``completed`` are the last conversations that
    the agent ended, in seconds since 1970, for the range of the wait. ``lane_picks`` tells of the last picks which came
    from the strict lane, the newest in the lowest bit.

    ``lost_since`` starts the grace; ``idle_since`` is when the agent last got or finished work (for longest idle);
    ``picked_at`` is when the agent was last offered or given work (for round robin); ``misses`` counts offers missed in
    a row, two make the agent ``missed`` until any desk activity.
    """

    agent: AgentId
    intent: Intent = Intent.OFF
    intent_reason: str = ""
    intent_by: str = ""
    channels: tuple[ChannelName, ...] = ()
    reachability: Reachability = Reachability.GONE
    connections: tuple[Connection, ...] = ()
    lost_since: datetime | None = None
    on_shift: bool = True
    load: float = 0.0
    idle_since: datetime | None = None
    picked_at: datetime | None = None
    misses: int = 0
    lane_picks: int = 0
    completed: tuple[int, ...] = ()

    def but(self, **changes: object) -> "Presence":
        """The same presence with some parts changed.

        Raises:
            TypeError: there is no such part.
        """
        return _copier.copy(self, changes)


_copier = Copier(Presence)
