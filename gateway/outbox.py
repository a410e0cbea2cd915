"""The way out: every message that we owe a contact ends as sent, rejected or unverified.

One turn is one transaction: it writes down the deliveries that ended since the last one and claims what may begin now.
Only when a claim is committed does the call begin; so a process that dies leaves claims behind, never a message that
was sent and looks as if it was not. A claim that expired is unverified (`gateway.store.outgoing`).

Turns follow commits and endings at once, and a look at the tables every second, which finds what others left. A
thread's messages go one after the other; inboxes share nothing but the turn, so one that hangs or is out of order
delays nobody.

How many may go is asked before the transaction (`gateway.signals`), and each claim takes its place after it: one that
another gateway was quicker to take is put back, untried.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Connection

from gateway.clock import Clock
from gateway.crash import crash_point
from gateway.delivery import Delivery, claim_time
from gateway.delivery_report import DeliveryReports, Submitter
from gateway.identifiers import Identifiers
from gateway.inboxes import Inbox
from gateway.outcome import Again, Held, Outcome, Refused, Sent, outcome_name
from gateway.pacing import Breaker, Pace
from gateway.signals.contract import Limits, Rates, Room, Send
from gateway.signals.local import LocalRates
from gateway.store import Store, StoreUnavailable, endings, outgoing
from gateway.store.outgoing import Claim, Ended, Fate, Wanted
from router.conversation import Conversation
from router.effects import Deliver, DeliverAgain, DeliverEdit, Effect
from router.ids import ChannelName, ConversationId, InboxId
from router.reason import Code, Reason

log = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks at the tables when nobody says anything."""

Count = Callable[[ChannelName, str], None]
"""Called with a channel and an outcome's name for each attempt: the metric."""

Alarm = Callable[[Reason], None]
"""Called with the reason for the desk when an inbox is out of order, and when it works again."""


class CommittedWork(Protocol):
    """What the outbox reads of a commit."""

    @property
    def effects(self) -> tuple[Effect, ...]:
        """All effects that were committed."""

    @property
    def conversations(self) -> Mapping[ConversationId, Conversation]:
        """The conversations that they touch."""


