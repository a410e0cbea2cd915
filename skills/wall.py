"""Wall time: at which instants a local clock shows a time, where clocks jump forwards and back.

A local clock skips times when it jumps forwards and shows times twice when it falls back. Both functions
here answer for a span of wall time ``[opens, closes)`` by one rule: it lasts from the first instant at which
the clock shows a time in it to the end of the last such instant. Everything else follows from that rule: a
skipped opening starts at the first valid instant, and a repeated hour is open once.

Wall times are naive datetimes in whole seconds; instants are aware and in UTC. Zones are values: nothing here
reads a file or a clock.
"""

from datetime import UTC, datetime, timedelta, tzinfo

SECOND = timedelta(seconds=1)


class NaiveInstant(ValueError):
    """An instant came without a zone; give one in UTC (the machine's own zone is never assumed)."""


def wall_at(zone: tzinfo, at: datetime) -> datetime:
    """What a clock in ``zone`` shows at this instant, still aware of its zone.

    Raises NaiveInstant when ``at`` has no zone.
    """
    if at.tzinfo is None:
        raise NaiveInstant(at.isoformat())
    return at.astimezone(zone)


def is_repeated(wall: datetime) -> bool:
    """Whether the clock that shows this (aware) time shows it twice; only for times that a clock really shows."""
    return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()


def first_instant(zone: tzinfo, wall: datetime) -> datetime:
    """The first instant at which the clock shows ``wall``, or the jump that skips it."""
    return _instant(zone, wall, fold=0)


def last_instant(zone: tzinfo, wall: datetime) -> datetime:
    """The end of the last instant at which the clock shows a time before ``wall``, or the jump that skips it.

    Not the last instant of ``wall`` itself: who closes at 01:00 does not open again when the clock falls
    back from 02:00 to 01:00.
    """
    before = wall - SECOND
    ends = _instant(zone, before, fold=1)
    return ends + SECOND if _shows(zone, ends, before) else ends


def _instant(zone: tzinfo, wall: datetime, *, fold: int) -> datetime:
    """The first (fold 0) or second (fold 1) instant at which the clock shows ``wall``; the jump if it never does."""
    instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    return instant if _shows(zone, instant, wall) else _jump(zone, wall)


def _shows(zone: tzinfo, instant: datetime, wall: datetime) -> bool:
    return instant.astimezone(zone).replace(tzinfo=None) == wall


def _jump(zone: tzinfo, skipped: datetime) -> datetime:
    """The instant at which the clock jumps forwards over ``skipped``.

    In a gap, PEP 495 reads fold 1 with the offset after the jump, which gives an instant before it, and fold 0
    with the offset before, which gives one after; the jump lies between, on a whole second.
    """
    before = skipped.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = skipped.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < skipped:
            before = middle
        else:
            after = middle
    return after
