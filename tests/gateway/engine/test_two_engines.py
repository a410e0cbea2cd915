"""Two gateways on one database: whoever holds the routing row routes, and neither trusts what it remembers."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from pathlib import Path

import pytest

from gateway.clock import SystemClock
from gateway.crossing import Quarantined
from gateway.live import Live
from gateway.store import Store, schema
from gateway.store.loading import Head
from gateway.store.statement import Cursor
from router.conversation import OwnerKind
from router.errors import Refused
from skills.agent import DEFAULT_BURST
from skills.ids import AgentId
from tests.gateway.databases import PostgresServer
from tests.gateway.engine.invariants import breaches
from tests.gateway.engine.workshop import LI, UNITS, WANG, Bench, running, wrote

CONTACTS = 12
FAILED = "batch of"
"""What the engine logs when a batch fails, whatever it was that stopped it."""

MOST = UNITS + DEFAULT_BURST
"""What an agent may carry when a contact comes back to a conversation that was theirs."""


@pytest.fixture(params=[True])
def two_stores(
    request: pytest.FixtureRequest, postgresql_server: PostgresServer, tmp_path: Path
) -> Iterator[list[Store]]:
    """Two gateways' stores on the same database; a parameter says whether they are patient."""
    url = postgresql_server.fresh(is_patient=request.param)
    stores = [Store.open(url, tmp_path) for _ in range(2)]
    yield stores
    for store in stores:
        store.close()


async def work(benches: list[Bench], chance: random.Random, rounds: int) -> None:
    """Contacts write, agents answer and resolve: each through either gateway, several at a time."""
    for _ in range(rounds):
        await asyncio.gather(*(_step(chance.choice(benches), chance) for _ in range(4)))


async def _step(bench: Bench, chance: random.Random) -> None:
    if chance.random() < 0.6:
        await bench.receive(wrote(f"a{chance.randrange(CONTACTS)}"))
        return
    mine = [each for each in (await bench.conversations()).values() if each.owner.kind is OwnerKind.AGENT]
    if not mine:
        return
    one = chance.choice(mine)
    try:
        if chance.random() < 0.5:
            await bench.answer(one.id, AgentId(one.owner.id), epoch=one.epoch)
        else:
            await bench.resolve(one.id, AgentId(one.owner.id))
    except Refused:
        pass  # somebody was quicker


async def both(stores: list[Store], stack: AsyncExitStack) -> list[Bench]:
    """An engine on each store, the agents ready."""
    benches = [await stack.enter_async_context(running(store, clock=SystemClock())) for store in stores]
    await benches[0].ready(LI, WANG)
    return benches


@pytest.mark.parametrize("seed", range(3))
async def test_two_engines_keep_every_promise(
    two_stores: list[Store], seed: int, effort: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever two engines do side by side: no agent carries too much, no message is lost, doubled or misnumbered."""
    async with AsyncExitStack() as stack:
        benches = await both(two_stores, stack)
        await work(benches, random.Random(seed), 25 * effort)
        assert await breaches(two_stores[0], MOST) == []
        boards = [await bench.conversations() for bench in benches]
        assert boards[0] == boards[1]
        assert await benches[0].count(schema.messages) > 0
        assert FAILED not in caplog.text, "no constraint had to stop anybody"


async def test_an_engine_that_trusts_its_memory_breaks_them(
    two_stores: list[Store], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Control: when the revision is not compared, the same work breaks promises or runs into the last walls."""
    honest = Live.refresh

    def trusting(live: Live, cursor: Cursor, head: Head, now: datetime) -> None:
        if live.rev is None:
            honest(live, cursor, head, now)

    monkeypatch.setattr(Live, "refresh", trusting)
    async with AsyncExitStack() as stack:
        benches = await both(two_stores, stack)
        with suppress(Quarantined):  # a constraint may stop it first
            await work(benches, random.Random(0), 25)
        assert await breaches(two_stores[0], MOST) or FAILED in caplog.text


@pytest.mark.parametrize("two_stores", [False], indirect=True)
async def test_the_routing_row_waits_for_nobody_for_ever(two_stores: list[Store]) -> None:
    """A gateway that stands still inside its transaction is cut off by the server, and the other goes on."""
    first, second = two_stores
    holds, may_end = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def stand_still() -> None:
        def closure(connection: object) -> None:
            connection.exec_driver_sql("SELECT rev FROM routing FOR NO KEY UPDATE")  # type: ignore[attr-defined]
            loop.call_soon_threadsafe(holds.set)
            asyncio.run_coroutine_threadsafe(may_end.wait(), loop).result()
            connection.exec_driver_sql("UPDATE routing SET rev = rev + 100")  # type: ignore[attr-defined]

        await first.write(closure)

    stuck = asyncio.create_task(stand_still())
    await holds.wait()
    async with running(second) as bench:
        await bench.receive(wrote("ann"))
        may_end.set()
        with pytest.raises(Exception, match=r"timeout|closed|terminat"):
            await stuck
        assert await bench.count(schema.messages) == 1
        assert (await bench.rows(schema.routing, "rev"))[0][0] < 100


async def test_rows_that_refer_to_others_do_not_wait_for_the_router(two_stores: list[Store]) -> None:
    """While one gateway routes, the other can write what does not route (a session, a media file)."""
    first, second = two_stores
    async with running(first) as bench:
        await bench.receive(wrote("ann"))

        def closure(connection: object) -> None:
            connection.exec_driver_sql("SELECT rev FROM routing FOR NO KEY UPDATE")  # type: ignore[attr-defined]
            asyncio.run_coroutine_threadsafe(other(), loop).result()

        async def other() -> None:
            await second.write(
                lambda connection: connection.execute(
                    schema.media.insert().values(id="m", mime="x", size=1, created_at=0)
                ).close()
            )

        loop = asyncio.get_running_loop()
        await first.write(closure)
        assert await bench.count(schema.media) == 1
