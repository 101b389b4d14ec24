"""How many entries each LAO has in a campaign, counted by one statement: for all LAOs at the start, for one after.

An entry counts while it is not deleted, hidden or not, if it was first sent on or after the campaign's `since`.
One of which the public sees a version is approved, also while a newer version of it waits or was sent back: to
correct an entry takes nothing away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    not_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from flows.core.campaign import Campaign
from flows.core.dates import BANGKOK
from storage.campaign_choices import note_what_was_owed
from storage.campaign_rows import campaign_of, campaigns, counted_for
from storage.campaign_sums import forget, refresh
from storage.db import Tx
from storage.tables import campaign, campaign_day, campaign_tally, lao, submission
from storage.within import asked

LAOS_AT_ONCE: Final = (
    50  # with a hundred entries each a slice holds SQLite's writer for well under a tenth of a second
)
_published = submission.c.published_revision.is_not(None)


def retally(tx: Tx, lao_code: str, form: str, now: datetime) -> None:
    """Counts an LAO's entries of a form anew for each campaign that follows them; call it after every change."""
    following = counted_for(tx, form)
    if not following:
        return
    # Two entries of one LAO sent at once would each be counted without the other.
    tx.execute(select(lao.c.code).where(lao.c.code == lao_code).with_for_update(key_share=True))
    for one in following:
        if not one.counting or lao_code <= (one.counted_to or ""):
            note_what_was_owed(tx, one, lao_code)
        days = _days(tx, one.id, lao_code, form)
        _count(tx, one, [lao_code], form)
        refresh(tx, one, [lao_code], days | _days(tx, one.id, lao_code, form))


def fill(tx: Tx, one: Campaign) -> None:
    """Begins to count every LAO anew: at the start, and when it changes what counts.

    The first slice is counted at once; `fill_further` counts the others, each in a transaction of its own, so that
    officers' answers go in between.
    """
    if tx.dialect.name == "postgresql":
        # An entry whose transaction has not seen the campaign run must be seen by this count.
        tx.execute(text("LOCK TABLE submission IN SHARE MODE"))
    forget(tx, one.id)
    _fill_slice(tx, one, "")


def fill_further(tx: Tx, campaign_id: int) -> bool:
    """Counts the next slice, if there is one; whether another one is left. Any number of processes may do it."""
    tx.execute(select(campaign.c.id).where(campaign.c.id == campaign_id).with_for_update(key_share=True))
    one = campaign_of(tx, campaign_id)
    if one is None or one.counted_to is None:
        return False
    if one.counted_to == "":
        fill(tx, one)
    else:
        _fill_slice(tx, one, one.counted_to)
    again = campaign_of(tx, campaign_id)
    return again is not None and again.counting


def fill_all(tx: Tx) -> None:
    """Begins to count everything started anew: when LAOs are new or have changed their district or type."""
    for one in campaigns(tx):
        if one.state != "draft" or one.counting:
            # The version is raised so that reminders taken back meanwhile are looked for again.
            tx.execute(update(campaign).where(campaign.c.id == one.id).values(version=campaign.c.version + 1))
            fill(tx, one)


def _fill_slice(tx: Tx, one: Campaign, after: str) -> None:
    codes = list(
        tx.scalars(
            select(lao.c.code)
            .where(lao.c.code > after)
            .order_by(lao.c.code)
            .limit(LAOS_AT_ONCE + 1)
            .with_for_update(key_share=True)
        )
    )
    codes, more = codes[:LAOS_AT_ONCE], len(codes) > LAOS_AT_ONCE
    if one.state != "ended":  # the end keeps its counts
        _count(tx, one, codes)
    refresh(tx, one, codes)
    values: dict[str, object] = {"counted_to": codes[-1] if more else None}
    if not more and one.state == "draft":
        values["state"] = "running"
    tx.execute(update(campaign).where(campaign.c.id == one.id).values(**values))


def _days(tx: Tx, campaign_id: int, lao_code: str, form: str) -> set[str]:
    made = campaign_day.c
    of_it = made.campaign_id == campaign_id, made.lao_code == lao_code, made.form == form
    return set(tx.scalars(select(made.day).where(*of_it)))


def _count(tx: Tx, one: Campaign, lao_codes: Sequence[str], form: str = "") -> None:
    for table in (campaign_tally, campaign_day):
        narrow = table.c.form == form if form else true()
        tx.execute(
            delete(table).where(table.c.campaign_id == one.id, table.c.lao_code.in_(lao_codes), narrow)
        )
    for required in one.requirements:
        if form in ("", required.form):
            counting = and_(counts(one, required.form), submission.c.lao_code.in_(lao_codes))
            _count_states(tx, one.id, counting)
            _count_days(tx, one.id, required.count, counting)


def counts(one: Campaign, *forms: str) -> ColumnElement[bool]:
    """The entries of these forms that count in a campaign, of the LAOs that it asks."""
    since = submission.c.created_at >= datetime.combine(one.since, time(0), BANGKOK) if one.since else true()
    return and_(submission.c.form.in_(forms), submission.c.deleted_at.is_(None), since, asked(one.scope))


def _count_states(tx: Tx, campaign_id: int, counting: ColumnElement[bool]) -> None:
    def stands(status: str) -> ColumnElement[bool]:
        return and_(not_(_published), submission.c.status == status)

    states = {
        "submitted": true(),
        "waiting": stands("pending"),
        "returned": stands("changes_requested"),
        "approved": _published,
        "rejected": stands("rejected"),
    }
    rows = (
        select(
            literal(campaign_id), submission.c.lao_code, submission.c.form,
            *(func.sum(case((which, 1), else_=0)) for which in states.values()),
        )
        .join(lao, lao.c.code == submission.c.lao_code)
        .where(counting)
        .group_by(submission.c.lao_code, submission.c.form)
    )  # fmt: skip
    tx.execute(insert(campaign_tally).from_select(["campaign_id", "lao_code", "form", *states], rows))


def _count_days(tx: Tx, campaign_id: int, owed: int, counting: ColumnElement[bool]) -> None:
    """The first entries, as many as are owed; rejected ones fulfil nothing."""
    nth = func.row_number().over(partition_by=submission.c.lao_code, order_by=submission.c.created_at)
    sent = (
        select(submission.c.lao_code, submission.c.form, submission.c.created_at, nth.label("nth"))
        .join(lao, lao.c.code == submission.c.lao_code)
        .where(counting, _published | (submission.c.status != "rejected"))
        .subquery()
    )
    day = _day_in_thailand(tx, sent.c.created_at)
    rows = (
        select(literal(campaign_id), sent.c.lao_code, sent.c.form, day, func.count())
        .where(sent.c.nth <= owed)
        .group_by(sent.c.lao_code, sent.c.form, day)
    )
    tx.execute(insert(campaign_day).from_select(["campaign_id", "lao_code", "form", "day", "entries"], rows))


def _day_in_thailand(tx: Tx, moment: ColumnElement[datetime]) -> ColumnElement[str]:
    kept = cast(moment, String)
    if tx.dialect.name == "postgresql":
        utc = func.timezone("UTC", cast(kept, TIMESTAMP(timezone=True)))
        return func.to_char(utc + text("interval '7 hours'"), text("'YYYY-MM-DD'"))
    return func.date(kept, text("'+7 hours'"))
