"""The office, opened for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.http.office import Office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The running service with the test's configuration."""
    async with Office(tmp_path) as office:
        yield office