class Outbox:
    """Sends what waits in the table. `run` under a supervisor, `stop` once at the end."""

    def __init__(  # noqa: PLR0913  the composition root names each of them
        self,
        store: Store,
        inboxes: Mapping[InboxId, Inbox],
        engine: Submitter,
        delivery: Delivery,
        clock: Clock,
        identifiers: Identifiers,
        *,
        rates: Rates | None = None,
        count: Count = lambda _channel, _outcome: None,
        alarm: Alarm = lambda _why: None,
        poll: float = POLL,
        give_up: Mapping[InboxId, timedelta] | None = None,
    ) -> None:
        """``rates``: who counts what is sent, by default this process alone.

        ``give_up``: how long a message of an inbox may wait, where that is not `outgoing.GIVE_UP_AFTER`.
        """
        self._give_up = dict(give_up or {})
        self._store = store
        self._inboxes = inboxes
        self._delivery = delivery
        self._clock = clock
        self._rates = rates or LocalRates()
        self._reports = DeliveryReports(engine, clock, identifiers)
        self._count = count
        self._alarm = alarm
        self._poll = poll
        self._holder = identifiers.new("out")
        self._paces: dict[InboxId, Pace] = {}
        self._due: set[InboxId] = set()
        self._wake = asyncio.Event()
        self._ended: list[Ended] = []
        self._running: dict[int, asyncio.Task[None]] = {}
        self._timers: dict[InboxId, asyncio.TimerHandle] = {}
        self._next_look = 0.0
        self._turning = asyncio.Lock()
        self._writing: asyncio.Future[tuple[list[Fate], list[Claim]]] | None = None
        self._is_unsure = False
        self._is_stopping = False

    def on_commit(self, committed: CommittedWork) -> None:
        """Look at once after a commit that owes a contact something."""
        for effect in committed.effects:
            if isinstance(effect, Deliver | DeliverAgain | DeliverEdit):
                conversation = committed.conversations.get(effect.conversation)
                self.wake(*([conversation.inbox] if conversation else self._inboxes))

    def wake(self, *inboxes: InboxId) -> None:
        """Look at these inboxes now, whatever the poll says."""
        self._due.update(inboxes)
        self._wake.set()

    def repaired(self, inbox: InboxId) -> None:
        """Somebody changed the inbox: its pause ends now."""
        self._pace(inbox).breaker = Breaker()
        self.wake(inbox)

    async def run(self) -> None:
        """Send, until `stop`; may be started again after any failure."""
        self.wake(*self._inboxes)
        while not self._is_stopping:
            try:
                await self._wait()
                async with self._turning:
                    await self._turn()
            except StoreUnavailable:
                log.warning("outbox cannot reach the store")
                self.wake(*self._inboxes)
                await asyncio.sleep(self._poll)

    async def stop(self, within: float = 10.0) -> None:
        """Begin nothing more, let running deliveries end, and write down how; what does not end in time is unverified.

        Raises:
            StoreUnavailable: it could not be written down; the claims will expire instead.
        """
        self._is_stopping = True
        self._wake.set()
        async with self._turning:
            if self._writing is not None:  # a turn that was cancelled: its transaction goes on by itself
                await asyncio.gather(self._writing, return_exceptions=True)
            await self._end(within)
        await self._reports.settled()

    async def _end(self, within: float) -> None:
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        ended, self._ended = self._ended, []

        def last(connection: Connection) -> list[Fate]:
            fates = endings.close(connection, ended)
            outgoing.release(connection, self._holder, ())
            return fates

        self._reports.tell(await self._store.write(last))

    async def _wait(self) -> None:
        """Until there is something to do: somebody woke us, or the tables say so."""
        loop = asyncio.get_running_loop()
        while True:
            remaining = self._next_look - loop.time()
            if remaining <= 0:
                await self._look()
            elif self._wake.is_set():
                break
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(remaining):
                        await self._wake.wait()
        self._wake.clear()

    async def _look(self) -> None:
        """Ask the tables what is due, or hanging since its claim expired."""
        self._next_look = asyncio.get_running_loop().time() + self._poll
        now = self._clock.now()
        found = await self._store.read(lambda connection: outgoing.waiting(connection, now))
        if found:
            self._is_unsure = True
            self.wake(*found)

    async def _turn(self) -> None:
        """One transaction: write down what ended, claim what may begin; afterwards begin it and tell what ended."""
        ended, self._ended = self._ended, []
        looked_at, self._due = self._due | {end.claim.inbox for end in ended}, set()
        was_unsure, self._is_unsure = self._is_unsure, False
        running = self._running.keys() - {end.claim.number for end in ended}
        now = self._clock.now()
        time = asyncio.get_running_loop().time()
        for end in ended:
            self._pace(end.claim.inbox).end()
        limits = {inbox: self._limits(inbox) for inbox in looked_at if inbox in self._inboxes}
        try:
            rooms = await self._rates.rooms(limits, time)
        except BaseException:
            self._undo(ended, looked_at)
            raise
        wanted = {inbox: self._wanted(inbox, room, time) for inbox, room in rooms.items()}

        def turn(connection: Connection) -> tuple[list[Fate], list[Claim]]:
            fates = endings.close(connection, ended)
            claims = []
            if was_unsure:
                claims = outgoing.forgotten(connection, self._holder, running)
                mine = running | {claim.number for claim in claims}
                fates += endings.settle(connection, now, mine, self._give_up)
            fates += endings.hold(connection, wanted, now)
            claims += outgoing.claim(connection, wanted, self._holder, now, claim_time)
            return fates, claims

        try:
            self._writing = asyncio.ensure_future(self._store.write(turn))
            fates, claims = await asyncio.shield(self._writing)
        except BaseException:
            self._undo(ended, looked_at)
            raise
        crash_point("outbox_claimed")
        for end in ended:
            self._running.pop(end.claim.number, None)
        self._reports.tell(fates)
        await self._begin(claims)
        self._look_again(rooms, Counter(claim.inbox for claim in claims), wanted, time)

    def _undo(self, ended: list[Ended], looked_at: Iterable[InboxId]) -> None:
        """Nobody knows what became of this turn's transaction: the next one does all of it again."""
        for end in ended:
            self._pace(end.claim.inbox).running += 1
        self._ended[:0] = ended
        self._is_unsure = True
        self.wake(*looked_at)

    def _wanted(self, inbox: InboxId, room: Room, time: float) -> Wanted:
        return Wanted(
            room=0 if self._is_stopping else min(room.count, self._pace(inbox).room(time)),
            resting=room.resting,
            has_window=self._inboxes[inbox].adapter.capabilities().has_window,
        )

    def _look_again(
        self, rooms: Mapping[InboxId, Room], claimed: Counter[InboxId], wanted: Mapping[InboxId, Wanted], time: float
    ) -> None:
        """Come back where more may be waiting than could be begun now."""
        for inbox, room in rooms.items():
            times = [at for at in (room.free_at, self._pace(inbox).free_at(time)) if at is not None]
            if times:
                self._wake_at(inbox, max(times))
            elif wanted[inbox].room and claimed[inbox] >= wanted[inbox].room:
                self.wake(inbox)

    def _wake_at(self, inbox: InboxId, time: float) -> None:
        """Look at an inbox then; one timer each, the earliest."""
        timer = self._timers.get(inbox)
        loop = asyncio.get_running_loop()
        if timer is not None and loop.time() < timer.when() <= time:
            return
        if timer is not None:
            timer.cancel()
        self._timers[inbox] = loop.call_at(time, self.wake, inbox)

    async def _begin(self, claims: list[Claim]) -> None:
        """Begin what gets a place; the rest is put back."""
        time = asyncio.get_running_loop().time()
        limits = {claim.inbox: self._limits(claim.inbox) for claim in claims}
        try:
            waits = await self._rates.take(limits, [Send(claim.inbox, claim.thread) for claim in claims], time)
        except BaseException:
            self._is_unsure = True  # they are ours, and nobody has begun them: the next turn finds them
            self.wake(*limits)
            raise
        for claim, wait in zip(claims, waits, strict=True):
            self._pace(claim.inbox).begin()
            if wait:
                spared = Again(wait=timedelta(seconds=wait), reason="pace", counts=False, progress=claim.progress)
                self._end_one(claim, spared)
            else:
                self._running[claim.number] = asyncio.create_task(self._deliver(claim), name=f"deliver {claim.number}")

    async def _deliver(self, claim: Claim) -> None:
        place = self._inboxes.get(claim.inbox)
        if place is None:
            outcome: Outcome = Again(
                wait=timedelta(minutes=1), reason="no such inbox", counts=False, progress=claim.progress
            )
        else:
            outcome = await self._delivery.attempt(claim, place.adapter)
        crash_point("outbox_delivered")
        self._learn(claim.inbox, outcome)
        try:
            await self._slow_down(claim, outcome)  # before it ends: nothing is begun, nor stopped, ahead of the pause
        finally:
            self._end_one(claim, outcome)
        if place is not None:
            self._count(place.channel, outcome_name(outcome))

    def _end_one(self, claim: Claim, outcome: Outcome) -> None:
        """The next turn writes it down."""
        self._ended.append(Ended(claim=claim, outcome=outcome, at=self._clock.now()))
        self._wake.set()
        if isinstance(outcome, Again):
            self._wake_at(claim.inbox, asyncio.get_running_loop().time() + outcome.wait.total_seconds())

    def _learn(self, inbox: InboxId, outcome: Outcome) -> None:
        """Whether the inbox works, by what became of one of its messages."""
        breaker = self._pace(inbox).breaker
        if isinstance(outcome, Again) and (outcome.is_broken or outcome.is_cut_off):
            if breaker.fail(asyncio.get_running_loop().time(), is_broken=outcome.is_broken):
                log.error("inbox is out of order", extra={"inbox": inbox, "reason": outcome.reason})
                self._alarm(Reason(Code.INBOX_BROKEN, (inbox, outcome.reason)))
        elif isinstance(outcome, Sent) and breaker.work():
            log.warning("inbox works again", extra={"inbox": inbox})
            self._alarm(Reason(Code.INBOX_WORKS, (inbox,)))

    async def _slow_down(self, claim: Claim, outcome: Outcome) -> None:
        """Let the whole inbox rest, on every gateway, when the platform wants less of it."""
        pace, time = self._pace(claim.inbox), asyncio.get_running_loop().time()
        if isinstance(outcome, Sent | Refused | Held):
            pace.ease()
        elif isinstance(outcome, Again) and outcome.slows is not None:
            seconds = outcome.wait.total_seconds()
            if pace.slow(claim.thread, time, seconds, outcome.slows):
                log.warning("inbox rests", extra={"inbox": claim.inbox, "reason": outcome.reason, "seconds": seconds})
                await self._rates.pause(claim.inbox, seconds, time)

    def _pace(self, inbox: InboxId) -> Pace:
        return self._paces.setdefault(inbox, Pace())

    def _limits(self, inbox: InboxId) -> Limits:
        if inbox not in self._inboxes:
            return Limits()
        can = self._inboxes[inbox].adapter.capabilities()
        return Limits(per_second=can.sends_per_second, per_second_each=can.sends_per_second_each)
