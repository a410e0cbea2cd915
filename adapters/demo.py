"""Platforms to try the product without an account: which channels bring one, and how it is started.

A channel that has such a platform offers ``DEMO`` in its folder's ``demo.py``; the registry lists it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPlatform:
    """A simulated platform that runs on loopback.

    ``page`` is where a person writes as one of its contacts; ``environment`` is what the demo's ``inboxes.yaml``
    refers to. ``connect`` is told where the gateway will listen: what is entered in a console where there is one.
    """

    page: str
    environment: Mapping[str, str]
    stop: Callable[[], Awaitable[None]]
    connect: Callable[[str], None] = lambda _public_url: None


class DemoPlatform(Protocol):
    """A simulated platform."""

    @property
    def name(self) -> str:
        """What people call the platform."""

    async def start(self, clock: Clock) -> RunningPlatform:
        """Start it on a free port of loopback."""
