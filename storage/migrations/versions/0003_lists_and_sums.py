"""Lists of a million entries: their indexes, the index of words, and sums of campaigns by place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LISTS = {
    "in_order": ["sent_at", "id"],
    "by_status": ["status", "sent_at", "id"],
    "by_form": ["form", "status", "sent_at", "id"],
    "by_category": ["category", "status", "sent_at", "id"],
    "by_shown": ["shown", "status", "sent_at", "id"],
    "by_lao": ["lao_code", "status", "sent_at", "id", "form", "category", "shown"],
}
SUMS = (
    "owed", "done", "to_review", "to_fix", "to_send", "submitted", "waiting", "returned", "approved", "rejected",
    "laos_complete", "laos_waiting", "laos_partly", "laos_nothing", "laos_nobody", "unreachable",
)  # fmt: skip
# A table without content of its own: a row is taken out by saying what it was.
WORDS = (
    "CREATE VIRTUAL TABLE submission_words USING fts5"
    "(folded, number, content='submission', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER submission_words_new AFTER INSERT ON submission BEGIN "
    "INSERT INTO submission_words(rowid, folded, number) VALUES (new.id, new.folded, new.number); END",
    "CREATE TRIGGER submission_words_changed AFTER UPDATE OF folded, number ON submission "
    "WHEN old.folded <> new.folded OR old.number <> new.number BEGIN "
    "INSERT INTO submission_words(submission_words, rowid, folded, number) "
    "VALUES ('delete', old.id, old.folded, old.number); "
    "INSERT INTO submission_words(rowid, folded, number) VALUES (new.id, new.folded, new.number); END",
    "CREATE TRIGGER submission_words_gone AFTER DELETE ON submission BEGIN "
    "INSERT INTO submission_words(submission_words, rowid, folded, number) "
    "VALUES ('delete', old.id, old.folded, old.number); END",
    "INSERT INTO submission_words(submission_words) VALUES ('rebuild')",
)


def upgrade() -> None:
    _lists()
    _sums()
    # On PostgreSQL the index of words is made after the steps: it may become possible only later.
    if op.get_bind().dialect.name == "sqlite":
        for statement in WORDS:
            op.execute(sa.text(statement.replace(":", "\\:")))


def _lists() -> None:
    op.drop_index("ix_submission_status_sent_at_id", "submission")
    there = sa.text("deleted_at IS NULL")
    for name, columns in LISTS.items():
        op.create_index(
            f"ix_submission_{name}", "submission", columns, sqlite_where=there, postgresql_where=there
        )


def _sums() -> None:
    op.add_column("campaign", sa.Column("counted_to", sa.String(20), nullable=True))
    op.create_table(
        "campaign_place",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("province", sa.String(60), nullable=False),
        sa.Column("district", sa.String(60), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_place_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "province", "district", name=op.f("pk_campaign_place")),
    )
    op.create_table(
        "campaign_place_day",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("province", sa.String(60), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_place_day_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "province", "day", name=op.f("pk_campaign_place_day")),
    )
    # What was started before is counted anew by the service, slice by slice.
    op.execute("UPDATE campaign SET counted_to = '' WHERE state <> 'draft'")
