"""A stage for each test: the simulated platform, one contact, an adapter."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.wechat.bench import WeChatStage, stage


@pytest.fixture
async def on_stage() -> AsyncIterator[WeChatStage]:
    """In safe mode."""
    async with stage() as ready:
        yield ready
