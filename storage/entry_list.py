"""Entries by filters and words in the order of sending, at a cost that does not grow with how many there are.

What an index has in order (a status, a province, on SQLite words beside them) is read there as far as a page goes. Of
the rest, what only few entries have (a category, a district, a rare word) is gathered by its own index and then
sorted; what many have is met soon enough on a walk in the order of sending. Which of the two it is, is found out by
counting as far as it matters. With words, what was found for the count is kept: the first pages are in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, join, select, true

from flows.core.roles import Reach
from storage import search_there
from storage.db import Tx
from storage.found import Found
from storage.search_index import has, ids_with, in_order, in_titles, orders, turn_of, words_of
from storage.tables import lao, submission
from storage.wanted import Place, Wanted, exact_values, narrow, ordered, placed, whole_provinces

MOST_FOUND: Final = 100  # are counted of what has the words
MOST_SORTED: Final = 3_000
MOST_OF_WORDS: Final = 1_000  # the index of words takes its time to find those with several words
MOST_OF_A_PLACE: Final = 20_000  # all that is asked of these is in one index
MOST_WALKED: Final = 5_000
SAMPLE: Final = 300
COMMON: Final = 3  # of the sample
NO_LIMIT: Final = 1_000_000_000  # but it keeps the database from going by another index for the order's sake
_ORDER = (submission.c.id, submission.c.sent_at)
_READ = (*_ORDER, submission.c.folded, submission.c.number)


@dataclass(frozen=True, slots=True)
class Step:
    """Some entries in order, or backwards; `stopped` where the walk ended before it had found enough."""

    rows: Sequence[Row[Any]]
    stopped: Place | None = None


class EntryList:
    """The entries of some filters within a reach, as they are in this transaction."""

    def __init__(self, tx: Tx, wanted: Wanted, reach: Reach) -> None:
        self._tx = tx
        self._wanted = wanted
        self._words = words_of(wanted.words)
        self._in_turn = orders(tx.dialect.name, self._words)
        self._provinces = whole_provinces(wanted, reach)
        self._province = self._provinces[0] if len(self._provinces) == 1 else ""
        self._in_place = None if self._province else placed(wanted, reach)
        elsewhere = self._in_place is not None and not (self._in_turn and self._provinces)
        self._narrow = narrow(self._wanted) or elsewhere
        self._exact = [submission.c.deleted_at.is_(None), *self._of_province(), *self._values()]
        self._of_a_place = bool(self._province) or self._in_place is not None
        self._found: Found | None = None
        self._stopped: Place | None = None
        self._ids: Select[tuple[int]] | None = None
        self._few = self._gathered()

    # --- few or many

    def _gathered(self) -> Subquery | None:
        """The id and moment of every entry that comes into question, where these are few."""
        if self._in_turn and not self._narrow:
            return None  # the index of words has them in order
        self._ids = self._given()
        if self._ids is not None and self._rare(self._ids):
            return None
        if (self._province or not self._narrow) and (
            not self._words or (self._province and self._ids is not None)
        ):
            return None  # the order of sending is an index, and what is not rare there is soon met
        most = MOST_OF_A_PLACE if self._of_a_place else MOST_SORTED
        if _number(self._tx, select(self._fenced(most + 1).c.id)) > most:
            return None
        return self._having(self._fenced(most + 1)).subquery()

    def _given(self) -> Select[tuple[int]] | None:
        """The ids that an index of words gives; None where no word is in it."""
        ids = ids_with(self._tx.dialect.name, self._words) if self._words else None
        if ids is None or not self._province:
            return ids
        if search_there.can_find(self._tx, self._words):
            return search_there.ids_there(self._tx.dialect.name, self._words, self._province)
        if self._tx.dialect.name != "postgresql":
            return ids
        return ids.where(*self._exact)  # PostgreSQL puts two indexes together

    def _rare(self, ids: Select[tuple[int]]) -> bool:
        """Whether the index of words finds little: that is all then. Not asked where the newest say otherwise."""
        if self._common():
            return False
        most = MOST_OF_WORDS if self._in_place is None else MOST_SORTED
        found = self._tx.execute(self._judged(ids.limit(most + 1))).all()
        if len(found) > most:
            return False
        fitting = sorted((row.sent_at, row.id) for row in found if row.fits)
        self._found = Found([number for _, number in fitting], fitting, more=False)
        return True

    def _judged(self, ids: Select[tuple[int]]) -> Select[Any]:
        """The ids, and of each its moment and whether it has everything asked for."""
        fits = and_(*self._wanted_of_each()).label("fits")
        if self._tx.dialect.name == "postgresql":
            # Of the entries themselves: a join might read all of them.
            return ids.add_columns(submission.c.sent_at, fits)
        few = ids.subquery()
        return select(few.c.id, submission.c.sent_at, fits).join(submission, submission.c.id == few.c.id)

    def _common(self) -> bool:
        """Whether PostgreSQL is better not asked for all that its index has: it finds all before it gives the first.

        How common a word is in a province, it knows itself: its order is an index too.
        """
        if self._tx.dialect.name != "postgresql" or self._province:
            return False
        newest = (
            select(*_READ)
            .where(submission.c.deleted_at.is_(None))
            .order_by(submission.c.sent_at.desc(), submission.c.id.desc())
            .limit(SAMPLE)
            .subquery()
        )
        each = (self._having(newest, [word]) for word in self._words)
        return all(_number(self._tx, one) >= COMMON for one in each)

    def _fenced(self, most: int) -> Subquery:
        """By whichever index fits the filters, words aside; in no order, so that none is chosen for its order."""
        wanted = select(*(_READ if self._words else _ORDER)).where(*self._exact)
        if self._in_place is not None:
            wanted = wanted.where(submission.c.lao_code.in_(self._in_place))
        return wanted.limit(most).subquery()

    def _having(self, some: Subquery, words: Sequence[str] = ()) -> Select[Any]:
        """Those that have all the words asked for, or the ones given."""
        dialect = self._tx.dialect.name
        each = (has(dialect, some, word) for word in words or self._words)
        return select(some.c.id, some.c.sent_at).where(*each)

    def _of(self, ids: Select[tuple[int]]) -> Subquery:
        """Those of the ids of the index of words that have everything asked for."""
        if self._tx.dialect.name == "postgresql":
            wanted = ids.with_only_columns(*_ORDER)
        else:
            few = ids.limit(NO_LIMIT).subquery()
            wanted = select(*_ORDER).select_from(few).join(submission, submission.c.id == few.c.id)
        return wanted.where(*self._wanted_of_each()).limit(NO_LIMIT).subquery()

    def _of_province(self) -> list[ColumnElement[bool]]:
        return [submission.c.province == self._province] if self._province else []

    def _values(self) -> list[ColumnElement[bool]]:
        """The filters by values; the index of a province has all of them, and no other is to be gone by instead."""
        if not self._province:
            return exact_values(self._wanted, hide=False)
        status = [submission.c.status == self._wanted.status] if self._wanted.status else []
        return [*status, *exact_values(self._wanted, hide=True)]

    def _wanted_of_each(self) -> list[ColumnElement[bool]]:
        """All that is asked for, in words that no index answers to: the entries are to be found by their ids."""
        dialect = self._tx.dialect.name
        wanted = [submission.c.deleted_at.is_(None), *exact_values(self._wanted, hide=True)]
        if self._province:
            wanted.append(func.coalesce(submission.c.province, "") == self._province)
        if self._in_place is not None:
            wanted.append(func.coalesce(submission.c.lao_code, "").in_(self._in_place))
        return [*wanted, *(has(dialect, submission, word) for word in self._words)]

    # --- counted

    def count(self, most: int) -> tuple[int, bool]:
        """How many there are, at most `most`, and whether there are more; fewer are counted of what has words."""
        if self._words:
            most = min(most, MOST_FOUND)
        if self._few is not None:
            number = _number(self._tx, select(self._few.c.id).limit(most + 1))
        elif not self._words:
            number = _number(self._tx, select(self._fenced(most + 1).c.id))
        elif self._in_turn and self._narrow and self._found is None:
            return self._count_in_turn(most)
        else:
            self._found = self._found or (self._first_in_turn() if self._in_turn else self._first_met())
            return self._found.count(most)
        return min(number, most), number > most

    def _count_in_turn(self, most: int) -> tuple[int, bool]:
        """What the index finds, looked at as far as a walk goes."""
        given = self._by_words().limit(MOST_WALKED + 1).subquery()
        looked = _number(self._tx, select(given.c.id))
        number = _number(self._tx, self._fitting(select(given.c.id, given.c.turn)).limit(most + 1))
        return min(number, most), number > most or looked > MOST_WALKED

    def _first_in_turn(self) -> Found:
        rows = self._tx.execute(self._fitting(self._by_words()).limit(MOST_FOUND + 1)).all()
        return Found([row.id for row in rows], [row.turn for row in rows], len(rows) > MOST_FOUND)

    def _first_met(self) -> Found:
        """On a walk; what is mostly elsewhere is asked of the index of words: "more than 0" would say little."""
        along = self._walk(None, back=False)
        rows, last = self._met(along, MOST_FOUND + 1, back=False)
        if self._ids is not None and last is not None and (self._province or len(rows) < COMMON):
            rows = self._indexed(self._ids, MOST_FOUND + 1, None, back=False)
            last = None
        self._stopped = last if self._ids is None else None
        more = last is not None or len(rows) > MOST_FOUND
        return Found([row.id for row in rows], [(row.sent_at, row.id) for row in rows], more)

    # --- in order

    def step(self, columns: Sequence[Any], most: int, place: Place | None = None, back: bool = False) -> Step:
        """The next entries after a place, or before it; from the beginning without one."""
        if self._found is not None:
            turn = None if place is None else self._turn(place)
            if (ids := self._found.next(most, turn, back)) is not None:
                return Step(self._read(columns, ids))
            if self._stopped is not None and place is None and not back:
                return Step(self._read(columns, self._found.ids), self._stopped)
        if self._few is not None:
            return Step(self._sorted(columns, self._few, most, place, back))
        if not self._words:
            return Step(self._walked(columns, most, place, back))
        if self._in_turn:
            return Step(self._in_turns(columns, most, place, back))
        return self._searched(columns, most, place, back)

    def _turn(self, place: Place) -> Any:
        in_turn = self._in_turn and not self._narrow
        return turn_of(place.sent_at, place.id) if in_turn else (place.sent_at, place.id)

    def _read(self, columns: Sequence[Any], ids: Sequence[int]) -> Sequence[Row[Any]]:
        """The entries of these ids, in this order."""
        if not ids:
            return []
        of_entry = select(*columns).join_from(submission, lao, lao.c.code == submission.c.lao_code)
        rows = {row.id: row for row in self._tx.execute(of_entry.where(submission.c.id.in_(ids)))}
        return [rows[number] for number in ids]

    def _sorted(
        self, columns: Sequence[Any], few: Subquery, most: int, place: Place | None, back: bool
    ) -> Sequence[Row[Any]]:
        ids = ordered(select(few.c.id, few.c.sent_at), few, place, back).limit(most).subquery()
        return self._tx.execute(ordered(_with_columns(columns, ids), ids, None, back)).all()

    def _in_turns(
        self, columns: Sequence[Any], most: int, place: Place | None, back: bool
    ) -> Sequence[Row[Any]]:
        after = None if place is None else turn_of(place.sent_at, place.id)
        ids = self._fitting(self._by_words(after, back)).limit(most).subquery()
        turn = ids.c.turn.desc() if back else ids.c.turn
        return self._tx.execute(_with_columns(columns, ids).order_by(turn)).all()

    def _by_words(self, after: int | None = None, back: bool = False) -> Select[tuple[int, int]]:
        status = self._wanted.status
        if self._province and in_titles(self._words):
            return search_there.in_order(self._words, status, self._province, after, back)
        return in_order(self._words, status, self._provinces, after, back)

    def _fitting(self, found: Select[Any]) -> Select[Any]:
        """Those found by the index of words that have all that is asked for, in its order still."""
        number, _ = found.selected_columns
        [source] = found.get_final_froms()
        wanted = found.select_from(join(source, submission, submission.c.id == number))
        return wanted.where(*self._wanted_of_each())

    def _walk(self, place: Place | None, back: bool) -> Select[Any]:
        hide = self._wanted.status is None  # else every index of a filter is in the order of sending
        wanted = select(submission.c.id, submission.c.sent_at).where(
            submission.c.deleted_at.is_(None),
            *self._of_province(),
            *(self._values() if self._province else exact_values(self._wanted, hide)),
        )
        if self._in_place is not None:
            wanted = wanted.where(func.coalesce(submission.c.lao_code, "").in_(self._in_place))
        return ordered(wanted, submission, place, back)

    def _walked(
        self, columns: Sequence[Any], most: int, place: Place | None, back: bool
    ) -> Sequence[Row[Any]]:
        return self._sorted(columns, self._walk(place, back).limit(most).subquery(), most, None, back)

    def _searched(self, columns: Sequence[Any], most: int, place: Place | None, back: bool) -> Step:
        """Through some thousand entries; a word in many titles is mostly found there, else its index is asked."""
        rows, last = self._met(self._walk(place, back), most, back)
        if self._ids is not None and last is not None:
            rows, last = self._indexed(self._ids, most, place, back), None
        return Step(self._read(columns, [row.id for row in rows]), last)

    def _indexed(
        self, ids: Select[tuple[int]], most: int, place: Place | None, back: bool
    ) -> Sequence[Row[Any]]:
        """The next ones as an index of words has them: ten days by ten days, or all of them put in order."""
        if self._province or not search_there.can_find(self._tx, self._words):
            every = self._of(ids)
            return self._tx.execute(ordered(select(every), every, place, back).limit(most)).all()
        begin = None if place is None else place.sent_at
        tens, there = search_there.by_tens(self._tx, self._words, begin, back)
        few = select(*_ORDER).where(there, *self._wanted_of_each()).limit(NO_LIMIT).correlate(tens).lateral()
        some = ordered(select(few), few, place, back).limit(most).correlate(tens).lateral()
        # Whatever depends on the ten days is looked up for one after the other: in their order.
        return self._tx.execute(select(some).select_from(tens.join(some, true())).limit(most)).all()

    def _met(self, along: Select[Any], most: int, back: bool) -> tuple[Sequence[Row[Any]], Place | None]:
        """What is met on a walk, and where the walk ended if it ended before so many were met."""
        some = along.add_columns(submission.c.folded, submission.c.number).limit(MOST_WALKED).subquery()
        rows = self._tx.execute(ordered(self._having(some), some, None, back).limit(most)).all()
        if len(rows) == most:
            return rows, None
        last = self._tx.execute(along.offset(MOST_WALKED - 1).limit(1)).one_or_none()
        return rows, None if last is None else Place(last.sent_at, last.id)


def _with_columns(columns: Sequence[Any], ids: Subquery) -> Select[Any]:
    of_entry = select(*columns).select_from(ids).join(submission, submission.c.id == ids.c.id)
    return of_entry.join(lao, lao.c.code == submission.c.lao_code)


def _number(tx: Tx, rows: Select[Any]) -> int:
    return tx.scalar(select(func.count()).select_from(rows.subquery())) or 0
