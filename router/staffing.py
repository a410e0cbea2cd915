"""Staffing: what so many agents would come to, and the fewest who keep a promise (`routing.md` §25).

By the formula with impatience (Erlang A), or the one without (Erlang C) when nobody ever gives up. What is promised is
counted as in reports: answered in time, of all who are answered or give up later than that.

A slot is not an agent. Where agents have several conversations at once, each slot is counted as a server, and that
holds only if the handling time was measured at that many at once; a replay of recorded traffic is better.
"""

from dataclasses import dataclass
from datetime import timedelta

from skills.staffing import Expected, Overloaded, erlang_a, erlang_c, patient_service_level, service_level

MOST_PATIENCE = 100
"""So many times the handling, and the difference to endless patience is none."""

SHOWN_BELOW, SHOWN_ABOVE = 4, 3
"""So many numbers of agents around the fewest are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What comes in, how long it keeps an agent, how long contacts wait (None: for ever), and what is promised.

    ``target`` is the share, below 1, that is to be answered within ``within``. ``concurrency`` is how many
    conversations an agent has at once.

    Raises:
        ValueError: a number or span is not positive, or the target is not a share below 1.
    """

    per_hour: float
    handling: timedelta
    patience: timedelta | None
    within: timedelta
    target: float
    concurrency: int = 1

    def __post_init__(self) -> None:
        """Refuse what nobody can plan for."""
        spans = (self.handling, self.handling if self.patience is None else self.patience)
        if self.per_hour <= 0 or self.concurrency < 1 or min(spans) <= timedelta() or self.within < timedelta():
            raise ValueError("arrivals, handling, patience and concurrency must be above zero")
        if not 0 < self.target < 1:
            raise ValueError("the target is a share between 0 and 1, both excluded")
        if self.patience is not None and self.patience > MOST_PATIENCE * self.handling:
            raise ValueError("contacts who are that patient never give up: leave the patience out")

    @property
    def load(self) -> float:
        """The work that comes in, in erlangs: how many conversations are in hand on average, if nobody waits."""
        return self.per_hour * (self.handling / timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """What to expect of so many agents; None when more comes in than they can do and nobody gives up."""

    agents: int
    expected: Expected | None
    service_level: float


def crew(demand: Demand, agents: int) -> Crew:
    """What so many agents come to."""
    slots, handling = agents * demand.concurrency, demand.handling.total_seconds()
    within = demand.within.total_seconds()
    if demand.patience is not None:
        patience = demand.patience.total_seconds()
        expected = erlang_a(demand.load, slots, handling, patience)
        level = patient_service_level(demand.load, slots, handling, patience, within)
        return Crew(agents=agents, expected=expected, service_level=level)
    try:
        expected = erlang_c(demand.load, slots, handling)
    except Overloaded:
        return Crew(agents=agents, expected=None, service_level=0.0)
    return Crew(agents=agents, expected=expected, service_level=service_level(demand.load, slots, handling, within))


def fewest(demand: Demand) -> int:
    """The fewest agents who keep the promise."""
    low, high = 0, 1
    while crew(demand, high).service_level < demand.target:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if crew(demand, middle).service_level >= demand.target else (middle, high)
    return high


def table(demand: Demand) -> tuple[Crew, ...]:
    """The numbers of agents around the fewest who keep the promise."""
    least = fewest(demand)
    return tuple(crew(demand, agents) for agents in range(max(1, least - SHOWN_BELOW), least + SHOWN_ABOVE + 1))
