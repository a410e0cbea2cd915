"""Small facts of the routing row, and the proof that it can be written."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from gateway.clock import micros
from gateway.store.schema import routing


def feed_seq(connection: Connection) -> int:
    """The number under which the desk was told last."""
    return int(connection.execute(select(routing.c.feed_seq)).scalar_one_or_none() or 0)


def prove_writable(connection: Connection, now: datetime) -> None:
    """Write what nothing depends on; to take the lock, or to write what stands there already, needs no room."""
    connection.execute(update(routing).values(hint_until=micros(now)))
