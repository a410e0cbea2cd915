"""Stored events in the order in which they were decided, with the words that are kept with their messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from gateway.clock import instant
from gateway.store.codec import EVENTS, decode, decode_event, decode_parts
from gateway.store.former_traces import decode_trace
from gateway.store.schema import events, messages, revisions, traces
from router.events import AnyEvent, MessageReceived
from router.ids import TraceId
from router.trace import Trace

AT_ONCE = 500
"""So many messages are asked for in one statement."""


class Moment(NamedTuple):
    """Where an event stands in the order of everything: its revision, and its place within that batch."""

    rev: int
    place: int


class StoredEvent(NamedTuple):
    """An event's row; ``words`` are its message's parts, as JSON, where they were stored with the message."""

    kind: str
    id: str
    at: datetime
    body: str
    words: str | None

    def event(self) -> AnyEvent:
        """The event itself.

        Raises:
            ValueError: it was stored by another version of the program, and does not fit this one.
        """
        parts = None if self.words is None else decode_parts(self.words)
        return decode_event(self.kind, self.id, self.at, self.body, parts)


def trace_of(connection: Connection, trace: TraceId) -> tuple[Trace, str] | None:
    """A stored decision, and its row's text to the byte."""
    body = connection.execute(select(traces.c.body).where(traces.c.id == trace)).scalar_one_or_none()
    return None if body is None else (decode_trace(body), body)


def moment_of(connection: Connection, event: str) -> Moment | None:
    """When an event was decided."""
    row = connection.execute(select(events.c.rev, events.c.place).where(events.c.id == event)).one_or_none()
    return None if row is None else Moment(row.rev, row.place)


def count_between(connection: Connection, after: int, until: Moment) -> int:
    """How many events were decided behind the revision ``after``, up to this moment."""
    return connection.execute(select(func.count()).select_from(events).where(_between(after, until))).scalar_one()


def events_between(connection: Connection, after: int, until: Moment) -> list[StoredEvent]:
    """What was decided behind the revision ``after``, up to this moment and with it; without what was refused."""
    rows = connection.execute(
        select(events.c.id, events.c.kind, events.c.at, events.c.body)
        .where(_between(after, until))
        .order_by(events.c.rev, events.c.place)
    ).all()
    received = MessageReceived.__name__
    words = _words(connection, [_message_of(row.body) for row in rows if row.kind == received])
    return [
        StoredEvent(
            kind=row.kind,
            id=row.id,
            at=instant(row.at),
            body=row.body,
            words=words.get(_message_of(row.body)) if row.kind == received else None,
        )
        for row in rows
    ]


def _between(after: int, until: Moment) -> ColumnElement[bool]:
    is_not_later = or_(events.c.rev < until.rev, and_(events.c.rev == until.rev, events.c.place <= until.place))
    return and_(events.c.rev > after, is_not_later, events.c.state == "done", events.c.kind.in_(tuple(EVENTS)))


class _Message(msgspec.Struct, frozen=True):
    """What of an event's body says where its words are."""

    message: str


def _message_of(body: str) -> str:
    return decode(_Message, body).message


def _words(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """What these messages said first: an edited one's oldest revision, else what stands there."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        present = select(messages.c.id, messages.c.parts).where(messages.c.id.in_(chunk))
        found.update((row.id, row.parts) for row in connection.execute(present))
        earlier = (
            select(revisions.c.message, revisions.c.parts)
            .where(revisions.c.message.in_(chunk))
            .order_by(revisions.c.at.desc())
        )
        found.update((row.message, row.parts) for row in connection.execute(earlier))
    return found
