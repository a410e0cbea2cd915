"""How deliveries end: what they leave behind in the rows, what was left hanging, what waits for the contact.

A claim that its holder let expire may or may not have been delivered, so its message is unverified and never claimed
again, unless somebody asks for it; an edit that was cut short is simply made again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from adapters.progress import NOTHING_YET, Progress
from gateway.clock import micros
from gateway.outcome import Again, Held, Outcome, Refused, Sent, Unknown, after
from gateway.store import windows
from gateway.store.codec import decode, encode
from gateway.store.outgoing import GIVE_UP_AFTER, Ended, Fate, Wanted, is_sent
from gateway.store.schema import message_keys, messages, outbox, threads
from router.ids import ConversationId, InboxId, MessageId, ThreadId
from router.message import DeliveryState

_done = (
    update(outbox)
    .where(outbox.c.number == bindparam("row"))
    .values(
        state=case((and_(bindparam("is_sent"), outbox.c.revision > bindparam("sent")), "queued"), else_="done"),
        claimed_by="",
        claimed_until=0,
        attempts=0,
        progress=bindparam("done"),
        sent_revision=bindparam("sent"),
    )
)
"""Ended; what was edited while it was being sent is queued again, as an edit."""

_again = (
    update(outbox)
    .where(outbox.c.number == bindparam("row"), outbox.c.state == "claimed")
    .values(
        state="queued",
        claimed_by="",
        claimed_until=0,
        attempts=bindparam("tries"),
        next_at=bindparam("not_before"),
        progress=bindparam("done"),
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

_hanging: Select[Any] = (
    select(
        outbox.c.number,
        outbox.c.message,
        outbox.c.conversation,
        outbox.c.inbox,
        outbox.c.state,
        outbox.c.sent_revision,
        outbox.c.progress,
        messages.c.delivery,
    )
    .join(messages, messages.c.id == outbox.c.message)
    .with_for_update(of=outbox, skip_locked=True)
)

_expired = _hanging.where(
    outbox.c.state == "claimed",
    outbox.c.claimed_until < bindparam("now"),
    outbox.c.number.not_in(bindparam("running", expanding=True)),
)

_stale = _hanging.where(
    outbox.c.state == "queued",
    outbox.c.held == literal("", literal_execute=True),
    outbox.c.asked_at < bindparam("oldest"),
    messages.c.at < bindparam("oldest"),
)

_stale_held = _hanging.where(
    outbox.c.state == "queued",
    outbox.c.held != literal("", literal_execute=True),
    outbox.c.asked_at < bindparam("oldest"),
    messages.c.at < bindparam("oldest"),
)

_requeued = (
    update(outbox).where(outbox.c.number == bindparam("row")).values(state="queued", claimed_by="", claimed_until=0)
)

_no_keys = delete(message_keys).where(message_keys.c.message == bindparam("row"))


def hold(connection: Connection, wanted: Mapping[InboxId, Wanted], now: datetime) -> list[Fate]:
    """Hold what its contact's window does not allow, and let go what it allows again; both are news."""
    inboxes = [inbox for inbox, want in wanted.items() if want.has_window]
    if not inboxes:
        return []
    held = [_waits(row, windows.WINDOW) for row in windows.hold(connection, inboxes, now)]
    fates = held + [_waits(row, "") for row in windows.let_go(connection, inboxes, now)]
    if fates:
        _tell(connection, fates)
    return fates


def _waits(row: Row[Any], reason: str) -> Fate:
    return Fate(
        message=MessageId(row.message),
        conversation=ConversationId(row.conversation),
        inbox=InboxId(row.inbox),
        state=DeliveryState.QUEUED,
        reason=reason,
    )


def close(connection: Connection, ended: Sequence[Ended]) -> list[Fate]:
    """Write down how deliveries ended, and say which messages ended with them. Doing it twice changes nothing."""
    fates = [(end, fate) for end in ended if (fate := _close(connection, end))]
    if fates:
        connection.execute(_done, [_ending(end) for end, _ in fates])
        _tell(connection, [fate for _, fate in fates])
    for end in ended:
        if not end.claim.is_edit:
            _keep_keys(connection, end.claim.message, _keys(end.outcome))
    held = [_held(connection, end, end.outcome) for end in ended if isinstance(end.outcome, Held)]
    if held:
        _tell(connection, held)
    return held + [fate for end, fate in fates if fate.reason or not end.claim.is_edit]


def settle(
    connection: Connection,
    now: datetime,
    running: Collection[int],
    give_up: Mapping[InboxId, timedelta] | None = None,
) -> list[Fate]:
    """End what hangs: expired claims (other than ``running``) are unverified, what is too old is refused.

    ``give_up`` are the inboxes that do not wait `GIVE_UP_AFTER`, but longer or shorter.
    """
    rows = list(connection.execute(_expired, {"now": micros(now), "running": list(running)}).all())
    rows += _too_old(connection, now, give_up or {})
    again = [row for row in rows if row.state == "claimed" and is_sent(row)]
    if again:  # an edit that was cut short
        connection.execute(_requeued, [{"row": row.number} for row in again])
    over = [row for row in rows if not (row.state == "claimed" and is_sent(row))]
    fates = [_fate_of(row) for row in over]
    if over:
        endings = [
            {"row": row.number, "is_sent": False, "sent": row.sent_revision, "done": row.progress} for row in over
        ]
        connection.execute(_done, endings)
        _tell(connection, fates)
    return fates


