"""How offers end before anybody answers them: taken back, with the reason."""

from dataclasses import replace

from router.ids import ConversationId
from router.lifecycle import ended
from router.offer import Offer, OfferState
from router.turn import Turn


def end(turn: Turn, offer: Offer, state: OfferState, reason: str = "") -> None:
    """An open offer ends so.

    Raises:
        IllegalTransition: it ended before.
    """
    turn.end_offer(replace(offer, state=ended(offer.state, state), reason=reason))


def rescind_all(turn: Turn, conversation: ConversationId, reason: str) -> None:
    """Take back all open offers of a conversation."""
    for offer in turn.board.open_offers(conversation):
        end(turn, offer, OfferState.RESCINDED, reason)
