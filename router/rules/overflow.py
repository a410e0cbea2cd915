"""Overflow by condition: a long queue, or nobody at work who could answer, lets others in for good (`routing.md` §10).

Time alone is the ladder of ``router/widening.py``. What is here depends on more: it is looked at whenever a waiting
conversation is put in its place, and what it adds is remembered with the conversation.
"""

from router.conversation import Conversation
from router.reason import Code, Reason
from router.rules.menu import offer_menu
from router.rules.waiting import added
from router.turn import Turn
from skills.group import OverflowStep, OverflowWhen


def overflowed(turn: Turn, conversation: Conversation) -> Conversation:
    """The conversation with the groups that may answer too by now."""
    its = turn.board.settings.groups[conversation.group]
    for step in turn.board.queue.conditions(conversation.group):
        if not _is_met(turn, conversation, step):
            continue
        if step.to is None:
            conversation = offer_menu(turn, conversation, its)
        elif step.to not in conversation.overflowed:
            conversation = turn.save(conversation.but(overflowed=added(conversation.overflowed, (step.to,))))
            code = Code.LONG_QUEUE if step.when is OverflowWhen.LONG_QUEUE else Code.NOBODY_SKILLED
            turn.queued[conversation.id] = (*turn.queued.get(conversation.id, ()), Reason(code, (step.to,)))
    return conversation


def _is_met(turn: Turn, conversation: Conversation, step: OverflowStep) -> bool:
    queue = turn.board.queue
    stand = queue.stands.get(conversation.id)
    if stand is None or stand.pool is None:
        return False
    match step.when:
        case OverflowWhen.LONG_QUEUE:
            # Only for whoever joins it: those in front have no part in its length.
            return conversation.id in turn.queued and len(queue.groups[stand.group]) > step.longer_than
        case OverflowWhen.NO_SKILLED_AGENT_ON_SHIFT:
            return not stand.pool.bench.at_work
        case _:
            return False  # closing brings its own groups, by ``router/rules/closing.py``
