"""Small facts of the routing row."""

from sqlalchemy import Connection, select

from gateway.store.schema import routing


def feed_seq(connection: Connection) -> int:
    """The number under which the desk was told last."""
    return int(connection.execute(select(routing.c.feed_seq)).scalar_one_or_none() or 0)
