"""Forecast: an honest range for the wait, from what the agents who could answer have ended lately.

Whoever waits behind ``rank`` others is served when so many conversations have ended. With completions coming at random
at the measured rate, that time is Erlang distributed; its median and its 80th percentile are the range. Without enough
completions there is no range: nobody is told a number that nothing stands behind (`routing.md` §16).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

WINDOW = timedelta(minutes=30)
"""Completions older than this say nothing about now."""

FEWEST = 20
"""With fewer completions in the window there is no range."""

KEPT = 16
"""So many completions are kept of each agent."""

Z_80 = 0.8416
"""The 80th percentile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Range:
    """How long it will probably take: half of the time less than ``likely``, four times of five less than ``most``."""

    likely: timedelta
    most: timedelta


def with_completion(completed: tuple[int, ...], at: datetime) -> tuple[int, ...]:
    """An agent's last completions, with one more now."""
    return (*completed[1 - KEPT :], int(at.timestamp()))


def forecast(completions: Iterable[int], position: int, at: datetime) -> Range | None:
    """The range for somebody at this position (from 1); None when too little was measured.

    ``completions`` are instants in seconds since 1970 of all agents together.
    """
    now, span = at.timestamp(), WINDOW.total_seconds()
    since = now - span
    count = len([each for each in completions if since < each <= now])
    if count < FEWEST:
        return None
    mean = span / count
    return Range(_quantile(position, mean, 0.0), _quantile(position, mean, Z_80))


def _quantile(stages: int, mean: float, z: float) -> timedelta:
    """Of the sum of so many exponential spans, by Wilson and Hilferty's approximation."""
    ninth = 1.0 / (9.0 * stages)
    return timedelta(seconds=round(stages * mean * (1.0 - ninth + z * sqrt(ninth)) ** 3))
