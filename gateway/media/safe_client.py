"""Asks the outside for what somebody else named: never a machine of our own network.

The check is made where the connection is made, on the address that is about to be used. So it holds for numbers in any
spelling, for names that resolve to an inner address (the second time only, if need be) and for every redirect.
"""

import ipaddress
import socket
from collections.abc import Collection, Mapping
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

MOST_BYTES = 10 * 1024 * 1024
_REDIRECTS = 3
_PORTS = frozenset({80, 443})
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
_CHUNK = 64 * 1024

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]


class NotPublic(OSError):
    """The address belongs to no machine on the public network, or to a port that no web server uses."""


class TooMuch(Exception):
    """The answer is longer than we read."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and (ip in _NAT64 or ip in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class SafeClient:
    """A web client for addresses that others gave us.

    ``allowed`` lists ``(host, port)`` of machines that the administrator configured (a bot on the same network, a
    platform's server of one's own): they may be inside.
    """

    def __init__(self, allowed: Collection[tuple[str, int]] = (), resolver: AbstractResolver | None = None) -> None:
        self._allowed = frozenset(allowed)
        self._resolver = _Noting(resolver or aiohttp.ThreadedResolver(), self._allowed)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self._resolver, socket_factory=self._socket, use_dns_cache=False, limit=32
            ),
            timeout=_TIMEOUT,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            raise_for_status=True,
        )

    async def get(self, url: str, most_bytes: int = MOST_BYTES) -> bytes:
        """The body of an answer.

        Raises:
            aiohttp.ClientError: not reached (`NotPublic` is the cause when we would not), or not answered with 2xx.
            TimeoutError: not answered within ten seconds.
            TooMuch: more than ``most_bytes``.
            ValueError: this is no address of the web.
        """
        async with self._session.get(_target(url), max_redirects=_REDIRECTS) as answer:
            return await _body(answer, most_bytes)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], most_bytes: int = MOST_BYTES) -> bytes:
        """The body of an answer to what is sent; redirects are not followed: what is signed is for one address.

        Raises:
            aiohttp.ClientError, TimeoutError, TooMuch, ValueError: as for `get`.
        """
        asking = self._session.post(_target(url), data=body, headers=dict(headers), allow_redirects=False)
        async with asking as answer:
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                raise ValueError(f"redirected: {answer.status}")
            return await _body(answer, most_bytes)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    def _socket(self, address: AddressInfo) -> socket.socket:
        """The socket for a connection that may be made.

        Raises:
            NotPublic: it may not.
        """
        family, kind, protocol, _, target = address
        host, port = str(target[0]), int(str(target[1]))
        if (host, port) not in self._allowed and (host, port) not in self._resolver.inside:
            if not is_public(host):
                raise NotPublic(f"{host} is not a public address")
            if port not in _PORTS:
                raise NotPublic(f"port {port} is not a web server's")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


def _target(url: str) -> URL:
    target = URL(url)
    if target.scheme not in {"http", "https"} or not target.host:
        raise ValueError("not an address of the web")
    return target


async def _body(answer: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    if answer.content_length is not None and answer.content_length > most_bytes:
        raise TooMuch(f"the answer has {answer.content_length} bytes")
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise TooMuch(f"the answer has more than {most_bytes} bytes")
    return bytes(body)


class _Noting(AbstractResolver):
    """Resolves names, and notes what the allowed ones resolve to."""

    def __init__(self, resolver: AbstractResolver, allowed: frozenset[tuple[str, int]]) -> None:
        self._resolver = resolver
        self._allowed = allowed
        self.inside: set[tuple[str, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """What a name stands for; others' names may not stand for what only the allowed ones may."""
        found = await self._resolver.resolve(host, port, family)
        if (host, port) in self._allowed:
            self.inside.update((each["host"], each["port"]) for each in found)
            return found
        for each in found:
            if not is_public(each["host"]):
                raise NotPublic(f"{host} is not a public address")
        return found

    async def close(self) -> None:
        """Give the resolver free."""
        await self._resolver.close()
