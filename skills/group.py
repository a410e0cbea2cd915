"""A skill group: who serves a queue, and how its circle widens as waiting grows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from skills.ids import AgentId, GroupId, HoursId, SkillId
from skills.skill import Requirement


class GroupKind(Enum):
    """Who answers in a group: people, or one bot."""

    HUMAN = "human"
    BOT = "bot"


class Pick(Enum):
    """How the best of several eligible agents is chosen; ties break by idle time, then id."""

    LONGEST_IDLE = "longest_idle"
    LEAST_LOADED = "least_loaded"
    BEST_SKILL = "best_skill"
    ROUND_ROBIN = "round_robin"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxStep:
    """From ``after`` (since the conversation entered waiting) on, ask less of the agent.

    A step may only add agents, never remove any: ``drop`` gives up soft needs, ``requires`` lowers levels, ``add`` lets
    further groups answer. ``priority`` is the class it has from then on, if that answers sooner.
    """

    after: timedelta
    drop: frozenset[SkillId] = frozenset()
    requires: Mapping[SkillId, int] | None = None
    add: tuple[GroupId, ...] = ()
    priority: str = ""


class OverflowWhen(Enum):
    """What brings an overflow about, if not the time that was waited."""

    CLOSED = "closed"
    NO_SKILLED_AGENT_ON_SHIFT = "no_skilled_agent_on_shift"
    LONG_QUEUE = "long_queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverflowStep:
    """From ``after`` (since the conversation entered waiting) on, ``to`` may answer too; home keeps it.

    With ``when`` it is that condition instead, for good once it was met. A queue of more than ``longer_than`` is long.
    Without ``to`` the contact is offered to be called back.
    """

    after: timedelta = timedelta()
    to: GroupId | None = None
    when: OverflowWhen | None = None
    longer_than: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A skill group as its administrator defined it.

    ``name`` maps language → display name; ``bot`` is set when ``kind`` is BOT. ``requirement`` holds
    ``requires`` (hard) and ``prefers`` (soft). ``relax`` and ``overflow`` are sorted by ``after``.
    """

    id: GroupId
    name: Mapping[str, str]
    kind: GroupKind = GroupKind.HUMAN
    bot: AgentId | None = None
    hours: HoursId | None = None
    requirement: Requirement = Requirement()
    pick: Pick = Pick.LONGEST_IDLE
    relax: tuple[RelaxStep, ...] = ()
    overflow: tuple[OverflowStep, ...] = ()
