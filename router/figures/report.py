"""A report: the figures of some time, for everybody or by group, channel, priority or agent, per interval or in one.

A row belongs to the interval in which what it tells began. Time (`Spell`) is cut where intervals meet, so that each
piece begins in its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta, tzinfo
from enum import Enum

from router.figures.definition import Definition, Figure, definitions, figure
from router.figures.name import Name
from router.figures.row import Row, Rows, Spell
from router.figures.service_level import Promise
from skills.ids import GroupId

DAY = timedelta(days=1)

OF_QUEUES = frozenset({Name.OFFERED, Name.ABANDONED, Name.ABANDONED_SHORT, Name.ABANDON_RATE, Name.SERVICE_LEVEL})
"""Nobody's own: who was not answered belongs to no agent, and a share of the answered alone would look too good."""


class By(Enum):
    """What a report has a line for."""

    GROUP = "group"
    AGENT = "agent"
    CHANNEL = "channel"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for: rows of ``[since, until)``, of one group or of all.

    ``interval`` divides a day of the ``zone``, or is one; None is one line for all the time.
    """

    since: datetime
    until: datetime
    zone: tzinfo
    by: By | None = None
    interval: timedelta | None = None
    group: GroupId | None = None
    promise: Promise = Promise()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one interval and one group, agent, channel or priority, and the rows that they count.

    ``of`` is empty in a report that is not divided, ``at`` is where the interval begins.
    """

    at: datetime
    of: str
    rows: Rows
    figures: tuple[Figure, ...]


def report(rows: Rows, question: Question) -> tuple[Line, ...]:
    """The lines, by time and then by name."""
    omitted = OF_QUEUES if question.by is By.AGENT else frozenset()
    wanted = [each for each in definitions(question.promise) if each.name not in omitted]
    cells: dict[tuple[datetime, str], dict[str, list[Row]]] = {}
    for kind in fields(Rows):
        for row in _asked_for(getattr(rows, kind.name), question):
            key = (_interval_of(row.at, question), _of(row, question.by))
            if question.by is None or key[1]:
                cells.setdefault(key, {}).setdefault(kind.name, []).append(row)
    if question.by is None and question.interval is None and not cells:
        cells[question.since, ""] = {}
    return tuple(_line(at, of, found, wanted) for (at, of), found in sorted(cells.items()))


def _line(at: datetime, of: str, found: dict[str, list[Row]], wanted: Sequence[Definition]) -> Line:
    counted = Rows(**{name: tuple(rows) for name, rows in found.items()})  # type: ignore[arg-type]  # by its own name
    return Line(at=at, of=of, rows=counted, figures=tuple(figure(each, counted) for each in wanted))


def _asked_for(rows: Sequence[Row], question: Question) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Spell):
            if question.group is None:
                yield from _pieces(row, question)
        elif question.since <= row.at < question.until and question.group in {None, row.place.group}:
            yield row


def _of(row: Row, by: By | None) -> str:
    """Whose line a row is in; empty when in nobody's."""
    if by is None:
        return ""
    if by is By.AGENT:
        return row.agent or ""
    return "" if isinstance(row, Spell) else str(getattr(row.place, by.value))


def _pieces(spell: Spell, question: Question) -> Iterator[Spell]:
    at, until = max(spell.at, question.since), min(spell.until, question.until)
    while at < until:
        end = min(until, _next_interval(at, question)) if question.interval is not None else until
        yield replace(spell, at=at, until=end)
        at = end


def _interval_of(at: datetime, question: Question) -> datetime:
    """Where the interval begins in which this lies: at midnight in the zone, or whole intervals after it."""
    if question.interval is None:
        return question.since
    midnight = _midnight(at, question.zone)
    if question.interval >= DAY:
        return midnight
    return midnight + (at - midnight) // question.interval * question.interval


def _next_interval(at: datetime, question: Question) -> datetime:
    start = _interval_of(at, question)
    after = _midnight(_midnight(start, question.zone) + timedelta(hours=36), question.zone)
    if question.interval is None or question.interval >= DAY:
        return after
    return min(start + question.interval, after)


def _midnight(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(at.tzinfo)
