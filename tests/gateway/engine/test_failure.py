"""What happens when something fails: an event, a reply, a row, the disk, the answer to a COMMIT."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from adapters.contract import Wrote
from gateway.crossing import Quarantined
from gateway.engine import TRIES
from gateway.store import Store, StoreUnavailable, schema
from router.board import Board
from router.decide import decide as core
from router.effects import Effect
from router.events import AgentReplied, AnyEvent, MessageReceived, TimerFired, TimerKind
from router.message import Text, plain_text
from tests.gateway.engine.workshop import LI, new_event, running, wrote


class Poisoned(RuntimeError):
    """The core fails on purpose."""


def poisoned(board: Board, event: AnyEvent) -> tuple[Effect, ...]:
    """The core, with a mistake: it changes the board and then fails on the word poison, and on every timer."""
    effects = core(board, event)
    if isinstance(event, MessageReceived | AgentReplied) and "poison" in plain_text(event.parts):
        raise Poisoned(plain_text(event.parts))
    if isinstance(event, TimerFired):
        raise Poisoned("timer")
    return effects


async def test_a_poison_event_is_set_aside_and_its_neighbours_go_on(store: Store) -> None:
    """A message on which the core fails is quarantined with its words and an alarm; all others are routed in order."""
    async with running(store, decide=poisoned) as bench:
        messages = [wrote(f"a{n}", "poison" if n == 7 else f"words {n}") for n in range(20)]
        await asyncio.gather(*(bench.receive(message) for message in messages))
        assert await bench.count(schema.messages) == 19
        assert len(await bench.conversations()) == 19
        rows = await bench.rows(schema.events, "state", "attempts", "kind", "body", "problem")
        [(attempts, kind, body, problem)] = [row[1:] for row in rows if row[0] == "quarantined"]
        assert (attempts, kind) == (TRIES, "Wrote")
        assert "poison" in body
        assert "Poisoned" in problem
        assert len(bench.notes.alarms) == 1


async def test_what_was_set_aside_stays_aside(store: Store) -> None:
    """A platform that sends a quarantined message again is answered, and nothing is tried again."""
    async with running(store, decide=poisoned) as bench:
        message = wrote("ann", "poison")
        await bench.receive(message)
        await bench.receive(message)
        assert await bench.rows(schema.events, "state", "attempts") == [("quarantined", TRIES)]
        assert len(bench.notes.alarms) == 1
        await bench.receive(wrote("ann", "fine"))
        assert await bench.count(schema.messages) == 1


async def test_an_agents_poison_is_told_to_the_agent(store: Store) -> None:
    """An answer on which the core fails raises `Quarantined`, and the agent can go on."""
    async with running(store, decide=poisoned) as bench:
        await bench.ready(LI)
        await bench.receive(wrote("ann"))
        conversation = (await bench.conversations())["ann"].id
        with pytest.raises(Quarantined):
            await bench.answer(conversation, LI, "poison")
        await bench.answer(conversation, LI, "better")
        assert [row[0] for row in await bench.rows(schema.messages, "text")] == ["hello", "better"]


async def test_a_poison_timer_does_not_fire_for_ever(store: Store) -> None:
    """A timer on which the core fails is set aside with its row."""
    async with running(store, decide=poisoned) as bench:
        await store.write(
            lambda connection: connection.execute(
                schema.timers.insert().values(kind="agent", subject="li", at=1)
            ).close()
        )
        with pytest.raises(Quarantined):
            await bench.engine.submit(
                TimerFired(id=new_event(), at=bench.clock.now(), kind=TimerKind.AGENT, subject="li")
            )
        assert await bench.count(schema.timers) == 0


async def test_a_failure_that_passes_loses_nothing(store: Store) -> None:
    """An event that fails once and then works is decided once, and not quarantined."""
    failures = iter([True])

    def fragile(board: Board, event: AnyEvent) -> tuple[Effect, ...]:
        effects = core(board, event)
        if next(failures, False):
            raise Poisoned
        return effects

    async with running(store, decide=fragile) as bench:
        await bench.receive(wrote("ann"))
        assert await bench.rows(schema.events, "state", "kind") == [("done", "MessageReceived")]
        assert await bench.rows(schema.messages, "seq") == [(1,)]


async def test_what_was_pending_when_the_process_ended_is_taken_up(open_store: Callable[[], Store]) -> None:
    """An event that was counted and not decided is decided at the next start, with its words."""
    store = open_store()
    async with running(store, decide=ended_process) as bench:
        with pytest.raises(ProcessEnded):
            await bench.engine._alone(_item(wrote("ann", "words")))  # noqa: SLF001  up to its first try
    assert [row[0] for row in await _states(store)] == ["pending"]
    async with running(store) as bench:
        assert await bench.rows(schema.events, "state", "kind") == [("done", "MessageReceived")]
        assert await bench.rows(schema.messages, "text") == [("words",)]


class ProcessEnded(BaseException):
    """As if the process had ended here."""


def ended_process(board: Board, event: AnyEvent) -> tuple[Effect, ...]:
    """A core that never returns."""
    raise ProcessEnded


def _item(message: Wrote) -> Any:
    from gateway.crossing import Arrival, Item  # noqa: PLC0415  only here
    from tests.gateway.engine.workshop import CHANNEL, INBOX  # noqa: PLC0415  only here

    waiter: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    return Item(Arrival(INBOX, CHANNEL, message), waiter)


async def _states(store: Store) -> list[Any]:
    return await store.read(
        lambda connection: list(connection.execute(schema.events.select().with_only_columns(schema.events.c.state)))
    )


async def test_what_cannot_be_written_is_the_events_own_fault(store: Store) -> None:
    """Half a character breaks no neighbour: it is set aside as Python shows it, and the others are committed."""
    async with running(store) as bench:
        broken = wrote("ann", parts=(Text(text="\ud800"),))
        await asyncio.gather(bench.receive(wrote("bob")), bench.receive(broken), bench.receive(wrote("cid")))
        assert await bench.count(schema.messages) == 2
        states = {row[0]: row[1] for row in await bench.rows(schema.events, "state", "body")}
        assert "ud800" in states["quarantined"]


async def test_a_row_that_breaks_a_constraint_is_found_by_halving(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a batch breaks a constraint, the one event behind it is found, and the order of the others is kept."""
    bad = "x" * 40_000

    async with running(store) as bench:
        if store.dialect == "sqlite":
            forbid = "CREATE TRIGGER no BEFORE INSERT ON messages WHEN length(NEW.text) > 30000 "
            forbid += "BEGIN SELECT RAISE(ABORT, 'no'); END"
        else:
            forbid = "ALTER TABLE messages ADD CONSTRAINT no CHECK (length(text) < 30000)"
        await store.write(lambda connection: connection.exec_driver_sql(forbid).close())
        words = [bad if n == 13 else str(n) for n in range(30)]
        await asyncio.gather(*(bench.receive(wrote("ann", text)) for text in words))
        expected = [text for text in words if text != bad]
        assert [row[0] for row in await bench.rows(schema.messages, "text")] == expected
        assert len(bench.notes.alarms) == 1


