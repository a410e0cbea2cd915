"""Targets: how soon conversations are to be answered and resolved, as it is written."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from config.models.section import Duration, Ids, Section, to_list

CLOCKS = ("first", "next", "resolve")

PauseWord = Literal["parked", "closed"]
PAUSES: tuple[PauseWord, ...] = ("parked", "closed")

Pauses = Annotated[
    list[PauseWord],
    BeforeValidator(to_list),
    WithJsonSchema({"anyOf": [{"enum": list(PAUSES)}, {"type": "array", "items": {"enum": list(PAUSES)}}]}),
]


class TargetWhenSection(Section):
    """Which conversations a target is for: keys are joined by *and*, the values of one key by *or*."""

    group: Ids | None = None
    """The group that has the conversation."""
    priority: Ids | None = None
    """Its priority tag."""
    channel: Ids | None = None
    """The channel that it came by."""


class TargetSection(Section):
    """How soon; the first target that fits decides, for each clock by itself."""

    when: TargetWhenSection | None = None
    """Which conversations it is for; all, when not given."""
    first: Duration | None = None
    """From the wait for people to the first answer of a person."""
    next: Duration | None = None
    """From the first message after an answer to the next answer of a person."""
    resolve: Duration | None = None
    """From the wait for people to the end; time with a bot does not count."""
    pause: Pauses = list(PAUSES)
    """When the clocks rest: while the conversation is parked, while its group is closed."""

    @model_validator(mode="after")
    def _has_a_clock(self) -> Self:
        """A target says how soon."""
        if all(getattr(self, clock) is None for clock in CLOCKS):
            raise ValueError("a target has `first`, `next` or `resolve`")
        return self
