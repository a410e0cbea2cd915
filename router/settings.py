"""What an administrator decided, as frozen values: the core's whole configuration.

``config`` builds it from YAML; the core never sees a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from router.clocks import Target
from router.ids import PriorityTag, ReplyId
from router.triage import Triage
from skills.agent import Agent
from skills.bots.person import PersonWords
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


class IfFull(Enum):
    """What becomes of a head start when the preferred agent has no room: wait for it, or skip it at once."""

    QUEUE = "queue"
    SKIP = "skip"


class WrapUpField(Enum):
    """What an agent owes before a conversation's wrap-up may end."""

    DISPOSITION = "disposition"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPolicy:
    """``within`` is how long an offer stays open (accept and broadcast)."""

    mode: OfferMode = OfferMode.AUTO
    within: timedelta = timedelta(seconds=20)
    cool_down: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReply:
    """The guard on assigned but unanswered conversations: a nudge, then back to the queue, at most ``hops`` times.

    ``holding`` is what the contact is told when an agent says "I am on it", which stops the guard.
    """

    nudge: timedelta = timedelta(seconds=60)
    back: timedelta = timedelta(seconds=120)
    hops: int = 3
    holding: ReplyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticky:
    """The last answering agent gets a head start of ``wait`` when the answer is younger than ``window``.

    A hard owner is waited for as long as ``owner_wait``, then each of the owner's deputies for ``wait``. A draining
    agent still gets contacts answered within ``if_draining``; None is never.
    """

    owner: Stickiness = Stickiness.SOFT
    window: timedelta = timedelta(hours=72)
    wait: timedelta = timedelta(seconds=45)
    owner_wait: timedelta = timedelta(minutes=10)
    if_draining: timedelta | None = timedelta(hours=24)
    if_full: IfFull = IfFull.QUEUE


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterHoursPolicy:
    """``reply`` goes out once per closed window; ``to`` is the group for BOT and REDIRECT.

    So long after closing (``grace``; None is never) what an agent still has is acknowledged and parked until opening.
    """

    reply: ReplyId | None = None
    then: AfterHours = AfterHours.HOLD
    to: GroupId | None = None
    grace: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMenu:
    """What a waiting contact may choose: stay, leave a message, be called back, cancel.

    It comes ``after`` so much waiting; what is chosen is due ``message_within`` or ``call_back_within`` from then.
    """

    reply: ReplyId
    after: timedelta = timedelta(minutes=2)
    message_within: timedelta = timedelta(hours=24)
    call_back_within: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillThere:
    """A waiting contact who is silent ``after`` so long is asked; without an answer for ``timeout`` it is abandoned."""

    reply: ReplyId
    after: timedelta = timedelta(minutes=10)
    timeout: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPolicy:
    """What a waiting contact is told: ``reply`` first ``after``, then ``every``; at ``longest`` comes ``outcome``."""

    reply: ReplyId | None = None
    after: timedelta = timedelta(seconds=30)
    every: timedelta = timedelta(minutes=2)
    longest: timedelta | None = None
    outcome: str = "leave_message"
    menu: WaitingMenu | None = None
    still_there: StillThere | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePolicy:
    """A silent contact of an answered conversation is reminded, then the conversation is resolved; None is never."""

    remind: timedelta | None = None
    remind_reply: ReplyId | None = None
    resolve: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotPolicy:
    """How a group works with bots (`routing.md` §15).

    Its own bot answers within ``deadline``, else it is down; after ``rounds`` messages without a person the
    conversation goes to people. ``while_waiting`` is a bot that may answer those who wait for people.
    """

    deadline: timedelta = timedelta(seconds=10)
    rounds: int = 12
    while_waiting: AgentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSettings:
    """A group and how its conversations are treated.

    ``then`` is where a bot group hands over by default (and when its bot is down). ``grace`` is a desktop's,
    ``grace_phone`` a phone's. Who comes within ``closing_soon`` of closing, and would wait beyond it, is held.
    """

    group: Group
    offer: OfferPolicy = OfferPolicy()
    first_reply: FirstReply = FirstReply()
    sticky: Sticky = Sticky()
    after_hours: AfterHoursPolicy = AfterHoursPolicy()
    waiting: WaitingPolicy = WaitingPolicy()
    idle: IdlePolicy = IdlePolicy()
    wrap_up: timedelta = timedelta()
    wrap_up_requires: tuple[WrapUpField, ...] = ()
    reopen_window: timedelta = timedelta(hours=4)
    grace: timedelta = timedelta(seconds=60)
    bot: BotPolicy = BotPolicy()
    grace_phone: timedelta = timedelta(seconds=180)
    closing_soon: timedelta | None = None
    then: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Idleness:
    """A conversation whose contact has been silent ``after`` the answer weighs only ``weight`` of its cost."""

    after: timedelta = timedelta(minutes=10)
    weight: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosts:
    """How much earlier a conversation is due that an agent let go stale, or that was transferred in."""

    returned: timedelta = timedelta(seconds=120)
    transferred: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The ceiling of the strict lane: an agent gets at most so many from it in ``of`` picks while others wait."""

    at_most: int = 2
    of: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One routing version, whole.

    ``version`` is the applied version's number; ``languages``' first is the default; ``priorities`` maps a tag to
    how soon a person should answer; ``costs`` maps a channel to units per active conversation (default 1), ``factors``
    a priority to what that is multiplied with (default 1); ``strict`` are the priorities of the strict lane. Without
    ``targets`` no clock runs.
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
    person: PersonWords = PersonWords()
    factors: Mapping[PriorityTag, float] = field(default_factory=dict)
    strict: frozenset[PriorityTag] = frozenset()
    idleness: Idleness = Idleness()
    boosts: Boosts = Boosts()
    lane: Lane = Lane()
    targets: tuple[Target, ...] = ()
