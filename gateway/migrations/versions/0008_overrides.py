"""What somebody decided about a group's hours for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "overrides",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("group", name=op.f("pk_overrides")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("overrides")
