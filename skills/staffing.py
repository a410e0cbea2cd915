"""Staffing: how long contacts wait for so many agents, by the formulas of Erlang.

Load is arrivals per second times the mean handling time, in agents (erlangs). All spans are seconds. The formulas and
the values that they are held to: `routing.md` §25. A slot is not an agent: where agents have several conversations at
once, replay traffic instead (`router.simulate`).
"""

from dataclasses import dataclass
from math import exp

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
    arrivals, service, leaving = load / handling, 1 / handling, 1 / patience
    weight, total, busy, queued, waiting = 1.0, 1.0, 0.0, 0.0, 0.0
    n, largest = 0, 1.0
    while n < agents or weight > NEGLIGIBLE * largest:
        n += 1
        weight *= arrivals / (min(n, agents) * service + max(n - agents, 0) * leaving)
        largest = max(largest, weight)
        total += weight
        busy += weight * min(n, agents)
        queued += weight * max(n - agents, 0)
        waiting += weight if n >= agents else 0.0
    mean_wait = queued / total / arrivals if arrivals else 0.0
    return Expected(
        waiting=waiting / total,
        abandoning=leaving * mean_wait,
        mean_wait=mean_wait,
        occupancy=busy / total / agents,
    )


def agents_for(load: float, handling: float, patience: float, *, mean_wait: float) -> int:
    """The fewest agents with whom the mean wait is at most this."""
    agents = 1
    while erlang_a(load, agents, handling, patience).mean_wait > mean_wait:
        agents += 1
    return agents
