"""Rates and pauses in Redis, so that all gateways of one installation share an account's.

Every question is one round trip, counted by the server's clock in scripts that nothing interrupts, and never asked
inside a transaction of the store. Each gateway counts for itself as well: when Redis does not answer at once, that
count goes on alone, with one warning, until Redis is back; all that is lost meanwhile is the sharing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gateway.signals.contract import BURST_EACH, PLENTY, Limits, Room, Send
from gateway.signals.local import LocalRates
from router.ids import InboxId

log = logging.getLogger(__name__)

PATIENCE: Final = 0.1
"""Seconds that an answer may take; a slower Redis counts as one that is down."""

CONNECT_FOR: Final = 2.0
LOOK_AGAIN: Final = 1.0

_MICROS = 1_000_000

_START = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local rest = redis.call('PTTL', KEYS[2]) * 1000
local interval, leeway = tonumber(ARGV[1]), tonumber(ARGV[2])
local function due(key) return math.max(tonumber(redis.call('GET', key) or '0'), now) end
"""

_LOOK = f"""{_START}
if rest > 0 then return {{0, rest}} end
if interval == 0 then return {{{PLENTY}, 0}} end
local late = due(KEYS[1]) - now
local room = math.max(math.floor((leeway - late) / interval + 1e-9), 0)
return {{room, math.ceil(math.max(late + interval - leeway, 0))}}
"""
"""How many may go, and in how many microseconds one may. KEYS: the account's rate, its pause."""

_TAKE = f"""{_START}
local interval_each, leeway_each = tonumber(ARGV[3]), tonumber(ARGV[4])
local function keep(key, at)
    redis.call('SET', key, string.format('%.0f', at), 'PX', math.ceil((at - now) / 1000) + 1)
end
local all, waits = due(KEYS[1]), {{}}
for place = 3, #KEYS do
    local one = due(KEYS[place])
    local wait = math.max(rest, all + interval - leeway - now, one + interval_each - leeway_each - now, 0)
    if wait == 0 then
        all = all + interval
        if interval_each > 0 then keep(KEYS[place], one + interval_each) end
    end
    waits[#waits + 1] = math.ceil(wait)
end
if interval > 0 then keep(KEYS[1], all) end
return waits
"""
"""Takes a place for each contact in turn, or says in how many microseconds. KEYS: rate, pause, each contact's rate."""