async def test_a_full_disk_acknowledges_nothing_and_recovers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """While the disk is full nothing is acknowledged or half done; as soon as there is room everything works."""
    store = Store.open("", tmp_path)
    try:
        async with running(store) as bench:
            await bench.receive(wrote("ann"))
            await store.write(lambda connection: _limit(connection, 0))
            results = await asyncio.gather(
                *(bench.receive(wrote(f"a{n}", "x" * 9_000, key=f"k{n}")) for n in range(50)), return_exceptions=True
            )
            assert all(isinstance(result, StoreUnavailable) for result in results)
            assert await bench.count(schema.messages) == 1
            assert caplog.text.count("cannot be written") == 1
            assert "can be written again" not in caplog.text
            await store.write(lambda connection: _limit(connection, 100_000))
            await asyncio.gather(*(bench.receive(wrote(f"a{n}", "x" * 9_000, key=f"k{n}")) for n in range(50)))
            assert await bench.count(schema.messages) == 51
            assert caplog.text.count("can be written again") == 1
            assert len(await bench.conversations()) == 51
    finally:
        store.close()


def _limit(connection: Connection, more: int) -> None:
    """Let the file grow by so many pages and no further."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + more}")


class Forgetful:
    """A store whose first transactions are committed, or not, but never confirmed."""

    def __init__(self, store: Store, *, commits: list[bool]) -> None:
        self._store = store
        self._commits = commits
        self.dialect = store.dialect
        self.read = store.read

    async def write(self, closure: Callable[[Connection], Any]) -> Any:
        """As the store's, with its answer lost."""
        if not self._commits:
            return await self._store.write(closure)
        if self._commits.pop(0):
            await self._store.write(closure)
        else:
            with pytest.raises(ZeroDivisionError):
                await self._store.write(lambda connection: (closure(connection), 1 / 0))
        raise StoreUnavailable("the connection was lost in COMMIT")


@pytest.mark.parametrize("commits", [[True], [False], [False, True], [False, False]])
async def test_a_commit_whose_answer_was_lost_counts_once(
    store: Store, commits: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit whose answer was lost: each message and each answer is there once, and the desk is told once."""
    monkeypatch.setattr("gateway.engine.PATIENCE_SECONDS", 60.0)  # it is the tries that count, on a slow machine too
    async with running(store) as bench:
        await bench.ready(LI)
        await bench.receive(wrote("ann"))
        conversation = (await bench.conversations())["ann"].id
        bench.notes.told.clear()
        bench.engine._store = Forgetful(store, commits=commits)  # type: ignore[assignment]  # noqa: SLF001  a lossy line
        await asyncio.gather(bench.receive(wrote("bob"), wrote("cid")), bench.answer(conversation, LI))
        assert await bench.count(schema.messages) == 4
        assert await bench.count(schema.outbox) == 1
        assert len(bench.notes.told) == 1
        await bench.answer(conversation, LI)
        assert await bench.count(schema.messages) == 5


async def test_a_store_that_stays_away_acknowledges_nothing(store: Store) -> None:
    """After three tries everybody who waits is told, and what comes later works."""
    async with running(store) as bench:
        bench.engine._store = Forgetful(store, commits=[False] * 3)  # type: ignore[assignment]  # noqa: SLF001  as above
        with pytest.raises(StoreUnavailable):
            await bench.receive(wrote("ann", key="1"))
        await bench.receive(wrote("ann", key="1"))
        assert await bench.count(schema.messages) == 1
