"""Both databases, and Redis."""

import pytest

from gateway.store import Store
from tests.gateway.databases import open_store, postgresql_server, store, store_url
from tests.gateway.outbox.bench import Bench
from tests.gateway.redis_server import mortal_redis, redis_url

__all__ = ["mortal_redis", "open_store", "postgresql_server", "redis_url", "store", "store_url"]


@pytest.fixture
def bench(store: Store) -> Bench:
    """A store of its own on either database, with two inboxes."""
    return Bench(store=store)
