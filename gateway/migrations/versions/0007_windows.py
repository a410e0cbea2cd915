"""What a contact's own action lets us send: counted per thread; what has to wait for it is held."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("threads", sa.Column("window_of", sa.Integer(), nullable=True))
    op.add_column("threads", sa.Column("window_left", sa.Integer(), nullable=True))
    op.add_column("threads", sa.Column("window_until", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("held", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("outbox", "held")
    for column in ("window_until", "window_left", "window_of"):
        op.drop_column("threads", column)
