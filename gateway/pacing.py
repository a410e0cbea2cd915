"""How fast an inbox may send: the platform's rates, and the pause of an inbox that is out of order.

All of it lives in this process and forgets itself; the platform's own "slow down" is what decides in the end. Instants
are seconds of a monotonic clock.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

MOST = 64
"""Deliveries of one inbox at a time: a slow platform fills its own slots and nobody else's."""

_BURST_EACH = 3
_PATIENCE = 3
_PAUSE_CUT_OFF = 1.0
_PAUSE_BROKEN = 30.0
_LONGEST_CUT_OFF = 60.0
_LONGEST_BROKEN = 600.0


class Rate:
    """A generic cell rate: ``per_second`` on average, ``burst`` at once. Unlimited when ``per_second`` is 0."""

    __slots__ = ("_due", "_interval", "_leeway")

    def __init__(self, per_second: float, burst: int) -> None:
        self._interval = 1 / per_second if per_second > 0 else 0.0
        self._leeway = self._interval * burst
        self._due = 0.0

    def room(self, now: float) -> int:
        """How many may go now."""
        if not self._interval:
            return MOST
        return max(0, int((self._leeway - max(self._due - now, 0.0)) / self._interval + 1e-9))

    def take(self, now: float, count: int = 1) -> None:
        """So many go now."""
        self._due = max(self._due, now) + count * self._interval

    def free_at(self, now: float) -> float:
        """When at least one may go."""
        return max(now, self._due + self._interval - self._leeway)

    def is_idle(self, now: float) -> bool:
        """Whether it may be forgotten."""
        return self._due <= now


@dataclass(slots=True)
class Breaker:
    """Whether an inbox works. One that does not is left alone for a while, then tried with a single message.

    ``broken`` and ``cut_off`` count failures since it last worked; ``paused_until`` is when it is tried next.
    """

    broken: int = 0
    cut_off: int = 0
    paused_until: float = 0.0

    def fail(self, now: float, *, is_broken: bool) -> bool:
        """Note a failure; True when this is news: the inbox is out of order from now on."""
        was_paused = self.paused_until > now
        if is_broken:
            self.broken += 0 if was_paused and self.broken else 1
            self.paused_until = max(self.paused_until, now + _doubling(_PAUSE_BROKEN, self.broken, _LONGEST_BROKEN))
            return self.broken == 1 and not was_paused
        self.cut_off += 0 if was_paused and self.cut_off >= _PATIENCE else 1
        if self.cut_off >= _PATIENCE and not was_paused:
            self.paused_until = now + _doubling(_PAUSE_CUT_OFF, self.cut_off - _PATIENCE + 1, _LONGEST_CUT_OFF)
        return self.cut_off == _PATIENCE and not was_paused

    def work(self) -> bool:
        """Note that it works; True when this is news."""
        was_out_of_order = self.broken > 0 or self.cut_off >= _PATIENCE
        self.broken, self.cut_off, self.paused_until = 0, 0, 0.0
        return was_out_of_order

    def room(self, now: float) -> int:
        """How many deliveries may run at a time: none while paused, one as a trial, else as many as ever."""
        if now < self.paused_until:
            return 0
        return 1 if self.broken or self.cut_off >= _PATIENCE else MOST


@dataclass(slots=True)
class Pace:
    """One inbox's rates and breaker, and how many of its deliveries run."""

    overall: Rate
    per_contact: float = 0.0
    breaker: Breaker = field(default_factory=Breaker)
    running: int = 0
    _each: dict[str, Rate] = field(default_factory=dict)

    def room(self, now: float) -> int:
        """How many deliveries may be begun now."""
        return max(0, min(self.overall.room(now), self.breaker.room(now) - self.running))

    def begin(self, thread: str, now: float) -> None:
        """A delivery to this thread begins."""
        self.running += 1
        self.overall.take(now)
        if self.per_contact > 0:
            self._each.setdefault(thread, Rate(self.per_contact, _BURST_EACH)).take(now)

    def end(self) -> None:
        """A delivery ended, however."""
        self.running -= 1

    def resting(self, now: float) -> Collection[str]:
        """The threads to which nothing may go just now."""
        for thread in [thread for thread, rate in self._each.items() if rate.is_idle(now)]:
            del self._each[thread]
        return [thread for thread, rate in self._each.items() if not rate.room(now)]

    def free_at(self, now: float) -> float | None:
        """When more may go than now, None when nothing but running deliveries holds it back."""
        times = [rate.free_at(now) for rate in self._each.values() if not rate.room(now)]
        if not self.overall.room(now):
            times.append(self.overall.free_at(now))
        if now < self.breaker.paused_until:
            times.append(self.breaker.paused_until)
        return min(times, default=None)


def _doubling(first: float, times: int, longest: float) -> float:
    return float(min(first * 2.0 ** min(times - 1, 20), longest))
