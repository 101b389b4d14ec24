"""The index of the words of each province: what it finds there does not grow with the rest.

It has the titles in pieces of three letters, each together with its province. On SQLite it is an FTS5 table in the
order of sending, like that of all words. On PostgreSQL it has every other piece, and those with their ten days too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, column, func, literal, literal_column, select, table
from sqlalchemy.dialects.postgresql import ARRAY

from storage.db import Tx
from storage.search_index import LETTERS, id_of, in_titles, in_turn, mark_of, place_of
from storage.tables import submission, written_instant

_THERE: Final = table("submission_words_there", column("rowid"))  # on SQLite
_OF_TENS: Final = 9  # letters of a moment as it is written: the last of them are the tens of its day
_TENS: Final = func.left(submission.c.sent_at, literal_column(str(_OF_TENS)))
_of_province: Final = func.submission_pieces(submission.c.province, submission.c.folded)
_of_tens: Final = func.submission_pieces(_TENS, submission.c.folded)
_indexed: Final[ColumnElement[Any]] = _of_province.op("||")(_of_tens)  # as it is made, or it is not used


def can_find(tx: Tx, words: Sequence[str]) -> bool:
    """Whether the index has any piece of these words."""
    if not in_titles(words):
        return False
    return tx.dialect.name != "postgresql" or bool(tx.scalar(select(func.cardinality(_of_words("", words)))))


def ids_there(dialect: str, words: Sequence[str], province: str) -> Select[tuple[int]]:
    """The ids of the entries of a province that may have all these words; to be found out by reading them."""
    if dialect != "postgresql":
        return select(id_of(_THERE.c.rowid).label("id")).where(_matching(words, None, province))
    return select(submission.c.id).where(_has(words, province), submission.c.deleted_at.is_(None))


def in_order(
    words: Sequence[str], status: str | None, province: str, after: int | None = None, back: bool = False
) -> Select[tuple[int, int]]:
    """SQLite's: the ids of those, each with its turn in the order; see search_index."""
    return in_turn(_THERE.c.rowid, _matching(words, status, province), after, back)


def by_tens(
    tx: Tx, words: Sequence[str], begin: datetime | None, back: bool
) -> tuple[Any, ColumnElement[bool]]:
    """PostgreSQL's: all the ten days there are in their order, from a moment on or back, and what may have these words in each."""
    entry = select(func.min(submission.c.sent_at), func.max(submission.c.sent_at))
    first, last = tx.execute(entry.where(submission.c.deleted_at.is_(None))).one()
    if begin is not None:
        first, last = (first, min(begin, last)) if back else (max(begin, first), last)
    tens = list(_tens(first, last))
    given = literal(tens[::-1] if back else tens, ARRAY(Text))
    each = select(func.unnest(given).label("tens")).subquery()
    return each, _has(words, each.c.tens)


def _tens(first: datetime, last: datetime) -> Iterator[str]:
    begin, end = (written_instant(moment)[:_OF_TENS] for moment in (first, last))
    month = date.fromisoformat(f"{begin[:7]}-01")
    while (name := f"{month:%Y-%m}-") <= end:
        yield from (ten for ten in (f"{name}{n}" for n in range(4)) if begin <= ten <= end)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _has(words: Sequence[str], place: Any) -> ColumnElement[bool]:
    return _indexed.op("@>")(_of_words(place, words))


def _of_words(place: Any, words: Sequence[str]) -> ColumnElement[Any]:
    first, *others = (func.submission_pieces(place, word) for word in in_titles(words))
    found: ColumnElement[Any] = first
    for other in others:
        found = found.op("||")(other)
    return found


def _matching(words: Sequence[str], status: str | None, province: str) -> ColumnElement[bool]:
    """Each piece looked up only where the entries have all before it, while a plain AND goes through every list.

    FTS5 makes one AND of several, unless something stands between them: a NOT that excludes nothing.
    """
    pieces = [f"x{_middle(word).encode().hex()}" for word in in_titles(words)]
    pieces += [f"s{mark_of(status)}"] if status else []
    wanted: ColumnElement[str] = literal("(" * (len(pieces) - 1))
    for n, piece in enumerate(pieces):
        between = " NOT nothing) AND " if n else ""
        wanted = wanted.concat(f'{between}"').concat(place_of(province)).concat(f'{piece}"')
    return literal_column(_THERE.name).op("MATCH")(wanted)


def _middle(word: str) -> str:
    """Three letters of a word, mostly of two syllables: fewer other words have these than its ends."""
    middle = (len(word) - LETTERS + 1) // 2
    return word[middle : middle + LETTERS]
