"""Whom notes ask to look."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "mentions",
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message", "agent", name=op.f("pk_mentions")),
    )
    op.create_index(op.f("ix_mentions_agent"), "mentions", ["agent", "conversation"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index(op.f("ix_mentions_agent"), "mentions")
    op.drop_table("mentions")
