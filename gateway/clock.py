"""The one clock: everything below takes its instants as parameters."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


def micros(at: datetime) -> int:
    """An instant as the tables keep it: microseconds since 1970 in UTC, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    """The inverse of `micros`: an aware instant in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
