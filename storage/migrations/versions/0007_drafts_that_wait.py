"""A predecessor's draft that waits until the successor is done with one of the same form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("waits_for", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_draft_waits_for"), "draft", ["waits_for"], unique=False)
