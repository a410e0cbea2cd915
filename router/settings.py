"""What an administrator decided, as frozen values: the core's whole configuration.

``config`` builds it from YAML; the core never sees a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from router.ids import PriorityTag, ReplyId
from router.triage import Triage
from skills.agent import Agent
from skills.group import Group
from skills.hours import Hours
from skills.ids import AgentId, GroupId, HoursId, SkillId

NORMAL = PriorityTag("normal")
"""The priority that must exist."""


class OfferMode(Enum):
    """How a conversation comes to an agent: `routing.md` §9."""

    AUTO = "auto"
    ACCEPT = "accept"
    BROADCAST = "broadcast"


class Stickiness(Enum):
    """Whether the agent who answered last is preferred: `routing.md` §8."""

    OFF = "off"
    SOFT = "soft"
    HARD = "hard"


class AfterHours(Enum):
    """What a closed group does with a conversation: `routing.md` §14."""

    HOLD = "hold"
    BOT = "bot"
    FORM = "form"
    REDIRECT = "redirect"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPolicy:
    """``within`` is how long an offer stays open (accept and broadcast)."""

    mode: OfferMode = OfferMode.AUTO
    within: timedelta = timedelta(seconds=20)
    cool_down: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReply:
    """The guard on assigned but unanswered conversations: a nudge, then back to the queue, at most ``hops`` times."""

    nudge: timedelta = timedelta(seconds=60)
    back: timedelta = timedelta(seconds=120)
    hops: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticky:
    """The last answering agent gets a head start of ``wait`` when the answer is younger than ``window``."""

    owner: Stickiness = Stickiness.SOFT
    window: timedelta = timedelta(hours=72)
    wait: timedelta = timedelta(seconds=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterHoursPolicy:
    """``reply`` goes out once per closed window; ``to`` is the group for BOT and REDIRECT."""

    reply: ReplyId | None = None
    then: AfterHours = AfterHours.HOLD
    to: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPolicy:
    """What a waiting contact is told: ``reply`` first ``after``, then ``every``; at ``longest`` comes ``outcome``."""

    reply: ReplyId | None = None
    after: timedelta = timedelta(seconds=30)
    every: timedelta = timedelta(minutes=2)
    longest: timedelta | None = None
    outcome: str = "leave_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePolicy:
    """A silent contact of an answered conversation is reminded, then the conversation is resolved; None is never."""

    remind: timedelta | None = None
    remind_reply: ReplyId | None = None
    resolve: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSettings:
    """A group and how its conversations are treated.

    ``then`` is where a bot group hands over by default (and when its bot is down).
    """

    group: Group
    offer: OfferPolicy = OfferPolicy()
    first_reply: FirstReply = FirstReply()
    sticky: Sticky = Sticky()
    after_hours: AfterHoursPolicy = AfterHoursPolicy()
    waiting: WaitingPolicy = WaitingPolicy()
    idle: IdlePolicy = IdlePolicy()
    wrap_up: timedelta = timedelta()
    reopen_window: timedelta = timedelta(hours=4)
    grace: timedelta = timedelta(seconds=60)
    then: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One routing version, whole.

    ``version`` is the applied version's number; ``languages``' first is the default; ``priorities`` maps a tag to
    how soon a person should answer; ``costs`` maps a channel to units per active conversation (default 1).
    """

    version: int
    languages: tuple[str, ...]
    hours: Mapping[HoursId, Hours]
    skills: Mapping[SkillId, str]
    priorities: Mapping[PriorityTag, timedelta]
    groups: Mapping[GroupId, GroupSettings]
    agents: Mapping[AgentId, Agent]
    triage: Triage
    replies: Mapping[ReplyId, frozenset[str]] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
