"""The configuration in force: one value that everybody asks, and how it is found when the service starts.

The files on disk are wanted; the store remembers every version that was applied. Files that cannot be applied never
stop a service that has run before: it goes on with the last version, and says so wherever somebody looks.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adapters.capabilities import Capabilities
from adapters.registry import channel, channel_names
from config.configuration import Configuration
from config.inbox import Channels, Surroundings
from config.load import Loaded, load, load_texts
from config.problem import Severity
from config.versions import digest
from gateway.clock import Clock
from gateway.store import Store
from gateway.store.versions import FROM_FILES, Version, add_version, latest, latest_fingerprint_of_files
from gateway.views.legend import Legend
from router.ids import ChannelName, InboxId, MediaId, ReplyId
from router.settings import Settings

log = logging.getLogger(__name__)

CHANNELS = Channels(names=channel_names(), find=channel)


class NoConfiguration(Exception):
    """The files cannot be applied, and there is no earlier version to run. ``loaded`` says what is wrong."""

    def __init__(self, directory: Path, loaded: Loaded) -> None:
        super().__init__(f"{directory} cannot be applied, and nothing was applied before")
        self.loaded = loaded


class LiveConfiguration:
    """What is in force now. Only `gateway.reloading` changes it."""

    def __init__(
        self,
        configuration: Configuration,
        problem: str,
        capabilities: Mapping[InboxId, Capabilities],
        sign: Callable[[MediaId, str], str],
    ) -> None:
        self._capabilities = capabilities
        self._sign = sign
        self.put(configuration, problem)

    @property
    def configuration(self) -> Configuration:
        """All three files."""
        return self._configuration

    @property
    def settings(self) -> Settings:
        """What the core works with."""
        return self._configuration.settings

    @property
    def channels(self) -> tuple[ChannelName, ...]:
        """The channels on which there are inboxes."""
        return tuple(sorted({inbox.channel for inbox in self._configuration.inboxes.values()}))

    @property
    def problem(self) -> str:
        """Why the files on disk are not in force; empty when they are."""
        return self._problem

    @property
    def legend(self) -> Legend:
        """What turns ids into words."""
        return self._legend

    def channel_of(self, inbox: InboxId) -> ChannelName:
        """The inbox's channel; empty for one that is not ours."""
        found = self._configuration.inboxes.get(inbox)
        return found.channel if found is not None else ChannelName("")

    def render(self, reply: ReplyId, language: str, variables: Mapping[str, object]) -> str:
        """A prepared reply, as the version in force has it (`gateway.telling.Renderer`)."""
        return self._configuration.replies.render(reply, language, variables)

    def put(self, configuration: Configuration, problem: str = "") -> None:
        """Put another version in force, or say what is wrong with the files."""
        self._configuration = configuration
        self._problem = problem
        self._legend = Legend(settings=configuration.settings, capabilities=self._capabilities, sign=self._sign)


@dataclass(frozen=True, slots=True)
class Found:
    """What to start with; ``files`` are those on disk, ``problem`` says why they are not applied."""

    configuration: Configuration
    files: Mapping[str, str]
    problem: str = ""


async def find_configuration(directory: Path, store: Store, clock: Clock) -> Found:
    """What to start with: the files, or the last version when they cannot be applied or were overtaken by it.

    Raises:
        NoConfiguration: neither can be applied.
    """
    now = clock.now()
    loaded = read_files(directory, now)
    known, of_files = await store.read(lambda c: (latest(c), latest_fingerprint_of_files(c)))
    if loaded.configuration is not None:
        fingerprint = digest(loaded.texts)
        if known is not None and known.fingerprint == fingerprint:
            return Found(numbered(loaded.configuration, known.number), loaded.texts)
        if known is None or of_files != fingerprint:
            added = await store.write(
                lambda c: add_version(c, new_version(loaded.texts, FROM_FILES, "read at the start", now))
            )
            return Found(numbered(loaded.configuration, added.number), loaded.texts)
        if (applied := _again(known, directory, now)) is not None:
            return Found(applied, loaded.texts)
        return Found(numbered(loaded.configuration, known.number), loaded.texts)
    if known is None or (applied := _again(known, directory, now)) is None:
        raise NoConfiguration(directory, loaded)
    problem = first_error(loaded)
    log.error(
        "the files cannot be applied; running the last version", extra={"version": known.number, "problem": problem}
    )
    return Found(applied, loaded.texts, problem)


def read_files(directory: Path, now: datetime) -> Loaded:
    """The directory's files, strictly: to run them."""
    return load(directory, channels=CHANNELS, environment=os.environ, at=now, strict=True)


def read_checked(directory: Path, now: datetime) -> Loaded:
    """The directory's files, leniently: to look at them where their secrets may be out of reach."""
    return load(directory, channels=CHANNELS, environment=os.environ, at=now, strict=False)


def read_texts(texts: Mapping[str, str], directory: Path, now: datetime, *, strict: bool) -> Loaded:
    """Files that are not on disk: an applied version, or what somebody is editing."""
    around = Surroundings(environment=os.environ, directory=directory, is_strict=strict)
    return load_texts(texts, channels=CHANNELS, surroundings=around, at=now)


def numbered(configuration: Configuration, version: int) -> Configuration:
    """The configuration as an applied version."""
    return replace(configuration, settings=replace(configuration.settings, version=version))


def new_version(texts: Mapping[str, str], author: str, message: str, now: datetime) -> Version:
    """A version to add; the store gives it its number."""
    return Version(number=0, at=now, author=author, message=message, fingerprint=digest(texts), files=dict(texts))


def first_error(loaded: Loaded) -> str:
    """What is wrong first, in one line."""
    errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0]}{more}" if errors else ""


def _again(known: Version, directory: Path, now: datetime) -> Configuration | None:
    found = read_texts(known.files, directory, now, strict=True).configuration
    return numbered(found, known.number) if found is not None else None
