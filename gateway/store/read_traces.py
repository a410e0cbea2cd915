"""The stored reasons of a conversation's decisions, the newest first."""

from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from gateway.clock import micros
from gateway.store.former_traces import decode_trace
from gateway.store.paging import Cursor
from gateway.store.schema import traces
from router.ids import ConversationId
from router.trace import Trace


def traces_of(
    connection: Connection, conversation: ConversationId, limit: int, after: Cursor | None
) -> tuple[list[Trace], Cursor | None]:
    """One page of a conversation's decisions, and where the next begins; None at the end."""
    query = (
        select(traces.c.id, traces.c.at, traces.c.body)
        .where(traces.c.conversation == conversation)
        .order_by(traces.c.at.desc(), traces.c.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        older = or_(traces.c.at < after.value, and_(traces.c.at == after.value, traces.c.id < after.id))
        query = query.where(older)
    rows = connection.execute(query).all()
    found = [decode_trace(row.body) for row in rows[:limit]]
    return found, Cursor(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None


def traces_since(connection: Connection, since: datetime, limit: int) -> list[Trace]:
    """Everybody's decisions since then, the newest first, at most ``limit``."""
    query = (
        select(traces.c.body)
        .where(traces.c.at >= micros(since))
        .order_by(traces.c.at.desc(), traces.c.id.desc())
        .limit(limit)
    )
    return [decode_trace(row.body) for row in connection.execute(query)]
