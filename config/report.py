"""Reports: problems with the line they speak of and a caret below, and the coming days of all hours."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby

from config.configuration import Configuration
from config.problem import Problem
from skills.hours import DAY_SECONDS, DayKind, Hours, Interval, day_kind, day_name, intervals_on

DAYS_SHOWN = 14
LONGEST_LINE = 160


def problem_lines(problem: Problem, texts: Mapping[str, str]) -> Iterator[str]:
    """The problem, the source line and the caret; only the first when there is no such line."""
    yield str(problem)
    lines = texts.get(problem.file, "").split("\n")
    if not problem.line <= len(lines) or not lines[problem.line - 1].strip():
        return
    source = lines[problem.line - 1].rstrip("\r")
    start = max(0, problem.column - LONGEST_LINE)  # the caret of a long line stays in sight
    yield f"    {source[start : start + LONGEST_LINE + 40]}"
    yield f"    {_blank(source[start : problem.column - 1])}^"


def _blank(text: str) -> str:
    """White space as wide as the text: Chinese characters take two columns."""
    return "".join("\u3000" if unicodedata.east_asian_width(character) in "WF" else " " for character in text)


def coming_days(configuration: Configuration, today: date) -> Iterator[str]:
    """The next 14 days of all hours that groups have, equal neighbours joined."""
    for key, hours in configuration.settings.hours.items():
        groups = [group for group, its in configuration.settings.groups.items() if its.group.hours == key]
        if groups:
            yield f"{key} ({', '.join(groups)})"
            yield from (f"    {line}" for line in _days(hours, today))


def _days(hours: Hours, today: date) -> Iterator[str]:
    days = [today + timedelta(days=offset) for offset in range(DAYS_SHOWN)]
    for words, group in groupby(days, key=lambda day: _day_words(hours, day)):
        first, *_, last = [*group] * 2
        span = f"{first:%a %m-%d}" if first == last else f"{first:%a %m-%d} – {last:%a %m-%d}"
        yield f"{span:<23} {words}"


def _day_words(hours: Hours, day: date) -> str:
    times = " ".join(_times(interval) for interval in intervals_on(hours, day)) or "closed"
    match day_kind(hours, day):
        case DayKind.REGULAR:
            return times
        case DayKind.MAKEUP:
            return f"{times} (make-up working day)"
        case DayKind.HOLIDAY | DayKind.EXCEPTION:
            return f"{times} ({day_name(hours, day) or 'exception'})"


def _times(interval: Interval) -> str:
    return f"{_clock(interval.opens)}-{_clock(interval.closes)}"


def _clock(seconds: int) -> str:
    on_day = seconds if seconds <= DAY_SECONDS else seconds - DAY_SECONDS
    return f"{on_day // 3600:02}:{on_day // 60 % 60:02}"
