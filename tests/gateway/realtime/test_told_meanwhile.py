"""What a page is told while something else happens, which connections make happen while a frame is on its way."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import Connection, insert

from adapters.visit import Status, Welcome
from gateway.clock import micros
from gateway.configuration import read_files
from gateway.realtime.line import Line
from gateway.realtime.visits import Visit, Visits
from gateway.store import Store
from gateway.store.schema import contacts, messages, threads
from router.ids import InboxId, ThreadId
from tests.fakes.clock import NOON
from tests.gateway.realtime.reception import DEMO

WEBSITE = InboxId("website")
THREAD = ThreadId("thr_1")
LAST = 5
WAITING = Status(state="waiting", open=True, position=1)
ACTIVE = Status(state="active", open=True, agent="Nana")


class Connected:
    """The far end of a connection: what came, and what happens while the next frame is on its way."""

    closed = False

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self.line = Line(cast("Any", self), cast("asyncio.Transport", self), "", 0.0)

    async def send_frame(self, data: bytes, _: object) -> None:
        """A frame is on its way."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        self.heard.append(msgspec.json.decode(data))

    def get_write_buffer_size(self) -> int:
        """Everything was read."""
        return 0


@pytest.fixture
async def visits(store: Store) -> Visits:
    """Visits over a thread with five messages."""

    def fill(connection: Connection) -> None:
        at = micros(NOON)
        connection.execute(insert(contacts).values(id="ctc_1", created_at=at, updated_at=at))
        thread = {"id": THREAD, "inbox": WEBSITE, "channel": "web", "address": "vis_1", "contact": "ctc_1"}
        connection.execute(insert(threads).values(**thread, last_seq=LAST, created_at=at))
        said = {"thread": THREAD, "conversation": "cnv_1", "direction": "out", "author_kind": "system", "author": ""}
        texts = {"note": False, "text": "", "parts": "[]"}
        rows = [{**said, **texts, "id": f"msg_{seq}", "seq": seq, "at": at} for seq in range(1, LAST + 1)]
        connection.execute(insert(messages), rows)

    await store.write(fill)
    demo = read_files(DEMO, NOON).configuration
    assert demo is not None
    return Visits(store=store, settings=lambda: demo.settings, sign=lambda media, _: media)


def enter(visits: Visits, *ends: Connected) -> Visit:
    """These are pages of one contact."""
    visit = Visit(token_hash="", inbox=WEBSITE, address="vis_1", is_kept=True)
    for end in ends:
        visits.enter(visit, end.line)
    visits.belongs(visit, THREAD)
    return visit


async def test_page_that_begins_further_back_misses_nothing(visits: Visits) -> None:
    """A page resumes while another is told what is new: each hears all that it has not heard, once, in order."""
    early, late = Connected(), Connected()
    visit = enter(visits, early, late)
    early.meanwhile = lambda: visits.resume(visit, late.line, 0, LAST)
    await visits.resume(visit, early.line, 3, LAST)
    assert [frame["seq"] for frame in early.heard] == [4, 5]
    assert [frame["seq"] for frame in late.heard] == [1, 2, 3, 4, 5]


async def test_what_a_second_page_learns_first_is_told_to_the_first(visits: Visits) -> None:
    """A welcome knows the newest standing: the other page has not heard of it, and is told; who knows is not."""
    first, second = Connected(), Connected()
    visit = enter(visits, first, second)
    await visits.welcome(visit, first.line, welcome(WAITING), WAITING)
    await visits.welcome(visit, second.line, welcome(ACTIVE), ACTIVE)
    await visits.inform(visit, ACTIVE)
    assert [frame["type"] for frame in first.heard] == ["welcome", "status"]
    assert [frame["type"] for frame in second.heard] == ["welcome"]


async def test_welcome_that_is_older_than_what_others_heard_is_looked_at_again(visits: Visits) -> None:
    """It moves while a welcome is on its way: nothing comes before the welcome, and it is told after it."""
    page = Connected()
    visit = enter(visits, page)
    page.meanwhile = lambda: visits.inform(visit, ACTIVE)
    await visits.welcome(visit, page.line, welcome(WAITING), WAITING)
    assert visits.moved == {visit}
    await visits.inform(visit, ACTIVE)
    assert [frame["type"] for frame in page.heard] == ["welcome", "status"]


def welcome(status: Status) -> Welcome:
    """A welcome that says so."""
    return Welcome(token="", inbox={}, thread_seq=LAST, status=msgspec.to_builtins(status))
