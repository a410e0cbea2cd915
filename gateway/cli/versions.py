"""``pointsman versions``: what was applied, when, by whom and why."""

import json
from pathlib import Path

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import data_option, database_option, json_option
from gateway.cli.sources import version_to_plain


@click.command("versions")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@data_option
@database_option
@json_option
def command(*, limit: int, data: Path, database_url: str, as_json: bool) -> None:
    """List the applied versions, the newest first; the first is in force."""
    from gateway.store.beside import look
    from gateway.store.versions import versions_before

    try:
        found = look(database_url, data, lambda c: versions_before(c, None, limit))
    except FileNotFoundError as error:
        raise NotRun(str(error)) from error
    if as_json:
        click.echo(json.dumps([version_to_plain(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        click.echo(
            f"{each.number:>4}  {each.at:%Y-%m-%d %H:%M}Z  {each.fingerprint[:10]}  {each.author}: {each.message}"
        )
