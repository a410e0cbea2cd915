"""The simulated platform held to account by wechatpy's client and crypto, and to the documented ways of pushing."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from wechatpy import WeChatClient, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatClientException
from wechatpy.utils import check_signature

from adapters.wechat.fake_platform.account import Sealing
from tests.adapters.wechat.bench import AES_KEY, APP_ID, APP_SECRET, CONTACT, TOKEN, WeChatStage
from tests.fakes.platforms.wechat import PACE, ScriptedPlatform

HASTE = 0.1
"""How long a second of the platform's patience lasts where it waits in vain."""


def library(platform: ScriptedPlatform) -> WeChatClient:
    """The library's client of this platform; without its retry, which has no end (trap)."""
    client = WeChatClient(APP_ID, APP_SECRET, auto_retry=False)
    client.API_BASE_URL = f"{platform.address}/cgi-bin/"
    client.fetch_access_token = lambda: client._fetch_access_token(  # noqa: SLF001  its address is written into it
        url=f"{platform.address}/cgi-bin/token",
        params={"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET},
    )
    return client


async def test_the_library_can_send(on_stage: WeChatStage) -> None:
    """Text, menu, uploaded picture: the official form of each call is understood."""
    client = library(on_stage.platform)

    def all_of_it() -> None:
        client.message.send_text(CONTACT, "hello")
        lines = [{"id": "1", "content": "日本"}]
        client.message.send_msg_menu(CONTACT, {"head_content": "去哪里？", "list": lines, "tail_content": "谢谢"})
        media = client.media.upload("image", ("a.png", b"\x89PNG", "image/png"))
        client.message.send_image(CONTACT, media["media_id"])
        client.message.send_articles(
            CONTACT, [{"title": "t", "description": "d", "url": "https://x.example", "image": ""}]
        )
        assert client.media.download(media["media_id"]).content == b"\x89PNG"

    await asyncio.to_thread(all_of_it)
    assert [message["kind"] for message in on_stage.platform.sent(CONTACT)] == ["text", "msgmenu", "image", "news"]


async def test_the_library_is_refused(on_stage: WeChatStage) -> None:
    """Codes reach the library as errors: a stranger, too long a text, a token that is over."""
    client = library(on_stage.platform)
    refused: list[int] = []

    def attempt(call: Any) -> None:
        with pytest.raises(WeChatClientException) as caught:
            call()
        refused.append(caught.value.errcode)

    def all_of_it() -> None:
        attempt(lambda: client.message.send_text("nobody", "hello"))
        attempt(lambda: client.message.send_text(CONTACT, "签" * 683))
        attempt(lambda: client.message.send_image(CONTACT, "nothing"))
        on_stage.platform.tokens.revoke()
        attempt(lambda: client.message.send_text(CONTACT, "hello"))

    await asyncio.to_thread(all_of_it)
    assert refused == [40003, 45002, 40007, 40001]


@asynccontextmanager
async def server(
    answers: list[web.Response | None], on_silence: Callable[[], None] = lambda: None
) -> AsyncIterator[tuple[str, list[web.Request], list[bytes]]]:
    """An account's server: what it answers in order, then ``success``; None is no answer, of which it tells."""
    calls: list[web.Request] = []
    bodies: list[bytes] = []
    is_over = asyncio.Event()

    async def called(request: web.Request) -> web.Response:
        calls.append(request)
        bodies.append(await request.read())
        if request.method == "GET":
            return web.Response(text=request.query["echostr"])
        answer = answers.pop(0) if answers else web.Response(text="success")
        if answer is None:
            on_silence()
            await is_over.wait()
            return web.Response()
        return answer

    app = web.Application()
    app.router.add_route("*", "/hook", called)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", calls, bodies
    finally:
        is_over.set()
        await runner.cleanup()


@pytest.mark.parametrize("is_json", [False, True])
@pytest.mark.parametrize("sealing", list(Sealing))
async def test_the_library_understands_its_pushes(on_stage: WeChatStage, sealing: Sealing, is_json: bool) -> None:
    """Signature, message signature and sealed message are what wechatpy expects, in each mode."""
    platform = on_stage.platform
    platform.account.sealing, platform.account.is_json = sealing, is_json
    async with server([]) as (hook, calls, bodies):
        platform.account.hook = hook
        await platform.write(CONTACT, "我想办日本签证")
        await platform.until(platform.pushing.is_idle)
    query = calls[0].query
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    body = bodies[0]
    if sealing is not Sealing.PLAIN:
        crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
        message = json.loads(body) if is_json else body
        opened = crypto.decrypt_message(message, query["msg_signature"], query["timestamp"], query["nonce"])
        body = opened.encode()
    if is_json:
        assert '"Content": "我想办日本签证"'.encode() in body
    else:
        assert parse_message(body).content == "我想办日本签证"


async def test_the_console_asks(on_stage: WeChatStage) -> None:
    """The question whether the address is the account's is signed, and its answer is raw."""
    async with server([]) as (hook, calls, _):
        on_stage.platform.account.hook = hook
        assert await on_stage.platform.pushing.ask() == calls[0].query["echostr"]


async def test_three_attempts_with_the_same_message(on_stage: WeChatStage) -> None:
    """What is not answered in five seconds comes again, twice; then the person is shown an error."""
    platform = on_stage.platform
    platform.account.sealing, platform.pushing.pace = Sealing.PLAIN, HASTE
    async with server([None, None, None]) as (hook, calls, bodies):
        platform.account.hook = hook
        await platform.write(CONTACT, "hello")
        await platform.until(platform.pushing.is_idle)
        assert len(calls) == 3
        assert len(set(bodies)) == 1
    assert platform.people.followers[CONTACT].errors == 1


async def test_answered_at_the_second_attempt(on_stage: WeChatStage) -> None:
    """An answer in time ends it, and nobody is shown an error."""
    platform = on_stage.platform
    platform.pushing.pace = HASTE

    def be_patient() -> None:
        platform.pushing.pace = PACE

    async with server([None, web.Response(text="success")], be_patient) as (hook, calls, _):
        platform.account.hook = hook
        await platform.write(CONTACT, "hello")
        await platform.until(platform.pushing.is_idle)
        assert len(calls) == 2
    assert platform.people.followers[CONTACT].errors == 0


@pytest.mark.parametrize("answer", ["{}", "<html/>", "ok"])
async def test_what_cannot_be_read_is_shown_as_an_error(on_stage: WeChatStage, answer: str) -> None:
    """Neither success nor a reply: the person sees that the service is unavailable."""
    platform = on_stage.platform
    async with server([web.Response(text=answer)]) as (hook, _, _):
        platform.account.hook = hook
        await platform.write(CONTACT, "hello")
        await platform.until(platform.pushing.is_idle)
    assert platform.people.followers[CONTACT].errors == 1


def test_stable_tokens_are_stable(on_stage: WeChatStage) -> None:
    """The same for everybody until five minutes before the end; forced not twice in half a minute."""
    tokens, clock = on_stage.platform.tokens, on_stage.platform.clock
    asked = {"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET}
    first = tokens.stable(asked)["access_token"]
    assert tokens.stable(asked)["access_token"] == first
    clock.move(timedelta(minutes=116))  # type: ignore[attr-defined]  # the bench's clock
    second = tokens.stable(asked)["access_token"]
    assert second != first
    tokens.check(first)
    third = tokens.stable({**asked, "force_refresh": True})["access_token"]
    assert third != second
    with pytest.raises(Exception, match="quota"):
        tokens.stable({**asked, "force_refresh": True})
