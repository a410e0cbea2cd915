"""A small house on a real store: engine, intake, outbox and files, with scripted inboxes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from gateway.clock import SystemClock
from gateway.crossing import Committed
from gateway.delivery import Delivery
from gateway.engine import Engine
from gateway.identifiers import RandomIdentifiers
from gateway.intake import Intake
from gateway.media.admission import Admission
from gateway.media.fetching import Fetching
from gateway.media.store import MediaStore
from gateway.outbox import Outbox
from gateway.signature import signature
from gateway.store import Store
from gateway.witness import Listener
from router.board import Board
from router.condition import When
from router.ids import InboxId, ReplyId
from router.settings import NORMAL, GroupSettings, OfferMode, OfferPolicy, Settings
from router.triage import GroupRule, PriorityRule, Triage
from skills.agent import Agent
from skills.group import Group
from skills.ids import AgentId, GroupId
from tests.fakes.scripted_channel import ScriptedChannel

RED = InboxId("red")
DESK = GroupId("front-desk")
LI_NA = AgentId("li.na")


def settings() -> Settings:
    """One group, one agent, every conversation there."""
    return Settings(
        version=1,
        languages=("zh-CN", "en"),
        hours={},
        skills={},
        priorities={NORMAL: timedelta(minutes=5)},
        groups={
            DESK: GroupSettings(
                group=Group(id=DESK, name={"zh-CN": "前台", "en": "Front desk"}),
                offer=OfferPolicy(mode=OfferMode.AUTO),
            )
        },
        agents={LI_NA: Agent(id=LI_NA, name="李娜", public_name="娜娜", groups=frozenset({DESK}), units=50.0)},
        triage=Triage(
            priority=(PriorityRule(name="otherwise", line=1, when=When(), priority=NORMAL),),
            group=(GroupRule(name="otherwise", line=2, when=When(), group=DESK),),
        ),
    )


class Mute:
    """Replies that are never needed."""

    def render(self, reply: ReplyId, language: str, variables: Mapping[str, object]) -> str:
        """The reply's id."""
        return str(reply)


class Relay:
    """Passes commits on to those who need the engine themselves."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def on_commit(self, committed: Committed) -> None:
        """Pass it on."""
        for listener in self.listeners:
            listener.on_commit(committed)


@dataclass
class House:
    """What a test works with."""

    store: Store
    channel: ScriptedChannel
    engine: Engine
    intake: Intake
    outbox: Outbox
    fetching: Fetching
    media: MediaStore
    heard: list[Committed] = field(default_factory=list)

    def on_commit(self, committed: Committed) -> None:
        """Remember what was told."""
        self.heard.append(committed)

    async def rows(self, table: Table) -> list[Any]:
        """All rows of a table."""
        return list(await self.store.read(lambda connection: connection.execute(select(table)).all()))


@asynccontextmanager
async def open_house(store: Store, folder: Path, channel: ScriptedChannel | None = None) -> AsyncIterator[House]:
    """The house at work."""
    channel = channel or ScriptedChannel(RED)
    inboxes = {RED: channel.as_inbox()}
    clock, identifiers, relay = SystemClock(), RandomIdentifiers(), Relay()
    engine = Engine(store, Board(settings()), clock, identifiers, Mute(), [relay])
    media = MediaStore(folder / "media", store, clock)
    delivery = Delivery(media, lambda author, group: signature(settings(), author, group))
    house = House(
        store=store,
        channel=channel,
        engine=engine,
        intake=Intake(inboxes, engine, clock),
        outbox=Outbox(store, inboxes, engine, delivery, clock, identifiers, poll=0.05),
        fetching=Fetching(store, inboxes, engine, Admission(media), clock, identifiers, poll=0.05),
        media=media,
    )
    relay.listeners += [house.outbox, house.fetching, house]
    await engine.start()
    sending = asyncio.create_task(house.outbox.run())
    fetching = asyncio.create_task(house.fetching.run())
    try:
        yield house
    finally:
        fetching.cancel()
        await asyncio.gather(fetching, return_exceptions=True)
        await house.intake.stop()
        await house.outbox.stop(within=1.0)
        await sending
        await engine.stop()
