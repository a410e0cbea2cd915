"""Intervening: a supervisor takes a conversation over, gives it back, or puts it into the queue (`routing.md` §18).

A hand with permission: units do not hold it up. Whoever had the conversation is told by whom it was taken and why.
"""

from router.conversation import Conversation, OwnerKind, State
from router.effects import DeskWord, TellDesk
from router.errors import IllegalTransition, Refused, SomethingMissing
from router.events import ConversationGivenBack, ConversationRequeued, ConversationTakenOver
from router.lifecycle import Move, moved
from router.reason import Code, Reason
from router.rules.handoff import next_group
from router.rules.offering import with_cool_down
from router.rules.replying import is_owned_by, require_owner
from router.rules.taking import take
from router.rules.waiting import send_back, send_to_group
from router.seat import Seat, measured
from router.trace import Verdict
from router.turn import Turn
from skills.ids import AgentId


def conversation_taken_over(turn: Turn, event: ConversationTakenOver) -> None:
    """The supervisor owns it from now on, from whatever state; the former owner is told.

    Raises:
        UnknownConversation, UnknownAgent: there is no such.
        SomethingMissing: no reason was given.
        Refused: it is the supervisor's own already.
    """
    conversation = turn.board.conversation(event.conversation)
    seat = turn.board.roster.seat(event.by)
    _require(event.reason)
    moved(conversation.state, Move.TAKEN)
    if is_owned_by(conversation, event.by):
        raise Refused("the conversation is yours already")
    former = conversation.owner
    why = Reason(Code.TAKEN_FROM, (event.by, former.id, event.reason))
    if former.kind is OwnerKind.QUEUE:
        why = Reason(Code.TAKEN_OVER, (event.by, event.reason))
    conversation = take(turn, conversation, seat, reason=why, taken_from=former)
    if former.kind is OwnerKind.AGENT:
        _tell(turn, conversation, AgentId(former.id), why)


def conversation_given_back(turn: Turn, event: ConversationGivenBack) -> None:
    """Whoever it was taken from has it again, if that agent can receive it; else it goes to the queue, with its age.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is not the supervisor's.
        Refused: it was not taken over.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.by)
    former = conversation.taken_from
    if former is None:
        raise Refused("the conversation was not taken over")
    moved(conversation.state, Move.TAKEN)
    seat = turn.board.roster.seats.get(AgentId(former.id)) if former.kind is OwnerKind.AGENT else None
    if seat is not None and _can_have_it_again(turn, conversation, seat):
        why = Reason(Code.GIVEN_BACK, (event.by, seat.id))
        conversation = take(turn, conversation, seat, reason=why)
        _tell(turn, conversation, seat.id, why)
        return
    send_back(
        turn,
        conversation,
        reason=Reason(Code.RETURNED, (event.by,)),
        excluded=with_cool_down(turn, conversation, event.by, is_strict=True),
        unanswered_since=conversation.unanswered_since or (None if former.kind is OwnerKind.BOT else turn.at),
    )


def conversation_requeued(turn: Turn, event: ConversationRequeued) -> None:
    """It waits again, as old as it is; the agent who had it is told, and not asked first.

    Raises:
        UnknownConversation: there is no such open conversation.
        SomethingMissing: no reason was given.
        IllegalTransition: no agent has it, or it is being wrapped up.
    """
    conversation = turn.board.conversation(event.conversation)
    _require(event.reason)
    if conversation.state not in (State.ACTIVE, State.PARKED):
        raise IllegalTransition(f"a conversation that is {conversation.state.value} cannot be put back")
    former = AgentId(conversation.owner.id)
    why = Reason(Code.REQUEUED, (event.by, former, event.reason))
    group = next_group(turn, conversation)
    conversation = conversation.but(
        excluded=with_cool_down(turn, conversation, former),
        unanswered_since=conversation.unanswered_since or turn.at,
    )
    if group == conversation.group:
        conversation = send_back(turn, conversation, reason=why)
    else:
        conversation = send_to_group(turn, conversation, group, reason=why)
    if former != event.by:
        _tell(turn, conversation, former, why)


def _can_have_it_again(turn: Turn, conversation: Conversation, seat: Seat) -> bool:
    """Whether the agent could receive it now; the own ones come while draining, too, and may use the burst."""
    standing = seat.standing_on(conversation.channel)
    if standing is Verdict.DRAINING:
        standing = measured(seat.presence)
    return standing is Verdict.ELIGIBLE and seat.has_room(turn.board.units_of(conversation), burst=True)


def _require(reason: str) -> None:
    if not reason:
        raise SomethingMissing("a supervisor who steps in says why")


def _tell(turn: Turn, conversation: Conversation, agent: AgentId, why: Reason) -> None:
    turn.say(
        TellDesk(word=DeskWord.NUDGE, subject=conversation.id, conversation=conversation.id, agent=agent, why=(why,))
    )
