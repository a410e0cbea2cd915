"""SQLite: one file, one writer, readers beside it.

Write-ahead log with ``synchronous=FULL``: a commit returns when the disk has it (NORMAL lost acknowledged rows in most
simulated power cuts). Group commit in the engine gives the speed back. SQLite's own checkpoints are off: see
``checkpoint.py``.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event

from gateway.store.errors import DataInUse

FILE = "pointsman.db"
LOCK = "lock"

_BUSY_MILLISECONDS = 5_000
_CACHE_KIBIBYTES = 65_536
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA temp_store=MEMORY",
    f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}",
    f"PRAGMA cache_size=-{_CACHE_KIBIBYTES}",
)


class DataLock:
    """This process's exclusive hold on a data directory, given back by `release` or by the process's end."""

    def __init__(self, data: Path) -> None:
        """Take the directory.

        Raises:
            DataInUse: another process has it.
        """
        path = data / LOCK
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise DataInUse(f"{data} is in use by another process ({holder or 'unknown'}): stop it first") from error
        os.ftruncate(self._file, 0)
        with suppress(OSError):  # the name of the holder is a courtesy: a full disk must not stop a start
            os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let another process have the directory."""
        os.close(self._file)


def writer(path: Path) -> Engine:
    """The one connection that writes. A transaction takes the write lock at once: nothing read in it grows stale."""
    engine = _engine(path, pool_size=1)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reader(path: Path, connections: int) -> Engine:
    """Connections that cannot write; each transaction sees one unchanging state."""
    engine = _engine(path, pool_size=connections)
    event.listen(engine, "connect", _forbid_writing)
    event.listen(engine, "begin", _begin_deferred)
    return engine


def _engine(path: Path, *, pool_size: int) -> Engine:
    engine = sqlalchemy.create_engine(
        f"sqlite:///{path}", pool_size=pool_size, max_overflow=0, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  SQLAlchemy hands over the driver's
    connection.isolation_level = None  # we say BEGIN ourselves; the driver's guess opens transactions too late
    connection.execute("PRAGMA journal_mode=WAL")
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _forbid_writing(connection: Any, _record: object) -> None:  # noqa: ANN401  as above
    connection.execute("PRAGMA query_only=ON")


def _begin_immediate(connection: sqlalchemy.Connection) -> None:
    _begin(connection, "BEGIN IMMEDIATE")


def _begin_deferred(connection: sqlalchemy.Connection) -> None:
    _begin(connection, "BEGIN")


def _begin(connection: sqlalchemy.Connection, statement: str) -> None:
    """Say it to the driver itself: a statement through SQLAlchemy costs as much as three messages."""
    driver: Any = connection.connection
    driver.execute(statement).close()
