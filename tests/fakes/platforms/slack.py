"""The simulated workspace with faults: each call can be told to go wrong, as networks and platforms do.

`FakePlatform` already offers an event again (`deliver`), out of order (``is_held``), and drops sockets
(``dispatch.drop``); what is added here is scripted by method: ``platform.script("chat.postMessage", throttle(3))``.
Calls beyond the script are answered truly. The name for an upload's second step is ``upload``.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.slack.fake_platform import Clock, FakePlatform

PACE = 0.001


@dataclass(frozen=True)
class Answer:
    """A literal answer instead of the true one."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    mime: str = "application/json"


def error(code: str, **more: object) -> Answer:
    """An answer that is no success, as the platform words it."""
    return Answer(200, json.dumps({"ok": False, "error": code, **more}).encode())


def throttle(seconds: int) -> Answer:
    """429 with its header."""
    return Answer(429, b'{"ok":false,"error":"ratelimited"}', {"Retry-After": str(seconds)})


def html(status: int = 200) -> Answer:
    """A page where the interface should be."""
    return Answer(status, b"<html>Welcome to the hotel</html>", mime="text/html")


@dataclass(frozen=True)
class Hang:
    """The call was read; no answer comes. ``is_taken``: it was carried out all the same."""

    is_taken: bool = False


@dataclass(frozen=True)
class Reset:
    """The call was read, then the connection breaks. ``is_taken``: it was carried out all the same."""

    is_taken: bool = False


@dataclass(frozen=True)
class Truly:
    """The true answer: a place in a script between faults."""


Fault = Answer | Hang | Reset | Truly


class ScriptedPlatform(FakePlatform):
    """The simulated workspace, told what to do wrong."""

    __slots__ = ("_is_over", "_scripts", "calls")

    def __init__(self, token: str, app_token: str, clock: Clock, pace: float = PACE) -> None:
        super().__init__(token, app_token, clock, pace, middlewares=(self._answer_or_fail,))
        self.calls: list[str] = []
        self._scripts: dict[str, deque[Fault]] = defaultdict(deque)
        self._is_over = asyncio.Event()

    def script(self, method: str, *faults: Fault) -> None:
        """What happens to the next calls of a method, in order."""
        self._scripts[method].extend(faults)

    def forget(self) -> None:
        """Drop what is left of the scripts."""
        self._scripts.clear()

    async def stop(self) -> None:
        """Let go of who hangs, then stop."""
        self._is_over.set()
        await super().stop()

    @web.middleware
    async def _answer_or_fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method", "")
        if request.path.startswith("/upload/"):
            method = "upload"
        if not method:
            return await handler(request)
        self.calls.append(method)
        script = self._scripts[method]
        fault = script.popleft() if script else Truly()
        match fault:
            case Truly():
                return await handler(request)
            case Answer(status=status, body=body, headers=headers, mime=mime):
                return web.Response(status=status, body=body, content_type=mime, headers=headers)
            case Hang(is_taken=is_taken) | Reset(is_taken=is_taken):
                await request.read()
                answer = await handler(request) if is_taken else web.Response()
                if isinstance(fault, Hang):
                    await self._is_over.wait()
                if request.transport is not None:
                    request.transport.abort()
                return answer
