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
    """A pool of connections on which a stuck transaction ends by itself, so that another gateway can go on.

    What the address says of a connection (``?options=-c%20lock_timeout=5s``, ``connect_timeout``) comes before ours.
    """
    _, _, rest = url.partition("://")
    address = sqlalchemy.make_url(f"postgresql+psycopg://{rest}")
    said = {"connect_timeout": str(_CONNECT_SECONDS), "options": "", **address.query}
    ours = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    return sqlalchemy.create_engine(
        address.set(query={**said, "options": f"{ours} {said['options']}"}),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        pool_pre_ping=True,
    )
