"""The narrow way through HTTP: plain calls are answered there, and whatever is unusual is the web application's."""

import asyncio
import gzip
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from adapters.wire import WebhookReply, WebhookRequest
from gateway.clock import SystemClock
from gateway.http import front
from gateway.http.front import MAX_HEAD, Front, Reception
from gateway.http.registry import MAX_BODY
from gateway.http.security import secured
from router.ids import InboxId
from tests.gateway.waiting import until

HEAD = "POST /hooks/bot HTTP/1.1\r\nHost: x\r\n"


def call(body: bytes = b"{}", *, path: str = "/hooks/bot", lines: Iterable[str] = ()) -> bytes:
    """A plain call."""
    own = "".join(f"{line}\r\n" for line in lines)
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{own}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class House:
    """A reception and a web application behind it, which says who answered, and what was asked."""

    port: int = 0
    reception: Reception | None = None
    narrow: list[tuple[InboxId, WebhookRequest]] = field(default_factory=list)
    wide: list[tuple[str, str, bytes]] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, inbox: InboxId, request: WebhookRequest) -> WebhookReply:
        """The narrow way."""
        self.narrow.append((inbox, request))
        await self.may_answer.wait()
        return WebhookReply(status=202, body=b"narrow " + request.body[:20], headers={"Retry-After": "7"})

    async def handle(self, request: web.Request) -> web.Response:
        """The web application."""
        body = await request.read()
        self.wide.append((request.method, request.raw_path, body))
        return web.Response(status=203, body=b"wide " + body[:20], content_type="text/plain")


