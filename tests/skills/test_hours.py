"""Hours by example: office days, nights, special days, clocks that jump."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

from skills.hours import DayKind, Hours, ImpossibleHours, Interval, day_kind, day_name, intervals_on, is_open
from skills.ids import HoursId
from skills.opening import BEFORE_ANY_OPENING, add_open, closed_window, next_close, next_open, open_between
from skills.wall import NaiveInstant

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = Interval(9 * 3600, 12 * 3600), Interval(13 * 3600 + 1800, 18 * 3600)
SATURDAY = Interval(10 * 3600, 16 * 3600)
NIGHT = Interval(79_200, 108_000)
ALL_DAY = Interval(0, 86_400)
WORKDAY = (MORNING, AFTERNOON)
CN_2026 = holidays.country_holidays("CN", years=2026, language="zh_CN")

OFFICE = Hours(
    id=HoursId("office"),
    zone=SHANGHAI,
    weekly=(WORKDAY,) * 5 + ((SATURDAY,), ()),
    holidays=dict(CN_2026),
    makeup_days=frozenset(day for day in CN_2026.weekend_workdays if day.year == 2026),
    exceptions={date(2026, 12, 31): (), date(2027, 1, 2): (Interval(10 * 3600, 14 * 3600),)},
    exception_names={date(2026, 12, 31): "盘点"},
)
WEEKDAYS = replace(OFFICE, weekly=(WORKDAY,) * 5 + ((), ()), exceptions={})
ALWAYS = Hours(id=HoursId("always"), zone=SHANGHAI, weekly=((ALL_DAY,),) * 7)
NEVER = Hours(id=HoursId("never"), zone=SHANGHAI, weekly=((),) * 7)


def local(text: str, zone: ZoneInfo = SHANGHAI, fold: int = 0) -> datetime:
    """A wall time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def nightly(zone: str, *closed: date) -> Hours:
    """22:00-06:00 every day, but for the exceptions."""
    return Hours(id=HoursId("night"), zone=ZoneInfo(zone), weekly=((NIGHT,),) * 7, exceptions=dict.fromkeys(closed, ()))


def daily(zone: str, opens: str, closes: str, *, on: str) -> Hours:
    """One interval, on one day only."""
    seconds = [int(hour) * 3600 + int(minute) * 60 for hour, minute in (t.split(":") for t in (opens, closes))]
    return Hours(
        id=HoursId("once"),
        zone=ZoneInfo(zone),
        weekly=((),) * 7,
        exceptions={date.fromisoformat(on): (Interval(*seconds),)},
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T08:59:59.999999", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T11:59:59.999999", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:30", True),
        ("2026-11-23T18:00", False),
        ("2026-11-28T10:00", True),
        ("2026-11-29T10:00", False),
        ("2026-12-31T10:00", False),
        ("2027-01-02T13:59", True),
        ("2027-01-02T15:00", False),
    ],
)
def test_half_open(at: str, expected: bool) -> None:
    """An interval holds its opening and not its closing instant, to the microsecond; exceptions replace the day."""
    assert is_open(OFFICE, local(at)) is expected


@pytest.mark.parametrize(
    ("on", "kind", "name"),
    [
        (date(2026, 2, 14), DayKind.MAKEUP, ""),
        (date(2026, 2, 17), DayKind.HOLIDAY, "春节"),
        (date(2026, 2, 13), DayKind.REGULAR, ""),
        (date(2026, 12, 31), DayKind.EXCEPTION, "盘点"),
        (date(2027, 1, 2), DayKind.EXCEPTION, ""),
    ],
)
def test_day_kind(on: date, kind: DayKind, name: str) -> None:
    """Each day says where its intervals come from, and its name when it has one."""
    assert (day_kind(OFFICE, on), day_name(OFFICE, on)) == (kind, name)


def test_makeup_saturday() -> None:
    """A make-up Saturday has Monday's hours, not Saturday's."""
    assert intervals_on(OFFICE, date(2026, 2, 14)) == WORKDAY
    assert is_open(OFFICE, local("2026-02-14T09:30"))
    assert not is_open(OFFICE, local("2026-02-07T09:30"))


