"""Staffing: the table keeps what it promises, and says what the running product does in virtual time."""

from datetime import timedelta
from math import isclose

import pytest

from router.journey import Fate, Journey
from router.simulate import simulate
from router.staffing import Demand, crew, fewest, table
from skills.staffing import patient_service_level
from tests.router.test_simulate import office, traffic
from tests.router.world import seconds

DEMAND = Demand(
    per_hour=200, handling=seconds(180), patience=seconds(120), within=seconds(20), target=0.8, concurrency=1
)


def in_time(journeys: tuple[Journey, ...], within: timedelta) -> float:
    """The share that was answered in time, of those who were answered or gave up later."""
    answered = [each.waited <= within for each in journeys if each.fate is Fate.ANSWERED]
    late = sum(each.fate is Fate.ABANDONED and each.waited > within for each in journeys)
    return sum(answered) / (len(answered) + late)


@pytest.mark.parametrize(("agents", "units"), [(10, 1), (5, 2)])
def test_service_level_is_that_of_the_product(agents: int, units: int) -> None:
    """Through the real matching the share that is answered within 20 s is what the formula says, slots for agents.

    The formula is asked for the load that the seed happened to give.
    """
    hours = 20
    coming = traffic(200, hours, 2)
    work = sum((each.handling for each in coming), timedelta())
    found = in_time(simulate(office(agents, units=units), coming), seconds(20))
    wanted = patient_service_level(work / timedelta(hours=hours), 10, work.total_seconds() / len(coming), 120, 20)
    assert isclose(found, wanted, rel_tol=0.05)


def test_fewest_agents_keep_the_promise() -> None:
    """With one less it is not kept; the table shows both sides."""
    least = fewest(DEMAND)
    assert crew(DEMAND, least).service_level >= DEMAND.target > crew(DEMAND, least - 1).service_level
    levels = [each.service_level for each in table(DEMAND)]
    assert levels == sorted(levels)
    assert [each.agents for each in table(DEMAND)] == list(range(least - 4, least + 4))


def test_endless_patience() -> None:
    """Nobody gives up: too few are told so; the first number that keeps 80 % within 20 s is 13 or 14 of ten's work."""
    patient = Demand(per_hour=200, handling=seconds(180), patience=None, within=seconds(20), target=0.8)
    assert crew(patient, 10).expected is None
    assert isclose(crew(patient, 14).service_level, 0.8884, rel_tol=2e-3)
    assert isclose(crew(patient, 12).service_level, 0.6402, rel_tol=2e-3)
    assert fewest(patient) == 14 - (crew(patient, 13).service_level >= 0.8)


def test_a_slot_is_counted_as_a_server() -> None:
    """Three at once need a third of the agents, if they take no longer: that is the assumption, and said so."""
    at_once = Demand(
        per_hour=200, handling=seconds(180), patience=seconds(120), within=seconds(20), target=0.8, concurrency=3
    )
    assert fewest(at_once) == -(-fewest(DEMAND) // 3)


def test_great_loads() -> None:
    """A thousand agents' work needs fewer, who all wait a little; 846 would let everybody wait for just 20 s."""
    great = Demand(per_hour=20_000, handling=seconds(180), patience=seconds(120), within=seconds(20), target=0.9)
    assert 846 < fewest(great) < 1000


@pytest.mark.parametrize(
    "wrong",
    [
        {"per_hour": 0.0},
        {"handling": timedelta()},
        {"patience": timedelta()},
        {"patience": timedelta(days=1)},
        {"target": 1.0},
        {"concurrency": 0},
    ],
)
def test_impossible_demands(wrong: dict[str, object]) -> None:
    """What cannot be planned for is refused."""
    fields = {name: getattr(DEMAND, name) for name in Demand.__dataclass_fields__}
    with pytest.raises(ValueError, match=r"must be|target|patience"):
        Demand(**{**fields, **wrong})
