"""Telling the platform where to call, being called by it, and fetching files."""

import json
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from adapters.contract import Wrote
from adapters.errors import ChannelBroken, Forged, NotConnected, Rejected
from adapters.telegram.parse import KINDS
from adapters.telegram.parts import FETCH_LIMIT
from adapters.wire import WebhookRequest
from router.message import Media, MediaKind
from tests.adapters.telegram.bench import CONTACT, SECRET, TOKEN, TelegramStage
from tests.fakes.clock import NOON
from tests.fakes.platforms.telegram import Answer, Reset, error


class Gateway:
    """The smallest gateway: authenticates and parses with an adapter, answers with scripted codes."""

    def __init__(self, stage: TelegramStage) -> None:
        self.stage = stage
        self.codes: list[int] = []
        self.keys: list[str] = []
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        """One call of the webhook."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = WebhookRequest(method="POST", path="", query={}, headers=headers, body=await request.read())
        try:
            self.stage.adapter.authenticate(call, NOON)
        except Forged:
            return web.Response(status=401)
        self.keys += [one.delivery_key for one in self.stage.adapter.parse(call).inbound]
        return web.Response(status=self.codes.pop(0) if self.codes else 200)


@pytest.fixture
async def gateway(on_stage: TelegramStage) -> AsyncIterator[Gateway]:
    """A gateway on loopback, which the platform has been told of."""
    ready = Gateway(on_stage)
    app = web.Application()
    app.router.add_post("/hooks/tg", ready.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ready.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/tg"
    await on_stage.adapter.prepare(ready.url)
    yield ready
    await on_stage.platform.stop()
    await runner.cleanup()


async def test_the_platform_calls_where_it_was_told(on_stage: TelegramStage, gateway: Gateway) -> None:
    """What the contact writes arrives by webhook, proven by the secret."""
    update = await on_stage.platform.write(CONTACT, "你好")
    await on_stage.platform.until(on_stage.platform.mailbox.is_empty)
    assert gateway.keys == [str(update["update_id"])]
    assert on_stage.platform.mailbox.allowed == set(KINDS)


async def test_a_failing_webhook_is_called_again_in_order(on_stage: TelegramStage, gateway: Gateway) -> None:
    """The second message of a chat waits until the first was taken; each keeps its key."""
    gateway.codes = [503, 503, 200]
    first = await on_stage.platform.write(CONTACT, "一")
    second = await on_stage.platform.write(CONTACT, "二")
    await on_stage.platform.until(on_stage.platform.mailbox.is_empty)
    assert gateway.keys == [str(first["update_id"])] * 3 + [str(second["update_id"])]
    assert [attempt.status for attempt in on_stage.platform.mailbox.attempts] == [503, 503, 200, 200]


async def test_without_an_address_nothing_is_set(on_stage: TelegramStage) -> None:
    """A gateway that cannot be reached does not tell the platform to call it."""
    await on_stage.adapter.prepare("")
    assert on_stage.platform.calls == []


async def test_who_asks_removes_the_webhook(asking: TelegramStage) -> None:
    """In polling mode a webhook that was left behind goes at the start."""
    await asking.adapter.prepare("https://gateway.example/hooks/tg")
    assert asking.platform.calls == ["deleteWebhook", "getMe"]
    assert asking.adapter.routes() == ()


async def test_who_asks_is_not_called(asking: TelegramStage) -> None:
    """In polling mode no call is authentic, not even with the secret."""
    headers = {"x-telegram-bot-api-secret-token": SECRET}
    with pytest.raises(Forged):
        asking.adapter.authenticate(WebhookRequest(method="POST", path="", query={}, headers=headers, body=b""), NOON)


async def test_a_refused_token_breaks_the_channel(on_stage: TelegramStage) -> None:
    """It is said at the start, by name."""
    on_stage.platform.script("setWebhook", error(401, "Unauthorized"))
    with pytest.raises(ChannelBroken):
        await on_stage.adapter.prepare("https://gateway.example/hooks/tg")


# --- files ---


def picture(ref: str, size: int = 0) -> Media:
    """A picture as it was parsed."""
    return Media(kind=MediaKind.IMAGE, ref=ref, mime="image/jpeg", size=size)


async def test_a_file_is_fetched(on_stage: TelegramStage) -> None:
    """The contact's bytes, with what the platform said of them when they came."""
    ref = on_stage.platform.keep(b"\xff\xd8jpeg", "image/jpeg", "x.jpg")
    update = await on_stage.platform.write(CONTACT, photo=[{"file_id": ref, "width": 4, "height": 3}])
    call = WebhookRequest(method="POST", path="", query={}, headers={}, body=json.dumps(update).encode())

    (wrote,) = on_stage.adapter.parse(call).inbound
    assert isinstance(wrote, Wrote)
    (media,) = wrote.parts
    assert isinstance(media, Media)
    fetched = await on_stage.adapter.fetch(media)
    assert (fetched.data, fetched.mime) == (b"\xff\xd8jpeg", "image/jpeg")


async def test_an_unknown_file_will_never_come(on_stage: TelegramStage) -> None:
    """Not found, too large, gone: final."""
    big = on_stage.platform.keep(b"x" * (FETCH_LIMIT + 1), "image/jpeg", "big.jpg")
    for media in (picture("unknown"), picture(big), picture("any", size=FETCH_LIMIT + 1)):
        with pytest.raises(Rejected):
            await on_stage.adapter.fetch(media)


async def test_a_file_that_lies_about_its_size_is_cut_off(on_stage: TelegramStage) -> None:
    """No more than the limit is ever held in memory, whatever was announced."""
    big = on_stage.platform.keep(b"x" * (FETCH_LIMIT + 1), "image/jpeg", "big.jpg")
    path = b'{"ok": true, "result": {"file_id": "f", "file_unique_id": "u", "file_path": "files/%s"}}' % big.encode()
    on_stage.platform.script("getFile", Answer(200, path))
    with pytest.raises(Rejected, match="20 MB"):
        await on_stage.adapter.fetch(picture(big))


async def test_a_file_that_is_gone_is_final(on_stage: TelegramStage) -> None:
    """Its address has expired or was never there."""
    path = b'{"ok": true, "result": {"file_id": "f", "file_unique_id": "u", "file_path": "files/../../etc/passwd"}}'
    on_stage.platform.script(
        "getFile", Answer(200, path), Answer(200, b'{"ok": true, "result": {"file_id": "f", "file_unique_id": "u"}}')
    )
    for _ in range(2):
        with pytest.raises(Rejected):
            await on_stage.adapter.fetch(picture("f"))


async def test_fetching_may_be_repeated(on_stage: TelegramStage) -> None:
    """Fetching changes nothing: a broken connection is no reason to give up."""
    on_stage.platform.script("getFile", Reset())
    with pytest.raises(NotConnected) as caught:
        await on_stage.adapter.fetch(picture("f"))
    assert caught.value.is_retryable


async def test_the_library_never_knows_a_secret(on_stage: TelegramStage, caplog: pytest.LogCaptureFixture) -> None:
    """Even its debug log, which shows addresses, has nothing to show."""
    caplog.set_level(logging.DEBUG)
    await on_stage.adapter.show_typing(str(CONTACT))
    await on_stage.adapter.prepare("https://gateway.example/hooks/tg")
    assert "sendChatAction" in caplog.text
    assert TOKEN not in caplog.text
    assert SECRET not in caplog.text
