"""Both databases, and Redis."""

from tests.gateway.databases import open_store, postgresql_server, store, store_url
from tests.gateway.redis_server import mortal_redis, redis_url

__all__ = ["mortal_redis", "open_store", "postgresql_server", "redis_url", "store", "store_url"]
