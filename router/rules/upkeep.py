"""Upkeep: a new routing version is put into force; the sweep looks for what matching should never leave."""

from router.conversation import Conversation, State
from router.due import due_of, is_urgent
from router.effects import Measure, Measurement
from router.ids import ConversationId
from router.offer import OfferState
from router.reason import Code, Reason
from router.rules.matching import give
from router.rules.offers import end
from router.rules.pausing import forget
from router.rules.presence import is_on_shift
from router.rules.waiting import send_back
from router.selection import Choice, best_agent
from router.trace import Outcome
from router.turn import Turn

OVERLOOKED = "waiting_beside_free_agent"
"""The name of the invariant: nothing waits that a free agent could take."""

STRAY_OFFER = "offer_beside_an_owner"
MISCOUNTED = "load_is_not_the_sum"


def config_applied(turn: Turn) -> None:
    """Everything is put in its place under the new settings; only what lost its group, or its agent, moves."""
    board = turn.board
    for seat in board.roster.seats.values():
        on_shift = is_on_shift(board, seat, turn)
        if on_shift != seat.presence.on_shift:
            turn.change_seat(seat, on_shift=on_shift)
        elif seat.may_receive:
            turn.unserved[seat.id] = None
    for group in [each for each in board.pauses if each not in board.settings.groups]:
        forget(turn, group)
    for _, conversation in sorted(board.conversations.items()):
        _under_new_settings(turn, conversation)


def _under_new_settings(turn: Turn, conversation: Conversation) -> None:
    board, settings = turn.board, turn.board.settings
    has_group = conversation.group in settings.groups
    has_agent = conversation.state in {State.BOT, State.WAITING, State.OFFERED} or (
        board.owner_seat(conversation) is not None
    )
    if not has_agent or (not has_group and conversation.state in {State.BOT, State.WAITING, State.OFFERED}):
        reason = Reason(Code.AGENT_VANISHED if has_group else Code.GROUP_VANISHED)
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
        its, doors = settings.groups[conversation.group], turn.board.doors
        held_until = None if doors.is_open(its, turn.at) else doors.next_open(its, turn.at)
        since = held_until or min(since, turn.at)
    due_at = due_of(settings, conversation, since)
    urgent = is_urgent(settings, conversation)
    new, old = (due_at, held_until, urgent), (conversation.due_at, conversation.held_until, conversation.is_urgent)
    if new != old:
        conversation = conversation.but(due_from=since, due_at=due_at, held_until=held_until, is_urgent=urgent)
    turn.save(conversation)
    turn.unplaced[conversation.id] = None


def swept(turn: Turn) -> None:
    """Find nothing. What is found is counted, told to supervisors, traced and put right.

    Three invariants are looked at (`reliability.md` §5.1, I4 to I6): a conversation has an owner or an offer, not both;
    what an agent carries is what the conversations and offers say; nothing waits beside a free agent.
    """
    _stray_offers(turn)
    _miscounted(turn)
    while choice := overlooked(turn):
        _breached(turn, OVERLOOKED, Reason(Code.OVERLOOKED, (choice.seat.id,)), choice.conversation)
        give(turn, choice)


def _stray_offers(turn: Turn) -> None:
    """An offer of a conversation that somebody owns, and nobody transfers, or that does not exist, is taken back."""
    board = turn.board
    for offer in sorted(board.offers.values(), key=lambda each: each.id):
        conversation = board.conversations.get(offer.conversation)
        is_transfer = offer.from_agent is not None and conversation is not None
        if not is_transfer and (conversation is None or conversation.state is not State.OFFERED):
            why = Reason(Code.STRAY_OFFER, (offer.agent,))
            _breached(turn, STRAY_OFFER, why, conversation, offer.conversation)
            end(turn, offer, OfferState.RESCINDED, STRAY_OFFER)


def _miscounted(turn: Turn) -> None:
    """An agent's load that is not the sum of what the agent has is counted anew."""
    board = turn.board
    counted = board.counted()
    for seat in board.roster.seats.values():
        if seat.carried == counted.get(seat.id, {}):
            continue
        _breached(turn, MISCOUNTED, Reason(Code.MISCOUNTED, (seat.id, seat.load)), None, seat.id)
        board.recount(seat, counted.get(seat.id, {}))
        turn.work_changed(seat)


def _breached(turn: Turn, invariant: str, why: Reason, conversation: Conversation | None, subject: str = "") -> None:
    turn.say(Measure(what=Measurement.INVARIANT_BREACHES, label=invariant))
    turn.alarm(why, conversation.id if conversation is not None else ConversationId(subject))
    if conversation is not None:
        turn.explain(conversation, Outcome.WAITS, reasons=(why,))


def overlooked(turn: Turn) -> Choice | None:
    """A conversation that waits although an agent could take it; looks at the head of each pool's line only."""
    board = turn.board
    for pool in list(board.roster.pools):  # looking for an agent may draw another circle, and so build a pool
        if pool.line and pool.bench.free:
            for place in pool.line:
                id_ = ConversationId(place[2])
                if choice := best_agent(board, board.conversations[id_], turn.at):
                    return choice
                if id_ not in pool.excluding:
                    break
    return None
