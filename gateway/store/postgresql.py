"""PostgreSQL: several gateways on one database; the routing row's lock is what keeps them apart."""

import sqlalchemy
from sqlalchemy import Engine

SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")

_SETTINGS = {
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "2s",
    "synchronous_commit": "on",
}
_CONNECT_SECONDS = 3
_POOL_SECONDS = 3


def database(url: str, connections: int) -> Engine:
    """A pool of connections on which a stuck transaction ends by itself, so that another gateway can go on."""
    _, _, rest = url.partition("://")
    return sqlalchemy.create_engine(
        f"postgresql+psycopg://{rest}",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        pool_pre_ping=True,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()),
            "connect_timeout": _CONNECT_SECONDS,
        },
    )
