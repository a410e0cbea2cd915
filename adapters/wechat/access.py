"""The account's access token: one question however many need it, and another token at most when one was refused.

``stable_token`` gives the same token to everybody who asks until five minutes before its end, so several gateways need
not agree on anything. A refused token is first asked for again, since somebody may have renewed it; only when the
platform insists on the refused one is it forced, which it allows every 30 seconds (developers.weixin.qq.com,
*Getting a stable access token*).
"""

import asyncio
from dataclasses import dataclass
from hmac import compare_digest
from typing import Protocol

EARLY = 300.0
"""Seconds before its end that a token is renewed: from then on the platform gives the next one."""

_SHORTEST = 30.0
_FORCE_EVERY = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A token and for how many seconds it is good."""

    token: str
    lasts: float


class Grant(Protocol):
    """Asks the platform for the token."""

    async def __call__(self, *, is_forced: bool) -> Granted:
        """The present token; a new one when ``is_forced``.

        Raises:
            DeliveryError: there is none.
        """


class AccessToken:
    """The token that calls are made with."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant
        self._asking = asyncio.Lock()
        self._token = ""
        self._good_until = 0.0
        self._refused = ""
        self._may_force_at = 0.0

    async def current(self) -> str:
        """A token that should be good.

        Raises:
            DeliveryError: there is none.
        """
        loop = asyncio.get_running_loop()
        if self._token and loop.time() < self._good_until:
            return self._token
        async with self._asking:
            if self._token and loop.time() < self._good_until:
                return self._token
            granted = await self._grant(is_forced=False)
            if compare_digest(granted.token.encode(), self._refused.encode()) and loop.time() >= self._may_force_at:
                self._may_force_at = loop.time() + _FORCE_EVERY
                granted = await self._grant(is_forced=True)
            self._token = granted.token
            self._good_until = loop.time() + max(granted.lasts - EARLY, min(granted.lasts, _SHORTEST))
            return self._token

    def refuse(self, token: str) -> None:
        """The platform refused this token: the next question asks for another one."""
        if compare_digest(token.encode(), self._token.encode()):
            self._token, self._refused = "", token

    def tokens(self) -> tuple[str, ...]:
        """What must not be shown to anybody."""
        return tuple(token for token in (self._token, self._refused) if token)
