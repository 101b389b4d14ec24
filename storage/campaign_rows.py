"""Campaigns as they are stored, read back as the rules know them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, and_, bindparam, or_, select

from flows.core.campaign import Campaign, Requirement, Scope, State
from storage.db import Tx
from storage.prepared import Prepared
from storage.tables import campaign, campaign_form

_about_to_run = and_(campaign.c.state == "draft", campaign.c.counted_to.is_not(None))


def _follows(form: str | BindParameter[str]) -> ColumnElement[bool]:
    asks = select(campaign_form.c.campaign_id).where(campaign_form.c.form == form)
    state = campaign.c.state
    return and_(or_(state == "running", state == "paused", _about_to_run), campaign.c.id.in_(asks))


_one_that_follows = Prepared(select(campaign.c.id).where(_follows(bindparam("form"))).limit(1))


def campaign_of(tx: Tx, campaign_id: int) -> Campaign | None:
    return next(iter(_read(tx, campaign.c.id == campaign_id)), None)


def campaigns(tx: Tx, states: Sequence[State] = ()) -> list[Campaign]:
    """Every campaign in one of the states (none: in any), the nearest deadline first."""
    return _read(tx, campaign.c.state.in_(states)) if states else _read(tx)


def counted_for(tx: Tx, form: str) -> list[Campaign]:
    """The campaigns whose tallies follow the entries of this form: running, paused, or about to run."""
    if _one_that_follows.row(tx, form=form) is None:
        return []
    return sorted(_read(tx, _follows(form)), key=lambda one: one.id)


def counting(tx: Tx) -> list[int]:
    """The campaigns whose entries are still being counted."""
    return list(
        tx.scalars(select(campaign.c.id).where(campaign.c.counted_to.is_not(None)).order_by(campaign.c.id))
    )


def version_of(tx: Tx, campaign_id: int) -> int:
    """What a form must give back, so that nobody overwrites another's change; 0 where there is no such campaign."""
    return tx.scalar(select(campaign.c.version).where(campaign.c.id == campaign_id)) or 0


def letter_file(tx: Tx, campaign_id: int) -> str:
    """The name under which storage/letters.py keeps its letter, "" where there is none."""
    return tx.scalar(select(campaign.c.letter_file).where(campaign.c.id == campaign_id)) or ""


def columns_of(one: Campaign) -> dict[str, Any]:
    """What a person fills in; state and moments are set by what happens."""
    return {
        "title": one.title,
        "letter_number": one.letter_number,
        "letter_date": one.letter_date.isoformat() if one.letter_date else None,
        "deadline": one.deadline,
        "counts": one.counts,
        "scope": {
            "provinces": list(one.scope.provinces),
            "districts": [list(place) for place in one.scope.districts],
            "types": list(one.scope.types),
        },
        "before": list(one.before),
        "after": list(one.after),
        "opens": f"{one.opens:%H:%M}",
        "closes": f"{one.closes:%H:%M}",
        "extra_days_off": sorted(day.isoformat() for day in one.extra_days_off),
        "wording": one.wording,
        "since": one.since.isoformat() if one.since else None,
    }


def _read(tx: Tx, *where: ColumnElement[bool]) -> list[Campaign]:
    rows = tx.execute(select(campaign).where(*where).order_by(campaign.c.deadline, campaign.c.id)).all()
    if not rows:
        return []
    asked: dict[int, list[Requirement]] = {}
    wanted = campaign_form.c.campaign_id.in_([row.id for row in rows])
    for form in tx.execute(select(campaign_form).where(wanted).order_by(campaign_form.c.form)):
        asked.setdefault(form.campaign_id, []).append(Requirement(form.form, form._mapping["count"]))
    return [_campaign(row, asked) for row in rows]


def _campaign(row: Row[Any], asked: Mapping[int, Sequence[Requirement]]) -> Campaign:
    return Campaign(
        id=row.id,
        title=row.title,
        letter_number=row.letter_number,
        letter_date=_day(row.letter_date),
        deadline=row.deadline,
        requirements=tuple(asked.get(row.id, ())),
        counts=row.counts,
        scope=_scope(row.scope),
        before=tuple(row.before),
        after=tuple(row.after),
        opens=time.fromisoformat(row.opens),
        closes=time.fromisoformat(row.closes),
        extra_days_off=frozenset(date.fromisoformat(one) for one in row.extra_days_off),
        wording=row.wording,
        state=row.state,
        started_at=row.started_at,
        moved_at=row.moved_at,
        since=_day(row.since),
        counted_to=row.counted_to,
    )


def _scope(kept: Mapping[str, Any]) -> Scope:
    return Scope(
        tuple(kept["provinces"]),
        tuple((province, district) for province, district in kept["districts"]),
        tuple(kept["types"]),
    )


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
