"""Groups and their queues, for transfer targets and the wallboard."""

from datetime import datetime

import msgspec


class OverrideView(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody decided for a group in place of its hours: open or closed until then, by whom and why."""

    open: bool
    since: datetime
    until: datetime
    by: str
    reason: str


class PauseView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody stopped the queue, until an instant or until it is resumed: by whom and why."""

    since: datetime
    until: datetime | None
    by: str
    reason: str


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """One group's queue now. ``waiting`` could be answered now, ``held`` waits for the group to open.

    ``override`` is set while it, and not the hours, says whether the group is open; ``pause`` while its queue is
    paused. ``at_risk`` and ``breached`` are its conversations with a clock that is so, whoever has them.
    """

    group: str
    name: str
    waiting: int
    held: int
    offered: int
    active: int
    oldest_at: datetime | None
    due_at: datetime | None
    ready: int
    load: float
    units: float
    open: bool
    next_open: datetime | None
    override: OverrideView | None = None
    pause: PauseView | None = None
    at_risk: int = 0
    breached: int = 0


class GroupView(msgspec.Struct, frozen=True, kw_only=True):
    """A group: ``names`` by language, its people, whether it is open, and its queue in short."""

    id: str
    name: str
    names: dict[str, str]
    kind: str
    agents: list[str]
    open: bool
    next_open: datetime | None
    waiting: int
    ready: int
    override: OverrideView | None = None
    pause: PauseView | None = None
