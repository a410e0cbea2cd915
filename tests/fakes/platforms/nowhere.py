"""A place on loopback where nobody listens."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def nowhere() -> AsyncIterator[str]:
    """An origin that refuses every connection: its port is held, so that nobody else can begin to listen there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
