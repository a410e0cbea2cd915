"""The outbox's rows: what may be claimed, and what a claim needs to know. How they end is `gateway.store.endings`.

A thread's messages go out one after the other: only the first that is not done may be claimed. A message that was sent
and is claimed once more is an edit: that may always be repeated.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    update,
)

from adapters.progress import NOTHING_YET, Progress
from gateway.clock import micros
from gateway.outcome import Outcome
from gateway.store import windows
from gateway.store.codec import decode
from gateway.store.schema import conversations, message_keys, messages, outbox, threads
from router.ids import ConversationId, InboxId, MessageId, ThreadId
from router.message import Author, AuthorKind, DeliveryState
from skills.ids import GroupId

GIVE_UP_AFTER = timedelta(hours=24)
"""A message that could not be sent for so long is refused: an answer of yesterday helps nobody."""

_SENT = frozenset({DeliveryState.SENT.value, DeliveryState.DELIVERED.value, DeliveryState.READ.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One message that is ours to deliver now, with all that its delivery needs. ``parts`` is the stored text.

    ``is_edit``: the platform has it already, as ``keys``, with the words of an earlier ``revision``.
    """

    number: int
    message: MessageId
    conversation: ConversationId
    thread: ThreadId
    inbox: InboxId
    address: str
    group: GroupId
    author: Author
    parts: str
    attempts: int
    progress: Progress = NOTHING_YET
    is_edit: bool = False
    revision: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a claimed delivery ended."""

    claim: Claim
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How a message ended, to be told to everybody; ``left`` is the thread whose contact cannot be reached any more."""

    message: MessageId
    conversation: ConversationId
    inbox: InboxId
    state: DeliveryState
    reason: str
    left: ThreadId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an inbox may begin now: ``room`` deliveries, none to ``resting`` threads; whether contacts have windows."""

    room: int
    resting: Collection[str] = ()
    has_window: bool = False


def _claimed() -> Select[Any]:
    """What a delivery needs to know of its message."""
    return (
        select(
            outbox.c.number,
            outbox.c.message,
            outbox.c.conversation,
            outbox.c.thread,
            outbox.c.inbox,
            outbox.c.attempts,
            outbox.c.progress,
            outbox.c.revision,
            threads.c.address,
            conversations.c.group,
            messages.c.author_kind,
            messages.c.author,
            messages.c.author_name,
            messages.c.parts,
            messages.c.delivery,
        )
        .select_from(outbox)
        .join(messages, messages.c.id == outbox.c.message)
        .join(threads, threads.c.id == outbox.c.thread)
        .outerjoin(conversations, conversations.c.id == outbox.c.conversation)
    )


_earlier = outbox.alias("earlier")

_next = (
    _claimed()
    .where(
        outbox.c.inbox == bindparam("of_inbox"),
        outbox.c.state == "queued",
        outbox.c.next_at <= bindparam("now"),
        outbox.c.held == literal("", literal_execute=True),
        outbox.c.thread.not_in(bindparam("resting", expanding=True)),
        ~exists().where(
            _earlier.c.thread == outbox.c.thread,
            _earlier.c.state != literal("done", literal_execute=True),
            _earlier.c.held == literal("", literal_execute=True),
            _earlier.c.number < outbox.c.number,
        ),
    )
    .order_by(outbox.c.number)
    .limit(bindparam("room"))
    .with_for_update(of=outbox, skip_locked=True)
)

_mine = _claimed().where(
    outbox.c.state == "claimed",
    outbox.c.claimed_by == bindparam("holder"),
    outbox.c.number.not_in(bindparam("running", expanding=True)),
)

_claim = (
    update(outbox)
    .where(outbox.c.number == bindparam("row"))
    .values(state="claimed", claimed_by=bindparam("holder"), claimed_until=bindparam("until"))
)

_release = (
    update(outbox)
    .where(
        outbox.c.state == "claimed",
        outbox.c.claimed_by == bindparam("holder"),
        outbox.c.number.not_in(bindparam("running", expanding=True)),
    )
    .values(state="queued", claimed_by="", claimed_until=0)
)

_keys_of = (
    select(message_keys.c.message, message_keys.c.key)
    .where(message_keys.c.message.in_(bindparam("ids", expanding=True)))
    .order_by(message_keys.c.message, message_keys.c.place)
)

_waiting = (
    select(outbox.c.inbox)
    .where(
        or_(
            and_(
                outbox.c.state == "queued",
                outbox.c.next_at <= bindparam("now"),
                or_(outbox.c.held == "", windows.is_allowed()),
            ),
            and_(outbox.c.state == "claimed", outbox.c.claimed_until < bindparam("now")),
        )
    )
    .distinct()
)


def waiting(connection: Connection, now: datetime) -> frozenset[InboxId]:
    """The inboxes for which something is due, or hanging."""
    return frozenset(InboxId(row.inbox) for row in connection.execute(_waiting, {"now": micros(now)}))


def keys_of(connection: Connection, message: MessageId) -> tuple[str, ...]:
    """The platform's ids of a message, piece by piece; empty when it has none yet."""
    return tuple(row.key for row in connection.execute(_keys_of, {"ids": [message]}))


def claim(
    connection: Connection,
    wanted: Mapping[InboxId, Wanted],
    holder: str,
    now: datetime,
    time_for: Callable[[str], timedelta],
) -> list[Claim]:
    """Claim what may be begun, the oldest first; ``time_for`` stored parts: a longer claim counts as expired."""
    found = [
        row
        for inbox, want in wanted.items()
        if want.room > 0
        for row in connection.execute(
            _next,
            {"of_inbox": inbox, "now": micros(now), "resting": list(want.resting), "room": want.room},
        )
    ]
    if found:
        windows.spend(connection, [row.thread for row in found if wanted[row.inbox].has_window])
        ends = [micros(now + time_for(row.parts)) for row in found]
        held = [{"row": row.number, "holder": holder, "until": end} for row, end in zip(found, ends, strict=True)]
        connection.execute(_claim, held)
    return _claims_of(connection, found)


def forgotten(connection: Connection, holder: str, running: Collection[int]) -> list[Claim]:
    """What this holder claimed and never began: the claim was committed, and the answer to that was lost."""
    return _claims_of(connection, connection.execute(_mine, {"holder": holder, "running": list(running)}).all())


def release(connection: Connection, holder: str, running: Collection[int]) -> None:
    """Give back what this holder claimed and never began."""
    connection.execute(_release, {"holder": holder, "running": list(running)})


def is_sent(row: Row[Any]) -> bool:
    """Whether the platform has the message: what is still to be done for it is an edit."""
    return row.delivery in _SENT


def _claims_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[Claim]:
    keys: dict[str, list[str]] = {}
    if edits := [row.message for row in rows if is_sent(row)]:
        for found in connection.execute(_keys_of, {"ids": edits}):
            keys.setdefault(found.message, []).append(found.key)
    return [_claim_of(row, tuple(keys.get(row.message, ()))) for row in rows]


def _claim_of(row: Row[Any], keys: tuple[str, ...]) -> Claim:
    return Claim(
        number=row.number,
        message=MessageId(row.message),
        conversation=ConversationId(row.conversation),
        thread=ThreadId(row.thread),
        inbox=InboxId(row.inbox),
        address=row.address,
        group=GroupId(row.group or ""),
        author=Author(kind=AuthorKind(row.author_kind), id=row.author, name=row.author_name),
        parts=row.parts,
        attempts=row.attempts,
        progress=decode(Progress, row.progress) if row.progress else NOTHING_YET,
        is_edit=is_sent(row),
        revision=row.revision,
        keys=keys,
    )
