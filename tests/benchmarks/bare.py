"""The yardsticks: an aiohttp handler that reads the body and answers 200, and does nothing else.

The others have a platform's SDK in that handler, which proves and parses what came, and stores nothing. And
``platform`` is the other side: it agrees to every call.

Run as `python -m tests.benchmarks.bare PORT KIND`.
"""

import json
import sys
from collections.abc import Awaitable, Callable

import uvloop
from aiohttp import web

from tests.benchmarks.running import AES_KEY, APP_ID, SECRET, TOKEN, WECHAT_TOKEN

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _read(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(text="")


def _telegram() -> Handler:
    """python-telegram-bot: the secret's header and an `Update`."""
    from telegram import Bot, Update  # noqa: PLC0415  each yardstick imports its own SDK

    bot = Bot(TOKEN)

    async def handle(request: web.Request) -> web.Response:
        if request.headers["X-Telegram-Bot-Api-Secret-Token"] != SECRET:
            return web.Response(status=401)
        update = Update.de_json(json.loads(await request.read()), bot)
        return web.Response(text="" if update.effective_message else "nothing")

    return handle


def _slack() -> Handler:
    """slack-bolt: its signature check, its middleware, and a listener for messages."""
    from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request  # noqa: PLC0415  as above
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415  as above
    from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415  as above

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0BENCH", bot_token=TOKEN, bot_id="B0", bot_user_id="U0")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @app.event("message")
    async def listen(event: dict[str, object]) -> None:
        """Take the message, and do nothing with it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return handle


def _wechat() -> Handler:
    """wechatpy: signature, decryption, and a message object."""
    from wechatpy import parse_message  # noqa: PLC0415  as above
    from wechatpy.crypto import WeChatCrypto  # noqa: PLC0415  as above

    crypto = WeChatCrypto(WECHAT_TOKEN, AES_KEY, APP_ID)

    async def handle(request: web.Request) -> web.Response:
        query = request.query
        sealed = await request.read()
        plain = crypto.decrypt_message(sealed, query["msg_signature"], query["timestamp"], query["nonce"])
        return web.Response(text="success" if parse_message(plain).content else "")

    return handle


def _platform() -> Handler:
    """A platform that says yes to whatever is asked, in the forms of two."""
    chat = {"id": 1, "type": "private"}
    bot = {"id": 1, "is_bot": True, "first_name": "bench"}
    sent = {"message_id": 1, "date": 1763700000, "chat": chat, "text": "sent", **bot}
    person = {"id": "U0", "team_id": "T0BENCH", "name": "xm", "real_name": "小明", "profile": {"real_name": "小明"}}
    answer = json.dumps({"ok": True, "result": sent, "user": person, "ts": "1763700000.000001"}).encode()

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=answer, content_type="application/json")

    return handle


_HANDLERS: dict[str, Callable[[], Handler]] = {
    "bare": lambda: _read,
    "platform": _platform,
    "slack": _slack,
    "telegram": _telegram,
    "wechat": _wechat,
}


def main() -> None:
    """Serve on the port of the first argument until the process is ended."""
    app = web.Application()
    app.router.add_route(
        "*", "/{anything:.*}" if sys.argv[2] == "platform" else "/hooks/{inbox}", _HANDLERS[sys.argv[2]]()
    )
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
