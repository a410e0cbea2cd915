"""Staffing: the formulas give the values that `routing.md` §25 holds them to."""

from math import isclose

import pytest

from skills.staffing import (
    Overloaded,
    agents_for,
    erlang_a,
    erlang_b,
    erlang_c,
    patient_service_level,
    service_level,
)

LOAD = 200 / 3600 * 180
"""200 an hour, 180 s each: ten agents' work."""


def near(got: float, wanted: float) -> bool:
    """Equal in the digits that are given."""
    return isclose(got, wanted, rel_tol=2e-3)


@pytest.mark.parametrize(
    ("agents", "waiting", "level", "wait", "occupancy"),
    [(12, 0.4494, 0.6402, 40.44, 0.833), (14, 0.1741, 0.8884, 7.84, 0.714)],
)
def test_erlang_c(agents: int, waiting: float, level: float, wait: float, occupancy: float) -> None:
    """With endless patience: who waits, who is answered within 20 s, for how long, how busy."""
    found = erlang_c(LOAD, agents, 180)
    assert near(found.waiting, waiting)
    assert near(service_level(LOAD, agents, 180, 20), level)
    assert near(found.mean_wait, wait)
    assert near(found.occupancy, occupancy)


@pytest.mark.parametrize(
    ("agents", "waiting", "abandoning", "wait", "occupancy"),
    [(10, 0.4969, 0.1375, 16.5, 0.8625), (12, 0.2798, 0.0616, 7.39, 0.782)],
)
def test_erlang_a(agents: int, waiting: float, abandoning: float, wait: float, occupancy: float) -> None:
    """With two minutes of patience on average: who waits, who gives up, for how long, how busy."""
    found = erlang_a(LOAD, agents, 180, 120)
    assert near(found.waiting, waiting)
    assert near(found.abandoning, abandoning)
    assert near(found.mean_wait, wait)
    assert near(found.occupancy, occupancy)


def test_erlang_b() -> None:
    """Ten agents' work turns a fifth away from ten lines; without lines everybody is turned away."""
    assert near(erlang_b(10, 10), 0.2146)
    assert erlang_b(10, 0) == 1


def test_endless_patience_agrees() -> None:
    """With patience without end the one formula becomes the other."""
    patient = erlang_a(LOAD, 14, 180, 1e9)
    assert isclose(patient.mean_wait, erlang_c(LOAD, 14, 180).mean_wait, rel_tol=1e-4)


def test_overload() -> None:
    """Too much work is said, not computed; with impatience there is still an answer."""
    with pytest.raises(Overloaded):
        erlang_c(10, 10, 180)
    assert erlang_a(30, 10, 180, 120).abandoning > 0.6
    with pytest.raises(ValueError, match="agent"):
        erlang_a(1, 0, 180, 120)


def test_agents_for_a_wait() -> None:
    """The fewest agents with whom the wait is short enough: with one less it is not."""
    assert agents_for(LOAD, 180, 120, mean_wait=7.5) == 12


def test_service_level_with_patience() -> None:
    """At once it is who does not wait; with endless patience the one formula becomes the other; it only rises."""
    assert near(patient_service_level(LOAD, 12, 180, 1e7, 20), 0.6402)
    levels = [patient_service_level(LOAD, 10, 180, 120, within) for within in (0, 5, 20, 60, 3600)]
    assert levels == sorted(levels)
    assert near(levels[0], 1 - 0.4969)
    assert near(levels[-1], 1)
    with pytest.raises(ValueError, match="agent"):
        patient_service_level(1, 0, 180, 120, 20)
