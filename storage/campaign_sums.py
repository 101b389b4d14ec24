"""The sums of a campaign over the LAOs of a place: counted from its tallies, and kept so that reading them is quick."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)

from flows.core.campaign import Campaign
from flows.core.progress import STAGES
from storage.campaign_rows import campaigns
from storage.db import Tx
from storage.tables import (
    ENTRY_SUMS,
    PLACE_SUMS,
    campaign_day,
    campaign_form,
    campaign_place,
    campaign_place_day,
    campaign_tally,
    chat,
    lao,
    officer,
)
from storage.within import asked

Where = Sequence[ColumnElement[bool]]


# --- kept


def refresh(tx: Tx, one: Campaign, lao_codes: Collection[str], days: Collection[str] | None = None) -> None:
    """Counts the places of these LAOs anew, after their tallies or officers; of the days only those named."""
    where = select(lao.c.province, lao.c.district).where(lao.c.code.in_(lao_codes)).distinct()
    places = sorted((row.province, row.district) for row in tx.execute(where))
    for province in sorted({province for province, _ in places}):
        _alone(tx, one.id, province)
        _sum(tx, one, province, [district for within, district in places if within == province])
        if days is None or days:
            _sum_days(tx, one, province, days)


def people_changed(tx: Tx, lao_code: str) -> None:
    """An LAO has an officer more or less, or one who can be reached or cannot: its place is counted anew."""
    for one in sorted(campaigns(tx, ("running", "paused", "ended")), key=lambda one: one.id):
        refresh(tx, one, [lao_code], ())


def chat_changed(tx: Tx, chat_id: int) -> None:
    """The same of the officer who speaks in a chat, if there is one."""
    code = tx.scalar(
        select(officer.c.lao_code).where(officer.c.chat_id == chat_id, officer.c.removed_at.is_(None))
    )
    if code is not None:
        people_changed(tx, code)


def forget(tx: Tx, campaign_id: int) -> None:
    """Before everything is counted anew: places that are asked no more have no sums."""
    for table in (campaign_place, campaign_place_day):
        tx.execute(delete(table).where(table.c.campaign_id == campaign_id))


def _alone(tx: Tx, campaign_id: int, province: str) -> None:
    # Two LAOs of a place that change at once would each be added up without the other. The second one waits here,
    # and its statements after this see what the first has committed.
    if tx.dialect.name == "postgresql":
        tx.execute(
            text("SELECT pg_advisory_xact_lock(CAST(:id AS integer), hashtext(:province))"),
            {"id": campaign_id, "province": province},
        )


def _sum(tx: Tx, one: Campaign, province: str, districts: Sequence[str]) -> None:
    kept = campaign_place.c
    there = kept.province == province, kept.district.in_(districts)
    tx.execute(delete(campaign_place).where(kept.campaign_id == one.id, *there))
    where = asked(one.scope), lao.c.province == province, lao.c.district.in_(districts)
    rows = counted(one, where, "province", "district")
    named = rows.with_only_columns(literal(one.id), *rows.selected_columns)
    tx.execute(
        insert(campaign_place).from_select(["campaign_id", "province", "district", *PLACE_SUMS], named)
    )


def _sum_days(tx: Tx, one: Campaign, province: str, days: Collection[str] | None) -> None:
    kept, made = campaign_place_day.c, campaign_day.c
    only = [] if days is None else [kept.day.in_(days)]
    tx.execute(delete(campaign_place_day).where(kept.campaign_id == one.id, kept.province == province, *only))
    # By the LAOs of the province: a join would go through those of the country first.
    theirs = select(lao.c.code).where(lao.c.province == province, asked(one.scope))
    rows = (
        select(literal(one.id), literal(province), made.day, total(made.entries))
        .where(made.campaign_id == one.id, made.lao_code.in_(theirs))
        .group_by(made.day)
    )
    if days is not None:
        rows = rows.where(made.day.in_(days))
    tx.execute(insert(campaign_place_day).from_select(["campaign_id", "province", "day", "entries"], rows))


# --- counted


def counted(one: Campaign, where: Where, *by: str) -> Select[Any]:
    """A row for each place, by one or two of province and district: PLACE_SUMS."""
    laos = _by_lao(one, where)
    theirs = people(where)
    joined, reachable = func.coalesce(theirs.c.joined, 0), func.coalesce(theirs.c.reachable, 0)
    stage = case(
        (laos.c.lacking == 0, "complete"),
        (laos.c.unsent == 0, "waiting"),
        (laos.c.begun > 0, "partly"),
        (joined > 0, "nothing"),
        else_="nobody",
    )
    return (
        select(
            *(laos.c[name] for name in by),
            *(total(laos.c[name]).label(name) for name in ENTRY_SUMS),
            *(total(case((stage == one, 1), else_=0)).label(f"laos_{one}") for one in STAGES),
            total(case((and_(joined > 0, reachable == 0), 1), else_=0)).label("unreachable"),
        )
        .outerjoin(theirs, theirs.c.lao_code == laos.c.code)
        .group_by(*(laos.c[name] for name in by))
    )


def forms(campaign_id: int, where: Where) -> Select[Any]:
    """A row for each LAO and each form that it owes, with zeros where it has sent nothing."""
    each = (
        func.coalesce(campaign_tally.c[name], 0).label(name)
        for name in ("submitted", "waiting", "returned", "approved", "rejected")
    )
    same = and_(
        campaign_tally.c.campaign_id == campaign_id,
        campaign_tally.c.lao_code == lao.c.code,
        campaign_tally.c.form == campaign_form.c.form,
    )
    return (
        select(
            lao.c.code, lao.c.name, lao.c.type, lao.c.district, lao.c.province, lao.c.phones, campaign_form.c.form,
            campaign_form.c.count.label("owed"), *each,
        )
        .select_from(
            lao.join(campaign_form, campaign_form.c.campaign_id == campaign_id).outerjoin(campaign_tally, same)
        )
        .where(*where)
    )  # fmt: skip


def people(where: Where) -> Subquery:
    """How many officers an LAO has, and whether one of them can be reached."""
    reached = case((chat.c.unreachable_at.is_(None), 1), else_=0)
    return (
        select(officer.c.lao_code, func.count().label("joined"), func.max(reached).label("reachable"))
        .join(lao, lao.c.code == officer.c.lao_code)
        .outerjoin(chat, chat.c.id == officer.c.chat_id)
        .where(officer.c.removed_at.is_(None), *where)
        .group_by(officer.c.lao_code)
        .subquery()
    )


def _by_lao(one: Campaign, where: Where) -> Subquery:
    """The same arithmetic as FormStanding's, an LAO a row; a test compares the two."""
    each = forms(one.id, where).subquery()
    owed, approved, waiting, returned = each.c.owed, each.c.approved, each.c.waiting, each.c.returned
    sent = _least(owed, approved + waiting)
    done = _least(owed, approved) if one.counts == "approved" else sent
    sums = {
        "owed": owed,
        "done": done,
        "to_review": _least(waiting, owed - _least(owed, approved)),
        "to_fix": _least(returned, _not_negative(owed - approved - waiting)),
        "to_send": _not_negative(owed - approved - waiting - returned),
        **{name: each.c[name] for name in ENTRY_SUMS[5:]},
        "lacking": owed - done,
        "unsent": owed - sent,
        "begun": approved + waiting + returned,
    }
    place = each.c.code, each.c.province, each.c.district
    return (
        select(*place, *(total(value).label(name) for name, value in sums.items()))
        .group_by(*place)
        .subquery()
    )


def total(number: ColumnElement[int]) -> ColumnElement[int]:
    # PostgreSQL adds up bigints to decimals.
    return cast(func.sum(number), Integer)


def _least(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    return case((one < other, one), else_=other)


def _not_negative(number: ColumnElement[int]) -> ColumnElement[int]:
    return case((number > 0, number), else_=0)
