"""Notes that a supervisor leaves for the owner, kept in view at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("messages", sa.Column("whisper", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_column("messages", "whisper")
