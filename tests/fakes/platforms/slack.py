"""The simulated workspace with faults: each call can be told to go wrong, as networks and platforms do.

`FakePlatform` already offers an event again (`deliver`), out of order (``is_held``), and drops sockets
(``dispatch.drop``); what is added here is scripted by method: ``platform.script("chat.postMessage", throttle(3))``.
Calls beyond the script are answered truly. The name for an upload's second step is ``upload``.
"""

import json

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.slack.fake_platform import Clock, FakePlatform
from tests.fakes.platforms.faults import Answer, Fault, Faulty, Hang, Reset, Truly

__all__ = ["Answer", "Fault", "Hang", "Reset", "ScriptedPlatform", "Truly", "error", "html", "throttle"]

PACE = 0.001
PATIENCE = 30.0
"""Seconds in which an offer is to be taken: the real platform's three may pass on a busy machine."""


def error(code: str, **more: object) -> Answer:
    """An answer that is no success, as the platform words it."""
    return Answer(200, json.dumps({"ok": False, "error": code, **more}).encode())


def throttle(seconds: int) -> Answer:
    """429 with its header."""
    return Answer(429, b'{"ok":false,"error":"ratelimited"}', {"Retry-After": str(seconds)})


def html(status: int = 200) -> Answer:
    """A page where the interface should be."""
    return Answer(status, b"<html>Welcome to the hotel</html>", mime="text/html")


class ScriptedPlatform(Faulty, FakePlatform):
    """The simulated workspace, told what to do wrong."""

    def __init__(self, token: str, app_token: str, clock: Clock, pace: float = PACE) -> None:
        FakePlatform.__init__(self, token, app_token, clock, pace, middlewares=(self._answer_or_fail,))
        Faulty.__init__(self)
        self.dispatch.patience = PATIENCE

    async def stop(self) -> None:
        """Let go of who hangs, then stop."""
        self.let_go()
        await super().stop()

    @web.middleware
    async def _answer_or_fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method", "")
        if request.path.startswith("/upload/"):
            method = "upload"
        if not method:
            return await handler(request)
        return await self.meet(method, request, handler)
