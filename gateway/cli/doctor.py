"""``pointsman doctor``: what would keep the service from running well, and what to do about it."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from gateway.cli.options import config_option, data_option, database_option, json_option

LEAST_FREE = 200 * 1024 * 1024
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` is empty when it is well."""

    what: str
    state: str
    advice: str = ""


@click.command("doctor")
@config_option
@data_option
@database_option
@json_option
def command(*, config: Path, data: Path, database_url: str, as_json: bool) -> None:
    """Look at the files, the disk and the database. Exit 1 when something wants attention."""
    import json

    findings = [*_machine(data), *_files(config), *_logins(config, data, database_url)]
    if not database_url:
        findings += _sqlite(data)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            mark = "!" if finding.advice else "✓"
            click.echo(
                f"{mark} {finding.what}: {finding.state}" + (f"\n    {finding.advice}" if finding.advice else "")
            )
    sys.exit(1 if any(finding.advice for finding in findings) else 0)


def _machine(data: Path) -> Iterator[Finding]:
    is_old = sys.version_info < OLDEST_PYTHON
    yield Finding("Python", sys.version.split()[0], "Pointsman needs 3.11 or newer" if is_old else "")
    place = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    yield Finding(
        "disk",
        f"{free >> 20:,} MiB free at {place}",
        "make room: a full disk stops everything" if free < LEAST_FREE else "",
    )
    is_writable = os.access(place, os.W_OK)
    yield Finding("data directory", str(data), "" if is_writable else f"{place} cannot be written by this user")


def _files(config: Path) -> Iterator[Finding]:
    from gateway.clock import SystemClock
    from gateway.configuration import read_files

    loaded = read_files(config, SystemClock().now())
    errors = [str(problem) for problem in loaded.problems if problem.severity.value == "error"]
    state = f"{len(errors)} errors, {len(loaded.problems) - len(errors)} warnings"
    yield Finding(f"files in {config}", state, f"{errors[0]} (pointsman check {config} shows all)" if errors else "")


def _logins(config: Path, data: Path, database_url: str) -> Iterator[Finding]:
    from gateway.cli.agent import people
    from gateway.store import sqlite
    from gateway.store.accounts import account_agents
    from gateway.store.beside import transact

    if not (database_url or (data / sqlite.FILE).exists()):
        yield Finding("logins", "no database yet")
        return
    known = transact(database_url, data, account_agents)
    missing = sorted(id_ for id_ in people(config) if not known.get(id_))
    advice = f"pointsman agent password {missing[0]}" if missing else ""
    yield Finding("logins", f"{len(missing)} agents without a password" if missing else "all agents can log in", advice)


def _sqlite(data: Path) -> Iterator[Finding]:
    from gateway.store import sqlite

    path = data / sqlite.FILE
    if not path.exists():
        return
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    advice = "" if answer == "ok" else "restore a backup; keep the broken file"
    yield Finding("database", f"{path.stat().st_size >> 20:,} MiB, {answer}", advice)
