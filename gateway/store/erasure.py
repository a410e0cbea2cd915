"""Erasing a contact: what was said, who they are and how they were routed leaves the store for good.

What stays is what keeps a promise to others: the key under which a platform delivered each happening, so that a late
second delivery does not bring the person back. Whatever still holds the person in memory is told by the routing row:
its revision rises, so that a running service makes its board anew before it decides anything. Snapshots in which the
person was open go, too; decisions of that time cannot be made again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, Connection, Table, and_, delete, select, update

from gateway.store.dossier import media_in
from gateway.store.identities import parts_of
from gateway.store.schema import (
    answers,
    contacts,
    conversations,
    events,
    fetches,
    identifiers,
    media,
    mentions,
    merges,
    message_keys,
    messages,
    misses,
    offers,
    outbox,
    ratings,
    revisions,
    routing,
    snapshots,
    threads,
    timers,
    traces,
    visitors,
)
from gateway.store.snapshots import speaks_of
from router.conversation import State
from router.events import TimerKind
from router.ids import ContactId

AT_ONCE = 500
"""So many ids stand in one statement."""

FORGOTTEN = "Erased"
"""The kind of an event of which nothing is left but that it came."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased: so many conversations (``open`` of them were not resolved) and messages.

    ``files`` are the media that nobody else refers to: their rows are gone, their bytes are the caller's to delete.
    """

    conversations: int
    open: int
    messages: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """Everything by which rows speak of the contact; ``contacts`` are it, and all that are part of it by now."""

    contacts: Sequence[ContactId]
    threads: Sequence[str]
    addresses: Sequence[tuple[str, str]]
    conversations: Sequence[str]
    messages: Sequence[str]
    offers: Sequence[str]


def erase(connection: Connection, contact: ContactId) -> Erased:
    """Erase a contact, in one transaction: all or nothing. Other writers wait meanwhile.

    Raises:
        LookupError: there is no such contact.
    """
    if connection.dialect.name == "postgresql":  # all events are read through, which may take longer than a batch may
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    else:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is deleted is overwritten, too
    connection.execute(update(routing).values(rev=routing.c.rev + 1))  # first: it is also the lock
    if connection.execute(select(contacts.c.id).where(contacts.c.id == contact)).one_or_none() is None:
        raise LookupError(contact)
    person, open_ = _person(connection, contact)
    files = _files_of(connection, person)
    _forget_events(connection, person)
    _forget_snapshots(connection, person)
    for table, column, values in _rows_of(person):
        for some in _chunks(values):
            connection.execute(delete(table).where(column.in_(some)))
    for inbox, address in person.addresses:
        connection.execute(delete(visitors).where(visitors.c.inbox == inbox, visitors.c.address == address))
    for some in _chunks(person.conversations):
        is_theirs = and_(timers.c.kind == TimerKind.CONVERSATION.value, timers.c.subject.in_(some))
        connection.execute(delete(timers).where(is_theirs))
    return Erased(
        conversations=len(person.conversations),
        open=open_,
        messages=len(person.messages),
        files=tuple(_forget_files(connection, files)),
    )


def _person(connection: Connection, contact: ContactId) -> tuple[_Person, int]:
    theirs = connection.execute(select(threads).where(threads.c.contact == contact)).all()
    episodes = connection.execute(
        select(conversations.c.id, conversations.c.state).where(conversations.c.contact == contact)
    ).all()
    ids = [row.id for row in theirs]
    said = [
        row.id
        for some in _chunks(ids)
        for row in connection.execute(select(messages.c.id).where(messages.c.thread.in_(some)))
    ]
    offered = [
        row.id
        for some in _chunks([row.id for row in episodes])
        for row in connection.execute(select(offers.c.id).where(offers.c.conversation.in_(some)))
    ]
    person = _Person(
        contacts=parts_of(connection, contact),
        threads=ids,
        addresses=[(row.inbox, row.address) for row in theirs],
        conversations=[row.id for row in episodes],
        messages=said,
        offers=offered,
    )
    return person, sum(row.state != State.RESOLVED.value for row in episodes)


def _rows_of(person: _Person) -> Iterator[tuple[Table, Column[str], Sequence[str]]]:
    """Where rows of the person are, in an order that no reference between them forbids."""
    for table in (mentions, misses, ratings, offers, traces):
        yield table, table.c.conversation, person.conversations
    for table in (outbox, message_keys, revisions, fetches):
        yield table, table.c.message, person.messages
    yield messages, messages.c.id, person.messages
    for column in (merges.c.survivor, merges.c.other):
        yield merges, column, person.contacts
    yield identifiers, identifiers.c.owner, [*person.threads, *person.contacts]
    yield answers, answers.c.contact, person.contacts
    yield conversations, conversations.c.id, person.conversations
    yield threads, threads.c.id, person.threads
    yield contacts, contacts.c.id, person.contacts


def _forget_events(connection: Connection, person: _Person) -> None:
    names = {*person.contacts, *person.threads, *person.conversations, *person.messages, *person.offers}
    query = select(events.c.id, events.c.conversation, events.c.delivery_key, events.c.body)
    ours = [
        (row.id, row.delivery_key)
        for row in connection.execute(query.execution_options(yield_per=AT_ONCE))
        if row.conversation in names or _speaks_of(row.body, row.delivery_key or "", names, person.addresses)
    ]
    # A key that names the address is the person's own; who would deliver under it again has lost the address.
    said = [address for _, address in person.addresses]
    kept = [id_ for id_, key in ours if key and not any(address in key for address in said)]
    gone = [id_ for id_, key in ours if not key or any(address in key for address in said)]
    nothing = {"kind": FORGOTTEN, "conversation": "", "body": "{}", "state": "done", "problem": ""}
    for some in _chunks(kept):
        connection.execute(update(events).where(events.c.id.in_(some)).values(nothing))
    for some in _chunks(gone):
        connection.execute(delete(events).where(events.c.id.in_(some)))


def _speaks_of(body: str, delivery_key: str, names: set[str], addresses: Sequence[tuple[str, str]]) -> bool:
    """Whether an event's body has one of the names, or an address together with its inbox."""
    words = {_unquoted(found) for found in _QUOTED.findall(body)}
    if not names.isdisjoint(words):
        return True
    return any(
        address in words and (inbox in words or delivery_key.startswith(f"{inbox}/")) for inbox, address in addresses
    )


def _unquoted(text: str) -> str:
    return str(msgspec.json.decode(text)) if "\\" in text else text[1:-1]


def _forget_snapshots(connection: Connection, person: _Person) -> None:
    ids = set(person.conversations)
    for row in connection.execute(select(snapshots.c.rev, snapshots.c.body)).all():
        if speaks_of(row.body, ids):
            connection.execute(delete(snapshots).where(snapshots.c.rev == row.rev))


def _files_of(connection: Connection, person: _Person) -> set[str]:
    found: set[str] = set()
    for some in _chunks(person.messages):
        for table, column in ((messages, messages.c.id), (revisions, revisions.c.message)):
            for row in connection.execute(select(table.c.parts).where(column.in_(some))):
                found |= media_in(row.parts)
    return found


def _forget_files(connection: Connection, files: set[str]) -> Iterator[str]:
    """Forget those of the files to which no message that is left refers."""
    for id_ in sorted(files):
        uses = (select(table.c.parts).where(table.c.parts.contains(id_)).limit(1) for table in (messages, revisions))
        if all(connection.execute(use).first() is None for use in uses):
            connection.execute(delete(media).where(media.c.id == id_))
            yield id_


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
