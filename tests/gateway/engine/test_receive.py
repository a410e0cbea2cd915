"""What a contact does becomes rows, once, in one transaction, before anybody is told."""

import asyncio

import pytest
from sqlalchemy import text

from adapters.contract import Came, Edited, Left, Profile, Reported, Wrote
from gateway.clock import instant
from gateway.crossing import Committed
from gateway.store import Store, schema
from gateway.store.codec import decode_event, decode_parts
from router.board import Board
from router.decide import decide as core
from router.effects import Effect
from router.events import AnyEvent, MessageReceived
from router.message import DeliveryState, Media, MediaKind, Text, plain_text
from tests.gateway.engine.workshop import LI, running, wrote


async def test_a_message_becomes_rows(store: Store) -> None:
    """A first message makes a contact, a thread, a conversation, a message and a trace, and the event that did it."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", "hello"))
        [(contact, name)] = await bench.rows(schema.contacts, "id", "name")
        assert name == "Name of ann"
        [(thread, address, of, last_seq)] = await bench.rows(schema.threads, "id", "address", "contact", "last_seq")
        assert (address, of, last_seq) == ("ann", contact, 1)
        [(conversation, state)] = await bench.rows(schema.conversations, "id", "state")
        assert state == "waiting"
        assert await bench.rows(schema.messages, "thread", "conversation", "seq", "direction", "text") == [
            (thread, conversation, 1, "in", "hello")
        ]
        assert await bench.count(schema.traces) == 1
        assert await bench.rows(schema.events, "kind", "state", "conversation") == [
            ("MessageReceived", "done", conversation)
        ]


async def test_words_are_stored_once(store: Store) -> None:
    """The event's row does not repeat the message's words, and with the message's parts it is the whole event."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", "the quick brown fox"))
        [(id, kind, at, body)] = await bench.rows(schema.events, "id", "kind", "at", "body")
        [(message, parts)] = await bench.rows(schema.messages, "id", "parts")
        assert "fox" not in body
        event = decode_event(kind, id, instant(at), body, decode_parts(parts))
        assert isinstance(event, MessageReceived)
        assert (event.message, event.parts) == (message, (Text(text="the quick brown fox"),))


async def test_numbers_follow_arrival(store: Store) -> None:
    """The messages of a thread are numbered from 1 without a gap, whichever batch they came in."""
    async with running(store) as bench:
        for turn in range(3):
            await asyncio.gather(*(bench.receive(wrote("ann", f"{turn}.{n}")) for n in range(40)))
        rows = await bench.rows(schema.messages, "seq", "text")
        assert rows == [(r * 40 + n + 1, f"{r}.{n}") for r in range(3) for n in range(40)]
        assert await bench.rows(schema.threads, "last_seq") == [(120,)]
        assert await bench.count(schema.conversations) == 1


async def test_a_delivery_that_comes_again_has_no_effect(store: Store) -> None:
    """Five deliveries of the same message, at once and later, are one message; each is acknowledged."""
    async with running(store) as bench:
        same = wrote("ann", key="7")
        await asyncio.gather(*(bench.receive(same) for _ in range(3)))
        await bench.receive(same, same)
        assert await bench.rows(schema.messages, "seq", "message_key") == [(1, "m-7")]
        assert await bench.count(schema.events) == 1


async def test_without_its_protection_a_delivery_has_two_effects(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: when nobody remembers deliveries, the second one becomes a second message."""
    monkeypatch.setattr("gateway.batch._is_new", _as_if_new)
    await store.write(lambda connection: connection.execute(text("DROP INDEX uq_events_delivery_key")).close())
    async with running(store) as bench:
        await bench.receive(wrote("ann", key="7", message_key=""))
        await bench.receive(wrote("ann", key="7", message_key=""))
        assert await bench.count(schema.messages) == 2


def _as_if_new(item: object, before: object, identifiers: object) -> bool:
    item.id = identifiers.new("evt")  # type: ignore[attr-defined]  # an item and identifiers
    return True


async def test_a_message_by_two_ways_is_one(store: Store) -> None:
    """A platform that tells of one message under two delivery keys brings one message."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", key="1", message_key="same"))
        await bench.receive(wrote("ann", key="2", message_key="same"), wrote("bob", key="3", message_key="same"))
        assert await bench.count(schema.messages) == 2
        assert await bench.count(schema.events) == 3


