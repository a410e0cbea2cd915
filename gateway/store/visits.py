"""Visits in rows: the secrets of contacts who come by a page, and what such a contact may read of a thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, case, delete, insert, select, update

from gateway.clock import instant, micros
from gateway.store.schema import conversations, media, messages, threads, visitors
from router.effects import Direction
from router.ids import ContactId, ConversationId, InboxId, MediaId, MessageId, ThreadId
from router.message import DeliveryState
from skills.ids import GroupId

_HASHED = visitors.c.token_hash
"""The database finds a hash by its index: how long that takes tells nothing of the token."""

_ADDRESS = select(visitors.c.address).where(bindparam("hash") == _HASHED, visitors.c.inbox == bindparam("inbox"))
_THREAD = select(threads.c.id, threads.c.last_seq, threads.c.seen_seq).where(
    threads.c.inbox == bindparam("inbox"), threads.c.address == bindparam("address")
)
_SAID = select(
    messages.c.id, messages.c.seq, messages.c.at, messages.c.author_kind, messages.c.author, messages.c.parts,
    messages.c.note, messages.c.message_key, messages.c.edited_at, messages.c.thread, messages.c.direction,
    conversations.c.group,
).join_from(messages, conversations, conversations.c.id == messages.c.conversation, isouter=True)  # fmt: skip
_AFTER = (
    _SAID.where(messages.c.thread == bindparam("thread"), messages.c.seq > bindparam("seq"))
    .order_by(messages.c.seq)
    .limit(bindparam("limit"))
)
_BEFORE = (
    _SAID.where(messages.c.thread == bindparam("thread"), messages.c.seq < bindparam("seq"), messages.c.note.is_(False))
    .order_by(messages.c.seq.desc())
    .limit(bindparam("limit"))
)
_BY_ID = _SAID.where(messages.c.id.in_(bindparam("ids", expanding=True)))
_BY_KEY = select(messages.c.id, messages.c.seq, messages.c.at, messages.c.conversation).where(
    messages.c.thread == bindparam("thread"), messages.c.message_key == bindparam("key")
)
_UNREAD = select(messages.c.id).where(
    messages.c.thread == bindparam("thread"),
    messages.c.seq > bindparam("after"),
    messages.c.seq <= bindparam("up_to"),
    messages.c.direction == Direction.OUT.value,
    messages.c.note.is_(False),
    messages.c.delivery != DeliveryState.READ.value,
)


@dataclass(frozen=True, slots=True)
class VisitedThread:
    """A contact's thread: how far it has grown, and how far the contact has read."""

    id: ThreadId
    last_seq: int
    seen_seq: int


class SaidMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as stored. ``parts`` is JSON; ``key`` is the contact's own name for it, empty for ours."""

    id: MessageId
    thread: ThreadId
    seq: int
    at: datetime
    author_kind: str
    author: str
    parts: str
    note: bool
    key: str
    is_edited: bool
    group: GroupId


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which message the contact's words became, and in which conversation."""

    id: MessageId
    seq: int
    at: datetime
    conversation: ConversationId


def visitor_address(connection: Connection, inbox: InboxId, hash: str) -> str | None:
    """The address that this secret stands for in this inbox; None when we did not make it."""
    return connection.execute(_ADDRESS, {"hash": hash, "inbox": inbox}).scalar_one_or_none()


def keep_visitor(connection: Connection, hash: str, inbox: InboxId, address: str, now: datetime) -> None:
    """Write a visitor down: from now on the secret is good after a restart too."""
    at = micros(now)
    connection.execute(
        insert(visitors).values(token_hash=hash, inbox=inbox, address=address, created_at=at, seen_at=at)
    )


def forget_visitor(connection: Connection, hash: str) -> None:
    """A secret is good for nothing from now on."""
    connection.execute(delete(visitors).where(bindparam("hash", hash) == _HASHED))


