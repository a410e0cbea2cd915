"""SQLite's log is moved into its file on our own schedule, and does not grow for ever."""

import sqlite3
import threading
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from gateway.store import checkpoint
from gateway.store.checkpoint import Checkpointer
from tests.gateway.waiting import until


def grow(connection: sqlite3.Connection, rows: int) -> None:
    """Write so many rows, a commit each."""
    for _ in range(rows):
        connection.execute("INSERT INTO t VALUES (randomblob(3000))")


@pytest.mark.parametrize("pages", [0, 16_384])
async def test_a_long_log_is_finished_between_two_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    """The writer is asked for a pause when the log is long, and never when it is short."""
    monkeypatch.setattr(checkpoint, "LONG_LOG_PAGES", pages)
    monkeypatch.setattr(checkpoint, "PAUSE_SECONDS", 0.01)
    path = tmp_path / "x.db"
    asked = threading.Event()

    def between_writes(move: object) -> "Future[int]":
        asked.set()
        done: Future[int] = Future()
        done.set_result(move())  # type: ignore[operator]  # the checkpointer's own closure
        return done

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("CREATE TABLE t (x)")
        grow(connection, 200)
        log = path.with_name("x.db-wal")
        before = log.stat().st_size
        checkpointer = Checkpointer(path, between_writes)
        await until(lambda: path.stat().st_size > 200 * 3000)
        await until(lambda: asked.is_set() or pages)
        checkpointer.stop()
        assert asked.is_set() is (pages == 0)
        grow(connection, 50)
        assert log.stat().st_size == before, "the log starts anew once everything in it has been moved"
        assert path.stat().st_size > 200 * 3000
