"""The province of an entry, so that an index has the entries of a province in order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LISTS = {
    "by_province": ["province", "sent_at", "id", "form", "category", "shown"],
    "by_province_and_status": ["province", "status", "sent_at", "id", "form", "category", "shown"],
}


def upgrade() -> None:
    op.add_column("submission", sa.Column("province", sa.String(60), server_default="", nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        _fill_on_postgresql()
    else:
        op.execute(
            "UPDATE submission SET province = (SELECT lao.province FROM lao WHERE lao.code = submission.lao_code)"
        )
    there = sa.text("deleted_at IS NULL")
    for name, columns in LISTS.items():
        op.create_index(
            f"ix_submission_{name}", "submission", columns, sqlite_where=there, postgresql_where=there
        )


def _fill_on_postgresql() -> None:
    """By rewriting the table: an UPDATE would enter each of a million entries into each index by itself."""
    op.execute("DROP INDEX IF EXISTS submission_words")  # made anew after the steps
    op.execute(
        "CREATE FUNCTION province_of_lao(varchar) RETURNS varchar LANGUAGE sql STABLE "
        "AS 'SELECT province FROM lao WHERE code = $1'"
    )
    op.execute(
        "ALTER TABLE submission ALTER COLUMN province TYPE varchar(60) USING province_of_lao(lao_code)"
    )
    op.execute("DROP FUNCTION province_of_lao(varchar)")
