"""What went through each inbox: when it was last heard from, and how much it had of late."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from gateway.clock import instant, micros
from gateway.store.schema import messages, threads
from router.effects import Direction
from router.ids import InboxId
from router.message import DeliveryState

_is_in = messages.c.direction == Direction.IN.value
_SENT = tuple(state.value for state in (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ))


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxTraffic:
    """One inbox's messages since an instant; ``last_received_at`` looks back as far as that and is None before."""

    last_received_at: datetime | None = None
    received: int = 0
    sent: int = 0
    rejected: int = 0


def traffic_by_inbox(connection: Connection, since: datetime) -> dict[InboxId, InboxTraffic]:
    """The inboxes that had any message since then."""
    query = (
        select(
            threads.c.inbox,
            func.max(case((_is_in, messages.c.at))).label("last"),
            func.count(case((_is_in, 1))).label("received"),
            func.count(case((messages.c.delivery.in_(_SENT), 1))).label("sent"),
            func.count(case((messages.c.delivery == DeliveryState.REJECTED.value, 1))).label("rejected"),
        )
        .join(threads, threads.c.id == messages.c.thread)
        .where(messages.c.at >= micros(since))
        .where(messages.c.note.is_(False))
        .group_by(threads.c.inbox)
    )
    return {
        InboxId(row.inbox): InboxTraffic(
            last_received_at=instant(row.last) if row.last else None,
            received=row.received,
            sent=row.sent,
            rejected=row.rejected,
        )
        for row in connection.execute(query)
    }
