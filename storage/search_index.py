"""The index of the words in titles and numbers, by three letters at a time: Thai is written without spaces.

On SQLite an FTS5 table that triggers keep in step; on PostgreSQL a GIN index of pg_trgm, which may be missing where
the extension is not allowed: then titles are searched by reading them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError

from flows.core.text import folded
from storage.tables import submission

LETTERS: Final = 3  # a shorter word is in no index
TABLE: Final = "submission_words"
Searching = Literal["by_index", "no_extension", "no_thai"]

_END: Final = 5
_NUMBER = re.compile(r"[a-z]-\d{4}-\d{6,}")  # its letters in threes are in every other number too
_PART_OF_NUMBER = re.compile("[a-z0-9-]+")
_words = table(TABLE, column("rowid"), column("folded"), column("number"))
# The same words as in the index of PostgreSQL, or it is not used.
_searched = submission.c.folded + literal_column("' '") + func.lower(submission.c.number)


def words_of(typed: str) -> Sequence[str]:
    """The words as they are looked for."""
    return tuple(dict.fromkeys(folded(typed).split()))


def has(dialect: str, of: Any, word: str) -> ColumnElement[bool]:
    """An entry with this in its title or number, found out by reading it: `of` has both columns."""
    position = func.strpos if dialect == "postgresql" else func.instr
    in_title: ColumnElement[bool] = position(of.c.folded, word) > 0
    if not _PART_OF_NUMBER.fullmatch(word):
        return in_title
    return or_(in_title, position(of.c.number, word.upper()) > 0)


def ids_with(dialect: str, words: Sequence[str]) -> Select[tuple[int]] | None:
    """The ids of the entries that may have all these words, deleted ones too; None where no word is in the index.

    Whether they have them is to be found out with `has`.
    """
    if number := next((word for word in words if _NUMBER.fullmatch(word)), None):
        return select(submission.c.id).where(submission.c.number == number.upper())
    long = [word for word in words if len(word) >= LETTERS]
    if not long:
        return None
    if dialect == "postgresql":
        return select(submission.c.id).where(*(_searched.contains(word, autoescape=True) for word in long))
    quoted = " ".join('"' + part.replace('"', '""') + '"' for word in long for part in _ends(word))
    return select(_words.c.rowid.label("id")).where(literal_column(TABLE).op("MATCH")(quoted))


def _ends(word: str) -> Sequence[str]:
    """The two ends of a long word: FTS5 goes through the list of each three letters of it, however common."""
    return (word,) if len(word) <= 2 * _END else (word[:_END], word[-_END:])


def searching(tx: Connection) -> Searching:
    """Whether searches go by the index, and why not."""
    if tx.dialect.name != "postgresql":
        return "by_index"
    if not tx.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")):
        return "no_extension"
    if not tx.scalar(text("SELECT cardinality(show_trgm('การ'))")):
        return "no_thai"
    return "by_index" if tx.scalar(text(f"SELECT to_regclass('{TABLE}')")) else "no_extension"


def prepare(connection: Connection) -> None:
    """Makes PostgreSQL's index where it is missing and can be made; what another makes at once is left to it."""
    if connection.dialect.name != "postgresql":
        return
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except DBAPIError:
        return  # not allowed here, or not installed: `searching` says so
    connection.execute(
        text(
            f"CREATE INDEX IF NOT EXISTS {TABLE} ON submission "
            "USING gin ((folded || ' ' || lower(number)) gin_trgm_ops) WITH (fastupdate = off)"
        )
    )
