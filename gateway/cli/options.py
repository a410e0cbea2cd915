"""Options that several commands share; each has its ``POINTSMAN_…`` environment variable."""

from pathlib import Path
from urllib.parse import urlsplit

import click

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("config"),
    show_default=True,
    envvar="POINTSMAN_CONFIG",
    show_envvar=True,
    help="Directory of inboxes.yaml, agents.yaml and routing.yaml.",
)

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    envvar="POINTSMAN_DATA",
    show_envvar=True,
    help="Directory of the database and of stored files.",
)


def _database_address(_context: click.Context, _option: click.Parameter, url: str) -> str:
    if url:
        from gateway.store.postgresql import SCHEMES  # only who names one pays for the database's library

        if not url.startswith(SCHEMES):
            raise click.BadParameter("it begins with postgresql://; without it, --data has the SQLite file")
    return url


database_option = click.option(
    "--database-url",
    default="",
    callback=_database_address,
    envvar="POINTSMAN_DATABASE_URL",
    show_envvar=True,
    help="postgresql://… instead of the SQLite file in the data directory.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Output for programs.")

listen_option = click.option(
    "--listen",
    default="127.0.0.1:8080",
    show_default=True,
    envvar="POINTSMAN_LISTEN",
    show_envvar=True,
    help="HOST:PORT to listen on; port 0 takes a free one.",
)

public_url_option = click.option(
    "--public-url",
    default="",
    envvar="POINTSMAN_PUBLIC_URL",
    show_envvar=True,
    help="Where platforms and browsers reach the service (https://…); without it no webhook is set.",
)

watch_option = click.option(
    "--watch/--no-watch",
    default=True,
    show_default=True,
    envvar="POINTSMAN_WATCH",
    show_envvar=True,
    help="Apply the files when they change.",
)


def _redis_address(_context: click.Context, _option: click.Parameter, url: str) -> str:
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise click.BadParameter("it begins with redis://, rediss:// or unix://")
    try:
        urlsplit(url).port  # noqa: B018  asking is checking
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return url


redis_option = click.option(
    "--redis-url",
    default="",
    callback=_redis_address,
    envvar="POINTSMAN_REDIS_URL",
    show_envvar=True,
    help="redis://… where several gateways on one database count together what they send; one gateway needs none.",
)

author_option = click.option(
    "--author",
    default="",
    envvar="POINTSMAN_AUTHOR",
    show_envvar=True,
    help="Who applies it; your login name on this machine when not given.",
)
