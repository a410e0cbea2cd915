"""A delivery goes on where it stopped, is sent again on request, and can be edited: all ids of a message are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("outbox", sa.Column("progress", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("asked_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("sent_revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "message_keys",
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message", "place", name=op.f("pk_message_keys")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("message_keys")
    for column in ("sent_revision", "revision", "asked_at", "progress"):
        op.drop_column("outbox", column)
