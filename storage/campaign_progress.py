"""How far a campaign has come, read from its tallies: each LAO, sums over provinces and districts, and days."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, Row, Select, Subquery, and_, case, cast, func, select

from flows.core import progress
from flows.core.campaign import Campaign
from flows.core.progress import STAGES, FormStanding, Standing, Tally
from flows.core.roles import Reach
from storage.db import Tx
from storage.lao import phones_in
from storage.tables import campaign_day, campaign_form, campaign_tally, chat, lao, officer
from storage.within import asked, at, within

By = Literal["province", "district"]
_SUMS = (
    "owed", "done", "to_review", "to_fix", "to_send", "submitted", "waiting", "returned", "approved", "rejected",
)  # fmt: skip


def standings(
    tx: Tx, campaign: Campaign, reach: Reach | None = None, province: str = "", district: str = ""
) -> list[Standing]:
    """A row for each LAO asked, by province, district and name; only what lies within the reach."""
    forms = _forms(campaign.id, _where(campaign, reach, province, district)).subquery()
    people = _people()
    rows = tx.execute(
        select(forms, func.coalesce(people.c.joined, 0).label("joined"),
               func.coalesce(people.c.reachable, 0).label("reachable"))
        .outerjoin(people, people.c.lao_code == forms.c.code)
        .order_by(forms.c.province, forms.c.district, forms.c.name, forms.c.code, forms.c.form)
    )  # fmt: skip
    found: dict[str, Standing] = {}
    for row in rows:
        if row.code not in found:
            found[row.code] = Standing(
                row.code, row.name, row.type, row.district, row.province, {}, row.joined, bool(row.reachable),
                phones_in(row.phones),
            )  # fmt: skip
        by_form = found[row.code].by_form
        assert isinstance(by_form, dict)
        by_form[row.form] = FormStanding(
            row.owed, row.submitted, row.waiting, row.returned, row.approved, row.rejected
        )
    return list(found.values())


def sums(tx: Tx, campaign: Campaign, reach: Reach | None, by: By, province: str = "") -> list[progress.Row]:
    """A row for each province, or for each district of one province, in the order of their names.

    The same as progress.by_province and by_district of the standings, without reading these.
    """
    laos = _by_lao(campaign, _where(campaign, reach, province, ""))
    place = laos.c[by]
    people = _people()
    joined, reachable = func.coalesce(people.c.joined, 0), func.coalesce(people.c.reachable, 0)
    stage = case(
        (laos.c.lacking == 0, "complete"),
        (laos.c.unsent == 0, "waiting"),
        (laos.c.begun > 0, "partly"),
        (joined > 0, "nothing"),
        else_="nobody",
    )
    rows = tx.execute(
        select(
            place.label("place"),
            *(_total(laos.c[name]).label(name) for name in _SUMS),
            *(_total(case((stage == one, 1), else_=0)).label(f"laos_{one}") for one in STAGES),
            _total(case((and_(joined > 0, reachable == 0), 1), else_=0)).label("unreachable"),
        )
        .outerjoin(people, people.c.lao_code == laos.c.code)
        .group_by(place)
    )
    return sorted((_row(row) for row in rows), key=lambda one: progress.thai_order(one.name))


def days(
    tx: Tx, campaign: Campaign, reach: Reach | None, province: str = "", district: str = ""
) -> list[tuple[date, int]]:
    """How many of the owed entries were first sent on each day in Thailand; days without any are left out."""
    rows = tx.execute(
        select(campaign_day.c.day, _total(campaign_day.c.entries))
        .join(lao, lao.c.code == campaign_day.c.lao_code)
        .where(campaign_day.c.campaign_id == campaign.id, *_where(campaign, reach, province, district))
        .group_by(campaign_day.c.day)
        .order_by(campaign_day.c.day)
    )
    return [(date.fromisoformat(day), entries) for day, entries in rows]


def _where(
    campaign: Campaign, reach: Reach | None, province: str, district: str
) -> tuple[ColumnElement[bool], ...]:
    return asked(campaign.scope), within(reach), at(province, district)


def _forms(campaign_id: int, where: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """A row for each LAO and each form that it owes, with zeros where it has sent nothing."""
    counted = (
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
            campaign_form.c.count.label("owed"), *counted,
        )
        .select_from(
            lao.join(campaign_form, campaign_form.c.campaign_id == campaign_id).outerjoin(campaign_tally, same)
        )
        .where(*where)
    )  # fmt: skip


def _by_lao(campaign: Campaign, where: tuple[ColumnElement[bool], ...]) -> Subquery:
    """The same arithmetic as FormStanding's, an LAO a row; a test compares the two."""
    one = _forms(campaign.id, where).subquery()
    owed, approved, waiting, returned = one.c.owed, one.c.approved, one.c.waiting, one.c.returned
    sent = _least(owed, approved + waiting)
    done = _least(owed, approved) if campaign.counts == "approved" else sent
    sums = {
        "owed": owed,
        "done": done,
        "to_review": _least(waiting, owed - _least(owed, approved)),
        "to_fix": _least(returned, _not_negative(owed - approved - waiting)),
        "to_send": _not_negative(owed - approved - waiting - returned),
        **{name: one.c[name] for name in _SUMS[5:]},
        "lacking": owed - done,
        "unsent": owed - sent,
        "begun": approved + waiting + returned,
    }
    return (
        select(
            one.c.code, one.c.province, one.c.district,
            *(_total(value).label(name) for name, value in sums.items()),
        )
        .group_by(one.c.code, one.c.province, one.c.district)
        .subquery()
    )  # fmt: skip


def _people() -> Subquery:
    """How many officers an LAO has, and whether one of them can be reached."""
    reached = case((chat.c.unreachable_at.is_(None), 1), else_=0)
    return (
        select(officer.c.lao_code, func.count().label("joined"), func.max(reached).label("reachable"))
        .outerjoin(chat, chat.c.id == officer.c.chat_id)
        .where(officer.c.removed_at.is_(None))
        .group_by(officer.c.lao_code)
        .subquery()
    )


def _least(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    return case((one < other, one), else_=other)


def _not_negative(number: ColumnElement[int]) -> ColumnElement[int]:
    return case((number > 0, number), else_=0)


def _total(number: ColumnElement[int]) -> ColumnElement[int]:
    # PostgreSQL adds up bigints to decimals.
    return cast(func.sum(number), Integer)


def _row(row: Row[Any]) -> progress.Row:
    numbers = row._mapping
    stages = {one: numbers[f"laos_{one}"] for one in STAGES if numbers[f"laos_{one}"]}
    tally = Tally(*(numbers[name] for name in _SUMS))
    return progress.Row(row.place, row.place, tally, stages, row.unreachable)
