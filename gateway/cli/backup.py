"""``pointsman backup``: a consistent copy of the database, while the service runs."""

from pathlib import Path

import click

from gateway.cli.obstacle import NotRun
from gateway.cli.options import data_option, database_option


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@database_option
def command(*, file: Path, data: Path, database_url: str) -> None:
    """Write a consistent copy of the SQLite database to FILE.

    Stored files stand beside it in DATA/media and never change: copy that directory with any tool. To restore, put the
    copy in place of DATA/pointsman.db while the service is stopped.
    """
    from gateway.store.beside import copy

    if database_url:
        raise NotRun("for PostgreSQL use pg_dump; this copies the SQLite file")
    copy(data, file)
    click.echo(f"{file} ({file.stat().st_size:,} bytes)")
