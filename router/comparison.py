"""Comparison: what journeys come to, and how those under other settings differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from router.figures.row import VisitEnd
from router.figures.service_level import Promise
from router.ids import ConversationId
from router.journey import Fate, Journey
from router.rules.ending import SHORT
from skills.ids import AgentId, GroupId

Key = TypeVar("Key", bound=str)

PROMISE = Promise()
"""What simulations hold the service level to; its label goes with the number."""

SAMPLES = 5
"""So many conversations of each move are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What journeys come to. Waits are those of all who waited, also of those who gave up; percentiles by nearest rank.

    ``breached`` counts conversations that no person had by their due time. ``unrouted`` found nobody at all. Service
    level and abandon rate are those of reports (`router.figures`), by `PROMISE`; None when there is nothing to count.
    """

    conversations: int = 0
    answered: int = 0
    abandoned: int = 0
    ended: int = 0
    unrouted: int = 0
    breached: int = 0
    mean_wait: timedelta = timedelta()
    wait_p50: timedelta = timedelta()
    wait_p90: timedelta = timedelta()
    longest_wait: timedelta = timedelta()
    service_level: float | None = None
    abandon_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """So many conversations that were in one queue before and are in another after, the first of them by name."""

    before: GroupId
    after: GroupId
    count: int
    samples: tuple[tuple[Journey, Journey], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The same arrivals under two settings. ``unpaired`` began a conversation under one and joined one under the other.

    ``moves`` has every pair of groups, those that stayed included, most first.
    """

    before: Summary
    after: Summary
    groups: Mapping[GroupId, tuple[Summary, Summary]]
    moves: tuple[Move, ...]
    moved: int
    unpaired: int


def summary(journeys: Sequence[Journey]) -> Summary:
    """What these journeys come to."""
    if not journeys:
        return Summary()
    waits = sorted(journey.waited for journey in journeys)
    fates = [journey.fate for journey in journeys]
    return Summary(
        conversations=len(journeys),
        answered=fates.count(Fate.ANSWERED),
        abandoned=fates.count(Fate.ABANDONED),
        ended=fates.count(Fate.ENDED),
        unrouted=fates.count(Fate.UNROUTED),
        breached=sum(journey.breached for journey in journeys),
        mean_wait=sum(waits, timedelta()) / len(waits),
        wait_p50=_percentile(waits, 50),
        wait_p90=_percentile(waits, 90),
        longest_wait=waits[-1],
        service_level=_share(PROMISE.is_kept(_end_of(each), each.waited) for each in journeys),
        abandon_rate=_share(_is_abandoned(each) for each in journeys),
    )


def by_group(journeys: Iterable[Journey]) -> dict[GroupId, Summary]:
    """What they come to in each group's queue."""
    return {group: summary(found) for group, found in _sorted_out(journeys, lambda journey: journey.group).items()}


def by_agent(journeys: Iterable[Journey]) -> dict[AgentId, int]:
    """How many conversations each agent was the first to have."""
    found = _sorted_out((each for each in journeys if each.agent), lambda journey: journey.agent or AgentId(""))
    return {agent: len(had) for agent, had in found.items()}


def compare(before: Sequence[Journey], after: Sequence[Journey]) -> Comparison:
    """What changes between two runs over the same arrivals."""
    then: dict[ConversationId, Journey] = {journey.conversation: journey for journey in before}
    pairs = [(then[journey.conversation], journey) for journey in after if journey.conversation in then]
    cells: dict[tuple[GroupId, GroupId], list[tuple[Journey, Journey]]] = {}
    for old, new in pairs:
        cells.setdefault((old.group, new.group), []).append((old, new))
    moves = [
        Move(before=old, after=new, count=len(found), samples=tuple(found[:SAMPLES]))
        for (old, new), found in cells.items()
    ]
    groups_before, groups_after = by_group(before), by_group(after)
    return Comparison(
        before=summary(before),
        after=summary(after),
        groups={
            group: (groups_before.get(group, Summary()), groups_after.get(group, Summary()))
            for group in sorted({*groups_before, *groups_after})
        },
        moves=tuple(sorted(moves, key=lambda move: (-move.count, move.before, move.after))),
        moved=sum(move.count for move in moves if move.before != move.after),
        unpaired=len(before) + len(after) - 2 * len(pairs),
    )


def _end_of(journey: Journey) -> VisitEnd:
    """How its visit to the queue ended."""
    if journey.fate is Fate.ABANDONED:
        return VisitEnd.ABANDONED_SHORT if journey.waited <= SHORT else VisitEnd.ABANDONED
    return {Fate.ANSWERED: VisitEnd.ANSWERED, Fate.UNROUTED: VisitEnd.OPEN, Fate.ENDED: VisitEnd.LEFT}[journey.fate]


def _is_abandoned(journey: Journey) -> bool | None:
    """Whether it was given up; None for who never waited for anybody, and was not offered."""
    if journey.fate is Fate.ENDED and not journey.waited:
        return None
    return _end_of(journey) is VisitEnd.ABANDONED


def _share(found: Iterable[bool | None]) -> float | None:
    counted = [each for each in found if each is not None]
    return sum(counted) / len(counted) if counted else None


def _percentile(ordered: Sequence[timedelta], percent: int) -> timedelta:
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def _sorted_out(journeys: Iterable[Journey], key: Callable[[Journey], Key]) -> dict[Key, list[Journey]]:
    found: dict[Key, list[Journey]] = {}
    for journey in journeys:
        found.setdefault(key(journey), []).append(journey)
    return dict(sorted(found.items()))
