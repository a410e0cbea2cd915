"""Definitions: of each figure, which rows it counts, with what, and how they come to one number (`routing.md` §24).

A figure counts items: a row with an amount, over a base where it is a share of something. Whoever reads the items of a
figure can add them up by hand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from math import fsum
from typing import NamedTuple

from router.figures.name import Name
from router.figures.row import Response, Row, Rows, Spell, VisitEnd
from router.figures.service_level import Promise
from router.offer import OfferState

SATISFIED = 4
"""So many of five stars, and the contact was satisfied."""

LAST_STEP = 3
"""Whoever was answered at this step or a later one is counted together."""


class Unit(Enum):
    """What a figure's value is: a number of things, seconds, a share from 0 to 1, or so many for each."""

    NUMBER = "number"
    SECONDS = "seconds"
    SHARE = "share"
    RATIO = "ratio"


class Measure(Enum):
    """How items come to one number: how many, their amounts over their bases, or a percentile by nearest rank."""

    COUNT = "count"
    MEAN = "mean"
    P50 = "p50"
    P90 = "p90"
    MAX = "max"


class Item(NamedTuple):
    """One row, and what it adds."""

    row: Row
    amount: float = 1.0
    base: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One figure."""

    name: Name
    unit: Unit
    measure: Measure
    items: Callable[[Rows], Iterable[Item]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure's value, and how many items with a base it rests on; None where there is nothing to say."""

    name: Name
    unit: Unit
    value: float | None
    count: int


def definitions(promise: Promise) -> tuple[Definition, ...]:
    """All figures; ``promise`` is what the service level is held to."""
    return (
        _count(Name.OFFERED, lambda rows: (Item(each) for each in rows.visits)),
        _count(Name.ANSWERED, lambda rows: (Item(each) for each in rows.visits if each.end is VisitEnd.ANSWERED)),
        _count(Name.ABANDONED, lambda rows: (Item(each) for each in rows.visits if each.end is VisitEnd.ABANDONED)),
        _count(
            Name.ABANDONED_SHORT,
            lambda rows: (Item(each) for each in rows.visits if each.end is VisitEnd.ABANDONED_SHORT),
        ),
        _share(
            Name.ABANDON_RATE,
            lambda rows: (Item(each, each.end is VisitEnd.ABANDONED) for each in rows.visits),
        ),
        _share(
            Name.SERVICE_LEVEL,
            lambda rows: (
                Item(each, kept) for each in rows.visits if (kept := promise.is_kept(each.end, each.waited)) is not None
            ),
        ),
        *_spread("queue_wait", lambda rows: _seconds((v, v.waited) for v in rows.visits if v.agent is not None)),
        *_spread("queue_wait_again", lambda rows: _seconds((v, v.waited_again) for v in rows.visits if v.waited_again)),
        *_spread("first_response", lambda rows: _seconds((r, r.waited) for r in _first(rows))),
        *_spread("first_response_open", lambda rows: _seconds((r, r.open_for) for r in _first(rows))),
        *_spread("next_response", lambda rows: _seconds((r, r.waited) for r in rows.responses if not r.is_first)),
        *_spread(
            "reaction",
            lambda rows: _seconds((t, span) for t in rows.tenures if (span := t.reacted_after) is not None),
        ),
        *_spread("resolution", lambda rows: _seconds((c, c.lasted) for c in rows.closings)),
        *_spread("resolution_unparked", lambda rows: _seconds((c, c.lasted - c.parked) for c in rows.closings)),
        *_spread("handling", lambda rows: _seconds((t, t.owned + t.wrapped) for t in rows.tenures if t.is_over)),
        _share(Name.OCCUPANCY, lambda rows: (_over_time(each, each.load, each.units) for each in rows.spells)),
        _share(Name.UTILISATION, lambda rows: (_over_time(each, each.active > 0, 1) for each in rows.spells)),
        Definition(
            name=Name.CONCURRENCY,
            unit=Unit.RATIO,
            measure=Measure.MEAN,
            items=lambda rows: (_over_time(each, each.active, 1) for each in rows.spells if each.active),
        ),
        _count(Name.OFFERS, lambda rows: (Item(each) for each in rows.proposals)),
        _offers(Name.OFFERS_ACCEPTED, OfferState.ACCEPTED),
        _offers(Name.OFFERS_DECLINED, OfferState.DECLINED),
        _offers(Name.OFFERS_EXPIRED, OfferState.EXPIRED),
        _offers(Name.OFFERS_RESCINDED, OfferState.RESCINDED),
        Definition(name=Name.TRANSFER_RATE, unit=Unit.RATIO, measure=Measure.MEAN, items=_transfers),
        Definition(
            name=Name.HOPS,
            unit=Unit.RATIO,
            measure=Measure.MEAN,
            items=lambda rows: (Item(each, each.hops) for each in rows.closings if each.was_answered),
        ),
        _share(
            Name.BOUNCED, lambda rows: (Item(each, each.has_bounced) for each in rows.closings if each.was_answered)
        ),
        *(_at_step(name, step) for step, name in enumerate(_STEPS)),
        _share(
            Name.SLA_MET, lambda rows: (Item(each, met) for each in rows.deadlines if (met := each.is_met) is not None)
        ),
        _count(Name.SLA_OPEN, lambda rows: (Item(each) for each in rows.deadlines if each.is_met is None)),
        _share(
            Name.FIRST_CONTACT_RESOLUTION,
            lambda rows: (
                Item(each, not each.came_again)
                for each in rows.closings
                if each.was_answered and each.came_again is not None
            ),
        ),
        _share(
            Name.SATISFACTION,
            lambda rows: (Item(each, each.stars >= SATISFIED) for each in rows.closings if each.stars is not None),
        ),
        _share(
            Name.RATED, lambda rows: (Item(each, each.stars is not None) for each in rows.closings if each.was_answered)
        ),
    )


