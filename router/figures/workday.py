"""A workday: an agent's time, in spells in which nothing changed, as far as the agent could receive."""

from datetime import datetime

from router.figures.row import Spell
from router.presence import Presence
from router.seat import standing_of
from router.trace import Verdict
from skills.ids import AgentId


class Workday:
    """One agent's. ``units`` are those of the last recorded presence; more than one agent carries is never exceeded."""

    def __init__(self, agent: AgentId, at: datetime) -> None:
        self.agent = agent
        self._since = at
        self._is_ready = False
        self._load = 0.0
        self._units = 0.0
        self._active = 0
        self._spells: list[Spell] = []

    def see(self, presence: Presence, units: float, at: datetime) -> None:
        """The presence was recorded so."""
        is_ready = standing_of(presence) is Verdict.ELIGIBLE
        if (is_ready, presence.load, units) != (self._is_ready, self._load, self._units):
            self._turn(at)
            self._is_ready, self._load, self._units = is_ready, presence.load, units

    def change(self, more: int, at: datetime) -> None:
        """So many more conversations are active with the agent, or fewer."""
        self._turn(at)
        self._active += more

    def spells(self, now: datetime) -> list[Spell]:
        """The spells until now."""
        self._turn(now)
        return self._spells

    def _turn(self, at: datetime) -> None:
        if self._is_ready and at > self._since:
            self._spells.append(
                Spell(
                    at=self._since,
                    until=at,
                    agent=self.agent,
                    load=self._load,
                    units=self._units,
                    active=self._active,
                )
            )
        self._since = max(at, self._since)
