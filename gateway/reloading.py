"""Changing the configuration of a running service: by the files, by an administrator's call, by what others applied.

A command or another gateway writes a version into the store; the service follows the store.

Traffic never stops for it. What cannot be applied changes nothing: the version in force stays, and the problem is
shown.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from watchfiles import awatch

from config.configuration import FILES, Configuration
from config.load import Loaded
from gateway.clock import Clock
from gateway.configuration import (
    LiveConfiguration,
    first_error,
    new_version,
    numbered,
    read_files,
    read_texts,
)
from gateway.engine import Engine
from gateway.store import Store
from gateway.store.versions import FROM_FILES, Version, add_version, latest, latest_number, version

log = logging.getLogger(__name__)

FOLLOW_EVERY = 2.0
"""Seconds between two looks at the store for a version that somebody else wrote."""


LOOK_MS = 2_000
"""Milliseconds after which the watch says that nothing has changed."""


class Stale(Exception):
    """Somebody applied another version meanwhile; ``present`` is its number."""

    def __init__(self, present: int) -> None:
        super().__init__(f"version {present} was applied meanwhile")
        self.present = present


class NotApplicable(Exception):
    """The files have errors; ``loaded`` says which."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__(first_error(loaded))
        self.loaded = loaded


class UnknownVersion(Exception):
    """There is no such version."""


class Reloading:
    """Applies versions, one at a time. ``tell`` are called after each change, and when the files cannot be applied."""

    def __init__(
        self,
        *,
        directory: Path,
        read: Mapping[str, str],
        live: LiveConfiguration,
        store: Store,
        engine: Engine,
        clock: Clock,
        tell: Sequence[Callable[[], None]],
    ) -> None:
        """``read``: the files as they were read at the start."""
        self.directory = directory
        self._read = read
        self._live = live
        self._store = store
        self._engine = engine
        self._clock = clock
        self._tell = tell
        self._turn = asyncio.Lock()

    async def watch(self) -> None:
        """Apply the files whenever they change, until cancelled. Every way of replacing a file is noticed.

        So is what changed after they were read at the start and before anybody watched: they are read once more.
        """
        is_first = True
        async for changes in awatch(self.directory, recursive=True, yield_on_timeout=True, rust_timeout=LOOK_MS):
            if changes or is_first:
                is_first = False
                await self.read_again()

    async def follow(self) -> None:
        """Put in force what others write into the store, until cancelled."""
        while True:
            await asyncio.sleep(FOLLOW_EVERY)
            await self.catch_up()

    async def catch_up(self) -> None:
        """Look at the store now; a newer version than the one in force comes into force."""
        if await self._store.read(latest_number) <= self._live.settings.version:
            return
        async with self._turn:
            found = await self._store.read(latest)
            if found is None or found.number <= self._live.settings.version:
                return
            loaded = await asyncio.to_thread(read_texts, found.files, self.directory, self._clock.now(), strict=True)
            if loaded.configuration is None:
                self._refuse(f"version {found.number}: {first_error(loaded)}")
                return
            await self._put_in_force(numbered(loaded.configuration, found.number), found.author)

    async def read_again(self) -> None:
        """Look at the files now; apply them when they have changed and can be applied.

        Files that only look touched change nothing: what an administrator applied since they were read stays.
        """
        async with self._turn:
            loaded = await asyncio.to_thread(read_files, self.directory, self._clock.now())
            has_changed, self._read = loaded.texts != self._read, loaded.texts
            if not has_changed and loaded.configuration is not None and not self._live.problem:
                return
            if loaded.configuration is None:
                self._refuse(first_error(loaded))
            elif loaded.texts != self._live.configuration.texts:
                try:
                    await self._apply(loaded, FROM_FILES, "the files changed")
                except Exception as error:  # noqa: BLE001  the version in force stays, whatever is wrong with the new one
                    self._refuse(f"not applied: {error}")
            elif self._live.problem:
                self._live.put(self._live.configuration)
                self._announce()

    async def apply(self, texts: Mapping[str, str], *, author: str, message: str, base: int | None) -> Version:
        """Apply these files (those not named stay as they are) as a new version.

        Raises:
            Stale: ``base`` is not the version in force.
            NotApplicable: they have errors, or a test in them fails.
        """
        async with self._turn:
            present = self._live.settings.version
            if base is not None and base != present:
                raise Stale(present)
            whole = {**self._live.configuration.texts, **texts}
            loaded = await asyncio.to_thread(read_texts, whole, self.directory, self._clock.now(), strict=True)
            return await self._apply(loaded, author, message)

    async def roll_back(self, number: int, *, author: str) -> Version:
        """Apply an earlier version again, under a new number.

        Raises:
            UnknownVersion: there is none.
            NotApplicable: it cannot be applied any more.
        """
        async with self._turn:
            found = await self._store.read(lambda c: version(c, number))
            if found is None:
                raise UnknownVersion(f"there is no version {number}")
            loaded = await asyncio.to_thread(read_texts, found.files, self.directory, self._clock.now(), strict=True)
            return await self._apply(loaded, author, f"rolled back to version {number}")

    async def _apply(self, loaded: Loaded, author: str, message: str) -> Version:
        if loaded.configuration is None:
            raise NotApplicable(loaded)
        texts = {name: loaded.texts[name] for name in FILES}
        added = await self._store.write(
            lambda c: add_version(c, new_version(texts, author, message, self._clock.now()))
        )
        await self._put_in_force(numbered(loaded.configuration, added.number), author)
        return added

    async def _put_in_force(self, configuration: Configuration, author: str) -> None:
        before = self._live.configuration
        self._live.put(configuration)  # first, so that the engine finds the new replies
        try:
            await self._engine.configure(configuration.settings)
        except BaseException:
            self._live.put(before, "the new version could not be put in force")
            self._announce()
            raise
        log.info("configuration applied", extra={"version": configuration.settings.version, "author": author})
        if configuration.inboxes != before.inboxes:
            log.warning("inboxes have changed: they are connected as before until the service starts again")
        self._announce()

    def _refuse(self, problem: str) -> None:
        log.error("the files cannot be applied; the version in force stays", extra={"problem": problem})
        self._live.put(self._live.configuration, problem)
        self._announce()

    def _announce(self) -> None:
        for tell in self._tell:
            tell()
