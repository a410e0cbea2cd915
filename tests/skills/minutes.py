"""The oracle for hours: every minute of some days, looked at one by one.

It knows nothing of offsets, folds or gaps: it asks the local clock at each minute what it shows, and says that an
interval is open from the first minute whose time lies in it to the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from skills.hours import Hours, Interval

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def written_for(hours: Hours, on: date) -> tuple[Interval, ...]:
    """The day's intervals, by the order of precedence in words: exception, make-up, holiday, weekday."""
    special: Mapping[date, tuple[Interval, ...]] = {
        **dict.fromkeys(hours.holidays, ()),
        **dict.fromkeys(hours.makeup_days, hours.weekly[hours.makeup_as]),
        **hours.exceptions,
    }
    return special.get(on, hours.weekly[on.weekday()])


@dataclass(frozen=True)
class Minutes:
    """Open or closed for each minute from ``first`` on."""

    first: datetime
    is_open: list[bool]

    def index(self, at: datetime) -> int:
        """Which minute holds this instant."""
        return (at - self.first) // MINUTE

    def instant(self, index: int) -> datetime:
        """When a minute begins."""
        return self.first + index * MINUTE

    def next_open(self, index: int) -> int | None:
        """The first open minute from this one on."""
        return next((i for i in range(index, len(self.is_open)) if self.is_open[i]), None)

    def next_close(self, index: int) -> int | None:
        """The first closed minute after an open one, both from this one on."""
        opens = self.next_open(index)
        if opens is None:
            return None
        return next((i for i in range(opens, len(self.is_open)) if not self.is_open[i]), None)

    def last_close(self, index: int) -> int | None:
        """The minute at which the closed window around this one began."""
        return next((i for i in range(index, 0, -1) if self.is_open[i - 1] and not self.is_open[i]), None)


def look_at(hours: Hours, around: date, days: int) -> Minutes:
    """Look at every minute of the days from ``days`` before ``around`` to ``days`` after it."""
    first = datetime(around.year, around.month, around.day, tzinfo=UTC) - days * DAY
    count = 2 * days * 24 * 60
    walls = [(first + i * MINUTE).astimezone(hours.zone).replace(tzinfo=None) for i in range(count)]
    shown: dict[datetime, list[int]] = {}
    for i, wall in enumerate(walls):
        shown.setdefault(wall, []).append(i)
    is_open = [False] * count
    for offset in range(-days - 2, days + 2):
        on = around + offset * DAY
        midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a wall time
        for interval in written_for(hours, on):
            opens, closes = midnight + timedelta(seconds=interval.opens), midnight + timedelta(seconds=interval.closes)
            minutes = [i for m in range((closes - opens) // MINUTE) for i in shown.get(opens + m * MINUTE, ())]
            if minutes:
                last = max(minutes)
                is_open[min(minutes) : last + 1] = [True] * (last + 1 - min(minutes))
    return Minutes(first, is_open)
