"""The contacts' side as a page: who writes to the bot, what was said, a form to write as one of them.

``GET /`` is the page; ``GET /control/chats`` and ``POST /control/write``, ``/control/press`` are what it uses. The
posts take JSON only: another site's page cannot send that without asking first.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from adapters.simulation.page import HEADERS, SHOWABLE, add_page, asked
from adapters.telegram.fake_platform.chats import Chat, Message

if TYPE_CHECKING:
    from adapters.telegram.fake_platform.platform import FakePlatform

_PAGE: Final = files("adapters.telegram.fake_platform") / "page"
_FIRST_CONTACT: Final = 5_000_001
_FILES: Final = ("photo", "sticker", "voice", "video", "animation", "audio", "document")


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
        app.router.add_get("/control/files/{file_id}", self.file)

    async def chats(self, _: web.Request) -> web.Response:
        """Everything that was said."""
        listed = [_chat(chat) for chat in self._platform.chats.chats.values()]
        is_connected = self._platform.mailbox.hook is not None
        return web.json_response({"chats": listed, "is_connected": is_connected}, headers=HEADERS)

    async def write(self, request: web.Request) -> web.Response:
        """A contact writes; without a ``chat_id`` it is a new one."""
        said = await asked(request)
        text = str(said.get("text") or "")
        if not text.strip():
            raise web.HTTPBadRequest(text="text: say something")
        try:
            chat_id = int(said.get("chat_id") or self._next_contact())
        except (TypeError, ValueError):
            raise web.HTTPBadRequest(text="chat_id: not a number") from None
        name = str(said.get("name") or f"顾客 {chat_id}")
        self._platform.contact(chat_id, name, str(said.get("language") or "zh-hans"))
        update = await self._platform.write(chat_id, text)
        return web.json_response({"chat_id": chat_id, "update_id": update["update_id"]})

    async def press(self, request: web.Request) -> web.Response:
        """A contact presses a button."""
        said = await asked(request)
        try:
            update = await self._platform.press(int(said["chat_id"]), int(said["message_id"]), str(said["value"]))
        except (LookupError, TypeError, ValueError):
            raise web.HTTPNotFound(text="no such button") from None
        return web.json_response({"update_id": update["update_id"]})

    async def file(self, request: web.Request) -> web.Response:
        """A file that was sent."""
        stored = self._platform.chats.files.get(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        mime = stored.mime if stored.mime in SHOWABLE else "application/octet-stream"
        return web.Response(body=stored.data, content_type=mime, headers=HEADERS)

    def _next_contact(self) -> int:
        return max((*self._platform.chats.chats, _FIRST_CONTACT - 1)) + 1


def _chat(chat: Chat) -> dict[str, Any]:
    return {
        "chat_id": chat.chat_id,
        "name": chat.first_name,
        "language": chat.language_code,
        "is_typing": chat.is_typing,
        "messages": [_message(message) for message in chat.messages],
    }


def _message(message: Message) -> dict[str, Any]:
    """A message as the page shows it."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    shown: dict[str, Any] = {
        "id": message["message_id"],
        "author": "bot" if message["from"]["is_bot"] else "contact",
        "at": datetime.fromtimestamp(message["date"], UTC).isoformat(),
        "text": message.get("text") or message.get("caption") or _in_words(message),
        "options": [{"label": button["text"], "value": button["callback_data"]} for row in rows for button in row],
    }
    for kind in _FILES:
        if kind in message:
            file = message[kind][-1] if kind == "photo" else message[kind]
            shown["file"] = {
                "kind": kind,
                "url": f"/control/files/{file['file_id']}",
                "name": file.get("file_name", kind),
            }
            break
    return shown


def _in_words(message: Mapping[str, Any]) -> str:
    if "venue" in message:
        return f"位置 · Place: {message['venue']['title']}, {message['venue']['address']}"
    if "location" in message:
        return f"位置 · Place: {message['location']['latitude']}, {message['location']['longitude']}"
    if "contact" in message:
        return f"名片 · Card: {message['contact']['first_name']} {message['contact']['phone_number']}"
    return ""
