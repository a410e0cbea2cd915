"""A seat: one human agent's place on the board, with presence and what is carried.

Presence has three parts that are never written into each other: what the agent chose, what was measured, and the
shift (`routing.md` §2). The *standing* is derived from them; whether there is room is a question of units and is asked
with the cost of a conversation.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import fsum
from typing import TYPE_CHECKING

from router.presence import Intent, Presence, Reachability
from router.reason import Code, Reason
from router.trace import Verdict
from skills.agent import Agent
from skills.ids import AgentId

if TYPE_CHECKING:
    from router.bench import Bench
    from router.settings import Lane

MISSES_ALLOWED = 2
"""So many offers missed in a row make an agent ``missed`` until any activity at the desk."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Idle since always: for agents who have not had work yet."""

TINY = 1e-9
"""Units are sums of fractions; less than this is no difference."""


Terms = tuple[float, str]
"""What a conversation asks of an agent besides skills: so many units, on this channel."""


class Seat:
    """One agent: the profile, the presence, what is carried and on which benches the agent sits.

    ``benches`` are by their terms: for all of one the agent's verdict is the same. ``verdicts`` are those they know.
    """

    __slots__ = (
        "_by_channel", "_channel_of", "agent", "benches", "carried", "load", "parked", "presence", "standing",
        "verdicts",
    )  # fmt: skip

    def __init__(self, agent: Agent, presence: Presence) -> None:
        self.agent = agent
        self.presence = presence
        self.carried: dict[str, float] = {}
        self.load = 0.0
        self.parked: set[str] = set()
        self._channel_of: dict[str, str] = {}
        self._by_channel: dict[str, int] = {}
        self.standing = standing_of(presence)
        self.benches: dict[Terms, list[Bench]] = {}
        self.verdicts: dict[Terms, Verdict] = {}

    @property
    def id(self) -> AgentId:
        """The agent's id."""
        return self.agent.id

    @property
    def may_receive(self) -> bool:
        """Whether the agent may receive work now, room aside."""
        return self.standing is Verdict.ELIGIBLE

    @property
    def is_reachable(self) -> bool:
        """Whether the agent can go on with conversations that are the agent's own."""
        presence = self.presence
        return presence.reachability is not Reachability.GONE and presence.intent is not Intent.OFF

    @property
    def idle_since(self) -> datetime:
        """Since when the agent has got no work and finished none."""
        return self.presence.idle_since or LONG_AGO

    def carry(self, what: str, units: float, channel: str) -> None:
        """This is the agent's from now on, at this weight."""
        self.drop(what)
        self.carried[what] = units
        self._channel_of[what] = channel
        self._by_channel[channel] = self._by_channel.get(channel, 0) + 1
        self.load = fsum(self.carried.values())

    def drop(self, what: str) -> bool:
        """This is the agent's no more; whether it was."""
        if self.carried.pop(what, None) is None:
            return False
        self._by_channel[self._channel_of.pop(what)] -= 1
        self.load = fsum(self.carried.values())
        return True

    def has_room(self, units: float, *, burst: bool = False) -> bool:
        """Whether so many units more fit; what comes back to its agent may exceed them by the agent's burst."""
        return self.load + units <= self.agent.units + (self.agent.burst if burst else 0.0) + TINY

    def has_room_on(self, channel: str) -> bool:
        """Whether the agent may have one conversation more of this channel."""
        cap = self.agent.caps.get(channel)
        return cap is None or self._by_channel.get(channel, 0) < cap

    def is_sated(self, lane: Lane) -> bool:
        """Whether the agent has had the share of the strict lane in the last picks."""
        recent = self.presence.lane_picks & ((1 << (lane.of - 1)) - 1)
        return recent.bit_count() >= lane.at_most

    @property
    def may_park(self) -> bool:
        """Whether the agent may park one conversation more."""
        return self.agent.max_parked is None or len(self.parked) < self.agent.max_parked

    def standing_on(self, channel: str) -> Verdict:
        """Whether the agent may receive conversations of this channel now; away, some channels still come."""
        if self.standing is Verdict.AWAY and channel in self.presence.channels:
            return measured(self.presence)
        return self.standing

    def fullness(self, units: float, channel: str) -> Reason:
        """Why there is no room for so many units of this channel, in figures."""
        if self.has_room(units):
            return Reason(Code.FULL_ON_CHANNEL, (channel, self._by_channel.get(channel, 0), self.agent.caps[channel]))
        return Reason(Code.FULL, (self.load, self.agent.units))

    def verdict(self, units: float, channel: str) -> Verdict:
        """Whether the agent could take so many units of this channel now, and why not."""
        standing = self.standing_on(channel)
        if standing is Verdict.ELIGIBLE and not (self.has_room(units) and self.has_room_on(channel)):
            return Verdict.FULL
        return standing

    def written(self) -> Presence:
        """The presence as it is to be recorded, with the load."""
        if self.presence.load != self.load:
            self.presence = self.presence.but(load=self.load)
        return self.presence


def standing_of(presence: Presence) -> Verdict:
    """Whether this presence may receive, and if not, the first reason."""
    if presence.intent is not Intent.READY:
        return _CHOSEN[presence.intent]
    return measured(presence)


def measured(presence: Presence) -> Verdict:
    """As `standing_of`, whatever the agent chose."""
    if presence.reachability is Reachability.LOST:
        return Verdict.LOST
    if presence.reachability is Reachability.GONE:
        return Verdict.GONE
    if not presence.on_shift:
        return Verdict.OFF_SHIFT
    if presence.misses >= MISSES_ALLOWED:
        return Verdict.MISSED
    return Verdict.ELIGIBLE


_CHOSEN = {Intent.AWAY: Verdict.AWAY, Intent.DRAINING: Verdict.DRAINING, Intent.OFF: Verdict.OFF}
