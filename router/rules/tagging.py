"""Tagging: somebody changes a conversation's tags or priority by hand."""

from router.conversation import Conversation, State
from router.due import due_of, is_urgent
from router.errors import Refused
from router.events import TagsChanged
from router.offer import OfferState
from router.reason import Code, Reason
from router.rules.offering import unanswered
from router.rules.offers import end
from router.turn import Turn


def tags_changed(turn: Turn, event: TagsChanged) -> None:
    """Tags are added and removed; another priority gives another due time, counted from the same start.

    Raises:
        UnknownConversation: there is no such open conversation.
        Refused: there is no such priority.
    """
    conversation = turn.board.conversation(event.conversation)
    settings = turn.board.settings
    priority = event.priority or conversation.priority
    if event.priority is not None and event.priority not in settings.priorities:
        raise Refused(f"there is no priority {event.priority}")
    tags = dict.fromkeys((*conversation.tags, *event.add))
    for tag in event.remove:
        tags.pop(tag, None)
    changed = conversation.but(tags=tuple(tags), priority=priority)
    due_at = changed.due_at if changed.due_from is None else due_of(settings, changed, changed.due_from)
    changed = changed.but(due_at=due_at, is_urgent=is_urgent(settings, changed))
    if turn.board.units_of(changed) != turn.board.units_of(conversation):
        _offer_again(turn, changed)
    else:
        turn.save(changed)
        if changed.state is State.WAITING:
            turn.unplaced[changed.id] = None


def _offer_again(turn: Turn, conversation: Conversation) -> None:
    """What is offered reserves other units now: offers end, and what waits is matched again."""
    offers = turn.board.open_offers(conversation.id)
    turn.save(conversation)
    for offer in offers:
        end(turn, offer, OfferState.RESCINDED, "its priority changed")
        unanswered(turn, offer, Reason(Code.PRIORITY_CHANGED), is_cooling_down=False)
    if conversation.state is State.WAITING:
        turn.unplaced[conversation.id] = None
