"""``pointsman doctor``: what would keep the service from running well, and what to do about it."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.obstacle import COULD_NOT_RUN
from gateway.cli.options import (
    config_option,
    data_option,
    database_option,
    json_option,
    public_url_option,
    redis_option,
)

if TYPE_CHECKING:
    from config.configuration import Configuration
    from config.load import Loaded

LEAST_FREE = 200 * 1024 * 1024
OLDEST_PYTHON = (3, 11)
_MARKS = {"ok": "✓", "warning": "·", "error": "!"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` is empty when it is well. ``severity``: ok, warning or error."""

    what: str
    state: str
    advice: str = ""
    severity: str = ""

    def __post_init__(self) -> None:
        """What wants attention is an error, unless somebody said otherwise."""
        if not self.severity:
            object.__setattr__(self, "severity", "error" if self.advice else "ok")


@click.command("doctor")
@config_option
@data_option
@database_option
@redis_option
@public_url_option
@click.option("--offline", is_flag=True, help="Ask no platform about the inboxes.")
@json_option
def command(
    *, config: Path, data: Path, database_url: str, redis_url: str, public_url: str, offline: bool, as_json: bool
) -> None:
    """Look at the files, the disk, the database, and what the platforms say of the inboxes.

    Exit 0 when all is well, 1 when something wants attention, 2 when the files cannot be read.
    """
    import json

    loaded = _loaded(config)
    findings = [*_machine(data), *_files(config, loaded)]
    if loaded.configuration is not None:
        findings += _logins(config, data, database_url)
        findings += [] if offline else _inboxes(loaded.configuration, public_url.rstrip("/"))
    if not database_url:
        findings += _sqlite(data)
    if redis_url:
        findings += _redis(redis_url)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            mark = _MARKS[finding.severity]
            click.echo(
                f"{mark} {finding.what}: {finding.state}" + (f"\n    {finding.advice}" if finding.advice else "")
            )
    sys.exit(COULD_NOT_RUN if loaded.configuration is None else any(finding.advice for finding in findings))


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


def _loaded(config: Path) -> "Loaded":
    from gateway.clock import SystemClock
    from gateway.configuration import read_files

    return read_files(config, SystemClock().now())


def _inboxes(configuration: "Configuration", public_url: str) -> Iterator[Finding]:
    import asyncio

    from gateway.examining import examine
    from gateway.inboxes import InboxPlan

    plans = [
        InboxPlan(id=inbox.id, channel=inbox.channel, settings=inbox.settings)
        for inbox in configuration.inboxes.values()
        if inbox.enabled
    ]
    for id_, findings in asyncio.run(examine(plans, public_url)).items():
        for each in findings:
            yield Finding(f"inbox {id_}", each.what, each.advice, each.severity.value)


def _files(config: Path, loaded: "Loaded") -> Iterator[Finding]:
    errors = [str(problem) for problem in loaded.problems if problem.severity.value == "error"]
    state = f"{len(errors)} errors, {len(loaded.problems) - len(errors)} warnings"
    yield Finding(f"files in {config}", state, f"{errors[0]} (pointsman check {config} shows all)" if errors else "")


def _logins(config: Path, data: Path, database_url: str) -> Iterator[Finding]:
    from gateway.cli.agent import people
    from gateway.store.accounts import account_agents
    from gateway.store.beside import look
    from gateway.store.errors import StoreUnavailable

    try:
        known = look(database_url, data, account_agents)
    except FileNotFoundError:
        yield Finding("logins", "no database yet")
        return
    except StoreUnavailable as error:
        advice = "start the service, which brings it to this version; or see below" if not database_url else "start it"
        yield Finding("logins", f"the database cannot be read ({error})", advice)
        return
    missing = sorted(id_ for id_ in people(config) if not known.get(id_))
    advice = f"pointsman agent password {missing[0]}" if missing else ""
    yield Finding("logins", f"{len(missing)} agents without a password" if missing else "all agents can log in", advice)


def _redis(url: str) -> Iterator[Finding]:
    import asyncio

    from gateway.signals.redis import trouble

    problem = asyncio.run(trouble(url))
    advice = "until it answers, each gateway counts its sending alone: look at the address, the password, the rights"
    yield Finding("redis", f"does not answer ({problem})" if problem else "answers", advice if problem else "")


def _sqlite(data: Path) -> Iterator[Finding]:
    from gateway.store import sqlite

    path = data / sqlite.FILE
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        answer = str(error)
    advice = "" if answer == "ok" else "restore a backup; keep the broken file"
    yield Finding("database", f"{path.stat().st_size >> 20:,} MiB, {answer}", advice)
