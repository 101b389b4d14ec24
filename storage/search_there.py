"""PostgreSQL's index of the words of each province, and of each ten days: what it finds there does not grow with the rest.

It has the titles in pieces of three letters, every other one, each together with its province and with its ten days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from storage.db import Tx
from storage.search_index import in_titles
from storage.tables import submission, written_instant

_LETTERS: Final = 9  # of a moment as it is written: the last of them are the tens of its day
_TENS: Final = func.left(submission.c.sent_at, literal_column(str(_LETTERS)))
_of_province: Final = func.submission_pieces(submission.c.province, submission.c.folded)
_of_tens: Final = func.submission_pieces(_TENS, submission.c.folded)
_indexed: Final[ColumnElement[Any]] = _of_province.op("||")(_of_tens)  # as it is made, or it is not used


def can_find(tx: Tx, words: Sequence[str]) -> bool:
    """Whether the index has any piece of these words."""
    if tx.dialect.name != "postgresql" or not in_titles(words):
        return False
    return bool(tx.scalar(select(func.cardinality(_of_words("", words)))))


def ids_there(words: Sequence[str], province: str) -> Select[tuple[int]]:
    """The ids of the entries of a province that may have all these words; to be found out by reading them."""
    return select(submission.c.id).where(_has(words, province), submission.c.deleted_at.is_(None))


def by_tens(
    tx: Tx, words: Sequence[str], begin: datetime | None, back: bool
) -> tuple[Any, ColumnElement[bool]]:
    """All the ten days there are in their order, from a moment on or back, and what may have these words in each."""
    entry = select(func.min(submission.c.sent_at), func.max(submission.c.sent_at))
    first, last = tx.execute(entry.where(submission.c.deleted_at.is_(None))).one()
    if begin is not None:
        first, last = (first, min(begin, last)) if back else (max(begin, first), last)
    tens = list(_tens(first, last))
    given = literal(tens[::-1] if back else tens, ARRAY(Text))
    each = select(func.unnest(given).label("tens")).subquery()
    return each, _has(words, each.c.tens)


def _tens(first: datetime, last: datetime) -> Iterator[str]:
    begin, end = (written_instant(moment)[:_LETTERS] for moment in (first, last))
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
