"""What the shared suite asks of a channel: a bench, the object ``BENCH`` in ``tests/adapters/<channel>/bench.py``.

A bench knows how its platform proves a call, where its fixtures are, and how to put the platform's answers on a
stage. What a channel does not have it says aloud (`Bench.answers`, `Bench.is_webhook`); silence is a failing test.
"""

import gc
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import aiohttp

from adapters.contract import Adapter, AnyInbound, Channel, Parsed, Tools
from adapters.wire import WebhookReply, WebhookRequest
from router.ids import InboxId
from router.message import Part, to_plain

T = TypeVar("T")


class Fault(Enum):
    """How a delivery can go wrong, on any channel that calls a platform."""

    REFUSED = "4xx about this message"
    CONTACT_GONE = "the contact blocked us or is gone"
    CREDENTIALS = "our credentials are refused"
    THROTTLED = "429, wait 7 seconds"
    SERVER_ERROR = "5xx"
    GARBAGE = "2xx, not the platform's format"
    NO_ANSWER = "the call was read, and no answer comes"
    RESET = "the call was read, and the connection breaks"
    UNREACHABLE = "nobody listens there"
    ECHO = "4xx whose words repeat our secrets"


THROTTLED_FOR = 7


class Stage(Protocol):
    """A platform on loopback, an adapter that talks to it, and a contact who reads."""

    adapter: Adapter
    address: str

    def texts(self) -> Sequence[str]:
        """The texts and captions that the contact has received, as the contact sees them."""

    def arrived(self) -> int:
        """How many messages the contact has received."""

    def expect(self, fault: Fault) -> Adapter:
        """Make the next delivery go wrong; the adapter that meets it."""


class Bench(Protocol):
    """What the suite must know of one channel."""

    channel: Channel
    is_webhook: bool
    """False when what comes in does not come over HTTP: then `routes` must be empty."""
    answers: frozenset[Fault]
    """The faults that its deliveries can meet: all, or none where delivery is a push to the contact's connection."""
    is_replay_refused: bool
    """Whether the platform's proof carries a time; where not, the delivery key makes a replay harmless."""

    def settings(self) -> Any:
        """Settings with every secret filled in."""

    def secrets(self) -> Sequence[str]:
        """The values that must not leak."""

    def authentic(self, body: bytes) -> WebhookRequest:
        """The request by which the platform delivers this body."""

    def forged(self, body: bytes) -> Mapping[str, WebhookRequest]:
        """Requests that prove nothing, by what is wrong with them."""

    def stage(self) -> AbstractAsyncContextManager[Stage]:
        """Platform, adapter and contact, ready."""


class Untouchable:
    """A session that nobody may touch: `authenticate` and `parse` are pure."""

    def __getattr__(self, name: str) -> object:
        """Refuse."""
        raise AssertionError(f"something pure reached for the network: session.{name}")


async def _nobody(inbox: InboxId, address: str, frame: Mapping[str, Any]) -> bool:
    raise AssertionError("something pure pushed a frame")


def pure_tools() -> Tools:
    """Tools for an adapter that is only asked what is pure."""
    return Tools(session=cast("aiohttp.ClientSession", Untouchable()), push=_nobody)


@contextmanager
def unpaused() -> Iterator[None]:
    """Measure our own work: what a whole test run has piled up is not looked through while the stopwatch runs."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def worked(work: Callable[[], Awaitable[T]], suspicious: float) -> tuple[T, float]:
    """What comes of it, and the seconds of work: the fewer of two, where one were suspiciously many.

    What is slow is slow each time; what a busy machine does to a measurement it rarely does twice in a row.
    """
    began = time.thread_time()
    found = await work()
    took = time.thread_time() - began
    if took < suspicious:
        return found, took
    began = time.thread_time()
    await work()
    return found, min(took, time.thread_time() - began)


@dataclass(frozen=True)
class Fixture:
    """A recorded or written payload, named by its situation, beside what is expected of it."""

    path: Path

    @property
    def situation(self) -> str:
        """What the file is named for."""
        return self.path.stem

    @property
    def expected_path(self) -> Path:
        """Where the expectation stands."""
        return self.path.with_suffix(".expected.json")

    @property
    def body(self) -> bytes:
        """The payload."""
        return self.path.read_bytes()


def folder(name: str) -> Path:
    """A channel's tests."""
    return Path(__file__).parent / name


def fixtures(name: str) -> list[Fixture]:
    """A channel's payloads."""
    found = sorted(path for path in (folder(name) / "fixtures").glob("*.*") if ".expected" not in path.suffixes)
    return [Fixture(path) for path in found]


def bench_of(name: str) -> Bench:
    """A channel's bench."""
    return cast("Bench", import_module(f"tests.adapters.{name}.bench").BENCH)


def shown(parsed: Parsed) -> dict[str, Any]:
    """What was understood, as the expected files write it: fields at their default are left out."""
    plain: dict[str, Any] = {"inbound": [_happening(one) for one in parsed.inbound]}
    if parsed.reason:
        plain["reason"] = parsed.reason
    if parsed.reply != WebhookReply():
        plain["reply"] = {"status": parsed.reply.status, "body": parsed.reply.body.decode()}
    return plain


def _happening(one: AnyInbound) -> dict[str, Any]:
    plain: dict[str, Any] = {"happened": type(one).__name__}
    for field in fields(one):
        value = getattr(one, field.name)
        if value != field.default and value not in ("", {}):
            plain[field.name] = _plain(value)
    return plain


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case tuple():
            return [to_plain(cast("Part", part)) for part in value]
        case Mapping() | str() | int():
            return value
        case timedelta():
            return f"{value.total_seconds():.0f} s"
        case _:
            named = {field.name: getattr(value, field.name) for field in fields(cast("Any", value))}
            return {name: _plain(content) for name, content in named.items() if content not in ("", {})}


def written(plain: Mapping[str, Any]) -> str:
    """An expected file's text."""
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
