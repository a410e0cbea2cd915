"""Long polling: asking the platform for updates, confirming each only after it is stored.

``offset`` tells the platform what it may forget, so it moves over an update only when that and every update before it
has been confirmed. What was not confirmed comes again; the delivery key makes that harmless.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import msgspec

from adapters.contract import Parsed
from adapters.errors import Ambiguous, MalformedPayload
from adapters.telegram.deliver import judged
from adapters.telegram.parse import KINDS
from adapters.telegram.refusal import Conflict
from adapters.telegram.request import SessionRequest
from adapters.telegram.salvage import UNREADABLE

WAIT_FOR: Final = 25
"""Seconds that the platform may hold a question open; shorter than what routers and proxies cut off."""

BATCH: Final = 100

Pulled = tuple[Parsed, Callable[[], Awaitable[None]]]


class _Numbered(msgspec.Struct, frozen=True):
    update_id: int


class _Updates(msgspec.Struct, frozen=True):
    result: tuple[msgspec.Raw, ...]


_decode_updates = msgspec.json.Decoder(_Updates).decode
_decode_number = msgspec.json.Decoder(_Numbered).decode


class Polling:
    """The question "what is new?", asked for ever."""

    def __init__(self, request: SessionRequest, understand: Callable[[bytes], Parsed]) -> None:
        """``understand``: what an update means to this bot."""
        self._request = request
        self._understand = understand
        self._offset = 0
        self._waiting: dict[int, bool] = {}  # handed out, in order -> confirmed

    async def updates(self) -> AsyncIterator[Pulled]:
        """Updates with the function that confirms each.

        Raises:
            DeliveryError: the platform refused or was not reached; asking again later continues where this ended.
        """
        while True:
            self._waiting.clear()
            try:
                news = await self._ask()
            except Conflict:
                # A webhook that was set meanwhile keeps us from asking. If it is another process that asks, the second
                # question fails as the first did, and somebody must stop it.
                await judged(self._request.call("deleteWebhook", {}))
                news = await self._ask()
            for raw in news:
                body = bytes(raw)
                number = _decode_number(body).update_id
                self._waiting[number] = False
                yield self._meaning(body), self._confirmer(number)

    def _meaning(self, body: bytes) -> Parsed:
        """What an update means; one that means nothing must not hold up those behind it."""
        try:
            return self._understand(body)
        except MalformedPayload as problem:
            return Parsed(reason=f"unreadable update: {problem}")

    def _confirmer(self, number: int) -> Callable[[], Awaitable[None]]:
        async def confirm() -> None:
            self._waiting[number] = True
            for waiting, is_confirmed in self._waiting.items():
                if not is_confirmed:
                    return
                self._offset = max(self._offset, waiting + 1)

        return confirm

    async def _ask(self) -> tuple[msgspec.Raw, ...]:
        fields = {
            "offset": str(self._offset),
            "limit": str(BATCH),
            "timeout": str(WAIT_FOR),
            "allowed_updates": msgspec.json.encode(KINDS).decode(),
        }
        answer = await judged(self._request.call("getUpdates", fields, wait=WAIT_FOR))
        try:
            return _decode_updates(answer).result
        except UNREADABLE:
            error = Ambiguous("unreadable_answer", "the platform's list of updates was not readable")
        raise error
