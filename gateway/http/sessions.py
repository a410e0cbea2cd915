"""Sessions: logging in, staying so, logging out. The token is 256 random bits; the store knows its hash only.

Wrong passwords cost time: after a few, the login waits longer and longer, whether it exists or not. Nothing tells a
wrong login from a wrong password.
"""

import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Connection

from gateway.clock import Clock
from gateway.http.passwords import Busy, Passwords
from gateway.http.problems import Problem
from gateway.identifiers import Identifiers
from gateway.store.accounts import (
    Account,
    account,
    account_to_change,
    close_session,
    open_session,
    save_account,
    session_agent,
    token_hash,
)
from gateway.store.store import Store
from skills.ids import AgentId

COOKIE = "pointsman_session"
LASTS_FOR = timedelta(days=14)
FREE_FAILURES = 5
LOCKS = (*(timedelta(seconds=2**times) for times in range(10)), timedelta(minutes=15))
STRANGERS = 4096
"""How many logins that do not exist are remembered with their failures."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Sessions:
    """Opens, finds and closes sessions."""

    def __init__(self, store: Store, clock: Clock, identifiers: Identifiers, passwords: Passwords) -> None:
        self._store = store
        self._clock = clock
        self._identifiers = identifiers
        self._passwords = passwords
        self._strangers: OrderedDict[str, Account] = OrderedDict()

    async def open(self, login: str, password: str, *, is_known: bool) -> str:
        """A new session's token. ``is_known``: an agent with this login may log in at all.

        Raises:
            Problem: 401 when login or password are wrong, 429 when it was tried too often or too many try now.
        """
        agent = AgentId(login)
        stored = await self._store.read(lambda c: account(c, agent)) if is_known else self._stranger(login)
        now = self._clock.now()
        if stored.locked_until is not None and stored.locked_until > now:
            raise _too_often(stored.locked_until - now)
        try:
            is_right = await self._passwords.matches(stored.password_hash, password)
        except Busy:
            raise _too_often(timedelta(seconds=5)) from None
        if not is_right:
            await self._failed(agent, now, is_known=is_known)
            raise _wrong_login()

        def forgive(connection: Connection) -> bool:
            present = account_to_change(connection, agent)
            # It may have been changed while it was checked.
            is_same = hmac.compare_digest(present.password_hash, stored.password_hash)
            if is_same:
                save_account(connection, replace(present, failures=0, locked_until=None))
            return is_same

        token = await self._begin(agent, forgive)
        if token is None:
            raise _wrong_login()
        return token

    async def redeem(self, agent: AgentId, password: str) -> str:
        """Set an invited agent's password, and log in.

        Raises:
            BadPassword: it is too short or too long.
        """
        hashed = await self._passwords.hash(password)
        return await self.let_in(Account(agent=agent, password_hash=hashed))

    async def agent(self, token: str) -> AgentId | None:
        """Whose session this is."""
        now = self._clock.now()
        return await self._store.read(lambda c: session_agent(c, token, now))

    async def close(self, token: str) -> None:
        """End a session."""
        await self._store.write(lambda c: close_session(c, token))

    async def let_in(self, saved: Account) -> str:
        """Write the agent's login as it is now, and open a session; its token."""

        def write(connection: Connection) -> bool:
            save_account(connection, saved)
            return True

        token = await self._begin(saved.agent, write)
        assert token is not None  # noqa: S101  nothing was asked
        return token

    async def _begin(self, agent: AgentId, may_begin: Callable[[Connection], bool]) -> str | None:
        """A new session's token, when this is true in the same transaction."""
        token = self._identifiers.token()
        now = self._clock.now()

        def write(connection: Connection) -> bool:
            may = may_begin(connection)
            if may:
                open_session(connection, token, agent, now, now + LASTS_FOR)
            return may

        return token if await self._store.write(write) else None

    async def _failed(self, agent: AgentId, now: datetime, *, is_known: bool) -> None:
        """Count one more, of however many that failed at the same time."""
        if is_known:
            await self._store.write(lambda c: save_account(c, _once_more(account_to_change(c, agent), now)))
        else:
            self._strangers[token_hash(agent)] = _once_more(self._stranger(agent), now)
            if len(self._strangers) > STRANGERS:
                self._strangers.popitem(last=False)

    def _stranger(self, login: str) -> Account:
        return self._strangers.get(token_hash(login), Account(agent=AgentId(login)))


def presented_token(request: web.Request) -> str:
    """The token that the request carries: the bearer's, else the cookie's; empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.cookies.get(COOKIE, "")


def check_same_site(request: web.Request) -> None:
    """Refuse what another site makes a browser send with its cookie. A bearer's token is never sent by itself.

    Raises:
        Problem: 403, the request comes from elsewhere.
    """
    if request.method in SAFE_METHODS or "Authorization" in request.headers:
        return
    site = request.headers.get("Sec-Fetch-Site")
    is_ours = site in {"same-origin", "none"} if site is not None else is_own_origin(request)
    if not is_ours:
        raise Problem(HTTPStatus.FORBIDDEN, "other-site", "this request comes from another site")


def is_own_origin(request: web.Request) -> bool:
    """Whether the request's Origin, if any, is this service."""
    origin = request.headers.get("Origin")
    return origin is None or (origin != "null" and urlsplit(origin).netloc == request.host)


def set_cookie(response: web.Response, token: str, *, is_secure: bool) -> None:
    """Give the browser its session; scripts cannot read it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=is_secure,
        path="/",
    )


def _once_more(failed: Account, now: datetime) -> Account:
    """The login after another failure: locked from the last free one on, each time for twice as long."""
    over = failed.failures + 1 - FREE_FAILURES
    locked = now + LOCKS[min(over, len(LOCKS) - 1)] if over >= 0 else None
    return replace(failed, failures=failed.failures + 1, locked_until=locked)


def _wrong_login() -> Problem:
    return Problem(HTTPStatus.UNAUTHORIZED, "wrong-login", "login or password are wrong")


def _too_often(wait: timedelta) -> Problem:
    seconds = max(1, round(wait.total_seconds()))
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-often",
        f"tried too often; wait {seconds} s",
        headers={"Retry-After": str(seconds)},
    )
