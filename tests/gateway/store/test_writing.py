"""Rows are written only over what the board knew: anything else is noticed, whoever was wrong."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert, select

from gateway.store import Store
from gateway.store.codec import decode
from gateway.store.schema import contacts, conversations, threads
from gateway.store.writing import Diverged, Rows, Writing
from router.conversation import Conversation, Owner, OwnerKind, State
from router.ids import ChannelName, ContactId, ConversationId, InboxId, PriorityTag, ThreadId
from skills.ids import GroupId

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = Conversation(
    id=ConversationId("v"),
    thread=ThreadId("t"),
    contact=ContactId("c"),
    inbox=InboxId("i"),
    channel=ChannelName("x"),
    group=GroupId("g"),
    state=State.WAITING,
    owner=Owner(OwnerKind.QUEUE, "g"),
    epoch=5,
    priority=PriorityTag("normal"),
    created_at=NOON,
)


async def write(store: Store, values: Iterable[Conversation], stored: Iterable[Conversation] = ()) -> None:
    """Write conversations as a batch does that knows of these rows."""
    rows = Rows(conversations={each.id: each for each in values})

    def closure(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        Writing(store.dialect).write(cursor, rows, {each.id: each for each in stored}, 0)

    await store.write(closure)


async def stored(store: Store) -> list[Conversation]:
    """The conversations in the store."""
    rows = select(conversations.c.body).order_by(conversations.c.id)
    bodies = await store.read(lambda connection: connection.execute(rows).scalars().all())
    return [decode(Conversation, body) for body in bodies]


@pytest.fixture(autouse=True)
async def thread(store: Store) -> None:
    """The thread that they belong to."""

    def closure(connection: Connection) -> None:
        connection.execute(insert(contacts).values(id="c", created_at=0, updated_at=0))
        connection.execute(
            insert(threads).values(id="t", inbox="i", channel="x", address="a", contact="c", created_at=0)
        )

    await store.write(closure)


@pytest.mark.parametrize("is_known", [True, False])
async def test_an_older_epoch_never_overwrites_a_newer_one(store: Store, *, is_known: bool) -> None:
    """A conversation that has had another owner since is not written, whichever statement would do it."""
    await write(store, [FIRST])
    late = replace(FIRST, epoch=4, hops=1)
    with pytest.raises(Diverged):
        await write(store, [late], [late] if is_known else [])
    assert await stored(store) == [FIRST]
    same = replace(FIRST, hops=2)
    await write(store, [same], [FIRST] if is_known else [])
    assert await stored(store) == [same]


async def test_an_end_and_a_beginning_fit_into_one_batch(store: Store) -> None:
    """A conversation may end and the next of its thread begin in one transaction, in whatever order they changed."""
    await write(store, [FIRST])
    ended = replace(FIRST, state=State.RESOLVED, resolved_at=NOON)
    following = replace(FIRST, id=ConversationId("w"))
    await write(store, [following, ended], [FIRST])
    assert await stored(store) == [ended, following]


async def test_the_columns_say_what_the_body_says(store: Store) -> None:
    """What queries ask of the columns is what the value says, after a short write as after a whole one."""
    later = replace(FIRST, due_at=NOON, held_until=NOON, entered_waiting_at=NOON, epoch=6)
    moved = replace(later, state=State.ACTIVE, owner=Owner(OwnerKind.AGENT, "li"), epoch=7)
    columns = ("state", "owner_kind", "owner", "epoch", "due_at", "held_until", "entered_waiting_at")
    seen = []
    for value, before in ((FIRST, []), (later, [FIRST]), (moved, [later])):
        await write(store, [value], before)
        row = select(*(conversations.c[name] for name in columns))
        seen.append(await store.read(lambda connection, row=row: tuple(connection.execute(row).one())))  # type: ignore[misc]
    noon = 1_795_348_800_000_000
    assert seen == [
        ("waiting", "queue", "g", 5, None, None, None),
        ("waiting", "queue", "g", 6, noon, noon, noon),
        ("active", "agent", "li", 7, noon, noon, noon),
    ]
