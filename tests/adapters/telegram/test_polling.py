"""Long polling: an update is forgotten by the platform only after it was confirmed."""

import asyncio

import pytest

from adapters.contract import Parsed, Wrote
from adapters.errors import Ambiguous, ChannelBroken, NotConnected
from adapters.telegram.fake_platform.mailbox import Hook
from adapters.telegram.polling import Pulled
from adapters.telegram.refusal import Conflict
from router.message import Text
from tests.adapters.telegram.bench import CONTACT, TelegramStage
from tests.fakes.platforms.nowhere import nowhere
from tests.fakes.platforms.telegram import Answer, Hang, error


async def pulled(stage: TelegramStage, count: int) -> list[Pulled]:
    """The next updates, in a listening that starts anew."""
    listening = stage.adapter.listen()
    assert listening is not None
    found: list[Pulled] = []
    async with asyncio.timeout(20):
        async for one in listening:
            found.append(one)
            if len(found) == count:
                break
    return found


def words(found: list[Pulled]) -> list[str]:
    """The texts among what was pulled."""
    inbound = [one for parsed, _ in found for one in parsed.inbound]
    return [part.text for one in inbound if isinstance(one, Wrote) for part in one.parts if isinstance(part, Text)]


async def write(stage: TelegramStage, *texts: str) -> None:
    """The contact writes these."""
    for text in texts:
        await stage.platform.write(CONTACT, text)


async def test_what_was_confirmed_is_not_asked_again(asking: TelegramStage) -> None:
    """The next question begins behind the last confirmed update."""
    await write(asking, "one", "two")
    for _, confirm in await pulled(asking, 2):
        await confirm()
    await write(asking, "three")
    assert words(await pulled(asking, 1)) == ["three"]


async def test_what_was_not_confirmed_comes_again(asking: TelegramStage) -> None:
    """An update that was not stored is delivered again, with the same key."""
    await write(asking, "one")
    first, second = await pulled(asking, 1), await pulled(asking, 1)
    assert first[0][0] == second[0][0]


async def test_a_gap_holds_the_offset(asking: TelegramStage) -> None:
    """When a later update is confirmed before an earlier one, both come again: nothing is skipped."""
    await write(asking, "one", "two")
    _, (_, confirm_second) = await pulled(asking, 2)
    await confirm_second()
    assert words(await pulled(asking, 2)) == ["one", "two"]


async def test_confirming_closes_the_gap(asking: TelegramStage) -> None:
    """Confirmed out of order, all are behind us once the first is."""
    await write(asking, "one", "two")
    (_, first), (_, second) = await pulled(asking, 2)
    await second()
    await first()
    await write(asking, "three")
    assert words(await pulled(asking, 1)) == ["three"]


async def test_one_listening_goes_on(asking: TelegramStage) -> None:
    """The same listening yields what is written while it waits."""
    listening = asking.adapter.listen()
    assert listening is not None
    waiting = asyncio.ensure_future(anext(listening))
    await asking.platform.until(lambda: "getUpdates" in asking.platform.calls)
    await write(asking, "later")
    parsed, confirm = await waiting
    await confirm()
    await write(asking, "last")
    assert words([(parsed, confirm), await anext(listening)]) == ["later", "last"]


async def test_a_forgotten_webhook_is_removed(asking: TelegramStage) -> None:
    """A webhook that was set meanwhile keeps nobody from asking."""
    async with nowhere() as origin:
        await asking.platform.mailbox.set_hook(Hook(url=f"{origin}/hooks/tg"))
        await write(asking, "one")
        assert words(await pulled(asking, 1)) == ["one"]
    assert asking.platform.mailbox.hook is None


async def test_another_process_that_asks_is_reported(asking: TelegramStage) -> None:
    """Two programs with one bot is for a person to repair."""
    conflict = error(409, "Conflict: terminated by other getUpdates request")
    asking.platform.script("getUpdates", conflict, conflict)
    with pytest.raises(Conflict):
        await pulled(asking, 1)
    assert issubclass(Conflict, ChannelBroken)


@pytest.mark.parametrize(
    "answer", [Answer(200, b"<html>"), Answer(200, b'{"ok": true, "result": 7}'), Answer(500, b"")]
)
async def test_unreadable_news_end_the_listening(asking: TelegramStage, answer: Answer) -> None:
    """Whoever supervises starts it again, later; nothing is lost by that."""
    await write(asking, "one")
    asking.platform.script("getUpdates", answer)
    with pytest.raises(Ambiguous):
        await pulled(asking, 1)
    assert words(await pulled(asking, 1)) == ["one"]


async def test_an_unreachable_platform_ends_the_listening(asking: TelegramStage) -> None:
    """The error says that we never got there."""
    asking.adapter = asking.broken
    with pytest.raises(NotConnected):
        await pulled(asking, 1)


async def test_an_unreadable_update_does_not_hold_up_the_rest(asking: TelegramStage) -> None:
    """It becomes a reason, is confirmed like any other, and what follows is read."""
    await asking.platform.deliver({"update_id": 1, "message": {"text": "nobody's", "chat": {"id": 0}}})
    await write(asking, "fine")
    (broken, confirm), (fine, _) = await pulled(asking, 2)
    assert broken == Parsed(reason="unreadable update: nothing says whose update it is")
    assert fine.inbound
    await confirm()
    assert words(await pulled(asking, 1)) == ["fine"]


async def test_a_bot_that_is_called_does_not_ask(on_stage: TelegramStage) -> None:
    """In webhook mode there is nothing to listen to; in polling mode there is no address."""
    assert on_stage.adapter.listen() is None
    assert [route.methods for route in on_stage.adapter.routes()] == [("POST",)]


async def test_a_hanging_question_is_given_up(asking: TelegramStage) -> None:
    """A platform that never answers is asked anew by whoever supervises."""
    asking.platform.script("getUpdates", Hang())
    listening = asyncio.ensure_future(pulled(asking, 1))
    await asking.platform.until(lambda: True)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
