"""Applied configurations, numbered from 1 and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select

from gateway.clock import instant, micros
from gateway.store.schema import versions

FROM_FILES = "files"
"""The author of a version that was read from the directory, at the start or when it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One applied configuration. ``files`` maps a file's name to its text; equal ones have one ``fingerprint``."""

    number: int
    at: datetime
    author: str
    message: str
    fingerprint: str
    files: Mapping[str, str]


def latest(connection: Connection) -> Version | None:
    """The newest version: the one in force."""
    row = connection.execute(select(versions).order_by(versions.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _version(row)


def latest_number(connection: Connection) -> int:
    """The number of the version in force; 0 before the first."""
    return connection.execute(select(func.max(versions.c.number))).scalar_one() or 0


def latest_fingerprint_of_files(connection: Connection) -> str:
    """The fingerprint of what was last read from the directory; empty when nothing was."""
    query = select(versions.c.digest).where(versions.c.author == FROM_FILES).order_by(versions.c.number.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none() or ""


def version(connection: Connection, number: int) -> Version | None:
    """One version."""
    row = connection.execute(select(versions).where(versions.c.number == number)).one_or_none()
    return None if row is None else _version(row)


def versions_before(connection: Connection, number: int | None, limit: int) -> list[Version]:
    """Versions, the newest first; those before ``number`` when it is given."""
    query = select(versions).order_by(versions.c.number.desc()).limit(limit)
    if number is not None:
        query = query.where(versions.c.number < number)
    return [_version(row) for row in connection.execute(query)]


def add_version(connection: Connection, added: Version) -> Version:
    """Write a version under the next number (whatever ``added`` says): the newest is the one to be in force.

    What is open stays as it was decided under the earlier one, until an engine has decided `ConfigApplied`; only that
    moves the number in the routing row.
    """
    number = latest_number(connection) + 1
    connection.execute(
        insert(versions).values(
            number=number,
            at=micros(added.at),
            author=added.author,
            message=added.message,
            digest=added.fingerprint,
            files=msgspec.json.encode(dict(added.files)).decode(),
        )
    )
    return Version(
        number=number,
        at=added.at,
        author=added.author,
        message=added.message,
        fingerprint=added.fingerprint,
        files=added.files,
    )


def _version(row: Any) -> Version:  # noqa: ANN401  SQLAlchemy's rows have the columns' names
    return Version(
        number=row.number,
        at=instant(row.at),
        author=row.author,
        message=row.message,
        fingerprint=row.digest,
        files=msgspec.json.decode(row.files, type=dict[str, str]),
    )
