"""The tables. Safety lives here: unique indexes and checks, not in anybody's memory.

Instants are integers: microseconds since 1970 in UTC. ``body`` columns hold a whole core value as JSON; the columns
beside them are what queries and constraints need. Every constraint has a name from the convention, so that migrations
can change it on both databases.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from gateway.store.partial_index import partial_index

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Serial = BigInteger().with_variant(Integer, "sqlite")
"""A growing row number: SQLite numbers only INTEGER primary keys by itself."""

routing = Table(
    "routing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rev", BigInteger, nullable=False),
    Column("feed_seq", BigInteger, nullable=False),
    Column("config_version", Integer, nullable=False),
    Column("hint_node", Text, nullable=False, server_default=""),
    Column("hint_until", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="single_row"),
)
"""The one row that every routing transaction locks; ``rev`` rises by one with each."""

events = Table(
    "events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("delivery_key", Text),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("conversation", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("problem", Text, nullable=False, server_default=""),
    Column("rev", BigInteger, nullable=False, server_default="0"),
    Column("place", Integer, nullable=False, server_default="0"),
    CheckConstraint("state in ('pending', 'done', 'refused', 'quarantined')", name="state"),
    Index("uq_events_delivery_key", "delivery_key", unique=True),
    partial_index("ix_events_pending", "at", where="state = 'pending'"),
    Index("ix_events_rev", "rev", "place"),
)
"""What happened, in the order of ``rev``.

``delivery_key`` is ``inbox/key``: a second delivery of the same is dropped, for ever.
"""

contacts = Table(
    "contacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default=""),
    Column("tags", Text, nullable=False, server_default="[]"),
    Column("attributes", Text, nullable=False, server_default="{}"),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

threads = Table(
    "threads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("inbox", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("contact", Text, ForeignKey("contacts.id"), nullable=False),
    Column("profile", Text, nullable=False, server_default="{}"),
    Column("last_seq", BigInteger, nullable=False, server_default="0"),
    Column("seen_seq", BigInteger, nullable=False, server_default="0"),
    Column("left_because", Text, nullable=False, server_default=""),
    Column("created_at", BigInteger, nullable=False),
    Column("window_of", Integer),
    Column("window_left", Integer),
    Column("window_until", BigInteger),
    UniqueConstraint("inbox", "address"),
    Index("ix_threads_contact", "contact"),
)
"""Everything ever said between one address and us.

``last_seq`` numbers its messages, ``seen_seq`` is what the contact has read. ``window_left`` of ``window_of`` messages
may still be sent until ``window_until`` (`gateway.store.windows`); null where nobody counts.
"""

identifiers = Table(
    "identifiers",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("verified", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Index("ix_identifiers_value", "kind", "value"),
)
"""By what a person can be recognised elsewhere. The owner is a thread; a contact, for what an agent wrote down.

