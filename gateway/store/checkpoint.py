"""Moves SQLite's log into its file on our own schedule.

SQLite's automatic checkpoint runs inside somebody's commit and makes that one slow. Here a thread of its own does it,
without stopping anybody; only a log that has grown long is finished by the writer between two of its transactions, so
that it starts anew.
"""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path

PAUSE_SECONDS = 0.2
LONG_LOG_PAGES = 16_384
"""64 MiB: beyond this the writer waits for the rest of the log to be moved."""


class Checkpointer:
    """A thread that checkpoints ``path`` while there is something to move.

    ``between_writes`` runs a function on the writer's thread, between its transactions.
    """

    def __init__(self, path: Path, between_writes: Callable[[Callable[[], int]], "Future[int]"]) -> None:
        self._path = path
        self._between_writes = between_writes
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)) as connection:
            while not self._stopping.wait(PAUSE_SECONDS):
                if self._move(connection) > LONG_LOG_PAGES:
                    self._between_writes(partial(self._move, connection)).result()

    def _move(self, connection: sqlite3.Connection) -> int:
        """Checkpoint what nobody reads; the length of the log in pages."""
        try:
            _, length, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.OperationalError:
            return 0  # the disk is full or the file is locked: the log is whole, the next round tries again
        return int(length)
