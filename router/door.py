"""Doors: whether a group serves contacts now — its hours, and what somebody decided for today.

An override says "closed until 15:30" or "open until 20:00" for one group, with a reason and an end. While it lasts the
hours do not count; when it is over it is as if it had never been.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from router.settings import GroupSettings
from router.timetable import Timetable
from skills.ids import GroupId, HoursId


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One group is open or closed from ``since`` to ``until``, whatever its hours say; ``by`` whom and why."""

    group: GroupId
    is_open: bool
    since: datetime
    until: datetime
    by: str
    reason: str


class Doors:
    """Answers for groups; a group without hours is open unless an override closes it."""

    __slots__ = ("_hours", "overrides")

    def __init__(self, hours: Timetable, overrides: Iterable[Override] = ()) -> None:
        self._hours = hours
        self.overrides: dict[GroupId, Override] = {each.group: each for each in overrides}

    def override(self, its: GroupSettings, at: datetime) -> Override | None:
        """What somebody decided for this group now."""
        found = self.overrides.get(its.group.id) if self.overrides else None
        return found if found is not None and found.since <= at < found.until else None

    def is_open(self, its: GroupSettings, at: datetime) -> bool:
        """Whether the group is open at this instant."""
        override = self.override(its, at)
        return override.is_open if override is not None else self._hours.is_open(its.group.hours, at)

    def next_change(self, its: GroupSettings, at: datetime) -> datetime | None:
        """When it next may open or close; None when it never does."""
        override = self.override(its, at)
        return override.until if override is not None else self._hours.next_change(its.group.hours, at)

    def next_open(self, its: GroupSettings, at: datetime) -> datetime:
        """When it opens again; ``at`` itself while it is open."""
        override = self.override(its, at)
        if override is not None:
            if override.is_open:
                return at
            at = override.until
        return at if its.group.hours is None else self._hours.next_open(its.group.hours, at)

    def opens_after_closing(self, its: GroupSettings, at: datetime) -> datetime | None:
        """For a group that is open: when it opens again after it has closed; None when it does not close."""
        closes_at = self.next_change(its, at)
        return None if closes_at is None else self.next_open(its, closes_at)

    def closed_window(self, its: GroupSettings, at: datetime) -> datetime | None:
        """The name of the closed window around this instant, None while open."""
        override = self.override(its, at)
        if override is not None:
            return None if override.is_open else override.since
        return self._hours.closed_window(its.group.hours, at) if its.group.hours is not None else None

    def after_open(self, its: GroupSettings, since: datetime, span: timedelta) -> datetime:
        """The instant by which ``span`` of open time has passed since then; an override that closes does not count."""
        override = self.override(its, since)
        if override is not None and not override.is_open:
            since = override.until
        return self._hours.after_open(its.group.hours, since, span)

    def passed(self, group: GroupId, hours: HoursId | None, since: datetime, until: datetime) -> timedelta:
        """How much open time has passed between two instants; of overrides the one in force at the first counts."""
        spent = timedelta()
        override = self.overrides.get(group) if self.overrides else None
        if override is not None and override.since <= since < override.until:
            end = min(until, override.until)
            spent, since = (end - since if override.is_open else spent), end
        return spent + self._hours.open_between(hours, since, until)

    def reached(self, group: GroupId, hours: HoursId | None, since: datetime, span: timedelta) -> datetime:
        """The inverse of `passed`: the instant by which so much open time has passed since then."""
        override = self.overrides.get(group) if self.overrides else None
        if override is not None and override.since <= since < override.until:
            if override.is_open and since + span <= override.until:
                return since + span
            span -= override.until - since if override.is_open else timedelta()
            since = override.until
        return self._hours.after_open(hours, since, span)