Merges leave these rows as they are: a thread's contact is in its own row, a contact's survivor in ``merges``.
"""

merges = Table(
    "merges",
    metadata,
    Column("id", Text, primary_key=True),
    Column("survivor", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("undone_at", BigInteger),
    Column("undone_by", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    Index("ix_merges_survivor", "survivor", "at"),
    Index("ix_merges_other", "other"),
    partial_index("uq_merges_standing", "other", unique=True, where="undone_at is null"),
)
"""Contacts that became part of another, with what is needed to undo it; a contact is part of at most one."""

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("thread", Text, ForeignKey("threads.id"), nullable=False),
    Column("contact", Text, nullable=False),
    Column("inbox", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner_kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("priority", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("entered_waiting_at", BigInteger),
    Column("due_at", BigInteger),
    Column("held_until", BigInteger),
    Column("resolved_at", BigInteger),
    Column("changed_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    partial_index("uq_conversations_open_thread", "thread", unique=True, where="state <> 'resolved'"),
    Index("ix_conversations_thread", "thread", "created_at"),
    Index("ix_conversations_contact", "contact", "created_at"),
    partial_index("ix_conversations_open_owner", "owner_kind", "owner", where="state <> 'resolved'"),
)
"""Service episodes; at most one that is not resolved per thread."""

answers = Table(
    "answers",
    metadata,
    Column("contact", Text, primary_key=True),
    Column("group", Text, primary_key=True),
    Column("agent", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Who last answered a contact in a group: stickiness is earned by a human reply."""

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("thread", Text, ForeignKey("threads.id"), nullable=False),
    Column("conversation", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("direction", Text, nullable=False),
    Column("author_kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("author_name", Text, nullable=False, server_default=""),
    Column("at", BigInteger, nullable=False),
    Column("note", Boolean, nullable=False),
    Column("whisper", Boolean, nullable=False, server_default=false()),
    Column("text", Text, nullable=False),
    Column("parts", Text, nullable=False),
    Column("client_id", Text),
    Column("message_key", Text),
    Column("album", Text),
    Column("delivery", Text),
    Column("delivery_reason", Text, nullable=False, server_default=""),
    Column("edited_at", BigInteger),
    UniqueConstraint("thread", "seq"),
    partial_index("uq_messages_client_id", "thread", "client_id", unique=True, where="client_id is not null"),
    Index("ix_messages_message_key", "thread", "message_key"),
    partial_index("uq_messages_album", "thread", "album", unique=True, where="album is not null"),
)
"""What was said, numbered per thread. ``client_id`` makes an agent's or a widget's repeated send one message.

``album`` joins several messages of a platform that the contact sent as one: they are parts of this one.
"""

revisions = Table(
    "revisions",
    metadata,
    Column("message", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("parts", Text, nullable=False),
)
"""Earlier texts of edited messages."""

outbox = Table(
    "outbox",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    Column("message", Text, ForeignKey("messages.id"), nullable=False, unique=True),
    Column("conversation", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("inbox", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False),
    Column("claimed_by", Text, nullable=False, server_default=""),
    Column("claimed_until", BigInteger, nullable=False, server_default="0"),
    Column("progress", Text, nullable=False, server_default=""),
    Column("asked_at", BigInteger, nullable=False, server_default="0"),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("sent_revision", Integer, nullable=False, server_default="0"),
    Column("held", Text, nullable=False, server_default=""),
    CheckConstraint("state in ('queued', 'claimed', 'done')", name="state"),
    partial_index("ix_outbox_open", "inbox", "number", where="state <> 'done'"),
    partial_index("ix_outbox_open_thread", "thread", "number", where="state <> 'done'"),
)
"""Messages on their way out: first in, first out per thread, hence per conversation.

A claim is committed before the call is made. ``progress`` is what earlier attempts got through of a message that
became several on the platform. ``asked_at`` is when somebody asked for it again. ``revision`` counts its edits,
``sent_revision`` those that the platform has.
"""

message_keys = Table(
    "message_keys",
    metadata,
    Column("message", Text, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
)
"""The platform's ids of everything that one of our messages became, piece by piece; empty for a refused piece."""

offers = Table(
    "offers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("offered_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("body", Text, nullable=False),
    partial_index("uq_offers_open", "conversation", "agent", unique=True, where="state = 'open'"),
    partial_index("ix_offers_open_agent", "agent", where="state = 'open'"),
)

presences = Table(
    "presences",
    metadata,
    Column("agent", Text, primary_key=True),
    Column("intent", Text, nullable=False),
    Column("reachability", Text, nullable=False),
    Column("load", Float, nullable=False),
    Column("ceiling", Float, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    CheckConstraint("load <= ceiling", name="load_within_units"),
)
"""Agents' live state; the check is the last wall against giving an agent more than the own units."""

overrides = Table(
    "overrides",
    metadata,
    Column("group", Text, primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)
"""What somebody decided last about each group's hours; it is over at ``until``. The events tell of those before."""

pauses = Table(
    "pauses",
    metadata,
    Column("group", Text, primary_key=True),
    Column("body", Text, nullable=False),
)
"""The queues that are paused now; the events tell of those before."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("rev", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""All that was open at a revision, under a routing version: where a replay of what came next begins."""

timers = Table(
    "timers",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("ix_timers_at", "at"),
)

traces = Table(
    "traces",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_traces_conversation", "conversation", "at"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("agent", Text, primary_key=True),
    Column("password_hash", Text, nullable=False, server_default=""),
    Column("invitation_hash", Text, nullable=False, server_default=""),
    Column("invited_until", BigInteger, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", BigInteger, nullable=False, server_default="0"),
)
"""Logins of the agents in ``agents.yaml``; never in a file."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("agent", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_sessions_agent", "agent"),
)

visitors = Table(
    "visitors",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("inbox", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
"""Contacts who are connected to us by a page: the server-minted token's hash and the address it stands for."""

versions = Table(
    "versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("files", Text, nullable=False),
)
"""Applied configurations, immutable: ``files`` maps the file's name to its text."""

media = Table(
    "media",
    metadata,
    Column("id", Text, primary_key=True),
    Column("mime", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
"""Stored files, named by their content's SHA-256."""

fetches = Table(
    "fetches",
    metadata,
    Column("message", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("inbox", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False),
    partial_index("ix_fetches_due", "next_at", where="state = 'due'"),
)
"""Files that messages refer to and that are still to be fetched; never inside a webhook."""

ratings = Table(
    "ratings",
    metadata,
    Column("conversation", Text, primary_key=True),
    Column("message", Text, nullable=False),
    Column("stars", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    CheckConstraint("stars between 1 and 5", name="stars"),
)
"""How a conversation went, said by its contact; ``message`` is the line that tells the desk."""

mentions = Table(
    "mentions",
    metadata,
    Column("message", Text, primary_key=True),
    Column("agent", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_mentions_agent", "agent", "conversation"),
)
"""Whom notes ask to look: an agent sees a conversation in which the agent was mentioned."""

misses = Table(
    "misses",
    metadata,
    Column("event", Text, primary_key=True),
    Column("bot", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("handed_over", Boolean, nullable=False),
    Index("ix_misses_bot", "bot", "at"),
)
"""Questions to which a bot had no answer: the event that says so, and the ``message`` that asked."""

keys = Table(
    "keys",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""Secrets that this installation made for itself: the key that signs links to files, for instance."""

vault = Table(
    "vault",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""Secrets that platforms gave us, encrypted (`gateway.vault`)."""
