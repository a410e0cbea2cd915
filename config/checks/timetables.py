"""Timetables: times that exist, days that are named once, holidays that are announced."""

from collections.abc import Iterator
from datetime import timedelta

from config.checks.draft import Draft
from config.holiday import is_announced, is_known
from config.models.routing import HoursSection
from config.positions import Location
from config.problem import Code, Problem
from config.timetable import flaws, zone_of

LOOKING_AHEAD = timedelta(days=120)
"""How long before a year begins its make-up days should be known: they are announced in November."""


def timetable_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with zones and hours beyond their form."""
    document = draft.document
    if zone_of(draft.routing.timezone) is None:
        words = f'unknown time zone "{draft.routing.timezone}"'
        hint = "names are such as Asia/Shanghai"
        yield document.problem(Code.UNKNOWN_ZONE, ("timezone",), words, suggestion=hint)
    for key, section in draft.routing.hours.items():
        where: Location = ("hours", key)
        for flaw in flaws(section):
            place = (*where, *flaw.location)
            yield document.problem(flaw.code, place, flaw.message, suggestion=flaw.suggestion, of_key=flaw.of_key)
        yield from _announcement_problems(draft, where, section)
        if not any(section.weekly.values()) and not any(entry.open for entry in section.exceptions.values()):
            yield document.problem(Code.NEVER_OPEN, where, f"{key} is never open", of_key=True)


def _announcement_problems(draft: Draft, where: Location, section: HoursSection) -> Iterator[Problem]:
    """A year without its make-up days looks complete and is not: who plans for it should know."""
    for index, place in enumerate(section.holidays):
        if not is_known(place):
            continue
        for year in sorted({draft.now.year, (draft.now + LOOKING_AHEAD).year}):
            if not is_announced(place, year):
                words = f"the make-up working days of {place} for {year} are not announced yet"
                hint = "until then, `exceptions` can say them"
                yield draft.document.problem(
                    Code.YEAR_NOT_ANNOUNCED, (*where, "holidays", index), words, suggestion=hint
                )
