"""Coverage: how many agents each step reaches in each hour of the week, and where nobody is."""

from dataclasses import replace

from config.configuration import ROUTING
from config.coverage import HOURS_IN_WEEK, coverage, ordinary_monday
from config.holiday import special_days
from skills.ids import HoursId
from tests.config.loading import CONFIG, NOW, configured, load_changed, load_directory

SHOP = configured(load_directory(CONFIG / "visa-shop"))


def test_every_group_of_people_has_a_week() -> None:
    """Each group of people has 168 hours and one row more than it has steps; bots have none."""
    found = coverage(SHOP, NOW.date())
    people = [its for its in SHOP.settings.groups.values() if its.group.kind.value == "human"]
    assert [each.group for each in found] == [its.group.id for its in people]
    for each, its in zip(found, people, strict=True):
        assert len(each.steps) == 1 + len(its.group.relax) + len(its.group.overflow)
        assert len(each.is_open) == HOURS_IN_WEEK
        for step in each.steps:
            assert len(step.counts) == HOURS_IN_WEEK
            assert not any(count for count, is_open in zip(step.counts, each.is_open, strict=True) if not is_open)


def test_a_step_never_reaches_fewer() -> None:
    """Every step reaches whom the one before reached."""
    for each in coverage(SHOP, NOW.date()):
        for former, later in zip(each.steps, each.steps[1:], strict=False):
            assert all(some <= more for some, more in zip(former.agents, later.agents, strict=True))


def test_shifts_count() -> None:
    """The early shift is reached in the morning, the late one in the evening, both where they overlap."""
    (japan,) = [each for each in coverage(SHOP, NOW.date()) if each.group == "japan-korea"]
    first = japan.steps[0].agents
    assert first[9] == {"li.na"}
    assert first[15] == {"li.na", "sun.yue"}
    assert first[20] == {"sun.yue"}
    assert first[3] == frozenset()
    assert not japan.is_open[3]


def test_gaps() -> None:
    """Where a group is open and every step reaches nobody, there is a gap."""
    sound = configured(load_changed(ROUTING, ("asia: {name: Asia, hours: office}", "asia: {name: Asia, hours: night}")))
    (asia,) = [each for each in coverage(sound, NOW.date()) if each.group == "asia"]
    assert asia.gaps == ()
    day = {id_: replace(agent, shift=HoursId("office")) for id_, agent in sound.settings.agents.items()}
    by_day = replace(sound, settings=replace(sound.settings, agents=day))
    (asia,) = [each for each in coverage(by_day, NOW.date()) if each.group == "asia"]
    assert asia.gaps == tuple(hour for hour in range(HOURS_IN_WEEK) if hour % 24 >= 22 or hour % 24 < 6)


def test_an_ordinary_week() -> None:
    """The week that is shown has no holiday, no make-up day and no exception."""
    monday = ordinary_monday(SHOP.settings.hours, NOW.date())
    assert monday.weekday() == 0
    special = special_days(["CN"], NOW.date())
    assert not any(monday.toordinal() <= day.toordinal() < monday.toordinal() + 7 for day in special.closed)
