"""Timetables: ``hours`` of ``routing.yaml`` as the core's hours, and what is wrong with their times."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.holiday import SpecialDays, is_known, special_days
from config.models.routing import WEEKDAYS, HoursSection
from config.positions import Location
from config.problem import Code, Severity
from skills.hours import DAY_SECONDS, DAYS_IN_WEEK, Hours, Interval
from skills.ids import HoursId

LONG_NIGHT = timedelta(hours=12)
"""An interval over midnight that is longer than this was probably meant the other way round."""

HOURS_IN_DAY = 24
MINUTES_IN_HOUR = 60


class ImpossibleTime(ValueError):
    """A time of day that no clock shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something wrong with a timetable, at a location below it."""

    code: Code
    location: Location
    message: str
    suggestion: str = ""
    of_key: bool = False


def parse_interval(text: str) -> Interval:
    """``09:00-18:00`` as seconds of the day; a closing time at or before the opening is on the next day.

    Raises:
        ImpossibleTime: a time that does not exist, or nothing between the two.
    """
    first, _, last = text.partition("-")
    opens, closes = _seconds(first), _seconds(last)
    if opens == DAY_SECONDS:
        raise ImpossibleTime("24:00 can only close; what opens at midnight opens at 00:00")
    if opens == closes:
        raise ImpossibleTime(f"{text} opens and closes at the same time; all day is 00:00-24:00")
    return Interval(opens, closes if closes > opens else closes + DAY_SECONDS)


def _seconds(text: str) -> int:
    hours, minutes, seconds = ([int(piece) for piece in text.split(":")] + [0])[:3]
    if minutes >= MINUTES_IN_HOUR or seconds >= MINUTES_IN_HOUR:
        raise ImpossibleTime(f"there is no {text} in a day")
    total = hours * 3600 + minutes * 60 + seconds
    if total > DAY_SECONDS:
        raise ImpossibleTime(f"there is no {text} in a day; the latest is 24:00")
    return total


def days_of(words: str) -> Iterator[int]:
    """The weekdays (0 is Monday) that ``mon``, ``mon-fri``, ``sat,sun`` or ``daily`` names; ``fri-mon`` has four."""
    if words == "daily":
        yield from range(DAYS_IN_WEEK)
        return
    for piece in words.split(","):
        first, _, last = piece.strip().partition("-")
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % DAYS_IN_WEEK
        yield from ((start + offset) % DAYS_IN_WEEK for offset in range(length + 1))


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of this name, if there is one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def parse_date(text: str) -> date | None:
    """The date that ``2026-12-31`` names, if there is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def build_hours(key: str, section: HoursSection, zone: ZoneInfo, today: date) -> Hours:
    """The core's hours; only for sections without flaws."""
    weekly: list[tuple[Interval, ...]] = [()] * DAYS_IN_WEEK
    for words, intervals in section.weekly.items():
        for day in days_of(words):
            weekly[day] = tuple(parse_interval(text) for text in intervals)
    exceptions = {date.fromisoformat(text): day for text, day in section.exceptions.items()}
    special = special_days(section.holidays, today) if section.holidays else SpecialDays(closed={}, makeup=frozenset())
    return Hours(
        id=HoursId(key),
        zone=zone,
        weekly=tuple(weekly),
        holidays=special.closed,
        makeup_days=special.makeup,
        makeup_as=WEEKDAYS.index(section.makeup_as),
        exceptions={day: tuple(parse_interval(text) for text in entry.open) for day, entry in exceptions.items()},
        exception_names={day: entry.name for day, entry in exceptions.items() if entry.name},
    )


def flaws(section: HoursSection) -> Iterator[Flaw]:
    """What is wrong with a timetable, by itself."""
    if section.timezone is not None and zone_of(section.timezone) is None:
        yield Flaw(code=Code.UNKNOWN_ZONE, location=("timezone",), message=f'unknown time zone "{section.timezone}"')
    for index, place in enumerate(section.holidays):
        if not is_known(place):
            words = f'no calendar of public holidays for "{place}"'
            hint = "ISO codes, such as CN, JP or US-CA"
            yield Flaw(code=Code.UNKNOWN_COUNTRY, location=("holidays", index), message=words, suggestion=hint)
    for text, entry in section.exceptions.items():
        where: Location = ("exceptions", text)
        if parse_date(text) is None:
            yield Flaw(code=Code.BAD_FORM, location=where, message=f"there is no {text}", of_key=True)
        yield from _interval_flaws(entry.open, where)
    yield from _weekly_flaws(section.weekly)


def _weekly_flaws(weekly: Mapping[str, list[str]]) -> Iterator[Flaw]:
    given: dict[int, str] = {}
    intervals: dict[int, tuple[Interval, ...]] = {}
    is_whole = True
    for words, texts in weekly.items():
        found = list(_interval_flaws(texts, ("weekly", words)))
        yield from found
        is_sound = not any(flaw.code.severity is Severity.ERROR for flaw in found)
        is_whole &= is_sound
        for day in days_of(words):
            if day in given:
                message = f'{WEEKDAYS[day]} is given twice, by "{given[day]}" and by "{words}"'
                yield Flaw(code=Code.DAY_TWICE, location=("weekly", words), message=message, of_key=True)
                is_whole = False
                break
            given[day] = words
            intervals[day] = tuple(parse_interval(text) for text in texts) if is_sound else ()
    if is_whole:
        yield from _night_flaws(intervals, given)


def _night_flaws(intervals: Mapping[int, tuple[Interval, ...]], given: Mapping[int, str]) -> Iterator[Flaw]:
    """Nights that run into the next day's times."""
    said: set[str] = set()
    for day, today in sorted(intervals.items()):
        tail = max((interval.closes - DAY_SECONDS for interval in today), default=0)
        tomorrow = (day + 1) % DAYS_IN_WEEK
        if tail > min((interval.opens for interval in intervals.get(tomorrow, ())), default=DAY_SECONDS):
            if given[day] not in said:
                message = f"the night of {WEEKDAYS[day]} runs into the times of {WEEKDAYS[tomorrow]}"
                yield Flaw(code=Code.OVERLAP, location=("weekly", given[day]), message=message)
            said.add(given[day])


def _interval_flaws(texts: list[str], where: Location) -> Iterator[Flaw]:
    """Times of one day that do not exist, overlap, or were probably written backward."""
    known: list[tuple[Interval, str]] = []
    for index, text in enumerate(texts):
        place = (*where, index)
        try:
            interval = parse_interval(text)
        except ImpossibleTime as error:
            yield Flaw(code=Code.BACKWARD, location=place, message=str(error))
            continue
        for other, written in known:
            if interval.opens < other.closes and other.opens < interval.closes:
                message = f"{text} overlaps {written}"
                yield Flaw(code=Code.OVERLAP, location=place, message=message)
                break
        known.append((interval, text))
        length = timedelta(seconds=interval.closes - interval.opens)
        if interval.closes > DAY_SECONDS and length > LONG_NIGHT:
            first, _, last = text.partition("-")
            message = f"{text} runs over midnight, for {length.total_seconds() / 3600:g} hours"
            yield Flaw(
                code=Code.LONG_NIGHT, location=place, message=message, suggestion=f'did you mean "{last}-{first}"?'
            )
