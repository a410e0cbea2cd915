"""Promotion: a step of the ladder gives a better class as waiting grows (`routing.md` §6)."""

from router.conversation import Conversation
from router.due import due, is_urgent
from router.ids import PriorityTag
from router.turn import Turn
from skills.group import RelaxStep


def in_its_class(turn: Turn, conversation: Conversation) -> Conversation:
    """A step of the ladder may give a better class; a class never becomes worse by waiting."""
    settings, since = turn.board.settings, conversation.due_from
    if since is None or conversation.patience.wish is not None:
        return conversation
    for step in turn.board.queue.steps(conversation.group):
        tag = PriorityTag(step.priority) if isinstance(step, RelaxStep) else PriorityTag("")
        if since + step.after > turn.at or tag not in settings.priorities:
            continue
        sooner = due(settings.priorities, tag, since, conversation.boost)
        if conversation.due_at is None or sooner < conversation.due_at:
            conversation = conversation.but(priority=tag, due_at=sooner)
            conversation = conversation.but(is_urgent=is_urgent(settings, conversation))
    return conversation
