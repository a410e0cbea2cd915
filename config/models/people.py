"""``agents.yaml`` as it is written."""

from typing import Annotated, Literal

from pydantic import Field

from config.models.bots import BotSection
from config.models.section import Id, Levels, Section, Word


class AgentSection(Section):
    """Somebody who answers; the key is the login. Passwords are not in files."""

    name: Word
    """The person's name."""
    alias: str = ""
    """What colleagues see."""
    public_name: str = ""
    """What contacts see; else they see the group's name."""
    role: Literal["agent", "supervisor", "admin", "outside"] = "agent"
    """What the agent may see and do; outside: only own conversations, with masked contact data."""
    groups: list[Id] = []
    """The groups that the agent answers for."""
    skills: Levels = {}
    """Skills with levels from 1 to 5."""
    units: Annotated[float, Field(ge=0, le=1000)] = 6
    """How much the agent can carry at once."""
    burst: Annotated[float, Field(ge=0, le=1000)] = 1
    """How far a conversation that comes back may exceed the units."""
    caps: dict[Id, Annotated[int, Field(ge=0, le=1000)]] = {}
    """How many conversations of a channel at once."""
    max_parked: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """How many parked conversations; without it, any number."""
    deputies: list[Id] = []
    """Who is asked, in this order, for what is this agent's own (`sticky: {owner: hard}`) while the agent is away."""
    shift: Id | None = None
    """The hours in which the agent is offered work; without it, always."""


class AgentsFile(Section):
    """Who answers."""

    agents: dict[Id, AgentSection] = {}
    """People by login."""
    bots: dict[Id, BotSection] = {}
    """Programs by id."""
