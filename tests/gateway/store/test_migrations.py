"""One chain of migrations for both databases."""

from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from gateway.store import SchemaNewer, Store, postgresql, sqlite
from gateway.store.migration import configuration, migrate
from gateway.store.schema import metadata
from tests.gateway.databases import BOTH, PostgresServer


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """An empty database."""
    if request.param == "sqlite":
        return sqlite.writer(tmp_path / "empty.db")
    server: PostgresServer = request.getfixturevalue("postgresql_server")
    return postgresql.database(server.empty(f"empty_{tmp_path.name.replace('-', '_')}"[:60].lower()), 2)


def differences(connection: Connection) -> list[object]:
    """What the tables in the database lack or have too much, against ``schema.py``."""
    if connection.dialect.name == "postgresql":  # to compare takes a while on a busy machine
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def test_the_chain_makes_exactly_the_tables(engine: Engine) -> None:
    """After all migrations the database has the tables, columns and indexes of the schema, and nothing else."""
    migrate(engine)
    with engine.begin() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_a_difference_is_seen(engine: Engine) -> None:
    """Control: a column too many and an index too few are noticed."""
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE contacts ADD COLUMN surprise TEXT")
        connection.exec_driver_sql("DROP INDEX ix_timers_at")
        assert len(differences(connection)) == 2
    engine.dispose()


def test_the_chain_can_be_walked_back(engine: Engine) -> None:
    """Down to nothing and up again gives the same tables."""
    migrate(engine)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
        left = set(sqlalchemy.inspect(connection).get_table_names())
        assert left <= {"alembic_version"}
    migrate(engine)
    with engine.begin() as connection:
        assert differences(connection) == []
        assert connection.exec_driver_sql("SELECT id, rev, feed_seq FROM routing").all() == [(1, 0, 0)]
    engine.dispose()


def test_a_newer_database_is_refused(store_url: str, tmp_path: Path) -> None:
    """A database that was migrated by a later version is not touched."""
    store = Store.open(store_url, tmp_path)
    with store._writer.begin() as connection:  # noqa: SLF001  as a later version would have left it
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(SchemaNewer, match="9999"):
        Store.open(store_url, tmp_path)
