"""Coverage: for every group, hour of the week and step of widening, how many agents a waiting conversation reaches.

By shifts and skills alone, in an ordinary week without holidays: who is away, ill or busy is another question. An hour
is as good as its worst quarter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.configuration import Configuration
from router.settings import GroupSettings
from router.widening import ladder, widened
from skills.agent import Agent, AgentKind
from skills.group import GroupKind
from skills.hours import Hours, is_open
from skills.ids import AgentId, GroupId, HoursId
from skills.matching import meets

HOURS_IN_WEEK = 7 * 24
QUARTERS = (0, 15, 30, 45)
QUIET_WEEKS = 53
"""Where in a year of weeks an ordinary one is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCoverage:
    """One step of a group, the first being none: for each hour from Monday midnight on, who is reached.

    ``agents`` are empty where nobody is; ``after`` is when the step comes into force.
    """

    step: int
    after: timedelta
    agents: tuple[frozenset[AgentId], ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many, by hour."""
        return tuple(len(found) for found in self.agents)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCoverage:
    """One group's week. ``gaps`` are the hours in which it is open and nobody is reached with every step in force."""

    group: GroupId
    is_open: tuple[bool, ...]
    steps: tuple[StepCoverage, ...]

    @property
    def gaps(self) -> tuple[int, ...]:
        """Hours of the week, 0 is Monday from midnight to one."""
        last = self.steps[-1].agents
        return tuple(hour for hour in range(HOURS_IN_WEEK) if self.is_open[hour] and not last[hour])


def coverage(configuration: Configuration, today: date) -> tuple[GroupCoverage, ...]:
    """The week of every group of people, in the configuration's time zone and the order of the file."""
    settings, zone = configuration.settings, ZoneInfo(configuration.timezone)
    monday = ordinary_monday(settings.hours, today)
    week = [
        tuple(datetime.combine(monday + timedelta(days=day), time(hour, quarter), zone) for quarter in QUARTERS)
        for day in range(7)
        for hour in range(24)
    ]
    people = [agent for agent in settings.agents.values() if agent.kind is AgentKind.HUMAN]
    open_at = {key: tuple(_opens(hours, week)) for key, hours in settings.hours.items()}
    return tuple(
        _week_of(its, people, open_at) for its in settings.groups.values() if its.group.kind is GroupKind.HUMAN
    )


def ordinary_monday(timetables: Mapping[HoursId, Hours], today: date) -> date:
    """The Monday of the next week that has no holiday, make-up day or exception in any timetable, if there is one."""
    first = today - timedelta(days=today.weekday())
    for week in range(QUIET_WEEKS):
        monday = first + timedelta(weeks=week)
        days = {monday + timedelta(days=offset) for offset in range(-1, 8)}
        if not any(
            days & (hours.holidays.keys() | hours.makeup_days | hours.exceptions.keys())
            for hours in timetables.values()
        ):
            return monday
    return first


def _opens(hours: Hours, week: list[tuple[datetime, ...]]) -> Iterator[frozenset[int]]:
    """For each hour, the quarters that are open."""
    for quarters in week:
        yield frozenset(number for number, at in enumerate(quarters) if is_open(hours, at))


def _week_of(
    its: GroupSettings,
    people: list[Agent],
    open_at: Mapping[HoursId, tuple[frozenset[int], ...]],
) -> GroupCoverage:
    group = its.group
    always = (frozenset(range(len(QUARTERS))),) * HOURS_IN_WEEK
    opens = open_at[group.hours] if group.hours is not None else always
    steps = ladder(group)
    found: list[StepCoverage] = []
    for count in range(len(steps) + 1):
        groups, asked = widened(group, group.requirement, count)
        reached = [agent for agent in people if agent.groups & set(groups) and meets(asked, agent)]
        shifts = {agent.id: open_at.get(agent.shift, always) if agent.shift else always for agent in reached}
        agents = tuple(
            frozenset(id_ for id_, shift in shifts.items() if opens[hour] and opens[hour] <= shift[hour])
            for hour in range(HOURS_IN_WEEK)
        )
        after = steps[count - 1].after if count else timedelta()
        found.append(StepCoverage(step=count, after=after, agents=agents))
    return GroupCoverage(group=group.id, is_open=tuple(bool(quarters) for quarters in opens), steps=tuple(found))
