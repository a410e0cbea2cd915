"""What platforms tell us besides words: signs under messages, moves to another address, buttons with long values."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from adapters.contract import AnyInbound, Profile, Reacted, Relocated, Wrote
from gateway.store import Store
from gateway.store.codec import decode_parts
from gateway.store.schema import conversations, events, messages, outbox, threads
from router.events import AgentReplied, ConversationResolved
from router.ids import ConversationId, EventId, MessageId
from router.message import Choice, Choices, Option, Part, Text, option_token
from tests.fakes.scripted_channel import CHANNEL
from tests.gateway.house import LI_NA, RED, House, open_house

LONG = "visa/" + "x" * 100
BUTTONS = Choices(options=(Option(value="short", label="短"), Option(value=LONG, label="长")))


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> AsyncIterator[House]:
    """One contact has written."""
    async with open_house(store, tmp_path) as house:
        await receive(house, wrote("first", Text(text="hello")))
        yield house


def wrote(key: str, *parts: Part, address: str = "ada") -> Wrote:
    """The contact writes."""
    return Wrote(delivery_key=key, address=address, message_key=key, profile=Profile(name="Ada"), parts=parts)


async def receive(house: House, *inbound: AnyInbound) -> None:
    """Let it happen."""
    await house.engine.receive(RED, CHANNEL, inbound)


async def said(house: House) -> list[Any]:
    """All messages, in their order."""
    return sorted(await house.rows(messages), key=lambda row: row.seq)


async def answer(house: House, id_: str, *parts: Part) -> None:
    """The agent answers."""
    (conversation,) = {row.id for row in await house.rows(conversations)}
    await house.engine.submit(
        AgentReplied(
            id=EventId(f"evt_{id_}"),
            at=datetime.now(UTC),
            conversation=ConversationId(conversation),
            agent=LI_NA,
            message=MessageId(id_),
            parts=parts,
        )
    )


async def test_a_sign_is_noted(house: House) -> None:
    """A reaction is a note in the open conversation, under the name of who reacted; it answers nothing."""
    before = (await house.rows(conversations))[0]
    await receive(house, Reacted(delivery_key="r", address="ada", message_key="1", emoji="👍", name="Bob"))
    note = (await said(house))[-1]
    assert (note.text, note.note, note.author_kind, note.author_name) == ("👍", True, "contact", "Bob")
    assert (await house.rows(conversations))[0].body == before.body
    assert all(row.message != note.id for row in await house.rows(outbox))


async def test_a_sign_that_is_taken_back_is_noted(house: House) -> None:
    """What was a sign a moment ago is told from one that stands; put there again, it is noted again."""
    for key, is_taken_back in (("r1", False), ("r2", True), ("r3", False)):
        reacted = Reacted(delivery_key=key, address="ada", message_key="1", emoji="👍", is_taken_back=is_taken_back)
        await receive(house, reacted)
    assert [row.text for row in (await said(house))[-3:]] == ["👍", "↩ 👍", "👍"]


async def test_a_sign_opens_nothing(house: House) -> None:
    """After the end, and from somebody whom we do not know, a reaction changes nothing and is kept all the same."""
    (conversation,) = await house.rows(conversations)
    await house.engine.submit(
        ConversationResolved(
            id=EventId("evt_end"), at=datetime.now(UTC), conversation=ConversationId(conversation.id), by=LI_NA
        )
    )
    count = len(await said(house))
    for number, address in enumerate(("ada", "nobody")):
        await receive(house, Reacted(delivery_key=f"r{number}", address=address, message_key="1", emoji="👍"))
    assert len(await said(house)) == count
    assert [row.kind for row in await house.rows(events) if row.kind == "Reacted"] == ["Reacted"] * 2


async def test_a_thread_moves(house: House) -> None:
    """What is written at the new address continues the thread, even in the same batch; answers go there."""
    await receive(
        house,
        Relocated(delivery_key="m", address="ada", to="ada-2"),
        wrote("second", Text(text="still me"), address="ada-2"),
    )
    (thread,) = await house.rows(threads)
    assert thread.address == "ada-2"
    assert [row.text for row in await said(house)] == ["hello", "still me"]
    await receive(house, Relocated(delivery_key="m2", address="unknown", to="other"))
    assert len(await house.rows(threads)) == 1


async def test_a_thread_does_not_move_into_another(house: House) -> None:
    """Where a thread has begun already, both stay what they are."""
    await receive(house, wrote("b", Text(text="hi"), address="bob"))
    await receive(house, Relocated(delivery_key="m", address="ada", to="bob"))
    assert sorted(row.address for row in await house.rows(threads)) == ["ada", "bob"]


async def test_a_long_value_comes_back(house: House) -> None:
    """A token becomes the value and the label that the stored message has for it, before anybody decides."""
    await answer(house, "msg_offer", Text(text="?"), BUTTONS)
    token = option_token(MessageId("msg_offer"), 1)
    await receive(house, wrote("press", Choice(value="", label="…", ack="a", token=token)))
    pressed = (await said(house))[-1]
    assert decode_parts(pressed.parts) == (Choice(value=LONG, label="长", ack="a"),)


@pytest.mark.parametrize("token", ["msg_offer/7", "msg_unknown/0", "nonsense", "/", "msg_offer/x"])
async def test_a_token_that_names_nothing(house: House, token: str) -> None:
    """What cannot be put back is what the contact saw, or the token itself; it is never lost, never another's value."""
    await answer(house, "msg_offer", Text(text="?"), BUTTONS)
    await receive(
        house, wrote("press", Choice(value="", label="长", token=token)), wrote("p2", Choice(value="", token=token))
    )
    first, second = (await said(house))[-2:]
    assert decode_parts(first.parts) == (Choice(value="长", label="长"),)
    assert decode_parts(second.parts) == (Choice(value=token),)


async def test_a_token_of_another_thread(house: House) -> None:
    """Nobody learns what another contact was offered."""
    await answer(house, "msg_offer", Text(text="?"), BUTTONS)

    def elsewhere(connection: Connection) -> None:
        (thread,) = connection.execute(threads.select()).all()
        facts = {name: getattr(thread, name) for name in ("inbox", "channel", "contact", "created_at")}
        connection.execute(threads.insert().values(id="other", address="eve", **facts))
        connection.execute(update(messages).where(messages.c.id == "msg_offer").values(thread="other"))

    await house.store.write(elsewhere)
    token = option_token(MessageId("msg_offer"), 1)
    await receive(house, wrote("press", Choice(value="", token=token)))
    assert decode_parts((await said(house))[-1].parts) == (Choice(value=token),)
