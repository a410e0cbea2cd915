"""Controls: with a protection switched off on purpose, the check that watches it goes red.

A check that cannot fail proves nothing. Each case breaks one thing in the core, lets a short story happen, and sees
the invariant of that thing, and no silence.
"""

from collections.abc import Callable

import pytest

from router.bench import Bench
from router.board import Board
from router.decide import decide
from router.effects import DeskWord, Effect, Measure, Measurement, TellDesk
from router.errors import Refused
from router.events import (
    AgentConnected,
    AnyEvent,
    ConversationParked,
    ConversationResolved,
    IntentChanged,
    OfferAccepted,
    Swept,
)
from router.ids import ConversationId, EventId, OfferId
from router.line import Line
from router.presence import Intent
from router.queue import Queue
from router.roster import Roster
from router.rules import resolving, taking
from router.seat import Seat
from router.selection import best_agent
from router.turn import Turn
from skills.ids import AgentId
from tests.router import invariants, naive
from tests.router.rows import Rows
from tests.router.world import MONDAY, company, message, seconds

CHEN = AgentId("chen")
Break = Callable[[pytest.MonkeyPatch], None]


def story() -> list[AnyEvent]:
    """Chen comes; four contacts write to Asia; one is resolved: more than chen's three units, one place free again."""
    return [
        *arrival_of(CHEN),
        *(message(3 + number, f"c{number}", MONDAY + seconds(number), entry="asia") for number in range(4)),
        ConversationResolved(id=EventId("e9"), at=MONDAY + seconds(9), conversation=ConversationId("v3"), by=CHEN),
        message(10, "kim", MONDAY + seconds(10), entry="japan"),
        OfferAccepted(id=EventId("e11"), at=MONDAY + seconds(11), offer=OfferId("e10.o1"), agent=AgentId("anna")),
    ]


def arrival_of(name: str) -> list[AnyEvent]:
    """An agent connects and is ready."""
    return [
        AgentConnected(id=EventId(f"{name}1"), at=MONDAY, agent=AgentId(name)),
        IntentChanged(id=EventId(f"{name}2"), at=MONDAY, agent=AgentId(name), intent=Intent.READY),
    ]


def seen() -> list[str]:
    """What the invariants say on the way."""
    board, rows, found = Board(company()), Rows(), list[str]()
    for event in [*arrival_of("anna"), *story()]:
        loads = dict(board.loads)
        try:
            effects = decide(board, event)
            rows.write(effects)
        except Refused:
            continue
        except (AssertionError, KeyError) as fault:
            return [*found, f"stopped: {fault}"]
        found += invariants.breaches(board, event.at)
        found += invariants.overloaded(board, event, loads)
        if rows.restored(board.settings, event.at).remembered() != board.remembered():
            found.append("restored: another board")
    return found


def nothing(*_: object, **__: object) -> None:
    """Does nothing, where something should be done."""


def same_epoch(patch: pytest.MonkeyPatch) -> None:
    """An owner comes without a new epoch: one lower than written before."""
    original = taking.take

    def take(turn: Turn, conversation: object, seat: Seat, **facts: object) -> object:
        return original(turn, conversation, seat, **{**facts, "epoch": 0})  # type: ignore[arg-type]  # broken on purpose

    patch.setattr("router.rules.matching.take", take)


BREAKS: dict[str, Break] = {
    "load": lambda patch: patch.setattr(Roster, "drop", nothing),
    "overloaded": lambda patch: patch.setattr(Seat, "has_room", lambda *_: True),
    "overlooked": lambda patch: patch.setattr("router.decide.settle", nothing),
    "queue": lambda patch: patch.setattr(Queue, "put", nothing),
    "stopped: v3 stands in the queue and is": lambda patch: patch.setattr(Queue, "remove", nothing),
    "offer": lambda patch: patch.setattr(Turn, "end_offer", nothing),
    "timer": lambda patch: patch.setattr(Turn, "_set_timer", nothing),
    "restored": lambda patch: patch.setattr(Rows, "write", nothing),
    "stopped: epochs": same_epoch,
    "stopped: ": lambda patch: patch.setattr(Line, "add", nothing),
}


@pytest.mark.parametrize("name", BREAKS)
def test_invariant_goes_red(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its protection off, the invariant is reported broken."""
    BREAKS[name](monkeypatch)
    assert [each for each in seen() if each.startswith(name)]


def test_invariants_are_green() -> None:
    """With all protections on, the same story breaks nothing."""
    assert seen() == []


def test_refused_event_that_changed_something_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that changes first and validates afterwards leaves a board that is not as before."""
    board = Board(company())
    for event in [*arrival_of("anna"), *story()]:
        decide(board, event)
    parked = ConversationParked(id=EventId("e20"), at=MONDAY + seconds(20), conversation=ConversationId("v4"), by=CHEN)
    proper = resolving.conversation_parked

    def careless(turn: Turn, event: ConversationParked) -> None:
        proper(turn, event)
        raise Refused

    before = board.remembered()
    monkeypatch.setattr(resolving, "conversation_parked", careless)
    with pytest.raises(Refused):
        decide(board, parked)
    assert board.remembered() != before


def test_replay_notices_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that does not come from the event makes a replay differ."""
    counter = iter(range(100))
    monkeypatch.setattr(Turn, "new_offer_id", lambda _: OfferId(f"o{next(counter)}"))

    def all_effects() -> list[tuple[Effect, ...]]:
        board = Board(company())
        return [decide(board, event) for event in [*arrival_of("anna"), *story()[:-1]]]

    assert all_effects() != all_effects()


def test_sweep_finds_and_repairs_what_matching_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits beside a free agent is counted, told to supervisors, and brought to the agent."""
    board = Board(company())
    with monkeypatch.context() as broken:
        broken.setattr("router.decide.settle", nothing)
        for event in story()[:3]:
            decide(board, event)
    assert naive.overlooked(board, MONDAY)
    effects = decide(board, Swept(id=EventId("s1"), at=MONDAY + seconds(5)))
    breaches = [each for each in effects if isinstance(each, Measure) and each.what is Measurement.INVARIANT_BREACHES]
    assert [each.label for each in breaches] == ["waiting_beside_free_agent"]
    assert [each.word for each in effects if isinstance(each, TellDesk) and each.word is DeskWord.ALARM]
    assert not naive.overlooked(board, MONDAY)
    assert decide(board, Swept(id=EventId("s2"), at=MONDAY + seconds(10))) == ()


def test_oracle_notices_a_wrong_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bench that ranks the wrong way round chooses another agent than the naive selection does."""
    board = Board(company())
    with monkeypatch.context() as broken:
        broken.setattr("router.decide.settle", nothing)
        for event in [*story()[:3], *arrival_of("bao")]:
            decide(board, event)
    conversation = board.conversation(ConversationId("v3"))
    expected = naive.best_agent(board, conversation, MONDAY)

    def chosen() -> str | None:
        choice = best_agent(board, conversation, MONDAY)
        return choice.seat.id if choice is not None else None

    assert chosen() == expected
    proper = Bench.ranked
    monkeypatch.setattr(Bench, "ranked", lambda *facts: proper(*facts)[::-1])
    assert chosen() != expected
