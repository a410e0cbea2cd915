"""What can go wrong with the store as a whole; what is wrong with a single row is the database's own error."""


class StoreUnavailable(Exception):
    """The store cannot commit now (disk full, database away, locked): nothing was acknowledged, try again later."""


class DataInUse(Exception):
    """Another process works on this data directory."""


class SchemaNewer(Exception):
    """The database was written by a newer version of Pointsman than this one."""
