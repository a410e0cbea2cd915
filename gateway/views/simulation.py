"""A simulation's outcome: who moves from which queue to which, and what waiting becomes. Spans are seconds."""

import msgspec

from router.comparison import Comparison, Move, Summary


class SummaryView(msgspec.Struct, frozen=True, kw_only=True):
    """What conversations came to; ``breached`` had no person by their due time, ``unrouted`` found nobody at all.

    ``service_level`` and ``abandon_rate`` are shares, as reports count them; null when there is nothing to count.
    """

    conversations: int
    answered: int
    abandoned: int
    ended: int
    unrouted: int
    breached: int
    mean_wait: float
    wait_p50: float
    wait_p90: float
    longest_wait: float
    service_level: float | None
    abandon_rate: float | None


class SampleView(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation of a move: which rule sent it where before, and which after."""

    conversation: str
    rule_before: str
    rule_after: str


class MoveView(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of the matrix: so many from one queue to another (or the same)."""

    before: str
    after: str
    count: int
    samples: list[SampleView]


class GroupChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One group's queue before and after."""

    group: str
    before: SummaryView
    after: SummaryView


class SimulationView(msgspec.Struct, frozen=True, kw_only=True):
    """The same arrivals through the files before and after. ``arrivals`` are messages, not conversations."""

    arrivals: int
    moved: int
    unpaired: int
    before: SummaryView
    after: SummaryView
    matrix: list[MoveView]
    groups: list[GroupChangeView]


def show_simulation(comparison: Comparison, arrivals: int) -> SimulationView:
    """The outcome for programs and pages."""
    return SimulationView(
        arrivals=arrivals,
        moved=comparison.moved,
        unpaired=comparison.unpaired,
        before=show_summary(comparison.before),
        after=show_summary(comparison.after),
        matrix=[_show_move(move) for move in comparison.moves],
        groups=[
            GroupChangeView(group=group, before=show_summary(before), after=show_summary(after))
            for group, (before, after) in comparison.groups.items()
        ],
    )


def show_summary(summary: Summary) -> SummaryView:
    """One summary, spans in seconds to the tenth."""
    return SummaryView(
        conversations=summary.conversations,
        answered=summary.answered,
        abandoned=summary.abandoned,
        ended=summary.ended,
        unrouted=summary.unrouted,
        breached=summary.breached,
        mean_wait=round(summary.mean_wait.total_seconds(), 1),
        wait_p50=round(summary.wait_p50.total_seconds(), 1),
        wait_p90=round(summary.wait_p90.total_seconds(), 1),
        longest_wait=round(summary.longest_wait.total_seconds(), 1),
        service_level=_rounded(summary.service_level),
        abandon_rate=_rounded(summary.abandon_rate),
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _show_move(move: Move) -> MoveView:
    return MoveView(
        before=move.before,
        after=move.after,
        count=move.count,
        samples=[
            SampleView(conversation=new.conversation, rule_before=old.rule, rule_after=new.rule)
            for old, new in move.samples
        ],
    )
