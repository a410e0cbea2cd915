"""The agenda: when something is to happen next, for a conversation and for an agent.

Each has one timer, for the earliest of these instants. They follow from values and settings alone (and from the
present instant where a step or a look repeats), so that a restart finds the same. ``router/rules/timers.py`` asks the
same functions what is due.
"""

from datetime import datetime, timedelta

from router.board import Board
from router.conversation import Conversation, State
from router.presence import Device, Reachability
from router.seat import Seat
from router.settings import BotPolicy
from router.widening import next_step_at

LOOK_EVERY = timedelta(minutes=10)
"""Past its due time, a waiting conversation is looked at again so often: nobody waits without a timer."""

WATCH_EVERY = timedelta(minutes=1)
"""While its group is closed, a waiting conversation is looked at so often: is anybody still there?"""

GRACE = timedelta(seconds=60)
"""For agents who are in no group."""

GRACE_PHONE = timedelta(seconds=180)
"""As `GRACE`, for a phone."""

LOST_FOR = timedelta(seconds=60)
"""So long after a waiting contact's connection broke the conversation is not offered any more (`routing.md` §17)."""

REVIVED_WITHIN = timedelta(minutes=10)
"""So long after that the contact may come back, and nothing is lost."""


def conversation_timer(board: Board, conversation: Conversation, at: datetime) -> datetime | None:
    """The earliest thing to come for a conversation; it may lie before ``at`` when it is overdue."""
    instants: list[datetime | None] = []
    match conversation.state:
        case State.WAITING:
            instants = _while_waiting(board, conversation, at)
        case State.BOT:
            instants = [bot_deadline_at(board, conversation), idle_end_at(board, conversation)]
        case State.OFFERED:
            instants = [offer.expires_at for offer in board.open_offers(conversation.id)]
        case State.ACTIVE:
            instants = [offer.expires_at for offer in board.open_offers(conversation.id)]
            instants += [nudge_at(board, conversation), back_at(board, conversation)]
            instants += [remind_at(board, conversation), idle_end_at(board, conversation)]
            instants += [idle_at(board, conversation), after_closing_at(board, conversation, at)]
        case State.PARKED:
            instants = [conversation.parked_until]
        case State.WRAPPING:
            instants = [conversation.wrap_up_until]
        case State.RESOLVED:
            pass
    if conversation.clocks:
        instants.extend(clock.next_at for clock in conversation.clocks)
    return _earliest(instants)


def _earliest(instants: list[datetime | None]) -> datetime | None:
    return min([instant for instant in instants if instant is not None], default=None)


