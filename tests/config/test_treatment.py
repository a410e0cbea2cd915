"""Every key of the routing file reaches the core as what it means."""

from datetime import timedelta
from pathlib import Path

from router.clocks import Rest, Target
from router.ids import ChannelName, PriorityTag, ReplyId
from router.settings import AfterHours, Boosts, Idleness, IfFull, Lane, StillThere, WaitingMenu, WrapUpField
from skills.group import OverflowStep, OverflowWhen, RelaxStep
from skills.ids import AgentId, GroupId, HoursId, SkillId
from tests.config.loading import load_directory


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def test_everything_that_can_be_written_is_built() -> None:
    """A file with every key of a group, of the priorities and of the agents; nothing is lost on the way."""
    loaded = load_directory(Path(__file__).with_name("whole"))
    assert [str(problem) for problem in loaded.problems] == []
    assert loaded.configuration is not None
    settings = loaded.configuration.settings
    its = settings.groups[GroupId("japan")]
    assert its.group.relax == (
        RelaxStep(after=minutes(1), drop=frozenset({SkillId("lang-ja")})),
        RelaxStep(after=minutes(2), requires={SkillId("visa-jp"): 1}, add=(GroupId("night"),), priority="high"),
    )
    assert its.group.overflow == (
        OverflowStep(when=OverflowWhen.CLOSED, to=GroupId("night")),
        OverflowStep(when=OverflowWhen.NO_SKILLED_AGENT_ON_SHIFT, to=GroupId("asia")),
        OverflowStep(when=OverflowWhen.LONG_QUEUE, longer_than=30),
        OverflowStep(after=minutes(3), to=GroupId("asia")),
    )
    assert (its.sticky.owner_wait, its.sticky.if_draining, its.sticky.if_full) == (
        minutes(5),
        timedelta(hours=12),
        IfFull.SKIP,
    )
    assert its.first_reply.holding == "on-it"
    assert its.waiting.menu == WaitingMenu(reply=ReplyId("menu"), after=minutes(1), call_back_within=minutes(30))
    assert its.waiting.still_there == StillThere(reply=ReplyId("there"), after=minutes(8), timeout=minutes(2))
    assert (its.after_hours.then, its.after_hours.grace) == (AfterHours.HOLD, minutes(20))
    assert (its.wrap_up, its.wrap_up_requires) == (minutes(0.5), (WrapUpField.DISPOSITION, WrapUpField.NOTE))
    assert (its.grace, its.grace_phone, its.closing_soon) == (minutes(1.5), minutes(4), minutes(15))
    asia = settings.groups[GroupId("asia")]
    assert (asia.wrap_up, asia.wrap_up_requires, asia.grace) == (minutes(0.5), (), minutes(2))
    assert asia.group.hours == HoursId("office")
    assert settings.factors == {"vip": 1.5}
    assert settings.strict == {"high"}
    assert settings.idleness == Idleness(after=minutes(5), weight=0.5)
    assert settings.boosts == Boosts(returned=minutes(1), transferred=minutes(2))
    assert settings.lane == Lane(at_most=1, of=4)
    assert settings.targets == (
        Target(
            groups=frozenset({GroupId("japan"), GroupId("asia")}),
            priorities=frozenset({PriorityTag("vip")}),
            channels=frozenset({ChannelName("web")}),
            first=minutes(1),
            next=minutes(2),
            resolve=minutes(240),
            pause=(),
        ),
        Target(first=minutes(10), pause=(Rest.CLOSED,)),
        Target(next=minutes(15), pause=(Rest.PARKED, Rest.CLOSED)),
    )
    assert [target.line for target in settings.targets] == [15, 16, 17]
    li = settings.agents[AgentId("li.na")]
    assert (li.burst, li.caps, li.max_parked, li.deputies) == (2, {"web": 3}, 4, (AgentId("bo"),))
