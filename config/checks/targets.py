"""Targets: each can be the first that fits, and leaves time to resolve what was answered."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from config.checks.draft import Draft
from config.models.target import CLOCKS, TargetSection, TargetWhenSection
from config.problem import Code, Problem

NO_TIME = timedelta()


def target_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the targets beyond their form."""
    document, targets = draft.document, draft.routing.targets
    for index, target in enumerate(targets):
        hidden = _hidden_by(target, targets[:index])
        if hidden is not None:
            words = f"no conversation gets this target: the one on line {document.line(('targets', hidden))} takes all"
            yield document.problem(Code.SHADOWED_RULE, ("targets", index), words)
        if target.first is not None and target.resolve is not None and target.resolve <= target.first:
            words = "a conversation would have to be resolved before its first answer is due"
            yield document.problem(Code.NO_TIME_LEFT, ("targets", index, "resolve"), words)
        for clock in CLOCKS:
            if getattr(target, clock) == NO_TIME:
                words = "overdue from the start"
                yield document.problem(Code.NO_TIME_LEFT, ("targets", index, clock), words)


def _hidden_by(target: TargetSection, earlier: Sequence[TargetSection]) -> int | None:
    """The place of the earlier target that, the last of all, takes what would get this one; None when something may."""
    places = []
    for clock in (each for each in CLOCKS if getattr(target, each) is not None):
        place = next(
            (
                index
                for index, other in enumerate(earlier)
                if getattr(other, clock) is not None and _covers(other.when, target.when)
            ),
            None,
        )
        if place is None:
            return None
        places.append(place)
    return max(places)


def _covers(wide: TargetWhenSection | None, narrow: TargetWhenSection | None) -> bool:
    """Whether every conversation of the narrow condition fits the wide one, as far as one of them alone tells."""
    if wide is None:
        return True
    return all(
        narrow is not None and (own := getattr(narrow, key)) is not None and set(own) <= set(values)
        for key, values in wide.model_dump(exclude_none=True).items()
    )
