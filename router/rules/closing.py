"""Closing: what happens to those who still wait when their group's hours end."""

from router.conversation import Conversation, State
from router.rules.waiting import after_hours
from router.turn import Turn


def hold_if_deserted(turn: Turn, conversation: Conversation) -> bool:
    """Treat a waiting conversation as one that came after hours, if its group is closed and nobody is there.

    As long as somebody who could answer is still at the desk, it waits on: people finish their queue. Returns whether
    it left the queue.
    """
    board = turn.board
    its = board.settings.groups.get(conversation.group)
    stand = board.queue.stands.get(conversation.id)
    if its is None or stand is None or stand.pool is None or conversation.state is not State.WAITING:
        return False
    if board.hours.is_open(its.group.hours, turn.at) or stand.pool.free + stand.pool.full > 0:
        return False
    after_hours(turn, conversation, its, conversation.requirement, "closed, and nobody is there")
    return True
