"""The outbox's rows: what is claimed, what an ended delivery leaves behind, what was left hanging.

A thread's messages go out one after the other: only the first that is not done may be claimed. A claim that its
holder let expire may or may not have been delivered, so its message is unverified and never claimed again.
"""

from collections.abc import Collection, Mapping, Sequence
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

from gateway.clock import micros
from gateway.outcome import Again, Outcome, Refused, Sent, Unknown
from gateway.store.schema import conversations, messages, outbox, threads
from router.ids import ConversationId, InboxId, MessageId, ThreadId
from router.message import Author, AuthorKind, DeliveryState
from skills.ids import GroupId

GIVE_UP_AFTER = timedelta(hours=24)
"""A message that could not be sent for so long is refused: an answer of yesterday helps nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One message that is ours to deliver now, with all that its delivery needs. ``parts`` is the stored text."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a claimed delivery ended."""

    claim: Claim
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How a message ended, to be told to everybody."""

    message: MessageId
    conversation: ConversationId
    inbox: InboxId
    state: DeliveryState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an inbox may begin now: ``room`` deliveries, none to ``resting`` threads."""

    room: int
    resting: Collection[str] = ()


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
            threads.c.address,
            conversations.c.group,
            messages.c.author_kind,
            messages.c.author,
            messages.c.author_name,
            messages.c.parts,
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
        outbox.c.thread.not_in(bindparam("resting", expanding=True)),
        ~exists().where(
            _earlier.c.thread == outbox.c.thread,
            _earlier.c.state != literal("done", literal_execute=True),
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
_done = update(outbox).where(outbox.c.number == bindparam("row")).values(state="done", claimed_by="", claimed_until=0)
_again = (
    update(outbox)
    .where(outbox.c.number == bindparam("row"), outbox.c.state == "claimed")
    .values(
        state="queued", claimed_by="", claimed_until=0, attempts=bindparam("tries"), next_at=bindparam("not_before")
    )
)
_told = (
    update(messages)
    .where(
        messages.c.id == bindparam("row"),
        or_(messages.c.delivery.is_(None), and_(messages.c.delivery != "delivered", messages.c.delivery != "read")),
    )
    .values(delivery=bindparam("state"), delivery_reason=bindparam("reason"))
)
_keyed = update(messages).where(messages.c.id == bindparam("row")).values(message_key=bindparam("key"))
_other = threads.alias("other")
_moved = (
    update(threads)
    .where(
        threads.c.id == bindparam("row"),
        ~exists().where(_other.c.inbox == threads.c.inbox, _other.c.address == bindparam("to")).correlate(threads),
    )
    .values(address=bindparam("to"))
)
_gone = update(threads).where(threads.c.id == bindparam("row")).values(left_because=bindparam("reason"))
_hanging = (
    select(outbox.c.number, outbox.c.message, outbox.c.conversation, outbox.c.inbox, outbox.c.state)
    .join(messages, messages.c.id == outbox.c.message)
    .where(
        or_(
            and_(
                outbox.c.state == "claimed",
                outbox.c.claimed_until < bindparam("now"),
                outbox.c.number.not_in(bindparam("running", expanding=True)),
            ),
            and_(outbox.c.state == "queued", messages.c.at < bindparam("oldest")),
        )
    )
    .with_for_update(of=outbox, skip_locked=True)
)
_waiting = (
    select(outbox.c.inbox)
    .where(
        or_(
            and_(outbox.c.state == "queued", outbox.c.next_at <= bindparam("now")),
            and_(outbox.c.state == "claimed", outbox.c.claimed_until < bindparam("now")),
        )
    )
    .distinct()
)


def waiting(connection: Connection, now: datetime) -> frozenset[InboxId]:
    """The inboxes for which something is due, or hanging."""
    return frozenset(InboxId(row.inbox) for row in connection.execute(_waiting, {"now": micros(now)}))


def claim(
    connection: Connection, wanted: Mapping[InboxId, Wanted], holder: str, now: datetime, until: datetime
) -> list[Claim]:
    """Claim what may be begun, the oldest first; ``until`` is when a claim that nobody ended counts as expired."""
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
        held = {"holder": holder, "until": micros(until)}
        connection.execute(_claim, [{"row": row.number, **held} for row in found])
    return [_claim_of(row) for row in found]


def forgotten(connection: Connection, holder: str, running: Collection[int]) -> list[Claim]:
    """What this holder claimed and never began: the claim was committed, and the answer to that was lost."""
    return [_claim_of(row) for row in connection.execute(_mine, {"holder": holder, "running": list(running)})]


def release(connection: Connection, holder: str, running: Collection[int]) -> None:
    """Give back what this holder claimed and never began."""
    connection.execute(_release, {"holder": holder, "running": list(running)})


def close(connection: Connection, ended: Sequence[Ended]) -> list[Fate]:
    """Write down how deliveries ended, and say which messages ended with them. Doing it twice changes nothing."""
    fates = [(end, fate) for end in ended if (fate := _close(connection, end))]
    if fates:
        connection.execute(_done, [{"row": end.claim.number} for end, _ in fates])
        _tell(connection, [fate for _, fate in fates])
    keyed = [
        {"row": end.claim.message, "key": end.outcome.keys[0]}
        for end in ended
        if isinstance(end.outcome, Sent) and end.outcome.keys
    ]
    if keyed:
        connection.execute(_keyed, keyed)
    return [fate for _, fate in fates]


def settle(connection: Connection, now: datetime, running: Collection[int]) -> list[Fate]:
    """End what hangs: expired claims (other than ``running``) are unverified, what is too old is refused."""
    rows = connection.execute(
        _hanging, {"now": micros(now), "oldest": micros(now - GIVE_UP_AFTER), "running": list(running)}
    ).all()
    fates = [_fate_of(row) for row in rows]
    if rows:
        connection.execute(_done, [{"row": row.number} for row in rows])
        _tell(connection, fates)
    return fates


def _close(connection: Connection, end: Ended) -> Fate | None:
    """How the message ended; None when it is queued again."""
    match end.outcome:
        case Again() as again:
            return None if _put_back(connection, end, again) else _fate(end, DeliveryState.REJECTED, again.reason)
        case Sent(state=state, note=note):
            return _fate(end, state, note)
        case Refused(reason=reason, has_left=has_left):
            if has_left:
                connection.execute(_gone, {"row": end.claim.thread, "reason": reason})
            return _fate(end, DeliveryState.REJECTED, reason)
        case Unknown(reason=reason):
            return _fate(end, DeliveryState.UNVERIFIED, reason)


def _fate(end: Ended, state: DeliveryState, reason: str) -> Fate:
    claim = end.claim
    return Fate(message=claim.message, conversation=claim.conversation, inbox=claim.inbox, state=state, reason=reason)


def _tell(connection: Connection, fates: Sequence[Fate]) -> None:
    rows = [{"row": each.message, "state": each.state.value, "reason": each.reason} for each in fates]
    connection.execute(_told, rows)


def _put_back(connection: Connection, end: Ended, again: Again) -> bool:
    """Queue it again; False when the contact moved to an address that has a thread of its own already."""
    if again.address:
        moved = connection.execute(_moved, {"row": end.claim.thread, "to": again.address})
        if moved.rowcount == 0:
            return False
    later = {
        "row": end.claim.number,
        "tries": end.claim.attempts + again.counts,
        "not_before": micros(end.at + again.wait),
    }
    connection.execute(_again, later)
    return True


def _fate_of(row: Row[*tuple[Any, ...]]) -> Fate:
    is_expired = row.state == "claimed"
    return Fate(
        message=MessageId(row.message),
        conversation=ConversationId(row.conversation),
        inbox=InboxId(row.inbox),
        state=DeliveryState.UNVERIFIED if is_expired else DeliveryState.REJECTED,
        reason="interrupted" if is_expired else "gave_up",
    )


def _claim_of(row: Row[*tuple[Any, ...]]) -> Claim:
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
    )
