"""What an idle widget socket costs the real service, all in: the growth of its memory, divided by the sockets."""

import asyncio
import resource
from contextlib import AsyncExitStack

import aiohttp
import psutil

from tests.benchmarks.running import service

SOCKETS = 1_000
AT_ONCE = 50
WARM_UP = 100
"""Sockets opened before the first look: the code's own memory is there by then."""


def measure() -> dict[str, float]:
    """KiB per idle socket, greeted and resumed, and greetings a second."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * SOCKETS)), hard))
    with service() as running:
        kib, seconds = asyncio.run(_measure(running.port, psutil.Process(running.pid)))
    return {"KiB per idle socket": kib, "greetings a second": SOCKETS / seconds}


async def _measure(port: int, process: psutil.Process) -> tuple[float, float]:
    loop = asyncio.get_running_loop()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, AsyncExitStack() as stack:
        await _open(session, stack, port, WARM_UP)
        before, began = process.memory_info().rss, loop.time()
        await _open(session, stack, port, SOCKETS)
        seconds = loop.time() - began
        return (process.memory_info().rss - before) / 1024 / SOCKETS, seconds


async def _open(session: aiohttp.ClientSession, stack: AsyncExitStack, port: int, count: int) -> None:
    """Open so many pages, a few at once; each is greeted and has resumed when this returns."""
    for start in range(0, count, AT_ONCE):
        pages = min(AT_ONCE, count - start)
        await asyncio.gather(*(_page(session, stack, port) for _ in range(pages)))


async def _page(session: aiohttp.ClientSession, stack: AsyncExitStack, port: int) -> None:
    url = f"http://127.0.0.1:{port}/widget/website/ws"
    socket = await stack.enter_async_context(
        session.ws_connect(url, headers={"Origin": f"http://127.0.0.1:{port}"}, max_msg_size=1 << 16)
    )
    await socket.send_json({"type": "hello", "language": "zh-CN", "context": {"page": "/visa/japan"}})
    await socket.send_json({"type": "resume", "seq": 0})
    await socket.send_json({"type": "ping"})
    kinds = {(await socket.receive_json(timeout=30))["type"] for _ in range(2)}
    if kinds != {"welcome", "pong"}:
        raise RuntimeError(f"an idle page heard {kinds}")
