"""What `run` and `demo` share: logs, the loop, signals, and words for what keeps the service from starting."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import click
import uvloop

from config.load import Loaded
from gateway.app import Options, Service, settle
from gateway.cli.obstacle import COULD_NOT_RUN, of_system, words
from gateway.configuration import NoConfiguration
from gateway.store.errors import DataInUse, SchemaNewer, StoreUnavailable
from gateway.telemetry.logs import Redaction, set_up

Started = Callable[[Service], Awaitable[None]]


def serve(options: Options) -> None:
    """Run the service until it is told to stop; exits with 2 and a word when it cannot start."""
    redaction = Redaction()
    set_up(redaction)
    with reported(options.host, options.port):
        uvloop.run(until_stopped(options, redaction))


@contextmanager
def reported(host: str, port: int) -> Iterator[None]:
    """Turn what keeps the service from starting into one word to the operator and exit code 2."""
    try:
        yield
    except (DataInUse, SchemaNewer, StoreUnavailable) as error:
        _give_up(words(error) or str(error))
    except NoConfiguration as error:
        _give_up(f"{error}:\n{problems(error.loaded)}")
    except OSError as error:
        _give_up(f"cannot listen on {host}:{port}: {of_system(error)}; choose another address with --listen")


async def until_stopped(options: Options, redaction: Redaction, started: Started | None = None) -> None:
    """Run the service until SIGTERM or SIGINT; a second signal does not wait."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    service = await Service.open(options, redaction)
    settle()
    try:
        if started is not None:
            await started(service)
        await stop.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        await service.close()


def problems(loaded: Loaded) -> str:
    """What is wrong with the files, a line each."""
    return "\n".join(f"  {problem}" for problem in loaded.problems)


def listen_address(value: str) -> tuple[str, int]:
    """``HOST:PORT`` in its parts.

    Raises:
        click.BadParameter: it is not of that form.
    """
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65_535:  # noqa: PLR2004  the largest port
        raise click.BadParameter(f"{value!r} is not HOST:PORT", param_hint="--listen")
    return host.strip("[]") or "127.0.0.1", int(port)


def free_port(host: str) -> int:
    """A port that is free now, for those who must know it before they listen."""
    with socket.create_server((host, 0)) as server:
        return int(server.getsockname()[1])


def _give_up(words: str) -> None:
    click.echo(f"pointsman: {words}", err=True)
    raise SystemExit(COULD_NOT_RUN)