async def test_an_edit_replaces_the_words_and_keeps_the_former(store: Store) -> None:
    """The message shows the new words, the old ones are kept; a second edit in the same batch as well."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", "frist", key="1"))
        await bench.receive(edited("2", "m-1", "first"), edited("3", "m-1", "First"))
        assert await bench.rows(schema.messages, "text") == [("First",)]
        kept = [plain_text(decode_parts(row[0])) for row in await bench.rows(schema.revisions, "parts")]
        assert sorted(kept) == ["first", "frist"]


async def test_an_edit_that_overtakes_its_original_wins(store: Store) -> None:
    """An edit that comes first is the message; the original that follows changes nothing, at once or later."""
    async with running(store) as bench:
        await bench.receive(edited("2", "m-1", "second thoughts"))
        await bench.receive(wrote("ann", "first thoughts", key="1"))
        await bench.receive(edited("4", "m-3", "better"), wrote("ann", "good", key="3"))
        assert [row[0] for row in await bench.rows(schema.messages, "text")] == ["second thoughts", "better"]


def edited(key: str, message_key: str, words: str) -> Edited:
    """Ann edits a message."""
    return Edited(delivery_key=key, address="ann", message_key=message_key, parts=(Text(text=words),))


async def test_an_album_is_one_message(store: Store) -> None:
    """Pictures that were sent as one are parts of one message, in one batch and over several; each file is fetched."""
    async with running(store) as bench:
        await asyncio.gather(*(bench.receive(picture(n)) for n in range(5)))
        for n in range(5, 10):
            await bench.receive(picture(n))
        [(parts, edited_at)] = await bench.rows(schema.messages, "parts", "edited_at")
        refs = [part.ref for part in decode_parts(parts) if isinstance(part, Media)]
        assert refs == [f"file{n}" for n in range(10)]
        assert edited_at is None
        assert sorted(row[0] for row in await bench.rows(schema.fetches, "part")) == list(range(10))
        assert await bench.count(schema.conversations) == 1


def picture(number: int) -> Wrote:
    """One picture of an album."""
    return wrote("new", album="a", parts=(Media(kind=MediaKind.IMAGE, ref=f"file{number}"),))


async def test_files_are_fetched_later(store: Store) -> None:
    """A message with a file is there at once, with a row that says what is to be fetched."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", parts=(Text(text="look"), Media(kind=MediaKind.FILE, ref="f"))))
        [(message,)] = await bench.rows(schema.messages, "id")
        assert await bench.rows(schema.fetches, "message", "part", "inbox", "state") == [(message, 1, "shop", "due")]


async def test_a_profile_is_followed_but_not_over_a_colleagues_hand(store: Store) -> None:
    """A contact who is renamed on the platform is renamed here, unless somebody here gave another name."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", profile=Profile(name="Ann")))
        await bench.receive(wrote("ann", profile=Profile(name="Anne", language="en")))
        assert await bench.rows(schema.contacts, "name", "language") == [("Anne", "en")]
        await store.write(
            lambda connection: connection.execute(schema.contacts.update().values(name="VIP Ann")).close()
        )
        await bench.receive(wrote("ann", profile=Profile(name="Anna")))
        assert await bench.rows(schema.contacts, "name") == [("VIP Ann",)]


async def test_a_contact_is_returning_when_there_was_an_earlier_conversation(store: Store) -> None:
    """The first conversation's messages are not a returning contact's, however many; the second one's are."""
    seen: list[bool] = []

    def observed(board: Board, event: AnyEvent) -> tuple[Effect, ...]:
        if isinstance(event, MessageReceived):
            seen.append(event.contact.is_returning)
        return core(board, event)

    async with running(store, decide=observed) as bench:
        await bench.receive(wrote("ann"), wrote("ann"))
        await bench.receive(wrote("ann"))
        await bench.receive(Left(delivery_key="l", address="ann", reason="blocked"))
        await bench.receive(wrote("ann"), wrote("bob"))
    assert seen == [False, False, False, True, False]


