"""Counting: the rows of figures from what is stored, by deciding it again.

What is decided again is read piece by piece, from one snapshot to the next. An event that cannot be decided again
(another version of the program decided it, or somebody's data have been erased since) is left out and told; from the
next snapshot on the board is what it was, and so are the figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from gateway.configuration import numbered, read_texts
from gateway.replaying import NotReplayable, restored
from gateway.store.read_events import Moment, StoredEvent, events_between
from gateway.store.snapshots import Snapshot, newest_before, revisions_since
from gateway.store.versions import version as stored_version
from router.board import Board
from router.errors import Refused
from router.events import ConfigApplied
from router.figures.ledger import Ledger
from router.figures.row import Rows
from router.replay import SettingsOf, replay
from router.settings import Settings

T = TypeVar("T")

LAST_PLACE = 2**31 - 1
LAST_REVISION = 2**62

Progress = Callable[[int, int], None]
"""Told how many pieces are done, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted: from ``since`` on, without the ``skipped`` events that could not be decided again."""

    rows: Rows
    since: datetime
    skipped: int


class Reader(Protocol):
    """Runs a closure in a reading transaction of its own: none stays open while events are decided."""

    def __call__(self, closure: Callable[[Connection], T], /) -> T:
        """What the closure found."""


def count(read: Reader, since: datetime, now: datetime, settings_of: SettingsOf, progress: Progress) -> Counted:
    """Everything that can be counted since then; later, where nothing is kept of the time before.

    Raises:
        NotReplayable: nothing is kept, or files or snapshots do not fit this program any more.
    """
    revisions = read(lambda connection: revisions_since(connection, since))
    if not revisions:
        raise NotReplayable("nothing is kept of what happened: the service has not run yet")
    first = _snapshot(read, revisions[0])
    counting = _Counting(first, settings_of)
    for number, rev in enumerate(revisions):
        progress(number, len(revisions))
        if counting.is_astray:
            counting.resume(_snapshot(read, rev))
        until = Moment(revisions[number + 1] if number + 1 < len(revisions) else LAST_REVISION, LAST_PLACE)
        for event in _events(read, rev, until):
            counting.decide(event)
    progress(len(revisions), len(revisions))
    return Counted(rows=counting.ledger.rows(now), since=max(since, first.at), skipped=counting.skipped)


def applied_settings(read: Reader, directory: Path, now: datetime) -> SettingsOf:
    """The settings of each version that was applied; ``directory`` is where files of knowledge are found."""

    @cache
    def settings_of(number: int) -> Settings:
        found = read(lambda connection: stored_version(connection, number))
        if found is None:
            raise NotReplayable(f"version {number} of the files is not kept")
        loaded = read_texts(found.files, directory, now, strict=False)
        if loaded.configuration is None:
            raise NotReplayable(f"version {number} of the files cannot be read any more")
        return numbered(loaded.configuration, number).settings

    return settings_of


class _Counting:
    """A board that lives through it again, and the ledger that reads along. ``is_astray`` once an event is skipped."""

    def __init__(self, snapshot: Snapshot, settings_of: SettingsOf) -> None:
        self._settings_of = settings_of
        self.ledger = Ledger(settings_of(snapshot.version))
        self.skipped = 0
        self._board = self._begin(snapshot)

    @property
    def is_astray(self) -> bool:
        return self._is_astray

    def resume(self, snapshot: Snapshot) -> None:
        """Go on from what is known to be right."""
        self.ledger.configure(self._settings_of(snapshot.version))
        self._board = self._begin(snapshot)

    def decide(self, stored: StoredEvent) -> None:
        """Decide an event again, and count what followed."""
        try:
            event = stored.event()
            (effects,) = replay(self._board, [event], self._settings_of)
        except (Refused, ValueError):
            self.skipped += 1
            self._is_astray = True
            return
        if isinstance(event, ConfigApplied):
            self.ledger.configure(self._settings_of(event.version))
        self.ledger.note(event, effects)

    def _begin(self, snapshot: Snapshot) -> Board:
        try:
            board = restored(snapshot, self._settings_of(snapshot.version))
        except (ValueError, KeyError) as error:
            raise NotReplayable(f"it was stored by another version of the program: {error}") from error
        presences = (seat.written() for seat in board.roster.seats.values())
        self.ledger.begin(board.conversations.values(), presences, snapshot.at)
        self._is_astray = False
        return board


def _snapshot(read: Reader, rev: int) -> Snapshot:
    found = read(lambda connection: newest_before(connection, rev + 1))
    if found is None or found.rev != rev:
        raise NotReplayable("what is kept has changed meanwhile: try again")
    return found


def _events(read: Reader, after: int, until: Moment) -> list[StoredEvent]:
    return read(lambda connection: events_between(connection, after, until))
