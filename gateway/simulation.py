"""Simulation beside the service: two configurations, one list of arrivals. A day keeps a processor for seconds."""

import gc
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.configuration import Configuration
from config.samples import samples_of
from config.versions import means_the_same
from gateway.configuration import first_error, read_texts
from router.comparison import Comparison, compare
from router.dice import Dice
from router.journey import Arrival, Journey
from router.settings import Settings
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
    """Read both configurations of a job, and compare what its arrivals come to.

    Raises:
        ValueError: one of the two has errors.
    """
    after = _settings(job.after, job)
    return compared(job, _settings(job.before, job) if job.before != job.after else after, after)


def compared(job: Job, before: Settings, after: Settings) -> Comparison:
    """Run a job of which both configurations were read: a long one with one here and the other beside it meanwhile.

    Two that mean the same need one run.
    """
    if means_the_same(before, after):
        journeys = _simulated(after, job.arrivals)
        return compare(journeys, journeys)
    if len(job.arrivals) < MANY_ARRIVALS:
        return compare(_simulated(before, job.arrivals), _simulated(after, job.arrivals))
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  rare work
    from multiprocessing import get_context  # noqa: PLC0415  as above

    context = get_context(_begun_by())
    with ProcessPoolExecutor(1, mp_context=context, initializer=_take, initargs=(job,)) as beside:
        there = beside.submit(_simulated_before)
        here = _simulated(after, job.arrivals)
        return compare(there.result(), here)


def generated(
    configuration: Configuration, start_at: datetime, *, days: int, per_day: float, promo: float, seed: int
) -> tuple[Arrival, ...]:
    """Arrivals that nobody stored: days of a shop from midnight on, in the words of the files' own tests."""
    zone = ZoneInfo(configuration.timezone)
    midnight = start_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    model = Model(samples=samples_of(configuration), per_day=per_day, zone=zone, promo=promo)
    return generate(model, midnight, midnight + timedelta(days=days), Dice(seed))


def _settings(texts: Mapping[str, str], job: Job) -> Settings:
    loaded = read_texts(texts, job.directory, job.at, strict=False)
    if loaded.configuration is None:
        raise ValueError(first_error(loaded))
    return loaded.configuration.settings


def _begun_by() -> str:
    """How the other process begins: as a copy of this one, which has all that it needs, if no other thread runs here.

    A copy would take the locks of other threads along; then it begins anew, which takes more than a second.
    """
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


_given: list[Job] = []
"""In the other process, the job; a copy has it without its being sent."""


def _take(job: Job) -> None:
    _given.append(job)


def _simulated_before() -> tuple[Journey, ...]:
    """In the other process, which reads the files itself: settings hold compiled patterns, which cannot be sent."""
    (job,) = _given
    return _simulated(_settings(job.before, job), job.arrivals)


def _simulated(settings: Settings, arrivals: Sequence[Arrival]) -> tuple[Journey, ...]:
    with _without_collector():
        return simulate(settings, arrivals)


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
