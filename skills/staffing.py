"""Staffing: how long contacts wait for so many agents, by the formulas of Erlang.

Load is arrivals per second times the mean handling time, in agents (erlangs). All spans are seconds. The formulas and
the values that they are held to: `routing.md` §25. A slot is not an agent: where agents have several conversations at
once, replay traffic instead (`router.simulate`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, fsum, lgamma, log

NEGLIGIBLE = 1e-15
"""States of the queue that are rarer than this, relative to the commonest, are not summed up."""


class Overloaded(ValueError):
    """More work comes in than the agents can do, and nobody gives up: the queue grows without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What to expect: share who wait, share who give up, mean wait of all, and how busy an agent is (0 to 1)."""

    waiting: float
    abandoning: float
    mean_wait: float
    occupancy: float


def erlang_b(load: float, agents: int) -> float:
    """The share that is turned away when nobody waits."""
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, agents: int, handling: float) -> Expected:
    """With endless patience.

    Raises:
        Overloaded: the load is not below the agents.
    """
    if load >= agents:
        raise Overloaded(f"{agents} agents cannot do the work of {load:g}")
    blocked = erlang_b(load, agents)
    waiting = agents * blocked / (agents - load * (1 - blocked))
    return Expected(
        waiting=waiting, abandoning=0.0, mean_wait=waiting * handling / (agents - load), occupancy=load / agents
    )


def service_level(load: float, agents: int, handling: float, within: float) -> float:
    """The share that is answered within a span, with endless patience.

    Raises:
        Overloaded: the load is not below the agents.
    """
    waiting = erlang_c(load, agents, handling).waiting
    return 1 - waiting * exp(-(agents - load) * within / handling)


def erlang_a(load: float, agents: int, handling: float, patience: float) -> Expected:
    """With a mean patience: always stable, the default for planning. A birth-death chain summed until it is negligible.

    Raises:
        ValueError: there are no agents, or a span is not positive.
    """
    if agents < 1 or handling <= 0 or patience <= 0:
        raise ValueError("there must be an agent, and handling and patience must last")
    ratio = handling / patience
    waiting, busy, queued = 0.0, 0.0, 0.0
    for n, weight in _states(load, agents, ratio):
        busy += weight * min(n, agents)
        queued += weight * max(n - agents, 0)
        waiting += weight if n >= agents else 0.0
    mean_wait = queued * handling / load if load else 0.0
    return Expected(waiting=waiting, abandoning=mean_wait / patience, mean_wait=mean_wait, occupancy=busy / agents)


def _states(load: float, agents: int, ratio: float) -> Iterator[tuple[int, float]]:
    """How often there are n conversations, with agents and waiting, for each n at which that is not negligible.

    From the commonest number downwards and upwards, so that no weight is too large for a number. ``ratio`` is handling
    over patience: beyond the agents each one more who waits leaves that much faster, in handling times.
    """

    def departures(n: int) -> float:
        return min(n, agents) + max(n - agents, 0) * ratio

    commonest = int(load) if load <= agents else agents + int((load - agents) / ratio)
    below, above = [(commonest, 1.0)], [(commonest, 1.0)]
    while below[-1][0] > 0 and below[-1][1] > NEGLIGIBLE:
        n, weight = below[-1]
        below.append((n - 1, weight * departures(n) / load))
    while above[-1][1] > NEGLIGIBLE:
        n, weight = above[-1]
        above.append((n + 1, weight * load / departures(n + 1)))
    found = [*reversed(below[1:]), *above]
    total = fsum(weight for _, weight in found)
    return ((n, weight / total) for n, weight in found)


def patient_service_level(load: float, agents: int, handling: float, patience: float, within: float) -> float:
    """The share that is answered within a span, of those who are answered or give up later than that.

    Who finds n agents busy and k before in the queue waits for k + 1 departures, at rates nμ, nμ + θ, …, nμ + kθ. Of
    that wait V, exp(−θV) has the beta distribution with nμ/θ and k + 1: so shares of it are incomplete beta functions.
    Who waits longer than the span, and is patient that long, is answered later or gives up later.

    Raises:
        ValueError: there are no agents, or a span is not positive.
    """
    if agents < 1 or handling <= 0 or patience <= 0:
        raise ValueError("there must be an agent, and handling and patience must last")
    still_patient = exp(-within / patience)
    ratio = agents * patience / handling
    longer, longer_patient = _Beta(ratio, still_patient), _Beta(ratio + 1, still_patient)
    in_time, late = 0.0, 0.0
    for n, weight in _states(load, agents, handling / patience):
        if n < agents:
            in_time += weight
            continue
        answered = ratio / (ratio + n - agents + 1)
        in_time += weight * (answered - answered * longer_patient.share(n - agents))
        late += weight * still_patient * longer.share(n - agents)
    return in_time / (in_time + late) if in_time + late else 1.0


class _Beta:
    """The incomplete beta function of a, k + 1 at x, for k = 0, 1, 2, …: a sum that grows by a term each time."""

    def __init__(self, a: float, x: float) -> None:
        self._a, self._x, self._sum, self._next = a, x, 0.0, 0

    def share(self, k: int) -> float:
        """The share below x; ask for k in rising order."""
        while self._next <= k:
            self._sum += self._term(self._next)
            self._next += 1
        return min(self._sum, 1.0)

    def _term(self, i: int) -> float:
        if self._x >= 1:
            return 1.0 if i == 0 else 0.0
        a, x = self._a, self._x
        return exp(a * log(x) + i * log(1 - x) + lgamma(a + i) - lgamma(a) - lgamma(i + 1)) if x > 0 else 0.0


def agents_for(load: float, handling: float, patience: float, *, mean_wait: float) -> int:
    """The fewest agents with whom the mean wait is at most this."""
    agents = 1
    while erlang_a(load, agents, handling, patience).mean_wait > mean_wait:
        agents += 1
    return agents
