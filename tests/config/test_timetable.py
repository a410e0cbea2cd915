"""Timetables: times of the day, days of the week, holidays and make-up days."""

from datetime import UTC, date, datetime

import chinese_calendar
import pytest

from config.holiday import is_announced, is_known, special_days
from config.models.routing import HoursSection
from config.problem import Code
from config.timetable import ImpossibleTime, build_hours, days_of, flaws, parse_interval, zone_of
from skills.hours import DayKind, Interval, day_kind, is_open
from tests.config.loading import CONFIG, load_directory

HOUR = 3600


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("09:00-18:00", 9 * HOUR, 18 * HOUR),
        ("9:30-12:00:30", 9.5 * HOUR, 12 * HOUR + 30),
        ("22:00-06:00", 22 * HOUR, 30 * HOUR),
        ("00:00-24:00", 0, 24 * HOUR),
        ("12:00-00:00", 12 * HOUR, 24 * HOUR),
        ("00:00-00:01", 0, 60),
    ],
)
def test_intervals(text: str, opens: int, closes: int) -> None:
    """Times are seconds of the day; what closes at or before it opens closes on the next day."""
    assert parse_interval(text) == Interval(int(opens), int(closes))


@pytest.mark.parametrize("text", ["24:00-06:00", "09:00-09:00", "25:00-26:00", "09:60-10:00", "23:00-24:01"])
def test_impossible_intervals(text: str) -> None:
    """Times that no clock shows are refused."""
    with pytest.raises(ImpossibleTime):
        parse_interval(text)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("mon", [0]),
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat,sun", [5, 6]),
        ("daily", [*range(7)]),
        ("fri-mon", [4, 5, 6, 0]),
    ],
)
def test_days(words: str, days: list[int]) -> None:
    """Days are named alone, as a span that may run over Sunday, in lists, or all at once."""
    assert list(days_of(words)) == days


def test_make_up_days_of_2026_agree_with_another_library() -> None:
    """Every day of 2026 is open or closed as the State Council arranged it, by a second source."""
    zone = zone_of("Asia/Shanghai")
    assert zone is not None
    section = HoursSection(weekly={"mon-fri": ["09:00-18:00"]}, holidays=["CN"])
    hours = build_hours("office", section, zone, date(2026, 6, 1))
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        assert is_open(hours, noon) is chinese_calendar.is_workday(day), day
    assert day_kind(hours, date(2026, 2, 14)) is DayKind.MAKEUP


def test_exceptions_win_over_make_up_days() -> None:
    """An administrator's exception closes a make-up working day, and opens a holiday."""
    zone = zone_of("Asia/Shanghai")
    assert zone is not None
    section = HoursSection.model_validate(
        {
            "weekly": {"mon-fri": ["09:00-18:00"]},
            "holidays": ["CN"],
            "exceptions": {"2026-02-14": "closed", "2026-10-01": ["10:00-14:00"]},
        }
    )
    hours = build_hours("office", section, zone, date(2026, 6, 1))
    assert not is_open(hours, datetime(2026, 2, 14, 4, tzinfo=UTC))
    assert is_open(hours, datetime(2026, 10, 1, 4, tzinfo=UTC))


def test_places() -> None:
    """Countries and their parts are known by their codes."""
    assert [place for place in ("CN", "US-CA", "TW", "XX", "US-XX", "") if is_known(place)] == ["CN", "US-CA", "TW"]


def test_two_places() -> None:
    """The holidays of two countries are closed, each with its name."""
    days = special_days(["CN", "JP"], date(2026, 6, 1)).closed
    assert date(2026, 10, 1) in days
    assert date(2026, 2, 11) in days


def test_a_year_that_is_not_announced() -> None:
    """A country that announces its make-up days has unannounced years; one that has none never does."""
    assert is_announced("CN", 2026)
    assert not is_announced("CN", 2030)
    assert is_announced("US", 2030)


def test_the_warning_comes_when_it_matters() -> None:
    """The coming year is asked about from September on, not before."""
    far = datetime(2029, 6, 1, tzinfo=UTC)
    near = datetime(2029, 12, 1, tzinfo=UTC)
    for at, years in ((far, 1), (near, 2)):
        problems = load_directory(CONFIG / "visa-shop", at=at).problems
        assert [problem.code for problem in problems] == [Code.YEAR_NOT_ANNOUNCED] * years


def test_neighbouring_days_do_not_overlap_unnoticed() -> None:
    """A night that runs into the next morning's times is said once, where the night stands."""
    section = HoursSection(weekly={"mon-thu": ["09:00-18:00"], "sun": ["20:00-09:30"]})
    assert [(flaw.code, flaw.location) for flaw in flaws(section)] == [
        (Code.LONG_NIGHT, ("weekly", "sun", 0)),
        (Code.OVERLAP, ("weekly", "sun")),
    ]


@pytest.mark.parametrize("year", [2025, 2026])
def test_weekends_in_a_run_of_holidays_are_closed(year: int) -> None:
    """Hours that open every day are closed on exactly the days off that the State Council arranged, weekends too."""
    zone = zone_of("Asia/Shanghai")
    assert zone is not None
    section = HoursSection(weekly={"daily": ["09:00-18:00"]}, holidays=["CN"])
    hours = build_hours("all", section, zone, date(year, 6, 3))
    for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        day = date.fromordinal(number)
        is_off, name = chinese_calendar.get_holiday_detail(day)
        assert (day_kind(hours, day) is DayKind.HOLIDAY) == bool(is_off and name), day


def test_weekends_elsewhere_stay() -> None:
    """Where no days are made up, a weekend beside a holiday is an ordinary one: shops open on Easter Saturday."""
    closed = special_days(["DE"], date(2026, 6, 3)).closed
    assert date(2026, 4, 3) in closed
    assert date(2026, 4, 4) not in closed
