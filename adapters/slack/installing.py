"""Several workspaces: each installs the app through two pages of ours, and its token is kept in the vault.

``/install`` sends the browser to the platform, which sends it back to ``/oauth`` with a code that we change for a token
(docs.slack.dev/authentication/installing-with-oauth). The state between the two is signed and good for ten minutes.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import msgspec

from adapters.contract import Errand, Parsed, Route
from adapters.errors import MalformedPayload, Rejected
from adapters.slack.client import SessionClient, judged
from adapters.slack.settings import SlackSettings
from adapters.vault import Vault
from adapters.wire import WebhookReply, WebhookRequest
from router.ids import InboxId

SCOPES: Final = (
    "app_mentions:read", "channels:history", "chat:write", "commands", "files:read", "files:write", "groups:history",
    "im:history", "im:write", "mpim:history", "reactions:read", "users:read",
)  # fmt: skip
STATE_LASTS: Final = 600
"""Seconds that somebody may take to agree."""

_INSTALL, _BACK = "/install", "/oauth"


class _Place(msgspec.Struct, frozen=True):
    id: str = ""
    name: str = ""


class _Installed(msgspec.Struct, frozen=True):
    access_token: str
    refresh_token: str = ""
    team: _Place | None = None
    enterprise: _Place | None = None
    is_enterprise_install: bool = False


class Installing:
    """The app's installations. ``address`` is where the platform reaches us; empty when it cannot."""

    def __init__(self, inbox: InboxId, settings: SlackSettings, client: SessionClient, vault: Vault) -> None:
        self._inbox = inbox
        self._settings = settings
        self._client = client
        self._vault = vault
        self.address = ""

    def routes(self) -> Sequence[Route]:
        """The two pages."""
        return Route(methods=("GET",), path=_INSTALL), Route(methods=("GET",), path=_BACK)

    async def token_of(self, installation: str) -> str:
        """The bot token of a workspace or organisation; empty when it has none."""
        kept = await self._vault.get(self._name(installation))
        return kept.decode() if kept else ""

    def is_welcome(self, request: WebhookRequest, now: datetime) -> bool:
        """Whether a browser may come: to begin, or back with the state that we gave it."""
        if not self._settings.is_installable:
            return False
        if request.path.endswith(_INSTALL):
            return True
        instant, _, given = request.query.get("state", "").partition(".")
        if not request.path.endswith(_BACK) or not (instant.isascii() and instant.isdecimal() and len(instant) < 13):  # noqa: PLR2004  digits of an instant
            return False
        is_ours = hmac.compare_digest(self._sign(instant).encode(), given.encode("utf-8", "surrogateescape"))
        return is_ours and 0 <= now.timestamp() - int(instant) <= STATE_LASTS

    def parse(self, request: WebhookRequest) -> Parsed:
        """What a browser's coming means.

        Raises:
            MalformedPayload: it came back with neither a code nor a reason.
        """
        if request.path.endswith(_INSTALL):
            return Parsed(reason="somebody wants to install the app", errand=self._begin)
        if request.query.get("error"):
            reply = WebhookReply(body=b"The app was not installed.\n")
            return Parsed(reason="somebody did not agree to install the app", reply=reply)
        code = request.query.get("code", "")
        if not code:
            raise MalformedPayload("neither a code nor an error")

        async def complete(_: datetime) -> WebhookReply:
            return await self._complete(code)

        return Parsed(reason="somebody agreed to install the app", errand=complete)

    def ended(self, installation: str) -> Errand:
        """The errand that forgets an installation that is over."""

        async def forget(_: datetime) -> WebhookReply:
            if self._settings.is_installable:
                await self._vault.put(self._name(installation), None)
            return WebhookReply()

        return forget

    async def _begin(self, now: datetime) -> WebhookReply:
        instant = str(int(now.timestamp()))
        asked = {
            "client_id": self._settings.client_id,
            "scope": ",".join(SCOPES),
            "state": f"{instant}.{self._sign(instant)}",
            **self._back(),
        }
        base = self._settings.api_base.rstrip("/").removesuffix("/api")
        return WebhookReply(
            status=302,
            headers={"Location": f"{base}/oauth/v2/authorize?{urlencode(asked)}", "Cache-Control": "no-store"},
        )

    async def _complete(self, code: str) -> WebhookReply:
        ours = self._settings
        secret = ours.client_secret.reveal()
        proof = b64encode(f"{ours.client_id}:{secret}".encode()).decode()
        # Not by the library's own method: that uses a class of aiohttp's that is on its way out.
        call = self._client.api_call(
            "oauth.v2.access", data={"code": code, **self._back()}, headers={"Authorization": f"Basic {proof}"}
        )
        answer = await judged(call, secret, proof, code)
        try:
            found = msgspec.convert(answer.data, _Installed)
        except msgspec.ValidationError:
            raise Rejected("unreadable_answer", "the platform's answer has no token") from None
        if found.refresh_token:  # its tokens end after twelve hours: better no installation than one that dies at night
            raise Rejected("token_rotation", "turn token rotation off: it needs an app of its own, see setup.md")
        place = (found.enterprise if found.is_enterprise_install else found.team) or found.enterprise
        if place is None or not place.id:
            raise Rejected("unreadable_answer", "the platform's answer names no workspace")
        await self._vault.put(self._name(place.id), found.access_token.encode())
        return WebhookReply(
            body=f"The app is installed in {place.name or place.id}. You can close this page.\n".encode()
        )

    def _back(self) -> dict[str, str]:
        """Where the browser shall come back to; without it the platform takes the app's first address."""
        return {"redirect_uri": f"{self.address}{_BACK}"} if self.address else {}

    def _name(self, installation: str) -> str:
        return f"{self._inbox}/{installation}"

    def _sign(self, instant: str) -> str:
        message = f"{self._inbox}:{instant}".encode()
        return hmac.digest(self._settings.client_secret.reveal().encode(), message, hashlib.sha256).hex()
