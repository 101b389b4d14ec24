"""Notices ranked, claimed by name and one a chat; and one limit on sending for every process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = sa.text("sent_at IS NULL AND given_up_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "send_limit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_at", sa.String(32), nullable=False),
        sa.Column("held_until", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_limit")),
    )
    op.add_column("outbox", sa.Column("rank", sa.Integer(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("claim", sa.String(length=16), nullable=True))
    op.execute("UPDATE outbox SET rank = 1 WHERE kind IN ('broadcast', 'reminder', 'digest')")
    op.drop_index("ix_outbox_waiting", "outbox")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["rank", "due_at", "id"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index(op.f("ix_outbox_chat_id_sent_at"), "outbox", ["chat_id", "sent_at"], unique=False)
