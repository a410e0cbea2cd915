"""The demo as a newcomer meets it: one command, printed addresses and logins, simulated customers."""

import asyncio
import re
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.acceptance.conftest import STARTS_WITHIN, STOPS_WITHIN, TELLS_WITHIN
from tests.gateway.waiting import until_found
from tests.reserved_port import reserved_port

pytestmark = pytest.mark.acceptance


async def test_what_the_demo_prints_is_true(tmp_path: Path) -> None:
    """Every printed address answers, every printed login works, and a simulated customer reaches the right agent."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "gateway", "demo", "--listen", "127.0.0.1:0", "--data", str(tmp_path / "data")),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            printed = (await process.stdout.readuntil(b"Ctrl-C")).decode()
        url = str(re.findall(r"http://\S+?(?=/\s)", printed)[0])
        async with aiohttp.ClientSession() as session:
            for address in set(re.findall(r"http://\S+", printed)):
                async with session.get(address) as page:
                    assert page.status == 200, address
            logins = re.findall(r"^    (\S+) +(\S+-demo) ", printed, re.MULTILINE)
            assert {login for login, _ in logins} == {"li.na", "wang.fang", "chen.jie", "zhao.min", "admin"}
            tokens = {}
            for login, password in logins:
                body = {"login": login, "password": password}
                async with session.post(f"{url}/api/v1/sessions", json=body) as answer:
                    assert answer.status == 200
                    tokens[login] = (await answer.json())["token"]
            assert printed.count("write as a simulated customer") == 1
            (simulated,) = re.findall(r"^  Telegram +(http://\S+)/", printed, re.MULTILINE)
            await asks_about_japan(session, url, simulated, tokens["li.na"])
    finally:
        await ends(process)


async def asks_about_japan(session: aiohttp.ClientSession, url: str, simulated: str, token: str) -> None:
    """A simulated customer asks about Japan: it is offered to Li Na."""
    bearer = {"Authorization": f"Bearer {token}"}
    feed = await session.ws_connect(f"{url}/api/v1/feed")
    await feed.send_json({"type": "hello", "token": token})
    async with session.put(f"{url}/api/v1/me/presence", json={"intent": "ready"}, headers=bearer) as answer:
        assert answer.status == 200
    body = {"chat_id": 1001, "name": "陈小明", "text": "我想办日本签证"}
    async with session.post(f"{simulated}/control/write", json=body, headers={"Origin": simulated}) as answer:
        assert answer.status < 300, await answer.text()
    async with asyncio.timeout(TELLS_WITHIN):
        while (frame := await feed.receive_json())["type"] != "offer":
            pass
    assert frame["offer"]["group"] == "japan-korea"
    assert frame["offer"]["contact"]["name"] == "陈小明"


async def test_who_is_told_that_it_is_ready_can_log_in(tmp_path: Path) -> None:
    """From the first moment in which the demo is ready its logins work."""
    with reserved_port() as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "gateway", "demo", "--listen", f"127.0.0.1:{port}", "--data", str(tmp_path / "data")),
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            await logs_in_once_ready(f"http://127.0.0.1:{port}")
        finally:
            await ends(process)


async def logs_in_once_ready(url: str) -> None:
    """Ask until the demo says that it is ready, and log in at once."""
    async with aiohttp.ClientSession() as session:
        await until_found(lambda: is_ready(session, url), within=STARTS_WITHIN)
        body = {"login": "admin", "password": "admin-demo"}
        async with session.post(f"{url}/api/v1/sessions", json=body) as answer:
            assert answer.status == 200, await answer.text()


async def is_ready(session: aiohttp.ClientSession, url: str) -> bool:
    """Whether the service is there, and says that it is ready."""
    try:
        async with session.get(f"{url}/-/ready") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def ends(process: asyncio.subprocess.Process) -> None:
    """Stopped, the demo ends well."""
    process.terminate()
    async with asyncio.timeout(STOPS_WITHIN):
        assert await process.wait() == 0
