"""The queue: where every waiting conversation stands.

A conversation that waits is in exactly one of four places:

- *held*: its group is closed, nobody is asked before ``held_until``; or the contact has gone away for the moment;
- *kept for one agent*: the preferred agent has a head start and the line is that agent's own;
- *resting*: its group's queue is paused, nobody is asked before it is resumed;
- *in a pool's line*: with all that have the same needs now, steps in force included.

Those that may be answered now, or rest, are also in their home group's line, which is what "position" means to a
contact. Only changes move anybody: a step that comes into force is a change that its timer brings.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from router.bench import Bench
from router.conversation import Conversation
from router.due import Place, place
from router.ids import ConversationId
from router.line import Line
from router.pool import Key, Pool
from router.roster import Roster
from router.settings import Settings
from router.widening import Step, conditions, ladder, preference, steps_in_force, widened
from skills.group import OverflowStep
from skills.ids import AgentId, GroupId
from skills.skill import Requirement

CIRCLES_KEPT = 4096
"""Beyond so many kinds of need, those for which nothing waits are forgotten; they are drawn again when asked for."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one conversation stands.

    ``pool`` and ``keeper`` are None for a held one; ``step`` counts the steps in force. One that ``is_resting`` is kept
    for nobody.
    """

    place: Place
    group: GroupId
    pool: Pool | None
    keeper: AgentId | None
    step: int
    is_excluding: bool
    is_resting: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """Who is asked for one kind of need: all in ``pool``, those in ``first`` first where the group prefers some."""

    pool: Pool
    first: Pool | None


class _Rivals(dict[Bench, bool]):
    """Whether somebody sits on one bench and on another; found out once."""

    __slots__ = ("_one",)

    def __init__(self, one: Bench) -> None:
        super().__init__()
        self._one = one

    def __missing__(self, other: Bench) -> bool:
        found = self[other] = self._one.overlaps(other)
        return found


class Queue:
    """Stands by conversation, lines by group and by keeper."""

    __slots__ = (
        "_circles",
        "_conditions",
        "_ladders",
        "_paused",
        "_rivals",
        "_roster",
        "_settings",
        "_waited",
        "groups",
        "kept",
        "stands",
    )

    def __init__(self, settings: Settings, roster: Roster, paused: Container[GroupId] = ()) -> None:
        self._settings = settings
        self._paused = paused
        self._roster = roster
        self._circles: dict[tuple[object, ...], Circle] = {}
        self._rivals: dict[Bench, _Rivals] = {}
        self._waited: set[Pool] = set()
        self._ladders: dict[GroupId, tuple[Step, ...]] = {
            group: ladder(its.group) for group, its in settings.groups.items()
        }
        self._conditions: dict[GroupId, tuple[OverflowStep, ...]] = {
            group: conditions(its.group) for group, its in settings.groups.items()
        }
        self.stands: dict[ConversationId, Stand] = {}
        self.groups: dict[GroupId, Line] = {}
        self.kept: dict[AgentId, Line] = {}

    def __len__(self) -> int:
        return len(self.stands)

    def steps(self, group: GroupId) -> tuple[Step, ...]:
        """The group's ladder of relaxation and overflow."""
        return self._ladders.get(group, ())

    def conditions(self, group: GroupId) -> tuple[OverflowStep, ...]:
        """The group's overflow that depends on more than time."""
        return self._conditions.get(group, ())

    def step_of(self, conversation: Conversation, at: datetime) -> int:
        """How many steps are in force for a conversation at this instant."""
        steps = self._ladders.get(conversation.group, ())
        if not steps or conversation.due_from is None:
            return 0
        return steps_in_force(steps, at - conversation.due_from)

    def circle(self, conversation: Conversation, units: float, step: int, *, ring: bool = False) -> Circle:
        """Who is asked for this conversation with so many steps in force; as a ring, without what conditions added."""
        further = () if ring else conversation.overflowed
        memo = (conversation.group, step, units, conversation.channel, further, conversation.requirement)
        circle = self._circles.get(memo)
        if circle is None:
            if len(self._circles) >= CIRCLES_KEPT:
                self._circles.clear()
                self._rivals.clear()
                self._roster.forget_idle_pools()
            circle = self._circles[memo] = self._drawn(conversation, units, step, further)
        return circle

    def put(self, conversation: Conversation, units: float, at: datetime) -> None:
        """Let a conversation stand where it belongs at this instant, wherever it stood before."""
        old = self.stands.get(conversation.id)
        new = self._stand(conversation, units, at)
        if old is not None:
            if old == new:
                return
            self.remove(conversation.id)
        self.stands[conversation.id] = new
        if new.pool is None:
            return
        self.groups.setdefault(new.group, Line()).add(new.place)
        if new.is_resting:
            new.pool.resting.add(new.place)
            self._waited.add(new.pool)
        elif new.keeper is not None:
            self.kept.setdefault(new.keeper, Line()).add(new.place)
        else:
            new.pool.put(conversation.id, new.place, is_excluding=new.is_excluding)
            self._waited.add(new.pool)

    def remove(self, conversation: ConversationId) -> None:
        """It waits no more; nothing happens when it did not."""
        stand = self.stands.pop(conversation, None)
        if stand is None or stand.pool is None:
            return
        self.groups[stand.group].remove(stand.place)
        if stand.keeper is not None:
            self.kept[stand.keeper].remove(stand.place)
            return
        if stand.is_resting:
            stand.pool.resting.remove(stand.place)
        else:
            stand.pool.take(conversation, stand.place)
        if not stand.pool.line and not stand.pool.resting:
            self._waited.discard(stand.pool)

    def position(self, conversation: ConversationId) -> int | None:
        """How many are served before it by those who could answer it, plus one; None when it does not wait.

        Those in paused queues are before nobody but each other.
        """
        stand = self.stands.get(conversation)
        if stand is None or stand.pool is None:
            return None
        position, own_place = 1, stand.place
        rivals = self._rivals_of(stand.pool.bench)
        for pool in self._waited:
            if rivals[pool.bench]:
                position += pool.line.rank(own_place)
                if stand.is_resting:
                    position += pool.resting.rank(own_place)
        for line in self.kept.values():
            for place_ in line:
                if place_ >= own_place:
                    break
                kept_in = self.stands[ConversationId(place_[2])].pool
                position += kept_in is not None and rivals[kept_in.bench]
        return position

    def _rivals_of(self, one: Bench) -> _Rivals:
        rivals = self._rivals.get(one)
        if rivals is None:
            rivals = self._rivals[one] = _Rivals(one)
        return rivals

    def _stand(self, conversation: Conversation, units: float, at: datetime) -> Stand:
        its_place = place(conversation)
        step = self.step_of(conversation, at)
        if conversation.held_until is not None or conversation.patience.pending_since is not None:
            return Stand(its_place, conversation.group, None, None, step, is_excluding=False)
        pool = self.circle(conversation, units, step).pool
        is_excluding = bool(conversation.excluded)
        if conversation.group in self._paused:
            return Stand(its_place, conversation.group, pool, None, step, is_excluding=is_excluding, is_resting=True)
        keeper = conversation.preferred if conversation.preferred_until is not None else None
        return Stand(its_place, conversation.group, pool, keeper, step, is_excluding=is_excluding)

    def _drawn(self, conversation: Conversation, units: float, step: int, further: tuple[GroupId, ...]) -> Circle:
        group, channel = self._settings.groups[conversation.group].group, conversation.channel
        groups, asked = widened(group, conversation.requirement, step)
        groups = (*groups, *(each for each in further if each not in groups))
        pool = self._roster.pool(Key(groups, asked, units, group.pick, channel))
        preferred = preference(group, conversation.requirement)
        if not preferred:
            return Circle(pool, None)
        wished = Requirement(hard=asked.hard, soft=tuple(sorted((*asked.soft, *preferred))))
        return Circle(pool, self._roster.pool(Key(groups, wished, units, group.pick, channel)))
