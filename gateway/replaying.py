"""A past decision, whole: who could have had the conversation then, and why everybody else could not.

The stored events since the last snapshot are decided again in a process of their own, up to the decision that is asked
about. Whether the decision came out to the same bytes as it was stored is told with it: it does not where the program
is another version than it was, or where somebody's data have been erased since.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from gateway.apart import Apart
from gateway.clock import Clock
from gateway.configuration import numbered, read_texts
from gateway.store import Store
from gateway.store.codec import encode
from gateway.store.read_events import StoredEvent, count_between, events_between, moment_of, trace_of
from gateway.store.snapshots import Snapshot, forget_before, keep, newest_before, opened, taken
from gateway.store.versions import version as stored_version
from router.board import Board
from router.effects import Effect, RecordTrace
from router.errors import Refused
from router.events import ConfigApplied
from router.ids import TraceId
from router.replay import inquire, replay
from router.settings import Settings
from router.trace import Candidate, Trace

MOST_EVENTS = 200_000
"""Further back than this nobody goes: it would take minutes."""

EVERY = timedelta(hours=1)
KEPT_FOR = timedelta(days=30)
"""As long as traces are asked about (`routing.md` §23)."""

REMEMBERED = 32
"""So many tables are kept: the same decision is often asked about twice."""


class NotReplayable(Exception):
    """The decision cannot be made again; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be decided again: from the snapshot on, under which files, up to the last event.

    ``files`` are the versions' texts by number; those of knowledge and the like are found in ``directory``.
    """

    snapshot: Snapshot
    events: Sequence[StoredEvent]
    files: Mapping[int, Mapping[str, str]]
    directory: Path
    trace: TraceId


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTable:
    """All agents as they stood at a decision. ``is_exact``: the decision came out as it was stored, to the byte."""

    trace: Trace
    candidates: tuple[Candidate, ...]
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a job brought: the decision's text as it is stored, and the table; nothing when it did not come again."""

    text: str
    candidates: tuple[Candidate, ...]


def run(job: Job) -> Replayed | None:
    """Run a job here and now.

    Raises:
        NotReplayable: files, snapshot or events do not fit this program any more.
    """

    @cache
    def settings_of(number: int) -> Settings:
        texts = job.files.get(number)
        if texts is None:
            raise NotReplayable(f"version {number} of the files is not kept")
        loaded = read_texts(texts, job.directory, job.snapshot.at, strict=False)
        if loaded.configuration is None:
            raise NotReplayable(f"version {number} of the files cannot be read any more")
        return numbered(loaded.configuration, number).settings

    try:
        board = restored(job.snapshot, settings_of(job.snapshot.version))
        events = [each.event() for each in job.events]
        for _ in replay(board, events[:-1], settings_of):
            pass
        effects, tables = inquire(board, events[-1], settings_of)
    except Refused as refused:
        raise NotReplayable(f"what happened could not happen again: {refused}") from refused
    except (ValueError, KeyError) as error:
        raise NotReplayable(f"it was stored by another version of the program: {error}") from error
    text = _text_of(job.trace, effects)
    return None if text is None else Replayed(text=text, candidates=tables[job.trace])


def restored(snapshot: Snapshot, settings: Settings) -> Board:
    """The board of a snapshot.

    Raises:
        ValueError: it was kept by another version of the program.
    """
    found = opened(snapshot)
    board = Board(settings)
    board.restore(
        found.conversations,
        found.offers,
        found.presences,
        snapshot.at,
        found.timers_by_subject,
        found.overrides,
        found.pauses,
    )
    return board


class Replaying:
    """Keeps snapshots, and makes past decisions again. `run` under a supervisor."""

    def __init__(self, store: Store, directory: Path, clock: Clock, apart: Apart) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._apart = apart
        self._version = 0
        self._known: dict[TraceId, PastTable] = {}

    async def begin(self, version: int) -> None:
        """Keep the first snapshot of this run, under the routing version that it begins with.

        Raises:
            StoreUnavailable: it could not be kept.
        """
        self._version = version
        await self._keep()

    async def run(self) -> None:
        """Keep a snapshot every hour in which something happened, and forget the old ones, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self._keep()

    async def table(self, trace: TraceId) -> PastTable | None:
        """The table of candidates of a stored decision; None when there is no such decision.

        Raises:
            NotReplayable: it lies too far back, or behind a change of the program.
            StoreUnavailable: the rows cannot be read.
        """
        known = self._known.get(trace)
        if known is not None:
            return known
        found = await self._store.read(lambda connection: trace_of(connection, trace))
        if found is None:
            return None
        stored, text = found
        job = await self._store.read(lambda connection: _job(connection, stored, self._directory))
        replayed = await self._apart.run(run, job)
        if replayed is None:
            raise NotReplayable("the decision did not come again")
        table = PastTable(trace=stored, candidates=replayed.candidates, is_exact=replayed.text == text)
        self._known[trace] = table
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return table

    async def _keep(self) -> None:
        now, version = self._clock.now(), self._version
        snapshot = await self._store.read(lambda connection: taken(connection, version, now))

        def write(connection: Connection) -> None:
            keep(connection, snapshot)
            forget_before(connection, now - KEPT_FOR)

        await self._store.write(write)


def _job(connection: Connection, trace: Trace, directory: Path) -> Job:
    moment = moment_of(connection, trace.event)
    snapshot = None if moment is None else newest_before(connection, moment.rev)
    if moment is None or snapshot is None:
        raise NotReplayable("nothing is kept of the time before it")
    if count_between(connection, snapshot.rev, moment) > MOST_EVENTS:
        raise NotReplayable("too much happened since what is kept of the time before it")
    events = events_between(connection, snapshot.rev, moment)
    wanted = {snapshot.version, *(_applied(each) for each in events if each.kind == ConfigApplied.__name__)}
    files = {number: found.files for number in wanted if (found := stored_version(connection, number)) is not None}
    return Job(snapshot=snapshot, events=events, files=files, directory=directory, trace=trace.id)


def _applied(stored: StoredEvent) -> int:
    event = stored.event()
    return event.version if isinstance(event, ConfigApplied) else 0


def _text_of(trace: TraceId, effects: tuple[Effect, ...]) -> str | None:
    traces = (effect.trace for effect in effects if isinstance(effect, RecordTrace))
    return next((encode(each) for each in traces if each.id == trace), None)
