"""Who is whom: by what contacts are recognised, which of them are one, and which seem to be."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, or_, select

from gateway.store.schema import identifiers, merges, threads
from gateway.store.statement import Statement, upsert
from router.ids import ContactId

MOST_SUGGESTIONS = 10
"""An identifier that more have (a shop's own number, given by everybody) says nothing of one person."""


class Known(NamedTuple):
    """An identifier as its row is; the ``owner`` is a thread's or a contact's id."""

    owner: str
    kind: str
    value: str
    is_verified: bool
    source: str


class Likeness(NamedTuple):
    """Another contact with the same identifier; ``is_verified`` when it is with both."""

    contact: ContactId
    kind: str
    value: str
    is_verified: bool


def noted(dialect: str) -> Statement:
    """Write down an identifier; one that somebody vouches for is not less because it is said again."""
    return upsert(
        dialect,
        identifiers,
        ("owner", "kind", "value", "verified", "source"),
        only_if=lambda new: ~identifiers.c.verified | new.verified,
    )


def survivor_of(connection: Connection, contact: ContactId) -> ContactId:
    """The contact that this one is part of by now; itself, mostly."""
    while True:
        query = select(merges.c.survivor).where(merges.c.other == contact, merges.c.undone_at.is_(None))
        found = connection.execute(query).scalar_one_or_none()
        if found is None:
            return contact
        contact = ContactId(found)


def parts_of(connection: Connection, contact: ContactId) -> list[ContactId]:
    """The contact, and all that are part of it by now."""
    found, fresh = [contact], [contact]
    while fresh:
        query = select(merges.c.other).where(merges.c.survivor.in_(fresh), merges.c.undone_at.is_(None))
        fresh = [ContactId(other) for other in connection.execute(query).scalars()]
        found += fresh
    return found


def were_parted(connection: Connection, one: ContactId, other: ContactId) -> bool:
    """Whether somebody has said of these two that they are not the same person."""
    pair = or_(
        and_(merges.c.survivor == one, merges.c.other == other),
        and_(merges.c.survivor == other, merges.c.other == one),
    )
    query = select(merges.c.id).where(pair, merges.c.undone_at.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def verified_contacts(connection: Connection, kind: str, value: str) -> set[ContactId]:
    """The contacts of whom somebody vouches that they have this identifier."""
    query = (
        select(threads.c.contact)
        .join(identifiers, identifiers.c.owner == threads.c.id)
        .where(identifiers.c.kind == kind, identifiers.c.value == value, identifiers.c.verified.is_(True))
        .distinct()
    )
    return {ContactId(contact) for contact in connection.execute(query).scalars()}


def identifiers_of(connection: Connection, contact: ContactId) -> list[Known]:
    """All of a contact's identifiers, by whatever address they came or whoever wrote them down."""
    own = select(threads.c.id).where(threads.c.contact == contact)
    by_hand = [str(each) for each in parts_of(connection, contact)]
    query = (
        select(identifiers)
        .where(or_(identifiers.c.owner.in_(own), identifiers.c.owner.in_(by_hand)))
        .order_by(identifiers.c.kind, identifiers.c.value, identifiers.c.owner)
    )
    return [Known(row.owner, row.kind, row.value, row.verified, row.source) for row in connection.execute(query)]


def likenesses(connection: Connection, contact: ContactId, own: Sequence[Known]) -> list[Likeness]:
    """Who has the same identifiers, the verified first; not those of whom somebody has said that they are others."""
    found: dict[tuple[ContactId, str, str], Likeness] = {}
    mine = {each.owner for each in own}
    for kind, value in dict.fromkeys((each.kind, each.value) for each in own):
        is_sure = any(each.is_verified for each in own if (each.kind, each.value) == (kind, value))
        others = dict(_others(connection, kind, value, mine))
        others.pop(contact, None)
        if len(others) > MOST_SUGGESTIONS:
            continue
        for other, is_verified in others.items():
            found[other, kind, value] = Likeness(other, kind, value, is_sure and is_verified)
    known = [each for each in found.values() if not were_parted(connection, contact, each.contact)]
    return sorted(known, key=lambda each: (not each.is_verified, each.kind, each.contact))[:MOST_SUGGESTIONS]


def write_down(connection: Connection, contact: ContactId, kind: str, values: Iterable[Known]) -> None:
    """Put these identifiers in the place of those of this kind that an agent wrote down of a contact."""
    connection.execute(delete(identifiers).where(identifiers.c.owner == contact, identifiers.c.kind == kind))
    for each in values:
        connection.execute(
            identifiers.insert().values(
                owner=contact, kind=kind, value=each.value, verified=each.is_verified, source=each.source
            )
        )


def _others(connection: Connection, kind: str, value: str, mine: set[str]) -> Iterator[tuple[ContactId, bool]]:
    """Who else has it, once each, and whether anybody vouches for that."""
    query = (
        select(identifiers.c.owner, identifiers.c.verified, threads.c.contact)
        .outerjoin(threads, threads.c.id == identifiers.c.owner)
        .where(identifiers.c.kind == kind, identifiers.c.value == value)
        .order_by(identifiers.c.verified, identifiers.c.owner)  # the verified last: they count
        .limit(5 * MOST_SUGGESTIONS)
    )
    for row in connection.execute(query):
        if row.owner not in mine:
            owner = row.contact if row.contact is not None else survivor_of(connection, ContactId(row.owner))
            yield ContactId(owner), row.verified
