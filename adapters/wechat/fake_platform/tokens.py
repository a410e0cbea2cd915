"""Access tokens: the stable one, which is the same for everybody who asks, and the classic one, which is not.

developers.weixin.qq.com, *Getting a stable access token*: forced at most every 30 seconds and 20 times a day; the old
token stays good for five minutes when it was replaced in time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from adapters.wechat.fake_platform.account import Account, Refusal

LASTS = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCE_EVERY = timedelta(seconds=30)
FORCED_A_DAY = 20


@dataclass(slots=True, kw_only=True)
class Tokens:
    """One account's tokens, with the instants until which they are good."""

    account: Account
    now: Callable[[], datetime]
    good: dict[str, datetime] = field(default_factory=dict)
    granted: int = 0
    forced: list[datetime] = field(default_factory=list)
    _stable: str = ""
    _classic: str = ""

    def stable(self, asked: dict[str, Any]) -> dict[str, Any]:
        """``stable_token``: the present one, or another when it is forced or about to end."""
        self._know(asked)
        now = self.now()
        until = self.good.get(self._stable, now)
        if asked.get("force_refresh"):
            self._force(now)
            self._replace(now, now)
        elif until - now <= OVERLAP:
            self._replace(now, now + OVERLAP)
        return {"access_token": self._stable, "expires_in": int((self.good[self._stable] - now).total_seconds())}

    def classic(self, asked: dict[str, Any]) -> dict[str, Any]:
        """``token``: another one each time, the one before is good for five minutes more."""
        self._know(asked)
        now = self.now()
        if self._classic:
            self.good[self._classic] = now + OVERLAP
        self._classic = self._new(now)
        return {"access_token": self._classic, "expires_in": int(LASTS.total_seconds())}

    def check(self, token: str) -> None:
        """Let a call through.

        Raises:
            Refusal: its token is missing, unknown or over.
        """
        if not token:
            raise Refusal(41001, "access_token missing")
        until = self.good.get(token)
        if until is None:
            raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        if until <= self.now():
            raise Refusal(42001, "access_token expired")

    def revoke(self) -> None:
        """End every token: the AppSecret was reset, or somebody forced another one."""
        self.good.clear()

    def _know(self, asked: dict[str, Any]) -> None:
        if asked.get("grant_type") != "client_credential":
            raise Refusal(40002, "invalid grant_type")
        if asked.get("appid") != self.account.app_id:
            raise Refusal(40013, "invalid appid")
        if not compare_digest(str(asked.get("secret")).encode(), self.account.app_secret.encode()):
            raise Refusal(40125, "invalid appsecret")

    def _force(self, now: datetime) -> None:
        today = [at for at in self.forced if now - at < timedelta(days=1)]
        if len(today) >= FORCED_A_DAY or (today and now - today[-1] < FORCE_EVERY):
            raise Refusal(45009, "reach max api daily quota limit")
        self.forced.append(now)

    def _replace(self, now: datetime, old_until: datetime) -> None:
        if self._stable in self.good:
            self.good[self._stable] = min(self.good[self._stable], old_until)
        self._stable = self._new(now)

    def _new(self, now: datetime) -> str:
        self.granted += 1
        token = f"98_{self.granted:04d}" + "T0kEn-_" * 20
        self.good[token] = now + LASTS
        return token
