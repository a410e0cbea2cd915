"""What agents ask of messages that were given out: statements for the batch, each a condition and a change.

A message is queued once more only where it is unverified or was rejected at that moment, so two who ask at once get one
message more.
"""

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, literal_column, or_, select, update

from gateway.store import schema
from gateway.store.statement import Statement, compiled, in_order, literal

_AGAIN = ("unverified", "rejected")


def asked_again(dialect: str) -> Statement:
    """Queue a message once more that is unverified or was rejected, and no other: now, now, the message."""
    outbox, messages = schema.outbox, schema.messages
    unsettled = select(messages.c.id).where(messages.c.id == outbox.c.message, _is_one_of(messages.c.delivery, _AGAIN))
    return in_order(
        compiled(
            dialect,
            update(outbox)
            .where(outbox.c.message == bindparam("of"), outbox.c.state == literal("done"), unsettled.exists())
            .values(
                next_at=bindparam("next"),
                asked_at=bindparam("asked"),
                state=literal("queued"),
                attempts=literal_column("0"),
            ),
        ),
        ("next", "asked", "of"),
    )


def unsettled(dialect: str) -> Statement:
    """The message waits again; what was known of it is forgotten."""
    messages = schema.messages
    return compiled(
        dialect,
        update(messages)
        .where(messages.c.id == bindparam("of"), _is_one_of(messages.c.delivery, _AGAIN))
        .values(delivery=literal("queued"), delivery_reason=literal("")),
    )


def rewritten(dialect: str) -> Statement:
    """Another revision of a message that the platform has, or is about to have: now, now, the message."""
    outbox = schema.outbox
    is_done = outbox.c.state == literal("done")
    return in_order(
        compiled(
            dialect,
            update(outbox)
            .where(outbox.c.message == bindparam("of"))
            .values(
                revision=outbox.c.revision + literal_column("1"),
                state=case((is_done, literal("queued")), else_=outbox.c.state),
                next_at=case((is_done, bindparam("next", type_=BigInteger)), else_=outbox.c.next_at),
                asked_at=bindparam("asked", type_=BigInteger),
            ),
        ),
        ("next", "asked", "of"),
    )


def _is_one_of(column: ColumnElement[str | None], words: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*(column == literal(word) for word in words))
