"""The queue of what waits for a reviewer: filtered, oldest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select

from flows.core.review import Status
from flows.core.roles import EVERYWHERE, Reach
from flows.core.text import folded
from storage.db import Tx
from storage.tables import lao, submission
from storage.within import within

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
class Place:
    """A place in the order of the queue: when an entry was sent, and its id."""

    sent_at: datetime
    id: int


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
    """A page of the queue. `count` stops at `MOST_COUNTED`, and `more` says that there are more."""

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
    """Ten entries, oldest first, after or before a place in the order."""
    wanted = _listed(filters, reach)
    if before is not None:
        wanted = wanted.where(_before(before)).order_by(submission.c.sent_at.desc(), submission.c.id.desc())
    else:
        wanted = wanted.where(_after(after)) if after else wanted
        wanted = wanted.order_by(submission.c.sent_at, submission.c.id)
    entries = [_waiting(row) for row in tx.execute(wanted.limit(PAGE + 1))]
    beyond = len(entries) > PAGE
    entries = entries[:PAGE]
    if before is not None:
        entries.reverse()
    earlier, later = (beyond, True) if before is not None else (after is not None, beyond)
    counted = (
        tx.scalar(
            select(func.count()).select_from(_matching(filters, reach).limit(MOST_COUNTED + 1).subquery())
        )
        or 0
    )
    return Page(
        entries,
        min(counted, MOST_COUNTED),
        counted > MOST_COUNTED,
        entries[0].place if entries and earlier else None,
        entries[-1].place if entries and later else None,
    )


def count(tx: Tx, filters: Filters, reach: Reach = EVERYWHERE) -> int:
    """How many there are; one more than `MOST_COUNTED` stands for any number above it."""
    some = _matching(filters, reach).limit(MOST_COUNTED + 1).subquery()
    return tx.scalar(select(func.count()).select_from(some)) or 0


def next_waiting(tx: Tx, filters: Filters, after: Place, reach: Reach = EVERYWHERE) -> str | None:
    """The number of the next entry of these filters, from the beginning again past the last one."""
    ordered = (
        _listed(filters, reach)
        .where(submission.c.id != after.id)
        .order_by(submission.c.sent_at, submission.c.id)
    )
    for wanted in (ordered.where(_after(after)), ordered):
        row = tx.execute(wanted.limit(1)).one_or_none()
        if row is not None:
            return str(row.number)
    return None


def neighbours(
    tx: Tx, filters: Filters, place: Place, reach: Reach = EVERYWHERE
) -> tuple[str | None, str | None]:
    """The numbers of the entries before and after a place."""
    listed = _listed(filters, reach)
    back = listed.where(_before(place)).order_by(submission.c.sent_at.desc(), submission.c.id.desc())
    on = listed.where(_after(place)).order_by(submission.c.sent_at, submission.c.id)
    rows = [tx.execute(one.limit(1)).one_or_none() for one in (back, on)]
    return (rows[0].number if rows[0] else None, rows[1].number if rows[1] else None)


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
    with_entries = and_(within(reach), exists().where(submission.c.lao_code == lao.c.code))
    provinces = tx.scalars(select(lao.c.province).where(with_entries).distinct().order_by(lao.c.province))
    here = select(lao).where(with_entries, lao.c.province == filters.province)
    districts = tx.scalars(here.with_only_columns(lao.c.district).distinct().order_by(lao.c.district))
    if filters.district:
        here = here.where(lao.c.district == filters.district)
    rows = tx.execute(here.with_only_columns(lao.c.code, lao.c.name).order_by(lao.c.name).limit(500))
    laos = [(row.code, row.name) for row in rows]
    return Options(
        list(provinces), list(districts) if filters.province else [], laos if filters.province else []
    )


def _matching(filters: Filters, reach: Reach) -> Select[tuple[int]]:
    wanted = (
        select(submission.c.id)
        .join(lao, lao.c.code == submission.c.lao_code)
        .where(submission.c.deleted_at.is_(None), within(reach), *_conditions(filters))
    )
    return wanted


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    exact = (
        (submission.c.form, filters.form),
        (submission.c.category, filters.category),
        (lao.c.province, filters.province),
        (lao.c.district, filters.district),
        (submission.c.lao_code, filters.lao_code),
        (submission.c.status, filters.status),
    )
    conditions = [column == value for column, value in exact if value]
    if filters.shown is not None:
        conditions.append(submission.c.shown == filters.shown)
    for word in folded(filters.words).split():
        in_title = submission.c.folded.contains(word, autoescape=True)
        conditions.append(or_(in_title, submission.c.number.contains(word.upper(), autoescape=True)))
    return conditions


def _listed(filters: Filters, reach: Reach) -> Select[Any]:
    return _matching(filters, reach).with_only_columns(
        submission.c.id, submission.c.number, submission.c.form, submission.c.category, submission.c.headline,
        submission.c.status, submission.c.shown, submission.c.revision, submission.c.sent_at,
        lao.c.name.label("lao_name"), lao.c.district, lao.c.province,
    )  # fmt: skip


def _after(place: Place) -> ColumnElement[bool]:
    same = and_(submission.c.sent_at == place.sent_at, submission.c.id > place.id)
    return and_(submission.c.sent_at >= place.sent_at, or_(submission.c.sent_at > place.sent_at, same))


def _before(place: Place) -> ColumnElement[bool]:
    same = and_(submission.c.sent_at == place.sent_at, submission.c.id < place.id)
    return and_(submission.c.sent_at <= place.sent_at, or_(submission.c.sent_at < place.sent_at, same))


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(**row._mapping)
