"""Differences between configurations, as programs and pages read them."""

from collections.abc import Iterable

import msgspec

from config.difference import Difference, ThreeWay


class DifferenceView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was added, removed, changed or moved, and how in words."""

    what: str
    how: str
    details: list[str]


class ThreeWayView(msgspec.Struct, frozen=True, kw_only=True):
    """What others applied since the base, what you want to apply, and what both changed, not alike."""

    theirs: list[DifferenceView]
    yours: list[DifferenceView]
    both: list[str]


def show_differences(found: Iterable[Difference]) -> list[DifferenceView]:
    """All of them, in order."""
    return [DifferenceView(what=each.what, how=each.how, details=list(each.details)) for each in found]


def show_three_way(found: ThreeWay) -> ThreeWayView:
    """The three sides."""
    return ThreeWayView(
        theirs=show_differences(found.theirs), yours=show_differences(found.yours), both=list(found.both)
    )
