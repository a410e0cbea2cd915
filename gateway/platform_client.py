"""The one HTTP client towards the platforms."""

import aiohttp

PER_PLATFORM = 200
"""Connections to one host: three inboxes' deliveries at a time (`gateway.pacing.MOST`), and what they ask beside."""


def open_client() -> aiohttp.ClientSession:
    """A session, to be closed by who asked for it.

    Connections are limited by host only: a limit for all of them together would let a platform that hangs keep the
    others waiting.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, limit_per_host=PER_PLATFORM),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )
