"""The simulated Official Account with faults: each call can be told to go wrong, as networks and platforms do.

`FakePlatform` already pushes again (`deliver`) and out of order (``is_held``); what is added here is scripted by path:
``platform.script("message/custom/send", errcode(45009), Truly(), Hang())``. Calls beyond the script are answered truly.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.wechat.fake_platform import Account, Clock, FakePlatform

PACE = 0.05
_BASE = "/cgi-bin/"


@dataclass(frozen=True)
class Answer:
    """A literal answer instead of the true one."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def errcode(code: int, words: str = "something about this call") -> Answer:
    """An answer as the platform words it: 200, whatever is wrong."""
    return Answer(200, json.dumps({"errcode": code, "errmsg": words}).encode())


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

    def __init__(self, account: Account, clock: Clock, pace: float = PACE) -> None:
        super().__init__(account, clock, pace, middlewares=(self._answer,))
        self.calls: list[str] = []
        self._scripts: dict[str, deque[Fault]] = defaultdict(deque)
        self._is_over = asyncio.Event()

    def script(self, path: str, *faults: Fault) -> None:
        """What happens to the next calls of a path, in order."""
        self._scripts[path].extend(faults)

    def forget(self) -> None:
        """Drop what is left of the scripts."""
        self._scripts.clear()

    def unused(self) -> dict[str, int]:
        """How many faults of each path were scripted and never met."""
        return {path: len(faults) for path, faults in self._scripts.items() if faults}

    async def stop(self) -> None:
        """Let go of who hangs, then stop."""
        self._is_over.set()
        await super().stop()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(_BASE):
            return await handler(request)
        path = request.path.removeprefix(_BASE)
        self.calls.append(path)
        script = self._scripts[path]
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
