"""Brings a database to this version's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from gateway.store.errors import SchemaNewer

CHAIN = Path(__file__).parent.parent / "migrations"

_LOCK = 0x504F494E54
"""PostgreSQL's advisory lock under which one gateway migrates while the others wait."""


def migrate(engine: Engine, to: str = "head") -> None:
    """Run the migrations that are missing, in one transaction.

    Raises:
        SchemaNewer: the database has a migration that this version does not know.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        _refuse_newer(connection)
        command.upgrade(configuration(connection), to)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration of our one chain, to be run on this connection."""
    config = Config()
    config.set_main_option("script_location", str(CHAIN).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return
    try:
        ScriptDirectory(str(CHAIN)).get_revision(revision)
    except CommandError as error:
        raise SchemaNewer(
            f"the database is at migration {revision}, which this version does not know: run the newer version, "
            "or restore the copy that was made before it"
        ) from error
