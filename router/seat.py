"""A seat: one human agent's place on the board, with presence and what is carried.

Presence has three parts that are never written into each other: what the agent chose, what was measured, and the
shift (`routing.md` §2). The *standing* is derived from them; whether there is room is a question of units and is asked
with the cost of a conversation.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from router.presence import Intent, Presence, Reachability
from router.trace import Verdict
from skills.agent import Agent
from skills.ids import AgentId

if TYPE_CHECKING:
    from router.pool import Pool

MISSES_ALLOWED = 2
"""So many offers missed in a row make an agent ``missed`` until any activity at the desk."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Idle since always: for agents who have not had work yet."""

TINY = 1e-9
"""Units are sums of fractions; less than this is no difference."""


class Seat:
    """One agent: the profile, the presence, what is carried and in which pools the agent can answer."""

    __slots__ = ("agent", "carried", "load", "pools", "presence", "standing")

    def __init__(self, agent: Agent, presence: Presence) -> None:
        self.agent = agent
        self.presence = presence
        self.carried: dict[str, float] = {}
        self.load = 0.0
        self.standing = standing_of(presence)
        self.pools: list[Pool] = []

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

    def has_room(self, units: float, burst: float = 0.0) -> bool:
        """Whether so many units more fit."""
        return self.load + units <= self.agent.units + burst + TINY

    def verdict(self, units: float) -> Verdict:
        """Whether the agent could take so many units now, and why not."""
        if self.standing is Verdict.ELIGIBLE and not self.has_room(units):
            return Verdict.FULL
        return self.standing

    def written(self) -> Presence:
        """The presence as it is to be recorded, with the load."""
        if self.presence.load != self.load:
            self.presence = replace(self.presence, load=self.load)
        return self.presence


def standing_of(presence: Presence) -> Verdict:
    """Whether this presence may receive, and if not, the first reason."""
    if presence.intent is not Intent.READY:
        return _CHOSEN[presence.intent]
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
