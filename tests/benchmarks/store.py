"""The engine on its store, in process: messages a second, each durable, decided and written when it is acknowledged.

64 waiters, each with one message at a time, as 64 connections of platforms would bring them. SQLite commits with
``synchronous=FULL``. The last figure is the floor: how often this disk flushes 4 KiB.
"""

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import uvloop
from sqlalchemy import Connection, insert

from adapters.contract import Profile, Wrote
from gateway.clock import SystemClock
from gateway.engine import Engine
from gateway.identifiers import RandomIdentifiers
from gateway.store import Store
from gateway.store.schema import traces
from router.board import Board
from router.events import AgentConnected, IntentChanged
from router.ids import ChannelName, EventId, InboxId, PriorityTag, ReplyId
from router.message import Text
from router.presence import Intent
from router.settings import GroupSettings, Settings
from router.triage import GroupRule, PriorityRule, Triage, When
from skills.agent import Agent
from skills.group import Group
from skills.ids import AgentId, GroupId
from tests.benchmarks.running import postgresql

WAITERS = 64
CONTACTS = 2_000
AGENTS = 400
MESSAGES = 20_000
FLUSHES = 400
GROUP = GroupId("front")


class _NoReplies:
    def render(self, reply: ReplyId, language: str, variables: object) -> str:
        return reply


def measure() -> dict[str, float]:
    """Messages per second through `Engine.receive`, on both databases, and what the disk allows."""
    with tempfile.TemporaryDirectory(prefix="pointsman-bench-") as folder:
        figures = {f"SQLite: {name}": value for name, value in uvloop.run(_engine("", Path(folder) / "engine")).items()}
        figures["SQLite: rows/s, 1 KB, 100 to a commit"] = uvloop.run(_rows(Path(folder) / "rows"))
        with postgresql() as url:
            there = uvloop.run(_engine(url, Path(folder)))
        figures |= {f"PostgreSQL: {name}": value for name, value in there.items()}
        figures["disk: flushes/s, 4 KiB"] = _flushes(Path(folder) / "flushes")
    return figures


async def _engine(url: str, data: Path) -> dict[str, float]:
    store = Store.open(url, data)
    clock, identifiers = SystemClock(), RandomIdentifiers()
    engine = Engine(store, Board(_settings()), clock, identifiers, _NoReplies(), ())
    await engine.start()
    for agent in _settings().agents:
        await engine.submit(AgentConnected(id=EventId(identifiers.new("evt")), at=clock.now(), agent=agent))
        ready = IntentChanged(id=EventId(identifiers.new("evt")), at=clock.now(), agent=agent, intent=Intent.READY)
        await engine.submit(ready)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
    first, _ = await _bring(engine, range(CONTACTS))
    rate, waits = await _bring(engine, range(CONTACTS, CONTACTS + MESSAGES))
    await engine.stop()
    store.close()
    gc.unfreeze()
    return {
        "first messages/s (contact, conversation, agent)": first,
        "messages/s into open conversations": rate,
        "acknowledged in ms, p50": waits[len(waits) // 2] * 1000,
        "acknowledged in ms, p99": waits[len(waits) * 99 // 100] * 1000,
    }


async def _bring(engine: Engine, numbers: Sequence[int]) -> tuple[float, list[float]]:
    messages = iter([_message(number) for number in numbers])
    waits: list[float] = []

    async def waiter(messages: Iterable[Wrote]) -> None:
        for message in messages:
            began = time.perf_counter()
            await engine.receive(InboxId("inbox"), ChannelName("channel"), (message,))
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(waiter(messages) for _ in range(WAITERS)))
    return len(numbers) / (time.perf_counter() - began), sorted(waits)


def _message(number: int) -> Wrote:
    contact = number % CONTACTS
    return Wrote(
        delivery_key=str(number),
        address=str(contact),
        message_key=f"{contact}:{number}",
        profile=Profile(name=f"Contact {contact}", language="en"),
        parts=(Text(text=f"How long does a visa for Japan take, please? ({number})"),),
    )


def _settings() -> Settings:
    agents = [AgentId(f"agent{number}") for number in range(AGENTS)]
    return Settings(
        version=1,
        languages=("en",),
        hours={},
        skills={},
        priorities={PriorityTag("normal"): timedelta(minutes=5)},
        groups={GROUP: GroupSettings(group=Group(id=GROUP, name={"en": "Front"}))},
        agents={agent: Agent(id=agent, name=agent, groups=frozenset({GROUP})) for agent in agents},
        triage=Triage(
            priority=(PriorityRule(name="otherwise", line=1, when=When(), priority=PriorityTag("normal")),),
            group=(GroupRule(name="otherwise", line=2, when=When(), group=GROUP),),
        ),
    )


async def _rows(data: Path) -> float:
    store = Store.open("", data)
    body = "x" * 900
    batches = [
        [{"id": f"{batch}.{row}", "conversation": str(row), "at": row, "body": body} for row in range(100)]
        for batch in range(100)
    ]
    began = time.perf_counter()
    for batch in batches:

        def write(connection: Connection, batch: list[dict[str, object]] = batch) -> None:
            connection.execute(insert(traces), batch)

        await store.write(write)
    rate = 10_000 / (time.perf_counter() - began)
    store.close()
    return rate


def _flushes(path: Path) -> float:
    with path.open("wb", buffering=0) as file:
        began = time.perf_counter()
        for _ in range(FLUSHES):
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
        return FLUSHES / (time.perf_counter() - began)
