"""SQLite's index of the words of each province, in pieces of three letters: FTS5 has no other way to join the two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Of every three letters of a title together with its province, and of its status with its province, one word; in hex,
# so that whatever letters there are stay one word. Triggers take a WITH only within an expression.
PIECES = (
    "(WITH RECURSIVE "
    "place(id) AS (SELECT id FROM submission_words_places WHERE name = {of}.province), "
    "letters(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM letters WHERE n < length({of}.folded) - 2) "
    "SELECT group_concat(place.id || 'x' || hex(substr({of}.folded, n, 3)), ' ') || ' ' "
    "|| place.id || 's' || substr({of}.status, 1, 2) "
    "FROM place, letters WHERE instr(substr({of}.folded, n, 3), ' ') = 0)"
)
ROW = f"SELECT {{what}}(strftime('%s', substr({{of}}.sent_at, 1, 19)) << 28) | {{of}}.id, {PIECES} "
PLACE = (
    "INSERT INTO submission_words_places(name) SELECT new.province "
    "WHERE NOT EXISTS (SELECT 1 FROM submission_words_places WHERE name = new.province); "
)
ENTER = (
    "INSERT INTO submission_words_there(rowid, pieces) "
    + ROW.format(what="", of="new")
    + "WHERE new.deleted_at IS NULL; "
)
TAKE_OUT = (
    "INSERT INTO submission_words_there(submission_words_there, rowid, pieces) "
    + ROW.format(what="'delete', ", of="old")
    + "WHERE old.deleted_at IS NULL; "
)
KEPT = ("folded", "status", "province", "sent_at", "deleted_at")
STATEMENTS = (
    "CREATE VIRTUAL TABLE submission_words_there USING fts5"
    "(pieces, content='', detail=none, tokenize='ascii')",
    f"INSERT INTO submission_words_there(rowid, pieces) {ROW.format(what='', of='submission')}"
    "FROM submission WHERE deleted_at IS NULL ORDER BY sent_at, id",
    "INSERT INTO submission_words_there(submission_words_there) VALUES ('optimize')",
    f"CREATE TRIGGER submission_words_there_new AFTER INSERT ON submission BEGIN {PLACE}{ENTER}END",
    f"CREATE TRIGGER submission_words_there_changed AFTER UPDATE OF {', '.join(KEPT)} ON submission "
    f"WHEN {' OR '.join(f'old.{name} IS NOT new.{name}' for name in KEPT)} BEGIN {PLACE}{TAKE_OUT}{ENTER}END",
    f"CREATE TRIGGER submission_words_there_gone AFTER DELETE ON submission BEGIN {TAKE_OUT}END",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in STATEMENTS:
            op.execute(sa.text(statement.replace(":", "\\:")))
