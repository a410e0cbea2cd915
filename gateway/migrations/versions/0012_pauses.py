"""Which queues a supervisor has paused."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "pauses",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("group", name=op.f("pk_pauses")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("pauses")
