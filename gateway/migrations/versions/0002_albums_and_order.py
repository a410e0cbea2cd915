"""Albums become one message; the outbox finds a thread's first message quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("messages", sa.Column("album", sa.Text(), nullable=True))
    op.create_index(
        "uq_messages_album",
        "messages",
        ["thread", "album"],
        unique=True,
        sqlite_where=sa.text("album is not null"),
        postgresql_where=sa.text("album is not null"),
    )
    op.create_index(
        "ix_outbox_open_thread",
        "outbox",
        ["thread", "number"],
        unique=False,
        sqlite_where=sa.text("state <> 'done'"),
        postgresql_where=sa.text("state <> 'done'"),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index("ix_outbox_open_thread", table_name="outbox")
    op.drop_index("uq_messages_album", table_name="messages")
    op.drop_column("messages", "album")
