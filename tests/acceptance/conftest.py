"""The real process on loopback, with a platform of ours on the other side: what every acceptance test starts from.

`running` is a started service; `start` starts one more, or the same data again after a stop. Both end with the test.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Connection

from adapters.telegram.fake_platform import FakePlatform
from config import load as config_load
from gateway.clock import SystemClock
from gateway.http.passwords import hash_now
from gateway.store.accounts import Account, save_account
from gateway.store.beside import transact
from skills.ids import AgentId
from tests.reserved_port import reserved_port

TOKEN = "42:acceptance"
SECRET = "secret-of-the-acceptance"
PASSWORD = "acceptance!"
DEMO = Path(config_load.__file__).parent / "demo"
STARTS_WITHIN = 120.0
STOPS_WITHIN = 30.0
TELLS_WITHIN = 30.0


@dataclass(eq=False)
class Agent:
    """An agent who is logged in over HTTP."""

    login: str
    token: str
    session: aiohttp.ClientSession
    url: str
    status: int = 0
    sockets: list[aiohttp.ClientWebSocketResponse] = field(default_factory=list)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the REST interface; ``status`` remembers the answer's."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as answer:
            self.status = answer.status
            return await answer.json(content_type=None) if await answer.read() else None

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        """Open a feed; the agent is connected from then on."""
        feed = await self.session.ws_connect(f"{self.url}/api/v1/feed")
        self.sockets.append(feed)
        await feed.send_json({"type": "hello", "token": self.token})
        hello = await feed.receive_json()
        assert hello["type"] == "hello"
        return feed

    async def ready(self) -> aiohttp.ClientWebSocketResponse:
        """Open a feed and be ready."""
        feed = await self.connect()
        await self.call("PUT", "/me/presence", {"intent": "ready"})
        return feed


async def until(feed: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The feed's next frame of this type."""
    async with asyncio.timeout(TELLS_WITHIN):
        while True:
            frame: dict[str, Any] = await feed.receive_json()
            if frame["type"] == kind:
                return frame


@dataclass(eq=False)
class Running:
    """A started process. ``url`` is where it listens; ``log`` is what it wrote, line by line."""

    process: asyncio.subprocess.Process
    url: str
    config: Path
    data: Path
    platform: FakePlatform
    session: aiohttp.ClientSession
    log: list[str] = field(default_factory=list)
    has_started: asyncio.Event = field(default_factory=asyncio.Event)
    reading: "asyncio.Task[None] | None" = None

    async def read(self) -> None:
        """Keep what the process writes, to its end."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.log.append(line.decode())
            if '"event": "ready"' in self.log[-1]:
                self.has_started.set()
        self.has_started.set()

    async def agent(self, login: str) -> Agent:
        """Log somebody in."""
        body = {"login": login, "password": PASSWORD}
        async with self.session.post(f"{self.url}/api/v1/sessions", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return Agent(login, (await answer.json())["token"], self.session, self.url)

    async def webhook(self, update: dict[str, Any], *, secret: str = SECRET, inbox: str = "messenger") -> int:
        """Deliver an update by hand; the answer's status."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with self.session.post(f"{self.url}/hooks/{inbox}", json=update, headers=headers) as answer:
            return answer.status

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal; the exit code, once everything that the process wrote is in ``log``."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(STOPS_WITHIN):
            code = await self.process.wait()
            if self.reading is not None:
                await asyncio.wait([self.reading])
        return code


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def messenger() -> AsyncIterator[tuple[FakePlatform, str]]:
    """A platform of our own with two contacts, and its address."""
    platform = FakePlatform(TOKEN, SystemClock())
    platform.contact(1, "陈小明", "zh-hans")
    platform.contact(2, "Alice", "en")
    yield platform, await platform.start()
    await platform.stop()


@pytest.fixture
def platform(messenger: tuple[FakePlatform, str]) -> FakePlatform:
    """The platform on the other side."""
    return messenger[0]


@pytest.fixture
async def start(tmp_path: Path, messenger: tuple[FakePlatform, str]) -> AsyncIterator[Start]:
    """What starts a service, on ``data`` of an earlier one or on new data, with more options or environment."""
    config = tmp_path / "config"
    shutil.copytree(DEMO, config)
    started: list[Running] = []
    platform, base = messenger
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("POINTSMAN_")},
        "POINTSMAN_DEMO_TELEGRAM": base,
        "POINTSMAN_DEMO_TOKEN": TOKEN,
        "POINTSMAN_DEMO_SECRET": SECRET,
    }
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    ports = ExitStack()

    async def begin(
        *, data: Path | None = None, options: tuple[str, ...] = (), environ: dict[str, str] | None = None
    ) -> Running:
        place, port = data or tmp_path / "data", ports.enter_context(reserved_port())
        url = f"http://127.0.0.1:{port}"
        _let_everybody_in(place)
        command = [sys.executable, "-m", "gateway", "run", "--config", str(config), "--data", str(place)]
        command += ["--listen", f"127.0.0.1:{port}", "--public-url", url, *options]
        process = await asyncio.create_subprocess_exec(
            *command, env={**environment, **(environ or {})}, stderr=asyncio.subprocess.PIPE
        )
        running = Running(process, url, config, place, platform, session)
        running.reading = asyncio.create_task(running.read())
        started.append(running)
        async with asyncio.timeout(STARTS_WITHIN):
            await running.has_started.wait()
        return running

    yield begin
    for running in started:
        if running.process.returncode is None:
            running.process.kill()
            await running.process.wait()
        if running.reading is not None:
            await running.reading
    await session.close()
    ports.close()


@pytest.fixture
async def running(start: Start) -> Running:
    """A started service."""
    return await start()


def _let_everybody_in(data: Path) -> None:
    """Give the demo's people the test's password, unless this data has been used before."""
    if data.exists():
        return
    data.mkdir()
    hashed = hash_now(PASSWORD)

    def write(connection: Connection) -> None:
        for login in ("li.na", "wang.fang", "chen.jie", "zhao.min", "admin"):
            save_account(connection, Account(agent=AgentId(login), password_hash=hashed))

    transact("", data, write)
