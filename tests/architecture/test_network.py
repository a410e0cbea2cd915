"""The suite never leaves the machine."""

import asyncio
import contextlib
import socket

import pytest

from tests.conftest import OutsideNetwork

DOCUMENTATION_ADDRESS = "192.0.2.1"  # reserved by RFC 5737: nobody is there


@pytest.mark.parametrize("host", [DOCUMENTATION_ADDRESS, "api.example.org", "2001:db8::1"])
async def test_outside_is_refused(outside_attempts: list[str], host: str) -> None:
    """Neither an address nor a name outside this machine is reached, or even looked up."""
    with pytest.raises(OutsideNetwork):
        await asyncio.open_connection(host, 443)
    assert outside_attempts.pop()


def test_swallowed_refusal_is_remembered(outside_attempts: list[str]) -> None:
    """Code that catches everything does not hide that it reached outside."""
    with contextlib.suppress(Exception), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"hello", (DOCUMENTATION_ADDRESS, 53))
    assert outside_attempts == [f"socket.sendto '{DOCUMENTATION_ADDRESS}'"]
    outside_attempts.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_loopback_is_open(host: str) -> None:
    """A server on this machine can be reached by address and by name."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(host, server.sockets[0].getsockname()[1])
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
