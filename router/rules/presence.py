"""Presence: agents come, go, fall silent and say what they want. Three inputs, never written into each other."""

from dataclasses import replace

from router.board import Board
from router.conversation import State
from router.events import AgentActive, AgentConnected, AgentLost, IntentChanged
from router.ids import ChannelName, ConversationId, OfferId
from router.offer import OfferState
from router.presence import Connection, Intent, Reachability
from router.reason import Code, Reason
from router.rules.head_start import next_deputy
from router.rules.offering import unanswered
from router.rules.offers import end
from router.rules.waiting import send_back
from router.seat import Seat
from router.trace import Verdict
from router.turn import Turn


def agent_connected(turn: Turn, event: AgentConnected) -> None:
    """The agent can be reached, on this kind of device; whoever was back inside the grace has lost nothing.

    Raises:
        UnknownAgent: no human agent has this id.
    """
    seat = turn.board.roster.seat(event.agent)
    presence = seat.presence
    others = tuple(each for each in presence.connections if each.device is not event.device)
    connections = _sorted((*others, Connection(device=event.device)))
    if presence.reachability is Reachability.CONNECTED:
        if connections != presence.connections:
            turn.change_seat(seat, connections=connections)
        return
    was_gone = presence.reachability is Reachability.GONE
    turn.change_seat(
        seat,
        reachability=Reachability.CONNECTED,
        connections=connections,
        lost_since=None,
        misses=0,
        on_shift=is_on_shift(turn.board, seat, turn),
        idle_since=turn.at if was_gone else presence.idle_since,
    )


def agent_lost(turn: Turn, event: AgentLost) -> None:
    """One kind of device is lost, or all. When none is left the grace runs: open offers are taken back at once.

    Own conversations stay.

    Raises:
        UnknownAgent: no human agent has this id.
    """
    seat = turn.board.roster.seat(event.agent)
    presence = seat.presence
    if presence.reachability is not Reachability.CONNECTED:
        return
    connections = tuple(
        replace(each, lost_at=turn.at) if each.lost_at is None and event.device in (None, each.device) else each
        for each in presence.connections
    )
    if any(each.lost_at is None for each in connections):
        if connections != presence.connections:
            turn.change_seat(seat, connections=connections)
        return
    turn.change_seat(seat, reachability=Reachability.LOST, connections=connections, lost_since=turn.at)
    stop_offering(turn, seat, Verdict.LOST)


def _sorted(connections: tuple[Connection, ...]) -> tuple[Connection, ...]:
    return tuple(sorted(connections, key=lambda each: each.device.value))


def agent_active(turn: Turn, event: AgentActive) -> None:
    """Any sign of life at the desk ends ``missed``.

    Raises:
        UnknownAgent: no human agent has this id.
    """
    seat = turn.board.roster.seat(event.agent)
    if seat.presence.misses:
        turn.change_seat(seat, misses=0)


def intent_changed(turn: Turn, event: IntentChanged) -> None:
    """The agent (or a supervisor) decided: no offers unless ready; who is off gives back what is unanswered.

    Raises:
        UnknownAgent: no human agent has this id.
    """
    seat = turn.board.roster.seat(event.agent)
    turn.change_seat(
        seat,
        intent=event.intent,
        intent_reason=event.reason,
        intent_by=event.by,
        channels=event.channels if event.intent is Intent.AWAY else (),
        misses=0,
        on_shift=is_on_shift(turn.board, seat, turn),
    )
    if event.intent is not Intent.READY:
        stop_offering(turn, seat, Verdict(event.intent.value), but=seat.presence.channels)
    if event.intent is Intent.OFF:
        give_back(turn, seat, Verdict.OFF)


def gone(turn: Turn, seat: Seat) -> None:
    """The grace is over: what is unanswered goes back to the queue with its age; the rest waits for the contact."""
    turn.change_seat(seat, reachability=Reachability.GONE, connections=(), lost_since=None)
    give_back(turn, seat, Verdict.LOST)


def shift_changed(turn: Turn, seat: Seat) -> None:
    """The shift began or ended; off shift there are no new offers, own conversations stay."""
    on_shift = is_on_shift(turn.board, seat, turn)
    if on_shift == seat.presence.on_shift:
        return
    turn.change_seat(seat, on_shift=on_shift)
    if not on_shift:
        stop_offering(turn, seat, Verdict.OFF_SHIFT)


def is_on_shift(board: Board, seat: Seat, turn: Turn) -> bool:
    """Whether the agent's shift is on now; always, without one."""
    return board.hours.is_open(seat.agent.shift, turn.at)


def stop_offering(turn: Turn, seat: Seat, standing: Verdict, *, but: tuple[ChannelName, ...] = ()) -> None:
    """Take back the agent's open offers and end the head starts that wait for the agent; neither is a miss.

    Those of some channels may still come.
    """
    board = turn.board
    for offer in [board.offers[OfferId(what)] for what in sorted(seat.carried) if what in board.offers]:
        if board.conversations[offer.conversation].channel in but:
            continue
        end(turn, offer, OfferState.RESCINDED, f"agent_{standing.value}")
        unanswered(turn, offer, Reason(Code.UNAVAILABLE, (seat.id, standing.value)), is_cooling_down=False)
    for place in list(board.queue.kept.get(seat.id, ())):
        conversation = board.conversations[ConversationId(place[2])]
        if conversation.channel in but:
            continue
        its = board.group(conversation.group)
        start = next_deputy(turn, conversation, its, conversation.deputies)
        turn.save(conversation.but(preferred=start.agent, preferred_until=start.until, deputies=start.deputies))
        turn.queued[conversation.id] = (Reason(Code.UNREACHABLE, (seat.id,)),)
        turn.unplaced[conversation.id] = None


def give_back(turn: Turn, seat: Seat, standing: Verdict) -> None:
    """Unanswered conversations of this agent go back to the queue, as old as they are."""
    board = turn.board
    for what in sorted(seat.carried):
        conversation = board.conversations.get(ConversationId(what))
        if conversation is None or conversation.state is not State.ACTIVE or conversation.unanswered_since is None:
            continue
        send_back(turn, conversation, reason=Reason(Code.UNAVAILABLE, (seat.id, standing.value)))
