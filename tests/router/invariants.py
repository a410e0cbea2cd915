"""What is always true of a board, counted anew from its values: `architecture.md` §6, and the board's own essay."""

from collections.abc import Container, Mapping
from datetime import datetime

from router.board import Board
from router.conversation import Conversation, OwnerKind, State
from router.due import place
from router.events import (
    AgentReplied,
    AnyEvent,
    ConversationAssigned,
    ConversationGivenBack,
    ConversationReopened,
    ConversationResumed,
    ConversationTakenOver,
    MessageReceived,
    TagsChanged,
    TimerFired,
    TimerKind,
)
from skills.ids import AgentId
from tests.router import naive


def breaches(board: Board, at: datetime) -> list[str]:
    """The names of the invariants that are broken, with whom."""
    return [
        *_places(board),
        *_loads(board),
        *_offers(board),
        *_queue(board),
        *_timers(board),
        *overlooked(board, at),
    ]


def overlooked(board: Board, at: datetime) -> list[str]:
    """Who waits beside an agent who could answer. A step that came into force now counts when its timer has fired."""
    if any(due_at <= at for due_at in board.timers.values()):
        return []
    return [
        *(f"overlooked: {each.id} beside {agent.id}" for each, agent in naive.overlooked(board, at)),
    ]


EXCEEDING = (
    ConversationAssigned,
    AgentReplied,
    MessageReceived,
    ConversationResumed,
    ConversationReopened,
    TimerFired,
    ConversationGivenBack,
)
"""What may bring an agent above the own units: a hand, an answer typed elsewhere, a revival."""


def overloaded(board: Board, event: AnyEvent, before: Mapping[AgentId, float]) -> list[str]:
    """Who carries more than the own units since this event, but by a hand or, by the own burst, a revival.

    Whoever answers what is parked, or makes it a vip's, has a hand in it.
    """
    is_hand = (isinstance(event, ConversationAssigned) and event.may_exceed) or isinstance(
        event, AgentReplied | TagsChanged | ConversationTakenOver
    )
    return [
        f"overloaded: {seat.id} carries {seat.load} of {seat.agent.units}"
        for seat in board.roster.seats.values()
        if seat.load > max(seat.agent.units, before.get(seat.id, 0.0)) + 1e-9
        and not is_hand
        and (
            not isinstance(event, EXCEEDING)
            or _is_arrival(board, event)
            or seat.load > seat.agent.units + seat.agent.burst + 1e-9
        )
    ]


def _is_arrival(board: Board, event: AnyEvent) -> bool:
    """Whether the event began a conversation: nothing of an agent's has come back then."""
    return isinstance(event, MessageReceived) and event.new_conversation in board.conversations


def _places(board: Board) -> list[str]:
    found = []
    threads = [each.thread for each in board.conversations.values()]
    if len(threads) != len(set(threads)):
        found.append("place: a thread has two open conversations")
    if {each.thread: each.id for each in board.conversations.values()} != board.threads:
        found.append("place: threads and conversations disagree")
    owners = {
        State.BOT: {OwnerKind.BOT},
        State.WAITING: {OwnerKind.QUEUE},
        State.OFFERED: {OwnerKind.QUEUE},
        State.ACTIVE: {OwnerKind.AGENT},
        State.PARKED: {OwnerKind.AGENT},
        State.WRAPPING: {OwnerKind.AGENT},
        State.RESOLVED: set(),
    }
    found += [
        f"place: {each.id} is {each.state.value} with owner {each.owner.kind.value}"
        for each in board.conversations.values()
        if each.owner.kind not in owners[each.state]
    ]
    return found


def _loads(board: Board) -> list[str]:
    return [
        f"load: {seat.id} has {seat.load}, counted {naive.load_of(board, seat.id)}"
        for seat in board.roster.seats.values()
        if abs(seat.load - naive.load_of(board, seat.id)) > 1e-9
    ]


def _offers(board: Board) -> list[str]:
    found = []
    pairs = [(offer.conversation, offer.agent) for offer in board.offers.values()]
    if len(pairs) != len(set(pairs)):
        found.append("offer: two open offers of one conversation to one agent")
    offered = {offer.conversation for offer in board.offers.values()}
    found += [
        f"offer: {each.id} is {each.state.value}, offers {sorted(offered)}"
        for each in board.conversations.values()
        if (each.state is State.OFFERED) != (each.id in offered and each.owner.kind is OwnerKind.QUEUE)
    ]
    found += [
        f"offer: of {offer.conversation}, which {offer.agent} was never handed"
        for offer in board.offers.values()
        if offer.from_agent is None
        and offer.conversation in board.conversations
        and board.conversations[offer.conversation].owner.kind is not OwnerKind.QUEUE
    ]
    found += [f"offer: of {id_}, which is not open" for id_ in offered if id_ not in board.conversations]
    return found


def _queue(board: Board) -> list[str]:
    waiting = {each.id: each for each in board.conversations.values() if each.state is State.WAITING}
    found = []
    if set(board.queue.stands) != set(waiting):
        found.append("queue: it does not hold exactly what waits")
        return found
    in_lines: list[str] = []
    for pool in board.roster.pools:
        in_lines += [place_[2] for place_ in pool.line]
        in_lines += [place_[2] for place_ in pool.resting]
        found += [
            f"queue: {place_[2]} is served in a paused queue" for place_ in pool.line if pool.home in board.pauses
        ]
        found += [
            f"queue: {place_[2]} rests in a queue that goes on"
            for place_ in pool.resting
            if pool.home not in board.pauses
        ]
    for line in board.queue.kept.values():
        in_lines += [place_[2] for place_ in line]
    free = [id_ for id_, each in waiting.items() if _is_in_line(each)]
    if sorted(in_lines) != sorted(free):
        found.append(f"queue: lines hold {sorted(in_lines)}, waiting are {sorted(free)}")
    for id_, stand in board.queue.stands.items():
        if stand.place != place(waiting[id_]):
            found.append(f"queue: {id_} stands at an old place")
    for group, line in board.queue.groups.items():
        expected = sorted(place(each) for each in waiting.values() if each.group == group and _is_in_line(each))
        if list(line) != expected:
            found.append(f"queue: the line of {group} is not in order")
    return found


def _is_in_line(conversation: Conversation) -> bool:
    return conversation.held_until is None and conversation.patience.pending_since is None


def _timers(board: Board) -> list[str]:
    found = []
    for kind, subject in board.timers:
        alive: Mapping[TimerKind, Container[str]] = {
            TimerKind.CONVERSATION: board.conversations,
            TimerKind.AGENT: board.roster.seats,
            TimerKind.QUEUE: board.pauses,
        }
        if subject not in alive[kind]:
            found.append(f"timer: of {subject}, which is gone")
    found += [
        f"timer: none for the end of {id_}'s pause"
        for id_, pause in board.pauses.items()
        if pause.until and (TimerKind.QUEUE, id_) not in board.timers
    ]
    found += [
        f"timer: {each.id} is {each.state.value} without one"
        for each in board.conversations.values()
        if each.state in {State.WAITING, State.OFFERED, State.WRAPPING}
        and (TimerKind.CONVERSATION, each.id) not in board.timers
    ]
    return found
