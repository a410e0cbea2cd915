"""The followers' side as a page: who writes to the account, what was said, a form to write as one of them.

``GET /`` is the page; ``GET /control/chats`` and ``POST /control/write``, ``/control/tap``, ``/control/happen`` are
what it uses. The posts take JSON only: another site's page cannot send that without asking first.
"""

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from adapters.simulation.page import HEADERS, SHOWABLE, add_page, asked
from adapters.wechat.fake_platform.followers import Follower, Message

if TYPE_CHECKING:
    from adapters.wechat.fake_platform.platform import FakePlatform

_PAGE: Final = files("adapters.wechat.fake_platform") / "page"
_EVENTS: Final = frozenset({"subscribe", "unsubscribe", "SCAN", "CLICK"})


class Control:
    """The page's handlers."""

    def __init__(self, platform: "FakePlatform") -> None:
        self._platform = platform

    def add_to(self, app: web.Application) -> None:
        """Add the page and what it uses to the server."""
        add_page(app, _PAGE)
        app.router.add_get("/control/chats", self.chats)
        app.router.add_post("/control/write", self.write)
        app.router.add_post("/control/tap", self.tap)
        app.router.add_post("/control/happen", self.happen)
        app.router.add_get("/control/files/{media_id}", self.file)

    async def chats(self, _: web.Request) -> web.Response:
        """Everything that was said."""
        listed = [self._chat(person) for person in self._platform.people.followers.values()]
        return web.json_response({"chats": listed, "is_connected": bool(self._platform.account.hook)}, headers=HEADERS)

    async def write(self, request: web.Request) -> web.Response:
        """A follower writes; without an ``openid`` it is a new one, who follows first."""
        said = await asked(request)
        text = str(said.get("text") or "")
        if not text.strip():
            raise web.HTTPBadRequest(text="text: say something")
        openid = str(said.get("openid") or self._next_follower())
        self._platform.follower(openid, str(said.get("name") or ""))
        event = await self._platform.write(openid, text)
        return web.json_response({"openid": openid, "message": str(event["MsgId"])})

    async def tap(self, request: web.Request) -> web.Response:
        """A follower taps a line of a menu."""
        said = await asked(request)
        try:
            await self._platform.tap(str(said["openid"]), int(said["message_id"]), str(said["value"]))
        except (LookupError, TypeError, ValueError, StopIteration):
            raise web.HTTPNotFound(text="no such line") from None
        return web.json_response({})

    async def happen(self, request: web.Request) -> web.Response:
        """A follower follows, leaves, scans a code or clicks the account's menu; ``key`` says which."""
        said = await asked(request)
        openid, kind, key = str(said.get("openid")), str(said.get("event")), str(said.get("key") or "")
        if kind not in _EVENTS or openid not in self._platform.people.followers:
            raise web.HTTPNotFound(text="no such event or follower")
        fields = {"EventKey": f"qrscene_{key}" if key and kind == "subscribe" else key}
        await self._platform.event(openid, kind, **fields)
        return web.json_response({})

    async def file(self, request: web.Request) -> web.Response:
        """A file that was sent."""
        stored = self._platform.people.files.get(request.match_info["media_id"])
        if stored is None:
            raise web.HTTPNotFound
        mime = stored.mime if stored.mime in SHOWABLE | {"video/mp4"} else "application/octet-stream"
        return web.Response(body=stored.data, content_type=mime, headers=HEADERS)

    def _next_follower(self) -> str:
        return f"oDemo{len(self._platform.people.followers) + 1:023d}"

    def _chat(self, person: Follower) -> dict[str, Any]:
        now = self._platform.clock.now()
        return {
            "openid": person.openid,
            "name": person.name,
            "is_following": person.is_following,
            "is_typing": person.is_typing(now),
            "left": person.left(now),
            "errors": person.errors,
            "messages": [_message(message) for message in person.messages],
        }


def _message(message: Message) -> dict[str, Any]:
    """A message as the page shows it."""
    shown = {name: value for name, value in message.items() if name != "file"}
    if "file" in message:
        shown["file"] = {"kind": message["kind"], "url": f"/control/files/{message['file']}"}
    return {"options": [], **shown}
