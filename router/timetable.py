"""The timetable: whether named hours are open now, remembering the present opening so that asking is cheap."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from skills.hours import Hours, is_open
from skills.ids import HoursId
from skills.opening import HORIZON, add_open, closed_window, next_close, next_open, open_between


class Timetable:
    """Answers for named hours; None, or hours that no longer exist, are always open.

    The only state is a cache of the present opening (or closed window) per timetable: answers do not depend on it.
    """

    __slots__ = ("_hours", "_spans")

    def __init__(self, hours: Mapping[HoursId, Hours]) -> None:
        self._hours = hours
        self._spans: dict[HoursId, tuple[datetime, datetime, bool]] = {}

    def _span(self, name: HoursId, at: datetime) -> tuple[datetime, datetime, bool]:
        """An instant up to ``at``, the next change after it, and whether it is open in between."""
        span = self._spans.get(name)
        if span is None or not span[0] <= at < span[1]:
            hours = self._hours[name]
            is_now_open = is_open(hours, at)
            change = next_close(hours, at) if is_now_open else next_open(hours, at)
            span = (at, change or at + HORIZON, is_now_open)
            self._spans[name] = span
        return span

    def is_open(self, name: HoursId | None, at: datetime) -> bool:
        """Whether it is open at this instant."""
        if name is None or name not in self._hours:
            return True
        return self._span(name, at)[2]

    def next_change(self, name: HoursId | None, at: datetime) -> datetime | None:
        """When it next opens or closes; None when it never changes (or not within the horizon)."""
        if name is None or name not in self._hours:
            return None
        start, end, _ = self._span(name, at)
        return None if end - start >= HORIZON else end

    def next_open(self, name: HoursId, at: datetime) -> datetime:
        """When it opens again; the end of the horizon when it never does."""
        if self.is_open(name, at):
            return at
        return self._span(name, at)[1]

    def closed_window(self, name: HoursId, at: datetime) -> datetime | None:
        """The name of the closed window around this instant, None while open."""
        return closed_window(self._hours[name], at) if name in self._hours else None

    def after_open(self, name: HoursId | None, since: datetime, span: timedelta) -> datetime:
        """The instant by which ``span`` of open time has passed since then; wall time where nothing ever opens."""
        if name is None or name not in self._hours:
            return since + span
        start, end, is_now_open = self._span(name, since)
        if is_now_open and start <= since and since + span <= end:
            return since + span
        return add_open(self._hours[name], since, span) or since + span

    def open_between(self, name: HoursId | None, start: datetime, end: datetime) -> timedelta:
        """How much of ``[start, end)`` is open; nothing when ``end`` is not after ``start``."""
        if name is None or name not in self._hours:
            return max(end - start, timedelta())
        since, until, is_now_open = self._span(name, start)
        if since <= start and end <= until:
            return max(end - start, timedelta()) if is_now_open else timedelta()
        return open_between(self._hours[name], start, end)
