"""How far a campaign has come, as it is kept: each LAO from its tallies, provinces and districts from their sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, func, select

from flows.core import progress
from flows.core.campaign import Campaign
from flows.core.progress import STAGES, FormStanding, Standing, Tally
from flows.core.roles import Reach
from storage.campaign_sums import counted, forms, people, total
from storage.db import Tx
from storage.lao import phones_in
from storage.tables import ENTRY_SUMS, PLACE_SUMS, campaign_day, campaign_place, campaign_place_day, lao
from storage.within import asked, at, within

By = Literal["province", "district"]


def standings(
    tx: Tx, campaign: Campaign, reach: Reach | None = None, province: str = "", district: str = ""
) -> list[Standing]:
    """A row for each LAO asked, by province, district and name; only what lies within the reach."""
    where = _where(campaign, reach, province, district)
    each, theirs = forms(campaign.id, where).subquery(), people(where)
    rows = tx.execute(
        select(each, func.coalesce(theirs.c.joined, 0).label("joined"),
               func.coalesce(theirs.c.reachable, 0).label("reachable"))
        .outerjoin(theirs, theirs.c.lao_code == each.c.code)
        .order_by(each.c.province, each.c.district, each.c.name, each.c.code, each.c.form)
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

    The same as progress.by_province and by_district of the standings, without reading these where they are kept.
    """
    if campaign.counting or campaign.started_at is None:
        live = tx.execute(counted(campaign, _where(campaign, reach, province, ""), by))
        return _in_order(live)
    kept = campaign_place.c
    rows = tx.execute(
        select(kept[by], *(total(kept[name]).label(name) for name in PLACE_SUMS))
        .where(
            kept.campaign_id == campaign.id,
            within(reach, campaign_place),
            at(province, "", campaign_place),
        )
        .group_by(kept[by])
    )
    return _in_order(rows)


def days(
    tx: Tx, campaign: Campaign, reach: Reach | None, province: str = "", district: str = ""
) -> list[tuple[date, int]]:
    """How many of the owed entries were first sent on each day in Thailand; days without any are left out."""
    if district or campaign.counting or (reach is not None and not reach.everywhere and reach.districts):
        made = campaign_day.c
        theirs = select(lao.c.code).where(*_where(campaign, reach, province, district))
        rows = select(made.day, total(made.entries)).where(
            made.campaign_id == campaign.id, made.lao_code.in_(theirs)
        )
    else:
        made = campaign_place_day.c
        provinces = [] if reach is None or reach.everywhere else [made.province.in_(reach.provinces)]
        rows = select(made.day, total(made.entries)).where(
            made.campaign_id == campaign.id, at(province, "", campaign_place_day), *provinces
        )
    found = tx.execute(rows.group_by(made.day).order_by(made.day))
    return [(date.fromisoformat(day), entries) for day, entries in found]


def _where(
    campaign: Campaign, reach: Reach | None, province: str, district: str
) -> tuple[ColumnElement[bool], ...]:
    return asked(campaign.scope), within(reach), at(province, district)


def _in_order(rows: Iterable[Row[Any]]) -> list[progress.Row]:
    return sorted(map(_row, rows), key=lambda one: progress.thai_order(one.name))


def _row(row: Row[Any]) -> progress.Row:
    numbers = row._mapping
    stages = {one: numbers[f"laos_{one}"] for one in STAGES if numbers[f"laos_{one}"]}
    tally = Tally(*(numbers[name] for name in ENTRY_SUMS))
    return progress.Row(row[0], row[0], tally, stages, row.unreachable)
