"""From a word in the widget to a frame on the desk's feed: durable, routed and told, at 100 messages a second.

Fifty visitors write twice a second each, open loop: a message is due at its instant whether or not earlier ones have
come through, so that a stall is counted in all that it delays.
"""

import asyncio
import subprocess
import sys

import aiohttp

from tests.benchmarks.running import Service, service

VISITORS = 50
MESSAGES_A_SECOND = 100
SECONDS = 10
PASSWORD = "a password of the benchmark"


def measure() -> dict[str, float]:
    """Milliseconds from the instant a message was due to be sent until its frame is at the desk."""
    with service() as running:
        _set_password(running)
        spans = sorted(asyncio.run(_measure(running.port)))
    return {
        "messages": len(spans),
        "p50 widget to desk, ms": spans[len(spans) // 2],
        "p95 widget to desk, ms": spans[int(len(spans) * 0.95)],
        "p99 widget to desk, ms": spans[int(len(spans) * 0.99)],
        "slowest, ms": spans[-1],
    }


def _set_password(running: Service) -> None:
    command = [sys.executable, "-m", "gateway", "agent", "password", "zhao.min", "--stdin"]
    command += ["--config", str(running.folder / "config"), "--data", str(running.folder / "data")]
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True, env=running.environment)


async def _measure(port: int) -> list[float]:
    base = f"http://127.0.0.1:{port}"
    total = MESSAGES_A_SECOND * SECONDS
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        async with session.post(f"{base}/api/v1/sessions", json={"login": "zhao.min", "password": PASSWORD}) as answer:
            token = (await answer.json())["token"]
        feed = await session.ws_connect(f"{base}/api/v1/feed", max_msg_size=0)
        await feed.send_json({"type": "hello", "token": token})
        pages = [await session.ws_connect(f"{base}/widget/website/ws", origin=base) for _ in range(VISITORS)]
        for page in pages:
            await page.send_json({"type": "hello", "language": "zh-CN", "context": {}})
        listening = [asyncio.create_task(_drain(page)) for page in pages]
        due: dict[str, float] = {}
        spans: list[float] = []
        watching = asyncio.create_task(_watch(feed, due, spans, total))
        await _write(pages, due, total)
        async with asyncio.timeout(30):
            await watching
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return spans


async def _write(pages: list[aiohttp.ClientWebSocketResponse], due: dict[str, float], total: int) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time() + 0.5
    for number in range(total):
        at = began + number / MESSAGES_A_SECOND
        await asyncio.sleep(max(0.0, at - loop.time()))
        name = f"m{number}"
        due[name] = at
        await pages[number % VISITORS].send_json({"type": "send", "client_id": name, "text": f"{name} 我想办日本签证"})


async def _watch(feed: aiohttp.ClientWebSocketResponse, due: dict[str, float], spans: list[float], total: int) -> None:
    loop = asyncio.get_running_loop()
    while len(spans) < total:
        frame = await feed.receive_json()
        if frame["type"] == "message" and frame["message"]["direction"] == "in":
            name = frame["message"]["text"].split(" ", 1)[0]
            if name in due:
                spans.append((loop.time() - due.pop(name)) * 1e3)


async def _drain(page: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in page:
        pass
