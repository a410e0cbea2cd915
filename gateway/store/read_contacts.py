"""Contacts: profile and addresses; and the one change that agents make to them."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from gateway.clock import instant, micros
from gateway.store.schema import contacts, threads
from gateway.views.contact import AddressView, ProfileView
from router.ids import ContactId

_CONTACT = select(contacts).where(contacts.c.id == bindparam("id"))
_THREADS = select(threads).where(threads.c.contact == bindparam("id")).order_by(threads.c.created_at, threads.c.id)


def profile(connection: Connection, id_: ContactId) -> ProfileView | None:
    """What is known of a contact; None when there is none."""
    row = connection.execute(_CONTACT, {"id": id_}).one_or_none()
    if row is None:
        return None
    return ProfileView(
        id=row.id,
        name=row.name,
        language=row.language,
        tags=msgspec.json.decode(row.tags, type=list[str]),
        attributes=msgspec.json.decode(row.attributes, type=dict[str, str]),
        created_at=instant(row.created_at),
    )


def addresses(connection: Connection, id_: ContactId) -> list[AddressView]:
    """The contact's identities, the oldest first."""
    return [
        AddressView(thread=row.id, inbox=row.inbox, channel=row.channel, address=row.address, left=row.left_because)
        for row in connection.execute(_THREADS, {"id": id_})
    ]


def change_profile(
    connection: Connection, id_: ContactId, change: Callable[[ProfileView], ProfileView], now: datetime
) -> None:
    """Write the profile that ``change`` makes of the stored one; nothing when the contact does not exist."""
    before = profile(connection, id_)
    if before is None:
        return
    after = change(before)
    connection.execute(
        update(contacts)
        .where(contacts.c.id == id_)
        .values(
            name=after.name,
            language=after.language,
            tags=msgspec.json.encode(after.tags).decode(),
            attributes=msgspec.json.encode(after.attributes).decode(),
            updated_at=micros(now),
        )
    )
