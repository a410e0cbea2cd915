"""``pointsman run``: the service."""

import gc
from pathlib import Path

import click

from gateway.cli.options import (
    config_option,
    data_option,
    database_option,
    listen_option,
    public_url_option,
    redis_option,
    watch_option,
)


@click.command("run")
@config_option
@data_option
@listen_option
@public_url_option
@database_option
@redis_option
@watch_option
def command(
    *, config: Path, data: Path, listen: str, public_url: str, database_url: str, redis_url: str, watch: bool
) -> None:
    """Run the service until SIGTERM or Ctrl-C.

    Logs go to standard error, one JSON object a line. With a broken file it runs the last version that was applied.
    """
    gc.disable()  # until `settle`
    from gateway.app import Options
    from gateway.cli.serving import listen_address, serve

    host, port = listen_address(listen)
    serve(
        Options(
            config=config,
            data=data,
            host=host,
            port=port,
            public_url=public_url.rstrip("/"),
            database_url=database_url,
            redis_url=redis_url,
            is_watching=watch,
        )
    )
