"""Facts: what a value is made of, flat, and what differs between two, in words.

Values are taken apart field by field whatever they are, so that a new key of the files is told without a line here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta, tzinfo
from enum import Enum

from config.durations import format_duration
from skills.hours import Hours, Interval
from skills.patterns import Pattern
from skills.skill import Need

Fact = str | frozenset[str]

DERIVED = frozenset({"id", "line", "asked", "keywords", "version"})
"""Fields that follow from others, or from where something stands."""

UNSAID = frozenset({"group", "requirement", "when"})
"""Fields that only hold others: in the files these stand one level higher."""

NAMES = {
    "contact_is": "contact",
    "kinds": "kind",
    "none_of": "not",
    "any_of": "any",
    "back": "return",
    "longest": "max",
    "otherwise": "else",
}
"""What fields are called in the files, where that differs."""

SHOWN = 6
"""So many values of a set are listed."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SECONDS = 24 * 3600


def details(old: object, new: object) -> Iterator[str]:
    """How the one became the other: ``requires visa-jp: 2 → 3``, ``text + tokyo``; nothing when they mean the same."""
    before, after = dict(_facts(old, "")), dict(_facts(new, ""))
    for path in dict.fromkeys((*before, *after)):
        was, now = before.get(path, frozenset()), after.get(path, frozenset())
        if was == now:
            continue
        if isinstance(was, frozenset) and isinstance(now, frozenset):
            yield f"{path}{' ' if path else ''}{_set_change(was, now)}"
        else:
            yield f"{path}{': ' if path else ''}{_word(was)} → {_word(now)}"


def _set_change(was: frozenset[str], now: frozenset[str]) -> str:
    return ", ".join([*_listed("+ ", sorted(now - was)), *_listed("− ", sorted(was - now))])


def _listed(sign: str, values: Sequence[str]) -> Iterator[str]:
    yield from (f"{sign}{value}" for value in values[:SHOWN])
    if len(values) > SHOWN:
        yield f"{sign}{len(values) - SHOWN} more"


def _word(fact: Fact) -> str:
    if isinstance(fact, frozenset):
        return ", ".join(sorted(fact)) or "nothing"
    return fact or "nothing"


def _facts(value: object, path: str) -> Iterator[tuple[str, Fact]]:
    """What a value is made of: path → a word or a set of words. Empty things say nothing."""
    word = _as_word(value)
    if word is not None:
        if word:
            yield path, word
    elif isinstance(value, Hours):
        yield from _hours_facts(value, path)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _facts(inner, _joined(path, str(key)))
    elif isinstance(value, frozenset | tuple | list):
        yield from _several(value, path)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in DERIVED:
                inner = getattr(value, field.name)
                is_holder = field.name in UNSAID and is_dataclass(inner)
                name = "" if is_holder else NAMES.get(field.name, field.name)
                yield from _facts(inner, _joined(path, name))
    else:
        yield path, repr(value)


def _as_word(value: object) -> str | None:
    """The value as the files would say it; None when it is made of others."""
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return format_duration(value)
        case int() | float():
            return f"{value:g}"
        case Pattern():
            return value.source
        case str() | date() | tzinfo():
            return str(value)
        case _:
            return None


def _several(values: frozenset[object] | tuple[object, ...] | list[object], path: str) -> Iterator[tuple[str, Fact]]:
    words = [value.id if isinstance(value, Hours) else _as_word(value) for value in values]
    if words and all(word is not None for word in words):
        yield path, frozenset(word for word in words if word is not None)
        return
    for number, value in enumerate(values, 1):
        if isinstance(value, Need):
            yield _joined(path, str(value.skill)), f"{value.level}"
        else:
            yield from _facts(value, _joined(path, f"step {number}"))


def _joined(path: str, name: str) -> str:
    return f"{path} {name}".strip()


def _hours_facts(hours: Hours, path: str) -> Iterator[tuple[str, Fact]]:
    yield _joined(path, "timezone"), str(hours.zone)
    for day, intervals in zip(DAYS, hours.weekly, strict=True):
        yield _joined(path, day), frozenset(_times(each) for each in intervals)
    yield _joined(path, "closed on"), frozenset(str(day) for day in hours.holidays)
    yield _joined(path, "make-up days"), frozenset(str(day) for day in hours.makeup_days)
    yield _joined(path, "make-up days as"), DAYS[hours.makeup_as]
    for on, intervals in hours.exceptions.items():
        name = hours.exception_names.get(on, "")
        times = " ".join(_times(each) for each in intervals) or "closed"
        yield _joined(path, str(on)), f"{times} ({name})" if name else times


def _times(interval: Interval) -> str:
    return f"{_clock(interval.opens)}-{_clock(interval.closes)}"


def _clock(seconds: int) -> str:
    on_day = seconds if seconds <= DAY_SECONDS else seconds - DAY_SECONDS
    return f"{on_day // 3600:02}:{on_day // 60 % 60:02}"
