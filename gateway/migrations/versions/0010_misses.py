"""Questions to which a bot had no answer."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "misses",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_misses")),
    )
    op.create_index(op.f("ix_misses_bot"), "misses", ["bot", "at"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index(op.f("ix_misses_bot"), "misses")
    op.drop_table("misses")
