"""Resolving, and what comes before and after it: parking, resuming, wrap-up, leaving, reopening."""

from datetime import timedelta

from router.conversation import Conversation, Owner, OwnerKind, State
from router.effects import Measure, Measurement
from router.errors import IllegalTransition, NoUnits
from router.events import (
    ContactLeft,
    ConversationParked,
    ConversationReopened,
    ConversationResolved,
    ConversationResumed,
    WrapUpFinished,
)
from router.lifecycle import Move, moved
from router.rules.arrival import ABANDONED, REVIVAL_BURST
from router.rules.offers import rescind_all
from router.rules.replying import require_owner
from router.trace import Outcome
from router.turn import Turn

IN_QUEUE = frozenset({State.WAITING, State.OFFERED})


def conversation_resolved(turn: Turn, event: ConversationResolved) -> None:
    """Somebody ends it; the agent who had it gets the group's time for wrap-up, its units still taken.

    Raises:
        UnknownConversation: there is no such open conversation.
    """
    conversation = turn.board.conversation(event.conversation)
    left_waiting = not event.by and conversation.state in IN_QUEUE
    resolve(turn, conversation, ABANDONED if left_waiting else event.reason)


def resolve(turn: Turn, conversation: Conversation, reason: str) -> None:
    """End a conversation now, or let its wrap-up begin if it is active and the group has one."""
    rescind_all(turn, conversation.id, reason)
    its = turn.board.settings.groups.get(conversation.group)
    wrap_up = its.wrap_up if its is not None else timedelta()
    if conversation.state is State.ACTIVE and wrap_up > timedelta():
        turn.save(
            conversation.but(
                state=moved(conversation.state, Move.FINISHED),
                wrap_up_until=turn.at + wrap_up,
                resolved_because=reason,
                unanswered_since=None,
            )
        )
        return
    close(turn, conversation, conversation.resolved_because or reason)


def close(turn: Turn, conversation: Conversation, reason: str) -> None:
    """The end: the conversation leaves the board."""
    if reason == ABANDONED:
        turn.say(Measure(what=Measurement.ABANDONED, label=conversation.group))
    turn.explain(conversation, Outcome.RESOLVED, reason=reason)
    turn.save(
        conversation.but(
            state=moved(conversation.state, Move.RESOLVED),
            resolved_at=turn.at,
            resolved_because=reason,
            held_until=None,
            preferred=None,
            preferred_until=None,
            excluded=(),
            asked_bot_at=None,
            parked_until=None,
            wrap_up_until=None,
        )
    )


def wrap_up_finished(turn: Turn, event: WrapUpFinished) -> None:
    """The agent is done before the time is over.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is somebody else's.
        IllegalTransition: it is not in wrap-up.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.agent)
    if conversation.state is not State.WRAPPING:
        raise IllegalTransition(f"a conversation that is {conversation.state.value} has no wrap-up to finish")
    close(turn, conversation, conversation.resolved_because)


def conversation_parked(turn: Turn, event: ConversationParked) -> None:
    """The owner waits for the contact, or for a date; parked conversations take no units.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is somebody else's.
        IllegalTransition: it is not active.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.by)
    state = moved(conversation.state, Move.PARKED)
    rescind_all(turn, conversation.id, "parked")
    turn.save(conversation.but(state=state, parked_until=event.until))


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
    if not seat.has_room(turn.board.units_of(conversation), REVIVAL_BURST):
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
    if not seat.has_room(turn.board.units_of(previous), REVIVAL_BURST):
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
    )
    turn.explain(conversation, Outcome.ASSIGNED, reason=f"reopened by {event.by}")
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
