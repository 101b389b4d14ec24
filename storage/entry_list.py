"""Entries by filters and words in the order of sending, at a cost that does not grow with how many there are.

What an index has in order (a status, a province, on SQLite words beside them) is read there as far as a page goes. Of
the rest, what only few entries have (a category, a district, a rare word) is gathered by its own index and then
sorted; what many have is met soon enough on a walk in the order of sending. Which of the two it is, is found out by
counting as far as it matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, false, func, join, or_, select

from flows.core.roles import Reach
from storage.db import Tx
from storage.search_index import exactly, has, ids_with, in_order, orders, turn_of, words_of
from storage.tables import lao, submission
from storage.within import at, within

MOST_SORTED: Final = 3_000
MOST_OF_WORDS: Final = 1_000  # the index of words takes its time to find those with several words
MOST_OF_A_PLACE: Final = 20_000  # all that is asked of these is in one index
MOST_WALKED: Final = 5_000
SAMPLE: Final = 300
COMMON: Final = 3  # of the sample
NO_LIMIT: Final = 1_000_000_000  # but it keeps the database from going by another index for the order's sake
_ORDER = (submission.c.id, submission.c.sent_at)
_READ = (*_ORDER, submission.c.folded, submission.c.number)


class Wanted(Protocol):
    """What filters say; review_queue.Filters."""

    @property
    def form(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def lao_code(self) -> str: ...
    @property
    def status(self) -> str | None: ...
    @property
    def shown(self) -> bool | None: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the queue: when an entry was sent, and its id."""

    sent_at: datetime
    id: int


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
        self._province = _whole_province(wanted, reach)
        self._in_place = None if self._province else _placed(wanted, reach)
        self._narrow = _narrow(self._wanted) or self._in_place is not None
        self._exact = [submission.c.deleted_at.is_(None), *self._of_province(), *self._values()]
        self._of_a_place = bool(self._province) or self._in_place is not None
        self._few = self._gathered()

    # --- few or many

    def _gathered(self) -> Subquery | None:
        """The id and moment of every entry that comes into question, where these are few."""
        if self._in_turn and not self._narrow:
            return None  # the index of words has them in order
        ids = self._given()
        if ids is not None and (rare := self._rare(ids)) is not None:
            return rare
        if (self._province or not self._narrow) and (not self._words or (self._province and ids is not None)):
            return None  # the order of sending is an index, and what is not rare there is soon met
        most = MOST_OF_A_PLACE if self._of_a_place else MOST_SORTED
        if _number(self._tx, select(self._fenced(most + 1).c.id)) > most:
            return None
        return self._having(self._fenced(most + 1)).subquery()

    def _given(self) -> Select[tuple[int]] | None:
        """The ids that the index of words gives; None where no word is in it."""
        ids = ids_with(self._tx.dialect.name, self._words) if self._words else None
        if ids is None or self._tx.dialect.name != "postgresql" or not self._province:
            return ids
        return ids.where(*self._exact)  # PostgreSQL puts two indexes together

    def _rare(self, ids: Select[tuple[int]]) -> Subquery | None:
        """What the index of words finds, if that is little; not asked where a glance at the newest says otherwise."""
        if self._common():
            return None
        most = MOST_OF_WORDS if self._in_place is None else MOST_SORTED
        found = self._tx.execute(self._judged(ids.limit(most + 1))).all()
        if len(found) > most:
            return None
        # By their ids from now on: PostgreSQL's index would take as long to find them again.
        fitting = [row.id for row in found if row.fits]
        return select(*_ORDER).where(submission.c.id.in_(fitting)).subquery()

    def _judged(self, ids: Select[tuple[int]]) -> Select[tuple[int, bool]]:
        """The ids, and of each whether it has everything asked for."""
        fits = and_(*self._wanted_of_each()).label("fits")
        if self._tx.dialect.name == "postgresql":
            return ids.add_columns(fits)  # of the entries themselves: a join might read all of them
        few = ids.subquery()
        return select(few.c.id, fits).join(submission, submission.c.id == few.c.id)

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
            return _exact_values(self._wanted, hide=False)
        status = [submission.c.status == self._wanted.status] if self._wanted.status else []
        return [*status, *_exact_values(self._wanted, hide=True)]

    def _wanted_of_each(self) -> list[ColumnElement[bool]]:
        """All that is asked for, in words that no index answers to: the entries are to be found by their ids."""
        dialect = self._tx.dialect.name
        wanted = [submission.c.deleted_at.is_(None), *_exact_values(self._wanted, hide=True)]
        if self._province:
            wanted.append(func.coalesce(submission.c.province, "") == self._province)
        if self._in_place is not None:
            wanted.append(func.coalesce(submission.c.lao_code, "").in_(self._in_place))
        return [*wanted, *(has(dialect, submission, word) for word in self._words)]

    # --- counted

    def count(self, most: int) -> tuple[int, bool]:
        """How many there are, at most `most`, and whether there are more."""
        if self._few is not None:
            number = _number(self._tx, select(self._few.c.id).limit(most + 1))
            return min(number, most), number > most
        if not self._words:
            number = _number(self._tx, select(self._fenced(most + 1).c.id))
            return min(number, most), number > most
        if self._in_turn:
            return self._count_in_turn(most)
        ids = self._given()
        if ids is None or not self._province:
            number = _number(self._tx, self._having(self._fenced(MOST_WALKED)).limit(most + 1))
            if ids is None or number >= COMMON:
                return min(number, most), True  # there are more than MOST_SORTED to look through
        # Mostly elsewhere, or PostgreSQL knows by which index to begin: "more than 0" would say little.
        number = _number(self._tx, select(self._of(ids).c.id).limit(most + 1))
        return min(number, most), number > most

    def _count_in_turn(self, most: int) -> tuple[int, bool]:
        """What the index finds is nearly all right, or is looked at as far as a walk goes."""
        read = MOST_WALKED if self._narrow else most
        given = in_order(self._words, self._wanted.status, self._province).limit(read + 1).subquery()
        looked = _number(self._tx, select(given.c.id))
        if not self._narrow and (looked > read or exactly(self._words)):
            return min(looked, most), looked > most
        number = _number(self._tx, self._fitting(select(given.c.id, given.c.turn)).limit(most + 1))
        return min(number, most), number > most or looked > read

    # --- in order

    def step(self, columns: Sequence[Any], most: int, place: Place | None = None, back: bool = False) -> Step:
        """The next entries after a place, or before it; from the beginning without one."""
        if self._few is not None:
            return Step(self._sorted(columns, self._few, most, place, back))
        if not self._words:
            return Step(self._walked(columns, most, place, back))
        if self._in_turn:
            return Step(self._in_turns(columns, most, place, back))
        return self._searched(columns, most, place, back)

    def _sorted(
        self, columns: Sequence[Any], few: Subquery, most: int, place: Place | None, back: bool
    ) -> Sequence[Row[Any]]:
        ids = _in_order(select(few.c.id, few.c.sent_at), few, place, back).limit(most).subquery()
        return self._tx.execute(_in_order(_with_columns(columns, ids), ids, None, back)).all()

    def _in_turns(
        self, columns: Sequence[Any], most: int, place: Place | None, back: bool
    ) -> Sequence[Row[Any]]:
        after = None if place is None else turn_of(place.sent_at, place.id)
        found = in_order(self._words, self._wanted.status, self._province, after, back)
        if self._narrow or not exactly(self._words):
            found = self._fitting(found)
        ids = found.limit(most).subquery()
        turn = ids.c.turn.desc() if back else ids.c.turn
        return self._tx.execute(_with_columns(columns, ids).order_by(turn)).all()

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
            *(self._values() if self._province else _exact_values(self._wanted, hide)),
        )
        if self._in_place is not None:
            wanted = wanted.where(func.coalesce(submission.c.lao_code, "").in_(self._in_place))
        return _in_order(wanted, submission, place, back)

    def _walked(
        self, columns: Sequence[Any], most: int, place: Place | None, back: bool
    ) -> Sequence[Row[Any]]:
        return self._sorted(columns, self._walk(place, back).limit(most).subquery(), most, None, back)

    def _searched(self, columns: Sequence[Any], most: int, place: Place | None, back: bool) -> Step:
        """Through some thousand entries; a word in many titles is mostly found there, else its index is asked."""
        along = self._walk(place, back)
        some = along.add_columns(submission.c.folded, submission.c.number).limit(MOST_WALKED).subquery()
        found = _in_order(self._having(some), some, None, back).limit(most)
        rows = self._sorted(columns, found.subquery(), most, None, back)
        if len(rows) == most:
            return Step(rows)
        last = self._tx.execute(along.offset(MOST_WALKED - 1).limit(1)).one_or_none()
        if last is None:
            return Step(rows)
        ids = self._given()
        if ids is None:
            return Step(rows, Place(last.sent_at, last.id))
        return Step(self._sorted(columns, self._of(ids), most, place, back))


