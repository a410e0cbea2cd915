"""Snapshots: what is open, kept from time to time, so that a past decision can be decided again from close by.

A snapshot is the very rows from which a board is rebuilt, as they were at one revision, compressed.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from gateway.clock import instant, micros
from gateway.store.loading import age
from gateway.store.schema import conversations, offers, overrides, pauses, presences, routing, snapshots, timers
from router.conversation import Conversation
from router.door import Override
from router.events import TimerKind
from router.offer import Offer
from router.pause import Pause
from router.presence import Presence

COMPRESSION = 6
AT_ONCE = 500
"""Rows that are read at a time."""


class _Timer(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    subject: str
    at: int


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """All that was open. Snapshots from before queues could be paused have no ``pauses``."""

    conversations: list[Conversation]
    offers: list[Offer]
    presences: list[Presence]
    overrides: list[Override]
    timers: list[_Timer]
    pauses: list[Pause] = []

    @property
    def timers_by_subject(self) -> dict[tuple[TimerKind, str], datetime]:
        """The timers as a board has them."""
        return {(TimerKind(each.kind), each.subject): instant(each.at) for each in self.timers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was open after the revision ``rev``, under the routing ``version``; `opened` reads the ``body``."""

    rev: int
    at: datetime
    version: int
    body: bytes


def opened(snapshot: Snapshot) -> Open:
    """What a snapshot holds.

    Raises:
        ValueError: it was kept by another version of the program, and does not fit this one.
    """
    found = msgspec.json.decode(zlib.decompress(snapshot.body), type=Open)
    found.conversations.sort(key=age)
    return found


def speaks_of(body: bytes, names: Iterable[str]) -> bool:
    """Whether a snapshot's body speaks of any of these ids, whatever version of the program kept it."""
    text = zlib.decompress(body)
    return any(f'"{name}"'.encode() in text for name in names)


def taken(connection: Connection, version: int, at: datetime) -> Snapshot:
    """What is open now. ``version`` is what the service began with; a newer one that was applied since counts."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    rev, applied = connection.execute(select(routing.c.rev, routing.c.config_version)).one()
    packing = zlib.compressobj(COMPRESSION)
    packed = b"".join(packing.compress(piece) for piece in _written(connection)) + packing.flush()
    return Snapshot(rev=rev, at=at, version=max(version, applied), body=packed)


def _written(connection: Connection) -> Iterator[bytes]:
    """`Open` as JSON, piece by piece: the rows' own texts, neither read nor all in memory at once."""
    unresolved = conversations.c.state != "resolved"
    bodies = {
        "conversations": select(conversations.c.body).where(unresolved),
        "offers": select(offers.c.body).where(offers.c.state == "open").order_by(offers.c.id),
        "presences": select(presences.c.body).order_by(presences.c.agent),
        "overrides": select(overrides.c.body).order_by(overrides.c.group),
        "pauses": select(pauses.c.body).order_by(pauses.c.group),
    }
    yield b"{"
    for name, query in bodies.items():
        yield f'"{name}":['.encode()
        before = ""
        for (body,) in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
            yield f"{before}{body}".encode()
            before = ","
        yield b"],"
    running = connection.execute(select(timers.c.kind, timers.c.subject, timers.c.at))
    yield b'"timers":' + msgspec.json.encode([_Timer(*row) for row in running]) + b"}"


def keep(connection: Connection, snapshot: Snapshot) -> None:
    """Write a snapshot, unless there is one of this revision and version."""
    known = select(snapshots.c.version).where(snapshots.c.rev == snapshot.rev)
    if connection.execute(known).scalar_one_or_none() == snapshot.version:
        return
    connection.execute(delete(snapshots).where(snapshots.c.rev == snapshot.rev))
    connection.execute(
        insert(snapshots).values(rev=snapshot.rev, at=micros(snapshot.at), version=snapshot.version, body=snapshot.body)
    )


def newest_before(connection: Connection, rev: int) -> Snapshot | None:
    """The newest snapshot before this revision."""
    query = select(snapshots).where(snapshots.c.rev < rev).order_by(snapshots.c.rev.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Snapshot(rev=row.rev, at=instant(row.at), version=row.version, body=row.body)


def revisions_since(connection: Connection, at: datetime) -> list[int]:
    """The revisions of the snapshots from the last one at or before this instant on; of all, when there is none."""
    before = select(func.max(snapshots.c.rev)).where(snapshots.c.at <= micros(at)).scalar_subquery()
    query = select(snapshots.c.rev).where(snapshots.c.rev >= func.coalesce(before, 0)).order_by(snapshots.c.rev)
    return list(connection.execute(query).scalars())


def forget_before(connection: Connection, at: datetime) -> None:
    """Drop the snapshots that are older."""
    connection.execute(delete(snapshots).where(snapshots.c.at < micros(at)))
