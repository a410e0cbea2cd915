"""Tagging: somebody changes a conversation's tags or priority by hand."""

from router.due import due
from router.errors import Refused
from router.events import TagsChanged
from router.turn import Turn


def tags_changed(turn: Turn, event: TagsChanged) -> None:
    """Tags are added and removed; another priority gives another due time, counted from the same start.

    Raises:
        UnknownConversation: there is no such open conversation.
        Refused: there is no such priority.
    """
    conversation = turn.board.conversation(event.conversation)
    priorities = turn.board.settings.priorities
    priority = event.priority or conversation.priority
    if event.priority is not None and event.priority not in priorities:
        raise Refused(f"there is no priority {event.priority}")
    tags = dict.fromkeys((*conversation.tags, *event.add))
    for tag in event.remove:
        tags.pop(tag, None)
    since, due_at = conversation.due_from, conversation.due_at
    if since is not None:
        due_at = due(priorities, priority, since, conversation.boost)
    turn.save(conversation.but(tags=tuple(tags), priority=priority, due_at=due_at))
