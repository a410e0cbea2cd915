"""The roster: every human agent's seat, and the pools in which seats are found by what a conversation asks.

Load is never counted up and down by itself: it is the sum of what is carried, and what is carried follows from the
conversations and open offers on the board.
"""

from collections.abc import Iterable, Mapping

from router.errors import UnknownAgent
from router.pool import Key, Pool
from router.presence import Presence
from router.seat import Seat, standing_of
from router.trace import Verdict
from skills.agent import Agent, AgentKind
from skills.ids import AgentId, GroupId
from skills.matching import meets


class Roster:
    """Seats by agent, pools by key. Pools are built when first asked for and follow every change of a seat."""

    __slots__ = ("_members", "_pools", "seats")

    def __init__(self, agents: Mapping[AgentId, Agent], presences: Iterable[Presence]) -> None:
        known = {presence.agent: presence for presence in presences}
        self.seats: dict[AgentId, Seat] = {
            agent.id: Seat(agent, known.get(agent.id) or Presence(agent=agent.id))
            for agent in agents.values()
            if agent.kind is AgentKind.HUMAN
        }
        self._pools: dict[Key, Pool] = {}
        self._members: dict[GroupId, list[Seat]] = {}
        for seat in self.seats.values():
            for group in seat.agent.groups:
                self._members.setdefault(group, []).append(seat)

    def seat(self, agent: AgentId) -> Seat:
        """The agent's seat.

        Raises:
            UnknownAgent: no human agent has this id.
        """
        try:
            return self.seats[agent]
        except KeyError:
            raise UnknownAgent(f"there is no agent {agent}") from None

    @property
    def pools(self) -> Iterable[Pool]:
        """All pools that exist now."""
        return self._pools.values()

    def pool(self, key: Key) -> Pool:
        """The pool of this key, built now if it does not exist."""
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = self._built(key)
        return pool

    def forget_idle_pools(self) -> None:
        """Forget the pools in which nothing waits; they are built again when asked for."""
        for key, pool in list(self._pools.items()):
            if not pool.line:
                del self._pools[key]
                for seat in pool.seats:
                    of_terms = seat.pools[pool.terms]
                    of_terms.remove(pool)
                    if not of_terms:
                        del seat.pools[pool.terms], seat.verdicts[pool.terms]

    def change(self, seat: Seat, **parts: object) -> None:
        """Change parts of a presence; every pool of the seat learns what it means."""
        seat.presence = seat.presence.but(**parts)
        seat.standing = standing_of(seat.presence)
        self._tell_pools(seat, seat.load)

    @staticmethod
    def note(seat: Seat, **parts: object) -> None:
        """Change parts of a presence on which no verdict depends: since when it is idle, what it did last."""
        seat.presence = seat.presence.but(**parts)

    def carry(self, seat: Seat, what: str, units: float, channel: str) -> None:
        """The seat carries a conversation or an offer from now on, or at another weight."""
        before = seat.load
        seat.carry(what, units, channel)
        self._tell_pools(seat, before)

    def drop(self, seat: Seat, what: str) -> None:
        """The seat carries it no more."""
        before = seat.load
        if seat.drop(what):
            self._tell_pools(seat, before)

    @staticmethod
    def _tell_pools(seat: Seat, load: float) -> None:
        """Tell the pools of a change, from this load to the present one."""
        improved = seat.load < load
        for terms, pools in seat.pools.items():
            before, now = seat.verdicts[terms], seat.verdict(*terms)
            if now is not before:
                seat.verdicts[terms] = now
                for pool in pools:
                    pool.changed(seat, before, now)
            elif improved and now is Verdict.ELIGIBLE:
                for pool in pools:
                    pool.improved(seat)

    def _built(self, key: Key) -> Pool:
        reached = {seat.id: seat for group in key.groups for seat in self._members.get(group, ())}
        able = {agent: seat for agent, seat in reached.items() if meets(key.requirement, seat.agent)}
        return Pool(
            key,
            able,
            {
                Verdict.NOT_IN_GROUP: len(self.seats) - len(reached),
                Verdict.SKILL_MISSING: len(reached) - len(able),
            },
        )
