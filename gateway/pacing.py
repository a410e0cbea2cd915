"""How many deliveries of an inbox may run: all, one as a trial, none while it is out of order.

It lives in this process and forgets itself; how fast deliveries may follow each other is counted by `gateway.signals`.
Instants are seconds of a monotonic clock.
"""

from dataclasses import dataclass, field

from adapters.errors import Whose

MOST = 64
"""Deliveries of one inbox at a time: a slow platform fills its own slots and nobody else's."""

_PATIENCE = 3
_PAUSE_CUT_OFF = 1.0
_PAUSE_BROKEN = 30.0
_LONGEST_CUT_OFF = 60.0
_LONGEST_BROKEN = 600.0


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
    """One inbox: its breaker, how many of its deliveries run, and which contacts the platform wants to rest.

    Platforms seldom say whether it was one contact's limit or the inbox's. Two contacts at once are the inbox.
    """

    breaker: Breaker = field(default_factory=Breaker)
    running: int = 0
    is_strained: bool = False
    _slowed: dict[str, float] = field(default_factory=dict)

    def room(self, now: float) -> int:
        """How many deliveries may be begun now, whatever the rates say; one as a trial after "slow down"."""
        return max(0, min(1 if self.is_strained else MOST, self.breaker.room(now)) - self.running)

    def begin(self) -> None:
        """A delivery begins."""
        self.running += 1

    def end(self) -> None:
        """A delivery ended, however."""
        self.running -= 1

    def slow(self, thread: str, now: float, seconds: float, whose: Whose) -> bool:
        """The platform wants less of us for so long; True when the whole inbox has to rest."""
        if whose is Whose.CONTACT:
            return False
        self._slowed = {each: until for each, until in self._slowed.items() if until > now}
        self._slowed[thread] = now + seconds
        self.is_strained = self.is_strained or whose is Whose.INBOX or len(self._slowed) > 1
        return self.is_strained

    def ease(self) -> None:
        """The platform took something, or refused it for another reason: it bears us again."""
        self.is_strained = False
        self._slowed.clear()

    def free_at(self, now: float) -> float | None:
        """When more may go than now, None when nothing but running deliveries holds it back."""
        return self.breaker.paused_until if now < self.breaker.paused_until else None


def _doubling(first: float, times: int, longest: float) -> float:
    return float(min(first * 2.0 ** min(times - 1, 20), longest))
