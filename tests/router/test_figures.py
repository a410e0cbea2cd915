"""Figures: the total is that of its list, whatever happened; divided they add up; what comes late changes its place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import fsum, isclose
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from router.board import Board
from router.conversation import State
from router.decide import decide
from router.events import AgentConnected, AgentReplied, IntentChanged
from router.figures.definition import Measure, Unit, definitions, figure
from router.figures.ledger import Ledger
from router.figures.name import Name
from router.figures.report import By, Line, Question, report
from router.figures.row import Rows, Spell
from router.figures.service_level import Formula, Promise
from router.figures.telling import told
from router.ids import ConversationId, EventId, MessageId
from router.message import Text
from router.offer import OfferState
from router.presence import Intent
from skills.ids import AgentId
from tests.router import naive_figures as naive
from tests.router.test_machine import Core
from tests.router.world import AGENTS, ASIA, MONDAY, company, message, seconds

EXAMPLES = 150
PROMISES = [Promise(within=seconds(20), formula=formula) for formula in Formula]
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Counted(Core):
    """Anything happens in any order, and is counted twice: by the ledger and by hand."""

    def teardown(self) -> None:
        """Both come to the same."""
        if not self.history:
            return
        past = [(event, effects) for _, event, effects in self.history if effects is not None]
        ledger = Ledger(self.history[0][0])
        for in_force, event, effects in self.history:
            ledger.configure(in_force)
            if effects is not None:
                ledger.note(event, effects)
        rows = ledger.rows(self.now)
        agrees_with_hand_counts(rows, past, self.now)
        for promise in PROMISES:
            adds_up(rows, promise, self.now)


def agrees_with_hand_counts(rows: Rows, past: naive.Past, now: datetime) -> None:
    """The rows are those that somebody finds who counts each kind alone."""
    assert len(rows.visits) == naive.offered(past)
    assert sum((v.waited + v.waited_again for v in rows.visits), timedelta()) == naive.waited(past, now)
    assert sorted(each.waited for each in rows.responses if each.is_first) == naive.first_responses(past)
    assert len(rows.passings) == naive.transfers(past)
    assert len(rows.closings) == naive.closed(past)
    assert len(rows.deadlines) == naive.deadlines(past)
    for end in (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.RESCINDED):
        assert sum(each.end is end for each in rows.proposals) == naive.offers(past, end)
    for agent in (each.id for each in AGENTS):
        tenures = [each for each in rows.tenures if each.agent == agent]
        for state, span in ((State.ACTIVE, "owned"), (State.PARKED, "parked"), (State.WRAPPING, "wrapped")):
            found = sum((getattr(each, span) for each in tenures), timedelta())
            assert found == naive.in_hand(past, state, agent)


def adds_up(rows: Rows, promise: Promise, now: datetime) -> None:
    """Each figure is that of its list; and divided by anything, the parts are the whole."""
    whole = Question(since=MONDAY - timedelta(days=1), until=now + timedelta(seconds=1), zone=SHANGHAI, promise=promise)
    (line,) = report(rows, whole)
    assert sum(len(getattr(line.rows, kind)) for kind in Rows.__dataclass_fields__) == sum(
        len(getattr(rows, kind)) for kind in Rows.__dataclass_fields__
    )
    for each in definitions(promise):
        items, found = list(each.items(line.rows)), figure(each, line.rows)
        assert found in line.figures
        if each.measure is Measure.COUNT:
            assert found.value == len(items)
        elif not items:
            assert found.value is None
        elif each.measure is Measure.MEAN and found.value is not None:
            assert isclose(found.value * fsum(item.base for item in items), fsum(item.amount for item in items))
            assert each.unit is not Unit.SHARE or 0 <= found.value <= 1 + 1e-9
        elif found.value is not None:
            percent = {Measure.P50: 50, Measure.P90: 90, Measure.MAX: 100}[each.measure]
            assert found.value == naive.percentile([item.amount for item in items], percent)
    for by in (By.GROUP, By.CHANNEL, By.PRIORITY):
        assert counts(report(rows, replace(whole, by=by))) == counts([line])
    hourly = report(rows, replace(whole, interval=timedelta(hours=1)))
    assert counts(hourly) == counts([line])
    assert ready(hourly) == ready([line])


def counts(lines: list[Line] | tuple[Line, ...]) -> dict[Name, int]:
    """How much each figure but those of agents' time counts, over all lines."""
    by_name: dict[Name, int] = {}
    for line in lines:
        for each in line.figures:
            if each.name not in {Name.OCCUPANCY, Name.UTILISATION, Name.CONCURRENCY}:
                by_name[each.name] = by_name.get(each.name, 0) + each.count
    return {name: count for name, count in by_name.items() if count}


