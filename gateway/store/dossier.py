"""A contact's dossier: everything that is stored of a person, as one plain value to hand out."""

from collections import defaultdict
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from gateway.clock import instant
from gateway.store.identities import identifiers_of, parts_of, survivor_of
from gateway.store.read_contacts import profile
from gateway.store.schema import conversations, media, merges, messages, ratings, revisions, threads
from router.ids import ContactId

Plain = dict[str, Any]


def contact_named(connection: Connection, name: str) -> ContactId | None:
    """The contact with this id, or with this address (``inbox/address``); None when there is none.

    Of a contact that is part of another by now it is the other: they are one person.
    """
    known = profile(connection, ContactId(name))
    if known is not None:
        return survivor_of(connection, ContactId(known.id))
    inbox, _, address = name.partition("/")
    found = select(threads.c.contact).where(threads.c.inbox == inbox, threads.c.address == address)
    contact = connection.execute(found).scalar_one_or_none()
    return None if contact is None else ContactId(contact)


def dossier(connection: Connection, contact: ContactId) -> Plain:
    """Profile, addresses, conversations with every message and note, and the files in them.

    Instants are RFC 3339 in UTC. A file's bytes are in the data directory, under ``media``.

    Raises:
        LookupError: there is no such contact.
    """
    known = profile(connection, contact)
    if known is None:
        raise LookupError(contact)
    rows = connection.execute(select(threads).where(threads.c.contact == contact).order_by(threads.c.created_at)).all()
    said = _messages(connection, [row.id for row in rows])
    return {
        "contact": msgspec.to_builtins(known),
        "addresses": [
            {
                "thread": row.id,
                "inbox": row.inbox,
                "channel": row.channel,
                "address": row.address,
                "profile": msgspec.json.decode(row.profile),
                "left": row.left_because,
            }
            for row in rows
        ],
        "identifiers": [
            {"kind": each.kind, "value": each.value, "verified": each.is_verified, "source": each.source}
            for each in identifiers_of(connection, contact)
        ],
        "merged": _merged(connection, contact),
        "conversations": _conversations(connection, contact, said),
        "files": _files(connection, said),
    }


def media_in(parts: str) -> set[str]:
    """The stored files that a message's parts, as JSON, refer to."""
    return {part["media"] for part in msgspec.json.decode(parts, type=list[Plain]) if part.get("media")}


def _messages(connection: Connection, of: list[str]) -> dict[str, list[Plain]]:
    """Every message of these threads by its conversation, in order, with what an edited one said before."""
    ours = messages.c.thread.in_(of)
    earlier: dict[str, list[Plain]] = defaultdict(list)
    query = select(revisions).join(messages, messages.c.id == revisions.c.message).where(ours)
    for row in connection.execute(query.order_by(revisions.c.at)):
        earlier[row.message].append({"until": instant(row.at), "parts": msgspec.json.decode(row.parts)})
    found: dict[str, list[Plain]] = defaultdict(list)
    for row in connection.execute(select(messages).where(ours).order_by(messages.c.thread, messages.c.seq)):
        found[row.conversation].append(
            {
                "id": row.id,
                "seq": row.seq,
                "direction": row.direction,
                "author": {"kind": row.author_kind, "id": row.author, "name": row.author_name},
                "at": instant(row.at),
                "text": row.text,
                "parts": msgspec.json.decode(row.parts),
                "note": row.note,
                "delivery": row.delivery and {"state": row.delivery, "reason": row.delivery_reason},
                "earlier": earlier.get(row.id, []),
            }
        )
    return found


def _conversations(connection: Connection, contact: ContactId, said: dict[str, list[Plain]]) -> list[Plain]:
    ours = conversations.c.contact == contact
    rated = {
        row.conversation: {"stars": row.stars, "text": row.text, "at": instant(row.at)}
        for row in connection.execute(
            select(ratings).join(conversations, conversations.c.id == ratings.c.conversation).where(ours)
        )
    }
    return [
        {
            "id": row.id,
            "thread": row.thread,
            "inbox": row.inbox,
            "channel": row.channel,
            "group": row.group,
            "state": row.state,
            "created_at": instant(row.created_at),
            "resolved_at": None if row.resolved_at is None else instant(row.resolved_at),
            "details": msgspec.json.decode(row.body),
            "rating": rated.get(row.id),
            "messages": said.get(row.id, []),
        }
        for row in connection.execute(
            select(conversations).where(ours).order_by(conversations.c.created_at, conversations.c.id)
        )
    ]


def _merged(connection: Connection, contact: ContactId) -> list[Plain]:
    """The profiles that became part of this one, as they were."""
    parts = parts_of(connection, contact)
    rows = connection.execute(select(merges).where(merges.c.other.in_(parts), merges.c.undone_at.is_(None))).all()
    return [
        {
            "contact": msgspec.to_builtins(profile(connection, ContactId(row.other))),
            "at": instant(row.at),
            "by": row.by,
            "because": row.because,
        }
        for row in rows
    ]


def _files(connection: Connection, said: dict[str, list[Plain]]) -> list[Plain]:
    lists = [parts for told in said.values() for each in told for parts in _all_parts(each)]
    ids = sorted({part["media"] for parts in lists for part in parts if part.get("media")})
    return [
        {"media": row.id, "mime": row.mime, "size": row.size, "path": f"media/{row.id[:2]}/{row.id}"}
        for row in connection.execute(select(media).where(media.c.id.in_(ids)).order_by(media.c.id))
    ]


def _all_parts(message: Plain) -> list[list[Plain]]:
    return [message["parts"], *(before["parts"] for before in message["earlier"])]
