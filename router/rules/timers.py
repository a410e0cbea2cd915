"""Timers: everything that is due for one conversation or one agent, evaluated again.

A timer says only "look": what is due follows from values and the instant, so a timer that fires late, twice or for
nothing does no harm.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from router import agenda
from router.conversation import Conversation, State
from router.due import due_of
from router.effects import DeskWord, TellDesk
from router.events import TimerFired, TimerKind
from router.ids import ConversationId, ReplyId
from router.lifecycle import ABANDONED, Move, moved
from router.reason import Code, Reason
from router.rules.asking import put_aside
from router.rules.closing import hold_if_deserted
from router.rules.ending import close, resolve
from router.rules.handoff import next_group
from router.rules.head_start import head_start, next_deputy
from router.rules.menu import MENU, offer_menu
from router.rules.offering import expire, with_cool_down
from router.rules.offers import rescind_all
from router.rules.pausing import end_of_pause
from router.rules.presence import gone, shift_changed
from router.rules.waiting import send_back, send_to_group, tell, wait_of
from router.rules.wrapping import WRAP_TIMEOUT, missing
from router.seat import Seat
from router.settings import GroupSettings
from router.turn import Turn
from skills.ids import AgentId, GroupId

RELEASED_AT_ONCE = 50
"""So many held conversations come into the line together when their group opens, those due first."""

RELEASED_EVERY = timedelta(seconds=1)
"""After so long the next ones follow."""

A_CHANGE = 0.7
"""A position is announced again when it is at most this share of the one announced before (`routing.md` §16)."""


def timer_fired(turn: Turn, event: TimerFired) -> None:
    """Do what is due; forget the timer, so that the next one is asked for in any case."""
    turn.board.timers.pop((event.kind, event.subject), None)
    match event.kind:
        case TimerKind.CONVERSATION:
            conversation = turn.board.conversations.get(ConversationId(event.subject))
            if conversation is not None:
                _WHILE[conversation.state](turn, conversation)
                if turn.board.conversations.get(conversation.id) is conversation:
                    turn.save(conversation)
        case TimerKind.AGENT:
            seat = turn.board.roster.seats.get(AgentId(event.subject))
            if seat is not None:
                _agent(turn, seat)
        case TimerKind.QUEUE:
            end_of_pause(turn, GroupId(event.subject))


def _agent(turn: Turn, seat: Seat) -> None:
    gone_at = agenda.gone_at(turn.board, seat)
    if gone_at is not None and gone_at <= turn.at:
        gone(turn, seat)
    shift_changed(turn, seat)
    turn.touch(seat)


def _nothing(turn: Turn, conversation: Conversation) -> None:
    """A resolved conversation has nothing to come."""


def _with_bot(turn: Turn, conversation: Conversation) -> None:
    deadline_at = agenda.bot_deadline_at(turn.board, conversation)
    idle_end_at = agenda.idle_end_at(turn.board, conversation)
    if deadline_at is not None and deadline_at <= turn.at:
        send_to_group(
            turn,
            conversation,
            next_group(turn, conversation),
            reason=Reason(Code.HANDED_OVER, ("bot_down",)),
            entered_waiting_at=None,
            due_from=None,
            asked_bot_at=None,
            bot=put_aside(conversation.bot, "bot_down"),
        )
    elif idle_end_at is not None and idle_end_at <= turn.at:
        close(turn, conversation, "idle")


def _waiting(turn: Turn, conversation: Conversation) -> None:
    its = turn.board.settings.groups.get(conversation.group)
    if its is None:
        return
    if conversation.held_until is not None:
        if conversation.held_until <= turn.at:
            _release(turn, conversation, its)
    elif conversation.patience.pending_since is not None:
        if _is_past(turn, agenda.abandon_at(conversation)):
            resolve(turn, conversation, ABANDONED)
    elif not _lost_patience(turn, conversation, its) and not hold_if_deserted(turn, conversation):
        _waits_on(turn, conversation, its)


def _is_past(turn: Turn, instant: datetime | None) -> bool:
    return instant is not None and instant <= turn.at


def _lost_patience(turn: Turn, conversation: Conversation, its: GroupSettings) -> bool:
    """Whether it leaves the line: the contact does not answer, has lost the connection, or has waited too long."""
    board = turn.board
    if _is_past(turn, agenda.give_in_at(board, conversation)):
        resolve(turn, conversation, ABANDONED)
    elif _is_past(turn, pending_at := agenda.pending_at(conversation)):
        turn.save(conversation.but(patience=replace(conversation.patience, pending_since=pending_at)))
    elif _is_past(turn, agenda.give_up_at(board, conversation)):
        _give_up(turn, conversation, its)
    else:
        return False
    return True


def _waits_on(turn: Turn, conversation: Conversation, its: GroupSettings) -> None:
    """What its waiting brings: the end of a head start or of a cool-down, a better class, words for the contact."""
    if _is_past(turn, conversation.preferred_until):
        start = next_deputy(turn, conversation, its, conversation.deputies)
        conversation = conversation.but(
            preferred=start.agent or conversation.preferred, preferred_until=start.until, deputies=start.deputies
        )
    running = tuple(each for each in conversation.excluded if each.until > turn.at)
    if running != conversation.excluded:
        conversation = conversation.but(excluded=running)
    conversation = turn.save(_told(turn, conversation, its))
    turn.unplaced[conversation.id] = None


def _give_up(turn: Turn, conversation: Conversation, its: GroupSettings) -> None:
    """Waiting was too long: the outcome's own reply, when there is one, and the end."""
    outcome = its.waiting.outcome
    if outcome in turn.board.settings.replies:
        tell(turn, conversation, ReplyId(outcome))
    resolve(turn, conversation, outcome)


