"""Taking: a conversation becomes an agent's own, whichever way it came."""

from router.conversation import Conversation, Owner, OwnerKind
from router.effects import Measure, Measurement
from router.lifecycle import Move, moved
from router.reason import Reason
from router.rules.offers import rescind_all
from router.seat import Seat
from router.trace import Outcome
from router.turn import Turn


def take(
    turn: Turn, conversation: Conversation, seat: Seat, *, reason: Reason | None = None, **changes: object
) -> Conversation:
    """Give it to this agent: a new owner, a new epoch, the first-reply guard from now; other offers end.

    ``reason`` is for the trace, where nothing else has written one.

    Raises:
        IllegalTransition: its state does not allow it; nothing is changed.
    """
    state = moved(conversation.state, Move.TAKEN)
    rescind_all(turn, conversation.id, "taken")
    if conversation.owner.kind is OwnerKind.QUEUE and conversation.entered_waiting_at is not None:
        waited = (turn.at - conversation.entered_waiting_at).total_seconds()
        turn.say(Measure(what=Measurement.QUEUE_WAIT_SECONDS, label=conversation.group, value=max(waited, 0.0)))
    turn.pick(seat)
    taken: dict[str, object] = {
        "state": state,
        "owner": Owner(OwnerKind.AGENT, seat.id),
        "epoch": conversation.epoch + 1,
        "assigned_at": turn.at,
        "nudged": False,
        "promised_at": None,
        "is_idle": False,
        "preferred": None,
        "preferred_until": None,
        "held_until": None,
        "asked_bot_at": None,
        "parked_until": None,
        "wrap_up_until": None,
        "taken_from": None,
    }
    conversation = turn.save(conversation.but(**{**taken, **changes}))
    if reason is not None:
        turn.explain(conversation, Outcome.ASSIGNED, chosen=seat.id, reasons=(reason,))
    return conversation
