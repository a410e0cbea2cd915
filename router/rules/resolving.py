"""Resolving, and what comes before and after it: parking, resuming, leaving, reopening."""

from dataclasses import replace

from router.conversation import Owner, OwnerKind, State
from router.errors import IllegalTransition, NoUnits
from router.events import (
    ContactLeft,
    ContactLost,
    ContactReturned,
    ConversationParked,
    ConversationReopened,
    ConversationResolved,
    ConversationResumed,
)
from router.lifecycle import ABANDONED, Move, moved
from router.reason import Code, Reason
from router.rules.ending import resolve, wraps_up
from router.rules.offers import rescind_all
from router.rules.replying import require_owner
from router.rules.returning import IN_QUEUE, may_be_lost, revived
from router.rules.wrapping import put_down
from router.trace import Outcome
from router.turn import Turn
from skills.ids import AgentId


def conversation_resolved(turn: Turn, event: ConversationResolved) -> None:
    """Somebody ends it; the agent who had it gets the group's time for wrap-up, its units still taken.

    Where there is no such time, what the group requires must be said now.

    Raises:
        UnknownConversation: there is no such open conversation.
        SomethingMissing: the group requires more than was said.
    """
    conversation = turn.board.conversation(event.conversation)
    left_waiting = not event.by and conversation.state in IN_QUEUE
    if event.by and not wraps_up(turn, conversation) and conversation.owner.kind is OwnerKind.AGENT:
        by = AgentId(event.by)
        conversation = put_down(turn, conversation, by, event.disposition, event.note, event.note_text)
    elif event.disposition:
        conversation = conversation.but(disposition=event.disposition)
    resolve(turn, conversation, ABANDONED if left_waiting else event.reason)


def conversation_parked(turn: Turn, event: ConversationParked) -> None:
    """The owner waits for the contact, or for a date; parked conversations take no units.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is somebody else's.
        IllegalTransition: it is not active.
        NoUnits: the agent has parked as many as allowed.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.by)
    state = moved(conversation.state, Move.PARKED)
    seat = turn.board.owner_seat(conversation)
    if seat is not None and not seat.may_park:
        raise NoUnits(f"{event.by} has parked {len(seat.parked)}, and may not park more")
    rescind_all(turn, conversation.id, "parked")
    turn.save(conversation.but(state=state, parked_until=event.until, is_idle=False))


def conversation_resumed(turn: Turn, event: ConversationResumed) -> None:
    """The owner takes it up again.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is somebody else's.
        IllegalTransition: it is not parked.
        NoUnits: the owner has no room, even with the burst for revivals.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.by)
    if conversation.state is not State.PARKED:
        raise IllegalTransition(f"a conversation that is {conversation.state.value} cannot be resumed")
    seat = turn.board.roster.seat(event.by)
    if not seat.has_room(turn.board.units_of(conversation), burst=True):
        raise NoUnits(f"{event.by} carries {seat.load:g} of {seat.agent.units:g} units")
    state = moved(conversation.state, Move.RESUMED)
    turn.save(conversation.but(state=state, parked_until=None, assigned_at=turn.at, reminded=False))


def conversation_reopened(turn: Turn, event: ConversationReopened) -> None:
    """An agent takes a resolved conversation up again, as its owner.

    Raises:
        UnknownAgent: there is no such agent.
        IllegalTransition: it is not resolved, or its thread has another open conversation.
        NoUnits: the agent has no room, even with the burst for revivals.
    """
    previous = event.previous
    seat = turn.board.roster.seat(event.by)
    moved(previous.state, Move.REOPENED)
    if turn.board.in_thread(previous.thread) is not None:
        raise IllegalTransition("the thread has another open conversation")
    if not seat.has_room(turn.board.units_of(previous), burst=True):
        raise NoUnits(f"{event.by} carries {seat.load:g} of {seat.agent.units:g} units")
    conversation = previous.but(
        state=moved(moved(previous.state, Move.REOPENED), Move.TAKEN),
        owner=Owner(OwnerKind.AGENT, event.by),
        epoch=previous.epoch + 1,
        assigned_at=turn.at,
        resolved_at=None,
        resolved_because="",
        reminded=False,
        nudged=False,
        wrap_up_until=None,
        taken_from=None,
    )
    turn.explain(conversation, Outcome.ASSIGNED, reasons=(Reason(Code.REOPENED_BY, (event.by,)),))
    turn.save(conversation)


def contact_left(turn: Turn, event: ContactLeft) -> None:
    """The contact is gone for good: what waits has been abandoned; what an agent has stays with the agent, to see."""
    conversation = turn.board.in_thread(event.thread)
    if conversation is None:
        return
    if conversation.state in IN_QUEUE:
        resolve(turn, conversation, ABANDONED)
    elif conversation.state is State.BOT:
        resolve(turn, conversation, event.reason)
    else:
        turn.show(conversation)


def contact_lost(turn: Turn, event: ContactLost) -> None:
    """The contact's page was closed: waited for a minute, then out of the line, then abandoned (`routing.md` §17)."""
    conversation = turn.board.in_thread(event.thread)
    if conversation is not None and may_be_lost(conversation):
        turn.save(conversation.but(patience=replace(conversation.patience, lost_at=turn.at)))


def contact_returned(turn: Turn, event: ContactReturned) -> None:
    """The contact is there again, in time: back into the line, as old as before."""
    conversation = turn.board.in_thread(event.thread)
    if conversation is not None and conversation.patience.lost_at is not None:
        turn.save(revived(turn, conversation))
