"""``pointsman healthcheck``: for container runtimes, which ask every few seconds and want an exit code."""

import sys
import urllib.error
import urllib.request

import click

from gateway.cli.options import listen_option

TIMEOUT_SECONDS = 3
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104  where to ask one that listens everywhere


@click.command("healthcheck")
@listen_option
def command(*, listen: str) -> None:
    """Exit 0 when the service that listens there is ready, 1 when it is not, 2 when nothing answers."""
    host, _, port = listen.rpartition(":")
    url = f"http://{_ANYWHERE.get(host.strip('[]'), host)}:{port}/-/ready"
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
            click.echo(answer.read().decode())
    except urllib.error.HTTPError as error:
        click.echo(error.read().decode(), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"{url}: {error}", err=True)
        sys.exit(2)
