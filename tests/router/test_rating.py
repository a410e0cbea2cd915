"""A contact says how it went: a line for the desk, once, and changed after that."""

import pytest

from router.board import Board
from router.decide import decide
from router.effects import RecordMessage, ReviseMessage
from router.errors import Refused
from router.events import ConversationRated
from router.ids import ConversationId, EventId, MessageId
from router.message import AuthorKind, Text
from tests.router.world import MONDAY, company


def rated(stars: int, text: str = "", *, is_again: bool = False) -> ConversationRated:
    """A rating of a conversation that the board has forgotten."""
    return ConversationRated(
        id=EventId("e1"),
        at=MONDAY,
        conversation=ConversationId("c1"),
        message=MessageId("m1"),
        stars=stars,
        text=text,
        is_again=is_again,
    )


def test_rating_is_a_line_for_agents() -> None:
    """Stars and words become a note of the system's; the contact is told nothing."""
    said = decide(Board(company()), rated(4, "很快"))[0]
    assert isinstance(said, RecordMessage)
    assert (said.parts, said.note, said.author.kind) == ((Text(text="★★★★☆ 很快"),), True, AuthorKind.SYSTEM)


def test_second_rating_changes_the_line() -> None:
    """There is one line for a conversation."""
    said = decide(Board(company()), rated(5, is_again=True))[0]
    assert said == ReviseMessage(id=MessageId("m1"), parts=(Text(text="★★★★★"),))


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_no_such_number_of_stars(stars: int) -> None:
    """One to five."""
    with pytest.raises(Refused):
        decide(Board(company()), rated(stars))