def _release(turn: Turn, conversation: Conversation, its: GroupSettings) -> None:
    """The group opens: those due first come into the line, the others a moment later; their due counts from opening."""
    board, at = turn.board, turn.at
    if not board.doors.is_open(its, at):
        turn.save(conversation.but(held_until=board.doors.next_open(its, at)))
        return
    held = [each for each in board.held(its.group.id) if each.held_until is not None and each.held_until <= at]
    first = held[:RELEASED_AT_ONCE]
    for each in first:
        let_in(turn, each, its)
    if conversation not in first:
        turn.save(conversation.but(held_until=at + RELEASED_EVERY))


def let_in(turn: Turn, conversation: Conversation, its: GroupSettings) -> None:
    """One that was held comes into the line; when that is sooner than was thought, it is due sooner."""
    since = min(conversation.due_from or turn.at, turn.at)
    start = head_start(turn, conversation, its)
    turn.save(
        conversation.but(
            held_until=None,
            due_from=since,
            due_at=due_of(turn.board.settings, conversation, since),
            queued_at=min(conversation.queued_at or turn.at, turn.at),
            preferred=start.agent,
            preferred_until=start.until,
            deputies=start.deputies,
        )
    )
    turn.queued[conversation.id] = (Reason(Code.OPENED), *start.skipped)
    turn.unplaced[conversation.id] = None


def _told(turn: Turn, conversation: Conversation, its: GroupSettings) -> Conversation:
    """Tell the contact the position, offer the menu, ask whether anybody is there: when it is time for it."""
    board, at = turn.board, turn.at
    tell_at, menu_at = agenda.tell_at(board, conversation), agenda.menu_at(board, conversation)
    ask_at, still_there = agenda.ask_at(board, conversation), its.waiting.still_there
    if tell_at is not None and tell_at <= at:
        conversation = _told_position(turn, conversation, its)
    if menu_at is not None and menu_at <= at:
        conversation = offer_menu(turn, conversation, its)
    if still_there is not None and ask_at is not None and ask_at <= at:
        conversation = tell(turn, conversation, still_there.reply, choices=MENU if its.waiting.menu else ())
        conversation = conversation.but(patience=replace(conversation.patience, asked_at=at))
    return conversation


def _told_position(turn: Turn, conversation: Conversation, its: GroupSettings) -> Conversation:
    """Announce the position the first time, and when it has become much better; never a worse one."""
    board = turn.board
    position, told = board.position(conversation.id), conversation.patience.told_position
    queued_at, told_at = conversation.queued_at, conversation.last_told_at
    is_news = told is None or told_at is None or (queued_at is not None and told_at < queued_at)
    if position is None or not (is_news or (told is not None and position <= told * A_CHANGE)):
        return conversation.but(last_told_at=turn.at)
    wait = wait_of(turn, conversation, its, conversation.requirement, position)
    conversation = tell(turn, conversation, its.waiting.reply, position=position, wait=wait)
    patience = replace(conversation.patience, told_position=position)
    return conversation.but(last_told_at=turn.at, times_told=conversation.times_told + 1, patience=patience)


def _offered(turn: Turn, conversation: Conversation) -> None:
    for offer in turn.board.open_offers(conversation.id):
        if offer.expires_at is not None and offer.expires_at <= turn.at:
            expire(turn, offer)


