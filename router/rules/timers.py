"""Timers: everything that is due for one conversation or one agent, evaluated again.

A timer says only "look": what is due follows from values and the instant, so a timer that fires late, twice or for
nothing does no harm.
"""

from datetime import timedelta

from router import agenda
from router.conversation import Conversation, State
from router.effects import DeskWord, TellContact, TellDesk
from router.events import TimerFired, TimerKind
from router.ids import ConversationId, ReplyId
from router.lifecycle import Move, moved
from router.rules.arrival import REVIVAL_BURST
from router.rules.closing import hold_if_deserted
from router.rules.handoff import next_group
from router.rules.offering import expire, with_cool_down
from router.rules.presence import gone, shift_changed
from router.rules.resolving import close, resolve
from router.rules.waiting import head_start, send_back, send_to_group
from router.seat import Seat
from router.settings import GroupSettings
from router.turn import Turn
from skills.ids import AgentId

RETURN_BOOST = timedelta(seconds=120)
"""A conversation that an agent let go stale is due so much earlier (`routing.md` §4)."""

STRICT_LANE = timedelta(days=1)
"""The boost of one that was let go stale by too many: before everything else."""


def timer_fired(turn: Turn, event: TimerFired) -> None:
    """Do what is due; forget the timer, so that the next one is asked for in any case."""
    turn.board.timers.pop((event.kind, event.subject), None)
    match event.kind:
        case TimerKind.CONVERSATION:
            conversation = turn.board.conversations.get(ConversationId(event.subject))
            if conversation is not None:
                _WHILE[conversation.state](turn, conversation)
                still = turn.board.conversations.get(conversation.id)
                if still is not None:
                    turn.save(still)
        case TimerKind.AGENT:
            seat = turn.board.roster.seats.get(AgentId(event.subject))
            if seat is not None:
                _agent(turn, seat)


def _agent(turn: Turn, seat: Seat) -> None:
    gone_at = agenda.gone_at(turn.board, seat)
    if gone_at is not None and gone_at <= turn.at:
        gone(turn, seat)
    shift_changed(turn, seat)
    turn.touch(seat)


def _nothing(turn: Turn, conversation: Conversation) -> None:
    """A resolved conversation has nothing to come."""


def _with_bot(turn: Turn, conversation: Conversation) -> None:
    deadline_at = agenda.bot_deadline_at(conversation)
    idle_end_at = agenda.idle_end_at(turn.board, conversation)
    if deadline_at is not None and deadline_at <= turn.at:
        send_to_group(
            turn,
            conversation,
            next_group(turn, conversation),
            reason="bot_down",
            entered_waiting_at=None,
            due_from=None,
            asked_bot_at=None,
        )
    elif idle_end_at is not None and idle_end_at <= turn.at:
        close(turn, conversation, "idle")


def _waiting(turn: Turn, conversation: Conversation) -> None:
    board, at = turn.board, turn.at
    its = board.settings.groups.get(conversation.group)
    if its is None:
        return
    if conversation.held_until is not None:
        if conversation.held_until <= at:
            _release(turn, conversation, its)
        return
    give_up_at = agenda.give_up_at(board, conversation)
    if give_up_at is not None and give_up_at <= at:
        _give_up(turn, conversation, its)
        return
    if hold_if_deserted(turn, conversation):
        return
    if conversation.preferred_until is not None and conversation.preferred_until <= at:
        conversation = conversation.but(preferred_until=None)
    running = tuple(each for each in conversation.excluded if each.until > at)
    if running != conversation.excluded:
        conversation = conversation.but(excluded=running)
    conversation = turn.save(_told(turn, conversation, its))
    turn.unplaced[conversation.id] = None


def _give_up(turn: Turn, conversation: Conversation, its: GroupSettings) -> None:
    """Waiting was too long: the outcome's own reply, when there is one, and the end."""
    outcome = its.waiting.outcome
    if outcome in turn.board.settings.replies:
        turn.say(
            TellContact(
                conversation=conversation.id,
                reply=ReplyId(outcome),
                message=turn.new_message_id(),
                at=turn.at,
                language=conversation.language,
                group=conversation.group,
            )
        )
    resolve(turn, conversation, outcome)


