"""How fast each inbox may send, and when it must not: asked before each turn of the outbox, and charged after it.

The platform's own "slow down" is what decides in the end; this is to be respected before it has to be said. Instants
are seconds of a monotonic clock.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from router.ids import InboxId, ThreadId

BURST_EACH = 3
"""Messages that one contact may get at once before the rate counts."""

PLENTY = 1_000_000
"""The room of an inbox without a rate of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the platform bears from an inbox and to one contact, a second; 0 is no limit of its own."""

    per_second: float = 0.0
    per_second_each: float = 0.0

    @property
    def burst(self) -> int:
        """How many may go at once before the inbox's rate counts: a second's worth."""
        return max(1, int(self.per_second))


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many messages of an inbox may be begun now, and none to ``resting`` threads.

    ``free_at`` is when more may go, None when no rate and no pause holds anything back.
    """

    count: int
    resting: Collection[ThreadId] = ()
    free_at: float | None = None


class Send(NamedTuple):
    """One message that is about to go: of which inbox, to which thread."""

    inbox: InboxId
    thread: ThreadId


class Rates(Protocol):
    """Who counts. An inbox that was never asked about has sent nothing."""

    async def rooms(self, limits: Mapping[InboxId, Limits], now: float) -> Mapping[InboxId, Room]:
        """What each of these inboxes may begin; nothing is taken yet."""

    async def take(self, limits: Mapping[InboxId, Limits], sends: Sequence[Send], now: float) -> Sequence[float]:
        """Take a place for each, in order: 0 for what may go, else the seconds for which it has to wait."""

    async def pause(self, inbox: InboxId, seconds: float, now: float) -> None:
        """Nothing of the inbox goes for so long; a longer pause that runs already stays."""

    async def close(self) -> None:
        """Let go of what it holds; it is not asked again."""
