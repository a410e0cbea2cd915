"""From a platform's call to rows and back to the contact, on the real engine and both databases."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from gateway.store import Store
from gateway.store.codec import decode_parts
from gateway.store.schema import contacts, conversations, events, messages, outbox
from router.events import AgentConnected, AgentReplied, IntentChanged
from router.ids import EventId, MessageId
from router.message import Media, Part, Text
from router.presence import Intent
from tests.fakes.scripted_channel import ScriptedChannel, call
from tests.gateway.house import LI_NA, RED, House, open_house
from tests.gateway.images import picture
from tests.gateway.waiting import until_found


async def fetched(house: House) -> list[Part]:
    """The parts of the only message, once all its files are there."""
    (message,) = await house.rows(messages)
    parts = decode_parts(message.parts)
    return list(parts) if all(isinstance(part, Media) and part.media for part in parts) else []


async def sent(house: House) -> bool:
    """Whether something went out, and nothing is on its way any more."""
    rows = await house.rows(outbox)
    return bool(rows) and all(row.state == "done" for row in rows)


async def test_album(store: Store, tmp_path: Path) -> None:
    """Ten pictures that a new contact sends at once are one conversation and one message, with all ten in it."""
    channel = ScriptedChannel(RED, files={f"f{n}": picture(n) for n in range(10)})
    async with open_house(store, tmp_path, channel) as house:
        answers = await asyncio.gather(
            *(
                house.intake.webhook(RED, call({"key": f"k{n}", "address": "ada", "file": f"f{n}", "album": "holiday"}))
                for n in range(10)
            )
        )
        assert {answer.status for answer in answers} == {200}
        assert len(await house.rows(conversations)) == 1
        assert len(await house.rows(contacts)) == 1
        parts = await until_found(lambda: fetched(house))
        (message,) = await house.rows(messages)
        assert sorted(part.ref for part in parts if isinstance(part, Media)) == [f"f{n}" for n in range(10)]
        assert message.edited_at is None


async def test_albums_of_two_contacts(store: Store, tmp_path: Path) -> None:
    """Albums of the same name from two contacts stay apart; a message without an album stands for itself."""
    async with open_house(store, tmp_path) as house:
        for address in ("ada", "bob"):
            for n in range(2):
                item = {"key": f"{address}{n}", "address": address, "text": f"{n}", "album": "same"}
                await house.intake.webhook(RED, call(item))
        await house.intake.webhook(RED, call({"key": "last", "address": "ada", "text": "and?"}))
        assert sorted(row.text for row in await house.rows(messages)) == ["0\n1", "0\n1", "and?"]


async def test_repeated_delivery(store: Store, tmp_path: Path) -> None:
    """The same delivery five times has one effect, and each is acknowledged."""
    async with open_house(store, tmp_path) as house:
        request = call({"key": "1", "address": "ada", "text": "hi"})
        answers = await asyncio.gather(*(house.intake.webhook(RED, request) for _ in range(5)))
        assert [answer.status for answer in answers] == [200] * 5
        assert len(await house.rows(messages)) == 1


async def test_forged_leaves_no_row(store: Store, tmp_path: Path) -> None:
    """A forged call leaves no row at all."""
    async with open_house(store, tmp_path) as house:
        request = call({"key": "1", "address": "ada", "text": "hi"}, proof=False)
        assert (await house.intake.webhook(RED, request)).status == 401
        for table in (events, messages, contacts, conversations):
            assert await house.rows(table) == []


async def test_answer_reaches_the_contact(store: Store, tmp_path: Path) -> None:
    """An agent's answer goes to the contact under the agent's public name, and the desk hears that it was sent."""
    async with open_house(store, tmp_path) as house:
        now = datetime.now(UTC)
        await house.engine.submit(AgentConnected(id=EventId("evt_1"), at=now, agent=LI_NA))
        await house.engine.submit(IntentChanged(id=EventId("evt_2"), at=now, agent=LI_NA, intent=Intent.READY))
        await house.intake.webhook(RED, call({"key": "1", "address": "ada", "text": "hi"}))
        (conversation,) = await house.rows(conversations)
        await house.engine.submit(
            AgentReplied(
                id=EventId("evt_3"),
                at=datetime.now(UTC),
                conversation=conversation.id,
                agent=LI_NA,
                message=MessageId("msg_answer"),
                parts=(Text(text="hello Ada"),),
            )
        )
        await until_found(lambda: sent(house))
        (taken,) = house.channel.taken
        assert (taken.address, taken.author_name, taken.parts) == ("ada", "娜娜", (Text(text="hello Ada"),))
        row = next(row for row in await house.rows(messages) if row.id == "msg_answer")
        assert (row.delivery, row.message_key) == ("sent", "red:1")
