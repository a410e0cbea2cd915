"""What is remembered of what happened: one row per event, from which it can be decided again to the same bytes.

The words of a message are stored once, with the message: its event's body refers to it.
"""

from datetime import datetime

from gateway.clock import micros
from gateway.crossing import Arrival
from gateway.store.codec import encode_event, encode_inbound
from gateway.store.writing import Row
from router.effects import Effect, RecordConversation, RecordMessage
from router.errors import Refused
from router.events import AnyEvent, MessageReceived, Swept, TimerFired

Moment = tuple[int, int]
"""The revision, and the place within its batch: the order of everything that ever happened."""


def event_row(
    event: AnyEvent, effects: tuple[Effect, ...], refusal: Refused | None, delivery_key: str | None, moment: Moment
) -> Row | None:
    """A decided event's row; None for a clock's tick that changed nothing."""
    if isinstance(event, TimerFired | Swept) and not effects:
        return None
    state = "done" if refusal is None else "refused"
    problem = "" if refusal is None else f"{type(refusal).__name__}: {refusal}"
    is_kept_once = type(event) is MessageReceived and refusal is None and _is_recorded(event, effects)
    body = encode_event(event, parts=not is_kept_once)
    conversation = _conversation_of(event, effects)
    kind = type(event).__name__
    return (event.id, delivery_key, kind, micros(event.at), conversation, body, state, problem, *moment)


def arrival_row(arrival: Arrival, id: str, now: datetime, moment: Moment) -> Row:
    """The row of a happening that concerns nothing: that it came is known, so that it is not asked about again."""
    kind, body = type(arrival.inbound).__name__, encode_inbound(arrival.inbound)
    return (id, arrival.delivery_key, kind, micros(now), "", body, "done", "", *moment)


def _is_recorded(event: MessageReceived, effects: tuple[Effect, ...]) -> bool:
    return any(type(effect) is RecordMessage and effect.id == event.message for effect in effects)


def _conversation_of(event: AnyEvent, effects: tuple[Effect, ...]) -> str:
    named = getattr(event, "conversation", "")
    if named:
        return str(named)
    if type(event) is MessageReceived:
        for effect in effects:
            if type(effect) is RecordMessage:
                return effect.conversation
            if type(effect) is RecordConversation:
                return effect.conversation.id
    return ""
