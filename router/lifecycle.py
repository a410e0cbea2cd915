"""Lifecycles, as data: which state follows which move. Statuses change nowhere else.

A move that is not in the table is an `IllegalTransition`, and the value stays as it was. The tables can be walked:
the tests do so for every state and move, and the diagrams in the documents are drawn from them.
"""

from collections.abc import Mapping

from router.conversation import State
from router.errors import IllegalTransition
from router.keyed import Keyed
from router.offer import OfferState

ABANDONED = "abandoned"
"""Why a conversation ended whose contact went away before anybody answered."""


class Move(Keyed):
    """What can happen to a conversation's state."""

    GIVEN_TO_BOT = "given_to_bot"
    QUEUED = "queued"
    OFFERED = "offered"
    UNOFFERED = "unoffered"
    TAKEN = "taken"
    PARKED = "parked"
    RESUMED = "resumed"
    FINISHED = "finished"
    RESOLVED = "resolved"
    REOPENED = "reopened"


CONVERSATION: Mapping[tuple[State, Move], State] = {
    (State.BOT, Move.GIVEN_TO_BOT): State.BOT,
    (State.BOT, Move.QUEUED): State.WAITING,
    (State.BOT, Move.TAKEN): State.ACTIVE,
    (State.BOT, Move.RESOLVED): State.RESOLVED,
    (State.WAITING, Move.GIVEN_TO_BOT): State.BOT,
    (State.WAITING, Move.QUEUED): State.WAITING,
    (State.WAITING, Move.OFFERED): State.OFFERED,
    (State.WAITING, Move.TAKEN): State.ACTIVE,
    (State.WAITING, Move.RESOLVED): State.RESOLVED,
    (State.OFFERED, Move.GIVEN_TO_BOT): State.BOT,
    (State.OFFERED, Move.QUEUED): State.WAITING,
    (State.OFFERED, Move.UNOFFERED): State.WAITING,
    (State.OFFERED, Move.TAKEN): State.ACTIVE,
    (State.OFFERED, Move.RESOLVED): State.RESOLVED,
    (State.ACTIVE, Move.GIVEN_TO_BOT): State.BOT,
    (State.ACTIVE, Move.QUEUED): State.WAITING,
    (State.ACTIVE, Move.TAKEN): State.ACTIVE,
    (State.ACTIVE, Move.PARKED): State.PARKED,
    (State.ACTIVE, Move.FINISHED): State.WRAPPING,
    (State.ACTIVE, Move.RESOLVED): State.RESOLVED,
    (State.PARKED, Move.GIVEN_TO_BOT): State.BOT,
    (State.PARKED, Move.QUEUED): State.WAITING,
    (State.PARKED, Move.TAKEN): State.ACTIVE,
    (State.PARKED, Move.RESUMED): State.ACTIVE,
    (State.PARKED, Move.RESOLVED): State.RESOLVED,
    (State.WRAPPING, Move.GIVEN_TO_BOT): State.BOT,
    (State.WRAPPING, Move.QUEUED): State.WAITING,
    (State.WRAPPING, Move.TAKEN): State.ACTIVE,
    (State.WRAPPING, Move.RESUMED): State.ACTIVE,
    (State.WRAPPING, Move.RESOLVED): State.RESOLVED,
    (State.RESOLVED, Move.REOPENED): State.WAITING,
}
"""(state, move) → the state after it."""

OFFER: frozenset[tuple[OfferState, OfferState]] = frozenset(
    (OfferState.OPEN, end)
    for end in (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.RESCINDED)
)
"""(from, to): an open offer ends once. AUTO is the state of an offer that was never open."""


def moved(state: State, move: Move) -> State:
    """The state after a move.

    Raises:
        IllegalTransition: the table has no such move from this state.
    """
    try:
        return CONVERSATION[state, move]
    except KeyError:
        raise IllegalTransition(f"a conversation that is {state.value} cannot be {move.value}") from None


def ended(state: OfferState, end: OfferState) -> OfferState:
    """The offer's state after it ends so.

    Raises:
        IllegalTransition: it ended before.
    """
    if (state, end) not in OFFER:
        raise IllegalTransition(f"an offer that is {state.value} cannot become {end.value}")
    return end
