"""Openings: walking a timetable from one opening to the next, forwards and back.

Nothing is looked for beyond ``HORIZON``: a group that does not open for 400 days does not open. All instants are
aware UTC.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from skills.hours import DAY, Hours, is_open, spans_on
from skills.wall import wall_at

HORIZON = timedelta(days=400)
"""How long a timetable may be closed (or open) before the search for a change ends without one."""

BEFORE_ANY_OPENING = datetime(1970, 1, 1, tzinfo=UTC)
"""The closed window of a timetable that has not been open within the horizon."""

NO_TIME = timedelta(0)


def openings(hours: Hours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The openings that end after ``since``, each ``[start, end)``, in order and without overlap.

    The first starts at ``since`` if it had begun before; two may touch. Ends when ``HORIZON`` passes without one.
    """
    reached = since.astimezone(UTC)
    # Two days back: an interval crosses one midnight, and a clock may fall back over another.
    day = wall_at(hours.zone, since).date() - 2 * DAY
    while day <= (reached + HORIZON).date() + DAY:
        for start, end in spans_on(hours, day):
            if start - reached > HORIZON:
                return
            if end > reached:
                yield max(start, reached), end
                reached = end
        day += DAY


def next_open(hours: Hours, at: datetime) -> datetime | None:
    """The first open instant from ``at`` on: ``at`` itself when open, None when never within the horizon."""
    if is_open(hours, at):
        return at
    for start, _ in openings(hours, at):
        return start
    return None


def next_close(hours: Hours, at: datetime) -> datetime | None:
    """The first instant after ``at`` at which open becomes closed.

    That ends the present opening, or the next one when closed at ``at``. None when there is no opening, or none
    that ends within the horizon.
    """
    closes: datetime | None = None
    for start, end in openings(hours, at):
        if closes is not None and start > closes:
            break
        if end - at > HORIZON:
            return None
        closes = end
    return closes


def add_open(hours: Hours, at: datetime, span: timedelta) -> datetime | None:
    """The first instant by which ``span`` of open time has passed since ``at``; None when it never does.

    The inverse of ``open_between``. A span that is used up at closing time ends there, not at the next opening.
    Raises ValueError for a negative span.
    """
    if span < NO_TIME:
        raise ValueError(f"open time only runs forwards, not by {span}")
    if span == NO_TIME:
        return at
    for start, end in openings(hours, at):
        if span <= end - start:
            return start + span
        span -= end - start
    return None


def open_between(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """How much of ``[start, end)`` is open; nothing when ``end`` is not after ``start``."""
    total = NO_TIME
    for opens, closes in openings(hours, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def closed_window(hours: Hours, at: datetime) -> datetime | None:
    """The name of the closed window around ``at``: the instant of the last closing. None while open.

    The same for every instant of one window and different for the next, so that an after-hours reply goes out
    once per window. BEFORE_ANY_OPENING when there was no closing within the horizon.
    """
    if is_open(hours, at):
        return None
    today = wall_at(hours.zone, at).date()
    day = today
    last: datetime | None = None
    while day >= today - HORIZON - DAY:
        ends = [end for _, end in spans_on(hours, day) if end <= at]
        if last is not None:
            # The day before may end later still, by an interval over midnight; no earlier day can.
            return max([last, *ends])
        last = max(ends, default=None)
        day -= DAY
    return last or BEFORE_ANY_OPENING
