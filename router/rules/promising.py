"""Promising: an agent says "I am on it", which stops the first-reply guard (`routing.md` §9)."""

from router.conversation import State
from router.errors import IllegalTransition
from router.events import ReplyPromised
from router.rules.replying import require_owner
from router.rules.waiting import tell
from router.turn import Turn


def reply_promised(turn: Turn, event: ReplyPromised) -> None:
    """The guard waits no more; the contact is told a holding line, once, where the group has one.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is somebody else's.
        IllegalTransition: it is not active.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.agent)
    if conversation.state is not State.ACTIVE:
        raise IllegalTransition(f"a conversation that is {conversation.state.value} is not being answered")
    if conversation.promised_at is not None:
        return
    its = turn.board.settings.groups.get(conversation.group)
    conversation = tell(turn, conversation, its.first_reply.holding if its is not None else None)
    turn.save(conversation.but(promised_at=turn.at))
