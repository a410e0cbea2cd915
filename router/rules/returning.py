"""Returning: a waiting contact shows to be there."""

from dataclasses import replace

from router.conversation import Conversation, State
from router.turn import Turn


def revived(turn: Turn, conversation: Conversation) -> Conversation:
    """The same conversation, its contact there: no question open, back in line if it had left it."""
    patience = conversation.patience
    if patience.pending_since is not None and conversation.state is State.WAITING:
        turn.queued[conversation.id] = "the contact is back"
        turn.unplaced[conversation.id] = None
    if patience.pending_since is None and patience.lost_at is None and patience.asked_at is None:
        return conversation
    return conversation.but(patience=replace(patience, pending_since=None, lost_at=None, asked_at=None))
