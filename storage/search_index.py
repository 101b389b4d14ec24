"""The index of the words in titles and numbers, by three letters at a time: Thai is written without spaces.

On SQLite an FTS5 table that triggers keep in step. Its rows are numbered in the order of sending, so that a search
ends with the page; status and province are in it as marks, so that they narrow it like words. On PostgreSQL a GIN
index of pg_trgm, which may be missing where the extension is not allowed: then titles are searched by reading them.
For one province both have another, see search_there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    column,
    func,
    literal,
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
MOST_WORDS: Final = 50
TABLE: Final = "submission_words"
Searching = Literal["by_index", "no_extension", "no_thai"]

_NUMBER = re.compile(r"[a-z]-\d{4}-\d{6,}")  # its letters in threes are in every other number too
_PART_OF_NUMBER = re.compile("[a-z0-9-]+")
_ID_BITS: Final = 28
_MARK: Final = "\x1f"  # in no word: words are split at it
_words = table(TABLE, column("rowid"))
_places = table(f"{TABLE}_places", column("id"), column("name"))
# The same words as in the index of PostgreSQL, or it is not used.
_searched = submission.c.folded + literal_column("' '") + func.lower(submission.c.number)


def words_of(typed: str) -> Sequence[str]:
    """The words as they are looked for; no more of them than a statement takes."""
    return tuple(dict.fromkeys(folded(typed).split()))[:MOST_WORDS]


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
    return select(id_of(_words.c.rowid).label("id")).where(_matching(long))


def in_titles(words: Sequence[str]) -> Sequence[str]:
    """Those of the words that are long enough for an index and in no number."""
    return [word for word in words if len(word) >= LETTERS and not _PART_OF_NUMBER.fullmatch(word)]


def orders(dialect: str, words: Sequence[str]) -> bool:
    """Whether `in_order` can find these: on SQLite, and by a word long enough that is not a number."""
    return (
        dialect != "postgresql"
        and not any(_NUMBER.fullmatch(word) for word in words)
        and any(len(word) >= LETTERS for word in words)
    )


def in_order(
    words: Sequence[str],
    status: str | None,
    provinces: Sequence[str],
    after: int | None = None,
    back: bool = False,
) -> Select[tuple[int, int]]:
    """SQLite's index: the ids, each with its turn in the order, of what may have all these words; see `has`."""
    long = [word for word in words if len(word) >= LETTERS]
    return in_turn(_words.c.rowid, _matching(long, status, provinces), after, back)


def in_turn(
    turn: ColumnElement[Any], matching: ColumnElement[bool], after: int | None, back: bool
) -> Select[tuple[int, int]]:
    """Of an FTS5 table whose rows are numbered by turns: the ids and turns in order, from a turn on or back."""
    found = select(id_of(turn).label("id"), turn.label("turn")).where(matching)
    if after is not None:
        found = found.where(turn < after if back else turn > after)
    return found.order_by(turn.desc() if back else turn)


def id_of(turn: ColumnElement[Any]) -> ColumnElement[Any]:
    """The id of the entry that has a turn."""
    return turn.op("&")(literal_column(str((1 << _ID_BITS) - 1)))


def mark_of(status: str) -> str:
    """What stands for a status in SQLite's indexes: no two begin alike."""
    return status[:2]


def turn_of(sent_at: datetime, number: int) -> int:
    """The number of an entry's row in SQLite's index, as its triggers make it: in one second the ids are the order."""
    return int(sent_at.timestamp()) << _ID_BITS | number


def _matching(
    words: Sequence[str], status: str | None = None, provinces: Sequence[str] = ()
) -> ColumnElement[bool]:
    marks = [f"{_MARK}{mark_of(status)}"] if status else []
    pieces = [*(end for word in words for end in _ends(word)), *marks]
    wanted: ColumnElement[str] = literal(" AND ".join(map(_quoted, pieces)))
    if provinces:
        wanted = _of_provinces(provinces) + literal(" AND ") + wanted
    return literal_column(TABLE).op("MATCH")(wanted)


def place_of(province: str) -> ColumnElement[int]:
    """The number of a province in SQLite's indexes; 0, which is nobody's, where it has no entries."""
    numbered = select(_places.c.id).where(_places.c.name == province).scalar_subquery()
    return func.coalesce(numbered, 0)


def _quoted(piece: str) -> str:
    return '"' + piece.replace('"', '""') + '"'


def _of_provinces(provinces: Sequence[str]) -> ColumnElement[str]:
    wanted: ColumnElement[str] = literal("(")
    for province in provinces:
        mark = func.char(0xE000 + place_of(province))
        wanted = (
            wanted + literal(f'{"" if province == provinces[0] else " OR "}"{_MARK}p') + mark + literal('"')
        )
    return wanted + literal(")")


def _ends(word: str) -> Sequence[str]:
    """Both ends of a word, three letters each.

    FTS5 goes through the list of every three letters it is asked for, however common, and more slowly where these
    must follow each other: to read the few titles that have both ends but not the word is quicker.
    """
    return tuple(dict.fromkeys((word[:LETTERS], word[-LETTERS:])))


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
