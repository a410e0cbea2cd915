"""Returning: whose connection breaks while nobody has answered may be given up, until the contact shows to be there."""

from dataclasses import replace

from router.conversation import Conversation, Patience, State
from router.reason import Code, Reason
from router.turn import Turn

IN_QUEUE = frozenset({State.WAITING, State.OFFERED})


def may_be_lost(conversation: Conversation) -> bool:
    """Whether it matters that the contact's connection breaks (`routing.md` §17): it waits, and nobody has answered.

    Who was told to come back when the group opens, or was promised a call, is not given up for closing the page.
    """
    patience, entered_at, due_from = conversation.patience, conversation.entered_waiting_at, conversation.due_from
    if conversation.state not in IN_QUEUE or patience.lost_at is not None or patience.wish is not None:
        return False
    was_held = due_from is not None and entered_at is not None and due_from > entered_at
    if conversation.held_until is not None or was_held:
        return False
    answer = conversation.last_answer
    return answer is None or answer.at < (entered_at or conversation.created_at)


def unlost(patience: Patience) -> Patience:
    """The same patience, the broken connection forgotten: it does not matter any more."""
    if patience.lost_at is None and patience.pending_since is None:
        return patience
    return replace(patience, lost_at=None, pending_since=None)


def revived(turn: Turn, conversation: Conversation) -> Conversation:
    """The same conversation, its contact there: no question open, back in line if it had left it."""
    patience = conversation.patience
    if patience.pending_since is not None and conversation.state is State.WAITING:
        turn.queued[conversation.id] = (Reason(Code.REVIVED),)
        turn.unplaced[conversation.id] = None
    if patience.pending_since is None and patience.lost_at is None and patience.asked_at is None:
        return conversation
    return conversation.but(patience=replace(patience, pending_since=None, lost_at=None, asked_at=None))