def _release(turn: Turn, conversation: Conversation, its: GroupSettings) -> None:
    """The group opens: into the line, its due counting from the opening."""
    if not turn.board.hours.is_open(its.group.hours, turn.at):
        opens_at = turn.board.hours.next_open(its.group.hours, turn.at) if its.group.hours is not None else turn.at
        turn.save(conversation.but(held_until=opens_at))
        return
    open_ = conversation.but(held_until=None)
    start = head_start(turn, open_, its)
    if start is not None:
        open_ = open_.but(preferred=start[0], preferred_until=start[1])
    turn.save(open_)
    turn.queued[conversation.id] = "the group opened"
    turn.unplaced[conversation.id] = None


def _told(turn: Turn, conversation: Conversation, its: GroupSettings) -> Conversation:
    """Tell the contact the position, when it is time."""
    tell_at = agenda.tell_at(turn.board, conversation)
    if tell_at is None or tell_at > turn.at or its.waiting.reply is None:
        return conversation
    turn.say(
        TellContact(
            conversation=conversation.id,
            reply=its.waiting.reply,
            message=turn.new_message_id(),
            at=turn.at,
            language=conversation.language,
            group=conversation.group,
            position=turn.board.position(conversation.id),
        )
    )
    return conversation.but(last_told_at=turn.at, times_told=conversation.times_told + 1)


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
        turn.say(_nudge(conversation, "first reply"))
        turn.save(conversation.but(nudged=True))
    elif idle_end_at is not None and idle_end_at <= at:
        resolve(turn, conversation, "idle")
    elif remind_at is not None and remind_at <= at:
        _remind(turn, conversation)


def _nudge(conversation: Conversation, text: str) -> TellDesk:
    return TellDesk(
        word=DeskWord.NUDGE,
        subject=conversation.id,
        conversation=conversation.id,
        agent=AgentId(conversation.owner.id),
        text=text,
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
        turn.alarm(f"{hops} agents have not answered", conversation.id)
    send_back(
        turn,
        conversation,
        reason=f"{agent} did not answer in time",
        hops=hops,
        boost=conversation.boost + (STRICT_LANE if is_last else RETURN_BOOST),
        excluded=with_cool_down(turn, conversation, agent),
    )


def _remind(turn: Turn, conversation: Conversation) -> None:
    its = turn.board.settings.groups.get(conversation.group)
    if its is not None and its.idle.remind_reply is not None:
        turn.say(
            TellContact(
                conversation=conversation.id,
                reply=its.idle.remind_reply,
                message=turn.new_message_id(),
                at=turn.at,
                language=conversation.language,
                group=conversation.group,
            )
        )
    turn.save(conversation.but(reminded=True))


def _parked(turn: Turn, conversation: Conversation) -> None:
    """The date has come: back to the owner, or to the group when the owner cannot take it."""
    if conversation.parked_until is None or conversation.parked_until > turn.at:
        return
    board = turn.board
    seat = board.owner_seat(conversation)
    if seat is not None and seat.is_reachable and seat.has_room(board.units_of(conversation), REVIVAL_BURST):
        turn.say(_nudge(conversation, "its date has come"))
        state = moved(conversation.state, Move.RESUMED)
        turn.save(conversation.but(state=state, parked_until=None, assigned_at=turn.at, reminded=False))
        return
    send_back(
        turn,
        conversation,
        reason="its date has come, and its agent cannot take it",
        entered_waiting_at=None,
        due_from=None,
    )


def _wrapping(turn: Turn, conversation: Conversation) -> None:
    if conversation.wrap_up_until is not None and conversation.wrap_up_until <= turn.at:
        close(turn, conversation, conversation.resolved_because)


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
