"""The doorkeeper: which site, and how many connections, a contact's page may come with."""

import ipaddress
from collections import Counter

from aiohttp import web

from gateway.realtime.bucket import Bucket

MOST_LINES = 20_000
MOST_LINES_PER_IP = 200
ENTRIES_A_SECOND = 5.0
ENTRIES_AT_ONCE = 100.0
MOST_BUCKETS = 10_000

OURSELVES = ""
"""Where a program of this very machine comes from: it is counted in all, and not by itself."""


class Doorkeeper:
    """Counts connections, in all and by address of origin, and how fast they come."""

    def __init__(self, most_lines: int = MOST_LINES, most_per_ip: int = MOST_LINES_PER_IP) -> None:
        self._most_lines = most_lines
        self._most_per_ip = most_per_ip
        self._lines: Counter[str] = Counter()
        self._total = 0
        self._buckets: dict[str, Bucket] = {}

    def admit(self, ip: str, at: float) -> bool:
        """Whether one more connection may come from there at this second of a clock that never goes back."""
        is_crowded = ip != OURSELVES and self._lines[ip] >= self._most_per_ip
        if self._total >= self._most_lines or is_crowded or not self.may_try(ip, at):
            return False
        self._lines[ip] += 1
        self._total += 1
        return True

    def may_try(self, ip: str, at: float, cost: float = 1.0) -> bool:
        """Whether somebody from there may try something that costs us as much as so many connections."""
        if ip == OURSELVES:
            return True
        bucket = self._buckets.get(ip)
        if bucket is None:
            if len(self._buckets) >= MOST_BUCKETS:
                self._buckets = {key: kept for key, kept in self._buckets.items() if not kept.is_full(at)}
            bucket = self._buckets[ip] = Bucket(rate=ENTRIES_A_SECOND, burst=ENTRIES_AT_ONCE, at=at)
        return bucket.take(at, cost)

    def dismiss(self, ip: str) -> None:
        """A connection from there has ended."""
        self._total -= 1
        self._lines[ip] -= 1
        if self._lines[ip] <= 0:
            del self._lines[ip]


def place_of(request: web.Request) -> str:
    """Where a request comes from, for counting.

    A neighbour in a private network may be a proxy, and then says for whom it speaks; its last word is the one that no
    client can forge. `OURSELVES` for this machine without a proxy.
    """
    peer = request.remote or ""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return OURSELVES  # a Unix socket
    if address.is_global:
        return peer
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if forwarded:
        return forwarded
    return OURSELVES if address.is_loopback else peer


def is_welcome(request: web.Request, origins: tuple[str, ...]) -> bool:
    """Whether the page that opens this connection is ours, or of a site that the administrator named.

    Browsers always say where a page comes from. What does not say it, or says ``null``, is refused. Our own page may
    come by either scheme: in front of us, a proxy may speak TLS.
    """
    origin, host = request.headers.get("Origin", "").lower(), request.host.lower()
    return origin in {f"https://{host}", f"http://{host}", *(named.lower().rstrip("/") for named in origins)}
