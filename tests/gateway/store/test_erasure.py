"""A contact is erased: nothing of them is left in any row, everybody else's is, and a running engine goes on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, select, update

from adapters.contract import Edited, Profile
from gateway.clock import SystemClock
from gateway.media.store import MediaStore
from gateway.store import Store, schema
from gateway.store.dossier import contact_named, dossier
from gateway.store.erasure import FORGOTTEN, Erased, erase
from gateway.store.snapshots import keep, taken
from router.events import ConversationAssigned, NoteAdded
from router.ids import ContactId, ConversationId, MediaId, MessageId
from router.message import Media, MediaKind, Text
from tests.gateway.engine.workshop import INBOX, LI, WANG, Bench, new_event, running, wrote

CANARY = "canary"


async def contact(store: Store, address: str) -> ContactId:
    """The contact who writes from this address."""
    found = await store.read(lambda c: contact_named(c, f"{INBOX}/{address}"))
    assert found is not None
    return found


async def erased(store: Store, who: ContactId) -> Erased:
    """Erase somebody."""
    return await store.write(lambda c: erase(c, who))


def mentions(connection: Connection, word: str) -> set[str]:
    """The tables in which a word stands, in whatever column."""
    found = set()
    for table in schema.metadata.sorted_tables:
        for row in connection.execute(select(table)):
            if any(word in str(value) for value in row):
                found.add(table.name)
    return found


async def places(store: Store, word: str) -> set[str]:
    """As `mentions`."""
    return await store.read(lambda c: mentions(c, word))


@asynccontextmanager
async def busy_day(store: Store, media: MediaStore) -> AsyncIterator[Bench]:
    """Ada, all of whose words have the canary, and Bob: both wrote, edited, sent the same file and were answered."""
    shared, own = await media.put(b"a price list", "text/plain"), await media.put(b"a passport", "text/plain")
    async with running(store) as bench:
        await bench.ready(LI)
        for address, word, files in (("ada", CANARY, (shared, own)), ("bob", "other", (shared,))):
            sent = [Media(kind=MediaKind.FILE, media=file, name=f"{word}.txt") for file in files]
            parts = (Text(text=f"{word} says hello"), *sent)
            await bench.receive(
                wrote(address, key=f"{address}-1", parts=parts, profile=Profile(name=f"{word} Smith"), entry=word)
            )
            await bench.receive(
                Edited(
                    delivery_key=f"edit-of-{address}",
                    address=address,
                    message_key=f"m-{address}-1",
                    parts=(Text(text=f"{word} said goodbye"), *sent),
                )
            )
            conversation = ConversationId((await bench.conversations())[address].id)
            at = bench.clock.now()
            await bench.engine.submit(
                ConversationAssigned(id=new_event(), at=at, conversation=conversation, agent=LI, by=LI)
            )
            await bench.answer(conversation, LI, f"hello {word}", client_id=f"c-{word}")
            await bench.engine.submit(
                NoteAdded(
                    id=new_event(),
                    at=at,
                    conversation=conversation,
                    agent=LI,
                    message=MessageId(f"msg_note_{word}"),
                    parts=(Text(text=f"{word} is in a hurry"),),
                    mentions=(WANG,),
                )
            )
        await store.write(lambda c: keep(c, taken(c, 1, SystemClock().now())))
        yield bench


@pytest.fixture
def media(store: Store, tmp_path: Path) -> MediaStore:
    """A place for files."""
    return MediaStore(tmp_path / "media", store, SystemClock())


async def test_nothing_is_left(store: Store, media: MediaStore) -> None:
    """Of the erased contact no id, name, word, address or file is left; of everybody else all is."""
    async with busy_day(store, media):
        ada = await contact(store, "ada")
        before = {word: await places(store, word) for word in (CANARY, "bob", "other")}
        assert {"contacts", "messages", "revisions", "events", "conversations"} <= before[CANARY]
        known = await store.read(lambda c: dossier(c, ada))
        done = await erased(store, ada)
        assert (done.conversations, done.open, done.messages) == (1, 1, 3)
        names = [known["addresses"][0]["thread"], known["conversations"][0]["id"], ada]
        for gone in (CANARY, "ada", *names, *(said["id"] for said in known["conversations"][0]["messages"])):
            assert await places(store, gone) == set(), gone
        for word in ("bob", "other"):
            assert await places(store, word) == before[word]


async def test_a_file_of_two(store: Store, media: MediaStore) -> None:
    """A file that somebody else sent, too, stays; the contact's own is named, so that its bytes can go."""
    async with busy_day(store, media):
        done = await erased(store, await contact(store, "ada"))
        (own,) = done.files
        assert await media.read(MediaId(own)) == b"a passport"  # the row is gone; the bytes are for whoever asked
        assert await media.find(own) is None
        done = await erased(store, await contact(store, "bob"))
        assert len(done.files) == 1


