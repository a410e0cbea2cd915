"""How much the platform bears: about 30 messages a second in all, one a second to a person, 20 a minute to a group.

Short bursts are borne; beyond them a call is refused with the seconds to wait (core.telegram.org/bots/faq).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from adapters.telegram.fake_platform.refusals import Refusal

OVERALL: Final = (30.0, 30)
PERSON: Final = (1.0, 3)
GROUP: Final = (20 / 60, 20)
"""Messages a second, and how many at once."""


@dataclass(slots=True)
class Bucket:
    """So many a second on average, so many at once."""

    per_second: float
    burst: int
    due: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next one may come; 0 when it may come now."""
        return max(0.0, self.due - now - (self.burst - 1) / self.per_second)

    def take(self, now: float) -> None:
        """One comes."""
        self.due = max(self.due, now) + 1 / self.per_second


@dataclass(slots=True)
class Rates:
    """The buckets of one bot. ``refused`` counts what came too fast."""

    now: Callable[[], datetime]
    refused: int = 0
    _overall: Bucket = field(default_factory=lambda: Bucket(*OVERALL))
    _each: dict[int, Bucket] = field(default_factory=dict)

    def check(self, chat_id: int) -> None:
        """Count one message to a chat.

        Raises:
            Refusal: it comes too soon.
        """
        now = self.now().timestamp()
        each = self._each.setdefault(chat_id, Bucket(*(GROUP if chat_id < 0 else PERSON)))
        wait = max(self._overall.wait(now), each.wait(now))
        if wait > 0:
            self.refused += 1
            seconds = math.ceil(wait)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        self._overall.take(now)
        each.take(now)
