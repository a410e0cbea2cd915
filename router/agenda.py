"""The agenda: when something is to happen next, for a conversation and for an agent.

Each has one timer, for the earliest of these instants. They follow from values and settings alone (and from the
present instant where a step or a look repeats), so that a restart finds the same. ``router/rules/timers.py`` asks the
same functions what is due.
"""

from datetime import datetime, timedelta

from router.board import Board
from router.conversation import Conversation, State
from router.presence import Reachability
from router.seat import Seat
from router.widening import next_step_at

BOT_DEADLINE = timedelta(seconds=10)
"""A bot that has not answered by then is down, as far as this conversation goes (`routing.md` §15)."""

LOOK_EVERY = timedelta(minutes=10)
"""Past its due time, a waiting conversation is looked at again so often: nobody waits without a timer."""

GRACE = timedelta(seconds=60)
"""For agents who are in no group."""


def conversation_timer(board: Board, conversation: Conversation, at: datetime) -> datetime | None:
    """The earliest thing to come for a conversation; it may lie before ``at`` when it is overdue."""
    instants: list[datetime | None] = []
    match conversation.state:
        case State.WAITING:
            instants = _while_waiting(board, conversation, at)
        case State.BOT:
            instants = [bot_deadline_at(conversation), idle_end_at(board, conversation)]
        case State.OFFERED:
            instants = [offer.expires_at for offer in board.open_offers(conversation.id)]
        case State.ACTIVE:
            instants = [offer.expires_at for offer in board.open_offers(conversation.id)]
            instants += [nudge_at(board, conversation), back_at(board, conversation)]
            instants += [remind_at(board, conversation), idle_end_at(board, conversation)]
        case State.PARKED:
            instants = [conversation.parked_until]
        case State.WRAPPING:
            instants = [conversation.wrap_up_until]
        case State.RESOLVED:
            pass
    return min((instant for instant in instants if instant is not None), default=None)


def _while_waiting(board: Board, conversation: Conversation, at: datetime) -> list[datetime | None]:
    if conversation.held_until is not None:
        return [conversation.held_until]
    instants = [
        conversation.preferred_until,
        tell_at(board, conversation),
        give_up_at(board, conversation),
        look_at(conversation, at),
        closing_at(board, conversation, at),
    ]
    instants.extend(each.until for each in conversation.excluded if each.until > at)
    if conversation.due_from is not None and (steps := board.queue.steps(conversation.group)):
        instants.append(next_step_at(steps, conversation.due_from, at))
    return instants


# --- While it waits -------------------------------------------------------------------------------------------------


def tell_at(board: Board, conversation: Conversation) -> datetime | None:
    """When the contact is next told the position."""
    its = board.settings.groups.get(conversation.group)
    queued_at, told_at = conversation.queued_at, conversation.last_told_at
    if its is None or its.waiting.reply is None or queued_at is None:
        return None
    if told_at is None or told_at < queued_at:
        return queued_at + its.waiting.after
    return told_at + its.waiting.every


def give_up_at(board: Board, conversation: Conversation) -> datetime | None:
    """When waiting has been too long."""
    its = board.settings.groups.get(conversation.group)
    if its is None or its.waiting.longest is None or conversation.queued_at is None:
        return None
    return conversation.queued_at + its.waiting.longest


def closing_at(board: Board, conversation: Conversation, at: datetime) -> datetime | None:
    """When the group closes; None while it is closed, or when it never does."""
    its = board.settings.groups.get(conversation.group)
    if its is None or its.group.hours is None or not board.hours.is_open(its.group.hours, at):
        return None
    return board.hours.next_change(its.group.hours, at)


def look_at(conversation: Conversation, at: datetime) -> datetime | None:
    """When it becomes overdue; once it is, when it is looked at again."""
    due_at = conversation.due_at
    if due_at is None or due_at > at:
        return due_at
    return due_at + ((at - due_at) // LOOK_EVERY + 1) * LOOK_EVERY


# --- While a bot or an agent has it ---------------------------------------------------------------------------------


def bot_deadline_at(conversation: Conversation) -> datetime | None:
    """When the bot's answer is overdue."""
    return conversation.asked_bot_at + BOT_DEADLINE if conversation.asked_bot_at is not None else None


def owes_first_reply(board: Board, conversation: Conversation) -> bool:
    """Whether the owner has not answered since the conversation came; a transfer on its way suspends the guard."""
    assigned_at, answer = conversation.assigned_at, conversation.last_answer
    return (
        conversation.state is State.ACTIVE
        and conversation.unanswered_since is not None
        and assigned_at is not None
        and (answer is None or answer.at < assigned_at)
        and conversation.id not in board.offers_of
    )


def nudge_at(board: Board, conversation: Conversation) -> datetime | None:
    """When the owner is reminded of an unanswered conversation, in the group's open time."""
    if conversation.nudged or not owes_first_reply(board, conversation):
        return None
    return _after_assignment(board, conversation, "nudge")


def back_at(board: Board, conversation: Conversation) -> datetime | None:
    """When an unanswered conversation goes back to the queue; None when it has been passed on too often."""
    its = board.settings.groups.get(conversation.group)
    if its is None or conversation.hops >= its.first_reply.hops or not owes_first_reply(board, conversation):
        return None
    return _after_assignment(board, conversation, "back")


def _after_assignment(board: Board, conversation: Conversation, what: str) -> datetime | None:
    its = board.settings.groups.get(conversation.group)
    if its is None or conversation.assigned_at is None:
        return None
    span = its.first_reply.nudge if what == "nudge" else its.first_reply.back
    return board.hours.after_open(its.group.hours, conversation.assigned_at, span)


def remind_at(board: Board, conversation: Conversation) -> datetime | None:
    """When a silent contact is reminded."""
    its = board.settings.groups.get(conversation.group)
    since = _silent_since(conversation)
    if its is None or its.idle.remind is None or since is None or conversation.reminded:
        return None
    return since + its.idle.remind


def idle_end_at(board: Board, conversation: Conversation) -> datetime | None:
    """When a silent contact's conversation is resolved."""
    its = board.settings.groups.get(conversation.group)
    since = _silent_since(conversation)
    if its is None or its.idle.resolve is None or since is None:
        return None
    return since + its.idle.resolve


def _silent_since(conversation: Conversation) -> datetime | None:
    """Since when it is the contact's turn to speak; None when it is ours.

    Not from before the agent took the conversation (up again): what was reopened does not end at once.
    """
    if conversation.state is State.BOT:
        return conversation.last_contact_at if conversation.asked_bot_at is None else None
    answer = conversation.last_answer
    if conversation.unanswered_since is not None or answer is None or answer.at < conversation.created_at:
        return None
    return max(answer.at, conversation.assigned_at or answer.at)


# --- Agents ---------------------------------------------------------------------------------------------------------


def agent_timer(board: Board, seat: Seat, at: datetime) -> datetime | None:
    """The earliest thing to come for an agent: the end of the grace, or of the shift (or its start)."""
    presence = seat.presence
    if presence.reachability is Reachability.GONE:
        return None
    instants = [gone_at(board, seat), board.hours.next_change(seat.agent.shift, at)]
    return min((instant for instant in instants if instant is not None), default=None)


def gone_at(board: Board, seat: Seat) -> datetime | None:
    """When a lost agent counts as gone: after the longest grace of the agent's groups."""
    if seat.presence.reachability is not Reachability.LOST or seat.presence.lost_since is None:
        return None
    groups = board.settings.groups
    graces = [groups[group].grace for group in seat.agent.groups if group in groups]
    return seat.presence.lost_since + max(graces, default=GRACE)
