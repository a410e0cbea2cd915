"""Upkeep: a new routing version is put into force; the sweep looks for what matching should never leave."""

from router.conversation import Conversation, State
from router.due import due
from router.effects import Measure, Measurement
from router.ids import ConversationId
from router.rules.matching import give
from router.rules.presence import is_on_shift
from router.rules.waiting import send_back
from router.selection import Choice, best_agent
from router.turn import Turn

OVERLOOKED = "waiting_beside_free_agent"
"""The name of the invariant: nothing waits that a free agent could take."""


def config_applied(turn: Turn) -> None:
    """Everything is put in its place under the new settings; only what lost its group, or its agent, moves."""
    board = turn.board
    for seat in board.roster.seats.values():
        on_shift = is_on_shift(board, seat, turn)
        if on_shift != seat.presence.on_shift:
            turn.change_seat(seat, on_shift=on_shift)
        elif seat.may_receive:
            turn.unserved[seat.id] = None
    for _, conversation in sorted(board.conversations.items()):
        _under_new_settings(turn, conversation)


def _under_new_settings(turn: Turn, conversation: Conversation) -> None:
    board, settings = turn.board, turn.board.settings
    has_group = conversation.group in settings.groups
    has_agent = conversation.state in {State.BOT, State.WAITING, State.OFFERED} or (
        board.owner_seat(conversation) is not None
    )
    if not has_agent or (not has_group and conversation.state in {State.BOT, State.WAITING, State.OFFERED}):
        reason = "its group no longer exists" if not has_group else "its agent no longer exists"
        send_back(turn, conversation, reason=reason)
    elif conversation.state is State.WAITING:
        _again_in_place(turn, conversation)
    else:
        turn.save(conversation)


def _again_in_place(turn: Turn, conversation: Conversation) -> None:
    settings = turn.board.settings
    since = conversation.due_from or conversation.created_at
    held_until = conversation.held_until
    if held_until is not None:
        hours = settings.groups[conversation.group].group.hours
        is_open = hours is None or turn.board.hours.is_open(hours, turn.at)
        held_until = None if hours is None or is_open else turn.board.hours.next_open(hours, turn.at)
        since = held_until or min(since, turn.at)
    due_at = due(settings.priorities, conversation.priority, since, conversation.boost)
    if (due_at, held_until) != (conversation.due_at, conversation.held_until):
        conversation = conversation.but(due_from=since, due_at=due_at, held_until=held_until)
    turn.save(conversation)
    turn.unplaced[conversation.id] = None


def swept(turn: Turn) -> None:
    """Find nothing. What is found is counted, told to supervisors and matched."""
    while choice := overlooked(turn):
        turn.say(Measure(what=Measurement.INVARIANT_BREACHES, label=OVERLOOKED))
        turn.alarm(f"waited beside {choice.seat.id}, who was free", choice.conversation.id)
        give(turn, choice)


def overlooked(turn: Turn) -> Choice | None:
    """A conversation that waits although an agent could take it; looks at the head of each pool's line only."""
    board = turn.board
    for pool in board.roster.pools:
        if pool.line and pool.free:
            for place in pool.line:
                id_ = ConversationId(place[2])
                if choice := best_agent(board, board.conversations[id_], turn.at):
                    return choice
                if id_ not in pool.excluding:
                    break
    return None
