"""The store: one transaction is one closure, run to its end on a thread, whatever becomes of whoever waits for it."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from gateway.store import postgresql, sqlite
from gateway.store.checkpoint import Checkpointer
from gateway.store.errors import StoreUnavailable
from gateway.store.migration import migrate

T = TypeVar("T")

READERS = 3
POSTGRESQL_CONNECTIONS = 8
_LIMIT_EXCEEDED = "54"
"""SQLSTATE class of "this row is too large for that": the row's fault, although the driver calls it operational."""


class Store:
    """One SQLite file or one PostgreSQL database. Build it with `open`, end it with `close`."""

    def __init__(self, writer: Engine, reader: Engine, *, writers: int, readers: int) -> None:
        self.dialect: Literal["sqlite", "postgresql"] = "sqlite" if writer.dialect.name == "sqlite" else "postgresql"
        self._writer = writer
        self._reader = reader
        self._write_threads = ThreadPoolExecutor(writers, thread_name_prefix="store-write")
        self._read_threads = ThreadPoolExecutor(readers, thread_name_prefix="store-read")
        self._lock: sqlite.DataLock | None = None
        self._checkpointer: Checkpointer | None = None

    @staticmethod
    def open(url: str, data: Path) -> "Store":
        """Open the database and bring it to this version's tables.

        ``url`` empty is the SQLite file in ``data``, which is made when missing; else ``postgresql://…``.

        Raises:
            DataInUse: another process works on ``data``.
            SchemaNewer: the database belongs to a newer version.
            StoreUnavailable: the database cannot be reached, or the directory cannot be written.
            ValueError: ``url`` is for another kind of database.
        """
        if not url:
            return Store._open_file(data)
        if not url.startswith(postgresql.SCHEMES):
            raise ValueError(
                f"{url.partition(':')[0]}: the store is PostgreSQL (postgresql://…) or, without a URL, SQLite"
            )
        engine = postgresql.database(url, POSTGRESQL_CONNECTIONS)
        reader = engine.execution_options(postgresql_readonly=True)
        store = Store(engine, reader, writers=POSTGRESQL_CONNECTIONS // 2, readers=POSTGRESQL_CONNECTIONS // 2)
        store._migrate()
        return store

    async def write(self, closure: Callable[[Connection], T]) -> T:
        """Run one transaction: commit when ``closure`` returns, roll back when it raises.

        Cancelling the caller does not cut it. On SQLite transactions run one after the other, on PostgreSQL side by
        side.

        Raises:
            StoreUnavailable: it could not be committed; or it was, and the answer was lost.
        """
        return await asyncio.get_running_loop().run_in_executor(self._write_threads, self._run, self._writer, closure)

    async def read(self, closure: Callable[[Connection], T]) -> T:
        """Run ``closure`` on a connection that cannot write.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, self._run, self._reader, closure)

    def close(self) -> None:
        """Let running transactions end, close every connection and give the data free. Closing twice does no harm."""
        if self._checkpointer is not None:
            self._checkpointer.stop()
            self._checkpointer = None
        self._write_threads.shutdown()
        self._read_threads.shutdown()
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @staticmethod
    def _open_file(data: Path) -> "Store":
        try:
            data.mkdir(parents=True, exist_ok=True)
            lock = sqlite.DataLock(data)
        except OSError as error:
            reason = f"{data} cannot be written ({error.strerror})"
            raise StoreUnavailable(f"{reason}; let this user write there, or choose another directory") from error
        path = data / sqlite.FILE
        store = Store(sqlite.writer(path), sqlite.reader(path, READERS), writers=1, readers=READERS)
        store._lock = lock
        store._migrate()
        store._checkpointer = Checkpointer(path, store._write_threads.submit)
        return store

    def _migrate(self) -> None:
        try:
            migrate(self._writer)
        except (DBAPIError, sqlite3.Error) as error:  # BEGIN is said to the driver itself, whose errors are its own
            self.close()
            raise StoreUnavailable(str(getattr(error, "orig", error))) from error
        except BaseException:
            self.close()
            raise

    def _run(self, engine: Engine, closure: Callable[[Connection], T]) -> T:
        try:
            with engine.connect() as connection:
                try:
                    with connection.begin():
                        return closure(connection)
                except Exception as error:  # whatever it was goes on to the caller; only the connection is judged here
                    if self.dialect == "postgresql" and self._is_unavailable(error):
                        connection.invalidate()  # who knows what the server still believes of this connection
                    raise
        except PoolExhausted as error:
            raise StoreUnavailable("all connections are busy") from error
        except Exception as error:
            if self._is_unavailable(error):
                raise StoreUnavailable(str(getattr(error, "orig", error))) from error
            raise

    def _is_unavailable(self, error: Exception) -> bool:
        """Whether it is the database that cannot, rather than the rows that may not."""
        dbapi: Any = self._writer.dialect.dbapi
        cause = error.orig if isinstance(error, DBAPIError) else error
        if str(getattr(cause, "sqlstate", None) or "").startswith(_LIMIT_EXCEEDED):
            return False
        away = (dbapi.OperationalError, dbapi.InterfaceError, dbapi.InternalError)
        return isinstance(cause, away) or type(cause) is dbapi.DatabaseError
