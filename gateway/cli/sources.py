"""Where a command's configurations come from: a directory, or an applied version; and how differences are printed."""

import getpass
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.obstacle import NotRun

if TYPE_CHECKING:
    from config.configuration import Configuration
    from config.difference import Difference
    from config.load import Loaded
    from gateway.store.versions import Version

MARKS = {"added": "+", "removed": "-", "changed": "~", "moved": "↕"}


def author_of(given: str) -> str:
    """Who does it: as given, else the login name on this machine."""
    try:
        return given or getpass.getuser()
    except (KeyError, OSError):
        return "command"


def version_in(url: str, data: Path, number: int | None) -> "Version | None":
    """An applied version, the one in force when ``number`` is None; None when there is none, or no database."""
    from gateway.store.beside import look
    from gateway.store.versions import latest, version

    try:
        return look(url, data, lambda c: latest(c) if number is None else version(c, number))
    except FileNotFoundError:
        return None


def found_at(source: str, url: str, data: Path, now: datetime, near: Path) -> "Loaded":
    """What stands in a directory, or in the applied version of this number; ``near`` is where its files belong.

    Raises:
        NotRun: there is neither.
    """
    from gateway.configuration import read_checked, read_texts

    if Path(source).is_dir():
        return read_checked(Path(source), now)
    if not source.isdecimal():
        raise NotRun(f"{source} is neither a directory nor the number of a version")
    known = version_in(url, data, int(source))
    if known is None:
        raise NotRun(f"there is no version {source}")
    return read_texts(known.files, near, now, strict=False)


def version_to_plain(version: "Version") -> dict[str, object]:
    """A version for programs, without its files."""
    return {
        "number": version.number,
        "at": version.at.isoformat(),
        "author": version.author,
        "message": version.message,
        "fingerprint": version.fingerprint,
    }


def say_version(version: "Version", words: str, *, as_json: bool) -> None:
    """Print the version that is in force now: in words, or for programs."""
    click.echo(json.dumps(version_to_plain(version), ensure_ascii=False, indent=2) if as_json else words)


def sound(loaded: "Loaded", name: str) -> "Configuration":
    """The configuration, or every error on the error output.

    Raises:
        SystemExit: with 1, it has errors.
    """
    from config.problem import Severity
    from config.report import problem_lines

    if loaded.configuration is not None:
        return loaded.configuration
    for problem in loaded.problems:
        if problem.severity is Severity.ERROR:
            for line in problem_lines(problem, loaded.texts):
                click.echo(line, err=True)
    click.echo(f"{name} has errors", err=True)
    raise SystemExit(1)


def difference_lines(found: "Iterable[Difference]") -> Iterator[str]:
    """One line each, their details below."""
    for each in found:
        yield f"{MARKS[each.how]} {each.what} {each.how}" + (f": {each.details[0]}" if len(each.details) == 1 else "")
        if len(each.details) > 1:
            yield from (f"    {detail}" for detail in each.details)
