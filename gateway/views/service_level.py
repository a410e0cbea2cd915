"""What people are held to: a conversation's clocks as lists, the feed and the wallboard show them."""

from datetime import datetime

import msgspec

from router.clocks import Clock, ClockStage, Rest
from router.conversation import Conversation


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """One clock: ``first`` answer, ``next`` answer or ``resolve``, when it is due, and how it stands.

    ``state`` is running, paused, at_risk, breached or met; ``due_at`` is null while a clock rests because the
    conversation is parked or with a bot. From ``ended_at`` nothing is owed any more.
    """

    clock: str
    due_at: datetime | None
    state: str
    ended_at: datetime | None


def show_clocks(conversation: Conversation) -> list[ClockView]:
    """The conversation's clocks that have a target."""
    return [
        ClockView(
            clock=clock.kind.value,
            due_at=clock.due_at,
            state="paused" if is_paused(clock, conversation) else clock.stage.value,
            ended_at=clock.ended_at,
        )
        for clock in conversation.clocks
        if clock.regime.within is not None
    ]


def is_paused(clock: Clock, conversation: Conversation) -> bool:
    """Whether a clock rests that is not breached: in parking, with a bot, or while it is held for the opening."""
    if clock.ended_at is not None or clock.stage is ClockStage.BREACHED:
        return False
    return clock.since is None or (conversation.held_until is not None and Rest.CLOSED in clock.regime.pause)


def worst_stage(conversation: Conversation) -> ClockStage | None:
    """Whether any of its clocks is breached, or else at risk, with something still owed; None when none is."""
    stages = {clock.stage for clock in conversation.clocks if clock.ended_at is None}
    return next((stage for stage in (ClockStage.BREACHED, ClockStage.AT_RISK) if stage in stages), None)
