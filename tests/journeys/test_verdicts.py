"""Journeys after sending: my entries, the verdict in the chat, fixing what was asked, and officers who are away."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from bot.simulator.person import said
from flows import CATALOGUE
from storage import reviews, submissions
from storage.db import Store
from tests.journeys.steps import PHOTO, entries, judge, said_by_bot, sends_landmark, settled
from tests.town import Town, town


async def undelivered(t: Town, number: str) -> bool:
    entry = await t.store.read(reviews.entry, number)
    assert entry is not None
    return await t.store.read(submissions.undelivered, entry.id)


async def test_an_approval_reaches_the_officer_within_seconds(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        begun = time.monotonic()
        await judge(t, number, "approve", "ขอบคุณ <มาก>")
        heard = said(await o.hears("ผ่านการตรวจแล้ว"))
        assert time.monotonic() - begun < 3
        assert number in heard
        assert "ขอบคุณ <มาก>" in heard
        await settled(o)
        await o.say("/menu")
        await o.hears("ต้องการทำอะไร")
        assert sum("ผ่านการตรวจแล้ว" in said(one) for one in o.messages) == 1


async def test_a_rejection_comes_with_its_reason(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await judge(t, number, "reject", "ซ้ำกับรายการที่มีอยู่แล้ว")
        assert "ซ้ำกับรายการที่มีอยู่แล้ว" in said(await o.hears("ไม่ผ่านการตรวจ"))


async def test_asked_changes_are_fixed_one_by_one_and_go_back_by_themselves(
    store: Store, tmp_path: Path
) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await judge(t, number, "changes", "", {"photos": "มืดไป", "phone": "ไม่มีคนรับสาย"})
        notice = await o.hears("ขอให้แก้ไข 2 ข้อ")
        assert set(o.buttons(notice)) == {"✏️ แก้ รูปสถานที่สำคัญ", "✏️ แก้ เบอร์โทร"}
        await o.press("แก้ เบอร์โทร", notice)
        assert "ไม่มีคนรับสาย" in said(await o.hears("เบอร์โทร"))
        await o.say("054-999-888")
        assert "มืดไป" in said(await o.hears("รูปสถานที่สำคัญ"))
        await o.send_photos([PHOTO])
        await o.hears("2 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears(number)
        [entry] = await entries(t)
        assert (entry.status, entry.revision) == ("pending", 2)
        assert len(entry.answers["photos"]) == 2  # type: ignore[arg-type]
        await judge(t, number, "approve")
        await o.hears("ผ่านการตรวจแล้ว")
        await o.press("แก้ เบอร์โทร", notice)
        await o.hears("ไม่ได้รอแก้ไขแล้ว")


async def test_a_verdict_in_the_middle_of_another_form_does_not_disturb_it(
    embedded: Store, tmp_path: Path
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await o.press("เพิ่มสถานที่สำคัญอีก")
        await o.hears("ขั้นที่ 1")
        await judge(t, number, "changes", "", {"phone": "ไม่มีคนรับสาย"})
        notice = await o.hears("ขอให้แก้ไข")
        await o.say("วัดที่สอง")
        await o.hears("ขั้นที่ 2")
        await o.press("แก้ เบอร์โทร", notice)
        await o.hears("จะทำอันไหนต่อ")
        await o.press("พักไว้ แล้วแก้")
        await o.hears("ไม่มีคนรับสาย")
        await o.say("054-999-888")
        await o.hears(number)
        await o.say("/drafts")
        await o.hears("ร่างที่ค้าง")
        await o.press("วัดที่สอง")
        await o.hears("ขั้นที่ 2")


async def test_my_entries_from_the_list_to_hidden_deleted_and_back(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await o.press("รายการของฉัน")
        await o.hears("รายการของเทศบาลตำบลต้นธงชัย")
        await o.press(number)
        shown = await o.hears("ยังไม่ตรวจสอบข้อมูล")
        assert "photo" in shown
        await o.press("ไม่แสดงรายการนี้")
        await o.hears("ไม่แสดงรายการนี้แล้ว")
        await o.hears(number)
        await o.press("🗑 ลบ")
        await o.hears("กู้คืนได้ภายใน 30 วัน")
        await o.press("ลบเลย")
        await o.hears("รายการของ")
        await o.press("ที่ลบไว้")
        await o.hears("รายการที่ลบ")
        await o.press(number)
        await o.hears("ลบแล้วเมื่อ")
        await o.press("กู้คืน")
        await o.hears("กู้คืนแล้ว")
        [entry] = await entries(t)
        assert (entry.shown, entry.deleted_at) == (False, None)


async def test_the_list_turns_its_pages_and_filters_in_one_message(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await sends_landmark(o)
        [entry] = await entries(t)
        for _ in range(11):
            await sent_again_as_new(t, entry)
        await o.say("/mine")
        listed = await o.hears("หน้า 1 จาก 2")
        before = said_by_bot(o)
        await o.press("ถัดไป", listed)
        listed = await o.hears("หน้า 2 จาก 2")
        assert len([label for label in o.buttons(listed) if "L-2560" in label]) == 2
        await o.press("สถานะ:", listed)
        listed = await o.hears("หน้า 1 จาก 2")
        await o.press("สถานะ:", listed)
        listed = await o.hears("ไม่พบรายการตามที่เลือก")
        assert said_by_bot(o) == before


async def sent_again_as_new(t: Town, entry: submissions.Entry) -> None:
    flow = CATALOGUE[entry.form]
    await t.store.run(submissions.submit, flow, entry.answers, 1, entry.lao_code, t.clock())


async def test_a_change_of_an_approved_entry_leaves_the_approved_one_published(
    embedded: Store, tmp_path: Path
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await judge(t, number, "approve")
        await o.hears("ผ่านการตรวจแล้ว")
        await o.say("/mine")
        await o.hears("รายการของ")
        await o.press(number)
        await o.hears("ผ่านการตรวจสอบ")
        await o.press("✏️ แก้ไข")
        await o.hears("ส่งให้ตรวจ")
        await o.press("✏️ ชื่อสถานที่สำคัญ")
        await o.hears("ชื่อสถานที่สำคัญ")
        await o.say("วัดพระธาตุ (ใหม่)")
        await o.hears("ส่งให้ตรวจ")
        await settled(o)
        await o.press("ส่งให้ตรวจ")
        await o.hears("ฉบับแก้ไข")
        [entry] = await entries(t)
        assert (entry.status, entry.revision, entry.published_revision) == ("pending", 2, 1)


async def test_an_officer_who_blocked_the_bot_hears_it_after_coming_back(
    store: Store, tmp_path: Path
) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await o.block()
        await judge(t, number, "approve")
        while not await undelivered(t, number):
            await settled(o)
        entry = await store.read(reviews.entry, number)
        assert entry is not None
        notice = entry.events[-1].notice
        assert notice is not None
        assert notice.given_up_at is not None
        await o.block(False)
        await o.hears("ผ่านการตรวจแล้ว")
        assert not await undelivered(t, number)


async def test_a_verdict_given_while_the_service_is_down_is_told_at_its_start(
    embedded: Store, tmp_path: Path
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await t.stop()
        await judge(t, number, "approve")
        t.clock.move(timedelta(days=2))
        await t.start()
        await o.hears("ผ่านการตรวจแล้ว")