def test_exception_beats_makeup_day_and_holiday() -> None:
    """What the administrator wrote wins over what the state announced; it keeps the holiday's name."""
    spring = date(2026, 2, 17)
    hours = Hours(
        id=HoursId("x"),
        zone=SHANGHAI,
        weekly=OFFICE.weekly,
        holidays={spring: "春节"},
        makeup_days=frozenset({date(2026, 2, 14)}),
        exceptions={spring: (SATURDAY,), date(2026, 2, 14): ()},
    )
    assert intervals_on(hours, spring) == (SATURDAY,)
    assert intervals_on(hours, date(2026, 2, 14)) == ()
    assert day_name(hours, spring) == "春节"


def test_china_2026() -> None:
    """Every day of 2026 is open or closed as chinesecalendar, an independent table, says."""
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    open_days = [day for day in year if is_open(WEEKDAYS, local(f"{day}T10:00"))]
    assert open_days == [day for day in year if chinese_calendar.is_workday(day)]


def test_spring_festival() -> None:
    """Who writes on the eve of Spring Festival learns the first working day after it."""
    assert next_open(WEEKDAYS, local("2026-02-14T18:00")) == local("2026-02-24T09:00")


def test_leap_day() -> None:
    """29 February is a day like others."""
    assert is_open(OFFICE, local("2028-02-29T09:00"))
    assert next_open(OFFICE, local("2028-02-28T18:00")) == local("2028-02-29T09:00")


def test_midnight_crossing() -> None:
    """A night shift is open on both sides of midnight and is one opening."""
    night = nightly("Asia/Shanghai")
    assert is_open(night, local("2026-11-23T23:59:59"))
    assert is_open(night, local("2026-11-24T05:59:59"))
    assert not is_open(night, local("2026-11-24T06:00"))
    assert next_close(night, local("2026-11-23T23:00")) == local("2026-11-24T06:00")


def test_closed_day_keeps_yesterdays_tail() -> None:
    """Closing Tuesday removes what starts on Tuesday; Monday's shift still ends on Tuesday at 06:00."""
    night = nightly("Asia/Shanghai", date(2026, 11, 24))
    assert is_open(night, local("2026-11-24T05:00"))
    assert not is_open(night, local("2026-11-24T23:00"))
    assert not is_open(night, local("2026-11-25T05:00"))
    assert next_open(night, local("2026-11-24T06:00")) == local("2026-11-25T22:00")


def test_until_midnight() -> None:
    """24:00 ends the day; an interval from 00:00 goes on without a closing between them."""
    hours = Hours(
        id=HoursId("x"),
        zone=SHANGHAI,
        weekly=((Interval(64_800, 86_400),), (Interval(0, 3600),), (Interval(64_800, 86_400),), (), (), (), ()),
    )
    assert next_close(hours, local("2026-11-23T20:00")) == local("2026-11-24T01:00")
    assert next_close(hours, local("2026-11-25T20:00")) == local("2026-11-26T00:00")


def test_always() -> None:
    """Who never closes has no next closing and counts every second."""
    at = local("2026-11-23T00:00")
    assert next_open(ALWAYS, at) == at
    assert next_close(ALWAYS, at) is None
    assert closed_window(ALWAYS, at) is None
    assert add_open(ALWAYS, at, timedelta(days=500)) == at + timedelta(days=500)
    assert open_between(ALWAYS, at, at + timedelta(days=500)) == timedelta(days=500)


def test_never() -> None:
    """Who never opens has no next opening, no closing, and one closed window for ever."""
    at = local("2026-11-23T00:00")
    assert next_open(NEVER, at) is None
    assert next_close(NEVER, at) is None
    assert add_open(NEVER, at, timedelta(seconds=1)) is None
    assert open_between(NEVER, at, at + timedelta(days=10)) == timedelta(0)
    assert closed_window(NEVER, at) == closed_window(NEVER, at + timedelta(days=9)) == BEFORE_ANY_OPENING


def test_horizon() -> None:
    """An opening 400 days ahead is found, one a day later is not."""
    hours = daily("Asia/Shanghai", "09:00", "12:00", on="2028-01-01")
    opens = local("2028-01-01T09:00")
    assert next_open(hours, opens - timedelta(days=400)) == opens
    assert next_open(hours, opens - timedelta(days=401)) is None


def test_closed_window() -> None:
    """One closed window has one name, whatever day it is; lunch is another window than the weekend."""
    friday = local("2026-11-20T18:00")
    weekend = ["2026-11-20T18:00", "2026-11-21T12:00", "2026-11-22T23:00", "2026-11-23T08:59"]
    assert {closed_window(WEEKDAYS, local(at)) for at in weekend} == {friday}
    assert closed_window(WEEKDAYS, local("2026-11-23T12:30")) == local("2026-11-23T12:00")
    assert closed_window(WEEKDAYS, local("2026-11-23T09:00")) is None


