"""Messages of a thread, in the order of their ``seq``."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select

from gateway.clock import instant
from gateway.store.schema import messages
from gateway.views.message import StoredMessage
from router.ids import ConversationId, MessageId, ThreadId

_OF_THREAD = select(messages).where(messages.c.thread == bindparam("thread"))
_AFTER = _OF_THREAD.where(messages.c.seq > bindparam("seq")).order_by(messages.c.seq).limit(bindparam("limit"))
_BEFORE = _OF_THREAD.where(messages.c.seq < bindparam("seq")).order_by(messages.c.seq.desc()).limit(bindparam("limit"))
_BY_ID = select(messages).where(messages.c.id.in_(bindparam("ids", expanding=True)))
_BY_CLIENT = _OF_THREAD.where(messages.c.client_id == bindparam("client_id"))
_NO_END = 2**62


def messages_after(
    connection: Connection, thread: ThreadId, seq: int, limit: int, conversation: ConversationId | None = None
) -> list[StoredMessage]:
    """Messages behind ``seq``, oldest first; those of one conversation only when it is given."""
    query = _AFTER if conversation is None else _AFTER.where(messages.c.conversation == conversation)
    return [_stored(row) for row in connection.execute(query, {"thread": thread, "seq": seq, "limit": limit})]


def messages_before(
    connection: Connection, thread: ThreadId, seq: int | None, limit: int, conversation: ConversationId | None = None
) -> list[StoredMessage]:
    """The newest messages before ``seq`` (None: of all), oldest first; of one conversation only when it is given."""
    query = _BEFORE if conversation is None else _BEFORE.where(messages.c.conversation == conversation)
    before = _NO_END if seq is None else seq
    rows = connection.execute(query, {"thread": thread, "seq": before, "limit": limit}).all()
    return [_stored(row) for row in reversed(rows)]


def messages_by_id(connection: Connection, ids: Iterable[MessageId]) -> dict[MessageId, StoredMessage]:
    """These messages, those that exist."""
    return {MessageId(row.id): _stored(row) for row in connection.execute(_BY_ID, {"ids": list(ids)})}


def message_by_client(connection: Connection, thread: ThreadId, client_id: str) -> StoredMessage | None:
    """The message that was sent under this client id; None when there is none."""
    row = connection.execute(_BY_CLIENT, {"thread": thread, "client_id": client_id}).one_or_none()
    return None if row is None else _stored(row)


def _stored(row: Any) -> StoredMessage:  # noqa: ANN401  SQLAlchemy's rows have the columns' names
    return StoredMessage(
        id=row.id,
        conversation=row.conversation,
        seq=row.seq,
        direction=row.direction,
        author_kind=row.author_kind,
        author=row.author,
        author_name=row.author_name,
        at=instant(row.at),
        text=row.text,
        parts=row.parts,
        note=row.note,
        whisper=row.whisper,
        delivery=row.delivery,
        delivery_reason=row.delivery_reason,
        client_id=row.client_id or "",
        edited_at=None if row.edited_at is None else instant(row.edited_at),
    )
