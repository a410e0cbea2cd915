"""A clock that stands still until it is moved."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class StandingClock:
    """Time as the test tells it."""

    at: datetime = NOON

    def now(self) -> datetime:
        """The present instant."""
        return self.at

    def move(self, span: timedelta) -> None:
        """Let time pass."""
        self.at += span
