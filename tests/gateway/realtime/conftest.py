"""Both databases, for what the widget reads and writes by itself."""

from tests.gateway.databases import open_store, postgresql_server, store, store_url

__all__ = ["open_store", "postgresql_server", "store", "store_url"]
