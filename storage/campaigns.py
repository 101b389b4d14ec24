"""Campaigns: made, changed, started, paused and ended; and by this name all that is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from flows.core.campaign import Campaign, State
from flows.core.problem import Problem
from flows.core.text import T
from storage.campaign_choices import note_knows, note_owed, set_again, set_off
from storage.campaign_owing import owing
from storage.campaign_progress import days, standings, sums
from storage.campaign_rows import campaign_of, campaigns, columns_of, counting, letter_file, version_of
from storage.campaign_tallies import fill, fill_all, fill_further, retally
from storage.db import Store, Tx
from storage.tables import campaign, campaign_form

__all__ = [
    "campaign_of", "campaigns", "change", "count_out", "counting", "days", "fill_all", "fill_further", "letter_file", "note_knows", "note_owed", "owing",
    "retally", "save_new", "set_again", "set_off", "set_state", "standings", "sums", "version_of",
]  # fmt: skip

_STEPS: Final[Mapping[State, tuple[State, ...]]] = {
    "draft": ("running",),
    "running": ("paused", "ended"),
    "paused": ("running", "ended"),
    "ended": (),
}


def save_new(tx: Tx, one: Campaign, reviewer_id: int, letter_file: str, now: datetime) -> int:
    """Keeps it as a draft, whatever its id and state say; returns its id."""
    campaign_id: int = tx.execute(
        insert(campaign)
        .values(
            **columns_of(one), letter_file=letter_file, state="draft", reviewer_id=reviewer_id, created_at=now
        )
        .returning(campaign.c.id)
    ).scalar_one()
    _require(tx, campaign_id, one)
    return campaign_id


def change(
    tx: Tx, campaign_id: int, version: int, one: Campaign, now: datetime, letter_file: str | None = None
) -> Problem | None:
    """Keeps what a person filled in; without `letter_file` the letter stays as it was.

    A deadline that changes once it has started is noted, so that officers are told once.
    """
    before = _locked(tx, campaign_id, version)
    if isinstance(before, Problem):
        return before
    if before.state == "ended":
        return Problem("campaign.ended", ENDED)
    values: dict[str, Any] = columns_of(one)
    if letter_file is not None:
        values["letter_file"] = letter_file
    if before.state != "draft" and before.deadline != one.deadline:
        values["moved_at"] = now
    _set(tx, campaign_id, version, values)
    _require(tx, campaign_id, one)
    started = before.state != "draft" or before.counting
    if started and (before.counting or _counts_otherwise(before, one)):
        fill(tx, _known(tx, campaign_id))
    return None


def set_state(tx: Tx, campaign_id: int, version: int, state: State, now: datetime) -> Problem | None:
    """Starts, pauses, resumes or ends it. The start counts what LAOs have already; the end keeps its counts.

    Where there are many LAOs, it runs once `fill_further` has counted them all. The same step taken twice, by a
    double click or by two people, is taken once, and neither is told of a conflict.
    """
    before = _locked(tx, campaign_id, version)
    if isinstance(before, Problem):
        return None if _has_come_to(state, _known(tx, campaign_id)) else before
    if state not in _STEPS[before.state]:
        return Problem("campaign.no_such_step", NO_SUCH_STEP[before.state])
    if before.counting and before.state != "draft":
        return Problem("campaign.counting", COUNTING)
    if before.state == "draft":
        # It runs from when the last slice is counted; until then it is a draft that counts.
        _set(tx, campaign_id, version, {"started_at": now, "counted_to": ""})
        fill(tx, _known(tx, campaign_id))
        return None
    values: dict[str, Any] = {"state": state}
    if state == "ended":
        values["ended_at"] = now
    _set(tx, campaign_id, version, values)
    return None


def _has_come_to(state: State, one: Campaign) -> bool:
    return one.state == state or (state == "running" and one.state == "draft" and one.counting)


async def count_out(store: Store, campaign_id: int) -> None:
    """Counts what is left to count, slice by slice; if it is broken off, the next look for reminders goes on."""
    while await store.run(fill_further, campaign_id):
        pass


def _locked(tx: Tx, campaign_id: int, version: int) -> Campaign | Problem:
    """The campaign, with its row locked against others, if it is still as the person saw it."""
    row = select(campaign.c.version).where(campaign.c.id == campaign_id).with_for_update(key_share=True)
    if tx.scalar(row) != version:
        return Problem("campaign.changed_meanwhile", CHANGED_MEANWHILE)
    return _known(tx, campaign_id)


def _known(tx: Tx, campaign_id: int) -> Campaign:
    found = campaign_of(tx, campaign_id)
    assert found is not None
    return found


def _set(tx: Tx, campaign_id: int, version: int, values: Mapping[str, Any]) -> None:
    tx.execute(update(campaign).where(campaign.c.id == campaign_id).values(**values, version=version + 1))


def _require(tx: Tx, campaign_id: int, one: Campaign) -> None:
    tx.execute(delete(campaign_form).where(campaign_form.c.campaign_id == campaign_id))
    rows = [
        {"campaign_id": campaign_id, "form": required.form, "count": required.count}
        for required in one.requirements
    ]
    if rows:
        tx.execute(insert(campaign_form), rows)


def _counts_otherwise(before: Campaign, after: Campaign) -> bool:
    return (set(before.requirements), before.scope, before.since, before.counts) != (
        set(after.requirements), after.scope, after.since, after.counts,
    )  # fmt: skip


CHANGED_MEANWHILE = T(
    "มีผู้แก้ไขเรื่องนี้ไปแล้วระหว่างที่เปิดหน้าอยู่ กรุณาดูข้อมูลล่าสุดแล้วแก้ไขใหม่",
    "Somebody has changed this campaign while the page was open: please look at it as it is now and change it again",
)
COUNTING = T(
    "ระบบกำลังนับรายการที่ อปท. ส่งแล้วของเรื่องนี้อยู่ อีกสักครู่จึงทำได้",
    "What LAOs have sent for this campaign is being counted: try again in a moment",
)
ENDED = T(
    "เรื่องนี้ปิดไปแล้ว จึงแก้ไขไม่ได้ กรุณาตั้งเรื่องใหม่",
    "This campaign has ended and can no longer be changed: please make a new one",
)
NO_SUCH_STEP: Final[Mapping[State, T]] = {
    "draft": T("เรื่องนี้ยังเป็นร่าง ต้องเริ่มก่อน", "This campaign is still a draft: start it first"),
    "running": T(
        "เรื่องนี้เริ่มไปแล้ว พักหรือปิดได้เท่านั้น",
        "This campaign is running already: it can be paused or ended",
    ),
    "paused": T(
        "เรื่องนี้พักอยู่ ดำเนินการต่อหรือปิดได้เท่านั้น",
        "This campaign is paused: it can be resumed or ended",
    ),
    "ended": ENDED,
}
