"""Indexes over some of a table's rows, said once for both databases.

SQLAlchemy's own way is an option of each dialect, said twice; and to take an option of PostgreSQL it imports all that
it has for PostgreSQL, on SQLite too.
"""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

_WHERE = "where"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows for which the condition holds."""
    return Index(name, *columns, unique=unique, info={_WHERE: where})


@compiles(CreateIndex)
def _create(element: CreateIndex, compiler: Any, **options: Any) -> str:  # noqa: ANN401  SQLAlchemy has no type for it
    text: str = compiler.visit_create_index(element, **options)
    where = element.element.info.get(_WHERE)
    return f"{text} WHERE {where}" if where else text
