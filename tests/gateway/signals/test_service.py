"""The whole service with Redis: what two gateways on one database count together, and what starts without it."""

from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis.asyncio import Redis

from gateway.cli import main
from gateway.signals.redis import SharedRates
from tests.gateway.http.office import CONFIGURATION, Office
from tests.gateway.redis_server import RedisServer
from tests.gateway.waiting import until_found


async def test_sending_is_counted_in_redis(
    mortal_redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outbox of a service that was given a Redis asks it, without anybody's doing."""
    url = mortal_redis.url
    monkeypatch.setattr(
        "gateway.signals.redis.SharedRates", partial(SharedRates, patience=10.0)
    )  # a busy machine is no fault

    async with Redis.from_url(url) as client, Office(tmp_path, redis_url=url):

        async def questions() -> int:
            statistics = await client.info("commandstats")
            return int(statistics.get("cmdstat_eval", {}).get("calls", 0))

        assert await until_found(questions) > 0


async def test_the_service_starts_without_its_redis(tmp_path: Path) -> None:
    """A Redis that is not there keeps nobody from working."""
    async with Office(tmp_path, redis_url="redis://127.0.0.1:1") as office:
        assert office.tools.health.is_started


def test_the_doctor_asks_redis(mortal_redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether Redis answers is said, and what it means when it does not."""
    monkeypatch.setattr("gateway.signals.redis.CONNECT_FOR", 30.0)
    words = ["doctor", "--offline", "--config", str(CONFIGURATION), "--data", str(tmp_path)]
    words += ["--redis-url", mortal_redis.url]
    assert "✓ redis: answers" in CliRunner().invoke(main, words).output
    mortal_redis.kill()
    assert "! redis: does not answer (" in CliRunner().invoke(main, words).output


@pytest.mark.parametrize("address", ["http://127.0.0.1", "127.0.0.1:6379", "redis://127.0.0.1:port"])
def test_an_address_that_is_none(address: str, tmp_path: Path) -> None:
    """A mistake in the address is said before anything starts."""
    result = CliRunner().invoke(main, ["run", "--data", str(tmp_path), "--redis-url", address])
    assert result.exit_code == 2
    assert "--redis-url" in result.output
