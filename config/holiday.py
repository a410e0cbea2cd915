"""Public holidays and make-up working days (调休), from the ``holidays`` library.

Membership in the library's calendar is not the question: it knows rest days that were swapped, and the weekend days on
which people work for them. A year whose swaps are not announced yet looks complete and is not.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

YEARS_BACK = 1
YEARS_AHEAD = 2

YEARS_OF_HABIT = 10
"""A country that had make-up days within so many years will have them again."""


DAY = timedelta(days=1)
FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDays:
    """The closed days with their names, and the weekend days on which people work."""

    closed: Mapping[date, str]
    makeup: frozenset[date]


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """The countries that are known, each with its parts."""
    from holidays import list_supported_countries  # noqa: PLC0415  only who keeps holidays pays for their calendars

    return {code: tuple(parts) for code, parts in list_supported_countries().items()}


def is_known(place: str) -> bool:
    """Whether this country (``CN``) or part of one (``US-CA``) has a calendar."""
    country, _, part = place.partition("-")
    return country in countries() and (not part or part in countries()[country])


def special_days(places: Iterable[str], today: date) -> SpecialDays:
    """The special days of these places from last year to two years ahead."""
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    closed: dict[date, str] = {}
    makeup: set[date] = set()
    for place in places:
        calendar = _calendar(place, years)
        closed.update({day: name for day, name in calendar.items() if day not in closed})
        makeup.update(calendar.weekend_workdays)
        if _makeup_days(place, today.year):
            beside = _weekends(dict(calendar.items()), calendar.weekend_workdays)
            closed.update({day: name for day, name in beside.items() if day not in closed})
    return SpecialDays(closed=dict(sorted(closed.items())), makeup=frozenset(makeup))


def _weekends(closed: Mapping[date, str], makeup: Container[date]) -> dict[date, str]:
    """The weekend days that touch a run of holidays, each by the name of the holiday beside it.

    Where the state arranges days off in runs, the weekend in or beside one is part of it, unless people work then; a
    calendar that thinks nobody works at weekends may leave it out.
    """
    found: dict[date, str] = {}
    for step in (DAY, -DAY):
        for day, name in closed.items():
            beside = day + step
            while beside.weekday() > FRIDAY and beside not in closed and beside not in makeup:
                found.setdefault(beside, name)
                beside += step
    return found


def is_announced(place: str, year: int) -> bool:
    """Whether the make-up days of a year are known, for a country that announces them year by year."""
    years = {day.year for day in _makeup_days(place, year)}
    return year in years or not years


@cache
def _makeup_days(place: str, until: int) -> frozenset[date]:
    return frozenset(_calendar(place, range(until - YEARS_OF_HABIT, until + 1)).weekend_workdays)


def _calendar(place: str, years: range) -> "HolidayBase":
    from holidays import country_holidays  # noqa: PLC0415  as above

    country, _, part = place.partition("-")
    return country_holidays(country, subdiv=part or None, years=years)