def figure(definition: Definition, rows: Rows) -> Figure:
    """What a definition comes to over these rows."""
    items = list(definition.items(rows))
    count = sum(each.base > 0 for each in items)
    return Figure(name=definition.name, unit=definition.unit, value=_measured(definition.measure, items), count=count)


def percentile(ordered: Sequence[float], percent: int) -> float:
    """By nearest rank: the smallest value that so many percent are not above."""
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def _measured(measure: Measure, items: Sequence[Item]) -> float | None:
    if measure is Measure.COUNT:
        return float(len(items))
    if not items:
        return None
    if measure is Measure.MEAN:
        base = fsum(each.base for each in items)
        return fsum(each.amount for each in items) / base if base else None
    return percentile(sorted(each.amount for each in items), _PERCENT[measure])


_PERCENT = {Measure.P50: 50, Measure.P90: 90, Measure.MAX: 100}
_STEPS = (Name.ANSWERED_AT_STEP_0, Name.ANSWERED_AT_STEP_1, Name.ANSWERED_AT_STEP_2, Name.ANSWERED_LATER)


def _count(name: Name, items: Callable[[Rows], Iterable[Item]]) -> Definition:
    return Definition(name=name, unit=Unit.NUMBER, measure=Measure.COUNT, items=items)


def _share(name: Name, items: Callable[[Rows], Iterable[Item]]) -> Definition:
    return Definition(name=name, unit=Unit.SHARE, measure=Measure.MEAN, items=items)


def _spread(of: str, items: Callable[[Rows], Iterable[Item]]) -> Iterator[Definition]:
    measures = (Measure.MEAN, Measure.P50, Measure.P90, Measure.MAX)
    return (
        Definition(name=name, unit=Unit.SECONDS, measure=measure, items=items)
        for name, measure in zip(_four(of), measures, strict=True)
    )


def _at_step(name: Name, step: int) -> Definition:
    def is_at(found: int) -> bool:
        return found == step or (step == LAST_STEP and found > step)

    return _share(name, lambda rows: (Item(each, is_at(each.step)) for each in rows.visits if each.step is not None))


def _offers(name: Name, end: OfferState) -> Definition:
    return _share(name, lambda rows: (Item(each, each.end is end) for each in rows.proposals))


def _transfers(rows: Rows) -> Iterator[Item]:
    """Transfers for each answered visit: what was transferred adds to the amount, what was answered to the base."""
    yield from (Item(each, 1, 0) for each in rows.passings)
    yield from (Item(each, 0, 1) for each in rows.visits if each.end is VisitEnd.ANSWERED)


def _first(rows: Rows) -> Iterator[Response]:
    return (each for each in rows.responses if each.is_first)


def _seconds(rows: Iterable[tuple[Row, timedelta]]) -> Iterator[Item]:
    return (Item(row, span.total_seconds()) for row, span in rows)


def _over_time(spell: Spell, amount: float, base: float) -> Item:
    """An amount that lasted as long as the spell."""
    seconds = (spell.until - spell.at).total_seconds()
    return Item(spell, amount * seconds, base * seconds)


def _four(of: str) -> tuple[Name, Name, Name, Name]:
    return Name(f"{of}_mean"), Name(f"{of}_p50"), Name(f"{of}_p90"), Name(f"{of}_max")