_PAUSE = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
"""
"""Pauses an account for so many milliseconds, at least."""


class SharedRates:
    """The count of all gateways that say the same ``name`` to the same Redis."""

    def __init__(self, url: str, name: str, *, patience: float = PATIENCE) -> None:
        """``patience``: seconds that an answer may take.

        Raises:
            ValueError: the address is not one of Redis.
        """
        self._connect_for = max(CONNECT_FOR, patience)
        self._redis = Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=self._connect_for)
        self.name = name
        self._patience = patience
        self._local = LocalRates()
        self._returning: asyncio.Task[None] | None = None
        self._is_down = False

    @property
    def is_down(self) -> bool:
        """Whether this gateway counts alone just now."""
        return self._is_down

    async def open(self) -> None:
        """Connect, so that the first question need not wait for that; without Redis, begin alone."""
        try:
            async with asyncio.timeout(self._connect_for):
                await self._greet()
        except (RedisError, OSError) as error:
            self._fell(error)

    async def rooms(self, limits: Mapping[InboxId, Limits], now: float) -> Mapping[InboxId, Room]:
        """What each of these inboxes may begin; nothing is taken yet."""
        mine = await self._local.rooms(limits, now)
        if not limits:
            return mine
        found = await self._ask([(_LOOK, self._keys(inbox), _rate(limit)) for inbox, limit in limits.items()])
        if found is None:
            return mine
        return {
            inbox: _narrower(mine[inbox], count, free_in / _MICROS, now)
            for inbox, (count, free_in) in zip(limits, found, strict=True)
        }

    async def take(self, limits: Mapping[InboxId, Limits], sends: Sequence[Send], now: float) -> Sequence[float]:
        """Take a place for each, in order: 0 for what may go, else the seconds for which it has to wait."""
        if not sends:
            return []
        of = {inbox: [place for place, send in enumerate(sends) if send.inbox == inbox] for inbox, _ in sends}
        found = await self._ask([
            (_TAKE, [*self._keys(inbox), *(self._key(inbox, "to", sends[place].thread) for place in places)],
             [*_rate(limits[inbox]), *_rate_each(limits[inbox])])
            for inbox, places in of.items()
        ])  # fmt: skip
        if found is None:
            return await self._local.take(limits, sends, now)
        waits = [0.0] * len(sends)
        for places, answers in zip(of.values(), found, strict=True):
            for place, answer in zip(places, answers, strict=True):
                waits[place] = answer / _MICROS
                if not answer:
                    self._local.count(sends[place], limits[sends[place].inbox], now)
        return waits

    async def pause(self, inbox: InboxId, seconds: float, now: float) -> None:
        """Nothing of the inbox goes for so long; a longer pause that runs already stays."""
        await self._local.pause(inbox, seconds, now)
        await self._ask([(_PAUSE, [self._key(inbox, "pause")], [max(1, round(seconds * 1000))])])

    async def close(self) -> None:
        """Let go of the connections."""
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.gather(self._returning, return_exceptions=True)
        await self._redis.aclose()

    async def _ask(self, questions: Sequence[tuple[str, Sequence[str], Sequence[float]]]) -> list[Any] | None:
        """The answers to some scripts, in one round trip; None when Redis is down.

        Whoever is cancelled in between leaves no answer behind for the next: the library closes the connection.
        """
        if self._is_down:
            return None
        try:
            async with asyncio.timeout(self._patience), self._redis.pipeline(transaction=False) as pipeline:
                for script, keys, arguments in questions:
                    pipeline.eval(script, len(keys), *keys, *arguments)
                return list(await pipeline.execute())
        except (RedisError, OSError) as error:
            self._fell(error)
            return None

    def _fell(self, error: Exception) -> None:
        if self._is_down:
            return
        log.warning("redis is down: this gateway counts its sending alone", extra={"problem": type(error).__name__})
        self._is_down = True
        self._returning = asyncio.create_task(self._return(), name="wait for redis")

    async def _return(self) -> None:
        """Look for it until it answers; nobody else waits for that."""
        while self._is_down:
            await asyncio.sleep(LOOK_AGAIN)
            with suppress(RedisError, OSError):
                async with asyncio.timeout(self._connect_for):
                    await self._greet()
                self._is_down = False
        log.warning("redis is back: sending is counted together")

    async def _greet(self) -> None:
        greeting: Callable[[], Awaitable[Any]] = self._redis.ping
        await greeting()

    def _keys(self, inbox: InboxId) -> list[str]:
        return [self._key(inbox, "rate"), self._key(inbox, "pause")]

    def _key(self, inbox: InboxId, *what: str) -> str:
        """A key of an inbox; the braces keep all of one inbox's on one node of a cluster."""
        return ":".join((f"pointsman:{{{self.name}:{inbox}}}", *what))


async def trouble(url: str) -> str:
    """Why a Redis cannot count for us, in a word; empty when it can."""
    redis = Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=CONNECT_FOR)
    try:
        async with asyncio.timeout(CONNECT_FOR), redis.pipeline(transaction=False) as pipeline:
            pipeline.eval(_LOOK, 2, "pointsman:{doctor}:rate", "pointsman:{doctor}:pause", 0, 0)
            await pipeline.execute()
    except (RedisError, OSError) as error:
        return type(error).__name__
    finally:
        await redis.aclose()
    return ""


def _rate(limits: Limits) -> list[float]:
    interval = _MICROS / limits.per_second if limits.per_second > 0 else 0.0
    return [interval, interval * limits.burst]


def _rate_each(limits: Limits) -> list[float]:
    interval = _MICROS / limits.per_second_each if limits.per_second_each > 0 else 0.0
    return [interval, interval * BURST_EACH]


def _narrower(mine: Room, count: int, free_in: float, now: float) -> Room:
    """What this gateway and all together allow."""
    if count > 0:
        return Room(count=min(mine.count, count), resting=mine.resting, free_at=mine.free_at)
    later = max(now + free_in, mine.free_at or now) if not mine.count else now + free_in
    return Room(count=0, resting=mine.resting, free_at=later)
