"""The indexed selection makes the choices of the naive one, on boards full of chances that nobody took."""

from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from router.bench import Bench
from router.board import Board, queued
from router.conversation import Conversation, Exclusion, Owner, OwnerKind, State
from router.due import due
from router.ids import ChannelName, ContactId, ConversationId, InboxId, ThreadId
from router.presence import Intent, Presence, Reachability
from router.seat import Seat
from router.selection import best_agent, best_conversation
from router.trace import Verdict
from skills.group import Pick
from skills.ids import AgentId, GroupId
from skills.skill import requirement
from tests.router import naive
from tests.router.world import AGENTS, ASIA, JAPAN, JP, MONDAY, NIGHT, NORMAL, USA, VIP, agent, company, seconds

agents = st.sampled_from([each.id for each in AGENTS])
earlier = st.integers(min_value=0, max_value=400).map(lambda before: MONDAY - timedelta(seconds=before))


@st.composite
def waiting(draw: st.DrawFn, number: int) -> Conversation:
    """A conversation that waits, perhaps with a cool-down, a head start or steps in force."""
    settings = company()
    group: GroupId = draw(st.sampled_from([JAPAN, ASIA, USA, NIGHT]))
    since: datetime = draw(earlier)
    priority = draw(st.sampled_from([NORMAL, VIP]))
    cooling = draw(st.lists(agents, max_size=3, unique=True))
    is_kept = draw(st.booleans()) and draw(st.booleans()) and not cooling
    return Conversation(
        id=ConversationId(f"v{number}"),
        thread=ThreadId(f"t{number}"),
        contact=ContactId(f"c{number}"),
        inbox=InboxId("website"),
        channel=ChannelName(draw(st.sampled_from(["web", "mail"]))),
        group=group,
        state=State.WAITING,
        owner=queued(group),
        epoch=1,
        priority=priority,
        created_at=since,
        requirement=settings.groups[group].group.requirement,
        entered_waiting_at=since,
        due_from=since,
        queued_at=since,
        due_at=due(settings.priorities, priority, since),
        unanswered_since=since,
        excluded=tuple(
            Exclusion(
                agent=each, until=MONDAY + seconds(draw(st.sampled_from([-1, 60]))), is_strict=draw(st.booleans())
            )
            for each in cooling
        ),
        preferred=draw(agents) if is_kept else None,
        preferred_until=MONDAY + seconds(30) if is_kept else None,
    )


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """A board as no decision leaves one: much waits, and many are free."""
    board = Board(company())
    conversations = [draw(waiting(number)) for number in range(draw(st.integers(min_value=0, max_value=8)))]
    for number in range(draw(st.integers(min_value=0, max_value=5))):
        taken = draw(waiting(100 + number))
        owner = Owner(OwnerKind.AGENT, draw(agents))
        conversations.append(taken.but(state=State.ACTIVE, owner=owner, preferred=None, preferred_until=None))
    presences = [
        Presence(
            agent=each.id,
            intent=draw(st.sampled_from([Intent.READY, Intent.READY, Intent.READY, Intent.AWAY])),
            reachability=draw(st.sampled_from([Reachability.CONNECTED, Reachability.CONNECTED, Reachability.LOST])),
            misses=draw(st.sampled_from([0, 0, 0, 2])),
            idle_since=draw(st.none() | earlier),
            picked_at=draw(st.none() | earlier),
        )
        for each in AGENTS
    ]
    board.restore(conversations, (), presences, MONDAY)
    return board


