"""Contacts: profile, and who they are; and the one change that agents make to them."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from adapters.identifier import EMAIL, PHONE, Source, folded
from gateway.clock import instant, micros
from gateway.store.identities import Known, identifiers_of, likenesses, survivor_of, write_down
from gateway.store.schema import contacts, merges, threads
from gateway.views.contact import (
    AddressView,
    EvidenceView,
    IdentifierView,
    MergeView,
    ProfileView,
    SuggestionView,
)
from gateway.views.conversation import ContactRef
from router.ids import ContactId, InboxId

IsVerified = Callable[[InboxId, str], bool]
"""Whether somebody vouches for who writes from this address in this inbox."""

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


class Identity(NamedTuple):
    """What is known of who a contact is."""

    addresses: list[AddressView]
    suggestions: list[SuggestionView]
    merges: list[MergeView]


def identity(connection: Connection, id_: ContactId, is_verified: IsVerified) -> Identity:
    """Where the contact writes from, the oldest first; who seems to be the same person, and who was merged."""
    own = identifiers_of(connection, id_)
    where = [
        AddressView(
            thread=row.id,
            inbox=row.inbox,
            channel=row.channel,
            address=row.address,
            verified=is_verified(InboxId(row.inbox), row.address),
            identifiers=[_identifier(each) for each in own if each.owner == row.id],
            left=row.left_because,
        )
        for row in connection.execute(_THREADS, {"id": id_})
    ]
    return Identity(where, _suggestions(connection, id_, own), _merges(connection, id_))


def _identifier(known: Known) -> IdentifierView:
    return IdentifierView(kind=known.kind, value=known.value, verified=known.is_verified, source=known.source)


def _suggestions(connection: Connection, id_: ContactId, own: list[Known]) -> list[SuggestionView]:
    by_contact: dict[ContactId, list[EvidenceView]] = {}
    for each in likenesses(connection, id_, own):
        said = EvidenceView(kind=each.kind, value=each.value, verified=each.is_verified)
        by_contact.setdefault(each.contact, []).append(said)
    return [
        SuggestionView(contact=other, name=known.name, evidence=evidence, profile=known)
        for other, evidence in by_contact.items()
        if (known := profile(connection, other)) is not None
    ]


def _merges(connection: Connection, id_: ContactId) -> list[MergeView]:
    query = (
        select(merges.c.id, merges.c.at, merges.c.by, merges.c.because, merges.c.other, contacts.c.name)
        .join(contacts, contacts.c.id == merges.c.other)
        .where(merges.c.survivor == id_, merges.c.undone_at.is_(None))
        .order_by(merges.c.at.desc(), merges.c.id.desc())
    )
    return [
        MergeView(
            id=row.id,
            at=instant(row.at),
            by=row.by,
            because=row.because,
            other=ContactRef(id=row.other, name=row.name),
        )
        for row in connection.execute(query)
    ]


def change_profile(
    connection: Connection, id_: ContactId, change: Callable[[ProfileView], ProfileView], now: datetime
) -> None:
    """Write the profile that ``change`` makes of the stored one; nothing when the contact does not exist.

    An e-mail address or a phone number among its attributes is one by which the contact may be recognised.
    """
    id_ = survivor_of(connection, id_)
    connection.execute(select(contacts.c.id).where(contacts.c.id == id_).with_for_update())
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
    for kind in (EMAIL, PHONE):
        said = folded(kind, after.attributes.get(kind, ""))
        if after.attributes.get(kind) != before.attributes.get(kind):
            written = (Known(id_, kind, said, False, Source.AGENT.value),) if said else ()
            write_down(connection, id_, kind, written)