def _while_waiting(board: Board, conversation: Conversation, at: datetime) -> list[datetime | None]:
    if conversation.held_until is not None:
        return [conversation.held_until]
    if conversation.patience.pending_since is not None:
        return [abandon_at(conversation)]
    instants = [
        conversation.preferred_until,
        tell_at(board, conversation),
        menu_at(board, conversation),
        ask_at(board, conversation),
        give_in_at(board, conversation),
        pending_at(conversation),
        give_up_at(board, conversation),
        look_at(conversation, at),
        closing_at(board, conversation, at),
        watch_at(board, conversation, at),
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
    if its is None or its.waiting.reply is None or queued_at is None or conversation.patience.wish is not None:
        return None
    if told_at is None or told_at < queued_at:
        return queued_at + its.waiting.after
    return told_at + its.waiting.every


def give_up_at(board: Board, conversation: Conversation) -> datetime | None:
    """When waiting has been too long."""
    its = board.settings.groups.get(conversation.group)
    if its is None or its.waiting.longest is None or conversation.queued_at is None:
        return None
    return None if conversation.patience.wish is not None else conversation.queued_at + its.waiting.longest


def menu_at(board: Board, conversation: Conversation) -> datetime | None:
    """When the contact is offered the menu."""
    its, patience = board.settings.groups.get(conversation.group), conversation.patience
    if its is None or its.waiting.menu is None or conversation.queued_at is None:
        return None
    if patience.offered_menu_at is not None or patience.wish is not None:
        return None
    return conversation.queued_at + its.waiting.menu.after


def ask_at(board: Board, conversation: Conversation) -> datetime | None:
    """When a silent contact is asked whether anybody is still there."""
    its, patience = board.settings.groups.get(conversation.group), conversation.patience
    if its is None or its.waiting.still_there is None or conversation.queued_at is None:
        return None
    if patience.asked_at is not None or patience.wish is not None:
        return None
    since = max(conversation.queued_at, conversation.last_contact_at or conversation.queued_at)
    return since + its.waiting.still_there.after


def give_in_at(board: Board, conversation: Conversation) -> datetime | None:
    """When a contact who was asked and has not answered is taken to have gone."""
    its, asked_at = board.settings.groups.get(conversation.group), conversation.patience.asked_at
    if its is None or its.waiting.still_there is None or asked_at is None:
        return None
    return asked_at + its.waiting.still_there.timeout


def pending_at(conversation: Conversation) -> datetime | None:
    """When a contact whose connection broke before anybody answered is not waited for with an agent any more."""
    lost_at = conversation.patience.lost_at
    return lost_at + LOST_FOR if lost_at is not None and conversation.patience.wish is None else None


def abandon_at(conversation: Conversation) -> datetime | None:
    """When such a contact will not come back."""
    pending_since = conversation.patience.pending_since
    return pending_since + REVIVED_WITHIN if pending_since is not None else None


def closing_at(board: Board, conversation: Conversation, at: datetime) -> datetime | None:
    """When the group closes; None while it is closed, or when it never does."""
    its = board.settings.groups.get(conversation.group)
    if its is None or not board.doors.is_open(its, at):
        return None
    return board.doors.next_change(its, at)


def watch_at(board: Board, conversation: Conversation, at: datetime) -> datetime | None:
    """When it is next seen whether those who finish the queue of a closed group have left; None while it is open."""
    its = board.settings.groups.get(conversation.group)
    if its is None or board.doors.is_open(its, at):
        return None
    closed_at = board.doors.closed_window(its, at)
    return None if closed_at is None else closed_at + ((at - closed_at) // WATCH_EVERY + 1) * WATCH_EVERY


def look_at(conversation: Conversation, at: datetime) -> datetime | None:
    """When it becomes overdue; once it is, when it is looked at again."""
    due_at = conversation.due_at
    if due_at is None or due_at > at:
        return due_at
    return due_at + ((at - due_at) // LOOK_EVERY + 1) * LOOK_EVERY


# --- While a bot or an agent has it ---------------------------------------------------------------------------------


def bot_deadline_at(board: Board, conversation: Conversation) -> datetime | None:
    """When the bot's answer is overdue: it is down then, as far as this conversation goes (`routing.md` §15)."""
    its = board.settings.groups.get(conversation.group)
    deadline = its.bot.deadline if its is not None else BotPolicy().deadline
    return conversation.asked_bot_at + deadline if conversation.asked_bot_at is not None else None


def owes_first_reply(board: Board, conversation: Conversation) -> bool:
    """Whether the owner has not answered since the conversation came; a transfer on its way suspends the guard."""
    assigned_at, answer = conversation.assigned_at, conversation.last_answer
    return (
        conversation.state is State.ACTIVE
        and conversation.unanswered_since is not None
        and assigned_at is not None
        and (answer is None or answer.at < assigned_at)
        and (conversation.promised_at is None or conversation.promised_at < assigned_at)
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
    return board.doors.after_open(its, conversation.assigned_at, span)


def idle_at(board: Board, conversation: Conversation) -> datetime | None:
    """When a silent contact's conversation begins to weigh less on its agent."""
    since = _silent_since(conversation) if conversation.state is State.ACTIVE else None
    if since is None or conversation.is_idle:
        return None
    return since + board.settings.idleness.after


def after_closing_at(board: Board, conversation: Conversation, at: datetime) -> datetime | None:
    """When what an agent still has is parked, so long after closing; a look at closing time while it is open."""
    its = board.settings.groups.get(conversation.group)
    if its is None or its.after_hours.grace is None or conversation.state is not State.ACTIVE:
        return None
    if board.doors.is_open(its, at):
        return board.doors.next_change(its, at)
    closed_at, assigned_at = board.doors.closed_window(its, at), conversation.assigned_at
    if closed_at is None or assigned_at is None or assigned_at > closed_at:
        return None
    return closed_at + its.after_hours.grace


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
    return _earliest([gone_at(board, seat), board.hours.next_change(seat.agent.shift, at)])


def gone_at(board: Board, seat: Seat) -> datetime | None:
    """When a lost agent counts as gone: when the last device's grace is over, the longest of the agent's groups."""
    presence = seat.presence
    if presence.reachability is not Reachability.LOST or presence.lost_since is None:
        return None
    lost = [each for each in presence.connections if each.lost_at is not None]
    if not lost:
        return presence.lost_since + _grace(board, seat, Device.DESKTOP)
    return max(each.lost_at + _grace(board, seat, each.device) for each in lost if each.lost_at is not None)


def _grace(board: Board, seat: Seat, device: Device) -> timedelta:
    groups = [board.settings.groups[group] for group in seat.agent.groups if group in board.settings.groups]
    if device is Device.PHONE:
        return max((its.grace_phone for its in groups), default=GRACE_PHONE)
    return max((its.grace for its in groups), default=GRACE)
