"""The server: the bot's side (methods, files, updates) and the contacts' side, for programs and for the demo's page."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from adapters.telegram.fake_platform.chats import BOT_NAME, Chat, Chats, Message, StoredFile
from adapters.telegram.fake_platform.control import Control
from adapters.telegram.fake_platform.crowd import Crowd
from adapters.telegram.fake_platform.mailbox import Hook, Mailbox, Update
from adapters.telegram.fake_platform.methods import METHODS, Call
from adapters.telegram.fake_platform.rates import Rates
from adapters.telegram.fake_platform.refusals import UPLOAD_LIMIT, Refusal, bad

_FIRST_UPDATE = 700_000_000
_SECRET_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_SECRET_LIMIT = 256
_LANGUAGE = "zh-hans"


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present instant, aware."""


@dataclass(slots=True)
class FakePlatform:
    """A Bot API server with one bot, whose token is given.

    ``pace``: how long a second of the platform's patience lasts, for tests that do not want to wait. ``middlewares``
    see every call of the bot before it is answered. ``rates`` refuse what comes too fast; without them nothing does.
    """

    token: str
    clock: Clock
    pace: float = 1.0
    middlewares: Sequence[Middleware] = ()
    rates: Rates | None = None
    chats: Chats = field(init=False)
    mailbox: Mailbox = field(init=False)
    address: str = field(init=False, default="")
    _last_update: int = _FIRST_UPDATE
    _hooked_at: datetime | None = None
    _runner: web.AppRunner | None = None

    def __post_init__(self) -> None:
        """Set up the bot of this token."""
        number = self.token.partition(":")[0]
        bot_id = int(number) if number.isdecimal() else 1
        bot = {"id": bot_id, "is_bot": True, "first_name": BOT_NAME, "username": "pointsman_demo_bot"}
        self.chats = Chats(bot=bot)
        self.mailbox = Mailbox(self.clock.now, self.pace)

    # --- running ---

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; the address to give as ``api_base``, which is also the page's."""
        app = web.Application(client_max_size=UPLOAD_LIMIT + 1024 * 1024, middlewares=self.middlewares)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/files/{file_id}", self._download)
        Control(self).add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.address = f"http://{host}:{self._runner.addresses[0][1]}"
        return self.address

    async def stop(self) -> None:
        """Stop delivering and listening."""
        await self.mailbox.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- the contacts' side ---

    @property
    def crowd(self) -> Crowd:
        """What people do beyond their private chats."""
        return Crowd(self)

    def contact(self, chat_id: int, first_name: str, language_code: str = _LANGUAGE) -> Chat:
        """A contact who has opened the chat with the bot."""
        chat = self.chats.chats.get(chat_id)
        if chat is None:
            chat = Chat(chat_id=chat_id, first_name=first_name, language_code=language_code)
            self.chats.chats[chat_id] = chat
        return chat

    async def write(
        self,
        chat_id: int,
        text: str = "",
        *,
        is_held: bool = False,
        **more: Any,  # noqa: ANN401  any field of a message
    ) -> Update:
        """The contact writes; ``more`` are further fields of the message. Delivered at once unless ``is_held``."""
        chat = self.chats.chats[chat_id]
        content = ({"text": text} if text else {}) | more
        message = chat.add(chat.person(), self.date(), content)
        return await self.happened(str(chat_id), {"message": dict(message)}, is_held=is_held)

    async def edit(self, chat_id: int, message_id: int, text: str) -> Update:
        """The contact edits an own message."""
        message = self.chats.chats[chat_id].message(message_id)
        message |= {"text": text, "edit_date": self.date()}
        return await self.happened(str(chat_id), {"edited_message": dict(message)})

    async def press(self, chat_id: int, message_id: int, value: str) -> Update:
        """The contact presses a button under a message of the bot."""
        chat = self.chats.chats[chat_id]
        press_id = f"press-{len(self.chats.acknowledged) + 1}"
        self.chats.acknowledged[press_id] = False
        query = {
            "id": press_id,
            "from": chat.person(),
            "chat_instance": str(chat_id),
            "message": chat.message(message_id),
            "data": value,
        }
        return await self.happened(f"press:{chat_id}", {"callback_query": query})

    async def block(self, chat_id: int, *, is_blocked: bool = True) -> Update:
        """The contact blocks the bot, or takes that back."""
        chat = self.chats.chats[chat_id]
        chat.is_blocked = is_blocked
        member = {"status": "member", "user": self.chats.bot}
        kicked = {"status": "kicked", "user": self.chats.bot, "until_date": 0}
        change: dict[str, Any] = {"chat": chat.place(), "from": chat.person(), "date": self.date()}
        change["old_chat_member"], change["new_chat_member"] = (member, kicked) if is_blocked else (kicked, member)
        return await self.happened(f"member:{chat_id}", {"my_chat_member": change})

    async def deliver(self, update: Update) -> None:
        """Put an update into the queue: one that was held, or the same one again."""
        kind = next(name for name in update if name != "update_id")
        queue = "again" if "chat" not in update[kind] else str(update[kind]["chat"]["id"])
        await self.mailbox.add(queue, update)

    def keep(self, data: bytes, mime: str, name: str) -> str:
        """Store a contact's file; its id, for a message that has it."""
        return self.chats.keep(data, mime, name)

    def sent(self, chat_id: int) -> list[Message]:
        """What the bot has said in a chat, oldest first."""
        chat = self.chats.chats.get(chat_id)
        return [message for message in chat.messages if message["from"]["is_bot"]] if chat is not None else []

    async def until(self, is_true: Callable[[], bool]) -> None:
        """Wait until something has happened: ``await platform.until(lambda: platform.sent(7))``."""
        async with self.mailbox.changed:
            await self.mailbox.changed.wait_for(is_true)

    async def happened(self, queue: str, content: Mapping[str, Any], *, is_held: bool = False) -> Update:
        """Something happened: an update in the queue of this name."""
        self._last_update += 1
        update: Update = {"update_id": self._last_update, **content}
        if not is_held:
            await self.mailbox.add(queue, update)
        return update

    # --- the bot's side ---

    async def _call(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
            call = await _read(request, self.date())
            result = await self._result(request.match_info["method"].lower(), call)
        except Refusal as refusal:
            headers = (
                {"Retry-After": str(refusal.parameters["retry_after"])} if "retry_after" in refusal.parameters else {}
            )
            return web.json_response(refusal.body(), status=refusal.code, headers=headers)
        await self.mailbox.tell()
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, call: Call) -> Any:  # noqa: ANN401  each method has its own
        match method:
            case "setwebhook":
                return await self._set_webhook(call.fields)
            case "deletewebhook":
                await self.mailbox.set_hook(None)
                return True
            case "getwebhookinfo":
                return self.mailbox.info()
            case "getupdates":
                self._allow(call.fields)
                number = {name: int(call.fields.get(name) or 0) for name in ("offset", "limit", "timeout")}
                return await self.mailbox.ask(number["offset"], number["limit"] or 100, min(number["timeout"], 50))
            case _ if method in METHODS:
                if self.rates is not None and method.startswith("send") and method != "sendchataction":
                    self.rates.check(self.chats.reachable(call.fields.get("chat_id", "")).chat_id)
                return METHODS[method](self.chats, call)
            case _:
                raise Refusal(404, "Not Found")

    async def _set_webhook(self, fields: Mapping[str, str]) -> bool:
        url, secret = fields.get("url", ""), fields.get("secret_token", "")
        if secret and (len(secret) > _SECRET_LIMIT or not _SECRET_CHARACTERS.issuperset(secret)):
            raise bad("secret token contains unallowed characters")
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise bad("bad webhook: invalid webhook URL specified")
        now = self.clock.now()
        if self._hooked_at is not None and now - self._hooked_at < timedelta(seconds=self.pace):
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self._hooked_at = now
        self._allow(fields)
        await self.mailbox.set_hook(Hook(url=url, secret=secret) if url else None)
        return True

    def _allow(self, fields: Mapping[str, str]) -> None:
        """Remember the kinds that the bot wants; the platform does until told otherwise."""
        if "allowed_updates" in fields:
            self.mailbox.allowed = frozenset(json.loads(fields["allowed_updates"]))

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        file = self.chats.files.get(request.match_info["file_id"])
        if file is None:
            return web.json_response(Refusal(404, "Not Found").body(), status=404)
        return web.Response(body=file.data, content_type="application/octet-stream")

    def _check_token(self, request: web.Request) -> None:
        given = request.match_info["token"]
        if not given.partition(":")[0].isdecimal() or ":" not in given:
            raise Refusal(404, "Not Found")
        if not compare_digest(given.encode(), self.token.encode()):
            raise Refusal(401, "Unauthorized")

    def date(self) -> int:
        """The present second, as messages carry it."""
        return int(self.clock.now().timestamp())


async def _read(request: web.Request, date: int) -> Call:
    """The call's fields, however they were sent: in the address, as a form, as JSON."""
    fields: dict[str, str] = dict(request.query)
    files: dict[str, StoredFile] = {}
    if request.content_type == "application/json":
        for name, value in (await request.json()).items():
            fields[name] = value if isinstance(value, str) else json.dumps(value)
    elif request.body_exists:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = StoredFile(data=value.file.read(), mime=value.content_type, name=value.filename)
            elif isinstance(value, str):
                fields[name] = value
    attached = {
        name: files.pop(fields[name][9:])
        for name in fields
        if fields[name][9:] in files and fields[name].startswith("attach://")
    }
    return Call(fields=fields, files=files | attached, date=date)
