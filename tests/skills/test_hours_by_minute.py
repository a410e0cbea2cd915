"""Hours against an oracle that looks at every minute, in zones whose clocks jump in every known way."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skills.hours import Hours, Interval, is_open
from skills.ids import HoursId
from skills.opening import add_open, closed_window, next_close, next_open, open_between
from tests.skills.minutes import DAY, MINUTE, Minutes, look_at

DAYS = 9
"""Days that the oracle looks at on either side; questions are asked in the middle."""

JUMPS = {
    "spring in New York": ("America/New_York", date(2026, 3, 8)),
    "autumn in New York": ("America/New_York", date(2026, 11, 1)),
    "spring in Berlin": ("Europe/Berlin", date(2026, 3, 29)),
    "autumn in Berlin": ("Europe/Berlin", date(2026, 10, 25)),
    "no jump in Shanghai": ("Asia/Shanghai", date(2026, 2, 14)),
    "half an hour back on Lord Howe": ("Australia/Lord_Howe", date(2026, 4, 5)),
    "half an hour forwards on Lord Howe": ("Australia/Lord_Howe", date(2026, 10, 4)),
    "a day that Apia never had": ("Pacific/Apia", date(2011, 12, 30)),
    "back over midnight at 00:01 in St John's": ("America/St_Johns", date(2010, 11, 7)),
    "back over midnight at 00:00 in Beirut": ("Asia/Beirut", date(2026, 10, 25)),
    "forwards at midnight in Beirut": ("Asia/Beirut", date(2026, 3, 29)),
    "back to midnight in Havana": ("America/Havana", date(2026, 11, 1)),
    "back for Ramadan in Casablanca": ("Africa/Casablanca", date(2026, 2, 15)),
}


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Any interval in whole minutes, half of them in the small hours, where clocks jump."""
    opens = draw(st.one_of(st.integers(0, 4 * 60), st.integers(0, 24 * 60 - 1)))
    lasts = draw(st.one_of(st.integers(1, 3 * 60), st.integers(1, 24 * 60)))
    return Interval(opens * 60, (opens + lasts) * 60)


@st.composite
def timetables(draw: st.DrawFn, zone: str, around: date) -> Hours:
    """Any timetable with special days near ``around``."""
    day = st.lists(intervals(), max_size=3).map(tuple)
    near = st.integers(-4, 4).map(lambda offset: around + offset * DAY)
    return Hours(
        id=HoursId("any"),
        zone=ZoneInfo(zone),
        weekly=draw(st.tuples(*[day] * 7)),
        holidays=draw(st.dictionaries(near, st.just("a holiday"), max_size=2)),
        makeup_days=draw(st.frozensets(near, max_size=2)),
        makeup_as=draw(st.integers(0, 6)),
        exceptions=draw(st.dictionaries(near, day, max_size=3)),
    )


def at_minute(minutes: Minutes, index: int | None) -> datetime | None:
    """The instant of an oracle's answer."""
    return None if index is None else minutes.instant(index)


def within(minutes: Minutes, at: datetime | None) -> datetime | None:
    """An answer, or None when the oracle does not look that far."""
    return at if at is not None and minutes.index(at) < len(minutes.is_open) else None


@pytest.mark.parametrize("jump", JUMPS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_minute(jump: str, data: st.DataObject) -> None:
    """Open, next opening, next closing, closed window and open time are what every minute on its own says."""
    zone, around = JUMPS[jump]
    hours = data.draw(timetables(zone, around))
    minutes = look_at(hours, around, DAYS)
    middle = minutes.index(minutes.first + DAYS * DAY)
    for index in range(middle - 2 * 24 * 60, middle + 2 * 24 * 60):
        assert is_open(hours, minutes.instant(index)) == minutes.is_open[index], minutes.instant(index)

    for index in data.draw(st.lists(st.integers(middle - 2 * 24 * 60, middle + 2 * 24 * 60), min_size=4, max_size=4)):
        at = minutes.instant(index)
        assert within(minutes, next_open(hours, at)) == at_minute(minutes, minutes.next_open(index))
        assert within(minutes, next_close(hours, at)) == at_minute(minutes, minutes.next_close(index))
        last = minutes.last_close(index)
        if minutes.is_open[index]:
            assert closed_window(hours, at) is None
        elif last is not None and last > 2 * 24 * 60:  # nearer the oracle's edge an opening may be cut
            assert closed_window(hours, at) == minutes.instant(last)
        later = index + data.draw(st.integers(0, 3 * 24 * 60))
        open_for = sum(minutes.is_open[index:later]) * MINUTE
        assert open_between(hours, at, minutes.instant(later)) == open_for
        due = add_open(hours, at, open_for)
        assert due is not None
        assert due <= minutes.instant(later)
        assert open_between(hours, at, due) == open_for


@pytest.mark.parametrize("jump", JUMPS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_add_open_and_open_between_are_inverse(jump: str, data: st.DataObject) -> None:
    """Adding open time and measuring it agree to the microsecond, and no earlier instant would do."""
    zone, around = JUMPS[jump]
    hours = data.draw(timetables(zone, around))
    middle = look_at(hours, around, 0).first
    at = middle + data.draw(st.timedeltas(min_value=-2 * DAY, max_value=2 * DAY))
    span = data.draw(st.timedeltas(min_value=timedelta(microseconds=1), max_value=20 * DAY))
    due = add_open(hours, at, span)
    if due is None:
        assert not any(hours.weekly)
        return
    assert open_between(hours, at, due) == span
    assert open_between(hours, at, due - timedelta(microseconds=1)) == span - timedelta(microseconds=1)
