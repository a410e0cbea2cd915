"""A port for a process that does not run yet: nobody else gets it until the test ends."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """A free port of loopback, kept by a socket that does not listen.

    The kernel gives such a port to no other socket that asks for any, while a server that names it may bind it (both
    say ``SO_REUSEADDR``, as servers do), again and again.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
