"""The store: one SQLite file or one PostgreSQL database, the same tables and the same promises."""
