"""The server: the account's side (token, messages, files, pushes) and the followers' side, for programs and a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web
from aiohttp.typedefs import Middleware

from adapters.wechat.document import Fields, below, words
from adapters.wechat.fake_platform.account import Account, Refusal
from adapters.wechat.fake_platform.control import Control
from adapters.wechat.fake_platform.followers import Action, Follower, Message
from adapters.wechat.fake_platform.methods import Correspondence, read
from adapters.wechat.fake_platform.pushing import Event, Pushing
from adapters.wechat.fake_platform.tokens import Tokens

_UPLOAD_LIMIT = 12 * 1024 * 1024
_FIRST_MESSAGE = 24_000_000_000_000_000


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present instant, aware."""


@dataclass(slots=True)
class FakePlatform:
    """A platform with one Official Account.

    ``pace``: how long a second of the platform's patience lasts, for tests that do not want to wait. ``middlewares``
    see every call of the account before it is answered.
    """

    account: Account
    clock: Clock
    pace: float = 1.0
    middlewares: Sequence[Middleware] = ()
    people: Correspondence = field(init=False)
    tokens: Tokens = field(init=False)
    pushing: Pushing = field(init=False)
    address: str = field(init=False, default="")
    _last_message: int = _FIRST_MESSAGE
    _runner: web.AppRunner | None = None

    def __post_init__(self) -> None:
        """Set up the account."""
        self.people = Correspondence(account=self.account, now=self.clock.now)
        self.tokens = Tokens(account=self.account, now=self.clock.now)
        self.pushing = Pushing(self.account, self.clock.now, self._replied, self.pace)

    # --- running ---

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; the address to give as ``api_base``, which is also the page's."""
        app = web.Application(client_max_size=_UPLOAD_LIMIT, middlewares=self.middlewares)
        app.router.add_post("/cgi-bin/stable_token", self._answering(self._stable_token))
        app.router.add_get("/cgi-bin/token", self._answering(self._classic_token))
        app.router.add_post("/cgi-bin/message/custom/send", self._answering(self._send))
        app.router.add_post("/cgi-bin/message/custom/typing", self._answering(self._type))
        app.router.add_post("/cgi-bin/media/upload", self._answering(self._upload))
        app.router.add_get("/cgi-bin/media/get", self._answering(self._download))
        Control(self).add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.address = f"http://{host}:{self._runner.addresses[0][1]}"
        return self.address

    async def stop(self) -> None:
        """Stop pushing and listening."""
        await self.pushing.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- the followers' side ---

    def follower(self, openid: str, name: str = "", *, is_following: bool = True) -> Follower:
        """A person who may follow the account."""
        found = self.people.followers.get(openid)
        if found is None:
            found = Follower(openid=openid, name=name or openid, is_following=is_following)
            self.people.followers[openid] = found
        return found

    async def write(self, openid: str, text: str, *, is_held: bool = False, **more: Any) -> Event:  # noqa: ANN401
        """The person writes; ``more`` are further fields of the push."""
        return await self.send_in(openid, "text", {"Content": text, **more}, text, is_held=is_held)

    async def send_in(
        self,
        openid: str,
        kind: str,
        content: dict[str, Any],
        text: str = "",
        *,
        is_held: bool = False,
        file: str = "",
    ) -> Event:
        """The person sends a message of any kind; ``text`` and ``file`` are what the transcript shows."""
        person = self.people.followers[openid]
        person.act(Action.WROTE, self.clock.now())
        person.say("contact", self.clock.now(), {"kind": kind, "text": text, **({"file": file} if file else {})})
        self._last_message += 1
        return await self._happened(person, kind, {**content, "MsgId": self._last_message}, is_held=is_held)

    async def send_picture(self, openid: str, data: bytes, mime: str = "image/jpeg") -> Event:
        """The person sends a picture."""
        media_id = self.people.keep("image", data, mime, "")
        content = {"PicUrl": f"{self.address}/control/files/{media_id}", "MediaId": media_id}
        return await self.send_in(openid, "image", content, file=media_id)

    async def tap(self, openid: str, message_id: int, value: str) -> Event:
        """The person taps a line of a menu that the account sent: its words come back, with its id."""
        person = self.people.followers[openid]
        message = next(one for one in person.messages if one["id"] == message_id)
        label = next(option["label"] for option in message["options"] if option["value"] == value)
        person.act(Action.TAPPED, self.clock.now())
        person.say("contact", self.clock.now(), {"kind": "text", "text": label})
        self._last_message += 1
        return await self._happened(
            person, "text", {"Content": label, "bizmsgmenuid": value, "MsgId": self._last_message}
        )

    async def event(self, openid: str, kind: str, **fields: Any) -> Event:  # noqa: ANN401  any field of an event
        """Something happens to the person: follows, leaves, scans, clicks."""
        person = self.people.followers[openid]
        if kind in {"subscribe", "SCAN", "CLICK"}:
            person.act(Action.TAPPED, self.clock.now())
        if kind in {"subscribe", "unsubscribe"}:
            person.is_following = kind == "subscribe"
        return await self._happened(person, "event", {"Event": kind, **fields})

    async def deliver(self, event: Event) -> None:
        """Push something that was held, or the same once more."""
        await self.pushing.push(event)

    def sent(self, openid: str) -> list[Message]:
        """What the account has said to a person, oldest first."""
        person = self.people.followers.get(openid)
        return [message for message in person.messages if message["author"] == "account"] if person else []

    async def until(self, is_true: Callable[[], bool]) -> None:
        """Wait until something has happened: ``await platform.until(lambda: platform.sent("oA1"))``."""
        async with self.pushing.changed:
            await self.pushing.changed.wait_for(is_true)

    async def _happened(self, person: Follower, kind: str, content: dict[str, Any], *, is_held: bool = False) -> Event:
        event: Event = {
            "ToUserName": self.account.original_id,
            "FromUserName": person.openid,
            "CreateTime": int(self.clock.now().timestamp()),
            "MsgType": kind,
            **content,
        }
        if not is_held:
            await self.pushing.push(event)
        await self.pushing.tell()
        return event

    def _replied(self, openid: str, reply: Fields | None) -> None:
        """The server answered a push: with words for the person, with nothing, or not as it should."""
        person = self.people.followers.get(openid)
        if person is None or reply == {}:
            return
        if not reply or words(reply, "ToUserName") != openid:
            person.errors += 1
            return
        kind = words(reply, "MsgType")
        text = words(reply, "Content") or words(below(reply, kind.capitalize()), "MediaId")
        if not text or len(text.encode()) > 2048:  # noqa: PLR2004  the platform's limit
            person.errors += 1
            return
        person.say("account", self.clock.now(), {"kind": kind, "text": text, "is_passive": True})

    # --- the account's side ---

    def _answering(self, method: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                result = await method(request)
            except Refusal as refusal:
                result = refusal.body()
            await self.pushing.tell()
            return result if isinstance(result, web.StreamResponse) else web.json_response(result)

        return answer

    async def _stable_token(self, request: web.Request) -> dict[str, Any]:
        return self.tokens.stable(read(await request.read()))

    async def _classic_token(self, request: web.Request) -> dict[str, Any]:
        return self.tokens.classic(dict(request.query))

    async def _send(self, request: web.Request) -> dict[str, Any]:
        self.tokens.check(request.query.get("access_token", ""))
        return self.people.send(await request.read())

    async def _type(self, request: web.Request) -> dict[str, Any]:
        self.tokens.check(request.query.get("access_token", ""))
        return self.people.type(await request.read())

    async def _upload(self, request: web.Request) -> dict[str, Any]:
        self.tokens.check(request.query.get("access_token", ""))
        file = (await request.post()).get("media")
        if not isinstance(file, web.FileField):
            raise Refusal(41005, "media data missing")
        kind = request.query.get("type", "")
        return self.people.upload(kind, file.file.read(), file.content_type, file.filename)

    async def _download(self, request: web.Request) -> web.Response | dict[str, Any]:
        self.tokens.check(request.query.get("access_token", ""))
        file = self.people.file(request.query.get("media_id", ""))
        if file.kind == "video":
            return {"video_url": f"{self.address}/control/files/{request.query['media_id']}"}
        return web.Response(body=file.data, content_type=file.mime)
