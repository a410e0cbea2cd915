"""Simulation beside the service: what comes out does not depend on how many processes did it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import load as config_load
from gateway import simulation
from gateway.configuration import read_texts
from gateway.simulation import Job, generated, run

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
    """A long job is done by two processes at once, and is the same to the byte."""
    here = run(job)
    monkeypatch.setattr(simulation, "MANY_ARRIVALS", 1)
    assert repr(run(job)) == repr(here)
    assert here.before != here.after


def test_errors_come_back(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that cannot be read is an error here, wherever it was read."""
    monkeypatch.setattr(simulation, "MANY_ARRIVALS", 1)
    broken = {**job.before, "routing.yaml": "version: ["}
    with pytest.raises(ValueError, match=r"routing\.yaml"):
        run(Job(before=broken, after=job.after, arrivals=job.arrivals, directory=DEMO, at=AT))
