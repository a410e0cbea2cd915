"""Pausing: a queue stands still, and goes on (`routing.md` §18).

What waits keeps its place, its age and its clocks, and stands beside the line that agents are served from; so nothing
that looks for the next conversation has to know of a pause. Open offers are taken back: an agent who accepts after the
queue was paused would get what the supervisor wanted to keep. What an agent has stays, and a hand may still assign.
"""

from router.conversation import Conversation, State
from router.effects import RecordPause
from router.errors import Refused, SomethingMissing
from router.events import QueuePaused, QueueResumed
from router.lifecycle import Move, moved
from router.pause import Pause
from router.rules.head_start import next_deputy
from router.rules.offers import rescind_all
from router.trace import Outcome
from router.turn import Turn
from skills.ids import GroupId


def queue_paused(turn: Turn, event: QueuePaused) -> None:
    """Nothing of this queue is offered from now on; a pause that is there already is replaced.

    Raises:
        UnknownGroup: there is no such group.
        SomethingMissing: no reason was given.
        Refused: the end has passed.
    """
    board = turn.board
    board.group(event.group)
    if not event.reason:
        raise SomethingMissing("pausing a queue needs a reason")
    if event.until is not None and event.until <= turn.at:
        raise Refused("the end of this has passed already")
    pause = Pause(group=event.group, since=turn.at, until=event.until, by=event.by, reason=event.reason)
    board.pauses[event.group] = pause
    turn.say(RecordPause(group=event.group, pause=pause))
    turn.wake_queue(event.group, event.until)
    for conversation in _of(turn, event.group):
        if conversation.state is State.OFFERED:
            _taken_back(turn, conversation, pause)
        else:
            turn.save(conversation)


def queue_resumed(turn: Turn, event: QueueResumed) -> None:
    """The queue goes on: those due first are offered first. Resuming what is not paused changes nothing.

    Raises:
        UnknownGroup: there is no such group.
    """
    turn.board.group(event.group)
    if event.group in turn.board.pauses:
        resume(turn, event.group)


def end_of_pause(turn: Turn, group: GroupId) -> None:
    """The pause's timer fired: the queue goes on, if that was the end."""
    pause = turn.board.pauses.get(group)
    if pause is None or pause.until is None:
        return
    if pause.until <= turn.at:
        resume(turn, group)
    else:
        turn.wake_queue(group, pause.until)


def resume(turn: Turn, group: GroupId) -> None:
    """Let everything that waits in this queue be matched again."""
    forget(turn, group)
    for conversation in _of(turn, group):
        turn.save(_with_a_start(turn, conversation))
        turn.unplaced[conversation.id] = None


def forget(turn: Turn, group: GroupId) -> None:
    """The pause is over, or its group has vanished."""
    del turn.board.pauses[group]
    turn.say(RecordPause(group=group, pause=None))
    turn.wake_queue(group, None)


def _of(turn: Turn, group: GroupId) -> list[Conversation]:
    mine = (each for each in turn.board.conversations.values() if each.group == group and each.state in _IN_QUEUE)
    return sorted(mine, key=lambda each: each.id)


_IN_QUEUE = (State.WAITING, State.OFFERED)


def _taken_back(turn: Turn, conversation: Conversation, pause: Pause) -> None:
    rescind_all(turn, conversation.id, "paused")
    conversation = turn.save(conversation.but(state=moved(conversation.state, Move.UNOFFERED)))
    turn.explain(conversation, Outcome.WAITS, pool=turn.board.queue.stands[conversation.id].pool, reasons=(pause.why,))


def _with_a_start(turn: Turn, conversation: Conversation) -> Conversation:
    """The same conversation; whoever it is kept for and left meanwhile is not waited for (`routing.md` §8)."""
    keeper = turn.board.roster.seats.get(conversation.preferred) if conversation.preferred is not None else None
    its = turn.board.settings.groups[conversation.group]
    if conversation.preferred_until is None or (keeper is not None and keeper.is_reachable):
        return conversation
    start = next_deputy(turn, conversation, its, conversation.deputies)
    return conversation.but(preferred=start.agent, preferred_until=start.until, deputies=start.deputies)
