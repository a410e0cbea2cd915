"""What was said where others talk too, and not to us, counts only where we are known; on both databases."""

from dataclasses import replace

import pytest

from adapters.contract import Edited
from gateway.store import Store, schema
from router.message import Text
from tests.gateway.engine.workshop import running, wrote


def edited(message_key: str, text: str) -> Edited:
    """An aside was edited."""
    return Edited(
        delivery_key=f"edit-{text}", address="ann", is_aside=True, message_key=message_key, parts=(Text(text=text),)
    )


async def test_an_aside_from_nowhere_is_nothing(store: Store) -> None:
    """An aside at an address that never wrote to us makes neither contact, thread nor conversation."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", is_aside=True), edited("m-d1", "other words"))
        for table in (schema.contacts, schema.threads, schema.messages, schema.conversations):
            assert await bench.count(table) == 0


@pytest.mark.parametrize("is_one_batch", [True, False])
async def test_an_aside_where_we_are_known_counts(store: Store, is_one_batch: bool) -> None:
    """Once the address has written to us, what is said there belongs to the conversation."""
    first, second = wrote("ann", "to you"), wrote("ann", "aside", is_aside=True)
    async with running(store) as bench:
        if is_one_batch:
            await bench.receive(first, second)
        else:
            await bench.receive(first)
            await bench.receive(second)
        assert [text for (text,) in await bench.rows(schema.messages, "text")] == ["to you", "aside"]
        assert await bench.count(schema.conversations) == 1


async def test_an_aside_does_not_hide_what_is_said_to_us(store: Store) -> None:
    """The same words come as an aside and, under another key, as said to us: in either order there is one message."""
    said = wrote("ann", "hello", key="k")
    aside = replace(said, delivery_key="k:aside", is_aside=True)
    async with running(store) as bench:
        await bench.receive(aside)
        await bench.receive(said)
        await bench.receive(aside)
        await bench.receive(replace(aside, delivery_key="again"))
        assert [text for (text,) in await bench.rows(schema.messages, "text")] == ["hello"]


async def test_an_edited_aside(store: Store) -> None:
    """The edit of an aside changes the message that we have, and adds none that we have not."""
    async with running(store) as bench:
        await bench.receive(wrote("ann", "one", key="a"))
        await bench.receive(edited("m-a", "two"), edited("m-unknown", "three"))
        assert [text for (text,) in await bench.rows(schema.messages, "text")] == ["two"]
