"""One chain of migrations for both databases, and the short way to where it ends."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from gateway.store import SchemaNewer, Store, postgresql, sqlite
from gateway.store.migration import REVISIONS, configuration, migrate, walk
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
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def shape(connection: Connection) -> dict[str, object]:
    """Every table as the database itself describes it, and the rows that are there from the beginning."""
    inspector = sqlalchemy.inspect(connection)
    asked = ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "check_constraints", "indexes")
    found: dict[str, object] = {}
    for table in inspector.get_table_names():
        for what in asked:
            found[f"{table} {what}"] = plain(getattr(inspector, f"get_{what}")(table))
        found[f"{table} rows"] = connection.execute(sqlalchemy.text(f'SELECT count(*) FROM "{table}"')).scalar_one()
    return found


def plain(value: object) -> object:
    """A description that can be compared: the order of columns and constraints does not count."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        described: Iterable[Any] = (plain(item) for item in value)
        return sorted(described, key=repr)
    return value if isinstance(value, list) else str(value)


def test_a_new_database_is_what_the_chain_makes(engine: Engine) -> None:
    """The short way of a new database and the chain lead to the same tables, constraints, first rows and revision."""
    with engine.begin() as connection:
        walk(connection)
        walked, reached = shape(connection), connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
        command.downgrade(configuration(connection), "base")
    migrate(engine)
    with engine.begin() as connection:
        assert shape(connection) == walked
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").all() == reached
        assert connection.exec_driver_sql("SELECT id, rev, feed_seq, config_version FROM routing").all() == [
            (1, 0, 0, 0)
        ]
    engine.dispose()


def test_a_shape_shows_what_differs(engine: Engine) -> None:
    """Control: a column too many, another default and an index too few change the shape."""
    migrate(engine)
    with engine.begin() as connection:
        before = shape(connection)
        connection.exec_driver_sql("ALTER TABLE contacts ADD COLUMN surprise TEXT DEFAULT 'x'")
        connection.exec_driver_sql("DROP INDEX ix_timers_at")
        changed = {key for key, value in shape(connection).items() if value != before[key]}
        assert changed == {"contacts columns", "timers indexes"}
    engine.dispose()


@pytest.mark.parametrize("start", ["0001", "0005", "0009"])
def test_an_old_database_walks_the_rest(engine: Engine, start: str) -> None:
    """A database of an earlier version is brought to this one's tables, and what was in it stays."""
    with engine.begin() as connection:
        walk(connection, start)
        connection.exec_driver_sql("INSERT INTO keys (name, value) VALUES ('kept', 'x')")
        assert differences(connection) != []
    migrate(engine)
    with engine.begin() as connection:
        assert differences(connection) == []
        assert connection.exec_driver_sql("SELECT name FROM keys").all() == [("kept",)]
    engine.dispose()


def test_the_files_are_the_chain(engine: Engine) -> None:
    """The revisions that the files' names say are alembic's, in its order."""
    with engine.begin() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
    assert [each.revision for each in script.walk_revisions()] == list(reversed(REVISIONS))
    engine.dispose()


def test_the_chain_makes_exactly_the_tables(engine: Engine) -> None:
    """After all migrations the database has the tables, columns and indexes of the schema, and nothing else."""
    with engine.begin() as connection:
        walk(connection)
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
    with engine.begin() as connection:
        walk(connection)
        command.downgrade(configuration(connection), "base")
        left = set(sqlalchemy.inspect(connection).get_table_names())
        assert left <= {"alembic_version"}
        walk(connection)
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
