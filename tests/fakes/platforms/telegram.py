"""The simulated Bot API server with faults: each call can be told to go wrong, as networks and platforms do.

`FakePlatform` already delivers an update again (`deliver`) and out of order (``is_held``); what is added here is
scripted by method: ``platform.script("sendMessage", Throttle(3), Taken(), Hang())``. Calls beyond the script are
answered truly.
"""

import json
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.telegram.fake_platform import Clock, FakePlatform
from tests.fakes.platforms.faults import Answer, Fault, Faulty, Hang, Reset, Truly

__all__ = ["Answer", "Fault", "Hang", "Reset", "ScriptedPlatform", "Truly", "error", "throttle"]

PACE = 0.001


def error(status: int, description: str, **parameters: int) -> Answer:
    """An answer as the platform words it."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(status, json.dumps(body).encode())


def throttle(seconds: int) -> Answer:
    """429 with its parameter."""
    return error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class ScriptedPlatform(Faulty, FakePlatform):
    """The simulated platform, told what to do wrong."""

    def __init__(self, token: str, clock: Clock, pace: float = PACE) -> None:
        FakePlatform.__init__(self, token, clock, pace, middlewares=(self._answer,))
        Faulty.__init__(self)

    async def stop(self) -> None:
        """Let go of who hangs, then stop."""
        self.let_go()
        await super().stop()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method", "")
        if not method:
            return await handler(request)
        return await self.meet(method, request, handler)