async def test_leaving_and_coming_back(store: Store) -> None:
    """Who leaves ends the waiting; who comes back is no longer marked as gone; a stranger who leaves is no error."""
    async with running(store) as bench:
        await bench.receive(wrote("ann"))
        await bench.receive(Left(delivery_key="l1", address="ann", reason="blocked"))
        assert await bench.rows(schema.threads, "left_because") == [("blocked",)]
        assert await bench.rows(schema.conversations, "state") == [("resolved",)]
        await bench.receive(Came(delivery_key="c1", address="ann", profile=Profile(name="Ann")))
        assert await bench.rows(schema.threads, "left_because") == [("",)]
        await bench.receive(Left(delivery_key="l2", address="nobody", reason="blocked"))
        assert await bench.count(schema.threads) == 1


async def test_coming_in_by_an_entry_begins_a_conversation(store: Store) -> None:
    """An entry without words begins a conversation; the bare fact of following makes a contact and no more."""
    async with running(store) as bench:
        await bench.receive(Came(delivery_key="c1", address="ann", profile=Profile(name="Ann")))
        assert (await bench.count(schema.contacts), await bench.count(schema.conversations)) == (1, 0)
        await bench.receive(Came(delivery_key="c2", address="ann", profile=Profile(name="Ann"), entry="japan"))
        assert await bench.count(schema.conversations) == 1


async def test_reports_move_a_delivery_on_and_never_back(store: Store) -> None:
    """A platform's report of less than what is known changes nothing."""
    async with running(store) as bench:
        await bench.ready(LI)
        await bench.receive(wrote("ann"))
        [(conversation,)] = await bench.rows(schema.conversations, "id")
        message = (await bench.answer(conversation, LI)).message
        assert message is not None
        seen = []
        for number, state in enumerate([DeliveryState.SENT, DeliveryState.READ, DeliveryState.DELIVERED]):
            await bench.receive(Reported(delivery_key=f"r{number}", address="ann", message=message, state=state))
            seen.append((await bench.rows(schema.messages, "delivery"))[-1][0])
        assert seen == ["sent", "read", "read"]


async def test_text_that_a_database_cannot_hold_is_kept(store: Store) -> None:
    """A NUL in a message or a name loses no message on either database, and the words survive whole in its parts."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", "a\x00b", profile=Profile(name="x\x00y")))
        [(words, parts)] = await bench.rows(schema.messages, "text", "parts")
        assert (words, decode_parts(parts)) == ("ab", (Text(text="a\x00b"),))
        assert await bench.rows(schema.contacts, "name") == [("xy",)]


async def test_everybody_in_a_large_crowd_is_served(store: Store) -> None:
    """More messages at once than the largest batch are all committed, each thread with its own conversation."""
    async with running(store) as bench:
        await asyncio.gather(*(bench.receive(wrote(f"a{n}")) for n in range(1_200)))
        assert await bench.count(schema.messages) == 1_200
        assert await bench.count(schema.conversations) == 1_200
        assert len({row[0] for row in await bench.rows(schema.events, "rev")}) >= 3


async def test_nobody_is_told_before_the_commit(store: Store) -> None:
    """When a listener is called, the revision that it is told of can be read on another connection."""
    read: list[tuple[int, int]] = []

    class Reader:
        def on_commit(self, committed: Committed) -> None:
            with store._reader.connect() as connection:  # noqa: SLF001  another connection, here and now
                read.append((committed.rev, connection.exec_driver_sql("SELECT rev FROM routing").scalar_one()))

    async with running(store, listeners=(Reader(),)) as bench:
        for n in range(5):
            await bench.receive(wrote(f"a{n}"))
    assert [told for told, _ in read] == sorted({told for told, _ in read})
    assert all(stored >= told for told, stored in read)
    assert len(read) == 5


async def test_a_cancelled_caller_loses_no_message(store: Store) -> None:
    """Who gives up waiting for a message's commit does not undo it."""
    async with running(store) as bench:
        caller = asyncio.create_task(bench.receive(wrote("ann")))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await bench.receive(wrote("bob"))
        assert await bench.count(schema.messages) == 2
