"""Only messages with a client id are in its index: those of contacts, which are most, cost one index less."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.drop_index("uq_messages_client_id", table_name="messages")
    op.create_index(
        "uq_messages_client_id",
        "messages",
        ["thread", "client_id"],
        unique=True,
        sqlite_where=sa.text("client_id is not null"),
        postgresql_where=sa.text("client_id is not null"),
    )


def downgrade() -> None:
    """Take them back to the one before."""
    op.drop_index("uq_messages_client_id", table_name="messages")
    op.create_index("uq_messages_client_id", "messages", ["thread", "client_id"], unique=True)