def _too_old(connection: Connection, now: datetime, give_up: Mapping[InboxId, timedelta]) -> list[Row[Any]]:
    ordinary = _stale.where(outbox.c.inbox.not_in(list(give_up))) if give_up else _stale
    rows = list(connection.execute(ordinary, {"oldest": micros(now - GIVE_UP_AFTER)}).all())
    held = _stale_held.where(outbox.c.inbox.not_in(list(give_up))) if give_up else _stale_held
    rows += connection.execute(held, {"oldest": micros(now - windows.HELD_FOR)}).all()
    for inbox, wait in give_up.items():
        for stale in (_stale, _stale_held):
            rows += connection.execute(stale.where(outbox.c.inbox == inbox), {"oldest": micros(now - wait)}).all()
    return rows


def _ending(end: Ended) -> dict[str, object]:
    is_sent = isinstance(end.outcome, Sent)
    done = end.outcome.progress if isinstance(end.outcome, Unknown | Refused) else NOTHING_YET
    return {
        "row": end.claim.number,
        "is_sent": is_sent,
        "sent": end.claim.revision,
        "done": "" if done == NOTHING_YET else encode(done),
    }


def _keys(outcome: Outcome) -> tuple[str, ...]:
    """What the platform certainly has of a message."""
    match outcome:
        case Sent(keys=keys):
            return keys
        case Unknown(progress=progress) | Again(progress=progress):
            return progress.keys
        case Held(progress=progress) | Refused(progress=progress):
            return progress.keys


def _keep_keys(connection: Connection, message: MessageId, keys: tuple[str, ...]) -> None:
    """All of them, for edits; the first one also at the message itself, by which the platform refers to it."""
    if not any(keys):
        return
    connection.execute(_no_keys, {"row": message})
    rows = [{"message": message, "place": place, "key": key} for place, key in enumerate(keys)]
    connection.execute(insert(message_keys), rows)
    connection.execute(_keyed, {"row": message, "key": next(filter(None, keys))})


def _close(connection: Connection, end: Ended) -> Fate | None:
    """How the message ended; None when it is queued again."""
    _count(connection, end)
    match end.outcome:
        case Held():
            return None
        case Again() as again:
            if _put_back(connection, end, again):
                return None
            return _fate(end, DeliveryState.REJECTED, again.reason)
        case Sent(state=state, note=note):
            return _fate(end, state, note)
        case Refused(reason=reason, has_left=has_left):
            if has_left:
                connection.execute(_gone, {"row": end.claim.thread, "reason": reason})
            return _fate(end, DeliveryState.REJECTED, reason, left=end.claim.thread if has_left else None)
        case Unknown(reason=reason):
            return _fate(end, DeliveryState.UNVERIFIED, reason)


def _held(connection: Connection, end: Ended, held: Held) -> Fate:
    """The platform allows nothing until the contact writes: so it waits, and all that follows it."""
    claim = end.claim
    windows.close(connection, claim.thread, end.at)
    _put_back(connection, end, Again(wait=timedelta(0), reason="", counts=False, progress=held.progress))
    windows.hold_back(connection, [claim.number])
    return Fate(
        message=claim.message,
        conversation=claim.conversation,
        inbox=claim.inbox,
        state=DeliveryState.QUEUED,
        reason=windows.WINDOW,
    )


def _count(connection: Connection, end: Ended) -> None:
    """One message was counted when it was claimed: this attempt may have become several, or none."""
    became = _became(end.outcome, _arrived(end.claim.progress.keys))
    if became > 0:
        windows.spend(connection, [end.claim.thread], became - 1)
    else:
        windows.give_back(connection, end.claim.thread)


def _became(outcome: Outcome, before: int) -> int:
    """How many messages of the platform's an attempt became, after so many of earlier attempts."""
    match outcome:
        case Sent(keys=keys):
            return _arrived(keys) - before
        case Again(progress=progress):
            return _arrived(progress.keys) - before
        case Held(progress=progress):
            return _arrived(progress.keys) - before
        case Unknown(progress=progress):
            return _arrived(progress.keys) - before + 1  # what nobody knows about may count
        case Refused(progress=progress):
            return _arrived(progress.keys) - before


def _arrived(keys: Sequence[str]) -> int:
    """How many messages of the platform's these are: it refused the pieces without a key."""
    return sum(1 for key in keys if key)


def _fate(end: Ended, state: DeliveryState, reason: str, left: ThreadId | None = None) -> Fate:
    """The message's fate; an edit that failed leaves it sent, with the earlier words, and says so."""
    claim = end.claim
    if claim.is_edit and state is not DeliveryState.SENT:
        state, reason = DeliveryState.SENT, f"edit_failed: {reason}" if reason else ""
    return Fate(
        message=claim.message,
        conversation=claim.conversation,
        inbox=claim.inbox,
        state=state,
        reason=reason,
        left=left,
    )


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
        "done": "" if again.progress == NOTHING_YET else encode(again.progress),
    }
    connection.execute(_again, later)
    return True


def _fate_of(row: Row[Any]) -> Fate:
    is_expired = row.state == "claimed"
    done = decode(Progress, row.progress) if row.progress else NOTHING_YET
    state, reason = DeliveryState.REJECTED, after(done, "gave_up")
    if is_expired:
        state, reason = DeliveryState.UNVERIFIED, after(done, "interrupted")
    elif is_sent(row):
        state, reason = DeliveryState(row.delivery), "edit_failed: gave_up"
    return Fate(
        message=MessageId(row.message),
        conversation=ConversationId(row.conversation),
        inbox=InboxId(row.inbox),
        state=state,
        reason=reason,
    )
