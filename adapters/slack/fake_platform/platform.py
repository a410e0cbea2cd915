"""The server: the app's side (methods, files, sockets) and the people's side, for programs and for the demo's page."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Any, Protocol

from aiohttp import web
from aiohttp.typedefs import Middleware
from yarl import URL

from adapters.slack.fake_platform.control import Control
from adapters.slack.fake_platform.dispatch import Dispatch, Hook
from adapters.slack.fake_platform.methods import METHODS, SCOPES, Call
from adapters.slack.fake_platform.refusals import Refusal
from adapters.slack.fake_platform.workspace import APP, BOT, BOT_USER, TEAM, Channel, Message, Person, Workspace

UPLOAD_LIMIT = 64 * 1024 * 1024
_LOGIN_PAGE = "<!DOCTYPE html><html><title>Sign in</title></html>"


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present instant, aware."""


@dataclass(slots=True)
class FakePlatform:
    """A workspace with one app, whose bot token and app-level token are given.

    ``pace``: how long a second of the platform's patience lasts, for tests that do not want to wait. ``middlewares``
    see every call of the app before it is answered.
    """

    token: str
    app_token: str
    clock: Clock
    pace: float = 1.0
    middlewares: Sequence[Middleware] = ()
    scopes: frozenset[str] = SCOPES
    workspace: Workspace = field(default_factory=Workspace)
    dispatch: Dispatch = field(init=False)
    address: str = field(init=False, default="")
    client_id: str = "1.2"
    client_secret: str = ""
    _codes: set[str] = field(default_factory=set)
    _events: int = 0
    _tickets: set[str] = field(default_factory=set)
    _runner: web.AppRunner | None = None

    def __post_init__(self) -> None:
        """Set up how events leave."""
        self.dispatch = Dispatch(self.clock.now, self.pace)

    # --- running ---

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; the address to give as ``api_base``."""
        app = web.Application(client_max_size=UPLOAD_LIMIT, middlewares=self.middlewares)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files-pri/{file}/{rest:.*}", self._download)
        app.router.add_get("/socket/{ticket}", self._socket)
        app.router.add_get("/oauth/v2/authorize", self._authorize)
        Control(self).add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.address = f"http://{host}:{self._runner.addresses[0][1]}"
        self.workspace.address = self.address
        return f"{self.address}/api"

    async def stop(self) -> None:
        """Stop offering and listening."""
        await self.dispatch.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def call(self, url: str, secret: str) -> None:
        """Call the app there, instead of its sockets."""
        self.dispatch.hook = Hook(url=url, secret=secret)

    # --- the people's side ---

    def contact(self, user: str, name: str, locale: str = "zh-CN") -> Channel:
        """Somebody who can write to the app; the direct channel."""
        self.workspace.people.setdefault(user, Person(user=user, name=name, locale=locale))
        return self.workspace.direct(user)

    def channel(self, name: str) -> Channel:
        """A channel that the app was invited to."""
        return self.workspace.channels.setdefault(name, Channel(channel=name))

    async def write(
        self,
        user: str,
        text: str = "",
        *,
        channel: str = "",
        is_held: bool = False,
        **more: Any,  # noqa: ANN401  any field of a message
    ) -> list[dict[str, Any]]:
        """Somebody writes, to the app directly or in a channel; the events, offered at once unless ``is_held``.

        Who addresses the app in a channel causes two events of the same words.
        """
        place = self.workspace.channels[channel] if channel else self.workspace.direct(user)
        message = self.workspace.add(place, self.clock.now(), {"user": user, "team": TEAM, "text": text, **more})
        event = {**message, "channel": place.channel, "event_ts": message["ts"]}
        events = [self.event({**event, "channel_type": place.kind})]
        if channel and f"<@{BOT_USER}>" in text:
            events.append(self.event({**event, "type": "app_mention"}))
        for one in () if is_held else events:
            await self.deliver(one)
        return events

    async def share(self, user: str, data: bytes, mime: str, name: str, text: str = "") -> list[dict[str, Any]]:
        """Somebody shares a file with the app."""
        file = self.workspace.keep(name, len(data))
        file.data, file.mime, file.is_shared = data, mime, True
        return await self.write(user, text, subtype="file_share", files=[file.described(self.address)])

    async def edit(self, channel: str, stamp: str, text: str) -> dict[str, Any]:
        """Somebody edits an own message."""
        place = self.workspace.channels[channel]
        message = place.message(stamp)
        before = dict(message)
        message |= {"text": text, "edited": {"user": message["user"], "ts": self._stamp()}}
        changed = {"subtype": "message_changed", "message": dict(message), "previous_message": before, "hidden": True}
        return await self._happened(place, changed)

    async def delete(self, channel: str, stamp: str) -> dict[str, Any]:
        """Somebody deletes an own message."""
        place = self.workspace.channels[channel]
        message = place.message(stamp)
        place.messages.remove(message)
        deleted = {"subtype": "message_deleted", "deleted_ts": stamp, "previous_message": message, "hidden": True}
        return await self._happened(place, deleted)

    async def press(self, user: str, channel: str, stamp: str, value: str) -> dict[str, Any]:
        """Somebody presses a button under a message of the app.

        Raises:
            LookupError: there is no such button.
        """
        message = self.workspace.channels[channel].message(stamp)
        buttons = [one for block in message.get("blocks", []) for one in block.get("elements", [])]
        button = next((one for one in buttons if one["value"] == value), None)
        if button is None:
            raise LookupError(f"no button {value!r}")
        container = {"type": "message", "message_ts": stamp, "channel_id": channel, "is_ephemeral": False}
        container |= {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        payload = {
            "type": "block_actions", "api_app_id": APP, "team": {"id": TEAM, "domain": "demo"}, "enterprise": None,
            "is_enterprise_install": False, "channel": {"id": channel}, "container": container, "message": message,
            "user": {"id": user, "name": self.workspace.people[user].name, "team_id": TEAM},
            "trigger_id": f"trigger-{self._number()}", "actions": [{**button, "action_ts": self._stamp()}],
        }  # fmt: skip
        await self.dispatch.offer("interactive", stamp, payload)
        return payload

    async def command(self, user: str, command: str, text: str) -> dict[str, str]:
        """Somebody uses a slash command."""
        payload = {
            "command": command, "text": text, "team_id": TEAM, "user_id": user, "api_app_id": APP,
            "user_name": self.workspace.people[user].name, "channel_id": self.workspace.direct(user).channel,
            "trigger_id": f"trigger-{self._number()}", "is_enterprise_install": "false",
        }  # fmt: skip
        await self.dispatch.offer("slash_commands", payload["trigger_id"], payload)
        return payload

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """An event in its envelope."""
        installation = {"team_id": TEAM, "enterprise_id": None, "user_id": BOT_USER, "is_bot": True}
        return {
            "type": "event_callback", "team_id": TEAM, "api_app_id": APP, "event": dict(event),
            "event_id": f"Ev{self._number():08d}", "event_time": int(self.clock.now().timestamp()),
            "authorizations": [{**installation, "is_enterprise_install": False}], "is_ext_shared_channel": False,
        }  # fmt: skip

    async def deliver(self, event: Mapping[str, Any]) -> None:
        """Offer an event: one that was held, or the same one again."""
        await self.dispatch.offer("events_api", str(event["event_id"]), event)

    def sent(self, channel: str) -> list[Message]:
        """What the app has said in a channel, oldest first."""
        place = self.workspace.channels.get(channel)
        return [message for message in place.messages if message.get("bot_id") == BOT] if place is not None else []

    async def until(self, is_true: Callable[[], bool]) -> None:
        """Wait until something has happened: ``await platform.until(lambda: platform.sent("D1"))``."""
        async with self.dispatch.changed:
            await self.dispatch.changed.wait_for(is_true)

    async def _happened(self, place: Channel, content: Mapping[str, Any]) -> dict[str, Any]:
        stamp = self._stamp()
        base = {"type": "message", "channel": place.channel, "channel_type": place.kind, "ts": stamp, "event_ts": stamp}
        event = self.event({**base, **content})
        await self.deliver(event)
        return event

    def _number(self) -> int:
        self._events += 1
        return self._events

    def _stamp(self) -> str:
        return f"{int(self.clock.now().timestamp())}.{900_000 + self._number():06d}"

    # --- the app's side ---

    async def _call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        try:
            call = Call(arguments=await _arguments(request), now=self.clock.now())
            if name == "oauth.v2.access":
                answer = self._install(request, call)
            else:
                answer = self._answer(name, _token(request, call), call)
        except Refusal as refusal:
            return web.json_response(refusal.body())
        await self.dispatch.tell()
        return web.json_response({"ok": True, **answer}, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})

    def _answer(self, name: str, token: str, call: Call) -> dict[str, Any]:
        if not token:
            raise Refusal("not_authed")
        if name == "apps.connections.open":
            return self._open(token)
        method = METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method", req_method=name)
        if not compare_digest(token.encode(), self.token.encode()):
            raise Refusal("invalid_auth")
        if method.scope and method.scope not in self.scopes:
            raise Refusal("missing_scope", needed=method.scope, provided=",".join(sorted(self.scopes)))
        return method.function(self.workspace, call)

    def _open(self, token: str) -> dict[str, Any]:
        if not compare_digest(token.encode(), self.app_token.encode()):
            raise Refusal(
                "not_allowed_token_type" if compare_digest(token.encode(), self.token.encode()) else "invalid_auth"
            )
        ticket = f"ticket-{self._number()}"
        self._tickets.add(ticket)
        return {"url": f"{self.address.replace('http', 'ws', 1)}/socket/{ticket}?app_id={APP}"}

    async def _authorize(self, request: web.Request) -> web.Response:
        """The page where somebody agrees to install the app; here everybody does, at once."""
        if request.query.get("client_id") != self.client_id or not request.query.get("scope"):
            raise web.HTTPBadRequest(text="invalid_client_id")
        code = f"code-{self._number()}"
        self._codes.add(code)
        back = URL(request.query["redirect_uri"]).update_query(code=code, state=request.query.get("state", ""))
        raise web.HTTPFound(back)

    def _install(self, request: web.Request, call: Call) -> dict[str, Any]:
        """Change a code for the bot's token; a code is good once."""
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        if not compare_digest(given, b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()):
            raise Refusal("bad_client_secret")
        if call.text("code") not in self._codes:
            raise Refusal("invalid_code")
        self._codes.remove(call.text("code"))
        return {
            "access_token": self.token, "token_type": "bot", "scope": ",".join(sorted(self.scopes)), "app_id": APP,
            "bot_user_id": BOT_USER, "team": {"id": TEAM, "name": "Pointsman demo"}, "enterprise": None,
            "is_enterprise_install": False,
        }  # fmt: skip

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        greeting = {"type": "hello", "num_connections": len(self.dispatch.sockets) + 1}
        await self.dispatch.serve(socket, greeting | {"connection_info": {"app_id": APP}})
        return socket

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.match_info["file"])
        if file is None or file.data is not None:
            raise web.HTTPNotFound
        data = await request.read()
        if len(data) != file.size:
            raise web.HTTPBadRequest(text="the length is not what was announced")
        file.data = data
        return web.Response(text=f"OK - {len(data)}")

    async def _download(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.match_info["file"])
        may = compare_digest(_bearer(request).encode(), self.token.encode()) and "files:read" in self.scopes
        if not may:  # as the real one: a page where people log in
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        if file is None or file.data is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type=file.mime)


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


def _token(request: web.Request, call: Call) -> str:
    return _bearer(request) or call.text("token")


async def _arguments(request: web.Request) -> dict[str, Any]:
    """A call's arguments, however they were sent: in the address, as a form, as JSON."""
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            given = await request.json()
        except ValueError:
            raise Refusal("invalid_json") from None
        if not isinstance(given, dict):
            raise Refusal("json_not_object")
        arguments |= given
    elif request.body_exists:
        arguments |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return arguments
