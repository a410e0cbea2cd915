"""Boosting: somebody moves a waiting conversation forwards, by name and with a reason (`routing.md` §4)."""

from datetime import timedelta

from router.conversation import Conversation, State
from router.errors import IllegalTransition, SomethingMissing
from router.events import ConversationBoosted
from router.ids import ConversationId
from router.reason import Code, Reason
from router.trace import Outcome
from router.turn import Turn

AHEAD = timedelta(seconds=1)
"""Moved to the top, it is due so much before whatever was first."""


def conversation_boosted(turn: Turn, event: ConversationBoosted) -> None:
    """It is due earlier by what was asked for, or earlier than everything else in its line.

    Raises:
        UnknownConversation: there is no such open conversation.
        IllegalTransition: it does not wait.
        SomethingMissing: no reason was given.
    """
    conversation = turn.board.conversation(event.conversation)
    since, due_at = conversation.due_from, conversation.due_at
    if conversation.state not in (State.WAITING, State.OFFERED) or since is None or due_at is None:
        raise IllegalTransition(f"a conversation that is {conversation.state.value} does not wait")
    if not event.reason:
        raise SomethingMissing("moving a conversation forwards needs a reason")
    more = event.earlier if event.earlier is not None else _to_the_top(turn, conversation)
    conversation = turn.save(
        conversation.but(
            boost=conversation.boost + more, due_at=due_at - more, boosted_by=event.by, boosted_because=event.reason
        )
    )
    turn.explain(conversation, Outcome.WAITS, reasons=(Reason(Code.BOOSTED, (event.by, event.reason)),))
    turn.unplaced[conversation.id] = None


def _to_the_top(turn: Turn, conversation: Conversation) -> timedelta:
    """How much earlier it must be due to stand before the first of its line."""
    line = turn.board.queue.groups.get(conversation.group)
    due_at = conversation.due_at
    if line is None or due_at is None:
        return timedelta()
    dues = (turn.board.conversations[ConversationId(place[2])] for place in line)
    first = next((each.due_at for each in dues if not each.is_urgent and each.id != conversation.id), None)
    return max(due_at - first + AHEAD, timedelta()) if first is not None else timedelta()
