"""The LAOs as coordinators look them up: who has joined there, since when, last seen when, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select

from flows.core.progress import thai_order
from flows.core.review import Status
from flows.core.roles import Reach
from flows.core.text import folded
from storage.db import Tx
from storage.lao import Lao, lao_in
from storage.tables import chat, lao, officer, submission
from storage.within import within

PAGE: Final = 25
Conditions = Sequence[ColumnElement[bool]]
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
    places = _places(tx, conditions)
    count = sum(laos for _, laos in places)
    some = exists().where(officer.c.lao_code == lao.c.code, officer.c.removed_at.is_(None))
    joined = tx.scalar(select(func.count()).select_from(lao).where(*conditions, some)) or 0
    pages = max(1, -(-count // PAGE))
    number = min(max(1, number), pages)
    laos = _slice(tx, conditions, places, (number - 1) * PAGE)
    codes = [one.code for one in laos]
    officers = officers_at(tx, codes)
    rows = [LaoRow(one, officers.get(one.code, ())) for one in laos]
    return LaoPage(rows, number, pages, count, joined)


def _places(tx: Tx, conditions: Conditions) -> Sequence[tuple[tuple[str, str], int]]:
    """Every district with how many LAOs, in order: the names of some thousand LAOs need not be put in order."""
    place = lao.c.province, lao.c.district
    counted = tx.execute(select(*place, func.count()).where(*conditions).group_by(*place))
    found = [((province, district), laos) for province, district, laos in counted]
    return sorted(found, key=lambda one: (thai_order(one[0][0]), thai_order(one[0][1])))


def _slice(
    tx: Tx, conditions: Conditions, places: Sequence[tuple[tuple[str, str], int]], first: int
) -> Sequence[Lao]:
    """The LAOs of one page, of which `first` come before: of the few districts that it touches."""
    before, touched, skipped = 0, [], 0
    for place, laos in places:
        if before + laos <= first:
            skipped = before + laos
        elif before < first + PAGE:
            touched.append(place)
        before += laos
    there = [and_(lao.c.province == province, lao.c.district == district) for province, district in touched]
    rows = tx.execute(select(lao).where(or_(false(), *there), *conditions))
    order = {place: n for n, place in enumerate(touched)}
    found = sorted(
        map(lao_in, rows), key=lambda one: (order[one.province, one.district], thai_order(one.name), one.code)
    )
    return found[first - skipped : first - skipped + PAGE]


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
