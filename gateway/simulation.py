"""Simulation beside the service: two configurations, one list of arrivals, in a process of its own.

A day of arrivals keeps a processor for seconds, and the loop that answers contacts must not notice.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from config.configuration import Configuration
from config.samples import samples_of
from gateway.configuration import first_error, read_texts
from router.comparison import Comparison, compare
from router.dice import Dice
from router.journey import Arrival
from router.simulate import simulate
from router.traffic import Model, generate

MOST_ARRIVALS = 200_000
"""More than this is not simulated at once."""

NICE = 10
"""The simulation yields to the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to compare: the texts before and after, and what came in. Both are read as of ``at``, in ``directory``."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    arrivals: Sequence[Arrival]
    directory: Path
    at: datetime


def run(job: Job) -> Comparison:
    """Run a job here and now.

    Raises:
        ValueError: one of the two configurations has errors.
    """
    before, after = (_read(texts, job) for texts in (job.before, job.after))
    return compare(simulate(before.settings, job.arrivals), simulate(after.settings, job.arrivals))


class Simulator:
    """Runs jobs one after the other, each in a process of its own."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, job: Job) -> Comparison:
        """Run a job.

        Raises:
            ValueError: one of the two configurations has errors.
        """
        async with self._turn:
            pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_yield_to_others)
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, run, job)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def generated(
    configuration: Configuration, start_at: datetime, *, days: int, per_day: float, promo: float, seed: int
) -> tuple[Arrival, ...]:
    """Arrivals that nobody stored: days of a shop from midnight on, in the words of the files' own tests."""
    zone = ZoneInfo(configuration.timezone)
    midnight = start_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    model = Model(samples=samples_of(configuration), per_day=per_day, zone=zone, promo=promo)
    return generate(model, midnight, midnight + timedelta(days=days), Dice(seed))


def _read(texts: Mapping[str, str], job: Job) -> Configuration:
    loaded = read_texts(texts, job.directory, job.at, strict=False)
    if loaded.configuration is None:
        raise ValueError(first_error(loaded))
    return loaded.configuration


def _yield_to_others() -> None:
    os.nice(NICE)
