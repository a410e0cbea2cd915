"""The store for a command that runs beside the service: one transaction, without taking the data for itself.

SQLite allows a second writer for a moment (it waits for the lock like any other), and PostgreSQL any number. Nothing
here touches what the engine keeps in memory: logins, and copies.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from gateway.store import postgresql, sqlite
from gateway.store.errors import DataInUse, StoreUnavailable
from gateway.store.store import Store

T = TypeVar("T")


def transact(url: str, data: Path, closure: Callable[[Connection], T]) -> T:
    """Run one transaction, whether the service runs or not; the database is made when it is missing.

    Raises:
        SchemaNewer, StoreUnavailable: the database cannot be used.
    """
    with suppress(DataInUse):  # then the service runs, and the tables are there
        Store.open(url, data).close()
    engine = postgresql.database(url, 1) if url else sqlite.writer(data / sqlite.FILE)
    with _unavailable(engine), engine.begin() as connection:
        return closure(connection)


def look(url: str, data: Path, closure: Callable[[Connection], T]) -> T:
    """Read, whether the service runs or not, on a connection that cannot write.

    Raises:
        FileNotFoundError: there is no database.
        StoreUnavailable: the database cannot be used.
    """
    if not url and not (data / sqlite.FILE).exists():
        raise FileNotFoundError(f"there is no database in {data}")
    engine = postgresql.database(url, 1) if url else sqlite.reader(data / sqlite.FILE, 1)
    with _unavailable(engine), engine.execution_options(postgresql_readonly=True).begin() as connection:
        return closure(connection)


def copy(data: Path, target: Path) -> None:
    """Write a consistent copy of the SQLite file, while it is in use or not.

    Raises:
        FileNotFoundError: there is no database.
        FileExistsError: the target exists.
        StoreUnavailable: the database cannot be read, or the copy cannot be written.
    """
    source = data / sqlite.FILE
    if not source.exists():
        raise FileNotFoundError(f"there is no database in {data}")
    if target.exists():
        raise FileExistsError(f"{target} exists; choose another name")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no directory {target.parent}")
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)  # half a copy is no copy
        raise StoreUnavailable(str(error)) from error


def rewrite(data: Path) -> bool:
    """Write the SQLite file anew, so that nothing of what was erased is left in its gaps; False while it is in use.

    Raises:
        StoreUnavailable: it cannot be written (there must be room for a second one).
    """
    try:
        lock = sqlite.DataLock(data)
    except DataInUse:
        return False
    try:
        with closing(sqlite3.connect(data / sqlite.FILE, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreUnavailable(str(error)) from error
    finally:
        lock.release()
    return True


@contextmanager
def _unavailable(engine: Engine) -> Iterator[None]:
    """The driver's refusals as the store's; the connections are closed in the end."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:  # BEGIN is said to the driver itself, whose errors are its own
        raise StoreUnavailable(str(getattr(error, "orig", error))) from error
    finally:
        engine.dispose()
