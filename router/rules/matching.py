"""Matching: whatever changed, bring conversations and agents together until nothing more fits.

Freed agents choose first, so that who waits longest is not passed by who has just come. Every step uses up room or
leaves the queue, so it ends. What follows a choice depends on the group's way of offering (`routing.md` §9).
"""

from datetime import timedelta

from router.conversation import Conversation, State
from router.due import place
from router.effects import Measure, Measurement, RecordOffer
from router.lifecycle import Move, moved
from router.offer import Offer, OfferState
from router.reason import Reason
from router.rules.overflow import overflowed
from router.rules.promotion import in_its_class
from router.rules.taking import take
from router.seat import Seat
from router.selection import Choice, best_agent, best_conversation
from router.settings import OfferMode
from router.trace import Outcome
from router.turn import Turn

BROADCAST_REACH = 5
"""A broadcast goes to so many agents at once."""


def settle(turn: Turn) -> None:
    """Match until nothing that waits could be taken by anybody who is free."""
    board = turn.board
    while turn.unserved or turn.unplaced:
        while turn.unserved:
            agent = next(iter(turn.unserved))
            del turn.unserved[agent]
            seat = board.roster.seats[agent]
            while choice := best_conversation(board, seat, turn.at):
                give(turn, choice)
        if turn.unplaced:
            waiting = [board.conversations[id_] for id_ in turn.unplaced if id_ in board.queue.stands]
            turn.unplaced.clear()
            waiting.sort(key=place)
            for conversation in waiting:
                if conversation.id in board.queue.stands:
                    _place(turn, conversation)


def _place(turn: Turn, conversation: Conversation) -> None:
    board = turn.board
    promoted = in_its_class(turn, conversation)
    if promoted is not conversation:
        conversation = turn.save(promoted)
    if board.queue.conditions(conversation.group):
        conversation = overflowed(turn, conversation)
    choice = best_agent(board, conversation, turn.at)
    if choice is not None:
        give(turn, choice)
    elif conversation.id in turn.queued:
        stand = board.queue.stands[conversation.id]
        if stand.pool is not None:
            reasons = turn.queued.pop(conversation.id)
            if stand.is_resting:
                reasons = (*reasons, board.pauses[conversation.group].why)
            turn.explain(conversation, Outcome.WAITS, pool=stand.pool, reasons=reasons)


def give(turn: Turn, choice: Choice) -> None:
    """Bring a conversation to an agent in the way of its group."""
    if choice.conversation.state is not State.WAITING:
        raise AssertionError(f"{choice.conversation.id} stands in the queue and is {choice.conversation.state.value}")
    its = turn.board.group(choice.conversation.group)
    reasons = turn.queued.pop(choice.conversation.id, ())
    turn.note_lane(choice.seat, is_urgent=choice.conversation.is_urgent)
    match its.offer.mode:
        case OfferMode.AUTO:
            _assign(turn, choice, reasons)
        case OfferMode.ACCEPT:
            _offer(turn, choice, [choice.seat], its.offer.within, reasons)
        case OfferMode.BROADCAST:
            excluded = {each.agent for each in choice.conversation.excluded if each.until > turn.at}
            others = choice.pool.bench.ranked(BROADCAST_REACH, excluded | {choice.seat.id})
            seats = [choice.seat, *others[: BROADCAST_REACH - 1]]
            _offer(turn, choice, seats, its.offer.within, reasons)


def _assign(turn: Turn, choice: Choice, reasons: tuple[Reason, ...]) -> None:
    conversation, seat = choice.conversation, choice.seat
    offer = Offer(
        id=turn.new_offer_id(),
        conversation=conversation.id,
        agent=seat.id,
        group=conversation.group,
        units=choice.pool.key.units,
        offered_at=turn.at,
        expires_at=None,
        state=OfferState.AUTO,
    )
    turn.say(RecordOffer(offer=offer))
    turn.say(Measure(what=Measurement.OFFERS, label=OfferState.AUTO.value))
    turn.explain(conversation, Outcome.ASSIGNED, choice=choice, reasons=reasons)
    take(turn, conversation, seat)


def _offer(turn: Turn, choice: Choice, seats: list[Seat], within: timedelta, reasons: tuple[Reason, ...]) -> None:
    conversation = choice.conversation
    turn.explain(conversation, Outcome.OFFERED, choice=choice, reasons=reasons)
    turn.save(conversation.but(state=moved(conversation.state, Move.OFFERED)))
    for seat in seats:
        turn.open_offer(
            Offer(
                id=turn.new_offer_id(),
                conversation=conversation.id,
                agent=seat.id,
                group=conversation.group,
                units=choice.pool.key.units,
                offered_at=turn.at,
                expires_at=turn.at + within,
            )
        )
