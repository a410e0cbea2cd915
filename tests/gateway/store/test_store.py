"""One closure is one transaction, whatever becomes of whoever waits for it."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from gateway.store import DataInUse, Store, StoreUnavailable
from gateway.store.schema import keys
from tests.gateway.databases import PostgresServer

KEY = insert(keys).values(name="a", value=b"1")


def put(connection: Connection) -> str:
    """Write one key."""
    connection.execute(KEY)
    return "written"


def count(connection: Connection) -> int:
    """How many keys there are."""
    return connection.execute(select(func.count()).select_from(keys)).scalar_one()


async def test_a_closure_that_returns_is_committed(store: Store) -> None:
    """What a closure wrote is there for readers when `write` returns, and its value is handed on."""
    assert await store.write(put) == "written"
    assert await store.read(count) == 1


async def test_a_closure_that_raises_leaves_nothing(store: Store) -> None:
    """Whatever a closure wrote before it raised is gone, and the next one works."""

    def fail(connection: Connection) -> None:
        connection.execute(KEY)
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        await store.write(fail)
    assert await store.read(count) == 0
    await store.write(put)
    assert await store.read(count) == 1


async def test_a_cancelled_caller_cuts_no_transaction(store: Store) -> None:
    """Who gives up waiting for a running transaction does not undo it."""
    has_begun, may_go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        connection.execute(KEY)
        has_begun.set()
        assert may_go_on.wait(10)

    caller = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(has_begun.wait, 10)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    may_go_on.set()
    await store.write(count)
    assert await store.read(count) == 1


async def test_what_was_committed_is_there_after_reopening(open_store: Callable[[], Store]) -> None:
    """Closing and opening loses nothing, and migrates nothing twice."""
    first = open_store()
    await first.write(put)
    first.close()
    assert await open_store().read(count) == 1


def test_a_second_process_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """SQLite's data belongs to one process, and who has it is named."""
    first = Store.open("", tmp_path)
    with pytest.raises(DataInUse, match=r"\d+"):
        Store.open("", tmp_path)
    first.close()
    Store.open("", tmp_path).close()


async def test_readers_cannot_write(store: Store) -> None:
    """A closure given to `read` that writes is refused, and the next one may write as ever."""
    with pytest.raises(StoreUnavailable, match=r"read.?only"):
        await store.read(put)
    assert await store.read(count) == 0
    await store.write(put)
    assert await store.read(count) == 1


async def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path) -> None:
    """The log is written ahead and flushed with each commit; SQLite's own checkpoints are off."""
    store = Store.open("", tmp_path)

    def settings(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await store.write(settings) == ["wal", 2, 0, 1]
    store.close()


async def test_a_full_disk_acknowledges_nothing_and_recovers(tmp_path: Path) -> None:
    """When the file may not grow, a write raises `StoreUnavailable`; when it may again, writes work at once."""
    store = Store.open("", tmp_path)

    def limit(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")

    def fill(connection: Connection) -> None:
        connection.execute(insert(keys).values(name="large", value=b"x" * 100_000))

    await store.write(limit)
    with pytest.raises(StoreUnavailable, match="full"):
        await store.write(fill)
    assert await store.read(count) == 0
    await store.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000").scalar())
    await store.write(fill)
    assert await store.read(count) == 1
    store.close()


async def test_the_address_has_the_last_word(postgresql_server: PostgresServer, tmp_path: Path) -> None:
    """How long PostgreSQL waits is ours to say, unless the address says it."""

    def waits(connection: Connection) -> str:
        return str(connection.exec_driver_sql("SHOW lock_timeout").scalar_one())

    url = postgresql_server.fresh(is_patient=False)
    found = []
    for address in (url, f"{url}&options=-c%20lock_timeout%3D7s"):
        store = Store.open(address, tmp_path)
        found.append(await store.read(waits))
        store.close()
    assert found == ["2s", "7s"]


async def test_a_database_that_is_away_is_unavailable(tmp_path: Path) -> None:
    """A server that nobody answers for is `StoreUnavailable`; another kind of database is refused by name."""
    with pytest.raises(StoreUnavailable):
        Store.open(f"postgresql://nobody@/none?host={tmp_path}", tmp_path)
    with pytest.raises(ValueError, match="mysql"):
        Store.open("mysql://root@localhost/x", tmp_path)
