"""The queue of what waits for a reviewer: filtered, oldest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, select

from flows.core.review import Status
from flows.core.roles import EVERYWHERE, Reach
from storage.db import Tx
from storage.entry_list import EntryList
from storage.tables import lao, submission
from storage.wanted import Place
from storage.within import within

__all__ = [
    "MOST_COUNTED", "PAGE", "Filters", "Options", "Page", "Place", "Waiting", "count", "neighbours", "next_waiting",
    "options", "placed", "queue",
]  # fmt: skip

PAGE: Final = 10
MOST_COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries are looked at; an empty filter leaves everything in."""

    form: str = ""
    category: str = ""
    province: str = ""
    district: str = ""
    lao_code: str = ""
    status: Status | None = "pending"
    shown: bool | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry as a list shows it."""

    id: int
    number: str
    form: str
    category: str
    headline: str
    status: Status
    shown: bool
    revision: int
    sent_at: datetime
    lao_name: str
    district: str
    province: str

    @property
    def place(self) -> Place:
        return Place(self.sent_at, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue. `count` stops at `MOST_COUNTED`, or sooner with words; `more` says that there are more."""

    entries: Sequence[Waiting]
    count: int
    more: bool
    previous: Place | None
    next: Place | None


@dataclass(frozen=True, slots=True)
class Options:
    """What the filters can be set to: only where there are entries."""

    provinces: Sequence[str]
    districts: Sequence[str]
    laos: Sequence[tuple[str, str]]  # code, name


def queue(
    tx: Tx,
    filters: Filters,
    after: Place | None = None,
    before: Place | None = None,
    reach: Reach = EVERYWHERE,
) -> Page:
    """Ten entries, oldest first, after or before a place in the order.

    A page may end early on a walk through very many: `next` is where it goes on.
    """
    listed = EntryList(tx, filters, reach)
    counted, more = listed.count(MOST_COUNTED)  # first, for it mostly finds the page too
    back = before is not None
    step = listed.step(_columns(), PAGE + 1, before if back else after, back)
    entries = [_waiting(row) for row in step.rows]
    beyond = len(entries) > PAGE or step.stopped is not None
    entries = entries[:PAGE]
    if back:
        entries.reverse()
    earlier, later = (beyond, True) if back else (after is not None, beyond)
    first, last = (entries[0].place, entries[-1].place) if entries else (after, before)
    if step.stopped is not None:
        first, last = (step.stopped, last) if back else (first, step.stopped)
    return Page(entries, counted, more, first if earlier else None, last if later else None)


def count(tx: Tx, filters: Filters, reach: Reach = EVERYWHERE) -> tuple[int, bool]:
    """How many there are, and whether there are more; see `Page`."""
    return EntryList(tx, filters, reach).count(MOST_COUNTED)


def next_waiting(tx: Tx, filters: Filters, after: Place, reach: Reach = EVERYWHERE) -> str | None:
    """The number of the next entry of these filters, from the beginning again past the last one."""
    listed = EntryList(tx, filters, reach)
    for place in (after, None):
        # Two, for the first may be the one just looked at.
        for row in listed.step(_columns(), 2, place).rows:
            if row.id != after.id:
                return str(row.number)
    return None


def neighbours(
    tx: Tx, filters: Filters, place: Place, reach: Reach = EVERYWHERE
) -> tuple[str | None, str | None]:
    """The numbers of the entries before and after a place."""
    listed = EntryList(tx, filters, reach)
    rows = [listed.step(_columns(), 1, place, back).rows for back in (True, False)]
    return (rows[0][0].number if rows[0] else None, rows[1][0].number if rows[1] else None)


def placed(tx: Tx, filters: Filters) -> Filters:
    """A district or an LAO asked for without its province: with it where there is one, left out where there is none."""
    if filters.province or not (filters.district or filters.lao_code):
        return filters
    wanted = select(lao.c.province).distinct()
    if filters.lao_code:
        wanted = wanted.where(lao.c.code == filters.lao_code)
    if filters.district:
        wanted = wanted.where(lao.c.district == filters.district)
    provinces = list(tx.scalars(wanted.limit(2)))
    if not provinces:
        return replace(filters, district="", lao_code="")
    return replace(filters, province=provinces[0]) if len(provinces) == 1 else filters


def options(tx: Tx, filters: Filters, reach: Reach = EVERYWHERE) -> Options:
    with_entries = and_(within(reach), _has_entries(lao.c.code))
    there = select(lao.c.province).where(within(reach)).distinct().subquery()
    inside = lao.alias()
    some = (
        select(inside.c.code)
        .where(inside.c.province == there.c.province, within(reach, inside), _has_entries(inside.c.code))
        .limit(1)
        .scalar_subquery()
    )
    provinces = tx.scalars(select(there.c.province).where(some.is_not(None)).order_by(there.c.province))
    here = select(lao).where(with_entries, lao.c.province == filters.province)
    districts = tx.scalars(here.with_only_columns(lao.c.district).distinct().order_by(lao.c.district))
    if filters.district:
        here = here.where(lao.c.district == filters.district)
    rows = tx.execute(here.with_only_columns(lao.c.code, lao.c.name).order_by(lao.c.name).limit(500))
    laos = [(row.code, row.name) for row in rows]
    return Options(
        list(provinces), list(districts) if filters.province else [], laos if filters.province else []
    )


def _has_entries(lao_code: ColumnElement[str]) -> ColumnElement[bool]:
    # The limit keeps PostgreSQL from gathering the LAOs of all entries first.
    one = submission.alias()
    return select(one.c.id).where(one.c.lao_code == lao_code).limit(1).scalar_subquery().is_not(None)


def _columns() -> Sequence[ColumnElement[Any]]:
    return (
        submission.c.id, submission.c.number, submission.c.form, submission.c.category, submission.c.headline,
        submission.c.status, submission.c.shown, submission.c.revision, submission.c.sent_at,
        lao.c.name.label("lao_name"), lao.c.district, lao.c.province,
    )  # fmt: skip


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(**row._mapping)
