"""What was said already: agents answer for it or change its words, contacts put a sign under it."""

import pytest

from router.board import Board
from router.conversation import Conversation, Owner, OwnerKind
from router.decide import decide
from router.effects import DeliverAgain, DeliverEdit, RecordDelivery, RecordMessage, ReviseMessage
from router.errors import NotOwner, UnknownAgent, UnknownConversation
from router.events import ContactReacted, DeliverySettled, ReplyRevised, Verdict
from router.ids import ContactId, ConversationId, EventId, MessageId
from router.message import AuthorKind, DeliveryState, Part, Text
from skills.agent import Role
from skills.ids import AgentId
from tests.router.world import MONDAY, company, message

OF = MessageId("m1")
WORDS: tuple[Part, ...] = (Text(text="other words"),)


@pytest.fixture
def board() -> Board:
    """A conversation that somebody has."""
    board = Board(company())
    decide(board, message(1, "kim", MONDAY, entry="asia"))
    (conversation,) = board.conversations.values()
    owner = next(id_ for id_ in board.roster.seats if board.roster.seat(id_).agent.role is Role.AGENT)
    board.take(conversation)
    board.put(conversation.but(owner=Owner(OwnerKind.AGENT, owner)), MONDAY)
    return board


def the_only(board: Board) -> Conversation:
    """The conversation."""
    (conversation,) = board.conversations.values()
    return conversation


def settled(board: Board, agent: str, verdict: Verdict, conversation: str = "") -> DeliverySettled:
    """Somebody speaks for the message."""
    return DeliverySettled(
        id=EventId("e2"),
        at=MONDAY,
        conversation=ConversationId(conversation) if conversation else the_only(board).id,
        agent=AgentId(agent),
        message=OF,
        verdict=verdict,
    )


def other(board: Board, role: Role) -> str:
    """Somebody of this role who does not have the conversation."""
    return next(
        id_
        for id_ in board.roster.seats
        if board.roster.seat(id_).agent.role is role and id_ != the_only(board).owner.id
    )


def test_it_arrived(board: Board) -> None:
    """The agent's name is the reason why it counts as sent."""
    owner = the_only(board).owner.id
    said = decide(board, settled(board, owner, Verdict.ARRIVED))[0]
    assert isinstance(said, RecordDelivery)
    assert (said.state, said.reason) == (DeliveryState.SENT, f"arrived: {owner}")


def test_send_it_again(board: Board) -> None:
    """The outbox gets it once more; in a conversation that is over, anybody who sees it may ask."""
    owner = the_only(board).owner.id
    again = decide(board, settled(board, owner, Verdict.SEND_AGAIN))[0]
    assert again == DeliverAgain(message=OF, conversation=the_only(board).id)
    over = settled(board, other(board, Role.AGENT), Verdict.SEND_AGAIN, conversation="cnv_over")
    assert isinstance(decide(board, over)[0], DeliverAgain)


def test_not_over_the_owners_head(board: Board) -> None:
    """Another agent may not, and nobody who is unknown."""
    with pytest.raises(NotOwner):
        decide(board, settled(board, other(board, Role.AGENT), Verdict.ARRIVED))
    with pytest.raises(UnknownAgent):
        decide(board, settled(board, "nobody", Verdict.ARRIVED))


def revised(board: Board, agent: str, epoch: int | None = None) -> ReplyRevised:
    """Somebody changes the words."""
    conversation = the_only(board).id
    return ReplyRevised(
        id=EventId("e3"),
        at=MONDAY,
        conversation=conversation,
        agent=AgentId(agent),
        message=OF,
        parts=WORDS,
        epoch=epoch,
    )


def test_other_words(board: Board) -> None:
    """The earlier words are kept by the shell, the channel gets the new ones; only from the owner, with the epoch."""
    conversation = the_only(board)
    revision, edit = decide(board, revised(board, conversation.owner.id, conversation.epoch))[:2]
    assert revision == ReviseMessage(id=OF, parts=WORDS)
    assert edit == DeliverEdit(message=OF, conversation=conversation.id)
    for event in (
        revised(board, other(board, Role.AGENT)),
        revised(board, conversation.owner.id, conversation.epoch + 1),
    ):
        with pytest.raises(NotOwner):
            decide(board, event)


def test_a_sign_is_no_answer(board: Board) -> None:
    """It is noted, and the conversation is as it was; where there is none it is refused."""
    before = the_only(board)
    event = ContactReacted(
        id=EventId("e4"),
        at=MONDAY,
        conversation=before.id,
        contact=ContactId("kim"),
        message=MessageId("m9"),
        name="Kim",
        parts=(Text(text="👍"),),
    )
    said = decide(board, event)[0]
    assert isinstance(said, RecordMessage)
    assert (said.note, said.author.kind, said.author.name) == (True, AuthorKind.CONTACT, "Kim")
    assert the_only(board) == before
    board.take(before)
    with pytest.raises(UnknownConversation):
        decide(board, event)
