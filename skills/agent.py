"""An agent's profile: what an administrator wrote about somebody who answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from skills.ids import AgentId, GroupId, HoursId, SkillId

DEFAULT_UNITS = 6.0

DEFAULT_BURST = 1.0
"""How many units a conversation that comes back to its agent may exceed the agent's (`routing.md` §7)."""


class AgentKind(Enum):
    """Whether an agent is a person or a program."""

    HUMAN = "human"
    BOT = "bot"


class Role(Enum):
    """What an agent may see and do: see ``gateway/http`` for the permissions."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent as its administrator defined it; presence and load are not here but on the board.

    ``alias`` is what colleagues see, ``public_name`` what contacts see (else the group's name);
    ``units`` is how much the agent can carry at once, ``burst`` how far what comes back may exceed it; ``caps`` limits
    how many conversations of one channel, ``max_parked`` how many parked ones. ``shift`` names the hours in which work
    is offered; ``deputies`` are asked, in this order, for what is the agent's own while the agent is not there.
    """

    id: AgentId
    name: str
    alias: str = ""
    public_name: str = ""
    kind: AgentKind = AgentKind.HUMAN
    role: Role = Role.AGENT
    groups: frozenset[GroupId] = frozenset()
    skills: Mapping[SkillId, int] = field(default_factory=dict)
    units: float = DEFAULT_UNITS
    burst: float = DEFAULT_BURST
    caps: Mapping[str, int] = field(default_factory=dict)
    max_parked: int | None = None
    shift: HoursId | None = None
    deputies: tuple[AgentId, ...] = ()
