"""Simulation: the same `decide` in virtual time, held to Erlang's formula, to its own seed, and to small stories."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import isclose

from router.comparison import Comparison, Summary, by_agent, by_group, compare, summary
from router.dice import Dice
from router.events import ContactFacts, MessageReceived
from router.ids import ChannelName, ContactId, ConversationId, EventId, InboxId, MessageId, ThreadId
from router.journey import Arrival, Fate, Habits
from router.message import Text
from router.settings import GroupSettings, Settings
from router.simulate import simulate
from router.traffic import Model, Sample, generate
from router.triage import GroupRule, PriorityRule, Triage, When
from skills.agent import Agent, AgentKind
from skills.group import Group, GroupKind
from skills.hours import Hours, Interval
from skills.ids import AgentId, GroupId, HoursId
from skills.staffing import erlang_a
from tests.router.world import MONDAY, NORMAL, rule

DESK, NIGHT, FRONT = GroupId("desk"), GroupId("night"), GroupId("front")
FLAT = (1.0,) * 24


def office(agents: int, *, units: float = 1.0, **changes: object) -> Settings:
    """One group in which everybody can do everything, one conversation at a time, or as many as the ``units``."""
    people = {
        AgentId(f"a{n:02}"): Agent(id=AgentId(f"a{n:02}"), name="", groups=frozenset({DESK}), units=units)
        for n in range(agents)
    }
    settings = Settings(
        version=1,
        languages=("en",),
        hours={},
        skills={},
        priorities={NORMAL: timedelta(seconds=60)},
        groups={DESK: GroupSettings(group=Group(id=DESK, name={"en": "Desk"}))},
        agents=people,
        triage=Triage(
            tags=(),
            priority=(PriorityRule(name="normal", line=1, when=When(), priority=NORMAL),),
            group=(GroupRule(name="all", line=2, when=When(), group=DESK),),
        ),
    )
    return replace(settings, **changes)  # type: ignore[arg-type]  # replace() checks the names


def arrival(number: int, at: float, *, handling: float = 60, patience: float | None = None, who: str = "") -> Arrival:
    """Somebody writes so many seconds after ten o'clock."""
    name = who or f"c{number}"
    return Arrival(
        event=MessageReceived(
            id=EventId(f"e{number}"),
            at=MONDAY + timedelta(seconds=at),
            thread=ThreadId(name),
            contact=ContactFacts(id=ContactId(name)),
            inbox=InboxId("website"),
            channel=ChannelName("web"),
            message=MessageId(f"m{number}"),
            parts=(Text(text="hello"),),
            new_conversation=ConversationId(f"v{number}"),
        ),
        handling=timedelta(seconds=handling),
        patience=None if patience is None else timedelta(seconds=patience),
    )


def traffic(per_hour: float, hours: float, seed: int, *, handling: float = 180, patience: float = 120) -> list[Arrival]:
    """A steady stream."""
    model = Model(
        samples=(Sample(text="hello"),),
        per_day=per_hour * 24,
        zone=UTC,
        curve=FLAT,
        handling=timedelta(seconds=handling),
        patience=timedelta(seconds=patience),
    )
    return list(generate(model, MONDAY, MONDAY + timedelta(hours=hours), Dice(seed)))


