"""The LAOs as coordinators look them up: who has joined there, since when, last seen when, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select

from flows.core.progress import thai_order
from flows.core.review import Status
from flows.core.roles import Reach
from flows.core.text import folded
from storage.db import Tx
from storage.lao import Lao, lao_in
from storage.tables import chat, lao, officer, submission
from storage.within import within

PAGE: Final = 25
Joined = Literal["", "yes", "no", "unreachable"]


@dataclass(frozen=True, slots=True)
class LaoFilters:
    """Which LAOs are looked at; an empty filter leaves everything in.

    `joined`: "yes" somebody has joined, "no" nobody has, "unreachable" somebody has and cannot be reached.
    """

    words: str = ""
    province: str = ""
    district: str = ""
    type: str = ""
    joined: Joined = ""


@dataclass(frozen=True, slots=True)
class Joiner:
    """An officer as coordinators see them; `removed_at` of one who is none any more."""

    id: int
    name: str
    joined_at: datetime
    seen_at: datetime | None
    unreachable_at: datetime | None
    removed_at: datetime | None
    lao: Lao


@dataclass(frozen=True, slots=True)
class LaoRow:
    lao: Lao
    officers: Sequence[Joiner]


@dataclass(frozen=True, slots=True)
class LaoPage:
    """`number` from 1; `count` of LAOs on all pages, and of those how many somebody has joined for."""

    rows: Sequence[LaoRow]
    number: int
    pages: int
    count: int
    joined: int


def lao_page(tx: Tx, filters: LaoFilters, reach: Reach, number: int = 1) -> LaoPage:
    """By province, district and name, as a dictionary has them; a page beyond the last one is the last."""
    conditions = _conditions(filters, reach)
    named = select(lao.c.code, lao.c.province, lao.c.district, lao.c.name)
    known = list(tx.execute(named.where(*conditions)))
    some = exists().where(officer.c.lao_code == lao.c.code, officer.c.removed_at.is_(None))
    joined = tx.scalar(select(func.count()).select_from(lao).where(*conditions, some)) or 0
    place = {name: thai_order(name) for row in known for name in (row.province, row.district)}
    known.sort(key=lambda row: (place[row.province], place[row.district], thai_order(row.name), row.code))
    pages = max(1, -(-len(known) // PAGE))
    number = min(max(1, number), pages)
    codes = [row.code for row in known[(number - 1) * PAGE : number * PAGE]]
    laos = {row.code: lao_in(row) for row in tx.execute(select(lao).where(lao.c.code.in_(codes)))}
    officers = officers_at(tx, codes)
    rows = [LaoRow(laos[code], officers.get(code, ())) for code in codes]
    return LaoPage(rows, number, pages, len(known), joined)


def laos_at(tx: Tx, province: str, district: str, reach: Reach, *, only_empty: bool = False) -> list[Lao]:
    """The LAOs of a district within the reach, by name; `only_empty`: those for which nobody has joined."""
    filters = LaoFilters(province=province, district=district, joined="no" if only_empty else "")
    found = [lao_in(row) for row in tx.execute(select(lao).where(*_conditions(filters, reach)))]
    return sorted(found, key=lambda one: (thai_order(one.name), one.code))


def lao_within(tx: Tx, code: str, reach: Reach) -> Lao | None:
    row = tx.execute(select(lao).where(lao.c.code == code, within(reach))).one_or_none()
    return None if row is None else lao_in(row)


def officers_at(tx: Tx, lao_codes: Sequence[str], *, removed: bool = False) -> Mapping[str, Sequence[Joiner]]:
    """The active officers by LAO, or those who were removed; who joined first first."""
    state = officer.c.removed_at.is_not(None) if removed else officer.c.removed_at.is_(None)
    rows = tx.execute(
        _joiners().where(officer.c.lao_code.in_(lao_codes), state).order_by(officer.c.joined_at, officer.c.id)
    )
    found: dict[str, list[Joiner]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(_joiner(row))
    return found


def officer_within(tx: Tx, officer_id: int, reach: Reach) -> Joiner | None:
    """An officer of an LAO within the reach, a removed one too."""
    row = tx.execute(_joiners().where(officer.c.id == officer_id, within(reach))).one_or_none()
    return None if row is None else _joiner(row)


def entries_at(tx: Tx, lao_code: str) -> Mapping[str, Mapping[Status, int]]:
    """How many entries of each form the LAO has, by their status; deleted ones are not counted."""
    rows = tx.execute(
        select(submission.c.form, submission.c.status, func.count())
        .where(submission.c.lao_code == lao_code, submission.c.deleted_at.is_(None))
        .group_by(submission.c.form, submission.c.status)
    )
    counted: dict[str, dict[Status, int]] = {}
    for form, status, count in rows:
        counted.setdefault(form, {})[status] = count
    return counted


def _conditions(filters: LaoFilters, reach: Reach) -> list[ColumnElement[bool]]:
    exact = (
        (lao.c.province, filters.province),
        (lao.c.district, filters.district),
        (lao.c.type, filters.type),
    )
    there = and_(officer.c.lao_code == lao.c.code, officer.c.removed_at.is_(None))
    conditions = [within(reach), *(column == value for column, value in exact if value)]
    conditions += [lao.c.folded.contains(word, autoescape=True) for word in folded(filters.words).split()]
    match filters.joined:
        case "yes":
            conditions.append(exists().where(there))
        case "no":
            conditions.append(~exists().where(there))
        case "unreachable":
            lost = and_(chat.c.id == officer.c.chat_id, chat.c.unreachable_at.is_not(None))
            conditions.append(exists().where(there, exists().where(lost)))
        case "":
            pass
    return conditions


def _joiners() -> Select[Any]:
    return (
        select(
            officer.c.id.label("officer_id"), officer.c.name.label("officer_name"), officer.c.joined_at,
            officer.c.removed_at, chat.c.seen_at, chat.c.unreachable_at, lao,
        )
        .join(lao, lao.c.code == officer.c.lao_code)
        .outerjoin(chat, chat.c.id == officer.c.chat_id)
    )  # fmt: skip


def _joiner(row: Row[Any]) -> Joiner:
    return Joiner(
        row.officer_id,
        row.officer_name,
        row.joined_at,
        row.seen_at,
        row.unreachable_at,
        row.removed_at,
        lao_in(row),
    )
