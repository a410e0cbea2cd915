"""What lists, the feed and the wallboard show of the clocks that people are held to."""

from datetime import datetime

from gateway.views.floor import queues
from gateway.views.service_level import ClockView, show_clocks
from router.board import Board
from router.clocks import Target
from router.conversation import Conversation
from router.decide import decide
from router.events import AgentReplied, ConversationParked, TimerFired, TimerKind
from router.ids import ConversationId, EventId, MessageId
from router.message import Text
from skills.ids import AgentId
from tests.router.world import MONDAY, company, message, seconds

KIM = ConversationId("v1")
BAO = AgentId("bao")


def shop(*targets: Target) -> Board:
    """A board with these targets, on which kim waits for Asia since ten."""
    board = Board(company(targets=targets))
    decide(board, message(1, "kim", MONDAY, entry="asia"))
    return board


def answered(board: Board, at: datetime) -> None:
    """Bao answers kim from another surface."""
    said = {"message": MessageId(f"r{at}"), "parts": (Text(text="hello"),)}
    decide(board, AgentReplied(id=EventId(f"e{at}"), at=at, conversation=KIM, agent=BAO, **said))  # type: ignore[arg-type]  # as said


def look(board: Board, at: datetime) -> Conversation:
    """Time passes until then; the conversation as it is."""
    decide(board, TimerFired(id=EventId(f"t{at}"), at=at, kind=TimerKind.CONVERSATION, subject=KIM))
    return board.conversation(KIM)


def states(conversation: Conversation) -> dict[str, str]:
    """How each clock stands."""
    return {each.clock: each.state for each in show_clocks(conversation)}


def test_without_targets_there_is_nothing_to_show() -> None:
    """No clock runs that nobody asked for."""
    assert show_clocks(shop().conversation(KIM)) == []


def test_a_clock_without_a_target_is_not_shown() -> None:
    """Only what the file asks for is shown, with when it is due."""
    board = shop(Target(first=seconds(600)))
    assert show_clocks(board.conversation(KIM)) == [
        ClockView(clock="first", due_at=MONDAY + seconds(600), state="running", ended_at=None)
    ]


def test_states_as_they_come() -> None:
    """Running, at risk, breached; met when it came in time, and nothing owed from then on."""
    board = shop(Target(first=seconds(600), resolve=seconds(900)))
    assert states(look(board, MONDAY + seconds(480))) == {"first": "at_risk", "resolve": "running"}
    answered(board, MONDAY + seconds(500))
    assert states(board.conversation(KIM)) == {"first": "met", "resolve": "running"}
    assert states(look(board, MONDAY + seconds(900))) == {"first": "met", "resolve": "breached"}
    first, resolve = show_clocks(board.conversation(KIM))
    assert (first.ended_at, resolve.ended_at) == (MONDAY + seconds(500), None)


def test_a_parked_one_is_paused() -> None:
    """While the contact is waited for there is no due time."""
    board = shop(Target(resolve=seconds(3600)))
    answered(board, MONDAY + seconds(10))
    decide(board, ConversationParked(id=EventId("p"), at=MONDAY + seconds(20), conversation=KIM, by=BAO))
    (shown,) = show_clocks(board.conversation(KIM))
    assert (shown.state, shown.due_at) == ("paused", None)


def test_one_held_for_the_opening_is_paused() -> None:
    """Who writes after hours is owed an answer after the opening."""
    board = Board(company(targets=(Target(first=seconds(600)),)))
    decide(board, message(1, "kim", MONDAY.replace(hour=20), entry="usa"))
    (shown,) = show_clocks(board.conversation(KIM))
    assert (shown.state, shown.due_at) == ("paused", MONDAY.replace(day=24, hour=9, minute=10))


def test_wallboard_counts_by_the_worst_clock() -> None:
    """A conversation is at risk or breached in its group, once; what has been answered is neither."""
    board = shop(Target(first=seconds(100), resolve=seconds(120)))

    def counted(at: float) -> tuple[int, int]:
        look(board, MONDAY + seconds(at))
        (asia,) = (each for each in queues(board, board.settings, MONDAY + seconds(at)) if each.group == "asia")
        return asia.at_risk, asia.breached

    assert [counted(at) for at in (60, 80, 100, 130)] == [(0, 0), (1, 0), (0, 1), (0, 1)]
    answered(shop_again := shop(Target(first=seconds(100))), MONDAY + seconds(200))
    found = {each.group: (each.at_risk, each.breached) for each in queues(shop_again, shop_again.settings, MONDAY)}
    assert found["asia"] == (0, 0)
