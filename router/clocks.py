"""Clocks: how soon a conversation is to be answered and resolved, and how far each of them has come (`routing.md` §20).

Only what people owe is timed: a clock rests while a bot has the conversation, while it is parked, and while its group
is closed, the last two as the target says. What elapsed before a rest, or under another target, stays elapsed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from router.copier import Copier
from router.ids import ChannelName, PriorityTag
from router.keyed import Keyed
from skills.ids import GroupId, HoursId

AT_RISK = 0.8
"""The share of its time after which a clock is at risk."""


class ClockKind(Keyed):
    """What is timed.

    ``first``: from the wait for people to the first answer of a person. ``next``: from the first message after an
    answer to the next answer. ``resolve``: from the wait for people to the end.
    """

    FIRST = "first"
    NEXT = "next"
    RESOLVE = "resolve"


class ClockStage(Keyed):
    """How far a clock has come; it never goes back. ``met``: what was owed came in time."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    MET = "met"


class Rest(Enum):
    """When a clock rests."""

    PARKED = "parked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How soon, for conversations of these groups, priorities and channels; none named is all of them.

    A clock whose span is None has no target here: a later one may give it. ``line`` is where it stands in the file.
    """

    line: int = field(default=0, compare=False)
    groups: frozenset[GroupId] = frozenset()
    priorities: frozenset[PriorityTag] = frozenset()
    channels: frozenset[ChannelName] = frozenset()
    first: timedelta | None = None
    next: timedelta | None = None
    resolve: timedelta | None = None
    pause: tuple[Rest, ...] = tuple(Rest)

    def fits(self, group: GroupId, priority: PriorityTag, channel: ChannelName) -> bool:
        """Whether it is for such conversations."""
        return (
            (not self.groups or group in self.groups)
            and (not self.priorities or priority in self.priorities)
            and (not self.channels or channel in self.channels)
        )

    def within(self, kind: ClockKind) -> timedelta | None:
        """How soon, for this clock."""
        match kind:
            case ClockKind.FIRST:
                return self.first
            case ClockKind.NEXT:
                return self.next
            case ClockKind.RESOLVE:
                return self.resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """By what a clock goes: its span (None is no target), what it rests for, and whose hours count."""

    within: timedelta | None = None
    pause: tuple[Rest, ...] = tuple(Rest)
    hours: HoursId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock of a conversation, from one start. All instants are aware UTC.

    ``spent`` had elapsed at ``since``, from which it has run on in open time; it rests while ``since`` is None.
    ``risk_at`` and ``due_at`` follow from that, and are None while it rests or has no target. ``ended_at`` is when what
    was owed came, in time or not.
    """

    kind: ClockKind
    started_at: datetime
    regime: Regime = Regime()
    spent: timedelta = timedelta()
    since: datetime | None = None
    risk_at: datetime | None = None
    due_at: datetime | None = None
    stage: ClockStage = ClockStage.RUNNING
    ended_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """When its next stage comes; None when none comes by itself."""
        if self.ended_at is not None or self.stage is ClockStage.BREACHED:
            return None
        return self.risk_at if self.stage is ClockStage.RUNNING else self.due_at

    def but(self, **changes: object) -> "Clock":
        """The same clock with some fields changed.

        Raises:
            TypeError: there is no such field.
        """
        return _copier.copy(self, changes)


_copier = Copier(Clock)


def first_due(clocks: tuple[Clock, ...]) -> datetime | None:
    """When the first answer of a person is due, while it is owed."""
    for clock in clocks:
        if clock.kind is ClockKind.FIRST and clock.ended_at is None:
            return clock.due_at
    return None


def applying(
    targets: tuple[Target, ...], group: GroupId, priority: PriorityTag, channel: ChannelName
) -> Iterator[tuple[ClockKind, Target]]:
    """The target of each clock for such a conversation: the first that fits and names it."""
    for kind in ClockKind:
        for target in targets:
            if target.within(kind) is not None and target.fits(group, priority, channel):
                yield kind, target
                break
