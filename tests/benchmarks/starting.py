"""From the start of the process to ``/-/ready``, and what memory it has then: on no data, and on a full board.

The first start compiles every module and is not counted. The full board has 100,000 conversations that wait, written
into the tables as the engine writes them.
"""

import asyncio
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import Connection

from gateway.clock import micros
from gateway.store import Store
from gateway.store.writing import Rows, Writing
from router.board import queued
from router.conversation import Conversation, State
from router.ids import ChannelName, ContactId, ConversationId, InboxId, PriorityTag, ThreadId
from skills.ids import GroupId, SkillId
from skills.skill import requirement
from tests.benchmarks.running import Service, service

STARTS = 3
OPEN = 100_000
AT_ONCE = 10_000
NEEDS = {"japan-korea": "visa-jp", "asia": "visa-th", "usa": "visa-us"}


def measure() -> dict[str, float]:
    """Seconds and MiB after a start on no data; seconds with the full board, and KiB for each open conversation."""
    with service():
        pass
    seconds, megabytes = [], []
    for _ in range(STARTS):
        with service() as running:
            seconds.append(running.started_in)
            megabytes.append(_resident(running) / 2**20)
    with service(prepare=_fill) as running:
        full_in, full = running.started_in, _resident(running)
    return {
        "start to ready, no data, s": statistics.median(seconds),
        "memory after start, four channels, MiB": statistics.median(megabytes),
        "start to ready, 100,000 open conversations, s": full_in,
        "memory for each open conversation, KiB": (full - statistics.median(megabytes) * 2**20) / OPEN / 1024,
    }


def _resident(running: Service) -> int:
    size: int = psutil.Process(running.pid).memory_info().rss
    return size


def _fill(data: Path) -> None:
    store = Store.open("", data)
    writing, now = Writing(store.dialect), datetime.now(UTC)

    def write(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        for first in range(0, OPEN, AT_ONCE):
            writing.write(cursor, _rows(first, now), {}, micros(now))
        writing.routing.run(cursor, [(1, 0, 1, 0)])  # decided under the first version, as after an ordinary stop
        cursor.close()

    asyncio.run(store.write(write))
    store.close()


def _rows(first: int, now: datetime) -> Rows:
    rows, at = Rows(), micros(now)
    for each in _waiting(first, now):
        rows.new_contacts.append((each.contact, "王小明", "zh-CN", "{}", at, at))
        rows.new_threads.append((each.thread, each.inbox, each.channel, each.contact, each.contact, "{}", 0, at))
        rows.conversations[each.id] = each
    return rows


def _waiting(first: int, now: datetime) -> Iterator[Conversation]:
    groups = list(NEEDS)
    for number in range(first, first + AT_ONCE):
        name, group = f"{number:026}", groups[number % len(groups)]
        since = now - timedelta(milliseconds=OPEN - number)
        yield Conversation(
            id=ConversationId(f"cnv_{name}"),
            thread=ThreadId(f"thr_{name}"),
            contact=ContactId(f"ctc_{name}"),
            inbox=InboxId("bot"),
            channel=ChannelName("telegram"),
            group=GroupId(group),
            state=State.WAITING,
            owner=queued(GroupId(group)),
            epoch=1,
            priority=PriorityTag("normal"),
            created_at=since,
            language="zh-CN",
            requirement=requirement({SkillId(NEEDS[group]): 2}),
            entered_waiting_at=since,
            due_from=since,
            queued_at=since,
            due_at=since + timedelta(minutes=5),
            unanswered_since=since,
            last_contact_at=since,
        )
