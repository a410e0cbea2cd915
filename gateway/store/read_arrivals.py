"""Stored arrivals: the messages that came in, with how long their conversations kept an agent, for simulation.

Read only. What a conversation's contact would have borne is known where the contact went away; where a person came
first, it was longer than the wait, by a span of its own that is drawn (patience has no memory).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from gateway.clock import instant, micros
from gateway.store.codec import decode, decode_event, decode_parts
from gateway.store.schema import conversations, events, messages
from router.conversation import Conversation
from router.dice import Dice
from router.events import MessageReceived
from router.journey import Arrival
from router.lifecycle import ABANDONED
from router.message import Part

HANDLING, PATIENCE = 0, 1
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(hours=2)
"""A handling time beyond these says more of a forgotten conversation than of work."""

AT_ONCE = 500
"""So many messages are asked for in one statement."""

USUAL_HANDLING = timedelta(minutes=4)
USUAL_PATIENCE = timedelta(minutes=10)


def stored_arrivals(
    connection: Connection, since: datetime, until: datetime, limit: int, dice: Dice
) -> tuple[Arrival, ...]:
    """The messages that contacts wrote in ``[since, until)``, oldest first; the last ``limit`` of them."""
    bodies = {
        row.id: decode(Conversation, row.body)
        for row in connection.execute(
            select(conversations.c.id, conversations.c.body).where(
                conversations.c.created_at >= micros(since), conversations.c.created_at < micros(until)
            )
        )
    }
    query = (
        select(events.c.id, events.c.at, events.c.body)
        .where(
            events.c.kind == MessageReceived.__name__,
            events.c.state == "done",
            events.c.at >= micros(since),
            events.c.at < micros(until),
        )
        .order_by(events.c.at.desc(), events.c.rev.desc(), events.c.place.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()[::-1]
    said = _said(connection, [_Body.of(row.body).message for row in rows])
    found: list[Arrival] = []
    for number, row in enumerate(rows):
        parts = said.get(_Body.of(row.body).message, ())
        event = decode_event(MessageReceived.__name__, row.id, instant(row.at), row.body, parts)
        if isinstance(event, MessageReceived):
            found.append(_arrival(event, bodies.get(event.new_conversation), number, dice))
    return tuple(found)


def begun(connection: Connection, since: datetime, until: datetime, group: str = "") -> list[datetime]:
    """When the conversations began that began in ``[since, until)``: those that are now in a group, or all."""
    query = select(conversations.c.created_at).where(
        conversations.c.created_at >= micros(since), conversations.c.created_at < micros(until)
    )
    if group:
        query = query.where(conversations.c.group == group)
    return [instant(at) for at in connection.execute(query.order_by(conversations.c.created_at)).scalars()]


class _Body(msgspec.Struct, frozen=True):
    """What of an event's body says where its words are."""

    message: str

    @staticmethod
    def of(text: str) -> "_Body":
        return msgspec.json.decode(text, type=_Body)


def _said(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Part, ...]]:
    """The words of these messages: they are stored once, with the message."""
    found: dict[str, tuple[Part, ...]] = {}
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        rows = connection.execute(select(messages.c.id, messages.c.parts).where(messages.c.id.in_(chunk)))
        found.update((row.id, decode_parts(row.parts)) for row in rows)
    return found


def _arrival(event: MessageReceived, became: Conversation | None, number: int, dice: Dice) -> Arrival:
    handling = timedelta(seconds=dice.exponential(HANDLING, number, USUAL_HANDLING.total_seconds()))
    patience = timedelta(seconds=dice.exponential(PATIENCE, number, USUAL_PATIENCE.total_seconds()))
    if became is None or became.due_from is None:
        return Arrival(event=event, handling=handling, patience=patience)
    if became.assigned_at is not None:
        patience += max(became.assigned_at - became.due_from, timedelta())
        if became.resolved_at is not None:
            handling = min(max(became.resolved_at - became.assigned_at, SHORTEST), LONGEST)
    elif became.resolved_because == ABANDONED and became.resolved_at is not None:
        patience = max(became.resolved_at - became.due_from, timedelta())
    return Arrival(event=event, handling=handling, patience=patience)
