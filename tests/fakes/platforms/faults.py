"""What can go wrong with a call to a simulated platform, scripted by the call's name.

``platform.script("sendMessage", throttle(3), Truly(), Hang())``. Calls beyond the script are answered truly.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler


@dataclass(frozen=True)
class Answer:
    """A literal answer instead of the true one. ``is_taken``: the call was carried out all the same."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    mime: str = "application/json"
    is_taken: bool = False


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


class Faulty:
    """A simulated platform that is told what to do wrong.

    `calls` are the names of all calls, in order; `silences` how many of them met a `Hang`.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.silences = 0
        self._scripts: dict[str, deque[Fault]] = defaultdict(deque)
        self._is_over = asyncio.Event()

    def script(self, call: str, *faults: Fault) -> None:
        """What happens to the next calls of this name, in order."""
        self._scripts[call.lower()].extend(faults)

    def forget(self) -> None:
        """Drop what is left of the scripts."""
        self._scripts.clear()

    def unused(self) -> dict[str, int]:
        """How many faults of each name were scripted and never met."""
        return {call: len(faults) for call, faults in self._scripts.items() if faults}

    def let_go(self) -> None:
        """End all that hangs."""
        self._is_over.set()

    async def meet(self, call: str, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a call as its script says."""
        self.calls.append(call)
        script = self._scripts[call.lower()]
        fault = script.popleft() if script else Truly()
        match fault:
            case Truly():
                return await handler(request)
            case Answer(status=status, body=body, headers=headers, mime=mime, is_taken=is_taken):
                if is_taken:
                    await handler(request)
                return web.Response(status=status, body=body, content_type=mime, headers=headers)
            case Hang(is_taken=is_taken) | Reset(is_taken=is_taken):
                await request.read()
                answer = await handler(request) if is_taken else web.Response()
                if isinstance(fault, Hang):
                    self.silences += 1
                    await self._is_over.wait()
                if request.transport is not None:
                    request.transport.abort()
                return answer
