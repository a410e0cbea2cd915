"""Rates and pauses in this process: exact for one gateway, forgotten with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.signals.contract import BURST_EACH, PLENTY, Limits, Room, Send
from router.ids import InboxId, ThreadId


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
            return PLENTY
        return max(0, int((self._leeway - max(self._due - now, 0.0)) / self._interval + 1e-9))

    def take(self, now: float) -> None:
        """One goes now."""
        self._due = max(self._due, now) + self._interval

    def free_at(self, now: float) -> float:
        """When at least one may go."""
        return max(now, self._due + self._interval - self._leeway)

    def is_idle(self, now: float) -> bool:
        """Whether it may be forgotten."""
        return self._due <= now


@dataclass(slots=True)
class _Account:
    overall: Rate
    each: dict[ThreadId, Rate] = field(default_factory=dict)


class LocalRates:
    """The count of one process."""

    def __init__(self) -> None:
        self._accounts: dict[InboxId, _Account] = {}
        self._paused_until: dict[InboxId, float] = {}

    async def rooms(self, limits: Mapping[InboxId, Limits], now: float) -> Mapping[InboxId, Room]:
        """What each of these inboxes may begin; nothing is taken yet."""
        return {inbox: self._room(inbox, limit, now) for inbox, limit in limits.items()}

    async def take(self, limits: Mapping[InboxId, Limits], sends: Sequence[Send], now: float) -> Sequence[float]:
        """Take a place for each, in order: 0 for what may go, else the seconds for which it has to wait."""
        waits = []
        for send in sends:
            wait = self._wait(send, limits[send.inbox], now)
            if not wait:
                self.count(send, limits[send.inbox], now)
            waits.append(wait)
        return waits

    async def pause(self, inbox: InboxId, seconds: float, now: float) -> None:
        """Nothing of the inbox goes for so long; a longer pause that runs already stays."""
        self._paused_until[inbox] = max(self._pause_of(inbox), now + seconds)

    async def close(self) -> None:
        """Nothing is held."""

    def count(self, send: Send, limits: Limits, now: float) -> None:
        """This one goes now, whoever allowed it."""
        account = self._account(send.inbox, limits)
        account.overall.take(now)
        if limits.per_second_each > 0:
            account.each.setdefault(send.thread, Rate(limits.per_second_each, BURST_EACH)).take(now)

    def _wait(self, send: Send, limits: Limits, now: float) -> float:
        if now < self._pause_of(send.inbox):
            return self._pause_of(send.inbox) - now
        account = self._account(send.inbox, limits)
        rates = [account.overall, *([account.each[send.thread]] if send.thread in account.each else [])]
        return max((rate.free_at(now) - now for rate in rates if not rate.room(now)), default=0.0)

    def _account(self, inbox: InboxId, limits: Limits) -> _Account:
        account = self._accounts.get(inbox)
        if account is None:
            account = self._accounts[inbox] = _Account(overall=Rate(limits.per_second, limits.burst))
        return account

    def _pause_of(self, inbox: InboxId) -> float:
        return self._paused_until.get(inbox, 0.0)

    def _room(self, inbox: InboxId, limits: Limits, now: float) -> Room:
        account = self._account(inbox, limits)
        for thread in [thread for thread, rate in account.each.items() if rate.is_idle(now)]:
            del account.each[thread]
        resting = {thread: rate.free_at(now) for thread, rate in account.each.items() if not rate.room(now)}
        if now < self._pause_of(inbox):
            return Room(count=0, resting=tuple(resting), free_at=self._pause_of(inbox))
        count = account.overall.room(now)
        times = [*resting.values(), *([] if count else [account.overall.free_at(now)])]
        return Room(count=count, resting=tuple(resting), free_at=min(times, default=None))
