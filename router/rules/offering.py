"""Offering: how agents and contacts end offers — accepted, declined, run out — and what follows."""

from datetime import timedelta

from router.conversation import Conversation, Exclusion, State
from router.effects import DeskWord, TellDesk
from router.errors import SomethingMissing, UnknownOffer
from router.events import OfferAccepted, OfferDeclined
from router.ids import OfferId
from router.lifecycle import Move, moved
from router.offer import Offer, OfferState
from router.reason import Code, Reason
from router.rules.closing import hold_if_deserted
from router.rules.head_start import HeadStart, next_deputy
from router.rules.offers import end
from router.rules.taking import take
from router.settings import OfferPolicy
from router.turn import Turn
from skills.ids import AgentId


def offer_accepted(turn: Turn, event: OfferAccepted) -> None:
    """The agent owns the conversation; offers of it to others are taken back.

    Raises:
        UnknownOffer: the offer has ended, or is somebody else's.
    """
    offer = _open_offer(turn, event.offer, event.agent)
    conversation = turn.board.conversation(offer.conversation)
    seat = turn.board.roster.seat(event.agent)
    moved(conversation.state, Move.TAKEN)
    end(turn, offer, OfferState.ACCEPTED)
    turn.change_seat(seat, misses=0)
    take(turn, conversation, seat, reason=Reason(Code.ACCEPTED, (seat.id,)))


def offer_declined(turn: Turn, event: OfferDeclined) -> None:
    """The conversation goes on to others; the agent is not asked again for a while. A decline is no miss.

    Raises:
        UnknownOffer: the offer has ended, or is somebody else's.
        SomethingMissing: no reason was given.
    """
    offer = _open_offer(turn, event.offer, event.agent)
    if not event.reason:
        raise SomethingMissing("a decline needs a reason")
    seat = turn.board.roster.seat(event.agent)
    end(turn, offer, OfferState.DECLINED, event.reason)
    turn.change_seat(seat, misses=0)
    unanswered(turn, offer, Reason(Code.DECLINED, (event.agent, event.reason)))


def expire(turn: Turn, offer: Offer) -> None:
    """Nobody answered in time: a miss; two in a row and the agent gets nothing until there is a sign of life."""
    end(turn, offer, OfferState.EXPIRED)
    seat = turn.board.roster.seat(offer.agent)
    turn.change_seat(seat, misses=seat.presence.misses + 1)
    unanswered(turn, offer, Reason(Code.UNANSWERED, (offer.agent,)))


def unanswered(turn: Turn, offer: Offer, reason: Reason, *, is_cooling_down: bool = True) -> None:
    """After an offer ended without an owner: a transfer stays with its sender, all else waits on, its age kept."""
    conversation = turn.board.conversation(offer.conversation)
    if conversation.state is not State.OFFERED:
        if offer.from_agent is not None:
            word = TellDesk(
                word=DeskWord.NUDGE,
                subject=conversation.id,
                conversation=conversation.id,
                agent=offer.from_agent,
                why=(Reason(Code.TRANSFER_FAILED), reason),
            )
            turn.say(word)
            turn.show(conversation)
        return
    if is_cooling_down:
        conversation = conversation.but(excluded=with_cool_down(turn, conversation, offer.agent))
    if conversation.id in turn.board.offers_of:
        turn.save(conversation)
        return
    its = turn.board.settings.groups.get(conversation.group)
    loses_start = conversation.preferred == offer.agent
    start = next_deputy(turn, conversation, its, conversation.deputies) if its is not None else HeadStart()
    conversation = turn.save(
        conversation.but(
            state=moved(conversation.state, Move.UNOFFERED),
            preferred=start.agent if loses_start else conversation.preferred,
            preferred_until=start.until if loses_start else conversation.preferred_until,
            deputies=start.deputies if loses_start else conversation.deputies,
        )
    )
    if its is not None and hold_if_deserted(turn, conversation):
        return
    turn.queued[conversation.id] = (reason,)
    turn.unplaced[conversation.id] = None


def with_cool_down(
    turn: Turn, conversation: Conversation, agent: AgentId, *, is_strict: bool = False
) -> tuple[Exclusion, ...]:
    """The conversation's exclusions that still run, with one more for this agent."""
    its = turn.board.settings.groups.get(conversation.group)
    lasts: timedelta = (its.offer if its is not None else OfferPolicy()).cool_down
    others = tuple(each for each in conversation.excluded if each.until > turn.at and each.agent != agent)
    return (*others, Exclusion(agent=agent, until=turn.at + lasts, is_strict=is_strict))


def _open_offer(turn: Turn, id_: OfferId, agent: AgentId) -> Offer:
    offer = turn.board.offers.get(id_)
    if offer is None or offer.agent != agent:
        raise UnknownOffer
    return offer
