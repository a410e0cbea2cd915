"""What bots had no answer to, the newest first: what an administrator adds to their articles."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from gateway.clock import instant
from gateway.store.paging import Cursor
from gateway.store.schema import messages, misses
from router.ids import ConversationId, MessageId
from skills.ids import AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One question; ``is_handed_over`` when the bot gave the conversation to people because of it."""

    at: datetime
    conversation: ConversationId
    message: MessageId
    text: str
    is_handed_over: bool


def misses_of(
    connection: Connection, bot: AgentId, limit: int, after: Cursor | None
) -> tuple[list[Miss], Cursor | None]:
    """One page of a bot's misses, and where the next begins; None at the end."""
    query = (
        select(misses, messages.c.text)
        .join_from(misses, messages, messages.c.id == misses.c.message)
        .where(misses.c.bot == bot)
        .order_by(misses.c.at.desc(), misses.c.event.desc())
        .limit(limit + 1)
    )
    if after is not None:
        older = or_(misses.c.at < after.value, and_(misses.c.at == after.value, misses.c.event < after.id))
        query = query.where(older)
    rows = connection.execute(query).all()
    found = [
        Miss(
            at=instant(row.at),
            conversation=ConversationId(row.conversation),
            message=MessageId(row.message),
            text=row.text,
            is_handed_over=row.handed_over,
        )
        for row in rows[:limit]
    ]
    return found, Cursor(rows[limit - 1].at, rows[limit - 1].event) if len(rows) > limit else None