def _active(turn: Turn, conversation: Conversation) -> None:
    board, at = turn.board, turn.at
    _offered(turn, conversation)
    back_at = agenda.back_at(board, conversation)
    nudge_at = agenda.nudge_at(board, conversation)
    idle_end_at = agenda.idle_end_at(board, conversation)
    remind_at = agenda.remind_at(board, conversation)
    if back_at is not None and back_at <= at:
        _take_back(turn, conversation)
    elif nudge_at is not None and nudge_at <= at:
        turn.say(_nudge(conversation, Reason(Code.FIRST_REPLY)))
        turn.save(conversation.but(nudged=True))
    elif idle_end_at is not None and idle_end_at <= at:
        resolve(turn, conversation, "idle")
    elif (after_closing_at := agenda.after_closing_at(board, conversation, at)) is not None and after_closing_at <= at:
        _park_after_closing(turn, conversation)
    elif (idle_at := agenda.idle_at(board, conversation)) is not None and idle_at <= at:
        turn.save(conversation.but(is_idle=True))
    elif remind_at is not None and remind_at <= at:
        _remind(turn, conversation)


def _nudge(conversation: Conversation, why: Reason) -> TellDesk:
    return TellDesk(
        word=DeskWord.NUDGE,
        subject=conversation.id,
        conversation=conversation.id,
        agent=AgentId(conversation.owner.id),
        why=(why,),
    )


def _take_back(turn: Turn, conversation: Conversation) -> None:
    """The owner has not answered in time: back to the queue, to others first; too often, and supervisors must know."""
    board = turn.board
    agent = AgentId(conversation.owner.id)
    hops = conversation.hops + 1
    its = board.settings.groups.get(conversation.group)
    is_last = its is not None and hops >= its.first_reply.hops
    seat = board.roster.seats.get(agent)
    if seat is not None:
        turn.change_seat(seat, misses=seat.presence.misses + 1)
    if is_last:
        turn.alarm(Reason(Code.TOO_MANY_HOPS, (hops,)), conversation.id)
    send_back(
        turn,
        conversation,
        reason=Reason(Code.LATE, (agent,)),
        hops=hops,
        boost=conversation.boost + board.settings.boosts.returned,
        excluded=with_cool_down(turn, conversation, agent),
    )


def _park_after_closing(turn: Turn, conversation: Conversation) -> None:
    """The group has been closed for its grace: the contact is told, the conversation waits for the opening."""
    board = turn.board
    its = board.group(conversation.group)
    opens_at = board.doors.next_open(its, turn.at)
    window = board.doors.closed_window(its, turn.at)
    if conversation.acknowledged_window != window:
        conversation = tell(turn, conversation, its.after_hours.reply, next_open_at=opens_at)
    rescind_all(turn, conversation.id, "closed")
    state = moved(conversation.state, Move.PARKED)
    turn.save(conversation.but(state=state, parked_until=opens_at, acknowledged_window=window, is_idle=False))


def _remind(turn: Turn, conversation: Conversation) -> None:
    its = turn.board.settings.groups.get(conversation.group)
    reply = its.idle.remind_reply if its is not None else None
    turn.save(tell(turn, conversation, reply).but(reminded=True))


def _parked(turn: Turn, conversation: Conversation) -> None:
    """The date has come: back to the owner, or to the group when the owner cannot take it."""
    if conversation.parked_until is None or conversation.parked_until > turn.at:
        return
    board = turn.board
    seat = board.owner_seat(conversation)
    if seat is not None and seat.is_reachable and seat.has_room(board.units_of(conversation), burst=True):
        turn.say(_nudge(conversation, Reason(Code.DATE_IS_NOW)))
        state = moved(conversation.state, Move.RESUMED)
        turn.save(conversation.but(state=state, parked_until=None, assigned_at=turn.at, reminded=False))
        return
    send_back(
        turn,
        conversation,
        reason=Reason(Code.DATE_CAME),
        entered_waiting_at=None,
        due_from=None,
    )


def _wrapping(turn: Turn, conversation: Conversation) -> None:
    """The time is over; what the agent still owes is named, so that a report can count it."""
    if conversation.wrap_up_until is not None and conversation.wrap_up_until <= turn.at:
        owed = missing(turn, conversation)
        close(turn, conversation, WRAP_TIMEOUT if owed else conversation.resolved_because)


_WHILE = {
    State.BOT: _with_bot,
    State.WAITING: _waiting,
    State.OFFERED: _offered,
    State.ACTIVE: _active,
    State.PARKED: _parked,
    State.WRAPPING: _wrapping,
    State.RESOLVED: _nothing,
}
"""What may be due, by the state of the conversation."""
