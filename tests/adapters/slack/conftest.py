"""A stage for each test: the simulated workspace, one person, an adapter."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.settings import Mode
from tests.adapters.slack.bench import SlackStage, stage


@pytest.fixture
async def on_stage() -> AsyncIterator[SlackStage]:
    """In webhook mode."""
    async with stage() as ready:
        yield ready


@pytest.fixture
async def plugged() -> AsyncIterator[SlackStage]:
    """In socket mode."""
    async with stage(Mode.SOCKET) as ready:
        yield ready