def hand_over(connection: Connection, inbox: InboxId, former: str, address: str) -> bool:
    """Let what was said under one address go on under another that has said nothing yet; whether that could be.

    No secret of the former address is good any more.
    """
    if visited_thread(connection, inbox, address) is not None or visited_thread(connection, inbox, former) is None:
        return False
    connection.execute(delete(visitors).where(visitors.c.inbox == inbox, visitors.c.address == former))
    connection.execute(
        update(threads).where(threads.c.inbox == inbox, threads.c.address == former).values(address=address)
    )
    return True


def contact_of(connection: Connection, thread: ThreadId) -> ContactId | None:
    """Whose thread it is."""
    found = connection.execute(select(threads.c.contact).where(threads.c.id == thread)).scalar_one_or_none()
    return None if found is None else ContactId(found)


def visited_thread(connection: Connection, inbox: InboxId, address: str) -> VisitedThread | None:
    """The contact's thread; None before the first word."""
    row = connection.execute(_THREAD, {"inbox": inbox, "address": address}).one_or_none()
    return None if row is None else VisitedThread(ThreadId(row.id), row.last_seq, row.seen_seq)


def said_after(connection: Connection, thread: ThreadId, seq: int, limit: int) -> list[SaidMessage]:
    """What came after ``seq`` in a thread, oldest first; notes among it, which the contact must not see."""
    return [_said(row) for row in connection.execute(_AFTER, {"thread": thread, "seq": seq, "limit": limit})]


def said_before(connection: Connection, thread: ThreadId, seq: int, limit: int) -> list[SaidMessage]:
    """The newest that a contact may see of what came before ``seq``, oldest first."""
    rows = connection.execute(_BEFORE, {"thread": thread, "seq": seq, "limit": limit})
    return [_said(row) for row in rows][::-1]


def said_by_id(connection: Connection, ids: Iterable[MessageId]) -> list[SaidMessage]:
    """These messages, those that exist."""
    return [_said(row) for row in connection.execute(_BY_ID, {"ids": list(ids)})]


def receipt(connection: Connection, inbox: InboxId, address: str, key: str) -> tuple[VisitedThread, Receipt] | None:
    """What a contact's words became, found by the contact's own name for them; None when they are not stored."""
    thread = visited_thread(connection, inbox, address)
    if thread is None:
        return None
    row = connection.execute(_BY_KEY, {"thread": thread.id, "key": key}).one_or_none()
    if row is None:
        return None
    return thread, Receipt(MessageId(row.id), row.seq, instant(row.at), ConversationId(row.conversation))


def unread_by_contact(connection: Connection, thread: ThreadId, after: int, up_to: int) -> list[MessageId]:
    """Our messages in this stretch of a thread that the contact is not known to have read."""
    rows = connection.execute(_UNREAD, {"thread": thread, "after": after, "up_to": up_to})
    return [MessageId(row.id) for row in rows]


def mark_seen(connection: Connection, thread: ThreadId, seq: int) -> None:
    """The contact has read up to here: never less than before, never more than there is."""
    newest = select(threads.c.last_seq).where(threads.c.id == thread).scalar_subquery()
    reached = case((newest < seq, newest), else_=seq)
    connection.execute(update(threads).where(threads.c.id == thread, threads.c.seen_seq < seq).values(seen_seq=reached))


def stored_files(connection: Connection, ids: Iterable[MediaId]) -> dict[MediaId, tuple[str, int]]:
    """Type and size of those of these files that we have."""
    rows = connection.execute(select(media.c.id, media.c.mime, media.c.size).where(media.c.id.in_(list(ids))))
    return {MediaId(row.id): (row.mime, row.size) for row in rows}


def _said(row: Any) -> SaidMessage:  # noqa: ANN401  SQLAlchemy's rows have the columns' names
    return SaidMessage(
        id=row.id,
        thread=row.thread,
        seq=row.seq,
        at=instant(row.at),
        author_kind=row.author_kind,
        author=row.author,
        parts=row.parts,
        note=row.note,
        key=row.message_key or "" if row.direction == Direction.IN.value else "",
        is_edited=row.edited_at is not None,
        group=GroupId(row.group or ""),
    )
