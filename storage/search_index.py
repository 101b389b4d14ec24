"""The index of the words in titles and numbers, by three letters at a time: Thai is written without spaces.

On SQLite an FTS5 table that triggers keep in step. Its rows are numbered in the order of sending, so that a search
ends with the page; status and province are in it as marks, so that they narrow it like words. On PostgreSQL a GIN
index of pg_trgm, which may be missing where the extension is not allowed: then titles are searched by reading them;
for a province or ten days there is another, see search_there.
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
    return select(_id.label("id")).where(_matching(long))


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
    turn = _words.c.rowid
    long = [word for word in words if len(word) >= LETTERS]
    found = select(_id.label("id"), turn.label("turn")).where(_matching(long, status, provinces))
    if after is not None:
        found = found.where(turn < after if back else turn > after)
    return found.order_by(turn.desc() if back else turn)


def turn_of(sent_at: datetime, number: int) -> int:
    """The number of an entry's row in SQLite's index, as its triggers make it: in one second the ids are the order."""
    return int(sent_at.timestamp()) << _ID_BITS | number


_id = _words.c.rowid.op("&")(literal_column(str((1 << _ID_BITS) - 1)))


def _matching(
    words: Sequence[str], status: str | None = None, provinces: Sequence[str] = ()
) -> ColumnElement[bool]:
    marks = [f"{_MARK}{status[:2]}"] if status else []  # no two begin alike
    if len(provinces) == 1:
        wanted = _step_by_step(_of_provinces(provinces), [*map(_middle, words), *marks])
    else:
        wanted = literal(
            " AND ".join(map(_quoted, [*(end for word in words for end in _ends(word)), *marks]))
        )
        if provinces:
            wanted = _of_provinces(provinces) + literal(" AND ") + wanted
    return literal_column(TABLE).op("MATCH")(wanted)


def _step_by_step(first: ColumnElement[str], pieces: Sequence[str]) -> ColumnElement[str]:
    """Each piece looked up only where the entries have all before it, while a plain AND goes through every list.

    FTS5 makes one AND of several, unless something stands between them: a NOT that excludes nothing.
    """
    between = f" NOT {_quoted(_MARK * LETTERS)}) AND "
    opening = "(" * (len(pieces) - 1)
    return literal(opening) + first + literal(" AND " + between.join(map(_quoted, pieces)))


def _quoted(piece: str) -> str:
    return '"' + piece.replace('"', '""') + '"'


def _of_provinces(provinces: Sequence[str]) -> ColumnElement[str]:
    wanted: ColumnElement[str] = literal("(")
    for province in provinces:
        place = select(_places.c.id).where(_places.c.name == province).scalar_subquery()
        # A province without entries has no number, and 0 is nobody's.
        mark = func.char(0xE000 + func.coalesce(place, 0))
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


def _middle(word: str) -> str:
    """Three letters of a word, mostly of two syllables: fewer other words have these than its ends."""
    middle = (len(word) - LETTERS + 1) // 2
    return word[middle : middle + LETTERS]


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
