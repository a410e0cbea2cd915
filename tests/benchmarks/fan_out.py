"""One contact's message on 1,000 feeds of supervisors: frames a second, from the webhook's call to the last feed.

Everybody sees the same frame, so it is encoded once. Those who listen count bytes only: they must not be what is
measured.
"""

import asyncio
import base64
import json
import os
import resource
import statistics
import subprocess
import sys
from functools import partial
from typing import cast

import aiohttp
import psutil
import uvloop

from tests.benchmarks import webhook
from tests.benchmarks.load import request_maker
from tests.benchmarks.running import LOAD_CORE, Service, service

FEEDS = 1_000
AT_ONCE = 50
ROUNDS = 30
PASSWORD = "a password of the benchmark"
FRAMES_EACH = 2
"""A new conversation's frame, and then its message's."""

MARK = b'"type":"message"'
WITHIN = 30.0


def measure() -> dict[str, float]:
    """Frames a second on 1,000 feeds, and what one costs the service's processor."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * FEEDS)), hard))
    pinned = os.sched_getaffinity(0)
    with service() as running:
        _set_password(running)
        os.sched_setaffinity(0, {int(LOAD_CORE)})
        try:
            spans, cost = uvloop.run(_measure(running))
        finally:
            os.sched_setaffinity(0, pinned)
    return {
        "message on 1,000 feeds, frames/s": FEEDS * FRAMES_EACH / statistics.median(spans),
        "message on 1,000 feeds, ms from the call to the last": statistics.median(spans) * 1e3,
        "processor for each frame, µs": cost * 1e6,
    }


def _set_password(running: Service) -> None:
    command = [sys.executable, "-m", "gateway", "agent", "password", "zhao.min", "--stdin"]
    command += ["--config", str(running.folder / "config"), "--data", str(running.folder / "data")]
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True, env=running.environment)


class _Round:
    """Who has not heard of the present message yet."""

    def __init__(self) -> None:
        self._missing = 0
        self.done = asyncio.get_running_loop().create_future()

    def begin(self) -> None:
        self._missing = FEEDS
        self.done = asyncio.get_running_loop().create_future()

    def heard(self, frames: int) -> None:
        self._missing -= frames
        if self._missing == 0:
            self.done.set_result(None)


class _Feed(asyncio.Protocol):
    """A desk's connection: says hello, then counts the frames that tell of a message, the last of each round."""

    def __init__(self, port: int, token: str, its: _Round) -> None:
        self.ready = asyncio.get_running_loop().create_future()
        self._hello = _masked(json.dumps({"type": "hello", "token": token}).encode())
        self._port = port
        self._its = its
        self._tail = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is registered nowhere
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /api/v1/feed HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nConnection: Upgrade\r\n"
            f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if not self.ready.done():
            if b" 101 " in data:
                self._transport.write(self._hello)
            elif b'"type":"' in data:
                self.ready.set_result(None)
            return
        seen = self._tail + data
        self._tail = seen[-(len(MARK) - 1) :]
        if count := seen.count(MARK):
            self._its.heard(count)


def _masked(text: bytes) -> bytes:
    """A client's text frame (RFC 6455, section 5.2); the mask of zeros is allowed and changes nothing."""
    return bytes([0x81, 0x80 | 126]) + len(text).to_bytes(2) + bytes(4) + text


def _same(feed: _Feed) -> _Feed:
    return feed


async def _measure(running: Service) -> tuple[list[float], float]:
    loop, port = asyncio.get_running_loop(), running.port
    async with aiohttp.ClientSession() as session:
        login = {"login": "zhao.min", "password": PASSWORD}
        async with session.post(f"http://127.0.0.1:{port}/api/v1/sessions", json=login) as answer:
            token = (await answer.json())["token"]
    its = _Round()
    opened: list[asyncio.BaseTransport] = []
    for _ in range(0, FEEDS, AT_ONCE):
        feeds = [_Feed(port, token, its) for _ in range(AT_ONCE)]
        pairs = [loop.create_connection(partial(_same, feed), "127.0.0.1", port) for feed in feeds]
        opened += [transport for transport, _ in await asyncio.gather(*pairs)]
        async with asyncio.timeout(WITHIN):
            await asyncio.gather(*(feed.ready for feed in feeds))
    make = request_maker(webhook.plan(0))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    process, spans = psutil.Process(running.pid), []
    before = sum(process.cpu_times()[:2])
    for number in range(ROUNDS):
        its.begin()
        began = loop.time()
        writer.write(make(number))
        async with asyncio.timeout(WITHIN):
            await reader.readuntil(b"\r\n\r\n")
            await its.done
        spans.append(loop.time() - began)
    cost = (sum(process.cpu_times()[:2]) - before) / ROUNDS / FEEDS / FRAMES_EACH
    writer.close()
    for transport in opened:
        transport.close()
    return spans, cost
