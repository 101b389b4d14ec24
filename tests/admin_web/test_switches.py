"""Hiding, deleting and restoring an entry on the web."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from flows.core.roles import EVERYWHERE
from storage import reviewers, submissions
from storage.db import Tx
from storage.submissions import RESTORABLE, Filter
from storage.tables import history, outbox, reviewer
from tests.admin_web.conftest import Town
from tests.admin_web.samples import LAMPANG, NOW, office, send

NOTES = (
    select(history.c.what, history.c.officer_id, reviewer.c.name).outerjoin(reviewer).order_by(history.c.id)
)


async def noted(town: Town) -> list[tuple[str, bool, str | None]]:
    rows = await town.store.read(lambda tx: list(tx.execute(NOTES)))
    return [(row.what, row.officer_id is not None, row.name) for row in rows]


async def mine(town: Town, narrow: Filter) -> list[tuple[str, bool]]:
    """What the officer sees among their entries in the chat."""
    page = await town.store.read(lambda tx: submissions.entries_of(tx, LAMPANG.code, narrow, 0, NOW))
    return [(one.number, one.shown) for one in page.entries]


async def test_a_reviewer_hides_an_entry_and_shows_it_again_without_a_review(town: Town) -> None:
    number = (await town.put(lambda tx: send(tx, office(tx)))).number
    browser = await town.signed_in()
    page = await browser.get(f"/entries/{number}?form=landmark")
    assert "ไม่ให้แสดง" in page.words
    away = await browser.post(f"/entries/{number}/shown?form=landmark", {"shown": "no"})
    assert (away.status, away.headers["Location"]) == (303, f"/entries/{number}?form=landmark")
    page = await browser.get(f"/entries/{number}")
    assert "สมหญิง ตรวจดี ไม่ให้แสดงรายการ" in page.words
    assert "ยังไม่ตรวจสอบข้อมูล" in page.words
    assert await mine(town, Filter()) == [(number, False)]
    # A second press changes nothing, and nothing more is noted.
    await browser.post(f"/entries/{number}/shown", {"shown": "no"})
    await browser.post(f"/entries/{number}/shown", {"shown": "yes"})
    assert await noted(town) == [
        ("sent", True, None), ("hidden", False, "สมหญิง ตรวจดี"), ("shown", False, "สมหญิง ตรวจดี"),
    ]  # fmt: skip
    assert await mine(town, Filter()) == [(number, True)]


async def test_deleting_asks_first_and_can_be_undone_for_thirty_days(town: Town) -> None:
    number = (await town.put(lambda tx: send(tx, office(tx)))).number
    browser = await town.signed_in()
    sure = await browser.get(f"/entries/{number}/delete")
    assert f"ลบ {number} ใช่หรือไม่" in sure.words
    assert f'href="/entries/{number}"' in sure.text
    assert await mine(town, Filter()) == [(number, True)]
    assert (await browser.post(f"/entries/{number}/delete")).status == 303
    assert "0 รายการ" in (await browser.get("/")).words
    assert await mine(town, Filter()) == []
    assert await mine(town, Filter(deleted=True)) == [(number, True)]
    page = await browser.get(f"/entries/{number}")
    assert "รายการนี้ถูกลบแล้ว" in page.words
    assert "สมหญิง ตรวจดี ลบรายการ" in page.words
    town.clock.move(RESTORABLE - timedelta(minutes=1))
    browser = await town.signed_in()
    assert "กู้คืนรายการ" in (await browser.get(f"/entries/{number}")).words
    assert (await browser.post(f"/entries/{number}/restore")).status == 303
    assert "1 รายการ" in (await browser.get("/")).words
    assert [what for what, *_ in await noted(town)] == ["sent", "deleted", "restored"]
    assert await town.store.read(lambda tx: tx.scalar(select(func.count()).select_from(outbox))) == 0


async def test_after_thirty_days_it_is_said_that_it_cannot_be_restored(town: Town) -> None:
    number = (await town.put(lambda tx: send(tx, office(tx)))).number
    browser = await town.signed_in()
    await browser.get(f"/entries/{number}")
    await browser.post(f"/entries/{number}/delete")
    town.clock.move(RESTORABLE + timedelta(minutes=1))
    browser = await town.signed_in()
    page = await browser.get(f"/entries/{number}")
    assert "เกิน 30 วันแล้ว" in page.words
    assert "/restore" not in page.text
    late = await browser.post(f"/entries/{number}/restore")
    assert late.status == 409
    assert "เกิน 30 วันแล้ว" in late.words
    # What the page says to do works: the officer sends it anew.
    again = await town.put(lambda tx: send(tx, office(tx, chat_id=1002), at=town.clock()))
    assert (await browser.get(f"/entries/{again.number}")).status == 200


async def test_an_entry_that_the_officer_deleted_can_be_brought_back_by_a_reviewer(town: Town) -> None:
    def deleted(tx: Tx) -> str:
        by = office(tx)
        entry = send(tx, by)
        submissions.delete_entry(tx, entry, by.officer_id, NOW)
        return entry.number

    number = await town.put(deleted)
    browser = await town.signed_in()
    await browser.get(f"/entries/{number}")
    assert (await browser.post(f"/entries/{number}/restore")).status == 303
    assert await mine(town, Filter()) == [(number, True)]


async def test_only_who_may_review_may_hide_and_delete(town: Town) -> None:
    number = (await town.put(lambda tx: send(tx, office(tx)))).number
    browser = await town.signed_in()
    await town.put(lambda tx: reviewers.set_role(tx, 1, "viewer", EVERYWHERE, town.clock()))
    page = await browser.get(f"/entries/{number}")
    assert "ลบรายการ" not in page.words
    assert (await browser.get(f"/entries/{number}/delete")).status == 403
    browser.last = page
    for what, form in (("delete", {}), ("shown", {"shown": "no"}), ("restore", {})):
        assert (await browser.post(f"/entries/{number}/{what}", form)).status == 403
    assert await mine(town, Filter()) == [(number, True)]
    await town.put(lambda tx: reviewers.set_role(tx, 1, "reviewer", EVERYWHERE, town.clock()))
    assert (await browser.post(f"/entries/{number}/shown", {"shown": "no"})).status == 303


async def test_a_switch_that_no_page_sends_is_refused_calmly(town: Town) -> None:
    number = (await town.put(lambda tx: send(tx, office(tx)))).number
    browser = await town.signed_in()
    await browser.get(f"/entries/{number}")
    assert (await browser.post(f"/entries/{number}/shown", {"shown": "maybe"})).status == 400
    assert (await browser.post("/entries/L-2560-999999/delete")).status == 404
    assert await mine(town, Filter()) == [(number, True)]