def test_add_open_ends_at_closing_time() -> None:
    """Open time that is used up at 18:00 is due at 18:00; one second more is due next morning."""
    at = local("2026-11-23T17:00")
    assert add_open(OFFICE, at, timedelta(hours=1)) == local("2026-11-23T18:00")
    assert add_open(OFFICE, at, timedelta(seconds=3601)) == local("2026-11-24T09:00:01")
    assert add_open(OFFICE, local("2026-11-22T01:00"), timedelta(0)) == local("2026-11-22T01:00")
    with pytest.raises(ValueError, match="forwards"):
        add_open(OFFICE, at, timedelta(seconds=-1))


NEW_YORK = ZoneInfo("America/New_York")


def test_skipped_opening() -> None:
    """In New York on 8 March 2026, who opens at 02:30 opens at 03:00, and an interval inside the gap is no opening."""
    hours = daily("America/New_York", "02:30", "04:00", on="2026-03-08")
    assert next_open(hours, local("2026-03-08T00:00", NEW_YORK)) == local("2026-03-08T03:00", NEW_YORK)
    inside = daily("America/New_York", "02:10", "02:50", on="2026-03-08")
    assert next_open(inside, local("2026-03-08T00:00", NEW_YORK)) is None


def test_repeated_hour() -> None:
    """In New York on 1 November 2026, 00:30-01:30 is one opening of two hours."""
    hours = daily("America/New_York", "00:30", "01:30", on="2026-11-01")
    start = local("2026-11-01T00:30", NEW_YORK)
    assert next_close(hours, start) == local("2026-11-01T01:30", NEW_YORK, fold=1) == start + timedelta(hours=2)
    assert is_open(hours, local("2026-11-01T01:45", NEW_YORK))
    assert not is_open(hours, local("2026-11-01T01:45", NEW_YORK, fold=1))


def test_closing_when_the_hour_repeats() -> None:
    """Who closes at 01:00 does not open again when the clock falls back to 01:00."""
    hours = daily("America/New_York", "00:00", "01:00", on="2026-11-01")
    assert open_between(hours, local("2026-11-01T00:00", NEW_YORK), local("2026-11-02T00:00", NEW_YORK)) == timedelta(
        hours=1
    )


@pytest.mark.parametrize(
    ("on", "opens", "closes"), [("2010-11-07", "00:00", "00:30"), ("2010-11-05", "23:55", "47:50")]
)
def test_back_over_midnight(on: str, opens: str, closes: str) -> None:
    """In St John's at 00:01 on 7 November 2010 the date fell back to the 6th; openings of both neighbours run on."""
    zone = ZoneInfo("America/St_Johns")
    hours = daily("America/St_Johns", opens, closes, on=on)
    jump = local("2010-11-06T23:01", zone, fold=1)
    for at in (jump - timedelta(seconds=30), jump + timedelta(minutes=5)):
        assert is_open(hours, at)
        assert next_open(hours, at) == at
        assert open_between(hours, at, at + timedelta(minutes=1)) == timedelta(minutes=1)


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (86_400, 86_460), (60, 60), (60, 59), (0, 86_401)])
def test_impossible_interval(opens: int, closes: int) -> None:
    """An interval opens on its own day, closes after it opens, and lasts 24 hours at most."""
    with pytest.raises(ImpossibleHours):
        Interval(opens, closes)


def test_impossible_week() -> None:
    """A week has seven days, and make-up days follow one of them."""
    with pytest.raises(ImpossibleHours, match="7 days, not 6"):
        Hours(id=HoursId("x"), zone=UTC, weekly=((),) * 6)
    with pytest.raises(ImpossibleHours, match="not 7"):
        Hours(id=HoursId("x"), zone=UTC, weekly=((),) * 7, makeup_as=7)


def test_naive_instant() -> None:
    """An instant without a zone is refused: the machine's zone is never assumed."""
    with pytest.raises(NaiveInstant):
        is_open(OFFICE, datetime(2026, 11, 23, 10))  # noqa: DTZ001 - the mistake under test


def test_other_zones_than_utc() -> None:
    """An instant is the same instant whatever zone it is written in."""
    at = datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=8)))
    assert is_open(OFFICE, at)
    assert next_close(OFFICE, at) == local("2026-11-23T12:00")
