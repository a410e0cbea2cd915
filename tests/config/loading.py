"""Loading as the tests need it: the shipped channels, a fixed day, an environment of our own."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from adapters.registry import channel, channel_names
from config.configuration import AGENTS, INBOXES, ROUTING, Configuration
from config.inbox import Channels, Surroundings
from config.load import Loaded, load, load_texts

CONFIG = Path(__file__).parents[2] / "config"
SOUND = Path(__file__).parent / "broken" / "sound"
NOW = datetime(2026, 6, 3, 2, tzinfo=UTC)
"""A Wednesday, ten in the morning in Shanghai; the make-up days of that year are known."""

CHANNELS = Channels(names=channel_names(), find=channel)
ENVIRONMENT = {"TOKEN": "1:t", "SECRET": "s", "TG_TOKEN": "1:t", "TG_SECRET": "s"}


def load_directory(
    directory: Path, *, environment: Mapping[str, str] = ENVIRONMENT, strict: bool = True, at: datetime = NOW
) -> Loaded:
    """Load a directory as `run` does."""
    return load(directory, channels=CHANNELS, environment=environment, at=at, strict=strict)


def sound_texts() -> dict[str, str]:
    """A small configuration without any problem."""
    return {file: (SOUND / file).read_text(encoding="utf-8") for file in (INBOXES, AGENTS, ROUTING)}


def load_changed(file: str = ROUTING, *changes: tuple[str, str], text: str | None = None) -> Loaded:
    """The sound configuration with changes in one file, or with another text in its place."""
    texts = sound_texts()
    if text is not None:
        texts[file] = text
    for old, new in changes:
        assert old in texts[file], f"{old!r} is not in {file}"
        texts[file] = texts[file].replace(old, new, 1)
    around = Surroundings(environment=ENVIRONMENT, directory=SOUND)
    return load_texts(texts, channels=CHANNELS, surroundings=around, at=NOW)


def configured(loaded: Loaded) -> Configuration:
    """The configuration, which there must be."""
    assert loaded.configuration is not None, [str(problem) for problem in loaded.problems]
    return loaded.configuration
