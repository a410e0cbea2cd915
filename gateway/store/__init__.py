"""The store: one SQLite file or one PostgreSQL database, the same tables and the same promises."""

from gateway.store.errors import DataInUse, SchemaNewer, StoreUnavailable
from gateway.store.store import Store

__all__ = ["DataInUse", "SchemaNewer", "Store", "StoreUnavailable"]
