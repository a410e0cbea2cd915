"""Ratings in rows: which conversation of a thread may be rated, and what was said of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.clock import micros
from gateway.store.codec import decode
from gateway.store.schema import conversations, ratings
from router.conversation import Conversation, State
from router.ids import ConversationId, MessageId, ThreadId

OPEN_FOR = timedelta(hours=24)
"""How long after its end a conversation can be rated, and the rating be changed."""

_NEWEST = (
    select(
        conversations.c.id, conversations.c.state, conversations.c.body,
        ratings.c.message, ratings.c.stars, ratings.c.text,
    )
    .join_from(conversations, ratings, ratings.c.conversation == conversations.c.id, isouter=True)
    .where(conversations.c.thread == bindparam("thread"))
    .order_by(conversations.c.created_at.desc(), conversations.c.id.desc())
    .limit(1)
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rateable:
    """A conversation that may be rated; ``message`` is the desk's line of a rating, without which ``stars`` is 0."""

    conversation: ConversationId
    message: MessageId | None = None
    stars: int = 0
    text: str = ""


def rateable(connection: Connection, thread: ThreadId, now: datetime) -> Rateable | None:
    """The thread's last conversation, if it has ended, a person answered in it, and it was not long ago."""
    row = connection.execute(_NEWEST, {"thread": thread}).one_or_none()
    if row is None or row.state not in {State.RESOLVED.value, State.WRAPPING.value}:
        return None
    conversation = decode(Conversation, row.body)
    answer, ended_at = conversation.last_answer, conversation.resolved_at
    if answer is None or answer.at < conversation.created_at:
        return None
    if ended_at is not None and now - ended_at > OPEN_FOR:
        return None
    return Rateable(
        conversation=ConversationId(row.id),
        message=None if row.message is None else MessageId(row.message),
        stars=row.stars or 0,
        text=row.text or "",
    )


def keep_rating(
    connection: Connection, conversation: ConversationId, message: MessageId, stars: int, text: str, now: datetime
) -> tuple[MessageId, bool]:
    """Write a rating down, or change it: the line that tells the desk, and whether there was one before."""
    before = connection.execute(
        select(ratings.c.message).where(ratings.c.conversation == conversation)
    ).scalar_one_or_none()
    values = {"stars": stars, "text": text, "at": micros(now)}
    if before is None:
        connection.execute(insert(ratings).values(conversation=conversation, message=message, **values))
        return message, False
    connection.execute(update(ratings).where(ratings.c.conversation == conversation).values(**values))
    return MessageId(before), True
