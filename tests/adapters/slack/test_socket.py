"""Socket Mode: what happened is confirmed when it is stored, and nothing is lost when the platform drops the socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from adapters.contract import Parsed, Wrote
from adapters.errors import ChannelBroken, DeliveryError, NotConnected, Throttled
from adapters.slack.settings import Mode, SlackSettings
from adapters.slack.socket import Pulled
from router.message import Choice, Text
from tests.adapters.slack.bench import DIRECT, USER, SlackStage
from tests.fakes.platforms.slack import Answer, error, html, throttle


def listening(stage: SlackStage) -> AsyncIterator[Pulled]:
    """What the adapter pulls."""
    pulled = stage.adapter.listen()
    assert pulled is not None
    return pulled


def words(parsed: Parsed) -> str:
    """The text that was said."""
    (one,) = parsed.inbound
    assert isinstance(one, Wrote)
    (part,) = one.parts
    assert isinstance(part, Text)
    return part.text


async def taken(stage: SlackStage, count: int) -> list[str]:
    """The next texts, each confirmed."""
    found: list[str] = []
    async with asyncio.timeout(20), aclosing(listening(stage)) as pulled:  # type: ignore[type-var]
        while len(found) < count:
            parsed, confirm = await anext(pulled)
            found.append(words(parsed))
            await confirm()
        await stage.platform.until(stage.platform.dispatch.is_empty)
    return found


async def test_what_happens_comes_over_the_socket(plugged: SlackStage) -> None:
    """Fifty messages come in their order, each once, and each is confirmed."""
    await asyncio.gather(*(plugged.platform.write(USER, f"{n}") for n in range(50)))
    assert sorted(await taken(plugged, 50), key=int) == [f"{n}" for n in range(50)]
    assert {attempt.status for attempt in plugged.platform.dispatch.attempts} == {200}


async def test_nothing_is_confirmed_before_it_is_stored(plugged: SlackStage) -> None:
    """A frame that we dropped before the confirmation is offered again on the next connection."""
    await plugged.platform.write(USER, "hello")
    async with aclosing(listening(plugged)) as pulled:  # type: ignore[type-var]
        parsed, _ = await anext(pulled)
        assert words(parsed) == "hello"
        assert not plugged.platform.dispatch.attempts
    assert await taken(plugged, 1) == ["hello"]


async def test_what_is_confirmed_too_early_is_lost(plugged: SlackStage) -> None:
    """Control: confirmed before it is stored, a message whose reader dies is never offered again."""
    await plugged.platform.write(USER, "hello")
    async with aclosing(listening(plugged)) as pulled:  # type: ignore[type-var]
        _, confirm = await anext(pulled)
        await confirm()
        await plugged.platform.until(plugged.platform.dispatch.is_empty)
    await plugged.platform.write(USER, "again")
    assert await taken(plugged, 1) == ["again"]


@pytest.mark.parametrize("reason", ["", "warning", "refresh_requested", "too_many_websockets"])
async def test_a_dropped_socket_loses_nothing(plugged: SlackStage, reason: str) -> None:
    """The platform drops the socket, with a word or without any, between messages: all of them arrive."""
    found: list[str] = []
    async with asyncio.timeout(20), aclosing(listening(plugged)) as pulled:  # type: ignore[type-var]
        for n in range(6):
            await plugged.platform.write(USER, f"{n}")
            while f"{n}" not in found:
                parsed, confirm = await anext(pulled)
                found.append(words(parsed))
                if n % 2:
                    await plugged.platform.dispatch.drop(reason)
                await confirm()  # into a socket that is gone, every other time: it comes again
    assert sorted(set(found)) == [f"{n}" for n in range(6)]
    assert plugged.platform.calls.count("apps.connections.open") >= 3


async def test_a_press_and_a_command_come_too(plugged: SlackStage) -> None:
    """What forms are elsewhere are frames here, and mean the same."""
    channel = plugged.platform.workspace.channels[DIRECT]
    button = {"type": "button", "action_id": "a", "value": "yes", "text": {"type": "plain_text", "text": "Yes"}}
    blocks = [{"type": "actions", "elements": [button]}]
    plugged.platform.workspace.add(channel, plugged.platform.clock.now(), {"text": "?", "user": "U9", "blocks": blocks})
    async with asyncio.timeout(20), aclosing(listening(plugged)) as pulled:  # type: ignore[type-var]
        await plugged.platform.press(USER, DIRECT, channel.messages[0]["ts"], "yes")
        await plugged.platform.command(USER, "/visa", "Japan")
        press, confirm = await anext(pulled)
        await confirm()
        command, confirm = await anext(pulled)
        await confirm()
    (pressed,), (commanded,) = press.inbound, command.inbound
    assert isinstance(pressed, Wrote)
    assert isinstance(commanded, Wrote)
    assert pressed.parts == (Choice(value="yes", label="Yes"),)
    assert (commanded.entry, commanded.address) == ("visa", pressed.address)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", {"type": "event_callback", "event": {"type": "message", "text": "x"}}),
        ("events_api", {}), ("interactive", {"type": "view_closed"}), ("interactive", {}), ("slash_commands", {}),
        ("hologram", {"x": 1}),
    ],
)  # fmt: skip
async def test_what_means_nothing_is_confirmed_with_a_reason(
    plugged: SlackStage, kind: str, payload: dict[str, object]
) -> None:
    """A frame that cannot be read must not come again and again: it is confirmed, with a reason."""
    await plugged.platform.dispatch.offer(kind, "odd", payload)
    async with asyncio.timeout(20), aclosing(listening(plugged)) as pulled:  # type: ignore[type-var]
        parsed, confirm = await anext(pulled)
        assert (parsed.inbound, bool(parsed.reason)) == ((), True)
        await confirm()
        await plugged.platform.until(plugged.platform.dispatch.is_empty)
    assert [attempt.status for attempt in plugged.platform.dispatch.attempts] == [200]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (error("invalid_auth"), ChannelBroken), (error("not_allowed_token_type"), ChannelBroken),
        (throttle(30), Throttled), (html(), NotConnected), (html(503), NotConnected),
        (error("internal_error"), NotConnected),
        (Answer(200, b'{"ok":true,"url":"http://127.0.0.1:1/socket"}'), NotConnected),
        (Answer(200, b'{"ok":true,"url":"not an address"}'), NotConnected), (Answer(200, b'{"ok":true}'), NotConnected),
    ],
)  # fmt: skip
async def test_no_connection(plugged: SlackStage, fault: Answer, kind: type[DeliveryError]) -> None:
    """A refusal ends the listening with its own error, so that it is begun again with patience, or repaired."""
    plugged.platform.script("apps.connections.open", fault)
    with pytest.raises(kind):
        await anext(listening(plugged))


async def test_turned_off(plugged: SlackStage) -> None:
    """Socket Mode that was turned off at the app's page is the administrator's to repair."""
    pulled = listening(plugged)
    waiting = asyncio.ensure_future(anext(pulled))
    await plugged.platform.until(lambda: bool(plugged.platform.dispatch.sockets))
    await plugged.platform.dispatch.drop("link_disabled")
    with pytest.raises(ChannelBroken):
        await waiting


def test_a_socket_needs_its_token() -> None:
    """Settings that cannot work are refused in words."""
    with pytest.raises(ValueError, match="app_token"):
        SlackSettings(mode=Mode.SOCKET)
    with pytest.raises(ValueError, match="client_secret"):
        SlackSettings(client_id="1.2")
