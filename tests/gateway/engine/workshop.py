"""What the engine's tests share: small settings, and a bench that runs the real engine on the real store."""

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, select

from adapters.contract import AnyInbound, Profile, Wrote
from gateway.clock import Clock
from gateway.crossing import Committed, Decide
from gateway.engine import Engine
from gateway.identifiers import RandomIdentifiers
from gateway.reasons import in_words
from gateway.store import Store, schema
from router.board import Board
from router.conversation import Conversation
from router.decide import decide as core
from router.effects import DeskWord, TellDesk
from router.events import AgentConnected, AgentReplied, ConversationResolved, IntentChanged
from router.ids import ChannelName, ConversationId, EventId, InboxId, MessageId, PriorityTag, ReplyId
from router.message import Part, Text
from router.presence import Intent
from router.settings import GroupSettings, Settings, WaitingPolicy
from router.triage import GroupRule, PriorityRule, Triage, When
from skills.agent import Agent
from skills.group import Group
from skills.ids import AgentId, GroupId
from tests.fakes.clock import StandingClock

INBOX = InboxId("shop")
CHANNEL = ChannelName("paper")
LI = AgentId("li")
WANG = AgentId("wang")
FRONT = GroupId("front")
UNITS = 2.0
WAIT = ReplyId("please-wait")

_numbers = itertools.count(1)


def settings(
    version: int = 1, *, waiting: WaitingPolicy | None = None, units: float = UNITS, group: GroupId = FRONT
) -> Settings:
    """One group, two agents."""
    front = GroupSettings(group=Group(id=group, name={"en": "Front"}), waiting=waiting or WaitingPolicy())
    agents = {id: Agent(id=id, name=id.title(), groups=frozenset({group}), units=units) for id in (LI, WANG)}
    return Settings(
        version=version,
        languages=("en",),
        hours={},
        skills={},
        priorities={PriorityTag("normal"): timedelta(minutes=5)},
        groups={group: front},
        agents=agents,
        triage=Triage(
            priority=(PriorityRule(name="otherwise", line=1, when=When(), priority=PriorityTag("normal")),),
            group=(GroupRule(name="otherwise", line=2, when=When(), group=group),),
        ),
    )


def wrote(address: str, text: str = "hello", *, key: str = "", **more: Any) -> Wrote:
    """A contact wrote; every call is another message, unless ``key`` says that it is not."""
    key = key or f"d{next(_numbers)}"
    parts: tuple[Part, ...] = (Text(text=text),) if text else ()
    return Wrote(
        **{"delivery_key": key, "address": address, "message_key": f"m-{key}", "parts": parts}
        | {"profile": Profile(name=f"Name of {address}")}
        | more
    )


class PlainReplies:
    """Replies that say their own name, and what was filled in."""

    def render(self, reply: ReplyId, language: str, variables: Mapping[str, object]) -> str:
        """The reply's name, the contact's, the position."""
        contact: Any = variables["contact"]
        return f"{reply} {contact['name']} {variables['position']}"


class BrokenReplies:
    """Replies whose every template fails."""

    def render(self, reply: ReplyId, language: str, variables: Mapping[str, object]) -> str:
        """Never."""
        raise ZeroDivisionError(reply)


@dataclass
class Notes:
    """A listener that keeps what it was told."""

    told: list[Committed] = field(default_factory=list)

    def on_commit(self, committed: Committed) -> None:
        """Keep it."""
        self.told.append(committed)

    @property
    def alarms(self) -> list[str]:
        """All alarms, as the commands put them into words."""
        effects = [effect for committed in self.told for effect in committed.effects]
        return [in_words(each.why) for each in effects if isinstance(each, TellDesk) and each.word is DeskWord.ALARM]


@dataclass
class Bench:
    """A running engine with what it stands on."""

    store: Store
    engine: Engine
    clock: Clock
    notes: Notes

    async def receive(self, *inbound: AnyInbound) -> None:
        """What the intake does."""
        await self.engine.receive(INBOX, CHANNEL, inbound)

    async def rows(self, table: Table, *columns: str) -> list[tuple[Any, ...]]:
        """A table's rows, in the order of their key, or of their number where they have one."""
        order = table.c.get("seq", table.c.get("number", next(iter(table.primary_key))))
        chosen = [table.c[name] for name in columns] if columns else list(table.c)

        def closure(connection: Connection) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(select(*chosen).order_by(order))]

        return await self.store.read(closure)

    async def count(self, table: Table) -> int:
        """How many rows a table has."""
        return await self.store.read(
            lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()
        )

    async def ready(self, *agents: AgentId) -> None:
        """These agents are connected and want work."""
        for agent in agents:
            at = self.clock.now()
            await self.engine.submit(AgentConnected(id=new_event(), at=at, agent=agent))
            await self.engine.submit(IntentChanged(id=new_event(), at=at, agent=agent, intent=Intent.READY))

    async def answer(
        self, conversation: str, agent: AgentId, text: str = "yes", *, client_id: str = "", epoch: int | None = None
    ) -> Committed:
        """An agent answers."""
        event = AgentReplied(
            id=new_event(),
            at=self.clock.now(),
            conversation=ConversationId(conversation),
            agent=agent,
            message=MessageId(new_event().replace("evt", "msg")),
            parts=(Text(text=text),),
            client_id=client_id,
            epoch=epoch,
        )
        return await self.engine.submit(event)

    async def resolve(self, conversation: str, agent: AgentId) -> Committed:
        """An agent ends a conversation."""
        event = ConversationResolved(
            id=new_event(), at=self.clock.now(), conversation=ConversationId(conversation), by=agent
        )
        return await self.engine.submit(event)

    async def conversations(self) -> dict[str, Conversation]:
        """What is open on the board, by the contact's name."""
        open_ones = await self.engine.inspect(lambda board: list(board.conversations.values()))
        names = {row[0]: row[1] for row in await self.rows(schema.threads, "id", "address")}
        return {names[each.thread]: each for each in open_ones}


_identifiers = RandomIdentifiers()


def new_event() -> EventId:
    """An event's id."""
    return EventId(_identifiers.new("evt"))


@asynccontextmanager
async def running(
    store: Store,
    *,
    clock: Clock | None = None,
    decide: Decide = core,
    replies: Any = None,
    rules: Settings | None = None,
    listeners: Sequence[Any] = (),
) -> AsyncIterator[Bench]:
    """An engine on this store, started and stopped again."""
    clock = clock or StandingClock()
    notes = Notes()
    engine = Engine(
        store,
        Board(rules or settings()),
        clock,
        RandomIdentifiers(),
        replies or PlainReplies(),
        (notes, *listeners),
        decide=decide,
    )
    await engine.start()
    try:
        yield Bench(store, engine, clock, notes)
    finally:
        await engine.stop()


def later(clock: StandingClock, seconds: float) -> datetime:
    """Let so much time pass."""
    clock.move(timedelta(seconds=seconds))
    return clock.now()
