"""How what happens reaches the app: by a signed call, or over one of its sockets.

An event that is not taken within three seconds is offered again at once, after a minute, and after five; presses and
commands are offered once. Which of several sockets gets it is the platform's business (docs.slack.dev/apis/events-api).
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from adapters.slack.signature import sign

TAKEN_WITHIN: Final = 3.0
WAITS: Final = (0.0, 0.0, 60.0, 300.0)
ONCE: Final = (0.0,)
ATTEMPTS_REMEMBERED: Final = 10_000

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where the app wants to be called, and the secret that signs the calls."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One offer: ``status`` is the answer's, 200 for a confirmed frame, 0 when no answer came."""

    kind: str
    name: str
    number: int
    status: int


@dataclass(slots=True)
class Dispatch:
    """What the app has not taken yet.

    ``pace`` is how long a second between two offers lasts, ``patience`` how many seconds an offer may take.
    """

    now: Callable[[], datetime]
    pace: float = 1.0
    patience: float = TAKEN_WITHIN
    hook: Hook | None = None
    is_socket: bool = True
    attempts: deque[Attempt] = field(default_factory=lambda: deque(maxlen=ATTEMPTS_REMEMBERED))
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _confirmed: dict[str, "asyncio.Future[Payload]"] = field(default_factory=dict)
    _held: dict[str, web.WebSocketResponse] = field(default_factory=dict)
    _offers: set["asyncio.Task[None]"] = field(default_factory=set)
    _frames: int = 0
    _open: int = 0
    _session: aiohttp.ClientSession | None = None

    async def offer(self, kind: str, name: str, payload: Payload) -> None:
        """Bring something to the app: ``events_api``, ``interactive``, ``slash_commands``. The same may come again."""
        waits = WAITS if kind == "events_api" else ONCE
        self._open += 1
        task = asyncio.create_task(self._offer(kind, name, payload, waits))
        self._offers.add(task)
        task.add_done_callback(self._offers.discard)
        await asyncio.sleep(0)

    async def tell(self) -> None:
        """Wake whoever waits for something to have happened."""
        async with self.changed:
            self.changed.notify_all()

    def is_empty(self) -> bool:
        """Whether everything was taken, or given up."""
        return self._open == 0

    async def serve(self, socket: web.WebSocketResponse, greeting: Payload) -> None:
        """Hold one of the app's sockets until it is closed."""
        await socket.send_json(greeting)
        self.sockets.append(socket)
        await self.tell()
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(json.loads(message.data))
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            for name in [name for name, holder in self._held.items() if holder is socket]:
                if not self._confirmed[name].done():
                    self._confirmed[name].set_exception(ConnectionResetError())

    async def drop(self, reason: str = "") -> None:
        """Close all sockets: with a word before (``warning``, ``refresh_requested``, …), or without any."""
        for socket in tuple(self.sockets):
            self.sockets.remove(socket)
            if reason:
                await socket.send_json({"type": "disconnect", "reason": reason})
            await socket.close()

    async def close(self) -> None:
        """Stop offering."""
        for task in tuple(self._offers):
            task.cancel()
        await asyncio.gather(*self._offers, return_exceptions=True)
        await self.drop()
        if self._session is not None:
            await self._session.close()

    def _take(self, answer: Payload) -> None:
        waiting = self._confirmed.get(str(answer.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def _offer(self, kind: str, name: str, payload: Payload, waits: tuple[float, ...]) -> None:
        reason = ""
        for number, wait in enumerate(waits):
            if wait:
                await asyncio.sleep(wait * self.pace)
            try:
                async with asyncio.timeout(None if self.hook is None and not self.sockets else self.patience):
                    status = await self._once(kind, payload, number, reason)
            except TimeoutError:
                status, reason = 0, "http_timeout"
            else:
                reason = "http_error" if status else "connection_failed"
            self.attempts.append(Attempt(kind=kind, name=name, number=number, status=status))
            await self.tell()
            if 200 <= status < 300:  # noqa: PLR2004  HTTP's success
                break
        self._open -= 1
        await self.tell()

    async def _once(self, kind: str, payload: Payload, number: int, reason: str) -> int:
        if self.hook is not None:
            return await self._call(self.hook, kind, payload, number, reason)
        async with self.changed:
            await self.changed.wait_for(lambda: self.sockets)
        return await self._send(kind, payload, number, reason)

    async def _send(self, kind: str, payload: Payload, number: int, reason: str) -> int:
        self._frames += 1
        name = f"frame-{self._frames}"
        frame = {
            "type": kind, "envelope_id": name, "payload": payload, "accepts_response_payload": kind != "events_api",
            "retry_attempt": number, "retry_reason": reason,
        }  # fmt: skip
        self._confirmed[name] = asyncio.get_running_loop().create_future()
        socket = self._held[name] = self.sockets[self._frames % len(self.sockets)]
        try:
            await socket.send_json(frame)
            await asyncio.wait_for(self._confirmed[name], self.patience)
        except (ConnectionError, TimeoutError):
            return 0
        finally:
            del self._confirmed[name], self._held[name]
        return 200

    async def _call(self, hook: Hook, kind: str, payload: Payload, number: int, reason: str) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        body, mime = _body(kind, payload)
        instant = int(self.now().timestamp())
        headers = {
            "Content-Type": mime,
            "X-Slack-Request-Timestamp": str(instant),
            "X-Slack-Signature": sign(hook.secret, instant, body),
        }
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        try:
            async with self._session.post(hook.url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, OSError):
            return 0


def _body(kind: str, payload: Payload) -> tuple[bytes, str]:
    match kind:
        case "events_api":
            return json.dumps(payload).encode(), "application/json"
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"
        case _:
            return urlencode(payload).encode(), "application/x-www-form-urlencoded"
