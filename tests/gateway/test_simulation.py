"""Simulation beside the service: what comes out does not depend on how many processes did it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import load as config_load
from gateway import simulation
from gateway.configuration import read_texts
from gateway.simulation import Job, generated, run
from router.journey import Arrival, Journey
from router.settings import Settings
from router.simulate import simulate

DEMO = Path(config_load.__file__).parent / "demo"
AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def job() -> Job:
    """A small day of the demo, before and after nobody may have more than one conversation at a time."""
    before = {file.name: file.read_text(encoding="utf-8") for file in DEMO.glob("*.yaml")}
    after = {**before, "agents.yaml": before["agents.yaml"].replace("units: 4", "units: 1")}
    assert after != before
    loaded = read_texts(before, DEMO, AT, strict=False)
    assert loaded.configuration is not None
    arrivals = generated(loaded.configuration, AT, days=1, per_day=700, promo=1, seed=3)
    return Job(before=before, after=after, arrivals=arrivals, directory=DEMO, at=AT)


def test_two_processes_find_the_same(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long job is done by two processes at once, however the other begins, and is the same to the byte."""
    here = run(job)
    monkeypatch.setattr(simulation, "MANY_ARRIVALS", 1)
    assert repr(run(job)) == repr(here)
    with ThreadPoolExecutor(1) as beside_a_thread:
        assert repr(beside_a_thread.submit(run, job).result()) == repr(here)
    assert here.before != here.after


def test_what_means_the_same_is_run_once(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that differ in a comment only come to the same, in one run; a real difference needs two."""
    runs: list[Settings] = []

    def counted(settings: Settings, arrivals: Sequence[Arrival]) -> tuple[Journey, ...]:
        runs.append(settings)
        return simulate(settings, arrivals)

    monkeypatch.setattr(simulation, "simulate", counted)
    remarked = {**job.before, "routing.yaml": "# a remark\n" + job.before["routing.yaml"]}
    alone = run(replace(job, after=remarked))
    assert (len(runs), alone.moved, alone.before) == (1, 0, alone.after)
    assert alone.before == run(job).before
    assert len(runs) == 3


def test_errors_come_back(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that cannot be read is an error here, wherever it was read."""
    monkeypatch.setattr(simulation, "MANY_ARRIVALS", 1)
    broken = {**job.before, "routing.yaml": "version: ["}
    with pytest.raises(ValueError, match=r"routing\.yaml"):
        run(Job(before=broken, after=job.after, arrivals=job.arrivals, directory=DEMO, at=AT))
