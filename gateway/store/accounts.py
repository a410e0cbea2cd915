"""Logins and sessions: what is stored of passwords and tokens is a hash, never the thing itself."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway.clock import instant, micros
from gateway.store.schema import accounts, sessions
from skills.ids import AgentId

_hashed = sessions.c.token_hash
_invited = accounts.c.invitation_hash

_ACCOUNT = select(accounts).where(accounts.c.agent == bindparam("agent"))
_SESSION = select(sessions.c.agent, sessions.c.expires_at).where(_hashed == bindparam("hash"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One agent's login. ``password_hash`` is argon2's, empty when none is set."""

    agent: AgentId
    password_hash: str = ""
    invitation_hash: str = ""
    invited_until: datetime | None = None
    failures: int = 0
    locked_until: datetime | None = None


def token_hash(token: str) -> str:
    """What is stored of a random token: SHA-256 is enough, there is nothing to guess.

    Any text has one, even what a header holds in bytes that are no UTF-8.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def account(connection: Connection, agent: AgentId) -> Account:
    """The agent's login; an empty one when none is stored."""
    row = connection.execute(_ACCOUNT, {"agent": agent}).one_or_none()
    if row is None:
        return Account(agent=agent)
    return Account(
        agent=agent,
        password_hash=row.password_hash,
        invitation_hash=row.invitation_hash,
        invited_until=instant(row.invited_until) if row.invited_until else None,
        failures=row.failures,
        locked_until=instant(row.locked_until) if row.locked_until else None,
    )


def account_to_change(connection: Connection, agent: AgentId) -> Account:
    """The same, which nobody else changes before this transaction ends."""
    connection.execute(select(accounts.c.agent).where(accounts.c.agent == agent).with_for_update())
    return account(connection, agent)


def account_agents(connection: Connection) -> dict[AgentId, bool]:
    """The agents that have a login, and whether a password is set."""
    rows = connection.execute(select(accounts.c.agent, accounts.c.password_hash))
    return {AgentId(row.agent): bool(row.password_hash) for row in rows}


def save_account(connection: Connection, saved: Account) -> None:
    """Write the agent's login."""
    values = {
        "password_hash": saved.password_hash,
        "invitation_hash": saved.invitation_hash,
        "invited_until": micros(saved.invited_until) if saved.invited_until else 0,
        "failures": saved.failures,
        "locked_until": micros(saved.locked_until) if saved.locked_until else 0,
    }
    changed = connection.execute(update(accounts).where(accounts.c.agent == saved.agent).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(accounts).values(agent=saved.agent, **values))


def invited_agent(connection: Connection, invitation: str, now: datetime) -> AgentId | None:
    """Whom this invitation is for; None when it is wrong, used or too old."""
    hashed = token_hash(invitation)
    found = connection.execute(
        select(accounts.c.agent).where(_invited == hashed).where(accounts.c.invited_until > micros(now))
    ).scalar_one_or_none()
    return AgentId(found) if found is not None else None


def open_session(connection: Connection, token: str, agent: AgentId, now: datetime, expires_at: datetime) -> None:
    """Write a session, and forget those that have run out."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= micros(now)))
    connection.execute(
        insert(sessions).values(
            token_hash=token_hash(token), agent=agent, created_at=micros(now), expires_at=micros(expires_at)
        )
    )


def session_agent(connection: Connection, token: str, now: datetime) -> AgentId | None:
    """Whose session this token is; None when it is unknown or has run out."""
    row = connection.execute(_SESSION, {"hash": token_hash(token)}).one_or_none()
    return AgentId(row.agent) if row is not None and row.expires_at > micros(now) else None


def close_session(connection: Connection, token: str) -> None:
    """End one session."""
    hashed = token_hash(token)
    connection.execute(delete(sessions).where(_hashed == hashed))


def close_sessions(connection: Connection, agent: AgentId) -> None:
    """End all sessions of an agent, as a new password does."""
    connection.execute(delete(sessions).where(sessions.c.agent == agent))
