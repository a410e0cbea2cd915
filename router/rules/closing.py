"""Closing: what happens to those who still wait when their group's hours end."""

from router.conversation import Conversation, State
from router.reason import Code, Reason
from router.rules.waiting import added, after_hours, open_helpers
from router.turn import Turn


def hold_if_deserted(turn: Turn, conversation: Conversation) -> bool:
    """Treat a waiting conversation as one that came after hours, if its group is closed and nobody is there.

    As long as somebody who could answer is still at the desk, it waits on: people finish their queue. Groups that help
    while this one is closed are asked first. Returns whether it left the queue.
    """
    board = turn.board
    its = board.settings.groups.get(conversation.group)
    stand = board.queue.stands.get(conversation.id)
    if its is None or stand is None or stand.pool is None or conversation.state is not State.WAITING:
        return False
    if board.doors.is_open(its, turn.at) or stand.pool.bench.free + stand.pool.bench.full > 0:
        return False
    helpers = open_helpers(board, its, turn.at)
    if not set(helpers) <= set(conversation.overflowed):
        turn.save(conversation.but(overflowed=added(conversation.overflowed, helpers)))
        turn.queued[conversation.id] = (Reason(Code.HELPERS, (helpers,)),)
        turn.unplaced[conversation.id] = None
        return True
    if helpers:
        return False
    after_hours(turn, conversation, its, conversation.requirement, Reason(Code.DESERTED))
    return True
