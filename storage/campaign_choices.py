"""What an officer has chosen for one campaign, and what the officer knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, false, func, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.campaign import Campaign
from storage.db import Tx
from storage.prepared import Prepared
from storage.tables import campaign_choice, campaign_form, campaign_tally, officer


def set_off(tx: Tx, campaign_id: int, officer_id: int, off: bool) -> None:
    """No more reminders of this campaign to this officer, or again."""
    _choose(tx, campaign_id, [officer_id], off=off)


def set_again(tx: Tx, campaign_id: int, officer_id: int, day: date | None) -> None:
    """The officer asked to be reminded on this day."""
    _choose(tx, campaign_id, [officer_id], again_on=day.isoformat() if day else None)


_fresh = {
    "campaign_id": bindparam("campaign"), "officer_id": bindparam("officer"), "off": false(), "owed": false(),
    "knows_deadline": bindparam("deadline"),
}  # fmt: skip
_note_knows = {
    name: Prepared(
        insert(campaign_choice)
        .values(_fresh)
        .on_conflict_do_update(
            index_elements=["campaign_id", "officer_id"],
            set_={"knows_deadline": insert(campaign_choice).excluded.knows_deadline},
        )
    )
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def note_knows(tx: Tx, campaign_id: int, officer_id: int, deadline: datetime) -> None:
    """The deadline named by the newest reminder to this officer."""
    _note_knows[tx.dialect.name].run(tx, campaign=campaign_id, officer=officer_id, deadline=deadline)


def note_owed(tx: Tx, campaign_id: int, officer_ids: Sequence[int]) -> None:
    """These officers' LAOs lacked something: a thank-you will be right once they have everything."""
    _choose(tx, campaign_id, officer_ids, owed=True)


def note_what_was_owed(tx: Tx, one: Campaign, lao_code: str) -> None:
    """The same for all officers of an LAO that lacks something by the tallies as they are now."""
    counted = and_(
        campaign_tally.c.campaign_id == one.id,
        campaign_tally.c.lao_code == lao_code,
        campaign_tally.c.form == campaign_form.c.form,
    )
    approved, waiting = campaign_tally.c.approved, campaign_tally.c.waiting
    done: ColumnElement[int] = approved if one.counts == "approved" else approved + waiting
    lacking = (
        select(campaign_form.c.form)
        .select_from(campaign_form.outerjoin(campaign_tally, counted))
        .where(campaign_form.c.campaign_id == one.id, func.coalesce(done, 0) < campaign_form.c["count"])
    )
    rows = select(literal(one.id), officer.c.id, false(), true()).where(
        officer.c.lao_code == lao_code, officer.c.removed_at.is_(None), lacking.exists()
    )
    tx.execute(
        _upsert(tx)
        .from_select(["campaign_id", "officer_id", "off", "owed"], rows)
        .on_conflict_do_update(index_elements=["campaign_id", "officer_id"], set_={"owed": True})
    )


def take_over(tx: Tx, from_officer_id: int, officer_id: int) -> None:
    """A successor's choices are the predecessor's, except where the successor has made some."""
    names = ["campaign_id", "off", "again_on", "owed", "knows_deadline"]
    rows = select(literal(officer_id), *(campaign_choice.c[name] for name in names)).where(
        campaign_choice.c.officer_id == from_officer_id
    )
    tx.execute(_upsert(tx).from_select(["officer_id", *names], rows).on_conflict_do_nothing())


def _choose(tx: Tx, campaign_id: int, officer_ids: Sequence[int], **chosen: object) -> None:
    fresh: dict[str, object] = {"campaign_id": campaign_id, "off": False, "owed": False, **chosen}
    if officer_ids:
        tx.execute(
            _upsert(tx).on_conflict_do_update(index_elements=["campaign_id", "officer_id"], set_=chosen),
            [{**fresh, "officer_id": one} for one in officer_ids],
        )


def _upsert(tx: Tx) -> postgresql.Insert | sqlite.Insert:
    return (
        postgresql.insert(campaign_choice)
        if tx.dialect.name == "postgresql"
        else sqlite.insert(campaign_choice)
    )
