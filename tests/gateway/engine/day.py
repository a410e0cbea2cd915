"""A generated day: contacts write, people come, answer, hand over and go; timers fire; everything by one seed."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from adapters.contract import Wrote
from gateway.clock import instant
from gateway.crossing import Committed
from gateway.store import schema
from router.conversation import Conversation, OwnerKind, State
from router.effects import AskBot, RecordConversation, RecordOffer
from router.errors import Refused
from router.events import (
    AgentConnected,
    AgentLost,
    AnyEvent,
    BotReplied,
    ContactsMerged,
    ContactsSplit,
    ConversationParked,
    ConversationResolved,
    HandoffRequested,
    HoursOverridden,
    IntentChanged,
    OfferAccepted,
    OfferDeclined,
    QueuePaused,
    QueueResumed,
    Swept,
    TimerFired,
    TimerKind,
    TransferRequested,
)
from router.ids import ChannelName, ContactId, ConversationId, EventId, InboxId, MessageId
from router.message import Text
from router.offer import Offer, OfferState
from router.presence import Intent
from skills.ids import GroupId
from tests.fakes.clock import StandingClock
from tests.gateway.engine.workshop import Bench, new_event, wrote
from tests.router.world import AGENTS, ASIA, DESK, JAPAN, MONDAY, USA

ENTRIES = ("japan", "japan", "korea", "usa", "asia", "night", "gold", "")
INBOX, CHANNEL = InboxId("website"), ChannelName("web")
MORNING = MONDAY.replace(hour=8)
LASTS = timedelta(hours=14)

Act = Callable[[], Coroutine[None, None, None]]


@dataclass
class Day:
    """What is still to happen, in the order of time."""

    bench: Bench
    clock: StandingClock
    chance: Random
    agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    numbers: int = 0
    looked_at: int = 0
    taken_up: set[tuple[str, int]] = field(default_factory=set)

    def later(self, seconds: float, act: Act) -> None:
        """Let this happen so much later."""
        self.numbers += 1
        heappush(self.agenda, (self.clock.now() + timedelta(seconds=seconds), self.numbers, act))

    def move_to(self, bench: Bench) -> None:
        """Go on with another engine: the service was started again."""
        self.bench, self.looked_at = bench, 0

    def plan(self, contacts: int) -> None:
        """The day's contacts and the people's hours."""
        whole = LASTS.total_seconds()
        for number in range(contacts):
            who = f"c{self.chance.randrange(max(1, contacts * 3 // 4))}"
            self.later(self.chance.uniform(60, whole - 3_600), self._writes(who, f"hello {number}"))
        for agent in AGENTS:
            self.later(self.chance.uniform(0, 7_200), self._comes(agent.id))
            self.later(self.chance.uniform(whole * 0.6, whole), self._goes(agent.id))
        for _ in range(3):
            self.later(self.chance.uniform(600, whole), self._at_the_door)
            self.later(self.chance.uniform(600, whole), self._pauses(self.chance.choice([JAPAN, ASIA, USA])))
            self.later(self.chance.uniform(600, whole * 0.7), self._is_one_person)

    async def until(self, end: datetime) -> None:
        """Everything up to then, timers in their turn."""
        while True:
            due = await self._due(end)
            coming = self.agenda[0][0] if self.agenda and self.agenda[0][0] <= end else None
            if due is None and coming is None:
                break
            if due is not None and (coming is None or due[0] <= coming):
                at, kind, subject = due
                self.clock.at = max(self.clock.at, at)
                await self._submit(TimerFired, kind=TimerKind(kind), subject=subject)
            else:
                at, _, act = heappop(self.agenda)
                self.clock.at = max(self.clock.at, at)
                await act()
            self._follow()
        self.clock.at = max(self.clock.at, end)

    async def _due(self, end: datetime) -> tuple[datetime, str, str] | None:
        rows = await self.bench.rows(schema.timers, "at", "kind", "subject")
        at, kind, subject = min(rows, default=(None, "", ""))
        return None if at is None or instant(at) > end else (instant(at), kind, subject)

    async def _submit(self, make: Callable[..., AnyEvent], **facts: object) -> None:
        with suppress(Refused):  # somebody was quicker
            await self.bench.engine.submit(make(id=new_event(), at=self.clock.now(), **facts))

    # --- What people do ---------------------------------------------------------------------------------------------

    def _writes(self, who: str, text: str) -> Act:
        async def act() -> None:
            said: list[Wrote] = [
                wrote(who, text, entry=self.chance.choice(ENTRIES), tags=self.chance.choice([(), ("vip",)]))
            ]
            if self.chance.random() < 0.2:  # two in one batch
                said.append(wrote(f"{who}-friend", text, entry=self.chance.choice(ENTRIES)))
            await self.bench.engine.receive(INBOX, CHANNEL, said)
            if self.chance.random() < 0.3:
                self.later(self.chance.uniform(5, 900), self._writes(who, "and?"))

        return act

    def _comes(self, agent: str) -> Act:
        async def act() -> None:
            await self._submit(AgentConnected, agent=agent)
            await self._submit(IntentChanged, agent=agent, intent=Intent.READY)
            self.later(self.chance.uniform(1_800, 14_400), self._is_cut_off(agent))

        return act

    def _is_cut_off(self, agent: str) -> Act:
        async def act() -> None:
            await self._submit(AgentLost, agent=agent)
            self.later(self.chance.choice([20, 400]), self._comes(agent))

        return act

    def _goes(self, agent: str) -> Act:
        async def act() -> None:
            await self._submit(IntentChanged, agent=agent, intent=self.chance.choice([Intent.DRAINING, Intent.OFF]))

        return act

    def _pauses(self, group: GroupId) -> Act:
        async def act() -> None:
            until = self.chance.choice([None, self.clock.now() + timedelta(minutes=10)])
            await self._submit(QueuePaused, group=group, by="dora", reason="storm", until=until)
            self.later(self.chance.uniform(60, 1_200), self._lets_go_on(group))

        return act

    def _lets_go_on(self, group: GroupId) -> Act:
        async def act() -> None:
            await self._submit(QueueResumed, group=group, by="dora")

        return act

    async def _at_the_door(self) -> None:
        until = self.clock.now() + timedelta(minutes=30)
        group = self.chance.choice([JAPAN, ASIA, USA])
        is_open = self.chance.choice([True, False, False])
        await self._submit(HoursOverridden, group=group, is_open=is_open, until=until, by="dora", reason="storm")
        await self._submit(Swept)

    async def _is_one_person(self) -> None:
        """Two contacts are merged; some time later that may be undone."""
        known = sorted({row[0] for row in await self.bench.rows(schema.threads, "contact")})
        if len(known) < 2:
            return
        survivor, other = self.chance.sample(known, 2)
        merge = new_event()
        at = self.clock.now()
        with suppress(Refused):
            await self.bench.engine.submit(
                ContactsMerged(id=merge, at=at, survivor=ContactId(survivor), other=ContactId(other), by="dora")
            )
        if self.chance.random() < 0.5:
            self.later(self.chance.uniform(60, 7_200), self._is_not(survivor, merge))

    def _is_not(self, survivor: str, merge: EventId) -> Act:
        async def act() -> None:
            facts: dict[str, object] = {"merge": merge, "survivor": survivor, "other": "", "threads": (), "by": "dora"}
            await self._submit(ContactsSplit, **facts)

        return act

    def _about_an_offer(self, offer: Offer) -> Act:
        async def act() -> None:
            if self.chance.random() < 0.75:
                await self._submit(OfferAccepted, offer=offer.id, agent=offer.agent)
            else:
                await self._submit(OfferDeclined, offer=offer.id, agent=offer.agent, reason="busy")

        return act

    def _works(self, conversation: Conversation) -> Act:
        async def act() -> None:
            id_, agent, dice = conversation.id, conversation.owner.id, self.chance.random()
            facts: dict[str, object] = {"conversation": ConversationId(id_), "by": agent}
            if dice < 0.5:
                try:
                    await self.bench.answer(id_, agent, epoch=conversation.epoch)  # type: ignore[arg-type]  # an agent's
                except Refused:
                    return
                self.later(self.chance.uniform(20, 600), self._works(conversation))
            elif dice < 0.8:
                await self._submit(
                    ConversationResolved, **facts, disposition="done", note=MessageId(new_event()), note_text="x"
                )
            elif dice < 0.9:
                group = self.chance.choice([ASIA, JAPAN, DESK])
                await self._submit(
                    TransferRequested, **facts, note=MessageId(new_event()), note_text="please", to_group=group
                )
            else:
                await self._submit(ConversationParked, **facts)

        return act

    def _thinks(self, ask: AskBot) -> Act:
        async def act() -> None:
            facts: dict[str, object] = {"conversation": ask.conversation, "epoch": ask.epoch}
            message, parts = MessageId(new_event()), (Text(text="so"),)
            if self.chance.random() < 0.5:
                await self._submit(BotReplied, **facts, bot=ask.bot, message=message, parts=parts, to=ask.message)
            else:
                await self._submit(HandoffRequested, **facts, by=ask.bot, reason="done")

        return act

    def _follow(self) -> None:
        told: list[Committed] = self.bench.notes.told
        for committed in told[self.looked_at :]:
            for effect in committed.effects:
                match effect:
                    case RecordOffer(offer=offer) if offer.state is OfferState.OPEN:
                        self.later(self.chance.uniform(1, 40), self._about_an_offer(offer))
                    case RecordConversation(conversation=each) if self._is_new_work(each):
                        self.taken_up.add((each.id, each.epoch))
                        self.later(self.chance.uniform(2, 200), self._works(each))
                    case AskBot():
                        self.later(self.chance.uniform(1, 15), self._thinks(effect))
                    case _:
                        pass
        self.looked_at = len(told)

    def _is_new_work(self, conversation: Conversation) -> bool:
        is_carried = conversation.state is State.ACTIVE and conversation.owner.kind is OwnerKind.AGENT
        return is_carried and (conversation.id, conversation.epoch) not in self.taken_up
