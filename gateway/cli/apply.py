"""``pointsman apply``: a directory's files as a new version; a running service follows within seconds."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.options import author_option, config_option, data_option, database_option, json_option
from gateway.cli.sources import author_of, difference_lines, found_at, say_version, sound

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from config.configuration import Configuration
    from gateway.store.versions import Version


@click.command("apply")
@config_option
@click.option("-m", "--message", required=True, help="Why; it stays with the version.")
@click.option(
    "--base", type=click.IntRange(1), help="The version these files were made from: refused if it is not in force."
)
@author_option
@data_option
@database_option
@json_option
def command(
    *, config: Path, message: str, base: int | None, author: str, data: Path, database_url: str, as_json: bool
) -> None:
    """Check the files and their tests, and write them as a new version.

    Refused with 1 when a file has an error, a test fails, or somebody applied another version since --base: then what
    they changed and what you changed are shown side by side.
    """
    from config.versions import digest
    from gateway.clock import SystemClock
    from gateway.configuration import new_version, read_files
    from gateway.store.beside import transact
    from gateway.store.versions import add_version, latest

    now = SystemClock().now()
    wanted = sound(read_files(config, now), str(config))
    texts = wanted.texts
    fingerprint = digest(texts)
    added = new_version(texts, author_of(author), message, now)

    def write(connection: "Connection") -> "tuple[Version | None, Version | None]":
        present = latest(connection)
        if base is not None and (present is None or present.number != base):
            return present, None
        if present is not None and present.fingerprint == fingerprint:
            return present, present
        return present, add_version(connection, added)

    present, applied = transact(database_url, data, write)
    if applied is None:
        _refuse(wanted, base or 0, present, (database_url, data, config), now)
    elif applied is present:
        say_version(applied, f"version {applied.number} is in force and says the same", as_json=as_json)
    else:
        say_version(
            applied, f"version {applied.number} applied by {applied.author}: {applied.message}", as_json=as_json
        )


def _refuse(
    wanted: "Configuration", base: int, present: "Version | None", store: tuple[str, Path, Path], now: "datetime"
) -> None:
    from config.difference import three_way

    url, data, config = store
    if present is None:
        click.echo(f"nothing was applied yet, so there is no version {base}", err=True)
        raise SystemExit(1)
    click.echo(f"not applied: version {present.number} is in force, not {base}", err=True)
    of_base, of_present = (
        found_at(str(number), url, data, now, config).configuration for number in (base, present.number)
    )
    if of_base is not None and of_present is not None:
        found = three_way(of_base, of_present, wanted)
        for title, side in ((f"since version {base} others changed", found.theirs), ("you changed", found.yours)):
            click.echo(f"\n{title}:", err=True)
            for line in difference_lines(side):
                click.echo(f"  {line}", err=True)
        if found.both:
            click.echo(f"\nboth changed: {', '.join(found.both)}", err=True)
    raise SystemExit(1)
