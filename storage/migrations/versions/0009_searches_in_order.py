"""The index of words on SQLite in the order of sending, with status and province; deleted entries are not in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = "rowid, folded, number, status, province"
# Seconds, then the id: unique and in order. Of text, for strftime rounds the fractions of seconds.
ROW = (
    "SELECT {what}(strftime('%s', substr({of}.sent_at, 1, 19)) << 28) | {of}.id, {of}.folded, {of}.number, "
    "char(31) || substr({of}.status, 1, 2), "
    "char(31, 112, 57344 + (SELECT id FROM submission_words_places WHERE name = {of}.province)) "
)
PLACE = (
    "INSERT INTO submission_words_places(name) SELECT new.province "
    "WHERE NOT EXISTS (SELECT 1 FROM submission_words_places WHERE name = new.province); "
)
ENTER = (
    f"INSERT INTO submission_words({COLUMNS}) {ROW.format(what='', of='new')} WHERE new.deleted_at IS NULL; "
)
# A table without content of its own: a row is taken out by saying what it was.
TAKE_OUT = (
    f"INSERT INTO submission_words(submission_words, {COLUMNS}) "
    + ROW.format(what="'delete', ", of="old")
    + "WHERE old.deleted_at IS NULL; "
)
KEPT = ("folded", "number", "status", "province", "sent_at", "deleted_at")
STATEMENTS = (
    *(f"DROP TRIGGER submission_words_{name}" for name in ("new", "changed", "gone")),
    "DROP TABLE submission_words",
    "CREATE TABLE submission_words_places (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL UNIQUE)",
    "INSERT INTO submission_words_places(name) SELECT DISTINCT province FROM submission",
    "CREATE VIRTUAL TABLE submission_words USING fts5"
    "(folded, number, status, province, content='', tokenize='trigram')",
    f"INSERT INTO submission_words({COLUMNS}) {ROW.format(what='', of='submission')} "
    "FROM submission WHERE deleted_at IS NULL ORDER BY sent_at, id",
    "INSERT INTO submission_words(submission_words) VALUES ('optimize')",
    f"CREATE TRIGGER submission_words_new AFTER INSERT ON submission BEGIN {PLACE}{ENTER}END",
    f"CREATE TRIGGER submission_words_changed AFTER UPDATE OF {', '.join(KEPT)} ON submission "
    f"WHEN {' OR '.join(f'old.{name} IS NOT new.{name}' for name in KEPT)} BEGIN {PLACE}{TAKE_OUT}{ENTER}END",
    f"CREATE TRIGGER submission_words_gone AFTER DELETE ON submission BEGIN {TAKE_OUT}END",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in STATEMENTS:
            op.execute(sa.text(statement.replace(":", "\\:")))
