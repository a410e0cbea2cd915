"""Every event is decided and told in a story or the state machine, every effect occurs, every refusal says its fact."""

from typing import get_args

import pytest

from router import errors
from router.board import Board
from router.conversation import Owner, OwnerKind
from router.decide import decide
from router.effects import Effect
from router.errors import IllegalTransition, NotOwner, Refused
from router.events import AnyEvent, Event
from router.message import DeliveryState
from router.timetable import Timetable
from skills.ids import HoursId
from tests.architecture.house import ROOT
from tests.router import test_machine
from tests.router.world import MONDAY, company, daily, message, seconds

PASSING_THROUGH = {"MessageEdited", "MediaFetched", "DeliveryReported", "ConversationRated"}
"""Events that change nothing in the core; `test_what_passes_through_is_written_and_shown` has them."""


def sources(*names: str) -> str:
    """The text of some test modules."""
    return "".join((ROOT / "tests" / "router" / f"{name}.py").read_text(encoding="utf-8") for name in names)


def test_every_event_happens_in_a_test() -> None:
    """No event is only believed to work."""
    told = sources("test_machine", "story", "world", "test_answering_for")
    missing = {each.__name__ for each in get_args(AnyEvent) if f"{each.__name__}" not in told}
    assert missing <= PASSING_THROUGH


def test_every_effect_is_written_somewhere() -> None:
    """No effect is declared that no rule ever asks for."""
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "router").rglob("*.py"))
    assert [each.__name__ for each in get_args(Effect) if f"{each.__name__}(" not in rules] == []


@pytest.mark.parametrize("event", [each for each in get_args(AnyEvent) if each.__name__ in PASSING_THROUGH])
def test_what_passes_through_is_written_and_shown(event: type[Event]) -> None:
    """An edit, a file, a delivery report and a rating are told to the desk, whatever has become of the conversation."""
    facts: dict[str, dict[str, object]] = {
        "MessageEdited": {"parts": test_machine.HELLO},
        "MediaFetched": {},
        "DeliveryReported": {"state": DeliveryState.SENT},
        "ConversationRated": {"stars": 4},
    }
    happened = event(id="e1", at=MONDAY, conversation="gone", message="m1", **facts[event.__name__])  # type: ignore[call-arg,arg-type]  # facts fit
    effects = decide(Board(company()), happened)  # type: ignore[arg-type]  # one of the union
    assert [type(each).__name__ for each in effects][-1] == "TellDesk"


def test_refusals_say_the_fact() -> None:
    """Every refusal has a message without being given one, and knows nothing of HTTP."""
    for each in vars(errors).values():
        if isinstance(each, type) and issubclass(each, Refused) and each is not NotOwner:
            assert str(each()).endswith(".")
    assert str(NotOwner(Owner(OwnerKind.AGENT, "anna"), 3)) == "the conversation belongs to agent anna now"
    assert str(IllegalTransition("said otherwise")) == "said otherwise"


def test_a_conversation_has_only_its_fields() -> None:
    """A change of a field that does not exist is an error, not a new field; the original stays as it was."""
    board = Board(company())
    decide(board, message(1, "kim", MONDAY, entry="asia"))
    (conversation,) = board.conversations.values()
    with pytest.raises(TypeError, match="no colour"):
        conversation.but(colour="red")
    changed = conversation.but(hops=2)
    assert (changed.hops, conversation.hops) == (2, 0)
    assert changed.but(hops=0) == conversation


def test_timetable_answers_do_not_depend_on_what_was_asked_before() -> None:
    """The remembered opening changes nothing: asked forwards, backwards and anew, the answers are the same."""
    office = HoursId("office")
    hours = {office: daily("office", 9, 18)}
    instants = [MONDAY + seconds(1800 * step) for step in range(-60, 60)]
    used = Timetable(hours)
    forwards = [(used.is_open(office, at), used.next_change(office, at)) for at in instants]
    backwards = [(used.is_open(office, at), used.next_change(office, at)) for at in reversed(instants)]
    anew = [(Timetable(hours).is_open(office, at), Timetable(hours).next_change(office, at)) for at in instants]
    assert forwards == backwards[::-1] == anew
    assert {is_open for is_open, _ in anew} == {True, False}


def test_hours_without_a_name_are_always_open() -> None:
    """No hours, no closing: spans of open time are spans of time."""
    timetable = Timetable({})
    assert timetable.is_open(None, MONDAY)
    assert timetable.next_change(None, MONDAY) is None
    assert timetable.after_open(None, MONDAY, seconds(60)) == MONDAY + seconds(60)


def test_guard_counts_open_time() -> None:
    """A span that begins before closing ends after the next opening."""
    timetable = Timetable({HoursId("office"): daily("office", 9, 18)})
    closing = MONDAY.replace(hour=17, minute=59)
    assert timetable.after_open(HoursId("office"), closing, seconds(120)) == MONDAY.replace(day=24, hour=9, minute=1)
