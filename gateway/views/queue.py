"""Groups and their queues, for transfer targets and the wallboard."""

from datetime import datetime

import msgspec


class QueueView(msgspec.Struct, frozen=True, kw_only=True):
    """One group's queue now. ``waiting`` could be answered now, ``held`` waits for the group to open."""

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
