"""The simulated Official Account with faults: each call can be told to go wrong, as networks and platforms do.

`FakePlatform` already pushes again (`deliver`) and out of order (``is_held``); what is added here is scripted by path:
``platform.script("message/custom/send", errcode(45009), Truly(), Hang())``. Calls beyond the script are answered truly.
"""

import json

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.wechat.fake_platform import Account, Clock, FakePlatform
from tests.fakes.platforms.faults import Answer, Fault, Faulty, Hang, Reset, Truly

__all__ = ["Answer", "Fault", "Hang", "Reset", "ScriptedPlatform", "Truly", "errcode"]

PACE = 6.0
"""How long a second of the platform's patience lasts: its five may pass on a busy machine."""
_BASE = "/cgi-bin/"


def errcode(code: int, words: str = "something about this call") -> Answer:
    """An answer as the platform words it: 200, whatever is wrong."""
    return Answer(200, json.dumps({"errcode": code, "errmsg": words}).encode())


class ScriptedPlatform(Faulty, FakePlatform):
    """The simulated platform, told what to do wrong."""

    def __init__(self, account: Account, clock: Clock, pace: float = PACE) -> None:
        FakePlatform.__init__(self, account, clock, pace, middlewares=(self._answer,))
        Faulty.__init__(self)

    async def stop(self) -> None:
        """Let go of who hangs, then stop."""
        self.let_go()
        await super().stop()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(_BASE):
            return await handler(request)
        path = request.path.removeprefix(_BASE)
        return await self.meet(path, request, handler)
