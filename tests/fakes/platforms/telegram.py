"""The simulated Bot API server with faults: each call can be told to go wrong, as networks and platforms do.

`FakePlatform` already delivers an update again (`deliver`) and out of order (``is_held``); what is added here is
scripted by method: ``platform.script("sendMessage", Throttle(3), Taken(), Hang())``. Calls beyond the script are
answered truly.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.telegram.fake_platform import Clock, FakePlatform

PACE = 0.001


@dataclass(frozen=True)
class Answer:
    """A literal answer instead of the true one."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def error(status: int, description: str, **parameters: int) -> Answer:
    """An answer as the platform words it."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(status, json.dumps(body).encode())


def throttle(seconds: int) -> Answer:
    """429 with its parameter."""
    return error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


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
    """The simulated platform, told what to do wrong."""

    __slots__ = ("_is_over", "_scripts", "calls")

    def __init__(self, token: str, clock: Clock, pace: float = PACE) -> None:
        super().__init__(token, clock, pace, middlewares=(self._answer,))
        self.calls: list[str] = []
        self._scripts: dict[str, deque[Fault]] = defaultdict(deque)
        self._is_over = asyncio.Event()

    def script(self, method: str, *faults: Fault) -> None:
        """What happens to the next calls of a method, in order."""
        self._scripts[method.lower()].extend(faults)

    def forget(self) -> None:
        """Drop what is left of the scripts."""
        self._scripts.clear()

    def unused(self) -> dict[str, int]:
        """How many faults of each method were scripted and never met."""
        return {method: len(faults) for method, faults in self._scripts.items() if faults}

    async def stop(self) -> None:
        """Let go of who hangs, then stop."""
        self._is_over.set()
        await super().stop()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method", "")
        if not method:
            return await handler(request)
        self.calls.append(method)
        script = self._scripts[method.lower()]
        fault = script.popleft() if script else Truly()
        match fault:
            case Truly():
                return await handler(request)
            case Answer(status=status, body=body, headers=headers):
                return web.Response(status=status, body=body, content_type="application/json", headers=headers)
            case Hang(is_taken=is_taken) | Reset(is_taken=is_taken):
                await request.read()
                answer = await handler(request) if is_taken else web.Response()
                if isinstance(fault, Hang):
                    await self._is_over.wait()
                if request.transport is not None:
                    request.transport.abort()
                return answer