@asynccontextmanager
async def opened() -> AsyncIterator[House]:
    """A house that listens."""
    house = House()
    house.may_answer.set()
    app = web.Application(client_max_size=MAX_BODY)
    app.on_response_prepare.append(secured)
    app.router.add_route("*", "/{rest:.*}", house.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    assert runner.server is not None
    house.reception = Reception(house.answer, runner.server, SystemClock())
    listening = await house.reception.listen("127.0.0.1", 0)
    house.port = listening.sockets[0].getsockname()[1]
    try:
        yield house
    finally:
        listening.close()
        await house.reception.stop(1)
        await runner.cleanup()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house that listens."""
    async with opened() as house:
        yield house


@asynccontextmanager
async def connected(house: House) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """One connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def read(reader: asyncio.StreamReader) -> Answer:
    """The next answer on a connection; one that says ``100`` first is not it."""
    async with asyncio.timeout(10):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        status = int(head[0].split()[1])
        if status == 100:
            return await read(reader)
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        return Answer(
            status=status, headers=headers, body=await reader.readexactly(int(headers.get("content-length", "0")))
        )


async def asked(house: House, *pieces: bytes) -> Answer:
    """What one request on a connection of its own is answered."""
    async with connected(house) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await read(reader)


async def test_a_plain_call(house: House) -> None:
    """It is answered there and then, and reaches the web application never."""
    got = await asked(house, call(b'{"a": 1}', path="/hooks/bot/x?b=1&c=&b=2", lines=["X-Proof: s\u00e9cret"]))
    assert (got.status, got.body, got.headers["retry-after"]) == (202, b'narrow {"a": 1}', "7")
    ((inbox, request),) = house.narrow
    assert (inbox, request.method, request.path, request.body) == ("bot", "POST", "/hooks/bot/x", b'{"a": 1}')
    assert request.query == {"b": "1", "c": ""}
    assert request.headers["x-proof"] == "s\u00e9cret"
    assert house.wide == []


async def test_the_same_headers_either_way(house: House) -> None:
    """What every answer of the service carries, these carry too, and nothing that tells what we are built of."""
    narrow = await asked(house, call())
    wide = await asked(house, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert narrow.headers.keys() - {"retry-after"} == wide.headers.keys()
    ours = {name for name in narrow.headers if name not in {"retry-after", "date", "content-length"}}
    assert {name: narrow.headers[name] for name in ours} == {name: wide.headers[name] for name in ours}


UNUSUAL = {
    "GET": b"GET /hooks/bot HTTP/1.1\r\nHost: x\r\n\r\n",
    "another path": call(path="/api/v1/me"),
    "an escaped path": call(path="/hooks/b%6ft"),
    "an escaped query": call(path="/hooks/bot?a=%20"),
    "an empty inbox": call(path="/hooks/"),
    "a path that climbs": call(path="/hooks/bot/é".encode().decode("latin-1")),
    "chunks": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n".encode(),
    "both lengths": f"{HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(),
    "two lengths": f"{HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}".encode(),
    "a doubtful length": f"{HEAD}Content-Length: +2\r\n\r\n{{}}".encode(),
    "no length": f"{HEAD}\r\n".encode(),
    "a header twice": call(lines=["X-Proof: a", "X-Proof: b"]),
    "compressed": call(gzip.compress(b"{}"), lines=["Content-Encoding: gzip"]),
    "expects to go on": call(lines=["Expect: 100-continue"]),
    "upgrade": call(lines=["Connection: Upgrade", "Upgrade: websocket"]),
    "HTTP/1.0": call().replace(b"HTTP/1.1", b"HTTP/1.0"),
    "no HTTP": b"POST /hooks/bot\r\n\r\n",
    "no header": f"{HEAD}Broken\r\n\r\n".encode(),
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "a body too large": call(b"x" * (MAX_BODY + 1)),
    "a head too large": call(lines=[f"X: {'x' * MAX_HEAD}"]),
}


@pytest.mark.parametrize("raw", UNUSUAL.values(), ids=UNUSUAL.keys())
async def test_what_is_unusual(house: House, raw: bytes) -> None:
    """Whatever is not plain is answered as the web application alone would answer it."""
    got = await asked(house, raw)
    async with alone(house) as port:
        expected = await asked(House(port=port), raw)
    assert (got.status, got.body) == (expected.status, expected.body)
    assert house.narrow == []


@asynccontextmanager
async def alone(house: House) -> AsyncIterator[int]:
    """The port of the same web application without anything before it."""
    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_route("*", "/{rest:.*}", house.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_byte_by_byte(house: House) -> None:
    """A call may arrive in any pieces."""
    raw = call(b'{"text": "\xe6\x97\xa5\xe6\x9c\xac"}')
    got = await asked(house, *(raw[at : at + 1] for at in range(len(raw))))
    assert got.status == 202
    assert house.narrow[0][1].body == b'{"text": "\xe6\x97\xa5\xe6\x9c\xac"}'


async def test_one_connection_for_everything(house: House) -> None:
    """Calls, then a page, then calls again: all are answered, the later ones by the web application."""
    async with connected(house) as (reader, writer):
        statuses = []
        for raw in (call(b"1"), call(b"2"), b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n", call(b"3")):
            writer.write(raw)
            statuses.append((await read(reader)).status)
    assert statuses == [202, 202, 203, 203]
    assert [(method, path, body) for method, path, body in house.wide] == [
        ("GET", "/x", b""),
        ("POST", "/hooks/bot", b"3"),
    ]


async def test_a_pipeline(house: House) -> None:
    """Two calls in one piece are both answered, in order."""
    async with connected(house) as (reader, writer):
        writer.write(call(b"first") + call(b"second"))
        assert [(await read(reader)).body.split()[1] for _ in range(2)] == [b"first", b"second"]


async def test_a_call_before_the_answer(house: House) -> None:
    """The next call waits until the present one is answered."""
    house.may_answer.clear()
    assert house.reception is not None
    reception = house.reception
    async with connected(house) as (reader, writer):
        writer.write(call(b"first"))
        await until(lambda: len(house.narrow) == 1)
        writer.write(call(b"second"))
        await until(lambda: next(iter(reception.fronts)).has_more)
        assert len(house.narrow) == 1
        house.may_answer.set()
        assert [(await read(reader)).body for _ in range(2)] == [b"narrow first", b"narrow second"]


async def test_a_caller_who_wants_to_close(house: House) -> None:
    """``Connection: close`` is heeded."""
    async with connected(house) as (reader, writer):
        writer.write(call(lines=["Connection: close"]))
        assert (await read(reader)).headers["connection"] == "close"
        assert await reader.read() == b""


async def test_a_caller_who_has_gone(house: House) -> None:
    """What was begun is finished, and the answer goes nowhere."""
    house.may_answer.clear()
    async with connected(house) as (_, writer):
        writer.write(call())
        await until(lambda: len(house.narrow) == 1)
    assert house.reception is not None
    reception = house.reception
    await until(lambda: not reception.fronts)
    house.may_answer.set()
    assert (await asked(house, call())).status == 202


async def test_stopping(house: House) -> None:
    """An answer on its way still goes out and says that it is the last; idle connections are closed at once."""
    house.may_answer.clear()
    assert house.reception is not None
    async with connected(house) as (idle, _), connected(house) as (reader, writer):
        writer.write(call(b"late"))
        await until(lambda: len(house.narrow) == 1)
        stopping = asyncio.create_task(house.reception.stop(5))
        assert await idle.read() == b""
        house.may_answer.set()
        got = await read(reader)
        assert (got.body, got.headers["connection"]) == (b"narrow late", "close")
        assert await reader.read() == b""
        await stopping


async def test_an_answer_that_never_comes(house: House) -> None:
    """A stop waits no longer than it was told."""
    house.may_answer.clear()
    assert house.reception is not None
    async with connected(house) as (reader, writer):
        writer.write(call())
        await until(lambda: len(house.narrow) == 1)
        await house.reception.stop(0.01)
        assert await reader.read() == b""
        house.may_answer.set()


async def test_slow_callers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends nothing, or never ends a request, is not waited for; who waits for our answer is."""
    monkeypatch.setattr(front, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(front, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(front, "WHOLE_WITHIN_SECONDS", 0.0)
    house.may_answer.clear()
    async with opened() as impatient:
        impatient.may_answer.clear()
        async with connected(impatient) as (idle, _), connected(impatient) as (slow, writer):
            writer.write(call()[:-5])
            await asyncio.gather(idle.read(), slow.read(), return_exceptions=True)
        assert impatient.reception is not None
        reception = impatient.reception
        await until(lambda: not reception.fronts)


async def test_staleness(house: House) -> None:
    """The limits are those that are written down: idle, whole, and none while we answer."""
    assert house.reception is not None
    reception, time = house.reception, asyncio.get_running_loop().time
    before = time()
    async with connected(house) as (reader, writer):
        await until(lambda: len(reception.fronts) == 1)
        (mine,) = reception.fronts
        assert isinstance(mine, Front)
        assert not mine.is_stale(before + front.IDLE_SECONDS)
        assert mine.is_stale(time() + front.IDLE_SECONDS + 1)
        before = time()
        writer.write(call()[:-1])
        await writer.drain()
        await until(lambda: mine.is_stale(time() + front.WHOLE_WITHIN_SECONDS + 1))
        assert not mine.is_stale(before + front.WHOLE_WITHIN_SECONDS)
        house.may_answer.clear()
        writer.write(b"}")
        await until(lambda: len(house.narrow) == 1)
        assert not mine.is_stale(time() + 1_000)
        house.may_answer.set()
        assert (await read(reader)).status == 202


async def test_noise(house: House, effort: int) -> None:
    """Mutated requests do no harm: each of their connections ends, and the next call is served."""
    dice = random.Random(7)
    originals = [call(b'{"a": [1, 2]}', lines=["X-Proof: abc"]), *UNUSUAL.values()]
    for _ in range(150 * effort):
        raw = bytearray(dice.choice([each for each in originals if len(each) < 1_000]))
        for _ in range(dice.randint(1, 4)):
            raw[dice.randrange(len(raw))] = dice.choice(b"\r\n :/?%\x00\xffaA0")
        async with connected(house) as (reader, writer):
            writer.write(bytes(raw))
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 10)
    assert (await asked(house, call())).status == 202
