"""Two contacts become one, and two again: what their rows are, and how they were.

A merge moves what is the other's to the survivor: threads, conversations, and who answered last. The other's own row
stays as it was, and a row of ``merges`` keeps the survivor's; so nothing is lost, and the newest merge can be undone.
What happened since then stays where it belongs: with the thread it happened in, or with the survivor's profile.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from gateway.clock import instant, micros
from gateway.store.codec import decode, encode
from gateway.store.identities import survivor_of
from gateway.store.schema import answers, contacts, conversations, merges, threads
from router.conversation import Conversation, LastAnswer
from router.effects import RecordMerge, RecordSplit
from router.errors import NotUndoable, UnknownContact
from router.events import Keep, Side
from router.ids import ContactId, EventId, ThreadId
from skills.ids import AgentId, GroupId


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """What of a profile can be chosen in a merge."""

    name: str
    language: str
    tags: list[str]
    attributes: dict[str, str]


class Former(msgspec.Struct, frozen=True, kw_only=True):
    """How it was, and how it was made: what a merge's row keeps."""

    before: Fields
    after: Fields
    threads: list[ThreadId]
    survivor_answers: list[LastAnswer]
    other_answers: list[LastAnswer]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A merge that nobody has undone."""

    id: EventId
    survivor: ContactId
    other: ContactId
    former: Former


def joined(this: Fields, other: Fields, keep: Keep) -> Fields:
    """The surviving profile, field by field; `Keep` says what counts where nothing was chosen."""
    attributes = {**other.attributes, **this.attributes}
    for key, side in keep.attributes.items():
        chosen = (this if side is Side.THIS else other).attributes.get(key)
        if chosen is None:
            attributes.pop(key, None)
        else:
            attributes[key] = chosen
    both = list(dict.fromkeys((*this.tags, *other.tags)))
    return Fields(
        name=_chosen(keep.name, this.name, other.name),
        language=_chosen(keep.language, this.language, other.language),
        tags={Side.THIS: this.tags, Side.OTHER: other.tags, None: both}[keep.tags],
        attributes=attributes,
    )


def fields_of(connection: Connection, contact: ContactId) -> Fields:
    """What a contact's row says.

    Raises:
        UnknownContact: there is none.
    """
    row = connection.execute(select(contacts).where(contacts.c.id == contact).with_for_update()).one_or_none()
    if row is None:
        raise UnknownContact
    return Fields(
        name=row.name,
        language=row.language,
        tags=msgspec.json.decode(row.tags, type=list[str]),
        attributes=msgspec.json.decode(row.attributes, type=dict[str, str]),
    )


def answers_of(connection: Connection, contact: ContactId) -> list[LastAnswer]:
    """Who answered a contact last, by group; the newest comes last."""
    rows = connection.execute(select(answers).where(answers.c.contact == contact).order_by(answers.c.at))
    return [LastAnswer(agent=AgentId(row.agent), group=GroupId(row.group), at=instant(row.at)) for row in rows]


def merge(connection: Connection, effect: RecordMerge) -> None:
    """Make everything of the other's the survivor's, and keep how it was."""
    survivor, other = effect.survivor, effect.other
    this = fields_of(connection, survivor)
    after = joined(this, fields_of(connection, other), effect.keep)
    moved = [ThreadId(id_) for id_ in connection.execute(_threads_of(other)).scalars()]
    former = Former(
        before=this,
        after=after,
        threads=moved,
        survivor_answers=answers_of(connection, survivor),
        other_answers=answers_of(connection, other),
    )
    row = {"id": effect.merge, "survivor": survivor, "other": other, "at": micros(effect.at), "by": effect.by}
    connection.execute(insert(merges).values(**row, because=effect.because, body=encode(former)))
    _give(connection, other, survivor, threads.c.contact == other, conversations.c.contact == other)
    _write_answers(connection, {survivor: newest((*former.survivor_answers, *former.other_answers)), other: []})
    _write_fields(connection, survivor, after, micros(effect.at))


def split(connection: Connection, effect: RecordSplit) -> None:
    """Undo a merge that stands; one that was undone meanwhile is left alone."""
    standing = _standing(connection, merges.c.id == effect.merge)
    if standing is None:
        return
    survivor, other, former = standing.survivor, standing.other, standing.former
    mine, others = answers_apart(connection, standing)
    now = fields_of(connection, survivor)
    _give(connection, survivor, other, threads.c.id.in_(former.threads), conversations.c.thread.in_(former.threads))
    _write_answers(connection, {survivor: mine, other: others})
    _write_fields(connection, survivor, without(now, former), micros(effect.at))
    undone = {"undone_at": micros(effect.at), "undone_by": effect.by}
    connection.execute(update(merges).where(merges.c.id == effect.merge).values(undone))


def undoable(connection: Connection, merge_: EventId, survivor: ContactId) -> Standing:
    """This merge of this contact, if it can be undone now.

    Raises:
        NotUndoable: there is none, it was undone, a later one stands upon it, or the contact is part of another.
    """
    newest_ = select(merges.c.id).where(merges.c.survivor == survivor, merges.c.undone_at.is_(None))
    newest_ = newest_.order_by(merges.c.at.desc(), merges.c.id.desc()).limit(1)
    if connection.execute(newest_).scalar_one_or_none() != merge_ or survivor_of(connection, survivor) != survivor:
        raise NotUndoable
    standing = _standing(connection, merges.c.id == merge_)
    if standing is None:
        raise NotUndoable
    return standing


def answers_apart(connection: Connection, standing: Standing) -> tuple[list[LastAnswer], list[LastAnswer]]:
    """Who answered the survivor last and who the other, had they never been one."""
    former = standing.former
    mine, others = list(former.survivor_answers), list(former.other_answers)
    query = select(conversations.c.body).where(conversations.c.contact == standing.survivor)
    for body in connection.execute(query).scalars():
        conversation = decode(Conversation, body)
        answer = conversation.last_answer
        if answer is not None and answer.at >= conversation.created_at:
            (others if conversation.thread in former.threads else mine).append(answer)
    return newest(mine), newest(others)


def newest(found: Iterable[LastAnswer]) -> list[LastAnswer]:
    """The newest answer of each group, the newest of all at the end."""
    by_group = {each.group: each for each in sorted(found, key=lambda each: each.at)}
    return sorted(by_group.values(), key=lambda each: each.at)


def without(now: Fields, former: Former) -> Fields:
    """The survivor's profile as it would be without the merge: what it brought goes, what was changed since stays."""
    before, after = former.before, former.after
    brought, taken = set(after.tags) - set(before.tags), [tag for tag in before.tags if tag not in after.tags]
    tags = [tag for tag in now.tags if tag not in brought]
    attributes = dict(now.attributes)
    for key in {*before.attributes, *after.attributes}:
        was, became = before.attributes.get(key), after.attributes.get(key)
        if was != became and attributes.get(key) == became:
            attributes.pop(key, None)
            if was is not None:
                attributes[key] = was
    return Fields(
        name=before.name if now.name == after.name else now.name,
        language=before.language if now.language == after.language else now.language,
        tags=before.tags if now.tags == after.tags else [*tags, *(tag for tag in taken if tag not in tags)],
        attributes=before.attributes if now.attributes == after.attributes else attributes,
    )


