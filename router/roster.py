"""The roster: every human agent's seat, and the pools in which seats are found by what a conversation asks.

Load is never counted up and down by itself: it is the sum of what is carried, and what is carried follows from the
conversations and open offers on the board.
"""

from collections.abc import Iterable, Mapping

from router.bench import Bench
from router.errors import UnknownAgent
from router.pool import Key, Pool
from router.presence import Presence
from router.seat import Seat, standing_of
from router.trace import Verdict
from skills.agent import Agent, AgentKind
from skills.group import Pick
from skills.ids import AgentId, GroupId
from skills.matching import meets
from skills.skill import Requirement


class Roster:
    """Seats by agent, pools by key. Pools are built when first asked for; benches follow every change of a seat."""

    __slots__ = ("_benches", "_members", "_pools", "seats")

    def __init__(self, agents: Mapping[AgentId, Agent], presences: Iterable[Presence]) -> None:
        known = {presence.agent: presence for presence in presences}
        self.seats: dict[AgentId, Seat] = {
            agent.id: Seat(agent, known.get(agent.id) or Presence(agent=agent.id))
            for agent in agents.values()
            if agent.kind is AgentKind.HUMAN
        }
        self._pools: dict[Key, Pool] = {}
        self._benches: dict[tuple[object, ...], Bench] = {}
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
        """Forget the pools in which nothing waits, and benches without any; they are built again when asked for."""
        for key, pool in list(self._pools.items()):
            if not pool.line and not pool.resting:
                del self._pools[key]
                pool.bench.pools.remove(pool)
        for bench_key, bench in list(self._benches.items()):
            if not bench.pools:
                del self._benches[bench_key]
                for seat in bench.seats:
                    of_terms = seat.benches[bench.terms]
                    of_terms.remove(bench)
                    if not of_terms:
                        del seat.benches[bench.terms], seat.verdicts[bench.terms]

    def change(self, seat: Seat, **parts: object) -> None:
        """Change parts of a presence; every bench of the seat learns what it means."""
        seat.presence = seat.presence.but(**parts)
        seat.standing = standing_of(seat.presence)
        self._tell_benches(seat, seat.load)

    @staticmethod
    def note(seat: Seat, **parts: object) -> None:
        """Change parts of a presence on which no verdict depends: since when it is idle, what it did last."""
        seat.presence = seat.presence.but(**parts)

    def carry(self, seat: Seat, what: str, units: float, channel: str) -> None:
        """The seat carries a conversation or an offer from now on, or at another weight."""
        before = seat.load
        seat.carry(what, units, channel)
        self._tell_benches(seat, before)

    def drop(self, seat: Seat, what: str) -> None:
        """The seat carries it no more."""
        before = seat.load
        if seat.drop(what):
            self._tell_benches(seat, before)

    @staticmethod
    def _tell_benches(seat: Seat, load: float) -> None:
        """Tell the benches of a change, from this load to the present one."""
        improved = seat.load < load
        for terms, benches in seat.benches.items():
            before, now = seat.verdicts[terms], seat.verdict(*terms)
            if now is not before:
                seat.verdicts[terms] = now
                for bench in benches:
                    bench.changed(seat, before, now)
            elif improved and now is Verdict.ELIGIBLE:
                for bench in benches:
                    bench.improved(seat)

    def _built(self, key: Key) -> Pool:
        reached = {seat.id: seat for group in key.groups for seat in self._members.get(group, ())}
        able = {agent: seat for agent, seat in reached.items() if meets(key.requirement, seat.agent)}
        elsewhere = {
            Verdict.NOT_IN_GROUP: len(self.seats) - len(reached),
            Verdict.SKILL_MISSING: len(reached) - len(able),
        }
        pool = Pool(key, self._bench(key, able), elsewhere)
        pool.bench.pools.append(pool)
        return pool

    def _bench(self, key: Key, able: Mapping[AgentId, Seat]) -> Bench:
        """The bench of exactly these agents, for this pick: by skill only for those who are asked the same."""
        asked = key.requirement if key.pick is Pick.BEST_SKILL else Requirement()
        bench_key = (frozenset(able), key.terms, key.pick, asked)
        bench = self._benches.get(bench_key)
        if bench is None:
            bench = self._benches[bench_key] = Bench(key.terms, key.pick, able, asked)
        return bench
