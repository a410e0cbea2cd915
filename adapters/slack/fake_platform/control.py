"""The people's side as a page: who writes to the app, what was said, a form to write as one of them.

``GET /`` is the page; ``GET /control/chats`` and ``POST /control/write``, ``/control/press`` are what it uses. The
posts take JSON only: another site's page cannot send that without asking first.
"""

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from adapters.simulation.page import HEADERS, SHOWABLE, add_page, asked
from adapters.slack.fake_platform.workspace import BOT_USER, Channel, Message, seen

if TYPE_CHECKING:
    from adapters.slack.fake_platform.platform import FakePlatform

_PAGE: Final = files("adapters.slack.fake_platform") / "page"


class Control:
    """The page's handlers."""

    def __init__(self, platform: "FakePlatform") -> None:
        self._platform = platform

    def add_to(self, app: web.Application) -> None:
        """Add the page and what it uses to the server."""
        add_page(app, _PAGE)
        app.router.add_get("/control/chats", self.chats)
        app.router.add_post("/control/write", self.write)
        app.router.add_post("/control/press", self.press)
        app.router.add_get("/control/files/{file}", self.file)

    async def chats(self, _: web.Request) -> web.Response:
        """Everything that was said to the app directly."""
        listed = [self._chat(channel) for channel in self._platform.workspace.channels.values() if channel.user]
        dispatch = self._platform.dispatch
        is_connected = dispatch.hook is not None or bool(dispatch.sockets)
        return web.json_response({"chats": listed, "is_connected": is_connected}, headers=HEADERS)

    async def write(self, request: web.Request) -> web.Response:
        """Somebody writes; without a ``chat_id`` it is somebody new."""
        said = await asked(request)
        text = str(said.get("text") or "")
        if not text.strip():
            raise web.HTTPBadRequest(text="text: say something")
        people = self._platform.workspace.people
        user = str(said.get("chat_id") or f"U{len(people) + 1:09d}")
        if user not in people:
            self._platform.contact(user, str(said.get("name") or f"同事 {user}"))
        (event,) = await self._platform.write(user, _escaped(text))
        return web.json_response({"chat_id": user, "event_id": event["event_id"], "ts": event["event"]["ts"]})

    async def press(self, request: web.Request) -> web.Response:
        """Somebody presses a button."""
        said = await asked(request)
        user = str(said.get("chat_id"))
        try:
            channel = self._platform.workspace.channels[f"D{user[1:]}"].channel
            await self._platform.press(user, channel, str(said.get("message_id")), str(said.get("value")))
        except LookupError:
            raise web.HTTPNotFound(text="no such button") from None
        return web.json_response({})

    async def file(self, request: web.Request) -> web.Response:
        """A file that was shared."""
        stored = self._platform.workspace.files.get(request.match_info["file"])
        if stored is None or stored.data is None:
            raise web.HTTPNotFound
        mime = stored.mime if stored.mime in SHOWABLE else "application/octet-stream"
        return web.Response(body=stored.data, content_type=mime, headers=HEADERS)

    def _chat(self, channel: Channel) -> dict[str, Any]:
        return {
            "chat_id": channel.user,
            "name": self._platform.workspace.people[channel.user].name,
            "is_typing": False,
            "messages": [_message(message) for message in channel.messages],
        }


def _escaped(text: str) -> str:
    """What people type, as the platform passes it on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _message(message: Message) -> dict[str, Any]:
    """A message as the page shows it."""
    buttons = [one for block in message.get("blocks", []) for one in block.get("elements", [])]
    shown: dict[str, Any] = {
        "id": message["ts"],
        "author": "bot" if message["user"] == BOT_USER else "contact",
        "at": datetime.fromtimestamp(float(message["ts"]), UTC).isoformat(),
        "text": seen(message["text"]),
        "options": [{"label": one["text"]["text"], "value": one["value"]} for one in buttons],
    }
    for file in message.get("files", [])[:1]:
        kind = "photo" if file["mimetype"] in SHOWABLE else "file"
        shown["file"] = {"kind": kind, "url": f"/control/files/{file['id']}", "name": file["name"]}
    return shown
