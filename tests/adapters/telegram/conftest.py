"""A stage for each test: the simulated platform, one contact, an adapter."""

from collections.abc import AsyncIterator

import pytest

from adapters.telegram.settings import Mode
from tests.adapters.telegram.bench import TelegramStage, stage


@pytest.fixture
async def on_stage() -> AsyncIterator[TelegramStage]:
    """In webhook mode."""
    async with stage() as ready:
        yield ready


@pytest.fixture
async def asking() -> AsyncIterator[TelegramStage]:
    """In polling mode."""
    async with stage(Mode.POLLING) as ready:
        yield ready