def _chosen(side: Side | None, this: str, other: str) -> str:
    if side is None:
        return this or other
    return this if side is Side.THIS else other


def _threads_of(contact: ContactId) -> Any:  # noqa: ANN401  SQLAlchemy's selects have long types
    return select(threads.c.id).where(threads.c.contact == contact).order_by(threads.c.created_at, threads.c.id)


def _standing(connection: Connection, which: ColumnElement[bool]) -> Standing | None:
    row = connection.execute(select(merges).where(which, merges.c.undone_at.is_(None))).one_or_none()
    if row is None:
        return None
    former = decode(Former, row.body)
    return Standing(id=EventId(row.id), survivor=ContactId(row.survivor), other=ContactId(row.other), former=former)


def _give(
    connection: Connection,
    giver: ContactId,
    taker: ContactId,
    these_threads: ColumnElement[bool],
    these_conversations: ColumnElement[bool],
) -> None:
    """Threads and conversations get another contact; a conversation's value says it, too."""
    named, renamed = (f'"contact":{encode(each)}' for each in (giver, taker))
    connection.execute(update(threads).where(these_threads).values(contact=taker))
    body = func.replace(conversations.c.body, named, renamed)
    connection.execute(update(conversations).where(these_conversations).values(contact=taker, body=body))


def _write_answers(connection: Connection, by_contact: Mapping[ContactId, Sequence[LastAnswer]]) -> None:
    connection.execute(delete(answers).where(answers.c.contact.in_(list(by_contact))))
    rows = [
        {"contact": contact, "group": each.group, "agent": each.agent, "at": micros(each.at)}
        for contact, found in by_contact.items()
        for each in found
    ]
    if rows:
        connection.execute(insert(answers), rows)


def _write_fields(connection: Connection, contact: ContactId, fields: Fields, at: int) -> None:
    connection.execute(
        update(contacts)
        .where(contacts.c.id == contact)
        .values(
            name=fields.name,
            language=fields.language,
            tags=encode(fields.tags),
            attributes=encode(fields.attributes),
            updated_at=at,
        )
    )
