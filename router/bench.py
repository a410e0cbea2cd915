"""A bench: agents who can answer the same conversations, the best of those who may receive and have room first.

Conversations with different needs are often for the same agents: their pools share a bench, so that a change of an
agent is noted once for all of them.

How agents are kept. A heap holds at least one entry for each agent who is *listed*: who may receive and has room.
Its entry may be better than the agent's present rank, never worse: work makes a rank worse, and such an entry is
corrected only when it comes to the top. What makes a rank better (a lower load) lists the agent again. Entries of
agents who are no longer listed are garbage, dropped at the top, and swept out when they are the majority. So taking
work costs nothing on benches that do not look, and the best is found in O(log n).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush, heapreplace
from typing import TYPE_CHECKING

from router.reason import Code, Reason
from router.seat import LONG_AGO, Seat, Terms
from router.trace import Verdict
from skills.group import Pick
from skills.ids import AgentId
from skills.matching import fit
from skills.skill import Requirement

if TYPE_CHECKING:
    from router.pool import Pool

GARBAGE_ALLOWED = 32

Rank = tuple[object, ...]
"""How good a choice an agent is: the smallest is taken. Its shape depends on the pick; the agent's id comes last."""


class Bench:
    """The agents of one or more pools, on the same ``terms`` and by the same ``pick``.

    ``standings`` counts those who may not receive, by reason; ``free`` and ``full`` count those who may. ``pools`` are
    those whose conversations these agents can answer. ``levels`` are in the skills asked for.
    """

    __slots__ = (
        "_heap", "_listed", "_ranks_by_load", "_seats", "free", "full", "levels", "pick", "pools", "standings", "terms",
    )  # fmt: skip

    def __init__(self, terms: Terms, pick: Pick, seats: Mapping[AgentId, Seat], asked: Requirement) -> None:
        self.terms = terms
        self.pick = pick
        self.pools: list[Pool] = []
        self._ranks_by_load = pick in _BY_LOAD
        self.levels = {agent: fit(asked, seat.agent) for agent, seat in seats.items()}
        self.standings: dict[Verdict, int] = {}
        self.free = 0
        self.full = 0
        self._seats = seats
        self._listed: dict[AgentId, Rank] = {}
        self._heap: list[Rank] = []
        for seat in seats.values():
            seat.benches.setdefault(terms, []).append(self)
            verdict = seat.verdicts[terms] = seat.verdict(*terms)
            self._count(verdict, 1)
            if verdict is Verdict.ELIGIBLE:
                self._list(seat)

    @property
    def seats(self) -> Collection[Seat]:
        """All who can answer, ready or not."""
        return self._seats.values()

    def seat(self, agent: AgentId) -> Seat:
        """The seat of one who can answer here."""
        return self._seats[agent]

    def seats_of(self, agents: Collection[AgentId]) -> list[Seat]:
        """Those of these agents who can answer here."""
        return [self._seats[agent] for agent in agents if agent in self._seats]

    @property
    def at_work(self) -> int:
        """How many of these agents are at work: on shift and connected (or just lost), whether ready or not."""
        return self.free + self.full + sum(self.standings.get(verdict, 0) for verdict in _AT_WORK)

    def has_ready(self, seat: Seat) -> bool:
        """Whether this agent may receive here now, room aside."""
        return seat.verdicts[self.terms] in (Verdict.ELIGIBLE, Verdict.FULL)

    def overlaps(self, other: Bench) -> bool:
        """Whether somebody sits on both."""
        return self is other or not self._seats.keys().isdisjoint(other._seats)

    def changed(self, seat: Seat, before: Verdict, now: Verdict) -> None:
        """Take note of another verdict on a seat of this bench."""
        self._count(before, -1)
        self._count(now, 1)
        if before is Verdict.ELIGIBLE:
            self._listed.pop(seat.agent.id, None)
            self._compact()
        if now is Verdict.ELIGIBLE:
            self._list(seat)

    def improved(self, seat: Seat) -> None:
        """Take note that an agent who may receive and has room carries less: by some picks the rank is better now."""
        if self._ranks_by_load:
            self._list(seat)

    def ranked(self, limit: int, skip: Collection[AgentId] = ()) -> list[Seat]:
        """The best agents in order, at most ``limit``: a walk down the heap that never leaves its upper part."""
        found: list[Seat] = []
        heap = self._heap
        if self._clean_top() is None:
            return found
        seen: set[object] = set(skip)
        frontier: list[tuple[Rank, int]] = [(heap[0], 0)]
        while frontier and len(found) < limit:
            rank, index = heappop(frontier)
            agent = rank[-1]
            seat = self._seats[agent]  # type: ignore[index]  # a rank ends with the agent's id
            if index >= 0:
                for child in (2 * index + 1, 2 * index + 2):
                    if child < len(heap):
                        heappush(frontier, (heap[child], child))
                if agent not in self._listed or agent in seen:
                    continue
                true_rank = self._rank(seat)
                if true_rank != rank:
                    # Every entry of an agent is at least as good as the true rank: it is found again at its place.
                    heappush(frontier, (true_rank, -1))
                    continue
            if agent not in seen:
                seen.add(agent)
                found.append(seat)
        return found

    def rank_facts(self, seat: Seat, at: datetime) -> tuple[Reason, ...]:
        """What the pick looked at, for a trace."""
        match self.pick:
            case Pick.LONGEST_IDLE | Pick.LEAST_LOADED:
                return (_idleness(seat, at),)
            case Pick.BEST_SKILL:
                return (Reason(Code.LEVELS, (self.levels[seat.id],)), _idleness(seat, at))
            case Pick.ROUND_ROBIN:
                picked = seat.presence.picked_at
                return (Reason(Code.PICKED, (_seconds(at - picked),)) if picked else Reason(Code.NEVER_PICKED),)

    def _rank(self, seat: Seat) -> Rank:
        presence = seat.presence
        match self.pick:
            case Pick.LONGEST_IDLE:
                return (presence.idle_since or LONG_AGO, seat.agent.id)
            case Pick.LEAST_LOADED:
                return (seat.load / seat.agent.units, presence.idle_since or LONG_AGO, seat.agent.id)
            case Pick.BEST_SKILL:
                id_ = seat.agent.id
                return (-self.levels[id_], seat.load / seat.agent.units, presence.idle_since or LONG_AGO, id_)
            case Pick.ROUND_ROBIN:
                return (presence.picked_at or LONG_AGO, seat.agent.id)

    def _list(self, seat: Seat) -> None:
        rank = self._rank(seat)
        listed = self._listed.get(seat.agent.id)
        if listed is None or rank < listed:
            self._listed[seat.agent.id] = rank
            heappush(self._heap, rank)
            self._compact()

    def _clean_top(self) -> Seat | None:
        heap, listed = self._heap, self._listed
        while heap:
            entry = heap[0]
            agent: AgentId = entry[-1]  # type: ignore[assignment]  # a rank ends with the agent's id
            if listed.get(agent) != entry:
                heappop(heap)
                continue
            seat = self._seats[agent]
            rank = self._rank(seat)
            if rank == entry:
                return seat
            listed[agent] = rank
            heapreplace(heap, rank)
        return None

    def _compact(self) -> None:
        if len(self._heap) > 2 * len(self._listed) + GARBAGE_ALLOWED:
            self._heap = list(self._listed.values())
            heapify(self._heap)

    def _count(self, verdict: Verdict, by: int) -> None:
        if verdict is Verdict.ELIGIBLE:
            self.free += by
        elif verdict is Verdict.FULL:
            self.full += by
        else:
            self.standings[verdict] = self.standings.get(verdict, 0) + by


_BY_LOAD = frozenset({Pick.LEAST_LOADED, Pick.BEST_SKILL})
_AT_WORK = (Verdict.AWAY, Verdict.DRAINING, Verdict.LOST, Verdict.MISSED)


def _idleness(seat: Seat, at: datetime) -> Reason:
    since = seat.idle_since
    if since == LONG_AGO:
        return Reason(Code.FRESH, (seat.load, seat.agent.units))
    return Reason(Code.IDLE, (_seconds(at - since), seat.load, seat.agent.units))


def _seconds(span: timedelta) -> int:
    return span.days * 86_400 + span.seconds