def ready(lines: list[Line] | tuple[Line, ...]) -> timedelta:
    """The agents' time."""
    return sum((spell.until - spell.at for line in lines for spell in line.rows.spells), timedelta())


def test_totals_are_those_of_their_lists(effort: int) -> None:
    """Over stories in which anything happens in any order, every figure is what counting by hand gives."""
    run_state_machine_as_test(Counted, settings=settings(max_examples=EXAMPLES * effort, stateful_step_count=50))


def test_late_answer_changes_its_interval() -> None:
    """An answer at eleven to who came before ten belongs to the interval before ten, which is counted anew."""
    early, late = company(), MONDAY + timedelta(hours=1)
    board, ledger = Board(early), Ledger(early)
    came_at = MONDAY - timedelta(minutes=10)

    def happens(event: object) -> None:
        ledger.note(event, decide(board, event))  # type: ignore[arg-type]  # events only

    happens(message(1, "kim", came_at, entry="asia"))
    question = Question(since=came_at, until=late + timedelta(hours=1), zone=UTC, interval=timedelta(hours=1))
    before = report(ledger.rows(MONDAY), question)
    assert value(before[0], Name.QUEUE_WAIT_MAX) is None
    chen = AgentId("chen")
    happens(AgentConnected(id=EventId("e2"), at=late, agent=chen))
    happens(IntentChanged(id=EventId("e3"), at=late, agent=chen, intent=Intent.READY, by=chen))
    happens(
        AgentReplied(
            id=EventId("e4"),
            at=late,
            agent=chen,
            conversation=ConversationId("v1"),
            message=MessageId("r4"),
            parts=(Text(text="hello"),),
        )
    )
    after = report(ledger.rows(late), question)
    assert after[0].at == MONDAY - timedelta(hours=1)
    assert value(after[0], Name.FIRST_RESPONSE_MAX) == 4200
    assert value(after[0], Name.QUEUE_WAIT_MAX) == 4200


def value(line: Line, name: Name) -> float | None:
    """One of the line's values."""
    return next(each.value for each in line.figures if each.name is name)


def test_time_is_cut_where_intervals_meet() -> None:
    """Three hours of an agent's time over two midnights of another zone are in the days in which they were."""
    start = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    spell = Spell(at=start, until=start + timedelta(hours=26), agent=AgentId("chen"), load=1, units=2, active=1)
    question = Question(
        since=start - timedelta(hours=1), until=start + timedelta(days=3), zone=SHANGHAI, interval=timedelta(days=1)
    )
    lines = report(Rows(spells=(spell,)), question)
    assert [ready([line]) for line in lines] == [timedelta(minutes=30), timedelta(hours=24), timedelta(minutes=90)]
    assert [value(line, Name.OCCUPANCY) for line in lines] == [0.5, 0.5, 0.5]


def test_clock_that_falls_back_keeps_every_hour() -> None:
    """On the day with 25 hours each of them is an interval of its own."""
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    spell = Spell(at=start, until=start + timedelta(hours=25), agent=AgentId("chen"), load=0, units=2, active=0)
    question = Question(since=start, until=spell.until, zone=berlin, interval=timedelta(hours=1))
    assert [ready([line]) for line in report(Rows(spells=(spell,)), question)] == [timedelta(hours=1)] * 25


def test_group_has_no_time_of_agents() -> None:
    """Agents work for several groups: their time is in no group's line, and says nothing rather than a wrong share."""
    spell = Spell(at=MONDAY, until=MONDAY + seconds(60), agent=AgentId("chen"), load=1, units=2, active=1)
    question = Question(since=MONDAY, until=MONDAY + seconds(90), zone=UTC, group=ASIA)
    (line,) = report(Rows(spells=(spell,)), question)
    occupancy = next(each for each in line.figures if each.name is Name.OCCUPANCY)
    assert (occupancy.value, told(occupancy)) == (None, "occupancy – (of 0)")


def test_every_figure_has_one_definition() -> None:
    """No figure is only a name, none is defined twice."""
    names = [each.name for each in definitions(Promise())]
    assert sorted(names, key=lambda name: name.value) == sorted(Name, key=lambda name: name.value)
