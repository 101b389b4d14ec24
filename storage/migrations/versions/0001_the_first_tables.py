"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

json_type = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
id_type = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "chat",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), server_default="th", nullable=False),
        sa.Column("focus", json_type, nullable=False),
        sa.Column("guesses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("guesses_since", sa.String(32), nullable=True),
        sa.Column("told_at", sa.String(32), nullable=True),
        sa.Column("unreachable_at", sa.String(32), nullable=True),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
    )
    op.create_table(
        "dead_letter",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("raw", json_type, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_dead_letter")),
    )
    op.create_table(
        "handled",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_handled")),
    )
    op.create_index(op.f("ix_handled_at"), "handled", ["at"], unique=False)
    op.create_table(
        "lao",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("province", sa.String(length=60), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("subdistrict", sa.String(length=60), server_default="", nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_lao")),
    )
    op.create_index(op.f("ix_lao_latitude_longitude"), "lao", ["latitude", "longitude"], unique=False)
    op.create_index(op.f("ix_lao_province"), "lao", ["province"], unique=False)
    op.create_index(op.f("ix_lao_province_district"), "lao", ["province", "district"], unique=False)
    op.create_table(
        "reviewer",
        sa.Column("id", id_type, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), server_default="admin", nullable=False),
        sa.Column("scope", json_type, server_default="{}", nullable=False),
        sa.Column("language", sa.String(length=2), server_default="th", nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("disabled_at", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer")),
        sa.UniqueConstraint("name", name=op.f("uq_reviewer_name")),
    )
    op.create_table(
        "running_number",
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("letter", "year", name=op.f("pk_running_number")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", id_type, nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_what_at"), "sign_in_failure", ["what", "at"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("id", id_type, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("letter_number", sa.String(length=100), server_default="", nullable=False),
        sa.Column("letter_date", sa.String(length=10), nullable=True),
        sa.Column("letter_file", sa.String(length=100), server_default="", nullable=False),
        sa.Column("deadline", sa.String(32), nullable=False),
        sa.Column("counts", sa.String(length=20), nullable=False),
        sa.Column("scope", json_type, nullable=False),
        sa.Column("before", json_type, nullable=False),
        sa.Column("after", json_type, nullable=False),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        sa.Column("extra_days_off", json_type, nullable=False),
        sa.Column("wording", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.String(32), nullable=True),
        sa.Column("moved_at", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.String(32), nullable=True),
        sa.Column("reviewer_id", id_type, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_campaign_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_state"), "campaign", ["state"], unique=False)
    op.create_table(
        "coordinator_chat",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reviewer_id", id_type, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("joined_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_coordinator_chat_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_coordinator_chat")),
    )
    op.create_index(
        op.f("ix_coordinator_chat_reviewer_id"), "coordinator_chat", ["reviewer_id"], unique=False
    )
    op.create_table(
        "officer",
        sa.Column("id", id_type, nullable=False),
        sa.Column("lao_code", sa.String(length=20), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("joined_at", sa.String(32), nullable=False),
        sa.Column("removed_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["lao_code"], ["lao.code"], name=op.f("fk_officer_lao_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    op.create_index(op.f("ix_officer_chat_id"), "officer", ["chat_id"], unique=False)
    op.create_index(op.f("ix_officer_lao_code"), "officer", ["lao_code"], unique=False)
    op.create_index(
        "uq_officer_chat_id_active",
        "officer",
        ["chat_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("reviewer_id", id_type, nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_web_session_reviewer_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_reviewer_id"), "web_session", ["reviewer_id"], unique=False)
    op.create_table(
        "broadcast",
        sa.Column("id", id_type, nullable=False),
        sa.Column("campaign_id", id_type, nullable=True),
        sa.Column("reviewer_id", id_type, nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("laos_without", json_type, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_broadcast_campaign_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_broadcast_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    op.create_index(op.f("ix_broadcast_campaign_id"), "broadcast", ["campaign_id"], unique=False)
    op.create_table(
        "campaign_choice",
        sa.Column("campaign_id", id_type, nullable=False),
        sa.Column("officer_id", id_type, nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("again_on", sa.String(length=10), nullable=True),
        sa.Column("owed", sa.Boolean(), nullable=False),
        sa.Column("knows_deadline", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_choice_campaign_id")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_campaign_choice_officer_id")),
        sa.PrimaryKeyConstraint("campaign_id", "officer_id", name=op.f("pk_campaign_choice")),
    )
    op.create_table(
        "campaign_day",
        sa.Column("campaign_id", id_type, nullable=False),
        sa.Column("lao_code", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_day_campaign_id")),
        sa.ForeignKeyConstraint(["lao_code"], ["lao.code"], name=op.f("fk_campaign_day_lao_code")),
        sa.PrimaryKeyConstraint("campaign_id", "lao_code", "form", "day", name=op.f("pk_campaign_day")),
    )
    op.create_table(
        "campaign_form",
        sa.Column("campaign_id", id_type, nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_form_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "form", name=op.f("pk_campaign_form")),
    )
    op.create_table(
        "campaign_tally",
        sa.Column("campaign_id", id_type, nullable=False),
        sa.Column("lao_code", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_tally_campaign_id")),
        sa.ForeignKeyConstraint(["lao_code"], ["lao.code"], name=op.f("fk_campaign_tally_lao_code")),
        sa.PrimaryKeyConstraint("campaign_id", "lao_code", "form", name=op.f("pk_campaign_tally")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", id_type, nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="officer", nullable=False),
        sa.Column("lao_code", sa.String(length=20), nullable=True),
        sa.Column("officer_id", id_type, nullable=True),
        sa.Column("reviewer_id", id_type, nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("revoked_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["lao_code"], ["lao.code"], name=op.f("fk_invitation_lao_code")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_invitation_officer_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_invitation_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitation_code_hash")),
    )
    op.create_index(op.f("ix_invitation_lao_code"), "invitation", ["lao_code"], unique=False)
    op.create_index(op.f("ix_invitation_officer_id"), "invitation", ["officer_id"], unique=False)
    op.create_index(op.f("ix_invitation_reviewer_id"), "invitation", ["reviewer_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", id_type, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("lao_code", sa.String(length=20), nullable=False),
        sa.Column("officer_id", id_type, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=40), server_default="", nullable=False),
        sa.Column("sent_at", sa.String(32), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["lao_code"], ["lao.code"], name=op.f("fk_submission_lao_code")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_submission_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("number", name=op.f("uq_submission_number")),
    )
    op.create_index(
        "ix_submission_counted",
        "submission",
        ["lao_code", "form", "created_at", "status", "deleted_at", "published_revision"],
        unique=False,
    )
    op.create_index(op.f("ix_submission_officer_id"), "submission", ["officer_id"], unique=False)
    op.create_index(
        op.f("ix_submission_status_sent_at_id"), "submission", ["status", "sent_at", "id"], unique=False
    )
    op.create_table(
        "draft",
        sa.Column("id", id_type, nullable=False),
        sa.Column("officer_id", id_type, nullable=False),
        sa.Column("lao_code", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("conversation", json_type, nullable=False),
        sa.Column("submission_id", id_type, nullable=True),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["lao_code"], ["lao.code"], name=op.f("fk_draft_lao_code")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_draft_officer_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_draft_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("officer_id", "submission_id", name=op.f("uq_draft_officer_id_submission_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draft_lao_code"), "draft", ["lao_code"], unique=False)
    op.create_index(op.f("ix_draft_submission_id"), "draft", ["submission_id"], unique=False)
    op.create_index(
        "uq_draft_officer_form",
        "draft",
        ["officer_id", "form"],
        unique=True,
        sqlite_where=sa.text("submission_id IS NULL"),
        postgresql_where=sa.text("submission_id IS NULL"),
    )
    op.create_table(
        "history",
        sa.Column("id", id_type, nullable=False),
        sa.Column("submission_id", id_type, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("officer_id", id_type, nullable=True),
        sa.Column("reviewer_id", id_type, nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("flags", json_type, nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_history_officer_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_history_reviewer_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_history_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_submission_id"), "history", ["submission_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", id_type, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", json_type, nullable=False),
        sa.Column("submission_id", id_type, nullable=True),
        sa.Column("campaign_id", id_type, nullable=True),
        sa.Column("broadcast_id", id_type, nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("claimed_until", sa.String(32), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.String(32), nullable=True),
        sa.Column("given_up_at", sa.String(32), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name=op.f("fk_outbox_broadcast_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_outbox_campaign_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_outbox_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_broadcast_id"), "outbox", ["broadcast_id"], unique=False)
    op.create_index(op.f("ix_outbox_campaign_id_chat_id"), "outbox", ["campaign_id", "chat_id"], unique=False)
    op.create_index(op.f("ix_outbox_submission_id"), "outbox", ["submission_id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "revision",
        sa.Column("submission_id", id_type, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", json_type, nullable=False),
        sa.Column("officer_id", id_type, nullable=False),
        sa.Column("sent_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_revision_officer_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_revision_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", "n", name=op.f("pk_revision")),
    )
