"""One connection of a contact's page: kept small, because there are many and most are silent."""

import asyncio
from typing import Any

from aiohttp import WSMsgType, web

from adapters.visit import Status
from gateway.realtime.bucket import Bucket

UNREAD_BYTES = 256 * 1024
"""What a page may leave unread before its connection is given up; it comes back by itself and resumes."""

FRAMES_A_SECOND = 5.0
FRAMES_AT_ONCE = 40.0

Socket = web.WebSocketResponse[Any]


class Line:
    """A socket, who is behind it, and how far it has been told (``told`` is -1 before it has said so).

    ``token_hash`` is that of the secret with which it came. ``standing`` is where it believes that its conversation
    stands, None until it was welcomed.
    """

    __slots__ = ("_transport", "bucket", "heard_at", "ip", "socket", "standing", "token_hash", "told")

    def __init__(self, socket: Socket, transport: asyncio.Transport, ip: str, at: float) -> None:
        self.socket = socket
        self.ip = ip
        self.token_hash = ""
        self.told = -1
        self.standing: Status | None = None
        self.heard_at = at
        self.bucket = Bucket(rate=FRAMES_A_SECOND, burst=FRAMES_AT_ONCE, at=at)
        self._transport = transport

    async def send(self, data: bytes) -> None:
        """Send a frame; a page that is gone, or does not read, is nobody's error."""
        if self._transport.get_write_buffer_size() > UNREAD_BYTES:
            self.abort()
        elif not self.socket.closed:
            try:
                await self.socket.send_frame(data, WSMsgType.TEXT)
            except ConnectionError:
                self.abort()

    async def ping(self) -> None:
        """Ask whether anybody is there. What still waits to be read asks the same."""
        if not self.socket.closed and self._transport.get_write_buffer_size() == 0:
            try:
                await self.socket.ping()
            except ConnectionError:
                self.abort()

    def abort(self) -> None:
        """Cut the connection without good-bye."""
        self._transport.abort()
