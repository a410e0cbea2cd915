"""Hours: when a group answers or an agent works, as a weekly timetable in local time with special days.

A day's intervals come from the first of these that names the day:

1. an exception that the administrator wrote (empty: closed),
2. a make-up working day (调休), with the intervals of the weekday ``makeup_as``,
3. a public holiday: closed,
4. the weekday.

**An interval belongs to the day on which it starts.** Closing Tuesday by an exception removes what starts on
Tuesday; the tail of Monday's night shift, after midnight, stays. Who wants it gone writes Monday's exception too.

Times are wall times of ``zone``: an interval lasts from the first instant at which the clock shows a time in it
to the last (see ``skills.wall`` for clocks that jump). Instants are aware UTC, in and out; NaiveInstant otherwise.
Walking from opening to opening (next opening, open time) is in ``skills.opening``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import Enum

from skills.ids import HoursId
from skills.wall import first_instant, is_repeated, last_instant, wall_at

DAY_SECONDS = 86_400
DAYS_IN_WEEK = 7
DAY = timedelta(days=1)


class ImpossibleHours(ValueError):
    """An interval or a timetable that no week can have; the message says which rule it breaks."""


class DayKind(Enum):
    """Which of the sources of a day's intervals applies."""

    REGULAR = "regular"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Wall time ``[opens, closes)`` in seconds from the midnight that begins its day, at most 24 hours long.

    ``closes`` is above 86400 when the interval crosses midnight: 22:00-06:00 is 79200 to 108000, and 24:00 is
    86400. Raises ImpossibleHours for anything else.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse what no day can have."""
        if not 0 <= self.opens < DAY_SECONDS:
            raise ImpossibleHours(f"an interval opens on its own day, not {self.opens} seconds after midnight")
        if not 0 < self.closes - self.opens <= DAY_SECONDS:
            raise ImpossibleHours(f"an interval lasts at most 24 hours, not {self.closes - self.opens} seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A weekly timetable with its special days; ``weekly`` begins on Monday.

    ``holidays`` maps closed days to their names, ``makeup_as`` is the weekday (0 is Monday) whose intervals apply
    on ``makeup_days``, and ``exceptions`` always win. Intervals of a day may stand in any order and overlap.
    """

    id: HoursId
    zone: tzinfo
    weekly: tuple[tuple[Interval, ...], ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    makeup_days: frozenset[date] = frozenset()
    makeup_as: int = 0
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    exception_names: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a week that has not seven days."""
        if len(self.weekly) != DAYS_IN_WEEK:
            raise ImpossibleHours(f"a week has 7 days, not {len(self.weekly)}")
        if not 0 <= self.makeup_as < DAYS_IN_WEEK:
            raise ImpossibleHours(f"make-up days follow a weekday from 0 (Monday) to 6, not {self.makeup_as}")


def day_kind(hours: Hours, on: date) -> DayKind:
    """Where this day's intervals come from."""
    if on in hours.exceptions:
        return DayKind.EXCEPTION
    if on in hours.makeup_days:
        return DayKind.MAKEUP
    if on in hours.holidays:
        return DayKind.HOLIDAY
    return DayKind.REGULAR


def day_name(hours: Hours, on: date) -> str:
    """What a holiday or an exception is called; empty for other days and for exceptions without a name."""
    match day_kind(hours, on):
        case DayKind.EXCEPTION:
            return hours.exception_names.get(on, hours.holidays.get(on, ""))
        case DayKind.HOLIDAY:
            return hours.holidays[on]
        case DayKind.MAKEUP | DayKind.REGULAR:
            return ""


def intervals_on(hours: Hours, on: date) -> tuple[Interval, ...]:
    """The intervals that start on this day, as they were written."""
    exception = hours.exceptions.get(on)
    if exception is not None:
        return exception
    if on in hours.makeup_days:
        return hours.weekly[hours.makeup_as]
    if on in hours.holidays:
        return ()
    return hours.weekly[on.weekday()]


def spans_on(hours: Hours, on: date) -> list[tuple[datetime, datetime]]:
    """The intervals that start on this day as instants ``[start, end)``, by start; without those a jump swallows."""
    midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - wall time is naive until skills.wall places it
    spans = []
    for interval in sorted(intervals_on(hours, on)):
        start = first_instant(hours.zone, midnight + timedelta(seconds=interval.opens))
        end = last_instant(hours.zone, midnight + timedelta(seconds=interval.closes))
        if start < end:
            spans.append((start, end))
    return spans


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether ``at`` lies in an opening; cheap enough to ask for every message."""
    wall = wall_at(hours.zone, at)
    today = wall.date()
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    for interval in intervals_on(hours, today):
        if interval.opens <= second < interval.closes:
            return True
    second += DAY_SECONDS
    for interval in intervals_on(hours, today - DAY):
        if second < interval.closes:
            return True
    # Only while the clock shows times twice can an opening run on although the time shown lies outside it.
    return is_repeated(wall) and _spans_cover(hours, today, at)


def _spans_cover(hours: Hours, today: date, at: datetime) -> bool:
    """``is_open`` by instants; a clock that falls back over midnight makes neighbours of days two apart."""
    days = (today + DAY * offset for offset in (-2, -1, 0, 1))
    return any(start <= at < end for day in days for start, end in spans_on(hours, day))
