"""Simulation beside the service: two configurations, one list of arrivals. A day keeps a processor for seconds."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
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
from router.journey import Arrival, Journey
from router.simulate import simulate
from router.traffic import Model, generate

MOST_ARRIVALS = 200_000
"""More than this is not simulated at once."""

MANY_ARRIVALS = 3_000
"""Fewer take no longer than a process takes to begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to compare: the texts before and after, and what came in. Both are read as of ``at``, in ``directory``."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    arrivals: Sequence[Arrival]
    directory: Path
    at: datetime


def run(job: Job) -> Comparison:
    """Run a job: a long one with one configuration here and the other in a process of its own meanwhile.

    Raises:
        ValueError: one of the two configurations has errors.
    """
    if len(job.arrivals) < MANY_ARRIVALS:
        return compare(_simulated(job.before, job), _simulated(job.after, job))
    # Spawned, because a fork would take the locks of our threads along.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        before = beside.submit(_simulated, job.before, job)
        after = _simulated(job.after, job)
        return compare(before.result(), after)


def generated(
    configuration: Configuration, start_at: datetime, *, days: int, per_day: float, promo: float, seed: int
) -> tuple[Arrival, ...]:
    """Arrivals that nobody stored: days of a shop from midnight on, in the words of the files' own tests."""
    zone = ZoneInfo(configuration.timezone)
    midnight = start_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    model = Model(samples=samples_of(configuration), per_day=per_day, zone=zone, promo=promo)
    return generate(model, midnight, midnight + timedelta(days=days), Dice(seed))


def _simulated(texts: Mapping[str, str], job: Job) -> tuple[Journey, ...]:
    loaded = read_texts(texts, job.directory, job.at, strict=False)
    if loaded.configuration is None:
        raise ValueError(first_error(loaded))
    with _without_collector():
        return simulate(loaded.configuration.settings, job.arrivals)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A run makes no cycles, and keeps all that it makes: looking for garbage in it is in vain, and takes a tenth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
