"""Under which name a contact sees us, and that somebody types."""

import asyncio
from pathlib import Path

import pytest

from adapters.errors import NotConnected
from adapters.registry import UnknownChannel, channel, channel_names
from gateway.signature import signature
from gateway.store import Store
from gateway.store.schema import conversations
from gateway.typing_sign import TypingSign
from router.ids import ConversationId, InboxId
from router.message import Author, AuthorKind
from skills.ids import GroupId
from tests.fakes.scripted_channel import ScriptedChannel, call
from tests.gateway.house import DESK, RED, open_house, settings


@pytest.mark.parametrize(
    ("author", "group", "name"),
    [
        (Author(kind=AuthorKind.AGENT, id="li.na"), DESK, "娜娜"),
        (Author(kind=AuthorKind.AGENT, id="wang.fang", name="Wang Fang"), DESK, "前台"),
        (Author(kind=AuthorKind.SYSTEM), DESK, "前台"),
        (Author(kind=AuthorKind.AGENT, id="wang.fang"), GroupId("gone"), ""),
    ],
)
def test_signature(author: Author, group: GroupId, name: str) -> None:
    """A contact sees the public name, else the group's; never a login or a name for colleagues."""
    assert signature(settings(), author, group) == name


async def test_typing_is_shown_sparingly(tmp_path: Path) -> None:
    """However often an agent presses a key, the contact's platform is asked once per interval."""
    store = Store.open("", tmp_path)
    channel = ScriptedChannel(RED)
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, call({"key": "1", "address": "ada", "text": "hi"}))
        (conversation,) = await house.rows(conversations)
        sign = TypingSign(store, {RED: channel.as_inbox()})
        await asyncio.gather(*(sign.show(conversation.id, RED) for _ in range(20)))
        await sign.show(ConversationId("unknown"), RED)
        await sign.show(conversation.id, InboxId("unknown"))
        assert channel.typing == ["ada"]
    store.close()


async def test_typing_never_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that is away costs nobody an error."""
    store = Store.open("", tmp_path)
    channel = ScriptedChannel(RED)

    async def away(_address: str) -> None:
        raise NotConnected("refused")

    monkeypatch.setattr(channel, "show_typing", away)
    async with open_house(store, tmp_path, channel) as house:
        await house.intake.webhook(RED, call({"key": "1", "address": "ada", "text": "hi"}))
        (conversation,) = await house.rows(conversations)
        await TypingSign(store, {RED: channel.as_inbox()}).show(conversation.id, RED)
    store.close()


def test_registry() -> None:
    """Every channel in the table can be imported and says its own name; another is unknown, by name."""
    for name in channel_names():
        assert channel(name).name == name
    with pytest.raises(UnknownChannel, match="carrier-pigeon"):
        channel("carrier-pigeon")
