"""Brings a database to this version's tables.

A new database gets them as they are in `schema`; an older one walks the chain of migrations from where it is. A test
holds that both ways lead to the same. Only who has to walk imports alembic: most starts find everything in place.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect, select

from gateway.store.errors import SchemaNewer
from gateway.store.schema import metadata, routing

if TYPE_CHECKING:
    from alembic.config import Config

CHAIN = Path(__file__).parent.parent / "migrations"
REVISIONS = tuple(sorted(file.name[:4] for file in (CHAIN / "versions").glob("[0-9]*.py")))
"""The chain, from the first to the newest: files are named after their revisions."""

_LOCK = 0x504F494E54
"""PostgreSQL's advisory lock under which one gateway migrates while the others wait."""

_mark = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""How far a database has walked, where alembic looks for it."""


def migrate(engine: Engine) -> None:
    """Make the tables, or run the migrations that are missing, in one transaction.

    Raises:
        SchemaNewer: the database has a migration that this version does not know.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        revision = _revision(connection)
        if revision is None:
            _make(connection)
        elif revision not in REVISIONS:
            raise SchemaNewer(
                f"the database is at migration {revision}, which this version does not know: install the newer version "
                "again, or restore the backup that was made before it"
            )
        elif revision != REVISIONS[-1]:
            walk(connection)


def walk(connection: Connection, to: str = "head") -> None:
    """Run the chain from where the database is to a revision."""
    from alembic import command  # noqa: PLC0415  a sixth of a start's time, for the rare one that needs it

    command.upgrade(configuration(connection), to)


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration of our one chain, to be run on this connection."""
    from alembic.config import Config  # noqa: PLC0415  as above

    config = Config()
    config.set_main_option("script_location", str(CHAIN).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    """How far the database is; None when it is new."""
    if not inspect(connection).has_table(_mark.name):
        return None
    return connection.execute(select(_mark.c.version_num)).scalar_one_or_none()


def _make(connection: Connection) -> None:
    """The newest tables, with what the chain would have put into them."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(routing.insert().values(id=1, rev=0, feed_seq=0, config_version=0))
    _mark.create(connection, checkfirst=True)  # a database that was walked back to nothing has kept it
    connection.execute(_mark.insert().values(version_num=REVISIONS[-1]))