def test_waits_agree_with_erlang_a() -> None:
    """One group, one conversation at a time, exponential everything: waits are those of M/M/n+M, within 5 %.

    The formula is asked for the load that the seed happened to give.
    """
    hours, coming = 100, traffic(200, 100, 1)
    work = sum((each.handling for each in coming), timedelta())
    handling = work.total_seconds() / len(coming)
    journeys = simulate(office(10), coming)
    found, wanted = summary(journeys), erlang_a(work / timedelta(hours=hours), 10, handling, 120)
    assert isclose(found.mean_wait.total_seconds(), wanted.mean_wait, rel_tol=0.05)
    assert isclose(found.abandoned / found.conversations, wanted.abandoning, rel_tol=0.05)
    waited = sum(journey.waited > timedelta() for journey in journeys) / len(journeys)
    assert isclose(waited, wanted.waiting, rel_tol=0.05)


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Equal seeds give equal journeys to the last byte; other seeds others."""
    first = repr(simulate(office(10), traffic(200, 2, 1)))
    assert first == repr(simulate(office(10), traffic(200, 2, 1)))
    assert first != repr(simulate(office(10), traffic(200, 2, 2)))


def test_order_of_arrivals_does_not_matter() -> None:
    """Arrivals are taken in the order of their instants, however they are handed in."""
    coming = traffic(200, 1, 3)
    assert simulate(office(8), reversed(coming)) == simulate(office(8), coming)


def test_one_agent_two_contacts() -> None:
    """The second waits until the first is done, and is late; the wait is exact."""
    first, second = simulate(office(1), [arrival(1, 0), arrival(2, -0.0 + 10, handling=5)])
    assert (first.fate, first.waited, first.breached) == (Fate.ANSWERED, timedelta(), False)
    assert (second.fate, second.waited, second.breached) == (Fate.ANSWERED, timedelta(seconds=50), False)
    (late,) = simulate(office(1), [arrival(1, 0, handling=90), arrival(2, 1)])[1:]
    assert (late.waited, late.breached, late.rule, late.agent) == (timedelta(seconds=89), True, "all", "a00")


def test_patience_ends() -> None:
    """Who waits longer than the own patience goes away, and the wait until then counts."""
    _, gone = simulate(office(1), [arrival(1, 0, handling=600), arrival(2, 0.5, patience=30)])
    assert (gone.fate, gone.reason, gone.waited, gone.agent) == (
        Fate.ABANDONED, "abandoned", timedelta(seconds=30), None,
    )  # fmt: skip


def test_nobody_there() -> None:
    """Without anybody to answer, conversations are still waiting at the end: unrouted, and late."""
    (lost,) = simulate(office(0), [arrival(1, 0)])
    assert (lost.fate, lost.breached) == (Fate.UNROUTED, True)
    assert simulate(office(1), []) == ()


def test_a_second_message_joins() -> None:
    """A message into an open conversation begins none; after its end, in the window, it goes to the same agent."""
    coming = [arrival(1, 0, who="ann"), arrival(2, 30, who="ann"), arrival(3, 7200, who="bob")]
    assert [journey.conversation for journey in simulate(office(2), coming)] == ["v1", "v3"]


def test_shifts_and_hours() -> None:
    """Work is offered to who is on shift; who comes after hours is answered at the opening, and has not waited."""
    hours = {
        HoursId("day"): Hours(id=HoursId("day"), zone=UTC, weekly=((Interval(9 * 3600, 17 * 3600),),) * 7),
        HoursId("late"): Hours(id=HoursId("late"), zone=UTC, weekly=((Interval(13 * 3600, 17 * 3600),),) * 7),
    }
    settings = office(1, hours=hours)
    (only,) = settings.agents.values()
    group = replace(settings.groups[DESK], group=replace(settings.groups[DESK].group, hours=HoursId("day")))
    settings = replace(settings, groups={DESK: group}, agents={only.id: replace(only, shift=HoursId("late"))})
    before_shift, after_hours = simulate(settings, [arrival(1, 0), arrival(2, 10 * 3600)])
    assert before_shift.waited == timedelta(hours=3)
    assert after_hours.fate is Fate.ANSWERED
    assert after_hours.waited == timedelta(hours=4)  # the group opens at nine, the agent comes at one
    (patient,) = simulate(settings, [arrival(3, 10 * 3600, patience=60)])
    assert patient.fate is Fate.ABANDONED
    assert patient.waited == timedelta(seconds=60)


def test_bots_hand_over() -> None:
    """A bot in front asks first; the human clocks start when it hands over."""
    settings = office(1)
    bot = Agent(id=AgentId("bot"), name="bot", kind=AgentKind.BOT, groups=frozenset({FRONT}))
    front = Group(id=FRONT, name={"en": "Front"}, kind=GroupKind.BOT, bot=bot.id)
    settings = replace(
        settings,
        agents={**settings.agents, bot.id: bot},
        groups={**settings.groups, FRONT: GroupSettings(group=front, then=DESK)},
        triage=replace(settings.triage, group=(GroupRule(name="all", line=2, when=When(), group=FRONT),)),
    )
    (journey,) = simulate(settings, [arrival(1, 0)], Habits(bot_hands_over_after=timedelta(seconds=9)))
    assert (journey.group, journey.fate, journey.waited) == (DESK, Fate.ANSWERED, timedelta())


def test_comparison() -> None:
    """Between two settings: who moved where, with samples, and what waiting became."""
    before = office(2)
    night = GroupSettings(group=Group(id=NIGHT, name={"en": "Night"}))
    after = replace(
        before,
        groups={**before.groups, NIGHT: night},
        triage=replace(before.triage, group=(rule("qr", NIGHT, 1), *before.triage.group)),
    )
    plain = [arrival(n, 200 * n) for n in range(4)]
    coming = [replace(each, event=replace(each.event, entry="qr")) if n % 2 else each for n, each in enumerate(plain)]
    found: Comparison = compare(simulate(before, coming), simulate(after, coming))
    assert [(move.before, move.after, move.count) for move in found.moves] == [(DESK, DESK, 2), (DESK, NIGHT, 2)]
    assert (found.moved, found.unpaired) == (2, 0)
    assert (found.before.unrouted, found.after.unrouted) == (0, 2)
    assert found.groups[NIGHT][0] == Summary()
    old, new = found.moves[1].samples[0]
    assert (old.conversation, old.rule, new.rule) == (new.conversation, "all", "by entry qr")


def test_summaries() -> None:
    """Percentiles are by nearest rank; groups and agents are counted apart."""
    journeys = simulate(office(1), [arrival(n, 0, handling=10) for n in range(10)])
    found = summary(journeys)
    assert (found.wait_p50, found.wait_p90, found.longest_wait) == tuple(timedelta(seconds=s) for s in (40, 80, 90))
    assert found.breached == 3
    assert by_group(journeys) == {DESK: found}
    assert by_agent(journeys) == {AgentId("a00"): 10}
    assert summary([]) == Summary()


def test_service_level_as_in_reports() -> None:
    """Answered within 20 s, of those who were answered or left later; who left within 10 s is counted apart."""
    patiences = (None, None, None, None, 25, 5)
    coming = [arrival(n, 0, handling=10, patience=patience) for n, patience in enumerate(patiences)]
    found = summary(simulate(office(1), coming))
    assert (found.answered, found.abandoned) == (4, 2)
    assert found.service_level == 3 / 5
    assert found.abandon_rate == 1 / 6
    assert (summary([]).service_level, summary([]).abandon_rate) == (None, None)


def test_the_day_has_its_shape() -> None:
    """Generated arrivals follow the curve and the promotion, and each number of them is drawn by itself."""
    model = Model(samples=(Sample(text="a"), Sample(text="b", weight=3)), per_day=4800, zone=UTC, promo=2)
    start = datetime(2026, 6, 3, tzinfo=UTC)
    coming = generate(model, start, start + timedelta(days=1), Dice(5))
    assert isclose(len(coming), 9600, rel_tol=0.05)
    by_hour = [sum(each.event.at.hour == hour for each in coming) for hour in range(24)]
    assert by_hour[20] == max(by_hour)
    assert min(by_hour) < 40
    said = sum(each.event.parts == (Text(text="b"),) for each in coming)
    assert isclose(said / len(coming), 0.75, rel_tol=0.05)
    mean = sum((each.handling for each in coming), timedelta()) / len(coming)
    assert isclose(mean / model.handling, 1, rel_tol=0.05)


def test_hardly_ever() -> None:
    """A rate so small that the next arrival lies beyond the calendar gives an empty day, and no error."""
    model = Model(
        samples=(Sample(text="hello", inbox=InboxId("website"), channel=ChannelName("web")),), per_day=5e-324, zone=UTC
    )
    assert generate(model, MONDAY, MONDAY + timedelta(days=1), Dice(1)) == ()


def test_dice() -> None:
    """Uniform between 0 and 1, with a mean of a half; purposes and seeds give different numbers."""
    numbers = [Dice(1).uniform(0, n) for n in range(20_000)]
    assert all(0 < number < 1 for number in numbers)
    assert isclose(sum(numbers) / len(numbers), 0.5, rel_tol=0.02)
    assert len({*numbers, *(Dice(1).uniform(1, n) for n in range(1000))}) == 21_000
    assert Dice(1).uniform(0, 1) != Dice(2).uniform(0, 1)
