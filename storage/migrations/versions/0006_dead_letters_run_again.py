"""What is needed to run a dead letter again, and which update or request a notice was caused by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.add_column("dead_letter", sa.Column("saved", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("dead_letter", sa.Column("place", JSON, nullable=True))
    op.add_column("dead_letter", sa.Column("retry_at", sa.String(32), nullable=True))
    op.add_column("dead_letter", sa.Column("claimed_until", sa.String(32), nullable=True))
    op.add_column("outbox", sa.Column("cause", sa.String(40), server_default="", nullable=False))
    # Set aside before: an update that was noted as handled earlier had been saved, and only its answer failed.
    op.execute(
        "UPDATE dead_letter SET saved = (1 = 1) WHERE EXISTS (SELECT 1 FROM handled "
        "WHERE handled.update_id = dead_letter.update_id AND handled.at < dead_letter.at)"
    )
