"""How fast messages leave: through a platform's adapter against its SDK as it comes, and through the whole outbox.

The adapter's calls go over the service's own HTTP client; the SDK's over the HTTP stack that it brings. 64 are under
way, and the platform, on the other core, agrees to every one. Through the outbox each message is claimed in a commit,
sent (in memory), and written down in another commit.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop
from telegram import Bot
from telegram.request import HTTPXRequest

from adapters.contract import Outbound, Tools
from adapters.registry import channel
from adapters.secret import Secret
from gateway.platform_client import open_client
from router.ids import InboxId, MessageId
from router.message import Text
from tests.benchmarks.running import LOAD_CORE, SECRET, SERVER_CORE, TOKEN, bare
from tests.gateway.outbox.bench import open_bench

IN_FLIGHT = 64
OURS = 6_000
THEIRS = 600
CONTACTS = 500
EACH = 8
WORDS = "您好，日本签证需要护照、照片和在职证明，大约五个工作日出签。"


def measure() -> dict[str, float]:
    """Messages a second by the adapter and by the SDK, their ratio, and through the outbox, every commit synced."""
    with bare("platform", LOAD_CORE) as port:
        pinned = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {int(SERVER_CORE)})
        try:
            ours = uvloop.run(_by_adapter(f"http://127.0.0.1:{port}"))
            theirs = uvloop.run(_by_sdk(f"http://127.0.0.1:{port}"))
        finally:
            os.sched_setaffinity(0, pinned)
    with tempfile.TemporaryDirectory() as folder:
        durable = asyncio.run(_through_outbox(Path(folder)))
    return {
        "adapter, 64 in flight, sends/s": ours,
        "SDK with its own HTTP stack, 64 in flight, sends/s": theirs,
        "ratio to the SDK": ours / theirs,
        "through the outbox, each durable twice, messages/s": durable,
    }


async def _by_adapter(api: str) -> float:
    kind = channel("telegram")
    settings = kind.settings_type(token=Secret(TOKEN), secret=Secret(SECRET), api_base=api)
    async with open_client() as session:
        adapter = kind.build(InboxId("bench"), settings, Tools(session=session, push=_nobody))

        async def send(number: int) -> None:
            message = Outbound(message=MessageId(f"m{number}"), address=str(number), parts=(Text(text=WORDS),))
            await adapter.deliver(message)

        return await _rate(send, OURS)


async def _by_sdk(api: str) -> float:
    request = HTTPXRequest(connection_pool_size=IN_FLIGHT)
    async with Bot(TOKEN, base_url=f"{api}/bot", request=request, get_updates_request=request) as bot:

        async def send(number: int) -> None:
            await bot.send_message(number, WORDS)

        return await _rate(send, THEIRS)


async def _rate(send: Callable[[int], Awaitable[None]], count: int) -> float:
    numbers = iter(range(1, count + 1))

    async def sender() -> None:
        for number in numbers:
            await send(number)

    began = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(IN_FLIGHT)))
    return count / (time.perf_counter() - began)


async def _nobody(inbox: InboxId, address: str, frame: object) -> bool:
    return False


async def _through_outbox(folder: Path) -> float:
    bench = open_bench(folder)
    for person in range(CONTACTS):
        await bench.owe(*(f"{person}-{n}" for n in range(EACH)), to=f"p{person}")
    began = time.perf_counter()
    async with bench.sending():
        await bench.until_ended()
    spent = time.perf_counter() - began
    bench.store.close()
    return CONTACTS * EACH / spent
