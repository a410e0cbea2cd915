"""A contact's page on the website, over the real process's socket."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.acceptance.conftest import Running

PATIENCE = 20.0
_names = itertools.count(1)


class Page:
    """An open page. ``token`` is the contact's secret, with which another page goes on."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, running: Running) -> None:
        self.socket = socket
        self.running = running
        self.token = ""
        self._heard: list[dict[str, Any]] = []

    async def say(self, **frame: Any) -> dict[str, Any]:
        """Say something: ``text`` and ``parts``, or a chosen ``value`` with its ``label``; the acknowledgement."""
        frame = {"client_id": f"c{next(_names)}", **frame}
        await self.tell("choose" if "value" in frame else "send", **frame)
        return await self.hears("ack", client_id=frame["client_id"])

    async def tell(self, kind: str, **fields: Any) -> None:
        """Send another frame."""
        await self.socket.send_json({"type": kind, **fields})

    async def hears(self, kind: str, **expected: Any) -> dict[str, Any]:
        """The first frame of this type, and with these fields, that was not heard before."""
        return await self._first(
            lambda frame: frame["type"] == kind and all(frame.get(name) == value for name, value in expected.items())
        )

    async def reads(self, words: str) -> dict[str, Any]:
        """The first message to the contact that has these words, and was not read before."""
        return await self._first(
            lambda frame: frame["type"] == "message" and frame["author"]["kind"] != "contact" and words in text(frame)
        )

    async def _first(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while (found := next(filter(is_it, self._heard), None)) is None:
                self._heard.append(await self.socket.receive_json())
        self._heard.remove(found)
        return found

    async def upload(self, data: bytes, name: str, mime: str) -> dict[str, Any]:
        """Send a file up; what the service says that it is."""
        form = aiohttp.FormData(quote_fields=False)  # as browsers do
        form.add_field("file", data, filename=name, content_type=mime)
        headers = {"Origin": self.running.url, "Authorization": f"Bearer {self.token}"}
        url = f"{self.running.url}/widget/website/uploads"
        async with self.running.session.post(url, data=form, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found

    async def fetches(self, url: str) -> tuple[int, str, bytes]:
        """A file by its link: status, type, bytes."""
        async with self.running.session.get(f"{self.running.url}{url}") as answer:
            return answer.status, answer.content_type, await answer.read()


def text(message: dict[str, Any]) -> str:
    """The words of a message."""
    return "".join(part["text"] for part in message["parts"] if part["kind"] == "text")


@asynccontextmanager
async def page(
    running: Running, language: str = "zh-CN", *, token: str = "", seq: int = 0, **hello: Any
) -> AsyncIterator[Page]:
    """Open the website's widget: anew, or with a ``token``, having read up to ``seq``."""
    socket_ = running.session.ws_connect(f"{running.url}/widget/website/ws", headers={"Origin": running.url})
    async with socket_ as socket:
        one = Page(socket, running)
        await one.tell("hello", token=token, language=language, **{"context": {}, **hello})
        one.token = (await one.hears("welcome"))["token"]
        await one.tell("resume", seq=seq)
        yield one
