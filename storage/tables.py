"""The tables, as SQLAlchemy Core knows them; migrations/ makes them, a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    false,
)
from sqlalchemy.dialects.postgresql import JSONB


class Instant(TypeDecorator[datetime]):
    """An aware UTC moment, kept as ISO 8601 text with microseconds, which sorts as time on every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else written_instant(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def written_instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


Json = JSON().with_variant(JSONB(), "postgresql")
# SQLite gives out row ids only for a plain INTEGER PRIMARY KEY.
BigId = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What campaign_place adds up: entries, then LAOs by stage, then LAOs with officers of whom none can be reached.
ENTRY_SUMS = (
    "owed", "done", "to_review", "to_fix", "to_send", "submitted", "waiting", "returned", "approved", "rejected",
)  # fmt: skip
PLACE_SUMS = (
    *ENTRY_SUMS, "laos_complete", "laos_waiting", "laos_partly", "laos_nothing", "laos_nobody", "unreachable",
)  # fmt: skip

lao = Table(
    "lao",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(200), nullable=False),  # with its type: "เทศบาลตำบลต้นธงชัย"
    Column("type", String(60), nullable=False),
    Column("province", String(60), nullable=False, index=True),
    Column("district", String(60), nullable=False),
    Column("subdistrict", String(60), nullable=False, server_default=""),
    Column("latitude", Float),  # degrees WGS84; about a third of the official list has none
    Column("longitude", Float),
    Column(
        "phones", Json, nullable=False, server_default="[]"
    ),  # of the office: pairs of number and extension
    Column("folded", Text, nullable=False),  # name and place as they are searched
    Column("updated_at", Instant, nullable=False),
    Index(None, "province", "district"),
    Index(None, "latitude", "longitude"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(20), nullable=False, server_default="officer"),  # officer, handover, coordinator
    Column("lao_code", ForeignKey("lao.code"), index=True),  # of officer and handover
    Column("officer_id", ForeignKey("officer.id"), index=True),  # handover: whose post it is
    Column("reviewer_id", ForeignKey("reviewer.id"), index=True),  # coordinator: whose chat it will be
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("uses_left", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

# A chat is known before anybody has joined: its language, what it is on, and how often it has guessed.
chat = Table(
    "chat",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(2), nullable=False, server_default="th"),
    Column("focus", Json, nullable=False),  # what the next message is an answer to
    Column("guesses", Integer, nullable=False, server_default="0"),
    Column("guesses_since", Instant),
    Column("told_at", Instant),  # when an outsider, a removed officer or a group was last answered
    Column("unreachable_at", Instant),
    Column("seen_at", Instant, nullable=False),
)

officer = Table(
    "officer",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("lao_code", ForeignKey("lao.code"), nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("removed_at", Instant),
    # One person is at one LAO at a time.
    Index("uq_officer_chat_id_active", "chat_id", unique=True,
          sqlite_where=Column("removed_at").is_(None), postgresql_where=Column("removed_at").is_(None)),
)  # fmt: skip

# Updates that are done: a redelivered one is recognised here.
handled = Table(
    "handled",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

draft = Table(
    "draft",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("officer_id", ForeignKey("officer.id"), nullable=False),
    Column("lao_code", ForeignKey("lao.code"), nullable=False, index=True),
    Column("form", String(20), nullable=False),
    Column("conversation", Json, nullable=False),
    Column("submission_id", ForeignKey("submission.id"), index=True),  # when it changes an entry already sent
    Column("started_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    # The officer who has taken over the post, and gets this when done with a draft of the same form.
    Column("waits_for", BigInteger, index=True),
    # New entries: one draft of each form; entries sent before: one draft of each entry.
    Index("uq_draft_officer_form", "officer_id", "form", unique=True,
          sqlite_where=Column("submission_id").is_(None), postgresql_where=Column("submission_id").is_(None)),
    UniqueConstraint("officer_id", "submission_id"),
    sqlite_autoincrement=True,  # a button names its draft: the id of one thrown away is never given again
)  # fmt: skip


def _listed(name: str, *columns: str) -> Index:
    """An index of the entries that are not deleted."""
    there = Column("deleted_at").is_(None)
    return Index(f"ix_submission_{name}", *columns, sqlite_where=there, postgresql_where=there)


# Beside it search_index.py keeps an index of the words in `folded` and `number`, which no table here describes.
submission = Table(
    "submission",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),  # L-2560-000123
    Column("form", String(20), nullable=False),
    Column("lao_code", ForeignKey("lao.code"), nullable=False),
    # The LAO's, so that an index has a province's entries in order; `import_laos` moves it with the LAO.
    Column("province", String(60), nullable=False, server_default=""),
    Column("officer_id", ForeignKey("officer.id"), nullable=False, index=True),
    Column("status", String(20), nullable=False),  # of the newest revision
    Column("shown", Boolean, nullable=False),  # the officer's own switch, แสดง/ไม่แสดง
    Column("revision", Integer, nullable=False),  # the newest
    Column("published_revision", Integer),  # the one that the public sees, if any
    Column("headline", Text, nullable=False),  # of the newest revision
    Column("folded", Text, nullable=False),  # the headline as it is searched
    Column("category", String(40), nullable=False, server_default=""),
    Column("sent_at", Instant, nullable=False),  # the newest revision's
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    # The lists of reviewers, each in the order of sending; see entry_list.py.
    _listed("in_order", "sent_at", "id"),
    _listed("by_status", "status", "sent_at", "id"),
    _listed("by_form", "form", "status", "sent_at", "id"),
    _listed("by_category", "category", "status", "sent_at", "id"),
    _listed("by_shown", "shown", "status", "sent_at", "id"),
    _listed("by_province", "province", "sent_at", "id", "form", "category", "shown"),
    _listed("by_province_and_status", "province", "status", "sent_at", "id", "form", "category", "shown"),
    _listed("by_lao", "lao_code", "status", "sent_at", "id", "form", "category", "shown"),
    # Has all that a campaign counts by, in the order in which it counts.
    Index(
        "ix_submission_counted",
        "lao_code",
        "form",
        "created_at",
        "status",
        "deleted_at",
        "published_revision",
    ),
)

revision = Table(
    "revision",
    metadata,
    Column("submission_id", ForeignKey("submission.id"), primary_key=True),
    Column("n", Integer, primary_key=True),  # from 1
    Column("version", Integer, nullable=False),  # of the form
    Column("answers", Json, nullable=False),  # field key -> stored answer
    Column("officer_id", ForeignKey("officer.id"), nullable=False),
    Column("sent_at", Instant, nullable=False),
)

# What happened to an entry, in order: sent, approved, changes_requested, rejected, shown, hidden, deleted, restored.
history = Table(
    "history",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("submission_id", ForeignKey("submission.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("what", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("officer_id", ForeignKey("officer.id")),
    Column("reviewer_id", ForeignKey("reviewer.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("flags", Json, nullable=False),  # field key -> reason
)

running_number = Table(
    "running_number",
    metadata,
    Column("letter", String(1), primary_key=True),
    Column("year", Integer, primary_key=True),  # Buddhist era
    Column("last", Integer, nullable=False),
)

# Messages that must go out, whatever happens; written in the transaction of what caused them.
_WAITING = and_(Column("sent_at").is_(None), Column("given_up_at").is_(None))
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("payload", Json, nullable=False),
    Column("submission_id", ForeignKey("submission.id"), index=True),
    Column("campaign_id", ForeignKey("campaign.id")),  # of reminders and digests
    Column("broadcast_id", ForeignKey("broadcast.id"), index=True),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("rank", Integer, nullable=False, server_default="0"),  # lower ones go first, see storage/outbox.py
    Column("claimed_until", Instant),
    Column("claim", String(16)),  # a name of its own for each claim: whoever lost it changes nothing
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sent_at", Instant),
    Column("given_up_at", Instant),  # unreachable
    Column("error", Text, nullable=False, server_default=""),
    Column("cause", String(40), nullable=False, server_default=""),  # see storage/causes.py
    Index(None, "campaign_id", "chat_id"),
    Index(None, "chat_id", "sent_at"),
    Index("ix_outbox_waiting", "rank", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
)  # fmt: skip

# One row: when the next message may go out, over all processes, and until when none but people's own replies do.
send_limit = Table(
    "send_limit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next_at", Instant, nullable=False),
    Column("held_until", Instant),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("raw", Json, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Instant, nullable=False),  # when it was set aside first
    Column("saved", Boolean, nullable=False, server_default=false()),  # only the answer to it failed
    Column("place", Json),  # what it was an answer to
    Column("retry_at", Instant),  # somebody wants it run again
    Column("claimed_until", Instant),  # by the process that does
)

# People of the admin web. `role`: admin, coordinator, reviewer, viewer; `scope`: where, see storage/reviewers.py.
reviewer = Table(
    "reviewer",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(20), nullable=False, server_default="admin"),
    Column("scope", Json, nullable=False, server_default="{}"),
    Column("language", String(2), nullable=False, server_default="th"),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("reviewer_id", ForeignKey("reviewer.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("what", String(120), nullable=False),  # "name:…" or "address:…"
    Column("at", Instant, nullable=False),
    Index(None, "what", "at"),
)

# --- campaigns: a letter with a deadline, and what each LAO owes by it

campaign = Table(
    "campaign",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("letter_number", String(100), nullable=False, server_default=""),
    Column("letter_date", String(10)),  # ISO 8601
    Column("letter_file", String(100), nullable=False, server_default=""),  # its key in the media store
    Column("deadline", Instant, nullable=False),
    Column("counts", String(20), nullable=False),  # submitted, approved
    Column("scope", Json, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("opens", String(5), nullable=False),  # "08:30", by the clock in Thailand
    Column("closes", String(5), nullable=False),
    Column("extra_days_off", Json, nullable=False),
    Column("wording", Text, nullable=False, server_default=""),
    Column("since", String(10)),
    Column("state", String(20), nullable=False, index=True),
    Column("started_at", Instant),
    Column("moved_at", Instant),
    Column("ended_at", Instant),
    Column("reviewer_id", ForeignKey("reviewer.id"), nullable=False),  # who made it
    Column("created_at", Instant, nullable=False),
    Column(
        "version", Integer, nullable=False, server_default="1"
    ),  # raised by each change: nobody overwrites another
    # Its entries are being counted, slice by slice: those of the LAOs up to this code are. NULL: all are.
    Column("counted_to", String(20)),
)

campaign_form = Table(
    "campaign_form",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("form", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
)

# What an officer has chosen for one campaign.
campaign_choice = Table(
    "campaign_choice",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("officer_id", ForeignKey("officer.id"), primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("again_on", String(10)),
    Column("owed", Boolean, nullable=False),  # lacked something at any time since the campaign began
    Column("knows_deadline", Instant),  # the one named by the newest reminder
)

# How many entries of a form an LAO has in a campaign; counted anew whenever one of its entries changes.
campaign_tally = Table(
    "campaign_tally",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("lao_code", ForeignKey("lao.code"), primary_key=True),
    Column("form", String(20), primary_key=True),
    Column("submitted", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("approved", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
)

# The days on which the entries that an LAO owes were first sent, for the pace: of each form as many as are owed.
campaign_day = Table(
    "campaign_day",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("lao_code", ForeignKey("lao.code"), primary_key=True),
    Column("form", String(20), primary_key=True),
    Column("day", String(10), primary_key=True),  # in Thailand, ISO 8601
    Column("entries", Integer, nullable=False),
)

# The sums of a campaign over the LAOs of a district, kept so that the country is added up from some hundred rows.
campaign_place = Table(
    "campaign_place",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("province", String(60), primary_key=True),
    Column("district", String(60), primary_key=True),
    *(Column(name, Integer, nullable=False) for name in PLACE_SUMS),
)

# How many of the owed entries were first sent on a day, of the LAOs of a province.
campaign_place_day = Table(
    "campaign_place_day",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("province", String(60), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("entries", Integer, nullable=False),
)

# A coordinator's own chat, for digests and /progress.
coordinator_chat = Table(
    "coordinator_chat",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reviewer_id", ForeignKey("reviewer.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("joined_at", Instant, nullable=False),
)

# One message of a coordinator to chosen LAOs; each copy is a row of the outbox with the key "broadcast:ID:CHAT".
broadcast = Table(
    "broadcast",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), index=True),
    Column("reviewer_id", ForeignKey("reviewer.id"), nullable=False),
    Column("wording", Text, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("laos_without", Json, nullable=False),  # codes of LAOs that nobody could be written for
    Column("created_at", Instant, nullable=False),
)