def _with_columns(columns: Sequence[Any], ids: Subquery) -> Select[Any]:
    of_entry = select(*columns).select_from(ids).join(submission, submission.c.id == ids.c.id)
    return of_entry.join(lao, lao.c.code == submission.c.lao_code)


def _number(tx: Tx, rows: Select[Any]) -> int:
    return tx.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _narrow(wanted: Wanted) -> bool:
    """Whether anything is asked for but a place, a status and words."""
    return bool(wanted.form or wanted.category or wanted.lao_code or wanted.shown is not None)


def _whole_province(wanted: Wanted, reach: Reach) -> str:
    """The province that is the place asked for, as a whole: its entries are in order in an index."""
    if wanted.lao_code or wanted.district:
        return ""
    if not wanted.province:
        return reach.provinces[0] if len(reach.provinces) == 1 and not reach.districts else ""
    return wanted.province if reach.everywhere or wanted.province in reach.provinces else ""


def _exact_values(wanted: Wanted, hide: bool) -> list[ColumnElement[bool]]:
    """The filters by values; hidden from the indexes of all of them but the status, or of the status too."""
    exact = (
        (submission.c.form, wanted.form),
        (submission.c.category, wanted.category),
        (submission.c.lao_code, wanted.lao_code),
        (submission.c.status, wanted.status),
    )
    found = [(func.coalesce(kept, "") if hide else kept) == value for kept, value in exact if value]
    if wanted.shown is not None:
        kept = func.coalesce(submission.c.shown, false()) if hide else submission.c.shown
        found.append(kept == wanted.shown)
    return found


def _placed(wanted: Wanted, reach: Reach) -> Select[tuple[str]] | None:
    """The codes of the LAOs of a place and a reach; None is everywhere."""
    if reach.everywhere and not wanted.province and not wanted.district:
        return None
    there = [within(reach), at(wanted.province)]
    if wanted.district:
        there.append(lao.c.district == wanted.district)
    return select(lao.c.code).where(*there)


def _in_order(wanted: Select[Any], of: Any, place: Place | None, back: bool) -> Select[Any]:
    sent_at, number = of.c.sent_at, of.c.id
    if back:
        ordered = wanted.order_by(sent_at.desc(), number.desc())
        if place is None:
            return ordered
        same = and_(sent_at == place.sent_at, number < place.id)
        return ordered.where(sent_at <= place.sent_at, or_(sent_at < place.sent_at, same))
    ordered = wanted.order_by(sent_at, number)
    if place is None:
        return ordered
    same = and_(sent_at == place.sent_at, number > place.id)
    return ordered.where(sent_at >= place.sent_at, or_(sent_at > place.sent_at, same))
