"""Nobody makes us call a machine of our own network, however the address is spelled."""

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from gateway.media.safe_client import NotPublic, SafeClient, TooMuch, is_public

SPELLINGS = [
    "http://127.0.0.1/", "http://127.0.0.2/", "http://127.1/", "http://127.0.1/", "http://2130706433/",
    "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://0/",
    "http://0.0.0.0/", "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/",
    "http://169.254.169.254/", "http://100.64.0.1/", "http://192.0.0.1/", "http://198.18.0.1/", "http://224.0.0.1/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://localhost/", "http://LOCALHOST./", "http://inner.test/",
    "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://[fe80::1]/", "http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[fec0::1]/", "http://[ff02::1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[2002:7f00:1::]/", "http://[2002:0a00:0001::]/",
    "http://user:secret@127.0.0.1/", "http://①②⑦.0.0.1/", "http://127。0。0。1/", "https://[::1]/", "http://mixed.test/",
]  # fmt: skip


class Names(AbstractResolver):
    """Names as the tests know them, and numbers as the system's resolver reads them."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {"localhost": ["127.0.0.1"], "inner.test": ["10.1.2.3"], "mixed.test": ["93.184.216.34", "::1"]}
        self.names |= {name.replace("_", "."): addresses for name, addresses in names.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name, the next ones at each time when there are several rounds."""
        found = self.names.get(host.lower().rstrip("."))
        if found is None:
            found = [socket.inet_ntoa(socket.inet_aton(host))]
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for each in found
        ]

    async def close(self) -> None:
        """Nothing to give free."""


async def refused(client: SafeClient, url: str) -> BaseException:
    """What the client says of an address that it refuses."""
    with pytest.raises((aiohttp.ClientError, ValueError, OSError)) as caught:
        await client.get(url)
    return caught.value


def is_refusal(error: BaseException | None) -> bool:
    """Whether the connection was never tried: the address is not public, or none that anybody writes."""
    while error is not None:
        os_error = getattr(error, "os_error", None)
        if isinstance(error, NotPublic | aiohttp.InvalidURL) or isinstance(os_error, NotPublic):
            return True
        error = error.__cause__ or error.__context__
    return False


@pytest.mark.parametrize("url", SPELLINGS)
async def test_inner_addresses(url: str) -> None:
    """Each spelling of an inner address is refused before a connection is tried."""
    client = SafeClient(resolver=Names())
    try:
        assert is_refusal(await refused(client, url))
    finally:
        await client.close()


@given(
    address=st.ip_addresses(network="127.0.0.0/8")
    | st.ip_addresses(network="10.0.0.0/8")
    | st.ip_addresses(network="fc00::/7")
)
def test_inner_networks(address: object) -> None:
    """No address of an inner network is public, wrapped in IPv6 or not."""
    assert not is_public(str(address))
    if ":" not in str(address):
        assert not is_public(f"::ffff:{address}")
        assert not is_public(f"64:ff9b::{address}")


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses(address: str) -> None:
    """Public addresses are public."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://1.1.1.1/", "gopher://1.1.1.1/", "unix:///run/x", "//1.1.1.1", "", "http:///x"]
)
async def test_other_protocols(url: str) -> None:
    """Only the web is asked."""
    client = SafeClient(resolver=Names())
    try:
        await refused(client, url)
    finally:
        await client.close()


async def test_other_ports() -> None:
    """On a public machine only web servers are asked."""
    client = SafeClient(resolver=Names(shop_test=["93.184.216.34"]))
    try:
        assert is_refusal(await refused(client, "http://shop.test:6379/"))
    finally:
        await client.close()


@pytest.fixture
async def site() -> AsyncIterator[tuple[str, int]]:
    """A web server on this machine; ``/away`` leads to ``?to=``."""
    app = web.Application()

    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    async def long(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(100):
            await answer.write(b"x" * 1000)
        return answer

    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=request.headers["Idempotency-Key"].encode() + await request.read())

    app.router.add_post("/echo", echo)
    app.router.add_post("/away", away)
    app.router.add_get("/hello", hello)
    app.router.add_get("/away", away)
    app.router.add_get("/long", long)
    runner = web.AppRunner(app)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    assert runner.addresses
    host, port = runner.addresses[0][:2]
    yield host, port
    await runner.cleanup()


@pytest.mark.parametrize("name", ["127.0.0.1", "bot.test"])
async def test_allowed_machine(site: tuple[str, int], name: str) -> None:
    """A machine that the administrator named may be inside, by its address or its name; its other ports may not."""
    host, port = site
    client = SafeClient([(name, port)], Names(bot_test=[host]))
    assert await client.get(f"http://{name}:{port}/hello") == b"hello"
    assert is_refusal(await refused(client, f"http://{name}:{port + 1}/hello"))
    await client.close()


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/", "http://[::1]/", "http://inner.test/", "http://2130706433/"])
async def test_redirects(site: tuple[str, int], target: str) -> None:
    """A redirect leads nowhere that a first address could not."""
    host, port = site
    client = SafeClient([("bot.test", port)], Names(bot_test=[host]))
    try:
        assert is_refusal(await refused(client, f"http://bot.test:{port}/away?to={target}"))
    finally:
        await client.close()


async def test_redirects_end(site: tuple[str, int]) -> None:
    """Somebody who sends us in circles is left after three turns."""
    host, port = site
    client = SafeClient([(host, port)])
    circle = f"http://{host}:{port}/away?to=/away"
    with pytest.raises((aiohttp.TooManyRedirects, aiohttp.ClientResponseError)):
        await client.get(circle)
    await client.close()


async def test_name_that_changes(site: tuple[str, int]) -> None:
    """A name that was public a moment ago is refused when it has become an inner address."""
    names = Names(shop_test=["93.184.216.34"])
    client = SafeClient(resolver=names)
    names.names["shop.test"] = ["127.0.0.1"]
    try:
        assert is_refusal(await refused(client, "http://shop.test/"))
    finally:
        await client.close()


async def test_too_much(site: tuple[str, int]) -> None:
    """An answer without end is cut off."""
    host, port = site
    client = SafeClient([(host, port)])
    with pytest.raises(TooMuch):
        await client.get(f"http://{host}:{port}/long", most_bytes=10_000)
    await client.close()


async def test_sending(site: tuple[str, int]) -> None:
    """What is sent arrives with its headers where the administrator allowed it, and follows no redirect elsewhere."""
    host, port = site
    client = SafeClient([("bot.test", port)], Names(bot_test=[host]))
    strict = SafeClient((), Names(bot_test=[host]))
    key = {"Idempotency-Key": "k"}
    try:
        assert await client.post(f"http://bot.test:{port}/echo", b"body", key) == b"kbody"
        with pytest.raises(ValueError, match="redirected: 302"):
            await client.post(f"http://bot.test:{port}/away?to=/echo", b"body", key)
        with pytest.raises(aiohttp.ClientError):
            await strict.post(f"http://bot.test:{port}/echo", b"body", key)
    finally:
        await client.close()
        await strict.close()