def assert_same_choices(board: Board) -> None:
    """Both sides choose as the naive selection does, and the table of candidates agrees."""
    for conversation in board.conversations.values():
        if conversation.state is not State.WAITING:
            continue
        choice = best_agent(board, conversation, MONDAY)
        assert (choice.seat.id if choice else None) == naive.best_agent(board, conversation, MONDAY)
        if choice is not None and conversation.preferred_until is None:
            table = board.candidates(conversation.id, MONDAY)
            eligible = {each.agent for each in table if each.verdict is Verdict.ELIGIBLE}
            assert eligible == {each.id for each in naive.eligible(board, conversation, MONDAY)}
            assert sum(number for _, number in choice.pool.counts()) == len(AGENTS) == len(table)
    for each in AGENTS:
        found = best_conversation(board, board.roster.seats[each.id], MONDAY)
        expected = naive.best_conversation(board, each, MONDAY)
        assert (found.conversation.id if found else None) == (expected.id if expected else None)


@given(board=boards(), changes=st.lists(st.tuples(agents, st.integers(min_value=0, max_value=5), earlier), max_size=12))
def test_indexed_selection_is_the_naive_one(board: Board, changes: list[tuple[AgentId, int, datetime]]) -> None:
    """For every conversation and every agent, before and after any changes of presence and load."""
    assert_same_choices(board)
    for name, change, at in changes:
        seat = board.roster.seats[name]
        match change:
            case 0:
                board.roster.change(seat, intent=Intent.AWAY if seat.may_receive else Intent.READY)
            case 1:
                board.roster.change(seat, idle_since=max(at, seat.presence.idle_since or at), picked_at=MONDAY)
            case 2:
                board.roster.change(seat, misses=0, reachability=Reachability.CONNECTED)
            case _:
                owned = [each for each in board.conversations.values() if each.owner.id == name]
                if owned:
                    board.take(owned[0])
        assert_same_choices(board)


CASES: list[tuple[str, Pick, list[dict[str, Any]], list[str]]] = [
    ("longest idle first", Pick.LONGEST_IDLE, [{"idle": 5}, {"idle": 50}, {"idle": 20}], ["b", "c", "a"]),
    ("equal idle: by id", Pick.LONGEST_IDLE, [{"idle": 5}, {"idle": 5}], ["a", "b"]),
    ("least loaded by share", Pick.LEAST_LOADED, [{"load": 1, "units": 2}, {"load": 2, "units": 8}], ["b", "a"]),
    ("equal load: longest idle", Pick.LEAST_LOADED, [{"idle": 1}, {"idle": 9}], ["b", "a"]),
    ("highest level first", Pick.BEST_SKILL, [{"jp": 3}, {"jp": 5}, {"jp": 4}], ["b", "c", "a"]),
    ("equal level: least loaded", Pick.BEST_SKILL, [{"jp": 3, "load": 1}, {"jp": 3}], ["b", "a"]),
    ("in turn, new ones first", Pick.ROUND_ROBIN, [{"picked": 5}, {}, {"picked": 50}], ["b", "c", "a"]),
]


@pytest.mark.parametrize(("pick", "facts", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_pick_orders_agents(pick: Pick, facts: list[dict[str, Any]], expected: list[str]) -> None:
    """Each way to pick has its order, and its ties."""
    assert [seat.id for seat in bench_of(pick, facts).ranked(9)] == expected


def bench_of(pick: Pick, facts: list[dict[str, Any]]) -> Bench:
    """A bench of agents a, b, c… with these facts."""
    seats = {}
    for name, fact in zip("abc", facts, strict=False):
        presence = Presence(
            agent=AgentId(name),
            intent=Intent.READY,
            reachability=Reachability.CONNECTED,
            idle_since=MONDAY - seconds(fact["idle"]) if "idle" in fact else None,
            picked_at=MONDAY - seconds(fact["picked"]) if "picked" in fact else None,
        )
        seat = Seat(agent(name, JAPAN, units=fact.get("units", 4.0), jp=fact.get("jp", 3)), presence)
        seat.load = fact.get("load", 0.0)
        seats[seat.id] = seat
    needs = {JP: 1} if pick is Pick.BEST_SKILL else {}
    return Bench((1.0, ""), pick, seats, requirement(needs))
