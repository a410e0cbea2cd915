"""Replying: what agents and bots say, and what it earns. A note never changes anything."""

from dataclasses import replace

from router.conversation import Conversation, LastAnswer, OwnerKind, State
from router.effects import (
    Deliver,
    DeskWord,
    Direction,
    Measure,
    Measurement,
    RecordDelivery,
    RecordMessage,
    ReviseMessage,
    TellDesk,
)
from router.errors import NotOwner, Refused
from router.events import AgentReplied, ConversationRated, DeliveryReported, NoteAdded
from router.ids import ConversationId, MessageId
from router.lifecycle import Move, moved
from router.message import Author, AuthorKind, Part, Text
from router.reason import Code, Reason
from router.rules.returning import unlost
from router.rules.taking import take
from router.seat import Seat
from router.turn import Turn
from skills.agent import Role
from skills.ids import AgentId

MOST_STARS = 5


def agent_replied(turn: Turn, event: AgentReplied) -> None:
    """The owner answered: the first-reply guard ends, stickiness is earned. From another surface it takes ownership.

    Raises:
        UnknownConversation, UnknownAgent: there is no such.
        NotOwner: the desk knew an old epoch, or somebody else owns the conversation now.
    """
    conversation = turn.board.conversation(event.conversation)
    seat = turn.board.roster.seat(event.agent)
    is_owner = is_owned_by(conversation, event.agent)
    if event.epoch is not None and (not is_owner or event.epoch != conversation.epoch):
        raise NotOwner(conversation.owner, conversation.epoch)
    measure_first_response(turn, conversation)
    if seat.presence.misses:
        turn.change_seat(seat, misses=0)
    answered = answered_by(turn, conversation, event.agent)
    if not is_owner:
        take(turn, conversation, seat, reason=Reason(Code.ELSEWHERE, (seat.id,)), **answered)
    elif conversation.state is State.PARKED:
        turn.save(conversation.but(state=moved(State.PARKED, Move.RESUMED), parked_until=None, **answered))
    else:
        turn.save(conversation.but(**answered))
    say(turn, event.conversation, seat, event.message, event.parts, event.client_id)


def note_added(turn: Turn, event: NoteAdded) -> None:
    """A note for agents joins the conversation, and those whom it mentions are told; nothing else changes.

    Raises:
        UnknownConversation, UnknownAgent: there is no such.
        Refused: it mentions an outside agent, who may see no more than what is the own.
    """
    conversation = turn.board.conversation(event.conversation)
    seat = turn.board.roster.seat(event.agent)
    mentions = tuple(dict.fromkeys(agent for agent in event.mentions if agent != seat.id))
    for agent in mentions:
        if turn.board.roster.seat(agent).agent.role is Role.OUTSIDE:
            raise Refused(f"{agent} is an outside agent")
    turn.say(
        RecordMessage(
            id=event.message,
            conversation=conversation.id,
            direction=Direction.OUT,
            author=colleague(seat),
            parts=event.parts,
            at=event.at,
            note=True,
            client_id=event.client_id,
            mentions=mentions,
            whisper=event.whisper,
        )
    )
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=conversation.id))
    why = (Reason(Code.MENTIONED, (seat.id,)),)
    for agent in mentions:
        turn.say(
            TellDesk(word=DeskWord.NUDGE, subject=conversation.id, conversation=conversation.id, agent=agent, why=why)
        )


def conversation_rated(turn: Turn, event: ConversationRated) -> None:
    """The desk reads in the thread how the contact found it; nothing else changes.

    Raises:
        Refused: it is no number of stars.
    """
    if not 0 < event.stars <= MOST_STARS:
        raise Refused(f"a rating has 1 to {MOST_STARS} stars")
    words = "★" * event.stars + "☆" * (MOST_STARS - event.stars)
    parts = (Text(text=f"{words} {event.text}".rstrip()),)
    if event.is_again:
        turn.say(ReviseMessage(id=event.message, parts=parts))
    else:
        turn.say(
            RecordMessage(
                id=event.message,
                conversation=event.conversation,
                direction=Direction.OUT,
                author=Author(kind=AuthorKind.SYSTEM),
                parts=parts,
                at=event.at,
                note=True,
            )
        )
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=event.conversation))


def delivery_reported(turn: Turn, event: DeliveryReported) -> None:
    """What became of an outbound message is written and shown."""
    turn.say(RecordDelivery(id=event.message, conversation=event.conversation, state=event.state, reason=event.reason))
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=event.conversation))


def is_owned_by(conversation: Conversation, agent: AgentId) -> bool:
    """Whether this agent owns the conversation."""
    return conversation.owner.kind is OwnerKind.AGENT and conversation.owner.id == agent


def require_owner(conversation: Conversation, agent: AgentId, epoch: int | None = None) -> None:
    """Refuse who does not own the conversation, or knew an older epoch.

    Raises:
        NotOwner: it belongs to somebody else, or has changed hands since.
    """
    if not is_owned_by(conversation, agent) or (epoch is not None and epoch != conversation.epoch):
        raise NotOwner(conversation.owner, conversation.epoch)


def colleague(seat: Seat) -> Author:
    """An agent as colleagues see the name."""
    return Author(kind=AuthorKind.AGENT, id=seat.id, name=seat.agent.alias or seat.agent.name)


def answered_by(turn: Turn, conversation: Conversation, agent: AgentId) -> dict[str, object]:
    """What a person's answer changes; the agent who has the credit is asked first when the contact comes again."""
    return {
        "last_answer": LastAnswer(agent=agent, group=conversation.group, at=turn.at),
        "unanswered_since": None,
        "nudged": False,
        "reminded": False,
        "hops": 0,
        "bot": replace(conversation.bot, rounds=0),
        "patience": unlost(conversation.patience),
    }


def say(
    turn: Turn, conversation: ConversationId, seat: Seat, message: MessageId, parts: tuple[Part, ...], client_id: str
) -> None:
    """An agent's words go to the contact, under the agent's public name."""
    turn.say(
        RecordMessage(
            id=message,
            conversation=conversation,
            direction=Direction.OUT,
            author=Author(kind=AuthorKind.AGENT, id=seat.id, name=seat.agent.public_name),
            parts=parts,
            at=turn.at,
            client_id=client_id,
        )
    )
    turn.say(Deliver(message=message, conversation=conversation))
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=message, conversation=conversation))


def measure_first_response(turn: Turn, conversation: Conversation) -> None:
    """The first human answer since the human clocks started; later ones are not first."""
    since = conversation.entered_waiting_at or conversation.created_at
    answer = conversation.last_answer
    if answer is None or answer.at < since:
        seconds = max((turn.at - since).total_seconds(), 0.0)
        turn.say(Measure(what=Measurement.FIRST_RESPONSE_SECONDS, label=conversation.group, value=seconds))
