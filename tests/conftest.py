"""What all rooms' tests share: nothing leaves the machine, and how hard to try."""

import ipaddress
import socket
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# `make test` answers the same twice; `make torture` goes looking for what nobody thought of. No deadlines: the
# cores are shared, and slowness is what tests marked `timing` measure.
settings.register_profile(
    "default", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "torture", derandomize=False, deadline=None, max_examples=3_000, stateful_step_count=150,
    suppress_health_check=list(HealthCheck), print_blob=True,
)  # fmt: skip
settings.load_profile("default")

TORTURE_EFFORT = 25

_attempts: list[str] = []


class OutsideNetwork(RuntimeError):
    """A test, or what it tests, reached for an address outside this machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` is for tests that compare a generated file (scenarios, pages): read the diff afterwards."""
    parser.addoption("--update", action="store_true", help="rewrite expected files instead of comparing them")


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    """Whether to rewrite expected files instead of comparing them."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def effort(request: pytest.FixtureRequest) -> int:
    """How many times as many rounds a test of chance should make: 1, or 25 under `make torture`."""
    return TORTURE_EFFORT if request.config.getoption("--hypothesis-profile") == "torture" else 1


@pytest.fixture(autouse=True)
def outside_attempts() -> Iterator[list[str]]:
    """Fail a test that reached outside, even when the code under test swallowed the refusal."""
    _attempts.clear()
    yield _attempts
    assert not _attempts, f"reached outside this machine: {', '.join(_attempts)}"


def _is_inside(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return host is None
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in {"", "localhost", socket.gethostname()}
    return address.is_loopback or address.is_unspecified


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to connect to, send to or look up anything but this machine.

    An audit hook sees every socket that Python opens, whichever library asks; not those of uvloop, of C libraries
    and of child processes, which therefore get addresses on loopback from the tests that start them.
    """
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if not isinstance(address, tuple):
            return  # a Unix socket's path
        host = address[0]
    else:
        return
    if not _is_inside(host):
        _attempts.append(f"{event} {host!r}")
        raise OutsideNetwork(f"{event} {host!r}: tests stay on loopback")


sys.addaudithook(_guard)
