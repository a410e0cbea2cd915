"""Windows: how many messages a contact's own actions still let us send, counted in the thread's row.

A grant (`adapters.contract.Grant`) sets the counter in the engine's batch; a claim takes one in the outbox's
transaction, before the call. A message that nothing allows is *held*: it stays queued, with a reason that the agent
reads, and goes when the next grant allows it. What software says leaves the last `RESERVED` to people, and while it is
held a person's words may overtake it. Threads without a counter (channels without windows) are never held.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
    update,
)

from adapters.contract import Grant
from gateway.clock import micros
from gateway.store.schema import messages, outbox, threads
from gateway.store.statement import Statement, compiled
from router.message import AuthorKind

RESERVED = 2
"""How many of the last messages in a window only a person may send; of a smaller window, none."""

HELD_FOR = timedelta(days=7)
"""A message that waited so long for the contact to write is refused, where the inbox does not say otherwise."""

WINDOW = "window"
"""Why a message is held: `messages.delivery_reason`, for which the screens have words."""

_SOFTWARE = (AuthorKind.BOT.value, AuthorKind.SYSTEM.value)


class Window(NamedTuple):
    """What a thread's row says: so many of so many messages may still be sent, before this instant."""

    of: int
    left: int
    until: datetime


def renewed(window: Window | None, grant: Grant, at: datetime, now: datetime) -> Window:
    """The window after what the contact did at that instant: as `grant` sets it in the row."""
    until = at + grant.lasts
    if window is not None and window.until > max(now, until) and window.left >= grant.sends:
        return window
    return Window(grant.sends, grant.sends, until)


def announcements(window: Window | None, now: datetime) -> int | None:
    """How many messages software may send before the contact writes again; None where nobody counts."""
    if window is None:
        return None
    kept_back = RESERVED if window.of > RESERVED else 0
    return max(window.left - kept_back, 0) if window.until > now else 0


def _kept_back() -> ColumnElement[int]:
    """How many messages this one has to leave: the author decides, and whether there were ever so many."""
    is_software = and_(messages.c.author_kind.in_(_SOFTWARE), threads.c.window_of > RESERVED)
    return case((is_software, RESERVED), else_=0)


def _allows(now: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a thread's window lets a message go."""
    is_open = and_(threads.c.window_until > now, threads.c.window_left > _kept_back())
    return or_(threads.c.window_until.is_(None), is_open)


def is_allowed() -> ColumnElement[bool]:
    """Whether the outbox row's thread lets its message go now; takes the parameter ``now``."""
    return _in_its_thread(_allows(bindparam("now", type_=BigInteger)))


def _in_its_thread(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(literal(1))
        .select_from(threads)
        .join(messages, messages.c.id == outbox.c.message)
        .where(threads.c.id == outbox.c.thread, condition)
        .correlate(outbox)
    )


_of_inboxes = outbox.c.inbox.in_(bindparam("inboxes", expanding=True))
_exhausted = select(outbox.c.number, outbox.c.message, outbox.c.conversation, outbox.c.inbox).where(
    _of_inboxes, outbox.c.state == "queued", outbox.c.held == "", outbox.c.sent_revision == 0, ~is_allowed()
)
_allowed = select(outbox.c.number, outbox.c.message, outbox.c.conversation, outbox.c.inbox).where(
    _of_inboxes, outbox.c.state == "queued", outbox.c.held == WINDOW, is_allowed()
)
_hold = update(outbox).where(outbox.c.number == bindparam("row")).values(held=WINDOW)
_let_go = update(outbox).where(outbox.c.number == bindparam("row")).values(held="", next_at=bindparam("at"))
_spend = (
    update(threads)
    .where(threads.c.id == bindparam("row"), threads.c.window_left.is_not(None))
    .values(window_left=case((threads.c.window_left > bindparam("n"), threads.c.window_left - bindparam("n")), else_=0))
)
_give_back = (
    update(threads)
    .where(threads.c.id == bindparam("row"), threads.c.window_left < threads.c.window_of)
    .values(window_left=threads.c.window_left + 1)
)
_close = (
    update(threads)
    .where(threads.c.id == bindparam("row"))
    .values(
        window_left=0,
        window_of=case((threads.c.window_of.is_(None), 0), else_=threads.c.window_of),
        window_until=bindparam("at"),
    )
)


def hold(connection: Connection, inboxes: Collection[str], now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Hold what nothing allows, as rows with number, message, conversation and inbox."""
    rows = connection.execute(_exhausted, {"inboxes": list(inboxes), "now": micros(now)}).all()
    hold_back(connection, [row.number for row in rows])
    return rows


def hold_back(connection: Connection, numbers: Sequence[int]) -> None:
    """Hold these, whatever is counted."""
    if numbers:
        connection.execute(_hold, [{"row": number} for number in numbers])


def let_go(connection: Connection, inboxes: Collection[str], now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Queue what was held and is allowed now, as rows with number, message, conversation and inbox."""
    at = micros(now)
    rows = connection.execute(_allowed, {"inboxes": list(inboxes), "now": at}).all()
    if rows:
        connection.execute(_let_go, [{"row": row.number, "at": at} for row in rows])
    return rows


def spend(connection: Connection, thread_ids: Sequence[str], count: int = 1) -> None:
    """So many messages go to each of these threads."""
    if thread_ids and count > 0:
        connection.execute(_spend, [{"row": thread, "n": count} for thread in thread_ids])


def give_back(connection: Connection, thread: str) -> None:
    """A message that was counted has certainly not been delivered."""
    connection.execute(_give_back, {"row": thread})


def close(connection: Connection, thread: str, at: datetime) -> None:
    """The platform says that nothing may be sent: believe it, whatever was counted."""
    connection.execute(_close, {"row": thread, "at": micros(at)})


def grant(dialect: str) -> Statement:
    """Set a thread's window, unless a longer one allows as much: of, left, until, thread, now, of, until."""
    column = threads.c
    is_no_better = or_(
        column.window_until.is_(None),
        column.window_until <= bindparam("now", type_=BigInteger),
        column.window_left < bindparam("sends"),
        column.window_until <= bindparam("later", type_=BigInteger),
    )
    statement = compiled(
        dialect,
        update(threads)
        .where(column.id == bindparam("thread"), is_no_better)
        .values(window_of=bindparam("of"), window_left=bindparam("left"), window_until=bindparam("until")),
    )
    if statement.names != ("of", "left", "until", "thread", "now", "sends", "later"):
        raise AssertionError(f"{statement.text}: takes {statement.names}")
    return statement
