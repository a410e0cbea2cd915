"""An office to test in: the whole service on loopback with a SQLite file, people who log in, contacts who write."""

import asyncio
import shutil
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from adapters.contract import Profile, Wrote
from gateway.app import Options, Service
from gateway.store.accounts import Account, save_account
from gateway.telemetry.logs import Redaction
from router.ids import ChannelName, InboxId
from router.message import Text
from skills.ids import AgentId

CONFIGURATION = Path(__file__).parent / "configuration"
PEOPLE = ("li.na", "lin.mei", "wang.fang", "out.side", "zhao.min", "admin")
PATIENCE = 20.0


@dataclass(eq=False)
class Person:
    """Somebody who is logged in."""

    login: str
    token: str
    session: aiohttp.ClientSession
    url: str
    status: int = 0
    desks: "list[DeskOfTest]" = field(default_factory=list)

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Call the REST interface; ``status`` remembers the answer's."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(
            method, f"{self.url}/api/v1{path}", json=body, headers=headers, **more
        ) as answer:
            self.status = answer.status
            return await answer.json(content_type=None) if await answer.read() else None

    async def get(self, path: str) -> Any:
        """Read something that must be there."""
        found = await self.call("GET", path)
        assert self.status == 200, found
        return found

    async def post(self, path: str, body: Any = None) -> Any:
        """Do something that must succeed."""
        found = await self.call("POST", path, body or {})
        assert self.status == 200, found
        return found

    async def be(self, intent: str) -> Any:
        """Choose an intent."""
        return await self.call("PUT", "/me/presence", {"intent": intent})

    async def feed(self) -> "DeskOfTest":
        """Open a feed and say hello."""
        socket = await self.session.ws_connect(f"{self.url}/api/v1/feed")
        desk = DeskOfTest(socket)
        self.desks.append(desk)
        await socket.send_json({"type": "hello", "token": self.token})
        desk.hello = await desk.until("hello")
        return desk


@dataclass(eq=False)
class DeskOfTest:
    """An open feed, and all that it has said."""

    socket: aiohttp.ClientWebSocketResponse
    frames: list[dict[str, Any]] = field(default_factory=list)
    hello: dict[str, Any] = field(default_factory=dict)

    async def until(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The next frame of this type in which these members have these values."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self.socket.receive()
                assert message.type is aiohttp.WSMsgType.TEXT, (message, self.frames)
                frame: dict[str, Any] = message.json()
                self.frames.append(frame)
                if frame["type"] == kind and all(frame.get(key) == value for key, value in wanted.items()):
                    return frame

    async def send(self, **frame: Any) -> None:
        """Say something."""
        await self.socket.send_json(frame)

    async def close(self) -> None:
        """Close the desk."""
        await self.socket.close()


class Office:
    """The running service; use it as an asynchronous context."""

    def __init__(self, folder: Path, *, database_url: str = "", redis_url: str = "") -> None:
        self.config = folder / "config"
        self.data = folder / "data"
        if not self.config.exists():
            shutil.copytree(CONFIGURATION, self.config)
        self._database_url = database_url
        self._redis_url = redis_url
        self._numbers = count(1)

    async def __aenter__(self) -> Self:
        options = Options(
            config=self.config,
            data=self.data,
            port=0,
            is_watching=False,
            database_url=self._database_url,
            redis_url=self._redis_url,
        )
        self.service = await Service.open(options, Redaction())
        self.tools = self.service.tools
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.url = f"http://127.0.0.1:{self.service.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()
        await self.service.close()

    async def person(self, login: str) -> Person:
        """Somebody with a session, without the tenth of a second that a password costs."""
        token = await self.tools.sessions.let_in(Account(agent=AgentId(login)))
        return Person(login, token, self.session, self.url)

    async def set_password(self, login: str, password_hash: str) -> None:
        """Store a password's hash."""
        account = Account(agent=AgentId(login), password_hash=password_hash)
        await self.tools.store.write(lambda c: save_account(c, account))

    async def write(self, text: str, *, address: str = "visitor-1", name: str = "张三", entry: str = "") -> None:
        """A contact writes in the inbox ``website``."""
        number = next(self._numbers)
        happening = Wrote(
            delivery_key=f"test-{number}",
            address=address,
            message_key=f"m{number}",
            profile=Profile(name=name),
            parts=(Text(text=text),),
            entry=entry,
        )
        await self.tools.engine.receive(InboxId("website"), ChannelName("web"), [happening])
