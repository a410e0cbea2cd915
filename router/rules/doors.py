"""Doors: somebody opens or closes a group for a while, and says why (`routing.md` §13)."""

from router.board import Board
from router.conversation import Conversation, State
from router.door import Override
from router.effects import RecordOverride
from router.errors import Refused, SomethingMissing
from router.events import HoursOverridden
from router.ids import ConversationId
from router.rules.closing import hold_if_deserted
from router.rules.timers import let_in
from router.settings import GroupSettings
from router.turn import Turn


def hours_overridden(turn: Turn, event: HoursOverridden) -> None:
    """The group is open or closed until then: what is held comes in, what waits with nobody there is held.

    Raises:
        UnknownGroup: there is no such group.
        SomethingMissing: no reason was given; taking it back needs none.
        Refused: the end has passed.
    """
    board = turn.board
    its = board.group(event.group)
    if event.is_open is not None and not event.reason:
        raise SomethingMissing("opening or closing a group needs a reason")
    if event.is_open is not None and event.until <= turn.at:
        raise Refused("the end of this has passed already")
    override = Override(
        group=event.group,
        is_open=bool(event.is_open),
        since=turn.at,
        until=event.until if event.is_open is not None else turn.at,
        by=event.by,
        reason=event.reason,
    )
    timed = sorted(id_ for id_, each in board.conversations.items() if each.clocks and each.group == event.group)
    _keep_time(turn, timed)
    board.doors.overrides[event.group] = override
    turn.say(RecordOverride(override=override))
    for conversation in _of(board, its):
        _look(turn, conversation, its)
    _keep_time(turn, timed)


def _keep_time(turn: Turn, timed: list[ConversationId]) -> None:
    """What has elapsed on clocks counts by the hours so far, the rest by those that are decided now."""
    for id_ in timed:
        if (conversation := turn.board.conversations.get(id_)) is not None:
            turn.save(conversation)


def _of(board: Board, its: GroupSettings) -> list[Conversation]:
    mine = (each for each in board.conversations.values() if each.group == its.group.id)
    return sorted((each for each in mine if each.state in _TOUCHED), key=lambda each: each.id)


_TOUCHED = (State.WAITING, State.ACTIVE)


def _look(turn: Turn, conversation: Conversation, its: GroupSettings) -> None:
    doors = turn.board.doors
    if conversation.held_until is None:
        if not hold_if_deserted(turn, conversation):
            turn.save(conversation)
    elif doors.is_open(its, turn.at):
        let_in(turn, conversation, its)
    else:
        turn.save(conversation.but(held_until=doors.next_open(its, turn.at)))
