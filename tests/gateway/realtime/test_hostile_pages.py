"""What no page of ours ever sends: bytes that break decoders, on a socket and in a header."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.gateway.realtime.reception import PATIENCE, Reception, open_reception

BYTES = {
    "no UTF-8": b'{"type":"send","client_id":"c1","text":"\xff\xfe"}',
    "no UTF-8 in the kind": b'{"type":"\xc3\x28","client_id":"c1"}',
    "no UTF-8 at all": b"\xff\xfe\x00\x01",
    "nested without end": b'{"type":"send","client_id":"c1","x":' + b"[" * 60_000,
    "nested, and closed": b'{"type":"send","client_id":"c1","x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "NUL": b"\0",
    "a number without end": b'{"type":"resume","seq":' + b"9" * 60_000 + b"}",
    "half a pair": b'{"type":"send","client_id":"c1","text":"\\ud83d"}',
}


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """A widget that stands."""
    async with open_reception(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("problem", BYTES)
async def test_hostile_frame_is_refused_and_survived(reception: Reception, problem: str) -> None:
    """Whatever a text frame holds, it is named malformed, and the socket lives on."""
    async with reception.page() as (page, _):
        await page.socket.send_frame(BYTES[problem], aiohttp.WSMsgType.TEXT)
        assert (await page.hear("error"))["code"] == "malformed"
        assert (await page.write("fine"))["seq"] == 1


@pytest.mark.parametrize("problem", BYTES)
async def test_hostile_greeting_is_shown_out(reception: Reception, problem: str) -> None:
    """Who begins with such bytes is shown out like any stranger, by a close with its reason."""
    url = reception.server.make_url("/widget/website/ws")
    async with reception.session.ws_connect(url, headers={"Origin": reception.origin}) as socket:
        await socket.send_frame(BYTES[problem], aiohttp.WSMsgType.TEXT)
        message = await socket.receive(timeout=PATIENCE)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.POLICY_VIOLATION)


async def test_strange_bytes_in_a_secret(reception: Reception) -> None:
    """A header may hold any bytes: a secret that is no text is nobody's."""
    reader, writer = await asyncio.open_connection(reception.server.host, reception.server.port)
    lines = (
        b"POST /widget/website/uploads HTTP/1.1",
        f"Host: {reception.server.host}".encode(),
        f"Origin: http://{reception.server.host}".encode(),
        b"Authorization: Bearer \xff\xfe\xed\xa0\x80",
        b"Content-Length: 0",
        b"Connection: close",
    )
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.split(b" ", 2)[1] == b"401"
