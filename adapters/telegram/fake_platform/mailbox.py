"""How updates reach the bot: through its webhook, with the platform's patience, or when it asks.

Updates of one chat are delivered one after the other, a failing one before all that follow; presses of buttons have a
queue of their own per contact and may overtake. A delivery that fails is repeated at once, then after 2, 4, 8 … 60
seconds, until the update is a day old (a press: 150 seconds). ``Retry-After`` on a refusal is honoured
(``WebhookActor.cpp`` of the real server).
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from adapters.telegram.fake_platform.refusals import Refusal

LONGEST_WAIT: Final = 60.0
IDLE_FOR: Final = 60.0
KEPT_FOR: Final = timedelta(hours=24)
PRESS_KEPT_FOR: Final = timedelta(seconds=150)
LONGEST_RETRY_AFTER: Final = 3600.0
ATTEMPTS_REMEMBERED: Final = 10_000

Update = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where the bot wants to be called, and the secret that it wants to see."""

    url: str
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call of the webhook; ``status`` is 0 when no answer came."""

    update_id: int
    status: int


@dataclass(slots=True)
class Mailbox:
    """The updates that the bot has not taken yet.

    ``pace`` is how long a second of waiting lasts: 0.01 makes an hour of retries pass in 36 seconds.
    """

    now: Callable[[], datetime]
    pace: float = 1.0
    hook: Hook | None = None
    allowed: frozenset[str] = frozenset()
    attempts: deque[Attempt] = field(default_factory=lambda: deque(maxlen=ATTEMPTS_REMEMBERED))
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _queues: dict[str, deque[tuple[datetime, Update]]] = field(default_factory=dict)
    _workers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    is_asked: bool = False
    last_error: str = ""
    _last_error_at: datetime | None = None
    _poll: int = 0
    _session: aiohttp.ClientSession | None = None

    async def add(self, queue: str, update: Update) -> None:
        """Take an update; the same one may be put in again, to be delivered twice."""
        kind = next(name for name in update if name != "update_id")
        if self.allowed and kind not in self.allowed:
            return
        self._queues.setdefault(queue, deque()).append((self.now(), update))
        self._work()
        await self.tell()

    async def tell(self) -> None:
        """Wake whoever waits for something to have happened."""
        async with self.changed:
            self.changed.notify_all()

    def is_empty(self) -> bool:
        """Whether the bot has taken everything."""
        return not any(self._queues.values())

    def info(self) -> dict[str, Any]:
        """What ``getWebhookInfo`` answers."""
        told: dict[str, Any] = {
            "url": self.hook.url if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": sum(len(queue) for queue in self._queues.values()),
            "max_connections": 40,
            "allowed_updates": sorted(self.allowed),
        }
        if self._last_error_at is not None:
            told["last_error_date"] = int(self._last_error_at.timestamp())
            told["last_error_message"] = self.last_error
        return told

    async def set_hook(self, hook: Hook | None) -> None:
        """Change where the bot is called; what waits is delivered there."""
        await self._stop_working()
        self.hook = hook
        self.last_error, self._last_error_at = "", None
        self._poll += 1
        self._work()
        await self.tell()

    async def ask(self, offset: int, limit: int, wait: float) -> list[Update]:
        """What ``getUpdates`` answers; ``offset`` confirms everything before it.

        Raises:
            Refusal: a webhook is set, or another question came in meanwhile.
        """
        if self.hook is not None:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._poll += 1
        mine = self._poll
        for queue in self._queues.values():
            while queue and queue[0][1]["update_id"] < offset:
                queue.popleft()
        self.is_asked = True
        await self.tell()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait * self.pace), self.changed:
                await self.changed.wait_for(lambda: self._poll != mine or not self.is_empty())
        if self._poll != mine:
            raise Refusal(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        waiting = [update for queue in self._queues.values() for _, update in queue]
        return sorted(waiting, key=lambda update: int(update["update_id"]))[:limit]

    async def close(self) -> None:
        """Stop delivering."""
        await self._stop_working()
        self._poll += 1
        await self.tell()
        if self._session is not None:
            await self._session.close()

    def _work(self) -> None:
        if self.hook is None:
            return
        for name, queue in self._queues.items():
            if queue and (name not in self._workers or self._workers[name].done()):
                self._workers[name] = asyncio.create_task(self._deliver(queue, self.hook))

    async def _stop_working(self) -> None:
        workers = list(self._workers.values())
        self._workers.clear()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _deliver(self, queue: deque[tuple[datetime, Update]], hook: Hook) -> None:
        wait = 0.0
        while queue:
            queued_at, update = queue[0]
            status, retry_after = await self._call(hook, update)
            self.attempts.append(Attempt(update_id=update["update_id"], status=status))
            kept_for = PRESS_KEPT_FOR if "callback_query" in update else KEPT_FOR
            if 200 <= status < 300 or self.now() - queued_at > kept_for:  # noqa: PLR2004  HTTP's success
                queue.popleft()
                wait = 0.0
                await self.tell()
                continue
            self._last_error_at = self.now()
            self.last_error = f"Wrong response from the webhook: {status}" if status else "Connection refused"
            await self.tell()
            await asyncio.sleep((retry_after or wait) * self.pace)
            wait = min(max(2.0, wait * 2), LONGEST_WAIT)

    async def _call(self, hook: Hook, update: Update) -> tuple[int, float]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=IDLE_FOR))
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with self._session.post(hook.url, json=update, headers=headers) as response:
                await response.read()
                after = response.headers.get("Retry-After", "")
                return response.status, min(float(after), LONGEST_RETRY_AFTER) if after.isdecimal() else 0.0
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, 0.0
