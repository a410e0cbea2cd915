"""Identities within a batch: an address with a contact's verified identifier is that contact's from the first word.

What a merge or its undoing refers to is looked up here, in the transaction that decides it, so that nobody can change
it in between. Lookups happen only where somebody brings an identifier or asks for a merge.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from adapters.identifier import Identifier, folded
from gateway.store.identities import survivor_of, verified_contacts, were_parted
from gateway.store.merging import Fields, answers_apart, answers_of, fields_of, newest, undoable
from gateway.store.schema import conversations
from gateway.store.writing import Rows
from router.conversation import LastAnswer
from router.events import ContactsMerged, ContactsSplit
from router.ids import ContactId, EventId, ThreadId


class Identities:
    """Who is whom, as the rows say and as this batch has changed it."""

    def __init__(self, connection: Connection, rows: Rows) -> None:
        self._connection = connection
        self._rows = rows
        self._merged: dict[ContactId, ContactId] = {}
        self._verified: dict[tuple[str, str], set[ContactId]] = {}

    def survivor(self, contact: ContactId) -> ContactId:
        """The contact that this one is part of."""
        contact = survivor_of(self._connection, contact)
        while contact in self._merged:
            contact = self._merged[contact]
        return contact

    def noted(
        self, thread: ThreadId, contact: ContactId, found: tuple[Identifier, ...]
    ) -> tuple[ContactId, str] | None:
        """Write down by what a thread's contact is known; the contact who has the same, verified, and the kind of it.

        None when there is none, or when nobody can tell which of several it is.
        """
        same: dict[ContactId, str] = {}
        for each in found:
            value = folded(each.kind, each.value)
            if not value:
                continue
            self._rows.identifiers[thread, each.kind, value] = (
                thread, each.kind, value, each.is_verified, each.source.value,
            )  # fmt: skip
            if each.is_verified:
                here = self._verified.setdefault((each.kind, value), set())
                others = {self.survivor(other) for other in here | self._stored(each.kind, value)}
                same.update(dict.fromkeys(others - {contact}, each.kind))
                here.add(contact)
        if len(same) != 1:
            return None
        ((other, kind),) = same.items()
        return None if were_parted(self._connection, contact, other) else (other, kind)

    def profile(self, contact: ContactId) -> Fields:
        """What the rows say of a contact.

        Raises:
            UnknownContact: there is none.
        """
        return fields_of(self._connection, contact)

    def last_answer(self, *contacts: ContactId) -> LastAnswer | None:
        """The newest answer that any of them had."""
        found = newest(answer for contact in contacts for answer in answers_of(self._connection, contact))
        return found[-1] if found else None

    def episodes(self, *contacts: ContactId) -> int:
        """How many conversations they have had, and not beyond two."""
        query = select(conversations.c.id).where(conversations.c.contact.in_(contacts)).limit(2)
        return len(self._connection.execute(query).all())

    def merging(self, event: ContactsMerged) -> ContactsMerged:
        """The event with what is known of both now.

        Raises:
            UnknownContact: there is no such contact.
        """
        survivor, other = self.survivor(event.survivor), self.survivor(event.other)
        for each in (survivor, other):
            self.profile(each)
        return replace(event, survivor=survivor, other=other, last_answer=self.last_answer(survivor, other))

    def splitting(self, event: ContactsSplit) -> ContactsSplit:
        """The event with what each of them gets.

        Raises:
            NotUndoable: there is no such merge, or it cannot be undone now.
        """
        standing = undoable(self._connection, event.merge, event.survivor)
        mine, others = answers_apart(self._connection, standing)
        return replace(
            event,
            other=standing.other,
            threads=tuple(standing.former.threads),
            survivor_answer=mine[-1] if mine else None,
            other_answer=others[-1] if others else None,
        )

    def merged(self, event: ContactsMerged) -> None:
        """It was decided: whoever comes later in this batch must know."""
        self._merged[event.other] = event.survivor

    def _stored(self, kind: str, value: str) -> set[ContactId]:
        return verified_contacts(self._connection, kind, value)


def recognition(
    id_: str, at: datetime, *, survivor: ContactId, other: ContactId, kind: str, last_answer: LastAnswer | None
) -> ContactsMerged:
    """Nobody decided it: both have the same verified identifier."""
    return ContactsMerged(
        id=EventId(f"{id_}.same"), at=at, survivor=survivor, other=other, because=kind, last_answer=last_answer
    )
