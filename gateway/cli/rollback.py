"""``pointsman rollback``: an earlier version again, under a new number; a running service follows within seconds."""

from pathlib import Path

import click

from gateway.cli.options import author_option, config_option, data_option, database_option, json_option
from gateway.cli.sources import author_of, found_at, say_version, sound, version_in


@click.command("rollback")
@click.argument("number", type=click.IntRange(1))
@config_option
@author_option
@data_option
@database_option
@json_option
def command(*, number: int, config: Path, author: str, data: Path, database_url: str, as_json: bool) -> None:
    """Apply version NUMBER again, as a new version equal to it. The files on disk stay as they are."""
    from gateway.clock import SystemClock
    from gateway.configuration import new_version
    from gateway.store.beside import transact
    from gateway.store.versions import add_version

    now = SystemClock().now()
    texts = sound(found_at(str(number), database_url, data, now, config), f"version {number}").texts
    present = version_in(database_url, data, None)
    wanted = new_version(texts, author_of(author), f"rolled back to version {number}", now)
    if present is not None and present.fingerprint == wanted.fingerprint:
        say_version(present, f"version {present.number} is in force and equals version {number}", as_json=as_json)
        return
    added = transact(database_url, data, lambda c: add_version(c, wanted))
    say_version(added, f"version {added.number} applied by {added.author}: {added.message}", as_json=as_json)
