"""SQL texts built once from the tables, for the hot path: the driver's own cursor runs them with ``executemany``.

SQLAlchemy writes the text (names, quoting, each database's upsert); it has no part in the thousands of rows.
"""

import importlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Delete, Insert, Table, Update, bindparam, literal_column

Cursor = Any
"""A cursor of the driver: `sqlite3.Cursor` or `psycopg.Cursor`."""

_PLACEHOLDERS = {"sqlite": "qmark", "postgresql": "format"}


class Statement(NamedTuple):
    """One SQL text, and the names of the values that a row for it holds, in order."""

    text: str
    names: tuple[str, ...]

    def run(self, cursor: Cursor, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run it for every row; the number of rows that it changed."""
        if not rows:
            return 0
        cursor.executemany(self.text, rows)
        return int(cursor.rowcount)


def insert(dialect: str, table: Table, names: Iterable[str]) -> Statement:
    """Insert one row of these columns."""
    return compiled(dialect, _insert(dialect, table, names))


def upsert(
    dialect: str,
    table: Table,
    names: Iterable[str],
    *,
    keep: frozenset[str] = frozenset(),
    only_if: Callable[[Any], ColumnElement[bool]] | None = None,
) -> Statement:
    """Insert a row, or put these values in place of the one with its primary key.

    ``keep`` are columns left as they were. ``only_if`` makes a condition on the present row from the new one: where it
    fails nothing changes, and `Statement.run` counts one less.
    """
    names = tuple(names)
    statement: Any = _insert(dialect, table, names)
    key = [column.name for column in table.primary_key]
    new = {name: statement.excluded[name] for name in names if name not in key and name not in keep}
    where = None if only_if is None else only_if(statement.excluded)
    return compiled(dialect, statement.on_conflict_do_update(index_elements=key, set_=new, where=where))


def compiled(dialect: str, statement: Insert | Update | Delete) -> Statement:
    """Any statement with named parameters as a text with positional ones."""
    result = statement.compile(dialect=_words(dialect).dialect(paramstyle=_PLACEHOLDERS[dialect]))
    return Statement(str(result), tuple(result.positiontup or ()))


def inserting(dialect: str, table: Table) -> Any:  # noqa: ANN401  each database has a class of its own for it
    """An INSERT of this table that may say what happens in a conflict."""
    return _words(dialect).insert(table)


def _insert(dialect: str, table: Table, names: Iterable[str]) -> Insert:
    statement: Insert = inserting(dialect, table).values({name: bindparam(name) for name in names})
    return statement


def _words(dialect: str) -> Any:  # noqa: ANN401  a module
    """What one database alone can say. The other's is not imported: PostgreSQL's takes a twentieth of a start."""
    return importlib.import_module(f"sqlalchemy.dialects.{dialect}")


def in_order(statement: Statement, names: tuple[str, ...]) -> Statement:
    """Make sure that rows made for ``names`` fit the statement."""
    if statement.names != names:
        raise AssertionError(f"{statement.text}: takes {statement.names}, not {names}")
    return statement


def literal(text: str) -> ColumnElement[str]:
    """One of our own words as part of the SQL text, so that it is no parameter of each row."""
    return literal_column(f"'{text}'")