async def test_the_engine_goes_on(store: Store, media: MediaStore) -> None:
    """A running engine forgets what it had on its board; the person may write again, and is somebody new."""
    async with busy_day(store, media) as bench:
        ada = await contact(store, "ada")
        load = (await bench.engine.inspect(lambda board: board.loads))[LI]
        await erased(store, ada)
        await bench.receive(wrote("bob", "still there?"))
        assert set(await bench.conversations()) == {"bob"}
        assert (await bench.engine.inspect(lambda board: board.loads))[LI] < load
        await bench.receive(wrote("ada", "it is me"))
        assert set(await bench.conversations()) == {"ada", "bob"}
        assert await contact(store, "ada") != ada


async def test_a_late_second_delivery(store: Store, media: MediaStore) -> None:
    """A platform that delivers an old message again does not bring the person back."""
    async with running(store) as bench:
        await bench.receive(wrote("ada", f"{CANARY} once", key="update-7"))
        await erased(store, await contact(store, "ada"))
        await bench.receive(wrote("ada", f"{CANARY} twice", key="update-7"))
        assert await places(store, CANARY) == set()
        assert await bench.rows(schema.contacts) == []
        assert [row[0] for row in await bench.rows(schema.events, "kind")] == [FORGOTTEN]


async def test_what_was_set_aside(store: Store, media: MediaStore) -> None:
    """An event that never became a message, and holds the words itself, is erased as well."""
    async with busy_day(store, media):
        body = '{"inbox": "shop", "channel": "paper", "inbound": {"address": "ada", "text": "canary in quarantine"}}'
        foreign = body.replace('"ada"', '"adam"').replace("canary in", "somebody else's")
        rows = [
            {"id": f"evt_{number}", "kind": "Wrote", "at": 1, "body": text, "state": "quarantined"}
            for number, text in enumerate((body, foreign))
        ]
        await store.write(lambda c: c.execute(schema.events.insert(), rows))
        await erased(store, await contact(store, "ada"))
        assert await places(store, CANARY) == set()
        assert await places(store, "somebody else's") == {"events"}


async def test_a_snapshot_of_others_stays(store: Store, media: MediaStore) -> None:
    """Only snapshots in which the person was open are forgotten."""
    async with running(store) as bench:
        await bench.receive(wrote("bob"))
        await store.write(lambda c: keep(c, taken(c, 1, SystemClock().now())))
        await bench.receive(wrote("ada"))
        await store.write(lambda c: keep(c, taken(c, 1, SystemClock().now() + timedelta(hours=1))))
        assert len(await bench.rows(schema.snapshots)) == 2
        await erased(store, await contact(store, "ada"))
        assert len(await bench.rows(schema.snapshots)) == 1


async def test_nobody(store: Store) -> None:
    """Who does not exist cannot be erased, nor told about."""
    with pytest.raises(LookupError):
        await erased(store, ContactId("ctc_none"))
    with pytest.raises(LookupError):
        await store.read(lambda c: dossier(c, ContactId("ctc_none")))
    assert await store.read(lambda c: contact_named(c, "shop/ada")) is None


async def test_a_dossier(store: Store, media: MediaStore) -> None:
    """A dossier has all that was said with what it said before, notes and files, and nothing of anybody else."""
    async with busy_day(store, media):
        ada = await contact(store, "ada")
        await store.write(
            lambda c: c.execute(update(schema.contacts).where(schema.contacts.c.id == ada).values(tags='["vip"]'))
        )
        found = await store.read(lambda c: dossier(c, ada))
    assert (found["contact"]["name"], found["contact"]["tags"]) == (f"{CANARY} Smith", ["vip"])
    assert [(each["inbox"], each["address"]) for each in found["addresses"]] == [("shop", "ada")]
    (conversation,) = found["conversations"]
    said = [(each["text"], each["note"]) for each in conversation["messages"]]
    assert said[1:] == [(f"hello {CANARY}", False), (f"{CANARY} is in a hurry", True)]
    assert said[0][0].startswith(f"{CANARY} said goodbye")
    assert conversation["messages"][0]["earlier"][0]["parts"][0]["text"] == f"{CANARY} says hello"
    assert len(found["files"]) == 2
    assert "other" not in str(msgspec.json.encode(found))
