"""What happened on a generated day is decided again from the stored events, to the same bytes; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from gateway.replaying import restored
from gateway.store import Store, schema
from gateway.store.codec import encode
from gateway.store.read_events import Moment, StoredEvent, events_between
from gateway.store.snapshots import Snapshot, keep, newest_before, taken
from router.board import Board
from router.effects import Effect, RecordTrace
from router.reason import Code
from router.replay import inquire, replay
from router.settings import Settings
from router.trace import Outcome, Verdict
from tests.fakes.clock import StandingClock
from tests.gateway.engine.day import LASTS, MORNING, Day
from tests.gateway.engine.workshop import running
from tests.router.world import NIGHT, everything

CONTACTS = 60
FOREVER = Moment(2**62, 0)
SETTINGS = {version: everything(version, without=NIGHT if version == 2 else None) for version in (1, 2, 3)}


def settings_of(version: int) -> Settings:
    """The company's files by version."""
    return SETTINGS[version]


async def lived(open_store: Callable[[], Store], contacts: int, seed: int) -> Store:
    """A day in three parts, with a restart, other files twice, and a snapshot before each part."""
    clock, chance, store = StandingClock(MORNING), Random(seed), open_store()
    day: Day | None = None
    for part in (1, 2, 3):
        rules = SETTINGS[2 if part == 3 else 1]
        async with running(store, clock=clock, rules=rules) as bench:
            snapshot = await store.read(lambda c, version=rules.version: taken(c, version, clock.now()))  # type: ignore[misc]  # its default
            await store.write(lambda c, snapshot=snapshot: keep(c, snapshot))  # type: ignore[misc]  # its default
            if day is None:
                day = Day(bench, clock, chance)
                day.plan(contacts)
            day.move_to(bench)
            await day.until(MORNING + LASTS * part / 3)
            if part == 2:
                await bench.engine.configure(SETTINGS[2])
                await day.until(MORNING + LASTS * part / 3)
            if part == 3:
                await bench.engine.configure(SETTINGS[3])
                await day.until(MORNING + LASTS + timedelta(hours=1))
        store.close()
        store = open_store()
    return store


def again(snapshot: Snapshot, events: list[StoredEvent]) -> tuple[Board, list[tuple[Effect, ...]]]:
    """The board after these events, and all their effects."""
    board = restored(snapshot, settings_of(snapshot.version))
    return board, list(replay(board, [each.event() for each in events], settings_of))


def texts(decided: list[tuple[Effect, ...]]) -> dict[str, str]:
    """The traces by id, as they are stored."""
    found = [effect.trace for effects in decided for effect in effects if isinstance(effect, RecordTrace)]
    return {trace.id: encode(trace) for trace in found}


async def rows(store: Store, rev: int) -> tuple[dict[str, str], list[StoredEvent]]:
    """The stored traces of what was decided behind a revision, and the events."""
    events = await store.read(lambda c: events_between(c, rev, FOREVER))
    query = select(schema.traces.c.id, schema.traces.c.body)
    stored = {row.id: row.body for row in await store.read(lambda c: c.execute(query).all())}
    known = {each.id for each in events}
    return {id_: body for id_, body in stored.items() if id_.partition(".")[0] in known}, events


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_same_bytes(open_store: Callable[[], Store], seed: int, effort: int) -> None:
    """From each snapshot on, every trace of the day comes out byte by byte, and the board ends where the rows are."""
    store = await lived(open_store, CONTACTS * effort, seed)
    end = await store.read(lambda c: taken(c, 3, MORNING))
    revs = await store.read(lambda c: list(c.execute(select(schema.snapshots.c.rev)).scalars()))
    assert len(revs) == 3
    for rev in revs:
        snapshot = await store.read(lambda c, before=rev + 1: newest_before(c, before))  # type: ignore[misc]  # its default
        assert snapshot is not None
        stored, events = await rows(store, rev)
        board, decided = again(snapshot, events)
        assert texts(decided) == stored
        assert len(stored) > CONTACTS / 10
        present = restored(end, settings_of(3))
        assert encode(sorted(map(encode, board.conversations.values()))) == encode(
            sorted(map(encode, present.conversations.values()))
        )
        assert board.offers == present.offers
        assert {id_: seat.written() for id_, seat in board.roster.seats.items()} == {
            id_: seat.written() for id_, seat in present.roster.seats.items()
        }
        assert board.doors.overrides == present.doors.overrides
        assert board.pauses == present.pauses


async def test_without_one_event_it_is_noticed(open_store: Callable[[], Store]) -> None:
    """Control: when one event of the morning is left out, or the files are others, the bytes are others."""
    store = await lived(open_store, CONTACTS, 1)
    snapshot = await store.read(lambda c: newest_before(c, 1))
    assert snapshot is not None
    stored, events = await rows(store, snapshot.rev)
    came = next(number for number, each in enumerate(events) if each.kind == "AgentConnected")
    assert differs(snapshot, [*events[:came], *events[came + 1 :]], stored)
    assert differs(replace(snapshot, version=2), events, stored)


def differs(snapshot: Snapshot, events: list[StoredEvent], stored: dict[str, str]) -> bool:
    """Whether it comes out otherwise, or not at all."""
    try:
        return texts(again(snapshot, events)[1]) != stored
    except Exception:  # noqa: BLE001  an impossible event is a difference, too
        return True


async def test_everybody_at_each_decision(open_store: Callable[[], Store]) -> None:
    """Whoever was chosen was the first who could; who came next and how many could not are as the trace says."""
    store = await lived(open_store, CONTACTS, 3)
    snapshot = await store.read(lambda c: newest_before(c, 1))
    assert snapshot is not None
    _, events = await rows(store, snapshot.rev)
    board = restored(snapshot, settings_of(1))
    compared = 0
    for stored in events:
        effects, tables = inquire(board, stored.event(), settings_of)
        for trace in [effect.trace for effect in effects if isinstance(effect, RecordTrace)]:
            table = tables[trace.id]
            if trace.outcome not in {Outcome.OFFERED, Outcome.ASSIGNED, Outcome.WAITS} or not table:
                continue
            compared += 1
            able = [each.agent for each in table if each.verdict is Verdict.ELIGIBLE]
            if trace.outcome is Outcome.WAITS:
                assert able == []
            else:
                assert trace.chosen in able or {reason.code for reason in trace.why} & {
                    Code.STICKY,
                    Code.DESPITE_COOL_DOWN,
                }
                assert {each.agent for each in trace.runners_up} <= set(able)
    assert compared > CONTACTS / 2
